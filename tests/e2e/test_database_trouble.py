"""The database fails for a while, as on a full disk: fristd goes on by itself when it works again."""

import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.cases import Cases  # noqa: E402 (the folder must be known first)


class Trouble(Cases):
    start = "man 23/3 09:00"

    @classmethod
    def tearDownClass(cls):
        cls.town.fristd.stop()  # it did complain

    def change(self, statement):
        base = sqlite3.connect(self.town.fristd.home / "fristd.db", timeout=30)
        try:
            base.execute(statement)
            base.commit()
        finally:
            base.close()

    def states(self):
        return {row["state"] for row in self.town.fristd.rows("SELECT state FROM outbox")}

    def test_the_outcome_of_a_mail_cannot_be_stored(self):
        t = self.town
        self.opened()
        self.change("CREATE TRIGGER full BEFORE INSERT ON attempt BEGIN SELECT RAISE(ABORT, 'full'); END")
        t.clock("tir 24/3 08:00")
        self.assertIn("sending", self.states())
        self.change("DROP TRIGGER full")
        t.settle()
        # that one is in doubt, as after a crash; the others have left, and who has nothing to hear gets none
        self.assertEqual(self.states(), {"uncertain", "sent", "withdrawn"})
        self.assertIn("the database works again", t.fristd.log())


if __name__ == "__main__":
    unittest.main()
