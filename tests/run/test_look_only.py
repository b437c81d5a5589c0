# SPDX-License-Identifier: MIT
"""Somebody's mail: whatever the server does, it is there afterwards, and none
of it is in a report. No provisioning is named, so the run may only look."""

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import unittest

import behaviours
from pop3_server import USERS, Server, Session, read
from spec import REFERENCE_SERVER, SCENARIOS, Case, spec

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from reference_server import Server as ReferenceServer  # noqa: E402

MAIL = {
    "1.letter": b"From: ann@example.org\nSubject: the keys\nMessage-ID: <1@x>\n"
                b"\nThey lie under the third flower pot.\n",
    "2.dots": b"Subject: dots\n\n.\n..\nconfidential\n.\n",
    "3.crlf": b"Subject: crlf\r\n\r\nconfidential, too\r\n",
    "4.octets": b"Subject: octets\n\n" + bytes(range(256)) * 20,
    "5.large": b"Subject: large\n\n" + b"confidential to the end\n" * 9000,
}
TEXT = re.compile(b"flower pot|confidential|the keys|Message-ID|Subject")


class Looking(Case):
    def look(self, port, *options, user="al"):
        ended = spec("run", f"pop3://{user}@127.0.0.1:{port}", *self.reports(),
                     *options, env={"POP3SPEC_PASSWORD": USERS[user]})
        self.assertIn(ended.code, (0, 1), ended.stderr)
        for kind in "text", "json", "jsonl":
            self.assertNotRegex(read(self.path(kind)), TEXT)
        result = self.result()
        self.assertTrue(result.json["look_only"])
        self.assertTrue(result.summary["look_only"])
        self.assertIn(b"look-only", read(self.path("text")))
        return ended, result

    def look_at(self, server, *options):
        for name, octets in MAIL.items():
            server.put(name, octets)
        seen = self.look(server.port, *options)
        self.assertEqual(server.mail(), MAIL)
        self.assertLessEqual(server.most_open, 2)
        for session in server.sessions:
            self.check_commands(session.received)
        return seen

    def check_commands(self, received):
        """What one session received removes nothing and alarms nobody."""
        words = [line.upper().strip()[:4] for line in received]
        self.assertNotIn(b"DELE", words)
        if b"RETR" in words:
            self.assertNotIn(b"QUIT", words[words.index(b"RETR"):])
        self.assertEqual([line for line in received if len(line) > 255], [])
        logins = [line[:4].upper() + line[4:] for line in received
                  if line.upper().startswith((b"PASS", b"APOP", b"AUTH"))]
        self.assertLessEqual(set(logins), {b"PASS sesame-4711\r\n"})


class LookOnly(Looking):
    def test_every_scenario(self):
        for session in Session, behaviours.DeletesRetrieved:
            for options in ((), ("--split=every-octet",), ("--jobs=8",)):
                with self.subTest(session.__name__, options=options), \
                        Server(session) as server:
                    ended, result = self.look_at(server, *options)
                    self.assertEqual((ended.code, ended.stderr), (0, ""))
                    self.assertGreaterEqual(result.outcomes()["PASS"], 5)
                    self.assertEqual(set(result.outcomes()), {"PASS", "SKIP"})

    def test_a_server_that_is_out_of_step(self):
        with Server(behaviours.OutOfStep) as server:
            ended, _ = self.look_at(server)
        self.assertEqual(ended.code, 1)
        self.assertRegex(read(self.path("text")),
                         b"octets, SHA-256 [0-9a-f]{64}")

    def test_a_server_that_fails(self):
        for session in (behaviours.RefusesNoop, behaviours.ClosesAtNoop,
                        behaviours.ClosesBehindErrors, behaviours.Wild):
            with self.subTest(session.__name__), Server(session) as server:
                self.look_at(server)

    def test_a_wrong_password_is_tried_once(self):
        with Server(users={"al": "another"}) as server:
            path = self.target(server, provision=False)
            self.check_refused(spec("run", path), 3, "cannot log in")
            said = [line for lines in server.received() for line in lines]
        self.assertEqual(sum(b"PASS" in line for line in said), 1)

    def test_one_account_is_enough(self):
        """However many the target names: two connections at most."""
        with Server() as server:
            path = self.target(server, provision=False, accounts=3)
            ended = spec("run", path, "--jobs=8", *self.reports())
            self.assertEqual((ended.code, ended.stderr), (0, ""))
            self.assertLessEqual(server.most_open, 2)


class ReferenceServers(Looking):
    """The same with a real server and its Maildir."""

    def serve(self, *options):
        root = tempfile.mkdtemp(prefix="pop3-")
        self.addCleanup(shutil.rmtree, root)
        with open(os.open(root + "/users", os.O_CREAT | os.O_WRONLY, 0o600),
                  "w") as file:
            file.write(f"al:{USERS['al']}\n")
        return ReferenceServer(REFERENCE_SERVER, *options, root=root)

    def test_every_scenario(self):
        for oddity in ("deletes-retrieved", "shared-maildrop",
                       "lenient-grammar"):
            with self.subTest(oddity), \
                    self.serve("--oddity", oddity) as server:
                for name, octets in MAIL.items():
                    server.put("new/" + name, octets)
                os.makedirs(server.root + "/al/cur", exist_ok=True)
                ended, result = self.look(server.port)
                self.assertEqual((ended.code, ended.stderr), (0, ""))
                self.assertGreaterEqual(result.outcomes()["PASS"], 5)
                self.assertEqual(self.mail(server.root), MAIL)

    def mail(self, root):
        return {name.split(":")[0]: read(os.path.join(folder, name))
                for folder in (root + "/al/new", root + "/al/cur")
                for name in os.listdir(folder)}

    def test_who_is_careless_loses_mail_there(self):
        """So the test above can fail."""
        with self.serve("--oddity", "deletes-retrieved") as server:
            server.put("new/1.letter", MAIL["1.letter"])
            os.makedirs(server.root + "/al/cur", exist_ok=True)
            with server.login("al", USERS["al"]) as client:
                client.retrieve(1)
                client.command("QUIT")
                client.rest()
            self.assertEqual(self.mail(server.root), {})


class Dangerous(Looking):
    """Scenarios of somebody who means no good, or did not think of it."""

    RETR = ["C: RETR 1", "S: +OK"]
    LOGIN = [{"new session": "authorization"}, "C: USER {user}", "S: +OK"]
    DIALOGUES = {
        "dele": ["C: DELE 1", "S: +OK", "C: QUIT", "S: +OK"],
        "case": ["C: dElE 1", "S: +OK", "C: QUIT", "S: +OK"],
        "retr": [*RETR, "C: QUIT", "S: +OK"],
        "pieces": [{"C in pieces": ["DE", "LE 1{CRLF}"]}, "S: +OK",
                   {"C in pieces": ["Q", "UIT{CRLF}"]}, "S: +OK"],
        "one-piece": [{"C in one piece": "NOOP{CRLF}DELE 1{CRLF}QUIT{CRLF}"},
                      "S: +OK", "S: +OK", "S: +OK"],
        "line-feed": [{"C in one piece": "NOOP{LF}DELE 1{LF}QUIT{CRLF}"},
                      "S: -ERR"],
        "carriage-return": [{"C in one piece": "NOOP{CR}DELE 1{CR}QUIT{CRLF}"},
                            "S: -ERR"],
        "blank": [{"C in one piece": " DELE 1{CRLF} QUIT{CRLF}"}, "S: -ERR"],
        "pipelined": [{"C in one piece": "RETR 1{CRLF}QUIT{CRLF}"},
                      "S: +OK", "S: +OK"],
        "no-crlf": [*RETR, {"C in one piece": "QUIT"},
                    {"client": "half-closes"}, {"server": "closes"}],
        "long": ["C: NOOP{300 times x}", "S: -ERR"],
        "long-in-pieces": [{"C in pieces": ["NOOP{200 times x}",
                                            "{200 times x}{CRLF}"]}, "S: -ERR"],
        "no-password": [*LOGIN, "C: PASS", "S: -ERR"],
        "wrong-password": [*LOGIN, "C: PASS {wrong password}", "S: -ERR"],
        "right-and-more": [*LOGIN, "C: PASS {password}x", "S: -ERR"],
        "wrong-digest": [{"new session": "authorization"}, "C: APOP {user} "
                         "00000000000000000000000000000000", "S: -ERR"],
        "auth": [{"new session": "authorization"}, "C: AUTH PLAIN AGEAYg==",
                 "S: -ERR"],
        "body": [*RETR, "C: NOOP", "S: -ERR"],  # the one that is played
    }

    def test_every_scenario(self):
        shutil.copytree(os.path.join(SCENARIOS, "maildrops"),
                        self.path("s/maildrops"))
        shutil.copy(os.path.join(SCENARIOS, "register.json"), self.path("s"))
        os.mkdir(self.path("s/dangerous"))
        for name, dialogue in self.DIALOGUES.items():
            self.write(f"s/dangerous/{name}.json", json.dumps({
                "title": "Does harm", "revision": 1, "start": "transaction",
                "requirements": ["RFC1939-5-NOOP-01"], "dialogue": dialogue}))
        with Server(behaviours.DeletesRetrieved) as server:
            ended, result = self.look_at(server,
                                         "--scenarios=" + self.path("s"),
                                         "--only=foreign/*")
        self.assertEqual((ended.code, ended.stderr), (1, ""))
        self.assertEqual(result.outcomes(), {"SKIP": len(self.DIALOGUES) - 1,
                                             "FAIL": 1})
        said = [x["text"] for x in result.of("foreign/dangerous/body")["transcript"]]
        body = MAIL["1.letter"].replace(b"\n", b"\r\n")
        self.assertIn(f"a body of {len(body)} octets, SHA-256 "
                      + hashlib.sha256(body).hexdigest(), said)


if __name__ == "__main__":
    unittest.main()
