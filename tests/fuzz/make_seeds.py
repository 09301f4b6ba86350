#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the first inputs of the fuzzers `event` and `json`: one event for every encoding, format,
array form and byte order, structs in arrays in structs, and each kind of damage.

    make_seeds.py FOLDER      fills FOLDER/event and FOLDER/json
"""
import os
import struct
import sys

VALUES = {2: b"\x41", 3: b"\x41\0", 4: b"\x83\0\0\0", 5: b"\0\0\xf0\x3f\0\0\xf0\x3f", 6: bytes(range(16))}
STRUCT, STRING, BINARY = 1, 10, 13
CARRAY, VARRAY = 0x20, 0x40


class Event:
    def __init__(self, big=False):
        self.order = ">" if big else "<"
        self.flags = 7 & ~(2 if big else 0)
        self.meta = b"Event;a=1;;2\0"
        self.data = b""

    def u16(self, n):
        return struct.pack(self.order + "H", n)

    def field(self, name, encoding, fmt=0, tag=0, count=0):
        self.meta += name + b"\0"
        if fmt or tag or encoding & 31 == STRUCT:
            self.meta += bytes([encoding | 0x80, fmt | (0x80 if tag else 0)])
            self.meta += self.u16(tag) if tag else b""
        else:
            self.meta += bytes([encoding])
        if encoding & CARRAY:
            self.meta += self.u16(count)

    def value(self, encoding, text=b"caf\xc3\xa9\n\"\\\x1b\xff"):
        if encoding in VALUES:
            self.data += VALUES[encoding]
        elif encoding in (7, 10, 13):
            self.data += text + b"\0" if encoding == 7 else self.u16(len(text)) + text
        elif encoding in (8, 9, 11, 12):
            code = "utf-16" if encoding in (8, 11) else "utf-32"
            code += "-be" if self.order == ">" else "-le"
            units = "a\u00e9\u202e\U0001f600\x07".encode(code)
            width = 2 if encoding in (8, 11) else 4
            self.data += units + bytes(width) if encoding < 10 else \
                self.u16(len(units) // width) + units

    def bytes(self, activity=0):
        out = struct.pack(self.order + "BBHHBB", self.flags, 1, 2, 3, 1, 4)
        if activity:
            out += self.u16(activity) + self.u16(0x8002) + bytes(range(activity))
        return out + self.u16(len(self.meta)) + self.u16(1) + self.meta + self.data


def every_scalar(big):
    for encoding in range(2, 14):
        event = Event(big)
        for fmt in (*range(0, 19), 99):
            event.field(b"f%d" % fmt, encoding, fmt, tag=fmt * 7 % 5)
            event.value(encoding)
        yield f"scalar{encoding}", event.bytes()


def every_array(big):
    for encoding in range(2, 14):
        event = Event(big)
        event.field(b"fixed", encoding | CARRAY, 3, count=2)
        event.value(encoding)
        event.value(encoding)
        event.field(b"some", encoding | VARRAY)
        event.data += event.u16(3)
        for _ in range(3):
            event.value(encoding)
        event.field(b"none", encoding | VARRAY, 0, 5)
        event.data += event.u16(0)
        yield f"array{encoding}", event.bytes(16)


def nullable(big):
    for encoding in (STRING, BINARY):
        event = Event(big)
        for fmt in range(1, 19):
            for size in (0, 1, 2, 4, 8, 16):
                event.field(b"n", encoding, fmt)
                event.value(encoding, bytes(range(1, size + 1)))
        yield f"nullable{encoding}", event.bytes(32)


def marks():
    event = Event()
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        for fmt in (12, 13, 14):
            event.field(b"m", STRING, fmt)
            event.value(STRING, mark + b"\0a\0b\0")
    return event.bytes()


def structs(big):
    event = Event(big)
    event.field(b"one", STRUCT, 3)
    event.field(b"x", 2)
    event.field(b"two", STRUCT, 1)
    event.field(b"y", STRING)
    event.field(b"z", 2)
    event.data += b"\1" + event.u16(2) + b"hi" + b"\2"
    event.field(b"many", STRUCT | VARRAY, 2)
    event.field(b"pairs", STRUCT | CARRAY, 1, count=2)
    event.field(b"a", 2)
    event.field(b"list", 3 | VARRAY)
    event.data += event.u16(2) + (b"\1\2" + event.u16(1) + b"\3\4") * 2
    event.field(b"none", STRUCT | VARRAY, 2)
    event.field(b"a", 2)
    event.field(b"b", STRUCT, 1)
    event.field(b"c", 2)
    event.data += event.u16(0)
    event.field(b"last", STRUCT, 9)
    event.field(b"short", 4)
    event.value(4)
    yield "structs", event.bytes()


def deep(levels):
    event = Event()
    for _ in range(levels):
        event.field(b"s", STRUCT | CARRAY, 1, count=1)
    event.field(b"v", 2)
    event.data += b"\1"
    return event.bytes()


def damaged():
    event = Event()
    event.field(b"a", 4)
    event.value(4)
    event.field(b"b", STRING)
    event.value(STRING)
    whole = event.bytes()
    yield "cut-value", whole[:-3]
    yield "cut-metadata", whole[:20]
    yield "cut-header", whole[:5]
    yield "padded", whole + b"\xde\xad\xbe"
    yield "unknown-flag", b"\xff" + whole[1:]
    yield "no-extension", b"\x03" + whole[1:8]
    for name, encoding, fmt in (("both-arrays", 2 | CARRAY | VARRAY, 0), ("struct-of-none", STRUCT, 0),
                                ("encoding-14", 14, 0), ("encoding-0", 0, 1)):
        event = Event()
        event.field(b"good", 2)
        event.data += b"\7"
        event.field(b"bad", encoding, fmt, count=1)
        yield name, event.bytes() + bytes(8)
    event = Event()
    event.field(b"empty", STRUCT | CARRAY, 1, count=65535)
    yield "struct-at-the-end", event.bytes()
    event = Event()
    event.field(b"zero", 2 | CARRAY, 0, count=0)
    yield "no-elements", event.bytes()


def seeds():
    for big in (False, True):
        end = "-be" if big else ""
        for group in (every_scalar, every_array, nullable, structs):
            for name, event in group(big):
                yield name + end, event
    yield "marks", marks()
    yield "deep-32", deep(32)
    yield "deep-33", deep(33)
    yield from damaged()


def write(folder, name, data):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def main(folder):
    names = (b"logtap_L4K2", b"P_L5KffffffffffffffffGgroup", b"not EventHeader", b"", b"\xff\"_L1K0")
    for number, (name, event) in enumerate(seeds()):
        write(os.path.join(folder, "event"), name, event)
        head = bytes([number * 37 % 256]) + names[number % len(names)] + b"\0"
        write(os.path.join(folder, "json"), name, head + event)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
