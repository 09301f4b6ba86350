# SPDX-License-Identifier: MIT
"""logtap collect: what programs send to its socket stands in its recording, in their own names; what
can't be taken is counted; and nobody who connects can harm the others."""

import json
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys

import harness
import world
from harness import LOGTAP, Case, Recording, as_lines, run, wait_for

VERSION, HELLO, NAME, EVENT, LOST = 1, 1, 2, 3, 4


def packet(kind, content=b"", tracepoint=0, version=VERSION, lost=0, tid=0):
    return struct.pack("=BBHIIIQ", version, kind, 0, tracepoint, tid, lost, 1) + content


def hello(*names, program="test"):
    return packet(HELLO, struct.pack("=Q", 1) + b"".join(name.encode() + b"\0" for name in (program, *names)))


class CollectCase(Case):
    def setUp(self):
        super().setUp()
        self.socket = self.path("socket")
        self.recording = Recording(self.path("collected.data"))
        self.collectors = []

    def tearDown(self):
        for collector in self.collectors:
            harness.kill_and_wait(collector)
        super().tearDown()

    def collect(self, *options, output=None):
        collector = subprocess.Popen(
            [LOGTAP, "collect", "-o", output or self.recording.path, *options, "unix:" + self.socket],
            stderr=subprocess.PIPE, env=harness.ENVIRONMENT)
        self.collectors.append(collector)
        self.assertTrue(wait_for(lambda: harness.listens(self.socket)))
        return collector

    def finish(self, collector, status=0, said=b""):
        collector.send_signal(signal.SIGTERM)
        err = collector.communicate(timeout=harness.TIMEOUT)[1]
        self.assertEqual((err, collector.returncode), (said, status))

    def start(self, *argv, **keywords):
        return run([LOGTAP, "run", "-q", "--sink=unix:" + self.socket, *argv], **keywords)

    def connect(self):
        peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        peer.connect(self.socket)
        self.addCleanup(peer.close)
        return peer


class Collected(CollectCase):
    def test_programs(self):
        collector = self.collect()
        script = "echo one >&2; (echo two >&2); ls /nonexistent; exec sh -c 'echo $$ >&2; exit 3'"
        plain = run(["sh", "-c", script])
        done = self.start("sh", "-c", script)
        self.assertEqual(done.status, 3)
        self.assertEqual(as_lines(done.stderr)[:3], as_lines(plain.stderr)[:3])
        self.finish(collector)
        self.assertFalse(os.path.exists(self.socket))
        lines = as_lines(self.recording.cat())
        self.assertEqual(lines, as_lines(done.stderr))
        events = self.recording.events()
        self.assertEqual(str(events[-1]["pid"]), events[-1]["fields"]["message"])
        self.assertEqual([event["process"]["comm"] for event in events], ["sh", "sh", "ls", "sh"])
        self.assertEqual(events[2]["fields"]["level"], "err")
        times = [event["time"] for event in events]
        self.assertEqual(times, sorted(times))

    def test_who_is_gone_already(self):
        """Its own word, where the kernel can't be asked any more."""
        collector = self.collect()
        collector.send_signal(signal.SIGSTOP)
        self.start("sh", "-c", "ls /nonexistent; exec sort --sixteen_bytes_and_more")
        os.symlink("/bin/ls", self.path("a-name-of-many-bytes"))
        self.start(self.path("a-name-of-many-bytes"), "/nonexistent")
        collector.send_signal(signal.SIGCONT)
        self.finish(collector)
        names = [event["process"]["comm"] for event in self.recording.events()]
        self.assertEqual(list(dict.fromkeys(names)), ["ls", "sort", "a-name-of-many-"])

    def test_long_lines(self):
        collector = self.collect()
        self.start(sys.executable, "-c", "import os; os.write(2, b'x' * 100000 + b'\\n')")
        self.finish(collector)
        self.assertEqual(self.recording.cat(), b"x" * 100000 + b"\n")

    def test_nothing_is_sent_by_who_says_nothing(self):
        collector = self.collect()
        self.assertEqual(self.start("true").status, 0)
        self.finish(collector)
        self.assertEqual(self.recording.events(), [])

    def test_every_line_arrives_or_is_counted(self):
        collector = self.collect()
        self.start(harness.program("e2e/flood"), "2", "25000", "80")
        collector.send_signal(signal.SIGTERM)
        err = collector.communicate(timeout=harness.TIMEOUT)[1]
        missed = int(err.split()[2]) if err else 0
        self.assertEqual(collector.returncode, 1 if missed else 0)
        shown = self.recording.view("-o", "cat")
        # What processes tell of themselves may be among what did not arrive.
        self.assertIn(len(as_lines(shown.stdout)) + missed - 50000, range(7))
        self.assertEqual(b"%d events were lost" % missed in shown.stderr, missed > 0)

    def test_goes_on(self):
        for number in (1, 2):
            collector = self.collect("--append")
            self.start("sh", "-c", f"echo {number} >&2")
            self.finish(collector)
        self.assertEqual(self.recording.cat(), b"1\n2\n")

    def test_segments(self):
        collector = self.collect("--max-size=128K", "--max-age=1h", "--keep=100", "--compress")
        for _ in range(40):
            self.start("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do seq -s ' ' 200 >&2; done")
        self.finish(collector)
        self.assertGreater(len([name for name in os.listdir(self.folder)
                                if name.startswith("collected.data")]), 2)
        self.assertEqual(len(as_lines(self.recording.cat())), 400)


class Snapshot(CollectCase):
    """The last events in memory, until they are asked for."""

    def test_last_ones(self):
        collector = self.collect("--snapshot=64K")
        for number in range(20):
            self.start("sh", "-c", f"for i in 0 1 2 3 4 5 6 7 8 9; do printf '%03d%0{number * 40}d\\n' $(({number * 10} + i)) 0; done >&2")
        self.assertFalse(os.path.exists(self.recording.path))
        self.finish(collector)
        numbers = [int(line[:3]) for line in as_lines(self.recording.cat())]
        self.assertEqual(numbers, list(range(numbers[0], 200)))
        self.assertGreater(numbers[0], 10)
        self.assertLess(numbers[0], 190)
        # What the oldest programs said of themselves went before their lines.
        self.assertEqual(self.recording.events()[-1]["process"]["comm"], "sh")

    def test_when_it_is_asked_for(self):
        collector = self.collect("--snapshot=1M")
        self.start("sh", "-c", "echo one >&2")
        collector.send_signal(signal.SIGUSR2)
        self.assertTrue(wait_for(lambda: os.path.exists(self.recording.path)
                                 and self.recording.view("-o", "cat").stdout == b"one\n"))
        self.start("sh", "-c", "echo two >&2")
        self.finish(collector)
        self.assertEqual(self.recording.cat(), b"one\ntwo\n")
        self.assertEqual(Recording(self.recording.path + ".old").cat(), b"one\n")


class Collector(CollectCase):
    """That comes, goes and comes back."""

    LOOP = "i=0; while [ ! -e stop ]; do i=$((i + 1)); echo line $i >&2; sleep 0.05; done"

    def test_comes_late_and_comes_back(self):
        paths = [self.path("first.data"), self.path("second.data")]
        program = subprocess.Popen([LOGTAP, "run", "-q", "--sink=unix:" + self.socket, "sh", "-c", self.LOOP],
                                   cwd=self.folder, stderr=subprocess.PIPE, env=harness.ENVIRONMENT)
        lost = 0
        for number, path in enumerate(paths):
            collector = self.collect(output=path)
            self.assertTrue(wait_for(lambda path=path: Recording(path).view("-o", "cat").stdout.count(b"\n") > 5))
            if number == 0:
                harness.kill_and_wait(collector)  # leaves its socket behind
        with open(self.path("stop"), "w", encoding="ascii"):
            pass
        plain = program.communicate(timeout=harness.TIMEOUT)[1]
        collector.send_signal(signal.SIGTERM)
        err = collector.communicate(timeout=harness.TIMEOUT)[1]
        lost = int(err.split()[2])
        first, second = (as_lines(Recording(path).view("-o", "cat").stdout) for path in paths)
        self.assertEqual(second[-1], as_lines(plain)[-1])
        # What was sent to the one that was killed is with it, or was never read.
        self.assertGreater(int(second[0].split()[1]), int(first[-1].split()[1]))
        self.assertGreater(lost, 0)
        events = [event for event in harness.json_lines(harness.view("-o", "json", paths[1]).stdout)]
        self.assertEqual(events[0]["process"]["exe"], os.path.realpath("/bin/sh"))

    def test_says_that_nobody_listens(self):
        done = run([LOGTAP, "run", "--sink=unix:" + self.socket, "sh", "-c", "echo x >&2"])
        self.assertEqual(done.status, 0)
        self.assertIn(b"nobody listens at " + self.socket.encode(), done.stderr)
        self.assertTrue(done.stderr.endswith(b"\nx\n"))

    def test_another_one_is_refused(self):
        collector = self.collect()
        done = run([LOGTAP, "collect", "-o", self.path("other.data"), "unix:" + self.socket])
        self.assertEqual(done.status, 1)
        self.assertIn(b"another collector does", done.stderr)
        self.assertFalse(os.path.exists(self.path("other.data")))
        self.start("sh", "-c", "echo x >&2")
        self.finish(collector)
        self.assertEqual(self.recording.cat(), b"x\n")

    def test_takes_no_file_away(self):
        with open(self.socket, "w", encoding="ascii") as f:
            f.write("mine")
        done = run([LOGTAP, "collect", "-o", self.recording.path, "unix:" + self.socket])
        self.assertEqual(done.status, 1)
        self.assertEqual(harness.contents(self.socket), b"mine")

    def test_bad_arguments(self):
        for words in (["tcp:1"], ["unix:"], ["unix:/" + "x" * 107], ["unix:/a", "unix:/b"], ["--provider=9"],
                      ["--max-size=x"], ["--nothing"], ["--snapshot=x"], ["--snapshot=1M", "--append"],
                      ["--snapshot=1M", "--to=json:x"], ["--snapshot=1M", "--max-size=1M"]):
            done = run([LOGTAP, "collect", "-o", self.recording.path, *words])
            self.assertEqual((done.status, done.stderr.count(b"\n")), (2, 1), done.stderr)


FULL_DISK = """
mkdir small
mount -t tmpfs -o size=100k tmpfs small
"$1" collect -o small/x.data unix:"$PWD/socket" 2>said & collector=$!
while [ ! -S socket ]; do :; done
"$1" run -q --sink=unix:"$PWD/socket" "$2" 1 900 100 2>/dev/null
kill $collector
wait $collector || true
"$1" view -o cat small/x.data >shown 2>/dev/null || true
"$1" view --stats -o json small/x.data >stats 2>/dev/null || true
umount small
"""


class FullDisk(CollectCase):
    def test_each_is_kept_or_counted(self):
        unshare = world.private_mounts()
        if not unshare:
            self.skipTest("cannot mount a small disk here")
        done = run([*unshare, "sh", "-ec", FULL_DISK, "sh", LOGTAP, harness.program("e2e/flood")], cwd=self.folder)
        self.assertEqual((done.status, done.stderr), (0, b""))
        said = harness.contents(self.path("said")).decode()
        kept = len(as_lines(harness.contents(self.path("shown"))))
        missed = sum(map(int, re.findall(r"(\d+) events? did not arrive", said)))
        refused = sum(map(int, re.findall(r"(\d+) events? could not be kept: No space left on device", said)))
        self.assertGreater(kept, 100)
        self.assertGreater(refused, 0)
        # What the process tells of itself may be among them.
        self.assertIn(kept + missed + refused - 900, range(3), said)
        lost = json.loads(harness.contents(self.path("stats")))["lost"]
        self.assertEqual(lost, missed + refused, said)


class Peers(CollectCase):
    """Who connects is any program of any user."""

    def test_who_sends_is_what_the_kernel_says(self):
        collector = self.collect()
        self.start("sh", "-c", "echo x >&2")
        peer = self.connect()
        peer.send(hello("logtap_L4K2"))
        peer.send(packet(EVENT, b"\x07\0\0\0\0\0\0\x04" + struct.pack("<HH", 7, 1) + b"stderr\0", tid=1))
        peer.close()
        self.finish(collector)
        event = self.recording.events()[-1]
        self.assertEqual((event["pid"], event["event"]), (os.getpid(), "stderr"))

    def test_what_breaks_the_protocol_ends_alone(self):
        bad = [b"x", packet(EVENT, b"early"), packet(NAME, b"logtap_L4K2"), packet(HELLO, b"short"),
               packet(HELLO, struct.pack("=Q", 1) + b"no end"), hello("bad name"), hello(""),
               hello(*[f"P{i}_L1K1" for i in range(33)]), packet(HELLO, bytes(8), version=2),
               hello("x" * 300 + "_L1K1"), packet(HELLO, struct.pack("=Q", 1)),
               hello("logtap_L4K2", program="sixteen bytes of")]
        behind = [hello("logtap_L4K2"), packet(EVENT, b"x", tracepoint=1), packet(NAME, b"P_L1K1", tracepoint=5),
                  packet(EVENT, bytes(66000))]
        collector = self.collect()
        for content in bad:
            peer = self.connect()
            peer.send(content)
            self.assertEqual(peer.recv(10), b"", content)
        for content in behind[1:]:
            peer = self.connect()
            peer.send(behind[0])
            peer.send(content)
            self.assertEqual(peer.recv(10), b"", content)
        peer = self.connect()
        peer.send(hello("logtap_L4K2"))
        peer.send(packet(200, b"of a later version"))
        self.start("sh", "-c", "echo still here >&2")
        self.finish(collector)
        self.assertEqual(self.recording.cat(), b"still here\n")

    def test_random_packets(self):
        seed = random.randrange(1 << 32)
        numbers = random.Random(seed)
        collector = self.collect()
        for _ in range(200):
            peer = self.connect()
            try:
                peer.send(hello("logtap_L4K2"))
                for _ in range(20):
                    peer.send(packet(numbers.randrange(6), numbers.randbytes(numbers.randrange(300)),
                                     tracepoint=numbers.choice([0, 0, 1, 1 << 31]),
                                     lost=numbers.choice([0, 0, 0, 1])))
            except (BrokenPipeError, ConnectionResetError):
                pass
            peer.close()
        self.start("sh", "-c", "echo still here >&2")
        self.assertIsNone(collector.poll(), f"seed {seed}")
        collector.send_signal(signal.SIGTERM)
        collector.communicate(timeout=harness.TIMEOUT)
        self.assertIn(b"still here\n", self.recording.view("-o", "cat").stdout, f"seed {seed}")

    def test_strangers_names_take_no_room(self):
        """Any number of them, of any user's: what the recording lists is kept all the same."""
        collector = self.collect()
        for number in range(10):
            peer = self.connect()
            peer.send(hello(*[f"P{number}x{i}_L4K2" for i in range(32)]))
            for i in range(32):
                peer.send(packet(EVENT, b"\x07\0\0\0\0\0\0\x04", tracepoint=i))
            peer.close()
        self.start("sh", "-c", "echo still here >&2")
        collector.send_signal(signal.SIGTERM)
        err = collector.communicate(timeout=harness.TIMEOUT)[1]
        self.assertEqual(self.recording.cat(), b"still here\n")
        self.assertEqual(collector.returncode, 1)
        self.assertLess(err.count(b"has no place for"), 100)
        self.assertIn(b"320 events could not be kept", err)

    def test_another_provider_is_said(self):
        collector = self.collect()
        self.start("--provider=other", "sh", "-c", "echo x >&2")
        collector.send_signal(signal.SIGTERM)
        err = collector.communicate(timeout=harness.TIMEOUT)[1]
        self.assertEqual(collector.returncode, 1)
        self.assertIn(b"has no place for other_L4K2", err)


if __name__ == "__main__":
    harness.main()
