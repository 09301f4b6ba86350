# SPDX-License-Identifier: MIT
"""Recordings among other recordings, clocks, namespaces and users: whose lines are in which file,
at which time, and under which number."""

import collections
import datetime
import os
import shutil
import struct
import subprocess
import sys
import time

import harness
import perfdata
import recording
from harness import LOGTAP, Case, Recording, run

TICK = harness.program("e2e/tick")
PYTHON = os.path.realpath(sys.executable)
UNPRIVILEGED = harness.program("e2e/unprivileged")
LIBRARY = os.path.realpath(os.path.join(harness.BUILD, "lib", "liblogtap.so"))
FAKETIME = ("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1")


def messages(path):
    return [event["fields"]["message"] for event in Recording(path).events()]


class Recordings(Case):
    def record(self, *words, name="out.data", options=(), **variables):
        return run([LOGTAP, "record", "-o", self.path(name), *options, "--", *words],
                   cwd=self.folder, **variables)

    def need_root(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become another user")


class Identity(Recordings):
    def test_each_into_its_own(self):
        """Two recordings begun under one path while the programs of both run."""
        path = self.path("out.data")
        script = "for i in 1 2 3 4 5 6; do ls /{0}-$i; sleep 0.1; done; echo {0}-end >&2"
        children = []
        for name in ("first", "second"):
            before = os.stat(path).st_ino if os.path.exists(path) else 0
            children.append(subprocess.Popen(
                [LOGTAP, "record", "-o", path, "sh", "-c", script.format(name)],
                stderr=subprocess.DEVNULL, env=harness.ENVIRONMENT))
            while not os.path.exists(path) or os.stat(path).st_ino == before:
                time.sleep(0.01)
        for child in children:
            self.assertEqual(child.wait(harness.TIMEOUT), 0)
        for name, file in (("first", path + ".old"), ("second", path)):
            seen = messages(file)
            self.assertEqual(len(seen), 7, seen)
            self.assertTrue(all(name in message for message in seen), seen)

    def test_begun_at_once(self):
        """However many begin at the same moment, nobody's lines are in another's file."""
        path = self.path("out.data")
        children = [subprocess.Popen([LOGTAP, "record", "-o", path, "sh", "-c",
                                      f"echo {i} >&2; ls /{i}; true"],
                                     stderr=subprocess.DEVNULL, env=harness.ENVIRONMENT)
                    for i in range(1, 9)]
        for child in children:
            self.assertEqual(child.wait(harness.TIMEOUT), 0)
        for file in (path, path + ".old"):
            seen = {message.split("/")[-1].split("'")[0] for message in messages(file)}
            self.assertEqual(len(seen), 1, seen)
        self.assertEqual(sorted(os.listdir(self.folder)), ["out.data", "out.data.old"])

    def test_gone(self):
        """A program whose recording is gone writes nowhere, and says what that cost."""
        debug = self.path("debug")
        ends = {"moved": "mv out.data away", "deleted": "rm out.data",
                "linked": "mv out.data away; ln -s away out.data",
                "replaced": f"mv out.data away; {LOGTAP} record -o out.data true",
                "copied": "cp out.data copy; mv out.data away; rm away; head -c 100 copy >out.data"}
        for name, end in ends.items():
            with self.subTest(name):
                for file in os.listdir(self.folder):
                    os.unlink(self.path(file))
                self.record("sh", "-c", f"{end}; ls /one /two; echo three >&2", LOGTAP_DEBUG=debug)
                lines = harness.contents(debug).decode().splitlines()
                self.assertTrue(any(" ls: no capture: " in line for line in lines), lines)
                counters = [line for line in lines if " ls: counters: " in line][-1]
                self.assertIn("captured=2 sent=0 ", counters)
                self.assertIn("refused-descriptor-lost=2 ", counters)
                for file in os.listdir(self.folder):
                    if file != "debug":
                        self.assertNotIn(b"/one", harness.contents(self.path(file)), file)

    def test_by_hand(self):
        """A path alone is whatever stands there; --sink holds on to it for the children."""
        if harness.SANITIZED:
            self.skipTest("a sanitized library is not loaded into programs without its runtime")
        self.record("true")
        sink = "LOGTAP_SINK=file:" + self.path("out.data")
        run(["env", sink, "LD_PRELOAD=" + LIBRARY, "ls", "/by-hand"])
        run([LOGTAP, "run", "--sink=file:" + self.path("out.data"), "sh", "-c",
             f"ls /pinned; {LOGTAP} record -o {self.path('out.data')} true; ls /old"])
        self.assertEqual(messages(self.path("out.data")), [])
        self.assertEqual(["by-hand", "pinned", "old"],
                         [message.split("/")[1].split("'")[0]
                          for message in messages(self.path("out.data.old"))])

    def test_not_started(self):
        """A program that can't be executed leaves the recording that was there."""
        self.record("sh", "-c", "echo precious >&2")
        broken = self.write("broken", b"#!/nonexistent/interpreter\n")
        os.chmod(broken, 0o700)
        self.assertNotEqual(self.record(broken).status, 0)
        self.assertEqual(messages(self.path("out.data")), ["precious"])


class Children(Recordings):
    PROGRAM = """
import os, sys
for number in range(12):
    if not os.fork():
        if number % 3 == 0:
            print("child", number, file=sys.stderr)
        if number % 2:
            os._exit(0)
        if number % 4:
            os.execv("/bin/true", ["true"])
        sys.exit(0)
    os.wait()
"""

    def test_only_who_logs_is_noted(self):
        """A child that says nothing costs the recording nothing, however it ends."""
        self.assertEqual(self.record(PYTHON, "-c", self.PROGRAM).status, 0)
        path = self.path("out.data")
        self.assertEqual(messages(path), [f"child {number}" for number in (0, 3, 6, 9)])
        with open(path, "rb") as file:
            kinds = collections.Counter(kind for kind, _ in recording.records(file.read()))
        # python and the three times that true was started; each child that logs says whose it is.
        self.assertEqual((kinds[perfdata.FORK], kinds[perfdata.COMM]), (4, 4 + 4))


class Users(Recordings):
    def test_worker_reads_nothing(self):
        self.need_root()
        os.chmod(self.folder, 0o755)
        done = self.record(UNPRIVILEGED)
        self.assertEqual(done.status, 0, done)
        self.assertNotEqual(done.stdout, b"0\n", "it has the descriptor: the test has a point")
        self.assertEqual(messages(self.path("out.data")), ["the secret", "as nobody"])

    def test_folder_of_another_user(self):
        """He puts a file of his own, a link or a FIFO in the place of root's recording."""
        self.need_root()
        os.chmod(self.folder, 0o777)
        swaps = {
            "own": f"{LOGTAP} record -o evil.data true; chmod 666 evil.data; "
                   "mv out.data gone; mv evil.data out.data",
            "link": f"{LOGTAP} record -o evil.data true; chmod 666 evil.data; "
                    "mv out.data gone; ln -s evil.data out.data",
            "old": f"{LOGTAP} record -o evil.data true; chmod 666 evil.data; "
                   "mv out.data gone; mv evil.data out.data.old",
            "fifo": "mv out.data gone; mkfifo -m 666 out.data",
        }
        for name, swap in swaps.items():
            with self.subTest(name):
                for file in os.listdir(self.folder):
                    os.unlink(self.path(file))
                nobody = f"su nobody -s /bin/sh -c '{swap}'"
                self.record("sh", "-c", f"env -u LD_PRELOAD {nobody}; ls /the-secret")
                for file in os.listdir(self.folder):
                    if not file.startswith("out.data") or os.path.isfile(self.path(file)):
                        self.assertNotIn(b"the-secret", harness.contents(self.path(file)))


class Clocks(Recordings):
    def check(self, began, count):
        """True times, in order."""
        events = Recording(self.path("out.data")).events()
        times = [datetime.datetime.fromisoformat(event["time"][:26] + "+00:00").timestamp()
                 for event in events]
        self.assertEqual(len(times), count, events)
        self.assertEqual(times, sorted(times))
        self.assertGreater(times[0], began - 0.01)
        self.assertLess(times[-1], time.time() + 0.01)

    def test_clock_of_the_program(self):
        began = time.time()
        self.record("sh", "-c", f"echo 0 >&2; {TICK} 3; echo 4 >&2")
        self.check(began, 5)

    def pretend_other_boot(self, path):
        """As if the machine had been started anew an hour after the recording was begun: its clock,
        which counts from a boot, had another relation to the time of day, and the boot another id."""
        content = bytearray(harness.contents(path))
        mark = 16 + 40  # u64 wall, u64 clock, behind header, feature, magic and id of the first record
        wall, clock = struct.unpack_from("<QQ", content, mark)
        there = content.index(struct.pack("<QQ", wall, clock), mark + 16)  # the feature CLOCK_DATA
        for place in (mark, there):
            struct.pack_into("<QQ", content, place, wall - 3600 * 10**9, clock + 777 * 10**9)
        boot = content.index(b"logtap\0b") + 8
        content[boot] ^= 1
        with open(path, "wb") as file:
            file.write(content)

    def test_after_another_boot(self):
        """`record --append`, of one file and of segments: the times are those of the day."""
        for options in ([], ["--max-size=1M"]):
            self.record("true", options=options)
            self.pretend_other_boot(self.path("out.data"))
            began = time.time()
            for number in range(3):
                self.record("sh", "-c", f"echo {number} >&2", options=["--append"])
            self.check(began, 3)
            said = Recording(self.path("out.data")).events("--event=process")
            here = harness.contents("/proc/sys/kernel/random/boot_id").decode().strip()
            self.assertEqual([event["fields"]["boot_id"] for event in said], [here] * 3)

    def test_preloaded_clock(self):
        """In front of us, behind us, for the launcher as well; and no word of the faker's own."""
        faker = next((path for path in FAKETIME if os.path.exists(path)), None)
        if not faker:
            self.skipTest("libfaketime is not installed")
        if harness.SANITIZED:
            self.skipTest("a sanitized logtap does not start behind another preloaded library")
        script = (f"echo 1 >&2; LD_PRELOAD={faker}:$LD_PRELOAD ls /2; "
                  f"LD_PRELOAD=$LD_PRELOAD:{faker} ls /3; echo 4 >&2")
        plain = run(["sh", "-c", script], FAKETIME="-10d", cwd=self.folder)
        began = time.time()
        done = self.record("sh", "-c", script, FAKETIME="-10d")
        self.check(began, 4)
        self.assertEqual(done.stderr, plain.stderr)
        if not shutil.which("faketime"):
            self.skipTest("the command faketime is not installed")
        inner = "echo 1 >&2; ls /2; date +%F"
        plain = run(["faketime", "-f", "-10d", "sh", "-c", inner])
        for words in ([LOGTAP, "record", "-o", self.path("out.data"), "faketime", "-f", "-10d"],
                      ["faketime", "-f", "-10d", LOGTAP, "record", "-o", self.path("out.data")]):
            began = time.time()
            done = run([*words, "sh", "-c", inner])
            self.check(began, 2)
            self.assertEqual(done, plain)

    def test_time_namespaces(self):
        """Children in other ones, without /proc, and the launcher in one of its own."""
        if run(["unshare", "-T", "--monotonic=1", "true"]).status != 0:
            self.skipTest("cannot make a time namespace here")
        began = time.time()
        self.record("sh", "-c", "echo 1 >&2; unshare -T --monotonic=90000 --boottime=7 ls /2; "
                                "ls /3; unshare -T --monotonic=-100 sh -c 'ls /4; ls /5'; "
                                "unshare -m -T --monotonic=5000 sh -c 'umount -l /proc; ls /6'; "
                                "unshare -T --fork --monotonic=77 ls /7; echo 8 >&2")
        self.check(began, 8)
        began = time.time()
        run(["unshare", "-T", "--monotonic=4000", LOGTAP, "record", "-o", self.path("out.data"),
             "sh", "-c", f"ls /1; nsenter --time=/proc/{os.getpid()}/ns/time ls /2; ls /3"])
        self.check(began, 3)


class Namespaces(Recordings):
    def threads(self, script):
        self.record("sh", "-c", script)
        found = collections.defaultdict(list)
        for event in Recording(self.path("out.data")).events():
            found[event["pid"], event["tid"]].append(event["fields"]["message"])
        return found

    def need(self, *words):
        if run([*words, "true"]).status != 0:
            self.skipTest("cannot make a PID namespace here")

    def test_numbers_are_the_recorders(self):
        """With the recorder's /proc in sight each process says the number that it has there."""
        self.need("unshare", "-pf")
        found = self.threads("unshare -pf sh -c 'echo 1 >&2; ls /2; (echo 3 >&2); ls /4; true'; "
                             "echo me $$ >&2")
        me = next(int(messages[0].split()[1]) for messages in found.values()
                  if messages[0].startswith("me "))
        for pid, tid in found:
            self.assertTrue(me <= pid < me + 100, (found, me))
            self.assertEqual(pid, tid)

    def test_never_two_under_one_number(self):
        """Each is number 1 to itself, and sees no other /proc: two at once, one in the other."""
        self.need("unshare", "-pf", "--mount-proc")
        one = "unshare -pf --mount-proc sh -c 'echo {0} >&2; ls /{0}; sleep 0.5; echo {0} >&2'"
        nested = "echo c >&2; unshare -pf sh -c \"echo d >&2; sleep 0.5\"; echo c >&2"
        found = self.threads(f"{one.format('a')} & {one.format('b')} & "
                             f"unshare -pf --mount-proc sh -c '{nested}' & wait")
        for words in found.values():
            letters = {word if len(word) == 1 else word.split("/")[1][0] for word in words}
            self.assertEqual(len(letters), 1, found)
        self.assertGreaterEqual(len(found), 6)


if __name__ == "__main__":
    harness.main()
