"""A council member's forwards on real servers: who answers, by when, and that the member himself hears nothing."""
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.base import CHECKOUT
from servers.daemon import Daemon
from servers.people import Person
from servers.town import Town

POST = Person("Hovedpostkassen", "post@example.dk")
CLERK, LEADER = Person("Post", "postmedarbejder@example.dk"), Person("Leder", "leder.vej@example.dk")
WORKER = Person("Vej", "medarbejder.vej@example.dk")
MAYOR, CHAIR, MEMBER = (Person(name, f"{box}@example.dk") for name, box in
                        (("Borgmester", "borgmester"), ("Formand A", "formand.a"), ("Medlem B", "medlem.b")))
COLLEAGUE = Person("Byg", "byg.medarbejder@example.dk")   # in no people.conf
CITIZEN = Person("Borger", "borger@citizens.example")


def letter(day="20. marts 2026 10:00"):
    return (f"Til jer\n\nFra: Borger <{CITIZEN.address}>\nSendt: {day}\nTil: Medlem B <{MEMBER.address}>\n"
            "Emne: Hul i vejen\n\nDer er et hul i vejen.")


class MemberTest(unittest.TestCase):
    people, workflow = "medlem", "medlem"

    def setUp(self):
        self.town = Town([POST, CLERK, LEADER, WORKER, MAYOR, CHAIR, MEMBER, COLLEAGUE], outsiders=[CITIZEN])
        self.addCleanup(self.town.close)
        self.daemon = Daemon(self.town, boxes={"post": "post"})
        self.addCleanup(self.daemon.kill)
        self.daemon.workflow = self.workflow
        shutil.copyfile(CHECKOUT / f"tests/data/{self.people}/people.conf", self.daemon.home / "conf/people.conf")
        self.daemon.start()

    def heard(self, message_id):
        self.daemon.await_mail(message_id, "post")
        return self.daemon.outcome(message_id)

    def mail(self, box, message_id):
        return self.town.mailboxes.wait_for(box, message_id).message

    def told(self):
        return self.daemon.query("SELECT template, address FROM outbox WHERE kind = 'single' ORDER BY id")

    def due(self, key):
        return self.daemon.one("SELECT date(json_extract(image, '$.clocks[0].due_at') - 1, 'unixepoch') FROM inquiry"
                               " WHERE key = ?", key)

    def test_each_of_the_three_ways(self):
        """I1: the administration answers (I7), the member (I3, I6), on a draft (I4), or it is on an agenda (I8)."""
        post = self.town.post
        plain = post.submit(MEMBER, POST, "VS: Hul i vejen", letter())
        self.assertEqual(self.heard(plain), ("opened", "I7", "modtaget"))
        self.assertEqual(self.due("MED-2026-0001"), "2026-04-08")
        personal = post.submit(MEMBER, POST, "[SVARER SELV] VS: Hul i vejen", letter())
        self.assertEqual(self.heard(personal), ("opened", "I1", "hos-medlem"))
        agenda = post.submit(MEMBER, POST, "[DAGSORDEN UDVALG Teknikudvalget] VS: Hul i vejen", letter())
        self.assertEqual(self.heard(agenda), ("opened", "I8-udvalg", "dagsorden"))
        draft = post.submit(CHAIR, POST, "[UDKAST ØNSKES] VS: Hul i vejen", letter("i går"))
        self.assertEqual(self.heard(draft), ("opened", "I4", "udkast-ønsket"))
        self.assertEqual(self.due("MED-2026-0004"), "2026-04-09")
        self.assertEqual(self.told(), [("medlem-dagsorden", CHAIR.address)])

        given = post.submit(CLERK, WORKER, "VS: Hul i vejen", cc=[LEADER, POST], forward_of=self.mail("post", plain))
        self.assertEqual(self.heard(given), ("moved", "I7-fordelt", "hos-sagsbehandler"))
        answer = post.submit(WORKER, CITIZEN, "SV: Hul i vejen", cc=[POST],
                             reply_to=self.mail("medarbejder.vej", given))
        self.assertEqual(self.heard(answer), ("moved", "I7-besvaret", "besvaret"))
        done = post.submit(CLERK, POST, "MED-2026-0002/1 [BESVARET AF MEDLEM]")
        self.assertEqual(self.heard(done), ("moved", "I6-ord", "besvaret-af-medlem"))
        passed = post.submit(CLERK, CHAIR, "VS: Hul i vejen", cc=[POST], forward_of=self.mail("post", agenda))
        self.assertEqual(self.heard(passed), ("moved", "I8-sendt", "dagsorden-foreslået"))

    def test_what_there_is_not_and_who_may_not(self):
        """A committee of no such name (I8); a draft for somebody who chairs none (I4)."""
        post = self.town.post
        unknown = post.submit(MEMBER, POST, "[DAGSORDEN UDVALG Teknikken] VS: Hul i vejen", letter())
        self.daemon.await_mail(unknown, "post")
        wanted = post.submit(MEMBER, POST, "[UDKAST ØNSKES] VS: Hul i vejen", letter())
        self.assertEqual(self.heard(wanted), ("opened", "I4-andre", "modtaget"))
        self.assertEqual(self.told(), [("ikke-talt", MEMBER.address), ("medlem-kun-formand", MEMBER.address)])
        self.assertIn("Teknikudvalget", self.letter_to("medlem.b", "ikke-talt"))
        self.assertIn("borgmesteren og udvalgsformændene", self.letter_to("medlem.b", "medlem-kun-formand"))

    def test_a_personal_number_outside(self):
        """I5: quietly, to whoever sent it and nobody else; the number is kept nowhere."""
        post = self.town.post
        quoted = f"Svar følger.\n\nFra: Borger <{CITIZEN.address}>\nSendt: 20. marts 2026\n\nMit nummer er 010180-1234."
        for sender in (MEMBER, COLLEAGUE):
            self.heard(post.submit(sender, CITIZEN, "Om hullet", quoted, cc=[POST]))
        self.heard(post.submit(MEMBER, WORKER, "Om hullet", quoted, cc=[POST]))
        self.heard(post.submit(MEMBER, CITIZEN, "Om hullet", "Ring på tlf. 0101801234", cc=[POST]))
        self.heard(post.outside(MEMBER, CITIZEN, "Forfalsket", quoted, cc=[POST]))
        self.assertEqual(self.told(), [("cpr-advarsel", MEMBER.address), ("cpr-advarsel", COLLEAGUE.address)])
        text = self.letter_to("medlem.b", "cpr-advarsel")
        self.assertIn("noget, der ligner et personnummer", text)
        self.assertNotIn("010180", text)
        for path in self.daemon.home.glob("fristd.db*"):
            self.assertNotIn(b"010180", path.read_bytes())

    def letter_to(self, box, template):
        """One of our letters, with its lines joined."""
        message_id = self.daemon.one("SELECT message_id FROM outbox WHERE template = ? ORDER BY id LIMIT 1",
                                     template)
        return " ".join(self.mail(box, f"<{message_id}>").get_body(("plain",)).get_content().split())

    def test_three_weeks_and_no_word_to_any_member(self):
        """I2: ten working days from the day in the quoted head, and nobody chases a member."""
        post = self.town.post
        self.heard(post.submit(MEMBER, POST, "VS: Hul i vejen", letter()))
        self.heard(post.submit(MEMBER, POST, "[SVARER SELV] VS: Hul i vejen", letter()))
        for day in ("2026-03-24", "2026-03-30", "2026-04-01", "2026-04-07", "2026-04-08", "2026-04-09", "2026-04-13"):
            self.daemon.at(f"{day} 07:00")
        told = self.daemon.query("SELECT i.template, o.address, q.key, o.local_date FROM intent i JOIN outbox o"
                                 " ON o.id = i.outbox JOIN inquiry q ON q.id = i.inquiry WHERE NOT i.withdrawn"
                                 " AND i.copy = 0 ORDER BY o.local_date, q.key")
        self.assertEqual(told, [
            ("medlem-ikke-fordelt", CLERK.address, "MED-2026-0001", "2026-03-24"),
            ("medlem-paamindelse", CLERK.address, "MED-2026-0001", "2026-04-01"),
            ("medlem-paamindelse", CLERK.address, "MED-2026-0001", "2026-04-07"),
            ("medlem-svarfrist", CLERK.address, "MED-2026-0001", "2026-04-08"),
            ("medlem-overskredet", CLERK.address, "MED-2026-0001", "2026-04-09"),
            ("medlem-svarer-selv", CLERK.address, "MED-2026-0002", "2026-04-09")])
        self.assertEqual(self.daemon.one("SELECT count(*) FROM outbox WHERE address IN (?, ?, ?)", MAYOR.address,
                                         CHAIR.address, MEMBER.address), 0)
        message_id = self.daemon.one("SELECT message_id FROM outbox WHERE address = ? AND local_date = '2026-04-07'",
                                     CLERK.address)
        text = " ".join(self.mail("postmedarbejder", f"<{message_id}>").get_body(("plain",)).get_content().split())
        self.assertIn("Medlem B har sendt denne henvendelse fra en borger ind", text)
        self.assertIn("brevet er fra fre. 20/3 · dag 1 man. 23/3", text)


class MainMailbox(MemberTest):
    """The same in the main mailbox, where what nobody else opens is the post's (P)."""
    people, workflow = "main", ("post", "medlem")

    def test_citizens_and_members(self):
        post = self.town.post
        self.assertEqual(self.heard(post.outside(CITIZEN, POST, "Støj", "Hej")), ("opened", "P2", "modtaget"))
        passed = post.submit(COLLEAGUE, POST, "VS: Lys på stien", letter())
        self.assertEqual(self.heard(passed), ("opened", "P2-videre", "modtaget"))
        member = post.submit(MEMBER, POST, "VS: Hul i vejen", letter())
        self.assertEqual(self.heard(member), ("opened", "I7", "modtaget"))
        self.assertEqual([row[0] for row in self.daemon.query("SELECT key FROM inquiry ORDER BY id")],
                         ["POST-2026-0001", "POST-2026-0002", "MED-2026-0001"])
        self.daemon.at("2026-03-24 07:00")
        message_id = self.daemon.one("SELECT message_id FROM outbox WHERE address = ? AND local_date = '2026-03-24'",
                                     CLERK.address)
        text = self.mail("postmedarbejder", f"<{message_id}>").get_body(("plain",)).get_content()
        for key in ("POST-2026-0001", "POST-2026-0002", "MED-2026-0001"):
            self.assertIn(key, text)
        done = post.submit(CLERK, POST, "MED-2026-0001 [FLYT TIL POST]")
        self.assertEqual(self.heard(done), ("commanded", "FLYT TIL", "modtaget"))


if __name__ == "__main__":
    unittest.main()
