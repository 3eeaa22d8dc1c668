"""The commands of fristctl, the options they take, their --help and fristctl(1) must name the same things."""
import pathlib
import re
import subprocess
import sys

ROOT, BUILD = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
PAGE = ROOT / "daemon/fristctl.1"
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
JSON_KEY = re.compile(r"\b\w*put\w*\([\w>-]+, \"(\w+)\"")
GLOBAL = {"--help", "--config", "--version"}


def fristctl(*arguments):
    return subprocess.run([BUILD / "fristctl", "--config", "/nonexistent", *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", timeout=60)


def read_helps():
    """{command: its --help}"""
    listed = re.findall(r"^  ([a-z]\S*) ", fristctl("--help").stdout, re.MULTILINE)
    return {command: fristctl(command, "--help").stdout for command in listed}


def read_page():
    """{command: (its options, its JSON keys)} as the man page has items for; None: before the commands"""
    sections, command = {None: (set(), set())}, None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\.(Ss|Sh) (.*)", line):
            command = match[2] if match[1] == "Ss" else None
            sections.setdefault(command, (set(), set()))
        elif match := re.match(r"\.It Fl Fl (\S+)", line):
            sections[command][0].add("--" + match[1])
        elif match := re.match(r"\.It Va (\S+)", line):
            sections[command][1].add(match[1])
    return sections


def takes(command, option):
    return "unknown option" not in fristctl(command, option).stderr


def compare(what, wanted, where, found):
    for name in sorted(wanted - found):
        yield f"{where} lacks {what} {name}"
    for name in sorted(found - wanted):
        yield f"{where} has {what} {name}, which fristctl does not"


def compare_commands(helps, page):
    yield from compare("command", set(helps), PAGE.name, set(page) - {None})
    yield from compare("option", GLOBAL, "fristctl --help", set(OPTION.findall(fristctl("--help").stdout)))
    yield from compare("option", GLOBAL, PAGE.name, page[None][0])


def compare_options(helps, page):
    known = set().union(*(options for options, _ in page.values()), *map(OPTION.findall, helps.values()))
    for source in ROOT.glob("daemon/ctl_*.c"):
        known |= set(re.findall(r"\"(--[a-z-]+)\"", source.read_text(encoding="utf-8")))
    for command, text in helps.items():
        taken = {option for option in known - GLOBAL if takes(command, option)}
        # what a help says of another command does not count
        own = set(OPTION.findall(re.sub(r"`[^`]*`", "", text)))
        yield from compare("option", taken, f"fristctl {command} --help", own)
        yield from compare("option", taken, f"{PAGE.name}, {command}", page.get(command, (set(), set()))[0])


def compare_keys(helps, page):
    printed = set()
    for source in ROOT.glob("daemon/ctl_*.c"):
        printed |= set(JSON_KEY.findall(source.read_text(encoding="utf-8")))
    documented = set().union(*(keys for _, keys in page.values()))
    yield from compare("JSON key", printed, PAGE.name, documented)
    for command, (_, keys) in page.items():
        missing = keys - set(re.findall(r"\w+", helps.get(command, "")))
        yield from (f"fristctl {command} --help lacks JSON key {key}" for key in sorted(missing))


def main():
    helps, page = read_helps(), read_page()
    if not helps:
        sys.exit("fristctl --help names no commands")
    faults = [*compare_commands(helps, page), *compare_options(helps, page), *compare_keys(helps, page)]
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
