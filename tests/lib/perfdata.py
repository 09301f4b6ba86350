# SPDX-License-Identifier: MIT
"""Writes perf.data files by hand, for tests: every layout that a reader has to know, with values
that the test chose. Follows tools/perf/Documentation/perf.data-file-format.txt and
<linux/perf_event.h>, and nothing of the code under test. Standard library only.
"""
import struct

# sample_type bits
IP, TID, TIME, ADDR, READ, CALLCHAIN = 1, 2, 4, 8, 16, 32
ID, CPU, PERIOD, STREAM_ID, RAW, IDENTIFIER = 64, 128, 256, 512, 1024, 65536

# record types
LOST, COMM, EXIT, FORK, SAMPLE, MMAP2, LOST_SAMPLES = 2, 3, 4, 7, 9, 10, 13
ATTR, TRACING_DATA, FINISHED_ROUND, AUXTRACE = 64, 66, 68, 71
EVENT_UPDATE, FEATURE, COMPRESSED, FINISHED_INIT, COMPRESSED2 = 78, 80, 81, 82, 83

PAGE = 4096

HEADER_PAGE = b"""\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;
\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;
"""

EVENTHEADER_FORMAT = """name: {name}
ID: {id}
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

\tfield:u8 eventheader_flags;\toffset:8;\tsize:1;\tsigned:0;
\tfield:u8 version;\toffset:9;\tsize:1;\tsigned:0;
\tfield:u16 id;\toffset:10;\tsize:2;\tsigned:0;
\tfield:u16 tag;\toffset:12;\tsize:2;\tsigned:0;
\tfield:u8 opcode;\toffset:14;\tsize:1;\tsigned:0;
\tfield:u8 level;\toffset:15;\tsize:1;\tsigned:0;

print fmt: "eventheader_flags=%u", REC->eventheader_flags
"""


class Event:
    """A tracepoint and its perf event."""

    def __init__(self, name="logtap_L4K2", number=1000, sample_type=IDENTIFIER | TID | TIME | CPU | RAW,
                 ids=(7,), read_format=0, text=None, kind=2, sample_id_all=True, attr_size=128):
        self.name, self.number, self.sample_type = name, number, sample_type
        self.ids, self.read_format, self.kind = ids, read_format, kind
        self.sample_id_all, self.attr_size = sample_id_all, attr_size
        self.format = text or EVENTHEADER_FORMAT.format(name=name, id=number)


class Writer:
    """Makes records in one byte order."""

    def __init__(self, order="<"):
        self.order = order

    def pack(self, layout, *values):
        return struct.pack(self.order + layout, *values)

    def record(self, kind, body, misc=0, size=None):
        return self.pack("IHH", kind, misc, 8 + len(body) if size is None else size) + body

    def attr(self, event):
        bits = (1 << 18 if event.sample_id_all else 0) | 1 << 25
        as_bytes = struct.pack("<Q", bits)
        if self.order == ">":  # bit fields fill a byte from its other end
            as_bytes = bytes(int(f"{byte:08b}"[::-1], 2) for byte in as_bytes)
        head = self.pack("IIQQQQ", event.kind, event.attr_size, event.number, 1,
                         event.sample_type, event.read_format) + as_bytes
        return head + bytes(event.attr_size - len(head))

    def attr_record(self, event):
        return self.record(ATTR, self.attr(event) + self.pack("%dQ" % len(event.ids), *event.ids))

    def feature(self, number, body):
        return self.record(FEATURE, self.pack("Q", number) + body)

    def clock_data(self, wall, clock):
        return self.pack("IIQQ", 1, 1, wall, clock)

    def tracing(self, events, system="user_events"):
        out = b"\x17\x08\x44tracing0.6\0"
        out += bytes([self.order == ">", 8]) + self.pack("I", PAGE)
        for name, text in ((b"header_page\0", HEADER_PAGE), (b"header_event\0", b"# none\n")):
            out += name + self.pack("Q", len(text)) + text
        out += self.pack("II", 0, 1) + system.encode() + b"\0" + self.pack("I", len(events))
        for event in events:
            text = event.format.encode()
            out += self.pack("Q", len(text)) + text
        return out + self.pack("IIQ", 0, 0, 0)

    def tracing_record(self, events, system="user_events"):
        data = self.tracing(events, system)
        data += bytes(-len(data) % 8)
        return self.pack("IHHI", TRACING_DATA, 0, 12, len(data)) + data

    def event_desc(self, events):
        out = self.pack("II", len(events), events[0].attr_size)
        for event in events:
            name = ("user_events:" + event.name).encode() + b"\0"
            name += bytes(-len(name) % 64)
            out += self.attr(event) + self.pack("II", len(event.ids), len(name)) + name
            out += self.pack("%dQ" % len(event.ids), *event.ids)
        return out

    def raw(self, event, payload, pid=0):
        body = self.pack("HBBi", event.number & 0xffff, 0, 0, pid) + payload
        return body + bytes(-(4 + len(body)) % 8)

    def sample(self, event, payload, pid=1, tid=1, time=0, cpu=0, which=0, period=1):
        ident, kinds, out = event.ids[which] if event.ids else 0, event.sample_type, b""
        for bit, value in ((IDENTIFIER, ("Q", ident)), (IP, ("Q", 0xffffffff81000000)),
                           (TID, ("II", pid, tid)), (TIME, ("Q", time)), (ADDR, ("Q", 5)),
                           (ID, ("Q", ident)), (STREAM_ID, ("Q", ident)), (CPU, ("II", cpu, 0)),
                           (PERIOD, ("Q", period))):
            if kinds & bit:
                out += self.pack(*value)
        if kinds & READ:
            out += self.read_values(event.read_format)
        if kinds & CALLCHAIN:
            out += self.pack("QQQQ", 3, 1, 2, 3)
        raw = self.raw(event, payload, pid)
        return self.record(SAMPLE, out + self.pack("I", len(raw)) + raw)

    def read_values(self, form):
        """1: enabled, 2: running, 4: id, 8: group, 16: lost."""
        each = [9] * (1 + bool(form & 4) + bool(form & 16))
        times = [8] * (bool(form & 1) + bool(form & 2))
        values = [2] + times + each * 2 if form & 8 else each[:1] + times + each[1:]
        return self.pack("%dQ" % len(values), *values)

    def tail(self, event, pid, tid, time, cpu=0):
        if not event.sample_id_all:
            return b""
        out, ident = b"", event.ids[0] if event.ids else 0
        for bit, value in ((TID, ("II", pid, tid)), (TIME, ("Q", time)), (ID, ("Q", ident)),
                           (STREAM_ID, ("Q", ident)), (CPU, ("II", cpu, 0)),
                           (IDENTIFIER, ("Q", ident))):
            if event.sample_type & bit:
                out += self.pack(*value)
        return out

    def comm(self, event, pid, tid, name, time=0):
        text = name.encode() + b"\0"
        text += bytes(-len(text) % 8)
        return self.record(COMM, self.pack("II", pid, tid) + text + self.tail(event, pid, tid, time))

    def fork(self, event, pid, ppid, tid, ptid, time=0):
        return self.record(FORK, self.pack("IIIIQ", pid, ppid, tid, ptid, time) +
                           self.tail(event, pid, tid, time))

    def lost(self, event, count, time=0):
        return self.record(LOST, self.pack("QQ", event.ids[0], count) + self.tail(event, 1, 1, time))

    def magic(self):
        return b"PERFILE2" if self.order == "<" else b"2ELIFREP"

    def pipe(self, events, records, clock=None, features=b""):
        """A stream. `records`: bytes of all that follows the head."""
        out = self.magic() + self.pack("Q", 16)
        out += b"".join(self.attr_record(event) for event in events)
        if clock:
            out += self.feature(29, self.clock_data(*clock))
        return out + features + self.tracing_record(events) + self.record(FINISHED_INIT, b"") + records

    def file(self, events, records, clock=None, described=True, features=None):
        """A seekable file. `features`: more of them, by number."""
        sections = {12: self.event_desc(events)}
        if described:
            sections[1] = self.tracing(events)
        if clock:
            sections[29] = self.clock_data(*clock)
        sections.update(features or {})
        entry = events[0].attr_size + 16
        ids_at = 104
        attrs_at = ids_at + sum(8 * len(event.ids) for event in events)
        data_at = attrs_at + entry * len(events)
        bits = [0] * 4
        for number in sections:
            bits[number // 64] |= 1 << number % 64
        out = self.magic() + self.pack("QQQQQQQQQ", 104, entry, attrs_at, entry * len(events), data_at,
                                       len(records), 0, 0, bits[0]) + self.pack("QQQ", *bits[1:])
        ids = attrs = b""
        for event in events:
            attrs += self.attr(event) + self.pack("QQ", ids_at + len(ids), 8 * len(event.ids))
            ids += self.pack("%dQ" % len(event.ids), *event.ids)
        out += ids + attrs + records
        at = len(out) + 16 * len(sections)
        table = body = b""
        for number in sorted(sections):
            table += self.pack("QQ", at + len(body), len(sections[number]))
            body += sections[number]
        return out + table + body


def message_event(name, message, part=None, last=None, level="info", ident="prog", severity=4, message_id=None):
    """An event of the shim's: level, ident, [[message_id,] part, last,] message."""
    def text(value):
        value = value.encode() if isinstance(value, str) else value
        return struct.pack("<H", len(value)) + value

    meta = name.encode() + b"\0level\0\x0aident\0\x0a"
    payload = text(level) + text(ident)
    if message_id is not None:
        meta += b"message_id\0\x05"
        payload += struct.pack("<Q", message_id)
    if part is not None:
        meta += b"part\0\x04last\0\x82\x07"
        payload += struct.pack("<IB", part, last)
    meta += b"message\0\x0a"
    payload += text(message)
    return bytes([7, 0, 0, 0, 0, 0, 0, severity]) + struct.pack("<HH", len(meta), 1) + meta + payload


# How `described` writes a field: encoding, format, layout. None: text.
FIELD_KINDS = {"text": (10, None, None), "u32": (4, None, "<I"), "pid": (4, 5, "<I"), "time": (5, 6, "<q"),
               "i32": (4, 2, "<i"), "u8": (2, None, "<B"), "u16": (3, 1, "<H"), "i16": (3, 2, "<h"),
               "i64": (5, 2, "<q"), "f64": (5, 8, "<d"), "bool": (2, 7, "<B"), "utf16": (11, None, None)}


def described(name, fields, severity=4):
    """An event of any fields: (name, kind, value), or (name, fields) for a struct."""
    meta, payload = name.encode() + b"\0", b""

    def add(fields):
        nonlocal meta, payload
        for field, *what in fields:
            if len(what) == 1:
                meta += field.encode() + b"\0" + bytes([0x81, len(what[0])])
                add(what[0])
                continue
            encoding, form, layout = FIELD_KINDS[what[0]]
            meta += field.encode() + b"\0" + (bytes([encoding]) if form is None else bytes([encoding | 0x80, form]))
            if layout:
                payload += struct.pack(layout, what[1])
            elif encoding == 11:
                payload += struct.pack("<H", len(what[1])) + what[1].encode("utf-16-le")
            else:
                text = what[1].encode() if isinstance(what[1], str) else what[1]
                payload += struct.pack("<H", len(text)) + text

    add(fields)
    return bytes([7, 0, 0, 0, 0, 0, 0, severity]) + struct.pack("<HH", len(meta), 1) + meta + payload


def process_event(exe="/usr/bin/prog", uid=1000, ppid=1, start=0, cgroup="/system.slice/prog.service", host="box",
                  boot_id="6e9cf1f2-0b3a-4c0f-8d5b-3f0f35d1a7c4", container="", service="", resource="", args=None):
    """What a process says of itself before its first event."""
    fields = [("exe", "text", exe)]
    fields += [("args", "text", args)] if args is not None else []
    fields += [("uid", "u32", uid), ("ppid", "pid", ppid), ("start", "time", start), ("cgroup", "text", cgroup),
               ("host", "text", host), ("boot_id", "text", boot_id), ("container", "text", container),
               ("service", "text", service), ("resource", "text", resource)]
    return described("process", fields)


def exit_event(status):
    """What a process says that ends by exit()."""
    return described("exit", [("status", "i32", status)])
