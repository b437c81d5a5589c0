# SPDX-License-Identifier: MIT
"""Runs that do not come to their end: a signal, or a kill."""

import json
import os
import select
import signal
import sys
import threading
import time
import unittest

import behaviours
from pop3_server import PATIENCE, Server, Session
from spec import Case, Result, finish, spec, start

ONLY = "--only=transaction/*"


class Interrupted(Case):
    def begin(self, server, *options):
        return start("run", self.target(server), ONLY, "--jobs=1",
                     *self.reports(), *options)

    def interrupt(self, number):
        """A run that got number while it waited for a reply."""

        class Halts(behaviours.Halts):
            reached = threading.Event()

        with Server(Halts) as server:
            process = self.begin(server)
            reached = Halts.reached.wait(PATIENCE)
            process.send_signal(number)
            ended = finish(process)
            self.assertTrue(reached)
            return ended, server.mail()

    def check_finished(self, number):
        ended, mail = self.interrupt(number)
        result = self.result()
        self.assertEqual((ended.code, ended.stderr), (3, ""))
        self.assertEqual(result.summary["exit"], 3)
        self.assertIn("signal", result.summary["interrupted"])
        self.assertGreater(result.outcomes()["PASS"], 1)
        self.assertEqual(set(result.outcomes()), {"PASS", "NOTRUN"})
        self.assertEqual(sum(result.outcomes().values()),
                         result.json["scenarios"])
        self.assertEqual(mail, {})

    def test_ctrl_c(self):
        self.check_finished(signal.SIGINT)

    def test_sigterm(self):
        self.check_finished(signal.SIGTERM)

    def test_the_mail_of_the_bundled_server_does_not_outlive_a_kill(self):
        os.mkdir(self.path("home"))
        process = start("run", "--report=jsonl=-",
                        env={"TMPDIR": self.path("home")})
        self.assertTrue(process.stdout.readline())
        self.assertEqual(len(os.listdir(self.path("home"))), 1)
        process.kill()
        self.assertEqual(finish(process).code, -signal.SIGKILL)
        end = time.monotonic() + PATIENCE
        while os.listdir(self.path("home")):  # the keeper is at work
            self.assertLess(time.monotonic(), end)

    def test_kill(self):
        """The journal tells what was known by then."""
        ended, _ = self.interrupt(signal.SIGKILL)
        self.assertEqual(ended.code, -signal.SIGKILL)
        replayed = spec("report", self.path("jsonl"),
                        "--report=json=" + self.path("json"))
        self.assertEqual((replayed.code, replayed.stderr), (0, ""))
        result = Result(self.path("json"))
        self.assertGreater(result.outcomes()["PASS"], 1)
        self.assertEqual(set(result.outcomes()), {"PASS"})
        self.assertNotEqual(result.summary["interrupted"], "")
        with open(self.path("jsonl")) as file:
            journal = [json.loads(line) for line in file]
        self.assertEqual(journal[1:], result.verdicts)

    def test_what_a_killed_run_left_is_cleared_by_the_next(self):
        class Halts(behaviours.Halts):
            reached = threading.Event()

        with Server(Halts) as server:
            process = self.begin(server)
            reached = Halts.reached.wait(PATIENCE)
            process.kill()
            finish(process)
            self.assertTrue(reached)
            self.assertNotEqual(server.mail(), {})
            server.session = Session
            ended, _ = self.judge(server, "--only=transaction/noop")
            self.assertEqual((ended.code, ended.stderr), (0, ""))
            self.assertEqual(server.mail(), {})

    def test_kill_leaves_no_server_behind(self):
        """Nor what a shell started: the pipe ends when nobody has it."""
        os.mkfifo(self.path("pipe"))
        here = os.path.dirname(os.path.abspath(behaviours.__file__))
        target = {"host": "127.0.0.1",
                  "accounts": [{"user": "al", "password": "x"}],
                  "start": f"exec 9>{self.path('pipe')}; "
                           f"{sys.executable} -B {here}/behaviours.py "
                           f"SilentWithAPipe {{port}} {self.place}; true"}
        process = start("run", self.write("target.json", json.dumps(target)),
                        ONLY)
        with open(self.path("pipe"), "rb") as pipe:
            self.assertEqual(pipe.read(4), b"here")
            process.send_signal(signal.SIGKILL)
            finish(process)
            ready, _, _ = select.select([pipe], [], [], PATIENCE)
            self.assertEqual(ready, [pipe])
            self.assertEqual(pipe.read(), b"")

    def test_nothing_is_left_however_early_we_are_killed(self):
        """The first that the server does is to kill us; of what it started the
        shell dies with us, and the rest by the keeper."""
        target = {"host": "127.0.0.1",
                  "accounts": [{"user": "al", "password": "x"}],
                  "start": f"(exec 9>{self.path('pipe')}; kill -KILL $PPID; "
                           f"exec cat {self.path('never')}); true # {{port}}"}
        path = self.write("target.json", json.dumps(target))
        os.mkfifo(self.path("pipe"))
        os.mkfifo(self.path("never"))
        for _ in range(10):
            pipe = os.open(self.path("pipe"), os.O_RDONLY | os.O_NONBLOCK)
            ended = spec("run", path, ONLY)
            self.assertEqual(ended.code, -signal.SIGKILL)
            ready, _, _ = select.select([pipe], [], [], PATIENCE)
            self.assertEqual(ready, [pipe])
            self.assertEqual(os.read(pipe, 1), b"")
            os.close(pipe)

    def test_two_runs_on_one_maildrop(self):
        """The second is told, and the third may, once the first is dead."""
        class Halts(behaviours.Halts):
            reached = threading.Event()

        with Server(Halts) as server:
            first = self.begin(server)
            reached = Halts.reached.wait(PATIENCE)
            before = server.mail(), len(server.received())
            second = spec("run", self.target(server), ONLY)
            after = server.mail(), len(server.received())
            first.kill()
            finish(first)
            self.assertTrue(reached)
            self.check_refused(second, 3, "al: another run of pop3spec")
            self.assertEqual(before, after)
            server.session = Session
            ended, _ = self.judge(server, "--only=transaction/noop")
            self.assertEqual((ended.code, ended.stderr), (0, ""))

    def test_ctrl_c_before_the_first_scenario(self):
        class Silent(behaviours.Silent):
            reached = threading.Event()

            def greet(self):
                self.reached.set()
                super().greet()

        with Server(Silent) as server:
            process = self.begin(server)
            reached = Silent.reached.wait(PATIENCE)
            process.send_signal(signal.SIGINT)
            ended = finish(process)
            self.assertTrue(reached)
            self.assertEqual((ended.code, ended.stderr), (3, ""))
            self.assertEqual(server.mail(), {})
        result = self.result()
        self.assertEqual(set(result.outcomes()), {"NOTRUN"})
        self.assertIn("ended by a signal, during a first look at the server",
                      result.summary["interrupted"])

    def test_the_second_ctrl_c_kills(self):
        """However long what is left to do may take."""

        class Deaf(behaviours.Halts):
            reached = threading.Event()

        with Server(Deaf) as server:
            process = self.begin(server)
            reached = Deaf.reached.wait(PATIENCE)
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGINT)
            ended = finish(process)
            self.assertTrue(reached)
            self.assertIn(ended.code, (3, -signal.SIGINT))


if __name__ == "__main__":
    unittest.main()
