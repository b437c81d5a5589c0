#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The cores are pure: what they call is on a list, and they keep no state.

usage: pure.py LIST ARCHIVE...
       pure.py --apart ARCHIVE...

The archives (of a build without instrumentation) become one object. Every
symbol that it does not define must stand in LIST; nothing may lie in .data,
.bss or thread storage.

With --apart: no symbol may be defined in two of the archives. A program that
links the judge and the server would take one for the other, and whoever is
judged by his own code is acquitted.
"""
import os
import re
import subprocess
import sys
import tempfile

# A static const table of pointers is written by the loader only.
STATE = re.compile(r"^\.(data(?!\.rel\.ro)|bss|tdata|tbss)")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout


def allowed(path):
    with open(path, encoding="utf-8") as file:
        lines = (line.split("#")[0].split() for line in file)
        return {name for words in lines for name in words}


def defined(archive):
    lines = run("nm", "-P", "-g", "--defined-only", archive).splitlines()
    return {line.split()[0] for line in lines if not line.endswith(":")
            and line.strip()}


def apart(archives):
    owners, wrong = {}, 0
    for archive in archives:
        names = defined(archive)
        wrong += not names
        for name in names:
            owners.setdefault(name, []).append(os.path.basename(archive))
    for name, where in sorted(owners.items()):
        if len(where) > 1:
            print(f"{name} is defined by {' and '.join(where)}")
            wrong += 1
    print(f"apart: {len(owners)} symbols, {wrong} wrong")
    return 1 if wrong or len(archives) < 2 else 0


def pure(path, archives):
    listed = allowed(path)
    with tempfile.TemporaryDirectory() as directory:
        whole = os.path.join(directory, "whole.o")
        run("ld", "-r", "-o", whole, "--whole-archive", *archives)
        undefined = {line.split()[-1] for line in
                     run("nm", "-u", whole).splitlines() if line.strip()}
        sections = [line.split() for line in
                    run("size", "-A", whole).splitlines()]
    state = [words[0] + ": " + words[1] + " octets" for words in sections
             if len(words) == 3 and STATE.match(words[0]) and int(words[1])]
    foreign = sorted(undefined - listed - {"_GLOBAL_OFFSET_TABLE_"})
    for name in foreign:
        print(f"calls {name}, which is not on the list")
    for section in state:
        print(f"keeps state in {section}")
    print(f"pure: {len(undefined)} symbols from outside")
    return 1 if foreign or state or not undefined else 0


def main():
    if sys.argv[1] == "--apart":
        return apart(sys.argv[2:])
    return pure(sys.argv[1], sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
