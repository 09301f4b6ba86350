# SPDX-License-Identifier: MIT
"""Recordings that go on in segments: what is in which file, who goes along and who can't, and that
nothing is lost on the way."""

import os
import resource
import shutil
import signal
import subprocess

import harness
import rotation
from harness import LOGTAP, Case, run

FLOOD = harness.program("e2e/flood")
SIZE = 100000  # of a segment
LINE = 100


class Segments(Case):
    def record(self, *words, options=(f"--max-size={SIZE}",), name="out.data", **more):
        return run([LOGTAP, "record", "-o", self.path(name), *options, "--", *words],
                   cwd=self.folder, **more)

    def flood(self, lines, options=(f"--max-size={SIZE}",), processes=1, **more):
        done = self.record(FLOOD, str(processes), str(lines), str(LINE), options=options, **more)
        self.assertEqual(done.status, 0, done.stderr[-500:])

    def view(self, name="out.data", *options):
        done = run([LOGTAP, "view", "-o", "cat", *options, self.path(name)])
        self.assertEqual((done.status, done.stderr), (0, b""))
        return done.stdout.splitlines()

    def segments(self, name="out.data"):
        return sorted((entry for entry in os.listdir(self.folder)
                       if entry.startswith(name + ".") and entry.split(".")[2].isdigit()),
                      key=lambda entry: int(entry.split(".")[2]))

    def numbers(self, lines):
        return [int(line.split()[3]) for line in lines]


class Rotation(Segments):
    def test_in_order(self):
        """PATH is the newest; each is readable alone; all of them are shown in one order."""
        self.flood(3000)
        names = self.segments()
        self.assertGreater(len(names), 3)
        self.assertTrue(os.path.samefile(self.path("out.data"), self.path(names[-1])))
        self.assertEqual(self.numbers(self.view()), list(range(3000)))
        alone = [self.numbers(self.view(name)) for name in names]
        self.assertEqual(sum(alone, []), list(range(3000)))
        for name in names[:-1]:
            self.assertLessEqual(os.path.getsize(self.path(name)), SIZE)
            self.assertGreaterEqual(os.path.getsize(self.path(name)), SIZE // 2)

    def test_a_new_one_that_the_path_does_not_lead_to_yet(self):
        """Between two steps of whoever begins it: the one before is none that comes behind it."""
        self.flood(1500)
        names = self.segments()
        os.remove(self.path("out.data"))
        os.link(self.path(names[-2]), self.path("out.data"))
        self.assertEqual(self.numbers(self.view()), list(range(1500)))

    def test_perf_reads_each(self):
        if not shutil.which("perf"):
            self.skipTest("needs perf")
        self.flood(1500)
        counts = [run(["perf", "script", "-i", self.path(name)]).stdout.count(b"logtap_L4K2")
                  for name in self.segments()]
        self.assertGreater(len(counts), 2)
        self.assertEqual(sum(counts), 1500)

    def test_keep(self):
        self.flood(5000, [f"--max-size={SIZE}", "--keep=2"])
        names = self.segments()
        self.assertEqual(len(names), 3, names)
        shown = self.numbers(self.view())
        self.assertEqual(shown, list(range(shown[0], 5000)))
        self.assertGreater(shown[0], 2000)

    def test_age(self):
        self.record("sh", "-c", "echo one >&2; sleep 1.3; echo two >&2; echo three >&2",
                    options=["--max-age=1s"])
        names = self.segments()
        self.assertEqual(len(names), 2, names)
        self.assertEqual(len(self.view(names[0])), 1)
        self.assertEqual(len(self.view(names[1])), 2)

    def test_follow(self):
        """view -f goes along, and what it shows is all."""
        with subprocess.Popen([LOGTAP, "record", "-o", self.path("out.data"),
                               f"--max-size={SIZE}", "sh", "-c",
                               f"sleep 0.5; for i in 1 2 3; do {FLOOD} 1 700 {LINE}; sleep 0.3; "
                               "done"], stderr=subprocess.DEVNULL,
                              env=harness.ENVIRONMENT) as recorder:
            self.assertTrue(harness.wait_for(lambda: self.segments()))
            with subprocess.Popen([LOGTAP, "view", "-f", "-o", "cat", self.path("out.data")],
                                  stdout=subprocess.PIPE, env=harness.ENVIRONMENT) as view:
                shown = [int(view.stdout.readline().split()[3]) for _ in range(2100)]
                view.send_signal(signal.SIGTERM)
            recorder.wait()
        self.assertEqual(shown, list(range(700)) * 3)
        self.assertGreater(len(self.segments()), 2)

    def test_threads_and_processes(self):
        """The short form of rotation.py, with a kill now and then."""
        for keep in (1000, 3):
            folder = self.path(str(keep))
            os.mkdir(folder)
            # Segments that fill in 50 ms grow by what writers on their way still write: how much there is on
            # the disk is for rotation.py to show, with segments of a usual size.
            result = rotation.prove(folder, 4, 4, 100000, 2000000, keep, 0.2, bounded=False)
            self.assertEqual(result.problems, [], str(result))
            self.assertGreater(result.rotations, 3)
            shutil.rmtree(folder)


class Places(Segments):
    # Until this test has done what happens meanwhile.
    WAIT = "touch waits; while [ ! -e done ]; do sleep 0.02; done"

    def while_it_waits(self, action):
        self.assertTrue(harness.wait_for(lambda: os.path.exists(self.path("waits"))))
        action()
        self.write("done", b"")

    def test_next_recording(self):
        """What was there becomes FILE.old, with all that belongs to it and nothing else."""
        with open(self.path("out.data.2"), "w", encoding="ascii") as file:
            file.write("mine\n")
        self.flood(1500)
        first = self.segments()
        self.assertNotIn("out.data.2", [name for name in first if self.is_recording(name)])
        self.flood(10)
        old = run([LOGTAP, "view", "-o", "cat", self.path("out.data.old")])
        self.assertEqual((old.status, self.numbers(old.stdout.splitlines())), (0, list(range(1500))))
        # Nothing is left that says why there is no second one.
        self.assert_one_line(old.stderr, f"there is no {self.path('out.data.old.2')}:")
        self.assertEqual(self.numbers(self.view()), list(range(10)))
        self.flood(20)
        self.assertEqual(self.numbers(self.view("out.data.old")), list(range(10)))
        with open(self.path("out.data.2"), encoding="ascii") as file:
            self.assertEqual(file.read(), "mine\n")

    def is_recording(self, name):
        with open(self.path(name), "rb") as file:
            return file.read(8) == b"PERFILE2"

    def test_while_it_writes(self):
        """A recording begins where another one is being written: both go on in their own files."""
        path = self.path("out.data")
        with subprocess.Popen([LOGTAP, "record", "-o", path, f"--max-size={SIZE}", "sh", "-c",
                               f"{FLOOD} 1 500 {LINE}; {self.WAIT}; {FLOOD} 1 2000 {LINE}"],
                              stderr=subprocess.DEVNULL, cwd=self.folder, env=harness.ENVIRONMENT) as older:
            self.while_it_waits(lambda: self.flood(1200))
            older.wait()
        self.assertEqual(self.numbers(self.view()), list(range(1200)))
        self.assertEqual(self.numbers(self.view("out.data.old")),
                         list(range(500)) + list(range(2000)))

    def test_append(self):
        self.flood(700)
        self.flood(700, options=["--append"])
        self.assertEqual(self.numbers(self.view()), list(range(700)) * 2)
        self.assertEqual(self.record("true", options=["--append", "--max-size=1M"]).status, 125)
        self.assertEqual(self.record("true", options=["--append", "--provider=x"]).status, 125)
        self.flood(3, options=["--append"], name="fresh.data")
        self.assertEqual(len(self.view("fresh.data")), 3)

    def test_refused(self):
        for options in (["--keep=3"], ["--compress"], ["--max-size=12Q"], ["--max-size=0"],
                        ["--max-age=1y"], ["--max-size=4K"], ["--max-size=1M", "--keep=0"]):
            done = self.record("true", options=options)
            self.assertEqual(done.status, 125, options)
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    def test_not_started(self):
        """A program that can't be started leaves everything as it was."""
        self.flood(1500)
        before = sorted(os.listdir(self.folder))
        self.assertEqual(self.record("/etc/passwd").status, 126)
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        self.assertEqual(self.numbers(self.view()), list(range(1500)))

    def test_compress(self):
        self.flood(3000, [f"--max-size={SIZE}", "--compress", "--keep=50"])
        names = self.segments()
        first = self.view()
        packed = self.segments()
        self.assertEqual(packed, [name + ".zst" for name in names[:-1]] + names[-1:])
        self.assertEqual(self.view(), first)
        self.assertEqual(self.numbers(first), list(range(3000)))
        if shutil.which("zstdcat"):
            done = run(["zstdcat", self.path(packed[0])])
            with open(self.path("plain"), "wb") as file:
                file.write(done.stdout)
            self.assertEqual(self.view("plain"), first[:len(self.view("plain"))])
        alone = [line for name in packed for line in self.view(name)]
        self.assertEqual(alone, first)
        self.flood(3000, ["--append"])
        shown = self.numbers(self.view())
        self.assertEqual(shown[-3000:], list(range(3000)))
        self.assertEqual(shown[:3000], list(range(3000)))

    def test_a_service_gives_its_options_each_time(self):
        options = [f"--max-size={SIZE}", "--keep=20", "--append"]
        for _ in range(3):
            self.flood(700, options)
        self.assertEqual(self.numbers(self.view()), list(range(700)) * 3)
        for other in ([f"--max-size={SIZE}", "--append"], ["--max-age=1h", "--keep=20", "--append"]):
            done = self.record("true", options=other)
            self.assertEqual(done.status, 125)
            self.assert_one_line(done.stderr, f"--max-size={SIZE} --keep=20")

    def test_one_is_removed_by_hand(self):
        """The others are shown, and that one is missing is said; a name of somebody else's is none."""
        self.flood(3000, [f"--max-size={SIZE}"])
        names = self.segments()
        os.remove(self.path(names[2]))
        done = run([LOGTAP, "view", "-o", "cat", self.path("out.data")])
        self.assertEqual(done.status, 0)
        self.assert_one_line(done.stderr, f"there is no {self.path(names[2])}:")
        self.assertEqual(self.numbers(done.stdout.splitlines())[-1], 2999)
        self.write(names[2], b"not ours")
        self.assertEqual(run([LOGTAP, "view", "-o", "cat", self.path("out.data")]).stderr, b"")
        os.remove(self.path(names[0]))
        self.assertEqual(run([LOGTAP, "view", "-o", "cat", self.path("out.data")]).stderr, b"")

    def test_truncated(self):
        """Who empties the file loses what was in it, and nothing that comes later: once its writers have
        had the time to look (GAPS)."""
        path = self.path("out.data")
        with subprocess.Popen([LOGTAP, "record", "-o", path, f"--max-size={SIZE}", "sh", "-c",
                               f"{FLOOD} 1 200 {LINE}; {self.WAIT}; sleep 0.3; echo x >&2; sleep 0.3; "
                               f"{FLOOD} 1 1500 {LINE}"],
                              stderr=subprocess.DEVNULL, cwd=self.folder, env=harness.ENVIRONMENT) as recorder:
            self.while_it_waits(lambda: os.truncate(path, 0))
            recorder.wait()
        done = run([LOGTAP, "view", "-o", "cat", path])
        numbers = [int(line.split()[3]) for line in done.stdout.splitlines()
                   if line.startswith(b"writer")]
        self.assertEqual(numbers[-1500:], list(range(1500)))


class Unreachable(Segments):
    def test_another_root(self):
        """Who sees another root stays where he is, and says so."""
        if os.geteuid() != 0:
            self.skipTest("only root can change its root")
        debug = self.path("debug")
        script = ("import os, sys\n"
                  f"os.chroot({self.folder!r})\n"
                  f"for i in range(2000): os.write(2, b'writer 0 line %d {'x' * 60}\\n' % i)\n")
        # Below the hard limit, where what is open stays open.
        self.record(rotation.sys.executable, "-c", script, LOGTAP_DEBUG=debug,
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1000, 20000)))
        self.assertEqual(self.segments(), ["out.data.1"])
        self.assertEqual(self.numbers(self.view()), list(range(2000)))
        with open(debug, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("stays in a segment", text)

    def test_another_user(self):
        """Who gave up the right to the folder stays; who kept it goes on."""
        if os.geteuid() != 0:
            self.skipTest("only root can become another user")
        script = ("import os, sys\n"
                  "child = os.fork()\n"
                  "if not child: os.setuid(65534)\n"
                  "who = 1 if child else 0\n"
                  f"for i in range(1500): os.write(2, b'writer %d line %d {'x' * 60}\\n' "
                  "% (who, i))\n"
                  "if child: os.wait()\n")
        os.chmod(self.folder, 0o700)
        self.record(rotation.sys.executable, "-c", script)
        shown = self.view()
        for who in (b"0", b"1"):
            self.assertEqual(self.numbers(line for line in shown if line.split()[1] == who),
                             list(range(1500)))
        self.assertGreater(len(self.segments()), 1)

    def test_a_folder_that_is_exchanged(self):
        """Somebody exchanges his own folder for a link to another's, all the time: no file gets
        there."""
        for name in ("theirs", "victim"):
            os.mkdir(self.path(name))
        os.symlink("victim", self.path("link"))
        with open(self.path("err"), "wb") as err:
            recorder = subprocess.Popen(
                [LOGTAP, "record", "-o", self.path("theirs/out.data"), f"--max-size={SIZE}", "--",
                 FLOOD, "1", "60000", str(LINE)], stderr=err)
        while not os.path.exists(self.path("theirs/out.data.2")):
            self.assertIsNone(recorder.poll())
        exchange = rotation.exchanger(self.path("theirs"), self.path("link"))
        while recorder.poll() is None:
            exchange()
        self.assertEqual((recorder.returncode, os.listdir(self.path("victim"))), (0, []))

    def test_limit_of_file_size(self):
        """The next segment is begun before a limit is met."""
        self.flood(6000, ["--max-size=100M"], preexec_fn=self.limit)
        self.assertGreater(len(self.segments()), 1)
        self.assertEqual(self.numbers(self.view()), list(range(6000)))

    @staticmethod
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (500000, 500000))


if __name__ == "__main__":
    harness.main()
