"""What fristd sends, on a real server and on bad days: nothing is lost, and nothing goes twice unnoticed."""
import os
import re
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.daemon import COPY_FOLDER, Daemon, local, staff
from servers.people import Person
from servers.proxy import Proxy
from servers.town import Town

MINUTE = 60


class SendingTest(unittest.TestCase):
    """Each test is a municipality of its own: domain, shared mailbox, one mailbox for all of its staff."""

    @classmethod
    def setUpClass(cls):
        names = [name.removeprefix("test_").replace("_", "-") for name in dir(cls) if name.startswith("test_")]
        cls.town = Town([Person(box, f"{box}@example.dk") for name in names for box in (name, f"staff-{name}")])
        cls.addClassCleanup(cls.town.close)

    def setUp(self):
        self.name = self.id().split(".")[-1].removeprefix("test_").replace("_", "-")
        self.domain = f"{self.name}.example.dk"
        self.people = staff(self.domain, f"staff-{self.name}")
        self.mt = Person("Postkassen", f"mt@{self.domain}", box=self.name)
        self.worker = self.people["medarbejder-vej"]
        for person in [self.mt, *self.people.values()]:
            self.town.exim.add(person.address, person.mailbox, person.address, person.password)
        self.addCleanup(lambda: [self.town.exim.set_list(name) for name in self.town.exim.lists])

    def start(self, **more):
        self.daemon = Daemon(self.town, self.name, {"mt": self.name}, self.domain, **more)
        self.daemon.smtp_timeout, self.daemon.poll = 2, 300  # copies are seen when a test looks for them
        self.addCleanup(self.daemon.kill)
        return self.daemon.start()

    def proxy(self, ports, name):
        proxy = Proxy(self.town, ports[name])
        self.addCleanup(proxy.__exit__)
        return proxy.__enter__()

    def post(self, author, to, subject=None, **more):
        """Somebody writes, and it is understood; the message as it lies in the shared mailbox."""
        mail = self.town.post.submit(self.people[author], to, subject, **more)
        self.daemon.await_mail(mail)
        return self.town.mailboxes.wait_for(self.name, mail).message

    def inquiry(self, subject):
        """Comes from the secretariat and is given to a caseworker."""
        letter = self.post("spl", self.mt, subject)
        return self.post("postkasseansvarlig", self.worker, reply_to=letter, cc=[self.people["leder-vej"], self.mt])

    def mails(self, person=None, folder="INBOX"):
        """What fristd has sent, as it lies in the mailboxes of its staff, or in another folder of the shared one."""
        box = f"staff-{self.name}" if folder == "INBOX" else self.name
        found = [stored.message for stored in self.town.mailboxes.read(box, folder)]
        return [mail for mail in found if mail["X-Frist-Id"] and
                (person is None or mail["To"].addresses[0].addr_spec == person.address)]

    def wait_for_mail(self, person, match=lambda mail: True):
        return self.town.mailboxes.wait_for(
            f"staff-{self.name}", lambda stored: stored.message["X-Frist-Id"] and match(stored.message) and
            stored.message["To"].addresses[0].addr_spec == person.address).message

    def row(self, columns="state", person="medarbejder-vej", date="2026-03-26"):
        rows = self.daemon.query(f"SELECT {columns} FROM outbox WHERE person = ? AND local_date = ?", person, date)
        self.assertEqual(len(rows), 1, rows)
        return rows[0] if "," in columns else rows[0][0]

    def wait_for_row(self, state, date="2026-03-26", seconds=20, act=lambda: None):
        self.daemon.wait_for("SELECT state FROM outbox WHERE person = 'medarbejder-vej' AND local_date = ?", date,
                             until=lambda found: found == state, seconds=seconds, act=act)

    def recipients(self, date="2026-03-26"):
        return dict(self.daemon.query("SELECT iif(copy, 'copy', 'to'), r.state FROM recipient r JOIN outbox o"
                                      " ON o.id = r.outbox WHERE person = 'medarbejder-vej' AND local_date = ?", date))

    # ---- a good day ----

    def test_copy(self):
        self.start()
        self.inquiry("Hul i vejen")
        self.daemon.at("2026-03-26 07:00")
        mail = self.wait_for_mail(self.worker)
        self.assertEqual((self.row(), self.recipients()), ("sent", {"to": "sent", "copy": "sent"}))
        self.daemon.wait_for("SELECT seen_at FROM outbox WHERE person = 'medarbejder-vej'", act=self.daemon.look)
        copy, = [copy for copy in self.mails(folder=COPY_FOLDER) if copy["Message-ID"] == mail["Message-ID"]]
        self.assertEqual(copy["To"], mail["To"])
        self.assertNotIn("kopi", str(copy["Received"]) + str(mail["Cc"]) + str(mail["Bcc"]))
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertEqual(mail["From"].addresses[0].addr_spec, self.mt.address)
        for line in re.findall("mail: done.*", self.daemon.log()):  # of what went well there is nothing to explain
            self.assertNotRegex(line, "phase=|reply=|more than once")

    def test_thread(self):
        self.start()
        self.inquiry("Hul i vejen")
        opening = self.daemon.one("SELECT message_id FROM mail WHERE outcome = 'opened'")
        self.daemon.at("2026-03-26 07:00")
        mail = self.wait_for_mail(self.worker)
        self.assertEqual(mail["In-Reply-To"], f"<{opening}>")
        self.assertIn(f"<{opening}>", mail["References"])
        self.assertIn("MT-2026-0001", mail["Subject"])
        answer = self.post("medarbejder-vej", self.people["leder-vej"], "Udkast", cc=self.mt, reply_to=mail)
        self.assertEqual(self.daemon.outcome(answer["Message-ID"]), ("moved", "A5", "hos-enhedsleder"))

    def test_hours(self):
        """Three weeks with Easter in them, two inquiries that nobody answers: when does what leave?"""
        self.start()
        self.inquiry("Hul i vejen")
        self.inquiry("Mørk sti")
        self.daemon.at("2026-03-23 20:00")
        self.town.post.submit(self.people["chef"], self.mt, "[GODKENDT] Ingenting")
        due = self.daemon.settle()
        while due < local("2026-04-10 18:00"):
            due = self.daemon.at(due)
        left = self.daemon.query("SELECT at, address FROM attempt WHERE outcome = 'done'")
        self.assertGreater(len(left), 20)
        closed = {"2026-04-02", "2026-04-03", "2026-04-06"}
        for at, _ in left:
            moment = time.gmtime(at + (7200 if at > local("2026-03-29 12:00") else 3600))
            self.assertLess(moment.tm_wday, 5, moment)
            self.assertIn(moment.tm_hour, range(7, 16), moment)
            self.assertNotIn(time.strftime("%Y-%m-%d", moment), closed)
        mornings = self.daemon.query("SELECT person, local_date, count(*) FROM outbox WHERE kind = 'morning' AND"
                                     " state = 'sent' GROUP BY 1, 2")
        self.assertEqual({count for _, _, count in mornings}, {1})
        self.assertEqual(sum(1 for person, *_ in mornings if person == "medarbejder-vej"), 4)
        together = self.wait_for_mail(self.worker)
        self.assertIn("MT-2026-0001", together.as_string())
        self.assertIn("MT-2026-0002", together.as_string())
        self.assertEqual(self.daemon.query("SELECT * FROM outbox WHERE settled_at = 0"), [])

    # ---- what came unseen is read before anybody is reminded ----

    def intents(self, date):
        return self.daemon.one("SELECT count(*) FROM intent i JOIN outbox o ON o.id = i.outbox WHERE local_date = ?",
                               date)

    def test_answered_while_it_was_down(self):
        self.start()
        given = self.inquiry("Hul i vejen")  # due on 30 March
        self.daemon.end()
        self.town.post.submit(self.worker, self.mt, None, "https://sbsys.example.dk/sag/4711", reply_to=given)
        self.daemon.now = local("2026-03-31 08:10")
        self.daemon.start()
        self.daemon.settle()
        self.assertEqual(self.daemon.one("SELECT step FROM inquiry"), "svar-modtaget")
        self.assertEqual(self.daemon.query("SELECT person, template FROM intent"), [])

    def test_mailbox_away_in_the_morning(self):
        imap = self.proxy(self.town.mailboxes.ports, "imaps")
        self.start(imap=imap.port)
        self.inquiry("Hul i vejen")
        imap.away()
        self.daemon.supervisor.wait_for("STATUS=mt: (?!watched|connecting)")
        for moment, intents in (("07:00", 0), ("07:59", 0), ("08:00", 1)):
            self.daemon.at(f"2026-03-26 {moment}")
            self.assertEqual(self.intents("2026-03-26"), intents, moment)
        self.assertIn("could not be read for an hour", self.daemon.log())
        self.wait_for_mail(self.worker)
        imap.listen()
        self.daemon.look()
        self.daemon.at("2026-03-27 07:00")
        self.assertEqual(self.intents("2026-03-27"), 1)

    # ---- single recipients ----

    def test_refused(self):
        self.start()
        self.inquiry("Hul i vejen")
        self.town.exim.set_list("refused", self.worker.address)
        self.daemon.at("2026-03-26 07:00")
        self.assertEqual((self.row(), self.recipients()), ("refused", {"to": "refused", "copy": "sent"}))
        self.assertEqual(self.row("state", "chef"), "sent")
        self.assertIn("Refused as the test asked",
                      self.daemon.one("SELECT reply FROM recipient WHERE state = 'refused'"))
        self.town.exim.set_list("refused")
        self.daemon.at("2026-03-26 15:00")
        self.assertEqual(self.mails(self.worker), [])
        self.daemon.at("2026-03-27 07:00")
        self.assertEqual(self.row(date="2026-03-27"), "sent")

    def test_deferred(self):
        self.start()
        self.inquiry("Hul i vejen")
        self.town.exim.set_list("deferred", self.worker.address)
        due = self.daemon.at("2026-03-26 07:00")
        waits = []
        for _ in range(3):
            self.assertEqual((self.row(), self.recipients()), ("pending", {"to": "pending", "copy": "sent"}))
            waits.append((due - self.daemon.now) // MINUTE)
            due = self.daemon.at(due)
        self.assertEqual(waits, sorted(waits))
        self.assertGreater(waits[-1], waits[0])
        self.town.exim.set_list("deferred")
        self.daemon.at(due)
        self.assertEqual((self.row(), self.recipients()), ("sent", {"to": "sent", "copy": "sent"}))
        mail = self.wait_for_mail(self.worker)
        self.assertEqual(len(self.mails(self.worker)), 1)
        self.assertEqual([copy["Message-ID"] for copy in self.mails(folder=COPY_FOLDER)].count(mail["Message-ID"]), 1)

    def test_bounced(self):
        self.start()
        self.inquiry("Hul i vejen")
        self.town.exim.set_list("bounced", self.worker.address)
        self.daemon.at("2026-03-26 07:00")
        self.wait_for_row("refused")
        self.assertEqual(self.recipients(), {"to": "refused", "copy": "sent"})
        self.assertEqual(self.daemon.query("SELECT count(*) FROM inquiry"), [(1,)])

    # ---- the server ----

    def test_away_a_day(self):
        smtp = self.proxy(self.town.exim.ports, "submissions")
        self.start(smtp=smtp.port)
        first = self.inquiry("Hul i vejen")
        self.inquiry("Mørk sti")
        smtp.away()
        self.daemon.at("2026-03-26 07:00")
        self.daemon.at("2026-03-26 12:00")
        self.assertEqual(self.row(), "pending")
        self.post("medarbejder-vej", self.people["leder-vej"], cc=self.mt, reply_to=first)  # moves on
        before = len(self.mails())
        self.daemon.at("2026-03-27 07:00")
        smtp.listen()
        self.wait_for_row("sent", "2026-03-27", act=self.daemon.settle)
        self.daemon.wait_for("SELECT count(*) FROM outbox WHERE settled_at = 0", until=lambda left: left == 0,
                             act=self.daemon.settle)
        self.assertEqual(self.row(), "withdrawn")
        mail = self.wait_for_mail(self.worker)
        self.assertIn("MT-2026-0002", mail.as_string())
        self.assertNotIn("MT-2026-0001", mail.as_string())
        self.assertEqual(len(self.mails(self.worker)), 1)
        people = [mail["To"] for mail in self.mails()[before:]]
        self.assertEqual(len(people), len(set(people)), people)
        self.assertEqual(len(re.findall("cannot send", self.daemon.log())), 1)
        self.assertEqual(len(re.findall("sending works again", self.daemon.log())), 1)

    def cut_at_dot(self, smtp, delivered):
        """From now on the line breaks at the end of a mail to the caseworker: after it was taken, or before."""
        def upward(link, data):
            if self.worker.address.encode() in data:
                link.theirs = True
            link.dot = getattr(link, "theirs", False) and data.endswith(b"\r\n.\r\n")
            return data if delivered or not link.dot else None

        def downward(link, data):
            return None if getattr(link, "dot", False) and data.startswith(b"250") else data
        smtp.upward, smtp.downward = upward, downward

    def mend(self, smtp):
        smtp.upward = smtp.downward = lambda link, data: data

    def uncertain(self, delivered, **more):
        """A reminder of which nobody knows whether it left."""
        smtp = self.proxy(self.town.exim.ports, "submissions")
        self.start(smtp=smtp.port, **more)
        self.inquiry("Hul i vejen")
        self.cut_at_dot(smtp, delivered)
        due = self.daemon.at("2026-03-26 07:00")
        self.daemon.wait_for("SELECT uncertain_at FROM outbox WHERE person = 'medarbejder-vej'", act=self.daemon.settle)
        self.mend(smtp)
        return due

    def test_answer_lost(self):
        self.uncertain(delivered=True)
        self.wait_for_row("sent", act=self.daemon.look)
        self.assertEqual(self.recipients(), {"to": "sent", "copy": "sent"})
        self.daemon.at("2026-03-26 15:00")
        self.assertEqual(len(self.mails(self.worker)), 1)
        self.assertEqual(self.row("tries"), 1)

    def test_mail_lost(self):
        imap = self.proxy(self.town.mailboxes.ports, "imaps")
        self.uncertain(delivered=False, imap=imap.port)
        self.daemon.wait_for("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')",
                             until=lambda left: left == 0, act=self.daemon.settle)
        first, at = self.row("message_id, uncertain_at")
        self.assertEqual(self.daemon.settle(), at + 10 * MINUTE + 1)  # it knows when to look again
        imap.away()
        self.daemon.at(at + 20 * MINUTE)
        self.assertEqual(self.row(), "uncertain")  # who cannot look for the copy cannot tell that it is missing
        imap.listen()
        self.daemon.look()
        self.wait_for_row("sent", act=self.daemon.settle)
        self.assertEqual(self.wait_for_mail(self.worker)["Message-ID"], f"<{first}>")
        self.assertEqual(len(self.mails(self.worker)), 1)
        self.daemon.look()
        self.assertEqual(
            len([copy for copy in self.mails(folder=COPY_FOLDER) if copy["Message-ID"] == f"<{first}>"]), 1)

    def test_ended_while_the_answer_is_awaited(self):
        smtp = self.proxy(self.town.exim.ports, "submissions")
        self.start(smtp=smtp.port)
        self.inquiry("Hul i vejen")
        self.daemon.end()
        self.daemon.now, self.daemon.smtp_timeout = local("2026-03-26 07:00"), 60
        self.cut_at_dot(smtp, delivered=True)
        cut, held = smtp.downward, []
        smtp.downward = lambda link, data: data if cut(link, data) else held.append(data) or b""
        self.daemon.start()
        self.daemon.wait_for("SELECT count(*) FROM outbox WHERE state = 'sending'", until=lambda count: held and count)
        begin = time.monotonic()
        self.assertEqual(self.daemon.end(), 0)
        self.assertLess(time.monotonic() - begin, 20)  # ten of them for the answer, and far from TimeoutStopSec
        self.assertIn(self.row(), ("uncertain", "sent"))  # sent, where the copy rang before the end
        self.mend(smtp)
        self.daemon.start()
        self.wait_for_row("sent")
        self.assertEqual(len(self.mails(self.worker)), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
