#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""logtap tail: its instance goes whatever ends it, tracepoints that appear later are included, any
provider's and plain user_events are shown, filters, --count, --for, and no work at rest."""
import calendar
import json
import os
import re
import signal
import subprocess
import time

from kernel import (HELPERS, LOGTAP, PATIENCE, TRACING, Background, check, equal, finish,
                    instances, read, registered, run, status, tail, wait_for, write)

TALK = HELPERS + "/talk"
EMIT = HELPERS + "/emit"

# Whatever ends it.
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGSEGV):
    live = tail()
    equal("one instance while it runs", instances(), ["logtap-%d" % live.pid])
    code, _, _ = live.stop(number)
    check("no instance after " + number.name, wait_for(lambda: not instances()), instances())
    if number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        equal("exit status after " + number.name, code, 0)
    check("nobody listens after " + number.name, wait_for(lambda: not any(status().values())),
          status())

# A folder that even the warden could not remove is removed by the next one.
os.mkdir(TRACING + "/instances/logtap-999999")
os.mkdir(TRACING + "/instances/somebody-else")
live = tail()
equal("the stale instance is gone, others' are not", instances(),
      sorted(["logtap-%d" % live.pid, "somebody-else"]))
live.stop()
os.rmdir(TRACING + "/instances/somebody-else")

# Two at the same time don't disturb each other.
first, second = tail("--output=cat"), tail("--output=cat", "--count=1")
run(LOGTAP, "run", TALK, "3", "0")
code, out, _ = second.stop(0)
equal("--count=1", (code, out.strip()), (0, b"talk 0 line 0"))
equal("the other one has all", first.stop()[1].splitlines(),
      [b"talk 0 line 0 ", b"talk 0 line 1 ", b"talk 0 line 2 "])

# What it shares with view: what is left out, and how the rest looks.
live = tail("--output=short-iso", "--utc", "--color=always", "--exclude=line 1", "--count=2")
run(LOGTAP, "run", "--stderr-level=warning", TALK, "3", "0")
code, out, _ = live.stop(0)
equal("--exclude", (code, re.findall(rb"line \d", out)), (0, [b"line 0", b"line 2"]))
check("--utc", re.search(rb"\d\d:\d\d:\d\d\.\d+(Z|\+00:?00) ", out), out)
check("--color=always", b"\033[" in out, out)

# --for: its own end, with what came before it.
# A program that a busy machine holds up for longer than that has to be tried again.
for seconds in (2, 10, 50):
    begin = time.monotonic()
    live = tail("--output=cat", "--for=%ds" % seconds)
    run(LOGTAP, "run", TALK, "2", "0")
    in_time = time.monotonic() - begin < seconds
    code, out, _ = live.stop(0)
    check("--for=%ds takes so long" % seconds, time.monotonic() - begin >= seconds)
    if in_time:
        break
equal("--for=%ds shows and ends" % seconds, (in_time, code, len(out.splitlines())), (True, 0, 2))

# Tracepoints that appear later, of another provider. The pattern doesn't name it in full, so that
# tail can't create them itself.
live = tail("--output=json", "ap*")
held = Background([LOGTAP, "register", "apple"], b"holding")
check("a later tracepoint is enabled",
      wait_for(lambda: status().get("apple_L4K2") == "ftrace"), status())
run(LOGTAP, "run", "--provider=apple", TALK, "2", "1")
held.stop(signal.SIGTERM)
code, out, _ = live.stop()
events = [json.loads(line) for line in out.splitlines()]
equal("a later provider's events", [(e["provider"], e["event"]) for e in events],
      [("apple", "stderr")] * 2 + [("apple", "syslog")])

# A provider named in full: not even the first event of a program that starts later is missed.
live = tail("--output=cat", "--create", "pear")
run(LOGTAP, "run", "--provider=pear", TALK, "1", "1")
equal("a provider named in full", len(live.stop()[1].splitlines()), 2)

# A misspelt one: nothing is created, what there is is said, and what appears later is shown.
before = set(status())
live = tail("--output=cat", "paer")
equal("nothing is created for a name that may be misspelt", set(status()) - before, set())
held = Background([LOGTAP, "register", "paer"], b"holding")
check("what appears later is enabled",
      wait_for(lambda: status().get("paer_L4K2") == "ftrace"), status())
run(LOGTAP, "run", "--provider=paer", TALK, "1", "0")
held.stop(signal.SIGTERM)
code, out, err = live.stop()
equal("what appears later is shown", out.splitlines(), [b"talk 0 line 0 "])
check("what exists is said", b"nothing of 'paer' exists yet; there are: " in err and b"logtap" in err, err)

# Other providers' events with every kind of field, and plain user_events by their fields.
plain = Background([EMIT, "plain", "plainly u32 count; char[8] word; s64 much; "
                    "__rel_loc char[] text"], b"ready",
                   stdin=subprocess.PIPE)
live = tail("--output=json", "plainly", "Other_*", stdin=subprocess.DEVNULL)
other = Background([EMIT, "event", "Other_L2K2aGgroup"], b"ready", stdin=subprocess.PIPE)
check("both are enabled", wait_for(lambda: status().get("plainly") == "ftrace" and
                                   status().get("Other_L2K2aGgroup") == "ftrace"), status())
for emitter in (plain, other):
    emitter.process.stdin.write(b"go\n")
    emitter.process.stdin.flush()
    emitter.process.stdin.close()
    emitter.process.stdin = None
    emitter.stop(0)
code, out, err = live.stop()
events = {json.loads(line)["event"]: json.loads(line) for line in out.splitlines()}
equal("plain and other events are there", sorted(events), ["Sample", "plainly"])
if len(events) == 2:
    equal("a plain event's fields", events["plainly"]["fields"],
          {"count": 7, "word": "seven", "much": -7000000000, "text": "dynamic"})
    equal("another provider's event", (events["Sample"]["provider"], events["Sample"]["level"],
                                       events["Sample"]["keyword"], events["Sample"]["fields"]),
          ("Other", 2, "0x2A", {"number": 42, "text": "forty-two"}))

# Threads: the process's number and the thread's own; times of the calendar, in order, though both
# processors write at once.
live = tail("--output=json")
begin = time.time()
run(LOGTAP, "run", "/usr/bin/python3", "-c", """
import os, threading
def speak():
    for _ in range(50): os.write(2, b"%d %d\\n" % (os.getpid(), threading.get_native_id()))
threads = [threading.Thread(target=speak) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
""")
after = time.time()
events = [json.loads(line) for line in live.stop()[1].splitlines()]
equal("threads: all events", len(events), 200)
check("threads: each with its process and its thread", all(
    event["fields"]["message"] == "%d %d" % (event["pid"], event["tid"]) for event in events))
equal("threads: four, in one process", (len({e["tid"] for e in events}),
                                        len({e["pid"] for e in events})), (4, 1))
times = [event["time"] for event in events]
equal("times only rise", times, sorted(times))
first = calendar.timegm(time.strptime(times[0][:19], "%Y-%m-%dT%H:%M:%S"))
check("times are of the calendar", begin - 2 < first < after + 1, (begin, times[0], after))

# Filters.
for options, wanted in (
        (["--level=warning"], [b"talk 0 syslog 0 ", b"talk 0 syslog 1 "]),
        (["--event=stderr"], [b"talk 0 line 0 ", b"talk 0 line 1 "]),
        (["--program=talk", "--grep=syslog 1"], [b"talk 0 syslog 1 "]),
        (["--program=other"], []),
        (["--pid=1"], [])):
    live = tail("--output=cat", *options)
    run(LOGTAP, "run", TALK, "2", "2")
    equal("tail " + " ".join(options), live.stop()[1].splitlines(), wanted)

# The reader goes away: so does tail, at once and without a word.
reader, writer = os.pipe()
live = subprocess.Popen([LOGTAP, "tail", "--quiet"], stdout=writer, stderr=subprocess.PIPE)
os.close(writer)
wait_for(lambda: instances())
time.sleep(1)
os.close(reader)
_, errors = live.communicate(timeout=PATIENCE)
equal("a reader that goes away", (live.returncode, errors, instances()), (0, b"", []))

# At rest, before the first event and after some.
live = tail()
time.sleep(1)


def effort():
    """(processor seconds, wake-ups) of its life."""
    with open("/proc/%d/stat" % live.pid, encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    waits = re.search(r"^voluntary_ctxt_switches:\s+(\d+)", read("/proc/%d/status" % live.pid), re.M)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(waits.group(1))


# By its wake-ups: how long a busy host's emulated processor takes for each says nothing about tail.
# Who never waits has no wake-ups, but all of the processor.
for when in ("before", "after"):
    before = effort()
    time.sleep(5)
    used, woken = (now - then for now, then in zip(effort(), before))
    check("at rest %s events it wakes up at most three times a second" % when,
          woken <= 15 and used < 2.5, (used, woken))
    print("in 5 s at rest: processor seconds, wake-ups:", used, woken)
    run(LOGTAP, "run", TALK, "300", "300", "100", "2")
    time.sleep(1)
equal("it has been awake", live.stop()[1].count(b"\n"), 2400)

# A terminal that is hung up, and the signal for it ignored.
leader, terminal = os.openpty()
live = subprocess.Popen(["setsid", "sh", "-c", "trap '' HUP; exec %s tail --quiet" % LOGTAP],
                        stdout=terminal, stderr=subprocess.DEVNULL)
os.close(terminal)
wait_for(lambda: instances())
time.sleep(1)
os.close(leader)
check("a terminal that is hung up", wait_for(lambda: live.poll() is not None))

# Bad use.
for arguments in (["--for=x"], ["--for=-1"], ["--count=0"], ["--output=perf"], ["--nonsense"],
                  ["sched:sched_switch"], ["--level=x"]):
    result = run(LOGTAP, "tail", *arguments)
    equal("tail " + arguments[0], (result.returncode, result.stderr.count(b"\n")), (2, 1))
finish()
