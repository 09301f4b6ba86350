# SPDX-License-Identifier: MIT
"""A program without and with the preload library, and what was recorded: for the tests of this
folder, whose first two arguments are the build's folder and the project's."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "preload"))
import recording  # noqa: E402

BUILD, SOURCE = sys.argv[1:3]
LIBRARY = f"{BUILD}/lib/liblogtap.so"
PROGRAMS = f"{BUILD}/tests/seccomp"


def system_calls():
    """The numbers of this machine's system calls by name, from the headers."""
    text = subprocess.run(["cc", "-E", "-dM", "-xc", "-include", "sys/syscall.h", "/dev/null"],
                          capture_output=True, check=True, text=True).stdout
    return {name: int(number)
            for name, number in re.findall(r"^#define __NR_(\w+) (\d+)$", text, re.MULTILINE)}


class Done:
    def __init__(self, done, texts=()):
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.texts = list(texts)

    def seen(self):
        """All that the program shows; addresses and pids in it are nobody's business."""
        return self.status, self.out, self.err

    def lines(self):
        """What should have been recorded: the lines of stderr, an unfinished one as well."""
        lines = self.err.split(b"\n")
        return lines if lines[-1] else lines[:-1]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="logtap-seccomp-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = f"{self.folder}/a.data"

    def run_plain(self, argv, **options):
        env = dict(os.environ, LC_ALL="C", PYTHONDONTWRITEBYTECODE="1", **options.pop("env", {}))
        return Done(subprocess.run(argv, env=env, capture_output=True, check=False, timeout=60,
                                   stdin=subprocess.DEVNULL, **options))

    def run_shim(self, argv, before=(), env=None, **options):
        """before: the program that starts argv, itself without the library (a filter's)."""
        subprocess.run([f"{BUILD}/bin/logtap", "record", "-o", self.path, "true"], check=True)
        settings = {"LD_PRELOAD": LIBRARY, "LOGTAP_SINK": f"file:{self.path}", **(env or {})}
        if before:
            argv = [*before, "env", *(f"{name}={value}" for name, value in settings.items()), *argv]
            settings = {}
        done = self.run_plain(argv, env=settings, **options)
        done.texts = [e.message for e in recording.joined(recording.events(self.path))]
        return done

    def filtered(self, mode, action, calls):
        return [f"{PROGRAMS}/filtered", mode, action, *map(str, calls), "--"]


def main():
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
