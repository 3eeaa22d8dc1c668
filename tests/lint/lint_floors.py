"""A file includes from its own floor or below, by path; a library's header only where its owner is."""
import re
import sys

from source import FLOORS, files, finish, must_find, numbered

# Who may include what beyond the C library and POSIX. Library types never leave their adapter.
OWNERS = {
    "gmime/": r"lib/io/mime_decode\.c",
    "graphviz/": r"lib/io/graph\.c",
    "jansson.h": r"lib/io/json\.c",
    "libconfig.h": r"lib/io/conf_read\.c",
    "libetpan/": r"lib/io/(etpan_stream\.c|imap_session\.h|imap(_\w+)?\.c|smtp\.c)",
    "openssl/": r"lib/io/(tls\.c|tls_words\.[ch]|crypto\.c)",
    "sqlite3.h": r"lib/io/db\.c",
    "systemd/": r"lib/io/sysd\.c",
    "utf8proc.h": r"lib/base/text\.c",
    # threads are the engine's; OpenSSL's tables are made once for all of them
    "pthread.h": r"(lib/engine|daemon)/.*|lib/io/tls\.c",
}
# What base and core may know of the system: nothing that reaches outside the process.
PURE = {f"{name}.h" for name in """assert ctype errno inttypes limits stdalign stdarg stdbool stddef stdint stdio
    stdlib string strings""".split()}
PURE_EXCEPTIONS = {("lib/base/clock.c", "time.h"): "the real clock"}
SYSTEM = PURE | {f"{name}.h" for name in """arpa/inet dirent fcntl getopt iconv netdb netinet/in netinet/tcp poll signal
    sys/eventfd sys/file sys/random sys/resource sys/signalfd sys/socket sys/stat sys/types sys/uio sys/un sys/wait
    sysexits time unistd""".split()}


def check_library(path, header):
    for prefix, owners in OWNERS.items():
        if header.startswith(prefix):
            if not re.fullmatch(owners, path):
                yield f"<{header}> belongs to {owners}"
            return
    if re.match(r"lib/(base|core)/", path) and header not in PURE and (path, header) not in PURE_EXCEPTIONS:
        yield f"<{header}> reaches outside: base and core are pure"
    elif header not in SYSTEM:
        yield f"<{header}> has no owner in {__file__.rsplit('/', 1)[-1]}"


def check_own(path, header):
    floor = re.match(r"lib/(\w+)/", path)
    target = header.split("/")[0]
    if "/" not in header:
        if floor and not header.endswith(".inc"):
            yield f'"{header}" wants its floor: "{floor[1]}/{header}"'
    elif target not in FLOORS:
        yield f'"{header}" is of no floor'
    elif floor and FLOORS.index(target) > FLOORS.index(floor[1]):
        yield f'"{header}" is above {floor[1]}'


def check(path, text):
    for line, content in numbered(text):
        if match := re.match(r"\s*#\s*include\s*([<\"])([^>\"]+)", content):
            for fault in (check_library if match[1] == "<" else check_own)(path, match[2]):
                yield f"{path}:{line}: {fault}"


must_find(
    check,
    ("lib/core/x.c", '#include "io/db.h"', "above core"),
    ("lib/core/x.c", '#include "core/y.h"\n#include "base/err.h"\n#include <stdio.h>', None),
    ("lib/io/x.c", '#include "db.h"', '"io/db.h"'),
    ("lib/engine/x.c", '#include "../io/db.h"', "no floor"),
    ("lib/engine/x.c", "#include <sqlite3.h>", "lib/io/db"),
    ("lib/io/imap.h", "#  include <libetpan/mailimap.h>", "belongs to"),
    ("lib/io/imap_idle.c", "#include <libetpan/mailimap.h>", None),
    ("lib/io/x.c", "#include <curl/curl.h>", "no owner"),
    ("lib/core/x.c", "#include <time.h>", "pure"),
    ("lib/io/store.c", "#include <pthread.h>", "belongs to"),
    ("daemon/ctl_x.c", '#include "ctl.h"\n#include "io/db.h"', None),
)

if __name__ == "__main__":
    sys.exit(finish(fault for path, text in files("lib/*/*.[ch]", "daemon/*.[ch]") for fault in check(path, text)))
