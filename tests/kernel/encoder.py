#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The encoder's builder on the kernel: what it accepts arrives, through ftrace and through perf;
what a collector would drop it refuses; names, groups, threads, an inherited descriptor."""
import errno
import json
import os
import subprocess

from kernel import (BUILD, HELPERS, TRACING, Background, Perf, check, equal, finish, run, tail,
                    view, wait_for, status)

BUILDER = BUILD + "/tests/kernel_builder"
SIZES = [100, 4047, 4048, 4049, 4064, 4065, 8184, 8185, 20000]


def start(*arguments, **options):
    """The program, its tracepoint registered and nothing sent yet."""
    return Background([BUILDER, *map(str, arguments)], b"ready", stdin=subprocess.PIPE, **options)


def go(program):
    """Lets it run; what it says, without the line that it was ready."""
    program.process.stdin.write(b"\n")
    program.process.stdin.close()
    program.process.stdin = None
    code, out, err = program.stop(0)
    return code, out.decode().splitlines()[1:], err


def numbers(lines):
    """The field "number" of each event that `view` or `tail` printed as JSON."""
    events = [json.loads(line) for line in lines.splitlines()]
    for event in events:
        if "fill" in event["fields"]:
            size = 37 + len(event["fields"]["fill"])
            check("an event of %d bytes is whole" % size, size == event["fields"]["number"])
    return [event["fields"]["number"] for event in events]


def results(limit):
    return ["%d %d" % (size, 0 if size <= limit else -errno.E2BIG) for size in SIZES]


# The default: what every collector takes, and no more.
program = start("sizes", "evhsizes", 4048, *SIZES)
perf = Perf("-m", "1M", events=("user_events:evhsizes_*",))
live = tail("--output=json", "--buffer-size=1024", "evhsizes_*")
code, lines, err = go(program)
equal("default limit: what write says", (code, lines), (0, ["enabled 1"] + results(4048)))
fitting = [size for size in SIZES if size <= 4048]
equal("default limit: ftrace has exactly that", numbers(live.stop()[1]), fitting)
equal("default limit: perf has exactly that", numbers(view(perf.stop(), "--output=json")[1]),
      fitting)
perf.remove()

# Raised to perf's limit, for perf alone.
program = start("sizes", "evhsizes", 8184, *SIZES)
perf = Perf("-m", "1M", events=("user_events:evhsizes_*",))
code, lines, err = go(program)
equal("perf's limit: what write says", (code, lines), (0, ["enabled 1"] + results(8184)))
equal("perf's limit: perf has exactly that", numbers(view(perf.stop(), "--output=json")[1]),
      [size for size in SIZES if size <= 8184])
perf.remove()

# It can't be raised further.
code, lines, err = go(start("sizes", "evhsizes", 8185, 100))
equal("beyond perf's limit, and nobody listens", lines,
      ["enabled 0", "limit: Invalid argument", "100 %d" % -errno.EBADF])

# Threads share one set.
program = start("threads", "evhthreads", 4, 500)
perf = Perf("-m", "4M", events=("user_events:evhthreads_*",))
code, lines, err = go(program)
equal("threads: nothing refused", (code, lines), (0, ["enabled 1"] + 4 * ["refused 0"]))
events = [json.loads(line)["fields"] for line in
          view(perf.stop(), "--output=json")[1].splitlines()]
perf.remove()
for thread in range(4):
    equal("threads: all of thread %d, in order" % thread,
          [event["number"] for event in events if event["thread"] == thread], list(range(500)))

# Names. The kernel would take the one with "/"; the library must not.
taken = Background([HELPERS + "/emit", "plain", "taken_L1K1 u32 count; char[8] word; s64 much"], b"ready",
                   stdin=subprocess.PIPE)
done = run(BUILDER, "names")
taken.process.stdin.close()
taken.process.stdin = None
taken.stop()
equal("names", done.stdout.decode().splitlines(),
      ["evhnames_L1K1 0", "evhnames_L1K1 0", "evh/names_L1K1 %d" % -errno.EINVAL,
       "evh names_L1K1 %d" % -errno.EINVAL, "taken_L1K1 %d" % -errno.EADDRINUSE,
       "x" * 233 + "_LffKffffffffffffffff 0"])
check("names: nothing is left", wait_for(lambda: not status()), status())

# A provider's group stands in the name; collectors select by it.
program = start("group", "evhgroup", "mygroup")
perf = Perf(events=("user_events:*Gmygroup",))
equal("group", go(program)[1], ["enabled 1", "group 0"])
code, out, err = view(perf.stop(), "--output=json")
perf.remove()
equal("group: one event", [json.loads(line)["event"] for line in out.splitlines()], ["group"])

# A descriptor that root opened, used by somebody who may not open it.
data = os.open(TRACING + "/user_events_data", os.O_WRONLY)
program = start("descriptor", data, "evhdescriptor", pass_fds=[data], user=65534)
perf = Perf(events=("user_events:evhdescriptor_*",))
equal("descriptor", go(program)[1], ["enabled 1", "descriptor 0"])
code, out, err = view(perf.stop(), "--output=json")
perf.remove()
equal("descriptor: one event", [json.loads(line)["event"] for line in out.splitlines()],
      ["descriptor"])
os.close(data)

log = run("dmesg").stdout
check("the kernel's log is free of warnings", b"WARNING" not in log and b"Call Trace" not in log,
      log[-2000:])
finish()
