#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the program of syslogs.c without and with the shim, beside a /dev/log of its own.

    syslog.py BUILD SYSLOGS

The datagrams, stdout, stderr and the status must be the same, but for time and pid; and what was
captured must be the datagrams' texts, in their order.
"""
import os
import re
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, f"{HERE}/../matrix"]
import recording  # noqa: E402
import sandbox  # noqa: E402

# "<priority>Mon dd hh:mm:ss ", then "ident[pid]: "; a %s of the program's own meaning says "own ".
HEAD = re.compile(rb"(<\d+>)(?:own )?\w{3} [ \d]\d \d\d:\d\d:\d\d ([^:\[]*)(?:(\[)\d+\])?: ", re.DOTALL)

SEVERITIES = "emerg alert crit err warning notice info debug".split()
FACILITIES = ("kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock "
              "local0 local1 local2 local3 local4 local5 local6 local7").split()
IDENT_MAX = 255

MODES = {
    "plain": {},
    "passthrough": {"LOGTAP_PASSTHROUGH": "on", "LOGTAP_CAPTURE": "syslog"},
    "stderr": {"LOGTAP_CAPTURE": "stderr"},
}


def enter():
    """A /dev of our own in a mount namespace of our own; a problem or None."""
    try:
        sandbox.check(sandbox.LIBC.unshare(sandbox.NEWNS), "unshare")
        sandbox.mount("none", "/", None, sandbox.MS_REC | sandbox.MS_PRIVATE)
        sandbox.make_dev("/dev")
    except OSError as error:
        return str(error)
    return None


def collect(log, into):
    while True:
        data = log.recv(1 << 17)
        if data == b"that was all":
            return
        into.append(data)


def run(log, argv, **settings):
    """(status, stdout, stderr, datagrams)"""
    got = []
    thread = threading.Thread(target=collect, args=(log, got))
    thread.start()
    try:
        env = dict(os.environ, **settings)
        done = subprocess.run(argv, env=env, capture_output=True, check=False, timeout=600,
                              stdin=subprocess.DEVNULL)
    finally:
        with sandbox.socket.socket(sandbox.socket.AF_UNIX, sandbox.socket.SOCK_DGRAM) as end:
            end.sendto(b"that was all", "/dev/log")
        thread.join()
    return done.returncode, done.stdout, done.stderr, got


def split(datagram):
    """The datagram without time and pid, and its text."""
    head = HEAD.match(datagram)
    assert head, datagram[:80]
    text = datagram[head.end():]
    return b"%s %s%s: %s" % (head[1], head[2], head[3] or b"", text), text


def compare(name, plain, shim):
    for what, a, b in zip(("status", "stdout", "stderr"), plain, shim):
        if a != b:
            yield f"{name}: {what} differs: {first_difference(a, b)}"
    a, b = ([split(d)[0] for d in side[3]] for side in (plain, shim))
    if a != b:
        yield f"{name}: datagrams differ: {first_difference(a, b)}"


def first_difference(a, b):
    if isinstance(a, int):
        return f"{a} without, {b} with the shim"
    if isinstance(a, bytes):
        a, b = a.split(b"\n"), b.split(b"\n")
    for i, (one, other) in enumerate(zip(a, b)):
        if one != other:
            return f"{i}: {one!r:.300} without, {other!r:.300} with the shim"
    return f"{len(a)} without, {len(b)} with the shim"


def fields(datagram):
    """Of the event that stands for a datagram: level, facility, ident, message."""
    head = HEAD.match(datagram)
    priority, text = int(head[1][1:-1]), datagram[head.end():]
    facility = priority >> 3
    return (SEVERITIES[priority & 7],
            FACILITIES[facility] if facility < len(FACILITIES) else "unknown",
            # where %s means "own %s", libc's own head is written so, too
            head[2].replace(b"own ", b"")[:IDENT_MAX], text[:-1] if text.endswith(b"\n") else text)


def captured(path):
    for event in recording.joined(recording.events(path)):
        if event.name == "syslog":
            yield (event.fields["level"].decode(), event.fields["facility"].decode(),
                   event.fields["ident"], event.message)


def compare_events(name, path, datagrams):
    # libc's own complaints about unknown bits don't pass the program's call
    want = [found for found in map(fields, datagrams)
            if not found[3].startswith(b"syslog: unknown facility/priority: ")]
    got = list(captured(path))
    if want != got:
        yield f"{name}: captured differs: {first_difference(want, got)} (without: arrived)"


def main():
    build, program = sys.argv[1:]
    problem = enter()
    if problem:
        print(f"SKIPPED: no /dev of our own: {problem}")
        return 77
    problems = []
    with tempfile.TemporaryDirectory(prefix="logtap-syslog-") as folder, \
            sandbox.listen_on_dev_log() as log:
        for locale in ("C", "C.UTF-8"):
            plain = run(log, [program, locale])
            assert plain[0] == 0 and len(plain[3]) > 600, (plain[0], len(plain[3]))
            for mode, settings in MODES.items():
                path = f"{folder}/{mode}.data"
                shim = run(log, [f"{build}/bin/logtap", "record", "-o", path, "--", program,
                                 locale], **settings)
                problems += compare(f"{mode} {locale}", plain, shim)
                if mode != "stderr":
                    problems += compare_events(f"{mode} {locale}", path, shim[3])
                elif recording.messages(path, "syslog"):
                    problems.append("stderr: syslog events")
            print(f"{locale}: {len(plain[3])} messages")
    for problem in problems:
        print("FAILED", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
