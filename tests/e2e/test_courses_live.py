"""fristctl courses import beside a fristd that is at work: neither disturbs the other."""
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
