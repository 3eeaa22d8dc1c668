"""What citizens do, on real servers: ask again, write the same to two mailboxes, put three matters in one mail."""
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.daemon import Daemon, staff
from servers.people import Person
from servers.town import Town

PEOPLE = staff(box="staff")
OWNER, SPL, WORKER, PARK = (PEOPLE[who] for who in ("postkasseansvarlig", "spl", "medarbejder-vej", "medarbejder-park"))
MT, KB = Person("Postkassen", "mt@example.dk"), Person("KB-postkassen", "kb@example.dk")
CITIZEN = Person("Borger", "borger@citizens.example")
LETTER = ("Til borgmesteren\n\n-----Oprindelig meddelelse-----\nFra: Borger <borger@citizens.example>\n"
          "Sendt: 23. marts 2026 09:00\nTil: Borgmester <borgmester@example.dk>\nEmne: Hul\n\nHej\n")


class CitizenTest(unittest.TestCase):
    def setUp(self):
        self.town = Town([MT, KB, *PEOPLE.values()], outsiders=[CITIZEN])
        self.addCleanup(self.town.close)
        self.daemon = Daemon(self.town, boxes={"mt": "mt", "kb": "kb"})
        self.addCleanup(self.daemon.kill)
        self.daemon.start()

    def heard(self, message_id, box):
        self.daemon.await_mail(message_id, box.mailbox)
        return self.daemon.outcome(message_id)

    def write(self, author, box, subject, *args, **more):
        """Somebody of the house writes, a copy to the mailbox. Its id, and what came of it."""
        message_id = self.town.post.submit(author, box, subject, *args, **more)
        return message_id, self.heard(message_id, more["cc"][0] if "cc" in more else box)

    def parent(self, message_id, box):
        return self.town.mailboxes.wait_for(box.mailbox, message_id).message

    def singles(self, template):
        """Letters by this template that have left: [(address, text)]."""
        sent = self.daemon.query("SELECT message_id, address FROM outbox WHERE kind = 'single' AND template = ?"
                                 " AND state = 'sent' ORDER BY id", template)
        return [(address, self.town.mailboxes.wait_for("staff", f"<{message_id}>").message.get_body(("plain",))
                 .get_content().replace("\r\n", "\n")) for message_id, address in sent]

    def test_asks_again(self):
        """Asks again before the deadline: the holder and the secretariat hear at once, once a day.

        The owner deletes the letter once it is filed: what answers it finds its inquiry all the same.
        """
        self.daemon.at("2026-03-24 09:00")
        letter, outcome = self.write(SPL, MT, "VS: Hul i vejen", LETTER)
        self.assertEqual(outcome, ("opened", "A1", "modtaget"))
        _, outcome = self.write(OWNER, WORKER, "VS: Hul i vejen", cc=[MT], reply_to=self.parent(letter, MT))
        self.assertEqual(outcome, ("moved", "A3", "hos-sagsbehandler"))
        parent = self.parent(letter, MT)
        self.town.mailboxes.expunge(MT.mailbox, self.town.mailboxes.wait_for(MT.mailbox, letter).uid)
        for hour in 10, 11:
            self.daemon.at(f"2026-03-24 {hour}:00")
            again = self.town.post.outside(CITIZEN, MT, "SV: Hul i vejen", "Hvor bliver svaret?", reply_to=parent)
            self.assertEqual(self.heard(again, MT)[:2], ("noted", "A11-rykker"))
        self.daemon.at("2026-03-24 12:00")
        told = self.singles("borgeren-rykker")
        self.assertEqual([address for address, _ in told], [WORKER.address, SPL.address])
        self.assertIn("Den ligger hos dig", told[0][1])
        self.assertIn("Den ligger hos Medarbejder Vej", told[1][1])
        self.assertIn("rykket 24/3", self.register())

    def test_same_letter_and_three_matters(self):
        """Sends the same letter to two mailboxes; puts three matters in one mail."""
        self.daemon.at("2026-03-24 09:00")
        letter, _ = self.write(SPL, MT, "VS: Hul, støj og lys", LETTER)
        copy, _ = self.write(SPL, KB, "VS: Til kommunen", LETTER)
        _, outcome = self.write(OWNER, KB, "MT-2026-0002 [SAMME SOM MT-2026-0001]")
        self.assertEqual(outcome[:2], ("commanded", "SAMME SOM"))
        later, outcome = self.write(SPL, KB, "SV: Til kommunen", reply_to=self.parent(copy, KB))
        self.assertEqual((outcome[0], self.key_of(later)), ("noted", "MT-2026-0001"))

        _, outcome = self.write(OWNER, MT, "MT-2026-0001 [DEL 3]")
        self.assertEqual(outcome[:2], ("commanded", "DEL"))
        unclear, outcome = self.write(OWNER, PARK, "VS: Hul, støj og lys", cc=[MT], reply_to=self.parent(letter, MT))
        self.assertEqual((outcome[0], self.key_of(unclear)), ("waiting", None))
        clear, outcome = self.write(OWNER, PARK, "MT-2026-0004 Hul, støj og lys (3 af 3)", cc=[MT])
        self.assertEqual((outcome, self.key_of(clear)), (("moved", "A3", "hos-sagsbehandler"), "MT-2026-0004"))
        self.daemon.at("2026-03-24 12:00")
        (address, text), = self.singles("delt")
        self.assertEqual(address, OWNER.address)
        self.assertIn("MT-2026-0003 Hul, støj og lys (2 af 3)", text)
        register = self.register()
        self.assertIn("også MT-2026-0002", register)
        self.assertIn("samme som", register)

    def register(self):
        fristctl = os.path.join(os.environ["FRIST_BIN"], "fristctl")
        conf = str(self.daemon.home / "conf/fristd.conf")
        return subprocess.run([fristctl, "--config", conf, "register"], check=True, stdout=subprocess.PIPE,
                              encoding="utf-8", env={**os.environ, "FRIST_NOW": str(self.daemon.now)}).stdout

    def key_of(self, message_id):
        rows = self.daemon.query("SELECT inquiry.key FROM mail LEFT JOIN inquiry ON inquiry.id = mail.inquiry"
                                 " WHERE message_id = ?", message_id.strip("<>"))
        return rows[0][0]


if __name__ == "__main__":
    unittest.main()
