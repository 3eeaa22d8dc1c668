"""Questions from council members on real servers: whom the answer reaches, and what is never registered."""
import datetime
import os
import re
import shutil
import subprocess
import sys
import unittest
import urllib.parse
from zoneinfo import ZoneInfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.base import CHECKOUT
from servers.daemon import Daemon
from servers.people import Person
from servers.town import Town

KB = Person("KB-postkassen", "kb@example.dk")
SECRETARY, DIRECTOR = Person("Sekretær", "sekretariat@example.dk"), Person("Direktør", "direktoer@example.dk")
CHIEF, CLERK = Person("Stabschef", "stabschef@example.dk"), Person("Medarbejder", "medarbejder@example.dk")
MAYOR = Person("Borgmester", "borgmester@example.dk")
ANNE, BO = Person("Medlem A", "medlem.a@example.dk"), Person("Medlem B", "medlem.b@example.dk")
JOURNALIST = Person("Journalist", "redaktion@avis.example")
ALL = "alle-medlemmer@example.dk"
SUBJECT = "Hvor mange elever går der i skole?"


class CouncilTest(unittest.TestCase):
    def setUp(self):
        self.town = Town([KB, SECRETARY, DIRECTOR, CHIEF, CLERK, MAYOR, ANNE, BO], aliases={ALL: "medlem.a"},
                         outsiders=[JOURNALIST])
        self.addCleanup(self.town.close)
        self.daemon = Daemon(self.town, boxes={"kb": "kb"})
        self.addCleanup(self.daemon.kill)
        self.daemon.workflow = "kb"
        shutil.copyfile(CHECKOUT / "tests/data/kb/people.conf", self.daemon.home / "conf/people.conf")
        self.daemon.start()

    def heard(self, message_id):
        self.daemon.await_mail(message_id, "kb")
        return self.daemon.outcome(message_id)

    def mail(self, box, message_id):
        return self.town.mailboxes.wait_for(box, message_id).message

    def told(self, template, box):
        """The newest letter of ours by this template, as it arrived."""
        message_id = self.daemon.wait_for("SELECT message_id FROM outbox WHERE template = ? AND state = 'sent'"
                                          " ORDER BY id DESC LIMIT 1", template)
        return self.mail(box, f"<{message_id}>")

    def text(self, message, kind="plain"):
        return message.get_body((kind,)).get_content().replace("\r\n", "\n")

    def approved(self):
        """A question up to where a director has approved its answer; returns its first mail."""
        post = self.town.post
        question = post.submit(ANNE, KB, SUBJECT, "Hej")
        self.assertEqual(self.heard(question), ("opened", "D3", "modtaget"))
        question = self.mail("kb", question)
        given = post.submit(SECRETARY, CLERK, f"VS: {SUBJECT}", cc=[KB], reply_to=question)
        self.assertEqual(self.heard(given), ("moved", "D3-fordelt", "hos-sagsbehandler"))
        draft = post.submit(CLERK, DIRECTOR, f"SV: {SUBJECT}", "Udkast", cc=[KB], reply_to=self.mail("kb", given))
        self.assertEqual(self.heard(draft), ("moved", "D3b-forelagt", "hos-direktør"))
        approval = post.submit(DIRECTOR, CLERK, f"SV: {SUBJECT}", "Godkendt", cc=[KB], reply_to=self.mail("kb", draft))
        self.assertEqual(self.heard(approval), ("moved", "D3b-godkendt", "godkendt"))
        return question

    def test_the_answer_reaches_everybody(self):
        """D3, D3b, D4, D5: approved by a director, sent to all members, corrected to the same people."""
        post, question = self.town.post, self.approved()
        receipt = self.told("kb-kvittering", "medlem.a")
        self.assertEqual(receipt["Subject"], f"KB-2026-0001: kvittering for dit spørgsmål ({SUBJECT})")
        self.assertIn("senest torsdag den 9. april", self.text(receipt).replace("\n", " "))
        self.assertIn("kan sendes. Send det til alle medlemmer",
                      self.text(self.told("kb-send-til-alle", "sekretariat")).replace("\n", " "))

        answer = post.submit(SECRETARY, ANNE, f"SV: {SUBJECT}", "Svar", cc=[KB], reply_to=question)
        self.assertEqual(self.heard(answer), ("moved", "D3b-mangler", "godkendt"))
        told = self.told("kb-mangler", "sekretariat")
        self.assertIn("modtagere: Borgmester og Medlem B.", self.text(told).replace("\n", " "))
        link = re.search(r"mailto:\S+", self.text(told))[0]
        self.assertIn(link.replace("&", "&amp;"), self.text(told, "html"))
        self.daemon.at("2026-03-24 07:00")
        message_id = self.daemon.one("SELECT message_id FROM outbox WHERE address = ? AND local_date = '2026-03-24'",
                                     SECRETARY.address)
        morning = self.text(self.mail("sekretariat", f"<{message_id}>"))
        self.assertIn("Mangler stadig hos: Borgmester og Medlem B", morning)

        # the secretary taps the link: exactly those two, and the mailbox on cc
        to, query = link.removeprefix("mailto:").split("?")
        fields = urllib.parse.parse_qs(query)
        self.assertEqual((to, fields["cc"]), (f"{MAYOR.address},{BO.address}", [KB.address]))
        rest = post.submit(SECRETARY, [MAYOR, BO], fields["subject"][0], "Svar", cc=[KB])
        self.assertEqual(self.heard(rest), ("moved", "D3b-udsendt", "udsendt"))
        self.told("kb-udsendt", "medarbejder")

        # a correction to the list is one to all; to one of them it is not
        fixed = post.submit(SECRETARY, Person("Alle", ALL), f"[RETTELSE] SV: {SUBJECT}", cc=[KB], reply_to=question)
        self.assertEqual(self.heard(fixed)[1], "D5-ord")
        half = post.submit(SECRETARY, ANNE, f"SV: {SUBJECT}", cc=[KB], reply_to=question)
        self.assertEqual(self.heard(half), ("moved", "D5-mangler", "udsendt"))
        self.assertIn("mailen: Borgmester og Medlem B.",
                      self.text(self.told("kb-rettelse", "sekretariat")).replace("\n", " "))

    def test_a_word_that_needs_company_or_a_name(self):
        """D3b: whom the answer is for is decided together, and is somebody whom the directory knows."""
        self.approved()
        post = self.town.post
        alone = post.submit(SECRETARY, KB, "KB-2026-0001 [KUN SPØRGEREN]")
        self.assertEqual(self.heard(alone)[0], "refused")
        self.assertIn("Send mailen igen med Direktør eller Stabschef på cc.",
                      self.text(self.told("ikke-talt", "sekretariat")).replace("\n", " "))
        wrong = post.submit(CHIEF, KB, "KB-2026-0001 [KUN FAGUDVALG Teknik og Miljø]")
        self.assertEqual(self.heard(wrong)[0], "refused")
        self.assertIn("for eksempel Teknikudvalget, ",
                      self.text(self.told("ikke-talt", "stabschef")).replace("\n", " "))

    def everything(self):
        """All that stands in the database, as one text."""
        found = []
        for (table,) in self.daemon.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'secret'"):
            found += [repr(row) for row in self.daemon.query(f'SELECT * FROM "{table}"')]
        return "\n".join(found)

    def test_what_is_confidential_is_nowhere(self):
        """D1: no sender, no subject, no id stands anywhere; the sender is told that others read the mailbox."""
        post = self.town.post
        secret = post.submit(BO, KB, "[FORTROLIGT] Om min sygdom", "Hej")
        seen = "SELECT count(*) FROM sighting WHERE outcome = 'confidential'"
        self.daemon.wait_for(seen, until=lambda count: count == 1)
        letter = self.told("fortroligt", "medlem.b")
        text = self.text(letter).replace("\n", " ")
        self.assertIn("direkte til Direktør (direktoer@example.dk) eller Stabschef (stabschef@example.dk).", text)
        self.assertIn("Svar ikke på den: flere læser kb@example.dk.", text)
        answer = post.submit(SECRETARY, BO, "SV: [FORTROLIGT] Om min sygdom", cc=[KB],
                             reply_to=self.mail("kb", secret))
        self.daemon.wait_for(seen, until=lambda count: count == 2)
        # a mail program's own mark of sensitivity says nothing
        other = post.submit(ANNE, KB, SUBJECT, reply_to=self.mail("kb", secret), headers=[("Sensitivity", "Private")])
        self.assertEqual(self.heard(other), ("opened", "D3", "modtaget"))
        self.daemon.wait_for("SELECT count(*) FROM outbox WHERE template = 'fortroligt' AND settled_at > 0",
                             until=lambda count: count == 2)

        # not even in pages that are free again, or in the journal of changes
        self.daemon.settle()
        for path in self.daemon.home.glob("fristd.db*"):
            self.assertFalse(BO.address.encode() in path.read_bytes(), path.name)
        everything = self.everything()
        log = self.daemon.log()
        for word in (BO.address, "sygdom", "FORTROLIGT", secret.strip("<>"), answer.strip("<>")):
            self.assertNotIn(word, everything)
            self.assertNotIn(word, log)
        receipt = self.told("kb-kvittering", "medlem.a")
        self.town.mailboxes.wait_for("kb", receipt["Message-ID"], "Kopi")
        copies = [str(copy.message["To"]) for copy in self.town.mailboxes.read("kb", "Kopi")]
        self.assertEqual([ANNE.address in copy for copy in copies], [True])
        fristctl = os.path.join(os.environ["FRIST_BIN"], "fristctl")
        conf = str(self.daemon.home / "conf/fristd.conf")
        done = subprocess.run([fristctl, "--config", conf, "register"], capture_output=True, encoding="utf-8",
                              check=True, timeout=60, env={**os.environ, "FRIST_NOW": str(self.daemon.now)})
        self.assertNotIn("sygdom", done.stdout + done.stderr)

        self.daemon.at("2026-03-24 07:00")
        message_id = self.daemon.one("SELECT message_id FROM outbox WHERE address = ? AND local_date = '2026-03-24'",
                                     SECRETARY.address)
        morning = self.text(self.mail("sekretariat", f"<{message_id}>"))
        self.assertIn("2 fortrolige mails er ikke registreret.", morning)
        self.assertNotIn("sygdom", morning)

    def test_who_is_reminded_when(self):
        """Ten working days over Easter: the holder, the secretariat, then the chief of staff."""
        self.assertEqual(self.heard(self.town.post.submit(ANNE, KB, SUBJECT))[0], "opened")
        for day in ("2026-03-25", "2026-03-31", "2026-04-01", "2026-04-08", "2026-04-09", "2026-04-10"):
            self.daemon.at(f"{day} 07:00")
        told = self.daemon.query("SELECT i.template, o.address, i.copy, o.local_date FROM intent i JOIN outbox o"
                                 " ON o.id = i.outbox WHERE NOT i.withdrawn ORDER BY o.local_date, i.copy")
        self.assertEqual(told, [("kb-ikke-fordelt", SECRETARY.address, 0, "2026-03-25"),
                                ("kb-paamindelse", SECRETARY.address, 0, "2026-04-01"),
                                ("kb-paamindelse", SECRETARY.address, 0, "2026-04-08"),
                                ("kb-svarfrist", SECRETARY.address, 0, "2026-04-09"),
                                ("kb-overskredet", CHIEF.address, 0, "2026-04-10"),
                                ("kb-overskredet", SECRETARY.address, 1, "2026-04-10")])

    def test_a_larger_effort_waits_for_the_mayor(self):
        """D3a: the clock stands until he starts it, and goes on with the days that were left."""
        post = self.town.post
        question = post.submit(ANNE, KB, SUBJECT)
        self.assertEqual(self.heard(question)[1], "D3")
        large = post.submit(SECRETARY, KB, "KB-2026-0001 [STØRRE ARBEJDSINDSATS]")
        self.assertEqual(self.heard(large), ("moved", "D3a-stor", "afventer-igangsættelse"))
        asked = self.told("kb-ivaerksaet", "borgmester")
        self.daemon.at("2026-03-30 09:00")
        by_clerk = post.submit(CLERK, KB, "KB-2026-0001 [IVÆRKSÆT]")
        self.assertEqual(self.heard(by_clerk)[0], "refused")
        started = post.submit(MAYOR, KB, f"[IVÆRKSÆT] SV: {asked['Subject']}", reply_to=asked)
        self.assertEqual(self.heard(started), ("moved", "D3a-borgmester", "hos-sagsbehandler"))
        # ten days were left on 23 March, so ten begin on the 31st; Easter lies between
        due = self.daemon.one("SELECT image ->> '$.clocks[0].due_at' FROM inquiry")
        self.assertEqual(datetime.datetime.fromtimestamp(due - 1, ZoneInfo("Europe/Copenhagen")).date(),
                         datetime.date(2026, 4, 16))

    def test_a_visit_goes_to_the_chief_of_staff(self):
        """D2: he hears at once, the member has a receipt, and it ends when it is settled."""
        wish = self.town.post.submit(ANNE, KB, "[BESØG] Må vi se skolen?")
        self.assertEqual(self.heard(wish), ("opened", "D2", "hos-ledelsen"))
        self.told("kb-ledelsen", "stabschef")
        self.told("kb-kvittering-ledelsen", "medlem.a")
        settled = self.town.post.submit(CHIEF, KB, "KB-2026-0001 [AFKLARET]")
        self.assertEqual(self.heard(settled), ("moved", "D2-afklaret", "afklaret"))

    def test_a_press_release_that_members_miss(self):
        """D7: to the media and one member only: the secretariat hears at once who is to have it."""
        post = self.town.post
        release = post.submit(SECRETARY, [JOURNALIST, ANNE], "[PRESSEMEDDELELSE] Ny skole", cc=[KB])
        self.assertEqual(self.heard(release), ("opened", "D7-medier", "presse-mangler"))
        told = self.text(self.told("kb-presse-mangler", "sekretariat"))
        self.assertIn("Borgmester og Medlem B", told.replace("\n", " "))
        rest = post.submit(SECRETARY, [MAYOR, BO], "SV: Ny skole", cc=[KB], reply_to=self.mail("kb", release))
        self.assertEqual(self.heard(rest), ("moved", "D7-alle", "presse-udsendt"))

    def test_the_register_says_who_restricted_an_answer(self):
        self.approved()
        word = self.town.post.submit(SECRETARY, CHIEF, "KB-2026-0001 [KUN FAGUDVALG Teknikudvalget]", cc=[KB])
        self.assertEqual(self.heard(word), ("moved", "D3b-udvalg-endnu", "godkendt"))
        fristctl = os.path.join(os.environ["FRIST_BIN"], "fristctl")
        conf = str(self.daemon.home / "conf/fristd.conf")
        done = subprocess.run([fristctl, "--config", conf, "show", "KB-2026-0001"], capture_output=True,
                              encoding="utf-8", check=True, timeout=60)
        self.assertIn("Kun til         Teknikudvalget, besluttet af Sekretær sammen med Stabschef\n", done.stdout)
        self.assertIn("Mangler hos     Medlem A\n                Borgmester\n", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
