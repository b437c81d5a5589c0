# SPDX-License-Identifier: MIT
"""The file of --config: python3 test_reference_server_config.py PROGRAM"""

import json
import os
import pwd
import socket
import subprocess
import sys
import tempfile
import unittest

from certificates import Certificates, openssl
from reference_server import PATIENCE, USERS, Client, private

PROGRAM = ""  # set by main
ME_USER = pwd.getpwuid(os.geteuid()).pw_name
ME = "pop3-reference-server: "


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "server.json")
        self.write("users", USERS)

    def tearDown(self):
        self.folder.cleanup()

    def file(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, text):
        with open(self.file(name), "w", opener=private) as file:
            file.write(text)

    def config(self, **more):
        """Writes one that works, with more in it."""
        self.write("server.json", json.dumps(
            {"store": {"maildir": "."}, "users": {"file": "users"},
             "listeners": [{"port": 0}], **more}))

    def run_server(self, *options):
        done = subprocess.run([PROGRAM, "--config", self.path, *options],
                              capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def check_config(self, *options):
        return self.run_server("--check-config", *options)

    def start(self, *options):
        """Returns the process and the ports at which it listens."""
        process = subprocess.Popen(
            [PROGRAM, "--config", self.path, *options], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.end, process)
        with open(self.path) as file:
            count = len(json.load(file)["listeners"])
        return process, [int(process.stdout.readline().rsplit(":", 1)[1])
                         for _ in range(count)]

    def end(self, process):
        process.terminate()
        out, err = process.communicate(timeout=PATIENCE)
        self.assertEqual((process.returncode, out, err), (0, "", ""))

    def capabilities(self, client):
        client.command("CAPA")
        return client.body().decode().splitlines()


class Config(Folder):
    def test_listeners_have_the_tls_that_they_are_given(self):
        with Certificates("server") as certificates:
            self.config(
                tls={"certificate": certificates.path("server"),
                     "key": certificates.key("server")},
                listeners=[{"port": 0}, {"port": 0, "tls": "none"},
                           {"port": 0, "tls": "implicit"},
                           {"port": 0, "tls": "starttls"}])
            _, ports = self.start()
            with Client(ports[2], tls=certificates.context()) as client:
                self.assertNotIn("STLS", self.capabilities(client))
        for port, stls in (ports[0], True), (ports[1], False), (ports[3], True):
            with Client(port) as client:
                self.assertEqual("STLS" in self.capabilities(client), stls)
                self.assertEqual(client.ask("STLS")[:3],
                                 "+OK" if stls else "-ER")

    def test_all_addresses_of_both_kinds(self):
        """:: alone is IPv4, too; beside 0.0.0.0 it is not."""
        try:
            socket.create_server(("::", 0), family=socket.AF_INET6).close()
        except OSError:
            self.skipTest("no IPv6")
        self.config(listeners=[{"address": "::", "port": 0}], user=ME_USER)
        Client(self.start()[1][0]).close()
        self.config(listeners=[{"address": "0.0.0.0", "port": 0},
                               {"address": "::", "port": 0}], user=ME_USER)
        self.assertEqual(self.check_config(), (0, "no fault found\n", ""))
        v4, v6 = self.start()[1]
        Client(v4).close()
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", v6))

    def test_what_it_says_holds(self):
        self.config(policy={"login_delays": {"bob": 7}, "expire": 30,
                            "last": True}, language="de")
        _, ports = self.start()
        with Client(ports[0]) as client:
            capa = self.capabilities(client)
            self.assertIn("LOGIN-DELAY 7 USER", capa)
            self.assertIn("EXPIRE 30", capa)
            self.assertEqual(client.ask("LANG *")[:7], "+OK de ")
            client.command("USER al")
            client.command("PASS secret")
            client.command("LAST")

    def test_all_that_is_wrong_is_told(self):
        self.config(tls={"colour": 1, "certifcate": "x"},
                    limits={"autologout": "\x1b[2J"})
        self.assertEqual(self.run_server(), (1, "", "".join(
            f"{ME}{self.path}: {line}\n" for line in (
                '/tls/colour: unknown key; known are certificate, key, '
                'client_ca, clear_passwords',
                '/tls/certifcate: unknown key; did you mean "certificate"?',
                '/limits/autologout: "\\u001B[2J": not a number from 0 to '
                "4294967295"))))
        self.write("server.json", '{\n"users": {"file": "a" "b"}}')
        self.assertEqual(self.run_server(), (
            1, "", f"{ME}{self.path}:2:25: '}}' expected near '\"b\"'\n"))

    def test_a_file_that_is_not_there(self):
        self.path = self.file("nowhere")
        self.assertEqual(self.run_server(), (
            1, "", f"{ME}--config: {self.path}: No such file or directory\n"))

    def test_a_flag_wins(self):
        self.config(users={"file": "nowhere"}, host="of.file.example")
        _, ports = self.start("--users",
                              os.path.join(self.folder.name, "users"),
                              "--host", "of.line.example")
        with Client(ports[0]) as client:
            self.assertIn("@of.line.example>", client.greeting)


class CheckConfig(Folder):
    """--check-config: all that a start would find, and no start."""

    def said(self, *lines):
        return 1, "", "".join(f"{ME}{line}\n" for line in lines)

    def test_a_file_that_is_right(self):
        self.config()
        self.assertEqual(self.check_config(), (0, "no fault found\n", ""))

    def test_all_files_are_looked_at(self):
        self.config(store={"maildir": "nowhere"},
                    users={"file": "users", "oauth_tokens": "tokens"},
                    tls={"certificate": "c.pem", "key": "c.key"})
        self.write("users", "al:x\nal:y\n")
        self.write("tokens", "\n\nal:\n")
        self.write("c.pem", "x")
        self.assertEqual(self.check_config(), self.said(
            f"{self.file('users')}:2:1: al again, see line 1",
            f"{self.file('tokens')}:3:4: a token is letters, digits, "
            "- . _ ~ + /, then any =",
            f"{self.path}: /tls/certificate: {self.file('c.pem')}: "
            "no certificate in PEM form",
            f"{self.path}: /tls/key: {self.file('c.key')}: "
            "No such file or directory",
            f"{self.path}: /store/maildir: {self.file('nowhere')}: "
            "No such file or directory"))

    def test_a_start_tells_the_same_also_beside_a_wrong_setting(self):
        self.config(users={"file": "users", "oauth_command": "/no/such"},
                    tls={"certificate": "c.pem", "key": "c.key"},
                    log={"file": "."}, language="fr",
                    listeners=[{"port": 0, "address": "192.0.2.1"}],
                    user=ME_USER)
        self.write("users", "al:x\nno colon\n:x\nbob:\n")
        said = self.said(
            f'{self.path}: /language: "fr": not one of those that LANG lists: '
            "en or de",
            f"{self.file('users')}:2:1: no colon; a line is name:password",
            f"{self.file('users')}:3:1: this name cannot be; a name is "
            "1 to 64 of A-Z a-z 0-9 . _ @ + -, not starting with .",
            f"{self.file('users')}:4:5: the password is empty",
            f"{self.path}: /tls/certificate: {self.file('c.pem')}: "
            "No such file or directory",
            f"{self.path}: /tls/key: {self.file('c.key')}: "
            "No such file or directory",
            f"{self.path}: /log/file: {self.file('.')}: Is a directory",
            "192.0.2.1:0: address not available",
            f"{self.path}: /users/oauth_command: /no/such: "
            "No such file or directory")
        self.assertEqual(self.check_config(), said)
        self.assertEqual(self.run_server(), said)

    def test_lines_have_an_end(self):
        self.config(tls={"certificate": "c.pem", "key": "c.key"})
        self.write("users", "x\n" * 1000)
        _, _, err = self.check_config()
        lines = err.splitlines()
        self.assertEqual(len(lines), 9)
        self.assertEqual(lines[6], f"{ME}{self.file('users')}: 994 more lines "
                         "are wrong")

    def test_a_log_has_one_place(self):
        self.config(log={"file": "log", "stderr": True})
        self.assertEqual(self.check_config(), self.said(
            f"{self.path}: /log/stderr: true: not beside /log/file: one of "
            "them"))
        self.config(log={"stderr": False, "file": "log"})
        self.assertEqual(self.check_config()[0], 0)

    def test_a_command_that_is_not_there(self):
        self.config(users={"file": "users", "oauth_command": "no-such-x y"})
        self.assertEqual(self.check_config(), self.said(
            f"{self.path}: /users/oauth_command: no-such-x: no command of the "
            "shell"))
        self.config()
        for options in (), ("--check-config",):
            self.assertEqual(
                self.run_server("--oauth-command", self.path, *options),
                self.said(f"--oauth-command: {self.path}: Permission denied"))

    def test_names_of_nobody_are_warnings(self):
        self.config(users={"file": "users", "oauth_tokens": "tokens",
                           "anonymous": "ghost"},
                    policy={"login_delays": {"al": 1, "who": 2}})
        self.write("tokens", "al:abc\nwraith:abd\n")
        no_user = f"no user of {self.file('users')}, and has no maildrop\n"
        warning = f"{ME}warning: "
        self.assertEqual(self.check_config("--login-delay", "what=4"), (
            0, "no fault found, but 4 warnings\n", "".join((
                f"{warning}{self.path}: /users/anonymous: ghost: {no_user}",
                f"{warning}{self.path}: /policy/login_delays/who: {no_user}",
                f"{warning}--login-delay what=4: {no_user}",
                f"{warning}{self.file('tokens')}:2:1: wraith is {no_user}"))))
        os.mkdir(self.file("wraith"))
        self.assertNotIn("wraith", self.check_config()[2])

    def warnings(self, *options):
        code, out, err = self.check_config(*options)
        self.assertEqual(code, 0, err)
        count = err.count("\n")
        self.assertEqual(out, "no fault found\n" if not count else
                         f"no fault found, but {count} "
                         f"warning{'s' if count > 1 else ''}\n")
        return err

    def test_a_hash_without_its_scheme_is_a_warning(self):
        """Else who reads the file logs in with what he reads."""
        self.config()
        self.write("users", "al:$6$abc$def\nbob:{PLAIN}$6$abc$def\n"
                   "carol:$600\n\nmr.x:$y$j9T$salt$made\n")
        why = "looks like what crypt(3) makes; {CRYPT} is missing, or " \
            "{PLAIN} if that is the password"
        self.assertEqual(self.warnings(), "".join(
            f"{ME}warning: {self.file('users')}:{place}: {why}\n"
            for place in ("1:4", "5:6")))

    def test_a_users_file_without_users_is_a_warning(self):
        self.config()
        for text in "", "# nobody yet\n":
            self.write("users", text)
            self.assertEqual(
                self.warnings(), f"{ME}warning: {self.file('users')}: "
                "no user in it: nobody can log in\n")
        self.write("tokens", "al:t\n")
        os.mkdir(self.file("al"))
        self.assertEqual(
            self.warnings("--oauth-tokens", self.file("tokens")), "")

    def test_a_file_that_others_can_write_to(self):
        self.config(users={"file": "users", "oauth_tokens": "tokens"})
        self.write("tokens", "")
        os.chmod(self.file("users"), 0o666)
        os.chmod(self.file("tokens"), 0o622)
        self.assertEqual(self.check_config()[1:], (
            "no fault found, but 2 warnings\n",
            f"{ME}warning: others can write to {self.file('users')}\n"
            f"{ME}warning: others can write to {self.file('tokens')}\n"))

    def test_what_nobody_can_log_in_with(self):
        self.config()
        self.write("users", "a:{CRYPT}foo\nb:{CRYPT}$9$x\n"
                   "c:{SCRAM-SHA-1}4096,YQ==,x\nd:\u200e\u0627\u0061\n")
        users = self.file("users")
        self.assertEqual(self.check_config(), self.said(
            f"{users}:1:10: nothing that crypt(3) makes: no password fits it",
            f"{users}:2:10: crypt(3) does not know this form",
            f"{users}:3:26: the stored key is no digest in base64",
            f"{users}:4:3: SASLprep (RFC 4013) can make nothing of the "
            "password"))

    def test_a_key_of_another_certificate(self):
        with Certificates("server", "other") as own:
            self.config(tls={"certificate": own.path("server"),
                             "key": own.key("other")})
            self.assertEqual(self.check_config(), self.said(
                f"{self.path}: /tls/key: {own.key('other')}: not the key of the certificate in "
                f"{own.path('server')}"))

    def test_a_certificate_that_is_out_of_date_is_a_warning(self):
        with Certificates() as own:
            openssl("req", "-new", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=old",
                    "-keyout", own.key("old"), "-out", own.path("wish"))
            openssl("x509", "-req", "-in", own.path("wish"), "-key",
                    own.key("old"), "-days", "-1", "-out", own.path("old"))
            os.chmod(own.key("old"), 0o600)
            self.config(tls={"certificate": own.path("old"),
                             "key": own.key("old")})
            self.assertEqual(self.check_config(), (
                0, "no fault found, but 1 warning\n", f"{ME}warning: {own.path('old')}: "
                "the certificate has expired\n"))

    def test_a_log_is_none_of_the_files_that_are_read(self):
        """Its lines would spoil them, and it is given to another."""
        with Certificates("server") as own:
            files = {"users": "users", "key": own.key("server"),
                     "certificate": own.path("server"),
                     "client-ca": own.path("ca")}
            self.config(tls={"certificate": files["certificate"],
                             "key": files["key"],
                             "client_ca": files["client-ca"]})
            os.link(self.file("users"), self.file("twin"))
            os.symlink("server.json", self.file("link"))
            for log, place in (
                    (self.file("users"), f"{self.path}: /users/file"),
                    (self.file("twin"), f"{self.path}: /users/file"),
                    (self.file("link"), "--config"),
                    (files["key"], f"{self.path}: /tls/key"),
                    (files["certificate"], f"{self.path}: /tls/certificate"),
                    (files["client-ca"], f"{self.path}: /tls/client_ca")):
                before = read(log)
                for option in "--check-config", "--last":
                    self.assertEqual(
                        self.run_server("--log", log, option),
                        (1, "", f"{ME}--log: {log}: that is the file of "
                         f"{place}\n"))
                self.assertEqual(read(log), before)
        self.config(log={"file": "tokens"}, users={
            "file": "users", "oauth_tokens": "tokens"})
        self.write("tokens", "al:t\n")
        self.assertEqual(self.run_server(), (
            1, "", f"{ME}{self.path}: /log/file: {self.file('tokens')}: that "
            f"is the file of {self.path}: /users/oauth_tokens\n"))
        self.assertEqual(read(self.file("tokens")), "al:t\n")

    def test_a_log_that_can_be_is_not_made(self):
        self.config(log={"file": "log"})
        self.assertEqual(self.check_config(), (0, "no fault found\n", ""))
        self.assertFalse(os.path.exists(self.file("log")))

    def test_a_log_that_cannot_be(self):
        self.config(log={"file": "nowhere/log"})
        self.assertEqual(self.check_config(), self.said(
            f"{self.path}: /log/file: {self.file('nowhere/log')}: "
            "No such file or directory"))

    def test_a_port_in_use_is_a_warning_for_the_server_may_run(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            self.config(listeners=[{"port": port}])
            self.assertEqual(self.check_config(), (
                0, "no fault found, but 1 warning\n", f"{ME}warning: 127.0.0.1:{port}: "
                "address already in use\n"))

    def test_an_address_of_another_host_is_not(self):
        self.config(listeners=[{"port": 0, "address": "192.0.2.1"}])
        self.assertIn(f"{ME}192.0.2.1:0: address not available\n",
                      self.check_config("--user", ME_USER)[2])

    def test_users_and_groups(self):
        self.config(user="no such", group="nope")
        self.assertEqual(self.check_config(), self.said(
            f"{self.path}: /user: no such: no user of this host"))
        self.config(user="root", group="nope")
        self.assertEqual(self.check_config(), self.said(
            f"{self.path}: /group: nope: no group of this host"))
        self.config(group="nope")
        self.assertEqual(self.check_config(), self.said(
            f"{self.path}: /user: missing: it goes with the group"))


def read(path):
    with open(path) as file:
        return file.read()


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()


if __name__ == "__main__":
    main()
