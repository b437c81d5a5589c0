# SPDX-License-Identifier: MIT
"""From a source in C to a tree, with names of the system left as they are."""

import os
import re
import subprocess

from pycparser import c_parser

TYPES = """
typedef int size_t, ssize_t, ptrdiff_t, bool, va_list, wchar_t, time_t;
typedef int int8_t, int16_t, int32_t, int64_t, intmax_t, intptr_t;
typedef int uint8_t, uint16_t, uint32_t, uint64_t, uintmax_t, uintptr_t;
"""
FORMATS = ["PRI" + kind + bits for kind in "diux" for bits in
           ("8", "16", "32", "64", "MAX")]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def system_headers(path, directories):
    """Those that a file includes, and the project's headers in it."""
    found, seen, waiting = set(), set(), [path]
    while waiting:
        text = read(waiting.pop())
        found |= set(re.findall(r"#\s*include\s*<([^>]+)>", text))
        for name in set(re.findall(r'#\s*include\s*"([^"]+)"', text)) - seen:
            seen.add(name)
            waiting += [p for p in (os.path.join(d, name) for d in directories)
                        if os.path.exists(p)]
    return found


def format_macros(cc):
    """What PRIu64 and so on are here."""
    text = "#include <inttypes.h>\n" + "".join(
        f'"{name}" {name}\n' for name in FORMATS)
    lines = subprocess.run([cc, "-E", "-P", "-"], input=text, text=True,
                           check=True, capture_output=True).stdout
    return "".join(f"#define {name} {value}\n" for name, value in
                   re.findall(r'^"(PRI\w+)" (".*)$', lines, re.M))


def write_headers(place, names, cc):
    os.makedirs(place, exist_ok=True)
    write(os.path.join(place, "types.inc"),
          "#ifndef TYPES\n#define TYPES\n" + TYPES + format_macros(cc) +
          "#endif\n")
    for name in names:
        path = os.path.join(place, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write(path, '#include "types.inc"\n')


def parse(path, cc, flags, place):
    text = subprocess.run(
        [cc, "-E", "-nostdinc", "-D__attribute__(x)=", "-I" + place, *flags,
         path], text=True, check=True, capture_output=True).stdout
    return c_parser.CParser().parse(text, path)
