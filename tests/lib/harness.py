# SPDX-License-Identifier: MIT
"""What all Python tests share: where things are, a clean environment, running programs to their end
through pipes or on a terminal, recording and viewing, skipping. Standard library only.

The environment names what is tested; a test that is run by hand may leave all of it out:
    LOGTAP_BUILD      the build folder; default: build/ of the source
    LOGTAP_SANITIZED  1: it is instrumented, so that limits of time and memory don't hold

What must not depend on the project's own reader compares with recording.py, and writes files with
perfdata.py, which share nothing with it; this module's view() and Recording are the project's.
"""
import codecs
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
import time
import unittest
from typing import NamedTuple

LIB = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(LIB))
BUILD = os.path.abspath(os.environ.get("LOGTAP_BUILD") or os.path.join(SOURCE, "build"))
SANITIZED = os.environ.get("LOGTAP_SANITIZED", "") not in ("", "OFF", "0")
LOGTAP = os.path.join(BUILD, "bin", "logtap")
LIBRARY = os.path.join(BUILD, "lib", "liblogtap.so")

SKIPPED = 77  # the exit status of a test that can't run here
# Seconds: for what hangs, not for what a busy machine takes; ctest's own limit is 1500.
TIMEOUT = 600


def program(name):
    """A program that was compiled for the tests, by its path below the build's tests/."""
    return os.path.join(BUILD, "tests", name)


# --- environment ------------------------------------------------------------------------------

# What a person may have set for their own programs, and what CMake sets for these tests.
UNSET = ("LD_PRELOAD", "PAGER", "LESS", "NO_COLOR", "PYTHONPATH")


def clean_environment(**more):
    """The caller's, without settings that could leak into a test; and those of `more`."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("LOGTAP_") and name not in UNSET}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **more}


ENVIRONMENT = clean_environment()


# --- running ----------------------------------------------------------------------------------

class Outcome(NamedTuple):
    stdout: bytes
    stderr: bytes
    status: int  # negative: the signal that ended it


def run(argv, stdin=b"", cwd=None, preexec_fn=None, timeout=TIMEOUT, **variables):
    """Runs a program to its end, stdout and stderr as pipes of their own.

    stdin: bytes that it reads from a pipe, or what subprocess takes, such as subprocess.DEVNULL."""
    given = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}
    done = subprocess.run(argv, **given, capture_output=True, cwd=cwd, timeout=timeout,
                          preexec_fn=preexec_fn, env=dict(ENVIRONMENT, **variables), check=False)
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


def kill_and_wait(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def listens(path):
    """Whether somebody takes connections of programs at this socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as peer:
        return peer.connect_ex(path) == 0


def wait_for(condition, seconds=TIMEOUT):
    """Waits until condition() is true; whether it became so in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def wait_for_size(path, size):
    """Waits until a file exists and is that large."""
    if not wait_for(lambda: os.path.exists(path) and os.path.getsize(path) >= size):
        raise AssertionError(f"{path} did not grow to {size} bytes")


# --- recording and viewing --------------------------------------------------------------------

def as_lines(data):
    """The lines, without their ends; an unfinished one, too."""
    found = data.split(b"\n")
    return found if found[-1] else found[:-1]


def ended(data):
    """The bytes with the last line's newline, as `view --output=cat` writes it."""
    return data if not data or data.endswith(b"\n") else data + b"\n"


def _as_latin1(error):
    return error.object[error.start:error.end].decode("latin-1"), error.end


# As our readers take text: bytes.decode("utf-8", "latin1").
codecs.register_error("latin1", _as_latin1)


def json_lines(data):
    """The objects of --output=json: one on each line."""
    if data and not data.endswith(b"\n"):
        raise AssertionError(f"the last line has no end: {data[-80:]!r}")
    return [json.loads(line.decode("utf-8")) for line in data.split(b"\n")[:-1]]


def mask(data):
    """Process numbers differ between two runs of anything."""
    data = re.sub(rb"\[\d+\]", b"[PID]", data)
    return re.sub(rb"/tmp/cc\w{6}\b", b"/tmp/ccXXXXXX", data)


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def view(*arguments, **keywords):
    """`logtap view` as run() runs it."""
    return run([LOGTAP, "view", *arguments], **keywords)


def viewed_lines(path, event):
    """The messages of the events of this name, by the project's own reader."""
    return as_lines(view("--output=cat", f"--event={event}", path).stdout)


class Recording:
    """A recording and what the readers say about it."""

    def __init__(self, path):
        self.path = path

    def view(self, *options):
        return view(*options, self.path)

    def read(self, *options):
        """What `view` printed. It has nothing to say besides, except of a recording without events,
        and of filters that none of its events fits."""
        done = self.view(*options)
        said = re.sub(rb"^logtap view: (\S+ has no events: |\S+ fits no event; |no event has ).*\n", b"",
                      done.stderr, flags=re.M)
        if done.status != 0 or said or (done.stderr and done.stdout):
            raise AssertionError(f"view {options}: status {done.status}: {done.stderr!r}")
        return done.stdout

    def cat(self, *options):
        return self.read("--output=cat", *options)

    def events(self, *options):
        """Every event as the object that `view --output=json` printed for it."""
        return json_lines(self.read("--output=json", *options))

    def perf_script(self, *options):
        return run(["perf", "script", "-i", self.path, *options])


def record(folder, argv, options=(), runner=run, **keywords):
    """Runs a program under `logtap record`; returns its outcome and the recording."""
    path = os.path.join(folder, "logtap.data")
    outcome = runner([LOGTAP, "record", "-o", path, *options, "--", *argv], **keywords)
    return outcome, Recording(path)


def preload_settings(path):
    """The variables with which a program that is started without `logtap` records into `path`: a new
    recording whose head lists the provider's tracepoints."""
    done = run([LOGTAP, "record", "-o", path, "true"])
    if done.status != 0:
        raise AssertionError(f"logtap record ended with {done.status}: {done.stderr!r}")
    return {"LD_PRELOAD": LIBRARY, "LOGTAP_SINK": f"file:{path}"}


# --- tests ------------------------------------------------------------------------------------

def skip(why):
    """Ends a test that can't run here."""
    print(f"SKIPPED: {why}", flush=True)
    sys.exit(SKIPPED)


def need(*programs):
    """Skips where a program is missing."""
    for name in programs:
        if not shutil.which(name):
            skip(f"{name} is not installed")


def need_file(path):
    """Skips where a file that is no part of the tree is missing."""
    if not os.path.exists(path):
        skip(f"there is no {path}")


class Case(unittest.TestCase):
    """A test with a folder of its own that goes away with it."""

    maxDiff = 4000

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="logtap-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content, mode=0o644):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, mode)
        return path

    def record(self, argv, options=(), **keywords):
        return record(self.folder, argv, options, **keywords)

    def assert_one_line(self, stderr, *words, name="logtap"):
        """One clear line for a person: logtap's name in front, and each of these words in it."""
        text = stderr.decode()
        self.assertRegex(text, rf"\A{name}[^\n]+\n\Z")
        for word in words:
            self.assertIn(word, text)


def main():
    """Runs the classes named on the command line; 77 when everything in them was skipped."""
    result = unittest.main(argv=sys.argv, verbosity=2, exit=False).result
    for test, reason in result.skipped:
        print(f"SKIPPED: {test.id()}: {reason}", flush=True)
    if not result.wasSuccessful() or result.testsRun == 0:
        sys.exit(1)
    sys.exit(SKIPPED if len(result.skipped) == result.testsRun else 0)
