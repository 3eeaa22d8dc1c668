"""A11 and A0: who is reminded of what and when: unassigned, ladders, holidays, sending hours, one mail a morning."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality.cases import CASE, Cases  # noqa: E402 (the folder must be known first)
from municipality.story import expect, moved  # noqa: E402


def said(letters):
    """{reader: [(key, template)]} of morning mails that remind of something."""
    return {letter.reader: letter.rungs for letter in letters if letter.rungs}


class Nobody(Cases):
    start = "man 23/3 09:00"

    def test_owner_then_deputy_then_the_ladder(self):
        t = self.town
        key = self.opened().key
        self.assertEqual(said(t.clock("tir 24/3 08:00")), {t.owner: [(key, "ikke-fordelt")]})
        self.assertEqual(said(t.clock("ons 25/3 08:00")), {t.deputy: [(key, "ikke-fordelt")]})
        self.assertEqual(said(t.clock("tor 26/3 08:00")), {t.owner: [(key, "paamindelse")]})
        self.assertEqual(said(t.clock("fre 27/3 08:00")), {t.owner: [(key, "rykker")]})
        self.assertEqual(t.clock("man 30/3 06:59"), [])
        self.assertEqual(said(t.clock("man 30/3 08:00")), {t.owner: [(key, "svarfrist-udloeber")]})
        late = said(t.clock("tir 31/3 08:00"))
        self.assertEqual(late[t.head], [(key, "overskredet")])
        self.assertEqual(t.inquiry(key)["state"], "overdue")
        self.assertEqual(said(t.clock("fre 10/4 15:00")), {})


class Assigned(Cases):
    start = "fre 27/3 09:00"

    def test_over_easter(self):
        t = self.town
        assigned = self.assigned()
        other = moved(t.owner.forward(self.opened(), t.road, cc=[t.leader_road, t.mt]), "A3", "hos-sagsbehandler")
        both = [(assigned.key, "paamindelse"), (other.key, "paamindelse")]
        self.assertEqual(said(t.clock("tir 31/3 15:00")), {})
        self.assertEqual(said(t.clock("ons 1/4 15:00")), {t.road: both})
        mail = next(letter for letter in t.road.letters() if letter.rungs)
        self.assertIn("2 venter", mail.subject)
        self.assertEqual(t.clock("tir 7/4 06:59"), [])  # not on Maundy Thursday, Good Friday, Easter Monday, at night
        moved(t.road.reply(other, f"Svar: {CASE}", to=t.mt), "A7", "svar-modtaget")
        self.assertEqual(said(t.clock("tir 7/4 08:00")), {t.road: [(assigned.key, "rykker")]})
        self.assertEqual(said(t.clock("ons 8/4 08:00")),
                         {t.leader_road: [(assigned.key, "svarfrist-udloeber")],
                          t.road: [(assigned.key, "svarfrist-udloeber")], t.owner: [(other.key, "send-videre")]})
        expect(t.owner.reply(assigned, to=t.mt, tag="NY FRIST 15-04-2026"), "commanded", "NY FRIST")
        self.assertEqual(t.inquiry(assigned.key)["due"][:10], "2026-04-15")
        self.assertEqual(said(t.clock("fre 10/4 15:00")), {t.owner: [(other.key, "send-videre")]})
        moved(t.owner.forward(other, t.spl, "Svaret er godkendt.", cc=t.mt), "A8", "hos-spl")
        self.assertEqual(said(t.clock("man 13/4 08:00")), {t.road: [(assigned.key, "paamindelse")]})
        moved(t.road.reply(assigned, f"Svar: {CASE}", to=t.mt), "A7", "svar-modtaget")
        moved(t.owner.forward(assigned, t.spl, "Svaret er godkendt.", cc=t.mt), "A8", "hos-spl")
        self.assertEqual(said(t.clock("fre 17/4 08:00")), {t.spl: [(other.key, "gennemsyn")]})


class Killed(Cases):
    start = "man 23/3 09:00"

    def test_nothing_is_sent_twice_after_a_restart(self):
        t = self.town
        key = self.opened().key
        t.clock("tir 24/3 08:00")
        t.fristd.kill()
        t.fristd.start_at = t.now
        t.fristd.start()
        t.settle()
        self.assertEqual(said(t.clock("tir 24/3 15:00")), {})
        self.assertEqual(said(t.clock("ons 25/3 08:00")), {t.deputy: [(key, "ikke-fordelt")]})
        self.assertEqual(t.strays(), [])


class Away(Cases):
    start = "man 23/3 09:00"

    def test_after_two_weeks_one_reminder_an_inquiry_not_five(self):
        t = self.town
        keys = [self.opened().key, self.opened().key]
        t.fristd.next_at = 0    # as if it had been switched off: nothing happens on the way
        letters = t.clock("tir 7/4 10:00")
        self.assertEqual({reader: rungs for reader, rungs in said(letters).items() if reader in (t.owner, t.head)},
                         {who: [(key, "overskredet") for key in keys] for who in (t.owner, t.head)})
        self.assertEqual(len(letters), len({letter.reader for letter in letters}))


if __name__ == "__main__":
    unittest.main()
