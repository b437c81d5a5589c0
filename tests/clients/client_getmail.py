# SPDX-License-Identifier: MIT
"""getmail6: delivers to a Maildir; not as root, so it becomes nobody then.

It forks for each message, and waits for ever, or for its timeout, when the child
ends before it listens for that: then the case is tried again.
"""

import os
import shutil
import subprocess

from client_mpop import in_order
from mail import ClientAtFault

TRANSPORTS = ["clear", "implicit"]
LOGINS = ["USER", "APOP"]
DELIVERS_LF = True


def installed():
    return shutil.which("getmail")


def retriever(case):
    if case.transport == "implicit":
        return f"type = SimplePOP3SSLRetriever\nca_certs = {case.ca}"
    return "type = SimplePOP3Retriever"


def fetch(case):
    for name in ("mail", "mail/new", "mail/cur", "mail/tmp"):
        os.mkdir(case.path(name))
    case.write("getmailrc", f"""
[retriever]
{retriever(case)}
server = localhost
port = {case.port}
username = {case.user}
password = {case.password}
use_apop = {case.login == "APOP"}
timeout = 20
[destination]
type = Maildir
path = {case.path("mail")}/
[options]
delete = {case.delete}
received = false
delivered_to = false
""")
    as_nobody = []
    if os.geteuid() == 0:
        as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup",
                     "--clear-groups"]
        for path, folders, files in os.walk(case.folder):
            for name in [path] + [os.path.join(path, f) for f in files]:
                shutil.chown(name, "nobody", "nogroup")
    done = subprocess.run(
        [*as_nobody, "getmail", "--getmaildir", case.folder],
        capture_output=True, timeout=120,
        env={"HOME": case.folder, "PATH": "/usr/bin:/bin"})
    if b"waiting child pid" in done.stderr + done.stdout:
        raise ClientAtFault("getmail missed the end of its child")
    if done.returncode:
        raise RuntimeError((done.stderr + done.stdout).decode("latin-1"))
    return [without_return_path(m) for m in in_order(case.path("mail/new"))]


def without_return_path(octets):
    """It puts a line of its own in front."""
    first, rest = octets.split(b"\n", 1)
    if not first.startswith(b"Return-Path: "):
        raise RuntimeError(f"no Return-Path: {first!r}")
    return rest
