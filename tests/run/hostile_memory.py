# SPDX-License-Identifier: MIT
"""How much memory and time judging takes, for each of the hostile servers.

usage: tests/run/hostile_memory.py [NAME]...

With the pop3spec of build/release, or of POP3SPEC. The first line is a server
that does all right. The status is 1 when one takes more than the bound.
"""

import os
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
for name, path in (("POP3SPEC", "harness/pop3spec"),
                   ("POP3SPEC_SERVER",
                    "reference-server/pop3-reference-server")):
    os.environ.setdefault(name, os.path.join(ROOT, "build/release", path))

from hostile_cases import (  # noqa: E402: spec.py asks the environment
    BODIES, BOUND, GOOD, GREETINGS, REPLIES, Hostile)


class Table(Hostile):
    def run_one(self, expected):
        self.setUp()
        began = time.monotonic()
        try:
            ended, peak = self.measure_run(expected)
        finally:
            self.doCleanups()
        return ended.code, peak, time.monotonic() - began


def tell(name, code, peak, base, seconds):
    print(f"{name:24}{code:5}{peak:9}{peak - base:9}{seconds:9.1f}",
          flush=True)


def main():
    names = sys.argv[1:]
    if not os.path.exists(os.environ["POP3SPEC"]):
        sys.exit(os.environ["POP3SPEC"] + ": is not built")
    table = Table()
    print(f"{'server':24}{'exit':>5}{'KiB':>9}{'more':>9}{'seconds':>9}")
    code, base, seconds = table.run_one(GOOD)
    tell("(good)", code, base, base, seconds)
    worst = 0
    for one in GREETINGS + REPLIES + BODIES:
        if not names or one.name in names:
            code, peak, seconds = table.run_one(one)
            tell(one.name, code, peak, base, seconds)
            worst = max(worst, peak - base)
    print(f"at most {worst} KiB more than for a good server; "
          f"the bound is {BOUND}")
    return worst > BOUND


if __name__ == "__main__":
    sys.exit(main())
