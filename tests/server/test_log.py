# SPDX-License-Identifier: MIT
"""What the log tells, and what it never does: test_log.py PROGRAM POP3SPEC"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from certificates import Certificates
from reference_server import PATIENCE, Client, Server, private, retry
from sasl import Scram, b64, plain

PROGRAM = POP3SPEC = ""  # set by main
ACCOUNTS = {"alice": "kohlrabi-Secret1", "bob": "b o b kohlrabi",
            "carol": "kohlrabi" * 5, "dave": "{kohlrabi}%s\\"}
PAIR = re.compile(r'([a-z-]+)=("(?:[^"\\]|\\.)*"|[^\s"=\\]+)(?: |$)')
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def pairs(line):
    """A line as a dict; all of it must be pairs."""
    found = PAIR.findall(line)
    assert "".join(f"{k}={v} " for k, v in found) == line + " ", line
    assert re.fullmatch("[ -~]+", line), line
    return {k: v[1:-1] if v[0] == '"' else v for k, v in found}


class Log(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="pop3-log-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.path = os.path.join(self.folder, "log")

    def server(self, *options, **more):
        return Server(PROGRAM, "--log", self.path, *options, **more)

    def lines(self):
        with open(self.path) as file:
            return [pairs(line) for line in file.read().splitlines()]

    def of(self, event):
        return [line for line in self.lines() if line["event"] == event]

    def but_time(self, event):
        """The only one of them, without what differs."""
        line, = self.of(event)
        return {k: v for k, v in line.items()
                if k not in ("time", "event", "from", "seconds")}


class Events(Log):
    def test_a_session_is_told(self):
        with self.server() as server:
            for i in range(3):
                server.put(f"new/{i}.x", b"Subject: x\n\nx\n")
            with server.login() as client:
                client.retrieve(1)
                client.command("DELE 1")
                client.command("QUIT")
                self.assertEqual(client.rest(), b"")
            address = client.address
            place = f"127.0.0.1:{server.port}"
        self.assertEqual(self.but_time("listening"),
                         {"address": place, "tls": "no"})
        self.assertEqual(self.of("connection")[0]["from"], address)
        self.assertEqual(self.but_time("connection"),
                         {"id": "1", "tls": "no"})
        self.assertEqual(self.but_time("login"),
                         {"id": "1", "user": "al", "mechanism": "PASS",
                          "messages": "3", "octets": "51"})
        self.assertEqual(self.but_time("update"),
                         {"id": "1", "user": "al", "removed": "1",
                          "failed": "0", "left": "2"})
        closed = self.but_time("closed")
        self.assertEqual(closed, {
            "id": "1", "user": "al", "why": "QUIT", "commands": "5",
            "in": str(len("USER al\r\nPASS secret\r\nRETR 1\r\nDELE 1\r\n"
                          "QUIT\r\n")), "out": closed["out"]})
        self.assertGreater(int(closed["out"]), 100)
        for line in self.lines():
            self.assertRegex(line["time"], TIME)

    def test_ends_are_told(self):
        def reset(client):
            client.command("CAPA")
            client.body()
            client.reset()

        def half_close(client):
            client.half_close()
            client.rest()

        def fail(client):
            for _ in range(2):
                client.ask("AUTH PLAIN " + plain("al", "wrong"))
            client.rest()

        for end, why in ((reset, "client reset"), (half_close, "client closed"),
                         (fail, "too many failed logins")):
            with self.server("--limit-loopback", "--refusal-delay", "0",
                             "--max-failures", "2") as server:
                with server.client() as client:
                    end(client)
                retry(lambda: self.assertEqual(
                    [line["why"] for line in self.of("closed")], [why]))
            os.remove(self.path)
        with self.server("--autologout", "1") as server:
            with server.login() as client:
                client.rest()
        self.assertEqual(self.but_time("autologout"),
                         {"id": "1", "user": "al"})
        self.assertEqual(self.but_time("closed")["why"], "autologout")
        os.remove(self.path)
        with self.server() as server:
            client = server.login()
        client.close()
        self.assertEqual(self.but_time("closed")["why"], "server ends")

    def test_refusals_are_told(self):
        with self.server("--max-connections", "1") as server:
            with server.client(), server.client() as late:
                late.rest()
        self.assertEqual(self.but_time("refused"),
                         {"id": "2", "why": "too many connections"})
        self.assertEqual(len(self.of("closed")), 1)

    def test_failed_logins_are_told(self):
        with self.server() as server, server.client() as client:
            client.command("USER al")
            client.ask("PASS wrong")
            client.ask("AUTH PLAIN " + plain("bob", "wrong"))
            client.ask("AUTH CRAM-MD5")
            client.ask(b64(b"al 0123456789abcdef0123456789abcdef"))
            client.ask("AUTH SCRAM-SHA-256 " + b64(b"nonsense"))
            with server.login():
                client.command("USER al")
                client.ask("PASS secret")
        failed = [(line.get("user"), line["mechanism"], line["why"])
                  for line in self.of("login-failed")]
        self.assertEqual(failed, [
            ("al", "PASS", "credentials"), ("bob", "PLAIN", "credentials"),
            ("al", "CRAM-MD5", "credentials"),
            (None, "SCRAM-SHA-256", "malformed"), ("al", "PASS", "in use")])

    def test_who_comes_too_soon_is_told(self):
        with self.server("--login-delay", "3600") as server:
            server.login().close()
            for said in "APOP", "PASS", "AUTH PLAIN " + plain("al", "secret"):
                with server.client() as client:
                    if said == "PASS":
                        client.command("USER al")
                        said = "PASS secret"
                    elif said == "APOP":
                        stamp = client.greeting.split()[-1]
                        said = "APOP al " + hashlib.md5(
                            (stamp + "secret").encode()).hexdigest()
                    self.assertRegex(client.ask(said), r"^-ERR \[LOGIN-DELAY")
        failed = [(line.get("user"), line["mechanism"], line["why"])
                  for line in self.of("login-failed")]
        self.assertEqual(failed, [("al", how, "too soon")
                                  for how in ("APOP", "PASS", "PLAIN")])

    def test_a_complaint_is_told(self):
        with self.server() as server:
            os.symlink("/", os.path.join(server.root, "al"))
            with server.client() as client:
                client.command("USER al")
                self.assertTrue(client.ask("PASS secret").startswith("-ERR"))
        self.assertIn("al: ", self.but_time("error")["text"])
        self.assertEqual(self.but_time("error")["id"], "1")
        self.assertEqual(self.but_time("error")["user"], "al")

    def test_what_cannot_be_read_is_told(self):
        with self.server() as server:
            server.put("new/7.x", b"x\n")
            os.chmod(server.root + "/al/new/7.x", 0)
            server.put("cur", b"x\n", "bob")
            os.symlink("/", server.root + "/user1")
            root = server.root
            for user, password in (("al", "secret"), ("bob", "b o b"),
                                   ("user1", "pw")):
                with server.client() as client:
                    client.ask("USER " + user)
                    client.ask("PASS " + password)
        told = [[line.get(key) for key in ("maildrop", "first", "why", "text")]
                for line in self.of("error")]
        al = ["new/7.x", "Permission denied"], \
            "al: new/7.x: Permission denied"
        bob = ["cur", "Not a directory"], "bob: cur: Not a directory"
        user1 = [None, "Not a directory"], "user1: Not a directory"
        self.assertEqual(told, [
            [f"{root}/{text.split(':')[0]}", *of, text]
            for of, text in ((al, bob, user1) if os.getuid() else
                             (bob, user1))])

    def leave(self, server):
        """Of three messages two are not removed, as they were changed."""
        names = "new/1.x", "new/2.\x1b[2J\n", "new/3.y"
        for name in names:
            server.put(name, b"Subject: x\n\nx\n")
        with server.login() as client:
            for i in 1, 2:
                with open(f"{server.root}/al/{names[i]}", "ab") as file:
                    file.write(b"more\n")
                client.command(f"DELE {i + 1}")
            self.assertTrue(client.ask("QUIT").startswith("-ERR"))

    def test_what_is_not_removed_is_told(self):
        with self.server() as server:
            self.leave(server)
            root = server.root
        self.assertEqual(self.but_time("error"), {
            "id": "1", "user": "al", "maildrop": root + "/al", "count": "2",
            "text": "2 deleted messages not removed",
            "first": "new/2.\\x1b[2J\\n",
            "why": "it was changed since the login"})
        self.assertEqual(self.but_time("update"), {
            "id": "1", "user": "al", "removed": "0", "failed": "2",
            "left": "3"})

    def test_nobody_asked_for_a_log(self):
        with Server(PROGRAM, expect_stderr="pop3-reference-server: al: 2 "
                    "deleted messages not removed, first new/2.?[2J?: it was "
                    "changed since the login\n") as server:
            self.leave(server)

    def test_tls_is_told(self):
        with Certificates("server") as certificates, \
                self.server(*certificates.options("--tls-port",
                                                  "0")) as server:
            with Client(server.tls_port, tls=certificates.context()) as client:
                client.command("QUIT")
            with server.client() as client:
                client.command("STLS")
                client.send(b"GET / HTTP/1.0\r\n\r\n")
                client.rest()
        self.assertRegex(self.but_time("tls")["version"], r"^TLSv1\.[23]$")
        self.assertRegex(self.but_time("tls")["cipher"], "^[A-Z0-9_-]+$")
        closed = [line for line in self.of("closed") if line["id"] == "2"]
        self.assertEqual(closed[0]["why"], "TLS handshake failed")
        self.assertEqual(closed[0]["tls"], "http request")

    def test_sighup_opens_it_anew(self):
        moved = self.path + ".1"
        with self.server() as server:
            server.client().close()
            os.rename(self.path, moved)
            server.process.send_signal(signal.SIGHUP)
            retry(lambda: self.assertTrue(os.path.exists(self.path)))
            server.client().close()
            retry(lambda: self.assertEqual(len(self.of("reload")), 1))
            os.chmod(server.users, 0o604)
            server.process.send_signal(signal.SIGHUP)
            retry(lambda: self.assertEqual(len(self.of("reload")), 2))
            users = server.users
        self.assertEqual(self.of("error"), [])
        self.assertEqual(self.but_time("warning"),
                         {"text": "others can read " + users})
        with open(moved) as file:
            self.assertNotIn("event=reload", file.read())

    def test_a_path_in_a_file_begins_at_its_folder(self):
        """And the command line counts more."""
        config = os.path.join(self.folder, "config")
        os.mkdir(os.path.join(self.folder, "mail"))
        with open(os.path.join(self.folder, "users"), "w",
                  opener=private) as file:
            file.write("al:secret\n")
        for options, path in (((), "log"),
                              (("--log", self.path + ".2"), "log.2")):
            with open(config, "w", opener=private) as file:
                json.dump({"store": {"maildir": "mail"},
                           "users": {"file": "users"},
                           "log": {"file": "log"}}, file)
            process = subprocess.Popen(
                [PROGRAM, "--config", config, *options], cwd="/",
                stdout=subprocess.PIPE, text=True)
            with process:
                port = int(process.stdout.readline().rsplit(":", 1)[1])
                with Client(port) as client:
                    client.command("QUIT")
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(PATIENCE), 0)
            with open(os.path.join(self.folder, path)) as file:
                self.assertIn("event=listening", file.read())
            os.remove(os.path.join(self.folder, path))

    def test_nobody_reads_standard_error(self):
        """The server serves on, and ends."""
        with tempfile.TemporaryDirectory() as root:
            users = os.path.join(root, "users")
            with open(users, "w", opener=private) as file:
                file.write("al:secret\n")
            process = subprocess.Popen(
                [PROGRAM, "--maildir", root, "--users", users, "--log",
                 "stderr"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True)
            with process:
                port = int(process.stdout.readline().rsplit(":", 1)[1])
                for _ in range(2000):
                    with Client(port) as client:
                        client.command("QUIT")
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(60), 0)


class Secrets(Log):
    def check(self, *secrets):
        """None of them is in the log, nor what could stand for one."""
        with open(self.path) as file:
            text = file.read()
        for secret in secrets:
            self.assertNotIn(secret, text)
        self.assertIsNone(re.search(r"[0-9a-f]{32}", text))
        for line in self.lines():
            for key, value in line.items():
                if key not in ("time", "cipher", "text", "from", "address"):
                    self.assertLess(len(value), 30, line)

    def test_a_password_in_the_wrong_place(self):
        odd = "hunter2\"\\=;x"
        with self.server() as server, server.client() as client:
            client.ask("USER hunter2-tanstaaf")
            client.ask("PASS x")
            client.ask("USER " + odd)
            client.ask("PASS x")
            client.ask("hunter2-tanstaaf")
            client.ask("AUTH PLAIN " + plain("hunter2-tanstaaf", "x"))
            client.ask("APOP hunter2-tanstaaf " + "0123456789abcdef" * 2)
        self.check("hunter2", "tanstaaf")
        self.assertEqual(len(self.of("login-failed")), 4)
        os.remove(self.path)
        with self.server("--log-any-name") as server, \
                server.client() as client:
            client.ask("USER hunter2-tanstaaf")
            client.ask("PASS x")
            client.ask("USER " + odd)
            client.ask("PASS x")
        names = [line["user"] for line in self.of("login-failed")]
        self.assertEqual(names, ["hunter2-tanstaaf",
                                 odd.replace("\\", "\\\\")
                                    .replace('"', '\\"')])

    def test_sasl_messages(self):
        users = "al:kohlrabi\n"
        with self.server(users_text=users) as server:
            for name in "SCRAM-SHA-1", "SCRAM-SHA-256":
                with server.client() as client:
                    scram = Scram(name, "al", "kohlrabi")
                    scram.play(client)
                    client.command("QUIT")
                    client.rest()
                with server.client() as client:
                    client.ask("AUTH " + name + " " +
                               b64(f"n,,n=al,r={'abc' * 9}".encode()))
                    client.ask(b64(b"c=biws,r=kohlrabi,p=kohlrabi"))
            with server.client() as client:
                client.ask("AUTH PLAIN " + plain("al", "kohlrabi-wrong"))
                client.ask("AUTH PLAIN " + plain("al", "kohlrabi"))
        self.check("kohlrabi", plain("al", "kohlrabi")[:8], "biws")

    def test_a_whole_conformance_run(self):
        users = "".join(f"{user}:{{PLAIN}}{word}\n"
                        for user, word in ACCOUNTS.items())
        with open(os.path.join(self.folder, "users"), "w",
                  opener=private) as file:
            file.write(users)
        for user in ACCOUNTS:
            for folder in "new", "cur", "tmp":
                os.makedirs(os.path.join(self.folder, "mail", user, folder))
        target = os.path.join(self.folder, "target.json")
        with open(target, "w", opener=private) as file:
            json.dump({
                "host": "127.0.0.1",
                "accounts": [{"user": user, "password": word,
                              "traits": ["apop"]}
                             for user, word in ACCOUNTS.items()],
                "provision": {"maildir": "mail/{user}"}, "keeps": True,
                "start": f"exec {PROGRAM} --port {{port}} --maildir mail "
                         f"--users users --log {self.path}",
            }, file)
        done = subprocess.run([POP3SPEC, "run", target], cwd=self.folder,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        told = self.lines()
        self.assertGreater(len(told), 1000)
        self.assertGreater(len(self.of("login-failed")), 30)
        self.check("kohlrabi", "ohlrab", "Secret1", "b o b")
        self.assertLessEqual({line["user"] for line in told if "user" in line},
                             set(ACCOUNTS))


def main():
    global PROGRAM, POP3SPEC
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    POP3SPEC = os.path.abspath(sys.argv.pop(1))
    unittest.main()


if __name__ == "__main__":
    main()
