# SPDX-License-Identifier: MIT
"""Root begins, somebody else goes on: python3 test_reference_server_root.py
PROGRAM; as root, else it is skipped (exit code 77)."""

import glob
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import unittest

from certificates import Certificates
from reference_server import Client, Server, private

PROGRAM = ""  # set by main
ME = "pop3-reference-server: "
NOBODY = pwd.getpwnam("nobody")
# It may not be traced by its own threads any more, which leak checks want.
os.environ["ASAN_OPTIONS"] = "detect_leaks=0:" + \
    os.environ.get("ASAN_OPTIONS", "")


def identities(pid):
    """Of each thread, what the kernel says."""
    found = set()
    for path in glob.glob(f"/proc/{pid}/task/*/status"):
        with open(path) as file:
            lines = dict(line.rstrip("\n").split(":", 1) for line in file)
        found.add((lines["Uid"].strip(), lines["Gid"].strip(),
                   lines["Groups"].strip(), lines["CapPrm"].strip(),
                   lines["CapEff"].strip()))
    return found


class Root(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="pop3-")
        os.chmod(self.root, 0o755)
        self.addCleanup(shutil.rmtree, self.root)
        self.write_coverage()
        self.users = os.path.join(self.root, "users")
        self.write("al:secret\n")
        for folder in "", "new", "cur", "tmp":
            os.mkdir(os.path.join(self.root, "al", folder))
            os.chown(os.path.join(self.root, "al", folder), NOBODY.pw_uid,
                     NOBODY.pw_gid)

    def write_coverage(self):
        """A build with gcov wants to write, whoever it is."""
        folder = tempfile.mkdtemp(prefix="pop3-gcov-")
        os.chmod(folder, 0o777)
        self.addCleanup(shutil.rmtree, folder)
        os.environ["GCOV_PREFIX"] = folder

    def write(self, text):
        with open(self.users, "w", opener=private) as file:
            file.write(text)

    def start(self, *options, lost=(), said=""):
        return Server(PROGRAM, "--user", "nobody", *options, root=self.root,
                      expect_stderr=self.lost(self.users, *lost) + said)

    def lost(self, *files):
        return "".join(f"{ME}warning: at SIGHUP {file} cannot be read any "
                       "more: Permission denied\n" for file in files)

    def refused(self, *options, **more):
        done = subprocess.run(
            [PROGRAM, "--maildir", self.root, "--users", self.users,
             *options], capture_output=True, text=True, timeout=60, **more)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        return done.stderr

    def test_all_threads_become_somebody_else(self):
        with self.start() as server:
            server.put("new/1", b"a: b\n\nc\n")
            os.chmod(os.path.join(self.root, "al/new/1"), 0o644)
            with server.login() as client:
                client.retrieve(1)
                client.command("DELE 1")
                client.command("QUIT")
            self.assertEqual(server.mail(), [])
            ids = [("\t".join([str(NOBODY.pw_uid)] * 4),
                    "\t".join([str(NOBODY.pw_gid)] * 4),
                    str(NOBODY.pw_gid), "0" * 16, "0" * 16)]
            self.assertEqual(list(identities(server.process.pid)), ids)

    def test_the_group_may_be_another(self):
        with self.start("--group", "daemon") as server:
            daemon = str(pwd.getpwnam("daemon").pw_gid)
            found, = identities(server.process.pid)
            self.assertEqual(found[1], "\t".join([daemon] * 4))
            self.assertEqual(found[2], daemon)

    def test_a_low_port_and_a_private_key_are_roots(self):
        with Certificates("server") as own:
            os.chmod(own.root, 0o755)
            os.chmod(own.path("server"), 0o644)
            port = low_port()
            with self.start("--port", str(port), *own.options(),
                            lost=[own.key("server")]) as server:
                self.assertEqual(server.port, port)
                with server.client() as client:
                    client.command("STLS")
                    client.start_tls(own.context())
                    client.command("CAPA")

    def test_sighup_says_what_it_cannot_read(self):
        with self.start(said=f"{ME}--users: {self.users}: Permission denied\n") \
                as server:
            self.write("al:other\n")
            server.process.send_signal(signal.SIGHUP)
            server.login().close()

    def test_sighup_reads_what_it_may(self):
        os.chmod(self.users, 0o640)
        os.chown(self.users, 0, NOBODY.pw_gid)
        with Server(PROGRAM, "--user", "nobody", root=self.root) as server:
            self.write("al:other\n")
            server.process.send_signal(signal.SIGHUP)
            while True:
                with server.client() as client:
                    client.command("USER al")
                    if client.ask("PASS other").startswith("+OK"):
                        break

    def test_the_log_is_given_to_who_writes_it(self):
        path = os.path.join(self.root, "log")
        os.chmod(self.users, 0o644)
        with Server(PROGRAM, "--user", "nobody", "--log", path, root=self.root,
                    expect_stderr=f"{ME}warning: others can read "
                    f"{self.users}\n{ME}warning: {path}: once it is moved "
                    "away, user nobody cannot make it anew in "
                    f"{self.root} at SIGHUP: Permission denied\n") as server:
            self.assertEqual(os.stat(path).st_uid, NOBODY.pw_uid)
            os.rename(path, path + ".1")
            with open(path, "w", opener=private):
                os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)
            server.process.send_signal(signal.SIGHUP)
            while "event=reload" not in read(path):
                server.login().close()

    def test_a_device_is_not_given_away(self):
        path = os.path.join(self.root, "null")
        try:
            os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3))
        except PermissionError:
            self.skipTest("no device can be made")
        with self.start("--log", path) as server:
            server.client().close()
            self.assertEqual(os.stat(path).st_uid, 0)

    def test_a_maildir_out_of_reach_is_told_at_once(self):
        os.chmod(self.root, 0o700)
        self.assertEqual(
            self.refused("--user", "nobody"), self.lost(self.users) +
            f"{ME}--maildir: {self.root}: nobody: Permission denied\n")
        self.assertEqual(
            self.refused("--user", "nobody", "--check-config"),
            self.lost(self.users) +
            f"{ME}--maildir: {self.root}: nobody: Permission denied\n")

    def test_a_file_of_settings_that_a_stranger_owns(self):
        path = os.path.join(self.root, "server.json")
        with open(path, "w", opener=private) as file:
            file.write('{"store": {"maildir": "."}, "users": {"file": "users"}}')
        os.chown(path, 12345, 0)
        done = subprocess.run([PROGRAM, "--config", path, "--check-config"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (
            0, f"{ME}warning: a stranger, uid 12345, owns {path}\n"))

    def test_maildrops_out_of_reach_are_warnings(self):
        """Others can be served: it is no reason not to start."""
        os.chown(os.path.join(self.root, "al", "cur"), 0, 0)
        self.write("al:secret\nbob:x\n")
        said = f"{ME}warning: {self.root}/al/cur: nobody cannot read and " \
            f"write it: Permission denied\n{ME}warning: {self.root}/bob: " \
            "nobody cannot make it: Permission denied\n"
        done = subprocess.run(
            [PROGRAM, "--maildir", self.root, "--users", self.users,
             "--user", "nobody", "--check-config"], capture_output=True,
            text=True, timeout=60)
        self.assertEqual(
            (done.returncode, done.stdout),
            (0, "no fault found, but 3 warnings\n"))
        self.assertEqual(done.stderr, said + self.lost(self.users))
        with Server(PROGRAM, "--user", "nobody", root=self.root,
                    expect_stderr=said + self.lost(self.users)) as server:
            server.client().close()

    def test_a_log_that_sighup_cannot_open(self):
        """Neither a link nor what it leads to is given away."""
        path = os.path.join(self.root, "log")
        with open(path + ".real", "w", opener=private):
            os.symlink(path + ".real", path)
        said = f"{ME}warning: at SIGHUP {path} cannot be opened any more: " \
            "Permission denied\n"
        with self.start("--log", path, said=said) as server:
            server.client().close()
            self.assertEqual(os.lstat(path).st_uid, 0)
            self.assertEqual(os.stat(path).st_uid, 0)

    def folder_of_nobody(self):
        folder = os.path.join(self.root, "logs")
        os.mkdir(folder)
        os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
        return folder

    def assert_log_refused(self, log, why, *options):
        for option in "--check-config", "--last":
            self.assertIn(f"{ME}--log: {log}: {why}\n", self.refused(
                "--user", "nobody", "--log", log, option, *options))

    def test_a_link_of_nobody_is_not_followed(self):
        """It would choose what root appends to, and gives away."""
        secret = os.path.join(self.root, "secret")
        with open(secret, "w", opener=private) as file:
            file.write("roots\n")
        log = os.path.join(self.folder_of_nobody(), "log")
        why = f"is a link of uid {NOBODY.pw_uid}: root follows root's only"
        os.symlink(secret, log)
        os.lchown(log, NOBODY.pw_uid, NOBODY.pw_gid)
        self.assert_log_refused(log, f"log {why}")
        over = os.path.join(self.root, "over")
        os.symlink("logs/log", over)  # root's own, to that of nobody
        self.assert_log_refused(over, f"log {why}")
        os.unlink(log)
        os.symlink("..", log)
        os.lchown(log, NOBODY.pw_uid, NOBODY.pw_gid)
        self.assert_log_refused(log + "/new", f"log {why}")
        self.assertFalse(os.path.exists(os.path.join(self.root, "new")))
        self.assertEqual(read(secret), "roots\n")
        self.assertEqual(os.stat(secret).st_uid, 0)

    def test_another_name_of_a_file_is_not_written_to(self):
        secret = os.path.join(self.root, "secret")
        with open(secret, "w", opener=private) as file:
            file.write("roots\n")
        log = os.path.join(self.folder_of_nobody(), "log")
        os.link(secret, log)
        self.assert_log_refused(
            log, "a file of several names, in a folder that not only root "
            "can change: root opens none")
        self.assertEqual(read(secret), "roots\n")
        self.assertEqual(os.stat(secret).st_uid, 0)

    def test_links_of_root_are_followed(self):
        log = os.path.join(self.folder_of_nobody(), "log")
        os.symlink("logs", os.path.join(self.root, "way"))
        os.symlink(os.path.join(self.root, "way", "log"),
                   os.path.join(self.root, "link"))
        for name in "way/log", "link", "way/../link":
            path = os.path.join(self.root, name)
            folder = os.path.dirname(path)
            said = "" if name == "way/log" else \
                f"{ME}warning: {path}: once it is moved away, user nobody " \
                f"cannot make it anew in {folder} at SIGHUP: Permission " \
                "denied\n"
            with self.start("--log", path, said=said) as server:
                server.client().close()
            self.assertIn("event=connection", read(log))
            os.truncate(log, 0)
            os.chown(log, NOBODY.pw_uid, NOBODY.pw_gid)

    def test_what_the_kernel_links_to_can_be_the_log(self):
        for name in "/dev/stdout", "/dev/stderr", "/dev/null":
            process = subprocess.Popen(
                [PROGRAM, "--maildir", self.root, "--users", self.users,
                 "--user", "nobody", "--log", name],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            said = ""
            while "listening on" not in said:
                said += process.stdout.readline()
            process.terminate()
            out, err = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0)
            self.assertEqual("event=listening" in said + out,
                             name == "/dev/stdout")
            self.assertEqual("event=listening" in err, name == "/dev/stderr")

    def test_a_command_that_only_root_can_run(self):
        command = os.path.join(self.root, "command")
        with open(command, "w", opener=private):
            os.chmod(command, 0o700)
        for option in "--check-config", "--last":
            self.assertEqual(
                self.refused("--user", "nobody", "--oauth-command", command,
                             option), self.lost(self.users) +
                f"{ME}--oauth-command: {command}: Permission denied\n")

    def test_root_serves_loopback_only(self):
        why = f"{ME}--user: missing: root listens at loopback only, unless " \
            "this names who to become, or root\n"
        for address in "0.0.0.0", "::":
            self.assertEqual(self.refused("--address", address), why)
            self.assertEqual(self.refused("--address", address,
                                          "--check-config"), why)

    def test_root_stays_root_when_it_is_told_so(self):
        process = subprocess.Popen(
            [PROGRAM, "--maildir", self.root, "--users", self.users,
             "--address", "0.0.0.0", "--user", "root"],
            stdout=subprocess.PIPE, text=True)
        with process:
            place = process.stdout.readline()
            self.assertIn("listening on 0.0.0.0:", place)
            with Client(int(place.rsplit(":", 1)[1])) as client:
                client.command("CAPA")
            self.assertEqual({found[0] for found in identities(process.pid)},
                             {"0\t0\t0\t0"})
            process.terminate()
        self.assertEqual(process.returncode, 0)

    def copy(self):
        """As the way to the program itself may be root's."""
        copy = os.path.join(self.root, "server")
        shutil.copy(PROGRAM, copy)
        os.chmod(copy, 0o755)
        return copy

    def test_what_nobody_cannot_reach_is_told_once(self):
        mail = os.path.join(self.root, "closed")
        os.mkdir(mail, 0o700)
        said = "".join(f"{ME}{what}: Permission denied\n" for what in (
            f"--users: {self.users}", f"--maildir: {mail}",
            f"--log: {mail}/log"))
        for option in "--check-config", "--last":
            done = subprocess.run(
                [self.copy(), "--maildir", mail, "--users", self.users,
                 "--log", mail + "/log", option], capture_output=True,
                text=True, timeout=60, user=NOBODY.pw_uid,
                group=NOBODY.pw_gid, extra_groups=[])
            self.assertEqual((done.returncode, done.stderr), (1, said))

    def test_nobody_becomes_root(self):
        copy = self.copy()
        os.chmod(self.users, 0o644)
        for user in "root", "daemon":
            done = subprocess.run(
                [copy, "--maildir", self.root, "--users", self.users,
                 "--user", user], capture_output=True, text=True, timeout=60,
                user=NOBODY.pw_uid, group=NOBODY.pw_gid, extra_groups=[])
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{ME}only root can become {user}\n", done.stderr)


def read(path):
    with open(path) as file:
        return file.read()


def low_port():
    """One that only root may have, and that is free."""
    for port in range(1023, 600, -1):
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            pass
    raise RuntimeError("all low ports are in use")


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    if os.geteuid() != 0:
        print("skipped: not root")
        sys.exit(77)
    unittest.main()


if __name__ == "__main__":
    main()
