# SPDX-License-Identifier: MIT
"""Starts pop3-reference-server, and talks to it octet by octet."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PATIENCE = 240  # seconds; long, because a sanitized build on a busy host is slow
USERS = "al:secret\nbob:{PLAIN}b o b\n" + \
    "".join(f"user{i}:pw\n" for i in range(20))


LEAN = {"ASAN_OPTIONS":
        "quarantine_size_mb=1:thread_local_quarantine_size_kb=64"}


class Server:
    """A server of its own mail root. Ends cleanly, or the test fails."""

    def __init__(self, program, *options, root=None, expect_stderr="",
                 users_text=USERS, measured=False):
        """measured: what is freed is no memory of it, as a sanitizer has it."""
        self.owned = root is None
        self.root = root or tempfile.mkdtemp(prefix="pop3-")
        self.expect_stderr = expect_stderr
        self.users = os.path.join(self.root, "users")
        with open(program, "rb") as file:
            self.keeps_signals = b"libtsan" in file.read()
        if self.owned:
            with open(self.users, "w", opener=private) as file:
                file.write(users_text)
        self.process = subprocess.Popen(
            [program, "--maildir", self.root, "--users", self.users, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=os.environ | (LEAN if measured else {}))
        ready = self.process.stdout.readline()
        if not ready.startswith("listening on 127.0.0.1:"):
            raise RuntimeError(ready + self.process.communicate()[1])
        self.port = int(ready.rsplit(":", 1)[1])
        self.tls_port = None
        if "--tls-port" in options:
            ready = self.process.stdout.readline()
            if not ready.startswith("listening with TLS on 127.0.0.1:"):
                raise RuntimeError(ready + self.process.communicate()[1])
            self.tls_port = int(ready.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, failed, *_):
        try:
            self.stop(signal.SIGTERM, check=not failed)
        finally:
            if self.owned:
                shutil.rmtree(self.root)

    def stop(self, number, check=True):
        if self.process.stdout.closed:
            return
        self.process.send_signal(number)
        try:
            out, err = self.outcome()
        finally:
            self.process.kill()
        if check:
            assert out == "", out
            assert self.expect_stderr in (err, None), err
            assert self.process.returncode == 0, self.process.returncode

    def outcome(self):
        """The thread sanitizer may keep a signal until the loop has to do."""
        if self.keeps_signals:
            for _ in range(PATIENCE):
                try:
                    return self.process.communicate(timeout=1)
                except subprocess.TimeoutExpired:
                    with contextlib.suppress(OSError), socket.socket() as s:
                        s.connect(("127.0.0.1", self.port))
        return self.process.communicate(timeout=PATIENCE)

    def put(self, name, octets, user="al"):
        path = os.path.join(self.root, user, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "xb") as file:
            file.write(octets)

    def mail(self, user="al"):
        """The names of all messages."""
        return sorted(
            name for folder in ("new", "cur")
            for name in os.listdir(os.path.join(self.root, user, folder)))

    def memory(self):
        """The most memory that the server ever used, in KiB."""
        with open(f"/proc/{self.process.pid}/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
        raise RuntimeError("no VmHWM")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def client(self, **options):
        return Client(self.port, **options)

    def login(self, user="al", password="secret"):
        """A client in the TRANSACTION state; waits for a lock to be freed."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            client = self.client()
            client.command("USER " + user)
            status = client.ask("PASS " + password)
            if status.startswith("+OK"):
                return client
            assert status.startswith("-ERR [IN-USE]"), status
            client.close()
        raise TimeoutError("the maildrop is still locked")


class Client:
    """In TLS from the start with tls, an ssl.SSLContext."""

    def __init__(self, port, receive_buffer=0, tls=None, source=None):
        self.socket = socket.socket()
        if source:
            self.socket.bind((source, 0))
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                                   receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.file = self.socket.makefile("rb")
        if tls:
            self.start_tls(tls)
        self.greeting = self.line()

    def start_tls(self, context):
        """From here on in TLS; its end without close_notify is an error."""
        self.file.close()
        self.socket = context.wrap_socket(self.socket,
                                          suppress_ragged_eofs=False)
        self.file = self.socket.makefile("rb")

    def line(self):
        return self.file.readline().decode("latin-1")

    def send(self, octets):
        self.socket.sendall(octets)

    def ask(self, command):
        """Returns the first line of the reply."""
        self.send(command.encode() + b"\r\n")
        return self.line()

    def command(self, command):
        """As ask(), but the answer must be positive."""
        status = self.ask(command)
        assert status.startswith("+OK"), status
        return status

    def body(self):
        """The rest of a multi-line reply, unstuffed."""
        lines = []
        while (line := self.file.readline()) != b".\r\n":
            assert line.endswith(b"\n"), line
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def retrieve(self, number):
        self.command(f"RETR {number}")
        return self.body()

    def rest(self):
        """All that comes until the server closes."""
        return self.file.read()

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self):
        reset_at_close(self.socket)
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def reset_at_close(connected):
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                         b"\1\0\0\0\0\0\0\0")


def retry(check, patience=PATIENCE):
    """Calls check until it raises no AssertionError any more."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return check()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.001)


def private(path, flags):
    return os.open(path, flags, 0o600)
