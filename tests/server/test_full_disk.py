# SPDX-License-Identifier: MIT
"""Mail on a disk that takes nothing more: python3 test_full_disk.py PROGRAM

It can be fetched and removed all the same; only the index is not kept.
"""

import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from reference_server import Server, private

PROGRAM = ""  # set by main
MAIL = {f"new/{i}.x": b"a: b\n\n" + b"%d\n" % i * 50 for i in range(1, 9)}


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pop3-full-")
        self.addCleanup(os.rmdir, self.root)

    def mount(self, options):
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "none", self.root],
            capture_output=True, check=False)
        if mounted.returncode:
            self.skipTest("this machine mounts nothing: "
                          f"{mounted.stderr.decode()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.root],
                        check=True)
        with open(os.path.join(self.root, "users"), "w",
                  opener=private) as file:
            file.write("al:secret\n")

    def fill(self):
        """With blocks, then with names; what is left is less than a page."""
        with contextlib.suppress(OSError), \
                open(os.path.join(self.root, "filler"), "wb", 0) as file:
            while file.write(bytes(4096)):
                pass
        with contextlib.suppress(OSError):
            for i in range(1000):
                os.close(os.open(os.path.join(self.root, f"filler{i}"),
                                 os.O_CREAT))

    def check_session(self, server):
        with server.login() as client:
            with server.client() as other:
                other.command("USER al")
                self.assertRegex(other.ask("PASS secret"), r"^-ERR \[IN-USE\]")
            for i, octets in enumerate(MAIL.values()):
                self.assertEqual(client.retrieve(i + 1),
                                 octets.replace(b"\n", b"\r\n"))
            client.command("DELE 2")
            client.command("QUIT")
        self.assertEqual(len(server.mail()), len(MAIL) - 1)
        self.assertNotIn("2.x", server.mail())

    @unittest.skipIf(os.geteuid() != 0, "only root may mount")
    def test_no_room(self):
        self.mount("size=128k,nr_inodes=64")
        with Server(PROGRAM, root=self.root) as server:
            for folder in "cur", "tmp":
                os.makedirs(os.path.join(self.root, "al", folder))
            for name, octets in MAIL.items():
                server.put(name, octets)
            self.fill()
            self.check_session(server)
            self.assertEqual(sorted(os.listdir(f"{self.root}/al")),
                             ["cur", "new", "tmp"])

    @unittest.skipIf(os.geteuid() != 0, "only root may mount")
    def test_read_only(self):
        self.mount("size=128k")
        with Server(PROGRAM, root=self.root, expect_stderr="pop3-reference-"
                    "server: al: 1 deleted message not removed, first new/2.x: "
                    "Read-only file system\n") as server:
            for folder in "cur", "tmp":
                os.makedirs(os.path.join(self.root, "al", folder))
            for name, octets in MAIL.items():
                server.put(name, octets)
            subprocess.run(["mount", "-o", "remount,ro", self.root],
                           check=True)
            with server.login() as client:
                self.assertIn(b"1\r\n1\r\n", client.retrieve(1))
                client.command("DELE 2")
                self.assertEqual(client.ask("QUIT"), "-ERR some deleted "
                                 "messages not removed\r\n")
            self.assertEqual(len(server.mail()), len(MAIL))


class FileLimit(unittest.TestCase):
    def test_no_file_may_grow(self):
        """ulimit -f 0: a write raises SIGXFSZ, or fails."""
        with tempfile.TemporaryDirectory(prefix="pop3-limit-") as root:
            users = os.path.join(root, "users")
            with open(users, "w", opener=private) as file:
                file.write("al:secret\n")
            with Server(PROGRAM, root=root) as server:
                # Later than a sanitizer writes files of its own.
                resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE,
                                 (0, 0))
                for name, octets in MAIL.items():
                    server.put(name, octets)
                FullDisk.check_session(self, server)
                self.assertEqual(sorted(os.listdir(f"{root}/al")),
                                 ["cur", "new", "pop3.lock", "tmp"])


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()


if __name__ == "__main__":
    main()
