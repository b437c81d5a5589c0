# SPDX-License-Identifier: MIT
"""Defects on the wire: the program itself, made wrong in one way, over TCP.

Each row of --list-defects that is seen everywhere or on the wire must be killed
by the scenario that it names, when pop3spec judges pop3-reference-server as it
would any other server. `test_wire_defects.py ID...` tells of these alone.
"""

import concurrent.futures
import unittest

from wire import rows, run, weight, worst_of_each

AT_A_TIME = 4  # most of them wait for what does not come
# Those that say nothing when they should are not waited for as long as others.
# That can only kill: what is right is asked with the patience of everybody.
HASTE = {"greeting": 3, "reply": 3, "login": 6, "lock": 6, "close": 3,
         "update": 3}
# In these the framing of every kind of reply can be seen.
UNIVERSAL = ("greeting/one-positive-line", "transaction/unknown-command",
             "transaction/list-listing", "transaction/retr-whole-message")


class Defect:
    def __init__(self, row):
        self.id, _, self.seen, self.killer, *_ = row
        self.options = ["--defect", self.id]

    def scenarios(self):
        universal = self.killer.startswith("universal/")
        return UNIVERSAL if universal else [self.killer]


def on_the_wire():
    defects = map(Defect, rows("defects"))
    return [d for d in defects if d.seen in ("everywhere", "wire")]


def judge(scenarios, *options, confirm=1, **more):
    """The outcome of each scenario and universal check, and what was said."""
    ended, verdicts = run(options, f"--confirm={confirm}",
                          *("--only=" + s for s in scenarios), **more)
    return worst_of_each(verdicts), ended.stderr


def judge_defect(defect):
    outcomes, said = judge(defect.scenarios(), *defect.options, confirm=0,
                           patience=HASTE)
    return outcomes.get(defect.killer, "not played: " + said)


class WireDefects(unittest.TestCase):
    def check_right(self, defects):
        """Nothing may be said against the server that is right."""
        wanted = {s for d in defects for s in d.scenarios()}
        outcomes, said = judge(wanted)
        self.assertEqual(wanted - {*outcomes}, set(), said)
        self.assertEqual({s: outcome for s, outcome in outcomes.items()
                          if outcome not in ("PASS", "INFO")}, {}, said)
        return outcomes

    def test_each_is_killed_by_the_scenario_it_names(self):
        defects = on_the_wire()
        self.assertTrue(defects)
        right = self.check_right(defects)
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
            outcomes = list(pool.map(judge_defect, defects))
        alive = [f"{d.id} survives {d.killer}: {outcome}"
                 for d, outcome in zip(defects, outcomes)
                 if weight(outcome) <= max(1, weight(right[d.killer]))]
        print(f"wire: {len(defects)} defects, {len(defects) - len(alive)} "
              f"killed by the scenario they name")
        self.assertEqual(alive, [])


if __name__ == "__main__":
    unittest.main()
