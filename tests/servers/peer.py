"""A scripted server on loopback, and certificates with something wrong with them.

A Peer listens on a free port and runs one script for every connection: a function that gets a socket and does what no
decent server does. What a script raises when the program under test hangs up is expected; what it asserts is not.
"""
import os
import socket
import ssl
import subprocess
import threading

CA_CONFIG = """
[ca]
default_ca = own
[own]
dir = {root}
database = {root}/index.txt
serial = {root}/serial
new_certs_dir = {root}
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
"""


class Certificates:
    """A throw-away authority in a folder; issue() gives (certificate file, key file)."""

    def __init__(self, root):
        self.root = root
        self.config = os.path.join(root, "ca.cnf")
        self.ca_file = os.path.join(root, "ca.pem")
        with open(self.config, "w") as file:
            file.write(CA_CONFIG.format(root=root))
        open(os.path.join(root, "index.txt"), "w").close()
        with open(os.path.join(root, "serial"), "w") as file:
            file.write("01\n")
        self._openssl("req", "-config", self.config, "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-days", "30", "-subj", "/CN=Test Authority", "-extensions", "authority",
                      "-keyout", os.path.join(root, "ca.key"), "-out", self.ca_file)

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def issue(self, name, names="DNS:localhost,IP:127.0.0.1", start=None, end=None, self_signed=False):
        """start and end as YYYYMMDDHHMMSSZ; valid for the next 20 days when not given."""
        key, request, certificate = (os.path.join(self.root, name + suffix) for suffix in (".key", ".csr", ".pem"))
        common = ["req", "-config", self.config, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                  "-subj", "/CN=" + name, "-addext", "subjectAltName=" + names, "-keyout", key]
        if self_signed:
            self._openssl(*common, "-x509", "-days", "20", "-out", certificate)
            return certificate, key
        self._openssl(*common, "-new", "-out", request)
        dates = ["-startdate", start, "-enddate", end] if start else ["-days", "20"]
        self._openssl("ca", "-config", self.config, "-batch", "-notext", "-cert", self.ca_file,
                      "-keyfile", os.path.join(self.root, "ca.key"), *dates, "-in", request, "-out", certificate)
        return certificate, key


def server_context(pair, lowest=None, highest=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if lowest or highest:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = lowest or context.minimum_version
        context.maximum_version = highest or context.maximum_version
    context.load_cert_chain(*pair)
    return context


class Peer:
    """with Peer(script, context) as peer: … peer.port …; context None leaves TLS to the script."""

    def __init__(self, script, context=None):
        self.script, self.context = script, context
        self.failures, self.connections, self._open, self._threads = [], 0, [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()
        return self

    def __exit__(self, kind, value, trace):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._acceptor.join()
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self._threads:
            thread.join()
        if self.failures and kind is None:
            raise self.failures[0]

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            self.script(connection)
        except OSError:
            pass
        except Exception as failure:  # an assertion in the script
            self.failures.append(failure)
        finally:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()
