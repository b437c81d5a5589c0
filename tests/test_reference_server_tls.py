# SPDX-License-Identifier: MIT
"""The server in TLS: python3 test_reference_server_tls.py PROGRAM

Every test also proves that the server ends with exit status 0 and says nothing
on stderr; a sanitizer's report, or its leak check, would be seen there.
"""

import os
import poplib
import random
import select
import signal
import socket
import ssl
import subprocess
import sys
import unittest
import warnings

from certificates import Certificates, Wire
from reference_server import PATIENCE, Client, Server, reset_at_close

PROGRAM = ""  # set by main
CERTIFICATES = None

VERSIONS = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
GARBAGE = (b"CAPA\r\nQUIT\r\n", b"GET / HTTP/1.0\r\n\r\n", b"\0" * 100,
           b"\x16\x03\x01\x00\x05garbage", b"\x15\x03\x01\x00\x02\x02\x28",
           b"\x16\x03\x01\xff\xff" + b"\xff" * 70000,
           random.Random(1).randbytes(5000))


def start(*options, **more):
    return Server(PROGRAM, *CERTIFICATES.options("--tls-port", "0", *options),
                  **more)


def secure(server, **more):
    """A client in TLS from the start."""
    return Client(server.tls_port, tls=CERTIFICATES.context(), **more)


def log_in(client, user="al", password="secret"):
    client.command("USER " + user)
    client.command("PASS " + password)
    return client


def stls(server, version=None):
    """A client in TLS by STLS."""
    client = server.client()
    client.command("STLS")
    client.start_tls(CERTIFICATES.context(version))
    return client


def wire(server):
    """One in TLS from the start, octet by octet, that has been greeted."""
    connected = socket.create_connection(("127.0.0.1", server.tls_port),
                                         PATIENCE)
    w = Wire(connected, CERTIFICATES.context())
    w.shake_hands()
    assert w.line().startswith("+OK")
    return w


def log_in_by_wire(server):
    w = wire(server)
    for command in "USER al", "PASS secret":
        assert w.ask(command).startswith("+OK")
    return w


def capabilities(client):
    client.command("CAPA")
    return client.body().decode().split("\r\n")


class Stls(unittest.TestCase):
    def test_poplib_gets_the_mail(self):
        for version in VERSIONS:
            with start() as server:
                server.put("new/1.a", b"one\n.\n")
                client = poplib.POP3("127.0.0.1", server.port,
                                     timeout=PATIENCE)
                self.assertIn("STLS", client.capa())
                client.stls(CERTIFICATES.context(version))
                self.assertNotIn("STLS", client.capa())
                self.assertEqual(client.sock.version(),
                                 str(version.name).replace("_", "."))
                client.user("al")
                client.pass_("secret")
                self.assertEqual(client.retr(1)[1], [b"one", b"."])
                client.dele(1)
                client.quit()
                self.assertEqual(server.mail(), [])

    def test_what_is_injected_behind_stls_has_no_effect(self):
        for behind in b"CAPA\r\n", b"USER al\r\nPASS secret\r\nDELE 1\r\n", \
                b"USER al\r\n", b"CA", b"QUIT\r\n", b"\r\n" * 2000:
            with start() as server:
                server.put("new/1.a", b"x\n")
                with server.client() as client:
                    client.send(b"STLS\r\n" + behind)
                    self.assertEqual(client.line(),
                                     "+OK begin TLS negotiation\r\n")
                    client.start_tls(CERTIFICATES.context())
                    self.assertEqual(client.ask("PASS secret"),
                                     "-ERR send USER first\r\n")
                    self.assertRegex(client.ask("STAT"), "^-ERR")
                    log_in(client)
                    client.command("QUIT")
                    self.assertEqual(client.rest(), b"")
                self.assertEqual(server.mail(), ["1.a"])

    def test_more_than_a_read_behind_stls_ends_the_connection(self):
        with start() as server, server.client() as client:
            client.send(b"STLS\r\n" + b"CAPA\r\n" * 20000)
            self.assertRegex(client.line(), r"^\+OK")
            try:
                client.start_tls(CERTIFICATES.context())
            except (ssl.SSLError, OSError):
                return
            self.fail("there was a handshake")

    def test_clear_text_instead_of_a_handshake_is_not_answered(self):
        with start() as server:
            for garbage in GARBAGE:
                with server.client() as client:
                    client.command("STLS")
                    self.assertNotRegex(all_that_comes(client, garbage),
                                        rb"\+OK|-ERR")

    def test_what_was_said_in_clear_is_forgotten(self):
        with start("--oddity", "patient-pass") as server, \
                server.client() as client:
            client.command("USER al")
            client.command("STLS")
            client.start_tls(CERTIFICATES.context())
            self.assertRegex(client.ask("PASS secret"), "^-ERR")
            log_in(client)

    def test_commands_before_it_are_answered_in_clear(self):
        with start() as server, server.client() as client:
            client.send(b"CAPA\r\nNOOP\r\nSTLS\r\n")
            self.assertRegex(client.line(), r"^\+OK")
            self.assertIn(b"STLS\r\n", client.body())
            self.assertRegex(client.line(), "^-ERR")
            self.assertRegex(client.line(), r"^\+OK")
            client.start_tls(CERTIFICATES.context())
            self.assertRegex(client.ask("STLS"), "^-ERR TLS is active")
            log_in(client)

    def test_stls_is_refused_behind_the_login_and_without_certificate(self):
        with start() as server, server.login() as client:
            self.assertRegex(client.ask("STLS"), "^-ERR")
            self.assertNotIn("STLS", capabilities(client))
        with Server(PROGRAM) as server, server.client() as client:
            self.assertNotIn("STLS", capabilities(client))
            self.assertRegex(client.ask("STLS"), "^-ERR")

    def test_a_half_close_behind_stls_is_an_end(self):
        with start() as server, server.client() as client:
            client.send(b"STLS\r\n")
            client.half_close()
            self.assertRegex(client.line(), r"^\+OK")
            self.assertEqual(client.rest(), b"")


class Implicit(unittest.TestCase):
    def test_poplib_gets_the_mail(self):
        for version in VERSIONS:
            with start() as server:
                server.put("new/1.a", b"one\n")
                client = poplib.POP3_SSL(
                    "127.0.0.1", server.tls_port, timeout=PATIENCE,
                    context=CERTIFICATES.context(version))
                self.assertNotIn("STLS", client.capa())
                client.user("al")
                client.pass_("secret")
                self.assertEqual(client.retr(1)[1], [b"one"])
                client.quit()

    def test_apop(self):
        with start() as server, secure(server) as client:
            self.assertRegex(client.greeting, r"^\+OK .*<.*>\r\n$")
            self.assertRegex(client.ask("STLS"), "^-ERR TLS is active")

    def test_clear_text_is_not_answered(self):
        with start() as server:
            for garbage in GARBAGE:
                with socket.create_connection(
                        ("127.0.0.1", server.tls_port), PATIENCE) as raw:
                    self.assertNotRegex(all_that_comes(raw, garbage),
                                        rb"\+OK|-ERR")
            secure(server).close()

    def test_old_versions_are_refused(self):
        warnings.simplefilter("ignore", DeprecationWarning)
        with start() as server:
            for version in ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1:
                context = CERTIFICATES.context(version)
                context.set_ciphers("DEFAULT:@SECLEVEL=0")
                with self.assertRaisesRegex(ssl.SSLError, "PROTOCOL_VERSION"):
                    Client(server.tls_port, tls=context)

    def test_renegotiation_is_refused(self):
        with start() as server:
            with subprocess.Popen(
                    ["openssl", "s_client", "-tls1_2",
                     "-connect", f"127.0.0.1:{server.tls_port}"],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT) as client:
                # A greeting on its way would be taken for a handshake.
                for line in client.stdout:
                    if line.startswith(b"+OK"):
                        break
                client.stdin.write(b"R\n")
                client.stdin.flush()  # left open: its end would end the client
                said = client.stdout.read()
            self.assertIn(b"RENEGOTIATING", said)
            self.assertIn(b"no renegotiation", said)
            secure(server).close()

    def test_a_big_message_arrives_octet_by_octet(self):
        octets = b"\n" + b"".join(
            random.Random(2).randbytes(100).replace(b"\r", b".")
            .replace(b"\n", b"\n.") + b"\n" for _ in range(1000)) * 100
        with start() as server:
            server.put("new/1.big", octets)
            sent = octets.replace(b"\n", b"\r\n")
            with log_in(secure(server)) as client:
                self.assertEqual(client.command("LIST 1").split()[2],
                                 str(len(sent)))
                self.assertTrue(client.retrieve(1) == sent)
                client.command("QUIT")
            for version in VERSIONS:
                with log_in(stls(server, version)) as client:
                    self.assertTrue(client.retrieve(1) == sent)
                    client.command("QUIT")

    def test_another_protocol_is_refused_with_its_alert(self):
        with start() as server:
            for names in ["imap", "pop3"], ["pop3"]:
                context = CERTIFICATES.context()
                context.set_alpn_protocols(names)
                with Client(server.tls_port, tls=context) as client:
                    self.assertEqual(client.socket.selected_alpn_protocol(),
                                     "pop3")
            context.set_alpn_protocols(["http/1.1"])
            with self.assertRaisesRegex(ssl.SSLError,
                                        "(?i)no.application.protocol"):
                Client(server.tls_port, tls=context)

    def test_a_session_is_resumed(self):
        with start() as server:
            context = CERTIFICATES.context(ssl.TLSVersion.TLSv1_2)
            first = Client(server.tls_port, tls=context)
            with socket.create_connection(("127.0.0.1", server.tls_port),
                                          PATIENCE) as raw, \
                    context.wrap_socket(
                        raw, session=first.socket.session) as again:
                self.assertTrue(again.session_reused)
                self.assertEqual(again.recv(3), b"+OK")
            first.close()


def all_that_comes(client, octets):
    """What a server says until it closes when it is sent these octets."""
    raw = getattr(client, "socket", client)
    heard = b""
    try:
        raw.sendall(octets)
        while more := raw.recv(65536):
            heard += more
    except ConnectionError:
        pass
    return heard


class Pieces(unittest.TestCase):
    def test_records_of_one_octet(self):
        with start() as server:
            server.put("new/1.a", b"x\n")
            with secure(server) as client:
                for octet in b"USER al\r\nPASS secret\r\nDELE 1\r\nQUIT\r\n":
                    client.send(bytes([octet]))
                self.assertEqual(client.rest().count(b"+OK"), 4)
            self.assertEqual(server.mail(), [])

    def test_segments_of_one_octet(self):
        with start() as server:
            server.put("new/1.a", b"x\n")
            raw = socket.create_connection(("127.0.0.1", server.tls_port),
                                           PATIENCE)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            w = Wire(OneByOne(raw), CERTIFICATES.context())
            w.shake_hands()
            w.send(b"USER al\r\nPASS secret\r\nRETR 1\r\nQUIT\r\n")
            for _ in "greeting", "USER", "PASS", "RETR":
                self.assertRegex(w.line(), r"^\+OK")
            self.assertEqual(w.line(), "x\r\n")
            self.assertEqual(w.line(), ".\r\n")
            self.assertRegex(w.line(), r"^\+OK")
            self.assertTrue(w.is_closed())
            raw.close()

    def test_300_commands_in_one_record(self):
        with start() as server:
            server.put("new/1.a", b"x\n" * 500)
            w = log_in_by_wire(server)
            w.send(b"RETR 1\r\n" * 300)
            for _ in range(300):
                self.assertRegex(w.line(), r"^\+OK")
                while w.line() != ".\r\n":
                    pass
            w.socket.close()


class OneByOne:
    """A socket that sends an octet at a time."""

    def __init__(self, connected):
        self.recv = connected.recv
        self.connected = connected

    def sendall(self, octets):
        for octet in octets:
            self.connected.send(bytes([octet]))


class Ends(unittest.TestCase):
    def free(self, server):
        """When the lock is free, the session before is over."""
        server.login().close()

    def test_an_end_without_close_notify_removes_nothing(self):
        with start() as server:
            server.put("new/1.a", b"x\n")
            for reset in False, True:
                w = log_in_by_wire(server)
                self.assertRegex(w.ask("DELE 1"), r"^\+OK")
                if reset:
                    reset_at_close(w.socket)
                w.socket.close()
                self.free(server)
                self.assertEqual(server.mail(), ["1.a"])

    def test_close_notify_without_quit_removes_nothing(self):
        with start() as server:
            server.put("new/1.a", b"x\n")
            w = log_in_by_wire(server)
            self.assertRegex(w.ask("DELE 1"), r"^\+OK")
            w.until_done(w.tls.unwrap)  # waits for that of the server
            w.socket.close()
            self.free(server)
            self.assertEqual(server.mail(), ["1.a"])

    def test_a_quit_that_is_cut_removes_nothing(self):
        with start() as server:
            server.put("new/1.a", b"x\n")
            for forge in (lambda record: record[:-1],
                          lambda record: record[:-1] + bytes([record[-1] ^ 1])):
                w = log_in_by_wire(server)
                self.assertRegex(w.ask("DELE 1"), r"^\+OK")
                w.socket.sendall(forge(w.encrypted(b"QUIT\r\n")))
                w.socket.shutdown(socket.SHUT_WR)
                try:
                    self.assertEqual(w.line(), "")
                except ssl.SSLError:
                    pass  # what a forged record deserves
                w.socket.close()
                self.free(server)
                self.assertEqual(server.mail(), ["1.a"])

    def test_what_is_owed_comes_behind_a_half_close(self):
        with start() as server:
            server.put("new/1.a", b"x\n")
            server.put("new/2.b", b"two\n" * 20000)
            w = log_in_by_wire(server)
            w.send(b"DELE 1\r\nRETR 2\r\nQUIT\r\nNOOP\r\n")
            w.socket.shutdown(socket.SHUT_WR)
            self.assertRegex(w.line(), r"^\+OK")  # DELE
            self.assertRegex(w.line(), r"^\+OK")  # RETR
            for _ in range(20000):
                self.assertEqual(w.line(), "two\r\n")
            self.assertEqual(w.line(), ".\r\n")
            self.assertRegex(w.line(), r"^\+OK")  # QUIT
            self.assertTrue(w.is_closed())
            w.socket.close()
            self.assertEqual(server.mail(), ["2.b"])

    def test_resets_and_ends_in_a_handshake(self):
        with start() as server:
            w = Wire(None, CERTIFICATES.context())
            with self.assertRaises(ssl.SSLWantReadError):
                w.tls.do_handshake()
            hello = w.pending()
            for i in range(200):
                raw = socket.create_connection(
                    ("127.0.0.1", server.tls_port), PATIENCE)
                raw.sendall(hello[:i * len(hello) // 199])
                if i % 3 == 0:
                    raw.shutdown(socket.SHUT_WR)
                elif i % 3 == 1:
                    reset_at_close(raw)
                raw.close()
            secure(server).close()

    def test_a_half_close_in_a_handshake_is_an_end(self):
        with start() as server, socket.create_connection(
                ("127.0.0.1", server.tls_port), PATIENCE) as raw:
            raw.shutdown(socket.SHUT_WR)
            self.assertEqual(raw.recv(100), b"")

    def test_autologout(self):
        with start("--autologout", "1") as server:
            server.put("new/1.a", b"x\n")
            w = log_in_by_wire(server)
            self.assertRegex(w.ask("DELE 1"), r"^\+OK")
            self.assertTrue(w.is_closed())
            w.socket.close()
            self.free(server)
            self.assertEqual(server.mail(), ["1.a"])

    def test_a_handshake_that_is_not_finished(self):
        with start("--autologout", "1") as server:
            with socket.create_connection(
                    ("127.0.0.1", server.tls_port), PATIENCE) as raw:
                self.assertEqual(raw.recv(100), b"")
            with server.client() as client:
                client.command("STLS")
                self.assertEqual(client.rest(), b"")

    def test_a_signal_in_every_state_of_tls(self):
        with start() as server:
            server.put("new/1.a", b"x\n" * 10_000_000)
            shaking = server.client()
            shaking.command("STLS")
            fresh = socket.create_connection(("127.0.0.1", server.tls_port),
                                             PATIENCE)
            greeted = wire(server)
            reading = log_in(secure(server))
            reading.send(b"RETR 1\r\n")
            server.stop(signal.SIGTERM)
            self.assertEqual(shaking.rest(), b"")
            self.assertEqual(fresh.recv(100), b"")
            self.assertTrue(greeted.is_closed())
            for client in shaking, fresh, greeted.socket, reading:
                client.close()


@unittest.skipIf("POP3SPEC_SANITIZED" in os.environ,
                 "a sanitizer keeps what was freed")
class Memory(unittest.TestCase):
    def test_a_slow_reader_costs_little_memory(self):
        with start(measured=True) as server:
            server.put("new/1.a", (b"x" * 98 + b"\n") * 300_000)
            client = log_in(secure(server, receive_buffer=4096))
            before = server.memory()
            client.send(b"RETR 1\r\n" + b"NOOP\r\n" * 100)
            self.assertRegex(client.line(), r"^\+OK")
            self.assertEqual(len(client.body()), 30_000_000)
            for _ in range(100):
                self.assertRegex(client.line(), r"^\+OK")
            self.assertLess(server.memory() - before, 2000)
            client.close()

    def test_one_who_never_reads_is_not_read(self):
        with start(measured=True) as server:
            w = wire(server)
            before = server.memory()
            record = w.encrypted(b"NOOP\r\n" * 1000)
            w.socket.setblocking(False)
            while select.select([], [w.socket], [], 0.5)[1]:
                sent = w.socket.send(record)
                record = record[sent:] or w.encrypted(b"NOOP\r\n" * 1000)
            self.assertLess(server.memory() - before, 2000)
            w.socket.close()

    def test_a_client_holds_some_10_kib(self):
        with start(measured=True) as server:
            clients = [wire(server) for _ in range(20)]
            before = server.memory()
            clients += [wire(server) for _ in range(200)]
            self.assertLess(server.memory() - before, 200 * 60)
            for w in clients:
                w.socket.close()


class Policy(unittest.TestCase):
    def test_passwords_can_be_kept_from_clear(self):
        with start("--no-clear-passwords") as server:
            with server.client() as client:
                self.assertNotIn("USER", capabilities(client))
                for command in "USER al", "PASS secret":
                    self.assertRegex(client.ask(command), "^-ERR .*STLS")
                client.command("STLS")
                client.start_tls(CERTIFICATES.context())
                self.assertIn("USER", capabilities(client))
                log_in(client)
                client.command("QUIT")
            log_in(secure(server)).close()

    def test_passwords_in_clear_are_for_this_machine_only(self):
        with start() as server, self.from_elsewhere(server) as client:
            self.assertNotIn("USER", capabilities(client))
            self.assertRegex(client.ask("USER al"), "^-ERR .*STLS")
            self.assertRegex(client.ask("AUTH PLAIN"), "^-ERR ")
            client.command("STLS")
            client.start_tls(CERTIFICATES.context())
            log_in(client)
            server.login("bob", "b o b").close()
        with start("--clear-passwords") as server, \
                self.from_elsewhere(server) as client:
            log_in(client)

    def from_elsewhere(self, server):
        """To the server it looks like another machine, by its address."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            try:
                s.connect(("192.0.2.1", 9))  # sends nothing (RFC 5737)
                own = s.getsockname()[0]
                return Client(server.port, source=own)
            except OSError:
                self.skipTest("this machine has no address but 127.0.0.1")

    def test_clients_may_have_certificates_of_the_right_authority(self):
        with Certificates("bob") as others, \
                start("--client-ca", CERTIFICATES.path("ca")) as server:
            for name in None, "al":
                context = CERTIFICATES.context(client=name)
                log_in(Client(server.tls_port, tls=context)).close()
                server.login().close()
            context = CERTIFICATES.context(ssl.TLSVersion.TLSv1_2)
            context.load_cert_chain(others.path("bob"), others.key("bob"))
            with self.assertRaises(ssl.SSLError):
                Client(server.tls_port, tls=context)

    def test_sighup_has_the_certificate_read_anew(self):
        with Certificates("server") as own:
            key = own.key("server")
            with Server(PROGRAM, *own.options("--tls-port", "0"),
                        expect_stderr="pop3-reference-server: --key: "
                        f"{key}: no good key in PEM form\n") as server:
                before = self.certificate(server)
                own.add("server", issuer="ca")
                self.assertEqual(self.certificate(server), before)
                server.process.send_signal(signal.SIGHUP)
                while self.certificate(server) == before:
                    pass
                after = self.certificate(server)
                with open(key, "w", encoding="ascii") as file:
                    file.write("no key")
                server.process.send_signal(signal.SIGHUP)
                self.assertEqual(self.certificate(server), after)

    def certificate(self, server):
        """What the server shows. Once it does, a signal before is obeyed."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with Client(server.tls_port, tls=context) as client:
            client.command("QUIT")
            return client.socket.getpeercert(binary_form=True)


def main():
    global PROGRAM, CERTIFICATES
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    with Certificates("server", "al") as CERTIFICATES:
        unittest.main()


if __name__ == "__main__":
    main()
