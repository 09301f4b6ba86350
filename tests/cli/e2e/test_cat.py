# SPDX-License-Identifier: MIT
"""logtap cat: what comes through a pipe becomes what it would have become in the program, and the
program that is started with it can't tell: process number, status, signals, children, terminal."""

import fcntl
import os
import signal
import subprocess
import sys
import termios

import harness
from harness import LOGTAP, Case, Recording, as_lines, ended, run, wait_for

SAY = harness.program("e2e/say")

# What a program could notice, but for its own stderr: that is a pipe here and there.
WORLD = """
import os, sys
status = open("/proc/self/status").read().splitlines()
print([line for line in status if line.startswith(("SigP", "SigB", "SigI", "SigC", "Shd", "NoNewPrivs"))])
print(sorted(os.environ.items()))
print([(fd, os.readlink(f"/proc/self/fd/{fd}").split(":")[0] if fd != 2 else "")
       for fd in sorted(map(int, os.listdir("/proc/self/fd"))) if os.path.exists(f"/proc/self/fd/{fd}")])
print(os.getpgid(0) == os.getppid(), os.getcwd(), sys.argv, os.nice(0), os.umask(0))
try:
    print(os.waitpid(-1, os.WNOHANG))
except ChildProcessError:
    print("no child")
"""


class CatCase(Case):
    def setUp(self):
        super().setUp()
        self.recording = Recording(self.path("cat.data"))

    def cat(self, *words, **keywords):
        return run([LOGTAP, "cat", "-o", self.recording.path, *words], **keywords)

    def wait_for_messages(self, count):
        """The readers are nobody's children: what they send is there a moment after the program."""
        self.assertTrue(wait_for(lambda: len(as_lines(self.recording.view("-o", "cat").stdout)) >= count, 60))
        return as_lines(self.recording.cat())

    def fields(self):
        return [event["fields"] for event in self.recording.events()]


class Stdin(CatCase):
    def test_lines_as_they_are(self):
        text = (b"plain\n\n<3>prefix is taken off\n" + b"\xff\x00\x1b[1m bytes\n" + b"long " * 30000
                + b"\nlast without an end")
        self.assertEqual(self.cat(stdin=text), (b"", b"", 0))
        self.assertEqual(self.recording.cat(), ended(text.replace(b"<3>", b"")))
        self.assertEqual(self.fields()[2], {"level": "err", "ident": "cat", "message": "prefix is taken off"})

    def test_severities_are_those_of_level(self):
        lines = b"error: x\n[warn] y\nTraceback (most recent call last):\n  File x\nValueError: z\nplain\n"
        self.cat(stdin=lines)
        levels = run([LOGTAP, "level", "--brief"], stdin=lines).stdout.replace(b"unknown", b"info").split()
        self.assertEqual([fields["level"].encode() for fields in self.fields()], levels)

    def test_names_and_levels(self):
        self.assertEqual(self.cat("-t", "backup job", "-p", "notice", "--level=notice",
                                  stdin=b"x\ndebug: y\n").status, 0)
        self.assertEqual(self.fields(), [{"level": "notice", "ident": "backup job", "message": "x"}])

    def test_provider_of_the_name(self):
        self.cat("-t", "backup", "--provider=auto", stdin=b"x\n")
        self.assertEqual(self.recording.events()[0]["provider"], "backup")

    def test_stays_until_the_writer_is_gone(self):
        """What ends all processes of a terminal or a service doesn't end the reader of their last words."""
        reader = subprocess.Popen([LOGTAP, "cat", "-o", self.recording.path], stdin=subprocess.PIPE,
                                  env=harness.ENVIRONMENT)
        harness.wait_for_size(self.recording.path, 1)
        self.assertTrue(wait_for(lambda: b"SigIgn:\t0000000000000000" not in
                                 harness.contents(f"/proc/{reader.pid}/status"), 60))
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
            reader.send_signal(number)
        reader.communicate(b"last words\n", timeout=harness.TIMEOUT)
        self.assertEqual(reader.returncode, 0)
        self.assertEqual(self.recording.cat(), b"last words\n")

    def test_refused_lines_are_said(self):
        """A limit of file sizes that the recording has reached."""
        done = run(["sh", "-c", f"ulimit -f 100; exec {LOGTAP} cat -o {self.recording.path}"],
                   stdin=b"a line of some length\n" * 4000)
        self.assertEqual(done.status, 1)
        warned, refused = done.stderr.splitlines(keepends=True)
        self.assert_one_line(warned, "51200 bytes", "ulimit -f")
        self.assert_one_line(refused, "lines could not be sent")

    def test_nothing_to_read(self):
        done = run(["sh", "-c", f"exec {LOGTAP} cat -o {self.recording.path} <&-"])
        self.assertEqual(done.status, 1)
        self.assert_one_line(done.stderr, "cannot read stdin", "Bad file descriptor")
        done = self.cat("--stdout", stdin=b"x\n")
        self.assertEqual(done.status, 125)
        self.assert_one_line(done.stderr, "--stdout")

    def test_no_place_for_events(self):
        done = run([LOGTAP, "cat", "--sink=file:/nonexistent/x", "touch", self.path("started")])
        self.assertEqual(done.status, 125)
        self.assert_one_line(done.stderr, "/nonexistent/x")
        self.assertFalse(os.path.exists(self.path("started")))
        done = run([LOGTAP, "cat", "--best-effort", "--sink=file:/nonexistent/x", "sh", "-c", "echo there >&2; exit 3"])
        self.assertEqual(done, (b"", b"there\n", 3))

    def test_no_user_events(self):
        if os.path.exists("/sys/kernel/tracing/user_events_data"):
            self.skipTest("user_events can be used here")
        done = run([LOGTAP, "cat", "true"])
        self.assertEqual(done.status, 125)
        self.assert_one_line(done.stderr, "logtap cat -o FILE")


class Started(CatCase):
    def test_is_the_program(self):
        child = subprocess.Popen([LOGTAP, "cat", "-o", self.recording.path, "sh", "-c", "echo $$ $PPID >&2; exit 42"],
                                 stderr=subprocess.PIPE, env=harness.ENVIRONMENT)
        _, output = child.communicate(timeout=harness.TIMEOUT)
        self.assertEqual((output.split(), child.returncode), ([b"%d" % child.pid, b"%d" % os.getpid()], 42))
        self.wait_for_messages(1)
        event = self.recording.events()[0]
        self.assertEqual((event["pid"], event["tid"], event["fields"]["ident"]), (child.pid, child.pid, "sh"))
        self.assertEqual(self.recording.cat("--program=sh"), output)

    def test_death_by_signal(self):
        for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGINT):
            self.assertEqual(self.cat("sh", "-c", f"kill -{int(number)} $$").status, -number)

    def test_notices_nothing(self):
        """With SIGCHLD blocked, so that a child of ours could not even come and go."""
        program = self.write("world.py", WORLD.encode())

        def block():
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])

        argv = [sys.executable, program, "argument"]
        plain = run(argv, cwd=self.folder, preexec_fn=block)
        self.assertEqual(plain.status, 0, plain.stderr)
        self.assertEqual(self.cat("--detect=off", "--", *argv, cwd=self.folder, preexec_fn=block), plain)
        both = run([LOGTAP, "cat", "--stdout", "-o", self.recording.path, "--", *argv], cwd=self.folder, preexec_fn=block)
        self.assertEqual(both, plain)

    def test_bytes_pass_unchanged(self):
        text = bytes(range(256)) * 4000
        source = self.write("bytes", text)
        # The reader may still be passing on when the program has ended; communicate() waits for both.
        done = self.cat("--stdout", "sh", "-c", f"cat {source} >&2; cat {source}")
        self.assertEqual((done.stdout, done.stderr, done.status), (text, text, 0))

    def test_grandchildren_are_read_to_the_end(self):
        done = self.cat("sh", "-c", "(sleep 0.3; echo late >&2) & echo early >&2")
        self.assertEqual((done.stderr, done.status), (b"early\nlate\n", 0))
        self.assertEqual(self.wait_for_messages(2), [b"early", b"late"])

    def test_signals_for_all_spare_the_reader(self):
        child = subprocess.Popen([LOGTAP, "cat", "-o", self.recording.path, "sh", "-c",
                                  "trap 'echo cleaning up >&2; exit 5' TERM; sleep 60 & echo ready >&2; wait"],
                                 stderr=subprocess.PIPE, start_new_session=True, env=harness.ENVIRONMENT)
        self.assertEqual(child.stderr.readline(), b"ready\n")
        os.killpg(child.pid, signal.SIGTERM)
        self.assertEqual(child.communicate(timeout=harness.TIMEOUT)[1], b"cleaning up\n")
        self.assertEqual(child.returncode, 5)
        self.assertEqual(self.wait_for_messages(2), [b"ready", b"cleaning up"])

    def test_nobody_reads_any_more(self):
        """The program is told as it would be without us."""
        done = run(["bash", "-c", f"{LOGTAP} cat -o {self.recording.path} bash -c "
                    "'while echo line >&2; do :; done' 2>&1 | head -n 1; echo ${PIPESTATUS[0]}"])
        self.assertEqual(done.stdout, b"line\n%d\n" % (128 + signal.SIGPIPE))

    def test_stdout_and_stderr_of_one_file_keep_their_order(self):
        lines = "for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo err $i >&2; done"
        out = self.path("both")
        for redirection in (f"> {out} 2>&1", f"2>&1 | cat > {out}"):
            run(["bash", "-c", f"{LOGTAP} cat --stdout -o {self.recording.path} sh -c '{lines}' {redirection}"])
            wanted = run(["sh", "-c", f"({lines}) 2>&1"]).stdout
            self.assertTrue(wait_for(lambda: harness.contents(out) == wanted, 60), harness.contents(out))
            self.assertEqual(self.wait_for_messages(18), as_lines(wanted))

    def test_errors(self):
        self.cat(stdin=b"kept\n")
        done = self.cat("nosuchprogram")
        self.assertEqual(done.status, 127)
        self.assert_one_line(done.stderr, "nosuchprogram", "PATH")
        name = self.write("broken", b"#!/nonexistent/interpreter\n", 0o755)
        done = self.cat(name)
        self.assertEqual(done.status, 127)
        self.assert_one_line(done.stderr, "interpreter")
        self.assertEqual(self.recording.cat(), b"kept\n")

    def test_closed_stderr(self):
        done = run(["sh", "-c", f"{LOGTAP} cat -o {self.recording.path} sh -c 'echo unheard >&2' 2>&- <&-"])
        self.assertEqual(done, (b"", b"", 0))
        self.assertEqual(self.wait_for_messages(1), [b"unheard"])

    def test_as_process_1(self):
        """Of a container: when process 1 ends, the kernel ends all others, readers included."""
        inside = ["unshare", "--pid", "--fork", "--kill-child"]
        if run([*inside, "true"]).status != 0:
            self.skipTest("no PID namespaces here")
        done = run([*inside, LOGTAP, "cat", "-o", self.recording.path, "sh", "-c", "(exec 2>&-; true) & echo said >&2; exit 9"])
        self.assertEqual((done.stderr, done.status), (b"said\n", 9))
        self.assertEqual(self.recording.cat(), b"said\n")
        child = subprocess.Popen([*inside, LOGTAP, "cat", "-o", self.recording.path, "sh", "-c",
                                  "trap 'echo ended >&2; exit 4' TERM; echo ready >&2; while :; do sleep 0.01; done"],
                                 stderr=subprocess.PIPE, env=harness.ENVIRONMENT)
        self.assertEqual(child.stderr.readline(), b"ready\n")
        with open(f"/proc/{child.pid}/task/{child.pid}/children", encoding="ascii") as file:
            os.kill(int(file.read()), signal.SIGTERM)
        self.assertEqual(child.communicate(timeout=harness.TIMEOUT)[1], b"ended\n")
        self.assertEqual((child.returncode, self.recording.cat()), (4, b"ready\nended\n"))

    def test_below_record(self):
        """The same recording, and nothing twice: neither what it passes on, nor what the library sees."""
        done, recording = self.record(["sh", "-c", f"{LOGTAP} cat -t inner {SAY} 2>&1; echo outer >&2"])
        self.assertEqual(done.status, 0)
        plain = run([SAY]).stderr
        self.assertTrue(wait_for(lambda: b"outer" in recording.view("-o", "cat").stdout and
                                 len(as_lines(recording.view("-o", "cat", "--event=stderr").stdout)) > len(as_lines(plain)), 60))
        inner = [event["fields"]["message"].encode() for event in recording.events("--event=stderr")
                 if event["fields"]["ident"] == "inner"]
        others = [event["fields"]["message"] for event in recording.events("--event=stderr")
                  if event["fields"]["ident"] != "inner"]
        self.assertEqual((inner, others), (as_lines(plain), ["outer"]))


class Terminal(CatCase):
    def test_terminal_stays_one(self):
        show = ("import os, sys; os.write(2, b'%d %d %d\\n' % (os.isatty(2), *os.get_terminal_size(2)))\n"
                "os.write(2, b'tab\\there\\r\\nx\\n')")
        plain = harness.run_on_terminal([sys.executable, "-c", show])
        self.assertEqual(plain, (b"1 80 24\r\ntab\there\r\r\nx\r\n", 0))
        seen = harness.run_on_terminal([LOGTAP, "cat", "-o", self.recording.path, sys.executable, "-c", show])
        self.assertEqual(seen, plain)
        self.assertEqual(self.wait_for_messages(3), [b"1 80 24", b"tab\there\r", b"x"])

    def test_keeps_the_terminals_keys(self):
        """Its controlling terminal is the real one: Ctrl-C arrives, and the last words are read."""
        script = "trap 'echo interrupted >&2; exit 7' INT; echo ready >&2; while :; do sleep 0.05; done"
        master, slave = os.openpty()

        def own_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        child = subprocess.Popen([LOGTAP, "cat", "-o", self.recording.path, "sh", "-c", script], stdin=slave,
                                 stdout=slave, stderr=slave, preexec_fn=own_terminal, env=harness.ENVIRONMENT)
        os.close(slave)
        seen = b""
        while b"ready" not in seen:
            seen += os.read(master, 4096)
        os.write(master, b"\x03")
        self.assertEqual(child.wait(harness.TIMEOUT), 7)
        self.assertEqual(self.wait_for_messages(2), [b"ready", b"interrupted"])
        os.close(master)

    def test_large_output_arrives(self):
        text = b"0123456789abcdef" * 4096 + b"\n"
        source = self.write("text", text)
        seen, status = harness.run_on_terminal([LOGTAP, "cat", "-o", self.recording.path, "sh", "-c", f"cat {source} >&2"])
        self.assertEqual((seen, status), (text.replace(b"\n", b"\r\n"), 0))


if __name__ == "__main__":
    harness.main()
