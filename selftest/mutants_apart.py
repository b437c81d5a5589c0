#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Only one program knows of mutants.

usage: mutants_apart.py MUTANTS PROGRAM...
"""
import subprocess
import sys


def knows(program):
    names = subprocess.run(["nm", program], check=True, capture_output=True,
                           text=True).stdout
    return "mutant_state" in names


def main():
    mutants, *programs = sys.argv[1:]
    wrong = [p for p in programs if knows(p)]
    for program in wrong:
        print(f"{program} links mutants")
    return 1 if wrong or not programs or not knows(mutants) else 0


if __name__ == "__main__":
    sys.exit(main())
