# SPDX-License-Identifier: MIT
"""pop3spec show and list --json: everything in the library, as people and
programs read it. That no control character comes out is checked in spec."""

import json
import os
import re
import unittest

from pop3_server import USERS, Server
from spec import SCENARIOS, Case, spec

with open(os.path.join(SCENARIOS, "register.json")) as file:
    REGISTER = {q["id"]: q for q in json.load(file)["requirements"]}


def scenario(ident):
    with open(os.path.join(SCENARIOS, ident + ".json")) as file:
        return json.load(file)


def walk(node, key=None):
    """Every string in node, with the key of the object that holds it."""
    if isinstance(node, str):
        yield key, node
    elif isinstance(node, list):
        for item in node:
            yield from walk(item, key)
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from walk(value, name)


def squeezed(text):
    return " ".join(text.split())


def typed(line):
    """A space at either end would not be seen."""
    line = line[:-1] + "{SP}" if line.endswith(" ") else line
    return "{SP}" + line[1:] if line.startswith(" ") else line


def said(lines, who):
    """What stands behind who in a dialogue, without the remarks."""
    for line in lines.splitlines():
        found = re.match(rf" *{who}: (.*)", line)
        if found:
            yield re.sub(r"   [\[<].*", "", found[1])


class Show(Case):
    def show(self, *arguments):
        ended = spec("show", *arguments)
        self.assertEqual((ended.code, ended.stderr), (0, ""))
        return ended.stdout

    @classmethod
    def setUpClass(cls):
        ended = spec("list", "--json")
        assert (ended.code, ended.stderr) == (0, ""), ended.stderr
        cls.listed = json.loads(ended.stdout)["scenarios"]
        ended = spec("show", "*/*")
        assert (ended.code, ended.stderr) == (0, ""), ended.stderr
        parts = re.split(r"^(\S+/\S+), revision \d+\n", ended.stdout,
                         flags=re.M)
        cls.shown = dict(zip(parts[1::2], parts[2::2]))

    def test_list_for_programs(self):
        plain = [line.split()[0] for line in spec("list").stdout.splitlines()]
        self.assertEqual([s["id"] for s in self.listed], plain)
        self.assertGreater(len(plain), 60)
        for listed in self.listed:
            file = scenario(listed["id"])
            for key in ("title", "revision", "requirements", "start"):
                self.assertEqual(listed[key], file[key], listed["id"])
            for key, nothing in (("rulings", []), ("needs", []),
                                 ("maildrop", "")):
                self.assertEqual(listed[key], file.get(key, nothing))
            self.assertEqual(listed["slow"], REGISTER[
                file["requirements"][0]].get("slow", False))
            self.assertIsInstance(listed["aggressive"], bool)
            self.assertTrue(os.path.isfile(listed["file"]))

    def test_every_scenario_is_shown(self):
        self.assertEqual(sorted(self.shown),
                         sorted(s["id"] for s in self.listed))

    def each(self, check):
        for ident, text in self.shown.items():
            with self.subTest(ident):
                check(scenario(ident), text)

    def check_dialogue(self, file, text):
        dialogue = text[text.index("\nDialogue\n"):text.index("\nBy hand")]
        by_who = {who: list(said(dialogue, who))
                  for who in ("C", "C2", "S", "S2")}
        steps = file.get("given", []) + file["dialogue"]
        for key, line in walk(steps):
            prefix, _, rest = line.partition(": ")
            if key in ("S", "S2"):
                self.assertIn(line, by_who[key])
            elif key is None and prefix in by_who:
                self.assertIn(typed(rest), by_who[prefix])
            elif key in ("C in one piece", "C2 in one piece",
                         "C in pieces", "C2 in pieces"):
                for part in filter(None, line.split("{CRLF}")):
                    self.assertIn(typed(part), by_who[key.split()[0]])
            elif key in ("lines", "lines in any order", "each line"):
                ends = {re.sub(r"{(\d+) to (\d+)}", end, line)
                        for end in (r"\1", r"\2")}
                self.assertTrue(ends & {*by_who["S"], *by_who["S2"]}, line)
            elif key == "label":
                self.assertIn(f"[{line}: ", dialogue)

    def check_typed(self, file, text):
        by_hand = text[text.index("\nBy hand\n"):]
        lines = [line.strip().removeprefix("[2] ")
                 for line in by_hand.splitlines()]
        for key, line in walk(file.get("given", []) + file["dialogue"]):
            if key is None and re.match("C2?: ", line):
                self.assertIn(typed(line.partition(": ")[2]), lines)
            elif key and re.fullmatch("C2? in (one piece|pieces)", key):
                self.assertIn(typed(line), lines)
        self.assertIn("$ nc -C HOST 110", lines)
        self.assertIn("openssl s_client -quiet -crlf -connect HOST:995",
                      by_hand)

    def check_above(self, file, text):
        words = squeezed(text)
        self.assertIn(squeezed(file["title"]), words)
        for ident in file["requirements"]:
            self.assertIn(f" {ident} rule ", words)
            self.assertIn(squeezed(REGISTER[ident]["says"]), words)
            self.assertIn(squeezed(REGISTER[ident].get("legal", "")),
                          words)
        for ruling in file.get("rulings", []):
            self.assertRegex(words, rf"ruling {ruling}: [^?]+\? \w")
        for need in file.get("needs", []):
            self.assertIn(need, words)
        if "maildrop" in file:
            self.assertIn(f"\nMaildrop {file['maildrop']}\n", text)

    def test_every_line_of_the_dialogue_is_there(self):
        self.each(self.check_dialogue)

    def test_every_line_can_be_typed(self):
        self.each(self.check_typed)

    def test_what_stands_above_it(self):
        self.each(self.check_above)

    def test_names_are_explained(self):
        text = self.shown["authorization/apop-digest"]
        for name in ("{user}", "{secret}", "{md5 of "):
            self.assertIn(name, text[text.index("\nIn it\n"):
                                     text.index("\nBy hand")])

    def test_a_target_fills_in_where_and_who(self):
        with Server() as server:
            text = self.show("update/quit-removes-marked",
                             self.target(server))
        self.assertIn(f"\n  $ nc -C 127.0.0.1 {server.port}\n  USER al\n"
                      "  PASS {password}\n  DELE {number of b}\n  QUIT\n", text)
        for password in USERS.values():
            self.assertNotIn(password, text)

    def test_every_requirement_is_shown(self):
        text = self.show("[A-Z]*")
        parts = re.split(r"^([A-Z]\S+)\n(?=  rule)", text, flags=re.M)
        shown = dict(zip(parts[1::2], parts[2::2]))
        self.assertEqual(list(shown), list(REGISTER))
        for ident, entry in REGISTER.items():
            words = squeezed(shown[ident])
            for key in ("says", "link", "legal", "why", "untestable",
                        "applies-if", "verdict", "testability"):
                self.assertIn(squeezed(entry.get(key, "")), words)
            for listed in self.listed:
                self.assertEqual(listed["id"] in shown[ident].split() or
                                 listed["id"] + "," in shown[ident].split(),
                                 ident in listed["requirements"], ident)
        self.assertIn("universal/RFC1939-3-RSP-04", shown["RFC1939-3-RSP-04"])

    def test_what_is_not_there(self):
        for name, meant in (("update/quit-removes-marcked",
                             "update/quit-removes-marked"),
                            ("RFC1939-5-RSET-1", "RFC1939-5-RSET-01"),
                            ("quit-removes-marked",
                             "update/quit-removes-marked"),
                            ("rset-unm", "transaction/rset-unmarks")):
            ended = spec("show", name)
            self.check_refused(ended, 2, f'"{name}"; did you mean {meant}?')
        for name in ("", "nothing/like/it", "\x1b[2J", "update/[z]"):
            ended = spec("show", name)
            self.check_refused(ended, 2, "no scenario and no requirement")
            self.assertNotIn("did you mean", ended.stderr)

    def test_wrong_usage(self):
        for arguments in ([], ["a", "b", "c"], ["--all"]):
            ended = spec("show", *arguments)
            self.assertEqual((ended.code, ended.stdout), (2, ""))
            self.assertIn("usage: pop3spec show", ended.stderr)
        ended = spec("show", "transaction/noop", self.path("none.json"))
        self.check_refused(ended, 3, "none.json")

    def test_a_full_disk(self):
        with open("/dev/full", "wb") as full:
            for command in (["show", "transaction/noop"], ["list", "--json"]):
                self.assertEqual(spec(*command, stdout=full).code, 3)


if __name__ == "__main__":
    unittest.main()
