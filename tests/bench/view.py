#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How fast `logtap view --output=json` reads: from a file in the page cache, on one core.

    bench_view.py LOGTAP [--events N] [--rounds N] [--json FILE]

Writes two recordings of the event `Syslog` (146 bytes each, messages of 80) into a temporary
folder, one in perf's pipe form and one .dat, reads each once to warm the cache, then in turns.
Prints MB/s of the file and million events/s by the clock and by the processor's time (which other
load on the machine disturbs less), medians, and the peak memory.
"""
import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HEAD = (b"\x07\0\0\0\0\0\0\x04\x28\0\x01\0Syslog\0level\0\x02message\0\x0afacility\0\x02"
        b"ident\0\x0a")
TAIL = b"\x0a\x08\0sshd-ses"
DISTINCT = 1000
TRACEPOINT, CLOCKID, CLOCK_DATA = 77, 23, 29
FORMAT = b"""name: P_L4K1
ID: 77
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

\tfield:u8 eventheader_flags;\toffset:8;\tsize:1;\tsigned:0;
\tfield:u8 version;\toffset:9;\tsize:1;\tsigned:0;
\tfield:u16 id;\toffset:10;\tsize:2;\tsigned:0;
\tfield:u16 tag;\toffset:12;\tsize:2;\tsigned:0;
\tfield:u8 opcode;\toffset:14;\tsize:1;\tsigned:0;
\tfield:u8 level;\toffset:15;\tsize:1;\tsigned:0;

print fmt: ""
"""


def events():
    for number in range(DISTINCT):
        message = (b"<86>connection from 10.1.2.3 port %05d: " % number).ljust(80, b"m")
        yield HEAD + b"\x04\x50\0" + message + TAIL


def record(kind, body):
    return struct.pack("<IHH", kind, 0, 8 + len(body)) + body


def perf_head():
    identifier_tid_time_cpu_raw = 1 << 16 | 2 | 4 | 128 | 1024
    attr = bytearray(128)
    struct.pack_into("<IIQQQQQ", attr, 0, 2, 128, TRACEPOINT, 1, identifier_tid_time_cpu_raw, 0,
                     1 << 18 | 1 << 25)  # sample_id_all, use_clockid
    struct.pack_into("<i", attr, 92, 1)  # CLOCK_MONOTONIC
    tracing = b"\x17\x08\x44tracing0.6\0\0\x08" + struct.pack("<I", 4096) + \
        b"header_page\0" + bytes(8) + b"header_event\0" + bytes(8) + \
        struct.pack("<II", 0, 1) + b"user_events\0" + struct.pack("<IQ", 1, len(FORMAT)) + \
        FORMAT + bytes(16)
    tracing += bytes(-len(tracing) % 8)
    return b"PERFILE2" + struct.pack("<Q", 16) + record(64, bytes(attr) + struct.pack("<Q", 1)) + \
        record(80, struct.pack("<QQ", CLOCKID, 1)) + \
        record(80, struct.pack("<QIIQQ", CLOCK_DATA, 1, 1, 1795287001000000000, 10**9)) + \
        struct.pack("<IHHI", 66, 0, 12, len(tracing)) + tracing + record(82, b"") + \
        record(3, struct.pack("<II", 100, 100) + b"program\0")


def write_perf(path, count):
    bodies = []
    for event in events():
        raw = struct.pack("<HBBi", TRACEPOINT, 0, 0, 100) + event
        raw += bytes(-(len(raw) + 4) % 8)
        bodies.append(struct.pack("<I", len(raw)) + raw)
    head = struct.pack("<IHH", 9, 0, 40 + len(bodies[0]))
    with open(path, "wb") as file:
        file.write(perf_head())
        for first in range(0, count, DISTINCT):
            file.write(b"".join(head + struct.pack("<QIIQQ", 1, 100, 100, 10**9 + (first + i) * 1000,
                                                   0) + body for i, body in enumerate(bodies)))


def write_dat(path, count):
    block = b"".join(struct.pack("<I", 11 + len(event)) + b"P_L4K1\0" + event for event in events())
    with open(path, "wb") as file:
        for _ in range(0, count, DISTINCT):
            file.write(block)


def run(logtap, path):
    """Seconds by the clock and of the processor, and the peak memory in KiB."""
    start = time.perf_counter()
    child = subprocess.Popen([logtap, "view", "--output=json", path], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = status
    if status != 0:
        sys.exit(f"logtap view {path} ended with {status}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def lines_of(logtap, path):
    viewer = subprocess.Popen([logtap, "view", "--output=json", path], stdout=subprocess.PIPE)
    count = sum(block.count(b"\n") for block in iter(lambda: viewer.stdout.read(1 << 20), b""))
    viewer.wait()
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("logtap")
    parser.add_argument("--events", type=int, default=1000000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", help="a file for the figures")
    options = parser.parse_args()
    count = -(-options.events // DISTINCT) * DISTINCT
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        paths = {"perf": os.path.join(folder, "bench.data"), "dat": os.path.join(folder, "bench.dat")}
        write_perf(paths["perf"], count)
        write_dat(paths["dat"], count)
        for path in paths.values():
            if lines_of(options.logtap, path) != count:
                sys.exit(f"logtap view did not show {count} events")
        runs = {name: [] for name in paths}
        for _ in range(options.rounds):
            for name, path in paths.items():
                runs[name].append(run(options.logtap, path))
        for name, path in paths.items():
            size = os.path.getsize(path)
            clock, processor = (statistics.median(r[i] for r in runs[name]) for i in (0, 1))
            f = figures[name] = {
                "mb_per_s": size / clock / 1e6,
                "events_per_s": count / clock,
                "mb_per_cpu_s": size / processor / 1e6,
                "events_per_cpu_s": count / processor,
                "peak_kib": max(r[2] for r in runs[name]),
            }
            print(f"{name:5} {f['mb_per_s']:6.0f} MB/s {f['events_per_s'] / 1e6:6.2f} M events/s"
                  f" by the clock, {f['mb_per_cpu_s']:6.0f} MB/s {f['events_per_cpu_s'] / 1e6:6.2f}"
                  f" M events/s of the processor, peak {f['peak_kib']} KiB"
                  " (goal: 500 MB/s, 3 M events/s)")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)


if __name__ == "__main__":
    main()
