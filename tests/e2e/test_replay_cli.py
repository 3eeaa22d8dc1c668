"""fristctl replay and explain: old mail through the real rules, and what one mail would do now."""
import datetime
import email
import email.policy
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

FRISTCTL = os.path.join(os.path.abspath(os.environ["FRIST_BIN"]), "fristctl")
SOURCE = pathlib.Path(__file__).resolve().parents[2]
MAIL = SOURCE / "tests/data/mail"

OWNER, DEPUTY = "postkasseansvarlig@example.dk", "stedfortraeder@example.dk"
WORKER, OTHER_WORKER = "medarbejder.vej@example.dk", "medarbejder.park@example.dk"
LEADER, OTHER_LEADER = "leder.vej@example.dk", "leder.park@example.dk"
HEAD, SECRETARIAT, MAILBOX = "chef@example.dk", "spl@example.dk", "mt@example.dk"
LINK = "https://sbsys.example.dk/sag/4711"
SUMMER_2026 = datetime.datetime(2026, 3, 29, 1, tzinfo=datetime.timezone.utc)
FREE_DAYS = {"2026-04-02", "2026-04-03", "2026-04-06"}      # Easter, from Monday to Friday
MESSAGE_KEYS = ["file", "at", "outcome", "inquiry", "rule", "step_before", "step_after", "reason"]
MAIL_KEYS = ["at", "template", "to", "inquiry", "inquiries", "reminders"]
REGISTER_KEYS = ["key", "workflow", "round", "step", "holder", "addressed_to", "received", "due", "deadlines",
                 "state", "unseen", "case_link", "note", "also", "only_to", "missing", "promised"]
EXPLAIN_KEYS = ["file", "kind", "trust", "inquiry", "found_by", "acting_role", "rule", "step_before", "step_after",
                "outcome", "reason"]


def local(at):
    """What the wall clock shows in Copenhagen in the spring of 2026."""
    utc = datetime.datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    return (utc + datetime.timedelta(hours=2 if utc >= SUMMER_2026 else 1)).replace(tzinfo=None)


def stamp(at):
    """"2026-03-27 10:00" as header fields write it."""
    wall = datetime.datetime.strptime(at, "%Y-%m-%d %H:%M")
    zone = "+0200" if wall >= datetime.datetime(2026, 3, 29, 3) else "+0100"
    return wall.strftime("%a, %d %b %Y %H:%M:00 ") + zone


def letter(number, at, sender, to, subject, *, cc=(), answers=(), text="Med venlig hilsen", forged=False,
           received=True, date=True):
    """A mail as our server delivered it; answers: numbers of the letters it answers, oldest first."""
    ids = ["<brev-%d@example.dk>" % one for one in answers]
    fields = []
    if received:
        fields.append("Received: from mail.example.dk by store.example.dk with lmtp; " + stamp(at))
        if not forged:
            fields.append("Authentication-Results: mail.example.dk; auth=pass smtp.auth=" + sender)
        fields.append("Received: from pc by mail.example.dk with esmtpsa; " + stamp(at))
    fields += ["Message-ID: <brev-%d@example.dk>" % number, "From: " + sender, "To: " + ", ".join(to),
               "Subject: " + subject]
    if date:
        fields.append("Date: " + stamp(at))
    if cc:
        fields.append("Cc: " + ", ".join(cc))
    if ids:
        fields += ["In-Reply-To: " + ids[-1], "References: " + " ".join(ids)]
    return "\n".join(fields + ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", text,
                               ""])


def opening(number=1, at="2026-03-27 10:00", subject="Hul i vejen"):
    return letter(number, at, SECRETARIAT, [MAILBOX], subject)


def assignment(number=2, at="2026-03-30 09:00", opened=1, worker=WORKER, leader=LEADER, subject="Hul i vejen"):
    return letter(number, at, OWNER, [worker], "VS: " + subject, cc=[leader, HEAD, MAILBOX], answers=[opened])


class ReplayTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="frist-replay-"))
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(SOURCE / "conf", self.folder / "conf")
        self.config = self.folder / "conf" / "fristd.conf"
        self.database = self.folder / "frist.db"
        self.change_config("/var/lib/fristd/fristd.db", str(self.database))
        self.maildir = self.folder / "Maildir"
        self.now = None

    def change_config(self, before, after):
        text = self.config.read_text(encoding="utf-8")
        self.assertIn(before, text)
        self.config.write_text(text.replace(before, after), encoding="utf-8")

    def store(self, name, text, folder="cur"):
        path = self.maildir / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def fristctl(self, *arguments):
        environment = {"LC_ALL": "C", "TZ": "Pacific/Auckland", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
        if self.now:
            environment["FRIST_NOW"] = str(self.now)
        return subprocess.run([FRISTCTL, "--config", str(self.config), *map(str, arguments)], capture_output=True,
                              encoding="utf-8", env=environment, timeout=120)

    def replay(self, *arguments, status=0):
        """The messages, the mails that would have gone, the register; keys checked."""
        done = self.fristctl("replay", "--json", *arguments)
        self.assertEqual(done.returncode, status, done.stderr)
        if status == 0:
            self.assertEqual(done.stderr, "")
        *lines, register = [json.loads(line) for line in done.stdout.splitlines()]
        messages = [line for line in lines if "file" in line]
        mails = [line for line in lines if "file" not in line]
        for one in messages:
            self.assertEqual(list(one), MESSAGE_KEYS)
        for one in mails:
            self.assertEqual(list(one), MAIL_KEYS)
        for row in register:
            self.assertEqual(list(row), REGISTER_KEYS)
        times = [line["at"] for line in lines]
        self.assertEqual(times, sorted(times))
        return messages, mails, register

    def replay_maildir(self, *arguments, **options):
        return self.replay("--maildir", self.maildir, *arguments, **options)

    def refused(self, status, what, *arguments):
        done = self.fristctl(*arguments)
        self.assertEqual((done.returncode, done.stdout), (status, ""), arguments)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(what, done.stderr)

    def snapshot(self):
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
                for path in sorted(self.folder.rglob("*"))}


def reminders(mails):
    """(local day, to, template, on cc, inquiry) of every reminder."""
    return [(local(mail["at"]).strftime("%Y-%m-%d"), mail["to"][0], one["template"], one["copy"], one["inquiry"])
            for mail in mails for one in mail["reminders"]]


class Ladder(ReplayTest):
    """A11 over Easter 2026: received on Friday 27 March, due on Wednesday 8 April."""

    def setUp(self):
        super().setUp()
        self.store("2", assignment())
        self.store("1", opening())
        self.messages, self.mails, self.register = self.replay_maildir("--to", "2026-04-13")

    def test_messages(self):
        self.assertEqual(self.messages, [
            {"file": str(self.maildir / "cur/1"), "at": "2026-03-27T09:00:00Z", "outcome": "opened",
             "inquiry": "MT-2026-0001", "rule": "A1", "step_before": None, "step_after": "modtaget", "reason": "rule"},
            {"file": str(self.maildir / "cur/2"), "at": "2026-03-30T07:00:00Z", "outcome": "moved",
             "inquiry": "MT-2026-0001", "rule": "A3", "step_before": "modtaget", "step_after": "hos-sagsbehandler",
             "reason": "rule"}])

    def test_each_rung_on_its_morning_to_its_people(self):
        key = "MT-2026-0001"
        self.assertEqual(sorted(reminders(self.mails)), sorted([
            ("2026-03-30", OWNER, "ikke-fordelt", False, key),
            ("2026-04-01", WORKER, "paamindelse", False, key),
            ("2026-04-07", WORKER, "rykker", False, key),
            ("2026-04-08", LEADER, "svarfrist-udloeber", False, key),
            ("2026-04-08", WORKER, "svarfrist-udloeber", True, key),
            ("2026-04-09", HEAD, "overskredet", False, key),
            ("2026-04-09", LEADER, "overskredet", True, key),
            ("2026-04-09", WORKER, "overskredet", True, key)]))

    def test_one_mail_a_person_a_morning(self):
        mornings = [(local(mail["at"]).date(), tuple(mail["to"])) for mail in self.mails]
        self.assertEqual(len(mornings), len(set(mornings)))
        self.assertEqual({mail["template"] for mail in self.mails}, {"morgenmail"})

    def test_nothing_at_night_nor_on_days_off(self):
        for mail in self.mails:
            at = local(mail["at"])
            self.assertEqual(at.strftime("%H:%M"), "07:00")
            self.assertLess(at.weekday(), 5, mail)
            self.assertNotIn(at.strftime("%Y-%m-%d"), FREE_DAYS)
        working_days = {"2026-03-30", "2026-03-31", "2026-04-01", "2026-04-07", "2026-04-08", "2026-04-09",
                        "2026-04-10", "2026-04-13"}
        self.assertEqual({local(mail["at"]).strftime("%Y-%m-%d") for mail in self.mails if mail["to"] == [OWNER]},
                         working_days)

    def test_a_mail_about_one_inquiry_names_it(self):
        for mail in self.mails:
            about = [one["inquiry"] for one in mail["reminders"]]
            self.assertEqual(mail["inquiries"], about)
            self.assertEqual(mail["inquiry"], about[0] if len(about) == 1 else None)

    def test_register(self):
        self.assertEqual(self.register, [{
            "key": "MT-2026-0001", "workflow": "borgmester", "round": 1, "step": "hos-sagsbehandler",
            "holder": {"role": "sagsbehandler", "name": "Medarbejder Vej", "address": WORKER},
            "addressed_to": None, "received": "2026-03-27T09:00:00Z", "due": "2026-04-08T22:00:00Z",
            "deadlines": [{"name": "svar", "due": "2026-04-08T22:00:00Z", "standing": False, "left": -3,
                           "unit": "working days"}],
            "state": "overdue", "unseen": [], "case_link": None, "note": None, "also": [],
            "only_to": None, "missing": [], "promised": None}])

    def test_without_to_the_clock_stops_at_the_last_mail(self):
        _, mails, register = self.replay_maildir()
        self.assertEqual({local(mail["at"]).strftime("%Y-%m-%d %H:%M") for mail in mails}, {"2026-03-30 07:00"})
        self.assertEqual(register[0]["state"], "open")

    def test_from_and_to_are_inclusive_local_days(self):
        messages, _, register = self.replay_maildir("--from", "2026-03-30", "--to", "30-03-2026")
        self.assertEqual([(one["outcome"], one["reason"]) for one in messages], [("unrelated", "no-rule")])
        self.assertEqual(register, [])
        messages, _, _ = self.replay_maildir("--from", "2026-03-27", "--to", "2026-03-29")
        self.assertEqual([one["rule"] for one in messages], ["A1"])

    def test_the_deadline_is_told_in_danish(self):
        written = self.folder / "written"
        self.replay_maildir("--to", "2026-04-13", "--mails", written)
        one = email.message_from_bytes(self.mail_to(written, WORKER, "2026-04-01"), policy=email.policy.default)
        self.assertIn("MT-2026-0001: svar senest", one["Subject"])
        self.assertEqual(one["To"].addresses[0].addr_spec, WORKER)
        self.assertEqual(one["Auto-Submitted"], "auto-generated")
        self.assertIn("brev-1@example.dk", one["References"])
        text = " ".join(one.get_body(("plain",)).get_content().split())
        self.assertIn("onsdag den 8. april", text)
        self.assertIn("modtaget fre. 27/3", text)
        self.assertIn("skærtorsdag, langfredag og 2. påskedag tæller ikke med", text)

    def mail_to(self, folder, address, date):
        found = list(folder.glob("*-%s-%s.eml" % (date, address)))
        self.assertEqual(len(found), 1, sorted(os.listdir(folder)))
        return found[0].read_bytes()


class Story(ReplayTest):
    """From inbox to citizen, with the mail that tells the caseworker."""

    def tell(self):
        self.store("1", opening())
        self.store("2", assignment())
        self.store("3", letter(3, "2026-03-31 11:00", WORKER, [LEADER], "Udkast: Hul i vejen", cc=[MAILBOX],
                               answers=[1, 2]))
        self.store("4", letter(4, "2026-04-01 09:00", WORKER, [HEAD], "Udkast: Hul i vejen", cc=[MAILBOX],
                               answers=[1, 2]))
        self.store("5", letter(5, "2026-04-01 13:00", HEAD, [WORKER], "SV: Udkast: Hul i vejen", cc=[MAILBOX],
                               answers=[1, 2, 4], text="Godkendt\n\nHilsen chefen"))
        self.store("6", letter(6, "2026-04-01 14:00", WORKER, [MAILBOX], "Svar: Hul i vejen", answers=[1, 2],
                               text="Svaret er her: " + LINK), "new")
        self.store("7", letter(7, "2026-04-01 14:30", OWNER, [SECRETARIAT], "VS: Svar: Hul i vejen", cc=[MAILBOX],
                               answers=[1, 2, 6]))
        self.store("8", letter(8, "2026-04-01 20:15", SECRETARIAT, [MAILBOX], "[AFSENDT] MT-2026-0001"))

    def test_to_the_end(self):
        self.tell()
        messages, mails, register = self.replay_maildir("--to", "2026-04-08")
        self.assertEqual([(one["rule"], one["step_after"]) for one in messages], [
            ("A1", "modtaget"), ("A3", "hos-sagsbehandler"), ("A5", "hos-enhedsleder"),
            ("A5-chef", "hos-afdelingschef"), ("A6", "godkendt"), ("A7", "svar-modtaget"), ("A8", "hos-spl"),
            ("A10-tag", "afsendt")])
        # Wanted in the evening before Easter, so it goes on the next working day.
        self.assertEqual([(local(mail["at"]).strftime("%Y-%m-%d %H:%M"), mail["to"], mail["inquiry"])
                          for mail in mails if mail["template"] == "afsendt"],
                         [("2026-04-07 07:00", [WORKER], "MT-2026-0001")])
        (row,) = register
        self.assertEqual((row["step"], row["state"], row["holder"], row["case_link"], row["unseen"]),
                         ("afsendt", "final", None, LINK, ["klar-til-afdelingschef"]))

    def test_forged_approval_never_counts(self):
        self.tell()
        self.store("5", letter(5, "2026-04-01 13:00", HEAD, [WORKER], "[GODKENDT] MT-2026-0001 Hul i vejen",
                               cc=[MAILBOX], answers=[1, 2, 4], forged=True))
        messages, mails, _ = self.replay_maildir()
        forged = messages[4]
        self.assertEqual((forged["outcome"], forged["reason"], forged["step_after"]),
                         ("refused", "untrusted", "hos-afdelingschef"))
        self.assertNotIn("ikke-talt", [mail["template"] for mail in mails])

    def test_a_tag_that_does_not_count_is_answered_at_once(self):
        self.store("1", opening())
        self.store("2", assignment())
        self.store("3", letter(3, "2026-03-30 12:34", WORKER, [MAILBOX], "[AFSENDT] MT-2026-0001"))
        self.store("4", letter(4, "2026-03-31 06:00", "borger@example.com", [MAILBOX], "Hej", forged=True))
        messages, mails, _ = self.replay_maildir()
        self.assertEqual(messages[2]["outcome"], "refused")
        self.assertEqual([(local(mail["at"]).strftime("%Y-%m-%d %H:%M"), mail["to"]) for mail in mails
                          if mail["template"] == "ikke-talt"], [("2026-03-30 12:34", [WORKER])])

    def test_text_for_people(self):
        self.tell()
        done = self.fristctl("replay", "--maildir", self.maildir, "--to", "2026-04-08")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("2026-03-30 09:00  moved MT-2026-0001 by A3, modtaget -> hos-sagsbehandler", done.stdout)
        self.assertIn("2026-03-30 07:00  mail to %s: " % OWNER, done.stdout)
        self.assertIn("reminds of MT-2026-0001 (ikke-fordelt)", done.stdout)
        self.assertIn("MT-2026-0001", done.stdout[done.stdout.rindex("\n\n"):])


class Digest(ReplayTest):
    """Who sees what in the morning of Tuesday 31 March."""

    def setUp(self):
        super().setUp()
        self.store("1", opening(1, "2026-03-27 10:00", "Hul i vejen"))
        self.store("2", opening(2, "2026-03-27 11:00", "Væltet træ i parken"))
        self.store("3", assignment(3, "2026-03-30 09:00", 1, WORKER, LEADER, "Hul i vejen"))
        self.store("4", assignment(4, "2026-03-30 09:05", 2, OTHER_WORKER, OTHER_LEADER, "Væltet træ i parken"))
        self.store("5", letter(5, "2026-03-30 10:00", "borger@example.com", [MAILBOX], "Hvornår svarer I?",
                               forged=True))
        self.store("6", "%PDF-1.4 this is no mail\n\x00\x01")
        os.utime(self.maildir / "cur/6", (1774868400, 1774868400))      # 2026-03-30 13:00 in Copenhagen
        written = self.folder / "written"
        _, _, self.register = self.replay_maildir("--to", "2026-03-31", "--mails", written)
        self.texts, self.html, self.subjects = {}, {}, {}
        for path in written.glob("*-2026-03-31-*.eml"):
            parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            to = parsed["To"].addresses[0].addr_spec
            self.subjects[to] = parsed["Subject"]
            self.texts[to] = parsed.get_body(("plain",)).get_content()
            self.html[to] = parsed.get_body(("html",)).get_content()

    def test_who_gets_one(self):
        self.assertEqual(set(self.texts), {OWNER, LEADER, OTHER_LEADER, HEAD, SECRETARIAT})

    def test_unit_leaders_see_their_own(self):
        self.assertIn("HENVENDELSER HOS DIG OG DIN ENHED", self.texts[LEADER])
        for texts in (self.texts, self.html):
            self.assertIn("Hul i vejen", texts[LEADER])
            self.assertNotIn("Væltet træ", texts[LEADER])
            self.assertIn("Væltet træ", texts[OTHER_LEADER])
            self.assertNotIn("Hul i vejen", texts[OTHER_LEADER])

    def test_head_sees_all(self):
        self.assertIn("ALLE ÅBNE HENVENDELSER", self.texts[HEAD])
        for texts in (self.texts, self.html):
            self.assertIn("MT-2026-0001", texts[HEAD])
            self.assertIn("MT-2026-0002", texts[HEAD])
            self.assertNotIn("borger@example.com", texts[HEAD])

    def test_secretariat_sees_where_each_lies_and_when_it_is_expected(self):
        text = " ".join(self.texts[SECRETARIAT].split())
        self.assertIn("HER LIGGER BREVENE", text)
        self.assertIn("Ligger hos Medarbejder Vej (hos sagsbehandler)", text)
        self.assertIn("Ligger hos Medarbejder Park (hos sagsbehandler)", text)
        self.assertEqual(text.count("Ventes senest onsdag den 8. april"), 2, text)
        self.assertNotIn("borger@example.com", text)

    def test_owner_sees_what_could_not_be_placed_or_read(self):
        text = " ".join(self.texts[OWNER].split())
        self.assertIn("MAIL, SOM IKKE KUNNE PLACERES", text)
        self.assertIn("Fra borger@example.com: »Hvornår svarer I?«", text)
        self.assertIn("En mail, der ikke kan læses og er lagt til side", text)
        self.assertIn("MT-2026-0001", text)
        self.assertIn("MT-2026-0002", text)

    def test_a_digest_carries_no_tag(self):
        for subject in self.subjects.values():
            self.assertNotIn("[", subject)


class Archive(ReplayTest):
    def test_who_wrote_what_is_confidential(self):
        """D1: neither sender nor subject, in lines or in the letters; the letter goes to the sender."""
        self.config = SOURCE / "tests/data/kb/fristd.conf"
        member = "medlem.b@example.dk"
        self.store("1", letter(1, "2026-03-23 10:00", member, ["kb@example.dk"], "SV: VS: [Fortroligt] Om min sygdom"))
        for arguments in ([], ["--json"]):
            mails = self.folder / ("mails" + "".join(arguments))
            done = self.fristctl("replay", "--maildir", self.maildir, "--mails", mails, *arguments)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("confidential", done.stdout)
            for word in (member, "sygdom", "brev-1"):
                self.assertNotIn(word, done.stdout)
            self.assertEqual(list(mails.iterdir()), [])

    def test_what_a_second_workflow_keeps_secret(self):
        """A mailbox that follows two workflows keeps the secrets of both."""
        data = SOURCE / "tests/data/kb"
        people = (data / "people.conf").read_text(encoding="utf-8")
        teams = '{ role = "postteam"; members = [ "kollega" ]; }, { role = "postleder"; members = [ "stabschef" ]; },'
        conf = (data / "fristd.conf").read_text(encoding="utf-8")
        self.config = self.folder / "fristd.conf"
        self.config.write_text(conf.replace("../../../conf", str(SOURCE / "conf")).replace(
            'workflow = "kb"', 'workflow = [ "post", "kb" ]'), encoding="utf-8")
        (self.folder / "people.conf").write_text(people.replace("roles = (", "roles = (" + teams), encoding="utf-8")
        self.store("1", letter(1, "2026-03-23 10:00", "medlem.b@example.dk", ["kb@example.dk"],
                               "[FORTROLIGT] Om min sygdom"))
        done = self.fristctl("replay", "--maildir", self.maildir)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("confidential", done.stdout)
        self.assertNotIn("sygdom", done.stdout)

    def test_what_another_mailbox_keeps_secret(self):
        """What goes to a mailbox that keeps secrets and to one that does not is a secret in both."""
        data = SOURCE / "tests/data/kb"
        conf = (data / "fristd.conf").read_text(encoding="utf-8").replace("../../../conf", str(SOURCE / "conf"))
        head, _, box = conf.partition("mailboxes = (")
        box = box.rpartition(");")[0]
        other = box.replace('"kb@example.dk"', '"post@example.dk"').replace('name = "kb"', 'name = "post"').replace(
            'workflow = "kb"', 'workflow = "post"')
        self.config = self.folder / "fristd.conf"
        self.config.write_text(f"{head}mailboxes = ({box},{other});", encoding="utf-8")
        people = (data / "people.conf").read_text(encoding="utf-8")
        teams = '{ role = "postteam"; members = [ "kollega" ]; }, { role = "postleder"; members = [ "stabschef" ]; },'
        (self.folder / "people.conf").write_text(people.replace("roles = (", "roles = (" + teams), encoding="utf-8")
        both = letter(1, "2026-03-23 10:00", "medlem.b@example.dk", ["post@example.dk", "kb@example.dk"],
                      "[FORTROLIGT] Om min sygdom")
        plain = letter(2, "2026-03-23 11:00", "borger@citizens.example", ["post@example.dk"],
                       "[FORTROLIGT] Hul i vejen")
        self.store("1", both)
        self.store("2", plain)
        done = self.fristctl("replay", "--maildir", self.maildir, "--mailbox", "post")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("confidential", done.stdout)
        self.assertNotIn("sygdom", done.stdout)
        self.assertIn("opened", done.stdout)

    def test_mbox(self):
        path = self.folder / "old.mbox"
        approval = letter(3, "2026-03-31 12:00", WORKER, [MAILBOX], "Svar", answers=[1, 2],
                          text=">From vejen ses hullet.\n\nFrom here on it is unquoted prose.\n" + LINK)
        path.write_text("".join("From somebody@example.dk Tue Mar 24 09:12:00 2026\n%s\n" % one
                                for one in (assignment(), opening(), approval)), encoding="utf-8")
        messages, _, register = self.replay("--mbox", path)
        self.assertEqual([(one["file"], one["rule"]) for one in messages],
                         [("%s:2" % path, "A1"), ("%s:1" % path, "A3"), ("%s:3" % path, "A7")])
        self.assertEqual(register[0]["case_link"], LINK)

    def test_mbox_with_dos_lines_and_no_last_line_end(self):
        path = self.folder / "old.mbox"
        text = "".join("From - Tue Mar 24 09:12:00 2026\n%s\n" % one for one in (opening(), assignment()))
        path.write_bytes(text.rstrip("\n").replace("\n", "\r\n").encode())
        messages, _, _ = self.replay("--mbox", path)
        self.assertEqual([one["rule"] for one in messages], ["A1", "A3"])

    def test_empty_archives(self):
        path = self.folder / "old.mbox"
        path.write_text("")
        self.assertEqual(self.replay("--mbox", path), ([], [], []))
        (self.maildir / "cur").mkdir(parents=True)
        self.assertEqual(self.replay_maildir("--from", "2026-01-01", "--to", "2026-12-31"), ([], [], []))

    def test_subfolders_but_not_deleted_mail(self):
        self.store("1", opening())
        self.store("2", assignment(), ".Behandlet/cur")
        self.store("3", opening(3, subject="Slettet"), ".Slettet post/cur")
        self.store("4", opening(4, subject="Kladde"), ".Drafts/cur")
        self.store("5", opening(5, subject="Under vejs"), "tmp")
        messages, _, register = self.replay_maildir()
        self.assertEqual([one["rule"] for one in messages], ["A1", "A3"])
        self.assertEqual(len(register), 1)

    def test_sent_items_speak_for_the_mailbox(self):
        self.store("1", opening())
        self.store("2", letter(2, "2026-03-30 09:00", MAILBOX, [WORKER], "VS: Hul i vejen", cc=[LEADER], answers=[1],
                               received=False), ".Sendt post/cur")
        messages, _, _ = self.replay_maildir()
        self.assertEqual([one["rule"] for one in messages], ["A1", "A3"])

    def test_the_same_mail_twice(self):
        self.store("1", opening())
        self.store("2", opening(), "new")
        messages, _, register = self.replay_maildir()
        self.assertEqual([(one["outcome"], one["reason"]) for one in messages],
                         [("opened", "rule"), ("duplicate", "seen-before")])
        self.assertEqual(len(register), 1)

    def test_arrival(self):
        self.store("newest-received", opening(1, "2026-03-27 10:00"))
        self.store("date", letter(2, "2026-03-26 10:00", SECRETARIAT, [MAILBOX], "To", received=False))
        undated = self.store("neither", letter(3, "2026-03-26 10:00", SECRETARIAT, [MAILBOX], "Tre", received=False,
                                               date=False))
        os.utime(undated, (1774432800, 1774432800))
        messages, _, _ = self.replay_maildir()
        self.assertEqual([(os.path.basename(one["file"]), one["at"]) for one in messages],
                         [("neither", "2026-03-25T10:00:00Z"), ("date", "2026-03-26T09:00:00Z"),
                          ("newest-received", "2026-03-27T09:00:00Z")])

    def test_open_since_does_not_count(self):
        self.change_config('open_since = "2026-01-01"', 'open_since = "2026-06-01"')
        self.store("1", opening())
        messages, _, _ = self.replay_maildir()
        self.assertEqual(messages[0]["outcome"], "opened")

    def test_what_cannot_be_read_holds_up_nothing(self):
        self.store("1", opening())
        self.store("2", b"\xff\xfe\x00 no mail")
        (self.maildir / "cur" / "3").mkdir()
        os.mkfifo(self.maildir / "cur" / "4")
        messages, _, _ = self.replay_maildir()
        self.assertEqual(sorted((one["outcome"], one["reason"]) for one in messages),
                         [("opened", "rule"), ("set-aside", "unreadable")])

    def test_nothing_is_touched(self):
        self.store("1", opening())
        self.store("2", assignment())
        before = self.snapshot()
        self.replay_maildir("--to", "2026-04-13")
        self.assertEqual(self.snapshot(), before)

    def test_mails_go_into_a_new_folder_only(self):
        self.store("1", opening())
        written = self.folder / "written"
        written.mkdir()
        self.replay_maildir("--to", "2026-03-31", "--mails", written)
        names = sorted(os.listdir(written))
        self.assertEqual(names[0][:16], "0001-2026-03-30-")
        self.assertEqual([name[:4] for name in names], ["%04d" % (i + 1) for i in range(len(names))])
        before = self.snapshot()
        self.refused(1, "is not empty", "replay", "--maildir", self.maildir, "--mails", written)
        self.assertEqual(self.snapshot(), before)

    def test_no_archive(self):
        self.refused(1, "no Maildir", "replay", "--maildir", self.folder)
        self.refused(1, "no mbox", "replay", "--mbox", self.config)
        self.refused(1, "missing", "replay", "--mbox", self.folder / "missing")
        self.refused(1, "no regular file", "replay", "--mbox", self.folder)

    def test_usage(self):
        for what, *arguments in (
                ("either --maildir or --mbox",), ("either --maildir or --mbox", "--maildir", "a", "--mbox", "b"),
                ("no date", "--mbox", "a", "--from", "yesterday"), ("no date", "--mbox", "a", "--to", "2026-02-30"),
                ("later than", "--mbox", "a", "--from", "2026-02-02", "--to", "2026-02-01"),
                ("unknown option", "--mbox", "a", "--send"), ("unexpected", "--mbox", "a", "b"),
                ("needs a value", "--mbox")):
            self.refused(2, what, "replay", *arguments)
        self.refused(1, "no mailbox findes-ikke", "replay", "--mbox", "a", "--mailbox", "findes-ikke")


class Explain(ReplayTest):
    def setUp(self):
        super().setUp()
        self.now = 1774864800       # 2026-03-30 12:00 in Copenhagen

    def explain(self, *texts, status=0):
        paths = [self.store("explained-%d" % i, text) for i, text in enumerate(texts)]
        done = self.fristctl("explain", "--json", *paths)
        self.assertEqual((done.returncode, done.stderr), (status, ""))
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([one["file"] for one in answers], paths)
        for one in answers:
            self.assertEqual(list(one), EXPLAIN_KEYS)
            self.assertEqual(list(one["trust"]), ["grade", "trusted", "evidence"])
        return answers

    def fill_database(self):
        image = {"key": "MT-2026-0001", "workflow": "borgmester", "mailbox": "mt",
                 "step": "hos-afdelingschef", "round": 1, "subject": "Hul i vejen",
                 "received_at": 1774602000, "round_at": 1774602000, "step_at": 1774602000,
                 "ended_at": 0, "assignments": [{"role": "sagsbehandler", "person": "medarbejder-vej"},
                                                {"role": "enhedsleder", "person": "leder-vej"}],
                 "clocks": [{"deadline": "svar", "started_at": 1774602000, "due_at": 1775685600, "stopped_at": 0,
                             "set_by_hand": False}]}
        database = sqlite3.connect(self.database)
        database.executescript((SOURCE / "lib/io/schema.sql").read_text(encoding="utf-8"))
        database.execute("PRAGMA application_id = 0x66726973")
        database.execute("PRAGMA user_version = 2")
        database.execute(
            "INSERT INTO inquiry (key, workflow, mailbox, step, subject, received_at, ended_at, image)"
            " VALUES (?, ?, 'mt', ?, ?, ?, 0, ?)",
            (image["key"], image["workflow"], image["step"], image["subject"], image["received_at"], json.dumps(image)))
        database.commit()
        database.close()

    def test_before_the_first_start(self):
        first, second = self.explain(opening(), opening(2, subject="En anden"))
        self.assertEqual(
            {key: first[key] for key in EXPLAIN_KEYS[1:] if key != "trust"},
            {"kind": "human", "inquiry": "MT-2026-0001", "found_by": "none", "acting_role": "spl", "rule": "A1",
             "step_before": None, "step_after": "modtaget", "outcome": "opened", "reason": "rule"})
        self.assertEqual((first["trust"]["grade"], first["trust"]["trusted"]), ("aligned", True))
        self.assertIn("smtp.auth=spl@example.dk", first["trust"]["evidence"])
        self.assertEqual(second["inquiry"], "MT-2026-0001")     # one file knows nothing of the other
        self.assertFalse(self.database.exists())

    def test_an_inquiry_of_the_register(self):
        self.fill_database()
        before = hashlib.sha256(self.database.read_bytes()).digest()
        approved, forged = self.explain(
            letter(7, "2026-03-30 12:00", HEAD, [WORKER], "[MT-2026-0001] [GODKENDT]", cc=[MAILBOX]),
            letter(8, "2026-03-30 12:00", HEAD, [WORKER], "[MT-2026-0001] [GODKENDT]", cc=[MAILBOX], forged=True))
        self.assertEqual(
            {key: approved[key] for key in EXPLAIN_KEYS[3:]},
            {"inquiry": "MT-2026-0001", "found_by": "key", "acting_role": "afdelingschef", "rule": "A6",
             "step_before": "hos-afdelingschef", "step_after": "godkendt", "outcome": "moved", "reason": "rule"})
        self.assertEqual((forged["trust"]["grade"], forged["trust"]["trusted"]), ("none", False))
        self.assertIsNone(forged["rule"])
        self.assertNotEqual(forged["outcome"], "moved")
        self.assertEqual(hashlib.sha256(self.database.read_bytes()).digest(), before)

    def test_robots_strangers_and_own_words(self):
        bounce = (MAIL / "dsn-postfix.eml").read_bytes()
        stranger = letter(1, "2026-03-30 12:00", "borger@example.com", [MAILBOX], "Hej", forged=True)
        got = self.explain(bounce, stranger,
                           letter(2, "2026-03-30 12:00", OWNER, [MAILBOX], "[NY HENVENDELSE] Telefon"))
        self.assertEqual([(one["kind"], one["outcome"], one["reason"], one["rule"]) for one in got], [
            ("bounce", "automatic", "not-human", None), ("human", "waiting", "no-inquiry", None),
            ("human", "opened", "verb", "NY HENVENDELSE")])

    def test_unreadable(self):
        noise, good = self.explain(b"\x00\x01\x02", opening(), status=1)
        self.assertEqual((noise["kind"], noise["outcome"], noise["reason"], noise["inquiry"]),
                         (None, "set-aside", "unreadable", None))
        self.assertEqual(good["outcome"], "opened")
        done = self.fristctl("explain", "--json", self.folder / "missing", self.store("good", opening()))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertEqual([json.loads(line)["reason"] for line in done.stdout.splitlines()], ["rule"])

    def test_no_verdict_about_a_file_that_is_not_there(self):
        missing = self.folder / "missing"
        done = self.fristctl("explain", missing)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("missing: No such file or directory", done.stderr)

    def test_a_mailbox_that_there_is_not(self):
        done = self.fristctl("explain", "--mailbox", "nope", self.store("1", opening()))
        self.assertEqual((done.returncode, done.stderr), (1, "fristctl: there is no mailbox nope; there is: mt\n"))

    def test_text_for_people(self):
        self.fill_database()
        path = self.store("1", letter(7, "2026-03-30 12:00", HEAD, [WORKER], "MT-2026-0001/1 [GODKENDT]"))
        done = self.fristctl("explain", path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
        for line in (path, "inquiry MT-2026-0001 (found by: key)", "acting role afdelingschef", "rule A6",
                     "step hos-afdelingschef -> godkendt", "outcome moved", "reason rule of the workflow"):
            self.assertIn(line, lines)

    def test_mailbox(self):
        text = self.config.read_text(encoding="utf-8")
        start = text.index("  {\n    name = \"mt\"")
        second = text[start:text.rindex("\n);")].replace('name = "mt"', 'name = "vej"').replace(
            'addresses = [ "mt@example.dk" ]', 'addresses = [ "vej@example.dk" ]').replace(
            'open_since = "2026-01-01"', 'open_since = "2026-12-01"')
        self.config.write_text(text[:text.rindex("\n);")] + ",\n" + second + "\n);\n", encoding="utf-8")
        to_second = letter(1, "2026-03-30 12:00", SECRETARIAT, ["vej@example.dk"], "Hul")
        by_bcc = letter(2, "2026-03-30 12:00", SECRETARIAT, [OWNER], "Hul")
        self.assertEqual([one["outcome"] for one in self.explain(opening(), to_second, by_bcc)],
                         ["opened", "past", "opened"])
        path = self.store("3", by_bcc)
        done = self.fristctl("explain", "--json", "--mailbox", "vej", path)
        self.assertEqual(json.loads(done.stdout)["outcome"], "past")

    def test_refused(self):
        self.refused(2, "no file given", "explain")
        self.refused(2, "unknown option", "explain", "--frob", "x")
        self.refused(1, "no mailbox findes-ikke", "explain", "--mailbox", "findes-ikke", "x")
        self.database.write_text("this is no database, however long the text may be" * 20)
        self.refused(1, str(self.database), "explain", self.store("1", opening()))
        self.change_config('workflows = "workflows"', 'workflow = "workflows"')
        done = self.fristctl("explain", self.store("1", opening()))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("fristd.conf:", done.stderr)


if __name__ == "__main__":
    unittest.main()
