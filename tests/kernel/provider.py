#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Compile-time events on the kernel: all tracepoints of a program exist while it is registered, a
collector that listens to one of them gets its events and no others, each with one system call."""
import json
import os
import re
import tempfile

from kernel import BUILD, Perf, check, equal, finish, registered, run, status, view, wait_for

COUNT = BUILD + "/examples/count-lines"
NAMES = ["ExampleLines_L2K2", "ExampleLines_L4K1", "ExampleLines_L5K2"]

folder = tempfile.mkdtemp()
text = folder + "/text"
long = folder + "/" + "/".join(["n" * 200] * 12)  # a path that is not copied in the event's own buffer
os.makedirs(os.path.dirname(long))
for path in (text, long):
    with open(path, "w", encoding="ascii") as file:
        file.write("one\ntwo\n")

# Nobody listens: the program works as always.
result = run(COUNT, text)
equal("nobody listens", (result.returncode, result.stderr), (0, b""))
check("its tracepoints go with it", wait_for(lambda: not status()), status())


def collect(events, *arguments):
    """What perf records of `events` while the program runs, as view shows it."""
    with registered(*NAMES):
        perf = Perf(events=["user_events:" + name for name in events])
        run(COUNT, *arguments)
        path = perf.stop()
        out = view(path, "--output=json")[1]
        perf.remove()
    return [json.loads(line) for line in out.decode().splitlines()]


events = collect(NAMES, text, "/nowhere", long)
equal("all events, in order", [(e["event"], e["level"], e["keyword"], e["opcode"]) for e in events],
      [("Start", 4, "0x1", 1), ("Counted", 5, "0x2", 0), ("Failed", 2, "0x2", 0),
       ("Counted", 5, "0x2", 0), ("Stop", 4, "0x1", 2)])
equal("one activity", len({e.get("activity") for e in events} - {None}), 1)
if len(events) == 5:
    equal("fields", events[1]["fields"], {"path": text, "result": {"lines": 2, "bytes": 8}})
    equal("a long string", events[3]["fields"]["path"], long)

equal("one tracepoint of three", [e["event"] for e in collect(["ExampleLines_L2K2"], text, "/nowhere")],
      ["Failed"])

# One write for each event, nothing else with the kernel's file.
with registered(*NAMES):
    perf = Perf(events=["user_events:" + name for name in NAMES])
    trace = folder + "/trace"
    run("strace", "-y", "-o", trace, COUNT, text, "/nowhere", long)
    perf.stop()
    perf.remove()
with open(trace, encoding="utf-8", errors="replace") as file:
    calls = [match[1] for match in re.finditer(r"^(\w+)\(\d+<[^>]*user_events_data>", file.read(), re.M)]
equal("three tracepoints are registered, five events written, three unregistered",
      calls, ["ioctl"] * 3 + ["write"] * 5 + ["ioctl"] * 3)
finish()
