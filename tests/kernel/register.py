#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""logtap register: creates and holds tracepoints, says which exist, lets go of them."""
import os
import signal
import subprocess

from kernel import (BUILD, LOGTAP, TRACING, Background, check, equal, finish, read, registered, run,
                    status, wait_for)

ALL = sorted(["logtap_L4K4"] + ["logtap_L%dK%d" % (level, keyword) for level in range(1, 6)
                                for keyword in (1, 2)])

with registered() as held:
    equal("the eleven tracepoints of the default provider", sorted(status()), ALL)
    formats = read(TRACING + "/events/user_events/logtap_L5K2/format")
    equal("their fields", [line.split(";")[0].split(":")[1].split()[-1]
                           for line in formats.splitlines()
                           if "field:" in line and "common_" not in line],
          ["eventheader_flags", "version", "id", "tag", "opcode", "level"])
    second = Background([LOGTAP, "register", "logtap_L1K1", "fresh_L3K2aGgroup"], b"holding")
    lines = second.seen["stdout"].decode().splitlines()
    equal("it says which existed", lines[:2], ["exists   user_events:logtap_L1K1",
                                              "created  user_events:fresh_L3K2aGgroup"])
    second.stop(signal.SIGTERM)
    check("others' tracepoints stay", "logtap_L1K1" in status())
check("all are gone", wait_for(lambda: not status()), status())

EXAMPLE = BUILD + "/examples/count-lines"
held = Background([LOGTAP, "register", EXAMPLE], b"holding")
equal("those of a program's own events, from its file", sorted(status()),
      ["ExampleLines_L2K2", "ExampleLines_L4K1", "ExampleLines_L5K2"])
held.stop(signal.SIGTERM)
check("and they go", wait_for(lambda: not status()), status())
result = run(LOGTAP, "register", "/bin/true")
equal("a program without any: refused, in one line", (result.returncode, result.stderr.count(b"\n")), (1, 1))

sleeper = subprocess.Popen(["sleep", "60"])
held = Background([LOGTAP, "register", "--until", str(sleeper.pid), "brief"], b"holding")
equal("held while the process lives", len(status()), 11)
sleeper.kill()
sleeper.wait()
equal("--until ends with the process", held.stop(0)[0], 0)
check("and lets go", wait_for(lambda: not status()), status())

result = run(LOGTAP, "register", "--persistent", "lasting_L1K1")
equal("--persistent ends at once", result.returncode, 0)
equal("and the tracepoint stays", list(status()), ["lasting_L1K1"])
result = run(LOGTAP, "register", "--persistent", "lasting_L1K1")
equal("a second time it exists", result.stdout, b"exists   user_events:lasting_L1K1\n")

fd = os.open(TRACING + "/dynamic_events", os.O_WRONLY | os.O_APPEND)
os.write(fd, b"u:taken_L1K1 u32 other\n")
result = run(LOGTAP, "register", "taken_L1K1")
equal("other fields: refused, in one line", (result.returncode, result.stderr.count(b"\n")), (1, 1))
os.write(fd, b"-:user_events/taken_L1K1 u32 other\n")
os.close(fd)
holder = Background([LOGTAP, "register", "lasting_L1K1"], b"holding")
result = run(LOGTAP, "register", "--remove", "lasting_L1K1")
equal("--remove: not what is in use", (result.returncode, b"in use" in result.stderr), (1, True))
holder.stop(signal.SIGTERM)
result = run(LOGTAP, "register", "--remove", "lasting_L1K1")
equal("--remove", (result.returncode, result.stdout),
      (0, b"removed  user_events:lasting_L1K1\n"))
equal("--remove: not what isn't there",
      run(LOGTAP, "register", "--remove", "lasting_L1K1").returncode, 1)
check("cleaned up", wait_for(lambda: not status()), status())

for bad in ("a/b_L1K1", "a b", "x" * 240, "x" * 300, "a:b", "logtap*", "lo?tap", "*", "_*", ""):
    result = run(LOGTAP, "register", bad)
    equal("bad name %.10s" % bad, (result.returncode, result.stdout), (1, b""))
held = Background([LOGTAP, "register", "plum_*"], b"holding 11 ")
check("PROVIDER_* is the provider", "plum_L5K2" in status())
held.stop(signal.SIGTERM)
equal("--until of nobody", run(LOGTAP, "register", "--until", "999999").returncode, 1)
equal("two at once", run(LOGTAP, "register", "--remove", "--persistent").returncode, 2)
equal("--until of nonsense", run(LOGTAP, "register", "--until", "x").returncode, 2)

# A bad name doesn't take the good ones with it, and the status still tells.
held = Background([LOGTAP, "register", "a/b_L1K1", "good_L1K1"], b"holding 1 ")
equal("the good one is held", list(status()), ["good_L1K1"])
equal("the status tells of the bad one", held.stop(signal.SIGTERM)[0], 1)

# Many: more than one enable word's bits.
names = ["many%d_L1K1" % i for i in range(70)]
held = Background([LOGTAP, "register", "--quiet", *names, "last_L1K1", "logtap_L1K2"], b"")
check("seventy-two are held", wait_for(lambda: len(status()) == 72), len(status()))
held.stop(signal.SIGTERM)

# The limit of the system.
write_limit = "/proc/sys/kernel/user_events_max"
before = read(write_limit)
with open(write_limit, "w", encoding="ascii") as file:
    file.write("3")
result = Background([LOGTAP, "register"], b"holding 3 ")
code, _, errors = result.stop(signal.SIGTERM)
equal("a full system: eight refused, each in a line that says why",
      (code, errors.count(b"limit of user events")), (1, 8))
with open(write_limit, "w", encoding="ascii") as file:
    file.write(before)
finish()
