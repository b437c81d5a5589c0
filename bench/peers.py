# SPDX-License-Identifier: MIT
"""The servers that are measured. Each keeps to the first core."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time

ACCOUNTS = 50
PASSWORD = "secret"
FIRST_CORE = ["taskset", "--cpu-list", "0"]


class Peer:
    """A program that serves Maildirs at self.port, until close()."""

    def __init__(self, root):
        self.root = root
        self.mail = os.path.join(root, "mail")
        os.makedirs(self.mail)

    def start(self, *command, **more):
        self.process = subprocess.Popen([*FIRST_CORE, *command], **more)

    def folder(self, account):
        return os.path.join(self.mail, f"user{account}")

    def put(self, account, messages):
        """All that the account has: octets by the unique name of a file."""
        folder = self.folder(account)
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("new", "cur", "tmp"):
            os.makedirs(os.path.join(folder, name))
        for name, octets in messages:
            with open(os.path.join(folder, "cur", name + ":2,S"),
                      "wb") as file:
                file.write(octets)
        self.own(folder)

    def own(self, folder):
        pass

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


class Ours(Peer):
    """With its log, as Dovecot has its own."""

    name = "pop3spec"
    index = ("pop3spec.index",)

    def __init__(self, root, program, log=True):
        super().__init__(root)
        logging = ["--log", os.path.join(root, "log")] if log else []
        users = os.path.join(root, "users")
        with open(os.open(users, os.O_WRONLY | os.O_CREAT, 0o600),
                  "w") as file:
            for i in range(ACCOUNTS):
                file.write(f"user{i}:{PASSWORD}\n")
        self.start(program, "--maildir", self.mail, "--users", users,
                   *logging, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])


class Dovecot(Peer):
    """Tuned: processes that serve many clients, one owner of all mail."""

    name = "Dovecot"
    index = ("dovecot.index", "dovecot.index.cache", "dovecot.index.log",
             "dovecot-uidlist")

    def __init__(self, root):
        super().__init__(root)
        self.owner = pwd.getpwnam("mail")
        os.chmod(root, 0o755)
        os.chown(self.mail, self.owner.pw_uid, self.owner.pw_gid)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        users = os.path.join(root, "users")
        with open(users, "w") as file:
            for i in range(ACCOUNTS):
                file.write(f"user{i}:{{PLAIN}}{PASSWORD}:"
                           f"{self.owner.pw_uid}:{self.owner.pw_gid}::"
                           f"{self.folder(i)}::\n")
        shutil.chown(users, group="dovecot")
        config = os.path.join(root, "dovecot.conf")
        with open(config, "w") as file:
            file.write(f"""
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
listen = 127.0.0.1
protocols = pop3
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~
mail_max_userip_connections = 1000
pop3_lock_session = yes
passdb {{
  driver = passwd-file
  args = username_format=%u {users}
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {users}
}}
service pop3-login {{
  service_count = 0
  process_min_avail = 2
  inet_listener pop3 {{
    port = {self.port}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service pop3 {{
  service_count = 200
  process_min_avail = 2
}}
""")
        self.start("dovecot", "-F", "-c", config)
        wait_for_greeting(self.port)

    def own(self, folder):
        for path, folders, files in os.walk(folder):
            for name in [path] + [os.path.join(path, f) for f in files]:
                os.chown(name, self.owner.pw_uid, self.owner.pw_gid)


class Bare:
    """Octets from memory over loopback; knows nothing of POP3."""

    name = "bare copy"

    def __init__(self, program, octets):
        self.process = subprocess.Popen([*FIRST_CORE, program, str(octets)],
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def close(self):
        self.process.kill()
        self.process.wait()


def wait_for_greeting(port):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), 10) as s:
                if s.recv(512).startswith(b"+OK"):
                    return
        except OSError:
            time.sleep(0.02)  # until something listens
    raise TimeoutError("no greeting")
