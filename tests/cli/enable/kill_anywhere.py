#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`logtap enable --system`, `disable` and the static `logtap-disable`, each killed at every one of its
system calls: the list is the old one or the new one, every program runs, and `disable` leaves the root
as it was, to the byte.

    kill_anywhere.py            at every call
    kill_anywhere.py --quick    at some of those that change a file"""
import collections
import contextlib
import os
import re
import sys
import unittest

import harness
from own_root import ENTRY_KEPT, LIST, OwnRoot

QUICK = "--quick" in sys.argv
# What puts a change in place; without these, no file is another one than before.
CHANGES = {"renameat", "unlinkat", "mkdirat", "symlinkat", "fchmod", "write"}
FOREIGN = b"# theirs\n/usr/lib/x86_64-linux-gnu/libdl.so.2"


class Killed(OwnRoot):
    def strace(self, options, argv):
        return harness.run(["strace", "-o", self.path("calls"), *options, "chroot", self.root, *argv],
                           PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin")

    def calls(self, argv):
        """How often it makes each call, behind its own start."""
        self.assertEqual(self.strace([], argv).status, 0)
        with open(self.path("calls"), encoding="utf-8", errors="replace") as file:
            names = [match[1] for match in map(re.compile(r"(\w+)\(").match, file) if match]
        last = len(names) - 1 - names[::-1].index("execve")
        counts = collections.Counter()
        for at, name in enumerate(names):
            counts[name] += 1
            if at > last and name not in ("exit_group",) and (not QUICK or name in CHANGES):
                yield name, counts[name]

    def check_program(self, argv, prepare):
        self.put(LIST, FOREIGN)
        before = self.listing()
        prepare()
        points = list(self.calls(argv))
        self.clean()
        self.assertGreater(len(points), 5)
        for name, count in points[::1 + len(points) // 7] if QUICK else points:
            prepare()
            was = self.get(LIST)
            done = self.strace([f"--inject={name}:signal=KILL:when={count}"], argv)
            where = f"{argv[0]} {argv[1:]}, killed at {name} {count}"
            self.assertEqual(done.status, -9, where)
            now = self.get(LIST)
            self.assertIn(now, (FOREIGN, FOREIGN + b"\n" + ENTRY_KEPT.encode() + b"::\n"), where)
            self.assertEqual(os.stat(self.inside(LIST)).st_mode & 0o7777, 0o644, where)
            self.assertIn(was, (FOREIGN, FOREIGN + b"\n" + ENTRY_KEPT.encode() + b"::\n"))
            self.assert_runs()
            self.clean()
            self.assertEqual(self.listing(), before, where)
        print(f"{' '.join(argv)}: killed at {len(points)} calls", flush=True)

    def clean(self):
        """What a person does afterwards: also off with the switch, which the static one is there for."""
        self.logtap("disable")
        with contextlib.suppress(FileNotFoundError):
            os.remove(self.inside("/etc/logtap/disabled"))
        with contextlib.suppress(FileNotFoundError):
            os.rmdir(self.inside("/etc/logtap"))

    def enable(self):
        self.logtap("enable", "--system")

    def test_enable(self):
        self.check_program(["logtap", "enable", "--system"], lambda: None)

    def test_disable(self):
        self.check_program(["logtap", "disable", "--system"], self.enable)

    def test_static(self):
        self.check_program(["logtap-disable"], self.enable)


if __name__ == "__main__":
    harness.need("strace")
    sys.argv = [word for word in sys.argv if word != "--quick"]
    harness.main()
