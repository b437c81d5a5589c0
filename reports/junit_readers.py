#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Do programs that know nothing of us read the JUnit report as it is meant?

junitparser, as CI systems use it, must find in each golden file what the JSON
report of the same run counts; xmllint must find it valid by junit.xsd, which in
turn must notice every attribute and element that is taken away or misnamed.
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import junitparser

ROOM = pathlib.Path(__file__).resolve().parent
NEVER = "the run as a whole"

# What fails under --fail-on, as the README has it.
BROKEN = {"FAIL", "LOST", "CRASH"}
FAILS = {
    "": BROKEN | {"SECURITY"}, "default": BROKEN | {"SECURITY"},
    "must": BROKEN, "should": BROKEN | {"SECURITY", "WARN"},
    "security": {"CRASH", "SECURITY"}, "never": set(),
    "flaky": BROKEN | {"SECURITY", "FLAKY"},
}
SKIPPED = {"SKIP", "BLOCKED", "NOTRUN"}
MAY_GO = {"file", "system-out", "failure", "error", "skipped", "testcase",
          "property"}


def kind(case):
    """Which of failure, error and skipped a test case is; "" for passed."""
    kinds = [type(result).__name__.lower() for result in case.result]
    return kinds[0] if kinds else ""


def expected_kind(verdict, fail_on):
    if verdict["outcome"] in FAILS[fail_on]:
        return "failure"
    if verdict["outcome"] == "ERROR":
        return "error"
    return "skipped" if verdict["outcome"] in SKIPPED else ""


def compare(path, result):
    """What junitparser reads in path, against the JSON report result."""
    suites = list(junitparser.JUnitXml.fromfile(str(path)))
    if len(suites) != 1:
        yield f"{len(suites)} suites"
        return
    suite, summary = suites[0], result["summary"]
    cases = [case for case in suite if case.name != NEVER]
    kinds = collections.Counter(kind(case) for case in suite)
    if len(cases) != len(result["verdicts"]):
        yield f"{len(cases)} cases for {len(result['verdicts'])} verdicts"
    for case, verdict in zip(cases, result["verdicts"]):
        if not case.name.startswith(verdict["scenario"]):
            yield f"{case.name} is not {verdict['scenario']}"
        if kind(case) != expected_kind(verdict, result.get("fail_on", "")):
            yield f"{case.name}: {kind(case)} for {verdict['outcome']}"
    for name, number in (("failure", suite.failures), ("error", suite.errors),
                         ("skipped", suite.skipped),
                         ("", suite.tests - suite.failures - suite.errors -
                          suite.skipped)):
        if kinds[name] != number:
            yield f"says {number}, holds {kinds[name]}: {name or 'passed'}"
    if sum(summary[name.lower()] for name in SKIPPED) != suite.skipped:
        yield "skipped is not what the summary counts"
    red = 1 if kinds["failure"] else 3 if kinds["error"] else 0
    if red != (3 if summary["exit"] == 2 else summary["exit"]):
        yield f"the exit code is {summary['exit']}, the report says {red}"
    names = collections.Counter(case.name for case in suite)
    yield from (f"twice: {name}" for name, n in names.items()
               if n > 1 and name)


def complaint(path):
    """What xmllint has against the file at path, or ""."""
    ended = subprocess.run(
        ["xmllint", "--noout", "--nonet", "--schema", ROOM / "junit.xsd",
         path], capture_output=True, text=True, check=False)
    return "" if ended.returncode == 0 else ended.stderr


def spoilt(text):
    """The document without, or with a misnomer for, each of its parts once."""
    seen = set()
    for number, element in enumerate(ElementTree.fromstring(text).iter()):
        for key in [None, *element.attrib]:
            if (element.tag, key) in seen:
                continue
            seen.add((element.tag, key))
            root = ElementTree.fromstring(text)
            part = list(root.iter())[number]
            if key is None:
                part.tag = "unheard-of"
            elif key in MAY_GO:
                part.set(key, "")
            else:
                del part.attrib[key]
            yield f"{element.tag} {key}", ElementTree.tostring(root, "unicode")


def unnoticed(text):
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
        for what, document in spoilt(text):
            file.seek(0)
            file.truncate()
            file.write(document)
            file.flush()
            if not complaint(file.name):
                yield what


def main():
    wrong = []
    goldens = sorted((ROOM / "golden").glob("*.xml"))
    for path in goldens:
        result = json.loads(path.with_suffix(".json").read_text("ascii"))
        wrong += [f"{path.name}: {text}" for text in compare(path, result)]
        wrong += complaint(path).splitlines()
    if len(goldens) < 3:
        wrong.append(f"only {len(goldens)} golden files were found")
    text = (ROOM / "golden" / "breaches.xml").read_text("ascii")
    wrong += [f"junit.xsd does not notice: {what}" for what in unnoticed(text)]
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
