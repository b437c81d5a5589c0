# SPDX-License-Identifier: MIT
"""Sessions that only wait hold next to nothing: python3 test_idle.py PROGRAM"""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from certificates import Certificates
from idle_sessions import DESCRIPTORS, USERS, Idle, raise_descriptor_limit
from reference_server import PATIENCE, Server, retry

PROGRAM = ""  # set by main
SANITIZED = "POP3SPEC_SANITIZED" in os.environ
SESSIONS = 2000
LOGGED_IN = 500
MOST = 8  # KiB
TRIES = 3
IN_TLS = 300
WARM = 100  # what the server needs once, whoever comes
OPENSSL = 24  # KiB that a connection takes, once it has shaken hands


@unittest.skipIf(SANITIZED, "a sanitizer's memory is its own")
class Memory(unittest.TestCase):
    def setUp(self):
        most = raise_descriptor_limit()
        if most < SESSIONS + (DESCRIPTORS - 1) * (LOGGED_IN + WARM) + 100:
            self.skipTest(f"only {most} descriptors")

    def test_an_idle_session_takes_little(self):
        """What threads of the pool keep for themselves can come meanwhile."""
        for _ in range(TRIES):
            greeted, more = self.measure()
            if greeted + more < MOST:
                break
        self.assertLess(greeted, MOST)
        self.assertLess(greeted + more, MOST)

    def measure(self):
        """KiB of a session that was greeted, and more of one that logged in."""
        with Server(PROGRAM, "--max-connections", str(SESSIONS),
                    users_text=USERS) as server:
            before = server.descriptors()
            idle = Idle(server)
            greeted = idle.greet(SESSIONS)
            idle.log_in(WARM, messages=3)
            more = idle.log_in(LOGGED_IN, messages=3)
            idle.close()
            retry(lambda: self.assertEqual(server.descriptors(), before),
                  PATIENCE)
        return greeted, more

    def test_in_tls_it_gives_back_what_it_needed(self):
        with Certificates("server") as certificates, \
                Server(PROGRAM, "--max-connections", str(SESSIONS),
                       *certificates.options("--tls-port", "0"),
                       users_text=USERS) as server:
            idle = Idle(server)
            greeted = idle.greet(IN_TLS, tls=certificates.context())
            idle.log_in(WARM, messages=3)
            more = idle.log_in(IN_TLS - WARM, messages=3)
            idle.close()
        self.assertLess(greeted, MOST + OPENSSL)
        self.assertLess(more, MOST)


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()


if __name__ == "__main__":
    main()
