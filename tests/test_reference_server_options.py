# SPDX-License-Identifier: MIT
"""The command line: python3 test_reference_server_options.py PROGRAM"""

import os
import pty
import re
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import unittest

from certificates import Certificates
from reference_server import Server, private

PROGRAM = ""  # set by main


def run(*options):
    done = subprocess.run([PROGRAM, *options], capture_output=True, text=True,
                          timeout=60)
    return done.returncode, done.stdout, done.stderr


class Options(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.TemporaryDirectory()
        self.users = os.path.join(self.root.name, "users")
        self.write("al:x\n")
        self.needed = "--maildir", self.root.name, "--users", self.users

    def tearDown(self):
        self.root.cleanup()

    def write(self, text):
        with open(self.users, "w", opener=private) as file:
            file.write(text)

    def assert_refused(self, status, error, *options):
        self.assertEqual(run(*options), (status, "", error + "\n"))

    def test_wrong_usage_exits_2(self):
        me = "pop3-reference-server: "
        missing = me + "--users: missing; see --help"
        self.assert_refused(2, missing, *self.needed[:2])
        self.assert_refused(2, me + "--maildir: missing; see --help\n" +
                            missing)
        self.assert_refused(2, me + "x: not an option; see --help",
                            *self.needed, "x")
        self.assert_refused(2, me + "--defect nope: not the id of a "
                            "defect; see --list-defects", "--defect", "nope")
        self.assert_refused(2, me + "--oddity retr-not-stuffed: not the id "
                            "of an oddity; see --list-oddities", "--oddity",
                            "retr-not-stuffed")
        self.assert_refused(2, me + "--double RETR => sing: what happens is say, delay, "
                            "cut or close", "--double", "RETR => sing")
        for value in "", "x", "-1", "+1", "1x", "65536", "9" * 40, " 1":
            self.assert_refused(2, me + f"--port {value}: not a number from "
                                "0 to 65535", "--port", value)
        self.assert_refused(2, me + "--expire 0: not a number from 1 to "
                            "1000000000", "--expire", "0")
        self.assert_refused(2, me + "--language fr: not one of those that "
                            "LANG lists: en or de", "--language", "fr")
        self.assert_refused(2, me + "--host a?b: not a domain of at most 200 "
                            "octets", "--host", "a\nb")
        self.assert_refused(2, me + "--certificate: missing: it goes with "
                            "the key",
                            *self.needed, "--key", "x")
        for option in ("--tls-port", "0"), ("--client-ca", "x"), \
                ("--no-clear-passwords",):
            self.assert_refused(2, f"{me}{option[0]}: without a certificate "
                                "there is no TLS", *self.needed, *option)
        self.assert_refused(2, me + "--anonymous ../al: not a name, which is 1 "
                            "to 64 of A-Z a-z 0-9 . _ @ + -, not starting with .",
                            "--anonymous", "../al")
        self.assert_refused(2, me + "--oauth-command: not beside a file of "
                            f"tokens: one of them\n{me}--users: /nowhere/u: "
                            f"No such file or directory\n{me}--oauth-tokens: "
                            "/nowhere/t: No such file or directory\n"
                            f"{me}--oauth-command: /nowhere/c: No such file or "
                            "directory", "--maildir", self.root.name, "--users",
                            "/nowhere/u", "--oauth-tokens", "/nowhere/t",
                            "--oauth-command", "/nowhere/c")
        self.assert_refused(2, f"{me}--unheard-of: not an option; see --help\n"
                            f"{me}-x: not an option; see --help\n"
                            f"{me}--user5=a: not an option; did you mean "
                            f"--users? See --help\n"
                            f"{me}--last: takes no argument; see --help\n"
                            f"{me}--port: without its argument; see --help",
                            "--unheard-of", "-x", "--user5=a", "--last=1",
                            "--port")
        self.assert_refused(2, me + "--hash NOPE: not PLAIN, CRYPT, "
                            "SCRAM-SHA-1 or SCRAM-SHA-256; see --help",
                            "--hash", "NOPE")

    def test_what_cannot_be_read_exits_1_and_is_named(self):
        me = "pop3-reference-server: "
        nowhere = os.path.join(self.root.name, "nowhere")
        self.assert_refused(1, f"{me}--users: {nowhere}: No such file or directory",
                            "--maildir", self.root.name, "--users", nowhere)
        self.assert_refused(1, f"{me}--maildir: {nowhere}: No such file or directory",
                            "--maildir", nowhere, "--users", self.users)
        for file, why in (nowhere, "No such file or directory"), \
                (self.users, "no certificate in PEM form"):
            self.assert_refused(1, f"{me}--certificate: {file}: {why}\n{me}"
                                f"--key: {self.users}: no good key in PEM form",
                                *self.needed, "--certificate", file, "--key",
                                self.users)
        self.write("# first\nal:x\nbob:{CRYPT}y\n")
        self.assert_refused(1, f"{me}{self.users}:3:12: crypt(3) does not "
                            "know this form", *self.needed)
        self.write("al:x\n")
        tokens = os.path.join(self.root.name, "tokens")
        with open(tokens, "w", opener=private) as file:
            file.write("al:not a token\n")
        self.assert_refused(1, f"{me}{tokens}:1:4: a token is letters, digits, "
                            "- . _ ~ + /, then any =", *self.needed,
                            "--oauth-tokens", tokens)
        self.assert_refused(1, f"{me}--oauth-tokens: {nowhere}: No such file or directory",
                            *self.needed, "--oauth-tokens", nowhere)

    def test_a_key_of_another_kind_than_the_certificate_exits_1(self):
        with Certificates("server") as own:
            own.another_kind_of_key("server")
            for more in (), ("--check-config",):
                self.assert_refused(
                    1, f"pop3-reference-server: --key: {own.key('server')}: "
                    f"not the key of the certificate in {own.path('server')}",
                    *self.needed, *own.options(*more))

    def test_hash_prints_what_a_users_file_keeps(self):
        for scheme, begin in (("plain", "{PLAIN}p w\n"), ("CRYPT", "{CRYPT}$"),
                              ("scram-sha-1", "{SCRAM-SHA-1}4096,"),
                              ("SCRAM-SHA-256", "{SCRAM-SHA-256}4096,")):
            done = subprocess.run([PROGRAM, "--hash", scheme], input="p w\n",
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertTrue(done.stdout.startswith(begin), done.stdout)
            self.assertEqual(done.stdout.count("\n"), 1)
        for scheme, given in (("CRYPT", ""), ("CRYPT", "\n"),
                              ("PLAIN", "a\tb"), ("PLAIN", "a\0b"), ("CRYPT", "\0"),
                              ("PLAIN", "a\rb"), ("PLAIN", "x" * 1025)):
            done = subprocess.run([PROGRAM, "--hash", scheme], input=given,
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (1, ""), given)
            self.assertTrue(done.stderr.startswith("pop3-reference-server: "))

    def hash_at_terminal(self, *typed, end=None):
        """Types each behind a prompt. Returns all that the terminal showed,
        what came on standard output, and how it ended."""
        terminal, its = pty.openpty()
        self.addCleanup(os.close, terminal)
        process = subprocess.Popen(
            [PROGRAM, "--hash", "PLAIN"], stdin=its, stderr=its,
            stdout=subprocess.PIPE, text=True, start_new_session=True)
        shown = b""
        for octets in typed:
            asked = shown.count(b": ")
            while shown.count(b": ") == asked or not shown.endswith(b": "):
                shown += os.read(terminal, 4096)
            self.assertFalse(termios.tcgetattr(its)[3] & termios.ECHO)
            os.write(terminal, octets)
        if end:
            process.send_signal(end)
        out, _ = process.communicate(timeout=60)
        self.assertTrue(termios.tcgetattr(its)[3] & termios.ECHO)
        os.close(its)
        while True:
            try:
                octets = os.read(terminal, 4096)
            except OSError:  # no more: nobody has the other end
                return shown.decode(), out, process.returncode
            shown += octets

    def test_hash_asks_at_a_terminal_and_shows_nothing(self):
        self.assertEqual(self.hash_at_terminal(b"p w\n", b"p w\n"), (
            "password: \r\nagain: \r\n", "{PLAIN}p w\n", 0))
        self.assertEqual(self.hash_at_terminal(b"p w\n", b"p v\n"), (
            "password: \r\nagain: \r\n"
            "pop3-reference-server: the two passwords differ\r\n", "", 1))

    def test_a_terminal_shows_again_when_hash_is_ended(self):
        with open(PROGRAM, "rb") as file:
            if b"libtsan" in file.read():
                self.skipTest("the thread sanitizer may keep a signal")
        for number in signal.SIGINT, signal.SIGTERM:
            self.assertEqual(self.hash_at_terminal(b"p", end=number), (
                "password: ", "", -number))
            self.assertEqual(self.hash_at_terminal(b"p\n", b"", end=number), (
                "password: \r\nagain: ", "", -number))

    def test_a_port_in_use_exits_1(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            self.assert_refused(
                1, f"pop3-reference-server: 127.0.0.1:{port}: "
                "address already in use", *self.needed, "--port", str(port))
        self.assert_refused(2, "pop3-reference-server: --address localhost: "
                            "not an IPv4 or IPv6 address in numbers",
                            *self.needed, "--address", "localhost")

    def test_users_that_others_can_read_are_a_warning(self):
        os.chmod(self.users, 0o644)
        warning = "pop3-reference-server: warning: others can read "
        with Server(PROGRAM, root=self.root.name,
                    expect_stderr=warning + self.users + "\n") as server:
            server.login("al", "x").close()

    def test_a_key_that_others_can_read_is_a_warning(self):
        with Certificates("server") as certificates:
            key = certificates.key("server")
            os.chmod(key, 0o644)
            warning = "pop3-reference-server: warning: others can read "
            with Server(PROGRAM, *certificates.options(),
                        expect_stderr=warning + key + "\n") as server:
                server.client().close()

    def test_lists(self):
        for what in "defects", "oddities":
            status, out, err = run("--list-" + what)
            self.assertEqual((status, err), (0, ""))
            rows = [line.split("\t") for line in out.splitlines()]
            self.assertEqual({len(row) for row in rows}, {7})
            self.assertEqual(len({row[0] for row in rows}), len(rows))
            for _, kind, seen, killer, provenance, summary, needs in rows:
                self.assertEqual(kind == "-", what == "oddities")
                self.assertIn(seen, ("everywhere", "memory", "wire"))
                self.assertTrue(needs)
                self.assertEqual(killer == "-", what == "oddities")
                self.assertTrue(provenance and summary)

    def test_help_and_version(self):
        status, out, _ = run("--help")
        self.assertEqual(status, 0)
        listed = run("--list-settings")[1].splitlines()
        flags = {line.split("\t")[0] for line in listed} - {"-"}
        self.assertEqual(flags, set(re.findall(r"^  (--[a-z-]+)", out, re.M)))
        self.assertLess(max(map(len, out.splitlines())), 80)
        self.assertRegex(run("--version")[1],
                         r"^pop3-reference-server \d+\.\d+\.\d+\n$")

    def test_a_defect_and_an_oddity_can_be_seen(self):
        with Server(PROGRAM, "--defect", "retr-not-stuffed", "--oddity",
                    "bare-status") as server:
            server.put("new/1.a", b".x\n")
            with server.login() as client:
                self.assertEqual(client.ask("NOOP"), "+OK\r\n")
                client.command("RETR 1")
                self.assertEqual(client.line(), ".x\r\n")

    def test_defects_that_need_the_end_of_input_see_it(self):
        for defect, last in ("drop-removes", b""), ("quit-without-crlf",
                                                    b"QUIT"):
            with Server(PROGRAM, "--defect", defect) as server:
                server.put("new/1.a", b"x\n")
                with server.login() as client:
                    client.command("DELE 1")
                    client.send(last)
                    client.half_close()
                    client.rest()
                self.assertEqual(server.mail(), [])


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()


if __name__ == "__main__":
    main()
