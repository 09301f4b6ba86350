# SPDX-License-Identifier: MIT
"""Bad input gets one clear line on stderr and a non-zero exit, and never costs data that was good.
"""

import os
import re
import subprocess

import harness
import world
from harness import LOGTAP, Case, run

SMALL_DISK = """
mkdir "$1/small"
mount -t tmpfs -o size=$2 tmpfs "$1/small"
shift 2
exec "$@"
"""


class BadInput(Case):
    def refused(self, *words, status=None, says=(), **keywords):
        done = run([LOGTAP, *words], cwd=self.folder, **keywords)
        self.assert_one_line(done.stderr, *says)
        if status is None:
            self.assertNotEqual(done.status, 0)
        else:
            self.assertEqual(done.status, status)
        self.assertGreaterEqual(done.status, 0, "must not die of a signal")
        return done

    def test_unknown_command_or_option(self):
        self.refused("frobnicate", status=2, says=["frobnicate", "--help"])
        self.refused("--frobnicate", status=2, says=["--frobnicate"])
        self.refused(status=2, says=["--help"])
        self.refused("help", "frobnicate", status=2, says=["frobnicate"])
        for command in ("view", "tail", "register", "level", "doctor"):
            self.refused(command, "--frobnicate", status=2, says=[command, "--frobnicate"])
        for command in ("run", "record"):
            self.refused(command, "--frobnicate", "ls", status=125, says=["--frobnicate"])

    def test_escape_sequences_in_arguments(self):
        """What a person typed or a script passed is never sent raw to the terminal."""
        for words in (["\x1b[31m"], ["--\x1b[31m"], ["record", "\x1b[31mprog"],
                      ["view", "\x1b[31mfile"], ["record", "--level=\x1b[31m", "ls"],
                      ["view", "\x9b31mfile"]):
            done = self.refused(*words)
            self.assertNotIn(b"\x1b", done.stderr)
            self.assertNotIn("\x9b", done.stderr.decode())

    def test_unreadable_file(self):
        self.refused("view", "missing.data", says=["missing.data", "No such file"])
        self.refused("view", says=["logtap.data", "logtap record"])
        self.refused("view", self.folder, says=[self.folder])
        if os.geteuid() != 0:
            self.write("secret.data", b"", 0)
            self.refused("view", "secret.data", says=["secret.data", "Permission denied"])

    def test_foreign_file(self):
        for name, content in (("text", b"just a text file\n" * 100), ("empty", b""),
                              ("zero", bytes(10000)), ("short", b"PERF"),
                              ("elf", harness.contents(LOGTAP)[:20000]),
                              ("ones", b"\xff" * 10000)):
            self.write(name, content)
            for output in ("short", "json", "cat", "perf"):
                self.refused("view", f"--output={output}", name, status=1, says=[name])
            self.refused("view", "-", stdin=content, status=1)

    def test_bad_choice(self):
        self.write("logtap.data", b"x")
        self.refused("view", "--output=xml", status=2, says=["xml"])

    def test_nothing_started_nothing_lost(self):
        """A record that cannot start leaves the recording that is there, and its .old, alone."""
        self.write("logtap.data", b"the last recording")
        self.write("logtap.data.old", b"the one before")
        self.write("notexecutable", b"", 0o644)
        self.write("orphan", b"#!/nonexistent/interpreter\n", 0o755)
        self.write("garbage", b"\x7fELF garbage", 0o755)
        for words in (["nosuchprogram"], ["./notexecutable"], ["--level=loud", "ls"],
                      ["--provider=9", "ls"], []):
            self.refused("record", *words)
            self.assertEqual(harness.contents(self.path("logtap.data")), b"the last recording")
            self.assertEqual(harness.contents(self.path("logtap.data.old")), b"the one before")
        # Here only exec itself finds out.
        self.refused("record", "./orphan", status=127)
        self.assertEqual(harness.contents(self.path("logtap.data")), b"the last recording")

    def test_a_folder_in_the_way_of_old(self):
        self.write("logtap.data", b"the recording before")
        os.mkdir(self.path("logtap.data.old"))
        self.refused("record", "true", status=125, says=["'logtap.data.old'", "folder"])
        self.assertEqual(harness.contents(self.path("logtap.data")), b"the recording before")

    def test_unwritable_output(self):
        self.refused("record", "-o", "/nonexistent/folder/x.data", "touch", "started", status=125,
                     says=["/nonexistent/folder/x.data", "No such file"])
        self.refused("record", "-o", "/dev/full", "touch", "started", status=125,
                     says=["/dev/full"])
        self.refused("record", "-o", self.folder, "touch", "started", status=125,
                     says=[self.folder])
        self.refused("record", "-o", "", "touch", "started", status=125)
        self.refused("record", "-o", "/proc/x.data", "touch", "started", status=125,
                     says=["/proc/x.data"])
        self.assertTrue(os.path.exists("/dev/full"))
        self.assertEqual(os.listdir(self.folder), [])

    def test_view_into_a_full_disk(self):
        _, recording = self.record(["ls", "/nonexistent"])
        for output in ("short", "json", "cat", "perf"):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([LOGTAP, "view", f"--output={output}", recording.path],
                                      stdout=full, stderr=subprocess.PIPE,
                                      env=harness.ENVIRONMENT, check=False)
            self.assertEqual(done.returncode, 1, output)
            self.assert_one_line(done.stderr, "No space left on device")

    def test_view_into_a_closed_pipe(self):
        """`view | head`: silent, and ended soon."""
        flood = harness.program("e2e/flood")
        _, recording = self.record([flood, "1", "20000", "100"])
        done = run(["bash", "-c", f"env -u LD_PRELOAD '{LOGTAP}' view --output=cat '{recording.path}' | head -n 1"])
        self.assertEqual(done.stderr, b"")
        self.assertEqual(done.stdout.count(b"\n"), 1)


class FullDisk(Case):
    """On a disk of a few pages, in a private mount namespace."""

    def small(self, size, *argv):
        return run([*self.unshare, "sh", "-ec", SMALL_DISK, "sh", self.folder, size, *argv])

    def setUp(self):
        super().setUp()
        self.unshare = world.private_mounts()
        if not self.unshare:
            self.skipTest("cannot mount a small disk here")

    def test_no_room_for_the_head(self):
        done = self.small("4k", LOGTAP, "record", "-o", self.path("small/x.data"), "touch",
                          self.path("started"))
        self.assertEqual(done.status, 125)
        self.assert_one_line(done.stderr, "No space left on device")
        self.assertEqual(os.listdir(self.folder), ["small"])

    def test_runs_full_later(self):
        """The program goes on, byte for byte; what was recorded until then is readable, and what
        was refused is counted."""
        flood = harness.program("e2e/flood")
        plain = run([flood, "1", "2000", "200"])
        tapped = self.small("64k", LOGTAP, "record", "-o", self.path("small/x.data"),
                            f"--debug={self.path('debug')}", "sh", "-c",
                            f"'{flood}' 1 2000 200; status=$?; "
                            f"env -u LD_PRELOAD '{LOGTAP}' view --output=cat '{self.path('small/x.data')}'; "
                            "exit $status")
        self.assertEqual(tapped.status, 0)
        before, after = tapped.stderr[:len(plain.stderr)], tapped.stderr[len(plain.stderr):]
        self.assertEqual(before, plain.stderr)
        seen = tapped.stdout.splitlines()
        self.assertGreater(len(seen), 50)
        self.assertEqual(seen, plain.stderr.splitlines()[:len(seen)])
        for line in after.splitlines(keepends=True):
            self.assert_one_line(line)
        self.assertIn(b" events were lost: the disk was full", after)
        debug = harness.contents(self.path("debug")).decode()
        refused = sum(int(number) for number in re.findall(r"flood: .*refused-no-space=(\d+)", debug))
        self.assertEqual(len(seen) + refused, 2000, debug)

    def test_stats_do_not_hide_it(self):
        flood = harness.program("e2e/flood")
        done = self.small("64k", LOGTAP, "record", "-o", self.path("small/x.data"), "sh", "-c",
                          f"'{flood}' 1 2000 200 2>/dev/null; env -u LD_PRELOAD '{LOGTAP}' view "
                          f"--stats '{self.path('small/x.data')}' 2>&1")
        self.assertNotIn(b" 0 lost", done.stdout)
        self.assertRegex(done.stdout, rb"the file was cut: \d+ bytes of a record")


if __name__ == "__main__":
    harness.main()
