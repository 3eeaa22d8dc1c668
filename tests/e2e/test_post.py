"""The main mailbox on real servers (P1, P2, P3, P4, P5): who opens, answers, only counts; what the leader reads."""
import json
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.base import CHECKOUT
from servers.daemon import Daemon
from servers.people import Person
from servers.town import Town

POST = Person("Hovedpostkassen", "post@example.dk")
CLERK, LEADER = Person("Post", "postmedarbejder@example.dk"), Person("Leder", "postleder@example.dk")
COLLEAGUE = Person("Byg", "byg.medarbejder@example.dk")
CITIZEN, SCANNER = Person("Borger", "borger@citizens.example"), Person("Scanner", "scanner@example.dk")


class PostTest(unittest.TestCase):
    def setUp(self):
        self.town = Town([POST, CLERK, LEADER, COLLEAGUE, SCANNER], outsiders=[CITIZEN])
        self.addCleanup(self.town.close)
        self.daemon = Daemon(self.town, boxes={"post": "post"})
        self.addCleanup(self.daemon.kill)
        self.daemon.workflow = "post"
        self.daemon.folders = 'channels = [ "scanner@example.dk" ];'
        people = self.daemon.home / "conf/people.conf"
        shutil.copyfile(CHECKOUT / "tests/data/post/people.conf", people)
        self.daemon.start()

    def heard(self, message_id):
        self.daemon.await_mail(message_id, "post")
        return self.daemon.outcome(message_id)

    def written(self, subject, **more):
        """A citizen's letter."""
        return self.town.post.outside(CITIZEN, POST, subject, "Hej", **more)

    def mail(self, box, message_id):
        return self.town.mailboxes.wait_for(box, message_id).message

    def test_a_day_in_the_post_room(self):
        """All rules: letters, scans and robots come in, are answered or passed on, and the leader reads how many."""
        post = self.town.post
        letter, second, third = self.written("Hul i vejen"), self.written("Støj"), self.written("Skilt")
        for one in (letter, second, third):
            self.assertEqual(self.heard(one), ("opened", "P2", "modtaget"))
        scanned = post.submit(SCANNER, POST, "Scannet brev", headers=[("Auto-Submitted", "auto-generated")])
        self.assertEqual(self.heard(scanned), ("opened", "P2-kanal", "modtaget"))
        offer = self.written("Tilbud", headers=[("List-Id", "<nyt.citizens.example>")])
        self.assertEqual(self.heard(offer), ("automatic", None, None))
        self.assertEqual(self.heard(self.written("Vind", headers=[("X-Spam-Flag", "YES")])), ("automatic", None, None))

        # answered by a colleague whom people.conf does not know, as the mailbox, and passed on
        answer = post.submit(COLLEAGUE, CITIZEN, "SV: Hul i vejen", cc=[POST], reply_to=self.mail("post", letter))
        self.assertEqual(self.heard(answer), ("moved", "P3", "besvaret"))
        receipt = post.submit(POST, CITIZEN, "SV: Kvittering: Støj", cc=[POST], reply_to=self.mail("post", second))
        self.assertEqual(self.heard(receipt), ("moved", "P3-kvittering", "kvitteret"))
        passed = post.submit(CLERK, COLLEAGUE, "VS: Skilt", cc=[POST], forward_of=self.mail("post", third))
        self.assertEqual(self.heard(passed), ("moved", "P5", "videresendt"))
        phoned = post.submit(CLERK, POST, "POST-2026-0004 [BESVARET TELEFONISK]")
        self.assertEqual(self.heard(phoned), ("moved", "P3-telefon", "besvaret"))
        self.check_leaders_mail()
        self.check_report()

    def check_leaders_mail(self):
        self.daemon.at("2026-03-24 07:00")
        message_id = self.daemon.one("SELECT message_id FROM outbox WHERE address = ? AND local_date = '2026-03-24'",
                                     LEADER.address)
        text = self.mail("postleder", f"<{message_id}>").get_body(("plain",)).get_content().replace("\r\n", "\n")
        self.assertIn("POSTEN I TAL\n\nFor mandag den 23. marts\n  Mails ind udefra: 4\n  Mails ud af huset: 2\n"
                      "  Robotter, nyhedsbreve og spam: 2\n  Henvendelser: 4, heraf afsluttet 3 (75,0 %)\n"
                      "  Frist holdt eller ikke udløbet: 100,0 %\n  Frist overskredet: 0\n", text)
        self.assertNotIn("POST-2026", text)

    def check_report(self):
        fristctl = os.path.join(os.environ["FRIST_BIN"], "fristctl")

        def report(*arguments):
            return subprocess.run(
                [fristctl, "--config", str(self.daemon.home / "conf/fristd.conf"), "report", "--volume", *arguments],
                capture_output=True, encoding="utf-8", check=True, timeout=60,
                env={**os.environ, "FRIST_NOW": str(self.daemon.now)}).stdout

        day = {"date": "2026-03-23", "mailbox": "post", "in": 4, "noise": 2, "out": 2, "inquiries": 4, "answered": 3,
               "late": 0}
        self.assertEqual(json.loads(report("--format", "json")), {"period": "2026Q1", "days": [day]})
        self.assertEqual(json.loads(report("--format", "json", "--period", "2025Q4")), {"period": "2025Q4", "days": []})
        self.assertEqual(report("--format", "csv").splitlines()[1],
                         ",".join(f'"{value}"' for value in day.values()))
        self.assertRegex(report(), r"Post i 1\. kvartal 2026\n\nDag +Postkasse +Ind .*\n"
                                   r"23-03-2026 +post +4 +2 +2 +4 +3 +0\nI alt +4 +2 +2 +4 +3 +0\n")

    def test_seven_days_and_then_a_reminder(self):
        """P3: all days count, but nobody is reminded at a weekend; and the leader is not told letter by letter."""
        self.assertEqual(self.heard(self.written("Hul i vejen")), ("opened", "P2", "modtaget"))
        for day in ("2026-03-24", "2026-03-26", "2026-03-27", "2026-03-30"):
            self.daemon.at(f"{day} 07:00")
        told = self.daemon.query("SELECT i.template, o.address, o.local_date FROM intent i JOIN outbox o"
                                 " ON o.id = i.outbox WHERE NOT i.withdrawn ORDER BY o.local_date")
        self.assertEqual(told, [("post-paamindelse", CLERK.address, "2026-03-27"),
                                ("post-rykker", CLERK.address, "2026-03-30")])

    def test_receipt_and_answer_have_a_deadline_each(self):
        """The receipt stops its own; the answer's runs on beside it, until there is an answer (P3)."""
        post = self.town.post
        letter, other = self.written("Hul i vejen"), self.written("Støj")
        for one in (letter, other):
            self.assertEqual(self.heard(one), ("opened", "P2", "modtaget"))
        receipt = post.submit(POST, CITIZEN, "SV: Kvittering: Hul i vejen", cc=[POST],
                              reply_to=self.mail("post", letter))
        self.assertEqual(self.heard(receipt), ("moved", "P3-kvittering", "kvitteret"))
        for day in ("2026-03-27", "2026-03-30", "2026-04-16"):
            self.daemon.at(f"{day} 07:00")
        told = "SELECT q.key, i.template, o.local_date FROM intent i JOIN outbox o ON o.id = i.outbox" \
            " JOIN inquiry q ON q.id = i.inquiry WHERE NOT i.withdrawn ORDER BY o.local_date, q.key, i.id"
        self.assertEqual(self.daemon.query(told), [
            ("POST-2026-0002", "post-paamindelse", "2026-03-27"), ("POST-2026-0002", "post-rykker", "2026-03-30"),
            ("POST-2026-0001", "post-svar", "2026-04-16"), ("POST-2026-0002", "post-svar", "2026-04-16")])
        answer = post.submit(POST, CITIZEN, "SV: Hul i vejen", cc=[POST], reply_to=self.mail("post", letter))
        self.assertEqual(self.heard(answer), ("moved", "P3", "besvaret"))
        self.daemon.at("2026-04-23 07:00")
        self.assertEqual(self.daemon.query(told)[4:], [("POST-2026-0002", "post-svar", "2026-04-23")])

    def test_a_colleague_whom_nobody_knows_passes_a_letter_on(self):
        """Who asked stands in the text; so the answer to him counts."""
        post = self.town.post
        passed = post.submit(COLLEAGUE, POST, "VS: Lys på stien", f"Til jer\n\nFra: Borger <{CITIZEN.address}>\n"
                             "Sendt: 20. marts 2026 10:00\nTil: Byg\nEmne: Lys på stien\n\nHvornår kommer der lys?")
        self.assertEqual(self.heard(passed), ("opened", "P2-videre", "modtaget"))
        answer = post.submit(CLERK, CITIZEN, "SV: Lys på stien", cc=[POST], reply_to=self.mail("post", passed))
        self.assertEqual(self.heard(answer), ("moved", "P3", "besvaret"))

    def test_what_only_its_recipient_can_read(self):
        message_id = "<sealed@citizens.example>"
        self.town.post.outside_raw(
            f"From: {CITIZEN.address}\r\nTo: {POST.address}\r\nSubject: Fortroligt\r\nMessage-ID: {message_id}\r\n"
            "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHA6CA\r\n".encode(), [POST], CITIZEN.address)
        self.assertEqual(self.heard(message_id), ("opened", "P2-krypteret", "krypteret"))


if __name__ == "__main__":
    unittest.main()
