"""Short stories: many inquiries in one municipality, each brought to where its story begins."""

import unittest

from servers.cyrus import Cyrus

from .story import expect, moved
from .town import Municipality

CASE = "https://sbsys.example.dk/sag/4711"


class Cases(unittest.TestCase):
    """One municipality for all tests of a class. They share its clock, which only goes on: a test that moves it does so
    by `later`, and never relies on the date."""

    start = "man 23/3 09:00"
    workflow_changes = ()       # (old, new) in borgmester.conf

    @classmethod
    def setUpClass(cls):
        cls.town = Municipality(cls.start, mailboxes=Cyrus, workflow_changes=cls.workflow_changes)
        cls.addClassCleanup(cls.town.servers.close)

    @classmethod
    def tearDownClass(cls):
        cls.town.close()

    def setUp(self):
        self.letters_before = len(self.town.letters)

    def new_letters(self):
        """What fristd has sent since this test began."""
        return self.town.letters[self.letters_before:]

    @property
    def subject(self):
        return self.id().rsplit(".", 1)[1].replace("_", " ")

    def opened(self):
        """At the owner's."""
        return expect(self.town.spl.send(self.town.mt, self.subject, "Til borgmesteren."), "opened", "A1", "modtaget")

    def assigned(self, **more):
        """At Medarbejder Vej's."""
        t = self.town
        return moved(t.owner.forward(self.opened(), t.road, cc=[t.head, t.leader_road, t.mt], **more),
                     "A3", "hos-sagsbehandler")

    def drafted(self):
        """At Enhedsleder Vej's. Returns the assignment and the draft."""
        t = self.town
        assigned = self.assigned()
        return assigned, moved(t.road.reply(assigned, "Udkast.", to=t.leader_road, cc=t.mt), "A5", "hos-enhedsleder")

    def with_head(self):
        """At the head of department's. Returns the assignment and the draft."""
        t = self.town
        assigned = self.assigned()
        return assigned, moved(t.road.reply(assigned, "Udkast.", to=t.head, cc=t.mt), "A5-chef", "hos-afdelingschef")

    def answered(self):
        """The answer is in the mailbox."""
        t = self.town
        return moved(t.road.reply(self.assigned(), f"Godkendt af alle: {CASE}", to=t.mt), "A7", "svar-modtaget")

    def with_spl(self):
        """At the secretariat's. Returns the mail by which it came there."""
        t = self.town
        return moved(t.owner.forward(self.answered(), t.spl, cc=t.mt), "A8", "hos-spl")

    def assert_step(self, act, step):
        self.assertEqual(self.town.step(act.key), step)

    def assert_told(self, actor, *words):
        """This person has had exactly one letter from fristd in this test, and it says these words. Returns it."""
        letters = [letter for letter in self.new_letters() if letter.reader is actor]
        self.assertEqual(len(letters), 1, letters)
        text = " ".join(f"{letters[0].subject} {letters[0].text}".split())
        for word in words:
            self.assertIn(word, text)
        return letters[0]
