# SPDX-License-Identifier: MIT
"""The formats of view beside short, json and cat; and what is shown of all: -n, -r."""
import csv
import io
import json
import re
import shutil
import struct
import subprocess

from perfdata import Event, Writer, described, exit_event, message_event, process_event
from support import Case, ENVIRONMENT, LOGTAP, main, messages, objects, view

WALL = 1795287001 * 10**9  # 2026-11-21T18:50:01Z
SECOND = 10**9
LINES, NEWS, OTHER = Event("logtap_L4K2", 1000, ids=(7,)), Event("logtap_L4K4", 1001, ids=(8,)), \
    Event("My_App_L3K1", 1002, ids=(9,))
ODD = 'a "quoted", comma; line\nbreak\r and \x1b[31m <script>alert(1)</script> \\ \u20ac'


def sample(writer, event, payload, at, pid=5, tid=None):
    return writer.sample(event, payload, pid=pid, tid=tid or pid, time=at * SECOND + 123456789)


def recording(texts=("first", ODD, b"byte \xe9 and \0 end", "", "last")):
    """A process with these lines, and an event of another provider."""
    writer = Writer()
    records = writer.comm(LINES, 5, 5, "prog") + sample(writer, NEWS, process_event(start=WALL // SECOND), 0)
    for index, text in enumerate(texts):
        records += sample(writer, LINES, message_event("stderr", text, level=("info", "err", "warning")[index % 3]),
                          1 + index, tid=5 + index % 2)
    records += sample(writer, OTHER, described("Request", [("id", "u32", 7), ("user", [("name", "text", "J\u00f6rg"),
                                                                                       ("role.kind", "text", "x")])], 3), 9)
    records += sample(writer, NEWS, exit_event(3), 10)
    return writer.pipe([LINES, NEWS, OTHER], records, (WALL, 0))


class Outputs(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write("logtap.data", recording())

    def shown(self, *options, path=None, **variables):
        done = view(*options, path or self.path, **variables)
        self.assertEqual((done.status, done.stderr), (0, b""), options)
        return done.stdout

    def test_short_with_dates(self):
        zone = {"TZ": "XXX-5:30"}
        self.assertTrue(self.shown("-o", "short-iso", **zone).startswith(
            b"2026-11-22T00:20:02.123456+05:30 prog[5]: <info> first\n"))
        self.assertTrue(self.shown("-o", "short-full", **zone).startswith(
            b"Sun 2026-11-22 00:20:02.123456 XXX prog[5]: <info> first\n"))
        self.assertTrue(self.shown("-o", "short-full", "--utc", **zone).startswith(b"Sat 2026-11-21 18:50:02.123456 UTC "))
        self.assertEqual(self.shown("-o", "short-iso", "--fields=time,message").splitlines()[0],
                         b"2026-11-21T18:50:02.123456+00:00\tfirst")

    def test_times_can_be_given_back(self):
        for form, words in (("short-iso", 1), ("short-full", 4)):
            for zone in ("XXX-5:30", "UTC", "America/St_Johns"):
                lines = self.shown("-o", form, TZ=zone).decode().splitlines()
                third = " ".join(lines[2].split()[:words])
                self.assertEqual(self.shown("-o", form, f"--since={third}", TZ=zone).decode().splitlines(), lines[2:], third)

    def test_verbose(self):
        text = self.shown("-o", "verbose").decode()
        entries = re.split(r"(?m)^(?=\S)", text)[1:]
        self.assertEqual(len(entries), 6)
        self.assertEqual(entries[0].splitlines(), [
            "Sat 2026-11-21 18:50:02.123456 UTC prog", "    provider=logtap", "    event=stderr", "    level=info",
            "    keyword=0x2", "    opcode=0", "    pid=5", "    tid=5", "    program=prog", "    cpu=0",
            "    exe=/usr/bin/prog", "    unit=prog.service", "    host=box", "    cgroup=/system.slice/prog.service",
            "    boot_id=6e9cf1f2-0b3a-4c0f-8d5b-3f0f35d1a7c4", "    uid=1000", "    ppid=1", "    ident=prog",
            "    message=first"])
        self.assertIn("    user.name=J\u00f6rg\n    user.role.kind=x\n", entries[5])
        self.assertFalse([c for c in text if ord(c) < 32 and c != "\n"])
        # Each line is a match that finds its event again.
        for line in entries[5].splitlines()[1:]:
            self.assertEqual(len(objects(self.shown("-o", "json", line.strip(), "event=Request"))), 1, line)

    def test_json_pretty(self):
        text = self.shown("-o", "json-pretty").decode()
        decoder, found = json.JSONDecoder(), []
        while text.strip():
            value, end = decoder.raw_decode(text.lstrip())
            found.append(value)
            text = text.lstrip()[end:]
        self.assertEqual(found, objects(self.shown("-o", "json")))
        self.assertTrue(self.shown("-o", "json-pretty").startswith(b'{\n\t"time": "2026-11-21T18:50:02.123456789Z",\n\t"pid": 5,'))
        self.assertEqual(self.shown("-o", "json-pretty", "--fields=pid", "-n", "1").decode(), '{\n\t"pid": 5,\n\t"fields": {}\n}\n')

    def test_csv(self):
        raw = self.shown("-o", "csv")
        self.assertTrue(raw.startswith(b"time,program,pid,tid,unit,level,provider,event,message\r\n"))
        rows = list(csv.DictReader(io.StringIO(raw.decode(), newline="")))
        self.assertEqual([row["message"] for row in rows], ["first", ODD, "byte \u00e9 and   end", "", "last",
                                                            "My_App:Request id=7 user={name=J\u00f6rg role.kind=x}"])
        self.assertEqual(rows[0]["time"], "2026-11-21T18:50:02.123456789Z")
        self.assertEqual({row["unit"] for row in rows}, {"prog.service"})
        self.assertTrue(raw.endswith(b"\r\n"))
        # RFC 4180 to the letter: what is not quoted holds no quote, comma or line end.
        for record in re.findall(rb'(?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*\r\n', raw):
            self.assertTrue(record)
        self.assertEqual(b"".join(re.findall(rb'(?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*\r\n', raw)), raw)

    def test_csv_of_fields(self):
        rows = list(csv.reader(io.StringIO(self.shown("-o", "csv", "--fields=pid,user.name,keyword,id", "event=Request").decode())))
        self.assertEqual(rows, [["pid", "user.name", "keyword", "id"], ["5", "J\u00f6rg", "0x1", "7"]])
        done = view("-o", "csv", "--fields=pid,mesage", self.path)
        self.assert_one_line(done.stderr, "'mesage'")
        self.assertEqual(self.shown("-o", "csv", "--grep=nothing at all"), b"time,program,pid,tid,unit,level,provider,event,message\r\n")

    def test_csv_in_pandas(self):
        done = subprocess.run(["python3", "-c", "import pandas"], capture_output=True, check=False)
        if done.returncode:
            self.skipTest("pandas is not installed")
        program = "import pandas, sys; f = pandas.read_csv(sys.argv[1], parse_dates=['time']); print(len(f), f.time.dtype, f.level[1])"
        path = self.write("x.csv", self.shown("-o", "csv"))
        done = subprocess.run(["python3", "-c", program, path], capture_output=True, check=True)
        self.assertEqual(done.stdout, b"6 datetime64[ns, UTC] err\n")

    def entries(self, raw):
        """The journal's export format, as its documentation has it."""
        entry = {}
        while raw:
            line, _, raw = raw.partition(b"\n")
            name, sign, value = line.partition(b"=")
            if not line:
                yield entry
                entry = {}
            elif sign:
                entry[name.decode()] = value
            else:
                size, = struct.unpack("<Q", raw[:8])
                entry[name.decode()] = raw[8:8 + size]
                assert raw[8 + size:9 + size] == b"\n"
                raw = raw[9 + size:]

    def test_export(self):
        entries = list(self.entries(self.shown("-o", "export")))
        self.assertEqual(entries[0], {
            "__REALTIME_TIMESTAMP": b"1795287002123456", "PRIORITY": b"6", "LOGTAP_PROVIDER": b"logtap",
            "LOGTAP_EVENT": b"stderr", "_PID": b"5", "TID": b"5", "_COMM": b"prog", "_UID": b"1000",
            "_EXE": b"/usr/bin/prog", "_SYSTEMD_UNIT": b"prog.service", "_HOSTNAME": b"box",
            "_SYSTEMD_CGROUP": b"/system.slice/prog.service", "_BOOT_ID": b"6e9cf1f20b3a4c0f8d5b3f0f35d1a7c4",
            "SYSLOG_IDENTIFIER": b"prog", "MESSAGE": b"first"})
        self.assertEqual(entries[1]["MESSAGE"], ODD.encode())
        self.assertEqual(entries[2]["MESSAGE"], b"byte \xe9 and \0 end")
        self.assertNotIn("MESSAGE", entries[3])
        self.assertEqual((entries[5]["ID"], entries[5]["USER_NAME"], entries[5]["USER_ROLE_KIND"]),
                         (b"7", "J\u00f6rg".encode(), b"x"))

    def test_export_into_a_journal(self):
        """systemd's own importer takes it, and journalctl shows what it was."""
        importer = shutil.which("systemd-journal-remote", path="/lib/systemd:/usr/lib/systemd:/usr/bin")
        if not importer or not shutil.which("journalctl"):
            self.skipTest("systemd-journal-remote is not installed")
        path = self.write("export", self.shown("-o", "export"))
        journal = f"{self.folder}/out.journal"
        done = subprocess.run([importer, "-o", journal, path], capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = subprocess.run(["journalctl", "--file", journal, "-o", "json", "_SYSTEMD_UNIT=prog.service", "PRIORITY=3"],
                              capture_output=True, check=False)
        # What holds control characters it shows as numbers.
        self.assertEqual(bytes(json.loads(done.stdout.splitlines()[0])["MESSAGE"]), ODD.encode())

    def page_rows(self, page):
        data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1]
        return json.loads(data)

    def test_html(self):
        """tests/cli/browser looks at the page in a browser; here, what is in it."""
        page = self.shown("-o", "html").decode()
        self.assertEqual(page.count("</html>"), 1)
        self.assertEqual(page.count("<script"), 2)
        self.assertEqual(page.count("</script>"), 2)
        self.assertNotRegex(page, r"""(?i)\b(src|href)=|url\(|@import|https?://""")
        data = self.page_rows(page)
        self.assertEqual(data["title"], self.path)
        rows = data["rows"][1:]
        self.assertEqual(rows[0], [1795287002123456, 5, "prog", 6, "first",
                                   "exe /usr/bin/prog, unit prog.service, host box"])
        self.assertEqual(rows[1][3:5], [3, ODD])
        self.assertEqual([row[4] for row in rows[2:5]], ["byte \u00e9 and \0 end", "", "last"])
        self.assertTrue(data["clock"])
        self.assertEqual(len(self.page_rows(self.shown("-o", "html", "-n", "2").decode())["rows"]), 3)
        self.assertEqual(self.page_rows(self.shown("-o", "html", "--grep=none such").decode())["rows"], [None])

    def test_chrome(self):
        trace = json.loads(self.shown("-o", "chrome"))
        events = trace["traceEvents"]
        names = {(event["name"], event["pid"], event.get("tid")): event["args"]["name"] for event in events
                 if event["ph"] == "M" and "args" in event}
        self.assertEqual(names, {("process_name", 5, 0): "prog", ("thread_name", 5, 5): "prog", ("thread_name", 5, 6): "prog"})
        life, = [event for event in events if event["ph"] == "X"]
        self.assertEqual((life["name"], life["ts"], life["dur"], life["args"]),
                         ("prog", 1795287001123456.789, 10_000_000, {"status": 3}))
        lines = [event for event in events if event["ph"] == "i"]
        self.assertEqual([(event["name"], event["cname"]) for event in lines[:3]],
                         [("info", "generic_work"), ("err", "terrible"), ("warning", "bad")])
        self.assertEqual(lines[1]["args"]["message"], ODD)
        self.assertEqual([event["tid"] for event in lines[:5]], [5, 6, 5, 6, 5])
        self.assertEqual({event["s"] for event in lines}, {"t"})

    def test_chrome_without_anything(self):
        self.assertEqual([event["ph"] for event in json.loads(self.shown("-o", "chrome", "--grep=none such"))["traceEvents"]
                          if event["ph"] == "i"], [])
        writer = Writer()
        json.loads(view("-o", "chrome", self.write("none", writer.pipe([LINES], b""))).stdout)

    def test_full_disk(self):
        for output in ("short-iso", "verbose", "json-pretty", "csv", "export", "html", "chrome"):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([LOGTAP, "view", "-o", output, self.path], stdout=full, stderr=subprocess.PIPE,
                                      env=ENVIRONMENT, check=False)
            self.assertEqual(done.returncode, 1, output)
            self.assert_one_line(done.stderr, "No space left on device")

    def test_without_times(self):
        """A .dat file has neither times nor processes."""
        body = b"logtap_L4K2\0" + message_event("stderr", "x")
        path = self.write("x.dat", struct.pack("<I", 4 + len(body)) + body)
        self.assertEqual(self.page_rows(self.shown("-o", "html", path=path).decode())["rows"][1], [None, 0, "prog", 6, "x"])
        self.assertIn(b",prog,,,,info,logtap,stderr,x\r\n", self.shown("-o", "csv", path=path))
        self.assertIn(b"MESSAGE=x\n", self.shown("-o", "export", path=path))
        json.loads(self.shown("-o", "chrome", path=path))
        self.assertEqual(self.shown("-o", "short-full", path=path), b"prog: <info> x\n")


class Some(Case):
    """-n and -r."""

    def setUp(self):
        super().setUp()
        writer = Writer()
        records = b"".join(writer.sample(LINES, message_event("stderr", f"{number}"), time=number) for number in range(3000))
        self.path = self.write("many", writer.pipe([LINES], records, (WALL, 0)))

    def numbers(self, *options):
        return [int(text) for text in messages(view("-o", "json", *options, self.path).stdout)]

    def test_the_last(self):
        for count in (0, 1, 7, 2999, 3000, 4000):
            # 0: none, as journalctl.
            self.assertEqual(self.numbers("-n", str(count)), list(range(max(3000 - count, 0), 3000)), count)
        self.assertEqual(self.numbers("--lines=2", "--grep=7$"), [2987, 2997])

    def test_the_newest_first(self):
        self.assertEqual(self.numbers("-r"), list(range(2999, -1, -1)))
        self.assertEqual(self.numbers("-r", "-n", "3"), [2999, 2998, 2997])

    def test_more_than_memory_holds(self):
        """What waits goes to a temporary file, and comes back whole."""
        writer, big = Writer(), "x" * 60000
        records = b"".join(writer.sample(LINES, message_event("stderr", f"{number} {big}"), time=number) for number in range(1200))
        path = self.write("big", writer.pipe([LINES], records, (WALL, 0)))
        plain = view("-o", "cat", path).stdout.splitlines()
        self.assertEqual(view("-r", "-o", "cat", path).stdout.splitlines(), plain[::-1])
        self.assertEqual(view("-n", "900", "-o", "cat", path).stdout.splitlines(), plain[-900:])
        self.assertEqual(view("-n", "3", "-r", "-o", "cat", path).stdout.splitlines(), plain[:-4:-1])

    def test_follow_begins_with_the_last(self):
        with subprocess.Popen([LOGTAP, "view", "-f", "-n", "2", "-o", "cat", self.path], stdout=subprocess.PIPE,
                              env=ENVIRONMENT) as process:
            self.assertEqual([process.stdout.readline() for _ in range(2)], [b"2998\n", b"2999\n"])
            writer = Writer()
            with open(self.path, "ab") as file:
                file.write(writer.sample(LINES, message_event("stderr", "new"), time=4000))
            self.assertEqual(process.stdout.readline(), b"new\n")
            process.kill()

    def test_csv_has_its_header_first(self):
        done = view("-o", "csv", "-r", "-n", "2", "--fields=message", self.path)
        self.assertEqual(done.stdout, b"message\r\n2999\r\n2998\r\n")


if __name__ == "__main__":
    main()
