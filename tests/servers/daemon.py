"""fristd itself, at home in a town: its configuration, its stepped clock, its supervisor, its database."""

import calendar
import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import threading
import time
from pathlib import Path

from .base import CHECKOUT, Failure, Server, reachable
from .exim import AUTHSERV_ID
from .people import Person

COPY_FOLDER = "Kopi"

SETTINGS = """
database = "{home}/fristd.db";
copy_to = "{copy_to}";
sending = ( {sending} );
sends_per_minute = 1000;
smtp = {{ {smtp} user = "{address}"; password_file = "{home}/password"; timeout_s = {smtp_timeout}; }};
mailboxes = ( {mailboxes} );
"""

MAILBOX = """{{
  name = "{name}"; title = "Postkassen {name}"; addresses = [ "{name}@{domain}" ]; logins = [ "{name}@{domain}" ];
  workflow = {workflow}; poll_s = {poll}; open_since = "{open_since}"; {folders}
  imap = {{ {server} user = "{box}"; password_file = "{home}/{password}"; timeout_s = {timeout}; }};
  trust = {{ profile = "authserv"; authserv_id = "{authserv}"; border = [ "{authserv}" ]; }};
}}"""

ROLES = ("spl", "postkasseansvarlig", "stedfortraeder", "leder.vej", "leder.park", "chef", "medarbejder.vej",
         "medarbejder.park")


def staff(domain="example.dk", box=""):
    """{id in people.conf: Person}; box: one mailbox for all of them, else one each."""
    return {role.replace(".", "-"): Person(role, f"{role}@{domain}", box=box) for role in ROLES}


def workflow_names(names):
    """As the file has them: one, or several of which the first is the mailbox's own."""
    quoted = [f'"{name}"' for name in ([names] if isinstance(names, str) else names)]
    return quoted[0] if len(quoted) == 1 else f"[ {', '.join(quoted)} ]"


def local(text):
    """Seconds of a Danish moment such as "2026-03-23 09:00", which stands in summer time from April to October."""
    moment = calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M"))
    return moment - (7200 if "2026-03-29" < text < "2026-10-25" else 3600)


class Supervisor:
    """What systemd would be: a datagram socket that hears READY=1 and the like, always."""

    def __init__(self, root, name):
        self.path = root.folder(name) / "notify"
        self.heard = []
        self._changed = threading.Condition()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        root.own(self.path)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            message = self._socket.recv(65536).decode()
            with self._changed:
                self.heard.append(message)
                self._changed.notify_all()

    def mark(self):
        """How much was heard so far, for wait_for."""
        return len(self.heard)

    def find(self, pattern, after=0):
        for message in self.heard[after:]:
            if found := re.search(pattern, message):
                return found
        return None

    def wait_for(self, pattern, seconds=20, after=0):
        """The first message that has the pattern in it, of those after a mark."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not (found := self.find(pattern, after)):
                if not self._changed.wait(deadline - time.monotonic()):
                    raise Failure(f"the supervisor does not hear {pattern}; it heard {self.heard[-5:]}")
        return found


class Daemon(Server):
    """with Daemon(town) as daemon: daemon.at(…), daemon.await_mail("mt", id), daemon.query("SELECT …")

    name: its folder; boxes: the mailboxes that it watches, {name: box at the IMAP server}, their addresses name@domain;
    imap, smtp: ports to reach the servers by, when not their own. start None: it lives in real time. Copies of what it
    sends come back to a folder of its first mailbox (on Cyrus: to its inbox).
    """

    def __init__(self, town, name="fristd", boxes=None, domain="example.dk", start="2026-03-23 09:00",
                 imap=None, smtp=None, program=None):
        super().__init__(town.root)
        self.control = self._connection = None
        self.town, self.name, self.domain = town, name, domain
        self.boxes = dict(boxes or {"mt": "mt"})
        self.now = local(start) if start else None
        self.imap_port = imap or town.mailboxes.ports["imaps"]
        self.imap_ports = {}       # of single mailboxes
        self.smtp_port = smtp or town.exim.ports["submissions"]
        first, box = next(iter(self.boxes.items()))
        self.copy_to = f"kopi.{first}@{domain}"
        town.exim.add(self.copy_to, f"{box}+{COPY_FOLDER}" if town.mailboxes.name == "dovecot" else box)
        self.poll, self.timeout, self.smtp_timeout, self.open_since = 2, 10, 20, "2026-01-01"
        self.folders = ""          # a line such as 'folders = [ "INBOX" ];'
        self.workflow = "borgmester"
        self.sending = '{ from = "07:00"; until = "16:00"; }'
        self.program = program or [self._built()]
        self.environment = {"WATCHDOG_USEC": "900000",  # it tells its status three times as often
                            "TSAN_OPTIONS": os.environ.get("TSAN_OPTIONS", "")}  # of the preset tsan
        self.supervisor = Supervisor(self.root, name)
        shutil.copytree(CHECKOUT / "conf", self.home / "conf")
        people = self.home / "conf/people.conf"
        people.write_text(people.read_text().replace("example.dk", domain))
        self.write_secret("password", "hemmelig")
        for path in [self.home / "conf", *(self.home / "conf").rglob("*")]:
            self.root.own(path)

    @property
    def home(self):
        return self.root.folder(self.name)

    @property
    def database(self):
        return self.home / "fristd.db"

    def _built(self):
        """The program under test, where the user of the root can run it."""
        built = Path(os.environ["FRIST_BIN"]) / "fristd"
        if reachable(built, self.root.user):
            return built
        copy = self.root.folder("bin") / "fristd"
        if not copy.exists():
            shutil.copy(built, copy)
            copy.chmod(0o755)
        return copy

    def write_secret(self, name, word):
        return self.root.write(f"{self.name}/{name}", word + "\n")

    def settings(self):
        """The text of fristd.conf."""
        ca = f'host = "127.0.0.1"; tls = "implicit"; ca_file = "{self.town.authority.certificate}";'
        first = next(iter(self.boxes))
        return SETTINGS.format(
            home=self.home, copy_to=self.copy_to, sending=self.sending, address=f"{first}@{self.domain}",
            smtp=f"{ca} port = {self.smtp_port};", smtp_timeout=self.smtp_timeout,
            mailboxes=",".join(MAILBOX.format(
                name=name, domain=self.domain, box=box, poll=self.poll, home=self.home, timeout=self.timeout,
                server=f"{ca} port = {self.imap_ports.get(name, self.imap_port)};", authserv=AUTHSERV_ID,
                open_since=self.open_since, folders=self.folders, workflow=workflow_names(self.workflow),
                password=f"password-{name}" if (self.home / f"password-{name}").exists() else "password")
                for name, box in self.boxes.items()))

    def configure(self):
        self.root.write(f"{self.name}/conf/fristd.conf", self.settings())

    def command(self):
        words = [*self.program, "--config", self.home / "conf/fristd.conf"]
        return words if self.now is None else [*words, "--stepped-clock", self.home / "clock"]

    def launch(self):
        """Starts the program as the user of the town, without waiting for anything."""
        self.libraries = {"NOTIFY_SOCKET": str(self.supervisor.path), "FRIST_STEPPED_START": str(self.now or 0),
                          **self.environment}
        with open(self.root.folder(f"{self.name}/log") / "output.log", "ab") as output:
            self.process = self.root.spawn(self.command(), self.libraries, stdout=output, stderr=output)
        return self.process

    def start(self):
        """Starts it and waits until it says that it is ready."""
        mark = self.supervisor.mark()
        self.configure()
        self.launch()
        deadline = time.monotonic() + 30
        while not self.supervisor.find("READY=1", mark):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Failure(f"fristd did not start:\n{self.log()[-4000:]}")
            time.sleep(0.005)
        if self.now is not None:
            self._connect()
        return self

    def _connect(self):
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.settimeout(60)
        self._connection.connect(str(self.home / "clock"))
        self.control = self._connection.makefile("rw")

    def run(self):
        """Runs it until it ends by itself: its exit status and what it wrote."""
        before = len(self.log())
        status = self.launch().wait(30)
        self.process = None
        return status, self.log()[before:]

    def _hang_up(self):
        if self.control:
            with contextlib.suppress(OSError):  # it may have died with a command unread
                self.control.close()
            self._connection.close()
            self.control = None

    def stop(self):
        self._hang_up()
        super().stop()

    def kill(self):
        self._hang_up()
        super().kill()

    def send(self, number):
        os.kill(self.process.pid, number)

    def end(self, seconds=20):
        """SIGTERM; its exit status."""
        self._hang_up()
        self.send(signal.SIGTERM)
        status = self.process.wait(seconds)
        self.process = None
        return status

    # ---- the clock ----

    def say(self, command):
        """A command to the stepped clock: the answer's words."""
        self.control.write(command + "\n")
        self.control.flush()
        answer = self.control.readline().split()
        if not answer:
            raise Failure(f"fristd hung up at {command}:\n{self.log()[-4000:]}")
        return answer

    def at(self, moment):
        """The clock shows this moment (seconds, or Danish time) and what is due happens; when something is due next."""
        self.now = max(self.now, local(moment) if isinstance(moment, str) else moment)
        return int(self.say(f"at {self.now}")[1])

    def settle(self):
        return int(self.say("settle")[1])

    def look(self):
        if self.say("look") != ["ok"]:
            raise Failure(f"fristd does not get to look at its folders:\n{self.log()[-4000:]}")

    def await_mail(self, message_id, mailbox="mt"):
        """Returns when the message has an outcome in the mailbox, and what came of it has been done."""
        if self.say(f"await {mailbox} {message_id.strip('<>')}") != ["ok"]:
            raise Failure(f"{message_id} has no outcome:\n{self.log()[-4000:]}")
        self.settle()

    # ---- what it left behind ----

    def query(self, sql, *values):
        """Rows of the database, read beside the program."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20) as database:
            return database.execute(sql, values).fetchall()

    def one(self, sql, *values):
        rows = self.query(sql, *values)
        if len(rows) != 1 or len(rows[0]) != 1:
            raise Failure(f"{sql}: {rows}")
        return rows[0][0]

    def wait_for(self, sql, *values, until=bool, seconds=20, act=lambda: None):
        """Waits until the one value that sql gives satisfies until; act is done before each look."""
        deadline = time.monotonic() + seconds
        while True:
            act()
            value = self.query(sql, *values)
            value = value[0][0] if value else None
            if until(value):
                return value
            if time.monotonic() > deadline:
                raise Failure(f"{sql} {values}: {value} after {seconds} s\n{self.log()[-4000:]}")
            time.sleep(0.02)

    def outcome(self, message_id):
        """(outcome, rule, step of its inquiry) of a message."""
        rows = self.query("SELECT m.outcome, m.rule, i.step FROM mail m LEFT JOIN inquiry i ON i.id = m.inquiry"
                          " WHERE m.message_id = ?", message_id.strip("<>"))
        if len(rows) != 1:
            raise Failure(f"{message_id}: {rows}\n{self.log()[-4000:]}")
        return rows[0]

    def wait_for_log(self, pattern, seconds=20):
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.log())):
            if time.monotonic() > deadline:
                raise Failure(f"no {pattern} in the log after {seconds} s:\n{self.log()[-4000:]}")
            time.sleep(0.01)
        return found
