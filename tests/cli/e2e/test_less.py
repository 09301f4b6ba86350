# SPDX-License-Identifier: MIT
"""What is left out on purpose: LOGTAP_NULL=off, and LOGTAP_RATE, which always says how much."""

import os
import shutil
import subprocess
import sys
import time

import harness
from harness import LOGTAP, Case, Recording, as_lines, run

# Each line names what becomes of it: what a person sees, and what they don't.
SCRIPT = r"""
echo seen 1 >&2
echo hidden 1 2>/dev/null >&2
{ echo hidden 2 >&2; } 2>/dev/null
ls /nonexistent-hidden-3 2>/dev/null
"$PYTHON" -c 'import os, sys; sys.stderr.write("hidden 4\n"); os.write(2, b"hidden 5\n"); os.write(os.dup(2), b"hidden 6\n")' 2>/dev/null
"$PYTHON" -c 'import ctypes; ctypes.CDLL(None).perror(b"hidden 7")' 2>/dev/null
exec 3>&2 2>/dev/null
echo seen 2 >&3
echo hidden 8 >&2
ls /nonexistent-hidden-9
exec 2>&3
echo seen 3 >&2
ls /nonexistent-hidden-10 >/dev/null 2>&1
exec 2>/dev/null
exec 2>&3
echo seen 4 >&2
exec 4>/dev/null
"$PYTHON" -c 'import os, sys; os.dup2(4, 2); sys.stderr.write("hidden 11\n"); os.dup2(3, 2); sys.stderr.write("seen 5\n")'
"""


class Null(Case):
    def events(self, *options, shell="sh", **keywords):
        done, recording = self.record([shell, "-c", SCRIPT], options, PYTHON=sys.executable, **keywords)
        self.assertEqual(done.status, 0, done.stderr)
        return done, as_lines(recording.cat())

    def test_hidden_lines_are_left_out(self):
        for shell in ("sh", "bash"):
            done, events = self.events("--null=off", shell=shell)
            self.assertEqual(events, [b"seen %d" % number for number in range(1, 6)])
            self.assertEqual(done.stderr, b"".join(line + b"\n" for line in events))

    def test_they_are_captured_otherwise(self):
        _, events = self.events()
        self.assertEqual(len(events), 16)
        self.assertEqual([line for line in events if line.startswith(b"seen")],
                         [b"seen %d" % number for number in range(1, 6)])

    def test_what_the_launcher_was_given_counts_as_shown(self):
        """Nobody could tell it from what programs hide themselves."""
        path = self.path("null.data")
        subprocess.run([LOGTAP, "record", "--null=off", "-o", path, "sh", "-c", "echo to nobody >&2"],
                       stderr=subprocess.DEVNULL, env=harness.ENVIRONMENT, check=True)
        self.assertEqual(Recording(path).cat(), b"to nobody\n")


class Rate(Case):
    def record_python(self, text, rate):
        done, recording = self.record([sys.executable, "-c", "import os, syslog, sys, time\n" + text], [f"--rate={rate}"])
        self.assertEqual(done.status, 0, done.stderr)
        return recording

    def check(self, recording, shown, left_out):
        events = recording.events()
        lines = [event["fields"]["message"] for event in events if event["event"] != "lost"]
        self.assertEqual(lines, shown)
        said = [event for event in events if event["event"] == "lost"]
        self.assertEqual([event["fields"]["count"] for event in said], left_out)
        for event in said:
            self.assertEqual((event["level"], event["fields"]["level"]), (3, "warning"))
            self.assertLess(abs(time.time() - time.mktime(time.strptime(event["fields"]["since"], "%Y-%m-%dT%H:%M:%S"))
                                + time.timezone), 600)
            self.assertRegex(event["fields"]["message"], r"^\d+ messages? (was|were) left out since \d\d:\d\d:\d\d UTC ")
        return said

    def test_one_event_says_how_many(self):
        recording = self.record_python("for i in range(100): os.write(2, b'line %d\\n' % i)", "5/600")
        self.check(recording, [f"line {i}" for i in range(5)], [95])
        self.assertIn(b"95 messages left out by programs", recording.read("--stats"))
        self.assertIn(b"<warning> 95 messages were left out since", recording.read())

    def test_syslog_counts_as_well(self):
        recording = self.record_python(
            "for i in range(3): syslog.syslog(f's {i}'); sys.stderr.write(f'e {i}\\n')", "2/600")
        self.check(recording, ["s 0", "e 0"], [4])

    def test_messages_of_parts_count_once(self):
        """Long ones and progress bars: whole or not at all."""
        recording = self.record_python(
            "for c in b'abc': os.write(2, bytes([c]) * 20000 + b'\\n')\n"
            "for c in b'de':\n"
            "    for i in range(50): os.write(2, b'\\r%c %d' % (c, i))\n"
            "    os.write(2, b'\\n')\n"
            "os.write(2, b'f' * 2000); os.write(2, b'f' * 2000 + b'\\n')", "4/600")
        progress = "".join(f"\rd {i}" for i in range(50))
        self.check(recording, ["a" * 20000, "b" * 20000, "c" * 20000, progress], [2])

    def test_the_next_period_says_it(self):
        recording = self.record_python(
            "for i in range(10): os.write(2, b'x %d\\n' % i)\ntime.sleep(2.1)\n"
            "for i in range(10): os.write(2, b'y %d\\n' % i)", "3/1")
        said = self.check(recording, ["x 0", "x 1", "x 2", "y 0", "y 1", "y 2"], [7, 7])
        events = recording.events()
        self.assertEqual(events.index(said[0]), 3)

    def test_each_process_has_its_own(self):
        recording = self.record_python(
            "for i in range(4): os.write(2, b'parent\\n')\n"
            "if os.fork() == 0:\n"
            "    for i in range(4): os.write(2, b'child\\n')\n"
            "    os._exit(0)\n"
            "os.wait()\n"
            "os.execlp('sh', 'sh', '-c', 'echo a >&2; echo b >&2; echo c >&2')", "2/600")
        self.check(recording, ["parent"] * 2 + ["child"] * 2 + ["a", "b"], [2, 2, 1])

    def test_severe_ones_only(self):
        """Who wants errors alone still learns of it; what is below the level takes no place."""
        _, recording = self.record(["sh", "-c", "for i in 1 2 3; do echo debug: $i >&2; echo error: $i >&2; done"],
                                   ["--rate=2/600", "--level=err"])
        self.assertEqual(as_lines(recording.cat())[:2], [b"error: 1", b"error: 2"])
        lost = recording.events()[2]
        self.assertEqual((lost["event"], lost["level"], lost["fields"]["count"]), ("lost", 2, 1))

    def test_without_passing_on_nothing_is_lost(self):
        done, recording = self.record(["sh", "-c", "for i in 1 2 3 4; do echo $i >&2; done"],
                                      ["--rate=2/600", "--passthrough=off"])
        self.assertEqual((done.stderr, as_lines(recording.cat())[:2]), (b"3\n4\n", [b"1", b"2"]))

    def test_cat(self):
        path = self.path("cat.data")
        run([LOGTAP, "cat", "-o", path, "--rate=2/600"], stdin=b"1\n2\n3\n4\n")
        self.check(Recording(path), ["1", "2"], [2])


class Said(Case):
    """What can't be recorded from some point on is said there, once."""

    def lost(self, recording):
        return [event["fields"] for event in recording.events() if event["event"] == "lost"]

    def test_another_user(self):
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("needs root and setpriv")
        os.chmod(self.folder, 0o755)
        done, recording = self.record(["sh", "-c", "echo before >&2; setpriv --reuid=65534 --clear-groups "
                                       "sh -c 'echo hidden >&2; ls /nonexistent'; setpriv --reuid=0 echo; echo behind >&2"])
        self.assertIn(b"hidden\n", done.stderr)
        lost, = self.lost(recording)
        self.assertEqual((lost["ident"], lost["level"], lost["count"]), ("setpriv", "warning", 0))
        self.assertIn("user 65534 is not recorded", lost["message"])
        self.assertEqual(recording.cat("--event=stderr"), b"before\nbehind\n")

    def test_a_limit_of_file_sizes(self):
        _, recording = self.record(["bash", "-c", "echo before >&2; ulimit -f 1000; ulimit -f 900; echo behind >&2"])
        lost, = self.lost(recording)
        self.assertIn("limited to 1024000 bytes", lost["message"])
        self.assertEqual(recording.cat("--event=stderr"), b"before\nbehind\n")

    def test_a_limit_from_the_start(self):
        path = self.path("limited.data")
        done = run(["bash", "-c", f"ulimit -f 1000; {LOGTAP} record -o {path} echo there"])
        self.assertEqual((done.status, done.stdout), (0, b"there\n"))
        self.assert_one_line(done.stderr, "1024000 bytes", "ulimit -f")
        # What hardly any program fills is no news.
        done = run(["bash", "-c", f"ulimit -f 400000; {LOGTAP} record -o {path} echo there"])
        self.assertEqual(done, (b"there\n", b"", 0))
        done = run(["bash", "-c", f"ulimit -f 1; {LOGTAP} record -o {path} echo there"])
        self.assertEqual((done.status, done.stdout), (125, b""))
        self.assert_one_line(done.stderr, "File too large")


if __name__ == "__main__":
    harness.main()
