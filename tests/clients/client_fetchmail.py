# SPDX-License-Identifier: MIT
"""fetchmail: hands each message to a program, which appends it to a file."""

import shutil
import subprocess

TRANSPORTS = ["clear", "stls", "implicit"]
LOGINS = ["USER", "APOP"]
DELIVERS_LF = True
END = b"\n= end of this one =\n"


def installed():
    return shutil.which("fetchmail")


def security(case):
    if case.transport == "clear":
        return 'sslproto ""'
    how = "ssl" if case.transport == "implicit" else ""
    proto = "auto" if case.transport == "implicit" else "tls1.2+"
    return (f'{how} sslproto "{proto}" sslcertck sslcertfile "{case.ca}" '
            'sslcommonname "localhost"')


def fetch(case):
    protocol = "APOP" if case.login == "APOP" else "POP3"
    mda = case.write("mda", f"cat; printf '{END.decode()!s}'"
                     .replace("\n", "\\n"))
    rc = case.write("rc", f"""
poll localhost service {case.port} protocol {protocol}
    user "{case.user}" password "{case.password}"
    {"no keep" if case.delete else "keep"} fetchall norewrite
    {security(case)}
    mda "sh {mda} >> {case.path('mail')}"
""")
    done = subprocess.run(
        ["fetchmail", "--fetchmailrc", rc, "--invisible", "--nosyslog",
         "--nodetach", "--timeout", "60", "--pidfile", case.path("pid"),
         "--idfile", case.path("ids")], capture_output=True,
        env={"HOME": case.folder, "PATH": "/usr/bin:/bin"})
    if done.returncode:
        raise RuntimeError((done.stderr + done.stdout).decode("latin-1"))
    with open(case.path("mail"), "rb") as file:
        return file.read().split(END)[:-1]
