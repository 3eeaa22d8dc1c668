"""What every server needs: a temporary root, an ordinary user, free ports, a start that waits, an end that is certain.

A janitor process, detached from us, reads the other end of a pipe that we hold. However we end (normal exit, Ctrl-C,
SIGTERM, SIGKILL, a crash), the pipe closes, and the janitor ends every server that was announced to it and removes the
temporary root. Nothing here depends on a handler of ours having run.
"""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PORTS = range(20000, 32000)  # below what the kernel gives to outgoing connections
START_SECONDS = 30
STOP_SECONDS = 5


class Failure(Exception):
    """A server did not do what it must."""


def session_members(session):
    """The processes of a session that still run (zombies are not counted)."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                fields = Path(entry.path, "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def send(pid, number):
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def end_session(session, grace=STOP_SECONDS):
    """SIGTERM to the leader, SIGKILL to whoever of its session is left after grace seconds."""
    send(session, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while members := session_members(session):
        if time.monotonic() > deadline:
            for pid in members:
                send(pid, signal.SIGKILL)
        elif session not in members:
            for pid in members:
                send(pid, signal.SIGTERM)
        time.sleep(0.01)


def janitor(root):
    """Reads session numbers until the pipe closes, then ends them and removes root. Runs detached."""
    sessions = [int(line) for line in sys.stdin]
    for session in sessions:
        send(session, signal.SIGTERM)
    for session in sessions:
        end_session(session, grace=0.3)  # nobody will read their data again
    shutil.rmtree(root, ignore_errors=True)


def free_port():
    """A port of 127.0.0.1 that nobody listens on, kept for this process by an abstract socket of that name."""
    for port in random.sample(PORTS, 200):
        reserved = socket.socket(socket.AF_UNIX)
        probe = socket.socket()
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            reserved.bind(f"\0frist-test-port-{port}")
            probe.bind(("127.0.0.1", port))
        except OSError:
            reserved.close()
            continue
        finally:
            probe.close()
        reserved.detach()  # stays bound until this process ends
        return port
    raise Failure("no free port")


def reachable(path, user):
    """May this user read down to path?"""
    if os.geteuid() != 0:
        return True
    return all(os.stat(part).st_mode & 0o001 or os.stat(part).st_uid == user.pw_uid
               for part in [*path.parents, path])


def temporary_folder(user):
    """Where this user's servers can get at: the temporary directory, unless it is only for another."""
    wanted = Path(tempfile.gettempdir()).resolve()
    return wanted if reachable(wanted, user) else Path("/tmp")


class Root:
    """A temporary folder, the user that owns it, and the janitor that removes it.

    Started as root, everything under it belongs to `nobody`, and the servers run as that; otherwise as ourselves.
    """

    def __init__(self):
        self.user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.path = Path(tempfile.mkdtemp(prefix="frist-", dir=temporary_folder(self.user)))
        self.own(self.path)
        self.servers = []
        self._janitor = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, str(self.path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, cwd="/")
        self._janitor.wait()  # it has detached itself by now

    @property
    def group(self):
        import grp
        return grp.getgrgid(self.user.pw_gid).gr_name

    def own(self, path):
        if os.geteuid() == 0:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        return path

    def folder(self, name):
        """A folder under the root, made with its parents if missing."""
        path = self.path
        for part in Path(name).parts:
            path = path / part
            if not path.exists():
                path.mkdir(mode=0o700)
                self.own(path)
        return path

    def write(self, name, text):
        """A file under the root; replaced in one step, so that no server reads half of it."""
        path = self.path / name
        self.folder(Path(name).parent)
        new = path.with_name(path.name + ".new")
        with open(new, "w", encoding="utf-8", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
            file.write(text)
        self.own(new)
        new.rename(path)
        return path

    def programs(self, name):
        """The folder that tools/install unpacked a server into, or a copy of it where the user cannot read it."""
        path = CHECKOUT / "build" / "servers" / name
        if not (path / "stamp").exists():
            raise Failure(f"{path} is missing: run tools/install servers")
        if reachable(path, self.user):
            return path
        copy = self.folder("programs") / name
        if not copy.exists():
            shutil.copytree(path, copy, symlinks=True)
        return copy

    def spawn(self, command, environment=None, **options):
        """Starts a server in a session of its own, as the user of this root, and announces it to the janitor."""
        if os.geteuid() == 0:
            options.update(user=self.user.pw_uid, group=self.user.pw_gid, extra_groups=[])
        process = subprocess.Popen(
            [str(word) for word in command], start_new_session=True, cwd=self.path, stdin=subprocess.DEVNULL,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.path), **(environment or {})}, **options)
        self._janitor.stdin.write(b"%d\n" % process.pid)
        self._janitor.stdin.flush()
        return process

    def run(self, command, environment=None, **options):
        """Runs a tool of a server to its end, as the user of this root; its output as text."""
        if os.geteuid() == 0:
            options.update(user=self.user.pw_uid, group=self.user.pw_gid, extra_groups=[])
        done = subprocess.run(
            [str(word) for word in command], cwd=self.path, text=True, timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.path), **(environment or {})}, **options)
        if done.returncode != 0:
            raise Failure(f"{' '.join(map(str, command))}: {done.stdout}")
        return done.stdout

    def close(self):
        """Ends every server and removes the folder; returns when both are done."""
        if not self._janitor.stdin.closed:
            self._janitor.stdin.close()
            self._janitor.stdout.read()
            self._janitor.stdout.close()
        for server in self.servers:
            server.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Server:
    """A server process. Subclasses set `name`, `ports` (name -> port) and write their configuration in configure()."""

    name = ""

    def __init__(self, root):
        self.root = root
        self.ports = {}
        self.process = None
        self.libraries = {}
        root.servers.append(self)

    def configure(self):
        raise NotImplementedError

    def command(self):
        raise NotImplementedError

    def log(self):
        """What the server has logged so far."""
        files = sorted((self.root.path / self.name / "log").glob("*"))
        return "".join(file.read_text(errors="replace") for file in files if file.is_file())

    def start(self):
        """Starts the server; returns once every port of it takes connections."""
        log = self.root.folder(f"{self.name}/log") / "output.log"
        self.configure()
        with open(log, "ab") as output:
            self.process = self.root.spawn(self.command(), self.libraries, stdout=output, stderr=output)
        deadline = time.monotonic() + START_SECONDS
        for port in self.ports.values():
            self._wait_for_port(port, deadline)
        return self

    def _wait_for_port(self, port, deadline):
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise Failure(f"{self.name} did not start:\n{self.log()[-4000:]}") from None
            time.sleep(0.005)

    def stop(self):
        """Ends the server and all its children. May be started again, on the same ports and data."""
        if self.process:
            end_session(self.process.pid)
            self.process.wait()
            self.process = None

    def kill(self):
        """Ends the server and all its children at once, as a power cut would."""
        if self.process:
            end_session(self.process.pid, grace=0)
            self.process.wait()
            self.process = None

    def use_programs(self, name):
        """The folder of an unpacked server; its libraries are found by what it starts from now on."""
        path = self.root.programs(name)
        machine = f"{os.uname().machine}-linux-gnu"
        self.libraries = {"LD_LIBRARY_PATH": f"{path}/usr/lib/{machine}:{path}/lib/{machine}"}
        return path

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


if __name__ == "__main__":
    if os.fork():
        os._exit(0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    janitor(sys.argv[1])
