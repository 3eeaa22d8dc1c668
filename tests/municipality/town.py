"""The municipality: its servers, its people, its fristd, and the clock that all of them live on."""

import email
import email.policy
import time

from servers.base import Failure
from servers.dovecot import Dovecot
from servers.mailbox import checked
from servers.people import as_list
from servers.town import Town

from . import times
from .daemon import Fristd
from .post import Act, Actor, Letter, quoted

DELIVERED_SECONDS = 20

# Beyond the people of the shipped people.conf.
STAFF = ('id = "medarbejder-bro"; name = "Medarbejder Bro"; address = "medarbejder.bro@example.dk"; '
         'logins = [ "medarbejder.bro@example.dk" ]; unit = "vej";',)


class Municipality:
    """with Municipality() as town: town.spl.send(town.mt, "Hul i vejen") …

    Everything that is written and sent is told to `watch`: day(at), wrote(act), understood(act), sent(letter).
    acts and letters: all of it so far.
    """

    def __init__(self, start, mailboxes=Dovecot, workflow_changes=()):
        self._name_people()
        staff = [actor.person for actor in self.actors if not actor.outside]
        outside = [actor.person for actor in self.actors if actor.outside]
        self.watch = None
        self.acts, self.letters = [], []
        self.now = 0
        self._readers = {}
        self.servers = Town(staff, outside, {"*@borger.digitalpost.example.dk": self.citizen.box}, mailboxes)
        try:
            self.mailboxes, self.exim, self.post = self.servers.mailboxes, self.servers.exim, self.servers.post
            self.fristd = Fristd(self.servers.root, self, STAFF, self.copies, workflow_changes)
            self.mailboxes.wait_for_login(self.mt.box)  # Cyrus makes the folders of a mailbox at its first login
            self.fristd.start_at = times.seconds(start)
            self.fristd.start()
            self.clock(start)
        except BaseException:
            self.servers.close()
            raise

    def _name_people(self):
        self.actors = []

        def actor(title, address, **more):
            self.actors.append(Actor(self, title, address, **more))
            return self.actors[-1]

        self.mt = actor("MT Borgmesterhenvendelser", "mt@example.dk")
        self.spl = actor("SPL", "spl@example.dk")
        self.secretary = actor("Medarbejder i SPL", "spl.medarbejder@example.dk")
        self.owner = actor("Postkasseansvarlig", "postkasseansvarlig@example.dk")
        self.deputy = actor("Stedfortræder", "stedfortraeder@example.dk")
        self.leader_road = actor("Enhedsleder Vej", "leder.vej@example.dk")
        self.leader_park = actor("Enhedsleder Park", "leder.park@example.dk")
        self.road = actor("Medarbejder Vej", "medarbejder.vej@example.dk")
        self.bridge = actor("Medarbejder Bro", "medarbejder.bro@example.dk")
        self.park = actor("Medarbejder Park", "medarbejder.park@example.dk")
        self.head = actor("Afdelingschef", "chef@example.dk")
        self.gateway = actor("Digital Post", "noreply@digitalpost.example.dk", box="digitalpost")
        self.it = actor("IT", "it@example.dk")
        self.copies = actor("Kopi af alt sendt", "fristd-kopi@example.dk")
        self.citizen = actor("Borger", "borger@borger.example.org", outside=True)
        self.neighbour = actor("Nabo", "nabo@borger.example.org", outside=True)

    @property
    def authority(self):
        return self.servers.authority

    def actor_at(self, address):
        """The actor with this address, else the address."""
        return next((actor for actor in self.actors if actor.address == address.lower()), address)

    # ---- the clock ----

    def clock(self, moment):
        """Goes on to this moment, "tir 24/3 09:12", and lets happen on the way what is due. Returns the letters."""
        target = times.seconds(moment)
        if target < self.now:
            raise ValueError(f"it is {times.written(self.now)} already")
        before = len(self.letters)
        while self.now < self.fristd.next_at <= target:
            self._step(self.fristd.next_at)
        if target > self.now:
            self._step(target)
        return self.letters[before:]

    def _step(self, at):
        if self.watch and times.day_written(at) != (self.now and times.day_written(self.now)):
            self.watch.day(at)
        self.now = at
        self.fristd.at(at)
        self.collect()

    def settle(self):
        """Lets everything happen that is due now."""
        self.fristd.settle()
        self.collect()

    # ---- writing ----

    def copy_of(self, actor, something):
        """An act or a letter as its reader has it before him: in his own inbox, or else in the shared mailbox."""
        if isinstance(something, Letter):
            return something.message
        got = [person for person in something.recipients if isinstance(person, Actor)]
        box = actor if actor in got else self.mt if something.seen else None
        if box is None:
            return something.message  # he wrote it himself
        return self._read(box, something.message_id, "INBOX" if box in got else "Sent")

    def write(self, actor, how, to, subject, text, *, parent=None, forward=False, tag=None, phone=False, as_=None,
              behalf_of=None, cc=(), bcc=(), quote=True, below="", headers=(), **more):
        """Submits a mail, waits for what fristd makes of it, and for what fristd sends about it."""
        body = text + below
        if parent is not None and quote:
            body = f"{text}\n\n{quoted(parent, phone)}"
        elif phone:
            body = f"{text}\n\nSendt fra min iPhone"
        message = self.post.write(
            actor.person, people(to), subject, body, cc=people(cc), from_=(as_ or behalf_of or actor).person,
            sender=actor.person if behalf_of else None, headers=headers, date=times.local(self.now),
            **({"forward_of" if forward else "reply_to": parent} if parent is not None else {}), **more)
        if tag:
            message.replace_header("Subject", f"[{tag}] {message['Subject']}")
        recipients = [*as_list(to), *as_list(cc), *as_list(bcc)]
        act = Act(self.now, actor, how, message, recipients, self.mt in recipients or as_ is self.mt, text,
                  as_ or behalf_of or actor)
        self._submit(act, as_)
        if act.seen:
            self.fristd.wait_for("mt", act.message_id)
            self._learn(act)
        self.acts.append(act)
        if self.watch:
            self.watch.wrote(act)
        self.settle()
        return act

    def _submit(self, act, as_):
        raw = act.message.as_bytes()
        if act.actor.outside:
            self.post.outside_raw(raw, people(act.recipients), act.actor.address)
        else:
            self.post.send_raw(act.actor.person, raw, people(act.recipients))
        if as_ is self.mt and self.mt not in act.recipients:  # what Outlook does for who sends as a shared mailbox
            self.mailboxes.append(self.mt.box, raw, "Sent", flags="\\Seen")

    def take_in(self, act):
        """Looks again at what became of a mail, after somebody said where it belongs."""
        self._learn(act)
        if self.watch:
            self.watch.understood(act)
        return act

    def _learn(self, act):
        found = self.fristd.rows(
            "SELECT mail.*, inquiry.key FROM mail LEFT JOIN inquiry ON inquiry.id = mail.inquiry "
            "WHERE message_id = ?", act.message_id.strip("<>"))
        if len(found) != 1:
            raise Failure(f"{len(found)} rows of mail for {act.message_id}")
        act.mail = dict(found[0])
        act.key = act.mail["key"]
        moved = self.fristd.rows(
            "SELECT transition.*, inquiry.key FROM transition JOIN inquiry ON inquiry.id = transition.inquiry "
            "WHERE mail = ? ORDER BY transition.id DESC", act.mail["id"])
        act.transition = dict(moved[0]) if moved else None

    # ---- reading ----

    def _reader(self, actor, folder):
        """A connection to this person's folder that stays open."""
        if (actor, folder) not in self._readers:
            session = self.mailboxes.session(actor.box)
            imap = session.__enter__()
            checked(imap.select(folder, True))
            self._readers[actor, folder] = (session, imap)
        return self._readers[actor, folder][1]

    def _read(self, actor, message_id, folder="INBOX"):
        """The mail with this id in this person's folder, once it is delivered."""
        imap = self._reader(actor, folder)
        deadline = time.monotonic() + DELIVERED_SECONDS
        while True:
            checked(imap.noop())
            uids = checked(imap.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"'))[0].split()
            if uids:
                data = checked(imap.uid("FETCH", uids[-1].decode(), "(BODY.PEEK[])"))
                return email.message_from_bytes(data[0][1], policy=email.policy.default)
            if time.monotonic() > deadline:
                raise Failure(f"{actor} never got {message_id}")
            time.sleep(0.005)

    def collect(self):
        """Reads, in the inboxes of those it was written to, what fristd has sent since the last time."""
        rows = self.fristd.rows("SELECT * FROM outbox WHERE state = 'sent' AND settled_at > 0 "
                                "AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY settled_at, id",
                                str([letter.row for letter in self.letters]))
        for row in rows:
            self._collect_row(row)

    def _collect_row(self, row):
        for address, in self.fristd.rows("SELECT address FROM recipient WHERE outbox = ? ORDER BY copy", row["id"]):
            reader = self.actor_at(address)
            message = self._read(reader, row["message_id"])
            if reader is self.copies:
                continue
            letter = Letter(self.now, reader, message, row["kind"], row["template"])
            letter.row = row["id"]
            letter.rungs = [tuple(found) for found in self.fristd.rows(
                "SELECT inquiry.key, intent.template FROM intent JOIN inquiry ON inquiry.id = intent.inquiry "
                "WHERE outbox = ? AND withdrawn = 0 ORDER BY inquiry.key", row["id"])]
            letter.keys = [key for key, in self.fristd.rows(
                "SELECT key FROM outbox_inquiry JOIN inquiry ON inquiry.id = inquiry WHERE outbox = ? ORDER BY key",
                row["id"])]
            self.letters.append(letter)
            if self.watch:
                self.watch.sent(letter)

    def strays(self):
        """Mail of fristd in anybody's inbox that it never said it sent, or sent twice: there must be none."""
        known = [(letter.reader, str(letter.message["Message-ID"])) for letter in self.letters]
        found = []
        for actor in self.actors:
            if actor is self.copies:
                continue
            ids = [str(stored.message["Message-ID"]) for stored in self.mailboxes.read(actor.box)
                   if stored.message["X-Frist-Id"]]
            found += [(actor, message_id) for message_id in ids
                      if (actor, message_id) not in known or ids.count(message_id) > 1]
        return found

    # ---- the register ----

    def inquiry(self, key):
        """What `fristctl register` says of one inquiry."""
        import json
        rows = json.loads(self.fristd.ctl("register", "--format", "json"))
        return next(row for row in rows if row["key"] == key)

    def step(self, key):
        """Where an inquiry stands."""
        return self.fristd.rows("SELECT step FROM inquiry WHERE key = ?", key)[0][0]

    def close(self):
        """Ends everything. Raises Failure when fristd did not end well, or complained."""
        try:
            for session, _ in self._readers.values():
                session.__exit__(None, None, None)
            self._readers.clear()
            self.fristd.stop()
            if self.fristd.complaints():
                raise Failure("fristd complained:\n" + "\n".join(self.fristd.complaints()))
        finally:
            self.fristd.process = None
            self.servers.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.close()
        else:
            self.servers.close()


def people(actors):
    return [actor.person if isinstance(actor, Actor) else actor for actor in as_list(actors)]
