"""Three weeks of a small municipality over Easter 2026: ten matters, told one by one, lived all at once.

Each matter is a generator: it yields the moment of what comes next, and says at once what must have come of it.
`live` lets them happen in the order of time. letters.txt is every mail that fristd sends meanwhile, not one more.
"""

import difflib
import heapq
import itertools
import json
from pathlib import Path

from . import times

START, END = "man 23/3 08:00", "fre 10/4 15:00"
CASE = "https://sbsys.example.dk/sag/"
PDF = b"%PDF-1.4\n%%EOF\n"


class Broken(AssertionError):
    """The municipality did not live as the story says."""


def expect(act, outcome, rule=None, step=None, reason=None, round_=None):
    """What became of a mail. Returns the act."""
    wanted = {"outcome": outcome, "rule": rule, "reason": reason}
    got = {name: getattr(act, name) for name, value in wanted.items() if value is not None}
    if act.transition:
        got["step"], got["round_"] = act.transition["step_after"], act.transition["round"]
    wanted.update(step=step, round_=round_)
    for name, value in wanted.items():
        if value is not None and got.get(name) != value:
            raise Broken(f"{times.written(act.at)} {act.actor}: {act.message['Subject']}\n"
                         f"  {name.rstrip('_')} is {got.get(name)}, not {value} (reason: {act.reason}, "
                         f"found by {act.mail and act.mail['found_by']}, "
                         f"trust {act.mail and act.mail['trust_evidence']})")
    return act


def moved(act, rule, step, **more):
    return expect(act, "moved", rule, step, **more)


def letter_from(citizen, to, subject, text):
    """The citizen's letter, below what the secretariat writes, as Outlook forwards it."""
    return (f"\n\n________________________________\nFra: {citizen.title} <{citizen.address}>\n"
            f"Sendt: 22. marts 2026 20:15\nTil: {to}\nEmne: {subject}\n\n{text}")


class Story:
    """keys: {name of the inquiry: its key}"""

    def __init__(self, town):
        self.town = town
        self.keys = {}

    def opened(self, name, act):
        """An inquiry has come: remembers its key."""
        expect(act, "opened", "A1", "modtaget")
        self.keys[name] = act.key
        return act

    # 1  The plain good one: every mail tagged and seen, the answer proved by bcc.
    def cycle_path(self):
        t = self.town
        yield "man 23/3 09:12"
        letter = self.opened("cykelsti", t.spl.send(
            t.mt, "Hul i cykelstien på Skolevej", "Hermed en henvendelse, og den kvittering borgeren har fået.",
            below=letter_from(t.citizen, "Borgmesteren <borgmester@example.dk>", "Cykelsti", "Kære borgmester."),
            attachments=[("Henvendelse.pdf", PDF), ("Kvittering.pdf", PDF)]))
        yield "man 23/3 09:40"
        assigned = moved(t.owner.forward(letter, t.road, "Vil du svare på den her?",
                                         cc=[t.head, t.leader_road, t.mt]), "A3", "hos-sagsbehandler")
        yield "tir 24/3 13:10"
        draft = moved(t.road.reply(assigned, "Mit udkast er vedhæftet.", to=t.leader_road, cc=t.mt,
                                   tag="TIL GODKENDELSE", attachments=[("Svar.docx", b"udkast")]),
                      "A5-tag", "hos-enhedsleder")
        yield "tir 24/3 15:20"
        moved(t.leader_road.reply(draft, "Fint svar.", cc=t.mt, tag="GODKENDT"),
              "A5-godkendt", "klar-til-afdelingschef")
        yield "ons 25/3 08:45"
        draft = moved(t.road.reply(assigned, "Enhedslederen har godkendt.", to=t.head, cc=t.mt, tag="TIL GODKENDELSE"),
                      "A5-chef-tag", "hos-afdelingschef")
        yield "ons 25/3 14:00"
        approved = moved(t.head.reply(draft, cc=t.mt, tag="GODKENDT"), "A6", "godkendt")
        yield "tor 26/3 09:30"
        answer = moved(t.road.reply(approved, f"Her er svaret. Sagen: {CASE}4711", to=t.mt,
                                    attachments=[("Svar.docx", b"svar")]), "A7", "svar-modtaget")
        yield "tor 26/3 10:15"
        passed = moved(t.owner.forward(answer, t.spl, "Godkendt svar.", cc=t.mt), "A8", "hos-spl")
        yield "fre 27/3 11:00"
        moved(t.spl.reply(passed, "Kære borger. Tak for din henvendelse.", bcc=t.mt, quote=False,
                          to="0101801234@borger.digitalpost.example.dk", subject="Svar på din henvendelse"),
              "A10", "afsendt")

    # 2  Not a single tag; receipt as a mail of its own; sent as the mailbox; approvals never seen; a gateway's receipt.
    def trees(self):
        t = self.town
        yield "man 23/3 09:50"
        letter = self.opened("træer", t.secretary.send(
            t.mt, "Træer skygger på Engvej", "Til borgmesteren."))
        yield "man 23/3 09:52"
        expect(t.secretary.send(t.mt, "Kvittering: Træer skygger på Engvej", "Den har borgeren fået."), "noted")
        yield "man 23/3 11:30"
        assigned = moved(t.owner.forward(letter, t.park, "Den er vist til dig.", cc=[t.head, t.leader_park], as_=t.mt),
                         "A3", "hos-sagsbehandler")
        yield "ons 25/3 10:00"
        draft = moved(t.park.reply(assigned, "Udkast vedhæftet.", to=t.leader_park, cc=t.mt), "A5", "hos-enhedsleder")
        yield "ons 25/3 15:00"
        fine = t.leader_park.reply(draft, "Ser fint ud.")
        yield "tor 26/3 09:00"
        draft = moved(t.park.reply(fine, "Til din godkendelse.", to=t.head, cc=t.mt), "A5-chef", "hos-afdelingschef")
        yield "fre 27/3 12:40"
        fine = t.head.reply(draft, "Helt i orden.", phone=True)
        yield "fre 27/3 13:00"
        answer = moved(t.park.reply(fine, "Svaret er godkendt. Sag 01.05.00-G01-12-26.", to=t.mt),
                       "A7", "svar-modtaget")
        yield "fre 27/3 14:00"
        passed = moved(t.owner.forward(answer, t.spl, "Svar til borgmesteren.", as_=t.mt), "A8", "hos-spl")
        yield "man 30/3 10:00"
        sent = t.spl.reply(passed, "Kære borger.", to="0202701234@borger.digitalpost.example.dk", quote=False,
                           subject="Svar på din henvendelse")
        yield "man 30/3 10:05"
        moved(t.gateway.reply(sent, "Din forsendelse er afleveret.", to=t.mt, quote=False,
                              subject="Digital Post: afleveret", headers=[("Auto-Submitted", "auto-replied")]),
              "A10-gateway", "afsendt")

    # 3  Comments twice, approved on a telephone and by one tap; [AFSENDT] proves it.
    def heat_pump(self):
        t = self.town
        yield "man 23/3 14:20"
        letter = self.opened("varmepumpe", t.spl.send(t.mt, "Støj fra naboens varmepumpe", "Til borgmesteren."))
        yield "tir 24/3 08:30"
        assigned = moved(t.owner.forward(letter, t.bridge, cc=[t.head, t.leader_road, t.mt]), "A3", "hos-sagsbehandler")
        yield "ons 25/3 09:00"
        draft = moved(t.bridge.reply(assigned, "Udkast.", to=t.leader_road, cc=t.mt, tag="til godkendelse"),
                      "A5-tag", "hos-enhedsleder")
        yield "ons 25/3 15:45"
        moved(t.leader_road.reply(draft, "Nævn støjgrænsen.", cc=t.mt, tag="RETUR"), "A5-retur", "hos-sagsbehandler")
        yield "tor 26/3 10:00"
        draft = moved(t.bridge.reply(assigned, "Nu med støjgrænsen.", to=t.leader_road, cc=t.mt),
                      "A5", "hos-enhedsleder")
        yield "tor 26/3 12:45"
        moved(t.leader_road.reply(draft, "Godkendt", cc=t.mt, phone=True), "A5-godkendt", "klar-til-afdelingschef")
        yield "tor 26/3 13:30"
        draft = moved(t.bridge.reply(assigned, "Til godkendelse.", to=t.head, cc=[t.leader_road, t.mt]),
                      "A5-chef", "hos-afdelingschef")
        yield "fre 27/3 08:10"
        moved(t.head.reply(draft, "For teknisk. Skriv det kortere.", cc=[t.leader_road, t.mt], tag="Kommentarer"),
              "A6-retur", "hos-sagsbehandler")
        yield "fre 27/3 11:05"
        draft = moved(t.bridge.reply(assigned, "Kortere nu.", to=t.leader_road, cc=t.mt), "A5", "hos-enhedsleder")
        yield "fre 27/3 13:15"
        moved(t.leader_road.reply(draft, "Meget bedre.", cc=t.mt, tag="GODKENDT"),
              "A5-godkendt", "klar-til-afdelingschef")
        yield "fre 27/3 14:05"
        moved(t.bridge.reply(assigned, "Tredje forsøg.", to=t.head, cc=t.mt), "A5-chef", "hos-afdelingschef")
        yield "man 30/3 07:25"
        approved = moved(t.head.tap(t.head.letters()[-1], "godkend"), "A6", "godkendt")
        yield "man 30/3 09:10"
        answer = moved(t.bridge.reply(approved, f"Godkendt svar: {CASE}4730", to=t.mt), "A7", "svar-modtaget")
        assert approved.key == answer.key
        yield "man 30/3 10:20"
        passed = moved(t.deputy.forward(answer, t.spl, cc=t.mt), "A8", "hos-spl")
        yield "tir 31/3 09:00"
        moved(t.spl.reply(passed, "Sendt til borgeren i dag.", to=t.mt, tag="AFSENDT"), "A10-tag", "afsendt")

    # 4  Forgotten over Easter: two reminders, the unit leader, the head of department; then the answer, late.
    def street_lamp(self):
        t = self.town
        yield "fre 27/3 10:30"
        letter = self.opened("gadelampe", t.spl.send(t.mt, "Gadelampen på Møllevej er slukket", "Til borgmesteren."))
        yield "fre 27/3 13:20"
        assigned = moved(t.owner.forward(letter, t.road, cc=[t.head, t.leader_road, t.mt]), "A3", "hos-sagsbehandler")
        yield "tor 9/4 13:00"
        answer = moved(t.road.reply(assigned, f"Beklager. Svaret er godkendt: {CASE}4799", to=t.mt),
                       "A7", "svar-modtaget")
        yield "fre 10/4 09:00"
        passed = moved(t.owner.forward(answer, t.spl, cc=t.mt), "A8", "hos-spl")
        yield "fre 10/4 13:00"
        moved(t.spl.reply(passed, "Kære borger.", to=t.citizen, bcc=t.mt, quote=False,
                          subject="Svar på din henvendelse"), "A10", "afsendt")

    # 5  The caseworker is replaced, two unit leaders on cc; SPL answers the citizen in a mail that nothing points to.
    def playground(self):
        t = self.town
        yield "tir 24/3 09:00"
        letter = self.opened("legeplads", t.spl.send(t.mt, "Legeplads ved broen", "Til direktøren."))
        yield "tir 24/3 10:00"
        moved(t.owner.forward(letter, t.park, cc=[t.head, t.leader_park, t.leader_road, t.mt]),
              "A3", "hos-sagsbehandler")
        yield "ons 25/3 11:00"
        assigned = moved(t.owner.forward(letter, t.road, "Park er syg. Overtager du?",
                                         cc=[t.park, t.head, t.leader_park, t.leader_road, t.mt]),
                         "A3-skift", "hos-sagsbehandler")
        yield "fre 27/3 09:15"
        draft = moved(t.road.reply(assigned, "Udkast.", to=t.leader_road, cc=t.mt), "A5", "hos-enhedsleder")
        yield "fre 27/3 10:35"
        moved(t.leader_road.reply(draft, "Ok.", cc=t.mt, tag="Godkendt"), "A5-godkendt", "klar-til-afdelingschef")
        yield "fre 27/3 11:20"
        draft = moved(t.road.reply(assigned, "Udkast, godkendt af enhedslederen.", to=t.head, cc=t.mt),
                      "A5-chef", "hos-afdelingschef")
        yield "fre 27/3 14:30"
        moved(t.head.reply(draft, "Godkendt.", cc=t.mt, phone=True), "A6", "godkendt")
        yield "man 30/3 08:40"
        answer = moved(t.road.reply(assigned, f"Svar: {CASE}4801", to=t.mt), "A7", "svar-modtaget")
        yield "man 30/3 09:30"
        moved(t.owner.forward(answer, t.spl, cc=t.mt), "A8", "hos-spl")
        yield "tir 31/3 10:00"
        lost = expect(t.spl.send("0303601234@borger.digitalpost.example.dk", "Om legepladsen", "Kære borger.",
                                 bcc=t.mt),
                      "waiting", reason="no-inquiry")
        yield "tir 31/3 11:10"
        expect(t.owner.reply(lost, to=t.mt, tag=f"HØRER TIL {answer.key}"), "commanded", "HØRER TIL")
        moved(t.take_in(lost), "A10", "afsendt")

    # 6  "How far is it?" is no return; what the mayor sends back is: round two, with a clock of its own.
    def building(self):
        t = self.town
        yield "tir 24/3 11:15"
        letter = self.opened("byggesag", t.spl.send(t.mt, "Min byggesag trækker ud", "Til borgmesteren."))
        yield "tir 24/3 12:00"
        assigned = moved(t.owner.forward(letter, t.bridge, cc=[t.head, t.leader_road, t.mt]), "A3", "hos-sagsbehandler")
        yield "tor 26/3 14:00"
        expect(t.spl.reply(letter, "Hvor langt er I?", to=t.mt), "noted")
        yield "fre 27/3 09:45"
        answer = moved(t.bridge.reply(assigned, f"Svar, godkendt af alle: {CASE}4805", to=t.mt), "A7", "svar-modtaget")
        yield "fre 27/3 10:20"
        passed = moved(t.owner.forward(answer, t.spl, cc=t.mt), "A8", "hos-spl")
        yield "man 30/3 09:15"
        returned = moved(t.spl.reply(passed, "Borgmesteren vil have en dato med.", to=t.mt, tag="RETUR"),
                         "A9", "modtaget", round_=2)
        yield "man 30/3 10:30"
        assigned = moved(t.owner.forward(returned, t.bridge, "Kan du nå det?", cc=[t.head, t.leader_road, t.mt]),
                         "A3", "hos-sagsbehandler")
        yield "tir 7/4 13:00"
        moved(t.bridge.reply(assigned, "Nu med dato.", to=t.head, cc=t.mt), "A5-chef", "hos-afdelingschef")
        yield "ons 8/4 07:10"
        approved = moved(t.head.tap(t.head.letters()[-1], "godkend"), "A6", "godkendt", round_=2)
        yield "ons 8/4 09:00"
        answer = moved(t.bridge.reply(approved, f"Svar: {CASE}4805", to=t.mt), "A7", "svar-modtaget")
        yield "ons 8/4 10:00"
        passed = moved(t.owner.forward(answer, t.spl, cc=t.mt), "A8", "hos-spl")
        yield "tor 9/4 14:00"
        moved(t.spl.reply(passed, "Kære borger.", to=t.citizen, bcc=t.mt, quote=False,
                          subject="Svar på din henvendelse"), "A10", "afsendt")

    # 7  Nobody is assigned: the owner, then the deputy, who acts. Answered by telephone: [AFSLUT], [FORTRYD], [AFSLUT].
    def dog_wood(self):
        t = self.town
        yield "ons 25/3 08:20"
        letter = self.opened("hundeskov", t.spl.send(t.mt, "Hegn om hundeskoven", "Til afdelingschefen."))
        yield "fre 27/3 08:30"
        assigned = moved(t.deputy.forward(letter, t.park, cc=[t.head, t.leader_park], as_=t.mt),
                         "A3", "hos-sagsbehandler")
        yield "man 30/3 11:00"
        told = expect(t.park.reply(assigned, "Jeg har talt med borgeren i telefonen. Alt er godt.", to=t.mt), "noted")
        yield "man 30/3 11:30"
        closed = expect(t.owner.reply(told, to=t.mt, tag="AFSLUT"), "commanded", "AFSLUT")
        yield "tir 31/3 12:00"
        expect(t.owner.reply(closed, "Hun ringede igen.", to=t.mt, tag="FORTRYD"), "commanded", "FORTRYD",
               "hos-sagsbehandler")
        yield "ons 1/4 10:00"
        expect(t.owner.reply(told, "Nu er det løst.", to=t.mt, tag="AFSLUT"), "commanded", "AFSLUT")

    # 8  Assigned behind the mailbox's back; a forged approval; a new deadline beyond the end of the story.
    def parking(self):
        t = self.town
        yield "ons 25/3 13:00"
        letter = self.opened("parkering", t.spl.send(t.mt, "Parkering ved skolen", "Til borgmesteren."))
        yield "ons 25/3 13:30"
        assigned = t.owner.forward(letter, t.road, "Til dig.", cc=[t.head, t.leader_road])
        yield "tor 26/3 09:05"
        draft = moved(t.road.reply(assigned, "Udkast.", to=t.leader_road, cc=t.mt, tag="TIL GODKENDELSE"),
                      "A5-uset", "hos-enhedsleder")
        yield "tor 26/3 15:00"
        expect(t.neighbour.send(t.mt, f"[GODKENDT] {letter.key} Parkering ved skolen", "Godkendt", as_=t.leader_road,
                                headers=[("In-Reply-To", draft.message_id), ("References", draft.message_id)]),
               "refused", reason="untrusted")
        yield "fre 27/3 09:00"
        expect(t.owner.reply(letter, "Borgeren er på ferie og har fået besked.", to=t.mt, tag="NY FRIST 14/4"),
               "commanded", "NY FRIST")

    # 9  Somebody writes to the mailbox about something else.
    def flea_market(self):
        t = self.town
        yield "tir 31/3 13:00"
        strange = expect(t.neighbour.send(t.mt, "Loppemarked på torvet", "Hej. Må vi holde loppemarked?"),
                         "waiting", reason="no-inquiry")
        yield "ons 1/4 08:00"
        expect(t.owner.reply(strange, to=t.mt, tag="IKKE HENVENDELSE"), "commanded", "IKKE HENVENDELSE")

    # 10  The day before Maundy Thursday; still with the caseworker when the story ends.
    def litter(self):
        t = self.town
        yield "ons 1/4 14:00"
        letter = self.opened("affald", t.spl.send(t.mt, "Affald i Fælledparken", "Til besvarelse.", below=letter_from(
            t.neighbour, "Kommunaldirektøren <kommunaldirektoer@example.dk>", "Affald", "Kære borgmester.")))
        yield "ons 1/4 14:30"
        moved(t.owner.forward(letter, t.park, cc=[t.head, t.leader_park, t.mt]), "A3", "hos-sagsbehandler")

    def live(self):
        """Everything happens, in the order of time."""
        order = itertools.count()
        inquiries = [self.cycle_path(), self.trees(), self.heat_pump(), self.street_lamp(), self.playground(),
                     self.building(), self.dog_wood(), self.parking(), self.flea_market(), self.litter()]
        queue = [(times.seconds(next(inquiry)), next(order), inquiry) for inquiry in inquiries]
        heapq.heapify(queue)
        while queue:
            at, _, inquiry = heapq.heappop(queue)
            self.town.clock(times.written(at))
            moment = next(inquiry, None)
            if moment:
                heapq.heappush(queue, (times.seconds(moment), next(order), inquiry))
        self.town.clock(END)

    # ---- the end ----

    def letters(self):
        """Every mail that fristd sent, as letters.txt writes it: moment, reader, what it says of which inquiry."""
        names = {key: name for name, key in self.keys.items()}
        lines, before = [], None
        for letter in sorted(self.town.letters,
                             key=lambda letter: (letter.at, letter.kind, self.town.actors.index(letter.reader))):
            if letter.kind == "single":
                what = f"{names.get(letter.keys[0]) if letter.keys else ''} {letter.template}"
            else:
                what = ", ".join(f"{names[key]} {template}" for key, template in letter.rungs) or "overblik"
            if letter.at != before:
                lines.append(times.written(letter.at))
                before = letter.at
            lines.append(f"    {letter.reader}: {what}")
        return lines

    def check_letters(self):
        """Everybody got the mails of letters.txt, and nobody any other."""
        wanted = (Path(__file__).parent / "letters.txt").read_text().splitlines()
        different = list(difflib.unified_diff(wanted, self.letters(), "letters.txt", "sent", lineterm="", n=3))
        if different:
            raise Broken("\n".join(different))
        if self.town.strays():
            raise Broken(f"mail that was never recorded as sent: {self.town.strays()}")
        copies = [str(stored.message["Message-ID"]) for stored in self.town.mailboxes.read(self.town.copies.box)]
        sent = {str(letter.message["Message-ID"]) for letter in self.town.letters}
        if sorted(copies) != sorted(sent):
            raise Broken(f"copies: {len(copies)} of {len(sent)} mails, or others")

    def check_register(self):
        """Every inquiry ended where the story says."""
        rows = {row["key"]: row for row in json.loads(self.town.fristd.ctl("register", "--format", "json"))}
        found = {name: (rows[key]["step"], rows[key]["round"], rows[key]["state"]) for name, key in self.keys.items()}
        if found != END_STATES or len(rows) != len(END_STATES):
            raise Broken(f"the register says {found}\nthe story says {END_STATES}\nand there are {len(rows)} rows")
        addressed = {name: rows[key]["addressed_to"] for name, key in self.keys.items()}
        if addressed != ADDRESSED_TO:
            raise Broken(f"the register says of whom they wrote to {addressed}\nthe story says {ADDRESSED_TO}")

    def last_digest(self):
        """The newest morning mail of the owner of the mailbox."""
        return [letter for letter in self.town.owner.letters() if letter.kind == "morning"][-1]


# Where each inquiry stands when the story ends: step, round, state.
END_STATES = {
    "cykelsti": ("afsendt", 1, "final"), "træer": ("afsendt", 1, "final"), "varmepumpe": ("afsendt", 1, "final"),
    "gadelampe": ("afsendt", 1, "final"), "legeplads": ("afsendt", 1, "final"), "byggesag": ("afsendt", 2, "final"),
    "hundeskov": ("hos-sagsbehandler", 1, "final"), "parkering": ("hos-enhedsleder", 1, "open"),
    "affald": ("hos-sagsbehandler", 1, "open"),
}

# Whom each citizen wrote to.
ADDRESSED_TO = {
    "cykelsti": "borgmesteren", "træer": "borgmesteren", "varmepumpe": "borgmesteren", "gadelampe": "borgmesteren",
    "legeplads": "direktøren", "byggesag": "borgmesteren", "hundeskov": "afdelingschefen", "parkering": "borgmesteren",
    "affald": "kommunaldirektøren",
}
