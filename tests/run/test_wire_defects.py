# SPDX-License-Identifier: MIT
"""Defects on the wire: the program itself, made wrong in one way, over TCP.

Each row of --list-defects that is seen everywhere or on the wire must be killed
by the scenario that it names, when pop3spec judges pop3-reference-server as it
would any other server. `test_wire_defects.py ID...` tells of these alone.
"""

import concurrent.futures
import json
import os
import shlex
import subprocess
import tempfile
import unittest

from pop3_server import USERS
from spec import REFERENCE_SERVER, Result, spec

AT_A_TIME = 4  # most of them wait for what does not come
# Those that say nothing when they should are not waited for as long as others.
# That can only kill: what is right is asked with the patience of everybody.
HASTE = {"greeting": 3, "reply": 3, "login": 6, "lock": 6, "close": 3,
         "update": 3}
# In these the framing of every kind of reply can be seen.
UNIVERSAL = ("greeting/one-positive-line", "transaction/unknown-command",
             "transaction/list-listing", "transaction/retr-whole-message")
# One account of each kind that scenarios ask for.
ACCOUNTS = {"al": USERS["al"], "bo": "forty-octets-are-the-most-that-are-sure.",
            "cy": "open sesame 9"}
WEIGHT = {"FAIL": 4, "LOST": 4, "CRASH": 4, "SECURITY": 4, "WARN": 3,
          "FLAKY": 3, "INFO": 2, "PASS": 0, "SKIP": 0}


class Defect:
    def __init__(self, line):
        self.id, _, self.seen, self.killer, *_ = line.split("\t")
        self.options = ["--defect", self.id]

    def scenarios(self):
        universal = self.killer.startswith("universal/")
        return UNIVERSAL if universal else [self.killer]


def on_the_wire():
    listing = subprocess.run([REFERENCE_SERVER, "--list-defects"], check=True,
                             capture_output=True, text=True).stdout
    defects = map(Defect, listing.splitlines())
    return [d for d in defects if d.seen in ("everywhere", "wire")]


def weight(outcome):
    return WEIGHT.get(outcome, 1)


def worst_of_each(verdicts):
    worst = {}
    for v in sorted(verdicts, key=lambda v: weight(v["outcome"])):
        worst[v["scenario"]] = v["outcome"]
    return worst


def write_target(root, options, more):
    """A target that starts the server, which sees its own maildrops only."""
    for user in ACCOUNTS:
        for folder in "new", "cur", "tmp":
            os.makedirs(os.path.join(root, "mail", user, folder))
    users = os.path.join(root, "users")
    write(users, "".join(f"{u}:{p}\n" for u, p in ACCOUNTS.items()))
    command = [REFERENCE_SERVER, "--maildir", os.path.join(root, "mail"),
               "--users", users, *options]
    accounts = [{"user": user, "password": password, "traits": ["apop"]}
                for user, password in ACCOUNTS.items()]
    path = os.path.join(root, "target.json")
    write(path, json.dumps({
        "host": "127.0.0.1", "accounts": accounts,
        "provision": {"maildir": "mail/{user}"},
        "start": "exec " + shlex.join(command) + " --port {port}", **more}))
    return path


def write(path, text):
    with open(path, "w", opener=private) as file:
        file.write(text)


def private(path, flags):
    return os.open(path, flags, 0o600)


def judge(scenarios, *options, confirm=1, **more):
    """The outcome of each scenario and universal check, and what was said."""
    with tempfile.TemporaryDirectory(prefix="pop3spec-test-") as root:
        report = os.path.join(root, "result.json")
        ended = spec("run", write_target(root, options, more),
                     "--report=json=" + report, f"--confirm={confirm}",
                     *("--only=" + s for s in scenarios))
        if not os.path.exists(report):
            return {}, ended.stderr
        return worst_of_each(Result(report).verdicts), ended.stderr


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
