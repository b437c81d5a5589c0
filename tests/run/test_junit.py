# SPDX-License-Identifier: MIT
"""What a CI system makes of whole runs: junitparser reads what they wrote."""

import collections
import unittest

import junitparser

import behaviours
from pop3_server import Server, Session, read
from spec import Case, check_output, spec

NOOP = "transaction/noop"
RUN = "the run as a whole"


class NoXml(Session):
    """Says what is no XML, whatever it is put in."""

    def on_noop(self, *_):
        self.err(b"]]><!--\x00\x01\x1b[2J\xff\xfe\xef\xbf\xbf&amp;<\"'")


class JUnit(Case):
    def check(self, session, *options, code, **target):
        """Judge, and compare the JUnit report with the JSON report."""
        with Server(session) as server:
            ended, result = self.judge(
                server, "--report=junit=" + self.path("xml"), *options,
                **target)
        self.assertEqual(ended.code, code, ended.stderr)
        return self.compare(self.path("xml"), result)

    def compare(self, path, result):
        check_output(read(path))
        suite, = junitparser.JUnitXml.fromfile(path)
        cases = [case for case in suite if case.name != RUN]
        self.assertEqual([case.name.split()[0] for case in cases],
                         [v["scenario"] for v in result.verdicts])
        whole = suite.tests - len(cases)
        self.assertEqual(suite.errors,
                         result.summary["error"] + whole * (not self.red(suite)))
        self.assertEqual(suite.skipped, sum(
            result.summary[name] for name in ("skip", "blocked", "notrun")))
        self.assertEqual(
            1 if suite.failures else 3 if suite.errors else 0,
            3 if result.summary["exit"] == 2 else result.summary["exit"])
        return suite

    @staticmethod
    def red(suite):
        return any(case.name == RUN and case.result and
                   isinstance(case.result[0], junitparser.Failure)
                   for case in suite)

    def kinds(self, suite, name):
        return collections.Counter(
            type(case.result[0]).__name__ if case.result else "passed"
            for case in suite if case.name.startswith(name))

    def test_fail(self):
        suite = self.check(behaviours.RefusesNoop, "--only=" + NOOP, code=1)
        failed, = (case for case in suite if case.name.startswith(NOOP))
        failure, = failed.result
        self.assertEqual(failure.type, "FAIL")
        self.assertIn("got -ERR no", failure.message)
        for text in ("RFC1939-5-NOOP-01", "expected", "actual", "C: NOOP",
                     "S: -ERR no", "--only transaction/noop\n"):
            self.assertIn(text, failure.text)
        self.assertEqual(failed.classname, "pop3spec.transaction")

    def test_fail_on(self):
        for fail_on, code, kind in (("should", 1, "Failure"),
                                    ("must", 0, "passed")):
            with self.subTest(fail_on):
                suite = self.check(behaviours.ClosesBehindErrors,
                                   "--only=transaction/unknown-command",
                                   "--fail-on=" + fail_on, code=code)
                self.assertIn(kind, self.kinds(suite, "universal/") +
                              self.kinds(suite, "transaction/"))

    def test_what_was_not_judged(self):
        suite = self.check(behaviours.RefusesDele,
                           "--only=update/quit-removes-marked", code=3)
        self.assertEqual(self.kinds(suite, "update/"), {"Skipped": 1})
        self.assertEqual(self.kinds(suite, RUN), {"Error": 1})
        suite = self.check(behaviours.WithoutTop, "--only=transaction/top-*",
                           code=2)
        self.assertEqual(self.kinds(suite, RUN), {"Error": 1})

    def test_a_server_that_sends_no_xml(self):
        suite = self.check(NoXml, "--only=" + NOOP, code=1)
        failed, = (case for case in suite if case.name.startswith(NOOP))
        self.assertIn("-ERR ]]><!--{NUL}{0x01}{0x1B}[2J{0xFF}{0xFE}"
                      "{0xEF}{0xBF}{0xBF}&amp;<\"'", failed.result[0].text)

    def test_the_bundled_server(self):
        ended = spec("run", "--report=junit=" + self.path("xml"),
                     *self.reports())
        self.assertEqual(ended.code, 0, ended.stderr)
        suite = self.compare(self.path("xml"), self.result())
        self.assertGreater(suite.tests, 50)
        self.assertEqual((suite.failures, suite.errors), (0, 0))


if __name__ == "__main__":
    unittest.main()
