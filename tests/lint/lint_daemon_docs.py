"""fristd(8) names every option, event and field of the program, and no others; mandoc finds no fault in any page."""
import re
import subprocess
import sys

from source import ROOT, files, finish

CALL = re.compile(r"log_event\((.*?)\);", re.DOTALL)


def read_program(sources):
    """(options, {event: fields}) as the code has them"""
    options, events = set(), {}
    for path, text in sources:
        if path == "daemon/fristd.c":
            options.update(re.findall(r'\{ "([a-z-]+)", (?:required|no)_argument', text))
        for match in CALL.finditer(text):
            if path == "lib/base/log.h":
                continue
            event = re.search(r',\s*"([a-z]+)"', match[1])
            events.setdefault(event[1], set()).update(re.findall(r'\{ "([a-z_]+)",', match[1]))
    return options, events


def read_page(text):
    """(options, {event: what it says}) of the man page"""
    options = set(re.findall(r"^\.It Fl Fl (\S+)", text, re.MULTILINE))
    journal = re.search(r"^\.Sh JOURNAL\n(.*?)^\.Sh ", text, re.MULTILINE | re.DOTALL)[1]
    items = re.split(r"^\.It Li ", journal, flags=re.MULTILINE)[1:]
    return options, {item.split("\n", 1)[0]: item for item in items}


def compare(program, page):
    for name, ours, told in (("option", program[0], page[0]), ("event", program[1].keys(), page[1].keys())):
        for missing in sorted(ours - told):
            yield f"fristd.8 lacks the {name} {missing}"
        for extra in sorted(told - ours):
            yield f"fristd.8 has the {name} {extra}, which the program has not"
    for event, fields in program[1].items():
        for field in sorted(fields):
            if event in page[1] and not re.search(rf"^\.(?:Pq )?Li .*\b{field}\b", page[1][event], re.MULTILINE):
                yield f"fristd.8 lacks the field {field} of the event {event}"


def mandoc_faults():
    pages = [str(path) for section in "158" for path in sorted(ROOT.glob(f"daemon/*.{section}"))]
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *pages], stdout=subprocess.PIPE, encoding="utf-8")
    return [line for line in done.stdout.splitlines() if line]


BAD = (("daemon/fristd.c",
        '{ "config", required_argument, NULL, 0 }\n log_event(a ? B : C, "mail", f(x),\n{ "uid", y });'),)
PAGE = ".It Fl Fl config Ar FILE\n.It Fl Fl quiet\n.Sh JOURNAL\n.It Li mail\nOne.\n.It Li stop\nEnd.\n.Sh FILES\n"
if len(list(compare(read_program(BAD), read_page(PAGE)))) != 3:
    sys.exit("the check itself does not see an unknown option, an unknown event and a missing field")

if __name__ == "__main__":
    program = read_program(files("daemon/fristd.c", "lib/engine/*.c"))
    page = read_page((ROOT / "daemon/fristd.8").read_text(encoding="utf-8"))
    sys.exit(finish([*compare(program, page), *mandoc_faults()]))
