"""A throw-away certificate authority, made with the openssl command."""

import subprocess

HOSTS = ("localhost", "127.0.0.1", "mail.example.dk")


def openssl(*words):
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, timeout=30)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {words[0]}: {done.stderr}")


def alternative_names(hosts):
    return ",".join(("IP:" if host.replace(".", "").isdigit() else "DNS:") + host for host in hosts)


class Authority:
    """`certificate` is the path of what clients are to trust; issue() makes what servers show."""

    def __init__(self, root, name="ca"):
        self.root = root
        self.folder = root.folder(name)
        self.certificate = self.folder / "ca.pem"
        self.key = self.folder / "ca.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc",
                "-keyout", self.key, "-out", self.certificate, "-days", "30", "-subj", "/CN=Throw-away CA",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self.certificate.chmod(0o644)

    def issue(self, name, hosts=HOSTS, expired=False):
        """(certificate, key) of a server under these names; expired: it ran out yesterday."""
        certificate, key, request = (self.folder / f"{name}.{end}" for end in ("pem", "key", "csr"))
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={alternative_names(hosts)}\nextendedKeyUsage=serverAuth\n"
                              "basicConstraints=CA:FALSE\n")
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc",
                "-keyout", key, "-out", request, "-subj", f"/CN={hosts[0]}")
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial",
                "-out", certificate, "-days", "-1" if expired else "30", "-extfile", extensions)
        self.root.own(certificate)
        self.root.own(key)
        return certificate, key
