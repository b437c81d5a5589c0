#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Do all scenarios keep to the notation, and does what they name exist?

The schema says what a scenario looks like; the rules below, what it owes to
the fixtures, the register and the rulings. Each is tried on scenarios that
break it, so that none of them passes everything. What only a reader of
patterns can know (a name used once) is for `pop3spec check`.
"""
import copy
import json
import pathlib
import re
import sys

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"
SCHEMA = json.loads((SCENARIOS / "scenario.schema.json").read_text())
FACT = re.compile(r"\{(?:number|size|uid) of ([^{}]*)\}")


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f'the key "{key}" stands twice')
    return dict(pairs)


def load(path):
    return json.loads(path.read_text("ascii"), object_pairs_hook=no_duplicates)


def fixture(folder):
    """The names of its messages; None when a recipe may make any."""
    if (folder / "maildrop.json").exists():
        recipe = load(folder / "maildrop.json")
        return None if recipe["messages"] else set()
    return {path.stem for path in folder.glob("*.eml")}


def fixtures():
    return {folder.name: fixture(folder)
            for folder in (SCENARIOS / "maildrops").iterdir()}


def steps_in(value):
    """Every object below value that is a step or an answer."""
    if isinstance(value, list):
        for item in value:
            yield from steps_in(item)
    elif isinstance(value, dict):
        yield value
        for item in value.values():
            yield from steps_in(item)


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key != "note":
                yield from strings_in(item)


def all_steps(scenario):
    return [*steps_in(scenario.get("given", [])),
            *steps_in(scenario["dialogue"])]


def messages_named(scenario):
    for step in all_steps(scenario):
        yield from [step["message"]] if "message" in step else []
        yield from [step["delivered"]] if "delivered" in step else []
        yield from step.get("messages", [])
    for text in strings_in([scenario.get("given"), scenario["dialogue"]]):
        yield from FACT.findall(text)


def fixture_faults(scenario, world):
    maildrop = scenario.get("maildrop")
    named = set(messages_named(scenario)) - {"any other"}
    if maildrop and maildrop not in world["fixtures"]:
        yield f"there is no fixture {maildrop}"
    elif maildrop and world["fixtures"][maildrop] is not None:
        for name in sorted(named - world["fixtures"][maildrop]):
            yield f"{maildrop} has no message {name}"
    elif named and not maildrop:
        yield f"names messages, but no maildrop: {', '.join(sorted(named))}"


def requirement_faults(scenario, world):
    listed = scenario["requirements"]
    used = {s["requirement"] for s in all_steps(scenario) if "requirement" in s}
    for name in listed:
        if name not in world["requirements"]:
            yield f"the register has no requirement {name}"
    for name in sorted(used - set(listed)):
        yield f"a step judges {name}, which the head does not list"
    if world["requirements"].get(listed[0]) == "none":
        yield f"{listed[0]} comes first, but nothing can break it"


def ruling_faults(scenario, world):
    used = {s["ruling"] for s in all_steps(scenario) if "ruling" in s}
    for name in scenario.get("rulings", []):
        if name not in world["rulings"]:
            yield f"there is no ruling {name}"
    for name in sorted(used - set(scenario.get("rulings", []))):
        yield f"a step leans on {name}, which the head does not list"


def faults(scenario, world):
    error = best_match(Draft202012Validator(SCHEMA).iter_errors(scenario))
    if error:
        return [f"/{'/'.join(map(str, error.absolute_path))}: {error.message}"]
    return [*fixture_faults(scenario, world),
            *requirement_faults(scenario, world),
            *ruling_faults(scenario, world)]


def is_scenario(path):
    """register.json, schemas and such lie beside the folders of scenarios."""
    below = path.relative_to(SCENARIOS).parts
    return len(below) > 1 and below[0] not in ("maildrops", "editions")


def read_world():
    register = load(SCENARIOS / "register.json")["requirements"]
    rulings = (ROOT / "docs/rulings.md").read_text()
    return {"fixtures": fixtures(),
            "requirements": {r["id"]: r["verdict"] for r in register},
            "rulings": set(re.findall(r"^## (C[0-9]+):", rulings, re.M))}


GOOD = {
    "title": "RSET unmarks",
    "revision": 1,
    "requirements": ["RFC1939-5-RSET-01", "RFC1939-5-STAT-01"],
    "rulings": ["C10"],
    "start": "transaction",
    "maildrop": "three-distinct",
    "needs": ["UIDL", "greeting timestamp", "account: apop"],
    "given": ["C: DELE {number of a}", "S: +OK", {"delivered": "c"}],
    "dialogue": [
        "C: RSET",
        {"one of": [{"S": "+OK", "then": ["C: NOOP", "S: +OK"],
                     "each line": "{n} {id}", "all differ": ["{n}", "{id}"],
                     "sum": "{total}", "of": "{n}"},
                    {"server": "closes", "label": "gone", "verdict": "FAIL"},
                    {"nothing": "happens"}], "within": "5 min"},
        {"S": "+OK", "message": "a", "octets": "{size of a}", "note": "A"},
        {"S2": "+OK", "lines in any order": ["1 {any number}..."]},
        {"C in pieces": ["NO", "OP{CRLF}"]},
        {"second client": "logs in", "one of": [{"S2": "-ERR"}]},
        {"server": "closes", "to": "second client", "ruling": "C10"},
        {"client": "drops"},
        {"silence": "10 min", "requirement": "RFC1939-5-STAT-01"},
        {"new session": "transaction"},
        {"maildrop": "holds", "messages": ["a", "c"]},
        {"sum": "{total}", "of": ["{size of a}"]},
        {"differ": ["{uid of a}", "{uid of b}"]},
        {"50 times": ["S: +OK <{stamp}>"], "all differ": "{stamp}"},
    ],
    "was": ["transaction/rset"],
}


def head(**keys):
    """A breakage: set keys of the head; None takes away."""
    def apply(scenario):
        for key, value in keys.items():
            scenario.pop(key, None)
            if value is not None:
                scenario[key] = value
    return apply


def step(value):
    return lambda scenario: scenario["dialogue"].append(value)


# What is done to a good scenario, and what must be said of it.
BREAKAGES = [
    (head(title=None), "'title' is a required property"),
    (head(revision=0), "less than the minimum"),
    (head(requirements=[]), "[]"),
    (head(requirements=["rfc1939-5"]), "does not match"),
    (head(start="greeted"), "is not one of"),
    (head(maildrop="../etc"), "does not match"),
    (head(needs=["apop account"]), "is not valid under any"),
    (head(patience="60s"), "does not match"),
    (head(id="update/x"), "unexpected"),
    (head(title="caf\u00e9"), "should not be valid"),
    (step("LIST 1"), "does not match"),
    (step("S: OK"), "does not match"),
    (step("S: +OKAY"), "does not match"),
    (step("C: NOOP\n"), "should not be valid"),
    (step({}), "/dialogue/14"),
    (step({"S": "+OK", "label": "x"}), "label"),
    (step({"S": "+OK", "top": 1}), "/dialogue/14"),
    (step({"S": "+OK", "lines": [], "message": "a"}), "/dialogue/14"),
    (step({"S": "+OK", "server": "closes"}), "/dialogue/14"),
    (step({"nothing": "happens"}), "/dialogue/14"),
    (step({"one of": [{"nothing": "happens"}]}), "/dialogue/14"),
    (step({"one of": []}), "/dialogue/14"),
    (step({"one of": [{"S": "+OK", "verdict": "SKIP"}]}), "/dialogue/14"),
    (step({"one of": [{"S": "+OK", "then": ["NOOP"]}]}), "/dialogue/14"),
    (step({"second client": "drops", "one of": [{"S2": "+OK"}]}),
     "/dialogue/14"),
    (step({"client": "sleeps"}), "/dialogue/14"),
    (step({"silence": "forever"}), "/dialogue/14"),
    (step({"maildrop": "holds"}), "/dialogue/14"),
    (step({"delivered": ["c"]}), "/dialogue/14"),
    (step({"differ": ["{a}"]}), "/dialogue/14"),
    (step({"sum": "total", "of": ["{a}"]}), "/dialogue/14"),
    (step({"many times": ["C: NOOP"]}), "/dialogue/14"),
    (step({"all differ": "{stamp}"}), "/dialogue/14"),
    (step({"S": "+OK", "all differ": "{stamp}"}), "/dialogue/14"),
    (step({"S": "+OK", "each line": "{n}", "sum": "{t}"}), "/dialogue/14"),
    (step({"S": "+OK", "each line": "{n}", "of": "{n}"}), "/dialogue/14"),
    (step({"C": "NOOP"}), "/dialogue/14"),
    (head(maildrop="no-such"), "no fixture no-such"),
    (head(maildrop="empty"), "empty has no message a"),
    (head(maildrop=None), "names messages, but no maildrop"),
    (step("C: RETR {number of d}"), "has no message d"),
    (step({"maildrop": "holds", "messages": ["e"]}), "has no message e"),
    (step({"delivered": "f"}), "has no message f"),
    (head(requirements=["RFC1939-5-RSET-99", "RFC1939-5-STAT-01"]),
     "no requirement RFC1939-5-RSET-99"),
    (head(requirements=["RFC1939-5-RSET-01"]), "which the head does not list"),
    (head(requirements=["RFC1939-7-USER-03", "RFC1939-5-STAT-01"]),
     "nothing can break it"),
    (head(rulings=["C10", "C99"]), "no ruling C99"),
    (head(rulings=["C11"]), "leans on C10"),
]


def toothless(world):
    for fault in faults(GOOD, world):
        yield f"a good scenario is refused: {fault}"
    for number, (apply, said) in enumerate(BREAKAGES):
        bad = copy.deepcopy(GOOD)
        apply(bad)
        found = faults(bad, world)
        if not any(said in fault for fault in found):
            yield f"breakage {number} should say '{said}', says {found}"
    try:
        json.loads('{"a": 1, "a": 2}', object_pairs_hook=no_duplicates)
        yield "a key that stands twice is not noticed"
    except ValueError:
        pass


def unused_fixtures(scenarios, world):
    used = {s.get("maildrop") for s in scenarios.values()}
    for name in sorted(set(world["fixtures"]) - used):
        yield f"maildrops/{name}: no scenario needs it"


def stale_example(scenarios):
    """The worked example of the README is a scenario, as it stands now."""
    text = (SCENARIOS / "README.md").read_text()
    name = re.search(r"The file is\n`(.*?)`", text)[1]
    block = re.search(r"```json\n(.*?)```", text, re.S)[1]
    if json.loads(block) != scenarios.get(name):
        yield f"README.md: its example is not {name}"


def main():
    Draft202012Validator.check_schema(SCHEMA)
    world = read_world()
    scenarios, found = {}, list(toothless(world))
    for path in filter(is_scenario, sorted(SCENARIOS.rglob("*.json"))):
        name = str(path.relative_to(SCENARIOS))
        try:
            scenarios[name] = load(path)
            found += [f"{name}: {f}" for f in faults(scenarios[name], world)]
        except ValueError as e:
            found.append(f"{name}: {e}")
    found += [*unused_fixtures(scenarios, world), *stale_example(scenarios)]
    for line in found:
        print(line)
    print(f"{len(scenarios)} scenarios, {len(world['fixtures'])} fixtures, "
          f"{len(BREAKAGES)} breakages, {len(found)} faults")
    return 1 if found or not scenarios else 0


if __name__ == "__main__":
    sys.exit(main())
