"""A release, built beside the tests: hardened, installed where Debian expects it, and packed as a Debian package."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from source import ROOT, finish

BUILD = pathlib.Path(sys.argv[2]).resolve() / "release"
PROGRAMS = ("usr/sbin/fristd", "usr/bin/fristctl")
INSTALLED = """etc/fristd/fristd.conf etc/fristd/people.conf etc/fristd/workflows/borgmester.conf
    etc/fristd/templates/morgenmail.txt usr/bin/fristctl usr/sbin/fristd usr/lib/systemd/system/fristd.service
    usr/lib/sysusers.d/fristd.conf usr/lib/tmpfiles.d/fristd.conf usr/share/man/man1/fristctl.1
    usr/share/man/man5/fristd.conf.5 usr/share/man/man8/fristd.8 usr/share/doc/fristd/README.md""".split()


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", errors="replace", **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}:\n{done.stdout}")
    return done.stdout


def build():
    # only the programs: the tests of a release are those of the sanitizer build
    run("cmake", "--preset", "release", "-B", BUILD, "-DCMAKE_SKIP_INSTALL_ALL_DEPENDENCY=ON", cwd=ROOT)
    run("cmake", "--build", BUILD, "--parallel", os.cpu_count(), "--target", "fristd", "fristctl")


def hardening_faults(path):
    """What an ELF file lacks of PIE, full RELRO, a stack that cannot run, stack protector and FORTIFY."""
    told = run("readelf", "--wide", "--file-header", "--program-headers", "--dynamic", "--symbols", path)
    wanted = {
        "PIE": r"Type:\s+DYN .*\n(?:.*\n)*.*FLAGS_1.*\bPIE\b",
        "RELRO": r"GNU_RELRO", "BIND_NOW": r"BIND_NOW|Flags: NOW",
        "a stack that cannot run": r"GNU_STACK.* RW ", "stack protector": r"__stack_chk_fail",
        "FORTIFY": r"__(?:v?snprintf|memcpy|v?fprintf)_chk",
    }
    return [f"{path.name} lacks {name}" for name, pattern in wanted.items() if not re.search(pattern, told)]


def must_find_a_soft_program(folder):
    source = folder / "soft.c"
    source.write_text("int main(void)\n{\n\treturn 0;\n}\n", encoding="ascii")
    run("cc", "-no-pie", "-Wl,-z,norelro,-z,lazy", source, "-o", folder / "soft")
    if len(hardening_faults(folder / "soft")) < 4:
        sys.exit("the check itself does not see a program without hardening")


def installed(root):
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def check_installed(root):
    for name in sorted(set(INSTALLED) - installed(root)):
        yield f"cmake --install puts no {name}"
    for name in PROGRAMS:
        yield from hardening_faults(root / name)
        version = run(root / name, "--version").strip()
        if not re.fullmatch(rf"{name.rsplit('/', 1)[-1]} \d+\.\d+\.\d+", version):
            yield f"{name} --version says {version!r}"
    unit = (root / "usr/lib/systemd/system/fristd.service").read_text(encoding="utf-8")
    if "ExecStart=/usr/sbin/fristd " not in unit:
        yield "the unit starts another fristd"


def check_package(folder, root):
    run("cpack", "-G", "DEB", "-B", folder / "package", "--config", BUILD / "CPackConfig.cmake", cwd=BUILD)
    packages = list((folder / "package").glob("*.deb"))
    if len(packages) != 1:
        sys.exit(f"not one package: {packages}")
    run("dpkg-deb", "--raw-extract", packages[0], folder / "unpacked")
    control = (folder / "unpacked/DEBIAN/control").read_text(encoding="utf-8")
    for library in ("libc6", "libetpan20", "libgmime-3.0", "libsqlite3-0", "libssl3", "libsystemd0", "libgvc6",
                    "tzdata"):
        if library not in re.search(r"^Depends: (.*)$", control, re.MULTILINE)[1]:
            yield f"the package does not depend on {library}"
    conffiles = set((folder / "unpacked/DEBIAN/conffiles").read_text(encoding="utf-8").split())
    shutil.move(folder / "unpacked/DEBIAN", folder / "control")
    inside = installed(folder / "unpacked")
    if inside != installed(root):
        yield f"the package holds other files than cmake --install: {sorted(inside ^ installed(root))}"
    if conffiles != {f"/{name}" for name in inside if name.startswith("etc/")}:
        yield f"conffiles are not what lies in /etc: {sorted(conffiles)}"
    for script in ("postinst", "prerm", "postrm"):
        run("sh", "-n", folder / "control" / script)


def main():
    build()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        must_find_a_soft_program(folder)
        root = folder / "root"
        run("cmake", "--install", BUILD, env={**os.environ, "DESTDIR": str(root)})
        return finish([*check_installed(root), *check_package(folder, root)])


if __name__ == "__main__":
    sys.exit(main())
