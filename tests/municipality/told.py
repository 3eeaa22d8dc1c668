"""Tells people at a terminal what happens: who wrote what, what was understood and why, what was sent. 80 columns."""

import re
import textwrap

from servers.base import CHECKOUT

from . import times

WIDTH = 80
INDENT = " " * 14

# What became of a mail.
OUTCOMES = {
    "opened": "ny henvendelse {key}",
    "moved": "{key}: {before} → {after}",
    "commanded": "{key}: [{rule}] er udført",
    "noted": "{key}: noteret, flytter intet",
    "refused": "{key}: tæller ikke",
    "waiting": "kunne ikke placeres; venter hos den postkasseansvarlige",
    "unrelated": "vedrører ingen henvendelse",
    "automatic": "skrevet af et program; flytter intet",
}

# Why it moved nothing.
REASONS = {
    "no-rule": "ingen regel passer på mailen",
    "untrusted": "vores egen mailserver siger ikke god for afsenderen",
    "no-inquiry": "intet i mailen peger på en henvendelse",
    "not-fresh": "ordet står allerede i den mail, der svares på",
    "parent-unknown": "svarer på en mail, som postkassen aldrig har set",
    "forward": "et ord tæller ikke i en videresendt mail",
    "wrong-role": "afsenderen har ikke den rolle",
    "wrong-step": "henvendelsen er et andet sted",
    "wrong-round": "ordet gjaldt en tidligere runde",
    "overtaken": "henvendelsen er kommet videre, mens mailen ventede",
    "two-candidates": "flere henvendelser kan være ment",
    "closed": "henvendelsen er afsluttet",
    "not-human": "ikke skrevet af et menneske",
}

FOUND_BY = {
    "own-id": "vores egen mail, som den svarer på eller videresender",
    "reference": "mailen, som den svarer på eller videresender",
    "key": "nummeret i emnet", "shared-reference": "en mail, som også andre svarer på", "receipt": "ordene i emnet",
    "placed": "den postkasseansvarliges ord",
}

RUNGS = {
    "paamindelse": "påmindelse", "rykker": "rykker", "svarfrist-udloeber": "fristen er i dag",
    "overskredet": "fristen er overskredet", "ikke-fordelt": "mangler sagsbehandler", "gennemsyn": "hvor langt?",
    "send-videre": "svaret skal videre", "aktindsigt": "aktindsigt", "aktindsigt-overskredet": "aktindsigt for sent",
}


def workflow_text():
    return (CHECKOUT / "conf/workflows/borgmester.conf").read_text()


def tags_of_rules():
    """{rule: the tag that it asks for}"""
    return dict(re.findall(r'cite = "([^"]+)";[^}]*?tag = "([^"]+)"', workflow_text()))


def titles_of_steps():
    """{step: what people read}, where that is more than its id"""
    return dict(re.findall(r'{ id = "([^"]+)"; title = "([^"]+)"', workflow_text()))


def bare(who):
    return getattr(who, "address", who)


class Teller:
    """Prints the life of a municipality, a line or two for each thing that happens."""

    def __init__(self, show=print):
        self.show = show
        self.tags = tags_of_rules()
        self.titles = titles_of_steps()

    def step(self, name):
        return f"»{self.titles.get(name, name.replace('-', ' '))}«" if name else "ny"

    def line(self, head, text, indent=INDENT):
        for line in textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent=indent, break_long_words=True,
                                  break_on_hyphens=False):
            self.show(line)

    def day(self, at):
        self.show("")
        self.show(f"── {times.day_written(at)} " + "─" * (WIDTH - 4 - len(times.day_written(at))))

    def wrote(self, act):
        shown = f"{act.message['To']} {act.message['Cc']}"
        to = ", ".join(str(who) + ("" if bare(who) in shown else " (bcc)") for who in act.recipients)
        self.line(f"{times.local(act.at):%H:%M} ",
                  f"{act.actor}{self.alias(act)} {act.how} til {to}: »{act.message['Subject']}«", " " * 6)
        if act.said:
            self.line(" " * 6, f"“{act.said}”", " " * 6)
        self.understood(act)

    @staticmethod
    def alias(act):
        """Whose name the mail bears, if it is another's."""
        if act.name is act.actor:
            return ""
        return f", der udefra giver sig ud for at være {act.name}," if act.actor.outside else f" (som {act.name})"

    def understood(self, act):
        if not act.seen:
            self.line("  forstået: ", "Postkassen ser ikke den mail.")
            return
        changed = act.transition or {}
        what = OUTCOMES.get(act.outcome, act.outcome).format(
            key=act.key or "ingen henvendelse", rule=act.rule, before=self.step(changed.get("step_before")),
            after=self.step(changed.get("step_after")))
        if act.outcome == "moved" and changed["round"] > 1:
            what += f" (runde {changed['round']})"
        self.line("  forstået: ", what)
        self.line("    fordi: ", self.why(act))

    def why(self, act):
        because = []
        if act.reason == "rule":
            because.append(f"regel {act.rule}, {self.by_word(act)}")
        elif act.reason == "verb":
            because.append(f"[{act.mail['tag'] or act.rule}] forrest i emnet")
        else:
            because.append(REASONS.get(act.reason, act.reason))
        if act.mail["acting_role"]:
            because.append(f"afsender: {act.mail['acting_role']}"
                           + ("" if act.mail["trusted"] else " (ikke bekræftet)"))
        if act.key and act.mail["found_by"] in FOUND_BY:
            because.append(f"fundet ved {FOUND_BY[act.mail['found_by']]}")
        return "; ".join(because)

    def by_word(self, act):
        """What made the rule match: a tag, the first line, or the shape of the mail alone."""
        tag = self.tags.get(act.rule)
        if not tag:
            return "mailens form"
        return f"»{act.mail['first_line']}« øverst" if act.mail["first_line"] else f"[{tag}]"

    def sent(self, letter):
        about = [f"{key} {RUNGS.get(template, template)}" for key, template in letter.rungs]
        what = f" ({'; '.join(about)})" if about else ""
        self.line("    sendt: ", f"{times.local(letter.at):%H:%M} til {letter.reader}: »{letter.subject}«{what}")
