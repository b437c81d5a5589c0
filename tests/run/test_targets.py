# SPDX-License-Identifier: MIT
"""Target files and URLs that are refused, and where passwords come from."""

import json
import os
import shutil
import subprocess
import unittest

from pop3_server import USERS, Server, Session
from spec import Case, spec

NOOP = "--only=transaction/noop"


class Files(Case):
    def check(self, text, *expected, mode=0o600):
        path = self.write("target.json", text, mode)
        self.check_refused(spec("run", path, NOOP), 3, path, *expected)

    def test_syntax(self):
        self.check('{ "host": "127.0.0.1",\n  "port": 110 "x" }',
                   "target.json:2:17: ")
        self.check("", "target.json:1:1: ")
        self.check('{"host": "a", "host": "b"}', "target.json:1:20: duplicate")

    def test_keys_and_values(self):
        self.check('{ "host": "127.0.0.1", "prot": 110 }', "/prot")
        self.check('{ "host": "127.0.0.1", "port": 0 }', "/port", "65535")
        self.check('{ "port": 110 }', 'lacks "host"')
        self.check('{ "host": "h", "accounts": [ { "user": "a\\u001b" } ] }',
                   "/accounts/0/user", "control characters")

    def test_traits(self):
        self.check('{ "host": "h", "accounts": [ { "user": "a", '
                   '"traits": ["apop", "apopp"] } ] }',
                   '/accounts/0/traits/1: "apopp": no such trait; there is '
                   '"apop"')

    def test_the_hint_for_a_maildrop_that_is_not_there_helps(self):
        """Typed as it stands it makes the maildrop of that account."""
        for user in "al", "o'brien":
            users = {user: USERS["al"]}
            with self.subTest(user), Server(users=users) as server:
                shutil.rmtree(os.path.join(server.root, user))
                path = self.target(server, [{"user": user,
                                             "password": users[user]}])
                ended = spec("run", path, NOOP)
                self.check_refused(ended, 3,
                                   f"{server.root}/{user}: there is no such")
                self.assertNotIn("{user}", ended.stderr)
                hint = ended.stderr.split("as its owner: ")[1]
                subprocess.run(hint, shell=True, check=True)
                ended = spec("run", path, NOOP)
                self.assertEqual((ended.code, ended.stderr), (0, ""))

    def test_a_hint_that_does_not_fit_is_none(self):
        with Server() as server:
            deep = server.root + "/d" * 100 + "/{user}"
            path = self.target(server, provision={"maildir": deep})
            ended = spec("run", path, NOOP)
        self.check_refused(ended, 3, "/al: there is no such maildrop; its owner")

    def test_writers(self):
        text = '{ "host": "127.0.0.1" }'
        self.check(text, "others may write to it", mode=0o602)
        self.check(text, "others may write to it", mode=0o620)

    def test_impatience_is_for_servers_on_this_machine(self):
        self.check('{ "host": "mail.example", "patience": { "reply": 2 } }',
                   "/patience/reply: must be a whole number from 30 to 3600")

    def test_no_file(self):
        self.check_refused(spec("run", self.path("none.json")), 3, "none.json")


class NoUser(Session):
    """Takes APOP only."""

    def on_user(self, *_):
        self.err(b"passwords in clear are not taken")


class Apop(Case):
    """Where USER is refused, who has no secret cannot be used."""

    def account(self, user, *traits):
        return {"user": user, "password": USERS[user], "traits": traits}

    def check_left_out(self, *accounts):
        with Server(NoUser) as server:
            path = self.target(server, accounts)
            ended = spec("run", path, "--only=transaction/noop",
                         "--only=authorization/apop-*", *self.reports())
        self.assertEqual(ended.code, 0, ended.stderr)
        self.assertIn("bea is not used: the server has no USER", ended.stderr)
        self.assertEqual(self.result().of("transaction/noop")["outcome"],
                         "PASS")

    def test_an_account_without_a_secret_is_left_out(self):
        self.check_left_out(self.account("al", "apop"), self.account("bea"))
        self.check_left_out(self.account("bea"), self.account("al", "apop"))

    def judge_secret(self, secret):
        account = {**self.account("al", "apop"), "secret": secret}
        with Server() as server:
            ended, result = self.judge(server, "--only=authorization/apop-*",
                                       accounts=[account])
        return ended, result.of("authorization/apop-digest")

    def test_a_wrong_secret_may_be_the_fault_of_the_target(self):
        ended, verdict = self.judge_secret("mistyped")
        self.assertEqual(ended.code, 1)
        self.assertEqual(ended.stderr, "pop3spec: the server refuses APOP with "
                         "the secret that the target gives al: is it right?\n")
        self.assertEqual(verdict["outcome"], "FAIL")
        self.assertIn('check the "secret" that the target gives al',
                      verdict["label"])
        ended, verdict = self.judge_secret(USERS["al"])
        self.assertEqual((ended.code, ended.stderr, verdict["outcome"]),
                         (0, "", "PASS"))

    def test_nobody_is_left(self):
        with Server(NoUser) as server:
            path = self.target(server, [self.account("al")])
            self.check_refused(spec("run", path, NOOP), 3,
                               "cannot log in as al: -ERR", "has no USER",
                               'the trait "apop"')


class Jobs(Case):
    """Fewer lanes than accounts: what needs one of them is judged."""

    def test_accounts_of_a_kind_are_used(self):
        users = {**USERS, "di": "one space", "ed": "40" * 20}
        accounts = [{"user": user, "password": password}
                    for user, password in users.items()]
        accounts[0]["traits"] = ["apop"]
        for order in accounts, accounts[::-1]:
            with Server(users=users) as server:
                ended, result = self.judge(server, accounts=order)
            self.assertEqual((ended.code, ended.stderr), (0, ""))
            self.assertEqual([v["label"] for v in result.verdicts
                              if "names no account" in v["label"] or
                              "no account has" in v["label"]], [])
            self.assertEqual(result.of("authorization/password-with-a-space")
                             ["outcome"], "PASS")
            self.assertLessEqual(server.most_open, 3)


class Words(Case):
    """What can be no target is wrong usage, and nothing is done."""

    def check(self, target, *texts):
        for command in (["run", target, *self.reports()], ["run", target, NOOP,
                        "--dry-run"], ["show", "transaction/noop", target]):
            with self.subTest(command):
                self.check_refused(spec(*command), 2, *texts)
                self.assertEqual(os.listdir(self.place), [])

    def test_words(self):
        self.check("elsewhere", "*.json or a URL")
        self.check("", "*.json or a URL")
        self.check("pop3://[::1", "URL, column 8: [ without ]")
        self.check("pop3s://localhost", "this build has no TLS yet")
        self.check("pop://al;AUTH=NTLM@localhost", "AUTH=NTLM: ")


class Urls(Case):
    def test_the_password_is_never_repeated(self):
        for url in (f"pop3://al:{USERS['al']}@127.0.0.1:port",
                    f"pop3://al:{USERS['al']}@mail.example",
                    f"pop4://al:{USERS['al']}@127.0.0.1"):
            self.check_refused(spec("run", url), 2, "URL, column ")

    def judge_url(self, *options, env=None):
        with Server() as server:
            return spec("run", f"pop3://al@127.0.0.1:{server.port}",
                        "--only=transaction/unknown-command", *options,
                        env=env or {})

    def flood(self, host, *options):
        flood = self.write("flood.json", json.dumps({
            "title": "Many commands", "revision": 1, "start": "connected",
            "requirements": ["RFC1939-4-02"], "dialogue": [
                "S: +OK", {"C in one piece": "{101 times NOOP{CRLF}}"}]}))
        with Server() as server:
            ended = spec("run", f"pop3://{host}:{server.port}",
                         "--scenarios=" + flood, "--only=foreign/*",
                         *self.reports(), *options,
                         "--min-cases=0")
        self.assertEqual(ended.code, 0, ended.stderr)
        return self.result().of("foreign/flood")

    def test_floods_are_for_servers_on_this_machine(self):
        """127.1 is this machine, too, but not by its looks."""
        self.assertNotIn("--aggressive", self.flood("127.0.0.1")["label"])
        self.assertNotIn("--aggressive",
                         self.flood("127.1", "--aggressive")["label"])
        skipped = self.flood("127.1")
        self.assertEqual((skipped["outcome"], skipped["label"]),
                         ("SKIP", "more than 100 commands at once: "
                                  "played with --aggressive"))

    def test_no_password(self):
        self.check_refused(self.judge_url(), 3, "no password for al",
                           "--password-file", "POP3SPEC_PASSWORD")

    def test_password_file(self):
        path = self.write("password", USERS["al"] + "\n")
        self.assertEqual(self.judge_url("--password-file", path).code, 0)
        os.unlink(path)
        self.check_refused(self.judge_url("--password-file", path), 3, path)

    def test_password_in_the_environment(self):
        for password, code in (USERS["al"], 0), ("wrong", 3):
            ended = self.judge_url(env={"POP3SPEC_PASSWORD": password})
            self.assertEqual(ended.code, code, ended.stderr)

    def test_nobody_can_log_in(self):
        with Server() as server:
            ended = spec("run", f"pop3://127.0.0.1:{server.port}",
                         *self.reports())
        self.assertEqual(ended.code, 3)
        self.assertIn("the target names no account", ended.stderr)
        result = self.result()
        self.assertGreater(result.outcomes()["PASS"], 0)
        self.assertEqual(set(result.outcomes()), {"PASS", "SKIP"})


if __name__ == "__main__":
    unittest.main()
