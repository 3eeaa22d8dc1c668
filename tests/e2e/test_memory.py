"""How much fristd takes up while it reads a mailbox for the first time: the unit allows a gigabyte for all."""

import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from servers.daemon import Daemon, staff  # noqa: E402 (the folder must be known first)
from servers.people import Person  # noqa: E402
from servers.town import Town  # noqa: E402

MAILS = 400
MORE_MEGABYTES = 60  # than without mail
PARAGRAPH = """\
<p class=3DMsoNormal style=3D"margin-bottom:0cm"><span lang=3DDA style=3D"=
font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif">K=C3=A6re {number}, =
her er mere om sagen.<o:p></o:p></span></p>
""".replace("\n", "\r\n")


def outlook(number, size=300_000):
    """A colleague's mail as long as Outlook makes them."""
    paragraph = PARAGRAPH.format(number=number)
    return (f"From: spl@example.dk\r\nTo: mt@example.dk\r\nSubject: Brev {number}\r\n"
            f"Message-ID: <brev.{number}@example.dk>\r\nDate: Mon, 23 Mar 2026 08:00:00 +0100\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            f"<html><body>\r\n{paragraph * (size // len(paragraph))}</body></html>\r\n").encode()


class MemoryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = Town([Person("mt", "mt@example.dk"), Person("tom", "tom@example.dk"), *staff(box="staff").values()])
        cls.addClassCleanup(cls.town.close)

    def peak(self, box, count):
        """Megabytes that fristd had taken up at most when it had read the mailbox."""
        daemon = Daemon(self.town, f"fristd-{box}", {box: box}, start="2026-03-22 12:00")
        # the sanitizer keeps what was freed, which a release gives back
        daemon.environment["ASAN_OPTIONS"] = "quarantine_size_mb=0:thread_local_quarantine_size_kb=0"
        self.addCleanup(daemon.kill)
        daemon.start()
        daemon.wait_for("SELECT count(*) FROM sighting", until=lambda seen: seen == count, seconds=200)
        daemon.look()
        return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{daemon.process.pid}/status").read_text())[1]) // 1024

    def test_first_import_of_long_mails(self):
        with self.town.mailboxes.session("mt") as imap:
            for number in range(MAILS):
                imap.append("INBOX", None, None, outlook(number))
        without, with_mails = self.peak("tom", 0), self.peak("mt", MAILS)
        self.assertLess(with_mails, without + MORE_MEGABYTES)


if __name__ == "__main__":
    unittest.main()
