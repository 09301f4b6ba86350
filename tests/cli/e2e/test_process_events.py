# SPDX-License-Identifier: MIT
"""Whoever logs is told of, once, before the first message, whichever way that takes; and whoever
doesn't is not."""
import os
import time

import harness
import recording
from harness import Case, Recording, run

# One first message each, by a way of its own.
SYSLOG = "import syslog; syslog.openlog('way'); syslog.syslog({}); syslog.syslog('again')"
WAYS = {
    "write": "import os; os.write(2, b'words\\n')",
    "stdio": "import ctypes; ctypes.CDLL(None).perror(b'words')",
    "a syslog message": SYSLOG.format("'words'"),
    "a long syslog message": SYSLOG.format("'words ' * 90"),
    "one in parts": SYSLOG.format("'words ' * 2000"),
    "a line in parts": "import os; os.write(2, b'words ' * 2000 + b'\\n')",
    "an unfinished line": "import os; os.write(2, b'words')",
    "a log socket": "import socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
                    "try: s.sendto(b'<11>way: words', '/dev/log')\nexcept OSError: pass",
}
PYTHON = "/usr/bin/python3"


class Told(Case):
    def recorded(self, code, *options):
        path = self.path("logtap.data")
        done = run([harness.LOGTAP, "record", "-o", path, *options, PYTHON, "-c", code])
        self.assertEqual(done.status, 0, done.stderr)
        return recording.all_events(path)

    def assert_introduced(self, events):
        """Each process that has an event has one `process` in front of all others."""
        first = {}
        for event in events:
            first.setdefault(event.pid, event.name)
        self.assertEqual(set(first.values()), {"process"}, [(event.pid, event.name) for event in events])

    def test_every_way(self):
        for way, code in WAYS.items():
            with self.subTest(way):
                events = self.recorded(code)
                if way == "a log socket" and len(events) == 0:
                    continue  # there is no log here
                self.assertEqual([event.name for event in events].count("process"), 1)
                self.assertEqual([event.name for event in events].count("exit"), 1)
                self.assert_introduced(events)
                self.assertEqual(events[0].fields["exe"], os.path.realpath(PYTHON).encode())

    def test_who_says_nothing(self):
        self.assertEqual(self.recorded("import os; pid = os.fork(); pid and os.waitpid(pid, 0)"), [])

    def test_what_is_said(self):
        """As the files of /proc say it."""
        before = int(time.time())
        event = self.recorded("import os; os.write(2, b'words\\n'); print(os.getppid())")[0]
        said = event.fields
        self.assertEqual(said["host"], os.uname().nodename.encode())
        self.assertEqual(said["boot_id"] + b"\n", harness.contents("/proc/sys/kernel/random/boot_id"))
        self.assertEqual((said["uid"], said["ppid"]), (os.getuid(), os.getpid()))
        self.assertTrue(before - 1 <= said["start"] <= time.time() + 1, said["start"])
        self.assertIn(b":" + said["cgroup"] + b"\n", harness.contents("/proc/self/cgroup"))
        self.assertEqual(said["args"], b"")

    def test_arguments_only_when_asked_for(self):
        said = self.recorded("import os; os.write(2, b'words\\n')", "--args=on")[0].fields
        self.assertTrue(said["args"].startswith(f"{PYTHON} -c import os;".encode()), said["args"])

    def test_children(self):
        """Of fork, before and after the parent has told of itself."""
        events = self.recorded("""
import os, time
def child():
    pid = os.fork()
    if not pid:
        os.write(2, b'words\\n')
        os._exit(3)
    os.waitpid(pid, 0)
    return pid
child(); os.write(2, b'words\\n'); time.sleep(1.1); child()
""")
        self.assert_introduced(events)
        told = [event for event in events if event.name == "process"]
        self.assertEqual(len(told), 3)
        parent = told[1].pid
        self.assertEqual([event.fields["ppid"] for event in (told[0], told[2])], [parent, parent])
        for field in ("exe", "cgroup", "host", "boot_id"):
            self.assertEqual(len({event.fields[field] for event in told}), 1, field)
        self.assertLessEqual(told[1].fields["start"] + 1, told[2].fields["start"])
        self.assertEqual([event.fields["status"] for event in events if event.name == "exit"], [3, 3, 0])

    def test_a_child_in_another_group(self):
        """It may be moved between its birth and its first word: its parent's group is not its own."""
        group = self.new_group()
        events = self.recorded(f"""
import os
os.write(2, b'words\\n')
pid = os.fork()
if not pid:
    open('{group}/cgroup.procs', 'w').write(str(os.getpid()))
    os.write(2, b'words\\n')
    os._exit(0)
os.waitpid(pid, 0)
""")
        told = [event.fields["cgroup"] for event in events if event.name == "process"]
        self.assertEqual(len(told), 2)
        self.assertNotEqual(told[0], told[1])
        self.assertTrue(told[1].endswith(os.path.basename(group).encode()), told)

    def new_group(self):
        """A cgroup of the hierarchy that is told of."""
        with open("/proc/mounts", encoding="utf-8") as file:
            mounts = [line.split() for line in file]
        places = [place for _, place, kind, options, *_ in mounts
                  if kind == "cgroup2" or (kind == "cgroup" and "name=systemd" in options.split(","))]
        for place in places:
            group = f"{place}/{os.path.basename(self.folder)}"
            try:
                os.mkdir(group)
            except OSError:
                continue
            self.addCleanup(os.rmdir, group)
            return group
        return self.skipTest("no cgroup can be made here")

    def test_an_exec(self):
        """The same process, and its start is the same; which the list of processes knows."""
        events = self.recorded("""
import os, time
time.sleep(1.1)
pid = os.fork()
if not pid:
    os.write(2, b'before\\n')
    os.execv('/bin/sh', ['sh', '-c', 'echo behind >&2; exit 4'])
os.waitpid(pid, 0)
""")
        self.assert_introduced(events)
        told = [event for event in events if event.name == "process"]
        self.assertEqual(len({event.pid for event in told}), 1)
        self.assertLessEqual(abs(told[0].fields["start"] - told[1].fields["start"]), 1)
        rows = harness.json_lines(Recording(self.path("logtap.data")).read("--processes", "-o", "json"))
        self.assertEqual([(row["end"], row.get("status")) for row in rows], [("exec", None), ("exit", 4)])

    def test_an_exec_of_one_that_only_logs(self):
        """What a program says by syslog alone is not the one's that was there before it."""
        code = SYSLOG.format("'words'").replace("'", '"')
        events = self.recorded(f"""
import os
os.write(2, b'before\\n')
os.execv('{PYTHON}', ['{PYTHON}', '-c', '''{code}'''])
""")
        self.assertEqual([event.name for event in events], ["process", "stderr", "process", "syslog", "syslog", "exit"])


if __name__ == "__main__":
    harness.main()
