"""io/smtp against a peer that answers every phase in every wrong way, and against Exim."""

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.peer import Certificates, Peer, server_context  # noqa: E402
from servers.people import Person  # noqa: E402
from servers.town import Town  # noqa: E402

PROBE = os.path.join(os.environ["FRIST_BIN"], "tests", "smtp_probe")
MESSAGE = b"From: mt@example.dk\r\nSubject: x\r\nMessage-ID: <1@example.dk>\r\n\r\nhej\r\n"
NAMES = {
    "connect": "connecting", "greeting": "waiting for the server's greeting", "EHLO": "saying EHLO",
    "STARTTLS": "starting TLS", "AUTH": "logging in", "MAIL": "naming the sender", "RCPT": "naming a recipient",
    "DATA": "asking to send the message", "body": "sending the message",
    "END": "after the end of the message",
}
GOOD = {
    "greeting": b"220 peer\r\n", "EHLO": b"250-peer\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 10000000\r\n",
    "AUTH": b"235 in\r\n", "MAIL": b"250 sender\r\n", "RCPT": b"250 recipient\r\n", "DATA": b"354 go\r\n",
    "END": b"250 queued\r\n", "RSET": b"250 reset\r\n", "QUIT": b"221 bye\r\n",
}


def drop(connection):
    raise OSError("the script hangs up")


def drip(connection):
    while True:
        connection.sendall(b"2")
        time.sleep(0.3)


def flood(connection):
    while True:
        connection.sendall(b"250-and more\r\n" * 100)


class Script:
    """A server that answers as GOOD, but for `answers`: {phase: bytes, a function of the connection, or a list of such,
    one after the other}. Keeps the lines and the messages it got."""

    def __init__(self, **answers):
        self.answers = {phase: list(answer) if isinstance(answer, list) else answer
                        for phase, answer in {**GOOD, **answers}.items()}
        self.lines, self.messages = [], []

    def __call__(self, connection):
        self.buffer = b""
        self.answer(connection, "greeting")
        while line := self.line(connection):
            self.lines.append(line.decode("latin-1"))
            phase = line.split()[0].decode("latin-1").upper() if line.split() else ""
            self.answer(connection, phase)
            if phase == "DATA" and self.said.startswith(b"354"):
                self.messages.append(self.body(connection))
                self.answer(connection, "END")

    def answer(self, connection, phase):
        answer = self.answers.get(phase, b"500 what\r\n")
        if isinstance(answer, list):
            answer = answer.pop(0)
        if callable(answer):
            answer(connection)
            self.said = b""
        else:
            self.said = answer
            connection.sendall(answer)

    def line(self, connection):
        while b"\r\n" not in self.buffer:
            more = connection.recv(65536)
            if not more:
                return b""
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def body(self, connection):
        lines = []
        while (line := self.line(connection)) != b".":
            if not line and not self.buffer and not lines:
                raise OSError("cut")
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(line + b"\r\n" for line in lines)

    def said_by_us(self, verb):
        return [line for line in self.lines if line.upper().startswith(verb)]


class ProbeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="frist-smtp-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.certificates = Certificates(folder.name)
        cls.good = cls.certificates.issue("good")

    def probe(self, port, recipients=("a@example.dk",), *, ca=None, mode="implicit", user="mt@example.dk",
              password="hemmelig", timeout_s=5, sender="mt@example.dk", message=MESSAGE, times=1):
        """What the probe says: a list of messages, each a list of results (recipient, outcome, phase, code, status,
        text), and its last word."""
        path = os.path.join(self.folder, "message")
        with open(path, "wb") as file:
            file.write(message)
        started = time.monotonic()
        with subprocess.Popen([PROBE, "localhost", str(port), str(ca or self.certificates.ca_file), mode, user,
                               password, str(timeout_s), sender, path, *recipients], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as self.running:
            said, complaint = self.running.communicate("x\n" * times, timeout=120)
        self.took = time.monotonic() - started
        self.assertEqual(complaint, "")
        lines = [line.split("\t") for line in said.splitlines()]
        if lines[-1][0] == "connect":
            return [lines], "unusable"
        messages = [[]]
        for line in lines[:-1]:
            if line == ["-"]:
                messages.append([])
            else:
                messages[-1].append(line)
        return messages[:-1], lines[-1][0]

    def converse(self, script, **arguments):
        with Peer(script, server_context(self.good)) as peer:
            return self.probe(peer.port, **arguments)


class EveryPhaseTest(ProbeTest):
    """Each phase × what can come back: the outcome, where it was decided, and whether the peer got the message."""

    def check(self, phase, answer, outcome, code=0, messages=0):
        script = Script(**{phase: answer})
        results, last = self.converse(script, timeout_s=1 if answer is drip else 5)
        who, got, where, got_code, _, text = results[0][0]
        with self.subTest(phase=phase, answer=answer, text=text):
            self.assertEqual((got, where, int(got_code)), (outcome, NAMES[phase], code))
            self.assertEqual(who, "connect" if phase in ("greeting", "EHLO", "AUTH") else "a@example.dk")
            self.assertEqual(script.messages, [MESSAGE] * messages)
            self.assertTrue(text)
        return text, last

    def test_before_the_transaction(self):
        for phase, wrong in (("greeting", b"250 hm\r\n"), ("EHLO", b"220 hm\r\n"), ("AUTH", b"250 hm\r\n")):
            self.check(phase, wrong, "retry", int(wrong[:3]))
            self.check(phase, b"454 4.7.0 later\r\n", "retry", 454)
            self.check(phase, b"554 5.7.1 no\r\n", "retry", 554)
            self.check(phase, drop, "retry")
            self.check(phase, b"HTTP/1.1 400 Bad Request\r\n", "retry")
            self.check(phase, drip, "retry")
            self.assertLess(self.took, 4)

    def test_before_the_message(self):
        for phase in ("MAIL", "RCPT", "DATA"):
            self.check(phase, b"451 4.3.0 later\r\n", "retry", 451)
            self.check(phase, b"550 5.7.1 no\r\n", "rejected", 550)
            self.check(phase, b"421 4.3.2 closing\r\n", "retry", 421)
            self.check(phase, drop, "retry")
            self.check(phase, b"\r\n", "retry")
            self.check(phase, b"9999 x\r\n", "retry")
            self.check(phase, drip, "retry")
            self.assertLess(self.took, 4)
        self.check("DATA", b"250 eh?\r\n", "retry", 250)

    def test_after_the_final_dot(self):
        self.check("END", b"250 2.0.0 queued\r\n", "done", 250, messages=1)
        self.check("END", b"252 will see\r\n", "done", 252, messages=1)
        self.check("END", b"451 4.3.0 later\r\n", "retry", 451, messages=1)
        self.check("END", b"554 5.6.0 no\r\n", "rejected", 554, messages=1)
        self.check("END", drop, "unsure", messages=1)
        self.check("END", b"\x00\x00\x00\r\n", "unsure", messages=1)
        self.check("END", b"354 more\r\n", "unsure", 354, messages=1)
        self.check("END", flood, "unsure", messages=1)
        self.assertLess(self.took, 4)

    def test_a_dripping_answer_to_the_final_dot(self):
        self.check("END", drip, "unsure", messages=1)
        self.assertGreater(self.took, 9)  # it waits ten times as long there: giving up costs a person's time
        self.assertLess(self.took, 20)

    def cancel(self, connection):
        """Tells the client to stop; whether it hung up."""
        self.running.send_signal(signal.SIGUSR1)
        return bool(select.select([connection], [], [], 1)[0])

    def test_told_to_stop_before_the_final_dot(self):
        self.check("DATA", self.cancel, "retry")

    def test_told_to_stop_after_the_final_dot_it_hears_the_answer(self):
        def answer(connection):
            hung_up.append(self.cancel(connection))
            connection.sendall(b"250 2.0.0 queued\r\n")

        hung_up = []
        self.check("END", answer, "done", 250, messages=1)
        self.assertEqual(hung_up, [False])

    def test_the_words_of_the_server_are_kept(self):
        script = Script(RCPT=b"550-5.1.1 <010180-1234@example.dk>\r\n550-5.1.1 findes\r\n550 5.1.1 ikke\r\n")
        results, last = self.converse(script)
        self.assertEqual(results[0][0][3:], ["550", "5.1.1", "<xxxxxx-xxxx@example.dk> findes ikke"])
        self.assertEqual(last, "usable")


class RecipientsTest(ProbeTest):
    def test_each_has_an_outcome_of_its_own(self):
        script = Script(RCPT=[b"250 ok\r\n", b"451 4.2.1 full\r\n", b"550 5.1.1 unknown\r\n", b"251 forwards\r\n"])
        results, last = self.converse(script, recipients=[f"{name}@example.dk" for name in "abcd"])
        self.assertEqual([line[:2] for line in results[0]], [
            ["a@example.dk", "done"], ["b@example.dk", "retry"], ["c@example.dk", "rejected"],
            ["d@example.dk", "done"]])
        self.assertEqual(script.messages, [MESSAGE])
        self.assertEqual(last, "usable")

    def test_nobody_taken_sends_nothing_and_leaves_a_clean_session(self):
        script = Script(RCPT=[b"550 no\r\n", b"450 no\r\n", b"250 ok\r\n", b"250 ok\r\n"])
        results, _ = self.converse(script, recipients=["a@example.dk", "b@example.dk"], times=2)
        self.assertEqual([[line[1] for line in message] for message in results],
                         [["rejected", "retry"], ["done", "done"]])
        self.assertEqual(script.said_by_us("RSET"), ["RSET"])
        self.assertEqual(script.messages, [MESSAGE])

    def test_refusals_stand_when_the_connection_ends(self):
        script = Script(RCPT=[b"550 no\r\n", b"250 ok\r\n"], END=drop)
        results, last = self.converse(script, recipients=["a@example.dk", "b@example.dk"])
        self.assertEqual([line[1] for line in results[0]], ["rejected", "unsure"])
        self.assertEqual(last, "unusable")

    def test_goodbye_between_recipients(self):
        script = Script(RCPT=[b"250 ok\r\n", b"550 no\r\n", b"421 4.3.2 shutting down\r\n"])
        results, last = self.converse(script, recipients=[f"{name}@example.dk" for name in "abcd"])
        self.assertEqual([line[1] for line in results[0]], ["retry", "rejected", "retry", "retry"])
        self.assertEqual((script.messages, last), ([], "unusable"))
        self.assertEqual(len(script.said_by_us("RCPT")), 3)

    def test_an_answer_too_many_is_not_the_next_ones(self):
        script = Script(RCPT=[b"250 ok\r\n250 ok\r\n", b"550 no\r\n"])
        results, last = self.converse(script, recipients=["a@example.dk", "b@example.dk"])
        self.assertEqual([line[1] for line in results[0]], ["retry", "retry"])
        self.assertIn("what it was not asked", results[0][1][5])
        self.assertEqual((script.messages, last), ([], "unusable"))

    def test_hostile_addresses_never_reach_the_server(self):
        bad = ["a@example.dk\r\nRCPT TO:<b@example.dk>", "a@example.dk>", "<a@example.dk", "a b@example.dk", "a", "",
               "bø@example.dk", "a@example.dk\n", "\"a\"@example.dk", "a@[127.0.0.1]", "a@-x.dk",
               "x" * 300 + "@example.dk"]
        script = Script()
        results, _ = self.converse(script, recipients=["good@example.dk", *bad])
        self.assertEqual([line[1] for line in results[0] if len(line) > 1 and line[1] in ("done", "rejected")],
                         ["done"] + ["rejected"] * len(bad))
        self.assertEqual(script.said_by_us("RCPT"), ["RCPT TO:<good@example.dk>"])

    def test_hostile_sender(self):
        script = Script()
        results, last = self.converse(script, sender="mt@example.dk>\r\nRCPT TO:<b@example.dk")
        self.assertEqual((results[0][0][1], script.said_by_us("MAIL"), last), ("rejected", [], "usable"))

    def test_null_sender(self):
        script = Script()
        self.converse(script, sender="")
        self.assertTrue(script.said_by_us("MAIL")[0].startswith("MAIL FROM:<>"))


class MessageTest(ProbeTest):
    def test_arrives_byte_for_byte(self):
        message = MESSAGE + b".\r\n..\r\n.line\r\n\r\n" + b"x" * 998 + b"\r\n\t \r\n\r\n\r\n"
        script = Script()
        self.converse(script, message=message)
        self.assertEqual(script.messages, [message])

    def test_two_on_one_session(self):
        script = Script()
        results, last = self.converse(script, times=2)
        self.assertEqual(([line[0][1] for line in results], last), (["done", "done"], "usable"))
        self.assertEqual(script.messages, [MESSAGE, MESSAGE])
        self.assertEqual(len(script.said_by_us("QUIT")), 1)

    def test_what_servers_would_read_differently_is_not_sent(self):
        for message in (MESSAGE + b"bl\xc3\xa5\r\n", MESSAGE + b"a\nb\r\n", MESSAGE + b"a\rb\r\n", MESSAGE + b"\0\r\n",
                        MESSAGE + b"no end", MESSAGE + b"x" * 999 + b"\r\n", MESSAGE + b"\n.\r\nMAIL FROM:<>\r\n", b""):
            script = Script()
            results, _ = self.converse(script, message=message)
            self.assertEqual((results[0][0][1], script.said_by_us("MAIL")), ("rejected", []), message[-30:])

    def test_cut_inside_the_message_is_certain(self):
        script = Script(
            DATA=lambda connection: (connection.sendall(b"354 go\r\n"), connection.recv(1000), drop(connection)))
        results, last = self.converse(script, message=MESSAGE + (b"x" * 70 + b"\r\n") * 100000)
        self.assertEqual((results[0][0][1:3], last), (["retry", NAMES["body"]], "unusable"))

    def test_dsn_parameters_where_offered(self):
        script = Script(EHLO=b"250-peer\r\n250-DSN\r\n250 AUTH PLAIN\r\n")
        self.converse(script, recipients=["a@example.dk", "a+b@example.dk"])
        self.assertEqual(script.said_by_us("MAIL"), ["MAIL FROM:<mt@example.dk> RET=HDRS ENVID=frist-envelope-id"])
        self.assertEqual(script.said_by_us("RCPT"), ["RCPT TO:<a@example.dk> ORCPT=rfc822;a@example.dk",
                                                     "RCPT TO:<a+b@example.dk>"])
        script = Script()
        self.converse(script)
        self.assertEqual(script.said_by_us("MAIL"), [f"MAIL FROM:<mt@example.dk> SIZE={len(MESSAGE)}"])


class LoginTest(ProbeTest):
    def refused(self, script, text, phase="AUTH", code="0", **arguments):
        results, _ = self.converse(script, **arguments)
        self.assertEqual(results[0][0][:4], ["connect", "retry", NAMES[phase], code])
        self.assertIn(text, results[0][0][5])
        self.assertEqual(script.said_by_us("MAIL"), [])

    def test_plain(self):
        script = Script()
        self.converse(script)
        self.assertEqual(script.said_by_us("AUTH"), ["AUTH PLAIN AG10QGV4YW1wbGUuZGsAaGVtbWVsaWc="])

    def test_login(self):
        script = Script(EHLO=b"250-peer\r\n250 AUTH LOGIN\r\n")
        words = []

        def answer(connection):
            connection.sendall(b"334 VXNlcm5hbWU6\r\n")
            words.append(script.line(connection))
            connection.sendall(b"334 UGFzc3dvcmQ6\r\n")
            words.append(script.line(connection))
            connection.sendall(b"235 in\r\n")

        script.answers["AUTH"] = answer
        results, _ = self.converse(script)
        self.assertEqual(words, [b"bXRAZXhhbXBsZS5kaw==", b"aGVtbWVsaWc="])
        self.assertEqual(results[0][0][1], "done")

    def test_wrong_password(self):
        self.refused(Script(AUTH=b"535 5.7.8 authentication failed\r\n"), "authentication failed", code="535")

    def test_nothing_we_speak(self):
        self.refused(Script(EHLO=b"250-peer\r\n250 AUTH GSSAPI NTLM\r\n"), "neither AUTH PLAIN nor LOGIN")
        self.refused(Script(EHLO=b"250 peer\r\n"), "neither AUTH PLAIN nor LOGIN")

    def test_a_tab_behind_auth_does_not_spin(self):
        self.refused(Script(EHLO=b"250-peer\r\n250-AUTH \tPLAIN\r\n250 x\r\n"), "control character", phase="EHLO")
        self.assertLess(self.took, 4)

    def test_endless_hello(self):
        self.refused(Script(EHLO=flood), "more than", phase="EHLO")
        self.assertLess(self.took, 4)


class TlsTest(ProbeTest):
    def start_tls(self, script, **answers):
        """A plain script that upgrades at STARTTLS and goes on with `script`."""
        def upgrade(connection):
            connection.sendall(b"220 go ahead\r\n")
            script.answers["greeting"] = b""
            with server_context(self.good).wrap_socket(connection, server_side=True) as secured:
                script(secured)
            raise OSError("done")
        return Script(**{"EHLO": b"250-peer\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n", "STARTTLS": upgrade, **answers})

    def test_starttls(self):
        inner = Script()
        outer = self.start_tls(inner)
        with Peer(outer) as peer:
            results, last = self.probe(peer.port, mode="starttls")
        self.assertEqual((results[0][0][1], last), ("done", "usable"))
        self.assertEqual([line.split()[0] for line in outer.lines], ["EHLO", "STARTTLS"])
        self.assertEqual([line.split()[0] for line in inner.lines][:2], ["EHLO", "AUTH"])

    def failure(self, script, phase, text, code="0"):
        with Peer(script) as peer:
            results, _ = self.probe(peer.port, mode="starttls")
        self.assertEqual(results[0][0][:4], ["connect", "retry", NAMES[phase], code])
        self.assertIn(text, results[0][0][5])
        self.assertEqual(script.said_by_us("AUTH"), [])

    def test_not_offered(self):
        self.failure(Script(), "STARTTLS", "offers no STARTTLS")

    def test_refused(self):
        self.failure(self.start_tls(None, STARTTLS=b"454 4.7.0 not now\r\n"), "STARTTLS", "not now", "454")

    def test_an_answer_smuggled_in_before_tls(self):
        self.failure(self.start_tls(None, STARTTLS=b"220 go ahead\r\n250 AUTH PLAIN\r\n"), "STARTTLS", "in clear")

    def test_untrusted(self):
        pair = self.certificates.issue("alone", self_signed=True)
        with Peer(Script(), server_context(pair)) as peer:
            results, _ = self.probe(peer.port)
        self.assertEqual(results[0][0][:3], ["connect", "retry", NAMES["connect"]])
        self.assertIn("not signed by a known authority", results[0][0][5])

    def test_nobody_listens(self):
        with Peer(Script()) as peer:
            port = peer.port
        results, _ = self.probe(port)
        self.assertEqual(results[0][0][:3], ["connect", "retry", NAMES["connect"]])


MT = Person("Postkassen", "mt@example.dk", "postkasse")
HEAD = Person("Chef", "chef@example.dk")
CITIZEN = Person("Borger", "borger@borger.example.dk")


class EximTest(ProbeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.town = Town([MT, HEAD], [CITIZEN])
        cls.addClassCleanup(cls.town.close)
        cls.town.exim.set_list("deferred", "senere@example.dk")
        cls.town.exim.set_list("refused", "nej@example.dk")

    def send(self, port="submission", password=MT.password, **arguments):
        return self.probe(self.town.exim.ports[port], ca=self.town.authority.certificate, user=MT.address,
                          password=password, mode="starttls" if port == "submission" else "implicit", **arguments)

    def test_one_taken_one_deferred_one_refused(self):
        for number, port in enumerate(("submission", "submissions")):
            message = MESSAGE.replace(b"<1@", b"<exim%d@" % number)
            results, last = self.send(port, recipients=[HEAD.address, "senere@example.dk", "nej@example.dk",
                                                        CITIZEN.address, "ukendt@example.dk"], message=message)
            self.assertEqual([line[1] for line in results[0]], ["done", "retry", "rejected", "done", "rejected"])
            self.assertEqual([line[3:5] for line in results[0]][1:3], [["451", "4.7.1"], ["550", "5.7.1"]])
            self.assertEqual(results[0][4][4], "5.1.1")
            self.assertEqual(last, "usable")
            for who in (HEAD, CITIZEN):
                stored = self.town.mailboxes.wait_for(who.mailbox, f"<exim{number}@example.dk>")
                self.assertIn("auth=pass", stored.message["Authentication-Results"])
                self.assertTrue(stored.raw.endswith(message.split(b"\r\n\r\n", 1)[1]))

    def test_two_messages_then_goodbye(self):
        results, last = self.send(recipients=[HEAD.address], times=2)
        self.assertEqual(([line[0][1] for line in results], last), (["done", "done"], "usable"))

    def test_refused_and_deferred_after_the_dot(self):
        for kind, outcome, code in (("refused-data", "rejected", "554"), ("deferred-data", "retry", "451")):
            self.town.exim.set_list(kind, MT.address)
            self.addCleanup(self.town.exim.set_list, kind)
            results, last = self.send(recipients=[HEAD.address])
            self.assertEqual(results[0][0][1:4], [outcome, NAMES["END"], code])
            self.town.exim.set_list(kind)

    def test_wrong_password(self):
        results, _ = self.send(password="forkert")
        self.assertEqual(results[0][0][:4], ["connect", "retry", NAMES["AUTH"], "535"])

    def test_server_away(self):
        self.town.exim.stop()
        self.addCleanup(self.town.exim.start)
        results, _ = self.send()
        self.assertEqual(results[0][0][:3], ["connect", "retry", NAMES["connect"]])


if __name__ == "__main__":
    unittest.main()
