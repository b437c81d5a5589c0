# SPDX-License-Identifier: MIT
"""Scenarios of strangers: what they bring along is played, and whatever is
wrong with one of them is an ERROR that names the place, and stops no other."""

import json
import os
import resource
import socket
import unittest

import behaviours
from pop3_server import Server
from spec import Case, spec

NOOP = "--only=transaction/noop"
STEPS = ["C: NOOP", "S: +OK"]
MAIL = ("Message-ID: <{0}@here.example>\r\nSubject: {0}\r\n\r\nHere is {0}.\r\n")


def scenario(dialogue=STEPS, **more):
    return json.dumps({"title": "NOOP is answered", "revision": 1,
                       "requirements": ["RFC1939-5-NOOP-01"],
                       "start": "transaction", "dialogue": dialogue, **more})


class Strangers(Case):
    def put(self, name, text=scenario()):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    def play(self, *paths, options=(), server=None, **target):
        """Play what is at paths, and NOOP of ours."""
        with Server(*(server and [server] or [])) as s:
            ended, result = self.judge(
                s, NOOP, "--only=foreign/*", *options,
                *(f"--scenarios={self.path(path)}" for path in paths),
                **target)
            self.lines = sum(s.received(), [])
        return ended, result

    def check_ids(self, result, outcome, ids):
        self.assertEqual(sorted(v["scenario"] for v in result.verdicts
                                if v["outcome"] == outcome and
                                v["scenario"].startswith("foreign/")), ids)


class Added(Strangers):
    def test_a_directory_and_a_file(self):
        self.put("some/a/one.json")
        self.put("some/two.json")
        self.put("more/three.json")
        self.put("more/four.json")
        ended, result = self.play("some", "more/three.json")
        self.assertEqual((ended.code, ended.stderr), (0, ""))
        self.check_ids(result, "PASS",
                       ["foreign/a/one", "foreign/three", "foreign/two"])
        self.assertEqual(result.outcomes(), {"PASS": 4})
        self.assertEqual(result.of("foreign/two")["file"],
                         self.path("some/two.json"))

    def test_globs_find_them(self):
        self.put("some/a/one.json")
        self.put("some/two.json")
        for glob, ids in (("foreign/a/*", ["foreign/a/one"]),
                          ("*/two", ["foreign/two"]),
                          ("RFC1939-5-NOOP-01",
                           ["transaction/noop", "foreign/a/one",
                            "foreign/two"])):
            ended = spec("run", "--dry-run", "--scenarios", self.path("some"),
                         "--only", glob)
            self.assertEqual((ended.code, ended.stderr), (0, ""))
            self.assertEqual(ended.stdout.split(), ids)

    def test_what_it_finds_is_a_finding(self):
        self.put("some/two.json")
        ended, result = self.play("some", server=behaviours.RefusesNoop)
        self.assertEqual(ended.code, 1)
        verdict = result.of("foreign/two")
        self.assertEqual((verdict["outcome"], verdict["confirmed"]),
                         ("FAIL", True))

    def test_a_fixture_of_its_own(self):
        """Beside the file, in its directory, or else ours of that name."""
        def holds(**more):
            return scenario(["C: RETR {number of x}",
                             {"S": "+OK", "message": "x"},
                             {"maildrop": "holds", "messages": ["x", "y"]}],
                            maildrop="one", **more)
        for home in "some", "more":
            for name in "x", "y":
                self.put(f"{home}/maildrops/one/{name}.eml", MAIL.format(name))
        self.put("some/deep/in.json", holds())
        self.put("more/file.json", holds())
        self.put("else/ours.json", scenario(maildrop="one", dialogue=[
            {"maildrop": "holds", "messages": ["a"]}]))
        ended, result = self.play("some", "more/file.json", "else")
        self.assertEqual((ended.code, ended.stderr), (0, ""))
        self.check_ids(result, "PASS", ["foreign/deep/in", "foreign/file",
                                        "foreign/ours"])

    def test_what_is_not_there(self):
        for path in "none", "none.json":
            with Server() as server:
                ended = spec("run", self.target(server),
                             "--scenarios=" + self.path(path))
                self.check_refused(ended, 3, path, "No such file")
                self.assertEqual(server.received(), [])
        ended = spec("run", *["--scenarios=x"] * 65)
        self.check_refused(ended, 2, "more than 64 times")

    def test_one_that_waits_for_minutes(self):
        """Its own word for it is enough; ours are slow by the register."""
        for name, dialogue in (
                ("silence", [{"silence": "1 min"}, {"silence": "1 s"}]),
                ("within", [{"within": "2 min", "one of": [
                    {"nothing": "happens"}]}]),
                ("times", [{"10 times": [*STEPS, {"silence": "10 s"}]}])):
            self.put(f"some/{name}.json", scenario(dialogue))
        self.put("some/patience.json", scenario(patience="24 min"))
        self.put("some/short.json", scenario(patience="59 s"))
        ended, result = self.play("some")
        self.check_ids(result, "SKIP",
                       ["foreign/patience", "foreign/silence",
                        "foreign/times", "foreign/within"])
        self.check_ids(result, "PASS", ["foreign/short"])
        self.assertIn("slow", result.of("foreign/times")["label"])


class Broken(Strangers):
    def check(self, *, paths=("some",), passes=("foreign/good",), **places):
        """foreign/NAME is an ERROR that tells PLACE."""
        self.put("some/good.json")
        ended, result = self.play(*paths)
        self.assertEqual((ended.code, ended.stderr), (3, ""))
        self.check_ids(result, "PASS", sorted(passes))
        self.assertEqual(result.of("transaction/noop")["outcome"], "PASS")
        self.check_ids(result, "ERROR",
                       sorted("foreign/" + name for name in places))
        for name, place in places.items():
            verdict = result.of("foreign/" + name)
            self.assertIn(place, verdict["label"])
            self.assertIn("ERROR foreign/" + name, ended.stdout)
        self.assertEqual(result.json["scenarios"], 1 + len(passes) +
                         len(places))
        return result

    def test_text(self):
        for name, text in {
                "empty": "", "nul": "\0", "array": "[]", "syntax": "{,",
                "deep": "[" * 500000, "deeper": '{"note":' * 100000,
                "twice": scenario().replace("{", '{"title": "x", ', 1),
                "utf8": scenario().encode().replace(b"NOOP is", b"\xff\xfe"),
                "escaped-nul": scenario(note="a\0b"),
                "half-of-a-pair": scenario().replace("answered", "\\ud800"),
                "control": scenario(note="\x1b[2J\x07"),
                "utf16": scenario().encode("utf-16"),
                "huge-number": scenario().replace("1,", "1" * 5000 + ",", 1),
                "exponent": scenario().replace("1,", "1e400,", 1),
                "negative": scenario().replace("1,", "-1,", 1)}.items():
            self.put(f"some/{name}.json", text)
        self.check(**{
            "empty": "empty.json:1:1: ", "nul": "nul.json:1:1: ",
            "array": "must be an object", "syntax": "syntax.json:1:",
            "deep": "deep.json:1:", "deeper": "deeper.json:1:",
            "twice": "duplicate", "utf8": "utf8.json:1:",
            "escaped-nul": "escaped-nul.json:1:",
            "half-of-a-pair": "half-of-a-pair.json:1:",
            "control": "/note", "utf16": "utf16.json:1:",
            "huge-number": "huge-number.json:1:",
            "exponent": "exponent.json:1:", "negative": "/revision"})

    def test_limits(self):
        branch = {"S": "+OK"}
        for _ in range(4):
            branch = {"one of": [{"S": "+OK", "then": ["C: NOOP", branch]}]}
        for name, dialogue in {
                "steps": ["C: NOOP"] * 10001,
                "repeated": [{"5001 times": STEPS}],
                "nested": [{"2 times": [{"2 times": STEPS}]}],
                "branches": ["C: NOOP", branch],
                "sent": ["C: {1000000 times A}"] * 68,
                "once": ["C: {99999999999999999999 times A}"],
                "all-at-once": [{"9999 times": ["C: {9999 times A}"]}],
                "for-ever": [{"silence": "2000 min"}],
                "no-time": [{"silence": "99999999999999999999 s"}]}.items():
            self.put(f"some/{name}.json", scenario(dialogue))
        self.put("some/a-mebibyte.json", scenario() + " " * (1 << 20))
        self.check(**{
            "steps": "more than 10000 steps", "repeated": "more than 10000",
            "nested": "/dialogue/0/", "branches": "/dialogue/1/",
            "sent": "more than 67108864 octets", "once": "/dialogue/0",
            "all-at-once": "more than 67108864",
            "for-ever": "a day at most", "no-time": "a day at most",
            "a-mebibyte": "more than 1048576 octets"})
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(most, 1 << 20, "KiB")

    def test_names(self):
        self.put("some/register2.json", scenario(
            requirements=["RFC1939-9-NONE-01"]))
        self.put("some/up.json", scenario(maildrop="../../one"))
        self.put("some/dots.json", scenario(maildrop=".."))
        self.put("some/root.json", scenario(maildrop="/etc"))
        self.put("some/none.json", scenario(maildrop="no-such-fixture"))
        self.put("some/message.json", scenario(maildrop="one", dialogue=[
            "C: RETR {number of z}", "S: +OK"]))
        self.check(**{
            "register2": "/requirements/0", "up": "/maildrop",
            "dots": "/maildrop", "root": "/maildrop", "none": "/maildrop",
            "message": "/dialogue/0"})

    def test_file_names(self):
        for name in ("UPPER", "a b", "new\nline", "\x1b[2J", "ä", "a.b", "-x",
                     "x" * 201, "$(id)", "\udcff"):
            self.put(f"some/{name}.json")
        self.put("some/good.json")
        ended, result = self.play("some")
        self.assertEqual((ended.code, ended.stderr), (3, ""))
        self.check_ids(result, "PASS", ["foreign/-x", "foreign/good"])
        errors = [v for v in result.verdicts if v["outcome"] == "ERROR"]
        self.assertEqual(len(errors), 9)
        for verdict in errors:
            self.assertIn("it is the id", verdict["label"])

    def test_two_files_of_one_id(self):
        self.put("some/good.json")
        self.put("more/good.json")
        ended, result = self.play("some", "more", "some/good.json")
        self.assertEqual(ended.code, 3)
        found = sorted((v["outcome"], v["file"]) for v in result.verdicts
                       if v["scenario"] == "foreign/good")
        self.assertEqual(found, [("ERROR", self.path("more/good.json")),
                                 ("ERROR", self.path("some/good.json")),
                                 ("PASS", self.path("some/good.json"))])

    def test_links(self):
        """Not even to what is beside them."""
        self.put("else/other.json")
        self.put("else/maildrops/two/a.eml", MAIL.format("a"))
        self.put("some/maildrops/three/a.eml", MAIL.format("a"))
        self.put("some/maildrops/recipe/b.eml", MAIL.format("b"))
        self.put("some/good.json")
        for link, to in (("file.json", "good.json"), ("passwd.json",
                                                      "/etc/passwd"),
                         ("folder", "../else"), ("loop.json", "loop.json"),
                         ("maildrops/two", "../../else/maildrops/two"),
                         ("maildrops/three/c.eml", "/etc/passwd"),
                         ("maildrops/recipe/maildrop.json", "/dev/zero")):
            os.symlink(to, self.path("some/" + link))
        for name in "two", "three", "recipe":
            self.put(f"some/in-{name}.json", scenario(maildrop=name))
        os.symlink("else/other.json", self.path("named.json"))
        link = "a symbolic link"
        self.check(paths=("some", "named.json"),
                   **{"file": link, "passwd": link, "folder": link,
                      "loop": link, "in-two": link, "in-three": link,
                      "in-recipe": link, "named": link})

    def test_a_maildrops_that_is_a_link(self):
        self.put("else/maildrops/two/a.eml", MAIL.format("a"))
        self.put("some/in.json", scenario(maildrop="two"))
        os.symlink("../else/maildrops", self.path("some/maildrops"))
        self.check(**{"in": "a symbolic link"})

    def test_what_is_no_file(self):
        """Nobody waits for what never comes."""
        os.makedirs(self.path("some/maildrops/drop"))
        os.mkfifo(self.path("some/fifo.json"))
        os.mkfifo(self.path("some/maildrops/drop/a.eml"))
        os.mkfifo(self.path("named.json"))
        os.mkfifo(self.path("some/no-scenario.txt"))
        self.put("some/in.json", scenario(maildrop="drop"))
        with socket.socket(socket.AF_UNIX) as unix:
            os.makedirs(self.path("s"), exist_ok=True)
            here = os.getcwd()
            os.chdir(self.path("some"))
            unix.bind("socket.json")
            os.chdir(here)
            no_file = "not a regular file"
            self.check(paths=("some", "named.json"),
                       **{"fifo": no_file, "socket": no_file, "in": no_file,
                          "named": no_file})

    def test_a_device(self):
        os.makedirs(self.path("some"))
        try:
            os.mknod(self.path("some/zero.json"), 0o600 | 0o020000,
                     os.makedev(1, 5))
        except PermissionError:
            self.skipTest("needs root")
        self.check(zero="not a regular file")

    def test_a_folder_that_is_called_like_a_file(self):
        os.makedirs(self.path("some/a.json"))
        self.put("some/b.json/c.json")
        self.check(**{"b-json/c": "it is the id"})

    def test_too_many(self):
        """None of that folder is played, however many more there are."""
        os.makedirs(self.path("some/many"))
        for i in range(20001):
            os.close(os.open(self.path(f"some/many/{i}.json"),
                             os.O_CREAT | os.O_WRONLY))
        self.check(many="more than 20000 entries")

    def fill(self, count, text):
        if "POP3SPEC_SANITIZED" in os.environ:
            self.skipTest("a sanitized build takes memory of its own")
        os.makedirs(self.path("some"))
        for i in range(count):
            with open(self.path(f"some/{i}.json"), "w") as file:
                file.write(text)
        ended, peak = self.measure("check", self.path("some"))
        self.assertLess(peak, 512 << 10)
        return ended

    def test_as_many_as_there_may_be(self):
        self.assertEqual(self.fill(20000, scenario()).code, 0)

    def test_as_much_in_them_as_there_may_be(self):
        """Steps take more memory than their octets of JSON."""
        ended = self.fill(2000, scenario(STEPS * 170))
        self.assertEqual((ended.code, ended.stdout), (3, ""))
        self.assertIn("more than 1500000 steps, patterns", ended.stderr)

    def test_too_deep(self):
        self.put("some/" + "d/" * 20 + "x.json")
        self.check(**{"d/d/d/d/d/d/d/d": "too deep"})

    def test_too_much_in_all(self):
        text = scenario() + " " * ((1 << 20) - 1000)
        for i in range(70):
            self.put(f"some/x{i}.json", text)
        self.put("some/good.json")
        ended, result = self.play("some")
        self.assertEqual(ended.code, 3)
        outcomes = result.outcomes()
        self.assertGreater(outcomes["PASS"], 60)
        self.assertGreater(outcomes["ERROR"], 5)
        for verdict in result.verdicts:
            if verdict["outcome"] == "ERROR":
                self.assertIn("strangers' scenarios hold more than 67108864 "
                              "octets", verdict["label"])

    def test_too_much_mail(self):
        for i in range(6):
            self.put(f"some/maildrops/big{i}/maildrop.json", json.dumps(
                {"messages": [{"name": "a", "size": 60 << 20}]}))
            self.put(f"some/x{i}.json", scenario(maildrop=f"big{i}"))
        ended = spec("run", "--scenarios", self.path("some"), "--dry-run",
                     "--only=foreign/*")
        self.assertEqual(ended.code, 3)
        self.assertEqual(len(ended.stdout.splitlines()), 4)
        self.assertEqual(ended.stderr.count("strangers' fixtures hold more "
                                            "than 268435456 octets"), 2)


class Passwords(Strangers):
    def test_only_as_the_argument_of_pass(self):
        for i, dialogue in enumerate((
                ["C: USER {password}", "S: -ERR"], ["C: NOOP {secret}"],
                ["C: {password}"], ["C: NOOP PASS {password}"],
                [{"C in one piece": "XPASS {password}{CRLF}"}],
                [{"C in pieces": ["X", "PASS {password}{CRLF}"]}],
                [{"C in one piece": "X"}, "C: PASS {password}"],
                [{"C in one piece": "PASS "},
                 {"C in one piece": "{password}{CRLF}"}],
                [{"C in one piece": "PASS {password}{CRLF}{password}"}],
                ["C: NOOP", "S: +OK {password}"],
                ["C: NOOP", {"S": "+OK", "lines": ["{secret}"]}])):
            self.put(f"some/x{i}.json", scenario(dialogue))
        ended, result = self.play("some")
        self.assertEqual(ended.code, 3)
        self.assertEqual(result.outcomes(), {"PASS": 1, "ERROR": i + 1})
        self.assertFalse(any(b"sesame" in line and
                             not line.startswith(b"PASS ")
                             for line in self.lines))

    def test_never_into_a_report(self):
        """A report with a password in it would not pass spec.py."""
        self.put("some/x.json", scenario(
            ["C: PASS {password}", "S: -ERR {what}...", "C: NOOP",
             "S: +OK {what}..."], start="authorization"))
        ended, result = self.play("some", server=behaviours.Echoes)
        self.assertEqual(ended.code, 1)
        self.assertIn("foreign/x", [v["scenario"] for v in result.verdicts])


if __name__ == "__main__":
    unittest.main()
