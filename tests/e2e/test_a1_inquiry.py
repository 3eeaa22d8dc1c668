"""A1: the secretariat sends an inquiry, and the receipt that the citizen got, as one mail or two."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.cases import Cases  # noqa: E402 (the folder must be known first)
from municipality.story import expect  # noqa: E402


class Inquiry(Cases):
    def test_receipt_follows_as_a_mail_of_its_own(self):
        letter = self.opened()
        receipt = expect(self.town.spl.send(self.town.mt, f"Kvittering: {self.subject}", "Den fik borgeren."), "noted")
        self.assertEqual(receipt.key, letter.key)

    def test_receipt_comes_from_another_in_the_secretariat(self):
        letter = self.opened()
        receipt = expect(self.town.secretary.send(self.town.mt, f"KVITTERING - {self.subject}"), "noted")
        self.assertEqual(receipt.key, letter.key)

    def test_receipt_of_nobody_knows_what_waits(self):
        expect(self.town.spl.send(self.town.mt, "Kvittering: Noget helt andet"), "waiting")

    def test_receipt_forwarded_in_the_thread(self):
        letter = self.opened()
        receipt = expect(self.town.spl.forward(letter, self.town.mt, "Og kvitteringen."), "noted")
        self.assertEqual(receipt.key, letter.key)

    def test_mailbox_on_cc(self):
        t = self.town
        expect(t.spl.send(t.owner, self.subject, cc=t.mt), "opened", "A1", "modtaget")

    def test_copy_of_an_answer_to_a_citizen_opens_nothing(self):
        t = self.town
        expect(t.spl.send(t.citizen, "Svar på din henvendelse", bcc=t.mt), "waiting", reason="no-inquiry")

    def test_who_only_says_that_he_is_the_secretariat_opens_one_too(self):
        t = self.town
        act = expect(t.neighbour.send(t.mt, self.subject, as_=t.spl), "opened", "A1")
        self.assertFalse(act.mail["trusted"])

    def test_a_citizen_opens_nothing(self):
        expect(self.town.citizen.send(self.town.mt, "Hul i vejen"), "waiting", reason="no-inquiry")

    def test_old_danish_encodings(self):
        t = self.town
        raw = t.post.write(t.spl.person, t.mt.person, "x", "Til borgmesteren.").as_bytes().replace(
            b"Subject: x", b"Subject: =?windows-1252?Q?B=E6nken_p=E5_=C5gade?=")
        t.post.send_raw(t.spl.person, raw, [t.mt.person])
        message_id = raw.split(b"Message-ID: ")[1].split(b"\r\n")[0].decode()
        t.fristd.wait_for("mt", message_id)
        found, = t.fristd.rows("SELECT subject, outcome FROM mail WHERE message_id = ?", message_id.strip("<>"))
        self.assertEqual(tuple(found), ("Bænken på Ågade", "opened"))

    def test_the_same_mail_dragged_to_another_folder_changes_nothing(self):
        """Drags mail to Behandlet."""
        t = self.town
        letter = self.opened()
        t.mailboxes.create(t.mt.box, "Behandlet")
        uid = next(stored.uid for stored in t.mailboxes.read(t.mt.box) if stored.message_id == letter.message_id)
        t.mailboxes.move(t.mt.box, uid, "Behandlet")
        t.fristd.look()
        self.assertEqual(len(t.fristd.rows("SELECT 1 FROM inquiry WHERE subject = ?", self.subject)), 1)


if __name__ == "__main__":
    unittest.main()
