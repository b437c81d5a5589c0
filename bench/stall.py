#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How long others may wait while one client has a large maildrop.

usage: stall.py PROGRAM [--messages N]

One client does a thing at a time to a maildrop of so many messages. What the
thread of the event loop computes for a command is the longest that a NOOP of
anybody else waits for it; that is what is printed, the mean of so many
commands, and beside it the time until the answer. Unlike the wait of a NOOP, it
tells the same on a busy machine.
"""

import argparse
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "tests"))
from reference_server import Server


class Bench:
    def __init__(self, server):
        self.server = server
        self.client = None

    def loop(self):
        """What the thread of the loop has computed, in ms."""
        pid = self.server.process.pid
        with open(f"/proc/{pid}/task/{pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e6

    def measure(self, title, what, times=1):
        before, began = self.loop(), time.monotonic()
        what()
        took = time.monotonic() - began
        print(f"{title:20}{(self.loop() - before) / times:9.3f} ms of the loop"
              f"{1000 * took / times:10.2f} ms", flush=True)

    def connect(self):
        self.client = self.server.client()
        self.client.command("USER al")

    def ask(self, *commands):
        for command in commands:
            self.client.command(command)
            if command in ("LIST", "UIDL"):
                self.client.body()

    def quit(self):
        self.client.command("QUIT")
        self.client.rest()
        self.settle()

    def drop(self):
        self.client.reset()
        self.settle()

    def settle(self):
        """Whatever the loop does about what ended, it did it before this."""
        self.server.login("bob", "b o b").close()


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("--messages", type=int, default=100000)
    options = parser.parse_args()
    with Server(os.path.abspath(options.program)) as server:
        for i in range(options.messages):
            server.put(f"new/{1700000000 + i}.M{i}P1.host.example.org",
                       b"Subject: bench\n\n" + b"x\n" * 100)
        bench = Bench(server)
        print(f"{options.messages:,} messages")
        for title in "PASS, no index", "PASS, index":
            bench.connect()
            bench.measure(title, lambda: bench.ask("PASS secret"))
            bench.measure("QUIT", bench.quit)
        bench.connect()
        bench.ask("PASS secret")
        for command in "NOOP", "STAT", "LIST", "UIDL", "RSET":
            bench.measure(command, lambda c=command: bench.ask(*[c] * 20), 20)
        bench.measure("LIST n", lambda: bench.ask(
            *[f"LIST {n}" for n in range(1, 1001)]), 1000)
        bench.measure("DELE n", lambda: bench.ask(
            *[f"DELE {n}" for n in range(1, options.messages, 2)]),
                      options.messages // 2)
        bench.measure("drop", bench.drop)
        bench.connect()
        bench.ask("PASS secret",
                  *[f"DELE {n}" for n in range(1, options.messages, 2)])
        bench.measure("QUIT, half removed", bench.quit)


if __name__ == "__main__":
    main()
