# SPDX-License-Identifier: MIT
"""pop3spec judges pop3-reference-server, the program, with switches on, as it
would any other server."""

import json
import os
import shlex
import subprocess
import tempfile

from pop3_server import PATIENCE, USERS
from spec import REFERENCE_SERVER, Result, finish, start

WEIGHT = {"FAIL": 4, "LOST": 4, "CRASH": 4, "SECURITY": 4, "WARN": 3,
          "FLAKY": 3, "INFO": 2, "PASS": 0, "SKIP": 0}
# One account of each kind that scenarios ask for.
ACCOUNTS = {"al": USERS["al"], "bo": "forty-octets~are-the-most-that-are-sure.",
            "cy": "open sesame 9"}


def rows(what):
    """The fields of each line of --list-defects or --list-oddities."""
    listing = subprocess.run([REFERENCE_SERVER, "--list-" + what], check=True,
                             capture_output=True, text=True).stdout
    return [line.split("\t") for line in listing.splitlines()]


def weight(outcome):
    return WEIGHT.get(outcome, 1)


def worst_of_each(verdicts):
    worst = {}
    for v in sorted(verdicts, key=lambda v: weight(v["outcome"])):
        worst[v["scenario"]] = v["outcome"]
    return worst


def write_target(root, accounts, options, more):
    """A target that starts the server, which sees its own maildrops only."""
    for user in accounts:
        for folder in "new", "cur", "tmp":
            os.makedirs(os.path.join(root, "mail", user, folder))
    users = os.path.join(root, "users")
    write(users, "".join(f"{u}:{p}\n" for u, p in accounts.items()))
    command = [REFERENCE_SERVER, "--maildir", os.path.join(root, "mail"),
               "--users", users, *options]
    listed = [{"user": user, "password": password, "traits": ["apop"]}
              for user, password in accounts.items()]
    path = os.path.join(root, "target.json")
    write(path, json.dumps({
        "host": "127.0.0.1", "accounts": listed,
        "provision": {"maildir": "mail/{user}"},
        "start": "exec " + shlex.join(command) + " --port {port}", **more}))
    return path


def write(path, text):
    with open(path, "w", opener=private) as file:
        file.write(text)


def private(path, flags):
    return os.open(path, flags, 0o600)


def run(server, *arguments, accounts=ACCOUNTS, **more):
    """How a run on a server with these options ended, and its verdicts."""
    with tempfile.TemporaryDirectory(prefix="pop3spec-test-") as root:
        report = os.path.join(root, "result.json")
        target = write_target(root, accounts, server, more)
        ended = finish(start("run", target, "--report=json=" + report,
                             *arguments), 5 * PATIENCE)
        verdicts = Result(report).verdicts if os.path.exists(report) else []
        return ended, verdicts
