"""A7 and A8: the answer with a link to the case comes to the mailbox; the owner sends it on to the secretariat."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.cases import CASE, Cases  # noqa: E402 (the folder must be known first)
from municipality.story import expect, moved  # noqa: E402


class Answer(Cases):
    def test_a_link(self):
        answer = self.answered()
        self.assertEqual(self.town.inquiry(answer.key)["case_link"], CASE)

    def test_a_case_number(self):
        t = self.town
        answer = moved(t.road.reply(self.assigned(), "Svaret ligger på sag 01.05.00-G01-7-26.", to=t.mt),
                       "A7", "svar-modtaget")
        self.assertIn("01.05.00-G01-7-26", t.inquiry(answer.key)["case_link"])

    def test_an_attached_shortcut(self):
        t = self.town
        moved(t.road.reply(self.assigned(), "Svar og genvej.", to=t.mt,
                           attachments=[("Svar.docx", b"svar"),
                                        ("Sag 4711.url", f"[InternetShortcut]\r\nURL={CASE}\r\n".encode())]),
              "A7", "svar-modtaget")

    def test_without_a_link_it_is_not_the_answer(self):
        t = self.town
        assigned = self.assigned()
        expect(t.road.reply(assigned, "Her er svaret.", to=t.mt, attachments=[("Svar.docx", b"svar")]), "noted")
        self.assert_step(assigned, "hos-sagsbehandler")

    def test_a_link_that_was_quoted_is_none(self):
        t = self.town
        letter = expect(t.spl.send(t.mt, self.subject, f"Se også {CASE}"), "opened")
        assigned = moved(t.owner.forward(letter, t.road, cc=[t.leader_road, t.mt]), "A3", "hos-sagsbehandler")
        expect(t.road.reply(assigned, "Hvad er fristen?", to=t.mt), "noted")
        self.assert_step(letter, "hos-sagsbehandler")

    def test_to_the_owner_with_the_mailbox_on_cc(self):
        t = self.town
        moved(t.road.reply(self.assigned(), f"Svar: {CASE}", to=t.owner, cc=t.mt), "A7-cc", "svar-modtaget")

    def test_whom_it_was_given_to_was_never_seen(self):
        t = self.town
        assigned = t.owner.forward(self.opened(), t.park, cc=[t.leader_park])
        answer = moved(t.park.reply(assigned, f"Svar: {CASE}", to=t.mt), "A7-uset", "svar-modtaget")
        self.assertEqual(len(t.inquiry(answer.key)["unseen"]), 5)

    def test_sent_on_as_the_mailbox(self):
        t = self.town
        moved(t.owner.forward(self.answered(), t.spl, as_=t.mt), "A8", "hos-spl")

    def test_answer_past_the_mailbox(self):
        t = self.town
        assigned = self.assigned()
        moved(t.owner.reply(assigned, f"Svaret fik jeg i hånden: {CASE}", to=t.spl, cc=t.mt), "A8-uset", "hos-spl")

    def test_the_departments_clock_stops_here(self):
        """A0: its five days end when answer and link are in the mailbox."""
        answer = self.answered()
        image, = self.town.fristd.rows("SELECT image FROM inquiry WHERE key = ?", answer.key)
        self.assertIn(f'"stopped_at":{self.town.now}', image[0])


if __name__ == "__main__":
    unittest.main()
