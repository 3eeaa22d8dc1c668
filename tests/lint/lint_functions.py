"""Functions that nobody may call, and those that base and core may not."""
import re
import sys

from source import code_only, files, finish, line_of, must_find

FORBIDDEN = {
    "system popen execl execlp execle execv execve execvp execvpe fork vfork posix_spawn posix_spawnp wordexp":
        "we start no programs",
    "strcpy strcat stpcpy sprintf vsprintf gets scanf strncpy strncat": "no bound: snprintf, arena or struct text",
    "alloca": "a sender chooses sizes",
    "strtok localtime gmtime ctime asctime gethostbyname getpwnam getpwuid rand srand strsignal":
        "hidden state shared by threads: the _r variant",
    "atoi atol atoll atof": "no word of what is wrong: strtol",
    "tmpnam tempnam mktemp": "somebody else may be faster",
    "setjmp longjmp sigsetjmp siglongjmp": "skips every cleanup",
    "setlocale": "Danish comes from us, not from the environment",
    "setenv putenv unsetenv": "not while threads run",
    "sleep usleep nanosleep": "cannot be woken: poll with a time-out",
    "exit _exit quick_exit": "main returns; what cannot go on at all aborts",
}
# Graphviz dies of some drawings: a child of fristctl draws, and is no other program.
ALLOWED = {("lib/io/graph.c", "fork"), ("lib/io/graph.c", "_exit")}
IMPURE = """time gettimeofday clock_gettime clock mktime timegm localtime_r gmtime_r timespec_get random getrandom
    getentropy arc4random drand48 fopen freopen fdopen open openat creat read write pread pwrite close fread fwrite
    fgets fputs puts putchar printf fprintf vprintf vfprintf perror remove unlink rename stat lstat fstat opendir
    readdir mkdir rmdir ioctl poll select epoll_wait socket connect bind listen accept send recv sendto recvfrom
    getaddrinfo getenv secure_getenv getpid getuid syslog sd_notify mmap pipe dup dup2 signal sigaction
    pthread_\\w+""".split()
IMPURE_ALLOWED = {("lib/base/clock.c", "clock_gettime"), ("lib/base/clock.c", "time"), ("lib/base/log.c", "fputs"),
                  ("lib/base/arena.c", "fputs"), ("lib/base/text.c", "fputs")}
REASONS = {name: reason for names, reason in FORBIDDEN.items() for name in names.split()}
CALL = re.compile(r"(?<![\w.>])(" + "|".join([*REASONS, *IMPURE]) + r")\s*\(")
STATE = re.compile(r"^\s*static\s+(?!const\b|inline\b|_Noreturn\b)[^()=;{]*(?:=|;)", re.MULTILINE)


def is_declared(code, match):
    """A member or a function of ours that bears the name, rather than a call: "int (*time)(" or "static int open("."""
    before = code[code.rfind("\n", 0, match.start()) + 1:match.start()]
    return re.fullmatch(r"(?:static |extern )?(?!return\b|else\b)[A-Za-z_][\w ]*[ *]", before) is not None


def check(path, text):
    code = code_only(text)
    pure = path.startswith(("lib/core/", "lib/base/"))
    for match in CALL.finditer(code):
        name, line = match[1], line_of(code, match.start())
        if is_declared(code, match) or (path, name) in ALLOWED:
            continue
        if name in REASONS:
            yield f"{path}:{line}: {name}(): {REASONS[name]}"
        elif name not in REASONS and pure and (path, name) not in IMPURE_ALLOWED:
            yield f"{path}:{line}: {name}() reaches outside: {path.split('/')[1]} is pure"
    if path.startswith("lib/core/"):
        for match in STATE.finditer(code):
            yield f"{path}:{line_of(code, match.end())}: core keeps no state between calls"


must_find(
    check,
    ("lib/io/x.c", "\tsystem(line);", "system()"),
    ("daemon/x.c", "\tx = strcpy (a, b);", "no bound"),
    ("lib/io/x.c", '\t/* system(x) */ puts("sprintf(");', None),
    ("lib/io/x.c", "\tsqlite3_exec(db); my_system(1); a->system(2); b.gets(3);", None),
    ("lib/io/graph.c", "\tchild = fork();", None),
    ("lib/io/x.c", "\tchild = fork();", "no programs"),
    ("lib/core/x.c", "\tt = time(NULL);", "is pure"),
    ("lib/engine/x.c", "\tt = time(NULL);", None),
    ("lib/core/x.c", "\tpthread_mutex_lock(&lock);", "is pure"),
    ("lib/core/x.c", "static int count;", "no state"),
    ("lib/core/x.c", "\tstatic char buffer[20] = { 0 };", "no state"),
    ("lib/core/x.c", "static const int count = 1;\nstatic int open(int x)\n{\n}\n", None),
)

if __name__ == "__main__":
    sys.exit(finish(fault for path, text in files("lib/*/*.[ch]", "daemon/*.[ch]") for fault in check(path, text)))
