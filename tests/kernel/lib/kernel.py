# SPDX-License-Identifier: MIT
"""What the kernel tests share: collectors that are known to listen before a program starts, and
checks that say what differed. Everything runs as root inside the VM."""
import contextlib
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import harness
from harness import BUILD, LIBRARY, LOGTAP, SOURCE  # noqa: F401

HELPERS = harness.program("kernel")
TRACING = "/sys/kernel/tracing"

# Seconds to wait for what must come. Only a failure ever takes that long, so it is far beyond what an
# emulated machine needs on a host that does something else; guest.sh ends a test that hangs.
PATIENCE = 240

failures = 0


def check(what, condition, detail=""):
    """One claim. All of a test's claims are tried, also after one was false."""
    global failures
    if condition:
        print("true:", what)
    else:
        failures += 1
        print("FALSE:", what, detail)
    sys.stdout.flush()
    return bool(condition)


def equal(what, got, wanted):
    if got == wanted:
        return check(what, True)
    if isinstance(got, (bytes, list)) and isinstance(wanted, (bytes, list)):
        at = next((i for i, (a, b) in enumerate(zip(got, wanted)) if a != b),
                  min(len(got), len(wanted)))
        return check(what, False, "lengths %d and %d, first difference at %d: got %r, wanted %r" % (
            len(got), len(wanted), at, got[at:at + 2 if isinstance(got, list) else at + 60],
            wanted[at:at + 2 if isinstance(wanted, list) else at + 60]))
    return check(what, False, "got %r, wanted %r" % (got, wanted))


def finish():
    print("%d claims were false" % failures if failures else "all claims are true")
    sys.exit(1 if failures else 0)


def run(*argv, **options):
    """Runs to the end; the result has returncode, stdout, stderr as bytes."""
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    options.setdefault("timeout", PATIENCE)
    return subprocess.run(argv, check=False, **options)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def wait_for(condition, seconds=PATIENCE):
    return harness.wait_for(condition, seconds)


def status():
    """The kernel's list of user events: name -> "" or "ftrace perf"."""
    events = {}
    for line in read(TRACING + "/user_events_status").splitlines():
        match = re.match(r"([^ :]+)(?: # Used by (.*))?$", line)
        if match:
            events[match.group(1)] = match.group(2) or ""
    return events


def instances():
    return sorted(os.listdir(TRACING + "/instances"))


class Background:
    """A process that says on one of its streams when it is ready."""

    def __init__(self, argv, ready, stream="stdout", **options):
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        **options)
        self.seen = {"stdout": b"", "stderr": b""}
        self.until(stream, ready)

    def until(self, stream, words, times=1):
        """Waits until it has said the words on that stream, so many times since it started."""
        file = getattr(self.process, stream)
        end = time.monotonic() + PATIENCE
        while self.seen[stream].count(words) < times:
            if not select.select([file], [], [], max(0, end - time.monotonic()))[0]:
                raise RuntimeError("%r did not come: %r" % (words, self.seen))
            piece = os.read(file.fileno(), 65536)
            if not piece:
                rest = self.process.communicate()
                raise RuntimeError("ended early: %r %r" % (self.seen, rest))
            self.seen[stream] += piece

    @property
    def pid(self):
        return self.process.pid

    def stop(self, number=signal.SIGINT, seconds=PATIENCE):
        """Ends it; (exit status, stdout, stderr) of its whole life."""
        if self.process.poll() is None and number:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=seconds)
        return self.process.returncode, self.seen["stdout"] + out, self.seen["stderr"] + err


@contextlib.contextmanager
def registered(*names):
    """Tracepoints held by `logtap register`."""
    held = Background([LOGTAP, "register", *names], b"holding")
    try:
        yield held
    finally:
        held.stop(signal.SIGTERM)


def tail(*arguments, **options):
    return Background([LOGTAP, "tail", *arguments], b"listening", "stderr", **options)


class Perf:
    """`perf record` that acknowledged: from then on nothing is missed until stop()."""

    def __init__(self, *arguments, events=("user_events:logtap_*",)):
        self.folder = tempfile.mkdtemp(prefix="perf-")
        self.path = self.folder + "/perf.data"
        for name in ("control", "ack"):
            os.mkfifo(self.folder + "/" + name)
        argv = ["perf", "record", "-q", "-a", "-D", "-1", "-o", self.path,
                "--control", "fifo:%s/control,%s/ack" % (self.folder, self.folder)]
        for event in events:
            argv += ["-e", event]
        self.process = subprocess.Popen(argv + list(arguments), stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE)
        self.control = self._open("control", os.O_WRONLY)
        self.ack = self._open("ack", os.O_RDONLY)
        self.order("enable")

    def _open(self, name, mode):
        # Not blocking: perf may have ended without opening its side.
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return os.open(self.folder + "/" + name, mode | os.O_NONBLOCK)
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("perf did not start: %r" % self.process.communicate()[1])

    def order(self, word):
        os.write(self.control, word.encode() + b"\n")
        answer = b""
        end = time.monotonic() + PATIENCE
        while b"ack" not in answer:
            select.select([self.ack], [], [], 0.2)
            try:
                answer += os.read(self.ack, 64)
            except BlockingIOError:
                pass
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError("perf gave no answer: %r" % self.process.communicate()[1])

    def stop(self):
        """Ends the recording; its path."""
        self.order("disable")
        self.process.send_signal(signal.SIGINT)
        self.errors = self.process.communicate(timeout=PATIENCE)[1]
        return self.path

    def remove(self):
        os.close(self.control)
        os.close(self.ack)
        shutil.rmtree(self.folder)


def view(path, *arguments):
    """(exit status, stdout, stderr) of `logtap view`."""
    result = harness.view(*arguments, path, timeout=PATIENCE)
    return result.status, result.stdout, result.stderr
