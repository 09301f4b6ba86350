# SPDX-License-Identifier: MIT
"""Recordings of logtap's, into which many programs write: what one of them may not do to the others,
what is left when somebody truncates the file, and what the writers themselves count as lost."""
import os
import struct

import perfdata
from perfdata import Event, Writer, message_event
from support import Case, main, messages, objects, view

WALL = (1795287001 * 10**9, 0)
NAMES = [f"logtap_L{level}K{keyword}" for keyword in (1, 2) for level in range(1, 6)]


def tracepoints(provider="logtap"):
    """As a recording describes them: a sample's id is its tracepoint's number."""
    return [Event(name.replace("logtap", provider), 1000 + index, ids=(1000 + index,)) for index, name in enumerate(NAMES)]


class Recording(Case):
    def setUp(self):
        super().setUp()
        self.writer, self.events = Writer(), tracepoints()

    def sample(self, number, text=None, which=8, **keywords):
        text = f"event {number}" if text is None else text
        return self.writer.sample(self.events[which], message_event("stderr", text), time=number, **keywords)

    def samples(self, first, count):
        return b"".join(self.sample(number) for number in range(first, first + count))

    def head(self, provider="logtap", clock=WALL):
        return self.writer.pipe(tracepoints(provider), b"", clock)


class Shared(Recording):
    def forged(self):
        """Records that would hide up to 64 KB of what comes behind them, or change what it means."""
        writer = self.writer
        other = Event("forged_L4K2", 1008, ids=(1008,))
        for size in (64, 3008, 65528):
            for kind in (perfdata.LOST, perfdata.COMM, perfdata.FORK, perfdata.EXIT, perfdata.LOST_SAMPLES, 65):
                yield f"{kind} of {size}", writer.record(kind, bytes(32), size=size)
            # By a number that nobody has; by a length that isn't its own.
            yield f"sample of {size}", writer.record(perfdata.SAMPLE, bytes(56), size=size)
            for kind in (1, 5, perfdata.MMAP2, 11, 12, 21, 31):
                yield f"kernel's {kind} of {size}", writer.record(kind, bytes(32), size=size)
            for kind in (perfdata.ATTR, 67, 69, 70, 72, 79, perfdata.FEATURE, perfdata.COMPRESSED, perfdata.COMPRESSED2, 84, 95):
                yield f"perf's {kind} of {size}", writer.record(kind, bytes(32), size=size)
            yield f"AUXTRACE and {size}", writer.record(perfdata.AUXTRACE, struct.pack("<Q", size) + bytes(32))
            yield f"TRACING_DATA of {size}", writer.pack("IHHI", perfdata.TRACING_DATA, 0, 12, size) + b"\x17\x08\x44tracing0.6\0"
            # A head that isn't one, with such records.
            head = b"PERFILE2" + struct.pack("<Q", 16)
            yield f"head and AUXTRACE and {size}", head + writer.record(perfdata.AUXTRACE, struct.pack("<Q", size) + bytes(32))
            yield f"head and FEATURE of {size}", head + writer.record(perfdata.FEATURE, bytes(32), size=size)
            yield f"head and TRACING_DATA of {size}", head + writer.pack(
                "IHHI", perfdata.TRACING_DATA, 0, 12, size) + b"\x17\x08\x44tracing0.6\0"
        yield "all names", writer.tracing_record([other])
        yield "a round", writer.record(perfdata.FINISHED_ROUND, b"")
        yield "a clock", writer.feature(29, writer.clock_data(10**18, 10**9))
        yield "an attr", writer.attr_record(Event(number=1000, sample_type=perfdata.RAW, ids=(1008,)))
        yield "a name", writer.record(perfdata.EVENT_UPDATE, struct.pack("<QQ", 2, 1008) + b"forged_L4K2\0\0\0\0\0")

    def test_forged_records_hide_nothing(self):
        before, behind = self.samples(0, 30), self.samples(30, 500)
        expected = [f"event {number}" for number in range(530)]
        for name, forged in self.forged():
            # Odd ones as well: whoever wrote them doesn't care where the next writer's begins.
            for junk in (b"", b"xyz12"):
                with self.subTest(forged=name, junk=junk):
                    path = self.write("forged", self.head() + before + forged + junk + behind)
                    done = view("--output=json", path)
                    self.assertEqual(messages(done.stdout), expected)
                    self.assertEqual({event["provider"] for event in objects(done.stdout)}, {"logtap"})
                    self.assertEqual({event["time"][:16] for event in objects(done.stdout)}, {"2026-11-21T18:50"})
                    self.assertEqual(done.status, 1)
                    self.assertRegex(done.stderr.decode(), r"record|damaged")

    def test_a_refused_record_is_said_in_one_line(self):
        forged = self.writer.record(perfdata.AUXTRACE, struct.pack("<Q", 3008) + bytes(32))
        head = self.head()
        done = view(self.write("forged", head + self.samples(0, 9) + forged + self.samples(9, 50)))
        self.assertEqual(done.stdout.count(b"\n"), 59)
        self.assertEqual(done.status, 1)
        self.assert_one_line(done.stderr, "1 record", f"at byte {len(head + self.samples(0, 9))}", "hide")

    def test_through_a_pipe_and_growing(self):
        forged = self.writer.record(65, bytes(32), size=65528)
        content = self.head() + self.samples(0, 5) + forged + self.samples(5, 900)
        done = view("--output=json", "-", stdin=content)
        self.assertEqual(messages(done.stdout), [f"event {number}" for number in range(905)])
        self.assertEqual(done.status, 1)

    def test_the_end_is_not_hidden(self):
        """A length beyond the end of the file, of any record."""
        for kind in (perfdata.SAMPLE, perfdata.COMM, 65, perfdata.AUXTRACE):
            forged = self.writer.record(kind, bytes(24), size=65528)
            done = view("--output=json", self.write("forged", self.head() + self.samples(0, 5) + forged + self.samples(5, 9)))
            self.assertEqual(messages(done.stdout), [f"event {number}" for number in range(14)])
            self.assertEqual(done.status, 1)

    def test_what_writers_write_is_not_refused(self):
        """Names, threads, losses, paddings of any size, another FINISHED_INIT."""
        writer, event = self.writer, self.events[0]
        records = b""
        for number in range(50):
            records += self.sample(number, pid=number, tid=number)
            records += writer.comm(event, number, number, "n" * (number % 16), number)
            records += writer.fork(event, number + 1, number, number + 1, number, number)
            records += writer.record(65, bytes(8 * number * 20)) + writer.record(82, b"")
        done = view("--output=json", self.write("good", self.head() + records))
        self.assertEqual((len(objects(done.stdout)), done.status, done.stderr), (50, 0, b""))

    def test_a_logged_recording_is_a_message(self):
        """Somebody runs `cat logtap.data >&2` under record: bytes of records, in one."""
        inner = self.head() + self.samples(0, 60)
        texts = [inner[at:at + 3900] for at in range(0, len(inner), 3900)]
        records = b"".join(self.sample(number, text) for number, text in enumerate(texts))
        done = view("--output=cat", self.write("logged", self.head() + records))
        self.assertEqual((done.status, done.stderr), (0, b""))
        self.assertEqual(done.stdout, b"".join(text + b"\n" for text in texts))

    def test_perf_may_write_more(self):
        """The same records in a stream of perf's, which has one writer."""
        event = Event()
        records = self.writer.sample(event, message_event("stderr", "one"), time=1)
        records += self.writer.record(perfdata.AUXTRACE, struct.pack("<Q", 16) + bytes(32)) + bytes(16)
        records += self.writer.record(perfdata.FINISHED_ROUND, b"")
        records += self.writer.sample(event, message_event("stderr", "two"), time=2)
        self.assertEqual([item["fields"]["message"] for item in self.shown(self.writer.pipe([event], records))], ["one", "two"])


class Truncated(Recording):
    """logrotate's copytruncate, or `> logtap.data`, under writers that go on."""

    def check(self, content, count, *words, named=False, pipe=False):
        path = self.write("truncated", content)
        done = view("--output=json", "-", stdin=content) if pipe else view("--output=json", path)
        self.assertEqual(messages(done.stdout), [f"event {number}" for number in range(count)])
        self.assertEqual(["provider" in event for event in objects(done.stdout)], [named] * count)
        if words:
            self.assertEqual(done.status, 1)
            self.assert_one_line(done.stderr, "truncated", *words)
        else:
            self.assertEqual((done.status, done.stderr), (0, b""))

    def test_no_head(self):
        for first in (b"", self.writer.comm(self.events[0], 1, 1, "prog", 1), self.writer.fork(self.events[0], 2, 1, 2, 1, 1)):
            for pipe in (False, True):
                self.check(first + self.samples(0, 300), 300, "head is missing", pipe=pipe)

    def test_a_hole(self):
        for hole in (1, 8, 100, 4096, 70_000, 3_000_000):
            for pipe in (False, True):
                with self.subTest(hole=hole, pipe=pipe):
                    self.check(bytes(hole) + self.samples(0, 300), 300, "head is missing", pipe=pipe)

    def test_a_hole_that_is_sparse(self):
        """A terabyte of nothing, which the file system doesn't even store."""
        path = os.path.join(self.folder, "sparse")
        with open(path, "wb") as file:
            file.truncate(1 << 40)
            file.seek(1 << 40)
            file.write(self.samples(0, 20))
            file.flush()
            if os.lseek(file.fileno(), 0, os.SEEK_DATA) == 0:
                self.skipTest("the file system doesn't tell where the holes are")
        done = view("--output=json", path)
        self.assertEqual(len(messages(done.stdout)), 20)
        self.assertEqual(done.status, 1)
        with open(path, "wb") as file:
            file.truncate(1 << 40)
        done = view(path)
        self.assertEqual((done.status, done.stdout), (1, b""))
        self.assert_one_line(done.stderr, "no recording")

    def test_writers_begin_anew(self):
        self.check(self.head() + self.samples(0, 40), 40, named=True)
        self.check(bytes(5000) + self.head() + self.samples(0, 40), 40, "5000 bytes are empty", named=True)

    def test_a_head_among_the_records(self):
        """One writer was faster than the one that wrote the head; or several wrote one."""
        head = self.head()
        self.check(self.samples(0, 5) + head + self.samples(5, 40), 45, "head is missing", named=True)
        done = view(self.write("behind", self.samples(0, 5) + head))
        self.assertNotIn(b"not known", done.stderr)
        self.check(head + self.samples(0, 5) + head + self.samples(5, 5) + head + head + self.samples(10, 5), 15, named=True)

    def test_losses_have_the_cause_that_writers_have(self):
        """No ring was too small: there is none."""
        lost = self.writer.record(perfdata.LOST_SAMPLES, self.writer.pack("Q", 7) + self.writer.tail(self.events[0], 1, 1, 1))
        done = view(self.write("lost", self.head() + self.samples(0, 5) + lost))
        self.assertEqual(done.status, 0)
        self.assert_one_line(done.stderr, "at least 7 events were lost", "full disk", "limit")
        self.assertNotIn(b"perf record", done.stderr)

    def test_the_clock_is_the_first_heads(self):
        other = self.head(clock=(WALL[0] + 10**15, 0))
        done = view("--output=json", self.write("two", self.head() + self.samples(0, 5) + other + self.samples(5, 5)))
        self.assertEqual({event["time"][:16] for event in objects(done.stdout)}, {"2026-11-21T18:50"})

    def test_names_are_the_first_heads(self):
        other = self.head("other")
        self.check(self.head() + self.samples(0, 5) + other + self.samples(5, 5), 10, named=True)
        done = view("--output=json", self.write("two", self.head() + self.samples(0, 5) + other + self.samples(5, 5)))
        self.assertEqual({event["provider"] for event in objects(done.stdout)}, {"logtap"})

    def test_a_copy_of_several_heads(self):
        content = self.head() + self.samples(0, 5) + self.head() + self.samples(5, 5)
        copy = view("--output=perf", self.write("two", content)).stdout
        self.assertEqual(copy.count(b"PERFILE2"), 1)
        self.check(copy, 10, named=True)

    def test_the_beginning_is_cut_off(self):
        """tail -c: the first record isn't whole."""
        done = view("--output=json", self.write("tail", self.samples(0, 100)[30:]))
        self.assertEqual(messages(done.stdout), [f"event {number}" for number in range(1, 100)])
        self.assertEqual(done.status, 1)

    def test_what_is_no_recording(self):
        """Zeros, text and numbers are refused, and quickly, not searched for records."""
        generator = __import__("random").Random(1)
        for content in (bytes(100_000), bytes(10) + b"text " * 1000, generator.randbytes(300_000),
                        self.writer.record(perfdata.SAMPLE, bytes(64)) * 100,
                        b"".join(self.writer.record(9, struct.pack("<QQ", 999, 0)) for _ in range(99))):
            done = view(self.write("foreign", content))
            self.assertEqual((done.status, done.stdout), (1, b""))
            self.assert_one_line(done.stderr, "no recording")


class Lost(Recording):
    """Losses that the writers count in the recording itself."""

    def lost_samples(self, count):
        return self.writer.record(perfdata.LOST_SAMPLES, struct.pack("<Q", count) +
                                  self.writer.tail(self.events[0], 1, 1, 9))

    def test_counted(self):
        lost = self.writer.lost
        for records, count in ((lost(self.events[0], 3) + lost(self.events[1], 4), 7), (self.lost_samples(12), 12),
                               (self.lost_samples(5) + self.lost_samples(6), 11)):
            path = self.write("lost", self.head() + self.samples(0, 3) + records + self.samples(3, 3))
            for options in ([], ["--output=json"], ["--output=cat"]):
                done = view(*options, path)
                self.assertEqual((done.status, done.stdout.count(b"\n")), (0, 6))
                self.assert_one_line(done.stderr, f"{count} events were lost")
            done = view("--stats", path)
            self.assertIn(f" at least {count} lost".encode(), done.stdout)
            self.assertEqual((done.status, done.stderr), (0, b""))

    def test_the_copy_has_them(self):
        path = self.write("lost", self.head() + self.samples(0, 3) + self.writer.lost(self.events[0], 8))
        copy = self.write("copy", view("--output=perf", path).stdout)
        self.assertIn(b"8 lost", view("--stats", copy).stdout)


class Empty(Recording):
    """A recording of a program that logged nothing, or could not be captured."""

    def test_no_entries(self):
        for records in (b"", self.writer.comm(self.events[0], 1, 1, "prog", 1)):
            path = self.write("empty", self.head() + records)
            for options, shown in (([], b"-- No entries --\n"), (["--output=json"], b""), (["--output=cat"], b""),
                                   (["--level=err"], b"-- No entries --\n")):
                done = view(*options, path)
                self.assertEqual((done.status, done.stdout), (0, shown))
                self.assert_one_line(done.stderr, "logtap doctor")

    def test_only_when_there_are_none(self):
        """Events that the filters leave out are no reason to doubt the recording."""
        done = view("--level=crit", self.write("some", self.head() + self.samples(0, 3)))
        self.assertEqual((done.status, done.stdout, done.stderr), (0, b"", b""))


if __name__ == "__main__":
    main()
