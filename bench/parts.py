"""What the benchmarks share: the corpus in Dovecot, fristd as in production, and what a process costs."""

import argparse
import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

BENCH = Path(__file__).resolve().parent
CHECKOUT = BENCH.parent
sys.path.insert(0, str(CHECKOUT / "tests"))

from servers.base import Root  # noqa: E402
from servers.ca import Authority  # noqa: E402
from servers.dovecot import Dovecot  # noqa: E402

BOX, PASSWORD = "mt", "kun til bench"
VOUCHED = b"X-MS-Exchange-Organization-AuthAs: Internal\n"
START_SECONDS, END_SECONDS = 20, 20

CONFIGURATION = """
database = "{home}/fristd.db";
people = "{bench}/people.conf";
workflows = "{bench}/workflows";
templates = "{checkout}/conf/templates";
smtp = {{ host = "localhost"; port = 9; user = "nobody"; password_file = "{home}/password"; }};
mailboxes = ( {{
  name = "mt"; title = "Sager"; addresses = [ "sager@example.dk" ]; workflow = "mt"; open_since = "2000-01-01";
  imap = {{ host = "localhost"; port = {port}; ca_file = "{ca}"; user = "mt"; password_file = "{home}/password"; }};
  trust = {{ profile = "exchange"; }};
}} );
"""


class Parser(argparse.ArgumentParser):
    """Says what is missing before anything is started."""

    def parse_args(self, args=None, namespace=None):
        options = super().parse_args(args, namespace)
        if not (options.peers / "gen_corpus.py").exists():
            self.error(f"{options.peers} holds no gen_corpus.py: name its folder by --peers or FRIST_PEERS")
        if not (options.build / "fristd").exists():
            self.error(f"{options.build} holds no fristd: cmake --preset release && cmake --build --preset release")
        return options


def arguments(about):
    """A parser with the options that every benchmark has."""
    parser = Parser(description=about)
    parser.add_argument("--peers", type=Path, default=Path(os.environ.get("FRIST_PEERS", CHECKOUT.parent / "shared/peers")),
                        help="folder of gen_corpus.py and py_peer.py (or FRIST_PEERS)")
    parser.add_argument("--build", type=Path, default=CHECKOUT / "build/release", help="folder of the release build")
    parser.add_argument("--mails", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=random.randrange(1, 1 << 31), help="of the corpus; else a new one")
    return parser


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {memory} GB, load {os.getloadavg()[0]:.1f}"


class Corpus:
    """A Maildir of made-up mail, and where each message belongs."""

    def __init__(self, options, folder):
        subprocess.run([sys.executable, options.peers / "gen_corpus.py", str(options.mails), folder, str(options.seed)],
                       check=True)
        self.folder = folder
        rows = [line.split("\t") for line in (folder / "truth.tsv").read_text().splitlines()]
        self.truth = {mail_id.strip("<>"): int(case) for _, _, case, mail_id in rows}
        self.vouch()

    def vouch(self):
        """Every sender counts as vouched for by the municipality's own server."""
        for path in (self.folder / "new").iterdir():
            raw, times = path.read_bytes(), path.stat()
            path.write_bytes(VOUCHED + raw)
            os.utime(path, (times.st_atime, times.st_mtime))

    def judge(self, database):
        """(right, what is wrong): an inquiry stands for the case of its first message and has its number."""
        found = read_database(database, "SELECT m.message_id, i.id, i.key FROM mail m"
                                        " LEFT JOIN inquiry i ON i.id = m.inquiry ORDER BY m.id")
        cases, wrong, seen = {}, [], set()
        for mail_id, inquiry, key in found:
            case = self.truth.get(mail_id)
            first = cases.setdefault(inquiry, case)
            if inquiry is None or case != first or key != f"MT-2026-{case:04d}":
                wrong.append(f"{mail_id}: {key}, and not MT-2026-{case or 0:04d}")
            else:
                seen.add(mail_id)
        wrong += [f"{mail_id}: not seen" for mail_id in self.truth.keys() - {row[0] for row in found}]
        return len(seen), wrong


def read_database(path, sql):
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute(sql).fetchall()


class Mailbox:
    """Dovecot with one mailbox. with Mailbox() as mailbox: mailbox.fill(corpus)."""

    def __init__(self):
        self.root = Root()
        try:
            self.authority = Authority(self.root)
            self.dovecot = Dovecot(self.root, self.authority, {BOX: PASSWORD})
            self.home = self.root.folder("work")
        except BaseException:
            self.root.close()
            raise

    def fill(self, corpus, start=0, count=None):
        """Delivers the corpus, or count mails of it."""
        maildir = self.root.folder(f"dovecot/mail/{BOX}/Maildir")
        for name in ("cur", "new", "tmp"):
            self.root.folder(f"dovecot/mail/{BOX}/Maildir/{name}")
        mails = sorted((corpus.folder / "new").iterdir())
        for path in mails[start:] if count is None else mails[start:start + count]:
            new = maildir / "new" / path.name
            shutil.copy2(path, new)
            self.root.own(new)

    def configure(self, name):
        """The configuration of a fristd with a fresh database."""
        home = self.root.folder(f"work/{name}")
        secret = home / "password"
        secret.touch(mode=0o600)
        secret.write_text(PASSWORD + "\n")
        configuration = home / "fristd.conf"
        configuration.write_text(CONFIGURATION.format(
            home=home, bench=BENCH, checkout=CHECKOUT, port=self.dovecot.ports["imaps"],
            ca=self.authority.certificate))
        return configuration

    def __enter__(self):
        self.dovecot.start()
        return self

    def __exit__(self, *_):
        self.root.close()


class Fristd:
    """A running fristd; what it logs goes to a file beside its database."""

    def __init__(self, build, configuration, wrapper=()):
        self.database = configuration.with_name("fristd.db")
        self.log = configuration.with_name("log")
        self.started = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*wrapper, build / "fristd", "--config", configuration],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def wait_until_read(self, uid, seconds=600):
        """Returns the seconds from the start until the inbox has been read up to uid."""
        deadline = self.started + seconds
        with contextlib.closing(self._connect()) as database:
            while time.monotonic() < deadline and self.process.poll() is None:
                row = database.execute("SELECT seen_uid FROM folder WHERE name = 'INBOX'").fetchone()
                if row and row[0] >= uid:
                    return time.monotonic() - self.started
                time.sleep(0.005)
        raise RuntimeError(f"fristd did not read everything:\n{self.log.read_text()[-2000:]}")

    def _connect(self):
        """Waits until the database has its tables."""
        deadline = self.started + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(sqlite3.OperationalError):
                database = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
                database.execute("SELECT count(*) FROM folder")
                return database
            time.sleep(0.005)
        raise RuntimeError(f"fristd did not start:\n{self.log.read_text()[-2000:]}")

    def status(self, field):
        """A number of /proc/PID/status, such as VmHWM in kB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
        raise KeyError(field)

    def wakeups(self):
        """{thread: how often it has gone to sleep of its own}"""
        found = {}
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            line = next(line for line in (task / "status").read_text().splitlines() if line.startswith("voluntary"))
            found[task.name] = int(line.split()[1])
        return found

    def cpu(self):
        """Seconds of CPU so far."""
        seconds = 0
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            seconds += int((task / "schedstat").read_text().split()[0]) / 1e9
        return seconds

    def end(self):
        """SIGTERM; returns the seconds of CPU that the whole life took, the end included."""
        self.process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode != 0:
            raise RuntimeError(f"fristd ended with {self.process.returncode}:\n{self.log.read_text()[-2000:]}")
        return usage.ru_utime + usage.ru_stime

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()
