# SPDX-License-Identifier: MIT
"""Users, tokens and certificates are read anew at SIGHUP, while clients log in:
python3 test_reference_server_reload.py PROGRAM
"""

import os
import signal
import socket
import sys
import tempfile
import threading
import unittest
from unittest import mock

from certificates import Certificates
from reference_server import PATIENCE, Server, private, retry
from sasl import Scram, b64, capabilities, challenge, plain

PROGRAM = ""  # set by main
ME = "pop3-reference-server: "


def rewrite(path, text):
    """Nobody reads half of it."""
    with open(path + ".new", "w", opener=private) as file:
        file.write(text)
    os.replace(path + ".new", path)


def log_in(server, user, password):
    """Returns whether these are right."""
    with server.client() as client:
        client.command("USER " + user)
        status = client.ask("PASS " + password)
    return not status.startswith("-ERR [AUTH]")


def hang_up(server):
    """The thread sanitizer may keep a signal until the loop does something."""
    server.process.send_signal(signal.SIGHUP)
    server.client().close()


class Reload(unittest.TestCase):
    def reload(self, server, text):
        """Returns when all of text holds: it has a marker of its own."""
        self.turn = getattr(self, "turn", 0) + 1
        rewrite(server.users, f"{text}turn{self.turn}:x\n")
        hang_up(server)
        while not log_in(server, f"turn{self.turn}", "x"):
            pass

    def test_users_come_go_and_change(self):
        with Server(PROGRAM, users_text="al:one\nbob:two\n") as server:
            with server.login("bob", "two") as client:
                self.reload(server, "al:three\ncy:four\n")
                self.assertFalse(log_in(server, "al", "one"))
                self.assertTrue(log_in(server, "al", "three"))
                self.assertTrue(log_in(server, "cy", "four"))
                self.assertFalse(log_in(server, "bob", "two"))
                client.command("STAT")
                client.command("QUIT")

    def test_a_session_that_is_open_asks_the_new_users(self):
        with Server(PROGRAM, users_text="al:one\n") as server:
            with server.client() as client:
                self.reload(server, "bob:two\n")
                client.command("USER al")
                self.assertTrue(client.ask("PASS one").startswith("-ERR"))
                client.command("USER bob")
                client.command("PASS two")

    def test_an_exchange_ends_with_the_users_with_whom_it_began(self):
        with Server(PROGRAM, users_text="al:secret\n") as server:
            with server.client() as client:
                scram = Scram("SCRAM-SHA-256", "al")
                first = challenge(client, "AUTH SCRAM-SHA-256 " +
                                  b64((scram.header + scram.bare).encode()))
                self.reload(server, "al:other\n")
                final, proof = scram.proof(first)
                self.assertEqual(challenge(client, b64(final.encode())), proof)
                client.command("")
                client.command("QUIT")

    def test_an_exchange_that_was_cancelled_holds_nobody(self):
        with Server(PROGRAM, users_text="al:one\n") as server:
            with server.client() as client:
                self.assertEqual(client.ask("AUTH PLAIN"), "+ \r\n")
                self.assertTrue(client.ask("*").startswith("-ERR"))
                self.reload(server, "al:two\n")
                self.assertTrue(client.ask(
                    "AUTH PLAIN " + plain("al", "one")).startswith("-ERR"))
                client.command("AUTH PLAIN " + plain("al", "two"))

    def test_what_is_offered_follows(self):
        crypted = "{SCRAM-SHA-1}4096,MDEyMzQ1Njc4OWFiY2RlZg==," \
            "UqrJK0RVCFvSXA8UqEY9ypzAMvs=,a/SIhe4r4kZSb1eVtq+yckSNRMo=\n"
        with Server(PROGRAM, users_text="al:" + crypted) as server:
            with server.client() as client:
                self.assertNotIn("<", client.greeting)
                self.assertNotIn("CRAM-MD5", "".join(capabilities(client)))
            self.reload(server, "")
            with server.client() as client:
                self.assertIn("<", client.greeting)
                self.assertIn("CRAM-MD5", "".join(capabilities(client)))

    def test_what_a_session_is_offered_is_what_it_can_have(self):
        crypt = "al:{CRYPT}$5$x$" + "x" * 43 + "\n"
        with Server(PROGRAM, users_text="al:one\n") as server:
            with server.client() as client, server.login("al", "one") as other:
                self.assertIn("SASL SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN",
                              capabilities(client))
                rewrite(server.users, crypt)
                server.process.send_signal(signal.SIGHUP)
                retry(lambda: self.assertIn("SASL PLAIN", capabilities(client)))
                self.assertIn("SASL PLAIN", capabilities(other))
                for name in "CRAM-MD5", "SCRAM-SHA-1":
                    self.assertRegex(client.ask("AUTH " + name),
                                     "^-ERR no mechanism of that name")
                rewrite(server.users, "al:two\n")
                server.process.send_signal(signal.SIGHUP)
                retry(lambda: self.assertIn(
                    "SASL SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN",
                    capabilities(client)))
                self.assertRegex(Scram("SCRAM-SHA-1", "al", "two").play(client),
                                 r"^-ERR \[IN-USE\]")

    def salts(self, server, *names):
        """What SCRAM-SHA-1 says of these: salt and iterations."""
        found = []
        with server.client() as client:
            for name in names:
                scram = Scram("SCRAM-SHA-1", name)
                first = challenge(client, "AUTH SCRAM-SHA-1 "
                                  + b64((scram.header + scram.bare).encode()))
                found.append(first.split(",", 1)[1])
                client.ask("*")
        return found

    def test_nobody_learns_from_salts_who_exists(self):
        names = "al", "crypt", "plain", "nobody"
        text = "al:{SCRAM-SHA-1}4096,MDEyMzQ1Njc4OWFiY2RlZg==," \
            "UqrJK0RVCFvSXA8UqEY9ypzAMvs=,a/SIhe4r4kZSb1eVtq+yckSNRMo=\n" \
            "crypt:{CRYPT}$5$x$" + "x" * 43 + "\nplain:x\n"
        with tempfile.TemporaryDirectory(prefix="pop3-salts-") as root:
            rewrite(os.path.join(root, "users"), text)
            with Server(PROGRAM, root=root) as server:
                salts = self.salts(server, *names)
                self.assertEqual(len(set(salts)), 4)
                self.reload(server, text + "new:x\n")
                self.assertEqual(self.salts(server, *names), salts)
            rewrite(os.path.join(root, "users"), text + "newer:x\n")
            with Server(PROGRAM, root=root) as server:
                self.assertEqual(self.salts(server, *names), salts)
            key = os.path.join(root, ".pop3-salt-key")
            self.assertEqual(os.stat(key).st_mode & 0o777, 0o600)
            with open(key, "wb") as file:
                file.write(b"too short")
            with Server(PROGRAM, root=root, expect_stderr=mock.ANY) as server:
                self.assertNotEqual(self.salts(server, *names), salts)
            with open(key, "rb") as file:
                self.assertEqual(file.read(), b"too short")

    def test_where_no_salt_is_kept_no_key_is(self):
        with Server(PROGRAM, users_text="al:x\n") as server:
            server.login("al", "x").close()
            self.assertFalse([name for name in os.listdir(server.root)
                              if name.startswith(".")])

    def test_a_bad_file_changes_nothing_and_is_told(self):
        with Certificates("server") as own:
            tokens, key = own.path("tokens"), own.key("server")
            rewrite(tokens, "al:abc\n")
            with Server(PROGRAM, *own.options("--oauth-tokens", tokens),
                        users_text="al:one\n") as server:
                said = []
                self.reload(server, "al:two\n")
                rewrite(server.users, "al:three\nbob:\n")
                rewrite(tokens, "al:abc\nb b:d\n")
                good = rewrite_key(key)
                hang_up(server)
                said.append(f"{server.users}:2:5: the password is empty")
                said.append(f"{tokens}:2:1: ")
                said.append(f"--key: {key}: no good key in PEM form")
                for what in said:
                    line = server.process.stderr.readline()
                    self.assertTrue(line.startswith(ME + what), line)
                self.assertTrue(log_in(server, "al", "two"))
                rewrite(tokens, "al:abc\n")
                rewrite(server.users, "al:three\n")
                hang_up(server)
                line = server.process.stderr.readline()
                self.assertEqual(line, ME + said[2] + "\n")
                self.assertTrue(log_in(server, "al", "two"))
                rewrite(key, good)
                self.reload(server, "al:four\n")
                self.assertTrue(log_in(server, "al", "four"))

    def test_a_users_file_that_was_emptied_locks_nobody_out(self):
        """Who writes it in two steps may be read between."""
        with Server(PROGRAM, users_text="al:one\n") as server:
            for text in "", "# none\n", "\n":
                rewrite(server.users, text)
                hang_up(server)
                self.assertEqual(
                    server.process.stderr.readline(),
                    f"{ME}{server.users}: no user in it, and there were "
                    "some: nothing is taken\n")
                self.assertTrue(log_in(server, "al", "one"))
            self.reload(server, "al:two\n")
            self.assertTrue(log_in(server, "al", "two"))

    def test_the_first_user_can_come_later(self):
        with Server(PROGRAM, users_text="") as server:
            self.assertEqual(
                server.process.stderr.readline(), f"{ME}warning: "
                f"{server.users}: no user in it: nobody can log in\n")
            self.reload(server, "al:one\n")
            self.assertTrue(log_in(server, "al", "one"))

    def test_a_key_of_another_kind_changes_nothing(self):
        with Certificates("server") as own:
            said = f"{ME}--key: {own.key('server')}: not the key of the " \
                f"certificate in {own.path('server')}\n"
            with Server(PROGRAM, *own.options(), users_text="al:one\n") \
                    as server, server.login("al", "one") as session:
                own.another_kind_of_key("server")
                rewrite(server.users, "al:two\n")
                hang_up(server)
                self.assertEqual(server.process.stderr.readline(), said)
                session.command("NOOP")
                session.command("QUIT")
                self.assertTrue(log_in(server, "al", "one"))
                with server.client() as client:
                    client.command("STLS")
                    client.start_tls(own.context())
                    client.command("CAPA")

    def test_what_may_be_wrong_is_told_and_taken(self):
        with Server(PROGRAM, "--login-delay", "al=0",
                    users_text="al:one\n") as server:
            rewrite(server.users, "bob:two\n")
            os.chmod(server.users, 0o666)
            hang_up(server)
            for what in f"others can write to {server.users}\n", \
                    f"--login-delay al=0: no user of {server.users}, and " \
                    "has no maildrop\n":
                self.assertEqual(server.process.stderr.readline(),
                                 f"{ME}warning: {what}")
            retry(lambda: self.assertTrue(log_in(server, "bob", "two")))

    def test_what_changes_while_it_reads_is_read_behind_it(self):
        text = "".join(f"user{i}:secret\n" for i in range(20000))
        with Server(PROGRAM) as server:
            with server.client() as client:
                for turn in range(10):
                    rewrite(server.users, f"{text}turn{turn}:x\n")
                    server.process.send_signal(signal.SIGHUP)
                    client.command("CAPA")  # so the signal has been seen
                    client.body()
            while not log_in(server, "turn9", "x"):
                pass

    def test_it_ends_while_it_reads(self):
        text = "".join(f"user{i}:secret\n" for i in range(20000))
        for _ in range(10):
            with Server(PROGRAM) as server:
                rewrite(server.users, text)
                for _ in range(2):  # SIGTERM follows at once
                    hang_up(server)

    def test_a_service_manager_hears_how_far_it_is(self):
        """systemd's sd_notify(3): an abstract name, or a path."""
        with tempfile.TemporaryDirectory() as folder:
            for name in "@" + folder, os.path.join(folder, "socket"):
                manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                manager.settimeout(PATIENCE)
                manager.bind(name.replace("@", "\0"))
                with manager, mock.patch.dict(os.environ,
                                              NOTIFY_SOCKET=name):
                    with Server(PROGRAM) as server:
                        self.assertEqual(manager.recv(999), b"READY=1")
                        hang_up(server)
                        self.assertRegex(manager.recv(999), b"^RELOADING=1\n"
                                         b"MONOTONIC_USEC=[1-9][0-9]*$")
                        self.assertEqual(manager.recv(999), b"READY=1")
                    self.assertEqual(manager.recv(999), b"STOPPING=1")

    def test_a_service_manager_that_is_gone_is_told_of(self):
        gone = ME + "NOTIFY_SOCKET: No such file or directory\n"
        with mock.patch.dict(os.environ, NOTIFY_SOCKET="/nowhere/socket"):
            with Server(PROGRAM, expect_stderr=2 * gone) as server:
                server.login().close()

    def test_clients_log_in_all_the_while(self):
        """Both passwords are kept in turn, so each attempt may fail or not; but
        who is right in both is never refused."""
        with Server(PROGRAM, users_text="al:one\nbob:secret\n") as server:
            failed = []
            ending = threading.Event()

            def attempt(user, play):
                while not ending.is_set():
                    try:
                        with server.client() as client:
                            status = play(client)
                    except OSError as error:
                        failed.append(error)
                        return
                    if user == "bob" and status.startswith("-ERR [AUTH]"):
                        failed.append(status)
                        return

            def by_pass(client):
                client.command("USER al")
                return client.ask("PASS one")

            plays = [("al", by_pass)] * 2 + [
                ("bob", Scram("SCRAM-SHA-256", "bob").play),
                ("bob", lambda client: Scram("SCRAM-SHA-1", "bob")
                 .play(client)),
                ("bob", lambda client: client.ask(
                    "AUTH PLAIN " + plain("bob", "secret")))]
            threads = [threading.Thread(target=attempt, args=play)
                       for play in plays]
            for thread in threads:
                thread.start()
            for turn in range(100):
                rewrite(server.users, "bob:secret\nal:" +
                        ("one\n", "two\n")[turn % 2])
                hang_up(server)
                log_in(server, "bob", "x")
            ending.set()
            for thread in threads:
                thread.join()
            self.assertEqual(failed, [])


def rewrite_key(key):
    with open(key) as file:
        good = file.read()
    rewrite(key, "no key")
    return good


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()


if __name__ == "__main__":
    main()
