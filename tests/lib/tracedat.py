# SPDX-License-Identifier: MIT
"""Writes trace-cmd's trace.dat by hand, version 6, as trace-cmd.dat.v6(5) has it: what a test of the
plugin and of the reader needs, and nothing of the code under test."""
import struct

from perfdata import HEADER_PAGE

PAGE = 4096


def ring_page(records):
    """One page of the kernel's ring buffer: (time, bytes) of each record, the first time the page's."""
    begin, before, data = records[0][0], records[0][0], b""
    for time, record in records:
        record += bytes(-len(record) % 4)
        words = len(record) // 4
        delta = time - before
        before = time
        if words <= 28:
            data += struct.pack("<I", words | delta << 5) + record
        else:
            data += struct.pack("<II", delta << 5, len(record) + 4) + record
    assert len(data) <= PAGE - 16
    return (struct.pack("<QQ", begin, len(data)) + data).ljust(PAGE, b"\0")


def trace_dat(events, samples, comms=(), system="user_events"):
    """`events`: perfdata.Event; `samples`: (time, event, thread, payload) in order, of one processor."""
    def sized(text):
        text = text if isinstance(text, bytes) else text.encode()
        return struct.pack("<Q", len(text)) + text

    out = b"\x17\x08\x44tracing6\0" + bytes([0, 8]) + struct.pack("<I", PAGE)
    out += b"header_page\0" + sized(HEADER_PAGE) + b"header_event\0" + sized(b"# none\n")
    out += struct.pack("<I", 0) + struct.pack("<I", 1) + system.encode() + b"\0" + struct.pack("<I", len(events))
    for event in events:
        out += sized(event.format)
    out += struct.pack("<II", 0, 0)
    out += sized("".join(f"{thread} {name}\n" for thread, name in comms))
    out += struct.pack("<I", 1) + b"options  \0" + struct.pack("<H", 0) + b"flyrecord\0"
    at = (len(out) + 16 + PAGE - 1) // PAGE * PAGE
    pages, page = [], []
    for time, event, thread, payload in samples:
        record = (time, struct.pack("<HBBi", event.number, 0, 0, thread) + payload)
        if page and sum(len(done) + 12 for _, done in page) + len(record[1]) + 16 > PAGE - 16:
            pages.append(ring_page(page))
            page = []
        page.append(record)
    pages.append(ring_page(page))
    return (out + struct.pack("<QQ", at, len(pages) * PAGE)).ljust(at, b"\0") + b"".join(pages)
