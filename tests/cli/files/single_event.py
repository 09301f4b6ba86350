#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A recording with one event selector, whose samples carry no id.

    single_event.py RECORDING

The reference decoder fails on it, so there is no JSON to compare with: our fields must make up the
bytes of the file, in its order. Exit 0 they do, 1 they don't, 77 the recording is missing.
"""
import sys

import harness
from conformance import rebuilt


def main(recording):
    harness.need_file(recording)
    data = harness.contents(recording)
    done = harness.view("--output=json", recording)
    if done.status != 0:
        print(f"view ended with {done.status}: {done.stderr!r}")
        return 1
    events = harness.json_lines(done.stdout)
    if len(events) != 3:
        print(f"{len(events)} events, not 3")
        return 1
    at = 0
    for event in events:
        if (event["provider"], event["event"], event["keyword"]) != ("P", "Syslog", "0x1") or \
                list(event["fields"]) != ["level", "message", "facility", "ident"]:
            print(f"not the event Syslog: {event}")
            return 1
        at = data.find(b"ident\0\x0a" + rebuilt(event["fields"].items()), at) + 1
        if at == 0:
            print(f"the file doesn't hold {event['fields']}, or not in this order")
            return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
