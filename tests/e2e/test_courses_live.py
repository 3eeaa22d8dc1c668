"""Courses and a fristd that is at work: a file is imported beside it (B1), leaders are told of a quarter (B3)."""
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.daemon import Daemon, staff
from servers.people import Person
from servers.town import Town

PEOPLE = staff(box="staff")
MT = Person("Postkassen", "mt@example.dk")
FRISTCTL = os.path.join(os.environ["FRIST_BIN"], "fristctl")
HEAD = "start;completion;format;unit;person;course\n"
LINE = "2026-01-{:02};;e-learning;vej;medarbejder-vej;God sagsbehandling\n"


class LiveTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = Town([MT, *PEOPLE.values()])
        cls.addClassCleanup(cls.town.close)

    def setUp(self):
        self.daemon = Daemon(self.town, self.id().split(".")[-1])
        self.addCleanup(self.daemon.kill)
        self.daemon.start()

    def imported(self, text):
        path = self.daemon.home / "kurser.csv"
        path.write_text(HEAD + text)
        done = subprocess.run([FRISTCTL, "--config", self.daemon.home / "conf/fristd.conf", "courses", "import", path],
                              capture_output=True, encoding="utf-8", timeout=60,
                              env={**os.environ, "FRIST_NOW": str(self.daemon.now)})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split(": ", 1)[1].strip()

    def test_beside_fristd(self):
        letters = []
        for number in range(1, 11):
            letters.append(self.town.post.submit(PEOPLE["spl"], MT, f"Sten {number}"))
            self.assertEqual(self.imported("".join(LINE.format(day) for day in range(1, number + 1))),
                             f"1 added, 0 changed, {number - 1} unchanged")
        self.daemon.wait_for("SELECT count(*) FROM inquiry WHERE subject LIKE 'Sten %'",
                             until=lambda count: count == len(letters))
        self.assertEqual(self.daemon.one("SELECT count(*) FROM course_record"), 10)
        self.assertNotIn("database", self.daemon.log())

    def told(self, address):
        return self.daemon.query("SELECT state, mailbox, subject, local_date FROM outbox WHERE template = 'kurser'"
                                 " AND address = ?", address)

    def test_leaders_are_told_once_a_quarter(self):
        """On the first working day of the quarter, in sending hours, also when fristd is started again."""
        self.daemon.at("2026-03-31 07:00")
        self.assertEqual(self.daemon.query("SELECT id FROM outbox WHERE template = 'kurser'"), [])
        self.imported(LINE.format(2).replace(";;", ";2026-01-03;") + LINE.format(5).replace("medarbejder", "leder"))
        self.daemon.at("2026-04-01 06:59")
        self.assertEqual(self.told("leder.vej@example.dk"), [])
        self.daemon.at("2026-04-01 07:00")
        sent = [("sent", "mt", "God sagsbehandling: 1. kvartal 2026", None)]
        for leader in ("leder.vej", "leder.park", "postkasseansvarlig"):
            self.daemon.wait_for("SELECT state FROM outbox WHERE template = 'kurser' AND address = ?",
                                 f"{leader}@example.dk", until=lambda state: state == "sent")
            self.assertEqual(self.told(f"{leader}@example.dk"), sent)
        mail = self.town.mailboxes.wait_for("staff", lambda mail: "Enhedsleder Vej" in mail.message["To"] and
                                            "God sagsbehandling" in str(mail.message["Subject"]))
        text = mail.message.get_body(("plain",)).get_content()
        self.assertIn("vej: 1 af 2, der skal have kurset, har det (50 %)", text)
        self.assertIn("- Enhedsleder Vej: mangler kurset, påbegyndt den 5. januar 2026.", text)
        self.assertNotIn("Park", text)
        self.assertEqual(self.daemon.end(), 0)
        self.daemon.start()
        for moment in ("2026-04-01 08:00", "2026-04-07 08:00", "2026-04-14 08:00", "2026-06-30 08:00"):
            self.daemon.at(moment)
            self.daemon.settle()
            self.assertEqual(self.daemon.one("SELECT count(*) FROM outbox WHERE template = 'kurser'"), 3)
        self.daemon.at("2026-07-01 07:00")
        self.daemon.wait_for("SELECT count(*) FROM outbox WHERE template = 'kurser' AND state = 'sent'",
                             until=lambda count: count == 6)

    def test_nobody_is_told_in_the_middle_of_a_quarter(self):
        self.daemon.at("2026-04-20 08:00")
        self.imported(LINE.format(1))
        self.daemon.at("2026-04-21 08:00")
        self.daemon.settle()
        self.assertEqual(self.daemon.query("SELECT id FROM outbox WHERE template = 'kurser'"), [])

    def test_a_file_that_was_written_without_fristd_is_still_its_own(self):
        self.assertEqual(self.daemon.end(), 0)
        owner = self.daemon.database.stat().st_uid
        self.assertEqual(self.imported(LINE.format(1)), "1 added, 0 changed, 0 unchanged")
        for path in self.daemon.home.glob("fristd.db*"):
            self.assertEqual(path.stat().st_uid, owner, path)
        self.daemon.start()
        self.town.post.submit(PEOPLE["spl"], MT, "Hul i vejen")
        self.daemon.wait_for("SELECT count(*) FROM inquiry")


if __name__ == "__main__":
    unittest.main()
