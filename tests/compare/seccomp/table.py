#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""preload/own_calls.tsv against the sources, and against what strace sees, free and confined."""
import collections
import glob
import os
import re
import shutil
import unittest

import confined
import harness

PRELOAD = f"{harness.SOURCE}/preload"
LOGGER = harness.program("seccomp/logger")

with open(f"{PRELOAD}/own_calls.tsv", encoding="ascii") as f:
    ROWS = [line.rstrip("\n").split("\t") for line in f if line[0] != "#"]

LIBC = tuple(int(n) for n in os.confstr("CS_GNU_LIBC_VERSION").split()[1].split("."))


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def is_plain(word):
    """`yes`, or the libc version whose loader makes the call itself."""
    return word == "yes" or (word[0].isdigit() and LIBC >= tuple(map(int, word.split("."))))


# What a call of the table is called there.
ON_I386 = {"_llseek": "lseek"}


class Sources(unittest.TestCase):
    def test_rows_are_whole(self):
        groups = set(re.findall(r"^\s*X\((\w+),", read(f"{PRELOAD}/base/own_calls.h"), re.MULTILINE))
        self.assertGreater(len(groups), 10)
        for row in ROWS:
            self.assertEqual(len(row), 5, row)
            self.assertIn(row[1], ("start", "event", "rare"))
            self.assertIn(row[3], groups | {"-"})
        self.assertEqual(groups - {row[3] for row in ROWS}, set())

    def test_every_call_in_the_sources_has_a_row(self):
        """Of the library, and of the part of the encoder that is compiled into it."""
        made = set()
        for path in glob.glob(f"{PRELOAD}/*/*.[ch]") + glob.glob(f"{harness.SOURCE}/encoder/src/*.[ch]"):
            made |= set(re.findall(r"(?:LT_RAW\d|EVH_SYSCALL\d|evh_syscall|lt_raw_call)\(\s*SYS_(\w+)",
                                   read(path)))
        self.assertGreater(len(made), 25)
        self.assertEqual({ON_I386.get(call, call) for call in made} - {row[0] for row in ROWS}, set())

    def test_what_is_shown_to_filters_is_in_the_table(self):
        text = read(f"{PRELOAD}/base/own_calls.c")
        shown = set(re.findall(r"\{\s*LT_CALL_(\w+),\s*SYS_(\w+),", text))
        shown |= {(group, "lseek") for group in re.findall(r"\{\s*LT_CALL_(\w+),\s*SEEK\(", text)}
        rows = {(row[3], row[0]) for row in ROWS}
        # getpid stands for two groups, write and writev for what libc writes to a copy.
        rows |= {("IDS", "getpid"), ("APPEND", "pread64"), ("APPEND", "write"), ("APPEND", "close"),
                 ("COPIES", "write"), ("COPIES", "writev"), ("COPIES", "close"),
                 ("NUMBERS", "close")}
        self.assertEqual(shown - rows, set())
        # And the other way: nothing that may be refused later is left out.
        late = {(row[3], row[0]) for row in ROWS if row[3] not in ("-", "START", "EVENTS")}
        self.assertEqual(late - shown, set())

    def test_plain_groups(self):
        """LT_CALLS_PLAIN names the groups whose rows are all plain."""
        text = read(f"{PRELOAD}/base/own_calls.h")
        listed = set(re.findall(r"LT_CALL_(\w+)", text[text.index("LT_CALLS_PLAIN ="):
                                                       text.index("LT_CALLS_ALL")]))
        plain = {row[3] for row in ROWS if row[2] == "yes" and row[3] != "-"}
        self.assertEqual(listed, plain)
        self.assertEqual(plain & {row[3] for row in ROWS if row[2] == "no"}, set())


# Threads that end with their process may or may not come to these.
BY_CHANCE = ("pause", "futex")


class Calls(confined.Case):
    def calls(self, argv, before=(), shim=True, env=None):
        """How often the program makes each call, from its own exec on."""
        log = f"{self.folder}/calls"
        settings = {**harness.preload_settings(self.path), **(env or {})} if shim else {}
        assigned = [f"{name}={value}" for name, value in settings.items()]
        done = self.run_plain(["strace", "-f", "-qq", "-e", "signal=none", "-o", log, *before,
                               "env", *assigned, *argv])
        self.assertEqual(done.status, 0, done.err)
        counts, started = collections.Counter(), False
        for line in read(log).splitlines():
            call = re.match(r"\d+ +(\w+)\(", line)
            if f'execve("{argv[0]}"' in line:
                counts, started = collections.Counter(), True
            elif call and started and call[1] not in BY_CHANCE:
                counts[call[1]] += 1
        return counts

    def extra(self, argv, before=(), env=None):
        """Calls that are there because of the library, which is no more than loaded otherwise."""
        empty = {"LOGTAP_DISABLE": "1"}
        return self.calls(argv, before, env=env) - self.calls(argv, before, env=empty)

    def setUp(self):
        super().setUp()
        if not shutil.which("strace"):
            self.skipTest("strace is not here")

    def test_free(self):
        known = {row[0] for row in ROWS}
        for what in ("plain", "threads", "forks", "copies"):
            extra = self.extra([LOGGER, what])
            self.assertEqual(set(extra) - known, set(), what)
            self.assertIn("gettid", extra)

    def test_nothing_where_it_is_disabled(self):
        for what in ("plain", "threads", "forks", "copies"):
            disabled = self.calls([LOGGER, what], env={"LOGTAP_DISABLE": "1"})
            without = self.calls([LOGGER, what], shim=False)
            # What the loader does to load one library more, and nothing else.
            self.assertLessEqual(set(disabled - without),
                                 {"openat", "read", "newfstatat", "fstat", "mmap", "mprotect",
                                  "close", "pread64"}, what)

    def test_confined_before(self):
        """Under a filter that allows all there is, only plain calls are made."""
        plain = {row[0] for row in ROWS if is_plain(row[2])}
        filtered = self.filtered("deny", "kill", [999999])
        for what in ("plain", "threads", "forks", "copies"):
            for env in ({}, {"LOGTAP_DEBUG": f"{self.folder}/debug"},
                        {"LOGTAP_SINK": "user_events"}):
                extra = self.extra([LOGGER, what], filtered, env)
                self.assertEqual(set(extra) - plain, set(), (what, env))
                self.assertIn("openat", extra)

    def test_the_start(self):
        """What a program pays that logs nothing: three of the calls ask for a filter."""
        extra = self.extra(["/bin/true"])
        self.assertLessEqual(sum(extra.values()), 33, extra)


if __name__ == "__main__":
    harness.main()
