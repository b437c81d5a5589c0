# SPDX-License-Identifier: MIT
"""mpop: pipelines where CAPA allows it; each message becomes a file."""

import os
import shutil
import subprocess

TRANSPORTS = ["clear", "stls", "implicit"]
LOGINS = ["user", "apop", "plain", "cram-md5", "scram-sha-1",
          "scram-sha-256"]
DELIVERS_LF = True


def installed():
    return shutil.which("mpop")


def fetch(case):
    for name in ("mail", "mail/new", "mail/cur", "mail/tmp"):
        os.mkdir(case.path(name))
    rc = case.write("rc", f"""
account a
host localhost
port {case.port}
user {case.user}
password {case.password}
auth {case.login}
tls {"off" if case.transport == "clear" else "on"}
tls_starttls {"on" if case.transport == "stls" else "off"}
tls_trust_file {case.ca}
delivery maildir {case.path("mail")}
uidls_file {case.path("uidls")}
keep {"off" if case.delete else "on"}
received_header off
pipelining auto
""")
    done = subprocess.run(["mpop", "--file", rc, "a"], capture_output=True,
                          timeout=120)
    if done.returncode:
        raise RuntimeError(done.stderr.decode("latin-1").strip())
    return in_order(case.path("mail/new"))


def in_order(folder):
    """The messages of a folder, as they were delivered."""
    paths = [os.path.join(folder, name) for name in os.listdir(folder)]
    got = []
    for path in sorted(paths, key=lambda p: os.stat(p).st_mtime_ns):
        with open(path, "rb") as file:
            got.append(file.read())
    return got
