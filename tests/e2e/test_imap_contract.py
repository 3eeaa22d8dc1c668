"""What io/imap promises, kept alike on Dovecot and on Cyrus."""

import os
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from servers.base import Root  # noqa: E402
from servers.ca import Authority  # noqa: E402
from servers.cyrus import Cyrus  # noqa: E402
from servers.dovecot import Dovecot  # noqa: E402

PROBE = Path(os.environ["FRIST_BIN"], "tests", "imap_probe")
ARRIVED = 1774596600  # 2026-03-27 07:30 UTC
LAST = 4294967295
MAIL = b"From: borger@borger.example.dk\r\nTo: mt@example.dk\r\nMessage-ID: <%d@borger.example.dk>\r\n" \
       b"Subject: Sag %d\r\n\r\nHej\r\n"


def box_of(test):
    """Every test has a mailbox of its own."""
    return test.removeprefix("test_").replace("_", "")


class Contract:
    server_class = None
    odd_name = None  # the oddest that the server lets one give a folder

    @classmethod
    def setUpClass(cls):
        cls.root = Root()
        cls.addClassCleanup(cls.root.close)
        cls.authority = Authority(cls.root)
        boxes = {box_of(name): "hemmelig" for name in dir(cls) if name.startswith("test_")}
        boxes["login"] = 'kode "\\ med {5} tegn'
        cls.server = cls.server_class(cls.root, cls.authority, boxes)
        cls.server.start()

    def setUp(self):
        self.user = box_of(self._testMethodName)

    def command(self, *commands, mode="implicit", password=None, cancel_ms=0, ca=None, host="localhost"):
        port = self.server.ports["imaps" if mode == "implicit" else "imap"]
        return [str(word) for word in (
            PROBE, host, port, mode, ca or self.authority.certificate, self.user,
            password or self.server.users[self.user], 20, cancel_ms, *commands)]

    def probe(self, *commands, **options):
        done = subprocess.run(self.command(*commands, **options), capture_output=True, text=True, timeout=120)
        self.assertEqual(done.stderr, "")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def inbox(self, *commands, folder="INBOX", **options):
        """What the commands say with the folder open."""
        return self.probe("examine", folder, *commands, **options)[1:]

    def fault(self, *commands, **options):
        kind, outcome, _, text = self.probe(*commands, **options)[-1]
        self.assertEqual(kind, "fault")
        return outcome, text

    def append(self, *numbers, **options):
        return [self.server.append(self.user, MAIL % (number, number), **options) for number in numbers]

    def test_login(self):
        for mode in ("implicit", "starttls"):
            self.assertEqual(self.probe("lacks-idle", mode=mode), [["false"]])
        self.assertEqual(self.probe("lacks-idle", host="127.0.0.1"), [["false"]])

    def test_wrong_password(self):
        outcome, text = self.fault(password="forkert")
        self.assertEqual(outcome, "auth-refused")
        self.assertIn("the server refuses LOGIN: NO", text)
        self.assertNotIn("forkert", text)

    def test_authority_unknown(self):
        other = Authority(self.root, "other-ca")
        outcome, text = self.fault(ca=other.certificate)
        self.assertEqual(outcome, "untrusted")
        self.assertIn("not signed by a known authority", text)

    def test_folders(self):
        for name in ("Besøgssvar", "Sager", "Sager/Opgaver", "Uønsket mail", "Trash/Gamle", self.odd_name):
            self.server.create(self.user, name)
        found = {line[0]: line[2] for line in self.probe("folders")}
        self.assertEqual(found, {
            "INBOX": "ordinary", "Sent": "sent", "Drafts": "drafts", "Junk": "junk", "Trash": "trash",
            "Besøgssvar": "ordinary", "Sager": "ordinary", "Sager/Opgaver": "ordinary", "Uønsket mail": "junk",
            "Trash/Gamle": "trash", self.odd_name: "ordinary"})

    def test_raw_names_open_folders(self):
        for name in ("Besøgssvar & mere", self.odd_name, "Udgående.2026"):
            self.server.create(self.user, name)
            raw = next(line[1] for line in self.probe("folders") if line[0] == name)
            self.append(1, folder=name)
            state = self.probe("examine", raw, "status", "INBOX", "examine", "INBOX", "status", raw)
            self.assertEqual(state[0], state[3])
            self.assertEqual(state[0][2], "1")

    def test_state_follows_the_folder(self):
        before = self.probe("examine", "INBOX")[0]
        self.assertEqual(int(before[0]), self.server.uidvalidity(self.user))
        uid, = self.append(1)
        after = self.probe("examine", "INBOX", "status", "Sent", "status", "INBOX")
        self.assertEqual(after[0], [before[0], str(uid + 1), "1"])
        self.assertEqual(after[0], after[2])
        new = self.server.change_uidvalidity(self.user)
        self.assertEqual(self.probe("examine", "INBOX")[0][0], str(new))
        self.assertNotEqual(str(new), before[0])

    def test_no_such_folder(self):
        for command in ("examine", "status"):
            self.assertEqual(self.fault(command, "Findes ikke")[0], "no")

    def test_empty_folder(self):
        self.assertEqual(self.inbox("search", 1, LAST, "fetch", 1, LAST, "start", 1, 100), [[""], ["gone"]])

    def test_fetch_tells_what_is_there(self):
        uids = self.append(1, 2, 3, arrived=ARRIVED)
        lines = self.inbox("fetch", 1, LAST)
        self.assertEqual([line[:2] for line in lines], [[str(uid), str(ARRIVED)] for uid in uids])
        self.assertEqual([line[5] for line in lines], ["Subject: Sag 1", "Subject: Sag 2", "Subject: Sag 3"])
        for line in lines:
            self.assertEqual(int(line[2]), len(MAIL % (1, 1)))
            self.assertEqual(int(line[3]), len((MAIL % (1, 1)).split(b"Hej")[0]))
            self.assertEqual(line[4], "whole")

    def test_batches_asked_for_ahead(self):
        uids = self.append(1, 2, 3, 4, 5)
        lines = self.inbox("pairs", 1, LAST, "search", uids[4], LAST)
        self.assertEqual([line[0] for line in lines], [str(uid) for uid in [*uids, uids[4]]])
        self.assertEqual([line[5] for line in lines[:5]], [f"Subject: Sag {number}" for number in range(1, 6)])

    def test_only_new_mail_after_the_last(self):
        first, second = self.append(1, 2)
        self.assertEqual(self.inbox("search", second + 1, LAST), [[""]])
        self.assertEqual(self.inbox("search", second, LAST), [[str(second)]])
        self.assertEqual(self.inbox("search", first, first), [[str(first)]])

    def test_nothing_is_marked(self):
        uid, = self.append(1)
        self.inbox("fetch", 1, LAST, "start", uid, 1000, "search", 1, LAST, "noop")
        flags, = (stored.flags for stored in self.server.read(self.user))
        self.assertNotIn("\\Seen", flags)
        with self.server.folder(self.user) as imap:  # nobody has taken \Recent away before
            self.assertEqual(imap.response("RECENT")[1], [b"1"])

    def test_expunged_mail_is_missing(self):
        first, second, third = self.append(1, 2, 3)
        self.server.expunge(self.user, second)
        self.assertEqual(self.inbox("search", 1, LAST), [[f"{first} {third}"]])
        self.assertEqual(self.inbox("start", second, 100), [["gone"]])

    def test_large_header_is_cut(self):
        filler = b"".join(b"X-Filler-%d: %s\r\n" % (number, b"a" * 60) for number in range(1500))
        self.server.append(self.user, filler + MAIL % (1, 1))
        self.append(2)
        lines = self.inbox("fetch", 1, LAST)
        self.assertEqual([line[3:5] for line in lines][0], ["65536", "cut"])
        self.assertEqual(int(lines[0][2]), len(filler + MAIL % (1, 1)))
        self.assertEqual(lines[1][4:], ["whole", "Subject: Sag 2"])

    def test_start_of_a_message(self):
        uid, = self.append(1)
        whole = (MAIL % (1, 1)).decode().replace("\r\n", "  ")
        self.assertEqual(self.inbox("start", uid, 20, "start", uid, 100000),
                         [["20", whole[:20]], [str(len(whole)), whole]])

    def test_thousands_in_batches(self):
        self.append(0, 1, 2, 3, 4)
        with self.server.folder(self.user) as imap:
            for _ in range(8):
                imap.copy("1:*", "INBOX")
        lines = self.inbox("fetch", 1, LAST)
        self.assertEqual([line[5] for line in lines], [f"Subject: Sag {number % 5}" for number in range(1280)])
        self.assertEqual([line[0] for line in lines], self.inbox("search", 1, LAST)[0][0].split())

    def test_idle_wakes_at_new_mail(self):
        self.append(1)
        with subprocess.Popen(self.command("examine", "INBOX", "idle", 60000, "search", 1, LAST), text=True,
                              stdout=subprocess.PIPE) as probe:
            self.assertEqual(probe.stdout.readline().split("\t")[2], "1\n")  # the folder is open
            self.server.deliver(self.user, MAIL % (2, 2))
            self.assertEqual(probe.stdout.readline(), "news\n")
            self.assertEqual(len(probe.stdout.readline().split()), 2)

    def test_idle_is_quiet_otherwise(self):
        uid, = self.append(1)
        with subprocess.Popen(self.command("examine", "INBOX", "idle", 3000, "noop"), text=True,
                              stdout=subprocess.PIPE) as probe:
            probe.stdout.readline()
            with self.server.folder(self.user) as imap:
                imap.uid("STORE", str(uid), "+FLAGS", "(\\Seen)")
            self.assertEqual(probe.stdout.readline(), "quiet\n")

    def test_idle_ends_with_the_session(self):
        with subprocess.Popen(self.command("examine", "INBOX", "idle", 1, "idle", 60000), text=True,
                              stdout=subprocess.PIPE) as probe:
            probe.stdout.readline()
            self.assertEqual(probe.stdout.readline(), "quiet\n")
            self.server.drop(self.user)
            self.assertEqual(probe.stdout.readline().split("\t")[:2], ["fault", "disconnected"])

    def test_idle_is_cancelled(self):
        lines = self.inbox("idle", 60000, cancel_ms=1500)
        self.assertEqual(lines[-1][:2], ["fault", "cancelled"])


class OnDovecot(Contract, unittest.TestCase):
    server_class = Dovecot
    odd_name = 'Ord "i" \\ citat'


class OnCyrus(Contract, unittest.TestCase):
    server_class = Cyrus
    odd_name = "Ord 'i' (citat)"


if __name__ == "__main__":
    unittest.main()
