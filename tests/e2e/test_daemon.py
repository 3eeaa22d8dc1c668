"""fristd as a service: what its supervisor hears, how it ends, how it takes a new configuration, what it refuses."""
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.base import CHECKOUT, free_port
from servers.daemon import Daemon, staff
from servers.people import Person
from servers.proxy import Proxy
from servers.town import Town

PEOPLE = staff(box="staff")
UNIT = CHECKOUT / "contrib/systemd/fristd.service"
NEEDS_MENDING = 78  # EX_CONFIG of sysexits.h
MT, KB = Person("Postkassen", "mt@example.dk"), Person("KB-postkassen", "kb@example.dk")
EMPTY = Person("Den tomme postkasse", "tom@example.dk")


class DaemonTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = Town([MT, KB, EMPTY, *PEOPLE.values()])
        cls.addClassCleanup(cls.town.close)

    def daemon(self, **more):
        daemon = Daemon(self.town, self.id().split(".")[-1], **more)
        self.addCleanup(daemon.kill)
        return daemon

    def refuses(self, daemon, pattern, mend=True):
        """It ends with one line with the pattern on it, and never said that it was ready. mend: only a person can help,
        and systemd does not start it again."""
        status, text = daemon.run()
        self.assertEqual(status, NEEDS_MENDING if mend else 1, text)
        self.assertEqual("systemctl restart fristd" in text, mend, text)
        self.assertRegex(text, pattern)
        self.assertEqual(text.count("\n"), 1, text)
        self.assertIsNone(daemon.supervisor.find("READY"))

    # ---- the supervisor ----

    def test_ready_when_database_and_configuration_stand(self):
        daemon = self.daemon().start()
        self.assertEqual(daemon.supervisor.heard[0], "READY=1")
        self.assertEqual(daemon.query("SELECT count(*) FROM inquiry"), [(0,)])
        daemon.supervisor.wait_for("STATUS=mt: watched$")

    def test_status_says_which_server_is_away(self):
        daemon = self.daemon(boxes={"mt": "mt", "kb": "kb"}, smtp=free_port())
        daemon.imap_ports["kb"] = port = free_port()
        daemon.start()
        daemon.supervisor.wait_for(f"STATUS=mt: watched; kb: .*127.0.0.1 port {port}: Connection refused")
        self.town.post.submit(PEOPLE["spl"], MT, "Hul i vejen")
        daemon.wait_for("SELECT count(*) FROM inquiry")
        mark = daemon.supervisor.mark()
        daemon.at("2026-03-24 07:00")
        daemon.supervisor.wait_for(f"STATUS=.*sending: .*127.0.0.1 port {daemon.smtp_port}: Connection refused",
                                   after=mark)

    def test_watchdog_is_fed_while_servers_are_away(self):
        daemon = self.daemon(imap=free_port(), smtp=free_port())
        daemon.start()
        daemon.supervisor.wait_for("STATUS=mt: .*refused")
        for _ in range(5):
            daemon.supervisor.wait_for("WATCHDOG=1", seconds=0.9, after=daemon.supervisor.mark())

    def test_watchdog_is_fed_while_servers_say_nothing(self):
        with Proxy(self.town, self.town.mailboxes.ports["imaps"]) as imap:
            daemon = self.daemon(imap=imap.port)
            daemon.timeout = 1
            daemon.start()
            daemon.supervisor.wait_for("STATUS=mt: watched")
            imap.hold()
            daemon.supervisor.wait_for("STATUS=mt: .*(time|in time)", after=daemon.supervisor.mark())
            for _ in range(5):
                daemon.supervisor.wait_for("WATCHDOG=1", seconds=0.9, after=daemon.supervisor.mark())
            mark = daemon.supervisor.mark()
            imap.release()
            daemon.supervisor.wait_for("STATUS=mt: watched", after=mark)

    def disturbed(self, **more):
        """A daemon for whom five minutes pass at once, with a thread that hangs in the middle of them."""
        daemon = self.daemon(start="2026-03-22 12:00")  # a Sunday: who speaks to a server is no courier
        trigger = daemon.home / "trigger"
        daemon.environment |= {"LD_PRELOAD": os.path.join(os.environ["FRIST_BIN"], "tests", "libhang.so"),
                               "FRIST_HANG": str(trigger), "ASAN_OPTIONS": "verify_asan_link_order=0", **more}
        daemon.start()
        daemon.supervisor.wait_for("STATUS=mt: watched")
        trigger.touch()
        deadline = time.monotonic() + 20
        while trigger.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        return daemon

    def test_watchdog_is_not_fed_while_a_worker_hangs(self):
        daemon = self.disturbed()
        daemon.wait_for_log('watchdog: not fed reason="a worker of mailbox mt hangs"')
        mark = daemon.supervisor.mark()
        daemon.wait_for_log("(?s)" + "watchdog: not fed.*" * 15)  # some seconds: the others have long come to
        self.assertIsNone(daemon.supervisor.find("WATCHDOG=1", mark))

    def test_watchdog_is_fed_when_all_workers_come_to(self):
        daemon = self.disturbed(FRIST_HANG_NOT="1")
        for _ in range(5):
            daemon.supervisor.wait_for("WATCHDOG=1", after=daemon.supervisor.mark())

    # ---- the unit ----

    def allowed_calls(self):
        """What the SystemCallFilter lines of the unit let through."""
        allowed = set()
        for line in re.findall("^SystemCallFilter=(.*)$", UNIT.read_text(), re.MULTILINE):
            listed = subprocess.run(["systemd-analyze", "syscall-filter", *line.lstrip("~").split()], check=True,
                                    capture_output=True, text=True).stdout
            groups = set(re.findall(r"^    ([@a-z0-9_-]+)$", listed, re.MULTILINE))
            while any(name.startswith("@") for name in groups):
                more = subprocess.run(["systemd-analyze", "syscall-filter",
                                       *(name for name in groups if name.startswith("@"))],
                                      check=True, capture_output=True, text=True).stdout
                groups = {name for name in groups if not name.startswith("@")}
                groups |= set(re.findall(r"^    ([@a-z0-9_-]+)$", more, re.MULTILINE))
            allowed = allowed - groups if line.startswith("~") else allowed | groups
        return allowed

    def test_makes_no_system_call_that_the_unit_forbids(self):
        daemon = self.daemon()
        trace = daemon.home / "trace"
        daemon.program = ["strace", "-D", "-f", "-qq", "-o", trace, *daemon.program]
        daemon.environment["ASAN_OPTIONS"] = "detect_leaks=0"  # it traces, too
        daemon.start()
        daemon.await_mail(self.town.post.submit(PEOPLE["spl"], MT, "Et brev til borgmesteren"))
        daemon.at("2026-03-24 07:00")
        daemon.wait_for("SELECT count(*) FROM outbox WHERE state = 'sent'", act=daemon.settle)
        mark = daemon.supervisor.mark()
        daemon.send(signal.SIGHUP)
        daemon.supervisor.wait_for("READY=1", after=mark)
        daemon.supervisor.wait_for("STATUS=mt: watched", after=mark)
        self.assertEqual(daemon.end(), 0)
        made = set(re.findall(r"^\d+ +(\w+)\(", trace.read_text(errors="replace"), re.MULTILINE)) - {"execve"}
        self.assertLessEqual({"connect", "fdatasync", "clone3", "rt_sigprocmask"}, made)  # it does see them
        self.assertEqual(made - self.allowed_calls(), set())

    # ---- the end ----

    def ends(self, daemon):
        begin = time.monotonic()
        self.assertEqual(daemon.end(), 0, daemon.log()[-4000:])
        self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual(daemon.supervisor.wait_for("STOPPING=1").group(), "STOPPING=1")
        self.assertNotIn("Sanitizer", daemon.log())
        self.assertFalse((daemon.home / "fristd.db-wal").exists())  # all of it went into the database
        self.assertEqual(daemon.query("PRAGMA integrity_check"), [("ok",)])

    def test_term_ends_it_in_idle(self):
        daemon = self.daemon().start()
        daemon.supervisor.wait_for("STATUS=mt: watched")
        self.ends(daemon)

    def test_term_ends_it_while_no_server_answers(self):
        with Proxy(self.town, self.town.mailboxes.ports["imaps"]) as imap, \
                Proxy(self.town, self.town.exim.ports["submissions"]) as smtp:
            daemon = self.daemon(imap=imap.port, smtp=smtp.port, start=None)
            daemon.sending = '{ from = "00:00"; until = "23:59"; }'
            daemon.timeout = daemon.smtp_timeout = 60
            daemon.start()
            daemon.supervisor.wait_for("STATUS=mt: watched")
            imap.hold()
            smtp.hold()
            reached = imap.connections
            imap.cut()
            deadline = time.monotonic() + 20
            while imap.connections < reached + 3:  # each of its workers waits for a greeting that does not come
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            self.ends(daemon)

    def test_interrupt_ends_it_too(self):
        daemon = self.daemon().start()
        daemon.send(signal.SIGINT)
        self.assertEqual(daemon.process.wait(20), 0)

    # ---- a new configuration ----

    def test_broken_configuration_keeps_the_old_one(self):
        daemon = self.daemon().start()
        daemon.supervisor.wait_for("STATUS=mt: watched")
        path = daemon.home / "conf/fristd.conf"
        good = path.read_text()
        path.write_text(good.replace("poll_s", "pol_s").replace("sends_per_minute", "sends_a_minute"))
        letter = daemon.home / "conf/templates/rykker.txt"
        letter.write_text(letter.read_text().replace("{{frist}}", "{{frisst}}", 1))
        daemon.send(signal.SIGHUP)
        daemon.wait_for_log("the old one stays in force")
        line = 1 + good[:good.index("poll_s")].count("\n")
        self.assertRegex(daemon.log(), rf'pol_s.*at="[^"]*fristd.conf:{line}"')
        self.assertRegex(daemon.log(), r'sends_a_minute.*at="[^"]*fristd.conf:5"')
        self.assertRegex(daemon.log(), r'frisst.*at="[^"]*rykker.txt:1"')
        mail = self.town.post.submit(PEOPLE["spl"], MT, "Stadig her")
        daemon.await_mail(mail)
        self.assertEqual(daemon.outcome(mail), ("opened", "A1", "modtaget"))

    def test_good_configuration_swaps_the_mailboxes(self):
        daemon = self.daemon(boxes={"tom": "tom"}).start()
        daemon.supervisor.wait_for("STATUS=tom: watched$")
        daemon.boxes = {"kb": "kb"}
        daemon.configure()
        mark = daemon.supervisor.mark()
        daemon.send(signal.SIGHUP)
        daemon.supervisor.wait_for(r"RELOADING=1\nMONOTONIC_USEC=\d+", after=mark)
        daemon.supervisor.wait_for("READY=1", after=mark)
        daemon.supervisor.wait_for("STATUS=kb: watched$", after=mark)
        before = daemon.query("SELECT count(*) FROM sighting s JOIN folder f ON f.id = s.folder"
                              " WHERE f.mailbox = 'tom'")
        self.town.mailboxes.wait_for(
            "tom", self.town.post.submit(PEOPLE["spl"], EMPTY, "Til den, der ikke læses mere"))
        mail = self.town.post.submit(PEOPLE["spl"], KB, "Til den nye")
        daemon.await_mail(mail, "kb")
        self.assertEqual(daemon.outcome(mail), ("opened", "A1", "modtaget"))
        self.assertEqual(daemon.query("SELECT count(*) FROM sighting s JOIN folder f ON f.id = s.folder"
                                      " WHERE f.mailbox = 'tom'"), before)

    def test_workflow_with_open_inquiries_is_taken_away(self):
        """Nobody would be reminded of it any more: refused, by name, and everything goes on as before."""
        smtp = Proxy(self.town, self.town.exim.ports["submissions"])
        self.addCleanup(smtp.__exit__)
        daemon = self.daemon(boxes={"mt": "mt", "kb": "kb"}, smtp=smtp.port)
        (daemon.home / "conf/workflows/raad.conf").write_text(
            (daemon.home / "conf/workflows/borgmester.conf").read_text().replace('key = "MT"', 'key = "RD"'))
        text = daemon.settings()
        at = text.index('name = "kb"')
        settings = text[:at] + text[at:].replace("borgmester", "raad")
        daemon.settings = lambda: settings
        daemon.start()
        mail = self.town.post.submit(PEOPLE["spl"], KB, "Et spørgsmål til byrådet")
        daemon.await_mail(mail, "kb")
        mail = self.town.post.submit(PEOPLE["spl"], MT, "Et brev til borgmesteren")
        daemon.await_mail(mail)
        daemon.at("2026-03-24 07:00")
        self.assertEqual(daemon.query("SELECT i.template FROM intent i JOIN inquiry q ON q.id = i.inquiry"
                                      " WHERE q.mailbox = 'kb'")[0], ("ikke-fordelt",))
        (daemon.home / "conf/workflows/raad.conf").unlink()
        settings = settings.replace("raad", "borgmester")
        daemon.configure()
        daemon.send(signal.SIGHUP)
        daemon.wait_for_log("the new configuration does not fit; the old one stays in force")
        self.assertIn("RD-2026-0001 is open and follows workflow", daemon.log())
        smtp.listen()
        daemon.wait_for("SELECT count(*) FROM outbox WHERE settled_at = 0", until=lambda left: left == 0,
                        act=daemon.settle)
        self.assertEqual(daemon.query("SELECT mailbox, state FROM outbox WHERE person = 'postkasseansvarlig'"
                                      " AND local_date = '2026-03-24'"),
                         [("mt", "sent")], daemon.log()[-4000:])

    # ---- what it refuses ----

    def test_second_one_on_the_same_database(self):
        first = self.daemon().start()
        second = Daemon(self.town, first.name + "_2")
        self.addCleanup(second.kill)
        settings = second.settings().replace(str(second.database), str(first.database))
        second.settings = lambda: settings
        second.configure()
        self.refuses(second, "another fristd works on", mend=False)
        mail = self.town.post.submit(PEOPLE["spl"], MT, "Den første lever")
        first.await_mail(mail)

    def test_faults_are_told_all_at_once(self):
        daemon = self.daemon()
        settings = daemon.settings().replace("copy_to", "kopi_til")
        settings = settings.replace('profile = "authserv"', 'profile = "tillid"')
        daemon.settings = lambda: settings
        daemon.configure()
        workflow = daemon.home / "conf/workflows/borgmester.conf"
        workflow.write_text(workflow.read_text().replace('template = "rykker"', 'template = "rykkker"'))
        letter = daemon.home / "conf/templates/rykker.txt"
        letter.write_text(letter.read_text().replace("{{frist}}", "{{frisst}}", 1))
        status, text = daemon.run()
        self.assertEqual(status, NEEDS_MENDING)
        self.assertRegex(text, "fristctl check.* systemctl restart fristd\n\\Z")
        self.assertRegex(text, r'kopi_til.*at="[^"]*fristd.conf:3"')
        self.assertRegex(text, r'tillid.*at="[^"]*fristd.conf:\d+"')
        self.assertRegex(text, r'rykkker.*at="[^"]*borgmester.conf:\d+"')
        self.assertRegex(text, r'frisst.*at="[^"]*rykker.txt:1"')
        self.assertIsNone(daemon.supervisor.find("READY"))
        self.assertFalse(daemon.database.exists())

    def test_configuration_that_does_not_fit_the_open_inquiries(self):
        daemon = self.daemon().start()
        daemon.await_mail(self.town.post.submit(PEOPLE["spl"], MT, "Et brev til borgmesteren"))
        daemon.end()
        daemon.supervisor.heard.clear()
        (daemon.home / "conf/workflows/borgmester.conf").rename(daemon.home / "conf/workflows/raad.conf")
        settings = daemon.settings().replace("borgmester", "raad")
        daemon.settings = lambda: settings
        daemon.configure()
        self.refuses(daemon, 'MT-2026-0001 is open and follows workflow .*borgmester')

    def test_unit_leaves_down_what_needs_mending(self):
        never_again = re.search("^RestartPreventExitStatus=(.*)$", UNIT.read_text(), re.MULTILINE)[1].split()
        self.assertIn(str(NEEDS_MENDING), never_again)
        self.assertNotIn("1", never_again)

    def test_folder_that_cannot_be_written(self):
        daemon = self.daemon()
        folder = self.town.root.folder(daemon.name + "/readonly")
        settings = daemon.settings().replace(str(daemon.database), str(folder / "fristd.db"))
        daemon.settings = lambda: settings
        daemon.configure()
        folder.chmod(0o500)
        self.refuses(daemon, f"{folder}", mend=False)

    def test_database_that_is_a_link(self):
        daemon = self.daemon()
        daemon.configure()
        real = self.town.root.write(daemon.name + "/elsewhere.db", "")
        daemon.database.symlink_to(real)
        self.refuses(daemon, "link")
        self.assertEqual(real.read_text(), "")

    def test_file_that_is_no_database(self):
        daemon = self.daemon()
        daemon.configure()
        self.town.root.write(daemon.name + "/fristd.db", "Dette er ikke en database, men et brev.\n" * 100)
        self.refuses(daemon, "no database of fristd")

    def test_database_of_another_program(self):
        daemon = self.daemon()
        daemon.configure()
        with sqlite3.connect(daemon.database) as database:
            database.execute("CREATE TABLE grocery (name TEXT)")
        database.close()
        self.town.root.own(daemon.database)
        self.refuses(daemon, "another program")

    def test_database_of_a_newer_fristd(self):
        daemon = self.daemon().start()
        daemon.end()
        daemon.supervisor.heard.clear()
        with sqlite3.connect(daemon.database) as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            database.execute(f"PRAGMA user_version = {version + 1}")
        database.close()
        for path in daemon.home.glob("fristd.db*"):
            self.town.root.own(path)
        self.refuses(daemon, "install a newer fristd")


if __name__ == "__main__":
    unittest.main(verbosity=2)
