"""clang-tidy, with the checks of .clang-tidy, finds nothing in lib/ and daemon/.

The build directory remembers under which circumstances a file was clean: only what changed is looked at again."""
import concurrent.futures
import hashlib
import json
import os
import pathlib
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


def find_clean_fault():
    """A use after free must be found, or the tool checks nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "bad.c")
        path.write_text(BAD, encoding="utf-8")
        status, output = tidy(path, "--", "-std=c17")
    if status == 0 or "clang-analyzer-unix.Malloc" not in output:
        sys.exit(f"clang-tidy does not find a use after free:\n{output}")


def fingerprint(path, shared):
    return hashlib.sha256(shared + str(path).encode() + path.read_bytes()).hexdigest()


def look_at(path, shared):
    """What clang-tidy says of one file; "" when it is clean, or was when nothing differed."""
    stamp = STAMPS / fingerprint(path, shared)
    if stamp.exists():
        return ""
    status, output = tidy(path, "-p", str(BUILD))
    if status == 0:
        stamp.touch()
        return ""
    return output


def main():
    commands = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    sources = sorted({pathlib.Path(entry["file"]) for entry in commands})
    sources = [path for path in sources if path.is_relative_to(ROOT / "lib") or path.is_relative_to(ROOT / "daemon")]
    if len(sources) < 50:
        sys.exit(f"compile_commands.json names only {len(sources)} of our files")
    find_clean_fault()
    STAMPS.mkdir(exist_ok=True)
    shared = b"".join(path.read_bytes() for path in sorted(
        [*ROOT.glob("lib/*/*.h"), *ROOT.glob("daemon/*.h"), ROOT / ".clang-tidy", ROOT / "CMakeLists.txt"]))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outputs = list(pool.map(lambda path: look_at(path, shared), sources))
    return finish([output for output in outputs if output], f"{len(sources)} files are clean")


if __name__ == "__main__":
    sys.exit(main())
