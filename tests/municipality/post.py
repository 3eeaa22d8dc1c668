"""What people of the municipality do with mail, and what comes of it."""

import re
import urllib.parse
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import getaddresses

from servers.people import Person

from . import times


@dataclass
class Act:
    """A mail that somebody wrote."""
    at: int
    actor: "Actor"
    how: str                    # skriver, svarer, videresender …
    message: EmailMessage
    recipients: list            # actors and addresses, as written: To, Cc, Bcc
    seen: bool                  # did the shared mailbox get it?
    said: str = ""              # what the author wrote himself, without what he quoted
    name: "Actor" = None        # whose name it bears: the actor's own, the mailbox's, another's
    mail: dict = None           # the row in `mail`: outcome, reason, rule, acting_role, found_by, …
    transition: dict = None     # the row in `transition`, if the inquiry changed
    key: str = None             # of the inquiry that it belongs to

    @property
    def message_id(self):
        return self.message["Message-ID"]

    @property
    def outcome(self):
        return self.mail and self.mail["outcome"]

    @property
    def reason(self):
        return self.mail and self.mail["reason"]

    @property
    def rule(self):
        return self.mail and self.mail["rule"]


@dataclass
class Letter:
    """A mail from fristd, as it lies in somebody's inbox."""
    at: int
    reader: "Actor"
    message: EmailMessage
    kind: str                   # morning, single
    template: str               # of a single letter
    rungs: list = field(default_factory=list)       # of a morning mail: (key, template)
    keys: list = field(default_factory=list)        # of every inquiry that it is about

    @property
    def written(self):
        """When it came: "tir 24/3 07:00"."""
        return times.written(self.at)

    @property
    def subject(self):
        return str(self.message["Subject"])

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content()

    @property
    def html(self):
        return self.message.get_body(("html",)).get_content()

    def links(self):
        """[(words on the button, address, subject, addresses in Cc)] of the mailto: links that wait for a tap."""
        found = []
        for target, words in re.findall(r'<a href="mailto:([^"]+)"[^>]*>([^<]*)</a>', self.html):
            address, _, query = target.replace("&amp;", "&").partition("?")
            fields = dict(urllib.parse.parse_qsl(query))
            if "subject" in fields:
                found.append((words, urllib.parse.unquote(address), fields["subject"],
                              fields["cc"].split(",") if "cc" in fields else []))
        return found

    def __repr__(self):
        return f"<{times.written(self.at)} til {self.reader.title}: {self.subject}>"


def quoted(parent, phone):
    """The mail that is answered, below the answer, as Outlook or a telephone puts it."""
    body = parent.get_body(("plain",))
    text = body.get_content().rstrip("\n") if body else ""
    if phone:
        lines = "\n".join(f"> {line}" for line in text.splitlines())
        return f"Sendt fra min iPhone\n\n> Den {parent['Date']} skrev {parent['From']}:\n> \n{lines}"
    head = "\n".join(f"{word}: {parent[name] or ''}" for word, name in
                     (("Fra", "From"), ("Sendt", "Date"), ("Til", "To"), ("Cc", "Cc"), ("Emne", "Subject"))
                     if parent[name])
    return f"________________________________\n{head}\n\n{text}"


class Actor:
    """Somebody with a mailbox. title: the role; address: what others write to. Recipients are actors or addresses."""

    def __init__(self, town, title, address, *, outside=False, box=None):
        self.town = town
        self.title = title
        self.person = Person(title, address, box=box or address.split("@")[0])
        self.outside = outside

    @property
    def address(self):
        return self.person.address

    @property
    def box(self):
        return self.person.mailbox

    def __repr__(self):
        return self.title

    def send(self, to, subject, text="", **more):
        """A new mail. tag: a word in brackets before the subject; cc, bcc; attachments: (name, bytes); as_: another
        actor whose name it bears (the shared mailbox); behalf_of: another on whose behalf; below: what stands under
        the text and is not his; headers; html."""
        return self.town.write(self, "skriver", to, subject, text, **more)

    def reply(self, parent, text="", to=None, subject=None, **more):
        """Answers an act or a letter: to its author unless somebody else is named. phone: a short answer on the way."""
        message = self.town.copy_of(self, parent)
        author = self.town.actor_at(getaddresses([str(message["Reply-To"] or message["From"])])[0][1])
        return self.town.write(self, "svarer", author if to is None else to, subject, text, parent=message,
                               **more)

    def reply_all(self, parent, text="", **more):
        """Answers the author and all other recipients but himself."""
        message = self.town.copy_of(self, parent)
        others = [self.town.actor_at(address) for name in ("To", "Cc")
                  for _, address in getaddresses([str(message[name] or "")])]
        return self.reply(parent, text, cc=[who for who in others if who is not self], **more)

    def forward(self, parent, to, text="", **more):
        """Sends an act or a letter on: VS:, quoted, with its ids."""
        return self.town.write(self, "videresender", to, None, text, parent=self.town.copy_of(self, parent),
                               forward=True, **more)

    def tap(self, letter, words):
        """Taps the button with these words in a letter of fristd, and sends what the mail program opens."""
        for label, address, subject, copies in letter.links():
            if words.lower() in label.lower():
                return self.town.write(self, "trykker på en knap", self.town.actor_at(address), subject, "",
                                       phone=True, cc=[self.town.actor_at(copy) for copy in copies])
        raise AssertionError(f"no button {words!r} in {letter}: {letter.links()}")

    def letters(self):
        """What fristd has written to this person so far."""
        return [letter for letter in self.town.letters if letter.reader is self]
