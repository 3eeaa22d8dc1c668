"""A9: what the director or the mayor comments on starts again at A3; not every mail from the secretariat is that."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.cases import Cases  # noqa: E402 (the folder must be known first)
from municipality.story import expect, moved  # noqa: E402


class Returned(Cases):
    def test_by_a_word(self):
        t = self.town
        act = moved(t.spl.reply(self.with_spl(), "Borgmesteren vil have en dato.", to=t.mt, tag="RETUR"),
                    "A9", "modtaget", round_=2)
        row = t.inquiry(act.key)
        self.assertEqual((row["round"], row["state"]), (2, "open"))

    def test_by_the_owners_assignment(self):
        t = self.town
        comments = expect(t.spl.reply(self.with_spl(), "Borgmesteren vil have en dato.", to=t.mt), "noted")
        moved(t.owner.forward(comments, t.road, "Kan du?", cc=[t.leader_road, t.mt]),
              "A9-fordelt", "hos-sagsbehandler", round_=2)

    def test_thanks_and_how_far(self):
        t = self.town
        passed = self.with_spl()
        for said in ("Tak.", "Hvor langt er I?"):
            expect(t.spl.reply(passed, said, to=t.mt), "noted")
        self.assert_step(passed, "hos-spl")
        self.assertEqual(t.inquiry(passed.key)["round"], 1)

    def test_asking_before_the_answer(self):
        t = self.town
        assigned, _ = self.drafted()
        expect(t.spl.send(t.mt, f"{assigned.key} hvor langt er I?"), "noted")
        self.assert_step(assigned, "hos-enhedsleder")

    def test_a_button_of_the_first_round_is_void_in_the_second(self):
        t = self.town
        passed = self.with_spl()
        returned = moved(t.spl.reply(passed, "Om igen.", to=t.mt, tag="RETUR"), "A9", "modtaget", round_=2)
        assigned = moved(t.owner.forward(returned, t.road, cc=[t.leader_road, t.mt]), "A3", "hos-sagsbehandler")
        moved(t.road.reply(assigned, "Nyt udkast.", to=t.head, cc=t.mt), "A5-chef", "hos-afdelingschef")
        expect(t.head.send(t.mt, f"{passed.key}/1 [GODKENDT]"), "refused", reason="wrong-round")
        self.assert_step(passed, "hos-afdelingschef")
        moved(t.head.send(t.mt, f"{passed.key}/2 [GODKENDT]"), "A6", "godkendt")

    def test_thanks_after_the_end_reopens_nothing(self):
        t = self.town
        sent = moved(t.spl.reply(self.with_spl(), to=t.mt, tag="AFSENDT"), "A10-tag", "afsendt")
        expect(t.spl.reply(sent, "Tak for hjælpen.", to=t.mt), "noted", reason="closed")
        self.assert_step(sent, "afsendt")


if __name__ == "__main__":
    unittest.main()
