"""./demo: lets the municipality live its three weeks before people's eyes.

--keep leaves it running, in the background, with the clock going on from where the story ended, until told to end.
"""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from municipality import times  # noqa: E402 (the folder must be known first)
from municipality.story import END_STATES, START, Story  # noqa: E402
from municipality.told import Teller  # noqa: E402
from municipality.town import Municipality  # noqa: E402

KEEP_STEP_SECONDS = 5
USAGE = "brug: ./demo [--keep]"


def say(line=""):
    print(line, flush=True)


def save(name, content):
    """A file that survives us and that everybody may read. It replaces ours of that name; another's stays, and ours
    gets a name of its own."""
    path = Path(tempfile.gettempdir()) / name
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=f"{path.stem}-", suffix=path.suffix,
                                     delete=False) as file:
        file.write(content)
    os.chmod(file.name, 0o644)
    try:
        os.rename(file.name, path)
    except PermissionError:
        return file.name
    return path


def introduce(town):
    say("En lille kommune lever tre uger over påsken 2026. Al mail er rigtig: den sendes")
    say("med SMTP til Exim, afleveres til Dovecot med LMTP, og fristd læser den med IMAP.")
    say(f"Alt ligger under {town.servers.root.path} og ejes af {town.servers.root.user.pw_name}.")


def conclude(story):
    town = story.town
    say()
    say("── Registeret, som fristctl viser det " + "─" * 42)
    say(town.fristd.ctl("register").rstrip())
    say()
    story.check_register()
    story.check_letters()
    people = len({letter.reader for letter in town.letters})
    say(f"Alle {len(END_STATES)} henvendelser står dér, hvor historien siger. {len(town.acts)} mails blev skrevet,")
    say(f"og fristd sendte {len(town.letters)} til {people} mennesker: dem, der skulle, og hver kun én gang.")
    digest = save("fristd-demo-digest.eml", story.last_digest().message.as_bytes())
    say(f"Den sidste morgenmail til den postkasseansvarlige: {digest}")


def connection(town):
    """How to connect an ordinary mail program."""
    boxes, exim = town.mailboxes.ports, town.exim.ports
    authority = save("fristd-demo-ca.pem", town.authority.certificate.read_bytes())
    return [
        "", "Kommunen kører videre. Sådan kommer du ind med et almindeligt mailprogram:",
        f"  IMAP      localhost, port {boxes['imaps']}, SSL/TLS (eller port {boxes['imap']} med STARTTLS)",
        f"  SMTP      localhost, port {exim['submission']}, STARTTLS (eller port {exim['submissions']} med SSL/TLS)",
        f"  CA-fil    {authority}",
        f"  adgang    {town.mt.person.password} er alles adgangskode",
        "  brugere   (IMAP-bruger; mailadressen er SMTP-bruger)",
        *(f"    {actor.box:<19}{actor.address:<31}{actor.title}" for actor in town.actors if not actor.outside),
        f"  register  FRIST_NOW={town.now} {town.fristd.program('fristctl')} \\",
        f"              --config {town.fristd.config} register",
        "", f"Stop det igen med: kill {os.getpid()}",
    ]


def live(keep):
    """The whole story; returns what is left running."""
    town = Municipality(START)
    try:
        introduce(town)
        town.watch = Teller(say)
        town.watch.day(town.now)
        story = Story(town)
        story.live()
        conclude(story)
    except BaseException:
        town.servers.close()
        raise
    if not keep:
        town.close()
    return town


def go_on(town):
    """The clock goes on as it does on the wall, until a signal ends us; the janitor of the servers does the rest."""
    started, now = time.monotonic(), town.now
    while True:
        time.sleep(KEEP_STEP_SECONDS)
        town.fristd.at(now + int(time.monotonic() - started))


def keep_running():
    """Runs in the background; whoever called gets the terminal back once the story has been told."""
    told, tell = os.pipe()
    child = os.fork()
    if child:
        os.close(tell)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: (os.kill(child, signal.SIGTERM), os._exit(128 + number)))
        return 0 if os.read(told, 1) else 1
    os.setsid()
    town = live(keep=True)
    for line in connection(town):
        say(line)
    os.write(tell, b"!")
    silence = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(silence, number)
    os.close(tell)
    go_on(town)
    return 0


def main(words):
    if words not in ([], ["--keep"]):
        print(USAGE, file=sys.stderr)
        return 2
    if words:
        return keep_running()
    started = time.monotonic()
    live(keep=False)
    say(f"Det tog {time.monotonic() - started:.0f} sekunder. Andet er ikke efterladt.")
    return 0


def is_interrupted(error):
    """Is this, or what came before it, a Ctrl-C? A connection that is closed in the middle of a command complains."""
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return bool(error)


def end():
    """Runs the program; a Ctrl-C is no failure of its own."""
    try:
        sys.exit(main(sys.argv[1:]))
    except BaseException as error:
        if not is_interrupted(error):
            raise
    print("\nAfbrudt. Alt er ryddet op.", file=sys.stderr)
    sys.exit(130)


if __name__ == "__main__":
    end()
