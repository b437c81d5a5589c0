#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Figures of the reference server, beside Debian's Dovecot in the same run.

usage: compare.py BUILD [--rounds N] [--seconds S] [BENCH]...

Benches: sessions, retr, login (default: all). Both serve Maildirs of their own
with the same messages over clear-text loopback, each on the first core; the
load comes from the second. Rounds of the peers take turns; what is printed is
the median round, and the median of the ratios of each round. Needs root:
Dovecot changes users.
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


def mail(octets):
    """Of that many octets as they are sent, more or less a line."""
    return HEADER + LINE * ((octets - len(HEADER)) // (len(LINE) + 1))


class Bench:
    def __init__(self, options):
        self.rounds = options.rounds
        self.seconds = options.seconds
        self.bin = os.path.join(options.build, "bench")
        self.root = tempfile.mkdtemp(prefix="bench-")
        os.chmod(self.root, 0o755)
        server = os.path.join(options.build, "reference-server",
                              "pop3-reference-server")
        self.ours = Ours(os.path.join(self.root, "ours"), server)
        self.dovecot = Dovecot(os.path.join(self.root, "dovecot"))
        self.peers = [self.ours, self.dovecot]

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

    def load(self, peer, connections, seconds, *commands):
        """Returns (sessions, seconds, octets, the slowest session)."""
        done = subprocess.run(
            ["taskset", "--cpu-list", "1", os.path.join(self.bin, "load"),
             str(peer.port), str(connections), str(seconds), PASSWORD,
             *commands], stdout=subprocess.PIPE, text=True, check=True)
        words = done.stdout.split()
        return tuple(float(word) for word in words[1::2])

    def compare(self, title, unit, peers, measure, before=None):
        """A line of the table: the median of each, and ours by each."""
        got = {peer: [] for peer in peers}
        for _ in range(self.rounds):
            if before:
                before()
            for peer in peers:
                got[peer].append(measure(peer))
        line = f"{title:46}"
        for peer in peers:
            line += f"  {peer.name} {statistics.median(got[peer]):10,.4g}"
        line += f" {unit}"
        for peer in peers[1:]:
            ratio = statistics.median(
                a / b for a, b in zip(got[self.ours], got[peer]))
            line += f"  {ratio:.2f} x {peer.name}"
        print(line, flush=True)

    def rate(self, peer, connections, *commands):
        sessions, seconds, *_ = self.load(peer, connections, self.seconds,
                                          *commands)
        return sessions / seconds

    def sessions(self):
        self.fill(ACCOUNTS, [(f"{i}.m", mail(10240)) for i in range(10)])
        for connections in (1, 50):
            def once(peer):
                sessions, seconds, *_ = self.load(peer, connections, 0, "STAT")
                return sessions / seconds
            self.compare(f"sessions, cold, {connections} at once", "/s",
                         self.peers, once, lambda: self.forget(ACCOUNTS))
            self.compare(f"sessions, warm, {connections} at once", "/s",
                         self.peers,
                         lambda peer: self.rate(peer, connections, "STAT"))

    def retr(self):
        for name, octets, times in (("10 KiB", 10240, 20),
                                    ("10 MiB", 10 << 20, 1)):
            self.fill(ACCOUNTS, [("1.m", mail(octets))])
            bare = Bare(os.path.join(self.bin, "bare"), octets)

            def throughput(peer):
                _, seconds, got, _ = self.load(peer, 50, self.seconds,
                                               *["RETR 1"] * times)
                return got / seconds / 1e6
            try:
                self.compare(f"RETR of {name}, 50 at once", "MB/s",
                             [*self.peers, bare], throughput)
            finally:
                bare.close()

    def login(self):
        self.fill(1, [(f"{i}.m", HEADER) for i in range(100000)])

        def took(peer):
            return 1 / self.load(peer, 1, 0, "STAT")[3]
        self.compare("logins to 100,000 messages, cold", "/s", self.peers,
                     took, lambda: self.forget(1))
        self.compare("logins to 100,000 messages, warm", "/s", self.peers,
                     took)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("bench", nargs="*")
    options = parser.parse_intermixed_args()
    names = options.bench or ["sessions", "retr", "login"]
    bench = Bench(options)
    try:
        for name in names:
            getattr(bench, name)()
    finally:
        bench.close()


if __name__ == "__main__":
    sys.exit(main())
