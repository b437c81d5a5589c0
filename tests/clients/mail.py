# SPDX-License-Identifier: MIT
"""The messages that clients fetch: what they trip over, within RFC 5322."""


class ClientAtFault(Exception):
    """What a client gets wrong by itself, now and then."""


HEADER = b"From: Dewey <dewey@example.org>\r\nTo: al@example.org\r\n" \
         b"Date: Thu, 26 Nov 2026 10:00:00 +0000\r\n"


def message(name, body):
    return (HEADER + b"Message-ID: <" + name.encode() + b"@example.org>\r\n"
            b"Subject: " + name.encode() + b"\r\n\r\n" + body)


MESSAGES = [message(name, body) for name, body in [
    ("plain", b"one line\r\n"),
    ("dots", b".\r\n..\r\n...\r\n.x\r\nx.\r\n.\r\n"),
    ("dots-at-the-end", b"text\r\n.\r\n"),
    ("a-dot-first", b".begins with it\r\n"),
    ("blank-lines", b"\r\n\r\nbetween\r\n\r\n\r\n"),
    ("octets-beyond-ascii", bytes(range(0x80, 0x100)) + b"\r\n"),
    ("line-of-998", b"x" * 998 + b"\r\n"),
    ("dots-at-4096", b"".join(b"%s\r\n.\r\n" % (b"y" * (i % 71))
                              for i in range(400))),
    ("100-kib", (b"z" * 62 + b"\r\n") * 1600),
]]


def with_lf(octets):
    """As a host stores lines, or a client delivers them."""
    return octets.replace(b"\r\n", b"\n")
