#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A recording as `perf script` reads it: each event with the pid, tid, name and time it had."""

import os
import re
import shutil
import subprocess
import tempfile
import time

import harness

LINE = re.compile(
    r"^\s*(?P<comm>.*?)\s+(?P<pid>\d+)/(?P<tid>\d+)\s+(?P<time>\d+\.\d+):\s+"
    r"user_events:logtap_L4K2:\s+eventheader_flags=7 version=0 id=(?P<id>\d+) tag=0 opcode=0 level=4"
)


def perf_script(path, *options):
    result = harness.Recording(path).perf_script(*options)
    assert result.status == 0, result.stderr
    assert b"rror" not in result.stderr and b"arning" not in result.stderr, result.stderr
    return result.stdout.decode().splitlines()


def samples(path):
    found = []
    for line in perf_script(path, "--ns", "-F", "comm,pid,tid,time,event,trace"):
        match = LINE.match(line)
        assert match, f"perf printed something else: {line!r}"
        found.append(match)
    return found


def check_tasks(writer, folder):
    path = os.path.join(folder, "tasks.data")
    other = os.path.join(folder, "another-name")
    shutil.copy(writer, other)
    subprocess.run([writer, "create", path], check=True)
    before = time.clock_gettime(time.CLOCK_MONOTONIC)
    said = subprocess.run([writer, "tasks", path, other], check=True, stdout=subprocess.PIPE, text=True)
    after = time.clock_gettime(time.CLOCK_MONOTONIC)
    words = [line.split(" ", 4) for line in said.stdout.splitlines()]
    expected = [(number, pid, tid, comm) for number, pid, tid, _, comm in words]
    parents = {pid: parent for _, pid, _, parent, _ in words}
    assert len(expected) == 11, said.stdout
    assert {comm for *_, comm in expected} >= {"worker", "another-name"}
    got = samples(path)
    assert [(m["id"], m["pid"], m["tid"], m["comm"]) for m in got] == expected, \
        f"written:\n{expected}\nread by perf:\n" + "\n".join(m[0] for m in got)
    times = [float(m["time"]) for m in got]
    assert times == sorted(times) and before <= times[0] and times[-1] <= after, (before, times, after)
    check_records(path, parents)


def check_wall_clock(writer, folder):
    path = os.path.join(folder, "clock.data")
    subprocess.run([writer, "create", path], check=True)
    before = time.time()
    subprocess.run([writer, "event", path, "1"], check=True, stdout=subprocess.DEVNULL)
    after = time.time()
    (line,) = perf_script(path, "-F", "tod")
    when, fraction = line.strip().rstrip(":").rsplit(".", 1)
    seconds = time.mktime(time.strptime(when, "%Y-%m-%d %H:%M:%S")) + float("0." + fraction)
    assert before - 0.001 <= seconds <= after + 0.001, (before, line, after)


def check_records(path, parents):
    """Every pid and tid has a COMM before its first sample; children and threads a true FORK."""
    known, forked = set(), set()
    for line in perf_script(path, "--show-task-events", "-F", "comm,pid,tid,time,event,trace"):
        comm = re.search(r"PERF_RECORD_COMM.*:(\d+)/(\d+)$", line)
        fork = re.search(r"PERF_RECORD_FORK\((\d+):(\d+)\):\((\d+):(\d+)\)", line)
        sample = LINE.match(line)
        if comm:
            known.add(comm.groups())
        elif fork:
            pid, tid, parent = fork[1], fork[2], fork[3]
            assert parent == (parents[pid] if pid == tid else pid), (line, parents)
            forked.add((pid, tid))
        elif sample:
            assert (sample["pid"], sample["tid"]) in known, line
    # the threads (2, 4), the children of fork (3, 9) and vfork (5), and the clone (7)
    assert len(forked) >= 6, forked


def check_many(writer, folder):
    processes, events = 20, 500
    path = os.path.join(folder, "many.data")
    subprocess.run([writer, "create", path], check=True)
    subprocess.run([writer, "many", path, str(processes), str(events)], check=True)
    by_pid = {}
    for match in samples(path):
        assert match["comm"] == "recording_write", match[0]
        by_pid.setdefault(match["pid"], []).append(int(match["id"]))
    assert len(by_pid) == processes, len(by_pid)
    for pid, ids in by_pid.items():
        assert ids == list(range(events)), f"pid {pid}: {len(ids)} events, or out of order"


def main():
    harness.need("perf")
    with tempfile.TemporaryDirectory(prefix="evh-perf-") as folder:
        for check in (check_tasks, check_wall_clock, check_many):
            check(harness.program("recording_writer"), folder)
            print(f"ok {check.__name__}")


main()
