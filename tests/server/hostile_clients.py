# SPDX-License-Identifier: MIT
"""Clients that want to harm the server, or do without wanting to.

Each is a function of a Siege, which has the server and counts what it takes.
While they are there, siege.check() has somebody else log in and be answered.
"""

import os
import select
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from certificates import Certificates
from reference_server import (PATIENCE, Client, Server, reset_at_close, retry)
from sasl import b64, plain

BIG = 10 << 20  # octets of a message
BIG_USERS = 4   # big0, big1, ...
USERS = "al:secret\nbob:b o b\n" + \
    "".join(f"big{i}:pw\n" for i in range(BIG_USERS)) + \
    "".join(f"user{i}:pw\n" for i in range(50))
BOUND = 6 << 10  # KiB more than the same server that nobody attacks
GARBAGE = (b"\x16\x03\x01\x00\x05garbage", b"\x15\x03\x01\x00\x02\x02\x28",
           b"\x16\x03\x01\xff\xff" + b"\xff" * 70000, b"\0" * 20000,
           b"\x80\x2e\x01\x00\x02" + bytes(100), b"CAPA\r\nQUIT\r\n" * 500)
SILENCE = "--autologout", "4"


class Siege:
    """A server, what it held when it was alone, and who attacks it."""

    def __init__(self, program, certificates, scale=1, options=()):
        self.scale = scale
        self.certificates = certificates
        self.server = Server(program, "--max-connections", "300",
                             *certificates.options("--tls-port", "0"),
                             *options, users_text=USERS)
        self.sockets = []
        self.checks = 0
        for i in range(BIG_USERS):
            self.server.put("new/1.x", b"Subject: big\n\n" +
                            (b"x" * 63 + b"\n") * (BIG // 64),
                            user=f"big{i}")
        for secure in False, True, False:
            self.check(secure)
        self.before = self.server.memory()
        self.descriptors = self.server.descriptors()

    def check(self, secure=False):
        """Somebody else is served, whatever happens."""
        server = self.server
        with Client(server.tls_port if secure else server.port,
                    source="127.0.0.9",
                    tls=self.certificates.context() if secure
                    else None) as client:
            assert client.greeting.startswith("+OK"), client.greeting
            client.command("USER bob")
            client.command("PASS b o b")
            client.command("NOOP")
            client.command("QUIT")
            client.rest()
        self.checks += 1

    def connect(self, tls=False, greeted=True, receive_buffer=0):
        """A socket, which has been greeted."""
        s = socket.socket()
        if receive_buffer:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        s.settimeout(PATIENCE)
        s.connect(("127.0.0.1", self.server.tls_port if tls
                   else self.server.port))
        self.sockets.append(s)
        if greeted and not tls:
            assert hear(s).startswith(b"+OK")
        return s

    def until_closed(self, sockets):
        """The server ends them all; others are served meanwhile."""
        left = {s.fileno(): s for s in sockets}
        poll = select.poll()
        for number in left:
            poll.register(number, select.POLLIN)
        while left:
            for number, _ in poll.poll(100):
                if ended(left[number]):
                    poll.unregister(number)
                    del left[number]
            self.check()

    def end(self):
        """All descriptors come back. Returns KiB that it took at most."""
        retry(self.check)
        while self.sockets:
            self.sockets.pop().close()
        self.check(secure=True)
        retry(self.is_alone)
        took = self.server.memory() - self.before
        self.server.__exit__(None, None, None)
        return took

    def is_alone(self):
        assert self.server.descriptors() <= self.descriptors, \
            (self.server.descriptors(), self.descriptors)


def hear(s):
    """What comes next: at least an octet, or the end."""
    return s.recv(4096)


def ended(s):
    try:
        return not s.recv(65536)
    except OSError:
        return True


def say(s, octets):
    """As far as the server still wants it. Returns false when it does not."""
    try:
        s.sendall(octets)
    except OSError:
        return False
    return True


def flood(s, octets, most):
    """As many octets as it takes without being read, or most; how many."""
    sent = 0
    s.setblocking(False)
    while sent < most and select.select([], [s], [], 1)[1]:
        try:
            sent += s.send(octets)
        except BlockingIOError:
            pass
        except OSError:
            break
    s.settimeout(PATIENCE)
    return sent


def log_in(s, user="big0", password="pw"):
    s.sendall(f"USER {user}\r\nPASS {password}\r\n".encode())
    heard = b""
    while heard.count(b"\n") < 2:
        heard += hear(s)
    assert heard.count(b"+OK") == 2, heard


# ------------------------------------------------------------------------------
# Who does nothing, or little.

def never_writes(siege):
    siege.until_closed([siege.connect() for _ in range(200)])


never_writes.options = SILENCE


def writes_octet_by_octet(siege):
    """Endless lines: none is a command, so it is silence."""
    clients = [siege.connect() for _ in range(50)]
    while clients:
        clients = [s for s in clients if say(s, b"A")]
        siege.check()


writes_octet_by_octet.options = SILENCE


def never_reads(siege):
    """RETR of 10 MiB, a hundred times each."""
    clients = []
    for i in range(BIG_USERS):
        clients.append(siege.connect(receive_buffer=4096))
        log_in(clients[-1], f"big{i}")
        clients[-1].sendall(b"RETR 1\r\n" * 100)
    for _ in range(20):
        siege.check()
    retry(siege.is_alone)  # the autologout is for them, too


never_reads.options = SILENCE


def says_stls_and_nothing(siege):
    clients = [siege.connect() for _ in range(50)]
    for s in clients:
        s.sendall(b"STLS\r\n")
        assert hear(s).startswith(b"+OK")
    clients += [siege.connect(tls=True) for _ in range(50)]
    siege.until_closed(clients)


says_stls_and_nothing.options = SILENCE


# ------------------------------------------------------------------------------
# Who goes, in every state.

def greeted(siege):
    return siege.connect()


def not_greeted(siege):
    return siege.connect(greeted=False)


def named(siege):
    s = siege.connect()
    s.sendall(b"USER al\r\n")
    return s


def verified(siege):
    s = siege.connect()
    s.sendall(b"USER al\r\nPASS secret\r\n")
    return s


def in_line(siege):
    s = siege.connect()
    s.sendall(b"USER al\r\nPAS")
    return s


def in_auth(siege):
    s = siege.connect()
    s.sendall(b"AUTH CRAM-MD5\r\n")
    return s


def in_transaction(siege):
    s = siege.connect()
    s.sendall(b"USER big1\r\nPASS pw\r\nDELE 1\r\n")
    return s


def in_retrieval(siege):
    s = siege.connect(receive_buffer=4096)
    s.sendall(b"USER big2\r\nPASS pw\r\nRETR 1\r\nRETR 1\r\n")
    hear(s)
    return s


def in_update(siege):
    s = siege.connect()
    s.sendall(b"USER user1\r\nPASS pw\r\nQUIT\r\n")
    return s


def before_handshake(siege):
    s = siege.connect()
    s.sendall(b"STLS\r\n")
    return s


def in_handshake(siege):
    s = siege.connect(tls=True)
    s.sendall(b"\x16\x03\x01\x02\x00\x01")
    return s


def in_tls(siege):
    s = siege.connect(tls=True)
    context = siege.certificates.context()
    siege.sockets.remove(s)
    secure = context.wrap_socket(s, suppress_ragged_eofs=False)
    siege.sockets.append(secure)
    secure.sendall(b"CAPA\r\n")
    return secure


STATES = (greeted, not_greeted, named, verified, in_line, in_auth,
          in_transaction, in_retrieval, in_update, before_handshake,
          in_handshake, in_tls)


def resets_in_every_state(siege):
    for state in STATES:
        for _ in range(5):
            s = state(siege)
            siege.sockets.remove(s)
            reset_at_close(s)
            s.close()
        siege.check()


def closes_in_every_state(siege):
    """What the server still writes meets nobody: SIGPIPE, EPIPE, a reset."""
    for state in STATES:
        for _ in range(5):
            s = state(siege)
            siege.sockets.remove(s)
            s.close()
        siege.check()


def half_closes_in_every_state(siege):
    """All is answered, and then the server closes, too."""
    for state in STATES:
        s = state(siege)
        socket.socket.shutdown(s, socket.SHUT_WR)
        while not ended(s):
            pass
        siege.check()


# ------------------------------------------------------------------------------
# Who says what is none of POP3, or of TLS.

def says_garbage_for_tls(siege):
    for garbage in GARBAGE:
        for _ in range(10):
            s = siege.connect(tls=True)
            say(s, garbage)
            socket.socket.shutdown(s, socket.SHUT_WR)
            while not ended(s):
                pass
        s = siege.connect()
        s.sendall(b"STLS\r\n")
        assert hear(s).startswith(b"+OK")
        say(s, garbage)
        siege.check()


def renegotiates(siege):
    """OpenSSL does not, whoever asks: a handshake costs us more than him."""
    for version in "-tls1_2", "-tls1_3":
        command = ["openssl", "s_client", version, "-connect",
                   f"127.0.0.1:{siege.server.tls_port}"]
        with subprocess.Popen(command, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT) as client:
            # A greeting on its way would be taken for a handshake.
            for line in client.stdout:
                if line.startswith(b"+OK"):
                    break
            client.stdin.write(b"R\n" * 100)
            client.stdin.flush()
            siege.check(secure=True)
            client.stdin.close()
            client.stdout.read()


def says_an_endless_line(siege):
    """A gibibyte when the scale is 16."""
    s = siege.connect()
    block = b"A" * (1 << 16)
    for i in range(siege.scale << 10):
        assert say(s, block)
        if i % 256 == 0:
            siege.check()
    s.sendall(b"\r\nQUIT\r\n")
    while not ended(s):
        pass


def says_an_endless_response(siege):
    for begin in b"AUTH PLAIN\r\n", b"AUTH CRAM-MD5\r\n":
        s = siege.connect()
        s.sendall(begin)
        assert hear(s).startswith(b"+ ")
        for i in range(siege.scale << 7):
            assert say(s, b"QUFB" * (1 << 14))
            if i % 64 == 0:
                siege.check()
        s.sendall(b"\r\n")
        assert hear(s).startswith(b"-ERR")


def exchanges_without_end(siege):
    s = siege.connect()
    for round_ in range(siege.scale * 300):
        for lines in (b"AUTH PLAIN\r\n*\r\n", b"AUTH CRAM-MD5\r\n=\r\n",
                      b"AUTH SCRAM-SHA-256\r\n" + b64(b"n,,n=al,r=x").encode()
                      + b"\r\n*\r\n", b"AUTH PLAIN " + b"A" * 200 + b"\r\n"):
            say(s, lines)
            heard = b""
            while b"-ERR" not in heard:
                heard += hear(s)
        if round_ % 100 == 0:
            siege.check()


# ------------------------------------------------------------------------------
# Who says more than is read, or comes too often.

def pipelines_unread(siege):
    """A million commands, as far as TCP takes them."""
    clients = [siege.connect(receive_buffer=4096) for _ in range(5)]
    for s in clients:
        assert flood(s, b"CAPA\r\n" * 10000, 6000000) < 6000000
        siege.check()


def more_than_there_may_be(siege):
    """1,000 more than --max-connections."""
    there, refused = [siege.connect() for _ in range(250)], 0
    siege.check()
    while refused < 1000:
        s = siege.connect(greeted=False)
        if hear(s).startswith(b"+OK"):
            there.append(s)
            continue
        refused += 1
        siege.sockets.remove(s)
        s.close()
    assert len(there) <= 300
    for s in there:
        s.sendall(b"NOOP\r\n")
        assert hear(s).startswith(b"-ERR")
    for s in there[:20]:
        siege.sockets.remove(s)
        s.close()


def too_many_of_one_address(siege):
    there = [siege.connect() for _ in range(10)]
    for i in range(1000):
        s = siege.connect(greeted=False)
        assert hear(s).startswith(b"-ERR [SYS/TEMP] too many")
        siege.sockets.remove(s)
        s.close()
        if i % 100 == 0:
            siege.check()
    assert len(there) == 10


too_many_of_one_address.options = ("--limit-loopback", "--max-per-address",
                                   "10")


def connects_and_closes(siege):
    for i in range(3000):
        s = siege.connect(greeted=False, tls=i % 2 == 1)
        siege.sockets.remove(s)
        if i % 3 == 0:
            reset_at_close(s)
        s.close()
        if i % 300 == 0:
            siege.check()


# A starved server has not yet seen that those are gone who would be too many.
connects_and_closes.options = ("--max-connections", "4000")


def guesses_passwords(siege):
    """As fast as it can; each connection is closed behind the tenth."""
    for i in range(20):
        clients = [siege.connect() for _ in range(10)]
        for s in clients:
            say(s, b"USER al\r\nPASS guess\r\n" * 50)
            say(s, b"AUTH PLAIN " + plain("al", "guess").encode() + b"\r\n")
        for s in clients:
            while not ended(s):
                pass
        siege.check()


guesses_passwords.options = "--limit-loopback", "--refusal-delay", "0", \
    "--max-per-address", "0"


def guesses_and_has_to_wait(siege):
    """Many more than there are threads wait for their answer."""
    clients = [siege.connect() for _ in range(200)]
    for s in clients:
        s.sendall(b"USER al\r\nPASS guess\r\n")
    for _ in range(10):
        siege.check()
    siege.until_closed(clients)


guesses_and_has_to_wait.options = ("--limit-loopback", "--login-time", "3",
                                   "--max-per-address", "0",
                                   "--refusal-delay", "60000")


CLIENTS = (
    never_writes, writes_octet_by_octet, never_reads, says_stls_and_nothing,
    resets_in_every_state, closes_in_every_state, half_closes_in_every_state,
    says_garbage_for_tls, renegotiates, says_an_endless_line, says_an_endless_response,
    exchanges_without_end, pipelines_unread, more_than_there_may_be,
    too_many_of_one_address, connects_and_closes, guesses_passwords,
    guesses_and_has_to_wait)


def attack(program, certificates, client, scale=1):
    """Returns KiB more than before, how often another was served, seconds."""
    siege = Siege(program, certificates, scale,
                  getattr(client, "options", ()))
    began = time.monotonic()
    try:
        client(siege)
        took = siege.end()
    except BaseException:
        siege.server.__exit__(True, None, None)
        raise
    finally:
        for s in siege.sockets:
            s.close()
    return took, siege.checks, time.monotonic() - began


def main():
    """The table: hostile_clients.py PROGRAM [NAME]..."""
    program, *names = sys.argv[1:]
    print(f"{'client':30}{'KiB more':>10}{'served':>8}{'seconds':>9}")
    worst = 0
    with Certificates("server") as certificates:
        for client in CLIENTS:
            if names and client.__name__ not in names:
                continue
            took, checks, seconds = attack(os.path.abspath(program),
                                           certificates, client, 16)
            name = client.__name__.replace("_", " ")
            print(f"{name:30}{took:10,}{checks:8}{seconds:9.1f}", flush=True)
            worst = max(worst, took)
    print(f"at most {worst:,} KiB more than when nobody attacks; "
          f"the bound is {BOUND:,}")
    return worst > BOUND


if __name__ == "__main__":
    sys.exit(main())
