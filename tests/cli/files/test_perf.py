# SPDX-License-Identifier: MIT
"""What perf records on this machine: `logtap view` shows what `perf script` shows, event for event."""
import json
import os
import shutil
import subprocess
import unittest

from support import ENVIRONMENT, LOGTAP, Case, main, view

EVENTS = ("-e", "sched:sched_switch", "-e", "sched:sched_wakeup", "-e", "sched:sched_process_exec")
# Some hundred events; what else runs on the machine adds its own, on a busy one a hundred times that.
WORK = ("sh", "-c", "i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i + 1)); done")


def usable():
    """Why perf can't record kernel tracepoints here, or None."""
    if not shutil.which("perf"):
        return "no perf here (linux-perf)"
    done = subprocess.run(["perf", "record", "-o", "/dev/null", "-a", *EVENTS[:2], "true"], capture_output=True,
                          check=False)
    return None if done.returncode == 0 else "perf can't record tracepoints here"


WHY_NOT = usable()


@unittest.skipIf(WHY_NOT, WHY_NOT)
class Perf(Case):
    def record(self, *options, events=EVENTS):
        path = os.path.join(self.folder, "perf.data")
        subprocess.run(["perf", "record", "-q", "-o", path, *options, *events, "--", *WORK], check=True,
                       capture_output=True)
        return path

    def script(self, path):
        """(event, tid, time in microseconds, program) of each sample, in perf's order."""
        done = subprocess.run(["perf", "script", "-i", path, "--ns", "-G", "-F", "comm,tid,time,event"],
                              check=True, capture_output=True)
        result = []
        for line in done.stdout.decode(errors="replace").splitlines():
            words = line.split()
            if not words:
                continue
            event = words[-1].rstrip(":")
            seconds, nanoseconds = words[-2].rstrip(":").split(".")
            name, tid = " ".join(words[:-3]), int(words[-3])
            result.append((event, None if tid == -1 else tid, int(seconds) * 10**9 + int(nanoseconds),
                           "-" if name == f":{tid}" else name))
        return result

    def viewed(self, path):
        names = view("--fields=program", path).stdout.decode(errors="replace").splitlines()
        objects = [json.loads(line, parse_float=str) for line in view("-o", "json", path).stdout.splitlines()]
        self.assertEqual(len(names), len(objects))
        result = []
        for name, event in zip(names, objects):
            seconds, nanoseconds = str(event["time"]).split(".")
            result.append((f"{event['provider']}:{event['event']}", event.get("tid"),
                           int(seconds) * 10**9 + int(nanoseconds), name))
        return result

    maxDiff = 2000

    def check(self, path, least=100):
        expected = self.script(path)
        self.assertGreater(len(expected), least)
        # perf and we may each have our order where times are equal; and of a thread without a name
        # we show the process's.
        shown = self.viewed(path)
        ours, theirs = (sorted(rows, key=lambda row: (row[2], row[0], row[1] or 0)) for rows in (shown, expected))
        self.assertEqual([row if other[3] != "-" else row[:3] + ("-",) for row, other in zip(ours, theirs)], theirs)
        self.assertEqual(len(ours), len(theirs))
        times = [row[2] for row in shown]
        self.assertEqual(times, sorted(times))
        copy = self.write("copy", view("-o", "perf", path).stdout)
        self.assertEqual(len(self.script(copy)), len(expected))

    def test_all_processors(self):
        self.check(self.record("-a"))

    def test_one_process_and_its_children(self):
        self.check(self.record())

    def test_small_buffers_and_many_rounds(self):
        self.check(self.record("-a", "-m", "1"), 20)

    def test_compressed(self):
        self.check(self.record("-a", "-z"))

    def test_call_chains(self):
        self.check(self.record("-a", "-g"))

    def test_one_event_without_ids(self):
        self.check(self.record(events=EVENTS[2:4]), 50)

    def test_through_a_pipe_while_perf_records(self):
        with subprocess.Popen(["perf", "record", "-q", "-a", "-o", "-", *EVENTS, "--", *WORK],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as recorder:
            stream = recorder.stdout.read()
        path = self.write("stream", stream)
        self.check(path)
        self.assertEqual(view("-o", "json", "-", stdin=stream).stdout, view("-o", "json", path).stdout)

    def test_live(self):
        """perf record -o - | logtap view -"""
        script = f"perf record -q -a -o - {' '.join(EVENTS)} -- sleep 1 2>/dev/null | '{LOGTAP}' view -o json - | wc -l"
        done = subprocess.run(["sh", "-c", script], capture_output=True, env=ENVIRONMENT, check=False)
        self.assertGreater(int(done.stdout), 0)
        # On a busy machine perf may lose some, and says so.
        self.assertRegex(done.stderr, rb"\A([^\n]+ lost: [^\n]+\n)?\Z")


class Recording(Case):
    """A recording of logtap's: the same events with the same values for perf as for us."""

    PROGRAM = ("sh", "-c", "for i in 1 2 3 4 5 6 7 8; do (j=0; while [ $j -lt 40 ]; do "
               "echo \"<$((j % 8))>child $i line $j\" >&2; j=$((j + 1)); done; ls /nonexistent-$i) & done; wait")

    @unittest.skipUnless(shutil.which("perf"), "no perf here (linux-perf)")
    def test_same_values(self):
        path = os.path.join(self.folder, "logtap.data")
        subprocess.run([LOGTAP, "record", "-o", path, *self.PROGRAM], stderr=subprocess.DEVNULL, env=ENVIRONMENT,
                       check=False)
        done = subprocess.run(["perf", "script", "-i", path, "--ns"], capture_output=True, check=True)
        self.assertEqual(done.stderr, b"")
        theirs = []
        for line in done.stdout.decode().splitlines():
            comm, tid, _, time, event, *fields = line.split()
            seconds, nanoseconds = time.rstrip(":").split(".")
            values = dict(field.split("=") for field in fields)
            theirs.append((comm, int(tid), int(seconds) * 10**9 + int(nanoseconds), event.rstrip(":").split(":")[1],
                           int(values["level"]), int(values["opcode"]), int(values["id"]), int(values["version"])))
        # What is told of a process is no line: view keeps it for the lines' own.
        theirs = [row for row in theirs if row[3] != "logtap_L4K4"]
        rows = view("--fields=program,tid,tracepoint", path).stdout.decode().splitlines()
        ours = []
        for row, line in zip(rows, view("-o", "json", path).stdout.splitlines()):
            program, tid, tracepoint = row.split("\t")
            event = json.loads(line)
            nanoseconds = int(event["time"].rsplit(".", 1)[1].rstrip("Z"))
            ours.append((program, int(tid), nanoseconds, tracepoint, event["level"], event["opcode"],
                         event.get("id", 0), event.get("version", 0)))
        self.assertEqual(len(ours), 8 * 41)
        # perf counts from when the machine started: the same steps from one event to the next.
        shift = ours[0][2] - theirs[0][2]
        self.assertEqual([row[:2] + ((row[2] - shift) % 10**9,) + row[3:] for row in ours],
                         [row[:2] + (row[2] % 10**9,) + row[3:] for row in theirs])


if __name__ == "__main__":
    main()
