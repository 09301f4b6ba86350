#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Names of tracepoints: those that somebody else holds with other fields, the limit of their number, and
those that come while somebody listens."""
import json
import os
import subprocess

from kernel import (HELPERS, LOGTAP, TRACING, Background, check, equal, finish, read, registered, run, status,
                    tail, wait_for, write)

TALK = HELPERS + "/talk"
EMIT = HELPERS + "/emit"
OTHER_FIELDS = " u32 count; char[8] word; s64 much; __rel_loc char[] text"


def hold(name):
    return Background([EMIT, "plain", name + OTHER_FIELDS], b"ready", stdin=subprocess.PIPE)


def create(*definitions):
    """Tracepoints that stay without a holder. The file can't be sought to its end."""
    file = os.open(TRACING + "/dynamic_events", os.O_WRONLY | os.O_APPEND)
    for definition in definitions:
        os.write(file, definition.encode() + b"\n")
    os.close(file)


def doctor():
    result = run(LOGTAP, "doctor", "--json")
    return result.returncode, {entry["check"]: entry for entry in json.loads(result.stdout)["checks"]}


# One of ours: what is logged at its level is lost, and everybody says so.
holder = hold("logtap_L2K2")
code, findings = doctor()
equal("taken: doctor's status", (code, findings["registration"]["status"]), (1, "problem"))
check("taken: doctor names it", "user_events:logtap_L2K2 exists with other fields" in findings["registration"]["text"],
      findings["registration"])
result = run(LOGTAP, "run", TALK, "1", "1")
equal("taken: run starts the program, and says one line", (result.returncode, result.stderr.count(b"logtap run:")), (0, 1))
check("taken: run names it", b"user_events:logtap_L2K2 exists with other fields" in result.stderr, result.stderr)
for options in (["-q"], ["--provider=free"], ["--level=crit"], ["--capture=syslog"], ["--layout=otel"]):
    result = run(LOGTAP, "run", *options, TALK, "1", "1")
    equal("taken: nothing of it concerns run " + options[0], (result.returncode, b"logtap run:" in result.stderr), (0, False))
result = run(LOGTAP, "cat", input=b"line\n")
check("taken: cat says it", b"user_events:logtap_L2K2" in result.stderr, result.stderr)
with open(TRACING + "/user_events_data", "wb", buffering=0) as file:
    os.set_inheritable(file.fileno(), True)
    result = run(LOGTAP, "run", "--sink=user_events:%d" % file.fileno(), TALK, "1", "1", pass_fds=[file.fileno()])
check("taken: so does run with a descriptor", b"user_events:logtap_L2K2" in result.stderr, result.stderr)
live = tail()
check("taken: tail says it", b"user_events:logtap_L2K2 exists with other fields" in live.seen["stderr"], live.seen)
live.stop()
live = tail("log*")
check("taken: so does tail with a glob", b"user_events:logtap_L2K2 exists with other fields" in live.seen["stderr"], live.seen)
live.stop()
result = run(LOGTAP, "register", "--remove", "logtap_L2K2")
check("taken: it can't be removed while it is held", result.returncode == 1 and b"in use" in result.stderr, result.stderr)
holder.process.stdin.close()
holder.process.stdin = None
holder.stop(0)
check("taken: it is gone with its holder", wait_for(lambda: "logtap_L2K2" not in status()), status())

# One that stays behind, without a holder: the doctor's command takes it away.
create("u:logtap_L3K1 u32 other")
code, findings = doctor()
equal("left behind: doctor", (code, findings["registration"]["status"]), (1, "problem"))
subprocess.run(["sh", "-c", findings["registration"]["fix"]], check=True, stdout=subprocess.DEVNULL,
               env=dict(os.environ, PATH=os.path.dirname(LOGTAP) + ":" + os.environ["PATH"]))
equal("left behind: its command mends it", doctor()[0], 0)

# All of a provider's: there is nothing that could be sent.
create(*("u:full_L%dK1 u32 other" % level for level in range(1, 6)))
result = run(LOGTAP, "run", "--provider=full", "--layout=otel", TALK, "1", "1")
equal("all taken: run refuses", (result.returncode, result.stderr.count(b"\n")), (125, 1))
check("all taken: and says how many", b"full_L1K1 (and 4 more)" in result.stderr, result.stderr)
equal("all taken: --best-effort starts it", run(LOGTAP, "run", "--best-effort", "--provider=full", "--layout=otel", TALK,
                                              "1", "1").returncode, 0)
for level in range(1, 6):
    run(LOGTAP, "register", "--remove", "full_L%dK1" % level)
check("all taken: removed", wait_for(lambda: not status()), status())

# The limit of user events.
limit = "/proc/sys/kernel/user_events_max"
before = read(limit)
for room, refused in ((0, True), (3, False)):
    write(limit, str(room))
    result = run(LOGTAP, "run", TALK, "1", "0")
    equal("room for %d: run's status" % room, result.returncode, 125 if refused else 0)
    check("room for %d: run says it" % room, b"limit of user events" in result.stderr and result.stderr.count(b"logtap") == 3,
          result.stderr)
    check("room for %d: all are gone" % room, wait_for(lambda: not status()), status())
    live = tail()
    check("room for %d: tail says it" % room, b"limit of user events is reached (%d)" % room in live.seen["stderr"], live.seen)
    live.stop()
    code, findings = doctor()
    equal("room for %d: doctor" % room, (code, findings["room"]["status"], findings["registration"]["status"]),
          (1, "problem", "problem"))
    check("room for %d: nothing stays" % room, wait_for(lambda: not status()), status())
write(limit, before)
result = run(LOGTAP, "run", TALK, "1", "0")
equal("room again: not a word", (result.returncode, b"logtap" in result.stderr), (0, False))

# Providers that begin while somebody listens. Without a word from the kernel it takes half a second on average.
live = tail("--output=cat", "brief*")
waited = sorted(int(run(EMIT, "wait", "brief%d_L4K1" % number).stdout) for number in range(20))
print("milliseconds until a new tracepoint was switched on:", waited)
# By chance, a look each second would find seven of twenty so soon.
check("a new tracepoint is switched on at once", waited[13] < 350, waited)
live.stop()
with registered("ahead"):
    live = tail("--output=cat", "ahe*")
    for number in range(5):
        run(LOGTAP, "run", "--provider=ahead", TALK, "1", "0")
    equal("registered ahead: not one event is missed", live.stop()[1].count(b"\n"), 5)

# The library's records of OpenTelemetry's schema, through the kernel.
live = tail("--output=json")
run(LOGTAP, "run", "--layout=otel", TALK, "3", "2")
events = [json.loads(line) for line in live.stop()[1].splitlines()]
equal("records: all, by one keyword", [(e["event"], e["keyword"]) for e in events], [("Log", "0x1")] * 5)
check("records: with the numbers that the kernel has", all(
    (e["fields"]["PartC"]["process.pid"], e["fields"]["PartC"]["thread.id"]) == (e["pid"], e["tid"]) for e in events), events)
for capture, wanted in (("stderr", 3), ("syslog", 2)):
    live = tail("--output=cat")
    run(LOGTAP, "run", "--layout=otel", "--capture=" + capture, TALK, "3", "2")
    equal("records: of %s alone" % capture, live.stop()[1].count(b"\n"), wanted)
live = tail("--output=cat", "--level=warning")
run(LOGTAP, "run", "--layout=otel,notime", TALK, "2", "2")
equal("records: filters", live.stop()[1].splitlines(), [b"talk 0 syslog 0 ", b"talk 0 syslog 1 "])
finish()
