#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a login to a large maildrop costs, with the index and without it.

usage: login.py PROGRAM [--messages N] [--octets N] [--rounds N]
                [--drop-caches]

Figures of the real program over loopback, from PASS to its +OK, median of the
rounds; "cpu" is what the server computed meanwhile, "reads" how often it called
read(), "largest" the most memory that it ever held. With --drop-caches (root; all of the machine feels
it) each login begins with nothing of the disk in memory.
"""

import argparse
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "tests"))
from reference_server import Server

INDEX = "al/pop3spec.index"


class Bench:
    def __init__(self, server, options):
        self.server, self.options = server, options
        self.first = None

    def fill(self):
        line = b"x" * 62 + b"\n"
        octets = b"Subject: bench\n\n" + line * (self.options.octets // 64)
        for i in range(self.options.messages):
            name = f"new/{1700000000 + i}.M{i}P1.host.example.org"
            self.server.put(name, octets)
            path = os.path.join(self.server.root, "al", name)
            os.utime(path, (1700000000 + i, 1700000000 + i))

    def move(self):
        """All to cur, as a reader of mail does."""
        home = os.path.join(self.server.root, "al")
        for name in os.listdir(home + "/new"):
            os.rename(f"{home}/new/{name}", f"{home}/cur/{name}:2,S")

    def forget(self):
        path = os.path.join(self.server.root, INDEX)
        if os.path.exists(path):
            os.remove(path)

    def reads(self):
        with open(f"/proc/{self.server.process.pid}/io") as file:
            return int(dict(line.split(": ") for line in file)["syscr"])

    def cpu(self):
        with open(f"/proc/{self.server.process.pid}/stat") as file:
            words = file.read().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def once(self):
        if self.options.drop_caches:
            os.sync()
            with open("/proc/sys/vm/drop_caches", "w") as file:
                file.write("3\n")
        with self.server.client() as client:
            client.command("USER al")
            reads, cpu, began = self.reads(), self.cpu(), time.monotonic()
            client.command("PASS secret")
            took = (time.monotonic() - began, self.cpu() - cpu,
                    self.reads() - reads)
            client.command("QUIT")
            client.rest()
        return took

    def measure(self, title, before=lambda: None):
        took = []
        for _ in range(self.options.rounds):
            before()
            took.append(self.once())
        seconds, cpu, reads = map(statistics.median, zip(*took))
        self.first = self.first or seconds
        print(f"{title:34} {seconds:8.3f} s  cpu {cpu:6.2f} s  "
              f"{reads:8.0f} reads  {seconds / self.first:6.2f} x the first",
              flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("--messages", type=int, default=100000)
    parser.add_argument("--octets", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--drop-caches", action="store_true")
    options = parser.parse_args()
    with Server(os.path.abspath(options.program)) as server:
        bench = Bench(server, options)
        bench.fill()
        print(f"{options.messages:,} messages of {options.octets:,} octets")
        bench.measure("login, no index (and it is made)", bench.forget)
        bench.measure("login, index")
        bench.move()
        bench.measure("login, index, all moved to cur")
        octets = os.path.getsize(os.path.join(server.root, INDEX))
        print(f"index {octets:,} octets, {octets / options.messages:.0f} a "
              f"message; largest {server.memory():,} KiB")


if __name__ == "__main__":
    main()
