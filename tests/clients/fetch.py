#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Real clients fetch from the reference server: fetch.py PROGRAM [CLIENT]...

Every client fetches one maildrop over each transport and by each way to log in
that it has, and once more with deletion. What arrives is compared octet by
octet, and the maildrop must hold what was not deleted. Prints the table; exits
1 when something differs, 77 when a client is not installed.
"""

import importlib
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from certificates import Certificates  # noqa: E402
from mail import MESSAGES, ClientAtFault, with_lf  # noqa: E402
from reference_server import Server  # noqa: E402

CLIENTS = ["curl", "fetchmail", "mpop", "getmail", "poplib", "node_pop3"]
TRANSPORTS = ["clear", "stls", "implicit"]
USER, PASSWORD = "al", "secret"
TRIES = 5


def client_of(name):
    return importlib.import_module("client_" + name)


class Case:
    """What a client is to do, and where it may write."""

    def __init__(self, server, folder, ca, transport, login, delete):
        self.port = server.tls_port if transport == "implicit" \
            else server.port
        self.ca = ca
        self.folder = folder
        self.transport = transport
        self.login = login
        self.delete = delete
        self.user, self.password = USER, PASSWORD
        self.count = len(MESSAGES)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        """A file that nobody else may read, as clients want theirs."""
        with open(os.open(self.path(name), os.O_WRONLY | os.O_CREAT |
                          os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        return self.path(name)


def fill(server):
    shutil.rmtree(os.path.join(server.root, USER), ignore_errors=True)
    for i, octets in enumerate(MESSAGES):
        server.put(f"new/{i + 1}.m", with_lf(octets))
    os.makedirs(os.path.join(server.root, USER, "cur"), exist_ok=True)


def wrong(client, case, server):
    """What is wrong with what the client fetched, or None."""
    try:
        got = client.fetch(case)
    except ClientAtFault:
        raise
    except Exception as e:  # a client's failure is a finding, not the end
        return f"{type(e).__name__}: {e}"
    expected = [with_lf(m) for m in MESSAGES] if client.DELIVERS_LF \
        else MESSAGES
    if len(got) != len(expected):
        return f"{len(got)} messages of {len(expected)}"
    for i, (one, other) in enumerate(zip(got, expected)):
        if one != other:
            at = next((k for k, (a, b) in enumerate(zip(one, other))
                       if a != b), min(len(one), len(other)))
            return (f"message {i + 1} differs at octet {at}: "
                    f"{one[at:at + 20]!r}, not {other[at:at + 20]!r}")
    left = len(server.mail(USER))
    if left != (0 if case.delete else len(MESSAGES)):
        return f"{left} messages are left"
    return None


def cases(client):
    for transport in TRANSPORTS:
        if transport not in client.TRANSPORTS:
            continue
        for login in client.LOGINS:
            yield transport, login, False
        yield transport, client.LOGINS[0], True


def play(client, server, *what):
    fill(server)
    folder = tempfile.mkdtemp(prefix="client-")
    try:
        return wrong(client, Case(server, folder, *what), server)
    finally:
        shutil.rmtree(folder)


def play_until_sound(*what):
    for _ in range(TRIES - 1):
        try:
            return play(*what)
        except ClientAtFault as e:
            print(e, "- again", flush=True)
    return play(*what)


def judge(name, server, ca):
    client = client_of(name)
    failed = 0
    for transport, login, delete in cases(client):
        why = play_until_sound(client, server, ca, transport, login, delete)
        failed += why is not None
        print(f"{name:10} {transport:9} {login:14} "
              f"{'deletes' if delete else 'keeps':8} {why or 'octet-equal'}",
              flush=True)
    return failed


def main(program, names):
    missing = [name for name in names
               if not client_of(name).installed()]
    if missing:
        print("not installed:", *missing, "(scripts/deps clients)")
        return 77
    with Certificates("server") as own:
        os.chmod(own.root, 0o755)  # getmail reads it as nobody
        with Server(program, *own.options("--tls-port", "0")) as server:
            failed = sum(judge(name, server, own.path("ca"))
                         for name in names)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:] or CLIENTS))
