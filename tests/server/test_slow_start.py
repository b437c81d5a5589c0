# SPDX-License-Identifier: MIT
"""A start looks at maildrops for a second, --check-config at all of them:
python3 test_slow_start.py PROGRAM LATE; LATE is late.c, built."""

import os
import subprocess
import sys
import unittest
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from reference_server import PATIENCE, Server

PROGRAM, LATE = "", ""  # set by main
WARNING = "pop3-reference-server: warning: "
USERS = 30


class SlowStart(unittest.TestCase):
    def test_a_start_says_how_far_it_came_and_serves(self):
        text = "".join(f"u{i}:secret\n" for i in range(USERS))
        with mock.patch.dict(os.environ, LD_PRELOAD=LATE):
            server = Server(PROGRAM, users_text=text)
            server.expect_stderr = \
                f"{WARNING}{server.root}: 10 of {USERS} maildrops looked " \
                "at; --check-config looks at all\n"
            with server:
                server.login("u29").close()
                checked = subprocess.run(
                    [PROGRAM, "--maildir", server.root, "--users",
                     server.users, "--check-config"], capture_output=True,
                    text=True, timeout=PATIENCE)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr),
                         (0, "no fault found\n", ""))


def main():
    global PROGRAM, LATE
    PROGRAM, LATE = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))
    unittest.main()


if __name__ == "__main__":
    main()
