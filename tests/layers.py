#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may know whom: the includes of each room, and the include directories
that the build gives to it.

usage: layers.py SOURCE-DIRECTORY BUILD-DIRECTORY
"""
import json
import os
import re
import subprocess
import sys

# A room and the rooms whose headers it may include.
MAY_KNOW = {
    "base": {"base"},
    "reference-server": {"base", "reference-server"},
    "harness": {"base", "harness", "reports"},
    "reports": {"base", "reports", "harness"},
    "selftest": {"base", "reference-server", "harness", "reports", "selftest"},
    "fuzz": {"base", "reference-server", "harness", "selftest", "fuzz"},
}
# All that a report may see of the judge.
SEEN_BY_REPORTS = {"verdict.h"}
# The pure libraries of a room: they may not include a header of the room's
# shell, and the judge may not know its reports either.
PURE = {"harness": ["libjudge.a", "libverdict.a"],
        "reference-server": ["libpop3.a"]}

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def sources(root, room):
    for name in sorted(os.listdir(os.path.join(root, room))):
        if name.endswith((".c", ".h", ".def")):
            yield name


def headers_of(root):
    found = {}
    for room in MAY_KNOW:
        if os.path.isdir(os.path.join(root, room)):
            for name in sources(root, room):
                if not name.endswith(".c"):
                    found.setdefault(name, set()).add(room)
    return found


def room_of(header, room, headers):
    rooms = headers.get(header, set())
    if room in rooms or not rooms:
        return room if rooms else None
    return sorted(rooms)[0] if len(rooms) == 1 else "ambiguous"


def pure_members(build, room):
    members = set()
    for name in PURE[room]:
        listing = subprocess.run(["ar", "t", os.path.join(build, room, name)],
                                 check=True, capture_output=True, text=True)
        members |= {member[:-len(".o")] for member in listing.stdout.split()}
    return members


def check_file(path, room, name, headers, pure, wrong):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for header in INCLUDE.findall(text):
        target = room_of(os.path.basename(header), room, headers)
        if "/" in header or target in (None, "ambiguous"):
            wrong.append(f"{room}/{name}: includes \"{header}\" ({target})")
        elif target not in MAY_KNOW[room]:
            wrong.append(f"{room}/{name}: may not know {target}/{header}")
        elif room == "reports" and target == "harness" \
                and header not in SEEN_BY_REPORTS:
            wrong.append(f"{room}/{name}: may see verdict.h only, not {header}")
        elif name in pure and target == room and \
                header[:-2] + ".c" not in pure and \
                os.path.exists(os.path.join(os.path.dirname(path),
                                            header[:-2] + ".c")):
            wrong.append(f"{room}/{name}: is pure, {header} is the shell's")
        elif name in pure and target == "reports":
            wrong.append(f"{room}/{name}: is pure, and knows its reports")


def check_directories(root, build, wrong):
    with open(os.path.join(build, "compile_commands.json"),
              encoding="utf-8") as file:
        commands = json.load(file)
    for command in commands:
        source = os.path.relpath(command["file"], root)
        room = source.split(os.sep)[0]
        given = re.findall(r"-I\s*(\S+)", command["command"])
        for directory in given:
            other = os.path.relpath(os.path.normpath(directory), root)
            if {room, other} == {"harness", "reference-server"}:
                wrong.append(f"{source}: is compiled with -I{other}")


def main():
    root, build = sys.argv[1:3]
    headers = headers_of(root)
    wrong, seen = [], 0
    for room in MAY_KNOW:
        if not os.path.isdir(os.path.join(root, room)):
            continue
        pure = pure_members(build, room) if room in PURE else set()
        for name in sources(root, room):
            check_file(os.path.join(root, room, name), room, name, headers,
                       pure, wrong)
            seen += 1
    check_directories(root, build, wrong)
    for line in wrong:
        print(line)
    print(f"layers: {seen} files, {len(wrong)} walls broken")
    return 1 if wrong or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
