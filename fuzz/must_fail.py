#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fuzz targets that must fail: each invariant is shown to be able to.

usage: must_fail.py TARGET COMPILE-COMMANDS CORPUS LINK-WORD...
       must_fail.py --table

Each row of must-fail.json makes the code under test wrong in one way, and names
the invariant of a target that must speak when the target plays its corpus: by a
switch of the reference server ("switch"), or by one change to a source file of
a room ("room", "from", "to": the one file that has this text, once), which is
then compiled and linked before all else. The link words are what links the
target otherwise, with the compiler.

With --table: each invariant has a row, and each row an invariant.
"""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
CALL = re.compile(r"\bfuzz_(holds|equal|same)\(")
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"')


def rows():
    with open(os.path.join(HERE, "must-fail.json"), encoding="utf-8") as file:
        return json.load(file)


def arguments(text, at):
    """Those of the call whose opening parenthesis is before at."""
    depth, quoted, words = 0, False, [""]
    while depth >= 0:
        char = text[at]
        quoted ^= char == '"' and text[at - 1] != "\\"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(char, 0)
        if char == "," and not depth and not quoted:
            words.append("")
        else:
            words[-1] += char
        at += 1
    return words


def invariants():
    found = {}
    for name in sorted(os.listdir(HERE)):
        if not name.endswith(".c"):
            continue
        with open(os.path.join(HERE, name), encoding="utf-8") as file:
            text = file.read()
        for call in CALL.finditer(text):
            words = arguments(text, call.end())
            stated = words[1] if call[1] == "holds" else words[-1]
            if PIECE.search(stated):
                found["".join(PIECE.findall(stated))] = name
    return found


def check_table():
    stated, named = invariants(), {row["broken"] for row in rows()}
    for invariant in sorted(set(stated) - named):
        print(f"{stated[invariant]}: nothing shows that this can fail: "
              f"{invariant}")
    for invariant in sorted(named - set(stated)):
        print(f"must-fail.json: no target states: {invariant}")
    print(f"must-fail: {len(stated)} invariants")
    return 1 if set(stated) ^ named or not stated else 0


def changed(row):
    """The path of the file that a row changes, and its text afterwards."""
    room, having = os.path.join(ROOT, row["room"]), []
    for name in sorted(os.listdir(room)):
        if name.endswith(".c"):
            with open(os.path.join(room, name), encoding="utf-8") as file:
                text = file.read()
            having += [(os.path.join(room, name), text)] * \
                text.count(row["from"])
    if len(having) != 1:
        raise ValueError(f"{row['room']} has {len(having)} times what this row "
                         f"of must-fail.json changes: {row['from']}")
    return having[0][0], having[0][1].replace(row["from"], row["to"])


def compiled(row, commands, directory):
    """Compile the changed file as the build does; returns the object."""
    source, text = changed(row)
    copy = os.path.join(directory, "changed.c")
    with open(copy, "w", encoding="utf-8") as file:
        file.write(text)
    command = next(c for c in commands if c["file"] == source)
    words = [copy if word == source else word
             for word in shlex.split(command["command"])]
    words[words.index("-o") + 1] = copy + ".o"
    subprocess.run([word for word in words if word != "-Werror"] + ["-w"],
                   check=True, cwd=command["directory"])
    return copy + ".o"


def linked(row, commands, link, directory):
    words = list(link)
    program = os.path.join(directory, "target")
    if "from" in row:
        words.insert(1, compiled(row, commands, directory))
    subprocess.run(words + ["-o", program], check=True)
    return program


def play(row, commands, corpus, link):
    """Returns what is wrong, or an empty string."""
    with tempfile.TemporaryDirectory() as directory:
        try:
            program = linked(row, commands, link, directory)
        except ValueError as error:
            return str(error)
        switch = ["--switch", row["switch"]] if "switch" in row else []
        result = subprocess.run([program, "--only", row["broken"]] + switch +
                                [corpus], capture_output=True, timeout=120,
                                check=False, cwd=directory)
    spoken = f"broken: {row['broken']}: ".encode()
    if result.returncode == -6 and spoken in result.stderr:
        return ""
    return f"ended with {result.returncode}: " + \
        result.stderr[-300:].decode(errors="replace")


def main():
    if sys.argv[1:] == ["--table"]:
        return check_table()
    target, commands, corpus, *link = sys.argv[1:]
    with open(commands, encoding="utf-8") as file:
        commands = json.load(file)
    mine = [row for row in rows() if row["target"] == target]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(
            lambda row: play(row, commands, corpus, link), mine))
    for row, wrong in zip(mine, answers):
        if wrong:
            print(f"SILENT: {row['broken']} "
                  f"({row.get('switch') or row['room']}): {wrong}")
    print(f"{target}: {len(mine)} ways to be wrong, "
          f"{sum(map(bool, answers))} not noticed")
    return 1 if any(answers) or not mine else 0


if __name__ == "__main__":
    sys.exit(main())
