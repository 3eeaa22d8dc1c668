"""The keys that the program reads, the samples in conf/ and fristd.conf(5) must be the same."""
import pathlib
import re
import subprocess
import sys

ROOT, BUILD = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
PAGE = ROOT / "daemon/fristd.conf.5"


def read_keys():
    """{(file, group): {key: (need, default)}} as the program's own tables say"""
    printed = subprocess.run([BUILD / "tests/conf_keys_probe"], check=True, stdout=subprocess.PIPE, encoding="utf-8")
    groups = {}
    for line in printed.stdout.splitlines():
        file, group, key, _kind, need, default, doc = line.split("\t")
        if not doc or doc.endswith("."):
            sys.exit(f"{group}.{key}: wants one line of documentation without a full stop")
        groups.setdefault((file, group), {})[key] = (need, default)
    return groups


def read_page():
    """{group: {key: text}} as the man page says"""
    groups, group, key = {}, None, None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\.(Sh|Ss) (.*)", line):
            group, key = (groups.setdefault(match[2], {}), None) if match[1] == "Ss" else (None, None)
        elif (match := re.match(r"\.It Ic (\S+)$", line)) and group is not None:
            key = match[1]
            group[key] = ""
        elif key is not None:
            group[key] += line + "\n"
    return groups


def compare(groups, page):
    for group in page.keys() - {group for _, group in groups}:
        yield f"{PAGE.name} has a section \"{group}\" and the program no such group"
    for (_, group), keys in groups.items():
        documented = page.get(group, {})
        for key in keys.keys() - documented.keys():
            yield f"{PAGE.name} lacks {group}.{key}"
        for key in documented.keys() - keys.keys():
            yield f"{PAGE.name} has {group}.{key}, which the program does not read"
        for key in keys.keys() & documented.keys():
            need, default = keys[key]
            if (need == "required") != ("Required." in documented[key]):
                yield f"{PAGE.name}: {group}.{key} is {need}"
            said = re.search(r"^Default: (.*)\.$", documented[key], re.MULTILINE)
            if (said[1] if said else "") != default:
                yield f"{PAGE.name}: the default of {group}.{key} is \"{default}\""


def compare_samples(groups):
    for file in {file for file, _ in groups}:
        # a workflow file shows what its guideline asks for: together they show it all
        path = ROOT / "conf" / file
        samples = sorted(path.parent.glob("*.conf")) if path.parent.name == "workflows" else [path]
        sample = "".join(one.read_text(encoding="utf-8") for one in samples)
        for (of, group), keys in groups.items():
            for key in keys if of == file else ():
                if not re.search(rf"\b{key} = ", sample):
                    yield f"{' '.join(one.name for one in samples)}: no {group}.{key}, not even in a comment"


def main():
    groups, page = read_keys(), read_page()
    faults = [*compare(groups, page), *compare_samples(groups)]
    print("\n".join(sorted(faults)))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
