"""io/tls against servers that are wrong in one way each."""
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from servers.peer import Certificates, Peer, server_context

PROBE = os.path.join(os.environ["FRIST_BIN"], "tests", "tls_probe")


def silent(connection):
    while connection.recv(4096):
        pass


def greet(connection):
    assert connection.recv(100) == b"hello\r\n"
    connection.sendall(b"x" * 5000)


def drip(connection):
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def flood(connection):
    while True:
        connection.sendall(b"x" * 65536)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="frist-tls-")
        cls.addClassCleanup(folder.cleanup)
        cls.certificates = Certificates(folder.name)
        cls.good = cls.certificates.issue("good")

    def probe(self, port, host="localhost", ca=None, mode="implicit", timeout_ms=5000, bytes_max=1 << 20, cancel_ms=0):
        started = time.monotonic()
        done = subprocess.run([PROBE, host, str(port), self.certificates.ca_file if ca is None else ca, mode,
                               str(timeout_ms), str(bytes_max), str(cancel_ms)],
                              capture_output=True, text=True, timeout=60)
        self.took = time.monotonic() - started
        self.assertEqual(done.stderr, "")
        return done.stdout.splitlines()

    def expect(self, outcome, *words, script=silent, context=None, pair=None, **arguments):
        context = context or (server_context(pair) if pair else None)
        with Peer(script, context) as peer:
            lines = self.probe(peer.port, **arguments)
        self.assertEqual(lines[-1].split(" ", 1)[0], outcome, lines)
        for word in words:
            self.assertIn(word, lines[-1])
        return lines

    def test_reads_to_the_end(self):
        lines = self.expect("closed", "localhost closed the connection", script=greet, pair=self.good)
        self.assertEqual(lines[:2], ["connected securely", "read 5000"])

    def test_address_in_the_certificate(self):
        lines = self.expect("closed", script=greet, pair=self.good, host="127.0.0.1")
        self.assertEqual(lines[0], "connected securely")

    def test_tls_1_2_is_enough(self):
        context = server_context(self.good, highest=ssl.TLSVersion.TLSv1_2)
        self.assertEqual(self.expect("closed", script=greet, context=context)[1], "read 5000")

    def test_tls_1_1_is_not(self):
        context = server_context(self.good, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_1)
        self.expect("untrusted", "localhost speaks no TLS 1.2 or newer", context=context)

    def test_server_name_is_sent_for_names_only(self):
        for host, expected in (("localhost", "localhost"), ("127.0.0.1", None)):
            seen = []
            context = server_context(self.good)
            context.sni_callback = lambda tls, name, own: seen.append(name)
            self.expect("closed", script=greet, context=context, host=host)
            self.assertEqual(seen, [expected])

    def test_certificate_for_another_host(self):
        pair = self.certificates.issue("other", names="DNS:mail.example.dk,DNS:imap.example.dk")
        self.expect("untrusted", "the certificate is for mail.example.dk, imap.example.dk, not for localhost",
                    pair=pair)

    def test_certificate_for_another_address(self):
        pair = self.certificates.issue("address", names="IP:10.0.0.1")
        self.expect("untrusted", "the certificate is for 10.0.0.1, not for 127.0.0.1", pair=pair, host="127.0.0.1")

    def test_self_signed(self):
        pair = self.certificates.issue("alone", self_signed=True)
        self.expect("untrusted", "localhost is not signed by a known authority, but by alone", pair=pair)

    def test_authority_unknown_to_the_system(self):
        self.expect("untrusted", "not signed by a known authority, but by Test?Authority", pair=self.good, ca="")

    def test_expired(self):
        pair = self.certificates.issue("old", start="20200101000000Z", end="20210203040506Z")
        self.expect("untrusted", "the certificate of localhost has expired on 2021-02-03 04:05 UTC", pair=pair)

    def test_not_yet_valid(self):
        pair = self.certificates.issue("young", start="20990101000000Z", end="20990201000000Z")
        self.expect("untrusted", "the certificate of localhost is not valid before 2099-01-01", pair=pair)

    def test_ca_file_missing(self):
        self.expect("untrusted", "cannot read certificates from /nowhere.pem", pair=self.good, ca="/nowhere.pem")

    def test_plain_text_peer(self):
        def script(connection):
            connection.sendall(b"* OK ready\r\n")
            silent(connection)
        self.expect("untrusted", "does not answer in TLS on this port", script=script)

    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        lines = self.probe(port)
        self.assertEqual(lines, [f"unreachable cannot reach localhost port {port}: Connection refused"])

    def test_unknown_name(self):
        lines = self.probe(1, host="mail.invalid")
        self.assertRegex(lines[0], "^unreachable no address for mail.invalid: ")

    def test_silence_in_the_handshake(self):
        self.expect("timed-out", "localhost did not answer in time", timeout_ms=300)
        self.assertLess(self.took, 3)

    def test_silence_afterwards(self):
        lines = self.expect("timed-out", "localhost did not answer in time", pair=self.good, timeout_ms=500)
        self.assertEqual(lines[0], "connected securely")

    def test_dripping_bytes_extend_nothing(self):
        lines = self.expect("timed-out", "in time", script=drip, pair=self.good, timeout_ms=700)
        self.assertEqual(lines[0], "connected securely")
        self.assertNotEqual(lines[1], "read 0")
        self.assertLess(self.took, 4)

    def test_flood_is_cut(self):
        for mode, pair in (("implicit", self.good), ("plain", None)):
            lines = self.expect("refused", "localhost sent more than allowed", script=flood, pair=pair, mode=mode,
                                bytes_max=300000)
            count = int(lines[1].split()[1])
            self.assertTrue(250000 < count <= 300000, lines)

    def test_end_without_close_notify(self):
        def script(connection):
            connection.recv(100)
            connection.sendall(b"abc")
            os.close(connection.detach())
        self.assertEqual(self.expect("closed", script=script, pair=self.good)[1], "read 3")

    def test_cancel_while_reading_and_in_the_handshake(self):
        for pair in (self.good, None):
            self.expect("cancelled", pair=pair, timeout_ms=20000, cancel_ms=500)
            self.assertLess(self.took, 10)

    def test_upgrade(self):
        context = server_context(self.good)

        def script(connection):
            connection.sendall(b"go\r\n")
            with context.wrap_socket(connection, server_side=True) as secure:
                greet(secure)
        lines = self.expect("closed", script=script, mode="starttls")
        self.assertEqual(lines[:3], ["upgraded", "connected securely", "read 5000"])

    def test_upgrade_verifies_too(self):
        context = server_context(self.certificates.issue("upgraded", names="DNS:mail.example.dk"))

        def script(connection):
            connection.sendall(b"go\r\n")
            context.wrap_socket(connection, server_side=True)
        self.expect("untrusted", "the certificate is for mail.example.dk", script=script, mode="starttls")

    def test_plain(self):
        lines = self.expect("closed", script=greet, mode="plain")
        self.assertEqual(lines[:2], ["connected in clear", "read 5000"])


if __name__ == "__main__":
    unittest.main()
