"""cppcheck finds nothing in lib/ and daemon/."""
import os
import pathlib
import subprocess
import sys
import tempfile

from source import ROOT, finish

# what is not asked for: why
SUPPRESSED = {
    "missingIncludeSystem": "it reads no system headers, and knows the functions without",
    "resourceLeak": "it does not know the cleanup attribute",
    "memleak": "it does not know the cleanup attribute; LeakSanitizer looks",
    "readdirCalled": "readdir is safe in glibc with a DIR of one's own, and readdir_r deprecated",
    "variableScope": "house style: variables at the head of the block that ends with them",
    "knownConditionTrueFalse": "loses count of values that a loop changes",
    "uninitvar": "takes memory that realloc returned for what is read, not written; the compiler and MSan's kin look",
    "constParameter": "functions for the cleanup attribute and callbacks of libraries",
}
BAD = "void f(void);\nvoid f(void)\n{\n\tint a[2];\n\n\ta[2] = 1;\n}\n"


def cppcheck(*paths):
    done = subprocess.run(
        ["cppcheck", "--quiet", "--error-exitcode=1", "--inline-suppr", "--std=c11", "--library=posix",
         "--enable=warning,style,performance,portability", f"-j{os.cpu_count()}", f"-I{ROOT}/lib", f"-I{ROOT}/daemon",
         "-D_GNU_SOURCE", "-DFRIST_VERSION=\"\"", "--template={file}:{line}: {message} [{id}]",
         *[f"--suppress={name}" for name in SUPPRESSED], *map(str, paths)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    return done.returncode, done.stdout


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "bad.c")
        path.write_text(BAD, encoding="utf-8")
        status, output = cppcheck(path)
    if status != 1 or "arrayIndexOutOfBounds" not in output:
        sys.exit(f"cppcheck does not find an index out of bounds:\n{output}")
    status, output = cppcheck(ROOT / "lib", ROOT / "daemon")
    return finish([output.strip()] if status != 0 else [])


if __name__ == "__main__":
    sys.exit(main())
