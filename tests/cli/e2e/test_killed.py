# SPDX-License-Identifier: MIT
"""kill -9 in the middle of a recording, and other cuts. What was written whole is never lost."""

import collections
import contextlib
import os
import re
import signal
import struct
import subprocess
import sys
import time

import harness
from harness import LOGTAP, Case, Recording, run
from test_volume import flood_line

FLOOD = harness.program("e2e/flood")
PAGE = os.sysconf("SC_PAGE_SIZE")
LINE = re.compile(rb"writer (\d+) line (\d+) ")
SIZE = 3900  # of a line; its record crosses a page boundary nine times in ten

# Records of the pipe form whose header says less than they are long.
TRACING_DATA = 66
SAMPLE = 9
PROCESS_ID = 1000 + 3 * 3 + 2  # of a recording's L4K4: three keywords for each level


def records(data):
    """(offset, type, size) of every record, up to the first that makes no sense or is cut."""
    magic, head = struct.unpack_from("<8sQ", data)
    assert (magic, head) == (b"PERFILE2", 16)
    offset = 16
    while offset + 8 <= len(data):
        kind, _, size = struct.unpack_from("<IHH", data, offset)
        total = size
        if kind == TRACING_DATA:
            total += struct.unpack_from("<I", data, offset + 8)[0]
        if size < 8 or kind not in (3, 7, SAMPLE, 64, 66, 80, 82) or offset + total > len(data):
            return
        yield offset, kind, total
        offset += total


def lines(data):
    """(offset, size) of the samples of lines; what is said of processes is logtap_L4K4's."""
    for offset, kind, size in records(data):
        if kind == SAMPLE and struct.unpack_from("<Q", data, offset + 8)[0] != PROCESS_ID:
            yield offset, size


def is_damaged(data):
    """Whether the chain of records breaks before the end, by this test's own reading."""
    end = 16
    for offset, _, total in records(data):
        end = offset + total
    return end != len(data)


class Progress(Case):
    """Lines that overwrite themselves by carriage returns: curl, wget, git, apt."""

    # What comes before the end that each test gives it.
    SAY = "import os, signal, subprocess, sys\nsay = lambda text: os.write(2, text)\n"

    def record_python(self, text, **keywords):
        done, recording = self.record([sys.executable, "-c", self.SAY + text], **keywords)
        return done, recording

    def test_killed_without_a_line(self):
        done, recording = self.record_python(
            "for i in range(500): say(b'\\r%d of 9000' % i)\n"
            "subprocess.run(['kill', '-KILL', str(os.getpid())])")
        self.assertEqual(done.status, -signal.SIGKILL)
        self.assertEqual(recording.cat().split(b"\r"), [b""] + [b"%d of 9000" % i for i in range(498)] + [b"498 of 9000\n"])
        self.assertRegex(recording.read(), rb"<info> \\r498 of 9000 \[its end is missing\]\n$")

    def test_killed_by_itself(self):
        """What a process sends to itself passes by us: nothing is missing."""
        done, recording = self.record_python("say(b'\\r1 of 9')\nsay(b'\\r2 of 9')\nos.kill(os.getpid(), signal.SIGKILL)")
        self.assertEqual(done.status, -signal.SIGKILL)
        self.assertEqual(recording.cat(), b"\r1 of 9\r2 of 9\n")

    def test_ended_without_a_line(self):
        """By exit: nothing is missing."""
        _, recording = self.record_python("for i in range(5): say(b'%d%%\\r' % i)\nsys.exit(1)")
        self.assertEqual(recording.cat(), b"0%\r1%\r2%\r3%\r4%\r\n")
        self.assertRegex(recording.read(), rb"<info> \\r4%\\r\n$")

    def test_severity_is_the_last_states(self):
        text = "for i in range(3): say(b'\\r%d%%' % i)\nsay(b'\\r[error] broken\\n')"
        done, recording = self.record_python(text)
        event, = recording.events()
        self.assertEqual((event["level"], event["fields"]["level"]), (2, "err"))
        self.assertEqual(event["fields"]["message"].encode() + b"\n", done.stderr)
        _, recording = self.record_python(text, options=["--level=err"])
        self.assertEqual(recording.cat("--level=err"), b"\r2%\r[error] broken\n")

    def test_real_program(self):
        """A finished download of curl's or git's: the bytes in `cat`, one line in `short`."""
        harness.need("git")
        run(["git", "init", "-q", "--bare", self.path("a.git")])
        script = ("git init -q x && cd x && seq 1 5000 | split -l 10 - f && git add . && "
                  "git -c user.name=a -c user.email=a@b commit -qm x && git push --progress ../a.git HEAD:main")
        done, recording = self.record(["sh", "-c", script], cwd=self.folder)
        self.assertIn(b"\r", done.stderr)
        shown = [line for line in recording.read().splitlines() if b"Counting objects" in line or b"Writing objects" in line]
        self.assertTrue(shown)
        for line in shown:
            self.assertIn(b"100%", line)
            self.assertNotIn(b" 50%", line)


class Killed(Case):
    def start(self, *words):
        return subprocess.Popen([LOGTAP, "record", "-o", self.path("out.data"), *words],
                                stderr=subprocess.DEVNULL, env=harness.ENVIRONMENT)

    def test_alone(self):
        """A program killed while it writes: both readers read up to the cut."""
        for _ in range(5):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path("out.data"))
            # It has an end, so that a test which is held up does not fill the disk meanwhile.
            child = self.start(FLOOD, "1", "20000", str(SIZE))
            harness.wait_for_size(self.path("out.data"), 200 * SIZE)
            harness.kill_and_wait(child)
            data = harness.contents(self.path("out.data"))
            samples = len(list(lines(data)))
            self.assertGreater(samples, 10)
            recording = Recording(self.path("out.data"))
            done = recording.view("--output=cat")
            seen = done.stdout.splitlines()
            self.assertEqual(seen, [flood_line(0, i, SIZE) for i in range(len(seen))])
            self.assertEqual(len(seen), samples)
            if is_damaged(data):
                self.assertNotEqual(done.status, 0)
                self.assert_one_line(done.stderr)
            else:
                self.assertEqual((done.status, done.stderr), (0, b""))
            shown = recording.perf_script("-F", "event").stdout
            self.assertEqual(shown.count(b"logtap_L4K2"), samples)

    def cut_by_killing(self):
        """Kills one of several writers until the file shows a record cut amid others' records.

        Returns the file's bytes, or None when it did not happen in the time there is."""
        path = self.path("several.data")
        writer = [LOGTAP, "run", f"--sink=file:{path}", FLOOD, "1", "1500", str(SIZE)]
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            run([LOGTAP, "record", "-o", path, "true"])
            writers = [subprocess.Popen(writer, stderr=subprocess.DEVNULL, env=harness.ENVIRONMENT)
                       for _ in range(4)]
            harness.wait_for_size(path, 500 * SIZE)
            harness.kill_and_wait(writers[0])
            for process in writers[1:]:
                self.assertEqual(process.wait(harness.TIMEOUT), 0)
            data = harness.contents(path)
            end = max(offset + total for offset, _, total in records(data))
            # The cut one must not be the last: then nothing would have to be found again.
            if end != len(data) and len(data) - end > 4 * SIZE:
                return data
        return None

    def check_damaged(self, data, expected):
        """view shows every expected line and says what was cut; its perf output is whole."""
        path = self.write("damaged.data", data)
        recording = Recording(path)
        done = recording.view("--output=cat")
        self.assertNotEqual(done.status, 0)
        self.assert_one_line(done.stderr, "cut")
        self.assertRegex(done.stderr.decode(), r"\d+ bytes")
        self.assertEqual(collections.Counter(done.stdout.splitlines()),
                         collections.Counter(expected))

        clean = self.path("clean.data")
        with open(clean, "wb") as output:
            subprocess.run([LOGTAP, "view", "--output=perf", path], stdout=output,
                           stderr=subprocess.DEVNULL, env=harness.ENVIRONMENT, check=False)
        self.assertFalse(is_damaged(harness.contents(clean)))
        self.assertEqual(collections.Counter(Recording(clean).cat().splitlines()),
                         collections.Counter(expected))
        shown = Recording(clean).perf_script("-F", "event")
        self.assertEqual(shown.status, 0, shown.stderr)
        self.assertEqual(shown.stdout.count(b"logtap_L4K2"), len(expected))

    def test_one_among_several(self):
        data = self.cut_by_killing()
        if data is None:
            self.skipTest("no kill in 60 seconds cut a record amid others here")
        # Every line that is in the file from its first byte to its last.
        whole = [line for match in LINE.finditer(data)
                 if (line := flood_line(int(match[1]), int(match[2]), SIZE)) ==
                 data[match.start():match.start() + len(line)]]
        self.check_damaged(data, whole)

    def whole_recording(self):
        _, recording = self.record([FLOOD, "3", "40", str(SIZE)])
        return harness.contents(recording.path)

    def test_cut_at_a_page_boundary(self):
        """The same by surgery: one record in the middle ends at a page boundary of the file, and
        another process's record follows at once."""
        data = self.whole_recording()
        samples = list(lines(data))
        crossing = [(offset, total) for offset, total in samples[10:-10]
                    if offset // PAGE != (offset + total) // PAGE]
        offset, total = crossing[len(crossing) // 2]
        boundary = (offset + total) // PAGE * PAGE
        lost = LINE.search(data, offset)
        damaged = data[:boundary] + data[offset + total:]
        # Records behind it lie elsewhere now; that only the cut is at a boundary is the point.
        expected = [flood_line(writer, number, SIZE) for writer in range(3) for number in range(40)]
        expected.remove(flood_line(int(lost[1]), int(lost[2]), SIZE))
        self.check_damaged(damaged, expected)

    def test_truncated(self):
        """The events before the cut, then one line that says so, and a non-zero exit."""
        data = self.whole_recording()
        samples = list(lines(data))
        offset, total = samples[60]
        for cut in (offset + 1, offset + 8, offset + 100, offset + total - 1):
            done = Recording(self.write("cut.data", data[:cut])).view("--output=cat")
            self.assertEqual(len(done.stdout.splitlines()), 60)
            self.assertEqual(done.status, 1)
            self.assert_one_line(done.stderr, "cut.data")
        done = Recording(self.write("cut.data", data[:offset])).view("--output=cat")
        self.assertEqual((len(done.stdout.splitlines()), done.status, done.stderr), (60, 0, b""))

    def test_killed_launcher_leaves_nothing_behind(self):
        """There is no supervisor that could: killing the process kills the program."""
        child = self.start("sleep", "100")
        deadline = time.monotonic() + harness.TIMEOUT
        while time.monotonic() < deadline:
            if os.path.basename(os.readlink(f"/proc/{child.pid}/exe")).startswith("sleep"):
                break
            time.sleep(0.05)
        self.assertEqual(run(["ps", "-o", "comm=", "--ppid", str(child.pid)]).stdout, b"")
        harness.kill_and_wait(child)
        self.assertEqual(Recording(self.path("out.data")).cat(), b"")


if __name__ == "__main__":
    harness.main()
