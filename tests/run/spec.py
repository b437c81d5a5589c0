# SPDX-License-Identifier: MIT
"""Runs pop3spec, and looks at all that it says.

Whatever a test is about: no output ever holds a control character or one of
the passwords, and no program outlives PATIENCE.
"""

import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from pop3_server import PATIENCE, USERS, read

PROGRAM = os.environ["POP3SPEC"]
MEASURED = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "measured.py")
REFERENCE_SERVER = os.environ["POP3SPEC_SERVER"]
SCENARIOS = os.path.normpath(os.path.join(os.path.dirname(__file__), "..", "..",
                                          "scenarios"))
FORBIDDEN = b"|".join([rb"[^\n -~]", *map(str.encode, USERS.values())])


def check_output(octets):
    """Fit for any terminal, and for anybody's eyes."""
    for found in re.finditer(FORBIDDEN, octets):
        raise AssertionError(octets[max(0, found.start() - 200):found.end()])
    return octets.decode()


class Ended:
    """A program that ended: its exit status and what it wrote."""

    def __init__(self, code, stdout, stderr):
        self.code = code
        self.stdout = check_output(stdout)
        self.stderr = check_output(stderr)


def start(*arguments, before=(PROGRAM,), **options):
    """Away from any terminal, so that nobody is asked."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("POP3SPEC")}
    environment.update(options.pop("env", {}))
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
               "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([*before, *arguments], env=environment,
                            start_new_session=True, **streams)


def finish(process, patience=PATIENCE):
    with process:
        try:
            stdout, stderr = process.communicate(timeout=patience)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    return Ended(process.returncode, stdout or b"", stderr or b"")


def spec(*arguments, **options):
    return finish(start(*arguments, **options))


class Result:
    """A report in JSON."""

    def __init__(self, path):
        octets = read(path)
        check_output(octets)
        self.json = json.loads(octets)
        self.summary = self.json["summary"]
        self.verdicts = self.json["verdicts"]

    def of(self, scenario):
        """Its verdict, the only one."""
        found = [v for v in self.verdicts if v["scenario"] == scenario]
        assert len(found) == 1, found
        return found[0]

    def outcomes(self, *but):
        """How often which outcome, universal checks apart."""
        return collections.Counter(
            v["outcome"] for v in self.verdicts
            if not v["scenario"].startswith("universal/") and
            v["outcome"] not in but)


class Case(unittest.TestCase):
    """Has a directory of its own, and can judge a server."""

    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="pop3spec-test-")
        self.addCleanup(shutil.rmtree, self.place)

    def path(self, name):
        return os.path.join(self.place, name)

    def write(self, name, text, mode=0o600):
        with open(self.path(name), "w") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def target(self, server, accounts=1, provision=True, **more):
        """A target file for server; accounts may be a number of them."""
        if isinstance(accounts, int):
            accounts = [{"user": user, "password": password}
                        for user, password in USERS.items()][:accounts]
        target = {"host": "127.0.0.1", "port": server.port,
                  "accounts": accounts}
        if provision is True:
            target["provision"] = {"maildir": server.root + "/{user}"}
        elif provision:
            target["provision"] = provision
        return self.write("target.json", json.dumps({**target, **more}))

    def reports(self):
        return [f"--report={kind}={self.path(kind)}"
                for kind in ("text", "json", "jsonl")]

    def result(self):
        for kind in "text", "jsonl":
            check_output(read(self.path(kind)))
        return Result(self.path("json"))

    def measure(self, *arguments):
        """Returns how a run ended, and its peak of memory in KiB."""
        peak = self.path("peak")
        helper = [sys.executable, "-IS", MEASURED, peak, PROGRAM]
        ended = finish(start(*arguments, before=helper), 5 * PATIENCE)
        return ended, int(read(peak))

    def judge(self, server, *options, env=None, **target):
        """Returns how the run ended, and its result."""
        ended = spec("run", self.target(server, **target), *self.reports(),
                     "--jobs=1", *options, env=env or {})
        return ended, self.result()

    def check_refused(self, ended, code, *texts):
        """It ended with code, and told why in one line on stderr alone."""
        self.assertEqual((ended.code, ended.stdout), (code, ""), ended.stderr)
        self.assertTrue(ended.stderr.startswith("pop3spec: "), ended.stderr)
        for text in texts:
            self.assertIn(text, ended.stderr)

