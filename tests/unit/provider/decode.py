#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Events with every kind of field, written by provider.h, read back by `logtap view`: the values
that come out are those that went in (all-fields.c)."""
import os
import subprocess
import sys
import tempfile

import harness

GUID = "00112233-4455-6677-8899-aabbccddeeff"
ONE = "01000000-0000-0000-0000-000000000000"
EVENTS = [
    ("Integers", {}, {
        "u8": 255, "u16": 65535, "u32": 2**32 - 1, "u64": 2**64 - 1,
        "i8": -128, "i16": -2**15, "i32": -2**31, "i64": -2**63,
        "hex8": "0xAB", "hex16": "0xAB", "hex32": "0xAB", "hex64": "0xAB",
        "size": 7, "ssize": -7, "hexsize": "0x7", "pointer": "0x1000", "code": "0x2000"}),
    ("Others", {}, {
        "f32": 1.5, "f64": -0.25, "yes": True, "no": False,
        "char8": "A", "char16": "\u20ac", "char32": "\U0001f600", "guid": GUID,
        "ipv4": "127.0.0.1", "ipv6": "::1", "port": 443, "pid": 1234, "tid": 1235,
        "time32": "1970-01-02T00:00:00", "time64": "1970-01-02T00:00:00"}),
    ("Arrays", {}, {
        "constant": [-1, 0, 1], "variable": [-1, 0], "floats": [0.5, 2], "none": [],
        "guids": [GUID, ONE]}),
    ("Strings", {}, {
        "str8": "\u00e9", "latin1": "\u00e9", "str16": "w\u20ac", "str32": "w\U0001f600",
        "zstr8": "z", "zstr16": "w\u20ac", "zstr32": "w\U0001f600", "xml": "<x/>",
        "binary": "00 11 22", "uuid": GUID}),
    ("Structs", {"id": 7, "version": 2, "tag": "0x1234", "opcode": 6, "activity": GUID, "related": ONE}, {
        "outer;tag=0x3": {"first": 1, "inner": {"second": 2}, "third": 3},
        "list": [{"n": 1, "s": "a"}, {"n": 2, "s": "bc"}], "last": 9}),
]


def main():
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "recording")
        subprocess.run([harness.program("provider-all-fields"), path], check=True)
        events = harness.Recording(path).events()
    if len(events) != len(EVENTS):
        print("%d events, %d were written" % (len(events), len(EVENTS)))
        return 1
    for event, (name, options, fields) in zip(events, EVENTS):
        expected = {"provider": "AllFields", "event": name, "level": 5, "keyword": "0x1", "opcode": 0,
                    "pid": event["pid"], "tid": event["pid"], "time": event["time"], "cpu": event["cpu"],
                    "fields": fields, **options}
        for key in sorted(set(event) | set(expected)):
            if event.get(key) != expected.get(key):
                print("%s: %s is %r, was written as %r" % (name, key, event.get(key), expected.get(key)))
                faults += 1
    print("%d events, %d differences" % (len(events), faults))
    return 1 if faults else 0


sys.exit(main())
