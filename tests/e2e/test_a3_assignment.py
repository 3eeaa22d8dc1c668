"""A3: the owner sends an inquiry to a caseworker: as himself or as the mailbox, seen or not, or his deputy does."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.cases import Cases  # noqa: E402 (the folder must be known first)
from municipality.story import expect, moved  # noqa: E402


class Assignment(Cases):
    def holder(self, act):
        return self.town.inquiry(act.key)["holder"]["address"]

    def test_as_the_mailbox_seen_in_its_sent_items(self):
        t = self.town
        act = moved(t.owner.forward(self.opened(), t.road, cc=[t.head, t.leader_road], as_=t.mt),
                    "A3", "hos-sagsbehandler")
        self.assertEqual((self.holder(act), act.mail["acting_role"]), (t.road.address, "mailbox"))

    def test_as_the_mailbox_with_itself_on_cc(self):
        t = self.town
        moved(t.owner.forward(self.opened(), t.road, cc=[t.head, t.leader_road, t.mt], as_=t.mt),
              "A3", "hos-sagsbehandler")

    def test_the_deputy(self):
        t = self.town
        moved(t.deputy.forward(self.opened(), t.park, cc=[t.head, t.leader_park, t.mt]), "A3", "hos-sagsbehandler")

    def test_from_his_own_account_with_the_mailbox_not_on_cc(self):
        t = self.town
        assigned = t.owner.forward(self.opened(), t.road, cc=[t.head, t.leader_road])
        self.assertFalse(assigned.seen)
        draft = moved(t.road.reply(assigned, "Udkast.", to=t.leader_road, cc=t.mt), "A5-uset", "hos-enhedsleder")
        row = t.inquiry(draft.key)
        self.assertEqual((row["holder"]["address"], row["unseen"]), (t.leader_road.address, ["hos-sagsbehandler"]))

    def test_asking_a_unit_leader_first_is_no_assignment(self):
        t = self.town
        letter = self.opened()
        asked = expect(t.owner.forward(letter, t.leader_road, "Er det jer?", cc=t.mt), "noted")
        self.assert_step(letter, "modtaget")
        expect(t.leader_road.reply(asked, "Ja, giv den til Medarbejder Vej.", cc=t.mt), "noted")
        moved(t.owner.forward(letter, t.road, cc=[t.head, t.leader_road, t.mt]), "A3", "hos-sagsbehandler")

    def test_replaced(self):
        t = self.town
        act = moved(t.owner.forward(self.assigned(), t.park, "Overtager du?", cc=[t.road, t.leader_park, t.mt]),
                    "A3-skift", "hos-sagsbehandler")
        self.assertEqual(self.holder(act), t.park.address)

    def test_replaced_while_the_draft_is_with_the_head(self):
        t = self.town
        assigned, _ = self.with_head()
        act = moved(t.owner.forward(assigned, t.bridge, "Overtager du?", cc=[t.leader_road, t.mt]),
                    "A3-skift-senere", "hos-sagsbehandler")
        self.assertEqual(self.holder(act), t.bridge.address)

    def test_who_was_replaced_moves_nothing_any_more(self):
        t = self.town
        assigned = self.assigned()
        moved(t.owner.forward(assigned, t.bridge, "Overtager du?", cc=[t.leader_road, t.mt]),
              "A3-skift", "hos-sagsbehandler")
        late = expect(t.road.reply(assigned, "Her er mit udkast.", to=t.leader_road, cc=t.mt), "noted")
        self.assertEqual(self.holder(late), t.bridge.address)

    def test_of_two_unit_leaders_the_caseworkers_own_is_asked(self):
        t = self.town
        assigned = moved(t.owner.forward(self.opened(), t.park, cc=[t.head, t.leader_road, t.leader_park, t.mt]),
                         "A3", "hos-sagsbehandler")
        draft = moved(t.park.reply(assigned, "Udkast.", to=t.leader_park, cc=t.mt), "A5", "hos-enhedsleder")
        self.assertEqual(self.holder(draft), t.leader_park.address)

    def test_somebody_else_in_the_owners_name(self):
        t = self.town
        letter = self.opened()
        expect(t.neighbour.send(t.road, self.subject, cc=t.mt, as_=t.owner,
                                headers=[("References", letter.message_id)]), "refused", reason="untrusted")
        self.assert_step(letter, "modtaget")

    def test_somebody_else_as_the_mailbox(self):
        t = self.town
        letter = self.opened()
        expect(t.neighbour.send(t.road, self.subject, cc=t.mt, as_=t.mt,
                                headers=[("References", letter.message_id)]), "refused", reason="untrusted")
        self.assert_step(letter, "modtaget")

    def test_two_inquiries_in_one_mail_wait(self):
        t = self.town
        first, second = self.opened(), self.opened()
        expect(t.owner.send(t.road, f"{first.key} og {second.key}", cc=t.mt), "waiting", reason="two-candidates")
        self.assert_step(first, "modtaget")


if __name__ == "__main__":
    unittest.main()
