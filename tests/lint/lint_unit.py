"""fristd.service: systemd reads it without a word, and finds it hardly exposed."""
import pathlib
import re
import subprocess
import sys
import tempfile

from source import ROOT, finish

EXPOSURE_MAX = 1.2
UNIT = ROOT / "contrib/systemd/fristd.service"
# The program is not installed where the tests run, nor are its pages.
EXPECTED = re.compile(r"Command /usr/sbin/fristd is not executable|Command 'man .*' failed")


def analyze(*words):
    done = subprocess.run(["systemd-analyze", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
    return done.stdout


def check(unit):
    exposure = re.search(r"exposure level for fristd\.service: ([\d.]+)", analyze("security", "--offline=yes", unit))
    if not exposure:
        yield f"systemd-analyze does not know {unit.name}"
    elif float(exposure[1]) > EXPOSURE_MAX:
        yield f"{unit.name}: exposure {exposure[1]}, more than {EXPOSURE_MAX}"
    for line in analyze("verify", unit).splitlines():
        if "fristd.service" in line and not EXPECTED.search(line):
            yield line


def main():
    with tempfile.TemporaryDirectory() as folder:
        bad = pathlib.Path(folder, "fristd.service")
        text = UNIT.read_text(encoding="utf-8").replace("SystemCallFilter", "SystemCalFilter")
        bad.write_text(text, encoding="utf-8")
        found = "\n".join(check(bad))
    if "exposure" not in found or "SystemCalFilter" not in found:
        sys.exit(f"the check itself does not see a filter that is misspelt: {found}")
    return finish(check(UNIT))


if __name__ == "__main__":
    sys.exit(main())
