# SPDX-License-Identifier: MIT
"""The server under attack: python3 test_hostile_clients.py PROGRAM

hostile_clients.py has the attacks, and prints what each takes.
"""

import os
import sys
import unittest

from hostile_clients import BOUND, CLIENTS, Certificates, attack

PROGRAM = ""  # set by main
SANITIZED = "POP3SPEC_SANITIZED" in os.environ
CERTIFICATES = None


class Attacks(unittest.TestCase):
    """Others are served meanwhile, it ends, and nothing of it stays."""

    def attack(self, client):
        took, checks, _ = attack(PROGRAM, CERTIFICATES, client)
        self.assertGreater(checks, 5)
        if not SANITIZED:
            self.assertLess(took, BOUND)


def add(client):
    setattr(Attacks, "test_one_who_" + client.__name__,
            lambda self: self.attack(client))


def main():
    global PROGRAM, CERTIFICATES
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    for client in CLIENTS:
        add(client)
    with Certificates("server") as CERTIFICATES:
        unittest.main()


if __name__ == "__main__":
    main()
