#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the first inputs of the fuzzer `cost`: small traces of everything that once cost more than it
should, or could.

    make_cost_seeds.py FOLDER
"""
import os
import struct
import sys

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [os.path.join(TESTS, "lib"), os.path.join(TESTS, "cli/files")]
import perfdata  # noqa: E402
from perfdata import IDENTIFIER, RAW, TIME, Event, Writer, message_event  # noqa: E402
from test_forms import compress  # noqa: E402
from test_hostile import Hostile, event  # noqa: E402


def seeds():
    writer, plain = Writer(), Event()
    hostile = Hostile()
    ids = Hostile.colliding(950)
    yield "ids", b"PERFILE2" + struct.pack("<Q", 16) + writer.attr_record(Event(ids=ids))
    tids = [tid for tid in range(1, 600_000) if (tid * 0x9e3779b97f4a7c15 >> 32) % 1024 == 0][:480]
    yield "threads", writer.pipe([plain], b"".join(
        writer.record(perfdata.COMM, struct.pack("<II", tid, tid)) for tid in tids))
    array = event(b"e\0a\0" + bytes([0x40 | 1 | 0x80, 1]) + b"x" * 1500 + b"\0\x02", struct.pack("<H", 1500) + bytes(1500))
    yield "structs", writer.pipe([plain], writer.sample(plain, array) * 2)
    nothing = event(b"e\0a\0" + bytes([0x40 | 1 | 0x80, 1]) + b"b\0" + bytes([0x40 | 1 | 0x80, 60]) + b"\0\x02" * 60,
                    struct.pack("<H", 900) + bytes(1800))
    yield "empty-arrays", writer.pipe([plain], writer.sample(plain, nothing) * 2)
    part = message_event("stderr.part", b"\x01" * 500, part=0, last=0, message_id=1)
    yield "parts", writer.pipe([plain], writer.sample(plain, part) * 6)
    hostile.writer = writer
    fields = "".join(Hostile.FIELD.format("__data_loc char[]", f"f{index}", 8 + 4 * index, 4) for index in range(40))
    thing = hostile.kernel(fields)
    yield "kernel-fields", writer.pipe([thing], writer.sample(thing, struct.pack("<I", 600 << 16 | 8) * 200) * 2)
    layout = Event(sample_type=IDENTIFIER | TIME | RAW)
    yield "rounds", writer.pipe([layout], b"".join(
        writer.sample(layout, b"", time=9000 - time) + writer.record(perfdata.FINISHED_ROUND, b"") for time in range(120)))
    kinds = b"".join(writer.sample(plain, event(b"e%d\0m\0\x0a" % index, b"\0\0")) for index in range(60))
    yield "kinds", writer.pipe([plain], kinds)
    block = writer.sample(plain, message_event("stderr", "x" * 40)) * 6000
    packed = compress([block] * 60)
    if packed:
        yield "packed", writer.pipe([plain], b"".join(writer.record(perfdata.COMPRESSED, piece) for piece in packed)[:9000])
    recorded = Event(number=1000, ids=(1000,))
    yield "refused", writer.pipe([recorded], (writer.sample(recorded, message_event("stderr", "m")) +
                                              writer.record(71, bytes(40))) * 30)
    yield "headless", bytes(64) + writer.sample(recorded, message_event("stderr", "m")) * 20


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for name, content in seeds():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)


if __name__ == "__main__":
    main(sys.argv[1])
