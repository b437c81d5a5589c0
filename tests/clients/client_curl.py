# SPDX-License-Identifier: MIT
"""curl: one command a message; APOP by itself when the greeting allows it."""

import shutil
import subprocess

TRANSPORTS = ["clear", "stls", "implicit"]
LOGINS = ["its choice", "APOP", "PLAIN", "CRAM-MD5"]
DELIVERS_LF = False


def installed():
    return shutil.which("curl")


def ask(case, what, *more):
    scheme = "pop3s" if case.transport == "implicit" else "pop3"
    command = ["curl", "--silent", "--show-error", "--max-time", "60",
               "--user", f"{case.user}:{case.password}",
               f"{scheme}://localhost:{case.port}/{what}",
               "--resolve", f"localhost:{case.port}:127.0.0.1",
               "--cacert", case.ca, *more]
    if case.transport == "stls":
        command.append("--ssl-reqd")
    if case.login != "its choice":
        auth = "+APOP" if case.login == "APOP" else case.login
        command += ["--login-options", "AUTH=" + auth]
    done = subprocess.run(command, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr.decode("latin-1").strip())
    return done.stdout


def fetch(case):
    got = [ask(case, str(i + 1)) for i in range(case.count)]
    if case.delete:  # curl has one command a session: one message each
        for _ in range(case.count):
            ask(case, "1", "--request", "DELE", "--head")
    return got
