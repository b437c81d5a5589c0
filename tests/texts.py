#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No text of the reference server is without its translation (LANG, RFC 6856).

usage: texts.py REFERENCE-SERVER

Every format of reply_ok() and reply_err() in the sources, and every error that
a command line may have, is a row of texts.def, and each row is said somewhere.
The formats of a row take the same arguments in the same order, and begin with
the same response code; the English one is ASCII. Each of these rules is tried
on texts that break it, so that none of them passes everything.
"""
import os
import re
import sys

CALL = re.compile(r"\b(?:reply_(?:ok|err)|error_set)\(")
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|\bPRI[a-zA-Z0-9]+\b|[?:]|\S')
CONVERSION = re.compile(r"%[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[a-zA-Z0-9]*?"
                        r"(?:PRI\w+|[diouxXcsp%])")
CODE = re.compile(r"^\[[^\]]*\] ")
# Sources whose errors reach a client.
ERRORS = {"command.c"}
LIMIT = 300  # octets of a text, so that a name fits behind it


def arguments(text, at):
    """Those of the call whose opening parenthesis is before at."""
    depth, words = 0, [""]
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|.', text[at:], re.S):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if depth < 0:
            return words
        if token[0] == "," and not depth:
            words.append("")
        else:
            words[-1] += token[0]
    raise ValueError("a call does not end")


def literals(argument):
    """The strings that an argument may be: one, or those of a condition."""
    found, parts = [], []
    for token in TOKEN.finditer(argument):
        if token[1] is not None:
            parts.append(token[1])
        elif token[0].startswith("PRI"):
            parts.append(token[0])
        elif parts:
            found.append("".join(parts))
            parts = []
    return found + ["".join(parts)] if parts else found


def said(text, errors):
    for call in CALL.finditer(text):
        if call[0].startswith("error") and not errors:
            continue
        words = arguments(text, call.end())
        if len(words) > 1:
            yield from literals(words[1])


def rows(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for call in re.finditer(r"\bTEXT\(", text):
        yield ["".join(literals(w)) for w in arguments(text, call.end())]


def complaints(table, texts):
    """table: lists of formats, English first; texts: what the sources say."""
    english = [row[0] for row in table]
    for text in sorted(set(texts) - set(english)):
        yield f"not in texts.def: {text!r}"
    for text in sorted(set(english) - set(texts)):
        yield f"nobody says: {text!r}"
    for text in sorted({t for t in english if english.count(t) > 1}):
        yield f"twice: {text!r}"
    for row in table:
        if not row[0].isascii():
            yield f"not ASCII: {row[0]!r}"
        for other in row[1:]:
            if CONVERSION.findall(other) != CONVERSION.findall(row[0]):
                yield f"other arguments: {row[0]!r}, {other!r}"
            if CODE.findall(other) != CODE.findall(row[0]):
                yield f"other response code: {row[0]!r}, {other!r}"
        for text in row:
            if len(text.encode()) > LIMIT:
                yield f"too long: {text!r}"


def check_rules():
    fine = (['"%s: %d" PRIu64', '"%s, %d" PRIu64'], ['"[X] a"', '"[X] b"'])
    table = [[literals(w)[0] for w in row] for row in fine]
    texts = [row[0] for row in table]
    broken = (
        (table, texts + ["c"]), (table + [["c", "d"]], texts),
        (table + table[:1], texts),
        (table + [["\u00e4", "a"]], texts + ["\u00e4"]),
        (table + [["%s %d", "%d %s"]], texts + ["%s %d"]),
        (table + [["%zu", "%u"]], texts + ["%zu"]),
        (table + [["[A] c", "c"]], texts + ["[A] c"]),
        (table + [["c", "d" * 301]], texts + ["c"]),
    )
    assert not list(complaints(table, texts))
    for case in broken:
        assert len(list(complaints(*case))) == 1, case
    assert list(said('reply_err(&r, f(a, b) ? "x" PRIu64 "y" : "z, (", 1);',
                     False)) == ["xPRIu64y", "z, ("]
    assert list(said('error_set(e, "x")', True)) == ["x"]
    assert not list(said('error_set(e, "x"); reply_ok(r)', False))


def main():
    check_rules()
    folder, texts = sys.argv[1], []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".c") or name.startswith("test_"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            texts += said(file.read(), name in ERRORS)
    with open(os.path.join(folder, "texts.def"), encoding="utf-8") as file:
        table = list(rows(file.read()))
    wrong = list(complaints(table, texts))
    print("\n".join(wrong + [f"texts: {len(table)} rows, {len(wrong)} wrong"]))
    return 1 if wrong or not table else 0


if __name__ == "__main__":
    sys.exit(main())
