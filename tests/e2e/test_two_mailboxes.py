"""Two shared mailboxes that follow one workflow: what each person gets, and where each inquiry belongs."""
import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.daemon import Daemon, staff
from servers.people import Person
from servers.town import Town

PEOPLE = staff(box="staff")
OWNER, HEAD, SPL = PEOPLE["postkasseansvarlig"], PEOPLE["chef"], PEOPLE["spl"]
MT, KB = Person("Postkassen", "mt@example.dk"), Person("KB-postkassen", "kb@example.dk")


class TwoMailboxesTest(unittest.TestCase):
    def setUp(self):
        self.town = Town([MT, KB, *PEOPLE.values()])
        self.addCleanup(self.town.close)
        self.daemon = Daemon(self.town, boxes={"mt": "mt", "kb": "kb"})
        self.addCleanup(self.daemon.kill)
        self.daemon.start()

    def write(self, author, box, subject, **more):
        """Somebody writes to a mailbox, and it is understood. What came of it."""
        mail = self.town.post.submit(author, box, subject, **more)
        self.daemon.await_mail(mail, box.mailbox)
        return self.daemon.outcome(mail)

    def morning(self, date):
        """What that morning brings: {address: (From, text)}. Nobody gets two."""
        before = len(self.town.mailboxes.read("staff"))
        self.daemon.at(f"{date} 07:00")
        sent = self.daemon.query("SELECT message_id, address, mailbox FROM outbox"
                                 " WHERE kind = 'morning' AND local_date = ? AND state = 'sent'", date)
        self.assertEqual(len({address for _, address, _ in sent}), len(sent), sent)
        found = {}
        for message_id, address, mailbox in sent:
            message = self.town.mailboxes.wait_for("staff", f"<{message_id}>").message
            self.assertEqual(message["From"].addresses[0].addr_spec, f"{mailbox}@example.dk")
            found[address] = message["From"].addresses[0].addr_spec, \
                message.get_body(("plain",)).get_content().replace("\r\n", "\n")
        self.assertEqual(len(self.town.mailboxes.read("staff")), before + len(sent))
        return found

    def test_mornings(self):
        self.assertEqual(self.write(SPL, MT, "Hul i vejen"), ("opened", "A1", "modtaget"))
        self.assertEqual(self.write(SPL, KB, "Mørk sti"), ("opened", "A1", "modtaget"))
        sender, text = self.morning("2026-03-24")[OWNER.address]
        self.assertEqual(sender, MT.address)
        for words in ("MT-2026-0001 · Hul i vejen", "Postkasse: Postkassen mt, mt@example.dk",
                      "MT-2026-0002 · Mørk sti", "Postkasse: Postkassen kb, kb@example.dk"):
            self.assertIn(words, text)

        # the one letter is moved beside the other; the first mailbox has nothing more to say
        self.assertEqual(self.write(OWNER, MT, "MT-2026-0001 [FLYT TIL kb]"), ("commanded", "FLYT TIL", "modtaget"))
        sender, text = self.morning("2026-03-25")[HEAD.address]
        self.assertEqual(sender, KB.address)
        for words in ("ALLE ÅBNE HENVENDELSER\n", "MT-2026-0001 · Hul i vejen", "MT-2026-0002 · Mørk sti"):
            self.assertIn(words, text)

    def test_a_mailbox_is_taken_out(self):
        """Refused while an inquiry of its own is open, though the other mailbox has the same workflow."""
        self.assertEqual(self.write(SPL, KB, "Mørk sti"), ("opened", "A1", "modtaget"))
        self.daemon.boxes = {"mt": "mt"}
        self.daemon.configure()
        self.daemon.send(signal.SIGHUP)
        self.daemon.wait_for_log('MT-2026-0001 is open and follows workflow .*borgmester.* of mailbox .*kb')
        self.assertEqual(self.write(OWNER, KB, "MT-2026-0001 [FLYT TIL mt@example.dk]"),
                         ("commanded", "FLYT TIL", "modtaget"))
        mark = self.daemon.supervisor.mark()
        self.daemon.send(signal.SIGHUP)
        self.daemon.supervisor.wait_for("STATUS=mt: watched$", after=mark)
        sender, text = self.morning("2026-03-24")[OWNER.address]
        self.assertEqual(sender, MT.address)
        self.assertIn("MT-2026-0001 · Mørk sti", text)


if __name__ == "__main__":
    unittest.main()
