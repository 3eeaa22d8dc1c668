"""docs/rules.md is true: each rule of the guidelines has a row, each line of a workflow a rule, and each test exists.

A test that is named for a rule must cite it, in its own text or in that of its file, so that who reads the test knows
which rule breaks with it.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
PAGE = ROOT / "docs/rules.md"
RULE = re.compile(r"^- \*\*([A-Z]+\d*[a-z]?)\*\* ", re.MULTILINE)
NAMED = re.compile(r'`((?:e2e|unit)\.\w+)`((?: (?:test_\w+|"[^"]+"),?)*)')


def read_rows():
    """[(rule or sentence, lines, tests)] of every table on the page"""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and not line.startswith("|--") and cells[0] not in ("rule", "what people do"):
            yield cells


def read_workflows():
    """{file name without .conf: what a row may name: cites and deadlines}"""
    for path in sorted((ROOT / "conf/workflows").glob("*.conf")):
        text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
        deadlines = text.partition("deadlines = (")[2]
        yield path.stem, ({*re.findall(r'\bcite = "([^"]+)"', text)} |
                          {f"deadline {name}" for name in re.findall(r'{ name = "([^"]+)"', deadlines)})


def compare_rules(rows):
    rules = RULE.findall((ROOT / "docs/guidelines.md").read_text(encoding="utf-8"))
    named = [row[0] for row in rows]
    for rule in rules:
        if named.count(rule) != 1:
            yield f"{PAGE.name}: {rule} has {named.count(rule)} rows"
    for rule in named:
        if rule not in rules:
            yield f"{PAGE.name}: {rule} is no rule of guidelines.md"


def compare_lines(rows):
    workflows = dict(read_workflows())
    missing = {(name, line) for name, lines in workflows.items() for line in lines}
    for rule, lines, _tests in rows:
        for part in lines.split(";"):
            name, _, wanted = part.strip().partition(": ")
            for line in wanted.split(", ") if name in workflows else ():
                meant = {(name, one) for one in workflows[name] if one == line or
                         (line.endswith("…") and one.partition("-")[0] == line[:-1])}
                if meant - missing or (not meant and re.fullmatch(r"[A-Z]+\d*[a-z]?(-\S+|…)?|deadline \S+", line)):
                    yield f"{PAGE.name}: {rule}: {name}.conf has no {line}, or it stands in another row"
                missing -= meant
    for name, line in sorted(missing):
        yield f"{PAGE.name}: {line} of {name}.conf stands in no row"


def read_test(suite, test):
    """The head of the file, what is said of the test's class, the text of the test; None where there is none."""
    kind, _, name = suite.partition(".")
    path = ROOT / "tests" / kind / (f"test_{name}.py" if kind == "e2e" else f"test_{name}.c")
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    start = rf"(?:def|static void) {test}\(" if test.startswith("test_") else re.escape(test)
    found = re.search(rf"{start}.*?(?=\n    def |\nclass |\n}}|\Z)", text, re.DOTALL)
    if not found:
        return None
    before = text[:found.start()]
    about_class = re.findall(r'\nclass [^\n]*\n    """.*?"""', before, re.DOTALL)[-1:]
    return text[:400], *about_class, before.rpartition("\n\n")[2] + found[0]


def read_named(cell):
    """[(suite, test or the words that a row of its table begins with)]"""
    for suite, tests in NAMED.findall(cell):
        for test, words in re.findall(r'(test_\w+)|"([^"]+)"', tests) or [("", "")]:
            yield suite, test or words


def compare_tests(rows, by_rule):
    for row in rows:
        named = list(read_named(row[-1]))
        if not named or (by_rule and not any(suite.startswith("e2e.") for suite, _ in named)):
            yield f"{PAGE.name}: {row[0]}: no test" + (" on real servers" if by_rule else "")
        for suite, test in named:
            texts = read_test(suite, test)
            if not texts:
                yield f"{PAGE.name}: {row[0]}: there is no {suite} {test}"
            elif by_rule and not any(re.search(rf"\b{row[0]}\b", text) for text in texts):
                yield f"{PAGE.name}: {row[0]}: {suite} {test} does not cite it"


def main():
    rows = list(read_rows())
    rules, sentences = [row for row in rows if len(row) == 3], [row for row in rows if len(row) == 2]
    faults = [*compare_rules(rules), *compare_lines(rules), *compare_tests(rules, True),
              *compare_tests(sentences, False)]
    print(f"{len(rules)} rules, {len(sentences)} ways of people", *faults, sep="\n")
    return 1 if faults or not rules else 0


sys.exit(main())
