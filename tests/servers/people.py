"""People who write mail: staff through the submission port, everybody else through the outside port."""

import email.policy
import email.utils
import itertools
import os
import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

REPLY = re.compile(r"\s*(sv|re|aw)\s*:", re.IGNORECASE)
WIRE = email.policy.SMTP.clone(max_line_length=76)


@dataclass(frozen=True)
class Person:
    """name and address as others see them; box and password: the mailbox, if it is one of the tests' servers."""
    name: str
    address: str
    password: str = "hemmelig"
    box: str = ""

    @property
    def mailbox(self):
        return self.box or self.address.split("@")[0]

    @property
    def written(self):
        return email.utils.formataddr((self.name, self.address))


def boxes(people):
    """{box: password} for Dovecot and Cyrus"""
    return {person.mailbox: person.password for person in people}


def addresses(people):
    """{address: box} for Exim"""
    return {person.address: person.mailbox for person in people}


def logins(people):
    """{login: password} for Exim's submission port"""
    return {person.address: person.password for person in people}


def written(someone):
    return someone.written if isinstance(someone, Person) else someone


def bare(someone):
    return someone.address if isinstance(someone, Person) else email.utils.parseaddr(someone)[1]


def thread(message, parent, subject, forward):
    """Gives a message the headers and the subject of an answer to (or a forward of) parent, as Danish Outlook does."""
    known = parent.get("References", "").split()
    own = parent.get("Message-ID", "").strip()
    message["In-Reply-To"] = own
    message["References"] = " ".join([*known, own])
    if subject is not None:
        return subject
    before = " ".join(parent.get("Subject", "").split())  # Python folds a long one with a space too many
    if forward:
        return f"VS: {before}"
    return before if REPLY.match(before) else f"SV: {before}"


class Post:
    """The post office of a test: what people do with their mail programs."""

    def __init__(self, exim):
        self.exim = exim
        self._numbers = itertools.count(1)
        self._tls = ssl.create_default_context(cafile=str(exim.authority.certificate))

    def write(self, author, to=(), subject=None, text="", *, html=None, cc=(), from_=None, sender=None, reply_to=None,
              forward_of=None, headers=(), attachments=(), date=None):
        """An EmailMessage. author: who writes; from_: whose name it bears (the shared mailbox); sender: a Sender field
        (on behalf of). reply_to, forward_of: the parent, an email message. attachments: (name, bytes)."""
        message = EmailMessage(policy=WIRE)
        parent = reply_to if reply_to is not None else forward_of
        if parent is not None:
            subject = thread(message, parent, subject, forward_of is not None)
        message["From"] = written(from_ or author)
        if sender:
            message["Sender"] = written(sender)
        for field, people in (("To", to), ("Cc", cc)):
            if people:
                message[field] = ", ".join(written(someone) for someone in as_list(people))
        message["Subject"] = subject or ""
        message["Date"] = email.utils.format_datetime(date) if date else email.utils.formatdate(localtime=True)
        unique = f"{os.getpid()}.{next(self._numbers)}.{os.urandom(6).hex()}"
        message["Message-ID"] = f"<{unique}@{bare(author).split('@')[1]}>"
        for name, value in headers:
            message[name] = value
        message.set_content(text + "\n")
        if html:
            message.add_alternative(html, subtype="html")
        for name, content in attachments:
            message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        return message

    def submit(self, author, to=(), subject=None, text="", *, bcc=(), **more):
        """Person author writes from his own account, through STARTTLS and AUTH. Returns the Message-ID.

        author may send as the shared mailbox (from_=mt) or on behalf of another (from_=head, sender=author).
        """
        message = self.write(author, to, subject, text, **more)
        self.send_raw(author, message.as_bytes(), [*as_list(to), *as_list(more.get("cc", ())), *as_list(bcc)])
        return message["Message-ID"]

    def outside(self, author, to=(), subject=None, text="", *, bcc=(), envelope_from=None, **more):
        """Anybody writes from outside: no AUTH, so no word of ours vouches for From. Returns the Message-ID."""
        message = self.write(author, to, subject, text, **more)
        self.outside_raw(message.as_bytes(), [*as_list(to), *as_list(more.get("cc", ())), *as_list(bcc)],
                         bare(author) if envelope_from is None else envelope_from)
        return message["Message-ID"]

    def send_raw(self, author, raw, recipients):
        """Submits these bytes as author. Raises smtplib's exceptions when the server refuses."""
        with smtplib.SMTP("127.0.0.1", self.exim.ports["submission"], bare(author).split("@")[1], 30) as smtp:
            smtp.starttls(context=self._tls)
            smtp.login(author.address, author.password)
            smtp.sendmail(author.address, [bare(someone) for someone in recipients], raw)

    def outside_raw(self, raw, recipients, envelope_from):
        """Hands these bytes in at the MX. envelope_from "" is the null return path of bounces."""
        with smtplib.SMTP("127.0.0.1", self.exim.ports["outside"], "outside.example.dk", 30) as smtp:
            smtp.sendmail(envelope_from or "<>", [bare(someone) for someone in recipients], raw)


def as_list(people):
    return list(people) if isinstance(people, (list, tuple)) else [people]
