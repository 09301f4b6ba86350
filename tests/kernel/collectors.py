#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a program logs arrives, equal, at every collector at once: trace_pipe, perf record, and
logtap tail. The program starts after the collectors acknowledged, and ends before they stop."""
import collections
import json
import os
import re
import subprocess
import tempfile

from kernel import (HELPERS, LOGTAP, PATIENCE, TRACING, Background, Perf, check, equal, finish, read, registered, run,
                    status, tail, view, wait_for, write)

TOP = TRACING + "/events/user_events"
LINES, SYSLOGS = 40, 25


def trace_pipe(out):
    return subprocess.Popen(["cat", TRACING + "/trace_pipe"], stdout=out)


def piped():
    """What came out of trace_pipe so far."""
    return os.pread(out.fileno(), 1 << 20, 0).decode(errors="replace")


def expected(kind, count, processes=1):
    return ["talk %d %s %d" % (speaker, kind, number)
            for speaker in range(processes) for number in range(count)]


def messages(text):
    """The messages of our `cat` output, without the filling behind their heads."""
    found = re.findall(rb"^(talk \d+ (?:line|syslog) \d+)(?: |$)", text, re.M)
    return [message.decode() for message in found]


with registered():
    out = tempfile.TemporaryFile()
    for name in os.listdir(TOP):
        if name.startswith("logtap_"):
            write("%s/%s/enable" % (TOP, name), "1")
    pipe = trace_pipe(out)
    perf = Perf()
    live = tail("--output=json")
    check("ftrace and perf are the listeners", all(
        state == "ftrace perf" for name, state in status().items() if name.startswith("logtap_")))

    done = run(LOGTAP, "run", HELPERS + "/talk", str(LINES), str(SYSLOGS))
    equal("the program ended well", done.returncode, 0)
    wanted = done.stderr.decode().splitlines()
    equal("it wrote what it should", [line.rstrip() for line in wanted],
          expected("line", LINES))

    code, live_out, live_err = live.stop()
    equal("tail ended well", (code, live_err.count(b"\n")), (0, 1))
    path = perf.stop()
    write(TRACING + "/events/user_events/enable", "0")
    wait_for(lambda: piped().count(": logtap_") >= LINES + SYSLOGS)
    pipe.terminate()
    pipe.wait()

events = [json.loads(line) for line in live_out.splitlines()]
equal("tail: stderr lines", [e["fields"]["message"] for e in events if e["event"] == "stderr"],
      wanted)
equal("tail: syslog calls",
      [e["fields"]["message"].strip() for e in events if e["event"] == "syslog"],
      expected("syslog", SYSLOGS))
check("tail: pid, level and keyword of a syslog call", all(
    e["level"] == 3 and e["keyword"] == "0x1" and e["fields"]["level"] == "warning" and
    e["pid"] == e["tid"] for e in events if e["event"] == "syslog"))

code, recorded, errors = view(path, "--output=json")
equal("view of perf's file ended well", (code, errors), (0, b""))
recorded = [json.loads(line) for line in recorded.splitlines()]


def plain(event):
    return (event["event"], event["pid"], event["tid"], event["level"], event["keyword"],
            event["fields"]["message"])


equal("perf and tail saw the same events", [plain(e) for e in recorded], [plain(e) for e in events])
code, cat, errors = view(path, "--output=cat")
equal("view --output=cat gives the messages",
      messages(cat), expected("line", LINES) + expected("syslog", SYSLOGS))
perf.remove()

counts = collections.Counter(re.findall(r" (logtap_L\dK\d): ", piped()))
equal("trace_pipe", dict(counts),
      {"logtap_L4K4": 2, "logtap_L4K2": LINES, "logtap_L3K1": SYSLOGS})

# Several processes with one provider, in both collectors.
with registered():
    perf = Perf()
    live = tail("--output=cat")
    done = run(LOGTAP, "run", HELPERS + "/talk", "30", "10", "60", "4")
    code, live_out, _ = live.stop()
    path = perf.stop()
    code, cat, errors = view(path, "--output=cat")
    perf.remove()
wanted = sorted(expected("line", 30, 4) + expected("syslog", 10, 4))
equal("four processes: tail", sorted(messages(live_out)), wanted)
equal("four processes: perf", sorted(messages(cat)), wanted)

# A group of providers, chosen by the group's name.
emitters = [Background([HELPERS + "/emit", "event", name], b"ready", stdin=subprocess.PIPE)
            for name in ("First_L2K1Ggarden", "Second_L2K1Ggarden", "Third_L2K1Gother")]
perf = Perf(events=("user_events:*Ggarden",))
live = tail("--output=json", "*Ggarden")
for emitter in emitters:
    emitter.process.communicate(b"go\n", timeout=PATIENCE)
seen = [json.loads(line)["provider"] for line in live.stop()[1].splitlines()]
equal("a group: tail", sorted(seen), ["First", "Second"])
code, out, errors = view(perf.stop(), "--output=json")
perf.remove()
equal("a group: perf", sorted(json.loads(line)["provider"] for line in out.splitlines()),
      ["First", "Second"])

# A recording by perf of a program it starts itself, as people do it.
with tempfile.TemporaryDirectory() as folder, registered():
    path = folder + "/perf.data"
    done = run("perf", "record", "-q", "-o", path, "-e", "user_events:logtap_*",
               LOGTAP, "run", HELPERS + "/talk", "5", "5")
    code, cat, errors = view(path, "--output=cat")
    equal("perf record logtap run talk", messages(cat),
          expected("line", 5) + expected("syslog", 5))

# A program that runs all the while: collectors come and go, and each has what falls into its time.
ticks = tempfile.TemporaryFile()
ticker = subprocess.Popen(
    [LOGTAP, "run", "sh", "-c", "i=0; while :; do i=$((i + 1)); echo tick $i >&2; sleep 0.02; done"],
    stderr=ticks)


def five_ticks():
    """Waits for five that begin after this moment."""
    before = os.fstat(ticks.fileno()).st_size
    wait_for(lambda: os.pread(ticks.fileno(), 4096, before).count(b"\n") > 5)


seen = []
for _ in range(2):
    code, out, errors = tail("--output=cat", "--count=5").stop(0)
    seen.append([int(line.split()[1]) for line in out.splitlines()])
perf = Perf()
five_ticks()
code, out, errors = view(perf.stop(), "--output=cat")
perf.remove()
seen.append([int(line.split()[1]) for line in out.splitlines()])
five_ticks()
check("the program goes on", ticker.poll() is None)
ticker.kill()
ticker.wait()
check("each collector has a piece without a gap", all(
    piece and piece == list(range(piece[0], piece[0] + len(piece))) for piece in seen),
      seen)
check("and what nobody collected is in none", seen[0][-1] < seen[1][0] and seen[1][-1] < seen[2][0],
      seen)

check("no tracepoint is left", wait_for(lambda: not status()), status())
finish()
