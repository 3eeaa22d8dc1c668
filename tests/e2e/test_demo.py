"""./demo interrupted: nothing is left behind. (What it tells is asserted by test_mayor_story.py.)"""

import os
import re
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

DEMO = Path(__file__).resolve().parents[1] / "municipality" / "demo.py"


class InterruptedDemo(unittest.TestCase):
    def interrupt(self, number, *words):
        """Ends the demo after its first mail; returns its status, once the folder that it named is gone."""
        demo = subprocess.Popen([sys.executable, DEMO, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
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
        deadline = time.monotonic() + 30
        while folder.exists():
            self.assertLess(time.monotonic(), deadline, f"{folder} is left behind")
            time.sleep(0.02)
        return status

    def test_ctrl_c(self):
        self.assertEqual(self.interrupt(signal.SIGINT), 130)

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
