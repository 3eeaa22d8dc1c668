"""The demo's three weeks, asserted: inquiries end where the story says, the mails that are due are sent, and no others.

On Cyrus, since ./demo lives on Dovecot.
"""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.story import START, Story  # noqa: E402 (the folder must be known first)
from municipality.town import Municipality  # noqa: E402
from servers.cyrus import Cyrus  # noqa: E402


class MayorStory(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.town = Municipality(START, mailboxes=Cyrus)
        cls.addClassCleanup(cls.town.servers.close)
        cls.story = Story(cls.town)
        cls.story.live()

    @classmethod
    def tearDownClass(cls):
        cls.town.close()

    def letter(self, reader, moment):
        return next(letter for letter in reader.letters() if letter.written == moment)

    def test_every_inquiry_ends_where_the_story_says(self):
        self.story.check_register()

    def test_every_letter_was_sent_and_no_other(self):
        self.story.check_letters()

    def test_what_the_mailbox_never_saw_is_said(self):
        self.assertEqual(self.town.inquiry(self.story.keys["træer"])["unseen"], ["klar-til-afdelingschef", "godkendt"])
        self.assertEqual(self.town.inquiry(self.story.keys["cykelsti"])["unseen"], [])

    def test_the_row_explains_its_count(self):
        row = " ".join(self.letter(self.town.road, "ons 1/4 07:00").text.split())
        self.assertIn("modtaget fre. 27/3 · dag 1 man. 30/3 · skærtorsdag, langfredag og 2. påskedag tæller ikke med · "
                      "frist ons. 8/4", row)

    def test_nobody_outside_hears_from_fristd(self):
        for outsider in (self.town.citizen, self.town.neighbour, self.town.gateway):
            self.assertEqual(outsider.letters(), [])

    def test_letters_are_marked_as_automatic_and_carry_no_tag(self):
        for letter in self.town.letters:
            with self.subTest(letter):
                self.assertEqual(letter.message["Auto-Submitted"], "auto-generated")
                self.assertNotRegex(letter.subject, r"\[")
                self.assertEqual(letter.message["From"].addresses[0].addr_spec, self.town.mt.address)
                self.assertEqual([to.addr_spec for to in letter.message["To"].addresses], [letter.reader.address])

    def test_a_letter_about_one_inquiry_threads_with_it(self):
        openings = {act.key: act.message_id for act in self.town.acts if act.outcome == "opened"}
        alone = [letter for letter in self.town.letters if len(letter.keys) == 1 and letter.keys[0] in letter.subject]
        self.assertGreater(len(alone), 15)
        for letter in alone:
            with self.subTest(letter):
                self.assertIn(openings[letter.keys[0]], str(letter.message["References"]))

    def test_the_owner_reads_what_could_not_be_placed(self):
        self.assertIn("Loppemarked på torvet", self.letter(self.town.owner, "ons 1/4 07:00").text)
        self.assertNotIn("Loppemarked", self.letter(self.town.owner, "tir 7/4 07:00").text)

    def test_both_parts_of_a_letter_say_the_same(self):
        letter = self.letter(self.town.head, "fre 27/3 07:00")
        for said in (letter.text, letter.html):
            self.assertIn(self.story.keys["træer"], said)
            self.assertIn("mandag den 30. marts", " ".join(said.split()))

    def test_no_cpr_number_is_kept(self):
        for table in ("mail", "transition", "outbox"):
            for row in self.town.fristd.rows(f"SELECT * FROM {table}"):
                self.assertNotIn("0101801234", str(tuple(row)))
        self.assertNotIn("0101801234", self.town.fristd.log())


if __name__ == "__main__":
    unittest.main()
