# SPDX-License-Identifier: MIT
"""LOGTAP_LAYOUT=otel: the same programs and lines in both layouts have the same messages and severities,
and each event is what receivers of OpenTelemetry's Common Schema take."""
import codecs
import os
import random
import struct
import sys

import recording as own_reader
from harness import LOGTAP, Case, as_lines, main, program, record, run

SAY = program("e2e/say")
FLOOD = program("e2e/flood")
PYTHON = "/usr/bin/python3"

# Receivers take nothing but UTF-8: U+FFFD for each byte that belongs to no character.
codecs.register_error("each", lambda error: ("\ufffd" * (error.end - error.start), error.end))

NUMBERS = {"emerg": 21, "alert": 19, "crit": 18, "err": 17, "warning": 13, "notice": 10, "info": 9, "debug": 5}
LEVELS = {"emerg": 1, "alert": 1, "crit": 1, "err": 2, "warning": 3, "notice": 4, "info": 4, "debug": 5}

# Writes its lines in pieces of any size; and messages to syslog.
WRITER = """
import ctypes, os, random, sys
lines = open(sys.argv[1], "rb").read()
chance = random.Random(int(sys.argv[2]))
libc = ctypes.CDLL(None)
libc.openlog(b"odd-daemon", 0, 3 << 3)
at = 0
while at < len(lines):
    size = chance.choice((1, 7, 80, 433, 3000, 70000))
    at += os.write(2, lines[at:at + size])
words = [line for line in lines.replace(bytes(1), b"").splitlines() if line]
for index in range(60):
    line = chance.choice(words)[:chance.choice((1, 20, 300, 4000, 9000))]
    libc.syslog(index % 8, b"%s", line)
    libc.syslog(index % 8, line.replace(b"%", b"") + b"\\n")
"""
PIECES = (b"plain text ", b"error: ", b"warning: it is odd ", b"\xc3\xa9", b"\xe2\x82\xac", b"\xf0\x9f\x90\xa7", b"\xe2\x82",
          b"\xff", b"\x80", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\0", b"\x1b[31m", b"caf\xe9", b"\r", b"\t", b"%s %n ")
HEADS = (b"", b"", b"<3>", b"<7>", b"ls: cannot access 'x': No such file or directory ", b"E1121 18:50:01 ", b"level=warn ")


def odd_lines(seed):
    chance = random.Random(seed)
    lines = []
    for _ in range(60):
        size = chance.choice((0, 1, 30, 300, 500, 4000, 5000, 65536))
        line = chance.choice(HEADS)
        while len(line) < size:
            line += chance.choice(PIECES)
        lines.append(line)
    return b"\n".join(lines) + b"\n"


def parse(event):
    """A raw event's fields, by struct: {"": {...}, "PartA": {...}}, and what must hold for each event."""
    flags, _, _, _, _, level, size, kind = struct.unpack_from("<BBHHBBHH", event)
    assert (flags, kind) == (7, 1)
    meta, at, fields, inside, left = event[12:12 + size], 0, {"": {}}, "", 0
    here = 12 + size

    def name():
        nonlocal at
        end = meta.index(b"\0", at)
        text, at = meta[at:end].decode(), end + 1
        return text

    assert name() == "Log"
    while at < len(meta):
        field, encoding = name(), meta[at]
        at += 1
        form = meta[at] if encoding & 0x80 else None
        at += form is not None
        if left == 0:
            inside = ""
        if encoding == 0x81:
            inside, left = field, form
            assert left and field not in fields, (field, form)
            fields[field] = {}
            continue
        left -= inside != ""
        if encoding == 10:
            length = struct.unpack_from("<H", event, here)[0]
            value = event[here + 2:here + 2 + length].decode("utf-8")  # or it is none
            here += 2 + length
        else:
            layout = {(0x82, 7): "<?", (0x83, 2): "<h", (0x84, 1): "<I", (0x85, 2): "<q"}[encoding, form]
            value = struct.unpack_from(layout, event, here)[0]
            here += struct.calcsize(layout)
        assert field not in fields[inside], field
        fields[inside][field] = value
    assert left == 0 and here <= len(event), (left, here)
    assert set(event[here:]) <= {0}, "only padding follows"
    assert list(fields) == ["", "PartA", "PartC", "PartB"] and list(fields[""]) == ["__csver__"]
    assert list(fields["PartB"])[-1] == "body"
    return level, fields


def raw_events(path):
    """(pid, tid, event) of each sample, by nothing of the project's."""
    with open(path, "rb") as file:
        data = file.read()
    for kind, body in own_reader.records(data):
        if kind == own_reader.SAMPLE:
            _, pid, tid, _, _, _, size = struct.unpack_from("<QIIQIII", body)
            yield pid, tid, body[36 + 8:36 + size]


class Layout(Case):
    def both(self, argv, options=(), **keywords):
        """The recordings of a program in either layout."""
        found = []
        for layout in ("logtap", "otel"):
            folder = self.path(layout)
            os.makedirs(folder, exist_ok=True)
            outcome, recording = record(folder, argv, [f"--layout={layout}", *options], **keywords)
            found.append((outcome, recording))
        (plain, first), (otel, second) = found
        self.assertEqual(plain.status, otel.status)
        return first, second

    def assert_same(self, plain, otel):
        lines = plain.cat().decode("utf-8", "each").encode()
        self.assertEqual(otel.cat(), lines)
        for fields in ("level", "ident"):
            self.assertEqual(as_lines(plain.read("-o", "csv", f"--fields={fields}"))[1:],
                             as_lines(otel.read("-o", "csv", f"--fields={fields}"))[1:])
        self.assertEqual(plain.read("--level=err", "-o", "cat").decode("utf-8", "each").encode(),
                         otel.read("--level=err", "-o", "cat"))

    def promoted(self, recording):
        """Each record as a collector has it, its parts checked and joined."""
        messages, parts = [], {}
        for pid, tid, event in raw_events(recording.path):
            level, fields = parse(event)
            part_a, part_b, part_c = (fields[name] for name in ("PartA", "PartB", "PartC"))
            self.assertEqual((fields[""]["__csver__"], part_b["_typeName"]), (0x400, "Log"))
            self.assertEqual(part_b["severityNumber"], NUMBERS[part_b["severityText"]])
            self.assertEqual(level, LEVELS[part_b["severityText"]])
            self.assertRegex(part_a["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$")
            self.assertTrue(part_a["ext_cloud_role"])
            self.assertEqual((part_c["process.pid"], part_c["thread.id"]), (pid, tid))
            self.assertTrue(part_a["ext_cloud_roleInstance"].endswith(f"-{pid}"))
            self.assertLessEqual(len(event), 4048 + 7)
            body = part_b["body"]
            if "logtap.part" in part_c:
                uid = part_c["log.record.uid"]
                self.assertEqual(part_c["logtap.part"], len(parts.setdefault(uid, [])))
                parts[uid].append(body)
                if not part_c["logtap.last"]:
                    continue
                body = "".join(parts.pop(uid))
            messages.append((part_b["name"], body))
        self.assertEqual(parts, {})
        return messages

    def test_odd_lines(self):
        for seed in (1, 2):
            lines = self.write("lines", odd_lines(seed))
            plain, otel = self.both([PYTHON, "-c", WRITER, lines, str(seed)])
            self.assert_same(plain, otel)
            shown = otel.cat()
            promoted = self.promoted(otel)
            self.assertEqual(sorted(as_lines(shown)), sorted(
                line.encode() for _, body in promoted for line in (body.split("\n") if body else [""])))
            self.assertEqual({name for name, _ in promoted}, {"logtap.stderr", "logtap.syslog"})

    def test_random_seed(self):
        """Other lines in each run; the seed is told."""
        seed = int.from_bytes(os.urandom(4), "little")
        print("seed", seed, file=sys.stderr)
        plain, otel = self.both([PYTHON, "-c", WRITER, self.write("lines", odd_lines(seed)), str(seed)])
        self.assert_same(plain, otel)

    def test_mebibyte_line(self):
        plain, otel = self.both([SAY, "long"])
        self.assert_same(plain, otel)
        self.assertEqual(len(self.promoted(otel)), 1)

    def test_children_and_threads(self):
        """Each has numbers of its own, also behind a fork."""
        _, otel = self.both(["sh", "-c", "echo one >&2; (echo two >&2); ls /nonexistent; exec sh -c 'echo three >&2'"])
        found = self.promoted(otel)
        self.assertEqual(len(found), 4)
        self.assertEqual(len({event["pid"] for event in otel.events()}), 3)

    def test_many_writers(self):
        plain, otel = self.both([FLOOD, "8", "50", "6000"])
        self.assertEqual(sorted(as_lines(otel.cat())), sorted(as_lines(plain.cat())))
        self.assertEqual(len(self.promoted(otel)), 400)

    def test_services(self):
        variables = {"OTEL_SERVICE_NAME": "shop", "OTEL_RESOURCE_ATTRIBUTES": "k8s.pod.name=p%2C1,deployment=blue"}
        _, otel = self.both(["sh", "-c", "echo hi >&2"], **variables)
        event = otel.events("service=shop")[0]
        self.assertEqual(event["fields"]["PartC"]["k8s.pod.name"], "p,1")
        self.assertEqual(event["fields"]["PartC"]["deployment"], "blue")
        self.assertIn(b"shop[", otel.read())

    def test_without_time(self):
        _, recording = self.record(["sh", "-c", "echo hi >&2"], ["--layout=otel,notime"])
        self.assertEqual(recording.cat(), b"hi\n")
        self.assertNotIn("time", recording.events()[0]["fields"]["PartA"])

    def test_cat(self):
        path = self.path("cat.data")
        run([LOGTAP, "record", "-o", path, "true"])
        done = run([LOGTAP, "cat", "-t", "piped"], stdin=b"error: one\nt\xffo\n", LOGTAP_SINK=f"file:{path}", LOGTAP_LAYOUT="otel")
        self.assertEqual(done.status, 0, done.stderr)
        self.assertEqual(run([LOGTAP, "view", "-o", "csv", "--fields=tracepoint", path]).stdout.split(),
                         [b"tracepoint", b"logtap_L2K1", b"logtap_L4K1"])
        found = [parse(event)[1] for _, _, event in raw_events(path)]
        self.assertEqual([(fields["PartA"]["ext_cloud_role"], fields["PartB"]["body"]) for fields in found],
                         [("piped", "error: one"), ("piped", "t\ufffdo")])

    def test_tracepoints(self):
        """One for each level, whatever is captured."""
        script = "import os, syslog; os.write(2, b'plain\\nerror: one\\n'); syslog.syslog(syslog.LOG_DEBUG, 'two')"
        for capture in ("stderr", "syslog", "syslog,stderr"):
            _, recording = self.record([PYTHON, "-c", script], ["--layout=otel", f"--capture={capture}"])
            rows = as_lines(recording.read("-o", "csv", "--fields=tracepoint,PartB.severityText,message"))[1:]
            self.assertEqual([row.strip() for row in rows],
                             [b"logtap_L4K1,info,plain", b"logtap_L2K1,err,error: one"] * ("stderr" in capture) +
                             [b"logtap_L5K1,debug,two"] * ("syslog" in capture), capture)

    def test_levels_and_rate(self):
        script = "for i in 1 2 3 4 5; do echo error: $i >&2; echo plain $i >&2; done"
        plain, otel = self.both(["bash", "-c", script], ["--level=warning"])
        self.assert_same(plain, otel)
        plain, otel = self.both(["bash", "-c", script], ["--rate=3/1000"])
        self.assertIn(b"7 messages", otel.cat())
        self.assertIn(b"7", otel.read("--stats"))

    def test_bad_values(self):
        done = run([LOGTAP, "record", "-o", self.path("x"), "--layout=otlp", "true"])
        self.assertEqual(done.status, 125)
        self.assert_one_line(done.stderr, "--layout", "otel,notime", name="logtap record")


if __name__ == "__main__":
    main()
