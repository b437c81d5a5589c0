#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Does the same server get the same verdicts, however the network behaves?

usage: tests/stability.py [--runs N] [--seed N] [--target FILE] [--idle]
                          [--build DIRECTORY]

Plays the suite N times (50 when not given) through a proxy that cuts and delays
every connection by a seed (jitter.py), with --split random, another seed each
time, while every core is kept busy (not with --idle). Without a target file the
bundled server is judged; else what its "start" starts. Prints how many runs
told something else than most, what and with which seed, and the median of the
time that a run took. The status is 1 when one differs. --build tells where the
programs are (build/release).
"""

import argparse
import collections
import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from jitter import Proxy

HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 60  # seconds for a server to begin
BUSY = "while True: pass"
USERS = [f"user{n}" for n in range(1, 5)]


@contextlib.contextmanager
def program(command, **options):
    """A process with a group of its own, which ends with the with."""
    process = subprocess.Popen(command, start_new_session=True,
                               stdin=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


@contextlib.contextmanager
def busy(idle):
    """As many processes as there are cores, that do nothing but run."""
    with contextlib.ExitStack() as stack:
        for _ in range(0 if idle else os.cpu_count()):
            stack.enter_context(program([sys.executable, "-IS", "-c", BUSY]))
        yield


def private(path, flags):
    return os.open(path, flags, 0o600)


@contextlib.contextmanager
def bundled(server, place):
    """The reference server; yields what a target file says of it."""
    users = os.path.join(place, "users")
    with open(users, "w", opener=private) as file:
        file.writelines(f"{user}:secret-of-{user}\n" for user in USERS)
    for user in USERS:
        for part in "new", "cur", "tmp":
            os.makedirs(os.path.join(place, "mail", user, part))
    with program([server, "--maildir", os.path.join(place, "mail"),
                  "--users", users, "--port", "0"],
                 stdout=subprocess.PIPE, text=True) as process:
        ready = process.stdout.readline()
        yield {"host": "127.0.0.1", "port": int(ready.rsplit(":", 1)[1]),
               "accounts": [{"user": user, "password": f"secret-of-{user}",
                             "traits": ["apop"]} for user in USERS],
               "provision": {"maildir": place + "/mail/{user}"},
               "delivers": "exact", "keeps": True}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def await_greeting(port):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.settimeout(PATIENCE)
                if client.recv(3) == b"+OK":
                    return
        except ConnectionError:
            pass
        if time.monotonic() > deadline:
            raise TimeoutError("the server does not begin")
        time.sleep(0.05)


@contextlib.contextmanager
def started(path):
    """The server that a target file starts; yields the rest of the file."""
    with open(path) as file:
        target = json.load(file)
    target["port"] = free_port()
    command = target.pop("start").replace("{port}", str(target["port"]))
    with program(command, shell=True, cwd=os.path.dirname(path) or "."):
        await_greeting(target["port"])
        yield target


class Run:
    """One run: what it told of each requirement, and how long it took."""

    def __init__(self, spec, target, seed, place):
        report = os.path.join(place, "report.json")
        path = os.path.join(place, "target.json")
        with Proxy(target["port"], seed) as proxy:
            with open(path, "w", opener=private) as file:
                json.dump({**target, "port": proxy.port}, file)
            began = time.monotonic()
            ended = subprocess.run(
                [spec, "run", path, "--split=random", f"--seed={seed}",
                 "--report=json=" + report, "--report=text=/dev/null"],
                stdin=subprocess.DEVNULL, capture_output=True, text=True)
            self.seconds = time.monotonic() - began
            self.connections = proxy.count
        self.seed = seed
        if not os.path.exists(report):
            raise RuntimeError(f"no report: {ended.stderr}")
        with open(report) as file:
            verdicts = json.load(file)["verdicts"]
        os.unlink(report)
        self.told = frozenset((v["scenario"], v["requirement"], v["outcome"])
                              for v in verdicts)
        self.log = {v["scenario"]: v for v in verdicts}

    def explain(self, usual):
        """What it told else."""
        for scenario, requirement, outcome in sorted(self.told - usual):
            v = self.log[scenario]
            yield (f"seed {self.seed}: {scenario} {requirement} {outcome} "
                   f"{v['label']} {v['step']} {v['actual']}".rstrip())
        for scenario, requirement, outcome in sorted(usual - self.told):
            yield f"seed {self.seed}: not {scenario} {requirement} {outcome}"


def play(arguments, place):
    build = arguments.build
    spec = os.path.join(build, "harness", "pop3spec")
    server = os.path.join(build, "reference-server", "pop3-reference-server")
    runs = []
    with (started(arguments.target) if arguments.target
          else bundled(server, place)) as target, busy(arguments.idle):
        for i in range(arguments.runs):
            runs.append(Run(spec, target, arguments.seed + i, place))
    return runs


def tell(runs):
    """Returns how many runs differ from most."""
    usual, _ = collections.Counter(run.told for run in runs).most_common(1)[0]
    differing = [run for run in runs if run.told != usual]
    for run in differing:
        print("\n".join(run.explain(usual)))
    outcomes = collections.Counter(outcome for *_, outcome in usual)
    print("verdicts   " + ", ".join(f"{n} {o}" for o, n in
                                    outcomes.most_common()))
    print(f"runs       {len(runs)}, seeds {runs[0].seed} to {runs[-1].seed}, "
          f"{sum(run.connections for run in runs)} connections")
    print(f"median     {statistics.median(r.seconds for r in runs):.2f} s, "
          f"longest {max(r.seconds for r in runs):.2f} s")
    print(f"differing  {len(differing)}")
    return len(differing)


def end(number, _):
    sys.exit(128 + number)  # what was started ends, too


def main():
    signal.signal(signal.SIGTERM, end)
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1][7:])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target")
    parser.add_argument("--idle", action="store_true")
    parser.add_argument("--build", default=os.path.join(
        os.path.dirname(HERE), "build", "release"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pop3spec-stability-") as place:
        return tell(play(arguments, place)) > 0


if __name__ == "__main__":
    sys.exit(main())
