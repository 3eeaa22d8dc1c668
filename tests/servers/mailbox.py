"""An IMAP server as the tests see it, whichever it is: every helper speaks IMAP or LMTP, over verified TLS."""

import base64
import contextlib
import email
import email.policy
import imaplib
import re
import smtplib
import ssl
import time

from .base import Failure, Server

SPECIAL_FOLDERS = {"Sent": "\\Sent", "Drafts": "\\Drafts", "Junk": "\\Junk", "Trash": "\\Trash"}


def encode_folder(name):
    """A folder's name as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3), quoted."""
    words = []
    for plain, other in re.findall(r"([ -~]+)|([^ -~]+)", name):
        coded = base64.b64encode(other.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        words.append(plain.replace("&", "&-") if plain else f"&{coded}-")
    return '"' + "".join(words).replace("\\", "\\\\").replace('"', '\\"') + '"'


class Stored:
    """A message as it lies in a folder."""

    def __init__(self, uid, flags, arrived, raw):
        self.uid = uid
        self.flags = flags
        self.arrived = arrived  # INTERNALDATE, seconds since 1970
        self.raw = raw

    @property
    def message(self):
        """Parsed by Python's email package."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def message_id(self):
        return email.message_from_bytes(self.raw).get("Message-ID", "").strip()

    def __repr__(self):
        return f"<uid {self.uid} {self.message_id}>"


def checked(answer):
    kind, data = answer
    if kind != "OK":
        raise Failure(f"the server says {kind} {data}")
    return data


class MailboxServer(Server):
    """Ports: imap (STARTTLS or plain), imaps, lmtp. A user is the local part of his address."""

    def __init__(self, root, authority, users):
        """users: {box: password}."""
        super().__init__(root)
        self.authority = authority
        self.certificate, self.key = authority.issue(self.name)
        self.users = dict(users)

    @contextlib.contextmanager
    def session(self, user):
        """An imaplib connection that is logged in."""
        context = ssl.create_default_context(cafile=str(self.authority.certificate))
        imap = imaplib.IMAP4_SSL("127.0.0.1", self.ports["imaps"], ssl_context=context, timeout=30)
        try:
            checked(imap.login(user, self.users[user]))
            yield imap
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                imap.logout()
            imap.sock.close()

    def wait_for_login(self, user, seconds=10):
        """Returns once the server takes the user's password."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                with self.session(user):
                    return
            except imaplib.IMAP4.error:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.05)

    @contextlib.contextmanager
    def folder(self, user, folder="INBOX", readonly=False):
        with self.session(user) as imap:
            checked(imap.select(encode_folder(folder), readonly))
            yield imap

    def folders(self, user):
        """{name as the server writes it: its attributes}"""
        with self.session(user) as imap:
            lines = checked(imap.list())
        found = (re.match(rb'\((.*?)\) "?.*?"? "?(.*?)"?$', line) for line in lines)
        return {match[2].decode(): match[1].decode().split() for match in found}

    def create(self, user, folder):
        with self.session(user) as imap:
            checked(imap.create(encode_folder(folder)))

    def delete(self, user, folder):
        with self.session(user) as imap:
            checked(imap.delete(encode_folder(folder)))

    def read(self, user, folder="INBOX"):
        """Every message of a folder, oldest UID first. Sets no flag."""
        with self.folder(user, folder, readonly=True) as imap:
            return self._fetch(imap)

    @staticmethod
    def _fetch(imap):
        found = []
        uids = checked(imap.uid("SEARCH", "ALL"))[0].split()
        for uid in uids:
            data = checked(imap.uid("FETCH", uid.decode(), "(FLAGS INTERNALDATE BODY.PEEK[])"))
            parts = [part for part in data if isinstance(part, tuple)]
            if not parts:
                continue  # expunged meanwhile
            line = parts[0][0] + b"".join(part for part in data if isinstance(part, bytes))
            found.append(Stored(int(uid), [flag.decode() for flag in imaplib.ParseFlags(line)],
                                int(time.mktime(imaplib.Internaldate2tuple(line))), parts[0][1]))
        return found

    def wait_for(self, user, match, folder="INBOX", seconds=20):
        """The first message of a folder that match (a Message-ID, or a function of Stored) is true for."""
        wanted = match if callable(match) else lambda stored: stored.message_id == match
        deadline = time.monotonic() + seconds
        with self.folder(user, folder, readonly=True) as imap:
            seen = None
            while time.monotonic() < deadline:
                state = checked(imap.uid("SEARCH", "ALL"))
                if state != seen:
                    seen = state
                    for stored in self._fetch(imap):
                        if wanted(stored):
                            return stored
                time.sleep(0.01)
                checked(imap.noop())
        raise Failure(
            f"nothing in {folder} of {user} matches {match} after {seconds} s; there is {self.read(user, folder)}")

    def append(self, user, raw, folder="INBOX", arrived=None, flags=""):
        """Puts a message into a folder; arrived: its INTERNALDATE in seconds since 1970. Returns its UID."""
        date = imaplib.Time2Internaldate(arrived) if arrived is not None else None
        with self.session(user) as imap:
            data = checked(imap.append(encode_folder(folder), f"({flags})" if flags else None, date, raw))
        match = re.search(rb"APPENDUID \d+ (\d+)", data[0])
        return int(match[1]) if match else None

    def expunge(self, user, uid, folder="INBOX"):
        with self.folder(user, folder) as imap:
            checked(imap.uid("STORE", str(uid), "+FLAGS", "(\\Deleted)"))
            checked(imap.uid("EXPUNGE", str(uid)))

    def move(self, user, uid, target, folder="INBOX"):
        with self.folder(user, folder) as imap:
            checked(imap.uid("MOVE", str(uid), encode_folder(target)))

    def uidvalidity(self, user, folder="INBOX"):
        with self.session(user) as imap:
            data = checked(imap.status(encode_folder(folder), "(UIDVALIDITY)"))
        return int(re.search(rb"UIDVALIDITY (\d+)", data[0])[1])

    def deliver(self, user, raw, sender="somebody@outside.example.dk"):
        """Delivers by LMTP, as an MTA does."""
        with smtplib.LMTP("127.0.0.1", self.ports["lmtp"], "mx.example.dk") as lmtp:
            lmtp.sendmail(sender, [f"{user}@example.dk"], raw)

    def set_password(self, user, password):
        """A new user, or a new password; takes effect at the next login."""
        raise NotImplementedError

    def change_uidvalidity(self, user, folder="INBOX"):
        """The folder gets another UIDVALIDITY, as after a restore; messages and dates stay. Returns the new one."""
        raise NotImplementedError

    def drop(self, user):
        """Cuts every connection of a user."""
        raise NotImplementedError
