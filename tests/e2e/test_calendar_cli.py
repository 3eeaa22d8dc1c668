"""fristctl calendar: what scripts parse, what people read, and how it fails."""
import datetime
import json
import os
import subprocess
import unittest

FRISTCTL = os.path.join(os.environ["FRIST_BIN"], "fristctl")


def fristctl(*arguments):
    # Neither the locale nor the zone of the machine has a say.
    environment = {"LC_ALL": "C", "TZ": "Pacific/Auckland", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
    return subprocess.run([FRISTCTL, *arguments], capture_output=True, encoding="utf-8", env=environment, timeout=60)


class CalendarTest(unittest.TestCase):
    maxDiff = None

    def answer(self, *arguments):
        done = fristctl("calendar", *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def deadline(self, start, length):
        return json.loads(self.answer("--from", start, "--length", length, "--json"))

    def assert_refused(self, status, what, *arguments):
        done = fristctl("calendar", *arguments)
        self.assertEqual((done.returncode, done.stdout), (status, ""), arguments)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertTrue(done.stderr.endswith("\n"))
        self.assertIn(what, done.stderr)


SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "conf", "fristd.conf")


class ClosingDays(CalendarTest):
    def configured(self, *arguments):
        done = fristctl("--config", SAMPLE, "calendar", *arguments, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def test_year_lists_them(self):
        closing = [(day["date"], day["name"]) for day in self.configured("2026") if day["kind"] == "closing"]
        self.assertEqual(closing, [
            ("2026-05-15", "fredag efter Kristi himmelfartsdag"), ("2026-06-05", "grundlovsdag"),
            ("2026-12-24", "juleaftensdag"), ("2026-12-31", "nytårsaftensdag")])

    def test_they_count_as_working_days_unless_asked_for(self):
        count = ("--from", "2026-05-12", "--length", "3 arbejdsdage")
        self.assertEqual(self.configured(*count)["due"], "2026-05-18")
        closed = self.configured(*count, "--closing-days")
        self.assertEqual(closed["due"], "2026-05-19")
        self.assertIn({"date": "2026-05-15", "counts": False, "why": "fredag efter Kristi himmelfartsdag"},
                      closed["days"])

    def test_a_configuration_that_is_named_must_be_there(self):
        done = fristctl("--config", "/nonexistent/fristd.conf", "calendar", "2026")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/nonexistent/fristd.conf", done.stderr)


class Year(CalendarTest):
    def test_2026(self):
        self.assertEqual(json.loads(self.answer("2026", "--json")), [
            {"date": date, "name": name, "kind": "holiday"} for date, name in (
                ("2026-01-01", "nytårsdag"),
                ("2026-04-02", "skærtorsdag"),
                ("2026-04-03", "langfredag"),
                ("2026-04-05", "påskedag"),
                ("2026-04-06", "2. påskedag"),
                ("2026-05-14", "Kristi himmelfartsdag"),
                ("2026-05-24", "pinsedag"),
                ("2026-05-25", "2. pinsedag"),
                ("2026-12-25", "juledag"),
                ("2026-12-26", "2. juledag"))])

    def test_store_bededag_ends_with_2023(self):
        for year, date in (("2023", "2023-05-05"), ("2024", None)):
            days = {day["name"]: day["date"] for day in json.loads(self.answer(year, "--json"))}
            self.assertEqual(days.get("store bededag"), date)

    def test_first_and_last_year(self):
        self.assertIn("1990-04-15", self.answer("1990", "--json"))
        self.assertIn("2200-04-06", self.answer("--json", "2200"))

    def test_for_people(self):
        lines = self.answer("2026").splitlines()
        self.assertEqual(len(lines), 10)
        self.assertEqual(lines[1], "02-04-2026  torsdag  skærtorsdag              helligdag")
        self.assertTrue(all(len(line) <= 80 for line in lines))
        self.assertEqual(len({line.index("helligdag") for line in lines}), 1)

    def test_outside_the_range(self):
        for year in ("1989", "2201", "0", "99999999999999999999", "02026"):
            self.assert_refused(2, "1990-2200", year)
            self.assert_refused(2, year, year, "--json")


class Deadline(CalendarTest):
    def test_over_easter(self):
        answer = self.deadline("2026-03-27", "5 arbejdsdage")
        self.assertEqual(answer["due"], "2026-04-08")
        self.assertEqual([(day["date"], day["counts"], day["why"]) for day in answer["days"]], [
            ("2026-03-28", False, "lørdag"),
            ("2026-03-29", False, "søndag"),
            ("2026-03-30", True, None),
            ("2026-03-31", True, None),
            ("2026-04-01", True, None),
            ("2026-04-02", False, "skærtorsdag"),
            ("2026-04-03", False, "langfredag"),
            ("2026-04-04", False, "lørdag"),
            ("2026-04-05", False, "påskedag"),
            ("2026-04-06", False, "2. påskedag"),
            ("2026-04-07", True, None),
            ("2026-04-08", True, None)])

    def test_every_day_is_there_once(self):
        for start, length, count in (("2025-12-22", "10 arbejdsdage", 10), ("2028-02-25", "250 arbejdsdage", 250)):
            answer = self.deadline(start, length)
            first = datetime.date.fromisoformat(start)
            expected = [(first + datetime.timedelta(days=number + 1)).isoformat()
                        for number in range((datetime.date.fromisoformat(answer["due"]) - first).days)]
            self.assertEqual([day["date"] for day in answer["days"]], expected)
            self.assertEqual(sum(day["counts"] for day in answer["days"]), count)
            self.assertTrue(all(day["counts"] == (day["why"] is None) for day in answer["days"]))

    def test_calendar_days_all_count(self):
        answer = self.deadline("2026-03-27", "7 dage")
        self.assertEqual(answer["due"], "2026-04-03")
        self.assertEqual([day["counts"] for day in answer["days"]], [True] * 7)

    def test_before_and_on_the_day(self):
        """No deadline, here as in a workflow."""
        for length in ("-2 arbejdsdage", "0 arbejdsdage", "-5 dage"):
            self.assert_refused(2, f'"{length}" is too short: one day at least', "--from", "2026-04-08", "--length",
                                length)

    def test_dates_as_people_write_them(self):
        for start in ("27-03-2026", "27/3-2026", "27.3.2026", "27/03/26", "27. marts 2026"):
            self.assertEqual(self.deadline(start, "5 arbejdsdage")["due"], "2026-04-08", start)

    def test_for_people(self):
        lines = self.answer("--from=2026-03-31", "--length=2 arbejdsdage").splitlines()
        self.assertEqual(lines, [
            "Frist: tirsdag den 7. april 2026",
            "01-04-2026  onsdag   dag 1",
            "02-04-2026  torsdag  -       skærtorsdag",
            "03-04-2026  fredag   -       langfredag",
            "04-04-2026  lørdag   -       lørdag",
            "05-04-2026  søndag   -       påskedag",
            "06-04-2026  mandag   -       2. påskedag",
            "07-04-2026  tirsdag  dag 2"])

    def test_outside_the_range(self):
        for start, length in (("1989-12-31", "5 dage"), ("2201-01-01", "5 dage"), ("2200-12-31", "1 dag")):
            self.assert_refused(2, "1990-2200", "--from", start, "--length", length)


class Usage(CalendarTest):
    def test_what_is_no_question(self):
        either = "either a YEAR, or --from and --length"
        self.assert_refused(2, either)
        self.assert_refused(2, either, "--json")
        self.assert_refused(2, either, "2026", "2027")
        self.assert_refused(2, either, "--from", "2026-03-27")
        self.assert_refused(2, either, "--length", "5 dage")
        self.assert_refused(2, either, "2026", "--from", "2026-03-27", "--length", "5 dage")
        self.assert_refused(2, "\"i år\" is no year", "i år")
        self.assert_refused(2, "is no year", "")
        self.assert_refused(2, "--frm", "--frm", "2026-03-27")

    def test_what_is_no_date_or_length(self):
        for date in ("2026-02-29", "27/3", "i morgen", ""):
            self.assert_refused(2, "\"%s\" is no date" % date, "--from", date, "--length", "5 dage")
        for length in ("5", "fem dage", "5 uger", "3651 dage", ""):
            self.assert_refused(2, "\"%s\" is" % length, "--from", "2026-03-27", "--length", length)

    def test_help(self):
        self.assertIn("usage: fristctl calendar YEAR", self.answer("--help"))
        self.assertIn("calendar", fristctl("--help").stdout)


if __name__ == "__main__":
    unittest.main()
