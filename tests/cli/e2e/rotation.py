#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The proof that a recording in segments loses nothing: several processes with several threads write
numbered lines, one of the processes is killed at random every second, and `logtap view` is compared
with what each thread noted that it had written.

    rotation.py [--processes N] [--threads N] [--lines N] [--max-size SIZE] [--keep N] [--kill SECONDS]

Without arguments: 8 processes of 8 threads write 5 million lines through some 40 rotations, once
with all segments kept and once with 4: then what is shown of a thread may begin later, but has no
gap. It takes some minutes and 1 GB in $TMPDIR; ctest runs a short form of it (test_rotation.py).
"""
import argparse
import collections
import ctypes
import os
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib"))
import harness  # noqa: E402
from harness import LOGTAP  # noqa: E402

SPREAD = harness.program("e2e/spread")
SEGMENT = re.compile(r"\.(\d+)$")


class Result:
    """What a run showed: counts, and a list of what should not be."""

    def __init__(self):
        self.written = self.shown = self.kills = self.rotations = self.unfinished = 0
        self.disk = self.seconds = 0
        self.problems = []

    def __str__(self):
        return (f"{self.written} lines written, {self.shown} shown, {self.rotations} rotations, "
                f"{self.kills} processes killed, {self.unfinished} of their threads' last lines "
                f"missing, at most {self.disk} bytes on the disk, {self.seconds:.0f} s")


def exchanger(one, other):
    """A function that exchanges what two names are, in one step (RENAME_EXCHANGE)."""
    libc = ctypes.CDLL(None)
    names = os.fsencode(one), os.fsencode(other)
    return lambda: libc.renameat2(-100, names[0], -100, names[1], 2)


def disk_use(folder):
    """Bytes of all files in a folder, of those with several names once."""
    seen = {}
    for entry in os.scandir(folder):
        try:
            status = entry.stat()
        except FileNotFoundError:
            continue
        seen[status.st_ino] = status.st_size
    return sum(seen.values())


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


class Watch(threading.Thread):
    """Kills a process now and then, and looks how much there is on the disk."""

    def __init__(self, recorder, folder, interval, result):
        super().__init__()
        self.recorder, self.folder, self.interval, self.result = recorder, folder, interval, result
        self.random = random.Random(16)

    def run(self):
        due = time.monotonic() + self.interval
        while self.recorder.poll() is None:
            self.result.disk = max(self.result.disk, disk_use(self.folder))
            if time.monotonic() >= due:
                due += self.interval
                victims = children_of(self.recorder.pid)
                if victims:
                    os.kill(self.random.choice(victims), signal.SIGKILL)
                    self.result.kills += 1
            time.sleep(0.01)


def noted(path):
    """{writer: lines that it had written} of all writers that wrote one or more."""
    with open(path, "rb") as file:
        counts = struct.unpack("<%dQ" % (os.path.getsize(path) // 8), file.read())[1:]
    return {writer: count for writer, count in enumerate(counts) if count}


def check(shown, written, whole, result):
    """Each writer's lines are shown once, in order, up to the last that it wrote. The one that it was
    killed in may be missing, or be there although it could not note it any more."""
    first, last = {}, collections.defaultdict(lambda: -1)
    for line in shown:
        writer, number = map(int, line.split())
        if writer not in first:
            first[writer] = number
        elif number != last[writer] + 1:
            result.problems.append(f"writer {writer}: line {number} behind {last[writer]}")
        last[writer] = number
        result.shown += 1
    for writer, count in written.items():
        result.written += count
        if whole and first.get(writer, count) != 0 and count > 1:
            result.problems.append(f"writer {writer}: its first line is {first.get(writer)}")
        missing = count - 1 - last[writer]
        if writer not in first and not whole:
            continue
        result.unfinished += missing > 0
        if abs(missing) > 1:
            result.problems.append(f"writer {writer}: {count} written, the last shown is "
                                   f"{last[writer]}")


def prove(folder, processes, threads, lines, max_size, keep, interval, bounded=True):
    result = Result()
    record, notes = os.path.join(folder, "r"), os.path.join(folder, "notes")
    os.mkdir(record)
    path = os.path.join(record, "logtap.data")
    begun = time.monotonic()
    with subprocess.Popen([LOGTAP, "record", "-o", path, f"--max-size={max_size}",
                           f"--keep={keep}", SPREAD, str(processes), str(threads), str(lines),
                           notes], stderr=subprocess.DEVNULL,
                          env=harness.ENVIRONMENT) as recorder:
        watch = Watch(recorder, record, interval, result)
        watch.start()
        status = recorder.wait()
        watch.join()
    result.seconds = time.monotonic() - begun
    if status:
        result.problems.append(f"the program ended with {status}")
    numbers = [int(SEGMENT.search(name).group(1)) for name in os.listdir(record)
               if SEGMENT.search(name)]
    strangers = [name for name in os.listdir(record)
                 if name != "logtap.data" and not SEGMENT.search(name)]
    if strangers:
        result.problems.append(f"left behind: {strangers}")
    result.rotations = max(numbers) - 1
    whole = min(numbers) == 1
    written = noted(notes)
    with subprocess.Popen([LOGTAP, "view", "-o", "cat", path], stdout=subprocess.PIPE,
                          env=harness.ENVIRONMENT) as view:
        check(view.stdout, written, whole, result)
    if result.unfinished > threads * result.kills:
        result.problems.append("more lines are missing than threads were killed")
    if view.returncode not in (0, 1):
        result.problems.append(f"view ended with {view.returncode}")
    if len(numbers) > keep + 1:
        result.problems.append(f"{len(numbers)} segments are there, {keep + 1} may be")
    limit = (keep + 1) * max_size
    if bounded and result.disk > limit:
        result.problems.append(f"{result.disk} bytes were on the disk, {limit} may be")
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--lines", type=int, default=5000000)
    parser.add_argument("--max-size", type=int, default=16 << 20)
    parser.add_argument("--keep", type=int, default=0, help="0: once all, once 4")
    parser.add_argument("--kill", type=float, default=1.0, help="seconds between two kills")
    given = parser.parse_args()
    failed = False
    for keep in [given.keep] if given.keep else [1000, 4]:
        with tempfile.TemporaryDirectory() as folder:
            result = prove(folder, given.processes, given.threads, given.lines, given.max_size,
                           keep, given.kill)
        print(f"keep {keep}: {result}", flush=True)
        for problem in result.problems[:20]:
            print("   ", problem)
        failed = failed or bool(result.problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
