# SPDX-License-Identifier: MIT
"""What a session costs that only waits: python3 idle_sessions.py PROGRAM

[--sessions N] [--logged-in N] opens so many to the server, has some of them log
in, fetch a message and read a listing, and prints what memory they take of the
server. The kernel's buffers are not in it.
"""

import argparse
import os
import resource
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from reference_server import Client, Server

# A session that has logged in keeps a socket, its lock and two folders open.
DESCRIPTORS = 6
USERS = "".join(f"idle{i}:pw\n" for i in range(20000))


def raise_descriptor_limit():
    """Returns how many this process, and each that it starts, may have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def resident(server):
    """In KiB, now."""
    with open(f"/proc/{server.process.pid}/status") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise RuntimeError("no VmRSS")


class Idle:
    """Sessions that wait, from some dozens of addresses of this machine."""

    def __init__(self, server):
        self.server = server
        self.empty = resident(server)
        self.clients = []
        self.logged_in = 0

    def greet(self, count, tls=None):
        """Returns KiB for each, the server's own buffers included."""
        before = resident(self.server)
        port = self.server.tls_port if tls else self.server.port
        for i in range(count):
            self.clients.append(
                Client(port, tls=tls, source=f"127.0.0.{2 + i % 50}"))
        return (resident(self.server) - before) / count

    def log_in(self, count, messages=0):
        """So many more; each has so many messages, and fetches one."""
        before = resident(self.server)
        for i in range(self.logged_in, self.logged_in + count):
            for n in range(messages):
                self.server.put(f"new/{n}.x", b"Subject: x\n\n" + b"x\n" * 9000,
                                user=f"idle{i}")
            client = self.clients[i]
            client.command(f"USER idle{i}")
            client.command("PASS pw")
            if messages:
                client.retrieve(1)
                client.command("UIDL")
                client.body()
        self.logged_in += count
        return (resident(self.server) - before) / count

    def close(self):
        while self.clients:
            self.clients.pop().close()


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("--sessions", type=int, default=10000)
    parser.add_argument("--logged-in", type=int, default=10000)
    options = parser.parse_args()
    most = raise_descriptor_limit()
    sessions = min(options.sessions, most - 100)
    logged_in = min(options.logged_in, sessions,
                    (most - sessions - 100) // (DESCRIPTORS - 1))
    with Server(os.path.abspath(options.program), "--max-connections",
                str(sessions), users_text=USERS) as server:
        idle = Idle(server)
        print(f"nobody:                       {idle.empty:8,} KiB")
        each = idle.greet(sessions)
        print(f"{sessions:6,} greeted:               "
              f"{resident(server):8,} KiB, {each:5.2f} each")
        each = idle.log_in(logged_in)
        print(f"{logged_in:6,} of them logged in:     "
              f"{resident(server):8,} KiB, {each:5.2f} more each")
        if logged_in < options.logged_in:
            print(f"({most:,} descriptors do not allow more)")
        idle.close()


if __name__ == "__main__":
    main()
