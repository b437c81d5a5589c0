#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Does the register hold together, and with the rulings?

The schema says what an entry looks like; the rules below, what entries owe to
each other, to the RFCs' numbering and to docs/rulings.md. Each rule is tried
on a register that breaks it, so that none of them passes everything.
"""
import copy
import json
import pathlib
import re
import sys

from jsonschema import Draft202012Validator

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "scenarios/register.schema.json").read_text())

# Sections that can hold a requirement, from the RFCs' tables of contents.
SECTIONS = {
    1939: "1 2 3 4 5 6 7 8 9 10 11 12 13",
    2449: "1 2 3 4 5 6 6.1 6.2 6.3 6.4 6.5 6.6 6.7 6.8 6.9 7 8 8.1 8.1.1 8.1.2"
          " 9 10 11",
    3206: "1 2 3 4 5 6 7 8",
    6856: "1 1.1 2 2.1 2.2 3 3.1 3.2 3.3 4 5 6 7",
}
# RFC 1939, appendix B; QUIT has two pages, by section.
PAGES = {"APOP": 15, "DELE": 8, "LIST": 6, "NOOP": 9, "PASS": 14, "RETR": 8,
         "RSET": 9, "STAT": 6, "TOP": 11, "UIDL": 12, "USER": 13}
QUIT_PAGES = {"4": 5, "6": 10}
# Topics in the order in which RFC 1939 comes to them; "" is prose.
TOPICS = ["", "NET", "CMD", "RSP", "ML", "ST", "ERR", "TMO", "STAT", "LIST",
          "RETR", "DELE", "NOOP", "RSET", "QUIT", "TOP", "UIDL", "USER",
          "PASS", "APOP"]
BREACH = {"MUST": "fail", "MUST NOT": "fail", "implied": "fail",
          "SHOULD": "warn", "SHOULD NOT": "warn", "MAY": "none"}
UNJUDGED = ("client", "operator", "specification")


def rulings_of(r):
    cited = r.get("ruling", [])
    return [cited] if isinstance(cited, str) else cited


def id_parts(name):
    """RFC number, section, topic and running number; RFC 0 for interplay."""
    kind, *middle, number = name.split("-")
    if kind == "X":
        return 0, "", middle[0], number
    return int(kind[3:]), middle[0], "".join(middle[1:]), number


def order(r):
    rfc, section, topic, number = id_parts(r["id"])
    if not rfc:
        return (1, 0, (), topic, number)
    return (0, rfc, tuple(map(int, section.split("."))),
            TOPICS.index(topic), number)


def id_faults(r):
    rfc, section, topic, _ = id_parts(r["id"])
    if rfc and (rfc, section) != (r["rfc"], r["section"]):
        yield "id and clause differ"
    if rfc and topic not in TOPICS:
        yield f"unknown topic {topic}"
    if rfc == 1939 and section in "4567" and topic != r.get("command", ""):
        yield "id and command differ"


def clause_faults(r):
    clauses = [(r["rfc"], r["section"])]
    for text in r.get("also", []):
        _, rfc, _, section = text.split()
        clauses.append((int(rfc), section))
    if len(set(clauses)) != len(clauses):
        yield "a clause is named twice"
    for rfc, section in clauses:
        if section not in SECTIONS.get(rfc, "").split():
            yield f"RFC {rfc} has no section {section}"


def link_faults(r):
    anchor = f"section-{r['section']}"
    if r["rfc"] == 1939 and "command" in r:
        page = PAGES.get(r["command"]) or QUIT_PAGES.get(r["section"])
        anchor = f"page-{page}"
    if r["link"] != f"https://www.rfc-editor.org/rfc/rfc{r['rfc']}#{anchor}":
        yield f"the link should end in #{anchor}"


def verdict_faults(r):
    unjudged = r["party"] in UNJUDGED
    usual = "none" if unjudged else BREACH[r["level"]]
    if (r["verdict"] != usual) != ("why" in r):
        yield f"'why' goes with a verdict other than {usual}, and with no other"
    if unjudged and (r["verdict"] != "none" or r["testability"] != "no"):
        yield f"a duty of the {r['party']} is not judged"
    if r["testability"] == "no" and r["verdict"] != "none":
        yield "a breach that cannot be seen has a verdict"
    if r["verdict"] == "none" and r["level"] != "MAY" and not unjudged:
        yield "only what is allowed has no breach"
    if "strict" in r and (r["verdict"] != "warn" or "C22" not in rulings_of(r)):
        yield "the strict tier warns, by C22"
    if "keyword" in r and r["level"] == "implied":
        yield "without keyword there is no case"


def register_faults(requirements, rulings):
    ids = [r["id"] for r in requirements]
    for name in sorted({i for i in ids if ids.count(i) > 1}):
        yield f"{name}: there are two"
    for r in requirements:
        for rule in (id_faults, clause_faults, link_faults, verdict_faults):
            for fault in rule(r):
                yield f"{r['id']}: {fault}"
        for ruling in rulings_of(r):
            if ruling not in rulings:
                yield f"{r['id']}: no ruling {ruling}"
    if not any("topic" in f for r in requirements for f in id_faults(r)):
        for one, next_one in zip(requirements, requirements[1:]):
            if order(one) > order(next_one):
                yield f"{next_one['id']}: belongs before {one['id']}"


def ruling_faults(requirements, rulings):
    cited = {c for r in requirements for c in rulings_of(r)}
    for name, body in rulings.items():
        if name not in cited and "**Cited by none.**" not in body:
            yield f"{name}: no requirement cites it, and it does not say why"
        for part in ("Texts", "Contradiction", "We hold", "Legal"):
            if f"**{part}.**" not in body:
                yield f"{name}: has no part '{part}'"
        for named in set(re.findall(r"\bC[1-9][0-9]*\b", body)) - set(rulings):
            yield f"{name}: speaks of {named}, which is missing"


def rulings_in(text):
    """The rulings by number; a number that comes twice is an error."""
    heads = re.split(r"^## (?:(C[0-9]+): .*|.*)$", text, flags=re.M)[1:]
    pairs = [(n, b) for n, b in zip(heads[::2], heads[1::2]) if n]
    if len(dict(pairs)) != len(pairs):
        sys.exit("docs/rulings.md: a number comes twice")
    return dict(pairs)


def faults(register, rulings):
    schema = [f"/{'/'.join(map(str, e.absolute_path))}: {e.message}"
              for e in Draft202012Validator(SCHEMA).iter_errors(register)]
    if schema:
        return schema
    requirements = register["requirements"]
    return [*register_faults(requirements, rulings),
            *ruling_faults(requirements, rulings)]


def change(**keys):
    """A breakage: set keys of the entry RFC1939-5-LIST-09; None takes away."""
    def apply(register, _):
        r = next(r for r in register["requirements"]
                 if r["id"] == "RFC1939-5-LIST-09")
        for key, value in keys.items():
            r.pop(key, None)
            if value is not None:
                r[key] = value
    return apply


def swap(register, _):
    requirements = register["requirements"]
    requirements[0], requirements[1] = requirements[1], requirements[0]


# What is done to a good register, and what must be said of it.
BREAKAGES = [
    (change(verdict="warn"), "'why' goes with"),
    (change(why="We like it."), "'why' goes with"),
    (change(verdict="none", why="x"), "only what is allowed"),
    (change(party="client", verdict="none"), "is not judged"),
    (change(testability="no", untestable="x"), "cannot be seen"),
    (change(strict=True), "strict tier"),
    (change(keyword="lower case"), "no case"),
    (change(section="6"), "id and clause"),
    (change(command="STAT"), "id and command"),
    (change(also=["RFC 1939 section 5"]), "named twice"),
    (change(also=["RFC 2449 section 6.10"]), "has no section"),
    (change(link="https://www.rfc-editor.org/rfc/rfc1939#page-7"), "#page-6"),
    (change(ruling="C99"), "no ruling C99"),
    (change(id="RFC1939-5-LIST-08"), "there are two"),
    (change(id="RFC1939-5-ODD-09"), "unknown topic"),
    (change(legal=None, colour="red"), "Additional properties"),
    (change(says=None), "required property"),
    (change(says="caf\u00e9"), "does not match"),
    (change(untestable="x"), "should not be valid"),
    (change(testability="partly"), "required property"),
    (swap, "belongs before"),
    (lambda _, rulings: rulings.update(C99="**Texts.**"), "C99: no requirement"),
    (lambda _, rulings: rulings.update(C3="see C1"), "C3: speaks of C1"),
    (lambda _, rulings: rulings.update(C3="**Texts.**"), "no part 'Legal'"),
]


def toothless(register, rulings):
    for number, (apply, said) in enumerate(BREAKAGES):
        bad = copy.deepcopy(register), dict(rulings)
        apply(*bad)
        if not any(said in fault for fault in faults(*bad)):
            yield f"breakage {number} is not noticed: {said}"


def main():
    Draft202012Validator.check_schema(SCHEMA)
    register = json.loads((ROOT / "scenarios/register.json").read_text())
    rulings = rulings_in((ROOT / "docs/rulings.md").read_text())
    found = faults(register, rulings) or list(toothless(register, rulings))
    for line in found:
        print(line)
    print(f"{len(register['requirements'])} requirements, "
          f"{len(rulings)} rulings, {len(BREAKAGES)} breakages, "
          f"{len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
