"""fristctl courses and report (B1, B2, B3): what is registered, what is refused, and what is said of a quarter."""
import csv
import datetime
import io
import json
import os
import pathlib
import shutil
import sqlite3
import stat
import subprocess
import tempfile
import unittest

FRISTCTL = os.path.join(os.environ["FRIST_BIN"], "fristctl")
SOURCE = pathlib.Path(__file__).resolve().parents[2]

SUMMER = datetime.timezone(datetime.timedelta(hours=2))
NOW = 1790845200            # 2026-10-01 11:00 in Copenhagen
HEAD = "start;completion;format;unit;person;course\n"
BO = "2026-05-04;2026-05-06;attendance;vej;medarbejder-vej;God sagsbehandling\n"
EVA = "01-06-2026;;e-learning;park;Medarbejder.Park@example.dk;god SAGSBEHANDLING\n"
UNIT_KEYS = ["unit", "must_have", "valid", "new", "percent", "fulfilment", "inquiries"]


def epoch(text):
    """Of a day's beginning or a time of day, in summer."""
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=SUMMER).timestamp())


def image(number, due, stopped, person="medarbejder-vej", **changes):
    """due: the last day; stopped: local time, or None."""
    return {"key": f"MT-2026-{number:04}", "workflow": "borgmester", "mailbox": "mt", "step": "hos-sagsbehandler",
            "round": 1, "subject": "Hul i vejen", "received_at": NOW - 86400 * 60, "round_at": NOW - 86400 * 60,
            "step_at": NOW - 86400 * 60, "ended_at": 0,
            "assignments": [{"role": "sagsbehandler", "person": person}] if person else [],
            "clocks": [{"deadline": "svar", "started_at": NOW - 86400 * 60, "due_at": epoch(due) + 86400,
                        "stopped_at": epoch(stopped) if stopped else 0, "set_by_hand": False}], **changes}


INQUIRIES = [
    image(1, "2026-09-10", "2026-09-10 23:59"), image(2, "2026-09-10", "2026-09-11 00:00"),
    image(3, "2026-09-30", None), image(4, "2026-07-01", "2026-06-28 09:00", "medarbejder-park"),
    image(5, "2026-06-30", None), image(6, "2026-10-01", "2026-09-30 09:00"),
    image(7, "2026-09-01", None, None),
    image(8, "2026-09-01", "2026-08-30 09:00", closed="ikke en henvendelse", ended_at=NOW - 86400 * 32),
]


class CoursesTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="frist-courses-"))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(SOURCE / "conf", self.folder / "conf")
        self.config = self.folder / "conf" / "fristd.conf"
        self.database = self.folder / "frist.db"
        self.change("fristd.conf", "/var/lib/fristd/fristd.db", str(self.database))
        self.file = self.folder / "kurser.csv"

    def change(self, name, old, new):
        path = self.folder / "conf" / name
        text = path.read_text(encoding="utf-8")
        self.assertEqual(text.count(old), 1, old)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def fill(self, inquiries=()):
        with sqlite3.connect(self.database) as database:
            database.executescript((SOURCE / "lib/io/schema.sql").read_text(encoding="utf-8"))
            database.execute("PRAGMA application_id = 0x66726973")
            database.execute("PRAGMA user_version = 2")
            for one in inquiries:
                database.execute("INSERT INTO inquiry (key, workflow, mailbox, step, subject, received_at, ended_at,"
                                 " image) VALUES (?, ?, 'mt', ?, ?, ?, ?, ?)",
                                 (one["key"], one["workflow"], one["step"], one["subject"], one["received_at"],
                                  one["ended_at"], json.dumps(one)))
        database.close()

    def records(self):
        with sqlite3.connect(self.database) as database:
            rows = database.execute("SELECT person, course, started_on, completed_on, format, unit FROM course_record"
                                    " ORDER BY person, started_on").fetchall()
        database.close()
        return rows

    def fristctl(self, *arguments):
        environment = {"LC_ALL": "C", "TZ": "Pacific/Auckland", "FRIST_NOW": str(NOW),
                       "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
        return subprocess.run([FRISTCTL, "--config", str(self.config), *arguments], capture_output=True,
                              encoding="utf-8", env=environment, timeout=60)

    def answer(self, *arguments):
        done = self.fristctl(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def write(self, *lines, head=HEAD):
        self.file.write_text(head + "".join(lines), encoding="utf-8")

    def imported(self, *lines, **more):
        self.write(*lines, **more)
        return self.answer("courses", "import", str(self.file)).split(": ", 1)[1].strip()

    def refused(self, *faults, lines=()):
        """Every fault is (line, text); nothing is registered."""
        before = self.records()
        if lines:
            self.write(*lines)
        done = self.fristctl("courses", "import", str(self.file))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        told = done.stderr.splitlines()
        self.assertEqual(len(told), len(faults), done.stderr)
        for (line, text), fault in zip(faults, told):
            self.assertTrue(fault.startswith(f"{self.file}:{line}: "), fault)
            self.assertIn(text, fault)
        self.assertEqual(self.records(), before)

    def failed(self, status, what, *arguments):
        done = self.fristctl(*arguments)
        self.assertEqual((done.returncode, done.stdout), (status, ""), arguments)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(what, done.stderr)


class Import(CoursesTest):
    def test_registers(self):
        self.fill()
        self.assertEqual(self.imported(BO, EVA), "2 added, 0 changed, 0 unchanged")
        self.assertEqual(self.records(), [
            ("medarbejder-park", "God sagsbehandling", "2026-06-01", None, "e-learning", "park"),
            ("medarbejder-vej", "God sagsbehandling", "2026-05-04", "2026-05-06", "attendance", "vej")])

    def test_twice_changes_nothing(self):
        self.fill()
        self.imported(BO, EVA)
        before = self.database.read_bytes()
        self.assertEqual(self.imported(BO, EVA), "0 added, 0 changed, 2 unchanged")
        self.assertEqual(self.database.read_bytes(), before)

    def test_longer_and_corrected(self):
        self.fill()
        self.imported(BO, EVA)
        more = "2026-09-01;2026-09-01;attendance;vej;medarbejder-vej;Genopfriskning i god sagsbehandling\n"
        self.assertEqual(self.imported(BO.replace("05-06", "05-07"), EVA.replace(";;", ";2026-06-02;"), more),
                         "1 added, 2 changed, 0 unchanged")
        self.assertEqual([row[3] for row in self.records()], ["2026-06-02", "2026-05-07", "2026-09-01"])
        # a file of starts takes no completion back
        self.assertEqual(self.imported(EVA), "0 added, 0 changed, 1 unchanged")

    def test_as_a_spreadsheet_writes_it(self):
        self.fill()
        self.file.write_bytes("\ufeff\"person\",course,unit,\"format\",start,completion\r\n"
                              "medarbejder-vej,\"God sagsbehandling\",vej,attendance,04-05-2026,\r\n\r\n".encode())
        self.assertIn("1 added", self.answer("courses", "import", str(self.file)))
        self.assertIn("0 added", self.imported())

    def test_bad_lines(self):
        self.fill()
        self.imported(EVA)
        self.refused((3, "there is no person \"medarbejder-vje\": write an id or address of people.conf, which also "
                          "keeps those who have left; did you mean \"medarbejder-vej\"?"),
                     lines=[EVA, BO.replace("medarbejder-vej", "medarbejder-vje")])
        self.refused((2, "there is no unit \"vaj\": write one of people.conf; did you mean \"vej\"?"),
                     lines=[BO.replace(";vej;", ";vaj;")])
        self.refused((2, "leave others out; did you mean \"God sagsbehandling\"?"),
                     lines=[BO.replace("ling\n", "lin\n")])
        self.refused((2, "none of \"e-learning\", \"attendance\""), lines=[BO.replace("attendance", "fremmøde")])
        self.refused((2, "which is no date such as"), lines=[BO.replace("2026-05-06", "2026-02-29")])
        self.refused((2, "\"completion\" lies before \"start\""), lines=[BO.replace("2026-05-06", "2026-05-03")])
        self.refused((2, "\"start\" lies in the future"), (2, "\"completion\" lies before"),
                     lines=[BO.replace("2026-05-04", "2026-10-02")])
        self.refused((2, "\"completion\" lies in the future"), lines=[BO.replace("2026-05-06", "2026-10-02")])
        self.refused((2, "lacks \"person\": the person's id or address"), lines=[BO.replace("medarbejder-vej", "")])
        self.refused((2, "7 fields, and the first line names 6"), lines=[BO.replace("\n", ";x\n")])
        self.refused((4, f"is at {self.file}:2 already: leave one"), lines=[BO, EVA, BO.replace("05-06", "05-07")])
        self.refused((3, "a quote is opened here and never closed"), (3, "\"start\" holds characters"),
                     (3, "lacks \"format\""), (3, "lacks \"unit\""), (3, "lacks \"person\""), (3, "lacks \"course\""),
                     lines=[BO, '"2026-05-06;\n'])

    def test_today_is_not_the_future(self):
        self.fill()
        self.imported(BO.replace("2026-05-04;2026-05-06", "2026-10-01;2026-10-01"))
        self.assertEqual(len(self.records()), 1)

    def test_bad_heads(self):
        self.fill()
        self.write(BO, head=HEAD.replace("person", "navn"))
        self.refused((1, "has no column \"navn\""), (1, "lacks the column \"person\""))
        self.write(BO, head=HEAD.replace("person", "\x1b[2Jperson"))
        self.refused((1, "column 5 holds characters that cannot be seen"), (1, "lacks the column \"person\""))

    def test_hostile_files(self):
        self.fill()
        self.file.write_bytes(HEAD.encode() + BO.replace("vej;m", "v\xe6j;m").encode("latin-1"))
        self.refused((1, "not UTF-8"))
        self.file.write_bytes(HEAD.encode() + b"\0" + BO.encode())
        self.refused((1, "not UTF-8"))
        self.file.write_bytes(b"")
        self.refused((1, "is empty"))
        self.file.write_bytes(b"x" * (1024 * 1024 + 1))
        self.refused((1, "larger than 1048576 bytes"))
        self.write("x\n" * 20001)
        done = self.fristctl("courses", "import", str(self.file))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("\n"), 500)
        self.write("x" * 1001 + ";;e-learning;vej;medarbejder-vej;God sagsbehandling\n")
        self.refused((2, "longer than 1000 bytes"), lines=())
        self.write(";" * 200000 + "\n")
        self.assertEqual(self.fristctl("courses", "import", str(self.file)).returncode, 1)
        self.write(BO)
        self.file.chmod(0o666)
        self.refused((1, "may be written by everybody"))
        self.file.unlink()
        os.mkfifo(self.file)
        self.refused((1, "is no ordinary file"))
        self.assertEqual(self.records(), [])

    def test_more_lines_than_are_taken(self):
        self.fill()
        self.file.write_text("unit,start,format,person,course\n" + "vej,2026-05-04,e-learning,a,b\n" * 20001)
        done = self.fristctl("courses", "import", str(self.file))
        self.assertEqual((done.returncode, self.records()), (1, []))

    def test_nothing_hostile_reaches_the_terminal(self):
        self.fill()
        self.refused((2, "\"person\" holds characters that cannot be seen"),
                     lines=[BO.replace("medarbejder-vej", "\x1b[2Jmedarbejder-vej")])
        self.refused((2, "\"course\" holds characters that cannot be seen"),
                     lines=[BO.replace("God", "\u202eGod")])

    def test_cpr_numbers_are_neither_kept_nor_told(self):
        self.fill()
        for field, places in (("medarbejder-vej", "person"), (";vej;", "unit"), ("2026-05-04", "start"),
                              ("God", "course")):
            for number in ("010190-1234", "0101901234", "010190 1234"):
                new = f";{number};" if field[0] == ";" else number
                self.write(BO.replace(field, new))
                done = self.fristctl("courses", "import", str(self.file))
                self.assertEqual(done.returncode, 1, places)
                self.assertNotIn("1234", done.stdout + done.stderr)
        self.write(BO, head=HEAD.replace("person", "010190-1234"))
        self.assertNotIn("1234", self.fristctl("courses", "import", str(self.file)).stderr)
        self.assertEqual(self.records(), [])

    def test_a_person_whose_id_is_a_cpr_number(self):
        self.fill()
        self.change("people.conf", "id = \"medarbejder-vej\"", "id = \"010190-1234\"")
        self.refused((2, "\"person\" is a CPR number: write the person's id or address"),
                     lines=[BO.replace("medarbejder-vej", "010190-1234")])

    def test_no_course_is_asked_for(self):
        self.fill()
        (self.folder / "conf/workflows/kurser.conf").unlink()
        self.write(BO)
        self.failed(1, "which course is asked for", "courses", "import", str(self.file))
        self.failed(1, "which course is asked for", "report", "--fulfilment")

    def test_no_database(self):
        self.write(BO)
        self.failed(1, "nothing was imported: database", "courses", "import", str(self.file))
        self.assertFalse(self.database.exists())
        self.failed(1, "does not exist", "report", "--fulfilment")

    def test_locked_by_somebody_who_does_not_let_go(self):
        self.fill()
        self.write(BO)
        other = sqlite3.connect(self.database, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        self.failed(1, "database is locked", "courses", "import", str(self.file))
        other.execute("ROLLBACK")
        self.assertEqual(self.records(), [])

    def test_usage(self):
        for arguments in ((), ("import",), ("export", "x"), ("import", "x", "y"), ("list",),
                          ("import", "x", "--format", "csv")):
            self.failed(2, "say import and one FILE, or list and one UNIT", "courses", *arguments)
        self.failed(2, "is no format", "courses", "list", "vej", "--format", "xml")
        self.assertIn("usage: fristctl courses import FILE | list UNIT", self.fristctl("courses", "--help").stdout)


class List(CoursesTest):
    def setUp(self):
        super().setUp()
        self.fill()

    def test_json(self):
        self.imported(BO, EVA, BO.replace("2026-05-04;2026-05-06", "2026-09-01;"))
        self.assertEqual(json.loads(self.answer("courses", "list", "vej", "--format", "json")), [
            {"person": "medarbejder-vej", "name": "Medarbejder Vej", "course": "God sagsbehandling", "unit": "vej",
             "format": "attendance", "started": "2026-05-04", "completed": "2026-05-06"},
            {"person": "medarbejder-vej", "name": "Medarbejder Vej", "course": "God sagsbehandling", "unit": "vej",
             "format": "attendance", "started": "2026-09-01", "completed": None}])
        self.assertEqual(json.loads(self.answer("courses", "list", "ingen", "--format", "json")), [])

    def test_table(self):
        refresher = "01-06-2026;;e-learning;vej;leder-vej;Genopfriskning i god sagsbehandling\n"
        self.imported(BO, EVA, refresher)
        self.assertEqual(self.answer("courses", "list", "vej"), """\
Navn             Kursus                         Form      Påbegyndt   Gennemført
Enhedsleder Vej  Genopfriskning i god sagsbeh…  e-læring  01-06-2026
Medarbejder Vej  God sagsbehandling             fremmøde  04-05-2026  06-05-2026
""")

    def test_csv_of_somebody_whom_nobody_knows_any_more(self):
        """Formulas are text, wherever they came from: also in a database that somebody has edited."""
        with sqlite3.connect(self.database) as database:
            database.execute("INSERT INTO course_record VALUES ('=1+1', '@SUM(A1)', '2020-01-01', NULL, 'e-learning',"
                             " 'vej', 0)")
        database.close()
        self.assertEqual(self.answer("courses", "list", "vej", "--format", "csv").splitlines()[1:], [
            "\"'=1+1\",\"'=1+1\",\"'@SUM(A1)\",\"vej\",\"e-learning\",\"2020-01-01\",\"\""])


class Report(CoursesTest):
    def setUp(self):
        super().setUp()
        self.fill(INQUIRIES)

    def units(self, *arguments):
        report = json.loads(self.answer("report", "--fulfilment", "--format", "json", *arguments))
        self.assertEqual(list(report), ["course", "period", "as_of", "units"])
        for unit in report["units"]:
            self.assertEqual(list(unit), UNIT_KEYS)
        return report, {unit["unit"]: unit for unit in report["units"]}

    def test_units(self):
        leader = "2026-05-04;2026-05-06;attendance;vej;leder-vej;God sagsbehandling\n"
        self.imported(BO, EVA, leader)
        report, units = self.units()
        self.assertEqual((report["course"], report["period"], report["as_of"]),
                         ("God sagsbehandling", "2026Q3", "2026-09-30"))
        self.assertEqual(list(units), ["sekretariat", "vej", "park", None])
        self.assertEqual(units["vej"], {
            "unit": "vej", "must_have": 2, "valid": 2, "new": 0, "percent": 100, "fulfilment": "fulfils",
            "inquiries": {"due": 3, "in_time": 1, "percent": 33}})
        self.assertEqual(units["park"], {
            "unit": "park", "must_have": 2, "valid": 0, "new": 0, "percent": 0, "fulfilment": "fails",
            "inquiries": {"due": 1, "in_time": 1, "percent": 100}})
        self.assertEqual(units["sekretariat"]["inquiries"], {"due": 0, "in_time": 0, "percent": None})
        self.assertEqual(units[None], {
            "unit": None, "must_have": 0, "valid": 0, "new": 0, "percent": None, "fulfilment": None,
            "inquiries": {"due": 1, "in_time": 0, "percent": 0}})

    def test_thresholds_of_the_file(self):
        self.imported(BO)
        self.assertEqual(self.units()[1]["vej"]["fulfilment"], "fails")
        self.change("workflows/kurser.conf", "partly_percent = 75", "partly_percent = 50")
        self.assertEqual(self.units()[1]["vej"]["fulfilment"], "partly")
        self.change("workflows/kurser.conf", "fulfils_percent = 95", "fulfils_percent = 50")
        self.assertEqual(self.units()[1]["vej"]["fulfilment"], "fulfils")

    def test_periods(self):
        self.imported(BO)
        for period, as_of, valid in (("2026Q1", "2026-03-31", 0), ("2026Q2", "2026-06-30", 1),
                                     ("2026Q4", "2026-10-01", 1)):
            report, units = self.units("--period", period)
            self.assertEqual((report["period"], report["as_of"], units["vej"]["valid"]), (period, as_of, valid))
        self.assertEqual(self.units("--period=2026Q2")[1]["vej"]["inquiries"], {"due": 1, "in_time": 0, "percent": 0})
        self.failed(1, "the period 2027Q1 has not begun", "report", "--fulfilment", "--period", "2027Q1")
        self.failed(2, "is no period such as 2026Q3", "report", "--fulfilment", "--period", "2026Q7")

    def test_who_moved_and_who_left(self):
        self.imported(BO, EVA.replace(";;", ";2026-06-02;"))
        self.change("people.conf", "logins = [ \"medarbejder.vej@example.dk\" ]; unit = \"vej\"",
                    "logins = [ \"medarbejder.vej@example.dk\" ]; unit = \"park\"")
        self.change("people.conf", "logins = [ \"leder.park@example.dk\" ]; unit = \"park\"",
                    "employed_until = \"29-09-2026\"; unit = \"park\"")
        units = self.units()[1]
        self.assertEqual((units["park"]["must_have"], units["park"]["valid"]), (2, 2))
        self.assertEqual((units["vej"]["must_have"], units["vej"]["valid"]), (1, 0))
        self.assertEqual(self.units("--period", "2026Q2")[1]["park"]["must_have"], 3)

    def test_table(self):
        self.imported(BO)
        text = self.answer("report", "--fulfilment")
        self.assertTrue(all(len(line) <= 80 for line in text.splitlines()), text)
        self.assertEqual(text, """\
God sagsbehandling, 3. kvartal 2026
Opgjort den 30. september 2026

Enhed        Skal have det  Har det  Andel  Nye  Kravet
sekretariat  2              0        0 %    0    opfylder ikke
vej          2              1        50 %   0    opfylder ikke
park         2              0        0 %    0    opfylder ikke

Opfylder: mindst 95 %. Opfylder delvist: mindst 75 %.

Henvendelser, fristen »svar«

Enhed        Frist i kvartalet  Besvaret i tide  Andel
sekretariat  0                  0
vej          3                  1                33 %
park         1                  1                100 %
uden enhed   1                  0                0 %
""")

    def test_csv(self):
        self.imported(BO)
        rows = list(csv.DictReader(io.StringIO(self.answer("report", "--fulfilment", "--format", "csv"))))
        self.assertEqual(rows[1], {
            "period": "2026Q3", "as_of": "2026-09-30", "unit": "vej", "must_have": "2", "valid": "1", "new": "0",
            "percent": "50", "fulfilment": "fails", "inquiries_due": "3", "inquiries_in_time": "1",
            "inquiries_percent": "33"})
        self.assertEqual((rows[0]["inquiries_percent"], rows[3]["unit"], rows[3]["fulfilment"]), ("", "", ""))

    def change_names(self):
        self.change("people.conf", "name = \"Enhedsleder Vej\"", "name = \"=HYPERLINK(1)\"")
        self.change("people.conf", "logins = [ \"medarbejder.vej@example.dk\" ]",
                    "logins = [ \"medarbejder.vej@example.dk\" ]; employed_from = \"31-07-2026\"")

    def test_missing(self):
        self.change_names()
        self.imported(BO.replace("2026-05-04;2026-05-06", "2026-09-01;"),
                      BO.replace("2026-05-04;2026-05-06", "2023-01-02;2023-01-03").replace("medarbejder", "leder"))
        report = json.loads(self.answer("report", "--fulfilment", "--missing", "vej", "--format", "json"))
        self.assertEqual(report, {
            "course": "God sagsbehandling", "period": "2026Q3", "as_of": "2026-09-30", "unit": "vej", "people": [
                {"person": "leder-vej", "name": "=HYPERLINK(1)", "state": "refresher-due", "experienced": True,
                 "started": None, "completed": "2023-01-03", "due": "2026-01-03"},
                {"person": "medarbejder-vej", "name": "Medarbejder Vej", "state": "new", "experienced": False,
                 "started": "2026-09-01", "completed": None, "due": "2026-10-31"}]})
        self.assertEqual(self.answer("report", "--fulfilment", "--missing", "vej"), """\
God sagsbehandling, 3. kvartal 2026, vej
Opgjort den 30. september 2026

Navn             Står                    Påbegyndt   Gennemført  Senest
=HYPERLINK(1)    mangler genopfriskning              03-01-2023  03-01-2026
Medarbejder Vej  ny                      01-09-2026              31-10-2026
""")

    def test_formulas_are_text_in_csv(self):
        self.change_names()
        text = self.answer("report", "--fulfilment", "--missing", "vej", "--format", "csv")
        self.assertEqual(text.splitlines()[1:], [
            "\"vej\",\"leder-vej\",\"'=HYPERLINK(1)\",\"missing\",\"true\",\"\",\"\",\"\"",
            "\"vej\",\"medarbejder-vej\",\"Medarbejder Vej\",\"new\",\"false\",\"\",\"\",\"2026-10-31\""])

    def test_names_are_those_of_the_unit(self):
        text = self.answer("report", "--fulfilment", "--missing", "park")
        self.assertIn("Medarbejder Park", text)
        self.assertNotIn("Medarbejder Vej", text)
        self.failed(1, "there is no unit veje", "report", "--fulfilment", "--missing", "veje")

    def test_nobody_is_missing(self):
        self.imported(EVA.replace(";;", ";2026-06-02;"), EVA.replace(";;", ";2026-06-02;").replace("Medarb", "leder")
                      .replace("lederejder", "leder"))
        self.assertIn("Ingen mangler noget.", self.answer("report", "--fulfilment", "--missing", "park"))

    def test_changes_nothing(self):
        before = self.database.read_bytes()
        self.answer("report", "--fulfilment")
        self.assertEqual(self.database.read_bytes(), before)
        self.assertEqual(stat.S_IMODE(self.database.stat().st_mode) & 0o200, 0o200)

    def test_usage(self):
        self.failed(2, "say which report", "report")
        self.failed(2, "is no format", "report", "--fulfilment", "--format", "xml")
        self.failed(2, "unexpected argument", "report", "--fulfilment", "vej")


if __name__ == "__main__":
    unittest.main()
