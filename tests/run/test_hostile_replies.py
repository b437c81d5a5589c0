# SPDX-License-Identifier: MIT
"""hostile_cases.py: REPLIES."""

import unittest

from hostile_cases import REPLIES, tests

Replies = tests("Replies", REPLIES)

if __name__ == "__main__":
    unittest.main()
