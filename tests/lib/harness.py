# SPDX-License-Identifier: MIT
"""What the end-to-end tests share: running programs with and without logtap, through pipes or a
terminal, and reading back what was recorded. Standard library only.

The environment names the build under test: LOGTAP_BUILD (its bin/ and lib/) and LOGTAP_PROGRAMS
(the folder of the compiled test programs).
"""

import contextlib
import fcntl
import json
import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unittest
from typing import NamedTuple

BUILD = os.environ["LOGTAP_BUILD"]
PROGRAMS = os.environ["LOGTAP_PROGRAMS"]
SANITIZED = os.environ.get("LOGTAP_SANITIZED", "") not in ("", "OFF", "0")
LOGTAP = os.path.join(BUILD, "bin", "logtap")
# Seconds: for what hangs, not for what a busy machine takes; ctest's own limit is 1500.
TIMEOUT = 600

# Nothing of the caller's own settings may leak into a test.
ENVIRONMENT = {key: value for key, value in os.environ.items()
               if not key.startswith("LOGTAP_") and key not in ("LD_PRELOAD", "PAGER")}
ENVIRONMENT["LC_ALL"] = "C.UTF-8"
ENVIRONMENT["PYTHONDONTWRITEBYTECODE"] = "1"


class Outcome(NamedTuple):
    stdout: bytes
    stderr: bytes
    status: int  # negative: the signal that ended it


def run(argv, stdin=b"", cwd=None, **variables):
    """Runs a program to its end, stdout and stderr as pipes of their own."""
    done = subprocess.run(argv, input=stdin, capture_output=True, cwd=cwd, timeout=TIMEOUT,
                          env=dict(ENVIRONMENT, **variables), check=False)
    return Outcome(done.stdout, done.stderr, done.returncode)


def run_on_terminal(argv, typed=b"", cwd=None, **variables):
    """Runs a program with a terminal of its own as stdin, stdout and stderr; types `typed` and
    the end-of-file character.

    Returns what arrived at the terminal and the exit status."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def own_terminal():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    child = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, cwd=cwd,
                             preexec_fn=own_terminal,
                             env=dict(ENVIRONMENT, TERM="xterm-256color", **variables))
    os.close(slave)
    os.write(master, typed + b"\x04")
    seen = bytearray()
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        ready, _, _ = select.select([master], [], [], 1)
        if not ready:
            continue
        try:
            data = os.read(master, 65536)
        except OSError:  # EIO: the last process has closed it
            break
        if not data:
            break
        seen += data
    status = child.wait(TIMEOUT)
    os.close(master)
    return bytes(seen), status


class Recording:
    """A recording and what the readers say about it."""

    def __init__(self, path):
        self.path = path

    def view(self, *options):
        return run([LOGTAP, "view", *options, self.path])

    def cat(self, *options):
        done = self.view("--output=cat", *options)
        if done.status != 0 or done.stderr:
            raise AssertionError(f"view --output=cat: status {done.status}: {done.stderr!r}")
        return done.stdout

    def events(self, *options):
        """Every event as the object that `view --output=json` printed for it."""
        done = self.view("--output=json", *options)
        if done.status != 0 or done.stderr:
            raise AssertionError(f"view --output=json: status {done.status}: {done.stderr!r}")
        return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]

    def perf_script(self, *options):
        return run(["perf", "script", "-i", self.path, *options])


def record(folder, argv, options=(), runner=run, **keywords):
    """Runs a program under `logtap record`; returns its outcome and the recording."""
    path = os.path.join(folder, "logtap.data")
    outcome = runner([LOGTAP, "record", "-o", path, *options, "--", *argv], **keywords)
    return outcome, Recording(path)


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def wait_for_size(path, size):
    """Waits until a file exists and is that large."""
    deadline = time.monotonic() + TIMEOUT
    while not os.path.exists(path) or os.path.getsize(path) < size:
        if time.monotonic() > deadline:
            raise AssertionError(f"{path} did not grow to {size} bytes")
        time.sleep(0.002)


def lines(stderr):
    """What `view --output=cat` owes for these bytes: the same, the last newline added."""
    return stderr if not stderr or stderr.endswith(b"\n") else stderr + b"\n"


def mask(data):
    """Process numbers differ between two runs of anything."""
    data = re.sub(rb"\[\d+\]", b"[PID]", data)
    return re.sub(rb"/tmp/cc\w{6}\b", b"/tmp/ccXXXXXX", data)


class DevLog:
    """The test's own listener at /dev/log; call enter_private_dev() first."""

    def __init__(self, path="/dev/log"):
        self.path = path
        self.packets = []

    def __enter__(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        self.socket.bind(self.path)
        os.chmod(self.path, 0o666)
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()
        return self

    def listen(self):
        while True:
            packet = self.socket.recv(1 << 20)
            if packet == b"end of test":
                return
            self.packets.append(packet)

    def __exit__(self, *_):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"end of test", self.path)
        self.thread.join()
        self.socket.close()
        os.unlink(self.path)

    def masked(self):
        """The packets without their times and process numbers."""
        return [mask(re.sub(rb"^(<\d+>)\w{3} [ \d]\d \d\d:\d\d:\d\d ", rb"\1", packet))
                for packet in self.packets]


def private_mounts():
    """The unshare command that gives a program mounts of its own here, or None: as root, or as
    anybody where the system allows user namespaces."""
    for options in (["-m"], ["-U", "-r", "-m"]):
        command = ["unshare", *options, "--propagation", "private"]
        with contextlib.suppress(FileNotFoundError):
            done = subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
                                  capture_output=True, check=False)
            if done.returncode == 0:
                return command
    return None


PRIVATE_MARK = "LOGTAP_TEST_PRIVATE_DEV"


def enter_private_dev():
    """Gives this test a /dev of its own, so that /dev/log can be ours without touching the host.

    Starts the test anew in a private mount namespace. Where that is not allowed (a container), a
    missing /dev/log is used as it is; one that somebody listens at is left alone: skip."""
    if os.environ.get(PRIVATE_MARK):
        return
    unshare = private_mounts()
    if unshare:
        os.environ[PRIVATE_MARK] = "namespace"
        os.execvp("unshare", [*unshare, "sh", "-ec", PRIVATE_DEV, "sh", sys.executable, *sys.argv])
    if os.path.lexists("/dev/log") or not os.access("/dev", os.W_OK):
        print("SKIPPED: no private mount namespace here, and /dev/log is in use", flush=True)
        sys.exit(77)


PRIVATE_DEV = """
# Not where TMPDIR says: that may be a folder of the /dev which is about to be covered.
new=$(mktemp -d -p /tmp)
mount -t tmpfs -o mode=755 tmpfs "$new"
for name in null zero full random urandom tty; do
    touch "$new/$name"
    mount --bind "/dev/$name" "$new/$name"
done
mkdir "$new/pts" "$new/shm"
mount --bind /dev/pts "$new/pts"
mount -t tmpfs tmpfs "$new/shm"
if [ -e /dev/pts/ptmx ] && [ -c /dev/ptmx ]; then
    touch "$new/ptmx"
    mount --bind /dev/ptmx "$new/ptmx"
else
    ln -s pts/ptmx "$new/ptmx"
fi
ln -s /proc/self/fd "$new/fd"
for pair in 0:stdin 1:stdout 2:stderr; do
    ln -s "/proc/self/fd/${pair%%:*}" "$new/${pair#*:}"
done
mount --rbind "$new" /dev
umount -l "$new"
rmdir "$new"
exec "$@"
"""


class Case(unittest.TestCase):
    """A test with a folder of its own that goes away with it."""

    maxDiff = 4000

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="logtap-e2e-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content, mode=0o644):
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, mode)
        return path

    def record(self, argv, options=(), **keywords):
        return record(self.folder, argv, options, **keywords)

    def assert_one_line(self, stderr, *words):
        """One clear line for a person: logtap's name in front, and each of these words in it."""
        text = stderr.decode()
        self.assertEqual(text.count("\n"), 1, text)
        self.assertTrue(text.startswith("logtap"), text)
        for word in words:
            self.assertIn(word, text)


def main():
    """Runs the classes named on the command line; 77 when everything in them was skipped."""
    program = unittest.main(argv=sys.argv, verbosity=2, exit=False)
    result = program.result
    for test, reason in result.skipped:
        print(f"SKIPPED: {test.id()}: {reason}", flush=True)
    if not result.wasSuccessful() or result.testsRun == 0:
        sys.exit(1)
    sys.exit(77 if len(result.skipped) == result.testsRun else 0)


def kill_and_wait(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
