"""io/imap against a scripted server that does what real ones do on bad days, and what no decent one does."""
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.peer import Certificates, Peer, server_context

PROBE = os.path.join(os.environ["FRIST_BIN"], "tests", "imap_probe")
HEADER = b"From: a@example.dk\r\nSubject: hej\r\n\r\n"


class Imap:
    """The server's end of a conversation."""

    def __init__(self, connection):
        self.connection, self.tag, self.buffer = connection, None, b""

    def line(self):
        while b"\n" not in self.buffer:
            more = self.connection.recv(4096)
            if not more:
                raise ConnectionResetError
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.decode().rstrip("\r")

    def expect(self, pattern):
        self.tag, command = self.line().split(" ", 1)
        assert re.fullmatch(pattern, command), f"{command!r} is not {pattern!r}"

    def send(self, *lines):
        """Bytes as they are, strings as lines."""
        self.connection.sendall(b"".join(line if isinstance(line, bytes) else line.encode() + b"\r\n"
                                         for line in lines))

    def answer(self, text="OK done", *before):
        self.send(*before, f"{self.tag} {text}")

    def login(self, capabilities="IMAP4rev1 IDLE"):
        self.send("* OK ready")
        self.expect("LOGIN .*")
        self.answer()
        self.expect("CAPABILITY")
        self.answer("OK done", f"* CAPABILITY {capabilities}")

    def examine(self, exists=3, uidnext=8):
        self.expect('EXAMINE "?INBOX"?')
        self.answer("OK [READ-ONLY] done", f"* {exists} EXISTS", "* 0 RECENT", "* OK [UIDVALIDITY 77] ok",
                    f"* OK [UIDNEXT {uidnext}] ok")

    def open(self, capabilities="IMAP4rev1 IDLE"):
        self.login(capabilities)
        self.examine()

    def search(self, uids):
        self.expect("UID SEARCH UID .*")
        self.answer("OK done", f"* SEARCH {uids}" if uids else "* SEARCH")

    def until_closed(self):
        while True:
            line = self.line()
            if line.endswith(" LOGOUT"):
                self.tag = line.split(" ")[0]
                self.answer("OK done", "* BYE bye")


def mail(sequence, uid, header=HEADER, date="01-Apr-2026 09:30:00 +0200"):
    return b'* %d FETCH (UID %d INTERNALDATE "%s" RFC822.SIZE %d BODY[HEADER]<0> {%d}\r\n%s)\r\n' % (
        sequence, uid, date.encode(), len(header) + 10, len(header), header)


class PeerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="frist-imap-")
        cls.addClassCleanup(folder.cleanup)
        cls.certificates = Certificates(folder.name)
        cls.context = server_context(cls.certificates.issue("imap"))

    def run_probe(self, script, *commands, timeout_s=5, cancel_ms=0, mode="implicit", password="secret"):
        started = time.monotonic()
        with Peer(lambda connection: script(Imap(connection)), self.context if mode == "implicit" else None) as peer:
            done = subprocess.run([PROBE, "localhost", str(peer.port), mode, self.certificates.ca_file, "mt", password,
                                   str(timeout_s), str(cancel_ms), *map(str, commands)],
                                  capture_output=True, text=True, timeout=60)
        self.took = time.monotonic() - started
        self.assertEqual(done.stderr, "")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def expect_fault(self, script, outcome, text, *commands, wait_ms=0, **arguments):
        lines = self.run_probe(script, *commands, **arguments)
        self.assertEqual(lines[-1][:3], ["fault", outcome, str(wait_ms)], lines)
        self.assertRegex(lines[-1][3], text)
        return lines[:-1]


class Session(PeerTest):
    def test_login_and_logout(self):
        def script(imap):
            imap.login()
            imap.expect("LOGOUT")
            imap.answer("OK bye", "* BYE bye")
        self.assertEqual(self.run_probe(script), [])

    def test_password_is_quoted(self):
        def script(imap):
            imap.send("* OK ready")
            imap.expect(r'LOGIN mt "se \\"cret\\\\"')
            imap.answer("NO [AUTHENTICATIONFAILED] Forkert")
        self.expect_fault(script, "auth-refused", "the server refuses LOGIN: NO .AUTHENTICATIONFAILED. Forkert$",
                          password='se "cret\\')

    def test_password_with_line_end_is_not_sent(self):
        def script(imap):
            imap.send("* OK ready")
            assert "secret" not in imap.line()
        self.expect_fault(script, "auth-refused", "control character", password="secret\r\nx DELETE INBOX")

    def test_unavailable_is_not_the_password(self):
        def script(imap):
            imap.send("* OK ready")
            imap.expect("LOGIN .*")
            imap.answer("NO [UNAVAILABLE] user database down")
        self.expect_fault(script, "no", "user database down")

    def test_no_room(self):
        self.expect_fault(lambda imap: imap.send("* BYE Too many connections"), "disconnected",
                          "ended the session: BYE Too many connections")

    def test_preauth_is_refused(self):
        self.expect_fault(lambda imap: imap.send("* PREAUTH hello"), "protocol", "PREAUTH")

    def test_not_imap_at_all(self):
        self.expect_fault(lambda imap: imap.send("220 mail.example.dk ESMTP"), "protocol", "does not greet")

    def test_silence(self):
        self.expect_fault(lambda imap: imap.until_closed(), "disconnected", "did not answer in time", timeout_s=1)
        self.assertLess(self.took, 5)

    def test_starttls(self):
        def script(imap):
            imap.send("* OK ready")
            imap.expect("STARTTLS")
            imap.answer()
            with self.context.wrap_socket(imap.connection, server_side=True) as connection:
                secure = Imap(connection)
                secure.expect("LOGIN .*")
                secure.answer()
                secure.expect("CAPABILITY")
                secure.answer("OK done", "* CAPABILITY IMAP4rev1")
                secure.until_closed()
        self.assertEqual(self.run_probe(script, "lacks-idle", mode="starttls"), [["true"]])

    def test_starttls_with_something_smuggled_in(self):
        def script(imap):
            imap.send("* OK ready")
            imap.expect("STARTTLS")
            imap.answer("OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN")
            imap.until_closed()
        self.expect_fault(script, "protocol", "in clear behind its answer to STARTTLS", mode="starttls")

    def test_starttls_stripped(self):
        def script(imap):
            imap.send("* OK ready")
            imap.expect("STARTTLS")
            imap.answer("BAD unknown command")
            assert "secret" not in imap.line()
        self.expect_fault(script, "protocol", "refuses STARTTLS: BAD unknown command", mode="starttls")

    def test_not_connected(self):
        def script(imap):
            imap.login()
            imap.expect("EXAMINE .*")
            imap.answer("BAD User is authenticated but not connected.")
            imap.until_closed()
        self.expect_fault(script, "protocol", "not connected..*no right.*wrong user name.*too many requests",
                          "examine", "INBOX")

    def test_throttled(self):
        def script(imap):
            imap.login()
            imap.expect("EXAMINE .*")
            imap.answer("BAD Request is throttled. Suggested Backoff Time: 13052 milliseconds")
            imap.until_closed()
        self.expect_fault(script, "throttled", "wants us to wait: BAD Request is throttled", "examine", "INBOX",
                          wait_ms=13052)

    def test_throttled_for_ever(self):
        def script(imap):
            imap.send("* BYE Suggested Backoff Time: 99999999999999999999 milliseconds")
        self.expect_fault(script, "throttled", "wants us to wait", wait_ms=3600000)

    def test_words_of_the_server_are_harmless(self):
        def script(imap):
            imap.send("* OK ready")
            imap.expect("LOGIN .*")
            imap.answer("NO \x1b[31mR\xf8d\u202e")
        self.expect_fault(script, "auth-refused", r"NO \?\[31mR\?+d\?+$")

    def test_no_such_folder_leaves_the_session_usable(self):
        def script(imap):
            imap.login()
            imap.expect('STATUS "a \\\\"b" .*')
            imap.answer("NO no such folder")
        self.expect_fault(script, "no", "refuses STATUS: NO no such folder", "status", 'a "b')


class Folders(PeerTest):
    LISTING = (r'* LIST (\HasNoChildren) "/" INBOX', r'* LIST (\Noselect \HasChildren) "/" Public',
               r'* LIST (\HasNoChildren \Sent) "/" "Udg&AOU-ende"', r'* LIST (\HasNoChildren) "/" "Sent Items"',
               r'* LIST (\HasNoChildren) "/" "U&APg-nsket mail"', r'* LIST (\Trash) "/" Smidt',
               r'* LIST () "/" "Smidt/Gamle"', r'* LIST (\NonExistent) "/" Borte', '* LIST () "/" {7}\r\nSager 1',
               r'* LIST (\Archive \HasNoChildren) "/" Arkiv', '* LIST () NIL Flad')

    def check(self, capabilities, command):
        def script(imap):
            imap.login(capabilities)
            imap.expect(command)
            imap.answer("OK done", *self.LISTING)
            imap.until_closed()
        self.assertEqual(self.run_probe(script, "folders"), [
            ["INBOX", "INBOX", "ordinary"], ["Udgående", "Udg&AOU-ende", "sent"], ["Sent Items", "Sent Items", "sent"],
            ["Uønsket mail", "U&APg-nsket mail", "junk"], ["Smidt", "Smidt", "trash"],
            ["Smidt/Gamle", "Smidt/Gamle", "trash"], ["Sager 1", "Sager 1", "ordinary"],
            ["Arkiv", "Arkiv", "ordinary"], ["Flad", "Flad", "ordinary"]])

    def test_plain_list(self):
        self.check("IMAP4rev1 SPECIAL-USE", r'LIST "" "\*"')

    def test_extended_list(self):
        self.check("IMAP4rev1 SPECIAL-USE LIST-EXTENDED", r'LIST "" "\*" RETURN \(SPECIAL-USE\)')

    def test_state(self):
        def script(imap):
            imap.login()
            imap.examine(exists=4294967295, uidnext=4294967295)
            imap.expect('STATUS "Sager" .*')
            imap.answer("OK done", "* STATUS Sager (MESSAGES 3 UIDNEXT 9 UIDVALIDITY 5)")
            imap.until_closed()
        self.assertEqual(self.run_probe(script, "examine", "INBOX", "status", "Sager"),
                         [["77", "4294967295", "4294967295"], ["5", "9", "3"]])

    def test_state_beyond_32_bits(self):
        for line in ("* 4294967296 EXISTS", "* OK [UIDVALIDITY 4294967297] ok", "* OK [UIDNEXT 4294967297] ok"):
            def script(imap):
                imap.login()
                imap.expect("EXAMINE .*")
                imap.answer("OK done", line)
                imap.until_closed()
            self.expect_fault(script, "protocol", "too large", "examine", "INBOX")

    def test_no_uidvalidity(self):
        def script(imap):
            imap.login()
            imap.expect("EXAMINE .*")
            imap.answer("OK done", "* 3 EXISTS")
            imap.until_closed()
        self.expect_fault(script, "protocol", "no UIDVALIDITY", "examine", "INBOX")


class Fetch(PeerTest):
    def fetch(self, *lines, uids="5 6 7", end="OK done"):
        def script(imap):
            imap.open()
            imap.search(uids)
            imap.expect(r"UID FETCH \S+ \(UID INTERNALDATE RFC822.SIZE BODY.PEEK\[HEADER\]<0.65537>\)")
            imap.answer(end, *lines)
            imap.until_closed()
        return script

    def uids(self, script):
        return [line[0] for line in self.run_probe(script, "examine", "INBOX", "fetch", 1, 100)[1:]]

    def test_fields(self):
        lines = self.run_probe(self.fetch(mail(1, 5), mail(2, 6, date=" 1-Jan-1999 00:00:00 -0330")),
                               "examine", "INBOX", "fetch", 1, 100)
        self.assertEqual(lines[1:], [["5", "1775028600", "46", "36", "whole", "Subject: hej"],
                                     ["6", "915161400", "46", "36", "whole", "Subject: hej"]])

    def test_impossible_date(self):
        lines = self.run_probe(self.fetch(mail(1, 5, date="99-Jan-1999 99:00:00 +0000")), "examine", "INBOX",
                               "fetch", 1, 100)
        self.assertEqual(lines[1][:2], ["5", "0"])

    def test_only_what_was_asked_for(self):
        script = self.fetch(mail(9, 9), "* 2 FETCH (FLAGS (\\Seen))", mail(2, 6), "* 2 FETCH (UID 6 FLAGS (\\Seen))",
                            "* 4 EXISTS", "* 1 EXPUNGE", mail(1, 5))
        self.assertEqual(self.uids(script), ["5", "6"])

    def test_refusal_after_some(self):
        script = self.fetch(mail(1, 5), end="NO [EXPUNGEISSUED] Some of the messages no longer exist")
        self.assertEqual(self.uids(script), ["5"])

    def test_refusal_of_all(self):
        self.expect_fault(self.fetch(end="NO cannot read"), "no", "refuses UID FETCH: NO cannot read", "examine",
                          "INBOX", "fetch", 1, 100)

    def test_nothing_there(self):
        def script(imap):
            imap.open()
            imap.search("")
            imap.until_closed()
        self.assertEqual(self.uids(script), [])

    def test_sets_are_compact(self):
        def script(imap):
            imap.open()
            imap.search("9 5 6 7 2 12 7 5000")
            imap.expect(r"UID FETCH 2,5:7,9,12 .*")
            imap.answer()
            imap.until_closed()
        self.assertEqual(self.uids(script), [])

    def test_batches(self):
        seen = []

        def script(imap):
            imap.open()
            imap.search(" ".join(map(str, range(1, 1202))))
            for _ in range(3):
                imap.expect("UID FETCH .*")
                imap.answer()
                seen.append(imap.tag)
            imap.until_closed()
        self.assertEqual(self.run_probe(script, "examine", "INBOX", "count", 1, 2000)[1], ["0", "0"])
        self.assertEqual(len(seen), 3)

    def test_large_header_is_cut(self):
        header = b"From: a@example.dk\r\n" + b"X-Filler: aaaa\r\n" * 5000
        lines = self.run_probe(self.fetch(mail(1, 5, header=header[:65537]), mail(2, 6)), "examine", "INBOX",
                               "fetch", 1, 100)
        self.assertEqual([line[3:5] for line in lines[1:]], [["65536", "cut"], ["36", "whole"]])

    def test_search_in_spans(self):
        def script(imap):
            imap.login()
            imap.examine(exists=150000, uidnext=250001)
            for span, found in (("1:100000", "3"), ("100001:200000", ""), ("200001:300000", "250000"),
                                ("300001:4294967295", "300002")):
                imap.expect("UID SEARCH UID " + span)
                imap.answer("OK done", f"* SEARCH {found}")
            imap.until_closed()
        self.assertEqual(self.run_probe(script, "examine", "INBOX", "search", 1, 4294967295)[1],
                         ["3 250000 300002"])

    def test_start_of_a_message(self):
        def script(imap):
            imap.open()
            imap.expect(r"UID FETCH 5 \(UID BODY.PEEK\[\]<0.12>\)")
            imap.answer("OK done", b"* 1 FETCH (UID 5 BODY[]<0> {12}\r\nSubject: hej)\r\n")
            imap.expect(r"UID FETCH 6 .*")
            imap.answer()
            imap.until_closed()
        self.assertEqual(self.run_probe(script, "examine", "INBOX", "start", 5, 12, "start", 6, 12)[1:],
                         [["12", "Subject: hej"], ["gone"]])

    def broken(self, outcome, text, *lines, timeout_s=5, before_end=None):
        def script(imap):
            imap.open()
            imap.search("5 6 7")
            imap.expect("UID FETCH .*")
            imap.send(*lines)
            if before_end:
                before_end(imap)
        self.expect_fault(script, outcome, text, "examine", "INBOX", "fetch", 1, 100, timeout_s=timeout_s)

    def test_end_within_a_literal(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        self.broken("disconnected", "closed the connection", mail(1, 5)[:-20])
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, 3)

    def test_four_gigabytes(self):
        self.broken("protocol", "literal of more than", b"* 1 FETCH (UID 5 BODY[HEADER]<0> {4294967295}\r\nabc",
                    before_end=Imap.until_closed)

    def test_parentheses(self):
        self.broken("protocol", "parentheses", b"* 1 FETCH (BODYSTRUCTURE " + b"(" * 100000,
                    before_end=Imap.until_closed)

    def test_unknown_item(self):
        self.broken("protocol", "cannot be read", "* 1 FETCH (UID 5 X-UNKNOWN (a b))", "3 OK",
                    before_end=Imap.until_closed)

    def test_esearch(self):
        self.broken("protocol", "cannot be read", '* ESEARCH (TAG "4") UID ALL 1:3', before_end=Imap.until_closed)

    def test_alert_without_text(self):
        self.broken("protocol", "without a text", "* OK [ALERT]", before_end=Imap.until_closed)

    def test_bye_in_the_middle(self):
        self.broken("disconnected", "ended the session: BYE shutting down", mail(1, 5), "* BYE shutting down")

    def test_dripping(self):
        def drip(imap):
            for byte in mail(1, 5, header=b"X: " + b"y" * 5000):
                imap.send(bytes([byte]))
                time.sleep(0.01)
        self.broken("disconnected", "in time", timeout_s=1, before_end=drip)
        self.assertLess(self.took, 5)

    def test_flood(self):
        def flood(imap):
            while True:
                imap.send(b"* 3 EXISTS\r\n" * 10000)
        self.broken("protocol", "more than 200000 responses", timeout_s=30, before_end=flood)


class Idle(PeerTest):
    def idle(self, *steps, capabilities="IMAP4rev1 IDLE"):
        def script(imap):
            imap.open(capabilities)
            imap.expect("IDLE")
            for step in steps:
                step(imap)
            imap.until_closed()
        return script

    def listen(self, *steps, milliseconds=20000):
        return self.run_probe(self.idle(*steps), "examine", "INBOX", "idle", milliseconds)[1:]

    @staticmethod
    def say(*lines):
        return lambda imap: imap.send(*lines)

    @staticmethod
    def done(imap):
        assert imap.line() == "DONE"
        imap.answer()

    @staticmethod
    def pause(imap):
        time.sleep(0.2)

    def test_news(self):
        self.assertEqual(self.listen(self.say("+ idling"), self.pause, self.say("* 4 EXISTS"), self.done), [["news"]])
        self.assertLess(self.took, 10)

    def test_news_glued_to_the_plus(self):
        self.assertEqual(self.listen(self.say("+ idling", "* 4 EXISTS"), self.done), [["news"]])
        self.assertLess(self.took, 10)

    def test_news_in_pieces(self):
        self.assertEqual(self.listen(self.say("+ idling", b"* 4 EX"), self.pause, self.say("ISTS"), self.done),
                         [["news"]])
        self.assertLess(self.took, 10)

    def test_news_before_the_plus(self):
        self.assertEqual(self.listen(self.say("* 4 EXISTS"), self.pause, self.say("+ idling"), self.done), [["news"]])
        self.assertLess(self.took, 10)

    def test_news_instead_of_the_plus(self):
        self.expect_fault(self.idle(self.say("* 4 EXISTS")), "disconnected", "in time", "examine", "INBOX", "idle",
                          20000, timeout_s=30)
        self.assertLess(self.took, 10)

    def test_news_in_an_earlier_answer(self):
        """Told once, and not again in IDLE: it must not wait there for something else."""
        def script(imap):
            imap.open()
            imap.search("7\r\n* 4 EXISTS\r\n* 1 RECENT")
            imap.until_closed()
        self.assertEqual(self.run_probe(script, "examine", "INBOX", "search", 7, 9, "idle", 20000)[1:],
                         [["7"], ["news"]])

    def test_no_news_in_an_earlier_answer(self):
        def script(imap):
            imap.open()
            imap.search("7\r\n* 3 EXISTS\r\n* 2 EXPUNGE\r\n* 2 EXISTS")
            imap.expect("IDLE")
            imap.send("+ idling")
            self.done(imap)
            imap.until_closed()
        self.assertEqual(self.run_probe(script, "examine", "INBOX", "search", 7, 9, "idle", 200)[1:],
                         [["7"], ["quiet"]])

    def test_news_between_done_and_ok(self):
        def late(imap):
            assert imap.line() == "DONE"
            imap.answer("OK done", "* 4 EXISTS")
        self.assertEqual(self.listen(self.say("+ idling"), late, milliseconds=200), [["news"]])

    def test_nothing_happens(self):
        self.assertEqual(self.listen(self.say("+ idling", "* OK Still here"), self.done, milliseconds=300), [["quiet"]])

    def test_flags_and_expunges_wake_nobody(self):
        chatter = self.say("* 1 FETCH (FLAGS (\\Seen))", "* 2 EXPUNGE", "* OK Still here")
        lines = self.listen(self.say("+ idling"), self.pause, chatter, self.done, milliseconds=800)
        self.assertEqual(lines, [["quiet"]])
        self.assertGreater(self.took, 0.8)

    def test_idle_again_and_again(self):
        def script(imap):
            imap.open()
            for number in range(3):
                imap.expect("IDLE")
                imap.send("+ idling", f"* {number + 4} EXISTS")
                self.done(imap)
            imap.until_closed()
        self.assertEqual(self.run_probe(script, "examine", "INBOX", *["idle", 20000] * 3)[1:], [["news"]] * 3)

    def test_token_expires(self):
        bye = self.say("* BYE Session invalidated - AccessTokenExpired")
        self.expect_fault(self.idle(self.say("+ idling"), self.pause, bye), "disconnected",
                          "ended the session: BYE .*AccessTokenExpired", "examine", "INBOX", "idle", 20000)

    def test_connection_lost(self):
        self.expect_fault(self.idle(self.say("+ idling"), self.pause, lambda imap: imap.connection.close()),
                          "disconnected", "closed the connection|broke", "examine", "INBOX", "idle", 20000)

    def test_half_a_line_and_silence(self):
        self.expect_fault(self.idle(self.say("+ idling", b"* 4 EX")), "disconnected", "in time", "examine", "INBOX",
                          "idle", 20000, timeout_s=1)
        self.assertLess(self.took, 10)

    def test_no_answer_to_done(self):
        self.expect_fault(self.idle(self.say("+ idling")), "disconnected", "in time", "examine", "INBOX", "idle", 200,
                          timeout_s=1)

    def test_refused(self):
        def script(imap):
            imap.open()
            imap.expect("IDLE")
            imap.answer("BAD not now")
            imap.until_closed()
        self.expect_fault(script, "no", "refuses IDLE: BAD not now", "examine", "INBOX", "idle", 20000)

    def test_not_offered(self):
        def script(imap):
            imap.open("IMAP4rev1")
            imap.expect("NOOP")
            imap.answer("OK done", "* 4 EXISTS")
            imap.search("5")
            imap.until_closed()
        self.assertEqual(self.run_probe(script, "lacks-idle", "examine", "INBOX", "noop", "search", 1, 9),
                         [["true"], ["77", "8", "3"], ["5"]])

    def test_cancel(self):
        self.expect_fault(self.idle(self.say("+ idling")), "cancelled", "cancelled", "examine", "INBOX", "idle", 500000,
                          timeout_s=30, cancel_ms=700)
        self.assertLess(self.took, 10)

    def test_cancel_within_a_command(self):
        def script(imap):
            imap.open()
            imap.until_closed()
        self.expect_fault(script, "cancelled", "cancelled", "examine", "INBOX", "noop", timeout_s=30, cancel_ms=700)
        self.assertLess(self.took, 10)


if __name__ == "__main__":
    unittest.main()
