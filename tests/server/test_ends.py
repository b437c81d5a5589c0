# SPDX-License-Identifier: MIT
"""How a connection ends, and how it does not: test_ends.py PROGRAM"""

import os
import signal
import socket
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from certificates import Certificates
from reference_server import Client, Server, retry
from sasl import plain

PROGRAM = ""  # set by main
CERTIFICATES = None
SEGMENTS_IN = 140  # place in struct tcp_info of linux/tcp.h


def segments(s):
    """How many came, of data or not."""
    info = s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    return int.from_bytes(info[SEGMENTS_IN:SEGMENTS_IN + 4], sys.byteorder)


class Ends(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="pop3-ends-")
        self.addCleanup(folder.cleanup)
        self.log = os.path.join(folder.name, "log")
        self.server = Server(PROGRAM, "--log", self.log,
                             *CERTIFICATES.options("--tls-port", "0"))
        self.addCleanup(self.server.__exit__, None)
        self.server.put("new/1.x", b"Subject: x\n\nx\n")

    def closed(self):
        with open(self.log) as file:
            return [line for line in file if " event=closed " in line]

    def client(self, secure):
        if secure:
            return Client(self.server.tls_port, tls=CERTIFICATES.context())
        return self.server.client()

    def vanish(self, secure, before, last):
        """What is said last and the reset come in one turn of the loop."""
        client = self.client(secure)
        for command in before:
            client.command(command)
        os.kill(self.server.process.pid, signal.SIGSTOP)
        client.send(last)
        client.reset()
        os.kill(self.server.process.pid, signal.SIGCONT)

    def ends_in(self, secure):
        """The number of segments that QUIT is answered by."""
        client = self.client(secure)
        for _ in range(4):  # from then on no ACK goes ahead of a reply
            client.ask("NOOP")
        before = segments(client.socket)
        client.command("QUIT")
        self.assertEqual(client.rest(), b"")
        after = segments(client.socket)
        client.close()
        return after - before

    def test_the_last_reply_and_the_end_are_one_segment(self):
        for secure in False, True:
            # A host that is busy for 40 ms in between sends more.
            retry(lambda: self.assertEqual(self.ends_in(secure), 1), 30)


def who_vanishes(secure, before, last):
    """Nothing of him stays: no session, no lock, no descriptor."""
    def test(self):
        for _ in range(3):  # what is made once is made
            with self.client(True) as client:
                client.command("QUIT")
                client.rest()
        retry(lambda: self.assertEqual(len(self.closed()), 3))
        descriptors = self.server.descriptors()
        for i in range(20):
            self.vanish(secure, before, last)
            retry(lambda: self.assertEqual(len(self.closed()), 4 + i))
        for line in self.closed()[3:]:
            self.assertIn(' why="client reset" ', line)
        retry(lambda: self.assertLessEqual(self.server.descriptors(),
                                           descriptors))
        self.server.login().close()
    return test


LOGIN = "USER al", "PASS secret"
for name, before, last in (
        ("auth", (), f"AUTH PLAIN {plain('al', 'secret')}\r\n"),
        ("a_refused_auth", (), f"AUTH PLAIN {plain('al', 'wrong')}\r\n"),
        ("auth_and_more", (), f"AUTH PLAIN {plain('al', 'secret')}\r\nST"),
        ("pass", (), "USER al\r\nPASS secret\r\n"),
        ("half_a_line", LOGIN, "RETR"),
        ("retr", LOGIN, "RETR 1\r\nRETR 1\r\n")):
    for secure in False, True:
        setattr(Ends, f"test_who_vanishes_behind_{name}"
                f"{'_in_tls' if secure else ''}",
                who_vanishes(secure, before, last.encode()))
setattr(Ends, "test_who_vanishes_behind_stls",
        who_vanishes(False, (), b"STLS\r\n"))




def main():
    global PROGRAM, CERTIFICATES
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    with Certificates("server") as CERTIFICATES:
        unittest.main()


if __name__ == "__main__":
    main()
