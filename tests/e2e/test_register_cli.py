"""fristctl register and show: what scripts parse, what people read, and how they fail."""
import csv
import io
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

FRISTCTL = os.path.join(os.environ["FRIST_BIN"], "fristctl")
SOURCE = pathlib.Path(__file__).resolve().parents[2]

FRIDAY = 1774602000         # 2026-03-27 10:00 in Copenhagen
DUE = 1775685600            # 2026-04-09 00:00 in Copenhagen: five working days, Easter between
KEYS = ["key", "workflow", "round", "step", "holder", "addressed_to", "received", "due", "deadlines", "state",
        "unseen", "case_link", "note", "also", "only_to", "missing", "promised"]


def image(key, **changes):
    plain = {"key": key, "workflow": "borgmester", "mailbox": "mt", "step": "hos-sagsbehandler", "round": 1,
             "subject": "Hul i vejen",
             "received_at": FRIDAY, "round_at": FRIDAY, "step_at": FRIDAY, "ended_at": 0,
             "assignments": [{"role": "sagsbehandler", "person": "medarbejder-vej"}],
             "clocks": [{"deadline": "svar", "started_at": FRIDAY, "due_at": DUE, "stopped_at": 0,
                         "set_by_hand": False}]}
    return {**plain, **changes}


INQUIRIES = [
    image("MT-2026-0002"),
    image("MT-2026-0001", step="modtaget", assignments=[], addressed_to="borgmesteren", round=2,
          clocks=[{"deadline": "svar", "started_at": FRIDAY - 86400 * 30, "due_at": FRIDAY - 86400 * 20,
                   "stopped_at": 0, "set_by_hand": False}]),
    image("MT-2025-0009", step="afsendt", ended_at=FRIDAY, unseen=["hos-enhedsleder"],
          case_link="https://sag.example.dk/7", subject="=SUM(A1)"),
    image("XX-2026-0001", workflow="nedlagt", step="et-trin", clocks=[], assignments=[]),
]


class RegisterTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="frist-register-"))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(SOURCE / "conf", self.folder / "conf")
        self.config = self.folder / "conf" / "fristd.conf"
        self.database = self.folder / "frist.db"
        text = self.config.read_text(encoding="utf-8")
        self.assertIn("/var/lib/fristd/fristd.db", text)
        self.config.write_text(text.replace("/var/lib/fristd/fristd.db", str(self.database)), encoding="utf-8")

    def fill(self):
        database = sqlite3.connect(self.database)
        database.executescript((SOURCE / "lib/io/schema.sql").read_text(encoding="utf-8"))
        database.execute("PRAGMA application_id = 0x66726973")
        database.execute("PRAGMA user_version = 2")
        for inquiry in INQUIRIES:
            text = json.dumps(inquiry)
            row = database.execute(
                "INSERT INTO inquiry (key, workflow, mailbox, step, subject, received_at, ended_at, image)"
                " VALUES (?, ?, 'mt', ?, ?, ?, ?, ?)",
                (inquiry["key"], inquiry["workflow"], inquiry["step"], inquiry["subject"], inquiry["received_at"],
                 inquiry["ended_at"], text)).lastrowid
            for at, before, after, actor in ((FRIDAY, None, "modtaget", "spl"),
                                             (FRIDAY + 3600, "modtaget", inquiry["step"], None)):
                database.execute(
                    "INSERT INTO transition (inquiry, at, rule, step_before, step_after, round, actor, evidence, after,"
                    " conf_hash) VALUES (?, ?, 'A1', ?, ?, 1, ?, 'auth=pass', ?, x'00')",
                    (row, at, before, after, actor, text))
        database.commit()
        database.close()

    def fristctl(self, *arguments):
        environment = {"LC_ALL": "C", "TZ": "Pacific/Auckland", "FRIST_NOW": str(FRIDAY + 4 * 86400),
                       "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
        return subprocess.run([FRISTCTL, "--config", str(self.config), *arguments], capture_output=True,
                              encoding="utf-8", env=environment, timeout=60)

    def answer(self, *arguments):
        done = self.fristctl(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def assert_refused(self, status, what, *arguments):
        done = self.fristctl(*arguments)
        self.assertEqual((done.returncode, done.stdout), (status, ""), arguments)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(what, done.stderr)


class Register(RegisterTest):
    """A2: every inquiry of a mailbox, and where it stands."""

    def test_json(self):
        self.fill()
        rows = json.loads(self.answer("register", "--format", "json"))
        self.assertEqual([row["key"] for row in rows], ["MT-2025-0009", "MT-2026-0001", "MT-2026-0002", "XX-2026-0001"])
        for row in rows:
            self.assertEqual(list(row), KEYS)
        self.assertEqual(rows[2], {
            "key": "MT-2026-0002", "workflow": "borgmester", "round": 1, "step": "hos-sagsbehandler",
            "holder": {"role": "sagsbehandler", "name": "Medarbejder Vej", "address": "medarbejder.vej@example.dk"},
            "addressed_to": None, "received": "2026-03-27T09:00:00Z", "due": "2026-04-08T22:00:00Z",
            "deadlines": [{"name": "svar", "due": "2026-04-08T22:00:00Z", "standing": False, "left": 3,
                           "unit": "working days"}],
            "state": "open", "unseen": [], "case_link": None, "note": None, "also": [],
            "only_to": None, "missing": [], "promised": None})
        self.assertEqual((rows[1]["state"], rows[1]["round"], rows[1]["addressed_to"], rows[1]["holder"]["role"]),
                         ("overdue", 2, "borgmesteren", "postkasseansvarlig"))
        self.assertEqual((rows[0]["state"], rows[0]["holder"], rows[0]["unseen"], rows[0]["case_link"]),
                         ("final", None, ["hos-enhedsleder"], "https://sag.example.dk/7"))

    def test_inquiry_of_a_workflow_that_is_no_more(self):
        self.fill()
        row = json.loads(self.answer("register", "--format", "json"))[3]
        self.assertEqual((row["workflow"], row["step"], row["holder"], row["due"], row["state"]),
                         ("nedlagt", "et-trin", None, None, "open"))
        self.assertIn("XX-2026-0001", self.answer("register"))

    def test_one_workflow(self):
        self.fill()
        for name in ("borgmester", "MT", "mt", "borgmesterhenvendelse"):
            rows = json.loads(self.answer("register", "--workflow", name, "--format=json"))
            self.assertEqual(len(rows), 3, name)

    def test_table(self):
        self.fill()
        lines = self.answer("register").splitlines()
        self.assertTrue(all(len(line) <= 80 for line in lines), lines)
        keys = [line.split()[0] for line in lines[1:] if line[0] != " "]
        self.assertEqual(keys, ["MT-2026-0001/2", "MT-2026-0002", "XX-2026-0001", "MT-2025-0009"])
        self.assertIn("over fristen", lines[1])

    def test_csv(self):
        self.fill()
        rows = list(csv.DictReader(io.StringIO(self.answer("register", "--format", "csv"))))
        self.assertEqual([row["key"] for row in rows], ["MT-2025-0009", "MT-2026-0001", "MT-2026-0002", "XX-2026-0001"])
        self.assertEqual(rows[0]["subject"], "'=SUM(A1)")
        self.assertEqual((rows[2]["due"], rows[2]["state"]), ("2026-04-08", "open"))

    def test_empty(self):
        self.fill()
        with sqlite3.connect(self.database) as database:
            database.executescript("DROP TRIGGER transition_no_delete; DELETE FROM transition; DELETE FROM inquiry")
        database.close()
        self.assertEqual(json.loads(self.answer("register", "--format", "json")), [])
        self.assertIn("Nummer", self.answer("register"))

    def test_changes_nothing(self):
        self.fill()
        before = self.database.read_bytes()
        self.answer("register")
        self.assertEqual(self.database.read_bytes(), before)
        self.assertFalse((self.folder / "frist.db.lock").exists())

    def test_refused(self):
        self.fill()
        self.assert_refused(1, "there is no workflow xx; there are: borgmester, kb, medlem, post", "register",
                            "--workflow", "xx")
        self.assert_refused(2, "is no format", "register", "--format", "xml")
        self.assert_refused(2, "unexpected argument", "register", "MT")
        self.assert_refused(2, "--all", "register", "--all")

    def test_no_database(self):
        self.assert_refused(1, "does not exist", "register")
        self.assertFalse(self.database.exists())
        self.database.write_bytes(b"x" * 5000)
        self.assert_refused(1, "no database of fristd", "register")


class Show(RegisterTest):
    def test_json(self):
        self.fill()
        shown = json.loads(self.answer("show", "MT-2026-0002", "--json"))
        self.assertEqual(list(shown), KEYS + ["history"])
        self.assertEqual(shown["history"], [
            {"at": "2026-03-27T09:00:00Z", "rule": "A1", "step_before": None, "step_after": "modtaget", "round": 1,
             "actor": "spl", "acting_role": None, "evidence": "auth=pass", "message_id": None, "subject": None},
            {"at": "2026-03-27T10:00:00Z", "rule": "A1", "step_before": "modtaget", "step_after": "hos-sagsbehandler",
             "round": 1, "actor": None, "acting_role": None, "evidence": "auth=pass", "message_id": None,
             "subject": None}])

    def test_for_people(self):
        self.fill()
        text = self.answer("show", "mt-2026-0002")
        for words in ("MT-2026-0002  Hul i vejen", "Medarbejder Vej <medarbejder.vej@example.dk>, sagsbehandler",
                      "27-03-2026 kl. 10.00", "skærtorsdag", "modtaget -> hos sagsbehandler  (A1)", "ukendt afsender"):
            self.assertIn(words, text)

    def test_closed_for_people(self):
        self.fill()
        text = self.answer("show", "MT-2025-0009")
        self.assertIn("færdig", text)
        self.assertIn("https://sag.example.dk/7", text)
        self.assertRegex(text, r"Ikke set +hos")

    def test_steps_of_a_workflow_that_is_gone_by_their_id(self):
        self.fill()
        self.assertIn("modtaget -> et-trin  (A1)", self.answer("show", "XX-2026-0001"))

    def test_refused(self):
        self.fill()
        self.assert_refused(1, "there is no inquiry MT-2026-0099", "show", "MT-2026-0099")
        self.assert_refused(2, "give one KEY", "show")
        self.assert_refused(2, "give one KEY", "show", "MT-2026-0001", "MT-2026-0002")

    def test_help(self):
        self.assertIn("usage: fristctl show KEY [--json]", self.fristctl("show", "--help").stdout)
        self.assertIn("usage: fristctl register", self.fristctl("register", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
