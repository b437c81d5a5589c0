# SPDX-License-Identifier: MIT
"""Runs that end before all is played, because they were told to; and what a
person sees of a run that takes its time."""

import json
import os
import pty
import signal
import socket
import threading
import unittest

import behaviours
from pop3_server import PATIENCE, Server, Session
from spec import Case, finish, spec, start

NOOP = "--only=transaction/noop"
TIME = "the time is over: --max-time "
FIRST_LOOK = ", during a first look at the server at 127.0.0.1:%d (%s)"


def halting():
    """A server's behaviour with an event of its own."""

    class Halts(behaviours.Halts):
        reached = threading.Event()

    return Halts


class MaxTime(Case):
    def check(self, ended, passes, where="", seconds=1):
        result = self.result()
        why = f"{TIME}{seconds}{where}"
        self.assertEqual((ended.code, ended.stderr), (3, ""))
        self.assertEqual(result.summary["exit"], 3)
        self.assertEqual(result.summary["interrupted"], why)
        outcomes = result.outcomes()
        self.assertEqual(set(outcomes) - {"PASS"}, {"NOTRUN"})
        self.assertEqual(outcomes["PASS"] > 0, passes)
        self.assertEqual(sum(outcomes.values()), result.json["scenarios"])
        for verdict in result.verdicts:
            if verdict["outcome"] == "NOTRUN":
                self.assertEqual(verdict["label"], why)
        self.assertIn("Incomplete. No breach found.", ended.stdout)
        self.assertEqual(ended.stdout.count(TIME), 2)

    def past_the_first_look(self, passes, behaviour, *options):
        """With as much time as it takes to come so far on this machine."""
        for seconds in 1, 4, 16, 64:
            with Server(behaviour()) as server:
                ended, result = self.judge(server, *options,
                                           f"--max-time={seconds}")
                self.assertEqual(server.mail(), {})
            played = result.summary["interrupted"] == f"{TIME}{seconds}"
            if played and (result.outcomes()["PASS"] or not passes):
                break
        self.check(ended, passes, seconds=seconds)

    def test_a_server_that_stops_answering(self):
        self.past_the_first_look(
            True, halting, "--only=transaction/*", "--exclude=transaction/r*",
            "--exclude=transaction/u*")

    def test_a_scenario_that_waits_for_minutes(self):
        self.past_the_first_look(
            False, lambda: Session, "--only=timeouts/autologout", "--slow")

    def test_a_server_that_never_greets(self):
        with Server(behaviours.Silent) as server:
            ended, _ = self.judge(server, NOOP, "--max-time=1")
        self.check(ended, False, FIRST_LOOK % (server.port, "no greeting: the "
                                               "run was ended"))

    def test_nobody_accepts(self):
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            # The queue holds one: whoever comes then is kept waiting.
            with socket.create_connection(full.getsockname()):
                with Server() as server:
                    server.port = full.getsockname()[1]
                    ended, _ = self.judge(server, NOOP, "--max-time=1")
        port = server.port
        self.check(ended, False, FIRST_LOOK % (
            port, f"no connection: 127.0.0.1:{port}: cancelled"))

    def test_a_server_that_does_not_start(self):
        target = {"host": "127.0.0.1", "start": "exec sleep 600 # {port}",
                  "accounts": [{"user": "al", "password": "x"}]}
        path = self.write("target.json", json.dumps(target))
        ended = spec("run", path, NOOP, *self.reports(), "--max-time=1")
        where = self.result().summary["interrupted"][len(TIME) + 1:]
        self.assertRegex(where, r"\A, during the start of the server at "
                         r"127\.0\.0\.1:\d+ \(start: cancelled\)\Z")
        self.check(ended, False, where)

    def test_enough_time(self):
        with Server() as server:
            ended, result = self.judge(server, NOOP,
                                       f"--max-time={10 * PATIENCE}")
        self.assertEqual((ended.code, ended.stderr), (0, ""))
        self.assertEqual(result.outcomes(), {"PASS": 1})


class MaxFailures(Case):
    def check(self, number, session, code, *options):
        with Server(session) as server:
            ended, result = self.judge(server, "--only=transaction/*",
                                       f"--max-failures={number}", *options)
            self.assertEqual(server.mail(), {})
        self.assertEqual((ended.code, ended.stderr), (code, ""))
        return result

    def test_the_rest_is_not_run(self):
        for number in 1, 2:
            result = self.check(number, behaviours.RefusesDele, 1)
            found = [v["outcome"] for v in result.verdicts
                     if not v["scenario"].startswith("universal/")]
            self.assertEqual(found.count("FAIL"), number)
            self.assertEqual(found[-1], "NOTRUN")
            behind = found[len(found) - 1 - found[::-1].index("FAIL"):]
            self.assertEqual(set(behind) - {"BLOCKED"}, {"FAIL", "NOTRUN"})
            self.assertEqual(result.summary["interrupted"],
                             f"so much was found: --max-failures {number}")
            self.assertTrue(all(v["confirmed"] for v in result.verdicts
                                if v["outcome"] == "FAIL"))

    def test_only_what_counts(self):
        result = self.check(1, behaviours.RefusesNoop, 0, "--fail-on=never")
        self.assertEqual(result.summary["interrupted"], "")
        self.assertEqual(result.summary["notrun"], 0)
        self.assertGreater(result.summary["fail"], 0)

    def test_fewer_than_that(self):
        result = self.check(100, behaviours.RefusesNoop, 1)
        self.assertEqual(result.summary["notrun"], 0)


class Progress(Case):
    """What is waited for is told on standard error, and nowhere else."""

    def begin(self, server, *options, **streams):
        return start("run", self.target(server), "--jobs=1",
                     "--only=transaction/rset-unmarks", *self.reports(),
                     *options, **streams)

    def read_until(self, stream, text):
        came = b""
        while text not in came:
            piece = os.read(stream, 4096)
            self.assertTrue(piece, came)
            came += piece
        return came

    def test_after_a_silence(self):
        with Server(halting()) as server:
            process = self.begin(server, "--progress=1")
            said = self.read_until(process.stderr.fileno(), b"\n")
            process.send_signal(signal.SIGINT)
            ended = finish(process)
        self.assertRegex(said + ended.stderr.encode(),
                         rb"\A(pop3spec: 0 of 1 done, [0-9]+ s with "
                         rb"transaction/rset-unmarks\n)+\Z")
        self.assertEqual(self.result().outcomes(), {"NOTRUN": 1})

    def test_before_the_first_scenario(self):
        with Server(behaviours.Silent) as server:
            process = self.begin(server, "--progress=1")
            said = self.read_until(process.stderr.fileno(), b"\n")
            process.send_signal(signal.SIGINT)
            finish(process)
        self.assertRegex(said, rb"\Apop3spec: [0-9]+ s with a first look at "
                               rb"the server\n")

    def terminal(self, *options, term="xterm"):
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        with Server(halting()) as server:
            process = self.begin(server, *options, stderr=theirs,
                                 env={"TERM": term})
            os.close(theirs)
            if term == "xterm" and not options:
                said = self.read_until(ours, b"rset-unmarks")
            else:
                self.assertTrue(server.session.reached.wait(PATIENCE))
                said = b""
            process.send_signal(signal.SIGINT)
            finish(process)
        try:
            while piece := os.read(ours, 4096):
                said += piece
        except OSError:  # nobody has the other end any more
            pass
        return said

    def test_on_a_terminal(self):
        said = self.terminal()
        lines = said.split(b"\r\033[K")
        self.assertEqual((lines[0], lines[-1]), (b"", b""))
        for line in lines[1:-1]:
            self.assertRegex(line, rb"\Apop3spec: [ -~]+\Z")
            self.assertLess(len(line), 80)

    def test_quiet(self):
        self.assertEqual(self.terminal("--progress=0"), b"")
        self.assertEqual(self.terminal(term="dumb"), b"")


if __name__ == "__main__":
    unittest.main()
