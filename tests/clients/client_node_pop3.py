# SPDX-License-Identifier: MIT
"""node-pop3 of npm: hands on the octets of the wire, still byte-stuffed."""

import os
import shutil
import subprocess

TRANSPORTS = ["clear", "implicit"]
LOGINS = ["USER"]
DELIVERS_LF = False
HERE = os.path.dirname(os.path.abspath(__file__))


def installed():
    return shutil.which("node") and os.path.isdir(
        os.path.join(HERE, "node_modules", "node-pop3"))


def unstuffed(octets):
    """It leaves out the termination octet with the CRLF before it."""
    lines = (octets + b"\r\n").splitlines(keepends=True)
    return b"".join(x[1:] if x.startswith(b".") else x for x in lines)


def fetch(case):
    done = subprocess.run(
        ["node", os.path.join(HERE, "node_pop3.mjs"), str(case.port),
         case.transport, case.user, "delete" if case.delete else "keep",
         case.folder], capture_output=True, timeout=120,
        env={"PATH": os.environ["PATH"], "PASSWORD": case.password,
             "NODE_EXTRA_CA_CERTS": case.ca})
    if done.returncode:
        raise RuntimeError((done.stderr + done.stdout).decode("latin-1"))
    got = []
    for i in range(int(done.stdout)):
        with open(case.path(f"{i + 1}"), "rb") as file:
            got.append(unstuffed(file.read()))
    return got
