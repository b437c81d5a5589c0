#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Does the schema say what the writers write, and nothing laxer?

The golden files must keep to it: whole reports, and journals line by line.
And every key that is taken away, added, or given another type must be noticed
in at least one of them, so that no part of the schema accepts everything. Only
those that came later may be missing, as they are in older results.
"""
import copy
import json
import pathlib
import sys

from jsonschema import Draft202012Validator

# Where they stand: a number is any element of an array.
CAME_LATER = {"look_only", "fail_on", "replay",
              *("verdicts/0/" + key for key in (
                  "log", "cause", "blocked_by", "also", "unseen",
                  "transcript/0/run"))}

ROOM = pathlib.Path(__file__).resolve().parent
SCHEMA = json.loads((ROOM / "result.schema.json").read_text("ascii"))


def validator(part):
    if not part:
        return Draft202012Validator(SCHEMA)
    # The part as a schema of its own, with all definitions still in reach.
    return Draft202012Validator(
        {"$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{part}"})


def complaints(document, part=None):
    return [f"/{'/'.join(map(str, error.absolute_path))}: {error.message}"
            for error in validator(part).iter_errors(document)]


def journal_parts(lines):
    yield "run", lines[0]
    for line in lines[1:-1]:
        yield "verdict", line
    yield "end", lines[-1]


def goldens():
    """Each golden document with the part of the schema that it is."""
    for path in sorted((ROOM / "golden").glob("*.json")):
        yield path.name, None, json.loads(path.read_text("ascii"))
    for path in sorted((ROOM / "golden").glob("*.jsonl")):
        lines = [json.loads(line)
                 for line in path.read_text("ascii").splitlines()]
        for number, (part, line) in enumerate(journal_parts(lines), 1):
            yield f"{path.name}:{number}", part, line


def places(document, path=()):
    """The path of every value below document."""
    items = (document.items() if isinstance(document, dict)
             else enumerate(document) if isinstance(document, list) else ())
    for key, value in items:
        yield path + (key,)
        yield from places(value, path + (key,))


def changed(document, path, change):
    document = copy.deepcopy(document)
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    change(holder, path[-1])
    return document


def remove(holder, key):
    del holder[key]


def retype(holder, key):
    holder[key] = None


def rename(holder, key):
    holder["unheard_of"] = holder[key]


def spoil(holder, key):
    value = holder[key]
    if isinstance(value, str):
        holder[key] = value + "\x1b"
    elif not isinstance(value, (bool, list, dict)):
        holder[key] = -1 - value
    else:
        holder[key] = "spoilt"


def general(path):
    return "/".join("0" if isinstance(key, int) else key for key in path)


def unnoticed(document):
    for path in places(document):
        changes = [retype, spoil]
        if isinstance(path[-1], str):
            changes.append(rename)
        if isinstance(path[-1], str) and general(path) not in CAME_LATER:
            changes.append(remove)
        for change in changes:
            if not complaints(changed(document, path, change)):
                yield f"{change.__name__} /{'/'.join(map(str, path))}"


def refused_without(document):
    """Keys that came later and must be there nevertheless."""
    later = [path for path in places(document) if general(path) in CAME_LATER]
    if {general(path) for path in later} != CAME_LATER:
        yield "not all keys that came later are in the report"
    for path in later:
        for text in complaints(changed(document, path, remove)):
            yield text


def small(report):
    """A report of one verdict that has a transcript, and two lines of it."""
    report = copy.deepcopy(report)
    verdict = next(v for v in report["verdicts"] if v["transcript"])
    verdict["transcript"] = verdict["transcript"][:2]
    report["verdicts"] = [verdict]
    return report


def main():
    Draft202012Validator.check_schema(SCHEMA)
    wrong, seen = [], {}
    for name, part, document in goldens():
        seen[name] = document
        wrong += [f"{name}: {text}" for text in complaints(document, part)]
    if len(seen) < 10:
        wrong.append(f"only {len(seen)} golden documents were found")
    wrong += [f"not noticed: {text}"
              for text in unnoticed(small(seen["breaches.json"]))]
    wrong += [f"needlessly refused: {text}"
              for text in refused_without(small(seen["breaches.json"]))]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
