#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every end of last_words.c without and with the library: the same status, core file and bytes; and
what a thread had unfinished, and what libc said, is in the recording."""
import collections
import os
import resource
import subprocess

import harness
import recording
from harness import as_lines

PROGRAM = harness.program("last_words")

# How libc's words on a broken heap begin.
LIBC = (b"free(): ", b"double free ", b"malloc(): ")

# What is recorded where that is not the lines of stderr: LIBC's own words arrive there and nowhere
# else, or in the middle of the line that a handler ends. docs/GAPS.md says why.
EXPECTED = {
    "free": [b"a line"],
    "assert-broken-heap": [b"a line", b"tail"],
    "free-forks": [b"a line", b"tail", b"reported", LIBC],
    "abort-fork": [b"a line", b"tail goes on"],
    "abort-small-thread": [b"a line", b" of a thread", b"tail"],
}
EXPECTED |= {end: [b"a line", b"tail", b"handled", LIBC]
             for end in ("free-exits-now", "free-exits", "free-aborts", "free-raises")}


def words_of_libc(stderr):
    lines = [line.removeprefix(b"tail") for line in as_lines(stderr)]
    return next(line for line in lines if line.startswith(LIBC))


def unlimited():
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def joined(events):
    """The messages, those of unfinished lines as far as they came."""
    lines, parts = [], {}
    for event in events:
        if event.name == "stderr":
            lines.append(event.message)
        elif event.name == "stderr.part":
            key = event.fields["message_id"]
            if key not in parts:
                parts[key] = len(lines)
                lines.append(b"")
            lines[parts[key]] += event.message
    return lines


class Ends(harness.Case):
    """All runs of a test write into one recording, where process ids tell them apart."""

    def setUp(self):
        super().setUp()
        self.path = f"{self.folder}/ends.data"
        self.settings = harness.preload_settings(self.path)
        self.done = []

    def run_end(self, name, arguments, environment):
        """The process id, and the status, stdout, stderr, and whether there is a core file."""
        folder = f"{self.folder}/{name}"
        os.mkdir(folder)
        with open(f"{folder}/out", "wb") as out, open(f"{folder}/err", "wb") as err:
            child = subprocess.Popen([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=out,
                                     stderr=err, cwd=folder, env=environment, preexec_fn=unlimited)
            status = os.waitpid(child.pid, 0)[1]
            child.returncode = 0
        core = any(name.startswith("core") for name in os.listdir(folder))
        return child.pid, [status, harness.contents(f"{folder}/out"), harness.contents(f"{folder}/err"), core]

    def both(self, end, *more):
        """Runs it without and with the library; what only stderr says is looked at in the end."""
        name = "-".join((end, *more))
        _, plain = self.run_end(f"{name}-plain", (end, *more), harness.ENVIRONMENT)
        pid, shim = self.run_end(name, (end, *more), harness.clean_environment(**self.settings))
        if end == "abort-frames":
            self.assertIn(int(shim[1]) - int(plain[1]), (0, 1), "frames of ours on the stack")
            shim[1] = plain[1]
        self.assertEqual(shim, plain, name)
        self.done.append((end, pid, plain[2]))

    def recorded(self):
        """(end, what arrived at stderr, the events of the process) of each run."""
        events = collections.defaultdict(list)
        for event in recording.events(self.path):
            events[event.pid].append(event)
        return [(end, stderr, events[pid]) for end, pid, stderr in self.done]

    def test_each(self):
        listed = subprocess.run([PROGRAM], stdout=subprocess.PIPE, check=True, text=True).stdout.split()
        for end in listed:
            self.both(end)
        for end, stderr, events in self.recorded():
            want = [words_of_libc(stderr) if line is LIBC else line for line in EXPECTED.get(end, as_lines(stderr))]
            self.assertEqual(joined(events), want, end)
            for event in events:
                if b"***" in event.message or event.message.startswith(LIBC):
                    self.assertEqual(event.fields["level"], b"crit", event.message)

    def test_other_threads(self):
        """The unfinished lines of others, of each kind of end."""
        for end in ("abort", "abort-ignored", "abort-returns", "abort-exits-now", "abort-small-thread",
                    "smash", "assert", "raise", "kill", "sigkill", "number", "handler-first"):
            self.both(end, "thread")
        for end, stderr, events in self.recorded():
            got = joined(events)
            self.assertIn(b"other's tail\t", got, end)
            self.assertEqual(sorted(b"".join(got)), sorted(stderr.replace(b"\n", b"")), end)

    def test_other_thread_goes_on(self):
        """A handler jumps out of abort(): what was sent of the other's line was not its end."""
        self.both("abort-jumps", "thread")
        got = joined(self.recorded()[0][2])
        self.assertEqual(sorted(got), sorted([b"a line", b"tail and its end", b"another line", b"other's tail\t"]))


if __name__ == "__main__":
    harness.main()
