"""A fault proxy: between the program and a real server, in the clear inside TLS on both sides.

    with Proxy(town, town.exim.ports["submissions"]) as proxy: … proxy.port …
        proxy.upward = lambda link, data: data          # bytes from the program to the server
        proxy.downward = lambda link, data: None        # None: cut both sides, as a broken line would
        proxy.hold()                                    # the line is half open: nothing comes through, nobody is told
"""

import select
import socket
import ssl
import threading

from .base import free_port


class Link:
    """One connection through the proxy; filters may keep what they remember in it."""

    def __init__(self, client, server):
        self.client, self.server = client, server
        self.closing = False

    def cut(self):
        self.closing = True
        for side in (self.client, self.server):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Proxy:
    def __init__(self, town, target, **certificate):
        self.target, self.port = target, free_port()
        self.inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.inside.load_cert_chain(*town.authority.issue(f"proxy-{self.port}", **certificate))
        self.outside = ssl.create_default_context(cafile=str(town.authority.certificate))
        self.upward = self.downward = lambda link, data: data
        self.connections = 0
        self._links, self._threads = [], []
        self._open = threading.Event()
        self._open.set()
        self._listener = None

    def __enter__(self):
        self.listen()
        return self

    def __exit__(self, *_):
        self._open.set()
        self.away()
        for thread in self._threads:
            thread.join()

    def listen(self):
        """The server is there (again)."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._start(self._accept, self._listener)

    def away(self):
        """The server is gone: connections break, new ones are refused."""
        if self._listener:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.cut()

    def cut(self):
        """All connections break."""
        for link in list(self._links):
            link.cut()

    def hold(self):
        """From now on nothing comes through, and new connections are not answered."""
        self._open.clear()

    def release(self):
        self._open.set()

    def _start(self, run, *arguments):
        thread = threading.Thread(target=run, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._join, client)

    def _join(self, client):
        self._open.wait()
        server = None
        try:
            server = self.outside.wrap_socket(socket.create_connection(("127.0.0.1", self.target), 10),
                                              server_hostname="127.0.0.1")
            server.settimeout(None)
            client = self.inside.wrap_socket(client, server_side=True)
        except OSError:
            client.close()
            if server:
                server.close()
            return
        link = Link(client, server)
        self._links.append(link)
        if not self._listener:  # it went away meanwhile, and did not cut what it did not know of
            link.cut()
        try:
            while self._carry(link, client, server, "upward") and self._carry(link, server, client, "downward"):
                if not client.pending() and not server.pending():
                    select.select([client, server], [], [])
        except OSError:
            pass
        link.cut()
        client.close()
        server.close()
        self._links.remove(link)

    def _carry(self, link, source, sink, way):
        """Carries on what has come, in one thread for both ways: TLS connections do not bear two. False at the end."""
        if not source.pending() and not select.select([source], [], [], 0)[0]:
            return True
        data = source.recv(65536)
        self._open.wait()
        data = getattr(self, way)(link, data) if data else None  # looked up each time: it may change at any time
        if data is None:
            return False
        sink.sendall(data)
        return True
