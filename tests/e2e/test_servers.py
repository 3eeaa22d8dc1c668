"""The servers of the tests do what the tests rely on."""

import os
import re
import signal
import smtplib
import ssl
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from servers.base import Failure, Root, session_members  # noqa: E402
from servers.ca import Authority  # noqa: E402
from servers.cyrus import Cyrus  # noqa: E402
from servers.dovecot import Dovecot  # noqa: E402
from servers.people import Person  # noqa: E402
from servers.town import Town  # noqa: E402

MT = Person("Borgmesterens postkasse", "mt@example.dk", "postkasse")
CASEWORKER = Person("Sagsbehandler Ærø", "sagsbehandler@example.dk")
HEAD = Person("Afdelingschef", "afdelingschef@example.dk")
CITIZEN = Person("En borger", "borger@borger.example.dk")
ATTACK = b"""Authentication-Results: mx.example.dk; auth=pass smtp.auth=afdelingschef@example.dk
Authentication-Results: (a comment) MX.EXAMPLE.DK 1;\r\n dmarc=pass header.from=example.dk
Authentication-Results:\r\n mx.example.dk; dkim=pass
Authentication-Results: mx.example.dk.elsewhere.example.org; dkim=pass
Authentication-Results: relay.example.org;\r\n dmarc=pass header.from=example.dk
From: afdelingschef@example.dk
Message-ID: <forged@elsewhere.example.org>
Subject: [GODKENDT]

Godkendt
"""


class TownTest(unittest.TestCase):
    mailboxes = Dovecot

    @classmethod
    def setUpClass(cls):
        cls.town = Town([MT, CASEWORKER, HEAD], [CITIZEN], {"*@digitalpost.example.dk": CITIZEN.mailbox}, cls.mailboxes)
        cls.addClassCleanup(cls.town.close)

    def read(self, who, message_id, folder="INBOX"):
        return self.town.mailboxes.wait_for(who.mailbox, message_id, folder)

    def test_submitted_mail_arrives_stamped(self):
        begun = int(time.time())
        mail_id = self.town.post.submit(CASEWORKER, MT, "Udkast om æbler", "Her er det", cc=[HEAD], bcc=[CITIZEN])
        for who in (MT, HEAD, CITIZEN):
            stored = self.read(who, mail_id)
            message = stored.message
            self.assertEqual(message["Subject"], "Udkast om æbler")
            self.assertEqual(message["From"].addresses[0].display_name, CASEWORKER.name)
            self.assertIsNone(message["Bcc"])
            results = message.get_all("Authentication-Results")
            self.assertEqual(len(results), 1)
            self.assertRegex(results[0], r"^mx\.example\.dk;\s*auth=pass .*smtp\.auth=sagsbehandler@example\.dk$")
            names = [name.lower() for name in message.keys()]
            border = next(i for i, value in enumerate(message.values()) if "with esmtpsa" in value)
            self.assertLess(names.index("authentication-results"), border)
            self.assertGreaterEqual(stored.arrived, begun)
            self.assertLessEqual(stored.arrived, time.time() + 1)

    def test_outside_mail_gets_no_pass(self):
        mail_id = self.town.post.outside(CITIZEN, [MT], "Min vej", "Hul i vejen")
        self.assertNotIn("pass", str(self.read(MT, mail_id).message.get_all("Authentication-Results")))

    def test_forged_results_of_ours_are_removed(self):
        self.town.post.outside_raw(ATTACK, [MT], CITIZEN.address)
        results = self.read(MT, "<forged@elsewhere.example.org>").message.get_all("Authentication-Results")
        self.assertEqual([line.split(";")[0].strip() for line in results],
                         ["mx.example.dk", "mx.example.dk.elsewhere.example.org", "relay.example.org"])
        self.assertNotIn("pass", results[0])

    def test_writing_in_another_name(self):
        as_mailbox = self.town.post.submit(CASEWORKER, HEAD, "Tildelt", from_=MT)
        on_behalf = self.town.post.submit(CASEWORKER, MT, "Godkendt", from_=HEAD, sender=CASEWORKER)
        self.assertIn("smtp.auth=sagsbehandler@", self.read(HEAD, as_mailbox).message["Authentication-Results"])
        message = self.read(MT, on_behalf).message
        self.assertEqual(message["From"].addresses[0].addr_spec, HEAD.address)
        self.assertEqual(message["Sender"].address.addr_spec, CASEWORKER.address)

    def test_replies_and_forwards_thread(self):
        first = self.read(MT, self.town.post.submit(HEAD, MT, "Sagen")).message
        reply = self.read(HEAD, self.town.post.submit(MT, HEAD, reply_to=first)).message
        again = self.read(MT, self.town.post.submit(HEAD, MT, reply_to=reply)).message
        forward = self.read(CASEWORKER, self.town.post.submit(MT, CASEWORKER, forward_of=again)).message
        self.assertEqual([m["Subject"] for m in (reply, again, forward)], ["SV: Sagen", "SV: Sagen", "VS: SV: Sagen"])
        self.assertEqual(again["References"].split(), [first["Message-ID"], reply["Message-ID"]])
        self.assertEqual(forward["In-Reply-To"], again["Message-ID"])

    def test_gateway_addresses_reach_the_citizen(self):
        self.read(CITIZEN, self.town.post.submit(MT, "0101801234@digitalpost.example.dk", "Svar"))

    def test_refused_and_deferred_recipients(self):
        self.town.exim.set_list("refused", "nej@example.dk")
        self.town.exim.set_list("deferred", "senere@example.dk")
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as raised:
            self.town.post.submit(MT, ["nej@example.dk", "senere@example.dk", "ukendt@example.dk"], "x")
        self.assertEqual([code for code, _ in raised.exception.recipients.values()], [550, 451, 550])

    def test_bounce(self):
        self.town.exim.set_list("bounced", CITIZEN.address)
        self.addCleanup(self.town.exim.set_list, "bounced")
        mail_id = self.town.post.submit(MT, CITIZEN, "Til en lukket postkasse")
        bounce = self.town.mailboxes.wait_for(
            MT.mailbox, lambda stored: stored.message.get_content_type() == "multipart/report")
        self.assertIn(mail_id.encode(), bounce.raw)
        self.assertIn(b"Final-Recipient: rfc822;" + CITIZEN.address.encode(), bounce.raw)

    def test_held_mail_waits_for_a_flush(self):
        self.town.exim.set_list("held", HEAD.address)
        self.addCleanup(self.town.exim.set_list, "held")
        mail_id = self.town.post.submit(MT, HEAD, "Senere")
        self.town.exim.wait_for_log(r"== afdelingschef@example\.dk .* defer .*Held as the test asked")
        self.assertEqual(len(self.town.exim.queue()), 1)
        self.town.exim.set_list("held")
        self.town.exim.flush()
        self.read(HEAD, mail_id)
        self.assertEqual(self.town.exim.queue(), [])

    def test_no_mail_without_login(self):
        with smtplib.SMTP("127.0.0.1", self.town.exim.ports["submission"]) as smtp:
            smtp.ehlo()
            self.assertFalse(smtp.has_extn("auth"))
            smtp.starttls(context=ssl.create_default_context(cafile=str(self.town.authority.certificate)))
            smtp.ehlo()
            self.assertTrue(smtp.has_extn("auth"))
            self.assertEqual(smtp.mail(MT.address)[0], 530)
            with self.assertRaises(smtplib.SMTPAuthenticationError):
                smtp.login(MT.address, "forkert")
        with smtplib.SMTP("127.0.0.1", self.town.exim.ports["outside"]) as smtp:
            smtp.ehlo()
            self.assertFalse(smtp.has_extn("auth"))

    def test_tls_from_the_first_byte(self):
        context = ssl.create_default_context(cafile=str(self.town.authority.certificate))
        with smtplib.SMTP_SSL("127.0.0.1", self.town.exim.ports["submissions"], context=context) as smtp:
            smtp.login(MT.address, MT.password)

    def test_folders_and_their_messages(self):
        boxes = self.town.mailboxes
        boxes.create(HEAD.mailbox, "Behandlet 2026/Æbler & pærer")
        uid = boxes.append(HEAD.mailbox, b"Message-ID: <a@b>\r\n\r\nhej\r\n", "Behandlet 2026/Æbler & pærer",
                           arrived=1767225600, flags="\\Seen")
        stored = boxes.read(HEAD.mailbox, "Behandlet 2026/Æbler & pærer")
        self.assertEqual([(s.uid, s.message_id, s.arrived, "\\Seen" in s.flags) for s in stored],
                         [(uid, "<a@b>", 1767225600, True)])
        boxes.move(HEAD.mailbox, uid, "Trash", "Behandlet 2026/Æbler & pærer")
        self.assertEqual(boxes.read(HEAD.mailbox, "Behandlet 2026/Æbler & pærer"), [])
        boxes.expunge(HEAD.mailbox, self.read(HEAD, "<a@b>", "Trash").uid, "Trash")
        self.assertEqual(boxes.read(HEAD.mailbox, "Trash"), [])
        special = {use.lower() for attributes in boxes.folders(HEAD.mailbox).values() for use in attributes}
        self.assertLessEqual({"\\sent", "\\drafts", "\\junk", "\\trash"}, special)

    def test_uidvalidity_changes_and_messages_stay(self):
        boxes = self.town.mailboxes
        for folder in ("INBOX", "Sent"):
            boxes.append(CASEWORKER.mailbox, b"Message-ID: <stays@b>\r\n\r\nhej\r\n", folder, arrived=1767225600)
            before = boxes.uidvalidity(CASEWORKER.mailbox, folder)
            after = boxes.change_uidvalidity(CASEWORKER.mailbox, folder)
            self.assertNotEqual(before, after)
            self.assertEqual(boxes.uidvalidity(CASEWORKER.mailbox, folder), after)
            self.assertEqual(self.read(CASEWORKER, "<stays@b>", folder).arrived, 1767225600)

    def test_dropped_connections(self):
        with self.town.mailboxes.session(HEAD.mailbox) as imap, self.town.mailboxes.session(MT.mailbox) as other:
            imap.select()
            other.select()
            self.town.mailboxes.drop(HEAD.mailbox)
            with self.assertRaises((imap.abort, OSError)):
                for _ in range(1000):  # the notice takes a moment; a connection that was not cut answers for ever
                    imap.noop()
            self.assertEqual(other.noop()[0], "OK")

    def test_new_passwords(self):
        self.town.mailboxes.set_password("ny", "foerste")
        with self.town.mailboxes.session("ny"):
            pass
        self.town.mailboxes.set_password("ny", "anden")
        self.town.mailboxes.users["ny"] = "foerste"
        with self.assertRaisesRegex(Exception, "(?i)auth|fail"):
            with self.town.mailboxes.session("ny"):
                pass

    def test_restart_keeps_the_mail(self):
        mail_id = self.town.post.submit(HEAD, CASEWORKER, "Bliver her")
        self.read(CASEWORKER, mail_id)
        self.town.mailboxes.kill()
        self.town.mailboxes.start()
        self.read(CASEWORKER, mail_id)


class CyrusTest(TownTest):
    mailboxes = Cyrus

    def test_idle_is_told_at_once(self):
        with self.town.mailboxes.session(MT.mailbox) as imap:
            imap.select()
            imap.send(b"x IDLE\r\n")
            self.assertRegex(imap.readline(), rb"^\+ ")
            self.town.mailboxes.deliver(MT.mailbox, b"Subject: x\r\n\r\nx\r\n")
            delivered = time.monotonic()
            while not re.match(rb"\* \d+ EXISTS", imap.readline()):
                pass
            self.assertLess(time.monotonic() - delivered, 0.4)  # well below Dovecot's half second
            imap.send(b"DONE\r\n")


class CertificateTest(unittest.TestCase):
    def refusal(self, **options):
        with Root() as root:
            authority = Authority(root)
            boxes = Dovecot(root, authority, {"mt": "x"})
            boxes.certificate, boxes.key = authority.issue("bad", **options)
            boxes.start()
            with self.assertRaises(ssl.SSLCertVerificationError) as raised, boxes.session("mt"):
                pass
            return raised.exception.verify_message

    def test_expired(self):
        self.assertIn("expired", self.refusal(expired=True))

    def test_wrong_host(self):
        self.assertIn("mismatch", self.refusal(hosts=("elsewhere.example.org",)))


CHILD = """
import sys, time
sys.path.insert(0, sys.argv[1])
from servers.town import Town
from servers.people import Person
town = Town([Person("a", "a@example.dk")])
print(town.root.path, town.mailboxes.process.pid, town.exim.process.pid, flush=True)
time.sleep(600)
"""


class NothingIsLeftTest(unittest.TestCase):
    def end_by(self, number):
        child = subprocess.Popen([sys.executable, "-c", CHILD, Path(__file__).resolve().parents[1]],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        with child.stdout:
            path, *sessions = child.stdout.readline().split()
        self.assertTrue(all(session_members(int(session)) for session in sessions))
        child.send_signal(number)
        child.wait()
        deadline = time.monotonic() + 20
        while os.path.exists(path) or any(session_members(int(session)) for session in sessions):
            self.assertLess(time.monotonic(), deadline, "servers or folder left behind")
            time.sleep(0.01)

    def test_interrupted(self):
        self.end_by(signal.SIGINT)

    def test_terminated(self):
        self.end_by(signal.SIGTERM)

    def test_killed(self):
        self.end_by(signal.SIGKILL)

    def test_a_server_that_cannot_start_says_why(self):
        with Root() as root:
            boxes = Dovecot(root, Authority(root), {})
            boxes.key = root.path / "no-such-key"
            with self.assertRaisesRegex(Failure, "no-such-key"):
                boxes.start()


if __name__ == "__main__":
    unittest.main()
