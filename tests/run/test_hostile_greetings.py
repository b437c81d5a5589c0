# SPDX-License-Identifier: MIT
"""hostile_cases.py: GREETINGS."""

import unittest

from hostile_cases import GREETINGS, tests

Greetings = tests("Greetings", GREETINGS)

if __name__ == "__main__":
    unittest.main()
