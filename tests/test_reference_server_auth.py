# SPDX-License-Identifier: MIT
"""AUTH of the program: python3 test_reference_server_auth.py PROGRAM

A SASL client of its own: Python's digests, curl where it is installed.
"""

import hashlib
import hmac
import poplib
import shutil
import subprocess
import sys
import unicodedata
import unittest

from reference_server import PATIENCE, Server
from sasl import Scram, b64, capabilities, challenge, plain

PROGRAM = ""  # set by main

SCHEMES = "PLAIN", "CRYPT", "SCRAM-SHA-1", "SCRAM-SHA-256"


def hashed(scheme, password="secret"):
    done = subprocess.run([PROGRAM, "--hash", scheme], input=password + "\n",
                          capture_output=True, text=True, check=True,
                          timeout=PATIENCE)
    return done.stdout


def users(*schemes):
    """A users file: each scheme, in lower case, is a user."""
    return "".join(f"{scheme.lower()}:{hashed(scheme)}" for scheme in schemes)


def serve(*options, schemes=SCHEMES):
    server = Server(PROGRAM, *options, users_text=users(*schemes))
    for scheme in schemes:
        server.put("new/1", b"x\n", scheme.lower())
    return server


class Mechanisms(unittest.TestCase):
    def test_capa_lists_what_can_succeed_in_both_states(self):
        line = "SASL SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN"
        with serve() as server, server.client() as client:
            self.assertIn(line, capabilities(client))
            self.assertIn("AUTH-RESP-CODE", capabilities(client))
            client.command("AUTH PLAIN " + plain("crypt", "secret"))
            self.assertIn(line, capabilities(client))
        with serve(schemes=["CRYPT"]) as server, server.client() as client:
            self.assertIn("SASL PLAIN", capabilities(client))

    def test_plain_and_pass_let_every_scheme_in(self):
        with serve() as server:
            for scheme in SCHEMES:
                with server.client() as client:
                    client.command("AUTH PLAIN "
                                   + plain(scheme.lower(), "secret"))
                    client.command("STAT")
                    client.command("QUIT")
                client = poplib.POP3("127.0.0.1", server.port, timeout=PATIENCE)
                client.user(scheme.lower())
                client.pass_("secret")
                self.assertEqual(client.stat(), (1, 3))
                client.quit()

    def test_scram_lets_keys_and_passwords_in(self):
        with serve() as server:
            for name in "SCRAM-SHA-1", "SCRAM-SHA-256":
                for user in "plain", name.lower():
                    with server.client() as client:
                        self.assertRegex(Scram(name, user).play(client),
                                         rf"^\+OK {user}'s maildrop")
                        client.command("QUIT")

    def test_cram_md5_and_apop_need_a_password_in_clear(self):
        with serve() as server, server.client() as client:
            asked = challenge(client, "AUTH CRAM-MD5")
            mac = hmac.new(b"secret", asked.encode(), "md5").hexdigest()
            self.assertRegex(client.ask(b64(f"plain {mac}".encode())), r"^\+OK")
            client.command("QUIT")
            client = poplib.POP3("127.0.0.1", server.port, timeout=PATIENCE)
            client.apop("plain", "secret")
            client.quit()
        with serve(schemes=["SCRAM-SHA-1"]) as server:
            with server.client() as client:
                self.assertNotIn("<", client.greeting)
                self.assertRegex(client.ask("AUTH CRAM-MD5"), "^-ERR no mech")

    def test_cram_md5_names_our_host_and_never_says_the_same(self):
        with serve("--host", "pop.example.org") as server:
            said = []
            for _ in range(3):
                with server.client() as client:
                    for _ in range(3):
                        said.append(challenge(client, "AUTH CRAM-MD5"))
                        client.ask("*")
        for text in said:  # RFC 2195 section 2: digits, a time, a host
            self.assertRegex(text, r"^<[0-9a-f]+\.[0-9]+\.[0-9]{10,}"
                             r"@pop\.example\.org>$")
        self.assertEqual(len(set(said)), len(said))

    def test_anonymous_opens_a_maildrop(self):
        with serve("--anonymous", "crypt") as server:
            with server.client() as client:
                self.assertIn(" ANONYMOUS", "\n".join(capabilities(client)))
                client.command("AUTH ANONYMOUS =")
                client.command("STAT")

    def test_oauthbearer_is_not_for_clear_connections(self):
        with serve("--oauth-command", "echo crypt") as server:
            with server.client() as client:
                self.assertNotIn("OAUTHBEARER", " ".join(capabilities(client)))
                self.assertRegex(client.ask("AUTH OAUTHBEARER"), "^-ERR no mech")

    @unittest.skipUnless(shutil.which("curl"), "no curl here")
    def test_curl_gets_in(self):
        with serve() as server:
            for mechanism in "PLAIN", "CRAM-MD5":
                done = subprocess.run(
                    ["curl", "--silent", "--show-error", "--max-time", "60",
                     "--login-options", "AUTH=" + mechanism, "--user",
                     "plain:secret", f"pop3://127.0.0.1:{server.port}/1"],
                    capture_output=True, text=True, timeout=PATIENCE + 60)
                self.assertEqual((done.returncode, done.stdout.split()),
                                 (0, ["x"]), done.stderr)


# As somebody types it, and as SASLprep (RFC 4013) makes it.
WORDS = (("Kapitel \u2168", "Kapitel IX"), ("so\u00adft", "soft"),
         ("two\u00a0words", "two words"),
         (unicodedata.normalize("NFD", "K\u00fc\u00dfe"), "K\u00fc\u00dfe"),
         ("K\u00fc\u00dfe", "K\u00fc\u00dfe"))


class Prepared(unittest.TestCase):
    """Passwords that are no ASCII mean the same however they are written."""

    def serve(self, *lines):
        return Server(PROGRAM, users_text="".join(lines))

    def test_plain_and_pass_take_either_writing(self):
        for typed, prepared in WORDS:
            lines = [f"clear:{typed}\n"] + [
                f"{scheme.lower()}:{hashed(scheme, typed)}"
                for scheme in SCHEMES]
            with self.serve(*lines) as server:
                for user in "clear", *map(str.lower, SCHEMES):
                    for word in typed, prepared:
                        with server.client() as client:
                            client.command("AUTH PLAIN " + plain(user, word))
                            client.command("QUIT")
                    if not prepared.isascii():
                        continue  # not for PASS, without "UTF8 USER" in CAPA
                    with server.client() as client:
                        client.command("USER " + user)
                        client.command("PASS " + prepared)
                        client.command("QUIT")

    def test_digests_are_of_what_was_prepared(self):
        for typed, prepared in WORDS:
            with self.serve(f"clear:{typed}\n",
                            "hashed:" + hashed("SCRAM-SHA-1", typed)) as server:
                for user in "clear", "hashed":
                    with server.client() as client:
                        scram = Scram("SCRAM-SHA-1", user, prepared)
                        self.assertRegex(scram.play(client), r"^\+OK")
                with server.client() as client:
                    asked = challenge(client, "AUTH CRAM-MD5")
                    mac = hmac.new(prepared.encode(), asked.encode(), "md5")
                    client.command(b64(f"clear {mac.hexdigest()}".encode()))
                    client.command("QUIT")
                with server.client() as client:
                    stamp = client.greeting[client.greeting.index("<"):].strip()
                    digest = hashlib.md5((stamp + prepared).encode())
                    client.command("APOP clear " + digest.hexdigest())

    def test_what_cannot_be_prepared_is_no_password(self):
        for word in "a\u0221", "a\u200e", "\u0627a", "\u00ad":
            made = subprocess.run([PROGRAM, "--hash", "CRYPT"],
                                  input=word + "\n", capture_output=True,
                                  text=True, timeout=PATIENCE)
            self.assertEqual((made.returncode, made.stdout), (1, ""), word)
            self.assertIn("SASLprep", made.stderr)
            with self.assertRaisesRegex(RuntimeError,
                                        r"users:2:11: .*SASLprep"):
                self.serve("bob:x\n", "al:{PLAIN}" + word + "\n")


class Failures(unittest.TestCase):
    def test_wrong_credentials_get_one_answer(self):
        failed = "-ERR [AUTH] authentication failed\r\n"
        with serve() as server, server.client() as client:
            for scheme in SCHEMES:
                user = scheme.lower()
                self.assertEqual(client.ask("AUTH PLAIN "
                                            + plain(user, "wrong")), failed)
                self.assertEqual(client.ask("AUTH PLAIN " + plain(
                    user, "secret", "plain2")), failed)
            for user in "nobody", "../plain":
                self.assertEqual(client.ask("AUTH PLAIN "
                                            + plain(user, "secret")), failed)
            for user, password in (("plain", "wrong"), ("nobody", "secret"),
                                   ("crypt", "secret")):
                scram = Scram("SCRAM-SHA-256", user, password)
                self.assertEqual(scram.play(client), failed)
            client.command("USER plain")
            self.assertRegex(client.ask("PASS wrong"), r"^-ERR \[AUTH\] ")
            client.command("AUTH PLAIN " + plain("plain", "secret"))

    def test_unknown_names_get_the_same_salt_each_time(self):
        with serve() as server, server.client() as client:
            salts = []
            for user in "nobody", "nobody", "plain", "plain", "nemo":
                scram = Scram("SCRAM-SHA-1", user)
                first = challenge(client, "AUTH SCRAM-SHA-1 "
                                  + b64(("n,," + scram.bare).encode()))
                salts.append(first.split(",s=")[1])
                client.ask("*")
            self.assertEqual(salts[0], salts[1])
            self.assertEqual(salts[2], salts[3])
            self.assertEqual(len(set(salts)), 3)
            self.assertEqual(len(set(map(len, salts))), 1)

    def test_what_is_no_response_ends_the_exchange(self):
        with serve() as server, server.client() as client:
            for line in "*", "=", "abc", "AAA=BBB", "AAAA ", " ", "a-b_":
                self.assertEqual(client.ask("AUTH PLAIN"), "+ \r\n")
                self.assertRegex(client.ask(line), "^-ERR (canc|a response)")
            for line in "AUTH", "AUTH NOPE", "AUTH PLAIN =", "AUTH PLAIN *", \
                    "AUTH CRAM-MD5 eA==", "AUTH SCRAM-SHA-1 =", \
                    "AUTH PLAIN " + plain("plain", "secret") + " x":
                self.assertRegex(client.ask(line), r"^-ERR [^\[]")
            self.assertEqual(client.ask("AUTH PLAIN"), "+ \r\n")
            self.assertRegex(client.ask("A" * 100000), "^-ERR a response has")
            client.command("AUTH PLAIN " + plain("plain", "secret"))

    def test_a_password_as_long_as_plain_allows_gets_an_answer(self):
        with serve() as server, server.client() as client:
            long = "x" * 255
            self.assertEqual(client.ask("AUTH PLAIN"), "+ \r\n")
            self.assertRegex(client.ask(plain(long, long, long)),
                             r"^-ERR \[AUTH\]")
            client.command("AUTH PLAIN " + plain("plain", "secret"))

    def test_who_leaves_an_exchange_leaves_nothing(self):
        with serve() as server:
            for _ in range(50):
                client = server.client()
                client.ask("AUTH SCRAM-SHA-256")
                client.send(b"AAAA")
                client.reset()
                client = server.client()
                client.send(b"AUTH CRAM-MD5\r\n")
                client.close()
            with server.client() as client:
                client.command("AUTH PLAIN " + plain("plain", "secret"))

    def test_octet_by_octet_or_all_at_once(self):
        said = ("AUTH PLAIN\r\n" + plain("x", "y") + "\r\nAUTH CRAM-MD5\r\n*\r\n"
                "AUTH PLAIN\r\n" + plain("plain", "secret")
                + "\r\nSTAT\r\nQUIT\r\n").encode()
        with serve() as server:
            for size in 1, len(said):
                with server.client() as client:
                    for i in range(0, len(said), size):
                        client.send(said[i:i + size])
                    heard = [line.split()[0]
                             for line in client.rest().decode().splitlines()]
                self.assertEqual(heard, ["+", "-ERR", "+", "-ERR", "+", "+OK",
                                         "+OK", "+OK"])

    def test_what_fails_is_told_in_the_language_of_the_session(self):
        with serve() as server, server.client() as client:
            client.command("LANG de")
            for said, heard in (
                    ("AUTH", "AUTH braucht einen Mechanismus, und nimmt eine "
                     "Antwort"),
                    ("AUTH FOO", "kein Mechanismus dieses Namens; CAPA nennt "
                     "sie"),
                    ("AUTH PLAIN !", "eine Antwort ist base64"),
                    ("AUTH PLAIN " + b64(b"x"), "nicht das, wonach PLAIN "
                     "fragt"),
                    ("AUTH PLAIN " + plain("crypt", "x"),
                     "[AUTH] Anmeldung gescheitert")):
                self.assertEqual(client.ask(said), f"-ERR {heard}\r\n")
            client.ask("AUTH PLAIN")
            self.assertEqual(client.ask("*").encode("latin-1").decode(),
                             "-ERR abgebrochen, wie gew\u00fcnscht\r\n")
            self.assertIn("Postfach", client.command(
                "AUTH PLAIN " + plain("crypt", "secret")))


def main():
    global PROGRAM
    PROGRAM = sys.argv.pop(1)
    unittest.main()


if __name__ == "__main__":
    main()
