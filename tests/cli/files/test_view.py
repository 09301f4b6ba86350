# SPDX-License-Identifier: MIT
"""The command: formats, filters, columns, mistakes, terminals, and files that grow."""
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import termios
import time
import unittest

import perfdata
from perfdata import Event, Writer, message_event
from test_forms import compress
from harness import run
from support import ENVIRONMENT, LOGTAP, SANITIZED, TIMEOUT, Case, main, messages, objects, view

WALL = 1795287001 * 10**9  # 2026-11-21T18:50:01Z
SECOND = 10**9
SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
LEVELS = (1, 1, 1, 2, 3, 4, 4, 5)


def recording():
    """One event per severity, a second and a process apart; odd ones are syslog's."""
    writer = Writer()
    events = [Event(f"logtap_L{level}K{keyword}", 1000 + 10 * keyword + level, ids=(100 + 10 * keyword + level,))
              for keyword in (1, 2) for level in range(1, 6)]
    by_name = {event.name: event for event in events}
    records = b"".join(writer.comm(events[0], pid, pid, f"prog{pid}") for pid in range(1, 9))
    for index, (severity, level) in enumerate(zip(SEVERITIES, LEVELS)):
        event = by_name[f"logtap_L{level}K{1 + (index + 1) % 2}"]
        payload = message_event("syslog" if index % 2 else "stderr", f"Message number {index}", level=severity,
                                ident=f"ident{index}", severity=level)
        records += writer.sample(event, payload, pid=index + 1, tid=index + 1, time=index * SECOND + 123456789,
                                 cpu=index % 3)
    return writer.pipe(events, records, (WALL, 0))


class View(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write("logtap.data", recording())

    def numbers(self, *options):
        done = view("--output=json", *options, self.path)
        self.assertEqual((done.status, done.stderr), (0, b""), options)
        return [int(text.split()[-1]) for text in messages(done.stdout)]

    def test_short(self):
        done = view(self.path)
        self.assertEqual(done.stdout.decode().splitlines(),
                         [f"Nov 21 18:50:0{1 + index}.123456 ident{index}[{index + 1}]: "
                          f"<{severity}> Message number {index}" for index, severity in enumerate(SEVERITIES)])

    def test_local_time(self):
        zone = {"TZ": "XXX-5:30"}
        self.assertTrue(view(self.path, **zone).stdout.startswith(b"Nov 22 00:20:01.123456 "))
        self.assertTrue(view("--utc", self.path, **zone).stdout.startswith(b"Nov 21 18:50:01.123456 "))

    def test_json_is_the_contract(self):
        first = objects(view("-o", "json", self.path).stdout)[0]
        self.assertEqual(list(first.items()), [
            ("time", "2026-11-21T18:50:01.123456789Z"), ("pid", 1), ("tid", 1), ("cpu", 0),
            ("provider", "logtap"), ("event", "stderr"), ("level", 1), ("keyword", "0x2"), ("opcode", 0),
            ("fields", {"level": "emerg", "ident": "ident0", "message": "Message number 0"})])

    def test_cat_is_the_messages_alone(self):
        self.assertEqual(view("--output=cat", self.path).stdout,
                         b"".join(b"Message number %d\n" % index for index in range(8)))

    def test_default_file(self):
        done = view("--output=cat", cwd=self.folder)
        self.assertEqual(len(done.stdout.splitlines()), 8)

    def test_bytes_as_they_were_logged(self):
        """Whole in cat, harmless in short, valid in json."""
        hostile = bytes(range(256)) + b"\xc3\x28\xe2\x80\xae\xf0\x9f\x98\x80\xed\xa0\x80\x1b]0;x\x07"
        writer, event = Writer(), Event()
        path = self.write("hostile", writer.pipe([event], writer.sample(event, message_event("stderr", hostile))))
        self.assertEqual(view("--output=cat", path).stdout, hostile + b"\n")
        short = view(path).stdout
        self.assertEqual(short.count(b"\n"), 1)
        self.assertFalse([char for char in short.decode()[:-1]
                          if ord(char) < 32 or 127 <= ord(char) < 160 or char == "\u202e"])
        line, = view("--output=json", path).stdout.decode().splitlines()
        text = json.loads(line)["fields"]["message"]
        self.assertTrue(text.startswith("".join(map(chr, range(256)))))
        self.assertIn("\U0001f600", text)

    def test_short_tells_what_was_typed(self):
        """A newline, and a backslash with an n, are two things."""
        shown = []
        for message in (b"a\nb", b"a\\nb", b"a\\\\nb\\", b"a\xc3\\"):
            writer, event = Writer(), Event()
            path = self.write("typed", writer.pipe([event], writer.sample(event, message_event("stderr", message))))
            shown.append(view(path).stdout.partition(b"> ")[2])
            self.assertEqual(view("--fields=message", path).stdout, shown[-1])
            self.assertEqual(view("-o", "cat", path).stdout, message + b"\n")
            self.assertEqual(messages(view("-o", "json", path).stdout), [message.decode("utf-8", "latin1")])
            # An event that is none of the shim's: its fields by name.
            path = self.write("other", writer.pipe([event], writer.sample(event, message_event("other", message))))
            self.assertEqual(view(path).stdout.partition(b" message=")[2], shown[-1])
        self.assertEqual(shown, [b"a\\nb\n", b"a\\\\nb\n", b"a\\\\\\\\nb\\\\\n", "a\u00c3\\\\\n".encode()])

    def test_level(self):
        self.assertEqual(self.numbers("--level=err"), [0, 1, 2, 3])
        self.assertEqual(self.numbers("--level=ERROR"), [0, 1, 2, 3])
        self.assertEqual(self.numbers("--level=4"), [0, 1, 2, 3, 4])
        self.assertEqual(self.numbers("--level=warning..info"), [4, 5, 6])
        self.assertEqual(self.numbers("--level=info..warning"), [4, 5, 6])
        self.assertEqual(self.numbers("--level=7..0"), list(range(8)))
        self.assertEqual(self.numbers("--level=verbose"), list(range(8)))
        self.assertEqual(self.numbers("--level=emerg"), [0])

    def test_event(self):
        self.assertEqual(self.numbers("--event=syslog"), [1, 3, 5, 7])
        self.assertEqual(self.numbers("--event=logtap:std*"), [0, 2, 4, 6])
        self.assertEqual(self.numbers("--event=logtap_L1K?"), [0, 1, 2])
        self.assertEqual(self.numbers("--event=syslog", "--event=stderr"), list(range(8)))
        self.assertEqual(self.numbers("--event=!syslog"), [0, 2, 4, 6])
        self.assertEqual(self.numbers("--event=syslog,stderr"), list(range(8)))
        self.assertEqual(self.numbers("--event=!syslog,stderr"), [])
        self.assertEqual(self.numbers("--event=*", "--event=!logtap_L1*"), [3, 4, 5, 6, 7])

    def test_pid_and_program(self):
        self.assertEqual(self.numbers("--pid=3"), [2])
        self.assertEqual(self.numbers("--pid=3,5", "--pid", "8"), [2, 4, 7])
        self.assertEqual(self.numbers("--program=prog4"), [3])
        self.assertEqual(self.numbers("--program=ident[45]"), [4, 5])
        self.assertEqual(self.numbers("--program=!ident[45]"), [0, 1, 2, 3, 6, 7])
        self.assertEqual(self.numbers("--program=!ident4,ident5"), [0, 1, 2, 3, 6, 7])
        self.assertEqual(self.numbers("--program=ident4,ident5"), [4, 5])
        self.assertEqual(self.numbers("--program=ident*", "--program=!prog1", "--pid=!3,4"), [1, 4, 5, 6, 7])

    def test_grep(self):
        self.assertEqual(self.numbers("--grep=number [2-4]$"), [2, 3, 4])
        self.assertEqual(self.numbers("-g", "MESSAGE"), [])
        self.assertEqual(self.numbers("-g", "^message number (1|7)"), [1, 7])

    def test_grep_looks_behind_a_nul(self):
        writer, event = Writer(), Event()
        path = self.write("nul", writer.pipe([event], writer.sample(event, message_event("stderr", b"a\0needle"))))
        self.assertEqual(view("--output=cat", "--grep=needle", path).stdout, b"a\0needle\n")

    def test_since_and_until(self):
        self.assertEqual(self.numbers("--since=2026-11-21 18:50:05"), [4, 5, 6, 7])
        self.assertEqual(self.numbers("--since=2026-11-21T18:50:05Z", "--until=2026-11-21 18:50:07"), [4, 5])
        self.assertEqual(self.numbers("-S", f"@{WALL // SECOND + 6}.1"), [6, 7])
        self.assertEqual(self.numbers("--until=2026-11-21 18:50:02.123456789"), [0, 1])
        self.assertEqual(self.numbers("--since=Sat 2026-11-21 18:50:05 UTC"), [4, 5, 6, 7])
        self.assertEqual(self.numbers("--since=2026-11-21T19:50:05+01:00"), [4, 5, 6, 7])
        self.assertEqual(self.numbers("--since=2026-11-21T13:20:05.0-0530"), [4, 5, 6, 7])
        self.assertEqual(self.numbers("--since=2026-11-21 8:50"), list(range(8)))
        self.assertEqual(self.numbers("--since=2020-01-01", "--until=2100-01-01 UTC"), list(range(8)))

    def test_since_without_wall_clock(self):
        writer, event = Writer(), Event()
        path = self.write("clockless", writer.pipe([event], writer.sample(event, message_event("stderr", "x"), time=9)))
        done = view("--since=yesterday", path)
        self.assertEqual((done.status, done.stdout), (1, b""))
        self.assert_one_line(done.stderr, "--since")

    def test_relative_times(self):
        """Around now, by the clock of the machine."""
        writer, event = Writer(), Event()
        now = time.time_ns()
        path = self.write("now", writer.pipe([event], b"".join(
            writer.sample(event, message_event("stderr", f"{minutes}"), time=now - minutes * 60 * SECOND)
            for minutes in (200, 90, 20, 1)), (0, 0)))

        def shown(*options):
            return messages(view("--output=json", *options, path).stdout)

        self.assertEqual(shown("--since=-30min"), ["20", "1"])
        self.assertEqual(shown("--since=2 hours ago"), ["90", "20", "1"])
        self.assertEqual(shown("--since=2h"), ["90", "20", "1"])
        self.assertEqual(shown("--since=1h 31min", "--until=10min"), ["90", "20"])
        self.assertEqual(shown("--since=-1h31min", "--until=-10m"), ["90", "20"])
        self.assertEqual(shown("--until=now"), ["200", "90", "20", "1"])
        self.assertEqual(shown("--since=tomorrow"), [])

    def test_fields(self):
        done = view("--fields=time,ident,level,event,cpu,nothing,message", self.path)
        self.assertEqual(done.stdout.decode().splitlines()[4],
                         "Nov 21 18:50:05.123456\tident4\twarning\tstderr\t1\t-\tMessage number 4")
        done = view("--fields=provider,keyword,opcode,tid,tracepoint,program", self.path)
        self.assertEqual(done.stdout.decode().splitlines()[4], "logtap\t0x2\t0\t5\tlogtap_L3K2\tprog5")
        done = view("--output=json", "--fields=pid,message,provider", self.path)
        self.assertEqual(json.loads(done.stdout.splitlines()[4]),
                         {"pid": 5, "provider": "logtap", "fields": {"message": "Message number 4"}})
        self.assertEqual(view("-o", "cat", "--fields=message", self.path).stdout,
                         view("-o", "cat", self.path).stdout)

    def test_fields_with_names_that_mislead(self):
        """An event's own fields may be called as the object's are."""
        meta = b"Odd\0fields\0\x0apid\0\x04message;a=1\0\x0a\"quoted\\\0\x0a"
        payload = struct.pack("<H", 0) + struct.pack("<I", 77) + b"\2\0me\3\0\"a\\"
        odd = bytes([7, 0, 0, 0, 0, 0, 0, 4]) + struct.pack("<HH", len(meta), 1) + meta + payload
        writer, event = Writer(), Event()
        path = self.write("odd", writer.pipe([event], writer.sample(event, odd, pid=5)))
        done = view("--fields=message,fields,pid,nothing,\"quoted\\", path)
        self.assertEqual(done.stdout, b'me\t\t5\t-\t"a\\\\\n')
        self.assert_one_line(done.stderr, "'nothing'")
        for field in ("fields", "pid", "message", '"quoted\\'):
            done = view("-o", "json", f"--fields={field}", path)
            shown, = objects(done.stdout)
            self.assertIn(field, [name.partition(";")[0] for name in (*shown, *shown["fields"])])
            self.assertEqual(done.stderr, b"")

    def test_fields_that_no_event_has(self):
        """Most likely misspelt: said once, at the end, and only where there were events."""
        for options in ([], ["-o", "json"], ["-o", "cat"]):
            done = view("--fields=pid,mesage,message,pid", *options, self.path)
            self.assertEqual(done.status, 0)
            self.assert_one_line(done.stderr, "'mesage'")
            done = view("--fields=mesage", "--grep=nothing of the kind", *options, self.path)
            self.assertEqual((done.status, done.stdout, done.stderr), (0, b"", b""))

    def test_stats(self):
        done = view("--stats", self.path)
        text = done.stdout.decode()
        self.assertEqual((done.status, done.stderr), (0, b""))
        self.assertIn("8 events", text)
        self.assertIn("0 lost", text)
        self.assertIn("7.000000 s", text)
        rows = re.findall(r"^ +(\d+) +[\d.]+ +\d+  (\S+) (\S+)$", text, re.M)
        self.assertEqual(sum(int(row[0]) for row in rows), 8)
        self.assertIn(("2", "logtap_L1K2", "stderr"), rows)
        bars = re.findall(r"^2026-11-21 18:50:0\S+ +(\d+) ?(#*)$", text, re.M)
        self.assertEqual(sum(int(bar[0]) for bar in bars), 8)
        self.assertTrue(all(bool(int(count)) == bool(bar) for count, bar in bars))
        self.assertLessEqual(len(bars), 64)

    def test_stats_of_a_file_that_was_cut(self):
        """Nobody knows what a full disk or a killed writer cost: never "0 lost"."""
        whole = recording()
        done = view("--stats", self.write("cut", whole[:-20]))
        text = done.stdout.decode()
        self.assertEqual(done.status, 1)
        self.assertNotIn("0 lost", text)
        size = len(whole) - 20
        offset = int(re.search(r"at byte (\d+)", text)[1])
        self.assertIn(f"the file was cut: {size - offset} bytes", text)
        self.assertIn("disk was full", text)
        self.assertEqual(whole[offset:offset + 4], struct.pack("<I", 9))  # where a sample begins
        # The writer was killed at a page's end, and others went on.
        writer, event = Writer(), Event()
        head = writer.pipe([event], b"")
        big = writer.sample(event, message_event("stderr", "x" * 9000), time=1)
        head += big[:4096 - len(head) % 4096]
        path = self.write("killed", head + writer.sample(event, message_event("stderr", "y"), time=2))
        done = view("--stats", path)
        self.assertNotIn(b"0 lost", done.stdout)
        self.assertIn(b"the file was cut", done.stdout)
        self.assert_one_line(done.stderr, "the writer was killed or the disk was full")

    def test_stats_of_a_short_time(self):
        """Every bar has a label of its own, whatever the time between the events."""
        for span in (0, 1, 999, 20_000, 900_000, 5_000_000, 64_000_000, 3 * SECOND):
            for clock in ((WALL, 0), None):
                writer, event = Writer(), Event()
                path = self.write("short", writer.pipe([event], b"".join(
                    writer.sample(event, message_event("stderr", "x"), time=5 * SECOND + index * span // 40)
                    for index in range(41)), clock))
                text = view("--stats", path).stdout.decode()
                labels = re.findall(r"^(\d\S*(?: \S+)?) +\d+ #*$", text[text.index("from"):], re.M)
                self.assertGreater(len(labels), 0)
                self.assertEqual(len(labels), len(set(labels)), text)

    def test_a_file_without_tracepoints(self):
        """perf.data of the processor's cycles: nothing to show, and that is said."""
        writer = Writer()
        event = Event("cycles", 0, kind=0)
        content = writer.pipe([event], b"".join(writer.sample(event, b"", time=at) for at in range(3)))
        done = view(self.write("cycles", content))
        self.assertEqual((done.status, done.stdout), (0, b""))
        self.assert_one_line(done.stderr, "no tracepoint", "3 other samples")
        writer, event = Writer(), Event()
        done = view(self.write("silent", writer.pipe([event], b"")))
        self.assertEqual((done.status, done.stdout, done.stderr), (0, b"-- No entries --\n", b""))

    def test_stats_count_what_passes(self):
        self.assertIn(b"4 events", view("--stats", "--level=err", self.path).stdout)

    def test_copy_for_perf_of_some(self):
        copy = self.write("copy", view("--output=perf", "--level=warning", self.path).stdout)
        self.assertEqual([int(text.split()[-1]) for text in messages(view("--output=json", copy).stdout)],
                         [0, 1, 2, 3, 4])

    def test_mistakes(self):
        for options, word in ((["--output=xml"], "xml"), (["--level=loud"], "loud"), (["--level=info..loud"], "info..loud"),
                              (["--pid=x"], "x"), (["--pid=1,"], "1,"), (["--pid=-1"], "-1"), (["--grep=("], "("),
                              (["--since=noon"], "noon"), (["--since=2026-13-01"], "2026-13-01"),
                              (["--since=2026-02-30"], "2026-02-30"), (["--since=18:61"], "18:61"), (["--since=5"], "'5'"), (["--since=5min ahead"], "ahead"),
                              (["--color=red"], "red"),
                              (["--fields="], "''"), (["--fields=a,,b"], "a,,b"), (["--output=perf", "one", "two"], "one file"),
                              (["--exclude=("], "("), (["-n", "x"], "x"), (["-rf"], "--reverse"), (["--pid=!x"], "!x"),
                              (["--stats", "--failed"], "at a time"), (["--output=csv", "--processes"], "--processes"),
                              (["--output=html", "-f"], "--follow"), (["--output=chrome", "-r"], "-r"),
                              (["--since=tomorrow", "--until=yesterday"], "--until"),
                              (["--stats", "--follow"], "--follow"), (["--stats", "-n", "3"], "-n"), (["--stats", "-r"], "-r"), (["--output=perf", "--stats"], "--stats"),
                              (["--output=perf", "--grep=x"], "--grep"),
                              (["--unknown"], "--unknown"), (["--level"], "--level")):
            with self.subTest(options=options):
                done = view(*options)
                self.assertEqual((done.status, done.stdout), (2, b""))
                self.assert_one_line(done.stderr, word)

    def test_help(self):
        done = view("--help")
        self.assertEqual((done.status, done.stderr), (0, b""))
        for option in ("--output", "--fields", "--level", "--grep", "--follow", "--stats"):
            self.assertIn(option, done.stdout.decode())

    def test_foreign_files_are_named(self):
        for content, word in ((b"", "empty"), (b"\x1f\x8b\x08" + bytes(50), "empty, or ends"), (b"\x7fELF" + bytes(50), "ELF"),
                              (b"\x28\xb5\x2f\xfd" + bytes(50), "empty, or ends"), (b"LPKSHHRH" + bytes(90), "journal"),
                              (b"\x17\x08Dtracing6\0", "head"), (b"Just some text.\n" * 9, "text"), (b"hello\n", "text")):
            with self.subTest(word=word):
                done = view(self.write("foreign", content))
                self.assertEqual((done.status, done.stdout), (1, b""))
                self.assert_one_line(done.stderr, "foreign", word)

    def test_full_disk(self):
        for output in ("short", "json", "cat", "perf"):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([LOGTAP, "view", "-o", output, self.path], stdout=full, stderr=subprocess.PIPE,
                                      env=ENVIRONMENT, check=False)
            self.assertEqual(done.returncode, 1)
            self.assert_one_line(done.stderr, "No space left on device")

    def test_more_metadata_than_is_remembered(self):
        """Above 4 KiB of it an event is described anew each time, and shown like any other."""
        names = b"".join(b"field%04d\0\x02" % number for number in range(500))
        meta = b"Wide\0level\0\x0amessage\0\x0a" + names
        wide = bytes([7, 0, 0, 0, 0, 0, 0, 2]) + struct.pack("<HH", len(meta), 1) + meta + \
            struct.pack("<H", 0) + struct.pack("<H", 2) + b"me" + bytes(range(250)) * 2
        writer, event = Writer(), Event("P_L2K1")
        path = self.write("wide", writer.pipe([event], writer.sample(event, wide)))
        for options in ([], ["--event=P:Wide"], ["--event=P_L2K1"], ["--level=err..err"], ["--grep=^me$"]):
            shown = view(*options, path).stdout
            self.assertIn(b"<err> P:Wide level=\"\" message=me field0000=0 ", shown)
        self.assertEqual(view("--level=crit", path).stdout, b"")
        self.assertEqual(view("--fields=provider,event,level,message,field0499", path).stdout,
                         b"P\tWide\terr\tme\t249\n")

    def test_dat_with_a_foreign_tracepoint(self):
        def record(name, event):
            return struct.pack("<I", 5 + len(name) + len(event)) + name + b"\0" + event

        for payload in (b"", b"\1\2", bytes(40), b"\7" * 40):
            path = self.write("x.dat", record(b"logtap_L4K2", message_event("stderr", "ours")) +
                              record(b"sched_switch", payload))
            done = view(path)
            lines = done.stdout.decode().splitlines()
            self.assertEqual(len(lines), 2)
            self.assertRegex(lines[1], r"sched_switch \[not an EventHeader event\]$")
            self.assertIn("ours", lines[0])

    def test_a_file_without_a_name(self):
        done = view("")
        self.assertEqual(done.status, 1)
        self.assert_one_line(done.stderr, "''", "No such file")

    def test_dat_has_no_copy_for_perf(self):
        body = b"logtap_L4K2\0" + message_event("stderr", "x")
        done = view("--output=perf", self.write("x.dat", struct.pack("<I", 4 + len(body)) + body))
        self.assertEqual((done.status, done.stdout), (1, b""))
        self.assert_one_line(done.stderr, ".dat")


class Parts(Case):
    """Long messages, in the parts in which they travel."""

    def make(self, parts, events=None):
        """`parts`: (tid, name, number, last, text[, message_id[, index of the event]])"""
        writer, events = Writer(), events or [Event()]

        def sample(index, tid, name, number, last, text, message_id=None, which=0):
            return writer.sample(events[which], message_event(name, text, part=number, last=last, message_id=message_id),
                                 pid=1, tid=tid, time=index)

        return writer.pipe(events, b"".join(sample(index, *part) for index, part in enumerate(parts)))

    def split(self, tid, text, size, name="stderr.part"):
        pieces = [text[at:at + size] for at in range(0, len(text), size)]
        return [(tid, name, number, number == len(pieces) - 1, piece) for number, piece in enumerate(pieces)]

    def test_put_together(self):
        text = os.urandom(3_000_000)
        path = self.write("long", self.make(self.split(1, text, 3900)))
        self.assertEqual(view("--output=cat", path).stdout, text + b"\n")
        event, = objects(view("--output=json", path).stdout)
        self.assertEqual((event["event"], list(event["fields"])), ("stderr", ["level", "ident", "message"]))
        self.assertEqual(event["fields"]["message"], text.decode("utf-8", "latin1"))
        self.assertEqual(view(path).stdout.count(b"\n"), 1)

    def test_overwritten(self):
        """Level and text are those of the state that overwrote the others; nobody misses what was."""
        writer, events = Writer(), [Event(), Event(name="logtap_L2K2", number=1001, ids=(8,))]
        states = [(b"\r10%", "info", 4), (b"\rtext\r\r", "info", 4), (b"\r[error] x\r", "err", 2)]
        samples = b"".join(
            writer.sample(events[severity == 2], message_event("stderr.part", text, part=number, last=number == 5,
                                                              level=level, severity=severity, message_id=7),
                          pid=1, tid=1, time=number)
            for number, (text, level, severity) in enumerate(states, 3))
        path = self.write("progress", writer.pipe(events, samples))
        done = view("--output=cat", path)
        self.assertEqual((done.status, done.stderr, done.stdout), (0, b"", b"\r10%\rtext\r\r\r[error] x\r\n"))
        event, = objects(view("--output=json", path).stdout)
        self.assertEqual((event["level"], event["fields"]["level"], "incomplete" in event), (2, "err", False))
        self.assertRegex(view(path).stdout, rb"> \\r\[error\] x\\r\n")

    def test_threads_and_kinds_apart(self):
        one, two, three = (bytes([letter]) * 20000 for letter in b"abc")
        mixed = []
        queues = [self.split(1, one, 900), self.split(2, two, 700), self.split(1, three, 1100, "syslog.part")]
        while any(queues):
            for queue in queues:
                mixed += [queue.pop(0)] if queue else []
        done = view("--output=cat", self.write("mixed", self.make(mixed)))
        self.assertEqual((done.status, done.stderr), (0, b""))
        self.assertEqual(sorted(done.stdout.splitlines()), [one, two, three])

    @staticmethod
    def in_turns(*queues):
        """The parts of several messages, one of each after the other."""
        queues, mixed = [list(queue) for queue in queues], []
        while any(queues):
            for queue in queues:
                mixed += [queue.pop(0)] if queue else []
        return mixed

    def with_id(self, message_id, *arguments, which=0, **keywords):
        return [(*part, message_id, which) for part in self.split(*arguments, **keywords)]

    def assert_whole(self, parts, texts, events=None):
        path = self.write("parts", self.make(parts, events))
        done = view("--output=cat", path)
        self.assertEqual((done.status, done.stderr), (0, b""))
        self.assertEqual(sorted(done.stdout.splitlines()), sorted(texts))
        for event in objects(view("--output=json", path).stdout):
            self.assertEqual(list(event["fields"]), ["level", "ident", "message"])
            self.assertNotIn("incomplete", event)

    def test_an_id_tells_messages_of_one_thread_apart(self):
        """All are process 1, thread 1: of several PID namespaces, or a handler's within another's."""
        texts = [bytes([letter]) * (9000 + 777 * index) for index, letter in enumerate(b"abcdefg")]
        for ids in (range(7), [1 << 63 | index for index in range(7)], [index << 32 for index in range(7)]):
            self.assert_whole(self.in_turns(*(self.with_id(ident, 1, text, 900 + index) for index, (ident, text)
                                              in enumerate(zip(ids, texts)))), texts)
        outer, inner = self.with_id(5, 1, b"o" * 9000, 1000), self.with_id(6, 1, b"i" * 4000, 1000)
        for at in range(len(outer) + 1):
            self.assert_whole(outer[:at] + inner + outer[at:], [b"o" * 9000, b"i" * 4000])

    def test_an_id_holds_a_message_together(self):
        """Whatever the recording says about process and thread by then."""
        parts = self.with_id(9, 1, b"m" * 9000, 1000)
        self.assert_whole([(tid, *part[1:]) for tid, part in enumerate(parts)], [b"m" * 9000])

    def test_ids_are_of_a_provider_and_an_event(self):
        events = [Event("one_L4K2", 1000, ids=(7,)), Event("one_b_L4K2", 1001, ids=(8,)), Event("one_L2K1", 1002, ids=(9,))]
        self.assert_whole(self.in_turns(self.with_id(3, 1, b"a" * 5000, 900), self.with_id(3, 1, b"b" * 5000, 900, which=1),
                                        self.with_id(3, 1, b"c" * 5000, 900, name="syslog.part", which=2)),
                          [b"a" * 5000, b"b" * 5000, b"c" * 5000], events)

    def test_with_and_without_an_id(self):
        """An older program and a newer one in one recording."""
        self.assert_whole(self.in_turns(self.with_id(1 << 32 | 1, 1, b"new" * 2000, 900), self.split(1, b"old" * 2000, 900)),
                          [b"new" * 2000, b"old" * 2000])

    def test_more_unfinished_than_threads_have(self):
        """Five thousand long messages under way at one time."""
        queues = [self.with_id(ident * 0x9e3779b97f4a7c15 & (1 << 64) - 1, 1, b"%05d " % ident * 9, 27)
                  for ident in range(5000)]
        self.assert_whole(self.in_turns(*queues), [b"%05d " % ident * 9 for ident in range(5000)])

    def test_beyond_what_is_held(self):
        """What little unpacks to is handed out in pieces, marked as such: nothing is missing."""
        writer, event, piece = Writer(), Event(), b"z" * 60000
        samples = b"".join(writer.sample(event, message_event("stderr.part", piece, part=number, last=number == 499,
                                                              message_id=1), time=number) for number in range(500))
        packed = compress([samples])
        if not packed:
            self.skipTest("no zstd library here")
        path = self.write("packed", writer.pipe([event], b"".join(writer.record(perfdata.COMPRESSED, part[at:at + 60000])
                                                                  for part in packed for at in range(0, len(part), 60000))))
        done = view("--output=cat", path)
        self.assertEqual((done.status, done.stderr), (0, b""))
        self.assertEqual(done.stdout.count(b"z"), 30_000_000)
        pieces = [item.get("piece") for item in objects(view("--output=json", path).stdout)]
        self.assertEqual((pieces[0], pieces[-1], set(pieces[1:-1])), ("first", "last", {"middle"}))
        lines = view(path).stdout.splitlines()
        self.assertTrue(lines[0].endswith(b"[continued in a later line]"))
        self.assertTrue(lines[-1].endswith(b"[continues an earlier line]"))

    def test_copy_for_perf_keeps_all_parts(self):
        path = self.write("long", self.make(self.split(1, b"x" * 5000, 900)))
        copy = self.write("copy", view("--output=perf", "--event=stderr", path).stdout)
        self.assertEqual(view("--output=cat", copy).stdout, b"x" * 5000 + b"\n")

    def check_incomplete(self, parts, shown):
        path = self.write("incomplete", self.make(parts))
        done = view("--output=cat", path)
        self.assertEqual(done.stdout.decode().splitlines(), shown)
        self.assertEqual(done.status, 1)
        self.assert_one_line(done.stderr, "incomplete")
        self.assertIn("missing]", view(path).stdout.decode())
        self.assertTrue(any("incomplete" in event for event in objects(view("--output=json", path).stdout)))

    def test_what_is_there_of_incomplete_ones(self):
        name = "stderr.part"
        self.check_incomplete([(1, name, 0, False, "one "), (1, name, 1, False, "two")], ["one two"])
        self.check_incomplete([(1, name, 1, False, "two "), (1, name, 2, True, "three")], ["two three"])
        self.check_incomplete([(1, name, 0, False, "one "), (1, name, 2, True, "three")], ["one ", "three"])
        self.check_incomplete([(1, name, 0, False, "one "), (1, name, 0, False, "a"), (1, name, 1, True, "b")],
                              ["one ", "ab"])

    def test_grep_sees_the_whole(self):
        path = self.write("long", self.make(self.split(1, b"x" * 99 + b"needle" + b"y" * 99, 102)))
        self.assertEqual(view("--output=cat", "--grep=needle", path).stdout.count(b"\n"), 1)
        self.assertEqual(view("--output=cat", "--event=stderr", path).stdout.count(b"\n"), 1)

    def test_many_unfinished_take_bounded_memory(self):
        """100 MB of messages that never end: all is shown."""
        writer, event = Writer(), Event()
        piece = b"z" * 60000
        samples = (writer.sample(event, message_event("stderr.part", piece, part=number, last=0), tid=1, time=number)
                   for number in range(1700))
        path = self.write("endless", writer.pipe([event], b"".join(samples)))
        with subprocess.Popen([LOGTAP, "view", "--output=cat", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=ENVIRONMENT) as process:
            shown = sum(block.count(b"z") for block in iter(lambda: process.stdout.read(1 << 20), b""))
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(shown, 1700 * 60000)
        if not SANITIZED:
            self.assertLess(usage.ru_maxrss, 400 * 1024)


class Terminal(Case):
    """On a terminal: colour, a pager, progress; on a pipe none of them."""

    def setUp(self):
        super().setUp()
        self.path = self.write("logtap.data", recording())

    def on_terminal(self, *argv, stdout=None, watch=None, **variables):
        """What arrived at the terminal, and the status; `watch` sees it as it grows."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        process = subprocess.Popen(argv, stdin=slave, stdout=slave if stdout is None else stdout, stderr=slave,
                                   env=dict(ENVIRONMENT, **variables), start_new_session=True)
        os.close(slave)
        output = b""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            # Asked before: what it wrote until then is there to be read.
            ended = process.poll() is not None
            ready, _, _ = select.select([master], [], [], 0.1)
            try:
                block = os.read(master, 65536) if ready else None
            except OSError:
                break
            if block == b"" or (block is None and ended):
                break
            output += block or b""
            if watch:
                watch(output)
        status = process.wait(TIMEOUT)
        os.close(master)
        return output.replace(b"\r\n", b"\n"), status

    def test_colours(self):
        output, status = self.on_terminal(LOGTAP, "view", "--no-pager", self.path)
        self.assertEqual(status, 0)
        lines = output.decode().splitlines()
        self.assertIn("\x1b[0;1;31m<err> Message number 3\x1b[0m", lines[3])
        self.assertIn("\x1b[0;1;38;5;185m<warning> ", lines[4])
        self.assertNotIn("\x1b", lines[6])

    def test_no_colours(self):
        for options, variables in ((["--color=never"], {}), ([], {"TERM": "dumb"}), ([], {"NO_COLOR": "1"})):
            output, _ = self.on_terminal(LOGTAP, "view", "--no-pager", *options, self.path, **variables)
            self.assertNotIn(b"\x1b", output)
        self.assertNotIn(b"\x1b", view(self.path).stdout)
        self.assertIn(b"\x1b", view("--color=always", self.path).stdout)

    def test_pager(self):
        output, status = self.on_terminal(LOGTAP, "view", self.path, LOGTAP_PAGER="sed s/^/paged:/")
        self.assertEqual(status, 0)
        self.assertEqual(sum(line.startswith(b"paged:Nov") for line in output.splitlines()), 8)
        self.assertIn(b"\x1b[0;1;31m", output)
        output, _ = self.on_terminal(LOGTAP, "view", self.path, LOGTAP_PAGER="", PAGER="sed s/^/paged:/")
        self.assertNotIn(b"paged", output)
        output, _ = self.on_terminal(LOGTAP, "view", self.path, PAGER="sed s/^/paged:/")
        self.assertIn(b"paged:Nov", output)
        output, _ = self.on_terminal(LOGTAP, "view", "--no-pager", self.path, PAGER="sed s/^/paged:/")
        self.assertNotIn(b"paged", output)
        output, _ = self.on_terminal(LOGTAP, "view", self.path, PAGER="sed s/^/paged:/", TERM="dumb")
        self.assertNotIn(b"paged", output)

    # What says that somebody else stands behind our rights: sudo, doas, pkexec.
    ELEVATED = ({"SUDO_UID": "1000"}, {"SUDO_USER": "operator"}, {"DOAS_USER": "operator"}, {"PKEXEC_UID": "1000"})

    def program(self, folder, name, script):
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(script)
        os.chmod(path, 0o755)
        return path

    def test_with_more_rights_no_pager_but_less(self):
        """Anything else could be made to run a command."""
        more = self.program(self.folder, "more", "#!/bin/sh\nsed s/^/paged:/\n")
        for elevated in self.ELEVATED:
            for name in ("PAGER", "LOGTAP_PAGER"):
                for pager in ("sed s/^/paged:/", more, "less +!id", "less; sed s/^/paged:/", "./less", "more", "vi -"):
                    with self.subTest(elevated=elevated, pager=pager):
                        output, status = self.on_terminal(LOGTAP, "view", "-o", "cat", self.path, **elevated, **{name: pager})
                        self.assertEqual((output.count(b"Message number"), status), (8, 0))
                        self.assertNotIn(b"paged", output)
                        self.assertNotIn(b"uid=", output)

    def test_the_path_is_searched_safely(self):
        """What lies in the present folder isn't the pager; with more rights no folder of the caller's is searched."""
        fake = "#!/bin/sh\nsed s/^/paged:/\n"
        self.program(self.folder, "less", fake)
        self.program(os.path.join(self.folder, "bin"), "less", fake)
        argv = ("sh", "-c", f"cd '{self.folder}' && exec '{LOGTAP}' view -o cat logtap.data")
        for path in (":/usr/bin:/bin", ".:/usr/bin:/bin", "bin:/usr/bin:/bin", "/usr/bin:/bin::"):
            for pager in ({}, {"PAGER": "less"}, {"PAGER": "less -R"}):
                output, status = self.on_terminal(*argv, PATH=path, **pager)
                self.assertEqual((output.count(b"Message number"), output.count(b"paged"), status), (8, 0, 0), path)
        path = f"{self.folder}/bin:/usr/bin:/bin"
        self.assertIn(b"paged", self.on_terminal(*argv, PATH=path)[0])
        for elevated in self.ELEVATED:
            output, status = self.on_terminal(*argv, PATH=path, **elevated)
            self.assertEqual((output.count(b"Message number"), output.count(b"paged"), status), (8, 0, 0))

    @unittest.skipUnless(shutil.which("less"), "no less here")
    def test_less_with_more_rights_starts_no_shell(self):
        """`!` is refused by less itself; without other rights it is the user's own shell."""
        writer, event = Writer(), Event()
        path = self.write("long", writer.pipe([event], b"".join(
            writer.sample(event, message_event("stderr", f"line {index}")) for index in range(500))))
        for variables, secure in (({}, False), *((elevated, True) for elevated in self.ELEVATED),
                                  ({"SUDO_UID": "1000", "LESSSECURE": "0", "LESSOPEN": "|touch opened %s",
                                    "PAGER": "/usr/bin/less"}, True)):
            shell = os.path.join(self.folder, "shell")
            master, slave = pty.openpty()
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 80, 0, 0))
            process = subprocess.Popen([LOGTAP, "view", "-o", "cat", path], stdin=slave, stdout=slave, stderr=slave,
                                       env=dict(ENVIRONMENT, **variables), preexec_fn=lambda: (
                                           os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)))
            os.close(slave)
            output = b""
            while b"line 10" not in output:
                self.assertTrue(select.select([master], [], [], TIMEOUT)[0])
                output += os.read(master, 65536)
            # less passes its own name space on: what it was started with is what counts.
            os.write(master, f"!touch {shell}\n\nq".encode())
            while True:
                try:
                    if not select.select([master], [], [], TIMEOUT)[0] or not os.read(master, 65536):
                        break
                except OSError:
                    break
                os.write(master, b"q")
            self.assertEqual(process.wait(TIMEOUT), 0)
            os.close(master)
            with self.subTest(variables=variables):
                self.assertEqual(os.path.exists(shell), not secure)
            if os.path.exists(shell):
                os.unlink(shell)

    def test_what_is_wrong_is_said_after_the_pager(self):
        cut = self.write("cut", recording()[:-20])
        output, status = self.on_terminal(LOGTAP, "view", cut, PAGER="sed s/^/paged:/; sleep 0.3; echo pager is done")
        self.assertEqual(status, 1)
        lines = output.decode().splitlines()
        self.assertEqual(lines[-2], "pager is done")
        self.assertRegex(lines[-1], "^logtap view: .* cut off")

    def test_pager_that_is_not_there(self):
        output, status = self.on_terminal(LOGTAP, "view", "-o", "cat", self.path, PAGER="no-such-pager")
        self.assertEqual((output.count(b"Message number"), status), (8, 0))

    def test_pager_that_ends_early(self):
        writer, event = Writer(), Event()
        long = self.write("long", writer.pipe([event], b"".join(
            writer.sample(event, message_event("stderr", f"{index}" + "x" * 500)) for index in range(50000))))
        output, status = self.on_terminal(LOGTAP, "view", "-o", "cat", long, PAGER="head -n 2")
        self.assertEqual((output.count(b"xxx\n"), status), (2, 0))

    @unittest.skipUnless(shutil.which("less"), "no less here")
    def test_less_quits_when_all_fits(self):
        output, status = self.on_terminal(LOGTAP, "view", "-o", "cat", self.path)
        self.assertEqual((output.count(b"Message number"), status), (8, 0))

    def test_no_control_characters_reach_the_terminal(self):
        """The messages' own, in any format, with and without a pager; on a pipe cat is exact."""
        writer, event = Writer(), Event()
        hostile = b"a\x1b[2Jb\x1b]0;title\x07c\x9bd\x7f"
        path = self.write("hostile", writer.pipe([event], writer.sample(event, message_event("stderr", hostile))))
        for options in (["-o", "cat"], ["-o", "cat", "--fields=message"], ["--color=never"], ["-o", "json"]):
            for pager in ("", "sed s/^/paged:/"):
                output, status = self.on_terminal(LOGTAP, "view", *options, path, PAGER=pager)
                self.assertEqual(status, 0)
                self.assertFalse([byte for byte in output.replace(b"\n", b"") if byte < 32 or byte == 127], output)
                self.assertNotIn("\x9b", output.decode())
                self.assertIn(b"x1b[2J" if "json" not in options else b"u001b[2J", output)
        self.assertEqual(view("-o", "cat", path).stdout, hostile + b"\n")
        lines = self.write("lines", b"error: " + hostile + b"\n")
        output, status = self.on_terminal("sh", "-c", f"'{LOGTAP}' level <'{lines}'")
        self.assertEqual((output.count(b"\\x1b[2J"), output.count(b"\x1b"), status), (1, 0, 0))
        done = run([LOGTAP, "level"], stdin=b"error: " + hostile)
        self.assertEqual(done.stdout, b"err\terror: " + hostile + b"\n")

    def test_no_pager_and_no_colour_on_a_pipe(self):
        done = view(self.path, PAGER="sed s/^/paged:/", LOGTAP_PAGER="sed s/^/paged:/")
        self.assertNotIn(b"paged", done.stdout)

    def test_perf_data_are_not_for_a_terminal(self):
        output, status = self.on_terminal(LOGTAP, "view", "--output=perf", self.path)
        self.assertEqual((output.count(b"\n"), status), (1, 2))

    def test_progress(self):
        """On stderr when that is a terminal, and gone in the end; nothing for a short file."""
        writer, event = Writer(), Event()
        with open(self.path, "wb") as file:
            file.write(writer.pipe([event], b""))
            block = b"".join(writer.sample(event, message_event("stderr", "x" * 100), time=1) for _ in range(10000))
            for _ in range(40):
                file.write(block)
        # A reader that takes its time until there is progress to be seen.
        seen = os.path.join(self.folder, "seen")

        def watch(output):
            if b"%" in output:
                self.write("seen", b"")

        script = f"'{LOGTAP}' view -o cat '{self.path}' | (while ! [ -e '{seen}' ]; do head -c 65536; sleep 0.1; done; cat) >/dev/null"
        output, _ = self.on_terminal("sh", "-c", script, watch=watch)
        self.assertRegex(output, rb"\r *\d+ % of \d+ MB")
        self.assertTrue(output.endswith(b"\r\x1b[K"))
        output, _ = self.on_terminal("sh", "-c", f"'{LOGTAP}' view -o cat '{self.write('short', recording())}' | cat >/dev/null")
        self.assertEqual(output, b"")


class Growing(Case):
    """Traces that are still being written."""

    def start(self, *options, **keywords):
        process = subprocess.Popen([LOGTAP, "view", "--output=cat", *options], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=ENVIRONMENT, **keywords)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def line(self, process):
        ready, _, _ = select.select([process.stdout], [], [], TIMEOUT)
        self.assertTrue(ready, "nothing came")
        return os.read(process.stdout.fileno(), 65536).decode()

    def said(self, process):
        """What it says on stderr."""
        ready, _, _ = select.select([process.stderr], [], [], TIMEOUT)
        self.assertTrue(ready, "nothing was said")
        return os.read(process.stderr.fileno(), 65536)

    def quiet(self, process):
        ready, _, _ = select.select([process.stdout], [], [], 0.4)
        self.assertFalse(ready)

    def test_follow(self):
        writer, event = Writer(), Event()

        def sample(text, when):
            return writer.sample(event, message_event("stderr", text), time=when)

        path = self.write("growing", writer.pipe([event], sample("first", 1)))
        process = self.start("--follow", path)
        self.assertEqual(self.line(process), "first\n")
        with open(path, "ab", buffering=0) as file:
            for number in range(5):
                record = sample(f"number {number}", 10 + number)
                # In two writes: half a record is no damage.
                file.write(record[:20])
                self.quiet(process)
                file.write(record[20:])
                self.assertEqual(self.line(process), f"number {number}\n")
        before = self.cpu_time(process.pid)
        time.sleep(1)
        used = self.cpu_time(process.pid) - before
        self.assertLess(used, 0.5, "waiting takes processor time")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(TIMEOUT), -signal.SIGINT)
        self.assertEqual(process.stderr.read(), b"")

    def test_follow_a_file_that_is_truncated(self):
        writer, event = Writer(), Event()

        def content(*texts):
            return writer.pipe([event], b"".join(writer.sample(event, message_event("stderr", text), time=index)
                                                 for index, text in enumerate(texts)))

        path = self.write("growing", content("one", "two"))
        process = self.start("--follow", path)
        self.assertEqual(self.line(process), "one\ntwo\n")
        self.quiet(process)
        with open(path, "r+b", buffering=0) as file:
            file.truncate(0)
            self.assertIn(b"truncated", self.said(process))
            self.quiet(process)
            whole = content("three")
            file.write(whole[:50])
            self.quiet(process)
            file.write(whole[50:])
            self.assertEqual(self.line(process), "three\n")
            file.write(writer.sample(event, message_event("stderr", "four"), time=9))
            self.assertEqual(self.line(process), "four\n")
            # By one that is no recording: no use to wait.
            file.truncate(0)
            file.seek(0)
            self.assertIn(b"truncated", self.said(process))
            file.write(b"Just some text.\n" * 9)
        self.assertEqual(process.wait(TIMEOUT), 1)
        self.assertEqual(process.stderr.read().count(b"\n"), 1)

    @staticmethod
    def cpu_time(pid):
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_stdin_while_it_is_being_written(self):
        for order in "<>":
            writer, event = Writer(order), Event()
            process = self.start("-", stdin=subprocess.PIPE)
            self.addCleanup(process.stdin.close)
            process.stdin.write(writer.pipe([event], b""))
            process.stdin.flush()
            self.quiet(process)
            for number in range(3):
                record = writer.sample(event, message_event("stderr", f"number {number}"), time=number)
                process.stdin.write(record[:30])
                process.stdin.flush()
                time.sleep(0.05)
                process.stdin.write(record[30:])
                process.stdin.flush()
                self.assertEqual(self.line(process), f"number {number}\n")
            process.stdin.close()
            self.assertEqual(process.wait(TIMEOUT), 0)

    def test_a_stream_that_never_falls_silent(self):
        """An event every few milliseconds, for three seconds at least: none waits for a silence."""
        writer, event = Writer(), Event()
        process = self.start("-", stdin=subprocess.PIPE)
        self.addCleanup(process.stdin.close)
        process.stdin.write(writer.pipe([event], b""))
        shown, written = b"", 0
        begun = time.monotonic()
        while time.monotonic() - begun < 3 or shown.count(b"\n") <= written // 2:
            # A busy machine may hold it up for a while; one that waits never catches up.
            self.assertLess(time.monotonic() - begun, TIMEOUT, f"{written} written, shown: {shown}")
            process.stdin.write(writer.sample(event, message_event("stderr", f"{written}"), time=written))
            process.stdin.flush()
            written += 1
            if select.select([process.stdout], [], [], 0.02)[0]:
                shown += os.read(process.stdout.fileno(), 65536)

    def test_damage_does_not_stop_a_stream(self):
        writer, event = Writer(), Event()
        process = self.start("-", stdin=subprocess.PIPE)
        self.addCleanup(process.stdin.close)
        process.stdin.write(writer.pipe([event], b"garbage " * 100))
        process.stdin.write(writer.sample(event, message_event("stderr", "behind"), time=1))
        process.stdin.flush()
        self.assertEqual(self.line(process), "behind\n")

    def test_stdin_in_single_bytes(self):
        read_end, write_end = os.pipe()
        process = self.start("-", stdin=read_end)
        os.close(read_end)
        for byte in recording():
            os.write(write_end, bytes([byte]))
        os.close(write_end)
        self.assertEqual(process.stdout.read().count(b"Message number"), 8)
        self.assertEqual((process.wait(TIMEOUT), process.stderr.read()), (0, b""))


class Whole(Case):
    """A message that is large, in a process of its own: the command's memory is measured elsewhere."""

    def test_a_message_of_70_megabytes(self):
        """Whole, with and without an id."""
        text = b"0123456789abcde " * (70_000_000 // 16)
        writer, event = Writer(), Event()
        pieces = [text[at:at + 60000] for at in range(0, len(text), 60000)]
        for message_id in (None, 7):
            path = self.write("large", writer.pipe([event], b"".join(
                writer.sample(event, message_event("stderr.part", piece, part=number, last=number == len(pieces) - 1,
                                                   message_id=message_id)) for number, piece in enumerate(pieces))))
            done = view("--output=cat", path)
            self.assertEqual((done.status, done.stderr), (0, b""))
            self.assertTrue(done.stdout == text + b"\n")


class Large(Case):
    def test_memory_is_constant(self):
        """A stream of 600 MB through a pipe takes no more than one of 60 MB."""
        writer, event = Writer(), Event()
        head = writer.pipe([event], b"")
        peaks = []
        for count in (10, 100):
            with subprocess.Popen([LOGTAP, "view", "--output=json", "-"], stdin=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL, env=ENVIRONMENT) as process:
                process.stdin.write(head)
                for block in range(count):
                    samples = [writer.sample(event, message_event("stderr", "x" * 1000), time=block * 10, tid=tid)
                               for tid in range(2)] * 2700
                    process.stdin.write(b"".join(samples))
                process.stdin.close()
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(process.returncode, 0)
            peaks.append(usage.ru_maxrss)
        print(f"peak memory: {peaks[0]} KB for 60 MB, {peaks[1]} KB for 600 MB")
        if not SANITIZED:
            self.assertLess(peaks[1], 100 * 1024)
            self.assertLess(peaks[1], peaks[0] * 1.2)


if __name__ == "__main__":
    main()
