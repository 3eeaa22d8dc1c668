"""What fristd reads, on real servers and on bad days: every UID gets one outcome, and nothing is acted upon twice."""
import collections
import os
import re
import shutil
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.cyrus import Cyrus
from servers.daemon import Daemon, local, staff
from servers.dovecot import Dovecot
from servers.people import Person
from servers.proxy import Proxy
from servers.town import Town

START = "2026-03-22 12:00"  # a Sunday: nothing is sent
PEOPLE = staff(box="staff")
SPL = PEOPLE["spl"]


def letter(number, sender="spl@example.dk", subject="", body="Kære borgmester\r\n", headers=""):
    """The bytes of a mail to the mailbox."""
    return (f"From: {sender}\r\nTo: mt@example.dk\r\nSubject: {subject or f'Brev {number}'}\r\n"
            f"Message-ID: <brev.{number}@example.dk>\r\nDate: Mon, 23 Mar 2026 08:00:00 +0100\r\n{headers}"
            f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}").encode()


class IntakeTest(unittest.TestCase):
    """Each test has a mailbox of its own, named after it."""
    mailboxes = Dovecot

    @classmethod
    def setUpClass(cls):
        names = [name.removeprefix("test_").replace("_", "-") for name in dir(cls) if name.startswith("test_")]
        cls.town = Town([Person(name, f"{name}@example.dk") for name in [*names, "other"]] + list(PEOPLE.values()),
                        mailboxes=cls.mailboxes)
        cls.addClassCleanup(cls.town.close)
        cls.server = cls.town.mailboxes

    def setUp(self):
        self.box = self.id().split(".")[-1].removeprefix("test_").replace("_", "-")
        self.address = Person(self.box, f"{self.box}@example.dk")

    def daemon(self, boxes=(), **more):
        daemon = Daemon(self.town, f"{type(self).__name__}-{self.box}", {self.box: self.box, **dict(boxes)},
                        start=START, **more)
        self.addCleanup(daemon.kill)
        return daemon

    def deliver(self, *letters):
        """Puts letters into the inbox; their UIDs."""
        return [self.server.append(self.box, raw) for raw in letters]

    def outcomes(self, daemon, folder="INBOX"):
        """{uid: [outcome, …]} of a folder as the server numbers it now"""
        found = collections.defaultdict(list)
        for uid, outcome in daemon.query("SELECT s.uid, s.outcome FROM sighting s JOIN folder f ON f.id = s.folder AND"
                                         " f.uidvalidity = s.uidvalidity WHERE f.mailbox = ? AND f.name = ?",
                                         self.box, folder):
            found[uid].append(outcome)
        return dict(found)

    def wait_for_outcomes(self, daemon, count, folder="INBOX", seconds=20):
        daemon.wait_for("SELECT count(*) FROM sighting s JOIN folder f ON f.id = s.folder AND"
                        " f.uidvalidity = s.uidvalidity WHERE f.mailbox = ? AND f.name = ?", self.box, folder,
                        until=lambda seen: seen >= count, seconds=seconds)
        found = self.outcomes(daemon, folder)
        self.assertEqual(len(found), count)
        for uid, outcome in found.items():
            self.assertEqual(len(outcome), 1, f"uid {uid}")
        return {uid: outcome for uid, [outcome] in found.items()}


class BothServers:
    """What Dovecot and Cyrus must both bear."""

    def test_folders(self):
        self.server.create(self.box, "Behandlet æøå")
        for number, folder in enumerate(["INBOX", "Sent", "Behandlet æøå", "Drafts", "Junk", "Trash"]):
            self.server.append(self.box, letter(number), folder)
        daemon = self.daemon().start()
        daemon.look()
        self.wait_for_outcomes(daemon, 1)
        self.wait_for_outcomes(daemon, 1, "Sent")
        self.wait_for_outcomes(daemon, 1, "Behandlet æøå")
        self.assertEqual(daemon.one("SELECT count(*) FROM sighting"), 3)
        self.assertEqual(sorted(daemon.query("SELECT message_id FROM mail")),
                         [("brev.0@example.dk",), ("brev.1@example.dk",), ("brev.2@example.dk",)])
        for folder in ("INBOX", "Sent", "Behandlet æøå"):
            self.assertNotIn("\\Seen", self.server.read(self.box, folder)[0].flags)
        self.server.create(self.box, "Ny mappe")
        self.server.append(self.box, letter(9), "Ny mappe")
        daemon.look()
        self.wait_for_outcomes(daemon, 1, "Ny mappe")

    def test_moved(self):
        self.server.create(self.box, "Behandlet")
        daemon = self.daemon().start()
        mail = self.town.post.submit(SPL, self.address, "Hul i vejen")
        daemon.await_mail(mail, self.box)
        self.server.move(self.box, self.server.wait_for(self.box, mail).uid, "Behandlet")
        daemon.look()
        self.assertEqual(self.wait_for_outcomes(daemon, 1, "Behandlet"), {1: "duplicate"})
        self.assertEqual(daemon.query("SELECT step_before, step_after FROM transition"), [(None, "modtaget")])

    def test_numbered_anew(self):
        daemon = self.daemon().start()
        self.deliver(letter(1), letter(2), letter(3, sender="borger@outside.example.dk"))
        before = self.wait_for_outcomes(daemon, 3)
        self.assertEqual(list(before.values()), ["opened", "opened", "waiting"])
        new = self.server.change_uidvalidity(self.box)
        daemon.wait_for("SELECT uidvalidity FROM folder WHERE name = 'INBOX'", until=lambda found: found == new,
                        act=daemon.look)
        self.assertEqual(set(self.wait_for_outcomes(daemon, 3).values()), {"duplicate"})
        self.assertEqual(daemon.query("SELECT count(*) FROM transition"), [(2,)])
        daemon.wait_for_log("numbered the folder anew")
        self.deliver(letter(4))
        self.assertEqual(sorted(self.wait_for_outcomes(daemon, 4).values()), ["duplicate"] * 3 + ["opened"])

    def test_dropped_in_idle(self):
        daemon = self.daemon().start()
        daemon.supervisor.wait_for(f"STATUS={self.box}: watched")
        self.server.drop(self.box)
        mail = self.town.post.submit(SPL, self.address, "Efter afbrydelsen")
        daemon.await_mail(mail, self.box)
        self.assertEqual(daemon.outcome(mail)[0], "opened")

    def test_restart(self):
        daemon = self.daemon().start()
        self.deliver(letter(1), letter(2))
        self.wait_for_outcomes(daemon, 2)
        daemon.end()
        self.deliver(letter(3))
        before = len(daemon.log())
        daemon.start()
        self.assertEqual(self.wait_for_outcomes(daemon, 3), {1: "opened", 2: "opened", 3: "opened"})
        self.assertEqual(re.findall(r'message: .* uid="(\d+)"', daemon.log()[before:]), ["3"])


class DovecotTest(BothServers, IntakeTest):
    # ---- messages ----

    def test_expunged_before_it_is_read(self):
        with Proxy(self.town, self.server.ports["imaps"]) as proxy:
            uids = self.deliver(letter(1), letter(2), letter(3))
            expunged = []

            def expunge(_, data):
                if b"UID FETCH" in data and not expunged:
                    expunged.append(self.server.expunge(self.box, uids[1]))
                return data
            proxy.upward = expunge
            daemon = self.daemon(imap=proxy.port).start()
            self.assertEqual(self.wait_for_outcomes(daemon, 3),
                             {uids[0]: "opened", uids[1]: "gone", uids[2]: "opened"})

    def test_oversized_and_broken(self):
        nested = "".join(f"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n" for i in range(3000))
        broken = {
            "fifty megabytes": letter("stor", body=("x" * 998 + "\r\n") * 50000),
            "no header": b"\r\nKun tekst.\r\n",
            "no blank line": b"From: spl@example.dk",
            "raw bytes": b"From: \xff\xfe <spl@example.dk>\r\nSubject: \x80\x81\xe6\r\n\r\n\xff\r\n",
            "a header of a megabyte": letter("bred", headers="X-Fyld: " + "a" * 1000000 + "\r\n"),
            "comments": letter("kommentar", sender="(" * 30000),
            "nested": letter("dyb", headers=nested),
            "a line end in an encoded word": letter("ord", subject="=?utf-8?Q?a=0D=0ABcc:_x@example.dk?="),
            "two senders": letter("to", headers="From: chef@example.dk\r\n"),
        }
        uids = self.deliver(letter(1), *broken.values(), letter(2))
        daemon = self.daemon().start()
        found = self.wait_for_outcomes(daemon, len(broken) + 2, seconds=60)
        self.assertEqual((found[uids[0]], found[uids[-1]]), ("opened", "opened"))
        self.assertEqual(found[uids[1]], "opened")  # large is not broken
        for name, uid in zip(list(broken)[1:], uids[2:]):
            self.assertIn(found[uid], {"waiting", "set-aside", "opened"}, name)
        self.assertEqual((found[uids[2]], found[uids[-2]]), ("set-aside", "waiting"))
        self.assertEqual(daemon.query("SELECT 1 FROM mail WHERE subject LIKE '%' || char(10) || '%'"), [])

    def test_message_that_cannot_be_fetched(self):
        with Proxy(self.town, self.server.ports["imaps"]) as proxy:
            proxy.downward = lambda _, data: None if b"brev.gift@" in data else data
            self.server.create(self.box, "Behandlet")
            uids = [self.server.append(self.box, letter(name), "Behandlet") for name in (1, "gift", 2)]
            daemon = self.daemon(imap=proxy.port).start()
            daemon.wait_for("SELECT count(*) FROM sighting", until=lambda count: count == 3, seconds=60)
            self.assertEqual(self.outcomes(daemon, "Behandlet"),
                             {uids[0]: ["opened"], uids[1]: ["set-aside"], uids[2]: ["opened"]})
            self.deliver(letter(3))
            self.wait_for_outcomes(daemon, 1)
            daemon.at("2026-03-23 07:00")
        mail = self.server.wait_for("staff", lambda stored: stored.message["To"].addresses[0].username
                                    == "postkasseansvarlig" and self.box in stored.message["From"])
        self.assertIn("Behandlet", mail.message.get_body(("plain",)).get_content())

    def test_three_hundred(self):
        daemon = self.daemon().start()
        with self.server.session(self.box) as imap:
            for number in range(300):
                imap.append("INBOX", None, None, letter(number))
        self.assertEqual(set(self.wait_for_outcomes(daemon, 300, seconds=60).values()), {"opened"})
        keys = [key for key, in daemon.query("SELECT key FROM inquiry ORDER BY sort")]
        self.assertEqual(keys, [f"MT-2026-{number:04}" for number in range(1, 301)])

    def test_seen_before_it_was_ours(self):
        """Flags are no work queue: what people have read is read all the same, and their flags stay."""
        self.server.append(self.box, letter(1), flags="\\Seen \\Answered")
        daemon = self.daemon().start()
        self.assertEqual(self.wait_for_outcomes(daemon, 1), {1: "opened"})
        self.assertLessEqual({"\\Seen", "\\Answered"}, set(self.server.read(self.box)[0].flags))

    # ---- folders ----

    def test_listed_folders(self):
        self.server.create(self.box, "Behandlet")
        for folder in ("INBOX", "Sent", "Behandlet"):
            self.server.append(self.box, letter(folder), folder)
        daemon = self.daemon()
        daemon.folders = 'folders = [ "Inbox", "Behandlet", "Godkendt" ];'
        daemon.start()
        self.wait_for_outcomes(daemon, 1)
        self.wait_for_outcomes(daemon, 1, "Behandlet")
        daemon.wait_for_log('mailbox: .*worker="others".*folder="Godkendt"')
        for _ in range(2):
            daemon.look()
        self.assertEqual(len(re.findall('folder="Godkendt"', daemon.log())), 1)
        self.assertEqual(daemon.one("SELECT count(*) FROM sighting"), 2)
        self.server.create(self.box, "Godkendt")
        self.server.append(self.box, letter("Godkendt"), "Godkendt")
        daemon.look()
        self.wait_for_outcomes(daemon, 1, "Godkendt")
        self.server.delete(self.box, "Godkendt")
        daemon.look()
        self.assertEqual(len(re.findall('folder="Godkendt" reason', daemon.log())), 2)

    def test_sent_folder_made_later(self):
        """It is listed before the one that is watched."""
        with Proxy(self.town, self.server.ports["imaps"]) as proxy:
            def put_first(_, data):
                lines = data.splitlines(keepends=True)
                return b"".join(sorted(lines, key=lambda line: not line.startswith(b"* LIST") or b"Sendt" not in line))
            proxy.downward = put_first
            daemon = self.daemon(imap=proxy.port).start()
            daemon.look()
            self.server.create(self.box, "Sendt post")
            for folder in ("Sendt post", "Sent"):
                self.server.append(self.box, letter(folder.replace(" ", "-")), folder)
            daemon.look()
            self.wait_for_outcomes(daemon, 1, "Sendt post")
            self.wait_for_outcomes(daemon, 1, "Sent")

    # ---- the first start ----

    def old(self, number, moment, raw=None):
        """A letter that came at this moment of the daemon's clock, before it was first started."""
        self.server.append(self.box, raw or letter(number), arrived=int(time.time()) - (local(START) - local(moment)))

    def refused(self, parent):
        """An answer with a tag that does not count, from one who is vouched for and gets to know it."""
        mail = self.town.post.submit(PEOPLE["chef"], Person("other", "other@example.dk"), "[GODKENDT] Noget helt andet",
                                     headers=[("In-Reply-To", f"<{parent}>")])
        return self.server.wait_for("other", mail).raw

    def test_mailbox_with_a_past(self):
        self.old("gammel", "2026-02-10 12:00")
        self.old("ny", "2026-03-03 12:00")
        self.old("ord", "2026-03-20 12:00", raw=self.refused("brev.ny@example.dk"))
        daemon = self.daemon()
        daemon.open_since = "2026-03-01"
        daemon.start()
        self.assertEqual(list(self.wait_for_outcomes(daemon, 3).values()), ["past", "opened", "refused"])
        self.assertEqual(daemon.one("SELECT received_at / 86400 FROM inquiry"), local("2026-03-03 12:00") // 86400)
        daemon.at("2026-03-23 07:00")
        self.assertEqual(daemon.query("SELECT * FROM outbox WHERE kind = 'single'"), [])
        self.assertEqual(daemon.query("SELECT * FROM intent"), [])  # its deadline was the 10th
        reply = letter("svar", headers="In-Reply-To: <brev.gammel@example.dk>\r\n", subject="SV: Brev gammel")
        self.deliver(reply)
        self.assertEqual(self.wait_for_outcomes(daemon, 4)[4], "opened")  # better one too many than none

    def test_first_import_is_cut_short(self):
        self.old("ny", "2026-03-03 12:00")
        self.old("ord", "2026-03-20 12:00", raw=self.refused("brev.ny@example.dk"))
        cuts = []
        with Proxy(self.town, self.server.ports["imaps"]) as proxy:
            def cut_once(_, data):
                if b"UID FETCH" not in data or cuts:
                    return data
                return cuts.append(data)
            proxy.upward = cut_once
            daemon = self.daemon(imap=proxy.port).start()
            self.assertEqual(list(self.wait_for_outcomes(daemon, 2).values()), ["opened", "refused"])
        self.assertEqual(len(cuts), 1)
        self.assertEqual(daemon.query("SELECT * FROM outbox WHERE kind = 'single'"), [])

    def test_new_folder_is_not_the_past(self):
        daemon = self.daemon().start()
        daemon.look()
        self.deliver(letter("ny"))
        self.wait_for_outcomes(daemon, 1)
        self.server.create(self.box, "Godkendelser")
        self.server.append(self.box, self.refused("brev.ny@example.dk"), "Godkendelser")
        daemon.look()
        self.assertEqual(self.wait_for_outcomes(daemon, 1, "Godkendelser"), {1: "refused"})
        self.assertEqual(daemon.query("SELECT template FROM outbox WHERE kind = 'single'"), [("ikke-talt",)])

    # ---- the server ----

    def test_server_restarts(self):
        daemon = self.daemon().start()
        daemon.supervisor.wait_for(f"STATUS={self.box}: watched")
        self.server.stop()
        try:
            daemon.supervisor.wait_for(f"STATUS={self.box}: cannot reach 127.0.0.1")
        finally:
            self.server.start()
        mail = self.town.post.submit(SPL, self.address, "Efter genstarten")
        daemon.await_mail(mail, self.box)
        self.assertEqual(len(re.findall("cannot read the mailbox", daemon.log())), 1, daemon.log())
        daemon.supervisor.wait_for(f"STATUS={self.box}: watched")
        daemon.wait_for_log("(?s)cannot read the mailbox.*mailbox: watching")

    def test_wrong_password(self):
        daemon = self.daemon(boxes={"other": "other"})
        secret = daemon.write_secret("password-other", "forkert")
        with Proxy(self.town, self.server.ports["imaps"]) as proxy:
            daemon.imap_ports["other"] = proxy.port
            daemon.start()
            daemon.supervisor.wait_for("STATUS=.*; other: the server refuses LOGIN")
            mail = self.town.post.submit(SPL, self.address, "Den anden virker")
            daemon.await_mail(mail, self.box)
            self.assertEqual(daemon.outcome(mail)[0], "opened")
            deadline = time.monotonic() + 3
            while time.monotonic() < deadline:  # it must not try again and again: accounts get locked
                self.assertLessEqual(proxy.connections, 3)
                time.sleep(0.05)
            self.assertEqual(len(re.findall('cannot read the mailbox.*"other"', daemon.log())), 1)
            self.assertNotIn("forkert", daemon.log())
            secret.write_text("hemmelig\n")
            daemon.look()
            self.assertEqual(len(re.findall('watching mailbox="other"', daemon.log())), 1)

    def test_wrong_certificate(self):
        for certificate, reason in (({"hosts": ("imap.andetsteds.example.dk",)}, "is for imap.andetsteds"),
                                    ({"expired": True}, "expired")):
            with Proxy(self.town, self.server.ports["imaps"], **certificate) as proxy:
                daemon = self.daemon(boxes={"other": "other"})
                daemon.imap_ports["other"] = proxy.port
                daemon.start()
                daemon.supervisor.wait_for(f"STATUS={self.box}: watched; other: .*certificate.*{reason}")
                daemon.kill()
            shutil.rmtree(daemon.home)

    def test_half_open_connection(self):
        with Proxy(self.town, self.server.ports["imaps"]) as proxy:
            daemon = self.daemon(imap=proxy.port)
            daemon.poll = daemon.timeout = 1
            daemon.start()
            daemon.supervisor.wait_for(f"STATUS={self.box}: watched")
            proxy.hold()
            uid, = self.deliver(letter(1))
            mark = daemon.supervisor.mark()
            daemon.supervisor.wait_for("STATUS=[^:]*: .*time", after=mark)
            self.assertEqual(self.outcomes(daemon), {})
            proxy.release()
            self.assertEqual(self.wait_for_outcomes(daemon, 1), {uid: "opened"})


class CyrusTest(BothServers, IntakeTest):
    mailboxes = Cyrus


if __name__ == "__main__":
    unittest.main(verbosity=2)
