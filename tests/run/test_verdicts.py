# SPDX-License-Identifier: MIT
"""What a run finds in servers that do one thing wrong, and its exit status."""

import json
import os
import sys
import unittest

import behaviours
from pop3_server import USERS, Server, Session
from spec import Case, spec

HERE = os.path.dirname(os.path.abspath(__file__))
NOOP = "transaction/noop"


class Verdicts(Case):
    def check(self, session, code, outcomes, *options, **target):
        """Judge one scenario, or what --only in options says."""
        if not any(o.startswith("--only") for o in options):
            options = f"--only={NOOP}", *options
        with Server(session) as server:
            ended, result = self.judge(server, *options, **target)
        self.assertEqual(dict(result.outcomes()), outcomes, ended.stderr)
        self.assertEqual(ended.code, code, ended.stderr)
        self.assertEqual(ended.stderr.count("--min-cases"), code == 2)
        self.assertEqual(result.summary["exit"], code)
        return result

    def test_fail(self):
        result = self.check(behaviours.RefusesNoop, 1, {"FAIL": 1})
        verdict = result.of(NOOP)
        self.assertEqual(verdict["requirement"], "RFC1939-5-NOOP-01")
        self.assertEqual(verdict["step"], "/dialogue/1")
        self.assertEqual(verdict["actual"], "-ERR no")
        self.assertTrue(verdict["confirmed"])
        self.assertEqual([(x["from"], x["text"])
                          for x in verdict["transcript"]][-2:],
                         [("C", "NOOP"), ("S", "-ERR no")])

    def test_stat_is_not_needed_to_judge_it(self):
        for session in behaviours.RefusesStat, behaviours.CountsWrong:
            with self.subTest(session.__name__), Server(session) as server:
                ended, result = self.judge(server, "--only=transaction/stat-counts",
                                           "--only=transaction/list-listing")
                self.assertEqual((ended.code, ended.stderr), (1, ""))
                self.assertEqual(result.outcomes("BLOCKED"),
                                 {"FAIL": 1, "PASS": 1})
                self.assertEqual(
                    result.of("transaction/list-listing")["outcome"], "PASS")
                self.assertFalse(result.summary["look_only"])

    def test_a_maildrop_that_nobody_can_look_into(self):
        with Server(behaviours.RefusesAll) as server:
            ended, result = self.judge(server, accounts=3)
            self.assertEqual(server.mail(), {})
            self.assertNotIn(b"DELE 1\r\n", sum(server.received(), []))
        self.assertEqual(ended.code, 1)
        self.assertIn("the maildrop of al cannot be looked into (STAT failed",
                      ended.stderr)
        self.assertTrue(result.summary["look_only"])
        self.assertIn("cannot be looked into", result.summary["interrupted"])
        self.assertEqual(result.of("transaction/unknown-command")["outcome"],
                         "FAIL")

    def test_fail_on(self):
        for session, kind, outcome, codes in (
                (behaviours.RefusesNoop, NOOP, "FAIL",
                 {"must": 1, "should": 1, "security": 0, "flaky": 1,
                  "never": 0}),
                (behaviours.Flaky, NOOP, "FLAKY",
                 {"must": 0, "should": 0, "security": 0, "flaky": 1,
                  "never": 0}),
                (behaviours.ClosesBehindErrors, "transaction/unknown-command",
                 "WARN",
                 {"must": 0, "should": 1, "security": 0, "flaky": 0,
                  "never": 0})):
            for fail_on, code in codes.items():
                with self.subTest(session.__name__, fail_on=fail_on), \
                        Server(session) as server:
                    ended, result = self.judge(server, "--only=" + kind,
                                               "--fail-on=" + fail_on)
                    self.assertIn(outcome, result.outcomes())
                    self.assertEqual(ended.code, code, ended.stderr)

    def test_flaky(self):
        verdict = self.check(behaviours.Flaky, 0, {"FLAKY": 1}).of(NOOP)
        self.assertFalse(verdict["confirmed"])
        self.assertIn("FAIL at first", verdict["label"])
        said = [x["text"] for x in verdict["transcript"]]
        self.assertIn("-ERR no", said)
        self.assertIn("+OK 2", "".join(said[said.index("-ERR no"):]))
        plays = [x["run"] for x in verdict["transcript"]]
        self.assertEqual(plays, sorted(plays))
        self.assertEqual(set(plays), {1, 2})
        self.assertEqual(plays[said.index("-ERR no")], 1)

    def test_what_a_server_may_do_or_not_is_not_flaky(self):
        only = "authorization/login-after-failure"
        result = self.check(behaviours.ClosesOnceBehindAFailedLogin, 0,
                            {"INFO": 1}, "--only=" + only)
        self.assertIn("closes behind a failed login", result.of(only)["label"])

    def test_each_confirming_run_must_agree(self):
        for confirm, plays, outcome, confirmed in (
                (0, 1, "FAIL", False), (1, 2, "FAIL", True),
                (2, 3, "FLAKY", False), (9, 3, "FLAKY", False)):
            with self.subTest(confirm), Server(behaviours.FlakyTwice) as server:
                ended, result = self.judge(server, f"--only={NOOP}",
                                           f"--confirm={confirm}")
                self.assertEqual(min(server.noops, 3), plays)
                verdict = result.of(NOOP)
                self.assertEqual((verdict["outcome"], verdict["confirmed"]),
                                 (outcome, confirmed))
                self.assertEqual(ended.code, outcome == "FAIL")

    def test_what_only_the_confirming_run_finds(self):
        only = "--only=transaction/unknown-command"
        result = self.check(behaviours.Turns, 0, {"FLAKY": 2}, only)
        labels = {v["requirement"]: v["label"] for v in result.verdicts
                  if v["outcome"] == "FLAKY"}
        self.assertEqual(labels, {
            "RFC1939-3-ERR-05": "WARN at first, not in the confirming run",
            "RFC1939-3-ERR-01": "FAIL in the confirming run, not at first"})
        self.check(behaviours.Turns, 1, {"FLAKY": 2}, only, "--fail-on=flaky")

    def test_lost(self):
        verdict = self.check(behaviours.ClosesAtNoop, 1, {"LOST": 1}).of(NOOP)
        self.assertTrue(verdict["confirmed"])
        self.assertIn("the connection ended", verdict["actual"])

    def test_no_answer_in_time(self):
        verdict = self.check(behaviours.StallsAtNoop, 1, {"FAIL": 1},
                             patience={"reply": 1}).of(NOOP)
        self.assertEqual(verdict["actual"], "nothing came for 1 s")

    def test_warn_is_no_failure(self):
        result = self.check(behaviours.ClosesBehindErrors, 0,
                            {"WARN": 1, "PASS": 1},
                            "--only=transaction/unknown-command")
        self.assertEqual(result.summary["warn"], 1)

    def test_blocked_without_an_explanation(self):
        result = self.check(behaviours.RefusesDele, 3, {"BLOCKED": 1},
                            "--only=update/quit-removes-marked")
        verdict = result.of("update/quit-removes-marked")
        self.assertIn("given", verdict["label"])
        self.assertIn("(RFC1939-5-DELE-01 judges it)", verdict["label"])
        self.assertEqual(verdict["blocked_by"], "RFC1939-5-DELE-01")

    def test_blocked_and_explained(self):
        """By what was found against the requirement in the way, nothing else."""
        for more, code in ((["--only=transaction/dele-hides-the-message"], 0),
                           ([], 3)):
            with self.subTest(more), \
                    Server(behaviours.RefusesDeleAndNoop) as server:
                ended, result = self.judge(
                    server, "--only=update/quit-removes-marked",
                    f"--only={NOOP}", "--fail-on=never", *more)
                self.assertIn("FAIL", result.outcomes())
                self.assertEqual(ended.code, code, ended.stderr)

    def test_skip_is_not_judged(self):
        self.check(behaviours.WithoutTop, 2, {"SKIP": 1},
                   "--only=transaction/top-lines")
        slow = "--only=timeouts/au*"
        self.check(Session, 2, {"SKIP": 1}, slow)
        self.check(Session, 0, {"SKIP": 1}, slow, "--min-cases=0")

    def test_min_cases(self):
        self.check(Session, 0, {"PASS": 2}, f"--only={NOOP}",
                   "--only=transaction/uidl-one", "--min-cases=2")
        self.check(Session, 2, {"PASS": 2}, f"--only={NOOP}",
                   "--only=transaction/uidl-one", "--min-cases=3")

    def test_a_breach_comes_before_a_shortage(self):
        with Server(behaviours.RefusesNoop) as server:
            ended, _ = self.judge(server, f"--only={NOOP}", "--min-cases=3")
        self.assertEqual(ended.code, 1)

    def test_exclude(self):
        result = self.check(Session, 0, {"PASS": 1},
                            "--only=transaction/uidl-listing",
                            "--only=transaction/uidl-one",
                            "--only=transaction/uidl-persists",
                            "--exclude=*persists",
                            "--exclude=RFC1939-7-UIDL-04")
        self.assertEqual(result.of("transaction/uidl-listing")["outcome"],
                         "PASS")

    def test_only_by_requirement(self):
        self.check(Session, 0, {"PASS": 1}, "--only=RFC1939-5-NOOP-01")

    def test_a_refusal_is_an_answer(self):
        verdict = self.check(behaviours.BansAtNoop, 1, {"FAIL": 1},
                             patience={"lock": 1}).of(NOOP)
        self.assertEqual(verdict["actual"], "-ERR no")
        self.assertFalse(verdict["confirmed"])

    def test_a_server_that_closes_is_there(self):
        result = self.check(behaviours.ShutsAtNoop, 3,
                            {"ERROR": 1, "NOTRUN": 1}, f"--only={NOOP}",
                            "--only=transaction/rset-unmarks",
                            patience={"lock": 1, "connect": 1})
        self.assertIn("closes without a greeting", result.of(NOOP)["label"])
        self.assertIn("closes without a greeting",
                      result.summary["interrupted"])

    def test_quit_before_the_login_is_a_matter_of_its_own(self):
        result = self.check(behaviours.RefusesEarlyQuit, 1,
                            {"FAIL": 1, "PASS": 1}, f"--only={NOOP}",
                            "--only=authorization/quit")
        verdict = result.of("authorization/quit")
        self.assertEqual(verdict["requirement"], "RFC1939-4-QUIT-01")
        self.assertTrue(verdict["confirmed"])

    def test_the_timestamp_among_other_brackets(self):
        self.check(behaviours.Welcomes, 0, {"PASS": 2}, f"--only={NOOP}",
                   "--only=authorization/apop-wrong-digest",
                   accounts=[{"user": "al", "password": USERS["al"],
                              "traits": ["apop"]}])

    def test_octet_by_octet(self):
        self.check(behaviours.OctetByOctet, 0, {"PASS": 4},
                   "--only=transaction/list-listing",
                   "--only=transaction/list-one", "--only=" + NOOP,
                   "--only=transaction/retr-whole-message")


class Deaths(Case):
    """Of servers that the run itself started."""

    def setUp(self):
        super().setUp()
        for part in "new", "cur", "tmp":
            os.makedirs(self.path("al/" + part))

    def judge_started(self, name, *options, **more):
        command = (f"exec {sys.executable} -B {HERE}/behaviours.py {name} "
                   f"{{port}} {self.place}")
        target = {
            "host": "127.0.0.1", "start": command,
            "accounts": [{"user": "al", "password": USERS["al"]}],
            "provision": {"maildir": self.place + "/{user}"}, **more}
        path = self.write("target.json", json.dumps(target))
        return spec("run", path, "--jobs=1", *self.reports(), *options)

    def test_nobody_dies(self):
        ended = self.judge_started("Session", f"--only={NOOP}")
        self.assertEqual((ended.code, ended.stderr), (0, ""))

    def test_crash(self):
        for confirm in "--confirm=0", "--confirm=1", "--confirm=2":
            with self.subTest(confirm):
                ended = self.judge_started(
                    "DiesAtNoop", "--only=transaction/*",
                    "--exclude=transaction/error-changes-nothing", confirm)
                self.check_crash(ended, self.result())

    def test_a_sanitizer_speaks(self):
        ended = self.judge_started("Sanitized", "--only=" + NOOP,
                                   "--only=transaction/numbers-are-decimal",
                                   "--only=transaction/numbers-do-not-wrap")
        self.assertEqual((ended.code, ended.stderr), (1, ""))
        result = self.result()
        self.assertEqual(result.of(NOOP)["label"],
                         "a sanitizer spoke in the server")
        self.assertIn("AddressSanitizer: heap-use-after-free{LF}al logs in "
                      "with {password of al}", result.of(NOOP)["log"])
        self.assertEqual(result.outcomes(), {"CRASH": 1, "PASS": 2})

    def test_it_dies_behind_the_last_scenario(self):
        ended = self.judge_started("DiesAfterNoop", "--only=" + NOOP)
        self.check_end(ended, "the server does not answer any more: exit "
                       "status 7 (behind the last scenario)")

    def test_it_dies_when_it_is_stopped(self):
        ended = self.judge_started("AbortsAtItsEnd", "--only=" + NOOP)
        self.check_end(ended, "the server ended with signal 6 (Aborted) (when "
                       "it was stopped)")

    def test_it_dies_when_it_is_stopped_by_its_own_command(self):
        """A shell tells of a child's signal by its status."""
        ended = self.judge_started("Session", "--only=" + NOOP, **{
            "start": f"{sys.executable} -B {HERE}/behaviours.py Session "
                     f"{{port}} {self.place} & echo $! >pid; wait $!; "
                     "status=$?; exit $status",
            "stop": "kill -SEGV $(cat pid)"})
        self.check_end(ended, "the server ended with exit status 139 (when it "
                       "was stopped)")

    def test_a_leak_is_reported_at_the_end(self):
        ended = self.judge_started("Leaks", "--only=" + NOOP)
        verdict = self.check_end(ended, "a sanitizer spoke in the server (when "
                                 "it was stopped)")
        self.assertEqual(verdict["log"], "==1==ERROR: LeakSanitizer: detected "
                         "memory leaks{LF}of {password of al}{LF}")

    def check_end(self, ended, label):
        self.assertEqual((ended.code, ended.stderr), (1, ""))
        result = self.result()
        self.assertEqual(result.outcomes(), {"PASS": 1})
        self.assertEqual(result.summary["crash"], 1)
        self.assertEqual(result.summary["interrupted"], "")
        verdict = result.of("universal/server")
        self.assertEqual(verdict["label"], label)
        self.assertIn("CRASH universal/server", ended.stdout)
        return verdict

    def test_how_it_ends_is_its_own_affair(self):
        ended = self.judge_started("EndsAsItLikes", "--only=" + NOOP)
        self.assertEqual((ended.code, ended.stderr), (0, ""))

    def test_a_stop_that_fails(self):
        ended = self.judge_started("Session", "--only=" + NOOP,
                                   stop="echo no such process >&2; exit 4")
        self.assertEqual(ended.code, 3)
        self.assertEqual(ended.stderr, "pop3spec: stop: ended with exit status "
                         "4: no such process\n")
        result = self.result()
        self.assertEqual(result.outcomes(), {"PASS": 1})
        self.assertIn("exit status 4", result.summary["interrupted"])

    def check_crash(self, ended, result):
        self.assertEqual((ended.code, ended.stderr), (1, ""))
        outcomes = [v["outcome"] for v in result.verdicts]
        crash = outcomes.index("CRASH")
        verdict = result.verdicts[crash]
        self.assertIn("exit status 7", verdict["label"])
        self.assertIn("NOOP", [x["text"] for x in verdict["transcript"]])
        self.assertEqual(set(outcomes[:crash]) - {"PASS"}, set())
        behind = [v["outcome"] for v in result.verdicts[crash + 1:]
                  if not v["scenario"].startswith("universal/")]
        self.assertGreater(len(behind), 3)
        self.assertEqual(set(behind), {"NOTRUN"})
        self.assertIn("does not answer", result.summary["interrupted"])

    def test_a_server_that_cannot_start(self):
        ended = self.judge_started("NoSuchClass", "--only=" + NOOP)
        self.check_refused(ended, 3, "start", "KeyError: 'NoSuchClass'")


if __name__ == "__main__":
    unittest.main()
