"""The words that every workflow has, and what those are told whose word did not count."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.cases import Cases  # noqa: E402 (the folder must be known first)
from municipality.story import expect, moved  # noqa: E402


class Verbs(Cases):
    def state(self, act):
        return self.town.inquiry(act.key)["state"]

    def test_close_and_undo(self):
        t = self.town
        assigned = self.assigned()
        closed = expect(t.owner.reply(assigned, to=t.mt, tag="afslut"), "commanded", "AFSLUT")
        self.assertEqual(self.state(closed), "final")
        expect(t.owner.reply(assigned, to=t.mt, tag="FORTRYD"), "commanded", "FORTRYD")
        self.assertEqual((self.state(closed), t.step(closed.key)), ("open", "hos-sagsbehandler"))

    def test_undo_by_who_did_it(self):
        t = self.town
        _, draft = self.with_head()
        approved = moved(t.head.reply(draft, cc=t.mt, tag="GODKENDT"), "A6", "godkendt")
        expect(t.head.reply(approved, "Det var den forkerte.", to=t.mt, tag="FORTRYD"), "commanded", "FORTRYD")
        self.assert_step(draft, "hos-afdelingschef")

    def test_undo_by_another(self):
        t = self.town
        _, draft = self.with_head()
        approved = moved(t.head.reply(draft, cc=t.mt, tag="GODKENDT"), "A6", "godkendt")
        expect(t.road.reply(approved, to=t.mt, tag="FORTRYD"), "refused", reason="wrong-role")
        self.assert_step(draft, "godkendt")
        self.assert_told(t.road, draft.key, "FORTRYD")

    def test_close_by_who_may_not(self):
        t = self.town
        assigned = self.assigned()
        expect(t.road.reply(assigned, to=t.mt, tag="AFSLUT"), "refused", reason="wrong-role")
        self.assertEqual(self.state(assigned), "open")
        self.assert_told(t.road, assigned.key, "AFSLUT")

    def test_a_date_that_is_none(self):
        t = self.town
        assigned = self.assigned()
        expect(t.owner.reply(assigned, to=t.mt, tag="NY FRIST 31-02-2026"), "refused", reason="bad-argument")
        self.assert_told(t.owner, assigned.key, "NY FRIST")

    def test_a_new_deadline_by_key_alone(self):
        t = self.town
        assigned = self.assigned()
        expect(t.owner.send(t.mt, f"{assigned.key} [NY FRIST 20/4]"), "commanded", "NY FRIST")
        self.assertEqual(t.inquiry(assigned.key)["due"][:10], "2026-04-20")

    def test_no_inquiry(self):
        t = self.town
        letter = self.opened()
        expect(t.owner.reply(letter, to=t.mt, tag="IKKE HENVENDELSE"), "commanded", "IKKE HENVENDELSE")
        self.assertEqual(self.state(letter), "final")

    def test_a_new_inquiry_from_a_mail_that_came_another_way(self):
        t = self.town
        strange = expect(t.citizen.send(t.mt, self.subject, "Hul i vejen."), "waiting")
        act = expect(t.owner.reply(strange, to=t.mt, tag="NY HENVENDELSE"), "opened", "NY HENVENDELSE", "modtaget")
        moved(t.owner.forward(strange, t.road, cc=[t.leader_road, t.mt]), "A3", "hos-sagsbehandler")
        self.assert_step(act, "hos-sagsbehandler")

    def test_the_same_matter_sent_twice(self):
        t = self.town
        first, second = self.opened(), self.opened()
        expect(t.owner.reply(second, to=t.mt, tag=f"HØRER TIL {first.key}"), "commanded", "HØRER TIL")
        self.assertEqual((self.state(first), self.state(second)), ("open", "final"))

    def test_belongs_to_nothing(self):
        t = self.town
        strange = expect(t.citizen.send(t.mt, "Hej"), "waiting")
        expect(t.owner.reply(strange, to=t.mt, tag="HØRER TIL MT-2026-9999"), "refused", reason="no-inquiry")
        self.assert_told(t.owner, "HØRER TIL")

    def test_move_to_a_workflow_that_is_not_there(self):
        t = self.town
        letter = self.opened()
        expect(t.owner.reply(letter, to=t.mt, tag="FLYT TIL BYRÅD"), "refused", reason="bad-argument")
        self.assert_told(t.owner, letter.key, "FLYT TIL")

    def test_a_verb_from_outside(self):
        t = self.town
        letter = self.opened()
        expect(t.neighbour.send(t.mt, f"[AFSLUT] {letter.key}", as_=t.owner,
                                headers=[("References", letter.message_id)]), "refused", reason="untrusted")
        self.assertEqual(self.state(letter), "open")
        self.assertEqual(self.new_letters(), [])

    def test_the_history_tells_all(self):
        t = self.town
        assigned = self.assigned()
        expect(t.owner.reply(assigned, to=t.mt, tag="AFSLUT"), "commanded")
        shown = t.fristd.ctl("show", assigned.key)
        for word in (assigned.key, "A1", "A3", "AFSLUT"):
            self.assertIn(word, shown)


if __name__ == "__main__":
    unittest.main()
