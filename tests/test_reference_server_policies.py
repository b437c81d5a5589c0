# SPDX-License-Identifier: MIT
"""What a site may choose: python3 test_reference_server_policies.py PROGRAM"""

import sys
import unittest

from reference_server import Server

PROGRAM = ""  # set by main
NEEDS_UTF8 = "-ERR [UTF8] "
HEADER = "Subject: Gr\u00fc\u00dfe\n\nb\n".encode()


def capabilities(client):
    client.command("CAPA")
    return client.body().decode().splitlines()


class Policies(unittest.TestCase):
    def test_the_defaults_are_told(self):
        with Server(PROGRAM) as server, server.login() as client:
            with server.client() as other:
                before = capabilities(other)
            self.assertEqual(capabilities(client), before)
            self.assertIn("EXPIRE NEVER", before)
            self.assertIn("LANG", before)
            self.assertIn("UTF8", before)
            self.assertFalse([c for c in before if c.startswith("LOGIN-")])
            self.assertTrue(client.ask("LAST").startswith("-ERR"))

    def test_a_second_login_comes_too_soon(self):
        with Server(PROGRAM, "--login-delay", "3600", "--login-delay",
                    "bob=0") as server:
            with server.client() as client:
                self.assertIn("LOGIN-DELAY 3600 USER", capabilities(client))
                client.command("USER al")
                self.assertTrue(client.ask("PASS wrong").startswith("-ERR"))
                client.command("USER al")
                client.command("PASS secret")
                self.assertIn("LOGIN-DELAY 3600", capabilities(client))
                client.command("QUIT")
            with server.client() as client:
                client.command("USER al")
                self.assertNotIn("LOGIN-DELAY", client.ask("PASS wrong"))
                client.command("USER al")
                self.assertTrue(client.ask("PASS secret").startswith(
                    "-ERR [LOGIN-DELAY] "))
                client.command("QUIT")
            for _ in range(2):
                with server.login("bob", "b o b") as client:
                    self.assertIn("LOGIN-DELAY 0", capabilities(client))
                    client.command("QUIT")

    def test_a_delay_ends(self):
        with Server(PROGRAM, "--login-delay", "1") as server:
            server.login().close()
            refused = False
            while True:
                with server.client() as client:
                    client.command("USER al")
                    status = client.ask("PASS secret")
                    if status.startswith("+OK"):
                        break
                    refused = True
            self.assertTrue(refused)

    def test_capabilities_by_option(self):
        with Server(PROGRAM, "--expire", "30",
                    "--late-implementation") as server:
            with server.client() as client:
                before = capabilities(client)
            with server.login() as client:
                after = capabilities(client)
        self.assertIn("EXPIRE 30", before)
        self.assertEqual([c.split()[0] for c in after if c not in before],
                         ["IMPLEMENTATION"])

    def test_a_language_is_preferred(self):
        with Server(PROGRAM, "--language", "de") as server:
            with server.client() as client:
                self.assertTrue(client.ask("FOO").isascii())
                client.send("LANG *\r\n".encode())
                self.assertEqual(client.line(), "+OK de Sprache gewechselt"
                                 "\r\n")
                client.command("LANG")
                self.assertEqual(client.body(),
                                 b"en English\r\nde Deutsch\r\n")

    def test_last_is_for_old_clients(self):
        with Server(PROGRAM, "--last") as server:
            server.put("new/1", b"a: b\n\nc\n")
            with server.login() as client:
                client.retrieve(1)
                self.assertEqual(client.command("LAST"), "+OK 1\r\n")
                client.command("RSET")
                self.assertEqual(client.command("LAST"), "+OK 0\r\n")

    def test_mail_that_needs_utf8(self):
        with Server(PROGRAM) as server:
            server.put("new/1", HEADER)
            with server.login() as client:
                self.assertTrue(client.ask("RETR 1").startswith(NEEDS_UTF8))
                self.assertTrue(client.ask("TOP 1 0").startswith(NEEDS_UTF8))
                client.command("QUIT")
            with server.client() as client:
                client.command("UTF8")
                client.command("USER al")
                client.command("PASS secret")
                self.assertEqual(client.retrieve(1),
                                 HEADER.replace(b"\n", b"\r\n"))

    def test_a_maildrop_that_cannot_be_opened_says_why(self):
        with Server(PROGRAM, expect_stderr="pop3-reference-server: al: new: "
                    "Not a directory\n") as server:
            server.put("new", b"")
            with server.client() as client:
                client.command("USER al")
                self.assertTrue(client.ask("PASS secret").startswith(
                    "-ERR [SYS/PERM] "))


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
