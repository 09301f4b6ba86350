#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A recording with one event selector, whose samples carry no id.

    single_event.py RECORDING LOGTAP

The reference decoder fails on it, so there is no JSON to compare with: our fields must make up the
bytes of the file, in its order. Exit 0 they do, 1 they don't, 77 the recording is missing.
"""
import json
import os
import struct
import subprocess
import sys


def payload(fields):
    out = b""
    for value in fields.values():
        if isinstance(value, int):
            out += struct.pack("B", value)
        else:
            out += struct.pack("<H", len(value.encode())) + value.encode()
    return out


def main(recording, logtap):
    if not os.path.exists(recording):
        print(f"SKIP: there is no {recording}")
        return 77
    data = open(recording, "rb").read()
    lines = subprocess.run([logtap, "view", "--output=json", recording], check=True,
                           stdout=subprocess.PIPE).stdout.decode().splitlines()
    events = [json.loads(line) for line in lines]
    if len(events) != 3:
        print(f"{len(events)} events, not 3")
        return 1
    at = 0
    for event in events:
        if (event["provider"], event["event"], event["keyword"]) != ("P", "Syslog", "0x1") or \
                list(event["fields"]) != ["level", "message", "facility", "ident"]:
            print(f"not the event Syslog: {event}")
            return 1
        at = data.find(b"ident\0\x0a" + payload(event["fields"]), at) + 1
        if at == 0:
            print(f"the file doesn't hold {event['fields']}, or not in this order")
            return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
