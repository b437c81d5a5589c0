# SPDX-License-Identifier: MIT
"""The reference server as a program: python3 test_reference_server.py PROGRAM

Every test also proves that the server ends with exit status 0 and says nothing
on stderr; a sanitizer's report, or its leak check, would be seen there.
"""

import hashlib
import os
import poplib
import re
import select
import signal
import socket
import sys
import unittest

from reference_server import PATIENCE, Client, Server, retry

PROGRAM = ""  # set by main

MESSAGES = {
    "1.lf": (b"a: b\n\n.\n..\nx\n", b"a: b\r\n\r\n.\r\n..\r\nx\r\n"),
    "2.crlf": (b"a: b\r\n\r\nx\r\n", b"a: b\r\n\r\nx\r\n"),
    "3.mixed": (b"a\r\nb\nc\rd", b"a\r\nb\r\nc\rd\r\n"),
    "4.empty": (b"", b""),
    "5.octets": (b"\n" + bytes(range(256)) * 99, None),
    "6.line": (b"x" * 300000, b"x" * 300000 + b"\r\n"),
    "7.dots": (b".\n" * 9999, b".\r\n" * 9999),
}

BIG = 50_000_000
LINE = b"x" * 98 + b"\n"


def put_big(server):
    """A message of BIG octets on the wire."""
    server.put("new/1.big", LINE * (BIG // 100))


def put_huge(server, user, size):
    """A message of NULs without a line end; takes long to read, no disk."""
    server.put("new/1.huge", b"", user)
    os.truncate(os.path.join(server.root, user, "new/1.huge"), size)


class Maildrop(unittest.TestCase):
    def test_poplib_sees_the_maildrop(self):
        with Server(PROGRAM) as server:
            for name, (stored, _) in MESSAGES.items():
                server.put("cur/" + name + ":2,S", stored)
            client = poplib.POP3("127.0.0.1", server.port, timeout=PATIENCE)
            client.user("al")
            client.pass_("secret")
            count, total = client.stat()
            sizes = [int(line.split()[1]) for line in client.list()[1]]
            self.assertEqual((count, total), (len(MESSAGES), sum(sizes)))
            self.assertEqual([line.decode() for line in client.uidl()[1]],
                             [f"{i + 1} {name}"
                              for i, name in enumerate(sorted(MESSAGES))])
            client.quit()

    def test_messages_are_octet_equal_and_of_the_size_listed(self):
        with Server(PROGRAM) as server:
            for name, (stored, _) in MESSAGES.items():
                server.put("new/" + name, stored)
            with server.login() as client:
                for i, name in enumerate(sorted(MESSAGES)):
                    stored, sent = MESSAGES[name]
                    if sent is None:
                        sent = re.sub(b"(?<!\r)\n", b"\r\n", stored) + b"\r\n"
                    listed = client.command(f"LIST {i + 1}").split()
                    self.assertEqual(client.retrieve(i + 1), sent)
                    self.assertEqual(int(listed[2]), len(sent))

    def test_quit_removes_what_is_marked(self):
        with Server(PROGRAM) as server:
            for name in "1.a", "2.b", "3.c":
                server.put("new/" + name, b"x\n")
            with server.login() as client:
                client.command("DELE 1")
                client.command("DELE 3")
                self.assertEqual(server.mail(), ["1.a", "2.b", "3.c"])
                client.command("QUIT")
                self.assertEqual(server.mail(), ["2.b"])
                self.assertEqual(client.rest(), b"")

    def test_a_drop_removes_nothing(self):
        with Server(PROGRAM) as server:
            server.put("new/1.a", b"x\n")
            for end in Client.close, Client.reset:
                client = server.login()
                client.command("DELE 1")
                end(client)
                server.login().close()  # when the lock is free, it is over
                self.assertEqual(server.mail(), ["1.a"])

    def test_quit_without_crlf_removes_nothing(self):
        with Server(PROGRAM) as server:
            server.put("new/1.a", b"x\n")
            with server.login() as client:
                client.command("DELE 1")
                client.send(b"QUIT")
                client.half_close()
                client.rest()
                self.assertEqual(server.mail(), ["1.a"])

    def test_commands_before_a_half_close_are_answered(self):
        with Server(PROGRAM) as server:
            server.put("new/1.a", b"one\n")
            server.put("new/2.b", b"two\n" * 100000)
            with server.client() as client:
                client.send(b"USER al\r\nPASS secret\r\nRETR 1\r\nDELE 1\r\n"
                            b"RETR 2\r\nNOOP\r\nQUIT\r\nNOOP\r\n")
                client.half_close()
                for _ in "USER", "PASS", "RETR":
                    self.assertRegex(client.line(), r"^\+OK")
                self.assertEqual(client.body(), b"one\r\n")
                self.assertRegex(client.line(), r"^\+OK")  # DELE
                self.assertRegex(client.line(), r"^\+OK")  # RETR
                self.assertEqual(client.body(), b"two\r\n" * 100000)
                self.assertRegex(client.line(), r"^\+OK")  # NOOP
                self.assertRegex(client.line(), r"^\+OK")  # QUIT
                self.assertEqual(client.rest(), b"")
            self.assertEqual(server.mail(), ["2.b"])

    def test_what_follows_quit_does_not_harm_its_reply(self):
        with Server(PROGRAM) as server, server.client() as client:
            client.send(b"QUIT\r\n" + b"NOOP\r\n" * 5000)
            self.assertRegex(client.line(), r"^\+OK")
            self.assertEqual(client.rest(), b"")

    def test_a_second_login_is_refused_until_quit(self):
        with Server(PROGRAM) as server, \
                Server(PROGRAM, root=server.root) as other:
            client = server.login()
            for port in server.port, other.port:
                with Client(port) as second:
                    second.command("USER al")
                    self.assertRegex(second.ask("PASS secret"),
                                     r"^-ERR \[IN-USE\] ")
            with server.login("bob", "b o b") as bob:
                bob.command("NOOP")
            client.command("QUIT")
            client.close()
            with Client(other.port) as second:
                second.command("USER al")
                second.command("PASS secret")

    def test_hostile_files_and_names(self):
        with Server(PROGRAM) as server:
            server.put("new/1.a", b"x\n")
            os.mkfifo(os.path.join(server.root, "al", "new", "2.fifo"))
            os.symlink("/etc/passwd",
                       os.path.join(server.root, "al", "new", "3.link"))
            with server.login() as client:
                self.assertEqual(client.ask("STAT"), "+OK 1 3\r\n")
            for name in "../al", "al/../al", ".", "al\0", "/etc", "x" * 200:
                with server.client() as client:
                    client.ask("USER " + name)
                    self.assertRegex(client.ask("PASS secret"), "^-ERR")

    def test_a_broken_maildrop_is_refused_and_named(self):
        with Server(PROGRAM, expect_stderr="pop3-reference-server: al: new: "
                    "Not a directory\n") as server:
            server.put("new", b"no folder")
            with server.client() as client:
                client.command("USER al")
                self.assertRegex(client.ask("PASS secret"), "^-ERR")
                client.ask("QUIT")


class Login(unittest.TestCase):
    def test_apop(self):
        with Server(PROGRAM) as server:
            for secret, status in ("secret", "+OK"), ("wrong", "-ERR"):
                with server.client() as client:
                    stamp = re.search("<.*>", client.greeting).group()
                    digest = hashlib.md5((stamp + secret).encode())
                    reply = client.ask("APOP al " + digest.hexdigest())
                    self.assertEqual(reply.split()[0], status)
                    client.ask("QUIT")

    def test_wrong_passwords_and_unknown_users(self):
        with Server(PROGRAM) as server, server.client() as client:
            for user, password in ("al", "secre"), ("al", "secrets"), \
                    ("bob", "secret"), ("eve", "secret"), ("al", "{PLAIN}"):
                client.ask("USER " + user)
                self.assertRegex(client.ask("PASS " + password), "^-ERR")
            client.command("USER bob")
            client.command("PASS b o b")

    def test_the_host_stands_in_the_timestamp(self):
        with Server(PROGRAM, "--host", "mail.example.org") as server, \
                server.client() as client:
            self.assertRegex(client.greeting,
                             r"^\+OK .*<[0-9a-f.]+@mail\.example\.org>\r\n$")


def log_in_soon_enough(server):
    """Again where a busy host takes longer for it than the autologout."""
    def log_in():
        try:
            return server.login()
        except ConnectionError as e:
            raise AssertionError from e
    return retry(log_in)


class Connections(unittest.TestCase):
    def test_200_at_once_have_timestamps_that_differ(self):
        with Server(PROGRAM) as server:
            idle = server.descriptors()
            clients = [server.client() for _ in range(200)]
            stamps = {re.search("<.*>", client.greeting).group()
                      for client in clients}
            self.assertEqual(len(stamps), 200)
            for client in clients:
                client.send(b"USER al\r\nPASS wrong\r\nNOOP\r\nQUIT\r\n")
            for client in clients:
                self.assertEqual(client.rest().count(b"\r\n"), 4)
                client.close()
            while server.descriptors() > idle:
                server.client().close()

    def test_more_than_the_limit_are_refused(self):
        with Server(PROGRAM, "--max-connections", "3") as server:
            clients = [server.client() for _ in range(3)]
            for _ in range(10):
                with server.client() as late:
                    self.assertEqual(late.greeting, "-ERR [SYS/TEMP] too many "
                                     "connections, try again later\r\n")
                    self.assertEqual(late.rest(), b"")
            with clients.pop() as client:
                client.command("QUIT")
            while True:
                with server.client() as client:
                    if client.greeting.startswith("+OK"):
                        break
            for client in clients:
                client.command("QUIT")
                client.close()

    def test_a_reset_in_a_big_message_frees_the_maildrop(self):
        with Server(PROGRAM) as server:
            put_big(server)
            for closes_first in False, True, False, True:
                client = server.login()
                client.command("DELE 1")
                client.command("RSET")
                client.command("RETR 1")
                client.file.read(1_000_000)
                if closes_first:  # then the server's writes raise SIGPIPE
                    client.half_close()
                client.reset()
            server.login().close()
            self.assertEqual(server.mail(), ["1.big"])

    def test_resets_while_the_server_is_at_work(self):
        with Server(PROGRAM) as server:
            for i in range(1, 200):
                server.put(f"new/{i}.x", b"x\n")
            for i in range(100):
                client = server.client()
                client.send(b"USER al\r\nPASS secret\r\n"
                            + b"DELE 1\r\nQUIT\r\n" * (i % 2))
                client.reset()
            with server.login() as client:
                self.assertRegex(client.ask("STAT"), r"^\+OK \d+ \d+\r\n$")

    def test_a_slow_reader_costs_little_memory(self):
        with Server(PROGRAM, measured=True) as server:
            put_big(server)
            client = server.client(receive_buffer=4096)
            client.command("USER al")
            client.command("PASS secret")
            before = server.memory()
            client.send(b"RETR 1\r\n" + b"NOOP\r\n" * 100)
            self.assertRegex(client.line(), r"^\+OK")
            self.assertEqual(len(client.body()), BIG)
            for _ in range(100):
                self.assertRegex(client.line(), r"^\+OK")
            self.assertLess(server.memory() - before, 2000)
            client.close()

    def test_one_who_never_reads_is_not_read(self):
        with Server(PROGRAM, measured=True) as server:
            client = server.client(receive_buffer=4096)
            before = server.memory()
            batch, sent = b"NOOP\r\n" * 1000, 0
            client.socket.setblocking(False)
            while select.select([], [client.socket], [], 0.5)[1]:
                sent += client.socket.send(batch[sent % 6:])
            self.assertLess(server.memory() - before, 2000)
            client.socket.settimeout(PATIENCE)
            client.half_close()
            self.assertEqual(client.rest().count(b"\r\n"), sent // 6)
            client.close()

    def test_an_endless_line_costs_little_memory(self):
        with Server(PROGRAM, measured=True) as server, \
                server.client() as client:
            before = server.memory()
            client.send(b"x" * 10_000_000)
            client.send(b"\r\nQUIT\r\n")
            self.assertRegex(client.line(), r"^-ERR")
            self.assertRegex(client.line(), r"^\+OK")
            self.assertLess(server.memory() - before, 2000)

    def test_a_slow_login_does_not_hold_up_others(self):
        with Server(PROGRAM) as server:
            put_huge(server, "al", 1 << 29)
            for _ in range(5):  # the second client may be slow now and then
                slow = server.client()
                slow.send(b"USER al\r\nPASS secret\r\n")
                self.assertRegex(slow.line(), r"^\+OK")
                with server.login("bob", "b o b") as quick:
                    quick.command("QUIT")
                waiting = not select.select([slow.socket], [], [], 0)[0]
                self.assertRegex(slow.line(), r"^\+OK")
                slow.command("QUIT")
                slow.close()
                if waiting:
                    return
            self.fail("the second client always waited for the first")

    def test_autologout_closes_without_a_word_and_removes_nothing(self):
        with Server(PROGRAM, "--autologout", "1") as server:
            server.put("new/1.a", b"x\n")
            with server.login() as client:
                client.command("DELE 1")
                self.assertEqual(client.rest(), b"")
            self.assertEqual(server.mail(), ["1.a"])

    def test_a_farewell_can_come_before_the_autologout(self):
        with Server(PROGRAM, "--autologout", "1", "--oddity",
                    "farewell-before-autologout") as server, \
                server.client() as client:
            self.assertRegex(client.line(), "^-ERR ")
            self.assertEqual(client.rest(), b"")

    def test_one_who_takes_nothing_is_logged_out(self):
        with Server(PROGRAM, "--autologout", "1") as server:
            put_big(server)
            client = log_in_soon_enough(server)
            client.send(b"RETR 1\r\n")
            # When the lock is free, it is over.
            log_in_soon_enough(server).close()
            client.close()


class Double(unittest.TestCase):
    def test_it_plays_its_part_over_tcp(self):
        rules = ("CONNECT => delay 50", "RETR 1 => cut 20",
                 "NOOP => say +OK\\r\\nand more", "QUIT => close")
        options = [x for rule in rules for x in ("--double", rule)]
        with Server(PROGRAM, *options) as server:
            server.put("new/1.m", b"Subject: cut\n\n")
            with server.login() as client:
                client.command("NOOP")
                self.assertEqual(client.line(), "and more\r\n")
                client.send(b"QUIT\r\n")
                self.assertEqual(client.rest(), b"")
            with server.login() as client:
                client.send(b"RETR 1\r\n")
                self.assertEqual(client.rest(), b"+OK 16 octets\r\nSubje")


class Ends(unittest.TestCase):
    def check_signal(self, number):
        with Server(PROGRAM) as server:
            put_big(server)
            server.put("new/1.a", b"x\n", user="bob")
            marking = server.login("bob", "b o b")
            marking.command("DELE 1")
            reading = server.login()
            reading.send(b"RETR 1\r\n")
            greeted = server.client()
            server.stop(number)
            self.assertEqual(marking.rest(), b"")
            self.assertEqual(greeted.rest(), b"")
            self.assertEqual(server.mail("bob"), ["1.a"])
            for client in marking, reading, greeted:
                client.close()

    def test_sigterm(self):
        self.check_signal(signal.SIGTERM)

    def test_sigint(self):
        self.check_signal(signal.SIGINT)

    def test_a_signal_while_maildrops_are_opened(self):
        with Server(PROGRAM) as server:
            clients = []
            for i in range(12):  # more than there are threads
                put_huge(server, f"user{i}", 1 << 28)
                clients.append(server.client())
            for i, client in enumerate(clients):
                client.send(f"USER user{i}\r\nPASS pw\r\n".encode())
            while not any(os.path.exists(f"{server.root}/user{i}/pop3.lock")
                          for i in range(12)):
                pass
            server.stop(signal.SIGTERM)
            for client in clients:
                client.close()

    def test_an_update_that_has_begun_is_finished(self):
        with Server(PROGRAM) as server:
            for i in range(3000):
                server.put(f"new/{i}.x", b"x\n")
            with server.login() as client:
                for i in range(3000):
                    client.send(b"DELE %d\r\n" % (i + 1))
                client.send(b"QUIT\r\n")
                while len(server.mail()) == 3000:
                    pass
                server.stop(signal.SIGTERM)
                self.assertEqual(server.mail(), [])


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()


if __name__ == "__main__":
    main()
