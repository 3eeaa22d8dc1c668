"""./demo from beginning to end, kept and ended, and interrupted: nothing is left behind."""

import email
import imaplib
import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

DEMO = Path(__file__).resolve().parents[1] / "municipality" / "demo.py"


def vanished(path, seconds=30):
    """Is the path gone, by now or soon?"""
    deadline = time.monotonic() + seconds
    while path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not path.exists()


class KeptDemo(unittest.TestCase):
    def test_the_whole_story_then_a_mail_program_then_the_end(self):
        with tempfile.TemporaryDirectory() as name:
            os.chmod(name, 0o755)
            done = subprocess.run([sys.executable, DEMO, "--keep"], stdout=subprocess.PIPE, text=True, timeout=240,
                                  env={**os.environ, "TMPDIR": name})
            pid = int(re.search(r"kill (\d+)$", done.stdout)[1])
            self.addCleanup(self.end, pid)
            self.assertEqual(done.returncode, 0)
            self.assertEqual([line for line in done.stdout.splitlines() if len(line) > 80 and "/" not in line], [])
            digest = re.search(r"\S+\.eml", done.stdout)[0]
            self.assertIn("Auto-Submitted", email.message_from_bytes(Path(digest).read_bytes()))
            self.log_in(done.stdout)
            self.end(pid)
            self.assertTrue(vanished(Path(re.search(r"under (\S+) ", done.stdout)[1])))
            self.assertEqual(sorted(os.listdir(name)), ["fristd-demo-ca.pem", "fristd-demo-digest.eml"])

    @staticmethod
    def end(pid):
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            pass

    def log_in(self, told):
        """As told: host, port, user, password, certificate."""
        host, port = re.search(r"IMAP +(\w+), port (\d+), SSL", told).groups()
        context = ssl.create_default_context(cafile=re.search(r"CA-fil +(\S+)", told)[1])
        with imaplib.IMAP4_SSL(host, int(port), ssl_context=context) as imap:
            imap.login("chef", re.search(r"adgang +(\w+)", told)[1])
            self.assertGreater(int(imap.select("INBOX", True)[1][0]), 10)


class InterruptedDemo(unittest.TestCase):
    def interrupt(self, number, *words):
        """Ends the demo after its first mail; returns its status, once the folder that it named is gone."""
        demo = subprocess.Popen([sys.executable, DEMO, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        self.addCleanup(demo.kill)
        told = ""
        with demo.stdout:
            while "forstået: ny henvendelse" not in told:
                line = demo.stdout.readline()
                self.assertTrue(line, told)
                told += line
            folder = Path(re.search(r"under (\S+) ", told)[1])
            self.assertTrue(folder.exists())
            demo.send_signal(number)
            demo.stdout.read()
        status = demo.wait(30)
        self.assertTrue(vanished(folder), f"{folder} is left behind")
        return status

    def test_ctrl_c(self):
        self.assertEqual(self.interrupt(signal.SIGINT), 130)

    def test_ctrl_c_in_the_middle_of_a_mail(self):
        """The submission server then answers QUIT with the words that were due for DATA, which smtplib minds."""
        words = ("import signal, smtplib, sys;"
                 "smtplib.SMTP.data = lambda smtp, _: (smtp.putcmd('data'), signal.raise_signal(signal.SIGINT));"
                 f"sys.path.insert(0, {str(DEMO.parent)!r}); import demo; demo.end()")
        done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, timeout=60,
                              preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        self.assertEqual((done.returncode, done.stderr), (130, "\nAfbrudt. Alt er ryddet op.\n"))
        self.assertFalse(Path(re.search(r"under (\S+) ", done.stdout)[1]).exists())

    def test_terminated(self):
        self.assertEqual(self.interrupt(signal.SIGTERM), -signal.SIGTERM)

    def test_ctrl_c_while_it_is_to_be_kept(self):
        self.assertEqual(self.interrupt(signal.SIGINT, "--keep"), 128 + signal.SIGINT)

    def test_wrong_words(self):
        done = subprocess.run([sys.executable, DEMO, "--forever"], capture_output=True, text=True, env={**os.environ})
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--keep", done.stderr)


if __name__ == "__main__":
    unittest.main()
