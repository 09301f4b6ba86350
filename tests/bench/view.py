#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How fast `logtap view --output=json` reads: from a file in the page cache, on one core.

    view.py [--events N] [--rounds N] [--json FILE]

Writes two recordings of the event `Syslog` (146 bytes each, messages of 80) into a temporary
folder, one in perf's pipe form and one .dat, reads each once to warm the cache, then in turns.
Prints MB/s of the file and million events/s by the clock and by the processor's time (which other
load on the machine disturbs less), medians, and the peak memory. Then of the perf.data: a word that
stands nowhere (--grep), and the time until the first line comes; a .dat of events of many kinds of
fields; and a recording as the library writes it, of a program that says what process it is, with a
time near its end as well (--since).
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

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import perfdata  # noqa: E402
from harness import LOGTAP  # noqa: E402

HEAD = (b"\x07\0\0\0\0\0\0\x04\x28\0\x01\0Syslog\0level\0\x02message\0\x0afacility\0\x02"
        b"ident\0\x0a")
TAIL = b"\x0a\x08\0sshd-ses"
DISTINCT = 1000
EVENT = perfdata.Event("P_L4K1", 77, ids=(1,))
WRITER = perfdata.Writer()
TIME_AT = 24  # of a sample: behind the record's head, the id, pid and tid


def events():
    for number in range(DISTINCT):
        message = (b"<86>connection from 10.1.2.3 port %05d: " % number).ljust(80, b"m")
        yield HEAD + b"\x04\x50\0" + message + TAIL


def write_perf(path, count):
    """As perf record -o - writes it; only the times differ between one thousand and the next."""
    head = WRITER.comm(EVENT, 100, 100, "program")
    samples = [WRITER.sample(EVENT, event, pid=100, tid=100) for event in events()]
    with open(path, "wb") as file:
        file.write(WRITER.pipe([EVENT], head, (1795287001000000000, 10**9)))
        for first in range(0, count, DISTINCT):
            file.write(b"".join(
                sample[:TIME_AT] + struct.pack("<Q", 10**9 + (first + i) * 1000) +
                sample[TIME_AT + 8:] for i, sample in enumerate(samples)))


def write_dat(path, count):
    block = b"".join(struct.pack("<I", 11 + len(event)) + b"P_L4K1\0" + event for event in events())
    with open(path, "wb") as file:
        for _ in range(0, count, DISTINCT):
            file.write(block)


def write_own(path, count):
    """As the library writes it: a sample's id is its tracepoint's number, and the process is known."""
    tracepoints = [perfdata.Event(name, 1000 + i, ids=(1000 + i,)) for i, name in enumerate(("logtap_L4K2", "logtap_L4K4"))]
    head = WRITER.comm(tracepoints[0], 100, 100, "program")
    head += WRITER.sample(tracepoints[1], perfdata.process_event(), pid=100, tid=100, time=10**9)
    samples = [WRITER.sample(tracepoints[0], perfdata.message_event("stderr", text, ident="program"), pid=100, tid=100)
               for text in ((b"<86>connection from 10.1.2.3 port %05d: " % number).ljust(80, b"m") for number in range(DISTINCT))]
    with open(path, "wb") as file:
        file.write(WRITER.pipe(tracepoints, head, (1795287001000000000, 10**9)))
        for first in range(0, count, DISTINCT):
            file.write(b"".join(
                sample[:TIME_AT] + struct.pack("<Q", 10**9 + (first + i) * 10000) +
                sample[TIME_AT + 8:] for i, sample in enumerate(samples)))


# Name, encoding, format and a value of each field: two kinds of event.
MIXED = (
    ((b"count", 4, 1, b"\x0f\x27\0\0"), (b"size", 5, 3, struct.pack("<Q", 1 << 40)), (b"ok", 2, 7, b"\1"),
     (b"share", 5, 8, struct.pack("<d", 0.372)), (b"peer", 4, 17, b"\x0a\1\2\3"), (b"port", 3, 16, b"\x1f\x90"),
     (b"at", 5, 6, struct.pack("<q", 1795287001)), (b"path", 10, 0, b"\x12\0/var/lib/app/index")),
    ((b"id", 6, 15, bytes(range(16))), (b"pid", 4, 5, b"\x92\x10\0\0"), (b"error", 4, 4, b"\2\0\0\0"),
     (b"delta", 5, 2, struct.pack("<q", -417)), (b"name", 7, 0, b"worker\0"),
     (b"wide", 11, 0, b"\x05\0" + "h\u00e9llo".encode("utf-16-le")), (b"raw", 13, 0, b"\x08\0" + bytes(range(8))),
     (b"samples", 0x44, 1, b"\x04\0" + struct.pack("<4I", 1, 20, 300, 4000))),
)


def mixed_event(number, fields):
    metadata = b"Mixed%d\0" % number
    for name, encoding, form, _ in fields:
        metadata += name + b"\0" + (bytes([encoding | 0x80, form]) if form else bytes([encoding]))
    return (b"\x07\0\0\0\0\0\0\x04" + struct.pack("<HH", len(metadata), 1) + metadata +
            b"".join(value for _, _, _, value in fields))


def write_mixed(path, count):
    block = b"".join(struct.pack("<I", 11 + len(event)) + b"P_L4K1\0" + event
                     for event in map(mixed_event, range(len(MIXED)), MIXED))
    with open(path, "wb") as file:
        file.write(block * (count // len(MIXED)))


def first_line(path):
    """Seconds until there is something to read."""
    start = time.perf_counter()
    with subprocess.Popen([LOGTAP, "view", path], stdout=subprocess.PIPE) as viewer:
        viewer.stdout.read(1)
        seconds = time.perf_counter() - start
        viewer.kill()
    return seconds


def run(path, *options):
    """Seconds by the clock and of the processor, and the peak memory in KiB."""
    start = time.perf_counter()
    child = subprocess.Popen([LOGTAP, "view", *(options or ["--output=json"]), path], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = status
    if status != 0:
        sys.exit(f"logtap view {path} ended with {status}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def lines_of(path):
    viewer = subprocess.Popen([LOGTAP, "view", "--output=json", path], stdout=subprocess.PIPE)
    count = sum(block.count(b"\n") for block in iter(lambda: viewer.stdout.read(1 << 20), b""))
    viewer.wait()
    return count


WRITERS = {"perf": write_perf, "dat": write_dat, "mixed": write_mixed, "own": write_own}


def paths_in(folder):
    return {name: os.path.join(folder, name) for name in WRITERS}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--events", type=int, default=1000000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", help="a file for the figures")
    parser.add_argument("--write", metavar="FOLDER", help="only write the recordings there")
    options = parser.parse_args()
    count = -(-options.events // DISTINCT) * DISTINCT
    if options.write:
        for name, path in paths_in(options.write).items():
            WRITERS[name](path, count)
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        # By a process of its own: what this one has is counted as its children's peak.
        subprocess.run([sys.executable, __file__, "--write", folder, "--events", str(count)], check=True)
        paths = paths_in(folder)
        for path in paths.values():
            if lines_of(path) != count:
                sys.exit(f"logtap view did not show {count} events")
        searches = {"grep": ("perf", "--grep=nowhere"),
                    "since": ("own", f"--since=@{1795287001 + (count - DISTINCT) / 1e5:.6f}")}
        runs = {name: [] for name in [*paths, *searches]}
        first = []
        for _ in range(options.rounds):
            for name, path in paths.items():
                runs[name].append(run(path))
            for name, (path, option) in searches.items():
                runs[name].append(run(paths[path], option))
            first.append(first_line(paths["perf"]))
        paths.update({name: paths[path] for name, (path, _) in searches.items()})
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
    figures["first_line"] = statistics.median(first)
    print(f"first line after {1000 * figures['first_line']:.0f} ms")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)


if __name__ == "__main__":
    main()
