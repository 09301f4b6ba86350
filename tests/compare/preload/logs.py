#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs that write to the log's sockets themselves, with listeners of our own at all of them: what
arrives is the same without and with the shim, and the events say it."""
import os
import re
import shutil
import sys

import dev_log
import harness
import journal
import recording
from harness import LOGTAP

# Not what PATH finds, which may be a script around it.
PYTHON = sys.executable
NAME = os.path.basename(PYTHON)

LIBSYSTEMD = "/usr/lib/x86_64-linux-gnu/libsystemd.so.0"

HEAD = """
import array, ctypes, logging, logging.handlers, os, socket, struct, syslog, sys
J = "/run/systemd/journal/"
def entry(*fields): return [f.encode() + b"\\n" for f in fields]
def send(pieces, flags=0): socket.socket(1, 2).sendmsg(pieces, [], flags, J + "socket")
def log(): s = socket.socket(1, 2); s.connect("/dev/log"); return s
"""

# Python programs, and the events that stand for them: (event, level, ident, fields or facility, message).
PROGRAMS = {
    "handler": ("""
l = logging.getLogger("x"); h = logging.handlers.SysLogHandler("/dev/log"); l.addHandler(h)
l.error("from the handler"); h.ident = "app: "; l.warning("two\\nlines")
""", [("syslog", "err", NAME, "user", "from the handler"),
      ("syslog", "warning", "app", "user", "two\nlines")]),
    "not twice": ("""
syslog.openlog("py", syslog.LOG_PID, syslog.LOG_DAEMON); syslog.syslog(syslog.LOG_ERR, "through libc")
""", [("syslog", "err", "py", "daemon", "through libc")]),
    "connected": ("""
s = log(); s.send(b"<30>Nov 28 22:50:40 d[%d]: one" % os.getpid()); os.write(s.fileno(), b"<30>Nov  8 22:50:40 d[7]: two")
s.close(); f = os.open("/dev/null", 1); os.write(f, b"<30>not a message")
""", [("syslog", "info", "d", "daemon", "one"), ("syslog", "info", "d[7]", "daemon", "two")]),
    "handed on": ("""
s = log(); os.dup2(s.fileno(), 9)
os.execv("/bin/sh", ["sh", "-c", "printf '<11>by a child' >&9; printf '<12>%s' by-another | cat >&9"])
""", [("syslog", "err", "sh", "user", "by a child"), ("syslog", "warning", "cat", "user", "by-another")]),
    "long": ("""
s = log(); s.send(b"<13>app: " + b"x" * 9000); s.send(b"<13>app: " + "\\u20ac".encode() * 3000)
""", [("syslog", "notice", "app", "user", "x" * 9000), ("syslog", "notice", "app", "user", "\u20ac" * 3000)]),
    "refused": ("""
s = log(); s.setblocking(False)
try: s.send(b"<13>" + b"x" * (8 << 20))
except OSError: pass
try: socket.socket(1, 2).sendto(b"<13>x", "/dev/nobody/dev/log")
except OSError: pass
""", []),
    "udp": ("""
s = socket.socket(2, 2); s.sendto(b"<13>app: by address", ("127.0.0.1", 514)); s.connect(("127.0.0.1", 514))
s.send(b"<13>app: connected"); s.connect(("127.0.0.1", 515))
try: s.send(b"<13>app: elsewhere")
except OSError: pass
""", [("syslog", "notice", "app", "user", "by address"), ("syslog", "notice", "app", "user", "connected")]),
    "entries": ("""
send(entry("MESSAGE=plain", "PRIORITY=3"))
send([b"SYSLOG_IDENTIFIER=me\\nA=1\\nMESSAGE\\n" + struct.pack("<Q", 9) + b"two\\nlines\\nB=2\\n"])
s = socket.socket(1, 2); s.connect(J + "socket"); s.send(b"MESSAGE=" + b"x" * 9000)
""", [("journal", "err", NAME, "", "plain"), ("journal", "info", "me", "A=1\nB=2\n", "two\nlines"),
      ("journal", "info", NAME, "", "x" * 9000)]),
    "an entry as a file": ("""
fd = os.memfd_create("x"); os.write(fd, b"MESSAGE=" + b"y" * 300000 + b"\\nPRIORITY=4\\n")
socket.socket(1, 2).sendmsg([], [(1, 1, array.array("i", [fd]))], 0, J + "socket")
""", [("journal", "warning", NAME, "", "y" * 300000)]),
    "streams": ("""
s = socket.socket(1, 1); s.connect(J + "stdout"); s.sendall(b"streamer\\n\\n5\\n1\\n0\\n0\\n0\\n")
f = s.makefile("wb", 0); f.write(b"<3>error\\nplain\\npie"); f.write(b"ces\\n\\n"); f.write(b"z" * 9000 + b"\\nno end")
sys.stdout.flush(); os.dup2(s.fileno(), 1); os.write(1, b" yet\\n"); os.write(1, b"unfinished")
os.execv("/bin/sh", ["sh", "-c", "echo from sh; /bin/echo '<2>from echo'; echo unseen >/dev/null"])
""", [("syslog", "err", "streamer", "user", "error"), ("syslog", "notice", "streamer", "user", "plain"),
      ("syslog", "notice", "streamer", "user", "pieces"), ("syslog", "notice", "streamer", "user", "z" * 9000),
      ("syslog", "notice", "streamer", "user", "no end yet"), ("syslog", "notice", "streamer", "user", "unfinished"),
      ("syslog", "notice", "streamer", "user", "from sh"), ("syslog", "crit", "streamer", "user", "from echo")]),
    "libsystemd": (f"""
lib = ctypes.CDLL("{LIBSYSTEMD}")
lib.sd_journal_print(3, b"printed %d", 1)
lib.sd_journal_send(b"MESSAGE=sent", b"PRIORITY=%i", 4, b"X=%s", b"y", None)
fd = lib.sd_journal_stream_fd(b"lib", 6, 1); os.write(fd, b"<4>on a stream\\n")
""", [("journal", "err", NAME, "", "printed 1"), ("journal", "warning", NAME, "X=y\n", "sent"),
      ("syslog", "warning", "lib", "user", "on a stream")]),
}

# Commands, as PROGRAMS.
COMMANDS = {
    "logger": ("logger -p daemon.err -t tag one; echo two | logger -t tag; logger -i --id=42 -p local3.debug -t tag three;"
               "logger --rfc5424=notime -t tag --id=42 four",
               [("syslog", "err", "tag", "daemon", "one"), ("syslog", "notice", "tag", "user", "two"),
                ("syslog", "debug", "tag[42]", "local3", "three"), ("syslog", "notice", "tag[42]", "user", "four")]),
    "systemd-cat": ("systemd-cat -t backup -p warning sh -c 'echo out; echo err >&2; /bin/echo \"<3>echo\"; echo cat | cat'",
                    [("syslog", "warning", "backup", "user", "out"), ("stderr", "info", "sh", None, "err"),
                     ("syslog", "err", "backup", "user", "echo"), ("syslog", "warning", "backup", "user", "cat")]),
}


def said(path):
    for event in recording.joined(recording.events(path)):
        fields = {name: value.decode() for name, value in event.fields.items() if isinstance(value, bytes)}
        yield (event.name, fields["level"], fields["ident"], fields.get("facility", fields.get("fields")),
               event.message.decode())


class Logs(harness.Case):
    def both(self, argv, wanted, logs):
        path = self.path("logtap.data")
        plain = harness.run(argv, cwd=self.folder), logs.take()
        shim = harness.run([LOGTAP, "record", "-o", path, "--", *argv], cwd=self.folder), logs.take()
        self.assertEqual(shim[0], plain[0])
        self.assertEqual([masked(m) for m in shim[1]], [masked(m) for m in plain[1]])
        got = list(said(path))
        self.assertEqual([row if len(row[4]) < 200 else (*row[:4], hash(row[4])) for row in got],
                         [row if len(row[4]) < 200 else (*row[:4], hash(row[4])) for row in wanted])

    def test_programs(self):
        with journal.Listeners() as logs:
            for name, (program, wanted) in PROGRAMS.items():
                if (name == "libsystemd" and not os.path.exists(LIBSYSTEMD)) or (
                        name == "udp" and not logs.has_port):
                    continue
                with self.subTest(program=name):
                    self.both([PYTHON, "-c", HEAD + program], wanted, logs)

    def test_commands(self):
        with journal.Listeners() as logs:
            for name, (script, wanted) in COMMANDS.items():
                if shutil.which(name):
                    with self.subTest(command=name):
                        self.both(["sh", "-c", script], wanted, logs)

    def test_no_journal(self):
        """Its library says that the entry was sent; on /dev/log nobody says so."""
        path = self.path("logtap.data")
        program = HEAD + """
try: send(entry("MESSAGE=to nobody", "PRIORITY=3"))
except FileNotFoundError: pass
try: socket.socket(1, 2).sendto(b"<13>x", "/dev/log")
except FileNotFoundError: print("nobody")
"""
        done = harness.run([LOGTAP, "record", "-o", path, "--", PYTHON, "-c", program],
                           cwd=self.folder)
        self.assertEqual((done.status, done.stdout), (0, b"nobody\n"))
        self.assertEqual(list(said(path)), [("journal", "err", NAME, "", "to nobody")])

    def test_view(self):
        """A journal event is a line like any other."""
        with journal.Listeners():
            _, found = self.record([PYTHON, "-c", HEAD + "send(entry('MESSAGE=to see', 'PRIORITY=3', 'X=1'))"],
                                   cwd=self.folder)
        self.assertRegex(found.read("--output=short").decode(), re.escape(NAME) + r"\[\d+\]: <err> to see\n$")
        self.assertEqual(found.cat(), b"to see\n")
        self.assertEqual(found.events()[0]["fields"]["fields"], "X=1\n")

    def test_settings(self):
        program = HEAD + """
s = log(); s.send(b"<11>an error"); s.send(b"<15>a detail"); os.write(2, b"to stderr\\n")
"""
        with journal.Listeners() as logs:
            for options, wanted in ((["--capture=syslog"], ["an error", "a detail"]),
                                    (["--capture=stderr"], ["to stderr"]),
                                    (["--level=err", "--capture=syslog"], ["an error"]),
                                    (["--passthrough=off"], ["an error", "a detail", "to stderr"])):
                path = self.path("logtap.data")
                harness.run([LOGTAP, "record", *options, "-o", path, "--", PYTHON, "-c", program],
                            cwd=self.folder)
                self.assertEqual([row[4] for row in said(path)], wanted, options)
                # Nobody can tell whether a log would have taken it: it is always given what it is sent.
                self.assertEqual(len(logs.take()), 2, options)


def masked(message):
    """Times and process numbers differ between two runs of anything."""
    message = re.sub(rb"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d", b"TIME", message)
    return re.sub(rb"\[\d+\]", b"[PID]", message)


if __name__ == "__main__":
    dev_log.need_own_dev()
    journal.need_own_run()
    harness.main()
