# SPDX-License-Identifier: MIT
"""What is installed with pop3-reference-server is what the program is:
python3 test_installed.py CMAKE BUILD-DIRECTORY PREFIX"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

from certificates import Certificates
from reference_server import PATIENCE, USERS, Client, private

CMAKE, BUILD, PREFIX = "", "", ""  # set by main
NAME = "pop3-reference-server"
# An option: ".It Fl Fl port Ar N Pq Pa /listeners/#/port".
OPTION = re.compile(
    r"^\.It Fl Fl (\S+)(?: Ar (\S+))?(?: Pq Pa (\S+))?$", re.M)
KEY = re.compile(r"^\.It Pa (/\S+)$", re.M)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="pop3-installed-")
        cls.addClassCleanup(shutil.rmtree, cls.root)
        subprocess.run([CMAKE, "--install", BUILD, "--prefix", cls.root,
                        "--component", "reference-server"], check=True,
                       capture_output=True)
        cls.files = {os.path.basename(name): os.path.join(folder, name)
                     for folder, _, names in os.walk(cls.root)
                     for name in names}
        cls.program = cls.files[NAME]

    def text(self, name):
        with open(self.files[name], encoding="ascii") as file:
            return file.read()

    def test_all_is_there(self):
        self.assertEqual({os.path.relpath(path, self.root)
                          for path in self.files.values()},
                         {f"bin/{NAME}", f"share/man/man8/{NAME}.8",
                          f"share/doc/pop3spec/{NAME}.json",
                          f"lib/systemd/system/{NAME}.service"})

    def test_the_manual_has_each_setting_and_no_other(self):
        listed = subprocess.run([self.program, "--list-settings"], check=True,
                                capture_output=True, text=True).stdout
        rows = [line.split("\t")[:4] for line in listed.splitlines()]
        settings = {(flag[2:], argument, pointer)
                    for flag, pointer, _, argument in rows if flag != "-"}
        keys = {pointer for flag, pointer, _, _ in rows if flag == "-"}
        manual = self.text(NAME + ".8")
        told = {tuple(part or "-" for part in option)
                for option in OPTION.findall(manual)}
        self.assertEqual(told, settings)
        self.assertEqual(set(KEY.findall(manual)), keys)
        self.assertEqual(manual.count("\n.It Fl Fl "), len(settings))

    def test_the_manual_is_well_formed(self):
        page = self.files[NAME + ".8"]
        if shutil.which("man"):
            done = subprocess.run(["man", "--warnings", "-l", "-Z", page],
                                  capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        if shutil.which("mandoc"):
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning",
                                   page], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_the_unit_starts_what_is_installed(self):
        unit = self.text(NAME + ".service")
        start, = re.findall("^ExecStart=(.*)$", unit, re.M)
        self.assertEqual(start.split()[:2],
                         [f"{PREFIX}/bin/{NAME}", "--config"])
        self.assertNotIn("@", unit.replace("@system-service", "").replace(
            "~@privileged @resources", ""))

    def test_the_unit_starts_again_what_may_heal(self):
        """A port in use, or no mail root yet; but no wrong command line. With
        its defaults systemd gives up at the fifth start within 10 s."""
        unit = self.text(NAME + ".service")
        last, = re.findall("^RestartPreventExitStatus=(.*)$", unit, re.M)
        pause, = re.findall("^RestartSec=([0-9]+)s$", unit, re.M)
        self.assertGreater(5 * int(pause), 10)
        with tempfile.TemporaryDirectory() as root, \
                socket.create_server(("127.0.0.1", 0)) as other:
            users = os.path.join(root, "users")
            with open(users, "w", opener=private) as file:
                file.write(USERS)
            port = str(other.getsockname()[1])
            for heals, *options in (
                    (False, "--nope"),
                    (True, "--maildir", root + "/mail"),
                    (True, "--maildir", root, "--port", port)):
                done = subprocess.run(
                    [self.program, "--users", users, *options],
                    capture_output=True, text=True, timeout=PATIENCE)
                self.assertNotEqual(done.returncode, 0)
                self.assertEqual(str(done.returncode) not in last.split(),
                                 heals, done.stderr)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
    def test_the_unit_is_right_and_exposes_little(self):
        with tempfile.TemporaryDirectory() as folder:
            unit = os.path.join(folder, NAME + ".service")
            with open(unit, "w", encoding="ascii") as file:
                file.write(self.text(NAME + ".service").replace(
                    f"{PREFIX}/bin/{NAME}", self.program))
            done = subprocess.run(
                ["systemd-analyze", "verify", "--man=no", unit],
                capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            done = subprocess.run(
                ["systemd-analyze", "security", "--offline=yes",
                 "--no-pager", "--threshold=20", unit],
                capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_file_to_begin_with_serves(self):
        """As it is, but for mail, and for ports that may be in use."""
        settings = json.loads(self.text(NAME + ".json"))
        self.assertIn("\nReadWritePaths=-" + os.path.dirname(
            settings["store"]["maildir"]), self.text(NAME + ".service"))
        settings["store"]["maildir"] = "mail"
        if not has_ipv6():
            settings["listeners"] = [x for x in settings["listeners"]
                                     if ":" not in x["address"]]
        for listener in settings["listeners"]:
            listener["port"] = 0
        with Certificates("server") as own:
            path = os.path.join(own.root, "config.json")
            with open(path, "w", encoding="ascii") as file:
                json.dump(settings, file)
            with open(os.path.join(own.root, "users"), "w",
                      opener=private) as file:
                file.write(USERS)
            os.mkdir(os.path.join(own.root, "mail"))
            self.serve(path, own, settings["listeners"])

    def serve(self, path, own, listeners):
        process = subprocess.Popen([self.program, "--config", path],
                                   stdout=subprocess.PIPE, text=True,
                                   stderr=subprocess.PIPE)
        with process:
            for listener in listeners:
                line = process.stdout.readline()
                tls = listener.get("tls") == "implicit"
                self.assertTrue(line.startswith(
                    "listening with TLS on" if tls else "listening on"), line)
                if listener["address"] == "127.0.0.1":
                    self.talk(int(line.rsplit(":", 1)[1]), own, tls)
            process.terminate()
            out, err = process.communicate(timeout=PATIENCE)
        self.assertEqual((out, process.returncode), ("", 0))
        for line in err.splitlines():
            self.assertRegex(line, r"^time=\S+ event=(?!error)")

    def talk(self, port, own, tls):
        with Client(port, tls=own.context() if tls else None) as client:
            if not tls:
                self.assertTrue(client.ask("USER al").startswith("-ERR"))
                client.command("STLS")
                client.start_tls(own.context())
            client.command("USER al")
            client.command("PASS secret")
            client.command("QUIT")


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def main():
    global CMAKE, BUILD, PREFIX
    CMAKE, BUILD, PREFIX = (sys.argv.pop(1) for _ in range(3))
    unittest.main()


if __name__ == "__main__":
    main()
