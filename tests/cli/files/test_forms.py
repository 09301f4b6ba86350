# SPDX-License-Identifier: MIT
"""Every layout of perf.data says the same: both forms, both byte orders, every way in which a
sample finds its event, compressed records, old and new sizes of attributes."""
import ctypes
import ctypes.util
import itertools
import struct
import unittest

import perfdata
from perfdata import (ADDR, CALLCHAIN, CPU, ID, IDENTIFIER, IP, PERIOD, RAW, READ, STREAM_ID, TID, TIME,
                      Event, Writer, message_event)
from support import Case, main, messages, view

WALL = 1795287001 * 10**9  # 2026-11-21T18:50:01Z


def two_events(sample_type, **more):
    return [Event("logtap_L4K2", 1000, sample_type, ids=(7, 8), **more),
            Event("other_L2K1", 1001, sample_type, ids=(9,), **more)]


def some_records(writer, events):
    """Five samples of two tracepoints and threads, and what tells their names."""
    first, second = events[0], events[-1]
    out = writer.comm(first, 10, 10, "alpha") + writer.fork(first, 20, 10, 20, 10, 5)
    out += writer.comm(first, 20, 20, "beta", 25)
    for index in range(5):
        event = (first, second)[index % 2]
        text = message_event("stderr", f"message {index}", severity=(4, 2)[index % 2])
        out += writer.sample(event, text, pid=10 * (index % 2 + 1), tid=10 * (index % 2 + 1),
                             time=10 + 10 * index, cpu=index % 4,
                             which=index % len(event.ids) if event.ids else 0)
    return out


class Forms(Case):
    def check(self, content, two=True, when=True, process=True, cpu=True):
        events = self.shown(content)
        self.assertEqual([event["fields"]["message"] for event in events],
                         [f"message {index}" for index in range(5)])
        for index, event in enumerate(events):
            odd = index % 2
            self.assertEqual(event["provider"], "other" if odd and two else "logtap")
            self.assertEqual(event["level"], 2 if odd else 4)
            if when:
                self.assertEqual(event["time"], f"2026-11-21T18:50:01.0000000{10 * index + 10}Z")
            if process:
                self.assertEqual((event["pid"], event["tid"]), (10 * odd + 10, 10 * odd + 10))
            if cpu:
                self.assertEqual(event["cpu"], index % 4)

    def test_orders_and_layouts(self):
        layouts = [IDENTIFIER | TID | TIME | CPU | RAW, ID | TID | TIME | CPU | RAW,
                   IDENTIFIER | IP | TID | TIME | ADDR | ID | STREAM_ID | CPU | PERIOD | RAW,
                   IP | TID | TIME | ID | CPU | PERIOD | RAW,
                   IDENTIFIER | TID | TIME | CPU | CALLCHAIN | RAW]
        for order, form, layout in itertools.product("<>", ("pipe", "file"), layouts):
            with self.subTest(order=order, form=form, layout=hex(layout)):
                writer = Writer(order)
                events = two_events(layout)
                self.check(getattr(writer, form)(events, some_records(writer, events), (WALL, 0)))

    def test_read_formats(self):
        for order, read_format in itertools.product("<>", range(32)):
            with self.subTest(order=order, read_format=read_format):
                writer = Writer(order)
                events = two_events(IDENTIFIER | TID | TIME | CPU | READ | CALLCHAIN | RAW,
                                    read_format=read_format)
                self.check(writer.pipe(events, some_records(writer, events), (WALL, 0)))

    def test_one_event_without_ids(self):
        for order, form in itertools.product("<>", ("pipe", "file")):
            with self.subTest(order=order, form=form):
                writer = Writer(order)
                events = [Event(sample_type=TID | TIME | CPU | RAW, ids=())]
                self.check(getattr(writer, form)(events, some_records(writer, events), (WALL, 0)),
                           two=False)

    def test_what_a_sample_does_not_say_is_left_out(self):
        writer = Writer()
        events = two_events(IDENTIFIER | RAW)
        content = writer.pipe(events, some_records(writer, events))
        self.check(content, when=False, process=False, cpu=False)
        for event in self.shown(content):
            self.assertFalse({"time", "pid", "tid", "cpu"} & set(event))

    def test_without_clock_data_time_is_a_number(self):
        writer = Writer()
        events = two_events(IDENTIFIER | TIME | RAW)
        shown = self.shown(writer.pipe(events, some_records(writer, events)))
        self.assertEqual([event["time"] for event in shown], [1e-8, 2e-8, 3e-8, 4e-8, 5e-8])

    def test_sizes_of_attributes(self):
        for form, size in itertools.product(("pipe", "file"), (64, 72, 80, 96, 104, 112, 120, 128, 136, 200)):
            with self.subTest(form=form, size=size):
                writer = Writer()
                events = two_events(IDENTIFIER | TID | TIME | CPU | RAW, attr_size=size)
                self.check(getattr(writer, form)(events, some_records(writer, events), (WALL, 0)))

    def test_names_from_event_desc_alone(self):
        writer = Writer()
        events = two_events(IDENTIFIER | TID | TIME | CPU | RAW)
        self.check(writer.file(events, some_records(writer, events), (WALL, 0), described=False))

    def test_perf_that_was_killed_leaves_no_data_size(self):
        writer = Writer()
        events = two_events(IDENTIFIER | TID | TIME | CPU | RAW)
        records = some_records(writer, events)
        content = bytearray(writer.file(events, records))
        at = content.index(records)
        content[48:56] = bytes(8)
        done = view("--output=json", self.write("killed", content[:at + len(records)]))
        self.assertEqual(messages(done.stdout), [f"message {index}" for index in range(5)])

    def test_records_nobody_knows_are_passed_over(self):
        writer = Writer()
        events = two_events(IDENTIFIER | TID | TIME | CPU | RAW)
        strange = writer.record(25, bytes(16)) + writer.record(90, bytes(24)) + \
            writer.pack("IHHQ", perfdata.AUXTRACE, 0, 48, 1000) + bytes(32) + b"\xff" * 1000
        self.check(writer.pipe(events, strange + some_records(writer, events), (WALL, 0)))

    def test_names_of_programs(self):
        for order, form in itertools.product("<>", ("pipe", "file")):
            with self.subTest(order=order, form=form):
                writer = Writer(order)
                events = two_events(IDENTIFIER | TID | TIME | CPU | RAW)
                path = self.write("trace", getattr(writer, form)(events, some_records(writer, events)))
                done = view("--fields=program,message", path)
                # 20 is a child of 10 until it gets a name of its own, between messages 1 and 3.
                self.assertEqual(done.stdout.decode().splitlines(),
                                 ["alpha\tmessage 0", "alpha\tmessage 1", "alpha\tmessage 2", "beta\tmessage 3",
                                  "alpha\tmessage 4"])

    def test_lost_records_are_counted(self):
        writer = Writer()
        events = two_events(IDENTIFIER | TID | TIME | CPU | RAW)
        records = some_records(writer, events) + writer.lost(events[0], 40, 60) + \
            writer.lost(events[0], 2, 61)
        done = view("--stats", self.write("trace", writer.pipe(events, records)))
        self.assertIn(b"5 events", done.stdout)
        self.assertIn(b"42 lost", done.stdout)
        # The totals at the end have the same losses in them, and later ones.
        records += b"".join(writer.record(perfdata.LOST_SAMPLES, writer.pack("Q", 30) + writer.tail(event, 1, 1, 70))
                            for event in events)
        path = self.write("trace", writer.pipe(events, records))
        self.assertIn(b"60 lost", view("--stats", path).stdout)
        done = view(path)
        self.assertEqual(done.status, 0)
        self.assert_one_line(done.stderr, "60 events were lost")

    def test_stdin_as_file_and_as_pipe(self):
        writer = Writer()
        events = two_events(IDENTIFIER | TID | TIME | CPU | RAW)
        for form in ("pipe", "file"):
            content = getattr(writer, form)(events, some_records(writer, events))
            with self.subTest(form=form):
                done = view("--output=json", "-", stdin=content)
                self.assertEqual((done.status, done.stderr), (0, b""))
                self.assertEqual(messages(done.stdout), [f"message {index}" for index in range(5)])


class Kernel(Case):
    """Tracepoints that describe themselves by their format file."""

    FORMAT = perfdata.EVENTHEADER_FORMAT.split("\tfield:u8 eventheader")[0] + \
        "\tfield:char text[8];\toffset:8;\tsize:8;\tsigned:0;\n" \
        "\tfield:s32 number;\toffset:16;\tsize:4;\tsigned:1;\n" \
        "\tfield:u16 list[3];\toffset:20;\tsize:6;\tsigned:0;\n" \
        "\tfield:u8 small;\toffset:26;\tsize:1;\tsigned:0;\n" \
        "\tfield:__data_loc char[] name;\toffset:28;\tsize:4;\tsigned:0;\n" \
        "\tfield:void * where;\toffset:32;\tsize:8;\tsigned:0;\n" \
        "\tfield:u64 large;\toffset:40;\tsize:8;\tsigned:0;\n" \
        "\nprint fmt: \"%s\", REC->text\n"

    def event(self):
        return Event("thing", 1002, text=self.FORMAT.format(name="thing", id=1002))

    def payload(self, order, place):
        return b"te\x1b[31m\0" + struct.pack(order + "i3HBxIQQ", -5, 1, 2, 65535, 200, place, 0xffff8000deadbeef,
                                           2**64 - 1) + b"a\xffb\0"

    def test_values_in_both_orders(self):
        for order in "<>":
            with self.subTest(order=order):
                writer, event = Writer(order), self.event()
                content = writer.pipe([event], writer.sample(event, self.payload(order, 4 << 16 | 48)))
                shown, = self.shown(content)
                self.assertEqual((shown["provider"], shown["event"]), ("user_events", "thing"))
                self.assertEqual(shown["fields"], {
                    "text": "te\x1b[31m", "number": -5, "list": [1, 2, 65535], "small": 200,
                    "name": "a\u00ffb", "where": "0xffff8000deadbeef", "large": 2**64 - 1})

    def test_short_output_shows_no_control_character(self):
        writer, event = Writer(), self.event()
        content = writer.pipe([event], writer.sample(event, self.payload("<", 4 << 16 | 48)))
        done = view(self.write("trace", content))
        self.assertNotIn(b"\x1b", done.stdout)
        self.assertIn(b"number=-5", done.stdout)

    def test_format_lines_that_no_kernel_writes(self):
        """Such a field isn't shown; the others are."""
        writer = Writer()
        for line in ("field:;", "field:int", "field:int x", "field:int (*f)(void);\toffset:0;\tsize:4;\tsigned:0;",
                     "field:int x;\toffset:99999999999;\tsize:4;\tsigned:0;", "field:int x[;\toffset:8;\tsize:4;\tsigned:0;",
                     "field:int x[4;\toffset:8;\tsize:4;\tsigned:0;", "field:char[] [] x;\toffset:8;\tsize:4;\tsigned:0;",
                     "field:* ;\toffset:8;\tsize:4;\tsigned:0;", "field:int \"x\";\toffset:8;\tsize:4;\tsigned:0;",
                     "field:int 9x;\toffset:8;\tsize:4;\tsigned:0;", "field:int x;\toffset:8;\tsize:4;\tsigned:7;",
                     "field:" + "int " * 1000 + "x;\toffset:8;\tsize:4;\tsigned:0;"):
            with self.subTest(line=line[:60]):
                text = self.FORMAT.replace("\tfield:s32 number", f"\t{line}\n\tfield:s32 number")
                event = Event("thing", 1002, text=text.format(name="thing", id=1002))
                shown, = self.shown(writer.pipe([event], writer.sample(event, self.payload("<", 4 << 16 | 48))))
                self.assertEqual(list(shown["fields"]), ["text", "number", "list", "small", "name", "where", "large"])

    def test_pointers_to_pointers(self):
        writer = Writer()
        text = self.FORMAT.replace("void * where", "const char *const * where")
        event = Event("thing", 1002, text=text.format(name="thing", id=1002))
        shown, = self.shown(writer.pipe([event], writer.sample(event, self.payload("<", 4 << 16 | 48))))
        self.assertEqual(shown["fields"]["where"], "0xffff8000deadbeef")

    def test_columns(self):
        writer, event = Writer(), self.event()
        content = writer.pipe([event], writer.sample(event, self.payload("<", 4 << 16 | 48)))
        done = view("--fields=event,number,list,nothing", self.write("trace", content))
        self.assertEqual(done.stdout, b"thing\t-5\t[1,2,65535]\t-\n")

    def test_a_place_outside_the_record_is_not_read(self):
        writer, event = Writer(), self.event()
        for place in (0xffff << 16 | 48, 4 << 16 | 0xfff0, 0xffffffff):
            shown, = self.shown(writer.pipe([event], writer.sample(event, self.payload("<", place))))
            self.assertNotIn("name", shown["fields"])
            self.assertEqual(shown["fields"]["small"], 200)

    def test_a_record_too_short_for_its_fields(self):
        writer, event = Writer(), self.event()
        shown, = self.shown(writer.pipe([event], writer.sample(event, b"text\0\0\0\0\x07\0\0\0")))
        self.assertEqual(shown["fields"]["number"], 7)
        self.assertNotIn("large", shown["fields"])


def compress(pieces):
    """One zstd stream, flushed after each piece, as perf writes it; None without the library."""
    name = ctypes.util.find_library("zstd")
    if not name:
        return None
    zstd = ctypes.CDLL(name)

    class Buffer(ctypes.Structure):
        _fields_ = [("data", ctypes.c_char_p), ("size", ctypes.c_size_t), ("at", ctypes.c_size_t)]

    class OutBuffer(ctypes.Structure):
        _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t), ("at", ctypes.c_size_t)]

    zstd.ZSTD_createCStream.restype = ctypes.c_void_p
    for function in (zstd.ZSTD_compressStream, zstd.ZSTD_flushStream):
        function.restype = ctypes.c_size_t
    stream = ctypes.c_void_p(zstd.ZSTD_createCStream())
    zstd.ZSTD_initCStream(stream, 1)
    result = []
    for piece in pieces:
        space = ctypes.create_string_buffer(len(piece) + 1000)
        out = OutBuffer(ctypes.cast(space, ctypes.c_void_p), len(piece) + 1000, 0)
        source = Buffer(piece, len(piece), 0)
        while source.at < source.size:
            assert zstd.ZSTD_compressStream(stream, ctypes.byref(out), ctypes.byref(source)) < 2**62
        assert zstd.ZSTD_flushStream(stream, ctypes.byref(out)) == 0
        result.append(space.raw[:out.at])
    zstd.ZSTD_freeCStream(stream)
    return result


@unittest.skipUnless(compress([b"x"]), "no libzstd to write compressed records with")
class Compressed(Case):
    COUNT = 3000

    def make(self, order, kind, piece_size):
        writer = Writer(order)
        event = Event()
        plain = b"".join(writer.sample(event, message_event("stderr", f"number {index} " + "x" * (index % 300)),
                                       time=index) for index in range(self.COUNT))
        pieces = [plain[at:at + piece_size] for at in range(0, len(plain), piece_size)]
        out = b""
        for piece in compress(pieces):
            if kind == perfdata.COMPRESSED:
                out += writer.record(kind, piece)
            else:
                body = writer.pack("Q", len(piece)) + piece
                out += writer.record(kind, body + bytes(-len(body) % 8))
        return writer.pipe([event], out, features=writer.feature(27, bytes(20)))

    def check(self, content):
        numbers = [int(text.split()[1]) for text in messages(view("--output=json", self.write("z", content)).stdout)]
        self.assertEqual(numbers, list(range(self.COUNT)))

    def test_records_that_begin_in_one_and_end_in_the_next(self):
        for order, kind, size in itertools.product("<>", (perfdata.COMPRESSED, perfdata.COMPRESSED2),
                                                   (37, 4096, 60000)):
            with self.subTest(order=order, kind=kind, size=size):
                self.check(self.make(order, kind, size))

    def test_records_that_have_no_place_inside(self):
        """Compressed in compressed, data behind records: refused, and the rest is shown."""
        writer, event = Writer(), Event()
        inner = writer.record(perfdata.COMPRESSED, compress([writer.sample(event, message_event("stderr", "x"))])[0])
        plain = writer.sample(event, message_event("stderr", "good"))
        odd = inner + bytes(-len(inner) % 8) + writer.pack("IHHQ", perfdata.AUXTRACE, 0, 48, 99) + bytes(32) + \
            writer.pack("IHHI", perfdata.TRACING_DATA, 0, 12, 99)
        for records in (odd + plain, plain + odd, inner * 3 + plain):
            content = writer.pipe([event], writer.record(perfdata.COMPRESSED, compress([records])[0]) + plain)
            done = view("--output=json", self.write("odd", content))
            self.assertIn("good", messages(done.stdout))
            self.assertNotIn("x", messages(done.stdout))
            self.assertEqual(done.status, 1)
            self.assertNotIn(b"Sanitizer", done.stderr)

    def test_damage_inside_costs_what_follows_in_the_stream_only(self):
        content = bytearray(self.make("<", perfdata.COMPRESSED, 4096))
        middle = len(content) * 3 // 4
        content[middle:middle + 8] = b"\xff" * 8
        done = view("--output=json", self.write("z", content))
        self.assertEqual(done.status, 1)
        self.assert_one_line(done.stderr)
        numbers = [int(text.split()[1]) for text in messages(done.stdout)]
        self.assertGreater(len(numbers), self.COUNT // 2)
        self.assertEqual(numbers[:self.COUNT // 2], list(range(self.COUNT // 2)))

    def test_few_bytes_that_blow_up_take_no_memory(self):
        writer, event = Writer(), Event()
        bomb = compress([bytes(400 << 20)])[0]
        records = b"".join(writer.record(perfdata.COMPRESSED, bomb[at:at + 60000])
                           for at in range(0, len(bomb), 60000))
        records += writer.sample(event, message_event("stderr", "after"))
        done = view("--output=cat", self.write("bomb", writer.pipe([event], records)))
        self.assertEqual((done.status, done.stdout), (1, b"after\n"))


if __name__ == "__main__":
    main()
