# SPDX-License-Identifier: MIT
"""Python's own."""

import poplib
import ssl

TRANSPORTS = ["clear", "stls", "implicit"]
LOGINS = ["USER", "APOP"]
DELIVERS_LF = False

poplib._MAXLINE = 1 << 20  # by default it refuses lines of 2,048 octets


def installed():
    return True


def connect(case):
    context = ssl.create_default_context(cafile=case.ca)
    if case.transport == "implicit":
        return poplib.POP3_SSL("localhost", case.port, timeout=60,
                               context=context)
    client = poplib.POP3("localhost", case.port, timeout=60)
    if case.transport == "stls":
        client.stls(context)
    return client


def fetch(case):
    client = connect(case)
    if case.login == "APOP":
        client.apop(case.user, case.password)
    else:
        client.user(case.user)
        client.pass_(case.password)
    got = []
    for i in range(client.stat()[0]):
        got.append(b"".join(line + b"\r\n" for line in client.retr(i + 1)[1]))
        if case.delete:
            client.dele(i + 1)
    client.quit()
    return got
