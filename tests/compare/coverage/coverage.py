#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes every way of ways.tsv without and with the shim, and compares.

What arrives at the other end of descriptor 2 (or at a /dev/log of our own) must be the same in both
runs, with the same exit status; with the shim, what was captured must be exactly those lines for a
`yes`, and none of them for a `no`: a reason that stopped being true has to leave the table.
"""
import os
import re
import socket
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [f"{HERE}/../../lib", f"{HERE}/../matrix"]
import harness  # noqa: E402
import sandbox  # noqa: E402
from harness import LOGTAP, as_lines, viewed_lines  # noqa: E402

WAYS = harness.program("ways")


def load():
    with open(f"{HERE}/ways.tsv") as f:
        return [line.rstrip("\n").split("\t") for line in f if not line.startswith("#")]


def run(argv, kind, folder):
    """(status, what arrived) with descriptor 2 as `kind`."""
    kwargs = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=harness.ENVIRONMENT, cwd=folder)
    if kind == "file":
        path = f"{folder}/stderr"
        with open(path, "wb") as f:
            status = subprocess.run(argv, stderr=f, **kwargs).returncode
        return status, harness.contents(path)
    if kind == "socket":
        ours, theirs = socket.socketpair()
        with ours, theirs:
            status = subprocess.run(argv, stderr=theirs, **kwargs).returncode
            theirs.close()
            parts = []
            while data := ours.recv(65536):
                parts.append(data)
            return status, b"".join(parts)
    done = subprocess.run(argv, stderr=subprocess.PIPE, **kwargs)
    return done.returncode, done.stdout or done.stderr


def masked(data):
    return re.sub(rb"0x[0-9a-f]+|\b[0-9a-f]{9,}\b|\[\d+\]|"
                  rb"(?:[A-Z][a-z]{2} [ \d]\d )?\d\d:\d\d:\d\d", b"#", data)


class Check:
    def __init__(self):
        self.failed = []

    def in_world(self, argv, folder):
        """Runs argv in a world whose /dev/log we listen on."""
        script = "exec " + " ".join(f"'{a}'" for a in argv)
        # An overlay does not show what is mounted below its folder: these may be mounts of their own.
        seen = [folder, harness.BUILD]
        seen += filter(None, os.environ.get("LOGTAP_TEST_BINDS", "").split(":"))
        return sandbox.run("/", ["/bin/sh", "/case.sh"], harness.ENVIRONMENT, script, [(f, f) for f in seen])

    def one(self, way, kind, expected):
        with tempfile.TemporaryDirectory(prefix="logtap-way-") as folder:
            recording = f"{folder}/way.data"
            shimmed = [LOGTAP, "record", "-o", recording, "--", WAYS, way]
            if kind in ("log", "any"):
                return self.syslog(way, kind, expected, folder, shimmed, recording)
            plain = run([WAYS, way], kind, folder)
            shim = run(shimmed, kind, folder)
            if plain[0] != shim[0]:
                return f"status {plain[0]} without, {shim[0]} with the shim"
            if masked(plain[1]) != masked(shim[1]):
                return f"stderr {plain[1]!r} without, {shim[1]!r} with the shim"
            if not shim[1]:
                return "nothing arrived: the way does not do what it says"
            got = viewed_lines(recording, "stderr")
            want = as_lines(shim[1]) if expected == "yes" else []
            return None if got == want else f"arrived {want!r}, captured {got!r}"[:400]

    def syslog(self, way, kind, expected, folder, shimmed, recording):
        plain = self.in_world([WAYS, way], folder)
        shim = self.in_world(shimmed, folder)
        if str(plain.status) != str(shim.status):
            return f"status {plain.status} without, {shim.status} with the shim"
        if [masked(m) for m in plain.log] != [masked(m) for m in shim.log]:
            return f"log {plain.log!r} without, {shim.log!r} with the shim"
        if plain.err != shim.err:
            return f"stderr {plain.err!r} without, {shim.err!r} with the shim"
        if not shim.log:
            return "nothing arrived at /dev/log: the way does not do what it says"
        text = [re.sub(rb"^<\d+>[A-Z][a-z]{2} [ \d]\d [\d:]{8} [^:]*: ", b"", m.rstrip(b"\0\n"))
                for m in shim.log]
        got = viewed_lines(recording, "syslog")
        want = text if expected == "yes" else []
        if got != want:
            return f"arrived {want!r}, captured {got!r}"[:400]
        also = viewed_lines(recording, "stderr")
        return f"seen twice: {also!r} as stderr too" if also else None

    def run(self):
        rows = load()
        for way, _, kind, expected, _ in rows:
            problem = self.one(way, kind, expected)
            if problem:
                self.failed.append(way)
                print(f"FAILED {way}: {problem}", flush=True)
        print(f"{len(rows) - len(self.failed)} passed, {len(self.failed)} failed")
        return 1 if self.failed else 0


if __name__ == "__main__":
    try:
        sys.exit(Check().run())
    except sandbox.Unavailable as e:
        harness.skip(f"a /dev/log of our own needs root and mount namespaces: {e}")
