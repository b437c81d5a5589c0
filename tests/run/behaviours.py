# SPDX-License-Identifier: MIT
"""What a server can do wrong, each in a few lines.

python3 behaviours.py NAME PORT ROOT serves as the class NAME, as a process.
"""

import os
import signal
import sys
import threading

from pop3_server import USERS, Closes, Server, Session

WILD = b"\x1b[2J\x1b]0;gone\x07\x00\x80\x9b31m\x7f"


class Flaky(Session):
    """The first NOOP ever is refused."""

    def on_noop(self, *_):
        with self.server.guard:
            first = not hasattr(self.server, "noop")
            self.server.noop = True
        self.err() if first else self.ok()


class ClosesOnceBehindAFailedLogin(Session):
    """As it may (ruling C9); behind later ones it does not."""

    def on_pass(self, *arguments):
        super().on_pass(*arguments)
        with self.server.guard:
            first = not self.user and not hasattr(self.server, "failed")
            if first:
                self.server.failed = True
        if first:
            raise Closes


class FlakyTwice(Session):
    """The first two are."""

    def on_noop(self, *_):
        with self.server.guard:
            self.server.noops = getattr(self.server, "noops", 0) + 1
        self.err() if self.server.noops < 3 else self.ok()


class Turns(Session):
    """At its first XYZZ it closes behind its refusal, later it likes it."""

    def obey(self, line):
        if line != b"XYZZ\r\n":
            return super().obey(line)
        if hasattr(self.server, "asked"):
            return self.ok()
        self.server.asked = True
        self.err()
        raise Closes


class RefusesNoop(Session):
    def on_noop(self, *_):
        self.err()


class ClosesAtNoop(Session):
    def on_noop(self, *_):
        raise Closes


class ClosesBehindErrors(Session):
    def err(self, text=b"no"):
        super().err(text)
        raise Closes


class StallsAtNoop(Session):
    """Says nothing, and waits for the client to end it."""

    def on_noop(self, *_):
        self.input.read()


class RefusesDele(Session):
    def on_dele(self, *_):
        self.err()


class RefusesDeleAndNoop(RefusesDele, RefusesNoop):
    pass


class RefusesStat(Session):
    def on_stat(self, *_):
        self.err()


class CountsWrong(Session):
    """By one message too few."""

    def ok(self, text=b""):
        counts = self.received and self.received[-1] == b"STAT\r\n"
        count, space, size = text.partition(b" ")
        super().ok(b"%d %s" % (int(count) - 1, size) if counts else text)


class RefusesAll(Session):
    """Lets in, and then does nothing for anybody."""

    def log_in(self, name, right):
        super().log_in(name, right)
        if self.maildrop:
            self.TRANSACTION = "QUIT",


class WithoutTop(Session):
    TRANSACTION = tuple(set(Session.TRANSACTION) - {"TOP"})

    def on_capa(self, *_):
        self.body(b"USER\r\nUIDL\r\n")


class DiesAtNoop(Session):
    """The whole server ends, without a word."""

    def on_noop(self, *_):
        os._exit(7)


class Sanitized(Session):
    """Answers rightly, but something went wrong behind it."""

    def on_noop(self, *_):
        print("==1==ERROR: AddressSanitizer: heap-use-after-free\n"
              f"al logs in with {USERS['al']}", file=sys.stderr, flush=True)
        self.ok()


class DiesAfterNoop(Session):
    """Behind the QUIT of a session in which NOOP was said, that is at the end
    of transaction/noop."""

    def on_noop(self, *_):
        self.said = True
        super().on_noop()

    def on_quit(self, *_):
        try:
            super().on_quit()
        finally:
            if hasattr(self, "said"):
                os._exit(7)


class AbortsAtItsEnd(Session):
    """When it is asked to end."""

    def begin():
        signal.signal(signal.SIGTERM, lambda *_: os.abort())


class Leaks(Session):
    def begin():
        signal.signal(signal.SIGTERM, Leaks.report)

    def report(*_):
        print("==1==ERROR: LeakSanitizer: detected memory leaks\n"
              f"of {USERS['al']}", file=sys.stderr, flush=True)
        os._exit(23)


class EndsAsItLikes(Session):
    """With a status of its own, which is no crash."""

    def begin():
        signal.signal(signal.SIGTERM, lambda *_: os._exit(3))


class Silent(Session):
    """Accepts, and says nothing, ever."""

    def greet(self):
        self.input.read()


class SilentWithAPipe(Silent):
    """Says to whoever made its descriptor 9 that it is there."""

    def begin():
        os.write(9, b"here")


class ClosesAtOnce(Session):
    def greet(self):
        raise Closes


class Garbage(Session):
    def greet(self):
        self.send(WILD + b"\r\n")


class Busy(Session):
    def greet(self):
        self.err(b"too many connections, come again")
        raise Closes


class BansAtNoop(RefusesNoop):
    """Whoever said NOOP is greeted with -ERR from then on."""

    def on_noop(self, *_):
        self.server.banned = True
        super().on_noop()

    def greet(self):
        if hasattr(self.server, "banned"):
            self.err(b"[SYS/TEMP] too many connections")
            raise Closes
        super().greet()


class ShutsAtNoop(BansAtNoop):
    """... or with nothing at all."""

    def err(self, text=b"no"):
        if hasattr(self.server, "banned"):
            raise Closes
        super().err(text)


class RefusesEarlyQuit(Session):
    """Lets nobody go who has not logged in."""

    def on_quit(self, *_):
        super().on_quit() if self.maildrop else self.err(b"log in first")


class LocksOut(Session):
    """Nobody's password is right, and it says which one it was not."""

    def on_pass(self, *words):
        self.err(b"not " + " ".join(words).encode())


class Ghost(Session):
    """Lists a message that nobody put there."""

    def log_in(self, name, right):
        super().log_in(name, right)
        if self.maildrop:
            self.maildrop.paths.append("ghost")
            self.maildrop.messages.append(b"Subject: boo\r\n\r\nboo\r\n")


class DeletesRetrieved(Session):
    """At QUIT what was retrieved goes, as a site may have it (section 8)."""

    def on_retr(self, *words):
        super().on_retr(*words)
        if number := int(words[0]):
            self.retrieved = getattr(self, "retrieved", set()) | {number}

    def on_quit(self, *_):
        if self.maildrop:
            self.maildrop.marked |= getattr(self, "retrieved", set())
        super().on_quit()


class OutOfStep(Session):
    """Behind its +OK it sends the wrong lines: of the mail itself."""

    def ok(self, text=b""):
        super().ok(text)
        if self.maildrop and self.maildrop.messages:
            self.send(self.maildrop.message(1).splitlines()[-1] + b"\r\n")


class Wild(Session):
    """Control characters wherever there is text."""

    def greet(self):
        self.ok(b"ready " + WILD + self.stamp)

    def ok(self, text=b""):
        super().ok(text + b" " + WILD)

    def err(self, text=b"no"):
        super().err(text + b" " + WILD)

    def on_noop(self, *_):
        self.send(WILD + b"\r\n")

    def on_retr(self, *words):
        if self.number(words):
            self.body(WILD + b"\r\n")

    def on_uidl(self, *words):
        self.listing(words, lambda n: WILD)


class Echoes(Session):
    """Repeats what it was told, in replies of every kind."""

    def obey(self, line):
        self.line = line[:-2]
        super().obey(line)

    def on_pass(self, *words):
        super().on_pass(*words)
        self.password = self.line

    def err(self, text=b"no"):
        super().err(text + b" " + self.line)

    def on_noop(self, *_):
        self.send(self.password + b"\r\n")

    def on_rset(self, *_):
        self.err(self.password)

    def on_retr(self, *words):
        self.body(b"You said: " + self.password + b"\r\n")


class OnlyApop(Session):
    """Takes no plain password, and repeats the digest."""

    def on_user(self, *_):
        self.err(b"APOP only")

    def on_apop(self, *words):
        super().on_apop(*words)
        self.digest = words[-1].encode()

    def on_noop(self, *_):
        self.err(self.digest)


class Welcomes(Session):
    """Takes no plain password; brackets stand around the timestamp, too."""

    def greet(self):
        self.ok(b"<welcome> here " + self.stamp + b" <enjoy>")

    def on_user(self, *_):
        self.err(b"APOP only")


class Endless(Session):
    """A NOOP is answered by one line that has no end."""

    def on_noop(self, *_):
        self.send(b"+OK ")
        while True:
            self.send(b"x" * (1 << 20))


class OctetByOctet(Session):
    def send(self, octets):
        for i in range(len(octets)):
            super().send(octets[i:i + 1])


class Halts(Session):
    """At a RSET it stops for good, and says so to the test."""

    reached = threading.Event()  # of a subclass of the test's own

    def on_rset(self, *_):
        self.reached.set()
        self.input.read()


def main():
    name, port, root = sys.argv[1:]
    if hasattr(globals()[name], "begin"):
        globals()[name].begin()
    with Server(globals()[name], USERS, root, int(port)) as server:
        server.threads[0].join()


if __name__ == "__main__":
    main()
