#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Figures of the reference server, beside Debian's Dovecot in the same run.

usage: compare.py BUILD [--rounds N] [--seconds S] [--beside BUILD] [BENCH]...

    sessions  USER, PASS, STAT, QUIT, of 10 messages of 10 KiB, with 1 and with
              50 clients at once; cold is each user's first session ever, warm
              what follows, when a server has its index
    retr      messages of 10 KiB and of 10 MiB, to 50 clients
    update    sessions that mark one of some messages and QUIT
    login     from connecting to the end of a session with 100,000 messages
    log       sessions again, of this server, with its log and without

(default: all). Both serve Maildirs of their own with the same messages over
clear-text loopback, to users of their own, each on the first core, and write
their logs; the load comes from the second, one user a client, who waits for
each reply. With --beside the server of another build takes part. Dovecot is
tuned (peers.py): its processes serve many clients. This server's UPDATE is
durable: QUIT is answered when the folders are on the disk; of Dovecot's that is
not known, so what one gains there may be what the other risks.

The bare copy is a program that answers each line with +OK, or with a message
that it has in memory: what a server could reach at most here that does nothing,
and whether the load is what slows it down (it must be well above both).

The peers take turns, round by round; what is printed is the median round, and
the median of the ratios of each round, which hold on a machine that is not
quiet. It is a table in Markdown. Needs root: Dovecot changes users.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from peers import ACCOUNTS, PASSWORD, Bare, Dovecot, Ours

HEADER = b"From: a@example.org\nTo: b@example.org\nSubject: bench\n\n"
LINE = b"x" * 62 + b"\n"
RUNS = 20  # of the load, where each client has one session


def mail(octets):
    """Of that many octets as they are sent, more or less a line."""
    return HEADER + LINE * ((octets - len(HEADER)) // (len(LINE) + 1))


def program(build):
    return os.path.join(build, "reference-server", "pop3-reference-server")


class Bench:
    def __init__(self, options):
        self.rounds = options.rounds
        self.seconds = options.seconds
        self.bin = os.path.join(options.build, "bench")
        self.root = tempfile.mkdtemp(prefix="bench-")
        os.chmod(self.root, 0o755)
        self.server = program(options.build)
        self.ours = Ours(os.path.join(self.root, "ours"), self.server)
        self.dovecot = Dovecot(os.path.join(self.root, "dovecot"))
        self.peers = [self.ours, self.dovecot]
        if options.beside:
            other = Ours(os.path.join(self.root, "other"),
                         program(options.beside))
            other.name = "other build"
            self.peers.append(other)

    def close(self):
        for peer in self.peers:
            peer.close()
        shutil.rmtree(self.root)

    def fill(self, accounts, messages):
        for peer in self.peers:
            for account in range(accounts):
                peer.put(account, messages)

    def forget(self, accounts):
        """As if nobody had ever logged in."""
        for peer in self.peers:
            for account in range(accounts):
                for name in peer.index:
                    path = os.path.join(peer.folder(account), name)
                    if os.path.exists(path):
                        os.remove(path)

    def bare(self, octets):
        return Bare(os.path.join(self.bin, "bare"), octets)

    def load(self, peer, connections, seconds, *commands):
        """Returns (sessions, seconds, octets, the slowest session)."""
        done = subprocess.run(
            ["taskset", "--cpu-list", "1", os.path.join(self.bin, "load"),
             str(peer.port), str(connections), str(seconds), PASSWORD,
             *commands], stdout=subprocess.PIPE, text=True, check=True)
        words = done.stdout.split()
        return tuple(float(word) for word in words[1::2])

    def compare(self, title, unit, peers, measure, before=None):
        """A row of the table: the median of each, and ours by each."""
        got = {peer: [] for peer in peers}
        for _ in range(self.rounds):
            if before:
                before()
            for peer in peers:
                got[peer].append(measure(peer))
        cells = [title, unit]
        for peer in peers:
            cells.append(f"{statistics.median(got[peer]):,.4g}")
        for peer in peers[1:]:
            ratio = statistics.median(
                a / b for a, b in zip(got[peers[0]], got[peer]))
            cells.append(f"{ratio:.2f}")
        self.row(cells)

    def row(self, cells):
        print("| " + " | ".join(cells) + " |", flush=True)

    def head(self, *peers):
        print()
        self.row(["median", "unit", *[peer.name for peer in peers],
                  *[f"by {peer.name}" for peer in peers[1:]]])
        self.row(["---", "---"] + ["---:"] * (2 * len(peers) - 1))

    def rate(self, peer, connections, *commands):
        sessions, seconds, *_ = self.load(peer, connections, self.seconds,
                                          *commands)
        return sessions / seconds

    def first_rate(self, peer, connections, *commands):
        """Of clients with one session each."""
        sessions, seconds, *_ = self.load(peer, connections, 0, *commands)
        return sessions / seconds

    def sessions(self):
        self.fill(ACCOUNTS, [(f"{i}.m", mail(10240)) for i in range(10)])
        bare = self.bare(0)
        peers = [*self.peers, bare]
        self.head(*peers)
        try:
            for clients in (1, 50):
                self.compare(f"sessions, cold, {clients} at once", "/s", peers,
                             lambda peer: self.first_rate(peer, clients,
                                                          "STAT"),
                             lambda: self.forget(ACCOUNTS))
                self.compare(f"sessions, warm, {clients} at once", "/s", peers,
                             lambda peer: self.rate(peer, clients, "STAT"))
        finally:
            bare.close()

    def retr(self):
        for name, octets, times in (("10 KiB", 10240, 20),
                                    ("10 MiB", 10 << 20, 1)):
            self.fill(ACCOUNTS, [("1.m", mail(octets))])
            bare = self.bare(octets)

            def throughput(peer):
                _, seconds, got, _ = self.load(peer, 50, self.seconds,
                                               *["RETR 1"] * times)
                return got / seconds / 1e6
            if times > 1:
                self.head(*self.peers, bare)
            try:
                self.compare(f"RETR of {name}, 50 at once", "MB/s",
                             [*self.peers, bare], throughput)
            finally:
                bare.close()

    def update(self):
        """Each session removes a message: there are more than are removed."""
        messages = [(f"{i}.m", mail(10240)) for i in range(2 * RUNS)]
        self.head(*self.peers)
        for clients in (1, 50):
            def refill():
                self.fill(clients, messages)
                for peer in self.peers:
                    self.load(peer, clients, 0, "STAT")

            def rate(peer):
                runs = [self.load(peer, clients, 0, "DELE 1")
                        for _ in range(RUNS)]
                return sum(run[0] for run in runs) / sum(run[1] for run in runs)
            self.compare(f"sessions with DELE, {clients} at once", "/s",
                         self.peers, rate, refill)

    def login(self):
        self.fill(1, [(f"{i}.m", HEADER) for i in range(100000)])

        def took(peer):
            return 1 / self.load(peer, 1, 0, "STAT")[3]
        self.head(*self.peers)
        self.compare("logins to 100,000 messages, cold", "/s", self.peers,
                     took, lambda: self.forget(1))
        self.compare("logins to 100,000 messages, warm", "/s", self.peers,
                     took)

    def log(self):
        """The one that does not has Maildirs of its own, too."""
        silent = Ours(os.path.join(self.root, "silent"), self.server,
                      log=False)
        silent.name, self.ours.name = "pop3spec, no log", "pop3spec, log"
        try:
            for peer in (self.ours, silent):
                for account in range(ACCOUNTS):
                    peer.put(account, [(f"{i}.m", mail(10240))
                                       for i in range(10)])
            self.head(self.ours, silent)
            for clients in (1, 50):
                self.compare(f"sessions, warm, {clients} at once", "/s",
                             [self.ours, silent],
                             lambda peer: self.rate(peer, clients, "STAT"))
        finally:
            silent.close()
            self.ours.name = Ours.name


def main():
    benches = ["sessions", "retr", "update", "login", "log"]
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--beside", metavar="BUILD")
    parser.add_argument("bench", nargs="*")
    options = parser.parse_intermixed_args()
    if not set(options.bench) <= set(benches):
        parser.error(f"benches are {', '.join(benches)}")
    bench = Bench(options)
    try:
        for name in options.bench or benches:
            getattr(bench, name)()
    finally:
        bench.close()


if __name__ == "__main__":
    sys.exit(main())
