"""people.conf: who is there today, who stands in, in whose name somebody sends, whose term it is; people from CSV."""
import unittest

from test_replay_cli import (HEAD, LEADER, MAILBOX, OTHER_LEADER, OWNER, WORKER, ReplayTest, assignment, letter,
                             opening, reminders)

KEY = "MT-2026-0001"
CHEF = '{ id = "chef"; name = "Afdelingschef";'
WORKER_ROW = '{ id = "medarbejder-vej"; name = "Medarbejder Vej";'
HEAD_ROLE = '{ role = "afdelingschef"; members = [ "chef" ]; }'


class PeopleTest(ReplayTest):
    def setUp(self):
        super().setUp()
        self.people = self.config.with_name("people.conf")

    def change(self, before, after):
        text = self.people.read_text(encoding="utf-8")
        self.assertEqual(text.count(before), 1, before)
        self.people.write_text(text.replace(before, after), encoding="utf-8")

    def add(self, row, more):
        self.change(row, f"{row} {more}")

    def tell(self, *letters):
        for number, text in enumerate(letters, 1):
            self.store(str(number), text)

    def outcomes(self, *arguments):
        messages, _, _ = self.replay_maildir("--to", "2026-04-13", *arguments)
        return [(one["outcome"], one["rule"]) for one in messages]

    def draft(self, number=3, at="2026-03-31 10:00", to=HEAD):
        return letter(number, at, WORKER, [to], "SV: Hul i vejen", cc=[MAILBOX], answers=[1, 2])

    def approval(self, number, at, sender, more=""):
        text = letter(number, at, sender, [WORKER], "[GODKENDT] Hul i vejen", cc=[MAILBOX], answers=[1, 2, 3])
        return text.replace("\nTo:", f"{more}\nTo:", 1)


class StandIns(PeopleTest):
    def setUp(self):
        super().setUp()
        self.add(CHEF, 'away = ( { from = "01-04-2026"; until = "10-04-2026"; stand_in = "leder-vej"; } );')

    def test_may_do_what_the_absent_may_while_he_is_away(self):
        self.tell(opening(), assignment(), self.draft(), self.approval(4, "2026-04-01 10:00", LEADER))
        self.assertEqual(self.outcomes()[3], ("moved", "A6"))

    def test_not_before(self):
        self.tell(opening(), assignment(), self.draft(), self.approval(4, "2026-03-31 12:00", LEADER))
        self.assertNotEqual(self.outcomes()[3], ("moved", "A6"))

    def test_nobody_else(self):
        self.tell(opening(), assignment(), self.draft(), self.approval(4, "2026-04-01 10:00", OTHER_LEADER))
        self.assertEqual(self.outcomes()[3][0], "refused")

    def test_not_on_an_answer_of_his_own(self):
        self.change('stand_in = "leder-vej"; } );', 'stand_in = "medarbejder-vej"; } );')
        self.tell(opening(), assignment(), self.draft(), self.approval(4, "2026-04-01 10:00", WORKER))
        self.assertEqual(self.outcomes()[3][0], "refused")

    def test_not_on_the_answer_of_another_for_whom_he_stands_in_as_well(self):
        self.change('stand_in = "leder-vej"; } );', 'stand_in = "medarbejder-park"; } );')
        self.add(WORKER_ROW, 'stand_in = "medarbejder-park"; away = ( { from = "2026-04-01"; until = "2026-04-10"; });')
        self.tell(opening(), assignment(), self.draft(),
                  self.approval(4, "2026-04-01 10:00", "medarbejder.park@example.dk"))
        self.assertEqual(self.outcomes()[3][0], "refused")

    def test_not_for_the_leader_to_whom_it_was_given(self):
        self.add('{ id = "leder-vej"; name = "Enhedsleder Vej";', 'stand_in = "medarbejder-vej";'
                 ' away = ( { from = "01-04-2026"; until = "10-04-2026"; } );')
        self.tell(opening(), assignment(), self.draft(to=LEADER), self.approval(4, "2026-04-01 10:00", WORKER))
        self.assertEqual(self.outcomes()[2:], [("moved", "A5"), ("refused", None)])

    def test_the_absent_himself_still_may(self):
        self.tell(opening(), assignment(), self.draft(), self.approval(4, "2026-04-01 10:00", HEAD))
        self.assertEqual(self.outcomes()[3], ("moved", "A6"))

    def test_gets_the_mails_of_the_absent_and_is_told_why(self):
        self.tell(opening(), assignment())
        mails = self.folder / "mails"
        _, sent, _ = self.replay_maildir("--to", "2026-04-14", "--mails", mails)
        self.assertIn(("2026-04-09", LEADER, "overskredet", False, KEY), reminders(sent))
        away = [mail for mail in sent if "2026-04-01" <= mail["at"][:10] <= "2026-04-10"]
        self.assertNotIn([HEAD], [mail["to"] for mail in away])
        self.assertIn([HEAD], [mail["to"] for mail in sent])
        texts = [path.read_text(encoding="utf-8") for path in sorted(mails.iterdir())]
        told = [text for text in texts if "for Afdelingschef, som er" in text]
        self.assertTrue(told)
        self.assertTrue(all(f"<{LEADER}>" in text for text in told))

    def test_is_told_at_once_for_the_absent(self):
        self.add(WORKER_ROW, 'stand_in = "medarbejder-park"; away = ( { from = "2026-04-01"; until = "2026-04-10"; });')
        answer = letter(3, "2026-03-31 10:00", WORKER, [MAILBOX], "SV: Hul i vejen", answers=[1, 2],
                        text="https://sbsys.example.dk/sag/4711")
        self.tell(opening(), assignment(), answer, letter(4, "2026-04-01 10:00", "spl@example.dk", [MAILBOX],
                                                          "[AFSENDT] MT-2026-0001"))
        _, sent, _ = self.replay_maildir("--to", "2026-04-02")
        self.assertIn(("afsendt", ["medarbejder.park@example.dk"]), [(one["template"], one["to"]) for one in sent])

    def test_a_chain_of_absences_ends_at_who_is_there(self):
        self.add('{ id = "leder-vej"; name = "Enhedsleder Vej";',
                 'stand_in = "leder-park"; away = ( { from = "2026-04-07"; until = "2026-04-09"; } );')
        self.tell(opening(), assignment())
        _, sent, _ = self.replay_maildir("--to", "2026-04-10")
        self.assertIn(("2026-04-09", OTHER_LEADER, "overskredet", False, KEY), reminders(sent))


class OwnerAway(PeopleTest):
    def test_the_deputy_keeps_the_mailbox_when_nobody_stands_in(self):
        self.add('{ id = "postkasseansvarlig"; name = "Postkasseansvarlig";',
                 'away = ( { from = "01-04-2026"; until = "10-04-2026"; } );')
        self.tell(opening(), letter(2, "2026-03-31 15:00", "borger@citizens.example", [MAILBOX], "Ros"))
        mails = self.folder / "mails"
        _, sent, _ = self.replay_maildir("--to", "2026-04-14", "--mails", mails)
        told = {}
        for path, one in zip(sorted(mails.iterdir()), sent):
            if "KUNNE PLACERES" in path.read_text(encoding="utf-8"):
                told[one["at"][:10]] = one["to"]
        self.assertEqual(told["2026-04-01"], ["stedfortraeder@example.dk"])
        self.assertEqual(told["2026-04-13"], [OWNER])


class DaysOff(PeopleTest):
    def test_a_reminder_comes_before_a_day_off(self):
        """Works part time."""
        self.add(WORKER_ROW, 'weekdays_off = "onsdag";')
        self.tell(opening(), assignment())
        _, sent, _ = self.replay_maildir("--to", "2026-04-13")
        self.assertEqual([row[:3] for row in reminders(sent) if row[1] == WORKER], [
            ("2026-03-31", WORKER, "paamindelse"), ("2026-04-07", WORKER, "svarfrist-udloeber"),
            ("2026-04-09", WORKER, "overskredet")])

    def test_a_rung_on_a_closing_day_is_called_before_it(self):
        self.tell(opening(1, "2026-12-23 10:00"), assignment(2, "2026-12-23 11:00"))
        _, sent, _ = self.replay_maildir("--to", "2027-01-10")
        called = [row[:3] for row in reminders(sent)]
        self.assertIn(("2026-12-30", LEADER, "svarfrist-udloeber"), called)
        self.assertIn(("2027-01-04", HEAD, "overskredet"), called)


class Terms(PeopleTest):
    def test_each_group_in_its_term(self):
        self.change(HEAD_ROLE, '{ role = "afdelingschef"; until = "31-03-2026"; members = [ "chef" ]; },\n'
                    '  { role = "afdelingschef"; from = "01-04-2026"; members = [ "leder-park" ]; }')
        self.tell(opening(), assignment(), self.draft(at="2026-04-01 09:00", to=OTHER_LEADER),
                  self.approval(4, "2026-04-01 10:00", HEAD), self.approval(5, "2026-04-01 11:00", OTHER_LEADER))
        self.assertEqual(self.outcomes()[2:], [("moved", "A5-chef"), ("refused", None), ("moved", "A6")])

    def test_a_leader_whose_term_is_over(self):
        """His successor approves what was given to him, and is reminded of it."""
        self.change('{ role = "enhedsleder"; members = [ "leder-vej", "leder-park" ]; }',
                    '{ role = "enhedsleder"; until = "31-03-2026"; members = [ "leder-vej" ]; },\n'
                    '  { role = "enhedsleder"; from = "01-04-2026"; members = [ "leder-park" ]; }')
        self.tell(opening(), assignment(), self.draft(at="2026-03-31 09:00", to=LEADER),
                  self.approval(4, "2026-04-01 10:00", LEADER), self.approval(5, "2026-04-01 11:00", OTHER_LEADER))
        self.assertEqual(self.outcomes()[2:], [("moved", "A5"), ("refused", None), ("moved", "A5-godkendt")])

    def test_the_register_at_the_end_shows_whose_term_it_is(self):
        self.change(HEAD_ROLE, '{ role = "afdelingschef"; until = "31-03-2026"; members = [ "chef" ]; },\n'
                    '  { role = "afdelingschef"; from = "01-04-2026"; members = [ "leder-park" ]; }')
        self.tell(opening(), assignment(), self.draft(at="2026-03-31 09:00"))
        for until, holder in (("2026-03-31", HEAD), ("2026-04-01", OTHER_LEADER)):
            _, _, register = self.replay_maildir("--to", until)
            self.assertEqual((register[0]["step"], register[0]["holder"]["address"]), ("hos-afdelingschef", holder))


class OnBehalf(PeopleTest):
    def sent_by(self, sender):
        text = self.approval(4, "2026-04-01 10:00", HEAD, f"\nSender: {sender}")
        return text.replace(f"smtp.auth={HEAD}", f"smtp.auth={sender}")

    def test_only_who_may_sends_for_another(self):
        self.add('{ id = "stedfortraeder"; name = "Stedfortræder";', 'on_behalf_of = [ "chef" ];')
        self.tell(opening(), assignment(), self.draft(), self.sent_by(OWNER),
                  self.sent_by("stedfortraeder@example.dk").replace("brev-4@", "brev-5@"))
        self.assertEqual(self.outcomes()[3:], [("refused", None), ("moved", "A6")])


class Csv(PeopleTest):
    ROWS = ('  { id = "medarbejder-park"; name = "Medarbejder Park"; address = "medarbejder.park@example.dk";\n'
            '    logins = [ "medarbejder.park@example.dk" ]; unit = "park"; } );')

    def write(self, text, encoding="utf-8"):
        self.change('domains = [ "example.dk" ];', 'domains = [ "example.dk" ];\ncsv = "medarbejdere.csv";')
        self.csv = self.people.with_name("medarbejdere.csv")
        self.csv.write_bytes(text.encode(encoding))

    def check(self):
        return self.fristctl("check")

    def test_people_come_from_both(self):
        self.write('\ufeffid;name;logins;address;unit\r\n\r\n'
                   'jens;"Jensen; ""Jens""";jens, jens.j@example.dk;JENS@example.dk;vej\r\n', "utf-8")
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.tell(opening(), assignment(worker="jens@example.dk"))
        _, _, register = self.replay_maildir("--to", "2026-03-31")
        self.assertEqual(register[0]["holder"]["name"], 'Jensen; "Jens"')

    def test_every_fault_by_its_line(self):
        self.write("id,name,address,units\n")
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertIn(f'{self.csv}:1: person has no column "units"; did you mean "unit"?', done.stderr)
        self.csv.write_text("id,name,address,unit\nJens,Jens,jens@example.dk,vej\n\n"
                            "ida,,ida@example.dk,vej\nbo,Bo,bo@example.dk,vejen\nbo,Bo,bo2@example.dk\n")
        done = self.check()
        for line, fault in ((2, '"id" is "Jens"'), (4, 'person lacks "name"'), (5, 'there is no unit "vejen"'),
                            (6, 'there is a person "bo" already')):
            self.assertRegex(done.stderr, rf"(?m)^{self.csv}:{line}: {fault}")

    def test_a_column_that_stands_there_twice(self):
        self.write("id,name,address,Name\njens,Jens,jens@example.dk,Jens\n")
        self.assertEqual(self.check().stderr, f'{self.csv}:1: the first line has the column "name" twice\n')

    def test_another_encoding_is_refused(self):
        self.write("id;name;address\njens;Jens Sørensen;jens@example.dk\n", "latin-1")
        self.assertIn("is not UTF-8: save it with that encoding", self.check().stderr)


class Faults(PeopleTest):
    def test_each_is_told(self):
        self.add(CHEF, 'stand_in = "chef"; weekdays_off = "fre"; on_behalf_of = [ "ingen" ];'
                 ' away = ( { from = "2026-04-02"; until = "2026-04-01"; } );')
        self.add(HEAD_ROLE, ', { role = "afdelingschef"; from = "01-04-2026"; members = [ "chef" ]; }')
        stderr = self.fristctl("check").stderr
        for fault in ('"chef" cannot stand in for himself', '"weekdays_off" is "fre"', '"until" lies before "from"',
                      'there is no person "ingen"', 'there is a role "afdelingschef" already'):
            self.assertIn(fault, stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
