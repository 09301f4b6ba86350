#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Messages of every size arrive whole, through ftrace and through perf, and none of them makes the
kernel complain (perf's first refusal of an event that is too large dumps a warning)."""
from kernel import HELPERS, LOGTAP, Perf, check, equal, finish, registered, run, tail, view

KIB = 1024
# Around each limit: the encoder's, ftrace's 4064, perf's 8184, the u16's.
SIZES = [0, KIB, 3 * KIB, 3990, 4048, 4064, 4 * KIB, 5 * KIB, 8 * KIB - 8, 8 * KIB, 60 * KIB,
         65536, 1024 * KIB]


def filled(kind, size):
    """What lib/talk.c makes."""
    text = b"talk 0 %s 0 " % kind
    pattern = b"abcdefghijklmnopqrstuvwxyz" * (size // 26 + 2)
    if size > len(text):
        text += pattern[len(text) % 26:][:size - len(text)]
    return text


with registered():
    for size in SIZES:
        perf = Perf("-m", "8M")
        live = tail("--output=cat", "--buffer-size=8192")
        done = run(LOGTAP, "run", HELPERS + "/talk", "1", "1", str(size))
        code, shown, errors = live.stop()
        path = perf.stop()
        view_code, viewed, view_errors = view(path, "--output=cat")
        perf.remove()
        wanted = filled(b"line", size) + b"\n" + filled(b"syslog", size) + b"\n"
        equal("%d bytes: the program's own stderr" % size, done.stderr,
              filled(b"line", size) + b"\n")
        equal("%d bytes: tail" % size, shown, wanted)
        equal("%d bytes: perf and view" % size, viewed, wanted)
        equal("%d bytes: no complaint" % size, (code, errors.count(b"\n"), view_code, view_errors),
              (0, 1, 0, b""))

log = run("dmesg").stdout
check("the kernel's log is free of warnings", b"WARNING" not in log and b"Call Trace" not in log,
      log[-2000:])
finish()
