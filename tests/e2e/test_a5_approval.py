"""A5 and A6: unit leader and head of department approve or comment, in every form that counts and some that do not."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.cases import Cases  # noqa: E402 (the folder must be known first)
from municipality.story import expect, moved  # noqa: E402


class Approval(Cases):
    def test_by_shape_alone_and_comments_twice(self):
        t = self.town
        assigned, draft = self.drafted()
        for comment in ("Kortere.", "Endnu kortere."):
            moved(t.leader_road.reply(draft, comment, cc=t.mt, tag="RETUR"), "A5-retur", "hos-sagsbehandler")
            draft = moved(t.road.reply(assigned, "Rettet.", to=t.leader_road, cc=t.mt), "A5", "hos-enhedsleder")
        moved(t.leader_road.reply(draft, "Fint.", cc=t.mt, tag="GODKENDT"), "A5-godkendt", "klar-til-afdelingschef")

    def test_a_colleague_checks_the_draft(self):
        """A4: he may call it approved; that is a colleague's word, and the draft goes to the unit leader as ever."""
        t = self.town
        assigned = self.assigned()
        checked = expect(t.road.reply(assigned, "Vil du læse med?", to=t.park, cc=t.mt), "noted")
        expect(t.park.reply(checked, "Godkendt", to=t.road, cc=t.mt), "noted")
        expect(t.park.reply(checked, "Fint.", to=t.road, cc=t.mt, tag="GODKENDT"), "refused")
        self.assert_step(assigned, "hos-sagsbehandler")
        moved(t.road.reply(assigned, "Udkast.", to=t.leader_road, cc=t.mt), "A5", "hos-enhedsleder")

    def test_the_head_comments_twice(self):
        t = self.town
        assigned, draft = self.with_head()
        for tag in ("RETUR", "kommentarer"):
            moved(t.head.reply(draft, "Prøv igen.", cc=[t.leader_road, t.mt], tag=tag), "A6-retur", "hos-sagsbehandler")
            draft = moved(t.road.reply(assigned, "Rettet.", to=t.head, cc=t.mt), "A5-chef", "hos-afdelingschef")
        moved(t.head.reply(draft, "Ja.", cc=t.mt, tag="GODKENDT"), "A6", "godkendt")

    def test_first_line_on_a_telephone(self):
        t = self.town
        _, draft = self.drafted()
        moved(t.leader_road.reply(draft, "godkendt!", cc=t.mt, phone=True), "A5-godkendt", "klar-til-afdelingschef")

    def test_first_line_above_an_outlook_quote(self):
        t = self.town
        _, draft = self.with_head()
        moved(t.head.reply(draft, "Godkendt.", cc=t.mt), "A6", "godkendt")

    def test_more_than_the_word_on_the_first_line(self):
        t = self.town
        _, draft = self.with_head()
        expect(t.head.reply(draft, "Godkendt, hvis I retter datoen", cc=t.mt), "refused", reason="not-alone")
        self.assert_step(draft, "hos-afdelingschef")

    def test_a_word_that_was_quoted(self):
        t = self.town
        assigned, draft = self.drafted()
        approved = moved(t.leader_road.reply(draft, "Fint.", cc=t.mt, tag="GODKENDT"),
                         "A5-godkendt", "klar-til-afdelingschef")
        draft = moved(t.road.reply(approved, "Til dig.", to=t.head, cc=t.mt), "A5-chef", "hos-afdelingschef")
        expect(t.head.reply(draft, "Jeg ser på det i morgen.", cc=t.mt), "noted")
        self.assert_step(draft, "hos-afdelingschef")

    def test_a_tag_in_a_forward(self):
        t = self.town
        _, draft = self.drafted()
        expect(t.leader_road.forward(draft, t.head, cc=t.mt, tag="GODKENDT"), "noted")
        self.assert_step(draft, "hos-enhedsleder")

    def test_after_the_reply_prefix(self):
        t = self.town
        _, draft = self.drafted()
        moved(t.leader_road.reply(draft, "Ok.", cc=t.mt, subject=f"SV: [Godkendt] {self.subject}"),
              "A5-godkendt", "klar-til-afdelingschef")

    def test_behind_the_servers_mark(self):
        t = self.town
        _, draft = self.drafted()
        moved(t.leader_road.reply(draft, "Ok.", cc=t.mt, subject=f"[EKSTERN] SV: [GODKENDT] {self.subject}"),
              "A5-godkendt", "klar-til-afdelingschef")

    def test_the_wrong_person_is_told(self):
        t = self.town
        _, draft = self.drafted()
        expect(t.leader_park.reply(draft, "Ok.", to=t.road, cc=t.mt, tag="GODKENDT"), "refused", reason="wrong-role")
        self.assert_step(draft, "hos-enhedsleder")
        self.assert_told(t.leader_park, "ikke", draft.key, "Enhedsleder Vej")

    def test_the_caseworker_cannot_approve_his_own_draft(self):
        t = self.town
        assigned, draft = self.drafted()
        expect(t.road.reply(assigned, to=t.mt, tag="GODKENDT"), "refused", reason="wrong-role")
        self.assert_step(draft, "hos-enhedsleder")

    def test_the_mailbox_cannot_approve(self):
        t = self.town
        assigned, draft = self.drafted()
        expect(t.owner.reply(assigned, to=t.road, cc=t.mt, as_=t.mt, tag="GODKENDT"), "refused", reason="wrong-role")
        self.assert_step(draft, "hos-enhedsleder")

    def test_forged_from_outside(self):
        t = self.town
        _, draft = self.drafted()
        for headers in ([], [("References", draft.message_id)]):
            expect(t.neighbour.send(t.mt, f"[GODKENDT] {draft.key} {self.subject}", "Godkendt", as_=t.leader_road,
                                    headers=headers), "refused", reason="untrusted")
        self.assert_step(draft, "hos-enhedsleder")
        self.assertEqual(self.new_letters(), [])

    def test_a_colleague_in_the_leaders_name(self):
        t = self.town
        _, draft = self.drafted()
        expect(t.bridge.reply(draft, "Godkendt", to=t.mt, as_=t.leader_road, tag="GODKENDT"), "refused",
               reason="untrusted")
        self.assert_step(draft, "hos-enhedsleder")

    def test_on_behalf_of_the_head(self):
        t = self.town
        _, draft = self.with_head()
        act = expect(t.secretary.reply(draft, to=t.mt, behalf_of=t.head, tag="GODKENDT"), "refused", reason="untrusted")
        self.assertIn("on behalf", act.mail["trust_evidence"])
        self.assert_step(draft, "hos-afdelingschef")

    def test_the_head_approves_what_the_leader_never_did(self):
        t = self.town
        _, draft = self.drafted()
        moved(t.head.reply(draft, to=t.road, cc=t.mt, tag="GODKENDT"), "A6", "godkendt")
        self.assertEqual(t.inquiry(draft.key)["unseen"], ["klar-til-afdelingschef", "hos-afdelingschef"])

    def test_approved_twice(self):
        t = self.town
        _, draft = self.with_head()
        moved(t.head.reply(draft, cc=t.mt, tag="GODKENDT"), "A6", "godkendt")
        expect(t.head.reply(draft, "Godkendt", cc=t.mt, phone=True), "noted", "A6-sent")
        self.assert_step(draft, "godkendt")
        self.assertEqual(self.new_letters(), [])

    def test_two_words_that_contradict_each_other(self):
        t = self.town
        _, draft = self.with_head()
        expect(t.head.reply(draft, "Nej.", cc=t.mt, subject=f"[GODKENDT] [RETUR] SV: {self.subject}"), "refused",
               reason="several-tags")
        self.assert_step(draft, "hos-afdelingschef")
        self.assert_told(t.head, draft.key)

    def test_an_unknown_word_changes_nothing(self):
        t = self.town
        _, draft = self.with_head()
        expect(t.head.reply(draft, "Ja tak.", cc=t.mt, tag="GOKENDT"), "refused", reason="unknown-tag")
        self.assert_step(draft, "hos-afdelingschef")
        self.assert_told(t.head, draft.key, "GOKENDT")

    def test_an_unknown_word_is_not_in_the_way(self):
        t = self.town
        moved(t.road.reply(self.assigned(tag="HASTER"), "Udkast.", to=t.leader_road, cc=t.mt, tag="Vigtigt"),
              "A5", "hos-enhedsleder")
        self.assertEqual(self.new_letters(), [])

    def test_a_look_alike_is_no_word(self):
        t = self.town
        _, draft = self.with_head()
        expect(t.head.reply(draft, "Se her.", cc=t.mt, tag="G\u041eDKENDT"), "refused", reason="unknown-tag")
        self.assert_step(draft, "hos-afdelingschef")

    def test_absence_moves_nothing(self):
        t = self.town
        _, draft = self.with_head()
        expect(t.head.reply(draft, "Godkendt", to=t.mt, subject=f"Automatisk svar: [GODKENDT] {self.subject}",
                            headers=[("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]),
               "automatic")
        self.assert_step(draft, "hos-afdelingschef")
        self.assertEqual(self.new_letters(), [])


if __name__ == "__main__":
    unittest.main()
