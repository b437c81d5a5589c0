#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes a copy of the server's core that can be made wrong in one place.

usage: mutate.py --root FILE... --out DIRECTORY -- CC FLAG... -- SOURCE...

Every place is numbered, and mutant(n) of selftest/mutant.h tells, while the
program runs, whether place n is wrong: all mutants are one program. Beside
the copies, DIRECTORY/mutants_found.c lists the mutants by names that stay when
lines move: file, function, what stands there and what it becomes.

Wrong are: comparisons and constants (one more, one less, the opposite), parts
of a condition (left out), branches (the other one), loops (never entered),
statements (left out), and columns of constant tables. Switches are taken to be
off, and what only a switch leads to is left out of the copy: of that the kill
matrix takes care. So are functions that nothing in the files named by --root
leads to.
"""
import argparse
import os
import re
import sys

from pycparser import c_ast

from mutate_copy import Mutate, Table, is_table, struct_name, structs, \
    table_hook, writable
from mutate_off import fold_all, never_true, pruned, reached
from mutate_source import parse, read, system_headers, write, write_headers


def keeps(item, place, known):
    coord = str(item.coord.file if item.coord else "")
    if coord.startswith(place):
        return False
    if isinstance(item, c_ast.FuncDef):
        return item.decl.name in known or "inline" in item.decl.funcspec
    return not (isinstance(item, c_ast.Decl) and item.init and
                item.name not in known)


def declared_only(item, known):
    """Prototypes of static functions that are left out."""
    return isinstance(item, c_ast.Decl) and "static" in item.storage and \
        isinstance(item.type, c_ast.FuncDecl) and item.name not in known


def instrument(path, tree, known, place, headers, mutants, hooks):
    name = os.path.basename(path)
    out, fields = Mutate(name, mutants), structs(tree)
    text = "".join(f"#include <{h}>\n" for h in sorted(headers))
    text += '#include "mutant.h"\n'
    for item in tree.ext:
        if not keeps(item, place, known) or declared_only(item, known):
            continue
        own = item.coord and os.path.basename(str(item.coord.file)) == name
        if isinstance(item, c_ast.FuncDef) and own:
            text += out.visit(item)
        elif own and is_table(item) and struct_name(item) in fields:
            table = Table(item, fields[struct_name(item)])
            hooks.append(f"mutant_table_{len(hooks)}")
            text += out.plain.visit(writable(item)) + ";\n"
            text += table_hook(out, table, hooks[-1])
        else:
            text += out.plain.visit(item)
            text += "" if isinstance(item, c_ast.FuncDef) else ";\n"
    return text


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def found_file(mutants, hooks):
    rows = "".join("\t{ " + ", ".join(map(c_string, m)) + " },\n"
                   for m in mutants)
    return ('#include "mutant.h"\n' +
            "".join(f"void {hook}(void);\n" for hook in hooks) +
            f"const struct mutant_row mutant_rows[] = {{\n{rows}}};\n"
            f"const unsigned mutant_count = {len(mutants)};\n"
            "void mutant_tables(void)\n{\n" +
            "".join(f"\t{hook}();\n" for hook in hooks) + "}\n")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", action="append", required=True)
    parser.add_argument("--out", required=True)
    own, compiler, sources, part = [], [], [], 0
    for word in sys.argv[1:]:
        part += word == "--"
        if word != "--":
            (own, compiler, sources)[part].append(word)
    return parser.parse_args(own), compiler[0], compiler[1:], sources


def main():
    options, cc, flags, sources = arguments()
    place = os.path.join(options.out, "system")
    directories = [f[2:] for f in flags if f.startswith("-I")]
    headers = {p: system_headers(p, directories) for p in sources}
    write_headers(place, set().union(*headers.values()), cc)
    trees = [parse(p, cc, flags, place) for p in sources]
    fold_all(trees, set())
    roots = set()
    for path in options.root:
        roots |= set(re.findall(r"\b[a-z_]\w*", read(path)))
    room = os.path.basename(os.path.dirname(sources[0]))
    fold_all(trees, never_true(trees, reached(trees, roots), roots, room))
    known, mutants, hooks = reached(trees, roots), [], []
    pruned(trees, known, roots)
    for path, tree in zip(sources, trees):
        write(os.path.join(options.out, os.path.basename(path)),
              instrument(path, tree, known, place, headers[path], mutants,
                         hooks))
    write(os.path.join(options.out, "mutants_found.c"),
          found_file(mutants, hooks))


if __name__ == "__main__":
    main()
