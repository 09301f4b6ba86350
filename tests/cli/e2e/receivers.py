# SPDX-License-Identifier: MIT
"""What collectors deliver to, as small as it goes, and by nothing of the project's: an OTLP receiver that
reads protobuf's wire format by hand, systemd-journal-remote's upload, and a syslog server."""

import gzip
import http.server
import json
import socket
import struct
import threading


# --- protobuf, from its wire format alone --------------------------------------------------------

def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """{number: [values]} of a message: numbers, and bytes for what has a length."""
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            value, at = struct.unpack_from("<Q", data, at)[0], at + 8
        elif kind == 5:
            value, at = struct.unpack_from("<I", data, at)[0], at + 4
        elif kind == 2:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
            if len(value) != size:
                raise ValueError("a field runs past the end")
        else:
            raise ValueError(f"wire type {kind}")
        found.setdefault(key >> 3, []).append(value)
    return found


def any_value(data):
    found = fields(data)
    if 1 in found:
        return found[1][-1].decode("utf-8")
    return found[3][-1] if 3 in found else None


def attributes(pairs):
    found = {}
    for pair in pairs:
        one = fields(pair)
        key = one[1][0].decode("utf-8")
        if key in found:
            raise ValueError(f"{key} stands there twice")
        found[key] = any_value(one[2][0])
    return found


def log_records(data):
    """The records of an ExportLogsServiceRequest, each with its resource and scope."""
    records = []
    for group in fields(data).get(1, []):
        group = fields(group)
        resource = attributes(fields(group[1][0]).get(1, []))
        for scoped in group.get(2, []):
            scoped = fields(scoped)
            scope = fields(scoped[1][0]).get(1, [b""])[0].decode("utf-8")
            for record in scoped.get(2, []):
                one = fields(record)
                records.append({
                    "time": one[1][0], "observed": one[11][0], "severity": one.get(2, [0])[0],
                    "text": one.get(3, [b""])[0].decode("utf-8"), "body": any_value(one[5][0]),
                    "event": one.get(12, [b""])[0].decode("utf-8"), "scope": scope,
                    "attributes": attributes(one.get(6, [])), "resource": resource})
    return records


def delimited(number, content):
    size, length = len(content), b""
    while True:
        length += bytes([size & 0x7f | (0x80 if size > 0x7f else 0)])
        size >>= 7
        if not size:
            return bytes([number << 3 | 2]) + length + content


def partial_success(rejected, message):
    return delimited(1, bytes([1 << 3, rejected]) + delimited(2, message.encode()))


# --- HTTP ----------------------------------------------------------------------------------------

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        status, headers, answer = receiver.take(self.path, dict(self.headers), body)
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        except OSError:
            pass

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


class HttpReceiver:
    """Keeps each request that it answered with success. `script`: answers to be given first, as
    (status, headers, body); or a function of the body that gives one, or None for success."""

    good = (200, {}, b"")

    def __init__(self, port=0, script=()):
        self.script = list(script)
        self.judge = None
        self.requests, self.refused = [], []
        self.lock = threading.Lock()
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.receiver = self
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def take(self, path, headers, body):
        with self.lock:
            answer = self.judge(body) if self.judge else None
            if answer is None and self.script:
                answer = self.script.pop(0)
            answer = answer or self.good
            (self.requests if answer[0] < 300 else self.refused).append((path, headers, body))
            return answer

    def bodies(self):
        with self.lock:
            return [body for _, _, body in self.requests]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class OtlpReceiver(HttpReceiver):
    good = (200, {"Content-Type": "application/x-protobuf"}, b"")

    def records(self):
        return [record for body in self.bodies() for record in log_records(body)]

    def messages(self):
        return [record["body"] for record in self.records()]


def export_entries(data):
    """Entries of the journal's export format, as {name: bytes}."""
    entries, entry, at = [], {}, 0
    while at < len(data):
        end = data.index(b"\n", at)
        line = data[at:end]
        at = end + 1
        if not line:
            entries.append(entry)
            entry = {}
        elif b"=" in line:
            name, value = line.split(b"=", 1)
            entry[name.decode()] = value
        else:
            size = struct.unpack_from("<Q", data, at)[0]
            entry[line.decode()] = data[at + 8:at + 8 + size]
            at += 9 + size
    if entry:
        raise ValueError("the last entry is cut")
    return entries


class JournalReceiver(HttpReceiver):
    good = (202, {}, b"OK.\n")

    def entries(self):
        return [entry for body in self.bodies() for entry in export_entries(body)]

    def messages(self):
        return [entry["MESSAGE"].decode("utf-8", "replace") for entry in self.entries()]


# --- syslog --------------------------------------------------------------------------------------

class SyslogReceiver:
    """Octet-counted messages, of any number of connections. One that doesn't read has next to no room for
    what it is sent, so that most of it stays with the sender."""

    def __init__(self, port=0, reads=True):
        self.reads = reads
        self.socket = socket.socket()
        if not reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.socket.listen()
        self.port = self.socket.getsockname()[1]
        self.lines, self.connections = [], []
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                peer = self.socket.accept()[0]
            except OSError:
                return
            with self.lock:
                self.connections.append(peer)
            if self.reads:
                threading.Thread(target=self.read, args=(peer,), daemon=True).start()

    def has_bytes(self):
        with self.lock:
            try:
                return any(peer.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) for peer in self.connections)
            except BlockingIOError:
                return False

    def read(self, peer):
        data = b""
        while True:
            try:
                more = peer.recv(65536)
            except OSError:
                return
            if not more:
                peer.close()
                return
            data = self.take(data + more)

    def take(self, data):
        while b" " in data[:8]:
            size, rest = data.split(b" ", 1)
            if len(rest) < int(size):
                break
            with self.lock:
                self.lines.append(rest[:int(size)])
            data = rest[int(size):]
        return data

    def messages(self):
        with self.lock:
            return [line.split(b"] ", 1)[1].decode("utf-8", "replace") for line in self.lines]

    def hang_up(self):
        """Ends what is connected, as a daemon that is killed does."""
        with self.lock:
            for peer in self.connections:
                try:
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    peer.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                peer.close()
            self.connections.clear()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.hang_up()
        self.thread.join()


def json_objects(path):
    with open(path, "rb") as file:
        return [json.loads(line) for line in file.read().split(b"\n")[:-1]]
