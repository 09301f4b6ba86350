# SPDX-License-Identifier: MIT
"""Who spoke: the events `process` and `exit`, and what view makes of them."""
import json
import os
import re
import signal
import subprocess

from perfdata import Event, Writer, exit_event, message_event, process_event
from support import Case, main, messages, objects, view

WALL = 1795287001 * 10**9  # 2026-11-21T18:50:01Z
SECOND = 10**9
BOOT = "00000000-1111-2222-3333-444444444444"
LINES, NEWS = Event("logtap_L4K2", 1000, ids=(7,)), Event("logtap_L4K4", 1001, ids=(8,))
ERRORS = Event("logtap_L2K2", 1002, ids=(9,))


class Story:
    """A recording, event by event, a tenth of a second apart."""

    def __init__(self, begin=0):
        self.writer, self.records, self.now = Writer(), [], begin

    def add(self, event, payload, pid):
        self.records.append(self.writer.sample(event, payload, pid=pid, tid=pid, time=self.now))
        self.now += SECOND // 10

    def comm(self, pid, name):
        self.records.append(self.writer.comm(LINES, pid, pid, name, self.now))

    def starts(self, pid, exe, **more):
        self.comm(pid, os.path.basename(exe)[:15])
        self.add(NEWS, process_event(exe, start=WALL // SECOND + self.now // SECOND, **{"boot_id": BOOT, **more}), pid)

    def says(self, pid, text, level="info", ident="prog"):
        self.add(ERRORS if level == "err" else LINES,
                 message_event("stderr", text, level=level, ident=ident, severity=2 if level == "err" else 4), pid)

    def ends(self, pid, status):
        self.add(NEWS, exit_event(status), pid)

    def content(self):
        return self.writer.pipe([LINES, NEWS, ERRORS], b"".join(self.records), (WALL, 0))


def build():
    """A make with a compiler that fails, one that succeeds, one that is killed, and an exec."""
    story = Story()
    story.starts(10, "/usr/bin/make", cgroup="/user.slice/user-0.slice/session-3.scope", args="make -j2")
    story.says(10, "make: Entering directory", ident="make")
    story.starts(11, "/bin/sh")
    story.says(11, "+ cc1 a.c", ident="sh")
    story.starts(11, "/usr/bin/cc1")
    story.says(11, "a.c:1: warning: odd", ident="cc1", level="info")
    story.says(11, "a.c:2: error: bad", ident="cc1", level="err")
    story.ends(11, 1)
    story.starts(12, "/usr/bin/cc1", container="c0ffee")
    story.says(12, "fine", ident="cc1")
    story.ends(12, 0)
    story.starts(13, "/usr/bin/ld")
    story.says(13, "about to crash", ident="ld")
    story.says(10, "make: *** Error 1", ident="make", level="err")
    story.ends(10, 2)
    story.says(14, "nobody introduced me", ident="old")
    return story.content()


class Process(Case):
    def setUp(self):
        super().setUp()
        self.path = self.write("logtap.data", build())

    def said(self, *options):
        return messages(view("--output=json", *options, self.path).stdout)

    def test_block_in_json(self):
        done = view("--output=json", self.path)
        self.assertEqual((done.status, done.stderr), (0, b""))
        shown = objects(done.stdout)
        self.assertEqual(list(shown[0]), ["time", "pid", "tid", "cpu", "provider", "event", "level", "keyword", "opcode",
                                          "process", "fields"])
        self.assertEqual(list(shown[0]["process"].items()), [
            ("comm", "make"), ("exe", "/usr/bin/make"), ("uid", 1000), ("unit", "session-3.scope"), ("host", "box")])
        self.assertEqual(shown[1]["process"]["exe"], "/bin/sh")
        self.assertEqual(shown[2]["process"]["exe"], "/usr/bin/cc1")  # after its exec
        self.assertEqual(shown[4]["process"]["container"], "c0ffee")
        self.assertNotIn("process", shown[-1])

    def test_block_with_hostile_texts(self):
        story = Story()
        story.starts(5, '/x",\"fields\":{"a":1}\x1b\xff')
        story.says(5, '","fields":{"b":2}')
        shown, = objects(view("-o", "json", self.write("odd", story.content())).stdout)
        self.assertEqual(shown["fields"]["message"], '","fields":{"b":2}')
        self.assertEqual(shown["process"]["exe"], '/x","fields":{"a":1}\x1b\xff')

    def test_unit_from_the_cgroup(self):
        for cgroup, unit in (("/system.slice/nginx.service", "nginx.service"), ("/", None), ("", None),
                             ("/system.slice/nginx.service/worker", "nginx.service"),
                             ("/user.slice/user-1.slice/user@1.service/app.slice/a.service", "user@1.service"),
                             ("/system.slice/docker-c0ffee.scope", "docker-c0ffee.scope"),
                             ("/system.slice/_tasks.service", "tasks.service"), ("/.service", None),
                             ("/kubepods.slice/kubepods-burstable.slice", None)):
            story = Story()
            story.starts(5, "/x", cgroup=cgroup)
            story.says(5, "x")
            shown, = objects(view("-o", "json", self.write("unit", story.content())).stdout)
            self.assertEqual(shown["process"].get("unit"), unit, cgroup)

    def test_lines_are_what_is_shown(self):
        """What is said of processes shows when it is asked for."""
        self.assertEqual(len(view(self.path).stdout.splitlines()), 8)
        self.assertEqual(len(objects(view("-o", "json", "--event=process", self.path).stdout)), 5)
        self.assertEqual([event["fields"]["status"] for event in
                          objects(view("-o", "json", "--event=exit", self.path).stdout)], [1, 0, 2])

    def test_matches(self):
        self.assertEqual(self.said("exe=/usr/bin/cc1"), ["a.c:1: warning: odd", "a.c:2: error: bad", "fine"])
        self.assertEqual(self.said("exe=/usr/bin/cc1", "level=err"), ["a.c:2: error: bad"])
        self.assertEqual(self.said("exe=/usr/bin/cc1", "exe=/bin/sh", "pid=11"),
                         ["+ cc1 a.c", "a.c:1: warning: odd", "a.c:2: error: bad"])
        self.assertEqual(self.said("unit=session-3.scope", "+", "container=c0ffee"),
                         ["make: Entering directory", "fine", "make: *** Error 1"])
        self.assertEqual(self.said("unit!=session-3.scope", "level=err"), ["a.c:2: error: bad"])
        self.assertEqual(self.said("program=ld"), ["about to crash"])
        self.assertEqual(self.said("message=fine"), ["fine"])
        self.assertEqual(self.said("args=make -j2", "level=err"), ["make: *** Error 1"])
        self.assertEqual(self.said("ppid=1", "uid=1000", "level=err"), ["a.c:2: error: bad", "make: *** Error 1"])

    def test_a_file_with_the_sign_of_a_match(self):
        path = self.write("a=b", build())
        self.assertEqual(len(view(path).stdout.splitlines()), 8)
        self.assertEqual(len(view("./a=b", cwd=self.folder).stdout.splitlines()), 8)

    def test_exclude(self):
        self.assertEqual(self.said("--exclude=error", "--exclude=^make", "--program=!ld"),
                         ["+ cc1 a.c", "a.c:1: warning: odd", "fine", "nobody introduced me"])

    def test_what_fits_nothing_is_said(self):
        for option, words in ((["--program=gc1"], ["--program=gc1", "cc1, ld, make, old, sh"]),
                              (["exe=/usr/bin/gcc"], ["exe=/usr/bin/gcc", "/usr/bin/cc1, /usr/bin/ld, /usr/bin/make"]),
                              (["unti=x"], ["'unti'", "ident", "message", "unit"]), (["--pid=99"], ["10, 11, 12, 13, 14"]),
                              (["--event=stdin"], ["stderr"]), (["--program=cc1", "--program=clang"], ["clang"]),
                              (["--since=2026-11-22"], ["no event is of that time", "2026-11-21"])):
            done = view("--utc", *option, self.path)
            self.assertEqual(done.status, 0)
            self.assert_one_line(done.stderr, *words)
        # What is known, though other filters keep it out; what is kept out need not be known.
        for options in (["--program=cc1", "--grep=nothing"], ["--level=crit", "exe=/usr/bin/cc1"],
                        ["--program=!gc1", "exe!=/none"]):
            self.assertEqual(view(*options, self.path).stderr, b"")

    def test_fields_of_the_process(self):
        done = view("--fields=program,unit,exe,uid,message", "level=err", self.path)
        self.assertEqual(done.stdout.decode().splitlines(),
                         ["cc1\tprog.service\t/usr/bin/cc1\t1000\ta.c:2: error: bad",
                          "make\tsession-3.scope\t/usr/bin/make\t1000\tmake: *** Error 1"])
        done = view("-o", "json", "--fields=pid,program,unit,message", "pid=12", self.path)
        self.assertEqual(objects(done.stdout), [{"pid": 12, "program": "cc1", "unit": "prog.service",
                                                 "fields": {"message": "fine"}}])
        self.assertEqual(done.stderr, b"")

    def test_table(self):
        done = view("--processes", "--utc", self.path)
        self.assertEqual((done.status, done.stderr), (0, b""))
        head, *rows = done.stdout.decode().splitlines()
        self.assertEqual(head.split(), ["PROGRAM", "PID", "UNIT", "START", "DURATION", "STATUS",
                                        "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG"])
        self.assertEqual([re.split("  +", row)[:2] + row.split()[-7:] for row in rows], [
            ["make", "10", "2", "0", "1", "0", "0", "1", "0"], ["sh", "11", "exec", "0", "0", "0", "0", "1", "0"],
            ["cc1", "11", "1", "0", "1", "0", "0", "1", "0"], ["cc1", "12", "0", "0", "0", "0", "0", "1", "0"],
            ["ld", "13", "-", "0", "0", "0", "0", "1", "0"], ["old", "14", "-", "0", "0", "0", "0", "1", "0"]])
        self.assertEqual(len({len(row) for row in rows}), 1)
        self.assertIn("2026-11-21 18:50:01.000", rows[0])

    def test_table_of_some(self):
        def programs(*options):
            done = view("--processes", "-o", "json", *options, self.path)
            return [row["program"] for row in objects(done.stdout)]

        self.assertEqual(programs(), ["make", "sh", "cc1", "cc1", "ld", "old"])
        self.assertEqual(programs("--level=err"), ["make", "cc1"])
        self.assertEqual(programs("exe=/usr/bin/cc1"), ["cc1", "cc1"])
        self.assertEqual(programs("--grep=crash"), ["ld"])
        self.assertEqual(programs("-r"), ["old", "ld", "cc1", "cc1", "sh", "make"])
        self.assertEqual(programs("-n", "2"), ["ld", "old"])
        self.assertEqual(programs("-n", "1", "-r", "--level=err"), ["cc1"])
        self.assertEqual(programs("-n", "0"), [])

    def test_a_field_of_no_line(self):
        """An exit's status is no field of a line: that nothing fits is said."""
        done = view("status=1", self.path)
        self.assertEqual((done.status, done.stdout), (0, b""))
        self.assert_one_line(done.stderr, "no event has a field 'status'")
        done = view("--event=exit", "status=1", "-o", "json", self.path)
        self.assertEqual([event["pid"] for event in objects(done.stdout)], [11])
        self.assertEqual(done.stderr, b"")

    def test_begin_within_a_second(self):
        """The kernel's second is not before the first word merely because the clock has gone on to
        the next; and an exec is one although it looks at that second again and finds another."""
        story = Story(SECOND // 2)
        story.starts(5, "/bin/sh")
        story.now = SECOND + SECOND // 2
        story.says(5, "late", ident="sh")
        story.starts(5, "/bin/ls")
        story.ends(5, 0)
        story.add(NEWS, process_event("/bin/slow", start=WALL // SECOND, boot_id=BOOT), 6)
        rows = objects(view("--processes", "-o", "json", self.write("second", story.content())).stdout)
        self.assertEqual([row["end"] for row in rows], ["exec", "exit", "unknown"])
        self.assertLess(rows[0]["duration"], 1.2)
        self.assertEqual(rows[2]["start"], "2026-11-21T18:50:02.800000000Z")

    def test_table_as_json(self):
        rows = objects(view("--processes", "-o", "json", self.path).stdout)
        self.assertEqual(rows[2], {
            "pid": 11, "program": "cc1", "exe": "/usr/bin/cc1", "ppid": 1, "uid": 1000, "unit": "prog.service",
            "host": "box", "start": "2026-11-21T18:50:01.400000000Z", "duration": 0.3, "end": "exit", "status": 1,
            "lines": {"err": 1, "info": 1}})
        self.assertEqual([row["end"] for row in rows], ["exit", "exec", "exit", "exit", "unknown", "unknown"])
        self.assertEqual(rows[0]["args"], "make -j2")

    def test_failed(self):
        done = view("--failed", self.path)
        self.assertEqual((done.status, done.stderr), (0, b""))
        text = done.stdout.decode()
        heads = [line for line in text.splitlines() if not line.startswith(" ")]
        self.assertEqual([head.partition(" after")[0] for head in heads], [
            "make[10] ended with status 2", "cc1[11] ended with status 1",
            "ld[13] ended without an exit (a signal killed it, most likely)",
            "old[14] ended without an exit (a signal killed it, most likely)"])
        self.assertIn("/usr/bin/cc1, unit prog.service, host box", heads[1])
        self.assertIn("    Nov 21 18:50:01.600000 cc1[11]: <err> a.c:2: error: bad\n", text)
        self.assertNotIn("fine", text)
        done = view("--failed", "-n", "1", "-o", "json", "--program=cc1", self.path)
        row, = objects(done.stdout)
        self.assertEqual([event["fields"]["message"] for event in row["last"]], ["a.c:2: error: bad"])
        self.assertEqual(row["lines"], {"err": 1, "info": 1})

    def test_failed_where_nobody_tells(self):
        story = Story()
        story.says(1, "x")
        done = view("--failed", self.write("old", story.content()))
        self.assertEqual((done.status, done.stdout), (0, b""))
        self.assert_one_line(done.stderr, "nothing says how processes ended")

    def test_running_is_not_failed(self):
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            boot = file.read().strip()
        story = Story()
        with subprocess.Popen(["sleep", "60"]) as child:
            for pid in (child.pid, 2**31 - 2):
                story.starts(pid, "/bin/sleep", boot_id=boot)
                story.says(pid, "x", ident="sleep")
            story.starts(7, "/bin/true")
            story.ends(7, 0)
            path = self.write("running", story.content())
            rows = objects(view("--processes", "-o", "json", path).stdout)
            failed = view("--failed", path).stdout.decode()
            child.send_signal(signal.SIGKILL)
        self.assertEqual([row["end"] for row in rows], ["running", "unknown", "exit"])
        self.assertNotIn(f"[{child.pid}]", failed)
        self.assertIn(f"[{2**31 - 2}]", failed)

    def test_a_number_used_again(self):
        """Two processes of one number, a second apart: no exec."""
        story = Story()
        story.starts(5, "/bin/a")
        story.says(5, "from a", ident="a")
        story.now += 3 * SECOND
        story.starts(5, "/bin/b")
        story.says(5, "from b", ident="b")
        story.ends(5, 0)
        path = self.write("again", story.content())
        self.assertEqual([row["end"] for row in objects(view("--processes", "-o", "json", path).stdout)],
                         ["unknown", "exit"])
        self.assertEqual([event["process"]["exe"] for event in objects(view("-o", "json", path).stdout)],
                         ["/bin/a", "/bin/b"])

    def test_stats(self):
        text = view("--stats", self.path).stdout.decode()
        self.assertIn("5 processes began, 3 ended, 2 of them badly", text)
        self.assertRegex(text, r"(?m)^ +3 +1 +0  cc1$")
        self.assertRegex(text, r"(?m)^ +2  err$")
        self.assertIn("8 events", text)
        stats = json.loads(view("--stats", "-o", "json", self.path).stdout)
        self.assertEqual((stats["events"], stats["lost"], stats["more_lost"]), (8, 0, False))
        self.assertEqual(stats["levels"], {"err": 2, "info": 6})
        self.assertEqual(stats["processes"], {"began": 5, "ended": 3, "failed": 2})
        self.assertEqual(stats["programs"][0], {"name": "cc1", "events": 3, "bytes": stats["programs"][0]["bytes"],
                                                "levels": {"err": 1, "info": 2}})
        self.assertEqual({row["name"]: row["events"] for row in stats["tracepoints"]},
                         {"logtap_L2K2 stderr": 2, "logtap_L4K2 stderr": 6})
        self.assertEqual((stats["from"], stats["to"]), ("2026-11-21T18:50:01.100000000Z", "2026-11-21T18:50:02.500000000Z"))

    def test_copy_for_perf_keeps_who_spoke(self):
        copy = self.write("copy", view("--output=perf", "exe=/usr/bin/cc1", self.path).stdout)
        shown = objects(view("-o", "json", copy).stdout)
        self.assertEqual([event["fields"]["message"] for event in shown], ["a.c:1: warning: odd", "a.c:2: error: bad", "fine"])
        self.assertEqual({event["process"]["exe"] for event in shown}, {"/usr/bin/cc1"})

    def test_many_processes(self):
        """More than are remembered: the oldest are forgotten, all lines are shown."""
        story = Story()
        for pid in range(1, 20001):
            story.add(NEWS, process_event("/bin/" + "x" * 3900, start=pid), pid)
            story.says(pid, "y")
        done = view("-o", "json", self.write("many", story.content()))
        self.assertEqual(done.stdout.count(b"\n"), 20000)
        self.assertIn(b'"process":', done.stdout.splitlines()[-1])


class Merged(Case):
    """Several files, by the time of their events."""

    def make(self, name, begin, texts, step=2):
        story = Story(begin)
        story.starts(5, f"/bin/{name}", host=name)
        for text in texts:
            story.says(5, text)
            story.now += (step - 1) * SECOND // 10
        return self.write(name, story.content())

    def test_by_time(self):
        one, two = self.make("one", 0, ["a", "c", "e"]), self.make("two", SECOND // 10, ["b", "d", "f"])
        for paths in ((one, two), (two, one)):
            done = view("-o", "json", *paths)
            self.assertEqual((done.status, done.stderr), (0, b""))
            self.assertEqual(messages(done.stdout), list("abcdef"))
            # Processes of one number in two recordings are two.
            self.assertEqual([event["process"]["host"] for event in objects(done.stdout)], ["one", "two"] * 3)
        self.assertEqual(messages(view("-o", "json", "host=two", one, two).stdout), list("bdf"))
        self.assertEqual(len(objects(view("--processes", "-o", "json", one, two).stdout)), 2)
        self.assertEqual(json.loads(view("--stats", "-o", "json", one, two).stdout)["events"], 6)

    def test_one_that_is_damaged(self):
        one, two = self.make("one", 0, ["a", "c"]), self.make("two", SECOND // 10, ["b", "d"])
        with open(two, "r+b") as file:
            file.truncate(os.path.getsize(two) - 9)
        done = view("-o", "cat", one, two)
        self.assertEqual((done.status, done.stdout), (1, b"a\nb\nc\n"))
        self.assert_one_line(done.stderr, two, "cut off")

    def test_one_that_is_missing(self):
        done = view(self.make("one", 0, ["a"]), self.path("none"))
        self.assertEqual((done.status, done.stdout), (1, b""))
        self.assert_one_line(done.stderr, "none", "No such file")

    def test_with_stdin(self):
        one, two = self.make("one", 0, ["a", "c", "e"]), self.make("two", SECOND // 10, ["b", "d", "f"])
        with open(two, "rb") as file:
            done = view("-o", "cat", one, "-", stdin=file.read())
        self.assertEqual(done.stdout, b"a\nb\nc\nd\ne\nf\n")


if __name__ == "__main__":
    main()
