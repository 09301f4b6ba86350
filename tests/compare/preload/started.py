#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs that are started with a copy of stderr, by every shell that is here: what they say there is
captured, what goes elsewhere is not, and they see what they saw without the shim."""
import os
import re
import shutil
import sys
import unittest

import harness
import recording
from harness import LOGTAP

SHELLS = [[name] for name in ("sh", "dash", "bash", "zsh", "mksh") if shutil.which(name)]

# Each by itself: what is on stderr are the captured lines.
SCRIPTS = {
    "usage": "cat >&2 <<EOF\nusage: prog [-x]\n  -x  do it\nEOF\n/bin/echo out",
    "commands": "ls /nonexistent >&2; /bin/echo one >&2; echo piped | sed s/p/P/ >&2; /bin/echo no | cat",
    "a-file": "cat /etc/hostname /etc/passwd >&2; cat </etc/passwd >&2",
    "numbers": "exec 3>&2; /bin/echo three >&3; exec 7>&3 3>&-; /bin/echo seven >&7; /bin/echo no 7>&-",
    "swapped": "{ /bin/echo to-stderr; /bin/echo to-stdout >&2; } 3>&1 1>&2 2>&3",
    "nested": "sh -c '/bin/echo inner; sh -c \"/bin/echo innermost\"; /bin/echo closed 2>&-' >&2",
    "both": "sh -c '/bin/echo out; /bin/echo err >&2' >&2",
    "by-name": "/bin/echo named >/dev/stderr",
    "to-a-file": "/bin/echo in-a-file 2>file 1>&2; /bin/echo not-there >file 2>&1; cat file",
    "wrappers": "nohup /bin/echo nohup >&2; env A=1 nice /bin/echo nice >&2; echo a | xargs /bin/echo xargs >&2",
    "pipe-inside": "/bin/echo a | { cat; /bin/echo b; } >&2",
    "function": "f() { /bin/echo in-f; (/bin/echo in-subshell); }; f >&2; f",
}
# 2 is another file by the end, whose lines never reach the pipe.
ELSEWHERE = {"swapped": [b"to-stderr", b"to-stdout"], "to-a-file": [b"in-a-file"],
             "both": [b"out", b"err"]}


def without_pids(data):
    return re.sub(rb"\b\d{3,}\b", b"N", data)


class Started(harness.Case):
    def both(self, argv, **keywords):
        """The run with the shim, after it was compared with the one without; and its lines."""
        plain = harness.run(argv, cwd=self.folder, **keywords)
        path = self.path("logtap.data")
        shim = harness.run([LOGTAP, "record", "-o", path, "--", *argv], cwd=self.folder, **keywords)
        self.assertEqual(without_pids(b"".join(map(repr_of, shim))),
                         without_pids(b"".join(map(repr_of, plain))))
        return shim, recording.messages(path)

    def test_shells(self):
        for shell in SHELLS:
            for name, script in SCRIPTS.items():
                with self.subTest(shell=shell, script=name):
                    shim, lines = self.both([*shell, "-c", script])
                    wanted = ELSEWHERE.get(name, harness.as_lines(shim.stderr))
                    self.assertEqual(sorted(lines), sorted(wanted))

    def test_other_starters(self):
        self.write("Makefile", b"all:\n\t@/bin/echo made >&2\n\t@/bin/echo out\n")
        self.write("p.py", b"import os, subprocess, sys\n"
                           b"subprocess.run(['/bin/echo', 'by vfork'], stdout=sys.stderr)\n"
                           b"subprocess.run(['/bin/echo', 'no'], stdout=subprocess.PIPE)\n"
                           b"os.posix_spawn('/bin/echo', ['echo', 'spawned'], os.environ,\n"
                           b"    file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])\n"
                           b"os.wait()\n"
                           b"a = [(os.POSIX_SPAWN_OPEN, 2, 'err', os.O_WRONLY | os.O_CREAT, 0o600),\n"
                           b"     (os.POSIX_SPAWN_DUP2, 2, 1)]\n"
                           b"os.posix_spawn('/bin/echo', ['echo', 'to a new one'], os.environ, file_actions=a)\n"
                           b"os.wait()\n"
                           b"a = [(os.POSIX_SPAWN_DUP2, 2, 1), (os.POSIX_SPAWN_OPEN, 1, 'out', 65, 0o600)]\n"
                           b"os.posix_spawn('/bin/echo', ['echo', 'no'], os.environ, file_actions=a)\n"
                           b"os.wait()\n"
                           b"os.dup2(2, 1)\n"
                           b"os.system('/bin/echo by system')\n"
                           b"os.popen('/bin/echo no').read()\n")
        for argv, wanted in ((["make", "-s"], [b"made"]),
                             ([sys.executable, "p.py"], [b"by vfork", b"spawned", b"to a new one", b"by system"])):
            if shutil.which(argv[0]):
                self.assertEqual(self.both(argv)[1], wanted)

    def test_stdout_of_the_same_file(self):
        """It was that from the start, and nobody copied it."""
        script = "/bin/echo out; /bin/echo err >&2"
        path = self.path("logtap.data")
        with open(self.path("both"), "wb") as both:
            done = harness.subprocess.run([LOGTAP, "record", "-o", path, "--", "sh", "-c", script],
                                          stdout=both, stderr=both, env=harness.ENVIRONMENT, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(recording.messages(path), [b"err"])
        self.assertEqual(harness.run_on_terminal([LOGTAP, "record", "-o", path, "--", "sh", "-c", script])[1], 0)
        self.assertEqual(recording.messages(path), [b"err"])

    def test_files_copied_by_the_kernel(self):
        """GNU cat leaves that to it, where stderr is a file as well."""
        lines = b"".join(b"line %d\n" % i for i in range(20000)) + b"no end"
        self.write("text", lines)
        path = self.path("logtap.data")
        with open(self.path("stderr"), "wb") as stderr:
            harness.subprocess.run([LOGTAP, "record", "-o", path, "--", "sh", "-c", "cat text >&2; tail -n +19999 text >&2"],
                                   stderr=stderr, cwd=self.folder, env=harness.ENVIRONMENT, check=True)
        arrived = harness.contents(self.path("stderr"))
        self.assertEqual(len(arrived), len(lines) + len(b"line 19998\nline 19999\nno end"))
        # What the first leaves unfinished is a message of its own.
        self.assertEqual(recording.messages(path), harness.as_lines(lines) + [b"line 19998", b"line 19999", b"no end"])

    def test_the_null_device(self):
        """All of a system open the same one: 1 is a copy of 2 only where it was made from it."""
        script = "/bin/echo copy >&2; /bin/echo other >/dev/null; sh -c '/bin/echo copies; echo no >/dev/null' >&2"
        _, lines = self.both(["sh", "-c", f"exec 2>/dev/null; {script}"])
        self.assertEqual(lines, [b"copy", b"copies"])

    def test_what_the_program_sees(self):
        """Its environment, also where it is started through a program that isn't captured."""
        see = "import os, sys; print(sorted(os.environ.items()), file=sys.stderr)"
        for before in ([], ["env"], ["busybox", "env"]):
            if before and not shutil.which(before[0]):
                continue
            command = " ".join([*before, sys.executable, "-c", f"'{see}'"])
            path = self.path("logtap.data")
            copied, plain = (harness.run([LOGTAP, "record", "-o", path, "--", "sh", "-c", f"exec 3>&2; {command} {how}"],
                                         cwd=self.folder).stderr for how in ("3>&- >&2 4>&2", "3>&-"))
            strip = lambda text: re.sub(rb"\?id=[^']*", b"", text)
            self.assertEqual(strip(copied), strip(plain))
            self.assertIn(b"'LD_PRELOAD', '%s'" % harness.LIBRARY.encode(), copied)
        done = harness.run([LOGTAP, "record", "-o", self.path("x"), "sh", "-c",
                            "tr '\\0' '\\n' </proc/self/environ | grep -c '[: ]$' >&2"])
        self.assertEqual(done.stderr, b"0\n", "no trace where no copy exists")

    def test_others_that_preload(self):
        """Who puts itself behind us before it starts a program (stdbuf) is found there."""
        script = "stdbuf -oL /bin/echo through-stdbuf >&2"
        _, lines = self.both(["sh", "-c", script])
        self.assertEqual(lines, [b"through-stdbuf"])

    def test_loaded_twice(self):
        """From two places, as by /etc/ld.so.preload and by LD_PRELOAD: the first one does it all."""
        other = self.path("other/liblogtap.so")
        os.mkdir(os.path.dirname(other))
        shutil.copy(harness.LIBRARY, other)
        path = self.path("logtap.data")
        script = "echo one >&2; ls /nonexistent; /bin/echo two >&2; printf three >&2; printf '\\n' >&2"
        for both in (f"{other}:{harness.LIBRARY}", f"{harness.LIBRARY}:{other}"):
            done = harness.run([LOGTAP, "record", "-o", path, "--", "env", f"LD_PRELOAD={both}", "sh", "-c", script])
            self.assertEqual(done.status, 0)
            self.assertEqual(recording.messages(path), harness.as_lines(done.stderr), both)

    def test_programs_that_are_left_out(self):
        path = self.path("logtap.data")
        for option, wanted in (("--only=cat", [b"from cat"]), ("--skip=cat", [b"echo"])):
            harness.run([LOGTAP, "record", option, "-o", path, "--", "sh", "-c",
                         "/bin/echo echo >&2; echo from cat | cat >&2"])
            self.assertEqual(recording.messages(path), wanted, option)

    def test_disabled(self):
        done = harness.run(["sh", "-c", "env -u LOGTAP_SINK LOGTAP_DISABLE=1 env >&2"],
                           **harness.preload_settings(self.path("logtap.data")))
        self.assertIn(b"LD_PRELOAD=%s\n" % harness.LIBRARY.encode(), done.stderr)

    def test_a_note_of_nobodys(self):
        """What others end the list with is left as it is."""
        for tail in (":", " : ", ":" * 40):
            value = harness.LIBRARY + tail
            settings = {**harness.preload_settings(self.path("logtap.data")), "LD_PRELOAD": value}
            done = harness.run(["sh", "-c", "/bin/echo x >&2; printenv LD_PRELOAD"], **settings)
            self.assertEqual(done.stdout, value.encode() + b"\n")
            self.assertEqual(recording.messages(self.path("logtap.data")), [b"x"])

    def test_descriptors_that_exec_closes(self):
        """They are none of the new program's, whatever gets their number there."""
        program = ("import fcntl, os; os.dup2(2, 50, inheritable=False); os.dup2(2, 51)\n"
                   "os.execv('/bin/sh', ['sh', '-c', 'exec 5>file; /bin/echo no >&5; bash -c \"exec 50>file; "
                   "/bin/echo no >&50; /bin/echo yes >&51\"'])")
        _, lines = self.both([sys.executable, "-c", program])
        self.assertEqual(lines, [b"yes"])


def repr_of(part):
    return part if isinstance(part, bytes) else repr(part).encode()


if __name__ == "__main__":
    os.umask(0o022)
    unittest.TestCase.maxDiff = 4000
    harness.main()
