"""fristctl check: what an operator sees of a configuration that is right, nearly right, or wrong."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

FRISTCTL = os.path.join(os.environ["FRIST_BIN"], "fristctl")
SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "conf"


class CheckTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fristd-check-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "conf"
        shutil.copytree(SAMPLES, self.folder)
        self.change("fristd.conf", "/var/lib/fristd/fristd.db", str(self.folder / "fristd.db"))
        for path in (self.folder, *self.folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)

    def place(self, file, wanted):
        """file:line of the first such text"""
        text = (self.folder / file).read_text(encoding="utf-8")
        self.assertIn(wanted, text)
        return f"{self.folder / file}:{text[:text.index(wanted)].count(chr(10)) + 1}"

    def change(self, file, old, new):
        """Replaces the first old; returns where it stood."""
        where = self.place(file, old)
        path = self.folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
        return where

    def fristctl(self, *arguments, cwd=None, **more):
        environment = {"LC_ALL": "C", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""), **more}
        return subprocess.run([FRISTCTL, *arguments], capture_output=True, encoding="utf-8", env=environment,
                              timeout=60, cwd=cwd)

    def check(self, **more):
        return self.fristctl("--config", str(self.folder / "fristd.conf"), "check", **more)

    def assert_right(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"\A\S+fristd\.conf: no faults \(mailboxes: 1, workflows: 4, people: \d+\)\n\Z")


class Right(CheckTest):
    def test_the_samples(self):
        done = self.check()
        self.assert_right(done)
        self.assertEqual(done.stderr, "")

    def test_relative_to_where_we_are(self):
        done = self.fristctl("--config", "fristd.conf", "check", cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_without_a_trust_profile(self):
        text = (self.folder / "fristd.conf").read_text(encoding="utf-8")
        block = re.search(r"    trust = \{.*?\};\n", text, re.DOTALL)[0]
        self.change("fristd.conf", block, "")
        done = self.check()
        self.assert_right(done)
        self.assertRegex(done.stderr, r"fristd\.conf:\d+: warning: mailbox \"mt\" has no trust profile: .*approvals")
        self.assertEqual(done.stderr.count("\n"), 1)

    def test_a_role_that_nobody_has(self):
        """Today, between two terms, or when the only one ends."""
        group = '{ role = "afdelingschef"; members = [ "chef" ]; }'
        for first, second, told in (
                ('until = "31-03-2026";', None, "2026-05-01"), ('from = "01-06-2026";', None, "2026-05-01"),
                ('until = "31-05-2026";', None, "2026-06-01"), ('until = "31-05-2026";', "01-06-2026", None),
                ('until = "31-05-2026";', "02-06-2026", "2026-06-01"), ("", None, None)):
            with self.subTest(first=first, second=second):
                later = f', {{ role = "afdelingschef"; from = "{second}"; members = [ "chef" ]; }}' if second else ""
                changed = f'{{ role = "afdelingschef"; {first} members = [ "chef" ]; }}{later}'
                self.change("people.conf", group, changed)
                done = self.check(FRIST_NOW="1777629600")  # 2026-05-01 12:00
                self.change("people.conf", changed, group)
                self.assert_right(done)
                self.assertEqual(re.findall(r'people\.conf:\d+: warning: nobody has the role "afdelingschef" on (\S+):',
                                            done.stderr), [told] if told else [])

    def test_password_that_is_not_there(self):
        where = self.change("fristd.conf", '"credential:smtp"', '"smtp.password"')
        done = self.check()
        self.assert_right(done)
        self.assertIn("warning:", done.stderr)
        self.assertIn(str(self.folder / "smtp.password") + " cannot be read", done.stderr)
        self.assertTrue(done.stderr.startswith(where.rsplit(":", 1)[0]))

    def test_password_that_others_may_read(self):
        self.change("fristd.conf", '"credential:smtp"', '"smtp.password"')
        password = self.folder / "smtp.password"
        password.write_text("hemmelig\n", encoding="utf-8")
        password.chmod(0o644)
        done = self.check()
        self.assert_right(done)
        self.assertIn("may be read by others (mode 0644)", done.stderr)
        self.assertNotIn("hemmelig", done.stdout + done.stderr)
        password.chmod(0o600)
        self.assertEqual(self.check().stderr, "")

    def test_credentials_that_the_service_lacks(self):
        credentials = self.folder / "credentials"
        credentials.mkdir()
        for name in ("smtp", "imap-mt"):
            (credentials / name).write_text("hemmelig\n", encoding="utf-8")
            (credentials / name).chmod(0o400)
        self.assertEqual(self.check(CREDENTIALS_DIRECTORY=str(credentials)).stderr, "")
        (credentials / "imap-mt").unlink()
        self.assertIn("imap-mt cannot be read", self.check(CREDENTIALS_DIRECTORY=str(credentials)).stderr)


class Warned(CheckTest):
    """What is allowed and hardly meant."""

    NOW = "1777629600"  # 2026-05-01 12:00

    def assert_warned(self, where, what):
        done = self.check(FRIST_NOW=self.NOW)
        self.assert_right(done)
        self.assertEqual(done.stderr, f"{where}: warning: {what}\n")

    def test_copies_that_leave_the_house(self):
        where = self.change("fristd.conf", "fristd-kopi@example.dk", "kopi@gmail.example")
        self.assert_warned(where, 'the copy of every mail goes to kopi@gmail.example, outside "domains" of people.conf')

    def test_copies_to_a_person(self):
        where = self.change("fristd.conf", "fristd-kopi@example.dk", "afdelingschef@example.dk")
        self.assert_warned(where, 'the copy of every mail goes to "chef": a folder of its own is meant')

    def test_a_mailbox_outside_the_domains(self):
        self.change("fristd.conf", 'addresses = [ "mt@example.dk" ]',
                    'addresses = [ "mt@example.dk", "mt@example.com" ]')
        self.assert_warned(self.place("fristd.conf", '  {\n    name = "mt"'),
                           'mailbox "mt" has the address mt@example.com, outside "domains" of people.conf')

    def test_away_and_nobody_stands_in(self):
        person = '{ id = "chef";'
        for change, told in (
                ('away = ( { from = "01-05-2026"; until = "10-05-2026"; } );', True),
                ('away = ( { from = "01-04-2026"; until = "30-04-2026"; } );', False),
                ('stand_in = "leder-vej"; away = ( { from = "01-05-2026"; until = "10-05-2026"; } );', False),
                ('away = ( { from = "01-05-2026"; until = "10-05-2026"; stand_in = "leder-vej"; } );', False)):
            with self.subTest(change):
                where = self.change("people.conf", person, f"{person} {change}")
                done = self.check(FRIST_NOW=self.NOW)
                self.change("people.conf", f"{person} {change}", person)
                self.assert_right(done)
                self.assertEqual(done.stderr, f'{where}: warning: nobody stands in for "chef", who is away until '
                                 "2026-05-10: mail waits for him all the same\n" if told else "")

    def test_begins_only_later(self):
        self.change("fristd.conf", 'open_since = "2026-01-01"', 'open_since = "2126-01-01"')
        self.assert_warned(self.place("fristd.conf", '  {\n    name = "mt"'),
                           'mailbox "mt" is open since 2126-01-01: nothing that comes before is acted upon')

    def test_port_of_the_other_kind(self):
        self.change("fristd.conf", 'tls = "starttls"', 'tls = "implicit"')
        self.assert_warned(self.place("fristd.conf", "smtp = {"),
                           'port 587 usually speaks plain first: tls = "starttls" is meant, or another port')
        self.change("fristd.conf", "port = 587", "port = 465")
        self.assertEqual(self.check(FRIST_NOW=self.NOW).stderr, "")
        self.change("fristd.conf", 'tls = "implicit"', 'tls = "starttls"')
        self.assert_warned(self.place("fristd.conf", "smtp = {"),
                           'port 465 is usually encrypted from the first byte: tls = "implicit" is meant, or another '
                           "port")

    def test_authserv_id_that_nobody_asks_for(self):
        self.change("fristd.conf", 'profile = "authserv"', 'profile = "exchange"')
        self.assert_warned(self.place("fristd.conf", '  {\n    name = "mt"'),
                           'mailbox "mt" has an authserv_id, which only the trust profile "authserv" asks for')

    def test_no_folder_for_the_database(self):
        where = self.change("fristd.conf", str(self.folder / "fristd.db"), str(self.folder / "db/fristd.db"))
        self.assert_warned(f"{self.folder}/fristd.conf:{where.rsplit(':', 1)[1]}",
                           f"the folder {self.folder}/db of the database is not there yet")

    def test_a_step_that_anybody_could_make(self):
        """Of rules for known matters, from people whom our server could vouch for."""
        self.change("workflows/borgmester.conf",
                    'sender = "sagsbehandler"; to = "afdelingschef"; trusted = true;',
                    'sender = "sagsbehandler"; to = "afdelingschef";')
        self.assert_warned(self.place("workflows/borgmester.conf", '{ cite = "A5-chef"'),
                           'anybody can forge the mail of rule "A5-chef", which moves a known matter: say trusted = '
                           "true")
        self.change("workflows/borgmester.conf", 'sender = "sagsbehandler"; to = "afdelingschef"; }',
                    'sender = "spørger"; to = "afdelingschef"; }')
        self.change("workflows/borgmester.conf", 'when = { sender = "spørger"; };',
                    'when = { sender = "spørger"; not_to = "afdelingschef"; };')
        self.assertEqual(self.check(FRIST_NOW=self.NOW).stderr, "")


class Wrong(CheckTest):
    def assert_faults(self, *expected):
        done = self.check()
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        lines = done.stderr.splitlines()
        for where, what in expected:
            self.assertTrue([line for line in lines if line.startswith(where + ": ") and what in line],
                            f"{where}: {what}\n{done.stderr}")
        self.assertEqual(len(lines), len(expected), done.stderr)

    def test_all_faults_of_all_files_at_once(self):
        self.assert_faults(
            (self.change("fristd.conf", "sends_per_minute", "sends_per_minut"),
             'no key "sends_per_minut"; did you mean "sends_per_minute"?'),
            (self.change("fristd.conf", "port = 587", "port = 70000"), '"port" is 70000; it must be from 1 to 65535'),
            (self.change("people.conf", '"leder-park" ]', '"leder-prk" ]'), 'there is no person "leder-prk"'),
            (self.change("workflows/borgmester.conf", '"rykker"', '"ryker"'), 'there is no template "ryker"'))

    def fault_of_each_file(self, without=""):
        """One slip of the pen in every file but this one; what must be said of them."""
        slips = (("fristd.conf", '"16:00"', '"06:00"', '"sending" number 1 ends before it begins'),
                 ("people.conf", '"leder-park" ]', '"leder-prk" ]', 'there is no person "leder-prk"'),
                 ("workflows/borgmester.conf", '"rykker"', '"ryker"', 'there is no template "ryker"'),
                 ("templates/overskredet.txt", "{{frist}}", "{{first}}", "first"),
                 ("templates/morgenmail.html", "{{postkasse}}", "{{postkassse}}", "postkassse"))
        return [(self.change(file, old, new), what) for file, old, new, what in slips if file != without]

    def test_templates_are_read_beside_the_other_faults(self):
        self.assert_faults(*self.fault_of_each_file())

    def test_a_syntax_error_hides_only_its_own_file(self):
        for file, old, new in (("fristd.conf", 'name = "mt"', 'name "mt"'),
                               ("people.conf", '[ "example.dk" ];', '[ "example.dk" ;'),
                               ("workflows/borgmester.conf", 'key = "MT"', 'key "MT"')):
            with self.subTest(file):
                self.setUp()
                self.assert_faults((self.change(file, old, new), "syntax error"), *self.fault_of_each_file(file))

    def test_a_folder_that_is_not_named_hides_only_itself(self):
        where = self.change("fristd.conf", 'people = "people.conf"', "people = 5")
        slips = [slip for slip in self.fault_of_each_file() if "person" not in slip[1]]
        self.assert_faults((where, '"people" must be a text in quotes, not a whole number'), *slips)

    def test_what_a_broken_file_would_name_is_not_missed(self):
        """Where the broken fristd.conf has the others is not known: nothing is said of files that are not there."""
        for path in ("templates", "workflows"):
            shutil.rmtree(self.folder / path)
        (self.folder / "people.conf").unlink()
        self.assert_faults((self.change("fristd.conf", 'name = "mt"', 'name "mt"'), "syntax error"))

    def test_a_role_of_no_workflow_beside_other_faults(self):
        where = self.change("people.conf", '{ role = "gateway"', '{ role = "gatway"')
        self.assert_faults(
            (self.change("fristd.conf", "port = 587", "port = 70000"), '"port" is 70000'),
            (where, 'no workflow has a role "gatway"; did you mean "gateway"?'),
            (self.place("workflows/borgmester.conf", "roles = ["), 'nobody can have the role "gateway"'))

    def test_a_role_nobody_holds(self):
        self.change("people.conf", '"spl-medarbejder" ]; },\n  { role = "gateway"; members = [ "digital-post" ]; }',
                    '"spl-medarbejder" ]; }')
        self.assert_faults((self.place("workflows/borgmester.conf", "roles = ["),
                            'nobody can have the role "gateway"'))

    def test_a_missing_template(self):
        (self.folder / "templates/overskredet.txt").unlink()
        self.assert_faults((self.place("workflows/borgmester.conf", '{ at = "+1 arbejdsdag"; to = "afdelingschef"'),
                            'there is no template "overskredet"'))

    def test_none_of_many_templates_is_passed_over(self):
        names = [self.folder / f"templates/brev-{number}.txt" for number in range(100, 250)]
        for name in names:
            name.write_text("Emne: Brev\n\nHej {{ukendt}}\n", encoding="utf-8")
            name.chmod(0o644)
        self.assert_faults(*[(f"{name}:3", "ukendt") for name in names])

    def test_an_html_template_that_cannot_be_read(self):
        page = self.folder / "templates/morgenmail.html"
        page.unlink()
        page.mkdir()
        self.assert_faults((str(page), "cannot be read: Is a directory"))

    def test_two_rules_that_can_both_match(self):
        self.change("workflows/borgmester.conf", 'mailbox = "to"; not_to = [ "enhedsleder", "afdelingschef" ]; link',
                    'mailbox = "to"; not_to = [ "afdelingschef" ]; link')
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r'\A\S+borgmester\.conf:\d+: rule "A7" and rule "A5" at \S+:\d+ can both match, '
                                      r"for example a mail from sagsbehandler, to enhedsleder, the mailbox in To, "
                                      r"with a case link, trusted, without a tag, at step hos-sagsbehandler\n\Z")

    def test_a_template_saved_with_a_byte_order_mark(self):
        for name in ("rykker.txt", "morgenmail.html"):
            page = self.folder / "templates" / name
            page.write_bytes(b"\xef\xbb\xbf" + page.read_bytes())
        done = self.check()
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_one_slip_in_what_is_assigned(self):
        self.assert_faults((self.change("workflows/borgmester.conf", 'assigned = [ "sagsbehandler"',
                                        'assigned = [ "sagsbehandlr"'),
                            'there is no role "sagsbehandlr"; did you mean "sagsbehandler"?'))

    def test_syntax(self):
        where = self.change("people.conf", 'domains = [ "example.dk" ];', 'domains = [ "example.dk" ;')
        self.assert_faults((where, "syntax error"))

    def test_forgotten_equals_sign(self):
        self.assert_faults((self.change("fristd.conf", 'name = "mt"', 'name "mt"'), "syntax error"))

    def test_no_file_at_all(self):
        done = self.fristctl("--config", str(self.folder / "nowhere.conf"), "check")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertIn("nowhere.conf cannot be read: No such file or directory", done.stderr)

    def test_a_letter_of_ours_in_the_wrong_encoding(self):
        path = self.folder / "people.conf"
        path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1", "replace"))
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"people\.conf:\d+: this line is not UTF-8")


class Usage(CheckTest):
    def test_too_much(self):
        done = self.fristctl("check", "fristd.conf")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("unexpected argument fristd.conf", done.stderr)

    def test_configuration_behind_the_command(self):
        for arguments in (("check", "--config", "fristd.conf"), ("check", "--config=fristd.conf")):
            done = self.fristctl(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("fristctl check: --config goes before the command", done.stderr)

    def test_unknown_option(self):
        self.assertEqual(self.fristctl("check", "--json").returncode, 2)

    def test_help(self):
        done = self.fristctl("check", "--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("file:line", done.stdout)


if __name__ == "__main__":
    unittest.main()
