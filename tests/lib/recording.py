#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads the events of the preload library out of a recording, with nothing of the project's own
reader: what the tests of the library compare with.

    recording.py FILE      prints one line per event: tid, event, level, fields
"""
import struct
import sys

SAMPLE, TRACING_DATA = 9, 66
TYPES = {5: "<Q", 4: "<I", 2: "<B"}


def records(data):
    """(type, tid-bearing body) of each record behind the file's head."""
    assert data[:8] == b"PERFILE2", "not a recording"
    at = struct.unpack_from("<Q", data, 8)[0]
    while at + 8 <= len(data):
        kind, _, size = struct.unpack_from("<IHH", data, at)
        assert size >= 8 and at + size <= len(data), f"torn record at {at}"
        body = data[at + 8:at + size]
        at += size
        if kind == TRACING_DATA:
            at += struct.unpack("<I", body[:4])[0]
        yield kind, body


def string(data, at):
    end = data.index(b"\0", at)
    return data[at:end].decode(), end + 1


class Event:
    """One EventHeader event: name, level, pid, tid and fields (bytes or int) in their order."""

    def __init__(self, body):
        # IDENTIFIER, TID (pid, tid), TIME, CPU (cpu, res), RAW (u32 size, common fields)
        _, self.pid, self.tid, self.time, _, _, size = struct.unpack_from("<QIIQIII", body)
        raw = body[36:36 + size]
        event = raw[8:]
        flags, _, _, _, _, self.level = struct.unpack_from("<BBHHBB", event)
        length, kind = struct.unpack_from("<HH", event, 8)
        assert flags | 1 == 7 and kind == 1, (flags, kind)  # 1: the size of pointers
        meta, payload = event[12:12 + length], event[12 + length:]
        self.size = 12 + length
        self.name, at = string(meta, 0)
        self.fields = {}
        here = 0
        while at < len(meta):
            name, at = string(meta, at)
            encoding = meta[at]
            at += 2 if encoding & 0x80 else 1
            if encoding & 0x1f == 10:
                count = struct.unpack_from("<H", payload, here)[0]
                value = payload[here + 2:here + 2 + count]
                assert len(value) == count, "event cut short"
                here += 2 + count
            else:
                form = TYPES[encoding & 0x1f]
                value = struct.unpack_from(form, payload, here)[0]
                here += struct.calcsize(form)
            self.fields[name] = value
        self.size += here
        self.message = self.fields.get("message")


def all_events(path):
    with open(path, "rb") as f:
        data = f.read()
    return [Event(body) for kind, body in records(data) if kind == SAMPLE]


def events(path):
    """Those of messages: without what is said of processes."""
    return [event for event in all_events(path) if event.name not in ("process", "exit")]


def joined(all_events, lossy=False):
    """The same with the parts of a message put together: the last part stands for the message.
    lossy: messages of which a part is missing are left out; otherwise there may be none."""
    open_parts = {}
    for event in all_events:
        if not event.name.endswith(".part"):
            yield event
            continue
        key = event.fields["message_id"], event.name
        part = event.fields["part"]
        if lossy and part != len(open_parts.get(key, [])):
            open_parts.pop(key, None)
            continue
        assert part == len(open_parts.get(key, [])), (part, key)
        open_parts.setdefault(key, []).append(event.message)
        if event.fields["last"]:
            event.message = b"".join(open_parts.pop(key))
            event.name = event.name[:-5]
            yield event
    assert lossy or not open_parts, f"messages without an end: {list(open_parts)}"


def messages(path, name="stderr"):
    return [event.message for event in joined(events(path)) if event.name == name]


if __name__ == "__main__":
    for found in events(sys.argv[1]):
        print(found.tid, found.name, found.level, found.fields)
