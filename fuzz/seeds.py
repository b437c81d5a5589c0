#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Inputs for the fuzz targets, made of the scenarios, their fixtures and more.

usage: seeds.py DIRECTORY

Fills DIRECTORY/<target>/ with what a fuzzer starts from: dialogues as sessions,
their commands as lines, fixtures as messages and as replies, the scenarios as
they are. What of it covers anything is in corpus/ (scripts/fuzz --minimise).
"""
import glob
import hashlib
import json
import os
import re
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCENARIOS = os.path.join(ROOT, "scenarios")
SETTINGS = os.path.join(ROOT, "reference-server", "pop3-reference-server.json")
LOGIN = b"USER mrose\r\nPASS tanstaaf\r\n"
# What {...} stands for on a client's line, in the world of fuzz_session.c.
WORDS = {
    "CRLF": b"\r\n", "CR": b"\r", "LF": b"\n", "SP": b" ", "NUL": b"\0",
    "user": b"mrose", "password": b"tanstaaf", "secret": b"tanstaaf",
    "wrong password": b"xanstaaf",
}
DIGEST = b"c4c9334bac560ecc979e58001b3e22fb"
EVENTS = {"drops": b"\xffd", "resets": b"\xffd", "half-closes": b"\xffh"}
SMALL = 4096


def expand(match):
    word = match[1].decode()
    times = re.fullmatch(r"(\d+) times (.+)", word)
    if times:
        return times[2].encode() * min(int(times[1]), 600)
    if word in WORDS:
        return WORDS[word]
    if word.startswith("0x"):
        return bytes([int(word, 16)])
    if word.startswith("number of "):
        return str(1 + (ord(word[-1]) - ord("a")) % 4).encode()
    return DIGEST if word.startswith("md5 of ") else b"1"


def octets(text):
    return re.sub(rb"\{((?:[^{}]|\{[^{}]*\})*)\}", expand, text.encode())


def sent_by_step(step):
    """What fuzz_session sends, or lets happen, for a step."""
    if isinstance(step, str):
        return octets(step[3:]) + b"\r\n" if step.startswith("C: ") else \
            octets(step[4:]) + b"\r\n" if step.startswith("C2: ") else b""
    if "new session" in step:
        return b"\xffn" + (LOGIN if step["new session"] == "transaction"
                           else b"")
    if "client" in step:
        return EVENTS.get(step["client"], b"")
    if "second client" in step:
        return {"logs in": b"\xff2" + LOGIN,
                "connects": b"\xff2"}.get(step["second client"], b"\xffd\xff1")
    if "silence" in step:
        return b"\xfft\x3c"
    for key, value in step.items():
        if key.endswith(" in one piece"):
            return b"\xffc" + octets(value) + b"\xffc"
        if key.endswith(" in pieces"):
            return b"\xffc".join(map(octets, value)) + b"\xffc"
        if key.endswith(" times"):
            return sent(value) * 3
    return b""


def sent(steps):
    return b"".join(map(sent_by_step, steps))


def scenarios():
    for path in sorted(glob.glob(os.path.join(SCENARIOS, "*", "*.json"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if "maildrops" not in path and "dialogue" in text:
            yield text, json.loads(text)


def fixtures():
    for path in sorted(glob.glob(os.path.join(SCENARIOS, "maildrops", "*",
                                              "*.eml"))):
        with open(path, "rb") as file:
            yield file.read()


def sessions():
    for _, scenario in scenarios():
        login = LOGIN if scenario["start"] == "transaction" else b""
        yield b"0" + login + sent(scenario.get("given", []) +
                                  scenario["dialogue"])
        yield b"p" + login + sent(scenario["dialogue"])


def commands():
    for _, scenario in scenarios():
        for event in re.split(rb"\xff.", sent(scenario["dialogue"]), re.S):
            yield event


def replies():
    status = [b"+OK\r\n", b"-ERR no\r\n", b"+OK 2 320\r\n", b"+ok\r\n",
              b"+OKAY\r\n", b"+OK lf\n", b"\r\n", b"+OK \r x\r\n",
              b"+OK " + b"x" * 508 + b"\r\n"]
    ends = [b".\r\n", b".\n", b".\r", b"\n.\r\n", b"", b".\r\n-ERR more\r\n"]
    for line in status:
        yield b"\0\2" + line
    for message in fixtures():
        body = message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        body = re.sub(rb"(?m)^\.", b"..", body[:SMALL])
        for end in ends:
            yield b"\x55\3+OK here it comes\r\n" + body + end
            yield b"\x55\1+OK\r\n" + body[:40] + end + b"-ERR no\r\n"


def messages():
    for message in fixtures():
        yield b"\2\0" + message[:2 * SMALL]
        yield b"\0\7" + message[:300]


def documents():
    for text, _ in scenarios():
        yield text.encode()
    with open(os.path.join(SCENARIOS, "register.json"),
              encoding="utf-8") as file:
        register = json.load(file)
    for i in range(0, len(register["requirements"]), 40):
        few = register["requirements"][i:i + 2]
        yield json.dumps({**register, "requirements": few},
                         indent=1).encode()
    for path in sorted(glob.glob(os.path.join(SCENARIOS, "maildrops", "*",
                                              "maildrop.json"))):
        with open(path, "rb") as file:
            yield file.read()


def lie(when, what, told=b"", count=None):
    return bytes([when]) + what + \
        bytes([len(told) if count is None else count]) + told


def plays():
    lies = [(b"=", b"-ERR no\r\n"), (b"=", b"+OK\r\n"), (b"x",), (b"s",),
            (b"+", b"-ERR more\r\n"), (b"-", b"+OK 2 320\r\n"),
            (b"=", b"+OK\r\n1 9\r\n2 a\r\n.\r\n"), (b"*", b"x\r\n"),
            (b"@", b"\x04\xff\0{\r"), (b"=", b"-ERR [IN-USE] busy\r\n"),
            (b"+", b".\n"), (b"=", b"+ok <1@x>\n")]
    for scenario in range(20):
        for i, (what, *told) in enumerate(lies):
            first = scenario + 128 * (i % 3 == 0)
            when = (scenario * 5 + i * 7) % 13
            yield bytes([first]) + lie(when, what, *told)
            yield bytes([first]) + lie(when + 1, b"<", count=i) + \
                lie(when + 2, what, *told) + lie(when + 2, b"x")


def index_entry(name, stored=20, sent=22, nanoseconds=7):
    return struct.pack(f"<B{len(name)}sQQQqI", len(name), name, 1 << 40, stored,
                       sent, 1700000000, nanoseconds)


def index(entries, head=b"pop3spec index 3\n"):
    octets = head + entries + b"\0"
    checksum = 14695981039346656037
    for i in range(0, len(octets), 8):
        eight = int.from_bytes(octets[i:i + 8], "little")
        checksum = (checksum ^ eight) * 1099511628211 % (1 << 64)
    return octets + struct.pack("<Q", checksum)


def indexes():
    a, b = index_entry(b"9.a\xff"), index_entry(b"10.b", 0, 0)
    for whole in index(a + b), index(b + a), index(a + a), index(b""), \
            index(a, b"pop3spec index 2\n"), index(a)[:-1] + b"?", \
            index(a + b)[:40], b"":
        yield b"\0" + whole
    for entry in index_entry(b"1.a:2,S"), index_entry(b"1/a"), \
            index_entry(b".a"), index_entry(b"1\0"), \
            index_entry(b"1.a", 20, 19), index_entry(b"1.a", 20, 43), \
            index_entry(b"1.a", 1 << 63, 1 << 63), \
            index_entry(b"1.a", nanoseconds=10**9), a[:-1], a + b[:9], \
            index_entry(b"1" * 255):
        yield b"\1" + entry
    written = b"\4%s\1\7\1\x14\1\2\1\5\1\6"
    yield b"\2" + written % b"9.b\xff" + written % b"10.a" + written % b"10.c"


def exchanges():
    """What fuzz_sasl plays: mechanism, user, and what is spoilt of messages."""
    spoils = (b"\0", b"\2\0", b"\2\5", b"\3\0\1", b"\3\12\1", b"\4\1\0",
              b"\4\4,x=y", b"\5n\4\0")
    for mechanism in range(8):
        for user in range(6):
            for more in 0, 16, 32, 64, 128:
                for with_auth in 0, 16:
                    yield bytes([mechanism + with_auth, user + more, 0, 0])
        for spoil in spoils:
            yield bytes([mechanism, 66]) + spoil
            yield bytes([mechanism, 67, 0]) + spoil
    for said in b"n,,\1auth=Bearer vF9dft4qmT\1\1", b"n,,\1auth=Bearer x\1\1", \
            b"n,a=other,\1host=x\1auth=bearer vF9dft4qmT\1\1", b"n,,\1\1", \
            b"y,a=plain,\1auth=Bearer vF9dft4qmT\1\1", b"p=x,,\1\1", b"n,,":
        message = bytes([1, len(said)]) + said
        yield bytes([8, 64]) + message + b"\1\1\1"
        yield bytes([8, 64]) + message * 2


def settings():
    """The file to begin with, and each of its members alone."""
    with open(SETTINGS, "rb") as file:
        whole = file.read()
    yield whole
    for key, value in json.loads(whole).items():
        yield json.dumps({key: value}).encode()


def main():
    for target, inputs in (("session", sessions()), ("command", commands()),
                           ("reply", replies()), ("dots", messages()),
                           ("scenario", documents()), ("play", plays()),
                           ("index", indexes()), ("sasl", exchanges()),
                           ("config", settings())):
        folder = os.path.join(sys.argv[1], target)
        os.makedirs(folder, exist_ok=True)
        for made in filter(None, inputs):
            name = hashlib.sha1(made).hexdigest()
            with open(os.path.join(folder, name), "wb") as file:
                file.write(made)


if __name__ == "__main__":
    main()
