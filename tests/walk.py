#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/reference-server.md names files and functions: they must be there.

usage: walk.py ROOT
"""

import os
import re
import sys


def main():
    root = sys.argv[1]
    folder = os.path.join(root, "reference-server")
    with open(os.path.join(root, "docs", "reference-server.md")) as file:
        text = file.read()
    code = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith((".c", ".h", ".def")):
            with open(os.path.join(folder, name)) as file:
                code[name] = file.read()
    wrong = []
    for path in re.findall(r"`([\w/-]+\.(?:c|h|def|py))`", text):
        if path not in code and not os.path.exists(os.path.join(root, path)):
            wrong.append(f"there is no {path}")
    said = re.findall(r"`(\w+)\(\)`(?:\s+in\s+`(\w+\.c)`)?", text)
    for name, place in said:
        where = [code.get(place, "")] if place else code.values()
        if not any(re.search(rf"^\w.*\b{name}\([^;]*\n\{{", c, re.M)
                   for c in where):
            wrong.append(f"there is no {name}()" +
                         (f" in {place}" if place else ""))
    for enumerator in re.findall(r"`(WANT_\w+|MAILDROP_\w+)`", text):
        if not any(enumerator in c for c in code.values()):
            wrong.append(f"there is no {enumerator}")
    for line in wrong or [f"{len(said)} functions are where they are said to be"]:
        print(line)
    return 1 if wrong or not said else 0


if __name__ == "__main__":
    sys.exit(main())
