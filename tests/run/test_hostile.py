# SPDX-License-Identifier: MIT
"""Servers that are not there, not themselves, or up to no good.

That nothing of what they send reaches a terminal or a report as it came, and no
password ever does, is checked by spec.py for every run.
"""

import contextlib
import json
import resource
import socket
import unittest

import behaviours
from pop3_server import USERS, Server, Session
from spec import Case, spec

NOOP = "--only=transaction/noop"


class Unusable(Case):
    """No scenario is played: one line says why, and the status is 3."""

    def check(self, session, *texts, users=USERS, **target):
        with Server(session, users=users) as server:
            path = self.target(server, **target)
            self.check_refused(spec("run", path, NOOP), 3, *texts)
            return server

    def test_nobody_listens(self):
        with Server() as server:
            path = self.target(server, provision=False)
        self.check_refused(spec("run", path), 3, "no connection",
                           f"127.0.0.1:{server.port}: connection refused")

    def test_nobody_takes_the_connection(self):
        """What comes to a listener that is full is dropped, without a word."""
        with socket.create_server(("127.0.0.1", 0), backlog=0) as full, \
                contextlib.ExitStack() as waiting:
            address = full.getsockname()
            for _ in range(4):
                client = waiting.enter_context(socket.socket())
                client.setblocking(False)
                client.connect_ex(address)
            path = self.write("target.json", json.dumps({
                "host": "127.0.0.1", "port": address[1],
                "patience": {"connect": 1}}))
            self.check_refused(spec("run", path), 3, "no connection",
                               f"127.0.0.1:{address[1]}: no answer in time")

    def test_silent(self):
        """All that was waited is told."""
        self.check(behaviours.Silent, "no greeting: nothing came for 1 s; nor "
                   "for 2 s more, when we began as a client of TLS does",
                   patience={"greeting": 1, "connect": 2})

    def test_closes_at_once(self):
        self.check(behaviours.ClosesAtOnce, "no greeting", "connection ended")

    def test_garbage(self):
        self.check(behaviours.Garbage, "greeting is not positive",
                   "{0x1B}[2J{0x1B}]0;gone{0x07}{NUL}{0x80}{0x9B}31m{0x7F}")

    def test_garbage_is_shown_to_whoever_only_looks(self):
        """No mail can come before a login."""
        self.check(behaviours.Garbage, "greeting is not positive",
                   "{0x1B}[2J{0x1B}]0;gone{0x07}{NUL}{0x80}{0x9B}31m{0x7F}",
                   provision=False)

    def test_busy(self):
        self.check(behaviours.Busy, "greeting is not positive",
                   "-ERR too many connections, come again")

    def test_wrong_password(self):
        self.check(Session, "cannot log in as al: -ERR wrong name or password",
                   users={**USERS, "al": "another"})

    def test_no_such_account(self):
        server = self.check(Session, "cannot log in", users={"bea": "x"},
                            provision=False)
        self.assertEqual(sum(line.startswith(b"PASS")
                             for lines in server.received()
                             for line in lines), 1)

    def test_the_password_of_another_account(self):
        self.check(Session, "cannot log in as bea: -ERR wrong name or password",
                   users={**USERS, "bea": "another"}, accounts=2)

    def test_the_password_in_its_own_refusal(self):
        self.check(behaviours.LocksOut,
                   "cannot log in as al: -ERR not {password}")

    def test_no_maildir(self):
        with Server() as server:
            path = self.target(server)
        self.check_refused(spec("run", path), 3, "there is no such maildrop",
                           server.root + "/al")


class SomebodysMail(Case):
    def check_untouched(self, server, *texts):
        before = server.mail()
        path = self.target(server)
        self.check_refused(spec("run", path, *self.reports()), 3, *texts)
        self.assertEqual(server.mail(), before)
        self.assertEqual([line for lines in server.received() for line in lines
                          if line.startswith(b"DELE")], [])

    def test_mail_in_the_maildir(self):
        with Server() as server:
            server.put("1.mail", b"Subject: dear\n\nme\n")
            self.check_untouched(server, "holds 1 message that pop3spec did "
                                 "not put there")

    def test_a_message_that_only_the_server_knows(self):
        with Server(behaviours.Ghost) as server:
            self.check_untouched(server, "the maildrop of al holds 2 messages, "
                                 "1 of them not ours")


class Hostile(Case):
    def test_control_characters_in_every_reply(self):
        with Server(behaviours.Wild) as server:
            ended, result = self.judge(server, "--report=text=-")
        self.assertEqual((ended.code, ended.stderr), (1, ""))
        self.assertIn("{0x1B}[2J", ended.stdout)
        verdict = result.of("transaction/noop")
        self.assertEqual(verdict["outcome"], "FAIL")
        self.assertIn("{0x80}", verdict["actual"])

    def test_passwords_in_every_reply(self):
        with Server(behaviours.Echoes) as server:
            ended, result = self.judge(server, "--report=text=-")
        self.assertEqual((ended.code, ended.stderr), (1, ""))
        self.assertEqual(result.of("transaction/noop")["actual"],
                         "PASS {password}")
        self.assertIn("PASS {password}",
                      result.of("universal/RFC1939-3-RSP-01")["actual"])

    def test_a_digest_in_a_reply(self):
        with Server(behaviours.OnlyApop) as server:
            accounts = [{"user": "al", "password": USERS["al"],
                         "traits": ["apop"]}]
            ended, result = self.judge(server, NOOP, "--report=text=-",
                                       accounts=accounts)
        self.assertEqual((ended.code, ended.stderr), (1, ""))
        self.assertEqual(result.of("transaction/noop")["actual"],
                         "-ERR {APOP digest}")
        self.assertIn("C: APOP al {APOP digest}", ended.stdout)
        self.assertNotRegex(ended.stdout, "[0-9a-f]{32}")

    def test_a_line_without_end(self):
        with Server(behaviours.Endless) as server:
            ended, result = self.judge(server, NOOP)
        self.assertEqual((ended.code, ended.stderr), (1, ""))
        self.assertIn("and no end of it: +OK xxx",
                      result.of("transaction/noop")["actual"])
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(most, 300 * 1024, "KiB; a sanitizer takes most of it")


if __name__ == "__main__":
    unittest.main()
