"""Lines, tabs, sizes, and what a committed file never holds."""
import re
import sys

from source import code_only, files, finish, must_find, numbered

LINE_MAX, FILE_MAX, TEST_FILE_MAX, FUNCTION_MAX = 120, 600, 800, 80
# (path, function): why it may be longer
LONG_FUNCTIONS = {}
TEXT_PATTERNS = ("lib/*/*.[ch]", "lib/io/*.sql", "daemon/*.[ch]", "daemon/*.[158]", "tests/*.[ch]", "tests/*/*.[ch]",
                 "tests/*/*.py", "CMakeLists.txt", "tests/CMakeLists.txt", "contrib/CMakeLists.txt", "conf/*.conf",
                 "conf/workflows/*.conf", "check", "tools/install", "tools/packages", "contrib/*/*")
MAN_PAGES = (".1", ".5", ".8")  # a sentence a line
MARK = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
FUNCTION = re.compile(r"^(?P<head>[A-Za-z_][^;{}=#]*\([^;{}]*\))\s*^\{\n(?P<body>.*?)^\}", re.MULTILINE | re.DOTALL)


def check_text(path, text):
    for line, content in numbered(text):
        if len(content) > LINE_MAX and not path.endswith(MAN_PAGES):
            yield f"{path}:{line}: {len(content)} characters, more than {LINE_MAX}"
        if content != content.rstrip():
            yield f"{path}:{line}: blanks at the end of the line"
        if MARK.search(content):
            yield f"{path}:{line}: an issue, not a note in the code"
        if re.search(r"(?<![\w./])/(work|home|root|Users)/\w", content):
            yield f"{path}:{line}: a path of somebody's machine"
    if text and not text.endswith("\n"):
        yield f"{path}: no line end at the end"


def check_code(path, text):
    limit = TEST_FILE_MAX if path.startswith("tests/") else FILE_MAX
    if (lines := text.count("\n")) > limit:
        yield f"{path}: {lines} lines, more than {limit}"
    code = code_only(text)
    for line, content in numbered(code):
        if re.match(r" {2,}[^ *]", content):
            yield f"{path}:{line}: indented with blanks"
    for line, content in numbered(text):
        if '"/tmp' in content and not path.startswith("tests/"):
            yield f"{path}:{line}: a temporary folder that others choose names in"
    for match in FUNCTION.finditer(code):
        name = re.search(r"(\w+)\s*\(", match["head"])[1]
        length = match["body"].count("\n") + 2
        if length > FUNCTION_MAX and (path, name) not in LONG_FUNCTIONS:
            yield f"{path}:{code.count(chr(10), 0, match.start()) + 1}: {name}() has {length} lines, " \
                  f"more than {FUNCTION_MAX}"


def check(path, text):
    yield from check_text(path, text)
    if path.endswith((".c", ".h")):
        yield from check_code(path, text)


def comment_share(sources):
    """Informative: how much of a set of files is comment."""
    lines = comments = 0
    for text in sources:
        for before, after in zip(text.splitlines(), code_only(text).splitlines()):
            lines += bool(before.strip())
            comments += bool(before.strip()) and not after.strip()
    return f"{100 * comments // max(lines, 1)} %"


LONG_BODY = "\tx();\n" * FUNCTION_MAX
must_find(
    check,
    ("lib/io/x.c", "x" * 121 + "\n", "121 characters"),
    ("lib/io/x.c", "ø" * 120 + "\n", None),
    ("daemon/x.8", "x" * 121 + "\n", None),
    ("lib/io/x.c", "int x; \n", "blanks at the end"),
    ("lib/io/x.c", "/* TO" "DO: mend */\n", "an issue"),
    ("conf/x.conf", 'path = "/ho' 'me/somebody";\n', "somebody's machine"),
    ("lib/io/x.c", 'f("/tmp/x");\n', "temporary folder"),
    ("lib/io/x.c", "int f(void)\n{\n    x();\n}\n", "indented with blanks"),
    ("lib/io/x.c", "/*\n * Text\n */\nint x;\n", None),
    ("lib/io/x.c", "int x;\n" * 601, "601 lines"),
    ("lib/io/x.c", f"static int f(int a,\n\tint b)\n{{\n{LONG_BODY}}}\n", "f() has 82 lines"),
    ("lib/io/x.c", f"int f(void)\n{{\n}}\n{LONG_BODY}int g(void)\n{{\n}}\n", None),
    ("lib/io/x.c", "int x;", "no line end"),
)

if __name__ == "__main__":
    headers = [text for _, text in files("lib/*/*.h")]
    bodies = [text for _, text in files("lib/*/*.c")]
    note = f"comments: {comment_share(headers)} of the headers, {comment_share(bodies)} of the rest of lib/"
    print(note)
    sys.exit(finish(fault for path, text in files(*TEXT_PATTERNS) for fault in check(path, text)))
