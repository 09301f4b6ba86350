# SPDX-License-Identifier: MIT
"""How the cost grows with those who log at once into one recording: lines a second, lines that are
missing, the library's memory in one process, and the size of the recording."""
import os
import re
import subprocess

from harness import LOGTAP, clean_environment
from measure import Failed, say

PROCESSES = (1, 10, 100, 1000)
THREADS = (1, 8, 64)
AT_ONCE = 10000  # threads; more of them measure the machine's memory
LINES = 200000
HEADING = ["processes", "threads of each", "lines a second", "of one thread's", "missing", "KiB of the library's",
           "bytes a line"]


def crowd(bench, processes, threads, path):
    command = [LOGTAP, "record", "-q", "-o", path, "--", bench.program("bench-crowd"), "--processes", str(processes),
               "--threads", str(threads), "--lines", str(LINES)]
    done = subprocess.run(command, env=clean_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise Failed(f"bench-crowd ended with {done.returncode}")
    return {name: float(value) for name, value in re.findall(r"^(\w+)\t([\d.]+)$", done.stdout.decode(), re.M)}


def count(path):
    viewer = subprocess.Popen([LOGTAP, "view", "--output=cat", path], stdout=subprocess.PIPE)
    lines = sum(block.count(b"\n") for block in iter(lambda: viewer.stdout.read(1 << 20), b""))
    if viewer.wait() != 0:
        raise Failed("logtap view found something wrong with the recording")
    return lines


def measure(bench):
    path, first = os.path.join(bench.folder, "crowd.data"), None
    rows = []
    for processes in PROCESSES:
        for threads in THREADS:
            if processes * threads > AT_ONCE:
                continue
            say(f"{processes:,} processes of {threads} threads that log at once")
            found = crowd(bench, processes, threads, path)
            rate = 1e9 / found["line"]
            first = first or rate
            rows.append([f"{processes:,}", f"{threads}", f"{rate:,.0f}", f"{rate / first:.2f}",
                         f"{found['lines'] - count(path):.0f}", f"{found['dirty']:.0f}",
                         f"{os.path.getsize(path) / found['lines']:.1f}"])
    bench.table.add_table(f"{LINES:,} lines of 80 bytes into one recording", HEADING, rows)
