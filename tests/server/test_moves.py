# SPDX-License-Identifier: MIT
"""Another program reads and sorts the mail meanwhile, without a pause:
python3 test_moves.py PROGRAM
"""

import itertools
import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from reference_server import Server

PROGRAM = ""  # set by main
MESSAGES = 60
ROUNDS = 5
NOT_REMOVED = "-ERR some deleted messages not removed\r\n"


class Mover(threading.Thread):
    """Moves all from new to cur, and changes their flags again and again."""

    def __init__(self, home):
        super().__init__()
        self.home, self.stopped, self.moves = home, threading.Event(), 0

    def move(self, folder, name, flags):
        try:
            os.rename(f"{self.home}/{folder}/{name}",
                      f"{self.home}/cur/{name.partition(':')[0]}:2,{flags}")
            self.moves += 1
        except FileNotFoundError:
            pass  # removed

    def run(self):
        for flags in itertools.cycle(("", "S", "RS", "FRS")):
            for folder in "new", "cur":
                for name in os.listdir(f"{self.home}/{folder}"):
                    self.move(folder, name, flags)
            if self.stopped.is_set():
                return

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.join()


def body(i):
    return b"Subject: %d\n\n%s" % (i, b"%d\n" % i * i)


class Moves(unittest.TestCase):
    def setUp(self):
        self.server = Server(PROGRAM)
        self.addCleanup(self.server.__exit__, True)
        self.home = os.path.join(self.server.root, "al")
        for folder in "cur", "tmp":
            os.makedirs(os.path.join(self.home, folder))

    def fill(self):
        for i in range(1, MESSAGES + 1):
            self.server.put(f"new/{i}.x", body(i))

    def left(self):
        return {int(name.partition(".")[0]) for name in self.server.mail()}

    def check_fetched(self, client):
        """A message that runs away faster than it is found is an -ERR."""
        for i in range(1, MESSAGES + 1):
            status = client.ask(f"RETR {i}")
            if status == "-ERR [SYS/TEMP] message cannot be read\r\n":
                continue
            self.assertRegex(status, r"^\+OK")
            self.assertEqual(client.body(), body(i).replace(b"\n", b"\r\n"))
            self.fetched += 1

    def check_removed(self, client):
        odd = {*range(1, MESSAGES + 1, 2)}
        for i in odd:
            client.command(f"DELE {i}")
        status = client.ask("QUIT")
        client.rest()
        if not status.startswith("+OK"):
            self.assertEqual(status, NOT_REMOVED)
        self.all_removed += status.startswith("+OK")
        return odd, status

    def test_moves_and_sessions(self):
        self.fetched = self.all_removed = 0
        for _ in range(ROUNDS):
            self.fill()
            client = self.server.login()
            with client, Mover(self.home) as mover:
                self.check_fetched(client)
                odd, status = self.check_removed(client)
            self.assertGreater(mover.moves, 0)
            left = self.left()
            self.assertEqual(left - odd, {*range(1, MESSAGES + 1)} - odd)
            self.assertEqual(bool(left & odd), status == NOT_REMOVED)
            for name in self.server.mail():
                os.remove(f"{self.home}/cur/{name}")
        self.assertGreater(self.fetched, 0)
        print(f"moves: {self.fetched} of {ROUNDS * MESSAGES} fetched, "
              f"{self.all_removed} of {ROUNDS} times all removed")


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()


if __name__ == "__main__":
    main()
