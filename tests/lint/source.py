"""What the lint tests share: the files of the tree, C without comments and texts, and how faults are told."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
FLOORS = ("base", "core", "io", "engine")


def files(*patterns):
    """(path within the tree, text) of every file that matches; a pattern without a match is a mistake of the test."""
    for pattern in patterns:
        found = [path for path in sorted(ROOT.glob(pattern)) if path.is_file()]
        if not found:
            sys.exit(f"no file matches {pattern}: has it moved?")
        for path in found:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def code_only(text):
    """The same C with comments and the insides of texts blanked; every character stays where it was."""
    def blank(match):
        token = match[0]
        if token.startswith("/"):
            return re.sub(r"[^\n]", " ", token)
        return token[0] + re.sub(r"[^\n]", " ", token[1:-1]) + token[-1]
    return re.sub(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", blank, text, flags=re.DOTALL)


def numbered(text):
    return enumerate(text.splitlines(), 1)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def must_find(check, *examples):
    """Each example is (path, text, part of a fault that check(path, text) must tell, or None: it must tell none)."""
    for path, text, expected in examples:
        faults = list(check(path, text))
        if (not faults) if expected else faults:
            sys.exit(f"the check itself is wrong about {path}: {text!r}: {faults}")
        if expected and not any(expected in fault for fault in faults):
            sys.exit(f"the check tells nothing of {expected!r} in {path}: {text!r}: {faults}")


def finish(faults, note=""):
    """Prints the faults; returns the exit status."""
    faults = list(faults)
    for fault in faults:
        print(fault)
    print(note or "no faults" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0
