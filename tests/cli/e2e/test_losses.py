# SPDX-License-Identifier: MIT
"""What could not be written is counted in the recording, also where the disk stays full to the end
and a limit of file sizes is never lifted."""
import json
import re
import resource
import subprocess

import harness
import world
from harness import LOGTAP, Case, run, view

FLOOD = harness.program("e2e/flood")

# A program of its own that writes lines and ends by SIGKILL: nothing of it runs at its end.
KILLED = """i=0; while [ $i -lt 320 ]; do echo "a line of a process that will be killed" >&2
i=$((i + 1)); done; kill -9 $$"""

SMALL_DISK = """
mkdir "$1/small"
mount -t tmpfs -o size=64k tmpfs "$1/small"
cd "$1/small"
"$2" record -o x.data --debug="$1/debug" $3 sh -c "$4" 2>/dev/null || true
cp x.data "$1/kept.data"
cd /
umount "$1/small"
"""


class Losses(Case):
    def counted(self, path):
        """What `view --stats` knows of the losses, and how many lines are there."""
        found = json.loads(view("--stats", "-o", "json", path).stdout)
        return found, len(harness.as_lines(view("-o", "cat", path).stdout))

    def refused(self, reason):
        """What the writers say that they could not write."""
        debug = harness.contents(self.path("debug")).decode()
        last = dict(re.findall(rf"^logtap\[(\d+)\] .*refused-{reason}=(\d+)", debug, re.M))
        return sum(map(int, last.values()))

    def assert_counted(self, found, seen, written, key, others=2):
        """All lines; and what else a process has to say, such as how it ended."""
        self.assertGreater(seen, 50)
        self.assertGreaterEqual(found["lost"], written - seen)
        self.assertLessEqual(found["lost"], written - seen + others)
        self.assertEqual(found.get(key), found["lost"])

    def perf_agrees(self, path):
        """perf reads the file as before, and has nothing to say of the account."""
        done = harness.Recording(path).perf_script()
        self.assertEqual(done.status, 0, done.stderr)
        self.assertEqual(re.findall(rb".*(?:unknown|rror).*", done.stderr), [])
        self.assertGreater(done.stdout.count(b"logtap_L4K2"), 50)


class FullToTheEnd(Losses):
    """A disk of a few pages on which nothing becomes free."""

    def setUp(self):
        super().setUp()
        self.unshare = world.private_mounts()
        if not self.unshare:
            self.skipTest("cannot mount a small disk here")

    def record(self, script, options=""):
        done = run([*self.unshare, "sh", "-ec", SMALL_DISK, "sh", self.folder, LOGTAP, options, script])
        self.assertEqual((done.status, done.stderr), (0, b""))
        return self.path("kept.data")

    def test_one_writer(self):
        path = self.record(f"exec '{FLOOD}' 1 2000 200")
        found, seen = self.counted(path)
        self.assert_counted(found, seen, 2000, "lost_disk_full")
        self.assertGreaterEqual(found["lost"], self.refused("no-space"))
        said = view("-o", "cat", path).stderr
        self.assertRegex(said, rf"at least {found['lost']} events were lost: the disk was full".encode())
        self.assertRegex(view("--stats", path).stdout, rf"\n{found['lost']} lost because a disk was full\n".encode())
        self.perf_agrees(path)

    def test_writers_at_once(self):
        """Each adds to the same number."""
        found, seen = self.counted(self.record(f"exec '{FLOOD}' 4 1500 200"))
        self.assert_counted(found, seen, 6000, "lost_disk_full", 10)

    def test_writers_one_after_the_other(self):
        path = self.record(f"'{FLOOD}' 1 1000 200; '{FLOOD}' 1 500 200; exec '{FLOOD}' 1 250 200")
        found, seen = self.counted(path)
        self.assert_counted(found, seen, 1750, "lost_disk_full", 12)

    def test_a_writer_that_is_killed(self):
        """It told most of its losses as they came: less than a sixteenth is missing."""
        found, seen = self.counted(self.record(f"'{FLOOD}' 1 800 200; sh -c '{KILLED}'"))
        self.assertGreaterEqual(found["lost"], 800 + 320 - seen - 320 // 16)
        self.assertLessEqual(found["lost"], 800 + 320 - seen + 8)

    def test_a_copy_has_them(self):
        path = self.record(f"exec '{FLOOD}' 1 2000 200")
        copy = self.write("copy", view("--output=perf", path).stdout)
        self.assertEqual(self.counted(copy)[0]["lost"], self.counted(path)[0]["lost"])

    def test_segments(self):
        """A recording that would go on in another file, for which there is no room."""
        path = self.record(f"exec '{FLOOD}' 1 2000 200", "--max-age=1h")
        found, seen = self.counted(path)
        self.assert_counted(found, seen, 2000, "lost_disk_full")


class FileLimit(Losses):
    def record(self, script, limit=100000):
        path = self.path("x.data")
        run([LOGTAP, "record", "-o", path, "sh", "-c", script],
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        return path

    def test_to_the_end(self):
        path = self.record(f"exec '{FLOOD}' 1 2000 200")
        found, seen = self.counted(path)
        self.assert_counted(found, seen, 2000, "lost_file_limit")
        said = view("-o", "cat", path).stderr
        self.assertRegex(said, rf"{found['lost']} events were lost: a limit on the size of files".encode())
        self.perf_agrees(path)

    def test_a_writer_that_is_killed(self):
        found, seen = self.counted(self.record(f"'{FLOOD}' 1 800 200; sh -c '{KILLED}'"))
        self.assertGreaterEqual(found["lost"], 800 + 320 - seen - 320 // 16)

    def test_below_the_account(self):
        """Not even that may be written: no signal, and what is there is shown."""
        path = self.path("x.data")
        done = run([LOGTAP, "record", "-o", path, "sh", "-c",
                    f"ulimit -f 0; echo words >&2; exec '{FLOOD}' 1 20 200"])
        self.assertEqual(done.status, 0, done.stderr)
        self.assertEqual(done.stderr.count(b"\n"), 21)

    def test_while_it_is_followed(self):
        """`view -f` tells it as it comes."""
        path = self.path("x.data")
        with subprocess.Popen([LOGTAP, "record", "-o", path, "sh", "-c", f"read line; exec '{FLOOD}' 1 2000 200"],
                              stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=harness.ENVIRONMENT,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))) as writer:
            harness.wait_for_size(path, 1)
            with subprocess.Popen([LOGTAP, "view", "-f", "-o", "cat", path], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, env=harness.ENVIRONMENT) as follower:
                writer.communicate(b"\n")
                said = follower.stderr.readline()
                harness.kill_and_wait(follower)
        self.assertRegex(said, rb"at least \d+ events? (was|were) lost: a limit")


if __name__ == "__main__":
    harness.main()
