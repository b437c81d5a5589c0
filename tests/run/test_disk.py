# SPDX-License-Identifier: MIT
"""Disks that are full, and a register that is broken."""

import contextlib
import json
import os
import shutil
import subprocess
import unittest

from pop3_server import Server
from spec import SCENARIOS, Case, spec

NOOP = "--only=transaction/noop"
SIZE = "size=64k"


@unittest.skipIf(os.geteuid() != 0, "only root may mount")
class FullDisk(Case):
    """A file system that has room for 64 KiB."""

    def setUp(self):
        super().setUp()
        self.small = self.path("small")
        os.mkdir(self.small)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", SIZE, "none",
                                  self.small], capture_output=True)
        if mounted.returncode:
            self.skipTest("this machine mounts nothing: "
                          f"{mounted.stderr.decode()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.small],
                        check=True)

    def fill(self):
        with open(os.path.join(self.small, "filler"), "wb", 0) as file, \
                contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))

    def test_reports(self):
        """The report of the run before stays, and what was found is told."""
        for kind in "json", "junit":
            with self.subTest(kind), Server() as server:
                path = os.path.join(self.small, kind)
                with open(path, "w") as file:
                    file.write("of the run before\n")
                self.fill()
                ended = spec("run", self.target(server, accounts=3),
                             f"--report={kind}={path}", "--report=text=-",
                             "--fail-on=never")
                self.assertEqual(ended.code, 3, ended.stderr)
                self.assertIn(f"{path}: cannot write: No space left",
                              ended.stderr)
                self.assertIn("requirements judged", ended.stdout)
                with open(path) as file:
                    self.assertEqual(file.read(), "of the run before\n")
                self.assertEqual(sorted(os.listdir(self.small)),
                                 sorted(["filler", kind]))
            os.unlink(path)
            os.unlink(os.path.join(self.small, "filler"))

    def test_what_the_journal_holds_stays(self):
        path = os.path.join(self.small, "journal")
        with Server() as server:
            ended = spec("run", self.target(server, accounts=3),
                         "--report=jsonl=" + path, "--report=text=-",
                         "--fail-on=never")
        self.assertEqual(ended.code, 3, ended.stderr)
        self.assertIn("cannot write: No space left", ended.stderr)
        replayed = spec("report", path, "--report=json=" + self.path("json"))
        self.assertEqual((replayed.code, replayed.stderr), (0, ""))
        with open(self.path("json")) as file:
            told = json.load(file)
        self.assertGreater(told["summary"]["pass"], 5)
        self.assertNotEqual(told["summary"]["interrupted"], "")

    def test_the_maildrops(self):
        with Server() as server:
            maildir = os.path.join(server.root, "al")
            shutil.rmtree(maildir)
            os.symlink(os.path.join(self.small, "al"), maildir)
            for part in "new", "cur", "tmp":
                os.makedirs(os.path.join(self.small, "al", part))
            self.fill()
            ended = spec("run", self.target(server), NOOP)
            self.check_refused(ended, 3, "No space left",
                               "/al: cannot write a message")
            self.assertEqual(server.mail(), {})


class Register(Case):
    """Nothing is judged by a register that is not well written."""

    def check(self, old, new, *texts):
        shutil.copytree(SCENARIOS, self.path("ours"), dirs_exist_ok=True)
        path = self.path("ours/register.json")
        with open(path) as file:
            text = file.read()
        self.assertIn(old, text)
        with open(path, "w") as file:
            file.write(text.replace(old, new, 1))
        with self.subTest(new), Server() as server:
            self.check_refused(
                spec("run", self.target(server), NOOP,
                     env={"POP3SPEC_SCENARIOS": self.path("ours")}),
                3, "register.json", *texts)
            self.assertEqual(server.received(), [])

    def test_register(self):
        self.check('"requirements": [', '"requirements": [,',
                   "register.json:3:20: unexpected token")
        self.check('"section":', '"sektion":', '/requirements/0', 'sektion')
        self.check('"level": "implied"', '"level": "OUGHT"',
                   '/level: must be one of "MUST", "MUST NOT"')
        self.check('"id": "RFC1939-3-NET-02"', '"id": "RFC1939-3-NET-01"',
                   "/requirements/1/id",
                   "RFC1939-3-NET-01 is the id of /requirements/0 already")


if __name__ == "__main__":
    unittest.main()
