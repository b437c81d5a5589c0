# SPDX-License-Identifier: MIT
"""A POP3 server in a few lines, for tests of the judge.

It is correct (RFC 1939 with TOP, UIDL and APOP, CAPA, PIPELINING), so that a
test can say by one overridden method what a server does wrong: behaviours.py.
Mail is in ROOT/<user>/{new,cur,tmp}, where a provisioner can put it.
"""

import hashlib
import os
import re
import shutil
import socket
import tempfile
import threading

PATIENCE = 240  # seconds; long, because a sanitized build on a busy host is slow
ESTABLISHED = 1  # tcpi_state of Linux: nobody has closed

USERS = {"al": "sesame-4711", "bea": "sesame-4712", "cy": "sesame-4713"}


class Closes(Exception):
    """Ends the connection in order."""


class Maildrop:
    """What one session sees of a Maildir."""

    def __init__(self, path):
        self.paths = sorted((os.path.join(path, part, name)
                             for part in ("new", "cur")
                             for name in os.listdir(os.path.join(path, part))),
                            key=os.path.basename)
        self.messages = [wire_form(read(path)) for path in self.paths]
        self.marked = set()

    def uid(self, number):
        name = os.path.basename(self.paths[number - 1])
        return hashlib.sha1(name.encode()).hexdigest().encode()

    def numbers(self):
        return [n + 1 for n in range(len(self.messages))
                if n + 1 not in self.marked]

    def message(self, number):
        return self.messages[number - 1]

    def remove_marked(self):
        for number in self.marked:
            os.unlink(self.paths[number - 1])


class Session:
    """One connection. A command is a method, which sends the reply."""

    ANYWHERE = "QUIT", "CAPA"
    AUTHORIZATION = "USER", "PASS", "APOP", *ANYWHERE
    TRANSACTION = ("STAT", "LIST", "RETR", "DELE", "NOOP", "RSET", "TOP",
                   "UIDL", *ANYWHERE)

    ARGUMENTS = {"USER": 1, "PASS": 40, "APOP": 2, "LIST": 1, "UIDL": 1,
                 "RETR": 1, "DELE": 1, "TOP": 2}  # at most; others take none

    def __init__(self, server, connection, number):
        self.server = server
        self.connection = connection
        self.input = connection.makefile("rb")
        self.received = []  # lines
        self.stamp = b"<%d.%d@fake.example>" % (os.getpid(), number)
        self.name = None    # as USER said
        self.user = None    # whose maildrop it is
        self.maildrop = None

    def run(self):
        try:
            self.greet()
            while line := self.input.readline():
                self.received.append(line)
                self.obey(line)
        except (Closes, OSError):
            pass
        finally:
            self.server.unlock(self)
            self.input.close()
            self.connection.close()

    def obey(self, line):
        if not line.endswith(b"\r\n"):
            return  # the input ended within a line
        keyword, *words = line.decode("latin-1")[:-2].split(" ")
        keyword = keyword.upper()
        known = self.TRANSACTION if self.maildrop else self.AUTHORIZATION
        if keyword != "PASS":
            self.name = None  # of a USER that stood immediately before it
        if keyword in known and all(words) and \
                len(words) <= self.ARGUMENTS.get(keyword, 0):
            getattr(self, "on_" + keyword.lower())(*words)
        else:
            self.err(b"unknown command")

    def send(self, octets):
        self.connection.sendall(octets)

    def ok(self, text=b""):
        self.send(b"+OK " + text + b"\r\n")

    def err(self, text=b"no"):
        self.send(b"-ERR " + text + b"\r\n")

    def body(self, octets):
        """Octets end in CRLF, or there are none."""
        stuffed = re.sub(rb"(?m)^\.", b"..", octets)
        self.send(b"+OK\r\n" + stuffed + b".\r\n")

    def greet(self):
        self.ok(b"ready " + self.stamp)

    def on_capa(self, *_):
        self.body(b"USER\r\nTOP\r\nUIDL\r\nPIPELINING\r\n")

    def on_quit(self, *_):
        if self.maildrop:
            self.maildrop.remove_marked()
            self.server.unlock(self)
        self.ok(b"bye")
        raise Closes

    def on_user(self, *name):
        self.name = name[0] if len(name) == 1 else None
        self.ok() if self.name else self.err()

    def on_pass(self, *words):
        name, self.name = self.name, None
        password = " ".join(words)
        self.log_in(name, self.server.users.get(name) == password != "")

    def on_apop(self, *words):
        name, digest = words if len(words) == 2 else ("", "")
        secret = self.server.users.get(name, "")
        right = hashlib.md5(self.stamp + secret.encode()).hexdigest()
        self.log_in(name, name and digest == right)

    def log_in(self, name, right):
        if not right:
            self.err(b"wrong name or password")
        elif not self.server.lock(self, name):
            self.err(b"[IN-USE] there is another session")
        else:
            self.user = name
            self.maildrop = Maildrop(os.path.join(self.server.root, name))
            self.ok()

    def number(self, words):
        """The message that the first of words names; else None, after -ERR."""
        word = words[0] if words else ""
        number = int(word) if re.fullmatch("[1-9][0-9]{0,8}", word) else 0
        if number in self.maildrop.numbers():
            return number
        self.err(b"no such message")
        return None

    def on_noop(self, *_):
        self.ok()

    def on_stat(self, *_):
        sizes = [len(self.maildrop.message(n)) for n in self.maildrop.numbers()]
        self.ok(b"%d %d" % (len(sizes), sum(sizes)))

    def listing(self, words, tell):
        """A scan listing, or a line of it."""
        if words:
            if number := self.number(words):
                self.ok(b"%d %s" % (number, tell(number)))
        else:
            self.body(b"".join(b"%d %s\r\n" % (n, tell(n))
                               for n in self.maildrop.numbers()))

    def on_list(self, *words):
        self.listing(words, lambda n: b"%d" % len(self.maildrop.message(n)))

    def on_uidl(self, *words):
        self.listing(words, self.maildrop.uid)

    def on_retr(self, *words):
        if number := self.number(words):
            self.body(self.maildrop.message(number))

    def on_top(self, *words):
        if len(words) != 2 or not re.fullmatch("0|[1-9][0-9]{0,29}",
                                               words[1]):
            self.err(b"TOP msg n")
        elif number := self.number(words):
            head, blank, rest = self.maildrop.message(number).partition(
                b"\r\n\r\n")
            lines = rest.splitlines(keepends=True)[:int(words[1])]
            self.body(head + blank + b"".join(lines))

    def on_dele(self, *words):
        if number := self.number(words):
            self.maildrop.marked.add(number)
            self.ok()

    def on_rset(self, *_):
        self.maildrop.marked.clear()
        self.ok()


class Server:
    """Sessions on a free port, or on port, until the with ends."""

    def __init__(self, session=Session, users=USERS, root=None, port=0):
        self.session = session
        self.users = users
        self.owned = root is None
        self.root = root or tempfile.mkdtemp(prefix="pop3-")
        for user in users:
            for part in "new", "cur", "tmp":
                os.makedirs(os.path.join(self.root, user, part), exist_ok=True)
        self.guard = threading.Lock()
        self.locked = set()    # users
        self.sessions = []     # all that ever were
        self.most_open = 0     # connections at a time
        self.threads = []
        self.socket = socket.create_server(("127.0.0.1", port), backlog=100)
        self.port = self.socket.getsockname()[1]
        self.start(self.accept)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            if self.owned:
                shutil.rmtree(self.root)

    def start(self, work):
        thread = threading.Thread(target=work, daemon=True)
        self.threads.append(thread)
        thread.start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = self.session(self, connection, len(self.sessions) + 1)
            self.sessions.append(session)
            self.most_open = max(self.most_open,
                                 sum(map(is_open, self.sessions)))
            self.start(session.run)

    def stop(self):
        """Ends what still runs; says so when something does not end."""
        shut(self.socket)
        self.socket.close()
        self.threads[0].join(PATIENCE)
        for session in self.sessions:
            shut(session.connection)
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a session does not end"

    def lock(self, session, user):
        with self.guard:
            free = user not in self.locked
            if free:
                self.locked.add(user)
                session.user = user
            return free

    def unlock(self, session):
        with self.guard:
            self.locked.discard(session.user)
            session.user = None

    def put(self, name, octets, user="al"):
        with open(os.path.join(self.root, user, "new", name), "xb") as file:
            file.write(octets)

    def mail(self, user="al"):
        """Name and octets of each message."""
        return {name: read(os.path.join(self.root, user, part, name))
                for part in ("new", "cur")
                for name in os.listdir(os.path.join(self.root, user, part))}

    def received(self):
        """The lines that each connection received."""
        return [session.received for session in self.sessions]


def is_open(session):
    """The client has not closed: told apart in the order of its packets."""
    try:
        info = session.connection.getsockopt(socket.IPPROTO_TCP,
                                             socket.TCP_INFO, 1)
    except OSError:  # we closed it
        return False
    return info[0] == ESTABLISHED


def shut(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # nobody there any more
        pass


def read(path):
    with open(path, "rb") as file:
        return file.read()


def wire_form(stored):
    """Each line ends in CRLF, the last one too."""
    sent = re.sub(rb"(?<!\r)\n", b"\r\n", stored)
    return sent if sent.endswith(b"\r\n") else sent + b"\r\n"
