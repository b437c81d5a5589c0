#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real server, judged: what is found must be what is written down.

usage: judge.py POP3SPEC TARGET.json

TARGET.expected lists the findings that were checked by hand against the RFC
(docs/servers/ has their octets), one "OUTCOME scenario requirement" a line.
Anything more is a false alarm or news; anything less was missed. Exit status 77
means that the server cannot be run here.
"""
import json
import os
import subprocess
import sys
import tempfile

QUIET = {"PASS", "SKIP"}


def expected(target):
    with open(os.path.splitext(target)[0] + ".expected",
              encoding="utf-8") as file:
        lines = (line.split("#")[0].strip() for line in file)
        return {line for line in lines if line}


def found(pop3spec, target):
    with tempfile.TemporaryDirectory() as directory:
        result = os.path.join(directory, "result.json")
        run = subprocess.run([pop3spec, "run", target, "--report",
                              "json=" + result], timeout=300, check=False)
        if run.returncode not in (0, 1):
            sys.exit(f"pop3spec run: exit code {run.returncode}")
        with open(result, encoding="utf-8") as file:
            verdicts = json.load(file)["verdicts"]
    passed = sum(v["outcome"] == "PASS" for v in verdicts)
    return passed, {f"{v['outcome']} {v['scenario']} {v['requirement']}"
                    for v in verdicts if v["outcome"] not in QUIET}


def main():
    pop3spec, target = sys.argv[1:3]
    if os.geteuid() != 0:
        print("needs root: the server changes users")
        return 77
    known = expected(target)
    passed, findings = found(pop3spec, target)
    for finding in sorted(findings - known):
        print("not written down:", finding)
    for finding in sorted(known - findings):
        print("not found any more:", finding)
    print(f"{passed} held, {len(findings)} findings, {len(known)} written down")
    return 1 if findings != known or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
