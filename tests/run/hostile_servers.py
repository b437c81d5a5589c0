# SPDX-License-Identifier: MIT
"""Servers that want the judge's memory, its time, or its terminal.

Each never ends what it begins, or begins what nobody asked for. test_floods.py
judges them one by one, hostile_memory.py tells how much memory each takes.
"""

import select
import socket
import ssl
import struct

from pop3_server import Closes, Session

PIECE = 1 << 20
LINE = b"x" * 70 + b"\r\n"
LINES = LINE * (PIECE // len(LINE))
GIBIBYTE = 1 << 30
MILLION = b"".join([b"+OK\r\n", *(b"%d 120\r\n" % (n + 1)
                                for n in range(1000000)), b".\r\n"])
NOTHING = struct.pack("ii", 1, 0)  # to linger: a close is a reset


def reset(session):
    """What to raise, so that the close of session becomes a reset."""
    session.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NOTHING)
    return Closes()


class Flood(Session):
    """Sends pieces until the client goes."""

    def flood(self, piece=LINES):
        while True:
            self.send(piece)


class Waits(Session):
    """Says nothing more, and waits for the client to go."""

    def wait(self):
        self.input.read()
        raise Closes


class GreetingWithoutEnd(Flood):
    def greet(self):
        self.send(b"+OK ")
        self.flood(b"x" * PIECE)


class GreetingOfNothing(Flood):
    """Not one line end, and nothing that could be shown."""

    def greet(self):
        self.flood(bytes(PIECE))


class GreetingResets(Session):
    def greet(self):
        self.send(b"+OK rea")
        raise reset(self)


class GreetsDropByDrop(Session):
    """An octet a tenth of a second, without end."""

    def greet(self):
        self.drip(b"x")

    def drip(self, octet):
        self.connection.settimeout(0.1)
        while True:
            self.send(octet)
            try:
                if not self.connection.recv(4096):
                    raise Closes
            except TimeoutError:
                pass


class StatusWithoutEnd(Flood):
    def on_noop(self, *_):
        self.send(b"+OK ")
        self.flood(b"x" * PIECE)


class CapaWithoutEnd(Flood):
    def on_capa(self, *_):
        self.send(b"+OK\r\n")
        self.flood(b"X-TENSION\r\n" * (PIECE // 11))


class ListWithoutEnd(Flood):
    def on_list(self, *words):
        if words:
            super().on_list(*words)
        self.send(b"+OK\r\n")
        self.flood(b"1 120\r\n" * (PIECE // 7))


class UidlWithoutEnd(Flood):
    def on_uidl(self, *words):
        if words:
            super().on_uidl(*words)
        self.send(b"+OK\r\n")
        self.flood(b"1 abcdef\r\n" * (PIECE // 10))


class RetrWithoutEnd(Flood):
    def on_retr(self, *_):
        self.send(b"+OK\r\n")
        self.flood()


class RetrOneLineWithoutEnd(Flood):
    def on_retr(self, *_):
        self.send(b"+OK\r\n")
        self.flood(b"x" * PIECE)


class TopWithoutEnd(Flood):
    def on_top(self, *_):
        self.send(b"+OK\r\n")
        self.flood()


class RetrOfDots(Flood):
    """Each line might have been the last."""

    def on_retr(self, *_):
        self.send(b"+OK\r\n")
        self.flood(b".\n" * (PIECE // 2))


class GibibyteMessage(Session):
    """It says so, too, and sends all of it."""

    def on_list(self, *words):
        if words:
            self.ok(b"%s %d" % (words[0].encode(), GIBIBYTE))
        else:
            self.body(b"1 %d\r\n" % GIBIBYTE)

    def on_retr(self, *_):
        self.send(b"+OK\r\n")
        for _ in range(GIBIBYTE // len(LINES)):
            self.send(LINES)
        self.send(b".\r\n")


class MillionListed(Session):
    def on_list(self, *words):
        if words:
            super().on_list(*words)
        else:
            self.send(MILLION)


class MillionCounted(Session):
    """Has a million messages, wherever one looks."""

    def on_stat(self, *_):
        self.ok(b"1000000 120000000")

    on_list = MillionListed.on_list


class UnansweredAnswers(Flood):
    """Says +OK to what nobody said, without end."""

    def greet(self):
        super().greet()
        self.flood(b"+OK\r\n" * (PIECE // 5))


class AnswersAhead(Session):
    """Answers to what the client will say next, as it thinks; all at once."""

    def greet(self):
        self.ok(b"ready " + self.stamp + b"\r\n+OK user\r\n+OK pass")


class Nulls(Session):
    """NULs before and behind all that it says."""

    def send(self, octets):
        super().send(bytes(16) + octets.replace(b"\r\n", bytes(16) + b"\r\n"))


class NullsInside(Session):
    """NULs where the greeting does not keep us from looking further."""

    def on_noop(self, *_):
        self.send(bytes(16) + b"+OK\r\n")

    def err(self, text=b"no"):
        super().err(bytes(16) + text)


class RefusesDropByDrop(GreetsDropByDrop):
    greet = Session.greet

    def on_noop(self, *_):
        self.send(b"-ERR ")
        self.drip(b"x")


class RetrCloses(Session):
    """In mid-body."""

    def on_retr(self, *_):
        self.send(b"+OK\r\nSubject: to be contin")
        raise Closes


class RetrResets(Session):
    def on_retr(self, *_):
        self.send(b"+OK\r\nSubject: to be contin")
        raise reset(self)


class CapaStalls(Waits):
    """Its body has no end, and nothing more comes."""

    def on_capa(self, *_):
        self.send(b"+OK\r\nUSER\r\n")
        self.wait()


class UidlStalls(Waits):
    def on_uidl(self, *words):
        if words:
            super().on_uidl(*words)
        self.send(b"+OK\r\n1 abc\r\n")
        self.wait()


class TopStalls(Waits):
    def on_top(self, *_):
        self.send(b"+OK\r\nSubject: to be contin")
        self.wait()


class RetrStalls(Waits):
    def on_retr(self, *_):
        self.send(b"+OK\r\nSubject: to be contin")
        self.wait()


class NoBodyEnds(RetrStalls, TopStalls, UidlStalls, CapaStalls):
    """Multi-line replies have no last line; the session goes on."""

    def wait(self):
        pass

    def on_list(self, *words):
        if words:
            super().on_list(*words)
        self.send(b"+OK\r\n1 120\r\n")


class NeverReads(Session):
    """From the first login on; its window is as small as can be."""

    def __init__(self, server, connection, number):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        super().__init__(server, connection, number)

    def log_in(self, name, right):
        super().log_in(name, right)
        self.server.unlock(self)
        gone = select.poll()
        gone.register(self.connection, select.POLLRDHUP)
        gone.poll()
        raise Closes


class SpeaksTls(Session):
    """Waits for a ClientHello, and has an alert for all else."""

    def greet(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with context.wrap_socket(self.connection, server_side=True):
            raise Closes


class AlertsAtOnce(Session):
    """As a TLS server does that has heard enough."""

    def greet(self):
        self.send(bytes([21, 3, 1, 0, 2, 2, 70]))
        raise Closes
