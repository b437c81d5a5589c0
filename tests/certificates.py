# SPDX-License-Identifier: MIT
"""Certificates for tests, made anew each time, and TLS octet by octet."""

import os
import shutil
import ssl
import subprocess
import tempfile


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Certificates:
    """A folder with an authority, "ca", and whom it vouches for."""

    def __init__(self, *names):
        self.root = tempfile.mkdtemp(prefix="pop3-tls-")
        self.add("ca")
        for name in names:
            self.add(name, issuer="ca")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root)

    def path(self, name):
        return os.path.join(self.root, name + ".pem")

    def key(self, name):
        return os.path.join(self.root, name + ".key")

    def add(self, name, issuer=None):
        """Itself signs it without issuer. Replaces one of the same name."""
        subject = "/CN=" + ("localhost" if name == "server" else name)
        signed = ["-CA", self.path(issuer), "-CAkey", self.key(issuer)] \
            if issuer else []
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", subject, "-addext", "subjectAltName=DNS:localhost",
                "-keyout", self.key(name), "-out", self.path(name), *signed)
        os.chmod(self.key(name), 0o600)

    def another_kind_of_key(self, name):
        """Its key is replaced by one of RSA: the certificate's is not."""
        openssl("genrsa", "-out", self.key(name), "2048")
        os.chmod(self.key(name), 0o600)

    def options(self, *more):
        """What the server is to be started with."""
        return "--certificate", self.path("server"), \
            "--key", self.key("server"), *more

    def context(self, version=None, client=None):
        """Of a client that believes in "ca", and may have a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(self.path("ca"))
        if version:
            context.minimum_version = context.maximum_version = version
        if client:
            context.load_cert_chain(self.path(client), self.key(client))
        return context


class Wire:
    """TLS over a connected socket, of which all octets are in one's hand."""

    def __init__(self, socket, context):
        self.socket = socket
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing)
        self.heard = b""

    def pending(self):
        """The octets that TLS wants to be sent now."""
        return self.outgoing.read()

    def flush(self):
        octets = self.pending()
        if octets:  # else it may have been shut down
            self.socket.sendall(octets)

    def until_done(self, call, *arguments):
        while True:
            try:
                result = call(*arguments)
            except ssl.SSLWantReadError:
                self.flush()
                octets = self.socket.recv(65536)
                if octets:
                    self.incoming.write(octets)
                else:
                    self.incoming.write_eof()
            else:
                self.flush()
                return result

    def shake_hands(self):
        self.until_done(self.tls.do_handshake)

    def encrypted(self, octets):
        """One record."""
        self.tls.write(octets)
        return self.pending()

    def send(self, octets):
        self.socket.sendall(self.encrypted(octets))

    def line(self):
        while b"\n" not in self.heard:
            octets = self.until_done(self.tls.read, 65536)
            if not octets:
                break
            self.heard += octets
        line, end, self.heard = self.heard.partition(b"\n")
        return (line + end).decode("latin-1")

    def ask(self, command):
        self.send(command.encode() + b"\r\n")
        return self.line()

    def is_closed(self):
        """True by close_notify; an end without it is an error."""
        assert not self.heard, self.heard
        try:
            return self.until_done(self.tls.read, 1) == b""
        except ssl.SSLZeroReturnError:
            return True
