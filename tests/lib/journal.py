# SPDX-License-Identifier: MIT
"""The log's sockets, all of them, with listeners of the test's own: /dev/log, the journal's, and port
514 of the loopback interface."""
import array
import contextlib
import os
import queue
import socket
import threading

import harness
import world

FOLDER = "/run/systemd/journal"
# No program sends this to a log.
LAST = b"\0 that was all"


def need_own_run():
    """Gives this process, whose mounts are its own already, a /run of its own, or skips."""
    try:
        world.mount("tmpfs", "/run", "tmpfs")
    except OSError as error:
        harness.skip(f"no /run of our own: {error}")


def _file_of(controls):
    """What was handed over instead of a datagram."""
    for _, _, data in controls:
        fd = array.array("i", data)[0]
        try:
            return os.pread(fd, os.fstat(fd).st_size, 0)
        finally:
            os.close(fd)
    return b""


class Listeners:
    """Listens at each, in threads, so that no sender waits. Messages are kept in the order in which
    each socket had them, sockets one behind the other; of a stream all bytes are one message."""

    def __enter__(self):
        self.closing = contextlib.ExitStack()
        self.found, self.paths, self.datagrams, self.streams = queue.Queue(), [], [], []
        os.makedirs(FOLDER, exist_ok=True)
        for path in ("/dev/log", f"{FOLDER}/dev-log", f"{FOLDER}/socket"):
            self._listen(socket.AF_UNIX, path)
        self.has_port = False
        with contextlib.suppress(OSError):
            self._listen(socket.AF_INET, ("127.0.0.1", 514))
            self.has_port = True
        stream = self._open(socket.AF_UNIX, socket.SOCK_STREAM, f"{FOLDER}/stdout")
        stream.listen(16)
        threading.Thread(target=self._accept, args=(stream,), daemon=True).start()
        return self

    def _open(self, family, kind, address):
        found = self.closing.enter_context(socket.socket(family, kind))
        found.bind(address)
        if isinstance(address, str):
            self.paths.append(address)
            os.chmod(address, 0o666)
        return found

    def _listen(self, family, address):
        found = self._open(family, socket.SOCK_DGRAM, address)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        self.datagrams.append((family, address))
        threading.Thread(target=self._read, args=(found, len(self.datagrams)), daemon=True).start()

    def _read(self, found, number):
        while True:
            try:
                data, controls, _, _ = found.recvmsg(1 << 23, 1024)
            except OSError:
                return
            self.found.put((number, data or _file_of(controls)))

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            parts, ended = [], threading.Event()
            self.streams.append((parts, ended))
            threading.Thread(target=self._drain, args=(connection, parts, ended), daemon=True).start()

    @staticmethod
    def _drain(connection, parts, ended):
        with connection:
            while data := connection.recv(65536):
                parts.append(data)
        ended.set()

    def take(self):
        """What has been sent since the last time, by programs that have ended."""
        for family, address in self.datagrams:
            with socket.socket(family, socket.SOCK_DGRAM) as end:
                end.sendto(LAST, address)
        messages, open_sockets = [], len(self.datagrams)
        while open_sockets:
            number, data = self.found.get(timeout=harness.TIMEOUT)
            if data == LAST:
                open_sockets -= 1
            else:
                messages.append((number, data))
        messages.sort(key=lambda message: message[0])
        # Whoever connected has been accepted by the time that another connection is.
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as last:
            count = len(self.streams)
            last.connect(f"{FOLDER}/stdout")
            harness.wait_for(lambda: len(self.streams) > count)
        streams, self.streams = self.streams, []
        for _, ended in streams:
            ended.wait(harness.TIMEOUT)
        return [data for _, data in messages] + [b"".join(parts) for parts, _ in streams if parts]

    def __exit__(self, *_):
        self.closing.close()
        for path in self.paths:
            os.unlink(path)
