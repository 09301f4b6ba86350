#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what a decoder of ours prints with what the reference decoder printed.

    conformance.py [--ftrace] REFERENCE.json COMMAND [ARG...]

COMMAND prints one JSON object per line. Every event, and in it every name, value, type and order of
fields, must be equal after the mapping below; nothing is left out. Exit 0 equal, 1 different,
77 the reference is missing.

With --ftrace, COMMAND shows what ftrace kept of a second run of the reference's programs: without
the events that ftrace drops for their size, and with other times and processes, which are not
compared.

The mapping, and why it is one:
- "n" is our "provider":"event"; "meta" holds our header; "relatedActivity" is our "related";
  level, keyword and opcode are left out there when they are zero.
- The reference shows code points above U+10FFFF as illegal UTF-8; we write U+FFFD for them.
- The reference shows a kernel event's integers of unknown type in hex; we show them in decimal.
- The kernel writes -1 for the numbers of a task past its end; we leave such a pid and tid out.
- Two references are of an older decoder, which left tags out of the names: there ours are too.
- The reference does not decode some tracepoints ("raw"): there our fields must make up those bytes.
"""
import json
import re
import struct
import subprocess
import sys

import harness

NO_NUMBER = 0xffffffff
FTRACE_MAX = 3900  # characters of a message; the whole event may have 4064 bytes


class Members(list):
    """An object with its names in order, duplicates too."""


def load_reference(path):
    text = open(path, "rb").read().decode("utf-8-sig", "surrogateescape")
    # One illegal sequence is one code point: a lead byte and what follows it.
    text = re.sub("[\udcf4-\udcff][\udc80-\udcbf]+|\udced[\udca0-\udcbf][\udc80-\udcbf]",
                  "\ufffd", text)
    if not text.lstrip().startswith("{"):
        text = "{" + text + "}"
    (_, events), = json.loads(text, strict=False, object_pairs_hook=Members)
    return events, ";tag=0x" in text


def without_tags(value):
    if isinstance(value, Members):
        return Members((re.sub(";tag=0x[0-9A-F]+$", "", k), without_tags(v)) for k, v in value)
    return [without_tags(v) for v in value] if isinstance(value, list) else value


def fields_of(event):
    return [m for m in event if m[0] not in ("n", "meta")]


def same_kernel_value(ours, theirs):
    """Of tracepoints that aren't EventHeader, whose types are guesses on both sides."""
    if isinstance(ours, int) and isinstance(theirs, str) and theirs.startswith("0x"):
        return ours & 0xffffffffffffffff == int(theirs, 16) or \
               ours & 0xffffffff == int(theirs, 16)
    return same(ours, theirs)


def same(ours, theirs, value=None):
    value = value or same
    if isinstance(ours, Members) or isinstance(theirs, Members):
        return isinstance(ours, Members) and isinstance(theirs, Members) and \
               len(ours) == len(theirs) and \
               all(a[0] == b[0] and value(a[1], b[1]) for a, b in zip(ours, theirs))
    if isinstance(ours, list) or isinstance(theirs, list):
        return isinstance(ours, list) and isinstance(theirs, list) and \
               len(ours) == len(theirs) and all(value(a, b) for a, b in zip(ours, theirs))
    if isinstance(ours, float) and isinstance(theirs, int):
        theirs = float(theirs)
    elif isinstance(ours, int) and isinstance(theirs, float):
        ours = float(ours)
    return type(ours) is type(theirs) and ours == theirs


def rebuilt(fields):
    """The payload that the fields were read from, as far as the bench event's types go."""
    out = b""
    for _, value in fields:
        if isinstance(value, int):
            out += struct.pack("B", value)
        else:
            out += struct.pack("<H", len(value.encode())) + value.encode()
    return out


def header_differences(ours, meta):
    names = {"relatedActivity": "related"}
    defaults = {"level": 0, "keyword": "0x0", "opcode": 0} if "level" in meta else {}
    expected = {**defaults, **{names.get(k, k): v for k, v in meta.items()}}
    for key in ("pid", "tid"):
        if expected.get(key) == NO_NUMBER:
            del expected[key]
    known = set(expected) | {"provider", "event", "fields", "level", "keyword", "opcode"}
    for key in expected:
        if not same(ours.get(key), expected[key]):
            yield f"{key}: {ours.get(key)!r}, not {expected[key]!r}"
    for key in set(ours) - known:
        yield f"{key}: {ours[key]!r}, which the reference doesn't have"


def differences(ours, reference):
    name = dict(reference)["n"]
    meta = dict(dict(reference)["meta"])
    theirs = fields_of(reference)
    if dict(theirs).keys() == {"raw"}:
        raw = bytes.fromhex(dict(theirs)["raw"])
        if rebuilt(ours["fields"]) not in raw or not ours["fields"]:
            yield f"fields {ours['fields']!r} don't make up {raw.hex(' ')}"
        for key in ("time", "cpu", "pid", "tid"):
            if not same(ours.get(key), meta.get(key)):
                yield f"{key}: {ours.get(key)!r}, not {meta.get(key)!r}"
        return
    if f"{ours.get('provider')}:{ours.get('event')}" != name:
        yield f"name: {ours.get('provider')}:{ours.get('event')}, not {name}"
    yield from header_differences(ours, meta)
    value = same if "level" in meta else same_kernel_value
    if [f[0] for f in ours["fields"]] != [f[0] for f in theirs]:
        yield f"names {[f[0] for f in ours['fields']]}, not {[f[0] for f in theirs]}"
        return
    for mine, other in zip(ours["fields"], theirs):
        if not value(mine[1], other[1]):
            yield f"{mine[0]}: {mine[1]!r}, not {other[1]!r}"


def by_time(events, time):
    """The reference keeps the file's order, we show the order of time."""
    return sorted(events, key=time) if all(time(e) is not None for e in events) else events


def as_ftrace_has_it(reference):
    for event in reference:
        if any(isinstance(v, str) and len(v) > FTRACE_MAX for _, v in fields_of(event)):
            continue
        meta = Members(m for m in dict(event)["meta"] if m[0] not in ("time", "cpu", "pid", "tid"))
        yield Members((k, meta if k == "meta" else v) for k, v in event)


def main(reference_path, command, ftrace=False):
    harness.need_file(reference_path)
    run = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if run.returncode != 0:
        print(f"FAIL: {' '.join(command)} ended with {run.returncode}")
        return 1
    reference, has_tags = load_reference(reference_path)
    if ftrace:
        reference = list(as_ftrace_has_it(reference))
    reference = by_time(reference, lambda e: dict(dict(e)["meta"]).get("time"))
    ours = []
    for line in run.stdout.decode("utf-8").splitlines():
        members = json.loads(line, object_pairs_hook=Members)
        ours.append(dict(members))
        if len(ours[-1]) != len(members):
            print(f"FAIL: a name stands twice outside the fields: {line}")
            return 1
        if not has_tags:
            ours[-1]["fields"] = without_tags(ours[-1]["fields"])
    ours = by_time(ours, lambda e: e.get("time"))
    failures = 0
    for number, (mine, other) in enumerate(zip(ours, reference), 1):
        for difference in differences(mine, other):
            print(f"event {number} ({dict(other)['n']}): {difference}")
            failures += 1
    if len(ours) != len(reference):
        print(f"{len(ours)} events, not {len(reference)}")
        failures += 1
    values = sum(len(fields_of(e)) for e in reference)
    print(f"{len(reference)} events with {values} fields compared, {failures} differences")
    return 1 if failures or not reference else 0


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--ftrace"]
    if len(words) < 2:
        sys.exit(__doc__)
    sys.exit(main(words[0], words[1:], len(words) < len(sys.argv) - 1))
