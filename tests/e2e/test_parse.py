"""fristctl parse --json, as people and scripts call it; and what every command of fristctl has in common."""

import json
import os
import subprocess
import tempfile
import unittest

FRISTCTL = os.path.join(os.path.abspath(os.environ["FRIST_BIN"]), "fristctl")
MAIL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "mail")
KEYS = ["file", "message_id", "in_reply_to", "references", "from", "sender", "to", "cc", "subject", "date", "kind",
        "forward", "reply", "tags", "keys", "bounce", "defects"]


def fristctl(*arguments, **options):
    return subprocess.run([FRISTCTL, *arguments], capture_output=True, encoding="utf-8", timeout=60, **options)


def mail(name):
    return os.path.join(MAIL, name + ".eml")


def parse(*paths):
    done = fristctl("parse", "--json", *paths)
    return done, [json.loads(line) for line in done.stdout.splitlines()]


class Parse(unittest.TestCase):
    def test_everything_of_a_reply(self):
        done, (got,) = parse(mail("outlook-reply"))
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, "")
        self.assertEqual(got, {
            "file": mail("outlook-reply"),
            "message_id": "3f0c2e7d9a@example.dk",
            "in_reply_to": ["a2@example.dk"],
            "references": ["a1@example.dk", "a2@example.dk"],
            "from": {"name": "Afdelingschef Teknik", "address": "afdelingschef@example.dk"},
            "sender": None,
            "to": [{"name": "Sagsbehandler", "address": "sagsbehandler@example.dk"}],
            "cc": [{"name": "MT-postkassen", "address": "mt@example.dk"},
                   {"name": "Enhedsleder, Teknik", "address": "enhedsleder@example.dk"}],
            "subject": "SV: [MT-2026-0042] [GODKENDT] Svar om cykelsti ved Østergård",
            "date": "2026-04-14T08:12:30Z",
            "kind": "human", "forward": False, "reply": True,
            "tags": ["GODKENDT"], "keys": ["MT-2026-0042"], "bounce": [], "defects": [],
        })

    def test_bounce(self):
        _, (got,) = parse(mail("dsn-postfix"))
        self.assertEqual(got["kind"], "bounce")
        self.assertEqual(got["bounce"], [
            {"address": "en@example.com", "action": "delayed", "status": "4.4.1"},
            {"address": "to@example.com", "action": "delivered", "status": "2.0.0"}])

    def test_every_mail_has_every_key_in_order(self):
        paths = sorted(os.path.join(MAIL, name) for name in os.listdir(MAIL))
        _, got = parse(*paths)
        self.assertEqual([one["file"] for one in got], paths)
        for one in got:
            self.assertEqual(list(one), KEYS)
            for key in ("in_reply_to", "references", "to", "cc", "tags", "keys", "bounce", "defects"):
                self.assertIsInstance(one[key], list)

    def test_unreadable_files_do_not_stop_the_others(self):
        with tempfile.TemporaryDirectory() as folder:
            missing = os.path.join(folder, "missing")
            done, got = parse(missing, mail("two-from"), folder, mail("empty"), mail("noise"), mail("mbox-line"))
        self.assertEqual(done.returncode, 1)
        self.assertEqual([one["defects"] == ["unreadable"] for one in got], [True, False, True, True, True, False])
        self.assertEqual(got[0]["file"], missing)
        self.assertIsNone(got[0]["subject"])
        self.assertIsNone(got[0]["kind"])
        self.assertEqual(len(done.stderr.splitlines()), 2)
        self.assertIn("missing: No such file or directory", done.stderr)

    def test_only_one_from_is_a_sender(self):
        done, (got,) = parse(mail("two-from"))
        self.assertEqual(done.returncode, 0)
        self.assertIsNone(got["from"])
        self.assertIn("two-from", got["defects"])

    def test_personal_numbers_are_masked(self):
        done, _ = parse(mail("digital-post"), mail("on-behalf"))
        self.assertNotIn("010180", done.stdout)
        self.assertIn("xxxxxxxxxx@digitalpost.example.dk", done.stdout)

    def test_more_than_a_header_full(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"From: a@example.dk\nSubject: [AFSLUT]\nTo: b@example.dk\n\n" + b"x" * 20_000_000)
            file.flush()
            done, (got,) = parse(file.name)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(got["tags"], ["AFSLUT"])


class Usage(unittest.TestCase):
    def assert_usage(self, *arguments):
        done = fristctl(*arguments)
        self.assertEqual(done.returncode, 2, arguments)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertTrue(done.stderr.startswith("fristctl"))

    def test_usage_errors(self):
        self.assert_usage()
        self.assert_usage("nosuchcommand")
        self.assert_usage("--nosuchoption")
        self.assert_usage("--config")
        self.assert_usage("parse")
        self.assert_usage("parse", "--json")
        self.assert_usage("parse", mail("mbox-line"))
        self.assert_usage("parse", "--jsons", mail("mbox-line"))
        self.assert_usage("parse", "--json=yes", mail("mbox-line"))

    def test_options_may_follow_and_files_may_begin_with_a_dash(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "--json"), "w", encoding="utf-8") as file:
                file.write("Subject: x\n\n")
            done = fristctl("parse", "--json", "--", "--json", cwd=folder)
        self.assertEqual(json.loads(done.stdout)["file"], "--json")
        done = fristctl("--config", "/nonexistent", "parse", mail("mbox-line"), "--json")
        self.assertEqual(done.returncode, 0)

    def test_help(self):
        done = fristctl("--help")
        self.assertEqual(done.returncode, 0)
        names = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ") and "--" not in line[:5]]
        self.assertIn("parse", names)
        for name in names:
            done = fristctl(name, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertTrue(done.stdout.startswith(f"usage: fristctl {name} "), name)
        self.assertTrue(fristctl("--version").stdout.startswith("fristctl "))

    def test_a_full_disk_is_a_failure(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([FRISTCTL, "parse", "--json", mail("mbox-line")], stdout=full,
                                  stderr=subprocess.PIPE, encoding="utf-8", timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left on device", done.stderr)


if __name__ == "__main__":
    unittest.main()
