"""clang-tidy, with the checks of .clang-tidy, finds nothing in lib/ and daemon/.

The build directory remembers under which circumstances a file was clean: only what changed is looked at again."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

from source import ROOT, finish

BUILD = pathlib.Path(sys.argv[2]).resolve()
STAMPS = BUILD / "clang-tidy"
BAD = "#include <stdlib.h>\nint f(int n);\nint f(int n)\n{\n\tchar *p = malloc(4);\n\n\tfree(p);\n\treturn p[n];\n}\n"


def tidy(path, *options):
    done = subprocess.run(
        ["clang-tidy", "--quiet", f"--config-file={ROOT / '.clang-tidy'}", str(path), *options],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    return done.returncode, done.stdout


def must_find_a_fault():
    """A use after free must be found, or the tool checks nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "bad.c")
        path.write_text(BAD, encoding="utf-8")
        status, output = tidy(path, "--", "-std=c17")
    if status == 0 or "clang-analyzer-unix.Malloc" not in output:
        sys.exit(f"clang-tidy does not find a use after free:\n{output}")


def fingerprint(entry, checks):
    """Of all that clang-tidy sees: the file with everything it includes, comments too, and the checks."""
    words = shlex.split(entry["command"])
    words = [word for word in words if word != "-c" and not word.endswith((".o", "ccache"))]
    words.remove("-o")
    seen = subprocess.run([*words, "-E", "-CC"], cwd=entry["directory"], stdout=subprocess.PIPE, check=True).stdout
    return hashlib.sha256(checks + shlex.join(words).encode() + seen).hexdigest()


def look_at(entry, checks):
    """What clang-tidy says of one file; "" when it is clean, or was when nothing differed."""
    stamp = STAMPS / fingerprint(entry, checks)
    if stamp.exists():
        return ""
    status, output = tidy(entry["file"], "-p", str(BUILD))
    if status == 0:
        stamp.touch()
        return ""
    return output


def main():
    entries = {entry["file"]: entry
               for entry in json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
               if entry["file"].startswith((f"{ROOT}/lib/", f"{ROOT}/daemon/"))}
    if len(entries) < 50:
        sys.exit(f"compile_commands.json names only {len(entries)} of our files")
    must_find_a_fault()
    STAMPS.mkdir(exist_ok=True)
    checks = (ROOT / ".clang-tidy").read_bytes()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outputs = list(pool.map(lambda entry: look_at(entry, checks), entries.values()))
    return finish([output for output in outputs if output], f"{len(entries)} files are clean")


if __name__ == "__main__":
    sys.exit(main())
