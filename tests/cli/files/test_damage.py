# SPDX-License-Identifier: MIT
"""Order, and damage: what is good is shown in order of time, what isn't is reported."""
import random
import shutil
import struct
import subprocess
import unittest

import perfdata
from perfdata import CPU, IDENTIFIER, PAGE, RAW, TID, TIME, Event, Writer, message_event
from support import Case, main, messages, objects, view

LAYOUT = IDENTIFIER | TID | TIME | CPU | RAW


def perf():
    """A perf that reads recordings, or None."""
    return shutil.which("perf")


class Order(Case):
    def test_rounds(self):
        """perf stores one CPU after the other; a round's end tells how far to sort."""
        writer, event = Writer(), Event()
        expected, records, time = [], b"", 0
        for _ in range(20):
            chunks = [[], [], [], []]
            for _ in range(400):
                time += 3
                chunks[random.randrange(4)].append(time)
                expected.append(time)
            # What a CPU wrote while the others were being read comes one round late.
            late = [chunk.pop() for chunk in chunks[1:] if chunk and random.random() < 0.5]
            for cpu, chunk in enumerate(chunks):
                records += b"".join(writer.sample(event, message_event("stderr", str(at)), time=at, cpu=cpu)
                                    for at in chunk)
            records += writer.record(perfdata.FINISHED_ROUND, b"")
            records += b"".join(writer.sample(event, message_event("stderr", str(at)), time=at, cpu=9)
                                for at in sorted(late))
        shown = self.shown(writer.file([event], records))
        self.assertEqual([int(item["fields"]["message"]) for item in shown], expected)

    def test_many_writers_without_rounds(self):
        """A recording: records of many threads, nearly in order, and more than fit the window."""
        writer, event = Writer(), Event()
        generator = random.Random(4711)
        items = [(time, tid) for time in range(0, 400_000, 4) for tid in (generator.randrange(50),)]
        placed = sorted(items, key=lambda item: item[0] + generator.random() * 2000)
        # Threads themselves append in order.
        queues = {}
        for time, tid in items:
            queues.setdefault(tid, []).append(time)
        records = []
        for _, tid in placed:
            time = queues[tid].pop(0)
            records.append(writer.sample(event, message_event("stderr", f"{time} " + "x" * 900), time=time, tid=tid))
        shown = self.shown(writer.pipe([event], b"".join(records)))
        self.assertEqual([int(item["fields"]["message"].split()[0]) for item in shown],
                         [time for time, _ in items])

    def test_equal_times_stay_in_the_order_of_the_file(self):
        writer, event = Writer(), Event()
        records = b"".join(writer.sample(event, message_event("stderr", str(index)), time=index * 7919 % 11)
                           for index in range(5000))
        shown = [int(text) for text in messages(view("--output=json", self.write(
            "trace", writer.pipe([event], records))).stdout)]
        self.assertEqual(shown, sorted(range(5000), key=lambda index: (index * 7919 % 11, index)))


class Recording:
    """A recording with writers that get killed: their records end at a page of the file."""

    def __init__(self, seed, sizes):
        self.generator = random.Random(seed)
        self.writer, self.event, self.sizes = Writer(), Event(), sizes
        self.content = bytearray(self.writer.pipe([self.event], b"", (10**18, 0)))
        self.content += self.writer.comm(self.event, 1, 1, "prog")
        self.whole, self.cuts, self.cut_bytes, self.time = [], 0, 0, 0

    def sample(self):
        self.time += 10
        text = f"{self.time} " + "x" * self.generator.choice(self.sizes)
        return text, self.writer.sample(self.event, message_event("stderr", text), time=self.time,
                                        tid=self.generator.randrange(9))

    def append(self):
        text, record = self.sample()
        self.whole.append(text)
        self.content += record

    def cut(self):
        """A record that runs over a page's end, up to there. False when this one doesn't."""
        _, record = self.sample()
        first = -len(self.content) % PAGE
        ends = [at for at in range(first or PAGE, len(record), PAGE)]
        if not ends:
            return False
        end = self.generator.choice(ends)
        self.content += record[:end]
        self.cuts += 1
        self.cut_bytes += end
        # Whatever comes behind it.
        follower = self.generator.randrange(3)
        if follower == 0:
            self.content += self.writer.fork(self.event, 70, 1, 70, 1, self.time)
        elif follower == 1:
            self.content += self.writer.comm(self.event, 70, 70, "follower", self.time)
        return True


class Killed(Case):
    SIZES = ([10, 60, 100, 3900], [3000, 3500, 3900], [20000, 60000, 100], [96])

    def make(self, seed, sizes):
        recording = Recording(seed, sizes)
        for _ in range(300):
            recording.append()
            # Now and then several are killed at once.
            while recording.generator.random() < 0.2 and recording.cut():
                pass
        recording.append()
        return recording

    def test_every_other_event_is_shown(self):
        for seed in range(40):
            sizes = self.SIZES[seed % len(self.SIZES)]
            recording = self.make(seed, sizes)
            path = self.write("killed", recording.content)
            with self.subTest(seed=seed):
                self.assertGreater(recording.cuts, 0)
                done = view("--output=json", path)
                self.assertEqual(messages(done.stdout), recording.whole)
                self.assertEqual(done.status, 1)
                self.assert_one_line(done.stderr, f"{recording.cuts} record", f"{recording.cut_bytes} bytes")

    def test_through_a_pipe(self):
        recording = self.make(3, self.SIZES[0])
        done = view("--output=json", "-", stdin=bytes(recording.content))
        self.assertEqual(messages(done.stdout), recording.whole)
        self.assertEqual(done.status, 1)

    def test_a_cut_record_is_the_last(self):
        recording = Recording(1, [3000])
        for _ in range(10):
            recording.append()
        self.assertTrue(recording.cut())
        done = view("--output=json", self.write("killed", recording.content))
        self.assertEqual(messages(done.stdout), recording.whole)
        self.assertEqual(done.status, 1)
        self.assert_one_line(done.stderr, "cut off")

    def test_behind_a_cut_record_of_a_writer_nothing_is_whole(self):
        """The last writer's record is not all there yet, behind a cut one: both are reported."""
        recording = Recording(5, [3000])
        for _ in range(9):
            recording.append()
        while not recording.cut():
            recording.append()
        recording.content += recording.sample()[1][:700]
        done = view("--output=json", self.write("killed", recording.content))
        self.assertEqual(messages(done.stdout), recording.whole)
        self.assertEqual(done.status, 1)
        self.assertIn(b"1 record cut", done.stderr)
        self.assertIn(b"cut off", done.stderr)

    def test_a_message_that_looks_like_a_recording(self):
        """Somebody logs a recording's bytes: they are a message, wherever pages end in it."""
        inner = Recording(2, [60])
        for _ in range(30):
            inner.append()
        writer, event = Writer(), Event()
        other = bytes(inner.content).replace(struct.pack("<Q", 7), struct.pack("<Q", 8))
        texts = [other[at:at + 3500] for at in range(0, len(other), 700)]
        records = b"".join(writer.sample(event, message_event("stderr", text), time=index)
                           for index, text in enumerate(texts))
        done = view("--output=cat", self.write("trace", writer.pipe([event], records)))
        self.assertEqual((done.status, done.stderr), (0, b""))
        self.assertEqual(done.stdout, b"".join(text + b"\n" for text in texts))

    @unittest.skipUnless(perf(), "no perf here (linux-perf)")
    def test_a_clean_copy_for_perf(self):
        recording = self.make(2, self.SIZES[2])
        path = self.write("killed", recording.content)
        done = view("--output=perf", path)
        self.assertEqual(done.status, 1)
        self.assert_one_line(done.stderr, f"{recording.cuts} record")
        clean = self.write("clean", done.stdout)
        again = view("--output=json", clean)
        self.assertEqual((again.status, again.stderr), (0, b""))
        self.assertEqual(messages(again.stdout), recording.whole)
        self.assertEqual(again.stdout, view("--output=json", path).stdout)
        script = subprocess.run([perf(), "script", "-i", clean, "-F", "comm,tid,time,event"],
                                capture_output=True, check=False)
        self.assertEqual(script.returncode, 0, script.stderr)
        self.assertEqual(len(script.stdout.splitlines()), len(recording.whole))
        self.assertEqual(script.stderr, b"")


class Damage(Case):
    def make(self, order="<", form="pipe"):
        writer, event = Writer(order), Event(sample_type=LAYOUT)
        samples = [writer.sample(event, message_event("stderr", f"message {index}"), time=index)
                   for index in range(100)]
        return writer, event, samples

    def check(self, records, missing, form="pipe"):
        writer, event, _ = self.make()
        done = view("--output=json", self.write("damaged", getattr(writer, form)([event], records)))
        self.assertEqual(messages(done.stdout), [f"message {index}" for index in range(100) if index not in missing])
        self.assertEqual(done.status, 1)
        self.assert_one_line(done.stderr)
        return done

    def test_garbage_between_records(self):
        _, _, samples = self.make()
        generator = random.Random(1)
        for form in ("pipe", "file"):
            for garbage in (bytes(1000), b"\xff" * 77, b"text " * 100, generator.randbytes(3001), b"\0"):
                with self.subTest(form=form, garbage=garbage[:5]):
                    records = b"".join(samples[:50]) + garbage + b"".join(samples[50:])
                    done = self.check(records, (), form)
                    self.assertIn(f"{len(garbage)} bytes".encode(), done.stderr)

    def test_a_record_overwritten(self):
        _, _, samples = self.make()
        for noise in (b"\0", b"\xff", b"A"):
            samples[30] = noise * len(samples[30])
            self.check(b"".join(samples), (30,))

    def test_a_size_overwritten(self):
        _, _, samples = self.make()
        for size in (0, 4, 7, 65535, 65528):
            broken = bytearray(samples[30])
            broken[6:8] = struct.pack("<H", size)
            with self.subTest(size=size):
                done = view("--output=json", self.write("damaged", Writer().pipe(
                    [Event()], b"".join(samples[:30]) + broken + b"".join(samples[31:]))))
                shown = messages(done.stdout)
                self.assertEqual(shown[:30], [f"message {index}" for index in range(30)])
                self.assertEqual(done.status, 1)
                if size < 8:
                    self.assertEqual(shown[30:], [f"message {index}" for index in range(31, 100)])

    def test_damage_that_claims_data_behind_it(self):
        """Records that say how much follows them must not hide what follows."""
        writer, _, samples = self.make()
        for claim in (writer.pack("IHHI", perfdata.TRACING_DATA, 0, 12, 1 << 27),
                      writer.pack("IHHI", perfdata.TRACING_DATA, 0, 12, 2000),
                      writer.pack("IHHIIQ", perfdata.AUXTRACE, 0, 24, 1 << 30, 0, 0)):
            with self.subTest(claim=claim):
                self.check(b"".join(samples[:50]) + claim + b"".join(samples[50:]), ())

    def test_an_id_that_nobody_has(self):
        writer, _, samples = self.make()
        samples[40] = writer.sample(Event(ids=(99,)), message_event("stderr", "x"))
        self.check(b"".join(samples), (40,))

    def test_lengths_that_lie(self):
        """The RAW size, and the lengths inside the event."""
        writer, event, samples = self.make()
        at = 8 + 8 + 8 + 8 + 8
        for size in (0xffffffff, 0x10000, 4000):
            broken = bytearray(samples[10])
            broken[at:at + 4] = struct.pack("<I", size)
            records = b"".join(samples[:10]) + broken + b"".join(samples[11:])
            done = view("--output=json", self.write("damaged", writer.pipe([event], records)))
            self.assertEqual(messages(done.stdout), [f"message {index}" for index in range(100) if index != 10])
            self.assertEqual(done.status, 1)
            self.assert_one_line(done.stderr, "1 record contradicts itself")

    def test_dat(self):
        def record(index):
            body = b"logtap_L4K2\0" + message_event("stderr", f"message {index}")
            return struct.pack("<I", 4 + len(body)) + body

        records = [record(index) for index in range(20)]
        for size in (0, 3, 0x7fffffff):
            with self.subTest(size=size):
                done = view("--output=json", self.write("x.dat", b"".join(records[:9]) + struct.pack("<I", size) +
                                                        b"".join(records[9:])))
                self.assertEqual(messages(done.stdout), [f"message {index}" for index in range(9)])
                self.assertEqual(done.status, 1)
                self.assert_one_line(done.stderr, "damaged")
        for cut in range(1, len(records[-1])):
            done = view("--output=json", self.write("x.dat", b"".join(records)[:-cut]))
            self.assertEqual(len(objects(done.stdout)), 19)
            self.assertEqual(done.status, 1)
            self.assert_one_line(done.stderr, "cut off")


if __name__ == "__main__":
    main()
