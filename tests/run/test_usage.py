# SPDX-License-Identifier: MIT
"""Words on the command line, right ones and wrong ones."""

import json
import os
import shutil
import unittest

from pop3_server import Server, read
from spec import SCENARIOS, Case, Result, check_output, spec

NOOP = "--only=transaction/noop"


def scenario_ids():
    for folder, _, names in os.walk(SCENARIOS):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), SCENARIOS)
            if name.endswith(".json") and "/" in path and \
                    not path.startswith("maildrops"):
                yield path.removesuffix(".json")


class Wrong(Case):
    """Status 2, one line that says what would have been right."""

    def check(self, arguments, *texts):
        with self.subTest(arguments):
            ended = spec(*arguments)
            self.assertEqual((ended.code, ended.stdout), (2, ""), ended.stderr)
            for text in texts:
                self.assertIn(text, ended.stderr)

    def test_commands(self):
        self.check([], "usage: pop3spec")
        self.check(["judge"], 'no command "judge"', "usage: pop3spec")
        self.check(["list", "more"], "usage: pop3spec list")
        self.check(["check"], "usage: pop3spec check")
        self.check(["requirements", "--cover"], "usage: pop3spec requirements")
        self.check(["report"], "usage: pop3spec report")
        self.check(["report", "x", "--report"], "usage: pop3spec report")
        self.check(["report", "x", "--into", "json=y"],
                   "usage: pop3spec report")

    def test_options(self):
        run = "run",
        self.check([*run, "--onyl=x"], "--onyl", "run --help")
        self.check([*run, "-x"], "-x")
        self.check([*run, "--only"], "--only needs a value")
        self.check([*run, "a.json", "b.json"], '"b.json"')
        self.check([*run, "--jobs=many"], "--jobs many", "number")
        self.check([*run, "--jobs=-1"], "number")
        self.check([*run, "--jobs=257"], "1 to 256")
        self.check([*run, "--jobs=0"], "--jobs 0", "1 to 256")
        self.check([*run, "--max-time=0"], "--max-time 0", "1 to 1000000")
        self.check([*run, "--max-failures=0"], "--max-failures 0")
        self.check([*run, "--max-time=1.5"], "number")
        self.check([*run, "--seed=99999999999999999999"], "number")
        self.check([*run, "--split=halves"], "none, random, every-octet")
        self.check([*run, "--fail-on=all"], "must, should, security, flaky")

    def test_reports(self):
        self.check(["run", "--report=json"], "FORMAT=FILE")
        self.check(["run", "--report==x"], "FORMAT=FILE")
        self.check(["run", "--report=json="], "FORMAT=FILE")
        self.check(["run", "--report=pdf=x"], "pdf", "text", "jsonl", "json",
                   "junit")
        self.check(["report", self.write("j", ""), "--report=pdf=x"], "pdf")
        self.check(["report", self.write("j", ""), "--report=json"],
                   "FORMAT=FILE")

    def test_two_reports_at_one_place(self):
        os.mkdir(self.path("sub"))
        first = self.path("first")
        journal = self.write("journal", "")
        os.symlink(self.place, self.path("link"))
        os.symlink("journal", self.path("same"))
        os.link(journal, self.path("hard"))
        for a, b in ((first, first), (first, self.path("sub/../first")),
                     (first, self.path("./first")),
                     (first, self.path("link/first")),
                     (journal, self.path("same")),
                     (journal, self.path("hard")), ("-", "-")):
            wishes = f"--report=json={a}", f"--report=text={b}"
            text = f"--report text={b}: --report json={a} goes there already"
            self.check(["run", NOOP, *wishes], text)
            self.check(["report", journal, *wishes], text)
        self.assertFalse(os.path.exists(first))

    def test_standard_output_is_taken_by_the_text(self):
        self.check(["run", NOOP, "--report=json=/dev/stdout"],
                   "should be json=-")
        with open(self.path("out"), "w") as out:
            ended = spec("run", NOOP, "--report=json=" + self.path("out"),
                         stdout=out)
        self.assertEqual(ended.code, 2)
        self.assertIn("should be json=-", ended.stderr)
        self.assertEqual(read(self.path("out")), b"")

    def test_more_than_there_is_room_for(self):
        self.check(["run", *["--only=x"] * 513], "512")
        self.check(["run", *["--report=json=x"] * 9], "8")

    def test_a_filter_that_matches_nothing(self):
        for options in (["--only=no/such"], ["--exclude=*"],
                        [NOOP, "--exclude=transaction/*"]):
            self.check(["run", *options], "no scenario matches")
            self.check(["run", "--dry-run", *options], "no scenario matches")

    def test_a_password_for_nobody(self):
        self.check(["run", "--password-file=x"], "TARGET that has no password")

    def test_each_filter_must_match(self):
        for option, glob in (("--only", "nosuch*"), ("--exclude", "nosuch*"),
                             ("--exclude", "RFC1939-99-*")):
            self.check(["run", NOOP, f"{option}={glob}"],
                       f"{option} {glob}: no scenario matches this")

    def test_what_is_wrong_is_said_before_anything_is_done(self):
        with Server() as server:
            self.check(["run", self.target(server), "--report=pdf=x"], "pdf")
            self.check(["run", self.target(server), "--only=no/such"])
            self.assertEqual(server.received(), [])


class Right(Case):
    def check(self, *arguments):
        ended = spec(*arguments)
        self.assertEqual((ended.code, ended.stderr), (0, ""))
        return ended.stdout

    def test_version(self):
        self.assertRegex(self.check("--version"),
                         r"\Apop3spec \d+\.\d+\.\d+\n\Z")

    def test_help(self):
        for command in "run", "list", "show", "check", "requirements", "report":
            self.assertIn(f"\n  {command} ", self.check("--help"))
        for option in ("--only", "--fail-on", "--report", "--dry-run",
                       "--password-file"):
            self.assertIn(option, self.check("run", "--help"))

    def test_list(self):
        listed = [line.split()[0] for line in self.check("list").splitlines()]
        self.assertEqual(listed, sorted(scenario_ids()))

    def test_requirements(self):
        with open(os.path.join(SCENARIOS, "register.json")) as file:
            ids = [q["id"] for q in json.load(file)["requirements"]]
        lines = self.check("requirements").splitlines()
        self.assertEqual([line.split()[0] for line in lines], ids)
        lines = self.check("requirements", "--coverage").splitlines()
        self.assertEqual([line.split()[0] for line in lines[:len(ids)]], ids)
        noop = next(line for line in lines if "RFC1939-5-NOOP-01" in line)
        self.assertIn("transaction/noop", noop)
        self.assertIn(f"{len(ids)} requirements:", lines[-3])

    def test_dry_run(self):
        with Server() as server:
            path = self.target(server)
            said = self.check("run", path, "--dry-run", "--only=transaction/u*",
                              "--only=timeouts/*", *self.reports())
            self.assertEqual(server.received(), [])
        chosen = [i for i in scenario_ids()
                  if i.startswith(("transaction/u", "timeouts/"))]
        self.assertEqual(sorted(line.split()[0] for line in said.splitlines()),
                         sorted(chosen))
        self.assertFalse(os.path.exists(self.path("json")))

    def test_the_bundled_server(self):
        self.check("run", "--only=greeting/*", *self.reports())
        self.assertEqual(set(self.result().outcomes()), {"PASS"})


class Check(Case):
    def test_good_files(self):
        ended = spec("check", SCENARIOS)
        self.assertEqual((ended.code, ended.stderr), (0, ""))

    def test_broken_files(self):
        with open(os.path.join(SCENARIOS, "transaction/noop.json")) as file:
            good = file.read()
        for text, place in (
                (good[:-3] + "]", ":1[0-9]:"),
                (good.replace('"title"', '"titel"'), 'titel'),
                (good.replace("S: +OK", "S: OK", 1), "/dialogue/1"),
                (good.replace("number of a", "number of z"), "/dialogue/2"),
                (good.replace("NOOP-01", "NOOP-99"), "/requirements/0"),
                ("[" * 10000, ":1:"), ("", ":1:"), ("\0", ":1:")):
            with self.subTest(place):
                path = self.write("broken.json", text)
                ended = spec("check", path)
                self.assertEqual((ended.code, ended.stdout), (3, ""))
                self.assertRegex(ended.stderr, f"{path}.*{place}")

    def test_one_of_two_is_broken(self):
        path = self.write("broken.json", "{}")
        good = os.path.join(SCENARIOS, "transaction/noop.json")
        ended = spec("check", good, path, good)
        self.assertEqual(ended.code, 3)
        self.assertEqual(ended.stdout.count("well written"), 2)

    def test_no_file(self):
        ended = spec("check", self.path("none.json"))
        self.check_refused(ended, 3, "none.json")

    def test_all_that_is_broken_in_a_directory(self):
        os.mkdir(self.path("many"))
        os.mkdir(self.path("none"))
        for name in "one", "two":
            self.write(f"many/{name}.json", "{}")
        shutil.copy(os.path.join(SCENARIOS, "transaction/noop.json"),
                    self.path("many"))
        ended = spec("check", self.path("many"))
        self.assertEqual((ended.code, ended.stdout), (3, ""))
        self.assertRegex(ended.stderr, "one.json: .*\n.*two.json: .*\n\\Z")
        ended = spec("check", self.path("none"))
        self.check_refused(ended, 3, "no scenario there")

    def test_one_of_ours_is_broken(self):
        """It is told by every command, and stops none."""
        shutil.copytree(SCENARIOS, self.path("ours"))
        self.write("ours/update/broken.json", "{}")
        env = {"POP3SPEC_SCENARIOS": self.path("ours")}
        for command in (["list"], ["requirements", "--coverage"],
                        ["run", "--dry-run"]):
            ended = spec(*command, env=env)
            self.assertEqual(ended.code, 3)
            self.assertIn("transaction/noop", ended.stdout)
            self.assertIn("update/broken.json: ", ended.stderr)
        with Server() as server:
            ended, result = self.judge(server, NOOP, "--only=update/broken",
                                       env=env)
        self.assertEqual((ended.code, ended.stderr), (3, ""))
        self.assertEqual(result.outcomes(), {"PASS": 1, "ERROR": 1})
        self.assertEqual(result.json["scenarios"], 2)
        verdict = result.of("update/broken")
        self.assertIn('update/broken.json: "title" is missing',
                      verdict["label"])
        self.assertEqual(verdict["file"], self.path("ours/update/broken.json"))


class Numbers(Case):
    def test_one_is_no_plural(self):
        with Server() as server:
            ended = spec("run", self.target(server), NOOP, *self.reports())
            self.assertEqual(ended.code, 0)
            self.assertIn(", 1 scenario, split", ended.stdout)
            ended = spec("run", self.target(server), NOOP, "--min-cases=2")
            self.assertEqual(ended.stderr, "pop3spec: 1 scenario was judged, "
                             "and --min-cases is 2\n")
        shutil.copytree(SCENARIOS, self.path("ours"))
        for name in scenario_ids():
            if name != "transaction/noop":
                os.unlink(self.path(f"ours/{name}.json"))
        said = self.check("requirements", "--coverage",
                          env={"POP3SPEC_SCENARIOS": self.path("ours")})
        self.assertIn(". 1 scenario.\n", said)

    def check(self, *arguments, **options):
        ended = spec(*arguments, **options)
        self.assertEqual((ended.code, ended.stderr), (0, ""))
        return ended.stdout


class Reports(Case):
    def run_into(self, *wishes, **options):
        with Server() as server:
            return spec("run", self.target(server), NOOP,
                        *(f"--report={wish}" for wish in wishes), **options)

    def test_a_path_that_cannot_be_written(self):
        with Server() as server:
            ended = spec("run", self.target(server), NOOP,
                         "--report=json=" + self.path("no/such/folder"))
            self.check_refused(ended, 3, "no/such/folder", "No such file")
            self.assertEqual(server.received(), [])

    def test_each_path_that_cannot_be_written_is_named(self):
        wishes = [f"--report={kind}=" + self.path(f"no/{kind}")
                  for kind in ("text", "json", "junit")]
        with Server() as server:
            ended = spec("run", self.target(server), NOOP, *wishes)
            self.assertEqual(server.received(), [])
        self.check_refused(ended, 3, "no/text", "no/json", "no/junit")
        self.run_into("jsonl=" + self.path("jsonl"))
        ended = spec("report", self.path("jsonl"), *wishes,
                     "--report=json=" + self.path("good"))
        self.check_refused(ended, 3, "no/text", "no/json", "no/junit")
        Result(self.path("good"))

    def test_each_report_that_fails_is_named(self):
        os.symlink("/dev/full", self.path("full"))
        ended = self.run_into("json=/dev/full", "junit=" + self.path("full"),
                              "text=-")
        self.assertEqual(ended.code, 3)
        self.assertEqual(ended.stderr.count("No space left"), 2, ended.stderr)
        self.assertIn(self.path("full") + ": cannot write", ended.stderr)

    def test_nothing_is_kept_of_two(self):
        ended = self.run_into("json=/dev/null", "text=/dev/null")
        self.assertEqual((ended.code, ended.stderr), (0, ""))

    def test_a_full_disk(self):
        for kind in "text", "json", "jsonl", "junit":
            with self.subTest(kind):
                ended = self.run_into(f"{kind}=/dev/full", "text=-")
                self.assertEqual(ended.code, 3)
                self.assertIn("/dev/full: cannot write: No space left",
                              ended.stderr)

    def test_a_reader_that_has_seen_enough(self):
        for arguments in ["list"], ["requirements"], ["--help"]:
            there, here = os.pipe()
            os.close(there)
            with os.fdopen(here, "wb") as pipe:
                ended = spec(*arguments, stdout=pipe)
            self.assertEqual((ended.code, ended.stderr), (-13, ""))

    def test_a_full_standard_output(self):
        for arguments in (["--version"], ["--help"], ["list"],
                          ["requirements", "--coverage"], ["run", "--help"],
                          ["run", "--dry-run"]):
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                ended = spec(*arguments, stdout=full)
                self.assertEqual(ended.code, 3)
                self.assertIn("standard output", ended.stderr)
        with open("/dev/full", "wb") as full:
            self.assertEqual(self.run_into(stdout=full).code, 3)

    def test_one_report_that_fails_does_not_stop_the_others(self):
        ended = self.run_into("json=/dev/full", "json=" + self.path("json"))
        self.assertEqual(ended.code, 3)
        self.assertEqual(Result(self.path("json")).outcomes(), {"PASS": 1})

    def test_a_report_on_standard_output_stands_there_alone(self):
        ended = self.run_into("json=-")
        self.assertEqual(json.loads(ended.stdout)["summary"]["pass"],
                         len(json.loads(ended.stdout)["verdicts"]))

    def test_the_journal_of_a_killed_run_counts_as_the_run_did(self):
        self.run_into("json=" + self.path("json"),
                      "jsonl=" + self.path("jsonl"))
        lines = read(self.path("jsonl")).splitlines(keepends=True)
        with open(self.path("jsonl"), "wb") as file:
            file.writelines(lines[:-1])
        ended = spec("report", self.path("jsonl"),
                     "--report=json=" + self.path("again"))
        self.assertEqual((ended.code, ended.stderr), (0, ""))
        whole = Result(self.path("json")).summary
        again = Result(self.path("again")).summary
        self.assertIn("no summary", again["interrupted"])
        self.assertGreater(whole["requirements"]["judged"], 3)
        for key in (*(key for key in whole if key.islower() and
                      isinstance(whole[key], int)), "requirements",
                    "longest", "longest_seconds"):
            if key not in ("octets_sent", "octets_received", "round_trips",
                           "exit", "seconds"):
                self.assertEqual(again[key], whole[key], key)

    def test_the_journal_makes_the_same_report(self):
        for kind in "json", "junit", "text":
            with self.subTest(kind):
                self.run_into(f"{kind}=" + self.path("once"),
                              "jsonl=" + self.path("jsonl"))
                ended = spec("report", self.path("jsonl"),
                             f"--report={kind}=" + self.path("again"))
                self.assertEqual((ended.code, ended.stderr), (0, ""))
                self.assertEqual(check_output(read(self.path("again"))),
                                 check_output(read(self.path("once"))))

    def test_what_is_no_journal(self):
        for text in "", "{}\n", "[]", '{"format": 2}\n', "\0":
            with self.subTest(text):
                path = self.write("journal", text)
                ended = spec("report", path, "--report=json=" +
                             self.path("json"))
                self.check_refused(ended, 3, path)
                self.assertFalse(os.path.exists(self.path("json")))


if __name__ == "__main__":
    unittest.main()
