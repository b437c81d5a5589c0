# SPDX-License-Identifier: MIT
"""What is to become of a run against each of the hostile servers."""

import os
import re

import hostile_servers as hostile
from pop3_server import Server
from spec import Case

# KiB above what judging a good server takes. A sanitizer keeps what was freed,
# and shadows the rest.
BOUND = 16 * 1024 * (8 if "POP3SPEC_SANITIZED" in os.environ else 1)
SCENARIOS = ("transaction/noop", "transaction/list-listing",
             "transaction/uidl-listing", "transaction/retr-whole-message",
             "transaction/top-lines")
GREETING = {"greeting": 1}
REPLY = {"reply": 1}


class Expected:
    """Of the server called name.

    code is the exit status of the run, and texts are in its verdicts, or with
    status 3 on standard error. patience is that of the target file.
    """

    def __init__(self, name, code, *texts, patience=None,
                 scenarios=SCENARIOS):
        self.name = name
        self.session = getattr(hostile, name)
        self.code = code
        self.texts = texts
        self.patience = patience or {}
        self.scenarios = scenarios


GOOD = Expected("Session", 0)
GREETINGS = [
    Expected("GreetingWithoutEnd", 3, "no greeting: a reply of 134",
             "and no end of it: +OK xxx"),
    Expected("GreetingOfNothing", 3, "no greeting", "no end of it: {NUL}{NUL}"),
    Expected("GreetingResets", 3, "pop3spec: no "),  # may still be connecting
    Expected("GreetsDropByDrop", 3, "no greeting: a reply of which",
             "came in 10 s, and no end: xxx", patience=GREETING),
    Expected("SpeaksTls", 3, "no greeting: nothing came for 1 s",
             "this looks like TLS", patience=GREETING),
    Expected("AlertsAtOnce", 3, "no greeting", "this looks like TLS"),
    Expected("Nulls", 3, "the greeting is not positive: {NUL}{NUL}"),
    Expected("MillionCounted", 3, "holds 1000000 messages",
             "nothing is deleted"),
]
REPLIES = [
    Expected("StatusWithoutEnd", 1, "transaction/noop FAIL a reply of ",
             "and no end of it: +OK xxx"),
    Expected("CapaWithoutEnd", 1, "universal/RFC1939-3-ML-03 FAIL",
             "a reply of"),
    Expected("UnansweredAnswers", 1, "universal/RFC1939-3-NET-03 FAIL"),
    Expected("AnswersAhead", 1, "universal/RFC1939-3-NET-03 FAIL",
             "+OK user{CRLF}+OK pass{CRLF}"),
    Expected("NeverReads", 1, "universal/RFC1939-3-NET-03 FAIL",
             "STAT failed: nothing came for 1 s", patience=REPLY),
    Expected("CapaStalls", 1, "universal/RFC1939-3-ML-03 FAIL",
             "a reply of which 11 octets came, no end",
             patience=REPLY),
    Expected("NoBodyEnds", 1, "universal/RFC1939-3-ML-03 FAIL",
             "a reply of which 11 octets came, no end", patience=REPLY),
    Expected("NullsInside", 1, "transaction/noop FAIL {NUL}{NUL}"),
    Expected("RefusesDropByDrop", 1, "transaction/noop FAIL", "no end: -ERR xx",
             patience=REPLY, scenarios=SCENARIOS[:1]),
]
BODIES = [
    Expected("ListWithoutEnd", 1, "transaction/list-listing FAIL a reply of "),
    Expected("UidlWithoutEnd", 1, "transaction/uidl-listing FAIL a reply of "),
    Expected("RetrWithoutEnd", 1,
             "transaction/retr-whole-message FAIL a reply of "),
    Expected("RetrOneLineWithoutEnd", 1,
             "transaction/retr-whole-message FAIL a reply of "),
    Expected("TopWithoutEnd", 1, "transaction/top-lines FAIL a reply of "),
    Expected("RetrOfDots", 1, "transaction/retr-whole-message FAIL a reply of ",
             patience=REPLY, scenarios=SCENARIOS[3:4]),
    Expected("GibibyteMessage", 1,
             "transaction/retr-whole-message FAIL a reply of "),
    Expected("MillionListed", 1, "transaction/list-listing FAIL",
             "a body of 11888896 octets"),
    Expected("RetrCloses", 1, "transaction/retr-whole-message LOST",
             "the connection ended after 26 octets of a reply: +OK"),
    Expected("RetrResets", 1, "transaction/retr-whole-message LOST",
             "the connection ended after 26 octets of a reply: +OK"),
    Expected("UidlStalls", 1, "transaction/uidl-listing FAIL", "no end",
             patience=REPLY),
    Expected("TopStalls", 1, "transaction/top-lines FAIL", "no end",
             patience=REPLY),
    Expected("RetrStalls", 1, "transaction/retr-whole-message FAIL", "no end",
             patience=REPLY),
]


class Hostile(Case):
    """One test an entry of expected; a subclass names them."""

    base = None  # a good server takes so much, in KiB

    def measure_run(self, expected):
        only = [f"--only={scenario}" for scenario in expected.scenarios]
        with Server(expected.session) as server:
            path = self.target(server, accounts=3, patience=expected.patience)
            return self.measure("run", path, *self.reports(), *only,
                                "--confirm=0")

    def measure_base(self):
        if not Hostile.base:
            ended, Hostile.base = self.measure_run(GOOD)
            self.assertEqual((ended.code, ended.stderr), (0, ""))
        return Hostile.base

    def check(self, expected):
        base = self.measure_base()
        ended, peak = self.measure_run(expected)
        self.assertEqual(ended.code, expected.code, ended.stderr)
        said = ended.stderr
        if expected.code != 3:
            said = self.check_verdicts(expected.scenarios)
        for text in expected.texts:
            self.assertIn(text, said)
        self.assertLess(peak - base, BOUND, "KiB")

    def check_verdicts(self, scenarios):
        """All that was found is there, whatever else went wrong."""
        result = self.result()
        told = {v["scenario"] for v in result.verdicts}
        self.assertEqual(told & set(SCENARIOS), set(scenarios))
        return "\n".join(
            " ".join([v["scenario"], v["outcome"], v["actual"]])
            for v in result.verdicts)


def test_of(expected):
    return lambda self: self.check(expected)


def tests(name, expected):
    """A class of that name with a test for each of them."""
    methods = {}
    for one in expected:
        words = re.sub("(?=[A-Z])", "_", one.name).lower()
        methods["test" + words] = test_of(one)
    return type(name, (Hostile,), methods)

