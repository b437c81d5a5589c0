# SPDX-License-Identifier: MIT
"""AUTH in TLS: python3 test_reference_server_auth_tls.py PROGRAM"""

import os
import shlex
import ssl
import sys
import unittest

from certificates import Certificates
from reference_server import Client, Server, private
from sasl import Scram, b64, capabilities, challenge, plain

PROGRAM = ""  # set by main
CERTIFICATES = None

TOKEN = "vF9dft4qmT"
FAILED = "-ERR [AUTH] authentication failed\r\n"


def start(*options, **more):
    return Server(PROGRAM, *CERTIFICATES.options("--tls-port", "0", *options),
                  **more)


def executable(path, flags):
    return os.open(path, flags, 0o700)


def secure(server, version=None, certificate=None):
    return Client(server.tls_port,
                  tls=CERTIFICATES.context(version, client=certificate))


def mechanisms(client):
    for line in capabilities(client):
        if line.startswith("SASL "):
            return line.split()[1:]
    return []


def bearer(token, authzid="", more=""):
    return b64(f"n,{authzid},\1{more}auth=Bearer {token}\1\1".encode())


class Mechanisms(unittest.TestCase):
    def test_stls_changes_the_list(self):
        with start("--no-clear-passwords") as server:
            server.put("new/1.a", b"x\n")
            with server.client() as client:
                clear = mechanisms(client)
                self.assertNotIn("PLAIN", clear)
                self.assertIn("SCRAM-SHA-256", clear)
                self.assertRegex(client.ask("AUTH PLAIN " + plain("al",
                                                                  "secret")),
                                 "^-ERR no passwords in clear, send STLS")
                self.assertRegex(client.ask("AUTH LOGIN"), "^-ERR no mech")
                client.command("STLS")
                client.start_tls(CERTIFICATES.context())
                inside = mechanisms(client)
                self.assertIn("PLAIN", inside)
                self.assertIn("SCRAM-SHA-256-PLUS", inside)
                client.command("AUTH PLAIN " + plain("al", "secret"))
                self.assertEqual(mechanisms(client), inside)
            with server.client() as client:
                self.assertRegex(Scram("SCRAM-SHA-256", "bob", "b o b")
                                 .play(client), r"^\+OK")

    def test_scram_binds_the_channel(self):
        name = "SCRAM-SHA-256-PLUS"
        header = "p=tls-unique,,"
        with start() as server:
            server.put("new/1.a", b"x\n")
            with secure(server, ssl.TLSVersion.TLSv1_2) as client:
                self.assertIn(name, mechanisms(client))
                binding = client.socket.get_channel_binding("tls-unique")
                wrong = bytes([binding[0] ^ 1]) + binding[1:]
                self.assertEqual(Scram(name, "al", "secret", header, wrong)
                                 .play(client), FAILED)
                self.assertEqual(Scram(name, "al", "wrong", header, binding)
                                 .play(client), FAILED)
                self.assertRegex(Scram(name, "al", "secret", header, binding)
                                 .play(client), r"^\+OK")

    def test_who_is_told_that_there_is_no_binding_was_lied_to(self):
        for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
            with start() as server, secure(server, version) as client:
                for header in "y,,", "p=tls-unique,,", "p=tls-exporter,,":
                    first = Scram("SCRAM-SHA-256", "al", header=header)
                    self.assertRegex(client.ask("AUTH SCRAM-SHA-256 " + b64(
                        (header + first.bare).encode())), r"^-ERR [^\[]")

    def test_external_is_whom_the_certificate_names(self):
        with start("--client-ca", CERTIFICATES.path("ca")) as server:
            server.put("new/1.a", b"x\n")
            for said in "=", b64(b"al"):
                with secure(server, certificate="al") as client:
                    self.assertIn("EXTERNAL", mechanisms(client))
                    self.assertEqual(client.ask("AUTH EXTERNAL " + b64(b"bob")),
                                     FAILED)
                    client.command("AUTH EXTERNAL " + said)
                    client.command("STAT")
                    client.command("QUIT")
            for certificate in None, "stranger":
                with secure(server, certificate=certificate) as client:
                    self.assertNotIn("EXTERNAL", mechanisms(client))
                    self.assertRegex(client.ask("AUTH EXTERNAL ="), "^-ERR")

    def test_external_asks_no_subject_alt_name(self):
        """All have DNS:localhost; only the server's common name is that."""
        with start("--client-ca", CERTIFICATES.path("ca"),
                   users_text="localhost:secret\nAL:secret\n") as server:
            for certificate, offered in ("al", False), ("server", True):
                with secure(server, certificate=certificate) as client:
                    self.assertEqual("EXTERNAL" in mechanisms(client), offered)


class Logged(unittest.TestCase):
    def logged(self, *options, **more):
        self.log = os.path.join(CERTIFICATES.root, "log")
        with open(self.log, "w"):
            pass
        return start("--log", self.log, *options, **more)

    def told(self, event):
        with open(self.log) as file:
            return [line.rstrip("\n") for line in file
                    if f" event={event} " in line]


class Tokens(Logged):
    def tokens(self, text):
        path = os.path.join(CERTIFICATES.root, "tokens")
        with open(path, "w", opener=private) as file:
            file.write(text)
        return path

    def play(self, *options):
        with start(*options) as server:
            server.put("new/1.a", b"x\n")
            with server.client() as client:
                self.assertNotIn("OAUTHBEARER", mechanisms(client))
            with secure(server) as client:
                self.assertIn("OAUTHBEARER", mechanisms(client))
                for wrong, status in (
                        (bearer("x"), "invalid_token"),
                        (bearer(TOKEN, "a=bob"), "insufficient_scope")):
                    self.assertEqual(challenge(client, "AUTH OAUTHBEARER "
                                               + wrong),
                                     f'{{"status":"{status}"}}')
                    self.assertEqual(client.ask(b64(b"\1")), FAILED)
                self.assertRegex(client.ask("AUTH OAUTHBEARER " + b64(b"n,,")),
                                 r"^-ERR [^\[]")
                client.command("AUTH OAUTHBEARER " + bearer(TOKEN, "a=al"))
                client.command("STAT")

    def test_a_file_knows_tokens(self):
        self.play("--oauth-tokens", self.tokens(f"# tokens\nal:{TOKEN}\n"))

    def limited(self, *options):
        return self.logged("--oauth-tokens", self.tokens(f"al:{TOKEN}\n"),
                           "--limit-loopback", "--refusal-delay", "0",
                           *options)

    def failures(self):
        return [line.split("mechanism=")[1]
                for line in self.told("login-failed")]

    def test_a_guess_counts_however_it_is_ended(self):
        for end in "*", b64(b"\1"), b64(b"nonsense"):
            with self.limited("--max-failures", "3") as server:
                with secure(server) as client:
                    for i in range(3):
                        challenge(client, "AUTH OAUTHBEARER " + bearer("x"))
                        client.send(end.encode() + b"\r\nNOOP\r\n")
                        self.assertRegex(client.line(), "^-ERR")
                        if i < 2:
                            self.assertRegex(client.line(), "^-ERR")
                    self.assertEqual(client.rest(), b"")
            self.assertEqual(self.failures(),
                             ["OAUTHBEARER why=credentials"] * 3)

    def test_a_failure_tells_whom_it_was_for(self):
        with self.limited() as server, secure(server) as client:
            for authzid in "a=al", "a=nobody", "":
                challenge(client, "AUTH OAUTHBEARER " + bearer("x", authzid))
                client.ask("*")
            challenge(client, "AUTH OAUTHBEARER " + b64(b"n,,\1\1"))
            client.ask("*")
        told = self.told("login-failed")
        self.assertEqual(["user=al" in line for line in told], [True] + 3 * [
            False])
        self.assertFalse([line for line in told if "nobody" in line])
        self.assertEqual(self.failures(), ["OAUTHBEARER why=credentials"] * 3
                         + ["OAUTHBEARER why=malformed"])

    def test_a_host_that_was_set_must_be_the_one_that_is_said(self):
        right = "", "host=Pop.Example.Org\1", "host=pop.example.org\1port=995\1"
        wrong = "host=imap.example.org\1", "host=\1", "host=127.0.0.1\1"
        with self.limited("--host", "pop.example.org") as server:
            for more in right:
                with secure(server) as client:
                    client.command("AUTH OAUTHBEARER "
                                   + bearer(TOKEN, "", more))
                    client.command("QUIT")
            with secure(server) as client:
                for more in wrong:
                    self.assertEqual(challenge(client, "AUTH OAUTHBEARER "
                                               + bearer(TOKEN, "", more)),
                                     '{"status":"invalid_request"}')
                    self.assertEqual(client.ask("*")[:4], "-ERR")
        self.assertEqual(self.failures(),
                         ['OAUTHBEARER why="another host"'] * 3)
        with self.limited() as server:
            for more in right + wrong:
                with secure(server) as client:
                    client.command("AUTH OAUTHBEARER "
                                   + bearer(TOKEN, "", more))
                    client.command("QUIT")

    def test_who_is_let_in_is_told_be_he_in_the_users_file_or_not(self):
        tokens = self.tokens("eve:x\n")
        root = os.path.join(CERTIFICATES.root, "mail")
        for folder in "new", "cur", "tmp":
            os.makedirs(os.path.join(root, "eve", folder), mode=0o700)
        with open(os.path.join(root, "users"), "w", opener=private) as file:
            file.write("al:secret\n")
        for options, said in (
                (["--oauth-tokens", tokens], "OAUTHBEARER " + bearer("x")),
                (["--anonymous", "eve"], "ANONYMOUS =")):
            with self.logged(*options, root=root) as server:
                with secure(server) as client:
                    client.command("AUTH " + said)
                    client.command("QUIT")
                    client.rest()
            for event in "login", "update", "closed":
                line, = self.told(event)
                self.assertIn(" user=eve ", line)

    def test_a_command_knows_tokens(self):
        self.play("--oauth-command", f"read t; test $t = {TOKEN} && echo al")

    def test_a_command_that_fails_is_no_fault_of_the_client(self):
        path = os.path.join(CERTIFICATES.root, "command")
        with open(path, "w", opener=executable) as file:
            file.write("#!/bin/sh\ncat\nexit 3\n")
        with self.logged("--oauth-command", path, "--limit-loopback",
                         expect_stderr=None) as server:
            for change in (lambda: None, lambda: os.chmod(path, 0o600),
                           lambda: os.remove(path)):
                change()
                with secure(server) as client:
                    self.assertRegex(client.ask("AUTH OAUTHBEARER "
                                                + bearer(TOKEN, "a=al")),
                                     r"^-ERR \[SYS/TEMP\]")
        of = " id=%d user=al "
        self.assertEqual(
            [line.split("event=")[1] for line in self.told("error")],
            ["error" + of % (i + 1) + f'text="OAUTHBEARER\'s command: {what}"'
             for i, what in enumerate((
                 "exit status 3",
                 "exit status 126, as of one that cannot be executed",
                 "exit status 127, as of one that is not there"))])
        self.assertEqual(
            [line.split("event=")[1] for line in self.told("login-failed")],
            ["login-failed" + of % (i + 1)
             + "mechanism=OAUTHBEARER why=temporary" for i in range(3)])
        with open(self.log) as file:
            self.assertNotIn(TOKEN, file.read())

    def test_a_command_is_given_no_socket(self):
        path = os.path.join(CERTIFICATES.root, "descriptors")
        command = f"ls -l /proc/$$/fd > {shlex.quote(path)}; echo al"
        with start("--oauth-command", command) as server:
            server.put("new/1.a", b"x\n")
            with secure(server) as client:
                client.command("AUTH OAUTHBEARER " + bearer(TOKEN))
        with open(path) as file:
            sockets = [line for line in file if "socket:" in line]
        self.assertEqual(len({line.split()[-1] for line in sockets}), 1)


class Certified(Logged):
    def tell(self, certificate, *said):
        with self.logged("--client-ca", CERTIFICATES.path("ca")) as server:
            with secure(server, certificate=certificate) as client:
                for line in said:
                    client.ask(line)

    def test_a_certificate_is_told_and_whose_it_is_if_that_is_a_user(self):
        for certificate, end in (("al", " certificate=yes certificate-user=al"),
                                 ("stranger", " certificate=yes"), (None, "")):
            self.tell(certificate, "AUTH EXTERNAL =")
            line, = self.told("tls")
            self.assertRegex(line, r" cipher=[A-Z0-9_-]+" + end + "$")

    def test_a_failure_tells_who_wanted_to_be_whom(self):
        self.tell("al", "AUTH EXTERNAL " + b64(b"bob"),
                  "AUTH EXTERNAL " + b64(b"hunter2"))
        self.assertEqual([line.split(" ", 3)[3]
                          for line in self.told("login-failed")],
                         [user + "mechanism=EXTERNAL certificate=yes "
                          "certificate-user=al why=credentials"
                          for user in ("user=bob ", "")])


def main():
    global PROGRAM, CERTIFICATES
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    with Certificates("server", "al", "stranger") as CERTIFICATES:
        unittest.main()


if __name__ == "__main__":
    main()
