#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the instructions of one compile-time event in user space (callgrind), which no other load
on the machine can change, and compares them with their limits."""
import re
import subprocess
import sys

import harness


def has_avx2():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        return re.search(r"^flags\s.*\bavx2\b", file.read(), re.M) is not None


# what, limit: see cost.c. The memory transport copies by libc's memcpy, of which there is a shorter
# one for processors with AVX2. The quiet one: clang saves registers before it branches, gcc behind.
LIMITS = [("kernel", 185), ("memory", 245 if has_avx2() else 285), ("quiet", 25)]


def instructions(program, what, count):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                           program, what, str(count)], stderr=subprocess.PIPE, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def per_call(program, what):
    """Two runs of different length: what a program does at start cancels out."""
    return (instructions(program, what, 20000) - instructions(program, what, 10000)) / 10000


def main():
    harness.need("valgrind")
    program = harness.program("provider-cost")
    empty = per_call(program, "empty")
    faults = 0
    for what, limit in LIMITS:
        count = per_call(program, what) - empty
        print("%s: %.1f instructions an event, limit %d" % (what, count, limit))
        faults += count > limit
    return 1 if faults else 0


sys.exit(main())
