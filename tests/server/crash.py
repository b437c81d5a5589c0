#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kills the reference server with SIGKILL while it is in UPDATE, and looks.

usage: crash.py PROGRAM [--kills N] [--seed N] [--kill-at LIBRARY]
                [--defect ID]... [--must-fail]

Each round starts the server, logs in, marks some of the messages, lets another
program deliver one and move some, says QUIT, and kills: half of the times after
a random delay, half just before or behind the Nth unlinkat(), fsync() or
renameat() (by kill_at.c; without the library, always after a delay). Then

- no message that was not marked is gone, and none is changed;
- each that was marked is whole, or gone;
- they are gone, all of them, if QUIT was answered by +OK;
- none is gone if QUIT was not said;
- nothing else lies in the maildrop but a lock and an index;
- the next session finds the same messages, sizes and unique-ids.

With the library each kill is a power cut, too: of what was removed from a
folder that was not synced since, all is there again behind a +OK, else some.
--must-fail: with defects of the server that break these rules, and a disk that
is never synced, to see that each is noticed after N kills at most.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from reference_server import Client, private

FOLDERS = "new", "cur", "tmp"
MESSAGES = 30  # in the maildrop when a session begins
LONGEST_DELAY = 0.006  # seconds between QUIT and the kill
BESIDE = {*FOLDERS, "pop3.lock", "pop3spec.index", "pop3spec.index.new"}
# What each breaks, and this test must notice.
BAD = {"update-removes-neighbour": "an unmarked message is gone",
       "removes-from-new-only": "+OK, but a marked message is there",
       "unique-id-with-flags": "another unique-id",
       "drop-removes": "gone without QUIT",
       "update-removes-nothing": "+OK, but a marked message is there"}


class Broken(Exception):
    pass


class Maildrop:
    """What is in the maildrop of al, as files, and as it has to be."""

    def __init__(self, root, rng):
        self.home, self.rng = os.path.join(root, "al"), rng
        self.unsynced = os.path.join(root, "unsynced")
        self.mail = {}  # unique name -> octets
        self.delivered = self.back = 0
        for folder in FOLDERS:
            os.makedirs(os.path.join(self.home, folder))
        os.mkdir(self.unsynced)

    def deliver(self):
        self.delivered += 1
        name = f"{self.delivered}.x.example.org"
        if self.delivered % 10 == 0:
            name += "," + "long" * 20  # no unique-id as it is
        line = b"%d" % self.delivered
        octets = b"Subject: " + line + b"\n\n" + \
            (line + b"\n") * self.rng.randrange(400)
        path = os.path.join(self.home, "tmp", name)
        with open(path, "wb") as file:
            file.write(octets)
        if self.rng.random() < 0.8:  # old enough for the index
            os.utime(path, (self.delivered, self.delivered))
        os.rename(path, os.path.join(self.home, "new", name))
        self.mail[name] = octets

    def files(self):
        """unique name -> path of each; a name that is there twice is wrong."""
        found = {}
        for folder in "new", "cur":
            for name in os.listdir(os.path.join(self.home, folder)):
                unique = name.partition(":")[0]
                if unique in found:
                    raise Broken(f"{unique} is there twice")
                found[unique] = os.path.join(self.home, folder, name)
        return found

    def move_some(self):
        """As a program does that reads mail."""
        for unique, path in self.files().items():
            if self.rng.random() < 0.2:
                flags = "".join(f for f in "FRS" if self.rng.random() < 0.5)
                try:
                    os.rename(path, os.path.join(self.home, "cur",
                                                 f"{unique}:2,{flags}"))
                except FileNotFoundError:
                    pass  # the server was quicker

    def cut_power(self, every):
        """What was unlinked, but is not synced, may be there again."""
        folders = {os.stat(path).st_ino: path for path in
                   (os.path.join(self.home, f) for f in FOLDERS)}
        for kept in os.listdir(self.unsynced):
            inode, _, name = kept.partition(":")
            path = os.path.join(self.unsynced, kept)
            if int(inode) in folders and (every or self.rng.random() < 0.5):
                os.replace(path, os.path.join(folders[int(inode)], name))
                self.back += 1
            if os.path.exists(path):  # also when it was not unlinked yet
                os.remove(path)

    def check(self, marked, said_quit, removed):
        """After a kill; what is left is what has to be there from now on."""
        files = self.files()
        for unique, octets in list(self.mail.items()):
            if unique not in files:
                if unique not in marked:
                    raise Broken(f"an unmarked message is gone: {unique}")
                if not said_quit:
                    raise Broken(f"gone without QUIT: {unique}")
                del self.mail[unique]
                continue
            with open(files.pop(unique), "rb") as file:
                if file.read() != octets:
                    raise Broken(f"{unique} is changed")
            if removed and unique in marked:
                raise Broken(f"+OK, but a marked message is there: {unique}")
        beside = {*os.listdir(self.home)} - BESIDE
        if files or beside or os.listdir(os.path.join(self.home, "tmp")):
            raise Broken(f"what is that? {files} {beside}")


class Trial:
    def __init__(self, options, root):
        self.options, self.root = options, root
        self.rng = random.Random(options.seed)
        self.maildrop = Maildrop(root, self.rng)
        self.unique_ids = {}  # unique name -> unique-id
        self.counts = dict.fromkeys(
            ("before", "within", "behind", "at login"), 0)
        self.users = os.path.join(root, "users")
        with open(self.users, "w", opener=private) as file:
            file.write("al:secret\n")

    def start(self, kill_at=None):
        environment = dict(os.environ)
        if self.options.kill_at:
            environment |= {"LD_PRELOAD": self.options.kill_at,
                            "POP3_POWER_CUT": self.maildrop.unsynced,
                            "POP3_KILL_AT": kill_at or ""}
        if self.options.no_sync:
            environment["POP3_NO_SYNC"] = "1"
        defects = [f"--defect={d}" for d in self.options.defect]
        server = subprocess.Popen(
            [self.options.program, "--maildir", self.root, "--users",
             self.users, *defects], env=environment, text=True,
            stdout=subprocess.PIPE)
        return server, int(server.stdout.readline().rsplit(":", 1)[1])

    def login(self, port):
        client = Client(port)
        client.command("USER al")
        client.command("PASS secret")
        return client

    def check_listing(self, client):
        """Numbers by unique name. All is as it was before the kill."""
        mail = self.maildrop.mail
        client.command("UIDL")
        ids = [line.split()[1].decode() for line in client.body().splitlines()]
        client.command("LIST")
        sizes = [int(line.split()[1]) for line in client.body().splitlines()]
        names = sorted(mail, key=lambda name: int(name.partition(".")[0]))
        expected = [len(mail[name].replace(b"\n", b"\r\n")) for name in names]
        if sizes != expected:
            raise Broken(f"other sizes: {sizes}, not {expected}")
        for name, unique_id in zip(names, ids):
            if self.unique_ids.setdefault(name, unique_id) != unique_id:
                raise Broken(f"another unique-id: {name}: {unique_id}")
        if len({*self.unique_ids.values()}) != len(self.unique_ids):
            raise Broken("a unique-id that another message had")
        return {name: i + 1 for i, name in enumerate(names)}

    def where_to_kill(self):
        if not self.options.kill_at or self.rng.random() < 0.5:
            return None
        call, most = self.rng.choice(
            [("unlinkat", MESSAGES), ("unlinkat", MESSAGES // 3), ("fsync", 2),
             ("renameat", 1)])
        return (f"{call}:{self.rng.randint(1, most)}:"
                f"{self.rng.choice(('before', 'behind'))}")

    def quit(self, client, server, kill_at):
        """Returns whether it was answered by +OK before the server died."""
        client.send(b"QUIT\r\n")
        if not kill_at:
            delay = self.rng.random() * LONGEST_DELAY
            threading.Timer(delay, server.kill).start()
        try:
            reply = client.line()
        except ConnectionResetError:
            reply = ""
        if reply.startswith("-ERR"):
            raise Broken(reply)
        return reply.startswith("+OK") and reply.endswith("\r\n")

    def session(self, server, port, kill_at, marked):
        """Fills marked. Returns whether +OK was said to QUIT; None: no QUIT."""
        with self.login(port) as client:
            numbers = self.check_listing(client)
            for name in self.rng.sample(sorted(numbers),
                                        self.rng.randint(0, len(numbers))):
                client.command(f"DELE {numbers[name]}")
                marked.add(name)
            self.maildrop.deliver()
            self.maildrop.move_some()
            if self.rng.random() < 0.1:
                client.half_close()
                client.rest()
                return None
            return self.quit(client, server, kill_at)

    def kill(self):
        while len(self.maildrop.mail) < MESSAGES:
            self.maildrop.deliver()
        marked, said_quit, removed = set(), True, False
        kill_at = self.where_to_kill()
        server, port = self.start(kill_at)
        try:
            removed = self.session(server, port, kill_at, marked)
            said_quit = removed is not None
        except (AssertionError, OSError, EOFError):
            if server.wait() != -signal.SIGKILL or not kill_at:
                raise
            said_quit = False
        finally:
            server.kill()
            server.wait()
            server.stdout.close()
        self.maildrop.cut_power(removed)
        before = len(self.maildrop.mail)
        self.maildrop.check(marked, said_quit, removed)
        gone = before - len(self.maildrop.mail)
        self.counts["at login" if not said_quit and not marked else
                    "before" if gone == 0 and not removed else
                    "within" if not removed else "behind"] += 1

    def run(self):
        for _ in range(self.options.kills):
            self.kill()
        server, port = self.start()
        with self.login(port) as client:
            self.check_listing(client)
            client.command("QUIT")
        server.terminate()
        server.wait()
        server.stdout.close()


def run(options):
    """Returns what is broken, or "". Prints what was done."""
    root = tempfile.mkdtemp(prefix="pop3-crash-")
    trial, began, broken = Trial(options, root), time.monotonic(), ""
    try:
        trial.run()
    except Broken as e:
        broken = str(e)
    finally:
        shutil.rmtree(root)
    counts = ", ".join(f"{n} {where}" for where, n in trial.counts.items())
    print(f"crash: {sum(trial.counts.values())} kills ({counts}) the removal, "
          f"{trial.maildrop.delivered} messages, {trial.maildrop.back} back "
          f"behind a power cut, seed {options.seed}, "
          f"{time.monotonic() - began:.0f} s: {broken or 'nothing lost'}",
          flush=True)
    return broken


def must_fail(options):
    silent = []
    for defect, expected in BAD.items():
        options.defect = [defect]
        if not run(options).startswith(expected):
            silent.append(f"{defect}: not noticed as: {expected}")
    options.defect, options.no_sync = [], True
    if options.kill_at and not run(options).startswith("+OK, but"):
        silent.append("a disk that is not synced: not noticed")
    for line in silent:
        print(line)
    return 1 if silent else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--kill-at")
    parser.add_argument("--defect", action="append", default=[])
    parser.add_argument("--must-fail", action="store_true")
    parser.set_defaults(no_sync=False)
    options = parser.parse_args()
    if options.seed is None:
        options.seed = random.randrange(1 << 32)
    if options.must_fail:
        return must_fail(options)
    return 1 if run(options) else 0


if __name__ == "__main__":
    sys.exit(main())
