#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A /dev/log of the test's own, what programs send there, and the events that must stand for it."""
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

NEWUSER, MNT_DETACH = 0x10000000, 2


def own_user_namespace():
    """Rights over mounts, for who has none."""
    uid, gid = os.geteuid(), os.getegid()
    sandbox.check(sandbox.LIBC.unshare(NEWUSER), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"),
                       ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def make_dev_of_binds():
    """As sandbox.make_dev, without the right to make device files."""
    with tempfile.TemporaryDirectory(prefix="logtap-dev-") as old:
        sandbox.mount("/dev", old, None, sandbox.MS_BIND | sandbox.MS_REC)
        sandbox.mount("tmpfs", "/dev", "tmpfs", 0, "mode=755")
        for name in ("null", "zero", "full", "random", "urandom", "tty"):
            with open(f"/dev/{name}", "wb"):
                pass
            sandbox.mount(f"{old}/{name}", f"/dev/{name}", None, sandbox.MS_BIND)
        sandbox.check(sandbox.LIBC.umount2(old.encode(), MNT_DETACH), "umount2")


def enter():
    """A /dev of our own in a mount namespace of our own; a problem or None."""
    try:
        if os.geteuid() != 0:
            own_user_namespace()
        sandbox.check(sandbox.LIBC.unshare(sandbox.NEWNS), "unshare")
        sandbox.mount("none", "/", None, sandbox.MS_REC | sandbox.MS_PRIVATE)
        if os.geteuid() == 0:
            sandbox.make_dev("/dev")
        else:
            make_dev_of_binds()
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
