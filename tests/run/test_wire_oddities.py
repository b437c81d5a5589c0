# SPDX-License-Identifier: MIT
"""Oddities on the wire: nothing may fail on the program because of one.

Each row of --list-oddities is legal, by the clause that it names; the whole
suite is played on each over TCP, where closes and replies come when they come.
`test_wire_oddities.py ID...` tells of these alone.
"""

import concurrent.futures
import sys
import unittest

from wire import ACCOUNTS, rows, run

AT_A_TIME = 3
SLOWEST = "one-octet-output", "closes-later-after-error"  # begin with them
# More that are of no kind: nobody waits for a maildrop.
MANY = {**ACCOUNTS, **{f"user{i}": f"sesame-{i}" for i in range(9)}}
# Half a minute of system calls; played in memory.
LARGE_BODIES = {"one-octet-output": [
    "framing/*boundaries", "framing/*line*", "framing/*stop*",
    "pipelining/*body*", "pipelining/retr*", "transaction/*long*",
    "transaction/thousand-messages"]}
ALARMS = "FAIL", "LOST", "CRASH", "SECURITY", "FLAKY", "ERROR", "NOTRUN"


def describe(oddity, verdict):
    return " ".join([oddity + ":", *(str(verdict[key]) for key in (
        "outcome", "scenario", "requirement", "step", "actual"))])


def judge(oddity, options=(), less=()):
    """What was held against the server, a line each; and how often it passed.
    What is seen once is one too many: nothing is confirmed."""
    ended, verdicts = run(options or ["--oddity", oddity], "--confirm=0",
                          *less, *("--exclude=" + glob
                                   for glob in LARGE_BODIES.get(oddity, ())),
                          accounts=MANY)
    alarms = [describe(oddity, v) for v in verdicts if v["outcome"] in ALARMS]
    warned = {v["requirement"] for v in verdicts if v["outcome"] == "WARN"}
    alarms += [describe(oddity, v) for v in verdicts
               if v["outcome"] == "BLOCKED" and v["blocked_by"] not in warned]
    if not verdicts:
        alarms.append(f"{oddity}: not played: {ended.stderr}")
    return alarms, sum(v["outcome"] == "PASS" for v in verdicts)


class WireOddities(unittest.TestCase):
    def test_nothing_fails(self):
        chosen = sys.argv[1:] if __name__ == "__main__" else []
        oddities = chosen or [row[0] for row in rows("oddities")]
        self.assertTrue(oddities)
        oddities.sort(key=lambda oddity: oddity not in SLOWEST)
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
            results = list(pool.map(judge, oddities))
        alarms = [alarm for found, _ in results for alarm in found]
        passed = [count for _, count in results]
        print(f"wire: {len(oddities)} oddities, {min(passed)} to {max(passed)} "
              f"PASS on each, {len(alarms)} false alarms")
        self.assertEqual(alarms, [])

    def test_who_comes_too_soon(self):
        """LOGIN-DELAY, told by a response code or by none (RFC 2449): what logs
        in most is played."""
        for told in [], ["--oddity", "no-capa"]:
            alarms, passed = judge(" ".join(["login-delay", *told]),
                                   ["--login-delay", "1", *told],
                                   ["--only=authorization/*",
                                    "--only=concurrency/*"])
            self.assertEqual(alarms, [])
            self.assertGreater(passed, 40)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
