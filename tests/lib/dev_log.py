# SPDX-License-Identifier: MIT
"""A /dev/log of the test's own, what programs send there, and the events that must stand for it."""
import os
import re
import socket
import threading

import harness
import recording
import world

# "<priority>Mon dd hh:mm:ss ", then "ident[pid]: "; a %s of the program's own meaning says "own ".
HEAD = re.compile(rb"(<\d+>)(?:own )?\w{3} [ \d]\d \d\d:\d\d:\d\d ([^:\[]*)(?:(\[)\d+\])?: ", re.DOTALL)

SEVERITIES = "emerg alert crit err warning notice info debug".split()
FACILITIES = ("kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock "
              "local0 local1 local2 local3 local4 local5 local6 local7").split()
IDENT_MAX = 255

# No program sends this to a log.
LAST = b"\0 that was all"


def need_own_dev():
    """Gives this process a /dev of its own, or skips.

    Where that is not allowed (a container), a missing /dev/log is used as it is; one that somebody
    listens at is left alone."""
    try:
        world.enter_own_dev()
    except OSError as error:
        if os.path.lexists("/dev/log") or not os.access("/dev", os.W_OK):
            harness.skip(f"no /dev of our own: {error}")


def listen():
    """A socket at /dev/log, which everybody may send to."""
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    log.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    log.bind("/dev/log")
    os.chmod("/dev/log", 0o666)
    return log


class DevLog:
    """Listens at /dev/log, in a thread of its own, so that no sender waits."""

    def __enter__(self):
        self.packets, self.all_read, self.ending = [], threading.Event(), False
        self.socket = listen()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        return self

    def _read(self):
        while True:
            packet = self.socket.recv(1 << 20)
            if packet != LAST:
                self.packets.append(packet)
                continue
            if self.ending:
                return
            self.all_read.set()

    def _send_last(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(LAST, "/dev/log")

    def take(self):
        """What has been sent until now, and since the last time."""
        self.all_read.clear()
        self._send_last()
        if not self.all_read.wait(harness.TIMEOUT):
            raise AssertionError("nobody reads /dev/log any more")
        taken, self.packets = self.packets, []
        return taken

    def masked(self):
        """The packets without their times and process numbers."""
        return [harness.mask(re.sub(rb"^(<\d+>)\w{3} [ \d]\d \d\d:\d\d:\d\d ", rb"\1", packet))
                for packet in self.packets]

    def __exit__(self, *_):
        self.ending = True
        self._send_last()
        self.thread.join()
        self.socket.close()
        os.unlink("/dev/log")

    def run(self, argv, **settings):
        """(status, stdout, stderr, datagrams)"""
        done = harness.run(argv, **settings)
        return done.status, done.stdout, done.stderr, self.take()


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
