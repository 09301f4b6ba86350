# SPDX-License-Identifier: MIT
"""Files of a megabyte that were made to keep a reader busy: each is read in five seconds of the
processor and 256 MiB, or what is beyond is refused in one line. One test per way that a few bytes can
ask for much."""
import resource
import struct
import subprocess
import sys

import perfdata
from perfdata import IDENTIFIER, RAW, TID, TIME, Event, Writer, message_event
from support import ENVIRONMENT, LOGTAP, SANITIZED, TIMEOUT, Case, main
from test_forms import compress

SIZE = 1_000_000
# Sanitizers look at each access and not at the cost: a fifth of the repetitions shows them the same.
REPEATED = SIZE // 5 if SANITIZED else SIZE
SECONDS, MEMORY = 5, 256 << 10  # KiB
VIEWS = ([], ["--output=json"], ["--grep=x.*[yz]"], ["--grep=(a|x)*b{2,3}", "--level=debug"], ["--stats"],
         ["--fields=message,ident,nothing"], ["--output=cat"])


def event(meta, payload=b"", level=4):
    return bytes([7, 0, 0, 0, 0, 0, 0, level]) + struct.pack("<HH", len(meta), 1) + meta + payload


def measure(path, options):
    """The status, stderr, and what it took, of a process that nothing of ours counts for."""
    script = ("import resource, subprocess, sys; "
              "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE); "
              "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
              "sys.stderr.buffer.write(done.stderr); "
              "print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss)")
    done = subprocess.run([sys.executable, "-c", script, LOGTAP, "view", "--no-pager", *options, path], check=True,
                          capture_output=True, env=ENVIRONMENT, timeout=TIMEOUT)
    status, seconds, memory = done.stdout.split()
    return int(status), done.stderr, float(seconds), int(memory)


class Hostile(Case):
    def setUp(self):
        super().setUp()
        self.writer, self.event = Writer(), Event()

    def check(self, content, views=VIEWS):
        path = self.write("hostile", content)
        self.assertLess(len(content), SIZE * 1.1)
        for options in views:
            with self.subTest(options=options):
                status, stderr, seconds, memory = measure(path, options)
                self.assertIn(status, (0, 1), stderr)
                # What is refused, damaged or lost: a line each, and no more than there are kinds.
                self.assertRegex(stderr.decode(), r"\A(logtap view: [^\n]+\n){0,5}\Z")
                self.assertEqual(bool(stderr), status == 1 or b"lost" in stderr or b"--fields" in stderr
                                 or b"no tracepoint" in stderr)
                if not SANITIZED:
                    self.assertLess(seconds, SECONDS, f"{options}: {stderr}")
                    self.assertLess(memory, MEMORY, f"{options}: {stderr}")

    def filled(self, *records, events=None):
        """A stream of these records over and over."""
        head = self.writer.pipe(events or [self.event], b"")
        block = b"".join(records)
        return head + block * max(1, (REPEATED - len(head)) // len(block))

    def samples(self, *payloads, which=None, **keywords):
        return [self.writer.sample(which or self.event, payload, time=5, **keywords) for payload in payloads]

    # ---- tables -------------------------------------------------------------------------------------

    @staticmethod
    def colliding(count):
        """Numbers that a multiplication by the golden ratio puts on one place, or on neighbours."""
        inverse = pow(0x9e3779b97f4a7c15, -1, 1 << 64)
        return [index * inverse & (1 << 64) - 1 for index in range(1, count + 1)]

    def test_ids_that_collide(self):
        for ids in (self.colliding(110_000), [index << 47 for index in range(110_000)], [index << 32 for index in range(110_000)]):
            out = b"PERFILE2" + struct.pack("<Q", 16)
            for at in range(0, len(ids), 8000):
                out += self.writer.attr_record(Event(ids=ids[at:at + 8000]))
            self.check(out, ([],))

    def test_ids_that_all_events_share(self):
        """Each event of a seekable file points to the same ids."""
        ids = self.colliding(60_000)
        entry = self.writer.attr(Event(attr_size=64)) + struct.pack("<QQ", 104 + 80 * 6000, 8 * len(ids))
        head = b"PERFILE2" + struct.pack("<QQQQQQQQ", 104, 80, 104, 80 * 6000, 104 + 80 * 6000 + 8 * len(ids), 8, 0, 0)
        self.check(head + bytes(104 - len(head)) + entry * 6000 + struct.pack(f"<{len(ids)}Q", *ids) +
                   struct.pack("<IHH", 82, 0, 8), ([],))

    def test_many_threads(self):
        tids = {number >> 32 for number in self.colliding(40_000)} | {index << 13 & 0xffffffff for index in range(40_000)}
        self.check(self.writer.pipe([self.event], b"".join(
            self.writer.record(perfdata.COMM, struct.pack("<II", tid, tid) + b"name\0\0\0\0") for tid in list(tids)[:40_000])), ([],))

    def test_tracepoints_backwards(self):
        text = "name: n\nID: {}\nformat:\n"
        events = [Event("n", number, text=text.format(number)) for number in range(28_000, 1, -1)]
        data = self.writer.tracing(events)
        self.check(b"PERFILE2" + struct.pack("<Q", 16) + self.writer.attr_record(self.event) +
                   self.writer.pack("IHHI", 66, 0, 12, len(data)) + data, ([],))

    def test_more_kinds_than_are_remembered(self):
        """Of --stats, and of metadata: none comes twice in a row."""
        payloads = [event(b"e%04d\0message\0\x0a" % index, b"\2\0xy") for index in range(6000)]
        self.check(self.filled(*self.samples(*payloads)))
        wide = [event(b"%d\0" % index + b"\0\x02" * 1900, bytes(1900)) for index in range(130)]
        self.check(self.filled(*self.samples(*wide)))

    def test_messages_that_never_end(self):
        parts = [message_event("stderr.part", "x", part=0, last=0, message_id=ident) for ident in self.colliding(6000)]
        self.check(self.filled(*self.samples(*parts)))
        self.check(self.filled(*self.samples(*(message_event("p" * 500 + ".part", "", part=0, last=0, message_id=index)
                                               for index in range(1200)))))

    # ---- a little that says much --------------------------------------------------------------------

    def test_arrays_of_structs(self):
        """Each element of one byte has its long name gone through and written again."""
        for name, count in ((b"\x01" * 2040, 2040), (b"x" * 2040, 2040), (b"x" * 60000, 1000), (b"x", 4000), (b"", 30000)):
            meta = b"e\0a\0" + bytes([0x40 | 1 | 0x80, 1]) + name + b"\0\x02"
            content = self.filled(*self.samples(event(meta, struct.pack("<H", count) + bytes(count))))
            self.check(content)
            if count == 2040:
                self.check(content, (["--output=verbose"], ["--output=csv"]))

    def test_structs_in_structs(self):
        """Arrays of none in arrays: fields that are passed over take no payload."""
        inner = b"".join(b"s\0" + bytes([0x40 | 1 | 0x80, 1]) for _ in range(20)) + b"x\0\x02"
        meta = b"e\0a\0" + bytes([0x40 | 1 | 0x80, 20]) + (b"e\0" + bytes([0x40 | 1 | 0x80, 30]) + b"\0\x02" * 30) * 20 + inner
        self.check(self.filled(*self.samples(event(meta, struct.pack("<H", 100) + bytes(4000)))))
        deep = b"e\0" + b"s\0\x81\x01" * 31 + b"a\0\xc1\x01" + b"\0\x02"
        self.check(self.filled(*self.samples(event(deep, struct.pack("<H", 3000) + bytes(3000)))))
        for name in (b"stderr.part", b"stderr"):
            part = name + b"\0a\0" + bytes([0x40 | 1 | 0x80, 1]) + b"n" * 2000 + b"\0\x02message_id\0\x05part\0\x04last\0\x82\x07message\0\x0a"
            payload = struct.pack("<H", 2000) + bytes(2000) + struct.pack("<QIBH", 1, 0, 0, 0)
            self.check(self.filled(*self.samples(event(part, payload))))

    def test_large_arrays_and_escapes(self):
        for encoding, size in ((2, 1), (7, 1), (10, 2)):
            count = 60000 // size
            self.check(self.filled(*self.samples(event(b"e\0a\0" + bytes([encoding | 0x40]), struct.pack("<H", count) + bytes(60000)))))
        self.check(self.filled(*self.samples(message_event("stderr", b"\x01" * 60000))))
        self.check(self.filled(*self.samples(message_event("stderr", b"\xff\x9b" * 30000))))

    def test_texts_that_nearly_match(self):
        """One long line, and many: each place of it could be a match's beginning."""
        for text in (b"x" * 60000, b"xa" * 30000, b"\0x" * 30000, b"\xffx" * 30000, b"x" * 300):
            self.check(self.filled(*self.samples(message_event("stderr", text))))
        pieces = [message_event("stderr.part", b"x" * 60000, part=part, last=part == 15, message_id=1) for part in range(16)]
        self.check(self.writer.pipe([self.event], b"".join(self.samples(*pieces))))

    FIELD = "\tfield:{} {};\toffset:{};\tsize:{};\tsigned:0;\n"

    def kernel(self, fields, name="thing"):
        common = "".join(self.FIELD.format("unsigned char", f"common_{index}", index, 1) for index in range(8))
        return Event(name, 1002, text=f"name: {name}\nID: 1002\nformat:\n{common}\n{fields}\nprint fmt: \"\"\n")

    def test_kernel_fields(self):
        same = "".join(self.FIELD.format("char", f"f{index}[64]", 8, 64) for index in range(500))
        dynamic = "".join(self.FIELD.format("__data_loc char[]", f"f{index}", 8 + 4 * index, 4) for index in range(500))
        names = "".join(self.FIELD.format("char", f"{'n' * 900}{index}", 8 + index, 1) for index in range(400))
        empty = "".join(self.FIELD.format("char", f"f{index}[]", 8, 0) for index in range(500))
        for fields, raw in ((same, bytes(64)), (same, b"\x01" * 64), (dynamic, struct.pack("<I", 3000 << 16 | 8) * 1000),
                            (names, bytes(400)), (empty, bytes(24))):
            thing = self.kernel(fields)
            self.check(self.filled(*self.samples(raw, which=thing), events=[thing]))

    def test_names_of_tracepoints(self):
        for name, system in (("n" * 300_000, "s"), ("n", "s" * 300_000), ("\x01" * 300_000, "\x01"), ("n" * 500 + "_L4K2", "s" * 500)):
            thing = Event(name, 1000)
            head = self.writer.attr_record(thing) + self.writer.tracing_record([thing], system)
            block = self.writer.sample(thing, message_event("e", "m"), time=1)
            self.check(b"PERFILE2" + struct.pack("<Q", 16) + head + block * ((SIZE - len(head)) // len(block)))

    # ---- order --------------------------------------------------------------------------------------

    def test_rounds_of_one(self):
        """Each round's record is older than all before it."""
        layout = Event(sample_type=IDENTIFIER | TIME | RAW)
        round_ = self.writer.record(perfdata.FINISHED_ROUND, b"")
        for step in (1, -1):
            times = range(16_000)[::step]
            self.check(self.writer.pipe([layout], b"".join(
                self.writer.sample(layout, b"", time=1000 + time) + round_ for time in times)), ([],))

    def test_no_record_is_longer_than_eight_bytes(self):
        self.check(self.filled(struct.pack("<IHH", 11, 0, 8)), ([],))
        self.check(self.filled(struct.pack("<IHH", 9, 0, 8)), ([],))
        self.check(self.filled(bytes(8)), ([],))
        self.check(struct.pack("<I", 5) + b"\0" + (struct.pack("<I", 22) + b"logtap_L4K2\0" + bytes(6)) * 40_000, ([], ["--output=json"]))

    # ---- compressed ---------------------------------------------------------------------------------

    def packed(self, block, megabytes, count=1):
        """`block` over and over, compressed, in records; and that `count` times."""
        piece = block * ((1 << 20) // len(block))
        packed = compress([piece] * (megabytes * REPEATED // SIZE))
        if packed is None:
            self.skipTest("no zstd library here")
        one = b"".join(packed)
        records = b"".join(self.writer.record(perfdata.COMPRESSED, one[at:at + 60000]) for at in range(0, len(one), 60000))
        return self.writer.pipe([self.event], records * count)

    def test_compressed(self):
        sample, = self.samples(message_event("stderr", "x" * 20))
        filler = struct.pack("<IHH", 11, 0, 65528) + bytes(65520)
        for block, megabytes in ((sample, 1000), (sample + filler * 15, 1000), (self.samples(message_event("stderr", "x" * 4000))[0], 1000),
                                 (self.samples(message_event("stderr.part", b"\x01" * 60000, part=0, last=0))[0], 500)):
            self.check(self.packed(block, megabytes), ([], ["--output=json"], ["--grep=x.*[yz]"], ["--stats"]))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
