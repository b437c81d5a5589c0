# SPDX-License-Identifier: MIT
"""What one client may take of the server: test_client_limits.py PROGRAM

Nothing here waits for a time to be over but what the server itself ends.
"""

import os
import select
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from reference_server import PATIENCE, Client, Server, retry
from sasl import plain

PROGRAM = ""  # set by main
REFUSED = "-ERR [SYS/TEMP] too many connections from your address, try " \
    "again later\r\n"
WRONG = "-ERR [AUTH] invalid user name or password\r\n"
A_MINUTE = "60000"  # ms; longer than any of these tests


def limited(*options, **more):
    return Server(PROGRAM, "--limit-loopback", *options, **more)


def fail_to_log_in(client):
    client.command("USER al")
    return client.ask("PASS wrong")


def is_silent(client):
    return not select.select([client.socket], [], [], 0)[0]


class Connections(unittest.TestCase):
    def test_an_address_has_so_many(self):
        with limited("--max-per-address", "3") as server:
            clients = [server.client() for _ in range(3)]
            for _ in range(20):
                with server.client() as late:
                    self.assertEqual(late.greeting, REFUSED)
                    self.assertEqual(late.rest(), b"")
            with Client(server.port, source="127.0.0.2") as other:
                self.assertTrue(other.greeting.startswith("+OK"))
                clients.pop().close()
                retry(lambda: clients.append(self.served(server)))
                other.command("QUIT")
            for client in clients:
                client.command("QUIT")
                client.close()

    def served(self, server):
        client = server.client()
        if not client.greeting.startswith("+OK"):
            client.close()
        self.assertTrue(client.greeting.startswith("+OK"))
        return client

    def test_a_server_without_codes_refuses_without_one(self):
        with limited("--max-per-address", "1", "--oddity", "no-capa") as server:
            with server.client(), server.client() as late:
                self.assertEqual(late.greeting, REFUSED.replace("[SYS/TEMP] ",
                                                                ""))

    def test_this_machine_is_spared(self):
        with Server(PROGRAM, "--max-per-address", "1", "--max-failures", "1",
                    "--refusal-delay", A_MINUTE) as server:
            with server.client() as one, server.client() as other:
                for _ in range(3):
                    self.assertEqual(fail_to_log_in(one), WRONG)
                other.command("USER al")
                other.command("PASS secret")


class FailedLogins(unittest.TestCase):
    def test_the_last_one_is_answered_and_closed(self):
        with limited("--max-failures", "3", "--refusal-delay", "0") as server:
            for way in self.by_pass, self.by_auth:
                with server.client() as client:
                    for _ in range(3):
                        way(client)
                    self.assertEqual(client.rest(), b"")
            with server.client() as client:
                self.by_pass(client)
                client.command("USER al")
                client.command("PASS secret")

    def by_pass(self, client):
        self.assertEqual(fail_to_log_in(client), WRONG)

    def by_auth(self, client):
        self.assertEqual(client.ask("AUTH PLAIN " + plain("al", "wrong")),
                         "-ERR [AUTH] authentication failed\r\n")

    def test_answers_come_later_and_later(self):
        with limited("--refusal-delay", "20") as server:
            took = []
            for client in server.client(), server.client():
                with client:
                    for _ in range(3):
                        began = time.monotonic()
                        self.assertEqual(fail_to_log_in(client), WRONG)
                        took.append(time.monotonic() - began)
            for seconds, least in zip(took, (20, 40, 80, 160, 320, 320)):
                self.assertGreaterEqual(seconds, (least - 1) / 1000)

    def test_nobody_else_waits(self):
        """More than there are threads; and the server ends all the same."""
        with limited("--refusal-delay", A_MINUTE, "--max-per-address",
                     "0") as server:
            waiting = [server.client() for _ in range(40)]
            for client in waiting:
                client.send(b"USER al\r\nPASS wrong\r\n")
                self.assertTrue(client.line().startswith("+OK"))
            with server.login() as client:
                for _ in range(100):
                    client.command("NOOP")
                self.assertTrue(all(map(is_silent, waiting)))
                client.command("QUIT")
            for client in waiting[::2]:
                client.close()
            for client in waiting[1::2]:
                client.reset()

    def test_who_hangs_up_does_not_come_again_for_it(self):
        """Until its answer is due it counts as one of its address."""
        with tempfile.TemporaryDirectory(prefix="pop3-limits-") as folder:
            log = os.path.join(folder, "log")
            with limited("--refusal-delay", A_MINUTE, "--max-per-address", "2",
                         "--log", log) as server:
                for i, end in enumerate((Client.close, Client.reset), 1):
                    client = server.client()
                    client.send(b"USER al\r\nPASS wrong\r\n")
                    self.assertTrue(client.line().startswith("+OK"))
                    retry(lambda: self.assertEqual(self.delayed(log), i))
                    end(client)
                with Client(server.port, source="127.0.0.2") as other:
                    other.command("CAPA")
                with server.client() as late:
                    self.assertEqual(late.greeting, REFUSED)

    def delayed(self, log):
        with open(log) as file:
            return file.read().count("delay-ms=")

    def test_who_is_right_does_not_wait(self):
        with limited("--refusal-delay", A_MINUTE) as server:
            with server.client() as wrong:
                wrong.send(b"USER al\r\nPASS wrong\r\n")
                self.assertTrue(wrong.line().startswith("+OK"))
                server.login().close()
                self.assertTrue(is_silent(wrong))


class Pace(unittest.TestCase):
    def test_lines_wait_and_nothing_is_lost(self):
        with limited("--command-rate", "100") as server:
            with server.login() as client:
                began = time.monotonic()
                client.send(b"NOOP\r\n" * 250 + b"STAT\r\n")
                for _ in range(250):
                    self.assertEqual(client.line(), "+OK\r\n")
                self.assertEqual(client.line(), "+OK 0 0\r\n")
                # A hundred at once, and a hundred a second; some were
                # needed for the login.
                self.assertGreaterEqual(time.monotonic() - began, 1.4)
                client.command("QUIT")

    def test_others_are_served_meanwhile(self):
        with limited("--command-rate", "1") as server:
            with server.client() as one, server.client() as other:
                one.send(b"NOOP\r\n" * 1000)
                self.assertTrue(one.line().startswith("-ERR"))
                self.assertTrue(other.ask("CAPA").startswith("+OK"))

    def test_who_waits_is_not_silent(self):
        """Longer than the autologout, all in all, and yet none."""
        with limited("--command-rate", "2", "--autologout", "2") as server:
            with server.client() as client:
                client.send(b"NOOP\r\n" * 8)
                for _ in range(8):
                    self.assertTrue(client.line().startswith("-ERR"))


class LoginTime(unittest.TestCase):
    def test_who_talks_on_is_closed_at_last(self):
        with Server(PROGRAM, "--login-time", "1", "--autologout",
                    "600") as server:
            with server.client() as client:
                began = time.monotonic()
                with self.assertRaises(OSError):
                    while client.ask("CAPA"):
                        client.body()
                    raise BrokenPipeError
                self.assertLess(time.monotonic() - began, PATIENCE)

    def test_who_is_silent_is_closed(self):
        with Server(PROGRAM, "--login-time", "1") as server:
            with server.client() as client:
                client.command("USER al")
                self.assertEqual(client.rest(), b"")

    def test_who_logged_in_stays(self):
        with Server(PROGRAM, "--login-time", "1") as server:
            with server.login() as client, server.client() as other:
                self.assertEqual(other.rest(), b"")
                client.command("NOOP")

    def test_a_refusal_that_waits_is_no_login(self):
        with limited("--login-time", "1", "--refusal-delay",
                     A_MINUTE) as server:
            with server.client() as client:
                client.command("USER al")
                began = time.monotonic()
                self.assertEqual(client.ask("PASS wrong"), WRONG)
                self.assertEqual(client.rest(), b"")
                self.assertLess(time.monotonic() - began, 60)


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()


if __name__ == "__main__":
    main()
