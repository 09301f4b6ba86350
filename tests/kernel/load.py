#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Eight processes at full speed into ring buffers that are far too small: what arrives is whole and
in order, and what doesn't is counted, to the last event."""
import collections
import json
import re
import signal

from kernel import HELPERS, LOGTAP, Perf, check, equal, finish, registered, run, tail, view

PROCESSES, LINES, BYTES = 8, 3000, 200
TOTAL = PROCESSES * LINES


# What each process tells of itself, at its beginning and its end: no lines, but lost like them.
TOLD = 2 * (PROCESSES + 1)


def judge(what, out, lost, others=0):
    """Every line is exactly what lib/talk.c writes, and each speaker's numbers only rise. others: how
    many events that are no lines may be among the lost."""
    last = collections.defaultdict(lambda: -1)
    torn = disorder = 0
    lines = out.split(b"\n")[:-1]
    for line in lines:
        match = re.match(rb"talk (\d+) line (\d+) ", line)
        if not match:
            torn += 1
            continue
        speaker, number = int(match.group(1)), int(match.group(2))
        head = match.end()
        wanted = bytes(97 + (i + number) % 26 for i in range(head, BYTES))
        torn += line[head:] != wanted
        disorder += number <= last[speaker]
        last[speaker] = number
    print("%s: %d shown, %d lost of %d" % (what, len(lines), lost, TOTAL))
    equal(what + ": nothing torn", torn, 0)
    equal(what + ": nothing out of order", disorder, 0)
    check(what + ": shown and lost together are what was written",
          TOTAL <= len(lines) + lost <= TOTAL + others, (len(lines), lost, TOTAL))


def lost_of(path, name):
    """How many samples of a tracepoint did not get into perf's ring buffers, as the kernel counted
    them for each of its descriptors and perf wrote down at the end."""
    head = run("perf", "script", "--header-only", "-i", path).stdout.decode()
    ids = re.search(r"name = user_events:%s, .*?id = \{([^}]*)\}" % name, head).group(1).split(",")
    lost = re.findall(r"PERF_RECORD_LOST_SAMPLES: id:(\d+): lost samples :(\d+)",
                      run("perf", "script", "-D", "-i", path).stdout.decode(errors="replace"))
    return sum(int(count) for number, count in lost if number in [text.strip() for text in ids])


with registered():
    # ftrace, the reader held up so that it must lose: 16 KiB for some 4 MB.
    live = tail("--output=cat", "--buffer-size=16")
    done = run(LOGTAP, "run", HELPERS + "/talk", str(LINES), "0", str(BYTES), str(PROCESSES))
    equal("the program noticed nothing", (done.returncode, done.stderr.count(b"\n")), (0, TOTAL))
    code, out, errors = live.stop()
    reports = [int(n) for n in re.findall(rb"(\d+) events lost", errors)]
    judge("tail", out, sum(reports), TOLD)
    check("tail: it did lose, and says so in its status", reports and code == 1, (reports, code))

    # The same with room enough: nothing is lost.
    live = tail("--output=cat", "--buffer-size=16384")
    run(LOGTAP, "run", HELPERS + "/talk", str(LINES), "0", str(BYTES), str(PROCESSES))
    code, out, errors = live.stop()
    judge("tail with room", out, 0)
    equal("tail with room: its status", code, 0)

    # perf, two pages for each processor; once reading as fast as it can, once held up altogether,
    # so that it must lose whatever the machine is like.
    for held in (False, True):
        perf = Perf("-m", "2")
        if held:
            perf.process.send_signal(signal.SIGSTOP)
        run(LOGTAP, "run", HELPERS + "/talk", str(LINES), "0", str(BYTES), str(PROCESSES))
        perf.process.send_signal(signal.SIGCONT)
        path = perf.stop()
        script = run("perf", "script", "-i", path, "-F", "time,event").stdout.splitlines()
        script = sum(b"logtap_L4K4:" not in line for line in script)
        lost_samples = lost_of(path, "logtap_L4K2")
        code, out, errors = view(path, "--output=json")
        perf.remove()
        events = [json.loads(line) for line in out.splitlines()]
        equal("perf: view shows as many as perf script does", len(events), script)
        # perf 6.1 with such small buffers now and then writes one record twice, at the seam of two
        # rounds: the same bytes with the same time, which perf script shows twice as well.
        once = dict.fromkeys((e["time"], e["cpu"], e["tid"], e["fields"]["message"]) for e in events)
        print("perf wrote %d records twice" % (len(events) - len(once)))
        what = "perf, held up" if held else "perf"
        judge(what, b"".join(key[3].encode() + b"\n" for key in once), lost_samples)
        # What view says of the file as a whole has perf's own records of tasks in it, where those
        # were lost too.
        said = re.search(rb"(\d+) events? (?:were |was )?lost", errors)
        said = int(said.group(1)) if said else 0
        check(what + ": view says how many were lost",
              lost_samples <= said <= lost_samples + 200, (said, lost_samples))
    check("perf, held up: it did lose", lost_samples > TOTAL / 2, lost_samples)
finish()
