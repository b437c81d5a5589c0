# SPDX-License-Identifier: MIT
"""hostile_cases.py: BODIES."""

import unittest

from hostile_cases import BODIES, tests

Bodies = tests("Bodies", BODIES)

if __name__ == "__main__":
    unittest.main()
