# SPDX-License-Identifier: MIT
"""Beside perf and trace-cmd: their files are read, and with the plugin they print what events say."""
import os
import shutil
import subprocess

from harness import BUILD, SANITIZED
from perfdata import Event, Writer, described, message_event
from support import Case, main, objects, view
from tracedat import trace_dat

PLUGINS = os.path.join(BUILD, "lib", "traceevent", "plugins")
LINES, OTHER = Event("logtap_L2K2", 1000, ids=(7,)), Event("My_App_L3K1", 1001, ids=(8,))
TEXT = "ls: can't open 100 %s of it"


def samples(count=3):
    for number in range(count):
        yield 10**9 + number * 1000, LINES, 40 + number % 2, message_event(
            "stderr", f"{TEXT} {number}", level="err", ident="ls", severity=2)
    yield 10**9 + 50 * 10**6, OTHER, 50, described("Request", [("id", "u32", 7), ("name", "text", "x" * 200)], 3)


def with_plugin(**variables):
    """The environment in which perf and trace-cmd load it; a sanitized one wants its runtime first."""
    if SANITIZED:
        runtime = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True)
        variables |= {"LD_PRELOAD": runtime.stdout.strip(), "ASAN_OPTIONS": "detect_leaks=0"}
    return dict(os.environ, TRACEEVENT_PLUGIN_DIR=PLUGINS, **variables)


class Tools(Case):
    def setUp(self):
        super().setUp()
        self.dat = self.write("trace.dat", trace_dat([LINES, OTHER], samples(), [(40, "ls"), (41, "ls-2"), (50, "app")]))

    def run_with_plugin(self, *argv, **variables):
        done = subprocess.run(argv, capture_output=True, check=False, env=with_plugin(**variables))
        return done.stdout.decode()

    def need_plugin(self, program):
        if not os.path.exists(os.path.join(PLUGINS, "plugin_evh.so")):
            self.skipTest("built without the plugin")
        if not shutil.which(program):
            self.skipTest(f"{program} is not installed")

    def test_perf_script(self):
        self.need_plugin("perf")
        writer = Writer()
        records = b"".join(writer.sample(event, payload, pid=thread, tid=thread, time=time)
                           for time, event, thread, payload in samples())
        path = self.write("perf.data", writer.pipe([LINES, OTHER], records, (0, 0)))
        shown = self.run_with_plugin("perf", "script", "-i", path)
        self.assertEqual(shown.count(f'user_events:logtap_L2K2: stderr level=err ident=ls message="{TEXT} '), 3, shown)
        # perf finds providers by their names alone.
        self.assertIn("My_App_L3K1: eventheader_flags=7", shown)
        shown = self.run_with_plugin("perf", "script", "-i", path, LOGTAP_PROVIDERS="Their,My_App,")
        self.assertIn("My_App_L3K1: Request id=7 name=xxx", shown)

    def test_trace_cmd_report(self):
        self.need_plugin("trace-cmd")
        shown = self.run_with_plugin("trace-cmd", "report", self.dat)
        self.assertEqual(shown.count(f'stderr level=err ident=ls message="{TEXT} '), 3, shown)
        self.assertIn("Request id=7 name=xxx", shown)

    def test_plugin_survives_anything(self):
        """Events cut at every byte, and lengths that lie."""
        self.need_plugin("trace-cmd")
        whole = message_event("stderr", TEXT, level="err")
        odd = [(10**9 + index, LINES, 40, whole[:index]) for index in range(len(whole))]
        odd += [(10**9 + 1000 + index, LINES, 40, whole[:index] + b"\xff" + whole[index + 1:]) for index in range(len(whole))]
        odd += [(10**9 + 9000, LINES, 40, message_event("stderr", "\x1b%n%s" * 500))]
        path = self.write("odd.dat", trace_dat([LINES], odd))
        done = subprocess.run(["trace-cmd", "report", path], capture_output=True, check=False, env=with_plugin())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count(b"logtap_L2K2:"), len(odd))
        self.assertNotIn(b"\x1b", done.stdout)

    def test_view_reads_trace_dat(self):
        done = view("-o", "json", self.dat)
        if b"this build can't read" in done.stderr:
            self.skipTest("built without libtracecmd")
        self.assertEqual((done.status, done.stderr), (0, b""))
        shown = objects(done.stdout)
        self.assertEqual(shown[0], {"time": 1.0, "tid": 40, "cpu": 0, "provider": "logtap", "event": "stderr", "level": 2,
                                    "keyword": "0x2", "opcode": 0, "fields": {"level": "err", "ident": "ls", "message": f"{TEXT} 0"}})
        self.assertEqual([event["event"] for event in shown], ["stderr"] * 3 + ["Request"])
        self.assertEqual(view(self.dat).stdout.splitlines()[1].decode(), f"[    1.000001] ls[41]: <err> {TEXT} 1")
        with open(self.dat, "rb") as file:
            self.assertEqual(view("-o", "json", "-", stdin=file.read()).stdout, done.stdout)

    def test_many_pages(self):
        path = self.write("many.dat", trace_dat([LINES, OTHER], samples(2000)))
        done = view("-o", "cat", path)
        if b"this build can't read" in done.stderr:
            self.skipTest("built without libtracecmd")
        self.assertEqual(done.stdout.splitlines(), [f"{TEXT} {number}".encode() for number in range(2000)])

    def test_damaged_trace_dat(self):
        """What libtracecmd refuses is refused in a sentence; nothing ends us."""
        whole = trace_dat([LINES, OTHER], samples())
        for size in (20, 100, 900, 4096, 5000):
            done = view(self.write("cut.dat", whole[:size]))
            self.assertIn(done.status, (0, 1), size)
            self.assertTrue(done.status == 0 or done.stderr, size)


if __name__ == "__main__":
    main()
