"""Killed anywhere: nothing is lost, and nothing happens twice.

One morning (an inquiry comes in, is given to a caseworker, everybody gets the morning's mail, the copies come back) is
lived many times, each time in a municipality of its own on the same real servers. Each time fristd is killed before
another one of the things that it does to the world (preload/countdown.c), and started again. Then somebody who knows
nothing of its insides reads the mailboxes and the register.

    test_kill.py            as many evenly spread points as fit, from a random first
    test_kill.py --all      every point
    test_kill.py --at N     only that one
"""
import collections
import concurrent.futures
import itertools
import os
import random
import re
import struct
import sys
import threading
import time
import traceback
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.base import Failure
from servers.daemon import COPY_FOLDER, Daemon, staff
from servers.people import Person
from servers.town import Town

POINTS, AT_ONCE = 60, 6
START, MORNING = "2026-03-22 12:00", "2026-03-25 07:00"     # a Sunday; two working days before the answer is due
TOLD = {"medarbejder-vej", "postkasseansvarlig", "leder-vej", "chef", "spl"}
KILLED = -9


class Died(Exception):
    """fristd is no more."""


class Municipality:
    """One life of the story."""

    def __init__(self, number):
        self.name = f"k{number}"
        self.domain = f"{self.name}.example.dk"
        self.mt = Person("Postkassen", f"mt@{self.domain}", box=self.name)
        self.people = staff(self.domain, f"staff-{self.name}")
        self.sent = {}
        self.twice = 0

    def move_in(self, town, library, kill_at):
        """The daemon that will be killed."""
        self.town = town
        for box in (self.name, f"staff-{self.name}"):
            town.mailboxes.read(box)  # makes its folders: two who ask for new ones at once get in each other's way
        self.daemon = Daemon(town, self.name, {"mt": self.name}, self.domain, start=START)
        self.count_file = town.root.write(f"{self.name}/count", "\0" * 8)
        self.daemon.environment |= {"LD_PRELOAD": str(library), "FRIST_COUNT": str(self.count_file),
                                    "ASAN_OPTIONS": "verify_asan_link_order=0"}
        if kill_at:
            self.daemon.environment["FRIST_KILL_AT"] = str(kill_at)

    def count(self):
        return struct.unpack("l", self.count_file.read_bytes())[0]

    def live(self):
        """The story from the beginning, or from where fristd died; what people did before they do not do again."""
        try:
            self.daemon.start()
            self.told("inquiry", lambda: self.town.post.submit(self.people["spl"], self.mt, "Hul i vejen"))
            self.told("assignment", self.assign)
            self.daemon.at(MORNING)
            self.settle()
        except (Failure, OSError):
            if self.daemon.process and self.daemon.process.wait(20) != KILLED:
                raise
            self.daemon.kill()
            raise Died from None

    def told(self, what, act):
        if what not in self.sent:
            self.sent[what] = act()
        self.daemon.await_mail(self.sent[what])

    def assign(self):
        letter = self.town.mailboxes.wait_for(self.name, self.sent["inquiry"]).message
        return self.town.post.submit(self.people["postkasseansvarlig"], self.people["medarbejder-vej"], reply_to=letter,
                                     cc=[self.people["leder-vej"], self.mt])

    def settle(self):
        """Until fristd is sure of everything: its copies have come back, or it has waited for them and sent again."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            self.wait_for_delivery(deadline)
            self.daemon.look()
            due = self.daemon.settle()
            if not self.daemon.query("SELECT 1 FROM outbox WHERE settled_at = 0 OR (state = 'sent' AND seen_at = 0)"):
                return
            if self.daemon.query("SELECT 1 FROM outbox WHERE state IN ('uncertain', 'pending')"):
                self.daemon.at(due)
        raise AssertionError(f"never settled: {self.daemon.query('SELECT person, state FROM outbox')}")

    def wait_for_delivery(self, deadline):
        """In ten minutes on the stepped clock a real server delivers; give it the time."""
        log, taken = "", ["?"]
        while taken and time.monotonic() < deadline:
            log = self.town.exim.log()
            taken = [mail for mail in re.findall(rf"(\S+) <= mt@{self.domain} ", log) if f"{mail} Completed" not in log]

    # ---- what is true in the end, whoever wrote it ----

    def check(self):
        self.check_register()
        self.check_sightings()
        self.check_letters()

    def check_register(self):
        query = self.daemon.query
        expect(query("PRAGMA integrity_check"), [("ok",)], "integrity")
        expect(query("SELECT key, step FROM inquiry"), [("MT-2026-0001", "hos-sagsbehandler")], "register")
        expect(query("SELECT step_before, step_after FROM transition ORDER BY id"),
               [(None, "modtaget"), ("modtaget", "hos-sagsbehandler")], "history")
        expect(query("SELECT person, template FROM intent WHERE NOT withdrawn"), [("medarbejder-vej", "paamindelse")],
               "reminders")

    def check_sightings(self):
        """Every message in the mailbox has one outcome, and no other has."""
        for folder in ("INBOX", COPY_FOLDER):
            uids = [stored.uid for stored in self.town.mailboxes.read(self.name, folder)]
            seen = self.daemon.query("SELECT s.uid FROM sighting s JOIN folder f ON f.id = s.folder AND"
                                     " f.uidvalidity = s.uidvalidity WHERE f.name = ? ORDER BY s.uid", folder)
            expect([uid for uid, in seen], uids, f"outcomes in {folder}")

    def check_letters(self):
        """Everybody has his morning mail, once or openly doubted, and the register says so."""
        letters = collections.Counter()
        for stored in self.town.mailboxes.read(f"staff-{self.name}"):
            if stored.message["X-Frist-Id"]:
                letters[stored.message["To"].addresses[0].addr_spec, stored.message_id] += 1
        expect(sorted(address for address, _ in letters), sorted(self.people[person].address for person in TOLD),
               "told")
        rows = self.daemon.query("SELECT address, '<' || message_id || '>', state, uncertain_at > 0, tries FROM outbox"
                                 " WHERE state != 'withdrawn'")
        expect(sorted(row[:3] for row in rows), sorted((*letter, "sent") for letter in letters), "outbox")
        for address, message_id, _, was_uncertain, tries in rows:
            times = letters[address, message_id]
            if times > 1:  # no copy came back: that it may go again stands in the register
                expect((times, was_uncertain, tries), (2, 1, 2), f"letters to {address}")
                self.twice += 1


def expect(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {found} is not {wanted}")


class Run:
    """All lives on one pair of servers."""

    def __init__(self, town, library, municipalities):
        self.town, self.library = town, library
        self.free = iter(municipalities)
        self.lock = threading.Lock()

    def municipality(self, kill_at):
        with self.lock:  # Exim's map of addresses is one file
            municipality = next(self.free)
            municipality.move_in(self.town, self.library, kill_at)
        return municipality

    def undisturbed(self):
        """How much is done to the world when nobody is killed."""
        municipality = self.municipality(None)
        municipality.live()
        municipality.daemon.end()
        municipality.check()
        return municipality.count()

    def killed(self, kill_at):
        """How many letters came twice; None when this life did not reach the point; or what is wrong."""
        municipality = self.municipality(kill_at)
        try:
            try:
                municipality.live()
                reached = False
            except Died:
                reached = True
                del municipality.daemon.environment["FRIST_KILL_AT"]
                municipality.live()
            municipality.daemon.end()
            municipality.check()
            return municipality.twice if reached else None
        except Exception:  # one line of the report; the others go on
            return f"{traceback.format_exc()}\n{municipality.daemon.log()[-3000:]}"
        finally:
            municipality.daemon.kill()


def points(arguments, count):
    if arguments[:1] == ["--at"]:
        return [int(arguments[1])]
    stride = 1 if arguments == ["--all"] else max(1, count // POINTS)
    return range(random.randint(1, stride), count + 1, stride)


def main(arguments):
    library = Path(os.environ["FRIST_BIN"]) / "tests" / "libcountdown.so"
    municipalities = [Municipality(number) for number in range(1500 if arguments else 3 * POINTS)]
    people = [person for one in municipalities for person in [one.mt, *one.people.values()]]
    began = time.monotonic()
    with Town(people) as town:
        run = Run(town, library, municipalities)
        count = run.undisturbed()
        at = points(arguments, count)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            results = dict(zip(at, pool.map(run.killed, at)))
    wrong = {point: text for point, text in results.items() if isinstance(text, str)}
    missed = sum(1 for result in results.values() if result is None)
    twice = sum(result for result in results.values() if isinstance(result, int))
    for point, text in itertools.islice(wrong.items(), 5):
        print(f"killed before {point} of {count}:\n{text}")
    print(f"{count} points, killed at {len(results) - missed} (every {at.step if isinstance(at, range) else 1}th from "
          f"{at[0]}), {missed} not reached, {twice} letters twice, {len(wrong)} wrong: {sorted(wrong)}; "
          f"{time.monotonic() - began:.0f} s")
    return 1 if wrong or missed > len(results) // 4 or twice > len(results) // 10 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
