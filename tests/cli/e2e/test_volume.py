# SPDX-License-Identifier: MIT
"""Much, long and odd: many writers into one recording, a line of a mebibyte, any bytes."""

import collections
import json
import re

import harness
from harness import Case, run

FLOOD = harness.program("e2e/flood")
SAY = harness.program("e2e/say")
LINE = re.compile(rb"writer (\d+) line (\d+) ")
LETTERS = b"abcdefghijklmnopqrstuvwxyz"


def flood_line(writer, number, size):
    """The line that flood.c writes, without its newline."""
    head = b"writer %d line %d " % (writer, number)
    first = (len(head) + number) % len(LETTERS)
    return head + (LETTERS * (size // len(LETTERS) + 2))[first:first + size - 1 - len(head)]


class Volume(Case):
    PROCESSES = 20 if harness.SANITIZED else 100
    LINES = 100 if harness.SANITIZED else 1000

    def test_many_writers(self):
        """None torn, none lost, each process's own lines in order."""
        argv = [FLOOD, str(self.PROCESSES), str(self.LINES), "100"]
        outcome, recording = self.record(argv)
        self.assertEqual(outcome.status, 0)
        written = outcome.stderr.splitlines()
        self.assertEqual(len(written), self.PROCESSES * self.LINES)

        seen = recording.cat().splitlines()
        self.assertEqual(len(seen), self.PROCESSES * self.LINES)
        self.assertEqual(collections.Counter(seen), collections.Counter(written))
        numbers = collections.defaultdict(list)
        for line in seen:
            match = LINE.match(line)
            writer, number = int(match[1]), int(match[2])
            self.assertEqual(line, flood_line(writer, number, 100))
            numbers[writer].append(number)
        self.assertEqual(len(numbers), self.PROCESSES)
        for own in numbers.values():
            self.assertEqual(own, list(range(self.LINES)))

        pids = collections.Counter(event["pid"] for event in recording.events())
        self.assertEqual(sorted(pids.values()), [self.LINES] * self.PROCESSES)

    def test_perf_reads_all(self):
        argv = [FLOOD, "10", "100", "100"]
        _, recording = self.record(argv)
        done = recording.perf_script("-F", "comm,pid,tid,time,event")
        self.assertEqual(done.status, 0, done.stderr)
        shown = [line for line in done.stdout.decode().splitlines() if "_L4K4:" not in line]
        self.assertEqual(len(shown), 1000, done.stdout[:500] + done.stderr[:500])
        for line in shown:
            self.assertRegex(line, r"^\s*flood +\d+/\d+ +\d+\.\d+: +user_events:logtap_L4K2:")
        pids = {line.split()[1].split("/")[0] for line in shown}
        self.assertEqual(len(pids), 10)

    def test_mebibyte_line(self):
        outcome, recording = self.record([SAY, "long"])
        self.assertEqual(len(outcome.stderr), (1 << 20) + 1)
        self.assertEqual(recording.cat(), outcome.stderr)
        events = recording.events()
        self.assertEqual(len(events), 1)
        self.assertEqual(events[0]["event"], "stderr")
        self.assertEqual(events[0]["fields"]["message"].encode(), outcome.stderr[:-1])

    def test_long_lines_of_several(self):
        """Parts of several writers' long lines never mix."""
        argv = [FLOOD, "8", "20", "30000"]
        outcome, recording = self.record(argv)
        self.assertEqual(outcome.status, 0)
        self.assertEqual(collections.Counter(recording.cat().splitlines()),
                         collections.Counter(flood_line(writer, number, 30000)
                                             for writer in range(8) for number in range(20)))

    def test_odd_bytes(self):
        """Whole in cat, harmless in short, valid in json."""
        outcome, recording = self.record([SAY, "bytes"])
        self.assertEqual(recording.cat(), outcome.stderr)

        short = recording.view("--output=short").stdout
        self.assertEqual(short.count(b"\n"), 3)
        for byte in short:
            self.assertTrue(byte == 0x0a or byte >= 0x20 and byte != 0x7f, short)
        short.decode("utf-8")

        messages = [event["fields"]["message"] for event in recording.events()]
        self.assertEqual(messages, ["nul \0 inside", outcome.stderr.splitlines()[1].decode("utf-8", "latin1"),
                                    "\x1b[31mred\x1b[0m \a\b\t\r"])
        for line in recording.view("--output=json").stdout.splitlines():
            json.loads(line.decode("utf-8", "strict"))

    def test_empty_lines_and_empty_recording(self):
        outcome, recording = self.record(["sh", "-c", r"printf '\n\nx\n\n' >&2"])
        self.assertEqual(outcome.stderr, b"\n\nx\n\n")
        self.assertEqual(recording.cat(), outcome.stderr)
        _, recording = self.record([SAY, "nothing"])
        self.assertEqual(recording.cat(), b"")
        self.assertEqual(recording.perf_script().status, 0)

    def test_second_run_keeps_the_first(self):
        self.record(["sh", "-c", "echo first >&2"])
        _, recording = self.record(["sh", "-c", "echo second >&2"])
        self.assertEqual(recording.cat(), b"second\n")
        self.assertEqual(harness.Recording(recording.path + ".old").cat(), b"first\n")

    def test_names_times_and_numbers(self):
        """Real pids, tids, times and program names, of children too."""
        script = "echo $$ >&2; (exec sh -c 'echo $$ >&2'); exec sh -c 'echo $$ >&2'"
        start = run(["date", "-u", "+%Y-%m-%dT%H:%M:%S"]).stdout.decode().strip()
        _, recording = self.record(["bash", "-c", script])
        end = run(["date", "-u", "+%Y-%m-%dT%H:%M:%S.999999999Z"]).stdout.decode().strip()
        events = recording.events()
        self.assertEqual(len(events), 3)
        for event in events:
            self.assertEqual(event["pid"], int(event["fields"]["message"]))
            self.assertEqual(event["tid"], event["pid"])
            self.assertRegex(event["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$")
            self.assertLessEqual(start, event["time"])
            self.assertLessEqual(event["time"], end)
        self.assertEqual([event["fields"]["ident"] for event in events], ["bash", "sh", "sh"])
        words = recording.perf_script("-F", "comm,event").stdout.decode().split()
        comms = [comm for comm, event in zip(words[0::2], words[1::2]) if "_L4K4" not in event]
        self.assertEqual(comms, ["bash", "sh", "sh"])


if __name__ == "__main__":
    harness.main()
