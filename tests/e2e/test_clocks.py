"""Clocks that stand, deadlines that a word starts and stops, and a later date that the citizen is told of."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.cases import CASE, Cases  # noqa: E402 (the folder must be known first)
from municipality.story import expect, moved  # noqa: E402


def reminded(letters):
    """{reader: templates} of morning mails that remind of something."""
    return {letter.reader: [template for _, template in letter.rungs] for letter in letters if letter.rungs}


def text_to(reader, letters):
    return next(" ".join(letter.text.split()) for letter in letters if letter.reader is reader)


class Standing(Cases):
    """The head of department may take his time: the shipped workflow, with a deadline that stands there."""

    start = "fre 27/3 09:00"
    workflow_changes = (
        ('{ id = "hos-afdelingschef"; holder = "afdelingschef"; }',
         '{ id = "hos-afdelingschef"; holder = "afdelingschef"; review = "2 arbejdsdage"; }'),
        ('stop = [ "svar-modtaget", "hos-spl" ]; length', 'stop = [ "svar-modtaget", "hos-spl" ]; '
         'stands = "hos-afdelingschef"; length'))

    def test_what_is_left_is_kept(self):
        t = self.town
        _, draft = self.with_head()
        self.assertEqual(t.inquiry(draft.key)["deadlines"],
                         [{"name": "svar", "due": None, "standing": True, "left": 5, "unit": "working days"}])
        self.assertEqual(reminded(t.clock("man 30/3 08:00")), {})
        self.assertEqual(reminded(t.clock("tir 31/3 08:00")), {t.head: ["gennemsyn"]})
        letters = t.clock("ons 8/4 08:00")
        self.assertEqual({tuple(templates) for templates in reminded(letters).values()}, {("gennemsyn",)})
        self.assertIn("Fristen står stille, 5 arbejdsdage tilbage", text_to(t.owner, letters))
        self.assertEqual(t.inquiry(draft.key)["state"], "open")
        t.clock("tor 9/4 09:00")
        moved(t.head.reply(draft, "Se kommentarer.", to=t.road, cc=t.mt, tag="RETUR"), "A6-retur", "hos-sagsbehandler")
        self.assertEqual(t.inquiry(draft.key)["due"][:10], "2026-04-16")
        self.assertEqual(reminded(t.clock("tir 14/4 08:00")), {t.road: ["paamindelse"]})


class Documents(Cases):
    def test_access_to_documents_has_a_deadline_of_its_own(self):
        t = self.town
        assigned = self.assigned()
        expect(t.road.reply(assigned, to=t.mt, tag="AKTINDSIGT"), "moved", "AKT")
        deadlines = t.inquiry(assigned.key)["deadlines"]
        self.assertEqual([(one["name"], one["due"][:10]) for one in deadlines],
                         [("svar", "2026-03-30"), ("aktindsigt", "2026-04-01")])
        self.assertIn("Frist for svar: mandag den 30. marts (om 4 arbejdsdage) "
                      "Frist for aktindsigt: onsdag den 1. april (om 6 arbejdsdage)",
                      text_to(t.owner, t.clock("tir 24/3 08:00")))
        moved(t.road.reply(assigned, f"Svar: {CASE}", to=t.mt), "A7", "svar-modtaget")
        moved(t.owner.forward(assigned, t.spl, "Svaret er godkendt.", cc=t.mt), "A8", "hos-spl")
        self.assertEqual([one["name"] for one in t.inquiry(assigned.key)["deadlines"]], ["aktindsigt"])
        letters = t.clock("fre 27/3 08:00")
        self.assertEqual(reminded(letters), {t.road: ["aktindsigt"]})
        self.assertIn("Anmodningen skal være besvaret senest onsdag den 1. april. Det er om 3 arbejdsdage.",
                      text_to(t.road, letters))
        expect(t.park.send(t.mt, f"{assigned.key} [AKTINDSIGT BESVARET]"), "refused", reason="wrong-role")
        expect(t.road.send(t.mt, f"{assigned.key} [AKTINDSIGT BESVARET]"), "moved", "AKT-besvaret")
        self.assertEqual(t.inquiry(assigned.key)["deadlines"], [])
        self.assertEqual(reminded(t.clock("ons 1/4 08:00")), {t.spl: ["gennemsyn"]})


class Promised(Cases):
    def test_the_secretariat_has_the_words_for_the_citizen(self):
        t = self.town
        letter = expect(t.spl.send(t.mt, "Hul i vejen", "Til borgmesteren.\n\nFra: Borger <borger@borger.example.org>\n"
                                   "Sendt: 20. marts 2026 10:00\nTil: Borgmesteren\nEmne: Hul i vejen\n\nEt hul."),
                        "opened", "A1", "modtaget")
        expect(t.owner.send(t.mt, f"{letter.key} [MELLEMSVAR 20-04-2026]"), "commanded", "MELLEMSVAR")
        told = self.assert_told(t.spl, "svaret kommer senest mandag den 20. april 2026",
                                "Send til: borger@borger.example.org", "Foreløbigt svar: Hul i vejen", "Kære borger")
        html = told.message.get_body(("html",)).get_content()
        self.assertIn('href="mailto:borger@borger.example.org?subject=Forel%C3%B8bigt%20svar%3A%20Hul%20i%20vejen'
                      '&amp;body=K%C3%A6re%20borger%0D%0A', html)
        inquiry = t.inquiry(letter.key)
        self.assertEqual((inquiry["promised"], inquiry["due"][:10]), ("2026-04-20", "2026-04-20"))

    def test_a_date_that_cannot_be_meant(self):
        t = self.town
        opened = self.opened()
        expect(t.owner.reply(opened, to=t.mt, tag="MELLEMSVAR 01-02-2026"), "refused", reason="bad-argument")
        self.assert_told(t.owner, opened.key, "MELLEMSVAR")
        expect(t.spl.reply(opened, to=t.mt, tag="MELLEMSVAR 14/4"), "refused", reason="wrong-role")
        self.assertIsNone(t.inquiry(opened.key)["promised"])


if __name__ == "__main__":
    unittest.main()
