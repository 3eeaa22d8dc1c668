"""People answer fristd's own mails: with the answer, with a word, on a telephone; and what they then hear from it."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.cases import CASE, Cases  # noqa: E402 (the folder must be known first)
from municipality.story import expect, moved  # noqa: E402


class OneInquiry(Cases):
    start = "man 23/3 09:00"

    def test_each_reminder_of_one_inquiry(self):
        t = self.town
        assigned = self.assigned()
        t.clock("tor 26/3 08:00")
        with self.subTest("the caseworker answers the reminder with a question"):
            expect(t.road.reply(t.road.letters()[-1], "Hvad er det nu, det drejer sig om?"), "noted")
        with self.subTest("with the draft for the unit leader"):
            moved(t.road.reply(t.road.letters()[-1], "Udkast.", to=t.leader_road, cc=t.mt), "A5", "hos-enhedsleder")
        t.clock("fre 27/3 08:00")
        with self.subTest("the unit leader says the word on a telephone"):
            moved(t.leader_road.reply(t.leader_road.letters()[-1], "Godkendt", phone=True),
                  "A5-godkendt", "klar-til-afdelingschef")
        with self.subTest("the caseworker answers the reminder with the answer"):
            moved(t.road.reply(t.road.letters()[-1], f"Svar: {CASE}"), "A7", "svar-modtaget")
        self.assertEqual(t.inquiry(assigned.key)["case_link"], CASE)


class Evening(Cases):
    start = "tor 9/4 17:30"

    def test_what_happens_in_the_evening_is_told_in_the_morning(self):
        t = self.town
        passed = self.with_spl()
        moved(t.spl.reply(passed, to=t.mt, tag="AFSENDT"), "A10-tag", "afsendt")
        self.assertEqual(self.new_letters(), [])
        told = t.clock("fre 10/4 07:00")
        self.assertEqual([letter.template for letter in told if letter.reader is t.road], ["afsendt"])

class SeveralInquiries(Cases):
    start = "man 23/3 09:00"

    def test_a_word_that_could_mean_two(self):
        t = self.town
        drafts = [self.with_head()[1] for _ in range(2)]
        t.clock("fre 27/3 08:00")
        mail = t.head.letters()[-1]
        self.assertEqual(len(mail.rungs), 2)
        expect(t.head.reply(mail, "Godkendt", phone=True), "waiting", reason="two-candidates")
        for draft in drafts:
            self.assert_step(draft, "hos-afdelingschef")
        self.assertEqual(len(mail.links()), 4)
        for label, address, subject, _ in mail.links():
            self.assertEqual(address, t.mt.address)
        moved(t.head.send(t.mt, next(subject for _, _, subject, _ in mail.links()
                                     if drafts[1].key in subject and "GODKENDT" in subject)), "A6", "godkendt")
        self.assert_step(drafts[0], "hos-afdelingschef")


class SameThread(Cases):
    def test_two_approvals_in_one_thread(self):
        """The head answers a mail whose subject holds the leader's word: his own beside it is not fresh; he is told."""
        t = self.town
        _, draft = self.drafted()
        approved = moved(t.leader_road.reply(draft, "Fint.", cc=t.mt, tag="GODKENDT"),
                         "A5-godkendt", "klar-til-afdelingschef")
        draft = moved(t.road.reply(approved, "Til dig.", to=t.head, cc=t.mt), "A5-chef", "hos-afdelingschef")
        expect(t.head.reply(draft, "Jeg læser det i morgen.", cc=t.mt), "noted", reason="not-fresh")
        self.assertEqual(self.new_letters(), [])
        expect(t.head.reply(draft, "Ja.", cc=t.mt, tag="GODKENDT"), "refused", reason="not-fresh")
        self.assert_step(draft, "hos-afdelingschef")
        told = self.assert_told(t.head, draft.key, "GODKENDT", "tæller derfor ikke igen")
        moved(t.head.tap(told, "godkend"), "A6", "godkendt")


if __name__ == "__main__":
    unittest.main()
