# SPDX-License-Identifier: MIT
"""Runs one case in a world of its own and says what it did.

The world: an overlay over a root folder (what the case leaves behind is the overlay's upper
folder), its own mounts, processes, network and /dev, with a listener on /dev/log. Nothing of the
machine is touched, and what the case leaves running ends with it.
"""
import fcntl
import hashlib
import os
import select
import shutil
import signal
import socket
import stat
import struct
import tempfile
import threading
import time

import dev_log
import world
from world import MS_BIND, MS_PRIVATE, MS_REC, make_dev, mount

# What a case may call beside the programs it is about.
PRELUDE = r"""
for f in /rec/*; do [ -e "$f" ] && chmod 666 "$f"; done
wait_port() { python3 -c '
import socket, sys, time
for _ in range(3000):
    try: socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close(); break
    except OSError: time.sleep(0.05)
' "$1"; }
nc_once() { python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 60); s.sendall(sys.stdin.buffer.read())
s.settimeout(60)
while True:
    b = s.recv(4096)
    if not b: break
    sys.stdout.buffer.write(b)
' "$1"; }
"""

# A case that sends a program's stderr to a file uses this one: its lines count as arrived.
ELSEWHERE = "stderr.elsewhere"


class Unavailable(Exception):
    """The machine does not let us make such a world."""


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sH14s", b"lo", 0x1 | 0x40, b"")  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(s, 0x8914, request)  # SIOCSIFFLAGS


def enter(root, state, binds):
    """Builds the world around the calling process; `state` holds the overlay's folders."""
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("tmpfs", state, "tmpfs")
    for name in ("upper", "work", "merged"):
        os.mkdir(f"{state}/{name}")
    merged = f"{state}/merged"
    mount("overlay", merged, "overlay", 0,
          f"lowerdir={root},upperdir={state}/upper,workdir={state}/work")
    for folder in ("dev", "proc", "sys", "run", "tmp"):
        os.makedirs(f"{merged}/{folder}", exist_ok=True)
    mount("proc", f"{merged}/proc", "proc")
    mount("/sys", f"{merged}/sys", None, MS_BIND | MS_REC)
    make_dev(f"{merged}/dev")
    # Behind /dev, which one of them may lie in (/dev/shm).
    for source, target in binds:
        os.makedirs(merged + target, exist_ok=True)
        mount(source, merged + target, None, MS_BIND | MS_REC)
    bring_up_loopback()
    os.makedirs(f"{merged}/case", exist_ok=True)
    os.chmod(f"{merged}/case", 0o777)
    os.chroot(merged)
    os.chdir("/case")
    return f"{state}/upper"


def tree(folder):
    """Every file below folder: kind, mode, and for plain files a digest of the bytes."""
    found = {}
    for path, folders, files in os.walk(folder):
        for name in folders + files:
            full = os.path.join(path, name)
            info = os.lstat(full)
            what = f"{stat.filemode(info.st_mode)} {info.st_uid}:{info.st_gid}"
            if stat.S_ISREG(info.st_mode):
                with open(full, "rb") as f:
                    what += " " + hashlib.sha256(f.read()).hexdigest()[:16]
            elif stat.S_ISLNK(info.st_mode):
                what += " -> " + os.readlink(full)
            found[os.path.relpath(full, folder)] = what
    return found


def all_asleep():
    """Whether none of this world's other processes is at work: between writing a line and sending
    its event, for example, where the end of this world would kill it."""
    for name in os.listdir("/proc"):
        if name.isdigit() and name != "1":
            try:
                with open(f"/proc/{name}/stat", "rb") as f:
                    if f.read().rsplit(b")", 1)[1].split()[0] in (b"R", b"D"):
                        return False
            except (OSError, IndexError):
                pass
    return True


def text_of_entry(entry):
    """The MESSAGE of an entry in the journal's own form."""
    at = 0
    while at < len(entry):
        end = entry.index(b"\n", at)
        name, equals, value = entry[at:end].partition(b"=")
        if not equals:
            size = struct.unpack_from("<Q", entry, end + 1)[0]
            value = entry[end + 9:end + 9 + size]
            end += 9 + size
        if name == b"MESSAGE":
            return value
        at = end + 1
    return b""


class Log:
    """Listens at /dev/log and, where the case wants a journal, at its sockets."""

    def __init__(self, with_journal):
        self.log = dev_log.listen()
        self.entries = self.listener = None
        self.streams = {}
        if with_journal:
            os.makedirs("/run/systemd/journal", exist_ok=True)
            self.entries = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.entries.bind("/run/systemd/journal/socket")
            self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.listener.bind("/run/systemd/journal/stdout")
            self.listener.listen(16)

    def _take_stream(self, stream, report):
        data = stream.recv(65536)
        self.streams[stream] += data
        if data:
            return
        # Behind the seven lines of its head, without what a line begins with; no empty ones.
        lines = self.streams.pop(stream).split(b"\n")[7:]
        stream.close()
        for line in lines:
            text = line[3:] if line[:1] == b"<" and line[2:3] == b">" else line
            if text:
                os.write(report, b"J%d\n" % len(text) + text)

    def take(self, report, seconds):
        """Reports what has arrived, and waits for `seconds` where there is nothing."""
        while True:
            sources = [s for s in (self.log, self.entries, self.listener, *self.streams) if s]
            ready = select.select(sources, [], [], seconds)[0]
            if not ready:
                return
            seconds = 0
            for source in ready:
                if source is self.log:
                    message = source.recv(1 << 20)
                    os.write(report, b"L%d\n" % len(message) + message)
                elif source is self.entries:
                    text = text_of_entry(source.recv(1 << 20))
                    os.write(report, b"J%d\n" % len(text) + text)
                elif source is self.listener:
                    self.streams[source.accept()[0]] = b""
                else:
                    self._take_stream(source, report)


def as_first_process(argv, env, fds, report, limit, with_journal):
    """Process 1 of the world: starts the case, collects /dev/log, ends when the case ends."""
    log = Log(with_journal)
    pid = os.fork()
    if pid == 0:
        null = os.open("/dev/null", os.O_RDONLY)
        for number, fd in ((0, null), (1, fds[1]), (2, fds[2])):
            os.dup2(fd, number)
        os.closerange(3, 4096)
        os.umask(0o022)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        os.execve(argv[0], argv, env)
    for fd in fds[1:]:
        os.close(fd)
    status, alive, end, grace = None, True, time.monotonic() + limit, None
    while alive:
        log.take(report, 0.02)
        while True:
            try:
                done, code = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                alive = False
                break
            if done == 0:
                break
            if done == pid:
                status = os.waitstatus_to_exitcode(code)
                # What still runs gets a moment to end by itself, so that its last lines arrive.
                grace = time.monotonic() + 1
        if grace and time.monotonic() > grace and (all_asleep() or time.monotonic() > grace + 60):
            break
        if time.monotonic() > end:
            return "timeout"
    # What the last one said before it ended, and after we had looked.
    log.take(report, 0)
    return status


def drain(fd, into):
    while True:
        data = os.read(fd, 65536)
        if not data:
            return
        into.append(data)


class Result:
    def __init__(self, out, err, status, log, journal, files, elsewhere):
        self.out, self.err, self.status = out, err, status
        self.log, self.journal, self.files, self.elsewhere = log, journal, files, elsewhere


def read_report(data):
    """The first process's notes: L<size>\\n<bytes> per syslog message, J likewise per message of the
    journal's, S<status>, F<path>\\t<what>, E<size>\\n<bytes> of the file ELSEWHERE."""
    log, journal, files, status, elsewhere, at = [], [], {}, None, b"", 0
    while at < len(data):
        end = data.index(b"\n", at)
        kind, rest = data[at:at + 1], data[at + 1:end]
        at = end + 1
        if kind in b"LJ":
            (log if kind == b"L" else journal).append(data[at:at + int(rest)])
            at += int(rest)
        elif kind == b"E":
            elsewhere = data[at:at + int(rest)]
            at += int(rest)
        elif kind == b"S":
            status = rest.decode()
        elif kind == b"F":
            name, _, what = rest.decode(errors="surrogateescape").partition("\t")
            files[name] = what
        elif kind == b"X":
            raise Unavailable(rest.decode())
    return status, log, journal, files, elsewhere


def run(root, argv, env, script, binds=(), limit=120, with_journal=False):
    """Runs argv in a fresh world over `root`, with the case's text at /case.sh."""
    state = tempfile.mkdtemp(prefix="logtap-matrix-")
    out_r, out_w = os.pipe()
    err_r, err_w = os.pipe()
    rep_r, rep_w = os.pipe()
    outer = os.fork()
    if outer == 0:
        for fd in (out_r, err_r, rep_r):
            os.close(fd)
        code = 1
        try:
            world.unshare(world.NEWNS | world.NEWUTS | world.NEWIPC | world.NEWPID | world.NEWNET)
            first = os.fork()
            if first == 0:
                world.LIBC.sethostname(b"matrix", 6)
                host = os.open("/", os.O_RDONLY)
                upper = enter(root, state, binds)
                with open("/case.sh", "w") as f:
                    f.write(PRELUDE + script)
                status = as_first_process(argv, env, (None, out_w, err_w), rep_w, limit, with_journal)
                os.fchdir(host)
                os.chroot(".")
                for name, what in tree(upper).items():
                    if not name.startswith(("dev/", "proc/", "run/matrix-")):
                        if name == "case/" + ELSEWHERE:
                            with open(f"{upper}/{name}", "rb") as f:
                                lines = f.read()
                            os.write(rep_w, b"E%d\n" % len(lines) + lines)
                        os.write(rep_w, f"F{name}\t{what}\n".encode(errors="surrogateescape"))
                os.write(rep_w, f"S{status}\n".encode())
                os._exit(0)
            os.close(out_w), os.close(err_w)
            os.waitpid(first, 0)
            code = 0
        except OSError as e:
            os.write(rep_w, f"X{e}\n".encode())
        finally:
            os._exit(code)
    for fd in (out_w, err_w, rep_w):
        os.close(fd)
    parts = ([], [], [])
    threads = [threading.Thread(target=drain, args=(fd, into))
               for fd, into in zip((out_r, err_r, rep_r), parts)]
    for t in threads:
        t.start()
    os.waitpid(outer, 0)
    for t in threads:
        t.join()
    for fd in (out_r, err_r, rep_r):
        os.close(fd)
    shutil.rmtree(state, ignore_errors=True)
    out, err, report = (b"".join(p) for p in parts)
    return Result(out, err, *read_report(report))
