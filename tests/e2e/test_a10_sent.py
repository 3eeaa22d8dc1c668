"""A10: three proofs that the answer went to the citizen; the caseworker is told and can close the case."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.cases import CASE, Cases  # noqa: E402 (the folder must be known first)
from municipality.story import expect, moved  # noqa: E402

CITIZEN = "0101801234@borger.digitalpost.example.dk"
RECEIPT = [("Auto-Submitted", "auto-replied")]


class Sent(Cases):
    def assert_closed(self, act):
        self.assert_step(act, "afsendt")
        self.assert_told(self.town.road, act.key, "sendt til borgeren", CASE)

    def test_bcc_of_the_answer(self):
        t = self.town
        self.assert_closed(moved(t.spl.reply(self.with_spl(), "Kære borger.", to=CITIZEN, bcc=t.mt, quote=False,
                                             subject="Svar på din henvendelse"), "A10", "afsendt"))

    def test_a_gateways_receipt_for_a_mail_never_seen(self):
        t = self.town
        answer = t.spl.reply(self.with_spl(), "Kære borger.", to=CITIZEN, quote=False, subject="Svar")
        self.assert_closed(moved(t.gateway.reply(answer, "Afleveret.", to=t.mt, quote=False, subject="Kvittering",
                                                 headers=RECEIPT), "A10-gateway", "afsendt"))

    def test_a_gateways_receipt_that_only_names_the_key(self):
        t = self.town
        passed = self.with_spl()
        self.assert_closed(moved(t.gateway.send(t.mt, f"Digital Post er afsendt: {passed.key}", headers=RECEIPT),
                                 "A10-gateway", "afsendt"))

    def test_the_secretariats_word(self):
        t = self.town
        self.assert_closed(moved(t.secretary.reply(self.with_spl(), "Sendt.", to=t.mt, tag="AFSENDT"),
                                 "A10-tag", "afsendt"))

    def test_an_answer_that_nothing_points_to(self):
        t = self.town
        passed = self.with_spl()
        lost = expect(t.spl.send(CITIZEN, "Om din henvendelse", "Kære borger.", bcc=t.mt), "waiting")
        expect(t.owner.reply(lost, to=t.mt, tag=f"HØRER TIL {passed.key}"), "commanded", "HØRER TIL")
        moved(t.take_in(lost), "A10", "afsendt")
        self.assert_closed(passed)

    def test_a_receipt_that_anybody_could_have_sent(self):
        t = self.town
        passed = self.with_spl()
        t.neighbour.send(t.mt, f"Digital Post er afsendt: {passed.key}", as_=t.gateway, headers=RECEIPT)
        self.assert_step(passed, "hos-spl")
        self.assertEqual(self.new_letters(), [])

    def test_a_copy_to_a_colleague_proves_nothing(self):
        t = self.town
        passed = self.with_spl()
        expect(t.spl.reply(passed, "Her er teksten.", to=t.head, bcc=t.mt), "noted")
        self.assert_step(passed, "hos-spl")

    def test_the_caseworker_cannot_say_it(self):
        t = self.town
        passed = self.with_spl()
        expect(t.road.reply(passed, to=t.mt, tag="AFSENDT"), "refused", reason="wrong-role")
        self.assert_step(passed, "hos-spl")


if __name__ == "__main__":
    unittest.main()
