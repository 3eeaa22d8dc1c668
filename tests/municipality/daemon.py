"""fristd itself, on the stepped clock, configured by the files that we ship."""

import os
import re
import shutil
import socket
import sqlite3
import time
from pathlib import Path

from servers.base import CHECKOUT, Failure, Server, reachable

ANSWER_SECONDS = 120
PROGRAMS = ("fristd", "fristctl")
ENDED_BY_TERM_SECONDS = 20


def edited(text, changes, what):
    """text with every change (old, new) made; what is not there exactly once has changed and nobody told us."""
    for old, new in changes:
        if text.count(old) != 1:
            raise Failure(f"{what} has {text.count(old)} times: {old}")
        text = text.replace(old, new)
    return text


class Fristd(Server):
    """The daemon under its own folder of the root: programs, etc (configuration), fristd.db, clock (socket)."""

    name = "fristd"

    def __init__(self, root, town, staff, copy_box, workflow_changes=()):
        """staff: rows for people.conf that the shipped file lacks; workflow_changes: (old, new) in its file."""
        super().__init__(root)
        self.town = town
        self.staff = staff
        self.copy_to = copy_box.address
        self.workflow_changes = workflow_changes
        self.start_at = 0
        self.next_at = 0
        self._line = None

    @property
    def home(self):
        return self.root.folder("fristd")

    @property
    def config(self):
        return self.home / "etc" / "fristd.conf"

    def program(self, name):
        """Where the user of this root can run it."""
        built = Path(os.environ.get("FRIST_BIN", CHECKOUT / "build" / "release")) / name
        if not built.exists():
            raise Failure(f"{built} is missing: build it first")
        if reachable(built, self.root.user):
            return built
        copy = self.root.folder("fristd/bin") / name
        if not copy.exists():
            shutil.copy(built, copy)
            copy.chmod(0o755)
        return copy

    def configure(self):
        for path in sorted((CHECKOUT / "conf").glob("*/*")):
            self.root.write(f"fristd/etc/{path.parent.name}/{path.name}", path.read_text())
        self.root.write("fristd/etc/workflows/borgmester.conf", edited(
            (CHECKOUT / "conf/workflows/borgmester.conf").read_text(), self.workflow_changes, "borgmester.conf"))
        self.root.write("fristd/etc/people.conf", self._people())
        self.root.write("fristd/etc/fristd.conf", self._main())
        for server, actor in (("smtp", self.town.mt), ("imap", self.town.mt)):
            self.root.write(f"fristd/etc/{server}.password", actor.person.password + "\n")

    def _people(self):
        last = '{ id = "medarbejder-park";'
        rows = "".join(f"  {{ {row} }},\n" for row in self.staff)
        return edited((CHECKOUT / "conf/people.conf").read_text(), [(f"  {last}", f"{rows}  {last}")], "people.conf")

    def _main(self):
        exim, boxes = self.town.exim, self.town.mailboxes
        secrets = self.home / "etc"
        return edited((CHECKOUT / "conf/fristd.conf").read_text(), [
            ("/var/lib/fristd/fristd.db", str(self.home / "fristd.db")),
            ('copy_to = "fristd-kopi@example.dk"', f'copy_to = "{self.copy_to}"'),
            ("sends_per_minute = 20;", "sends_per_minute = 600;"),  # three weeks in a minute
            ('"smtp.example.dk"', '"localhost"'),
            ("port = 587;", f"port = {exim.ports['submission']};"),
            ('# ca_file = "ca.pem";', f'ca_file = "{self.town.authority.certificate}";'),
            ('"credential:smtp"', f'"{secrets}/smtp.password"'),
            ('"imap.example.dk"', f'"localhost"; ca_file = "{self.town.authority.certificate}"'),
            ("port = 993;", f"port = {boxes.ports['imaps']};"),
            ('user = "mt@example.dk";\n      password_file = "credential:imap-mt";',
             f'user = "{self.town.mt.box}";\n      password_file = "{secrets}/imap.password";'),
            ('authserv_id = "mail.example.dk"', f'authserv_id = "{exim.authserv_id}"'),
            ('border = [ "mail.example.dk", "mx.example.dk" ]', f'border = [ "{exim.authserv_id}" ]'),
        ], "fristd.conf")

    def command(self):
        return [self.program("fristd"), "--config", self.config, "--stepped-clock", self.home / "clock"]

    def start(self):
        """Starts it, and returns once it listens for the clock."""
        self.libraries = {"FRIST_STEPPED_START": str(self.start_at), "LANG": "C.UTF-8"}
        super().start()
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            line = socket.socket(socket.AF_UNIX)
            try:
                line.connect(str(self.home / "clock"))
                break
            except OSError:
                line.close()
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise Failure(f"fristd did not start:\n{self.log()[-4000:]}") from None
                time.sleep(0.005)
        line.settimeout(ANSWER_SECONDS)
        self._line = line.makefile("rw", encoding="utf-8", newline="\n")
        line.close()
        return self

    def hang_up(self):
        if self._line:
            self._line.close()
            self._line = None

    def stop(self):
        """Ends it as a supervisor does. Raises when it did not end well."""
        if not self.process:
            return
        self.hang_up()
        self.process.terminate()
        try:
            status = self.process.wait(ENDED_BY_TERM_SECONDS)
        except Exception:
            self.kill()
            raise Failure(f"fristd did not end:\n{self.log()[-4000:]}") from None
        self.process = None
        if status != 0:
            raise Failure(f"fristd ended with {status}:\n{self.log()[-4000:]}")

    def kill(self):
        self.hang_up()
        super().kill()

    def ask(self, command):
        """One command to the clock; the words of its answer after "ok". Raises Failure for "no"."""
        self._line.write(command + "\n")
        self._line.flush()
        answer = self._line.readline().split()
        if not answer or answer[0] != "ok":
            raise Failure(f"fristd says {answer} to {command!r}:\n{self.log()[-4000:]}")
        return answer[1:]

    def at(self, moment):
        self.next_at = int(self.ask(f"at {moment}")[0])

    def settle(self):
        self.next_at = int(self.ask("settle")[0])

    def look(self):
        self.ask("look")

    def wait_for(self, mailbox, message_id):
        self.ask(f"await {mailbox} {message_id.strip('<>')}")

    def rows(self, query, *values):
        """Reads the database, beside the daemon."""
        base = sqlite3.connect(f"file:{self.home / 'fristd.db'}?mode=ro", uri=True)
        base.row_factory = sqlite3.Row
        try:
            return base.execute(query, values).fetchall()
        finally:
            base.close()

    def ctl(self, *words):
        """fristctl with this configuration; what it prints."""
        return self.root.run([self.program("fristctl"), "--config", self.config, *words],
                             {"LANG": "C.UTF-8", "FRIST_NOW": str(self.town.now)})

    def complaints(self):
        """What it logged at the level of an error or worse."""
        return [line for line in self.log().splitlines() if re.match(r"<[0-3]>", line)]
