#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the first inputs of the fuzzers `perf-file`, `perf-pipe`, `perf-big-endian` and `dat`: small
traces of every layout.

    make_trace_seeds.py FOLDER      fills FOLDER/perf-file and the others
"""
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [f"{HERE}/../lib", f"{HERE}/../cli/files"]
import perfdata  # noqa: E402
from perfdata import (ADDR, CALLCHAIN, CPU, ID, IDENTIFIER, IP, PERIOD, RAW, READ, STREAM_ID, TID, TIME,  # noqa: E402
                      Event, Writer, message_event)
from test_forms import Kernel, compress  # noqa: E402

BASE = TID | TIME | CPU | RAW
LAYOUTS = (IDENTIFIER | BASE, ID | BASE, IDENTIFIER | RAW, BASE, IDENTIFIER | BASE | IP | ADDR | ID | STREAM_ID | PERIOD,
           IDENTIFIER | BASE | READ | CALLCHAIN)


def records(writer, events):
    first = events[0]
    out = writer.comm(first, 1, 1, "a", 1) + writer.fork(first, 2, 1, 2, 1, 2) + writer.lost(first, 3, 9)
    for index, event in enumerate(events * 2):
        out += writer.sample(event, message_event("stderr", f"m{index}"), time=9 - index, tid=index)
    out += writer.record(perfdata.FINISHED_ROUND, b"")
    for part in range(3):
        out += writer.sample(first, message_event("syslog.part", "p", part=part, last=part == 2), time=20 + part)
    return out + writer.record(90, bytes(8)) + writer.pack("IHHQ", perfdata.AUXTRACE, 0, 48, 8) + bytes(40)


def traces(order):
    writer = Writer(order)
    for layout in LAYOUTS:
        has_id = layout & (IDENTIFIER | ID)
        events = [Event("logtap_L4K2", 1000, layout, ids=(7, 8) if has_id else (), read_format=4 | 16)]
        if has_id:
            events.append(Event("b_L2K1", 1001, layout, ids=(9,), read_format=4 | 16))
        body = records(writer, events) if has_id else writer.sample(events[0], message_event("stderr", "m"))
        for form in ("file", "pipe"):
            yield form, getattr(writer, form)(events, body, (10**18, 5))
    kernel = Event("thing", 1002, text=Kernel.FORMAT.format(name="thing", id=1002))
    payload = b"text\0\0\0\0" + struct.pack(order + "i3HBxIQQ", -5, 1, 2, 3, 4, 4 << 16 | 48, 1, 2) + b"abc\0"
    for form in ("file", "pipe"):
        yield form, getattr(writer, form)([kernel], writer.sample(kernel, payload))
    event = Event()
    plain = b"".join(writer.sample(event, message_event("stderr", f"m{index}"), time=index) for index in range(4))
    for piece in compress([plain]) or ():
        yield "pipe", writer.pipe([event], writer.record(perfdata.COMPRESSED, piece))
        body = writer.pack("Q", len(piece)) + piece
        yield "file", writer.file([event], writer.record(perfdata.COMPRESSED2, body + bytes(-len(body) % 8)))
    yield "file", writer.file([event], plain, described=False)


def main(folder):
    seeds = [("dat", b"".join(struct.pack("<I", 4 + len(body)) + body for body in (
        b"logtap_L4K2\0" + message_event("stderr", "m"), b"x_L5K0Gg\0" + message_event("stderr.part", "m", 0, 1))))]
    seeds += [("perf-" + form, trace) for form, trace in traces("<")]
    seeds += [("perf-big-endian", trace) for _, trace in traces(">")]
    for number, (name, content) in enumerate(seeds):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        with open(os.path.join(folder, name, f"seed-{number:02}"), "wb") as file:
            file.write(content)


if __name__ == "__main__":
    main(sys.argv[1])
