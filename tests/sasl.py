# SPDX-License-Identifier: MIT
"""A SASL client for tests, made of Python's digests alone."""

import base64
import hashlib
import hmac
import os


def b64(octets):
    return base64.b64encode(octets).decode()


def plain(user, password, authzid=""):
    return b64("\0".join((authzid, user, password)).encode())


def capabilities(client):
    client.command("CAPA")
    return client.body().decode().splitlines()


def challenge(client, line):
    """Says the line; returns what the challenge that must follow decodes to."""
    answer = client.ask(line)
    assert answer.startswith("+ ") and answer.endswith("\r\n"), answer
    return base64.b64decode(answer[2:-2], validate=True).decode()


class Scram:
    """RFC 5802, the client's end. The header says how it binds the channel, of
    which binding are the octets."""

    def __init__(self, name, user, password="secret", header="n,,",
                 binding=b""):
        self.hash = "sha256" if "256" in name else "sha1"
        self.name, self.password = name, password
        self.header, self.binding = header, binding
        self.bare = f"n={user},r=" + os.urandom(9).hex()

    def mac(self, key, text):
        return hmac.new(key, text.encode(), self.hash).digest()

    def proof(self, first):
        """Returns the final message, and what the server must prove."""
        nonce, salt, count = (part[2:] for part in first.split(",", 2))
        bound = b64(self.header.encode() + self.binding)
        final = f"c={bound},r={nonce}"
        salted = hashlib.pbkdf2_hmac(self.hash, self.password.encode(),
                                     base64.b64decode(salt), int(count))
        key = self.mac(salted, "Client Key")
        stored = hashlib.new(self.hash, key).digest()
        said = f"{self.bare},{first},{final}"
        mac = self.mac(stored, said)
        proof = bytes(a ^ b for a, b in zip(key, mac))
        server = self.mac(self.mac(salted, "Server Key"), said)
        return f"{final},p={b64(proof)}", "v=" + b64(server)

    def play(self, client):
        """Returns the reply that ends it."""
        first = challenge(client, f"AUTH {self.name} "
                          + b64((self.header + self.bare).encode()))
        final, server = self.proof(first)
        answer = client.ask(b64(final.encode()))
        if answer.startswith("-ERR"):
            return answer
        assert base64.b64decode(answer[2:]).decode() == server, answer
        return client.ask("")
