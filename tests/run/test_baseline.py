# SPDX-License-Identifier: MIT
"""The server of these tests does nothing wrong: what a test then finds in one
that it changed, it has put there."""

import unittest

from pop3_server import Server
from spec import Case


class Baseline(Case):
    def test_nothing_is_found(self):
        for options in (), ("--split=every-octet",), ("--jobs=8",):
            with self.subTest(options), Server() as server:
                ended, result = self.judge(server, *options, accounts=3)
                self.assertEqual((ended.code, ended.stderr), (0, ""))
                self.assertEqual(set(result.outcomes()), {"PASS", "SKIP"})
                self.assertGreater(result.summary["pass"], 50)
                self.assertEqual(result.summary["exit"], 0)
                self.assertEqual([server.mail(user) for user in server.users],
                                 [{}, {}, {}])


if __name__ == "__main__":
    unittest.main()
