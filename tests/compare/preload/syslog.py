#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the program of syslogs.c without and with the shim, beside a /dev/log of its own.

The datagrams, stdout, stderr and the status must be the same, but for time and pid; and what was
captured must be the datagrams' texts, in their order.
"""
import sys
import tempfile

import recording
from dev_log import DevLog, captured, fields, first_difference, need_own_dev, split
from harness import LOGTAP, program

PROGRAM = program("syslogs")
MODES = {
    "plain": {},
    "passthrough": {"LOGTAP_PASSTHROUGH": "on", "LOGTAP_CAPTURE": "syslog"},
    "stderr": {"LOGTAP_CAPTURE": "stderr"},
}


def compare(name, plain, shim):
    for what, a, b in zip(("status", "stdout", "stderr"), plain, shim):
        if a != b:
            yield f"{name}: {what} differs: {first_difference(a, b)}"
    a, b = ([split(d)[0] for d in side[3]] for side in (plain, shim))
    if a != b:
        yield f"{name}: datagrams differ: {first_difference(a, b)}"


def compare_events(name, path, datagrams):
    want = list(map(fields, datagrams))
    got = list(captured(path))
    if want != got:
        yield f"{name}: captured differs: {first_difference(want, got)} (without: arrived)"


def compare_huge(log, folder):
    """Messages that no datagram holds: what stands on stderr is what is captured."""
    path = f"{folder}/huge.data"
    plain = log.run([PROGRAM, "huge"])
    shim = log.run([LOGTAP, "record", "-o", path, "--", PROGRAM, "huge"])
    yield from compare("huge", plain, shim)
    want = [line.partition(b": ")[2] for line in shim[2].splitlines()]
    got = [event[3] for event in captured(path)]
    if len(want) != 4 or want != got:
        yield f"huge: captured {[len(m) for m in got]} bytes, not {[len(m) for m in want]}"


def main():
    need_own_dev()
    problems = []
    with tempfile.TemporaryDirectory(prefix="logtap-syslog-") as folder, DevLog() as log:
        for locale in ("C", "C.UTF-8"):
            plain = log.run([PROGRAM, locale])
            assert plain[0] == 0 and len(plain[3]) > 600, (plain[0], len(plain[3]))
            for mode, settings in MODES.items():
                path = f"{folder}/{mode}.data"
                shim = log.run([LOGTAP, "record", "-o", path, "--", PROGRAM, locale], **settings)
                problems += compare(f"{mode} {locale}", plain, shim)
                if mode != "stderr":
                    problems += compare_events(f"{mode} {locale}", path, shim[3])
                elif recording.messages(path, "syslog"):
                    problems.append("stderr: syslog events")
            print(f"{locale}: {len(plain[3])} messages")
        problems += compare_huge(log, folder)
    for problem in problems:
        print("FAILED", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
