# SPDX-License-Identifier: MIT
"""Records of OpenTelemetry's Common Schema, of whatever exporter: their body, severity and service are
those of the event in every format and filter; messages in parts come whole."""
import csv
import io
import os
import struct

from harness import LIB
from perfdata import Event, Writer, described
from support import Case, main, objects, view

WALL = 1795287001 * 10**9  # 2026-11-21T18:50:01Z
SECOND = 10**9
LEVELS = {level: Event(f"shop_L{level}K1", 1000 + level, ids=(100 + level,)) for level in range(1, 6)}


def hex_file(name):
    with open(os.path.join(LIB, "common_schema", name), encoding="ascii") as file:
        return bytes.fromhex(file.read())


def record(body=("text", "it failed"), number=("i16", 17), text="err", service="cart", more=(), name=None, parts="ACB",
           version=("u32", 0x400), kind=("text", "Log"), event="Log", level=4):
    """One event as an exporter makes it; parts: in which order, lower case without fields in front."""
    structs = {"A": ("PartA", [("time", "text", "2026-11-21T18:50:01Z")] +
                     ([("ext_cloud_role", "text", service)] if service is not None else [])),
               "C": ("PartC", list(more) or [("x", "i64", 1)]),
               "B": ("PartB", [("_typeName", *kind)] + ([("body", *body)] if body else []) +
                     ([("severityNumber", *number)] if number else []) +
                     ([("severityText", "text", text)] if text else []) + ([("name", "text", name)] if name else []))}
    return described(event, [("__csver__", *version)] + [structs[part] for part in parts], level)


def recording(*events, level=4):
    writer = Writer()
    records = writer.comm(LEVELS[1], 5, 5, "prog")
    for at, payload in enumerate(events):
        records += writer.sample(LEVELS[payload[7]], payload, pid=5, tid=5, time=at * SECOND)
    return writer.pipe(list(LEVELS.values()), records, (WALL, 0))


class Records(Case):
    def shown(self, *options, events=(), path=None):
        done = view(*options, path or self.write("x.data", recording(*events)))
        self.assertEqual((done.status, done.stderr), (0, b""), options)
        return done.stdout

    def test_the_exporter_s_own(self):
        path = self.write("exporter.dat", hex_file("exporter.hex"))
        self.assertEqual(self.shown("-o", "cat", path=path).decode(), "error: something failed\ncaf\u00e9\n")
        self.assertEqual(self.shown(path=path).decode().splitlines(),
                         ["<err> error: something failed", "ls: <info> caf\u00e9"])
        self.assertEqual(self.shown("-o", "cat", "--level=err", path=path), b"error: something failed\n")
        fields = objects(self.shown("-o", "json", path=path))[1]["fields"]
        self.assertEqual(fields["PartC"], {"process.pid": 4242, "log.iostream": "stderr", "x": True, "d": 1.5})
        self.assertEqual(fields["PartB"]["severityNumber"], 9)

    def test_our_own(self):
        path = self.write("logtap.dat", hex_file("logtap.hex"))
        self.assertEqual(self.shown(path=path).decode().splitlines(),
                         ["ls: <err> error: something failed", "myd: <warning> disk at 91%"])

    def test_formats(self):
        events = [record(("text", b"caf\xc3\xa9\x1b[0m"), more=[("syslog.facility", "i64", 3), ("k8s.pod.name", "text", "p")]),
                  record(text="Warning", number=("i16", 13), service=None, level=3)]
        self.assertEqual(self.shown(events=events).decode().splitlines(), [
            "Nov 21 18:50:01.000000 cart[5]: <err> caf\u00e9\\x1b[0m", "Nov 21 18:50:02.000000 prog[5]: <warning> it failed"])
        self.assertEqual(self.shown("-o", "cat", events=events), b"caf\xc3\xa9\x1b[0m\nit failed\n")
        rows = list(csv.DictReader(io.StringIO(self.shown("-o", "csv", events=events).decode(), newline="")))
        self.assertEqual([(row["level"], row["event"], row["message"]) for row in rows],
                         [("err", "Log", "caf\u00e9\x1b[0m"), ("warning", "Log", "it failed")])
        rows = self.shown("-o", "csv", "--fields=service,PartC.k8s.pod.name,PartB.body", events=events).decode()
        self.assertEqual(rows.splitlines()[1], "cart,p,caf\u00e9\x1b[0m")
        export = self.shown("-o", "export", events=events)
        for line in (b"PRIORITY=3", b"SYSLOG_IDENTIFIER=cart", b"SYSLOG_FACILITY=3", b"K8S_POD_NAME=p",
                     b"SYSLOG_IDENTIFIER=prog", b"MESSAGE=it failed"):
            self.assertIn(b"\n" + line + b"\n", b"\n" + export)
        self.assertEqual(export.count(b"it failed"), 1)
        self.assertIn(b"    PartB.severityText=err\n", self.shown("-o", "verbose", events=events))
        self.assertIn(b"    level=err\n", self.shown("-o", "verbose", events=events))
        page = self.shown("-o", "html", events=events)
        self.assertIn(b"it failed", page)
        trace = self.shown("-o", "chrome", events=events)
        self.assertIn(b"it failed", trace)
        self.assertIn(b"it failed", self.shown("-o", "json", "--fields=message", events=events))

    def test_filters(self):
        events = [record(("text", f"number {index}"), number=("i16", number), text=text, service=service, level=level)
                  for index, (number, text, service, level) in enumerate(
                      ((21, "emerg", "one", 1), (19, "alert", "two", 1), (18, "crit", "one", 1), (17, None, "one", 2),
                       (10, "notice", "one", 4), (9, "info", "two", 4), (5, "debug", "one", 5)))]

        def numbers(*options):
            return [int(line.split()[1]) for line in self.shown("-o", "cat", *options, events=events).splitlines()]
        self.assertEqual(numbers("--level=alert"), [0, 1])
        self.assertEqual(numbers("--level=crit..notice"), [2, 3, 4])
        self.assertEqual(numbers("--program=two"), [1, 5])
        self.assertEqual(numbers("--program=prog"), [0, 1, 2, 3, 4, 5, 6])
        self.assertEqual(numbers("service=two"), [1, 5])
        self.assertEqual(numbers("--grep=number [35]"), [3, 5])
        self.assertEqual(numbers("--grep=number 5"), [5])
        self.assertEqual(numbers("--exclude=number"), [])
        self.assertEqual(numbers("message=number 4"), [4])
        self.assertEqual(numbers("PartB.severityNumber=17"), [3])
        self.assertEqual(numbers("level=info"), [5])
        self.assertEqual(numbers("--since=2026-11-21 18:50:06"), [5, 6])
        stats = self.shown("--stats", events=events).decode()
        self.assertRegex(stats, r"\n +5 +3 +0 +one\n +2 +1 +0 +two\n")

    def test_severities(self):
        """Of other programs: by a name that means something, else by number, else by the event's level."""
        for number, text, level, wanted in (
                (("i16", 9), "Information", 4, "info"), (("i16", 17), "Error", 2, "err"), (("u16", 14), None, 3, "warning"),
                (("u8", 22), "FATAL2", 1, "emerg"), (("i16", 1), "Trace", 5, "debug"), (("i16", 12), None, 4, "notice"),
                (("i16", 20), None, 2, "alert"), (("i64", 99), None, 1, "emerg"), (("i16", 0), None, 3, "warning"),
                (("i16", -5), None, 2, "err"), (None, None, 5, "debug"), (("text", "17"), "weird", 4, "info")):
            rows = self.shown("-o", "csv", "--fields=level", events=[record(number=number, text=text, level=level)])
            self.assertEqual(rows.decode().splitlines()[1], wanted, (number, text, level))

    def test_dialects(self):
        """Another order, an event of another name, a narrower version, numbers, and .NET's wide characters."""
        for options, wanted in (
                ({"parts": "AB"}, b"it failed"), ({"parts": "BCA"}, b"it failed"), ({"parts": "BC"}, b"it failed"),
                ({"event": "Checkout"}, b"it failed"), ({"version": ("u16", 0x400)}, b"it failed"),
                ({"body": ("i64", -7)}, b"-7"), ({"body": ("bool", 1)}, b"true"), ({"body": ("f64", 1.5)}, b"1.5"),
                ({"body": ("utf16", "caf\u00e9"), "kind": ("utf16", "Log")}, b"caf\xc3\xa9"), ({"body": ("text", "")}, b"")):
            self.assertEqual(self.shown("-o", "cat", events=[record(**options)]), wanted + b"\n", options)
            self.assertTrue(self.shown("-o", "cat", "--level=err", events=[record(**options)]), options)

    def test_others_are_none(self):
        """What doesn't follow the rules is shown by its fields, as any event is."""
        for options in ({"version": ("u32", 0x401)}, {"version": ("text", "1024")}, {"kind": ("text", "Span")},
                        {"kind": ("text", "Logs")}, {"parts": "AC"}, {"body": None}):
            line = self.shown(events=[record(**options)]).decode()
            self.assertIn("__csver__=", line, options)
            self.assertEqual(self.shown("-o", "cat", events=[record(**options)]), b"", options)

    def test_lost(self):
        event = record(("text", "7 messages were left out"), name="logtap.lost", more=[("logtap.count", "i64", 7)])
        done = view("--stats", self.write("x.data", recording(event)))
        self.assertIn(b"7", done.stdout)
        self.assertRegex(done.stdout + done.stderr, rb"7 messages")


class Joined(Case):
    """Messages of several records."""

    @staticmethod
    def part(text, number, last, uid=b"00000000000004d2", **options):
        return record(("text", text), more=[("log.iostream", "text", "stderr"), ("logtap.part", "i64", number),
                                            ("logtap.last", "bool", last), ("log.record.uid", "text", uid)], **options)

    def shown(self, *options, events):
        done = view(*options, self.write("x.data", recording(*events)))
        self.assertEqual((done.status, done.stderr), (0, b""), options)
        return done.stdout

    def test_whole(self):
        events = [self.part("one ", 0, 0), self.part("a", 0, 0, b"ffffffffffffffff"), self.part("two ", 1, 0), record(),
                  self.part("b", 1, 1, b"ffffffffffffffff"), self.part("three", 2, 1)]
        self.assertEqual(self.shown("-o", "cat", events=events), b"it failed\nab\none two three\n")
        self.assertEqual(self.shown("-o", "cat", "--grep=two three", events=events), b"one two three\n")
        found = objects(self.shown("-o", "json", "--grep=two three", events=events))[0]
        self.assertEqual(found["fields"]["PartC"], {"log.iostream": "stderr"})
        self.assertEqual(found["fields"]["PartB"]["body"], "one two three")
        self.assertNotIn("incomplete", found)
        verbose = self.shown("-o", "verbose", "--grep=two three", events=events).decode()
        self.assertIn("    PartB.body=one two three\n", verbose)
        self.assertNotIn("logtap.part", verbose)
        rows = self.shown("-o", "csv", "--fields=PartB.body,message", "--grep=two three", events=events).decode()
        self.assertEqual(rows.splitlines()[1], "one two three,one two three")
        # Asked for the time of the last part alone, a message is that of its first.
        self.assertEqual(self.shown("-o", "cat", "--until=2026-11-21 18:50:01", events=events), b"one two three\n")

    def test_incomplete(self):
        done = view(self.write("x.data", recording(self.part("one ", 0, 0), self.part("three", 2, 1))))
        self.assertIn(b"its end is missing", done.stdout)
        self.assertIn(b"its beginning is missing", done.stdout)

    def test_nearly_parts(self):
        """What lacks something of a part is a record of its own."""
        whole = [("logtap.part", "i64", 0), ("logtap.last", "bool", 0), ("log.record.uid", "text", "00000000000004d2")]
        for at, other in ((0, ("logtap.part", "i64", -1)), (0, ("logtap.part", "text", "0")), (1, ("logtap.last", "bool", 2)),
                          (2, ("log.record.uid", "text", "4d2")), (2, ("log.record.uid", "text", "00000000000004D2")),
                          (2, ("log.record.uid", "utf16", "00000000"))):
            odd = list(whole)
            odd[at] = other
            self.assertEqual(self.shown("-o", "cat", events=[record(more=odd)]), b"it failed\n", other)

    def test_attribute_called_body(self):
        event = record(("text", "first "), more=[("body", "text", "attribute"), ("logtap.part", "i64", 0), ("logtap.last", "bool", 0),
                                                 ("log.record.uid", "text", "00000000000004d2")])
        found = objects(self.shown("-o", "json", events=[event, self.part("second", 1, 1)]))[0]
        self.assertEqual(found["fields"]["PartC"], {"body": "attribute"})
        self.assertEqual(found["fields"]["PartB"]["body"], "first second")


if __name__ == "__main__":
    main()
