# SPDX-License-Identifier: MIT
"""A proxy that cuts and delays what goes through it, by a seed.

Every octet arrives, in order; closes and resets do, too. Nothing else is kept
of how the two sides cut their segments, and of when they sent them.
"""

import random
import socket
import threading

LONGEST = 0.004  # seconds that a segment may be held back
RESET = b"\1\0\0\0\0\0\0\0"  # SO_LINGER: a close is a reset


class Proxy:
    """From a free port, until the with ends, to port on this machine."""

    def __init__(self, port, seed):
        self.to = port
        self.seed = seed
        self.count = 0
        self.ending = threading.Event()
        self.open = set()
        self.guard = threading.Lock()
        self.threads = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        self.start(self.accept)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.threads[0].join()
        with self.guard:
            for side in self.open:
                shut(side)
        for thread in self.threads:
            thread.join()

    def start(self, work, *arguments):
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.count += 1
            try:
                server = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                client.close()
                continue
            pair = Pair(self, client, server)
            for direction in (client, server), (server, client):
                chance = random.Random(f"{self.seed}/{self.count}/"
                                       f"{direction[0] is client}")
                self.start(pair.carry, *direction, chance)


class Pair:
    def __init__(self, proxy, *sides):
        self.proxy = proxy
        self.left = 2  # directions that still carry
        for side in sides:
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with proxy.guard:
            proxy.open.update(sides)

    def carry(self, source, to, chance):
        try:
            while octets := source.recv(65536):
                self.pass_on(octets, to, chance)
            to.shutdown(socket.SHUT_WR)
        except OSError:  # a reset, or nobody takes it any more
            for side in source, to:
                tear_down(side)
        self.end(source, to)

    def pass_on(self, octets, to, chance):
        while octets:
            size = int(2 ** chance.uniform(0, 17))
            if chance.random() < 0.3:
                self.proxy.ending.wait(chance.uniform(0, LONGEST))
            to.sendall(octets[:size])
            octets = octets[size:]

    def end(self, *sides):
        with self.proxy.guard:
            self.left -= 1
            if self.left == 0:
                self.proxy.open.difference_update(sides)
                for side in sides:
                    side.close()


def shut(side):
    try:
        side.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def tear_down(side):
    """The other direction wakes up; the close that follows is a reset."""
    try:
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    except OSError:
        pass
    shut(side)
