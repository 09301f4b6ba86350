#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Signals that a write of ours would cause, and the program must never see: SIGXFSZ, SIGPIPE,
SIGTTOU."""
import os
import pty
import resource
import signal
import subprocess
import sys
import time

import confined
import harness
import recording

NUMBERS = confined.system_calls()
LOGGER = harness.program("seccomp/logger")


class Signals(confined.Case):
    def lowered(self, script, wait, shim):
        """stderr and status of a program whose RLIMIT_FSIZE somebody lowers after `wait` s."""
        env = harness.clean_environment()
        if shim:
            env.update(harness.preload_settings(self.path))
        with subprocess.Popen(["perl", "-e", script], env=env, stderr=subprocess.PIPE) as program:
            time.sleep(wait)
            resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (1000, 1000))
            err = program.stderr.read()
        return program.returncode, err

    def test_a_limit_from_outside(self):
        """Lines that come seldom, lines after a pause, and a process with a child and pieces."""
        scripts = (
            "$|=1; for (1..40) { syswrite STDERR, qq{line $_\\n}; select undef,undef,undef,0.02 }",
            "syswrite STDERR, qq{one\\n}; sleep 1; for (1..500) { syswrite STDERR, qq{line $_\\n} }",
            "for (1..30) { syswrite STDERR, qq{a }; select undef,undef,undef,0.02;"
            " syswrite STDERR, qq{piece\\n} } exit 3",
            "syswrite STDERR, qq{one\\n}; sleep 1; unless (fork) { syswrite STDERR, qq{child\\n};"
            " exit 0 } wait; syswrite STDERR, 'x' x 9000; exit $? >> 8",
        )
        for script in scripts:
            with self.subTest(script=script):
                plain = self.lowered(script, 0.3, False)
                self.assertGreaterEqual(plain[0], 0)
                self.assertEqual(self.lowered(script, 0.3, True), plain)

    def test_a_limit_that_goes_away_again(self):
        script = ("sleep 1; syswrite STDERR, qq{refused\\n};"
                  "select undef,undef,undef,0.5; syswrite STDERR, qq{taken\\n}")
        env = harness.clean_environment(**harness.preload_settings(self.path))
        with subprocess.Popen(["perl", "-e", script], env=env, stderr=subprocess.PIPE) as program:
            time.sleep(0.3)
            hard = resource.prlimit(program.pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (1000, hard))
            program.stderr.readline()
            time.sleep(0.1)
            resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (hard, hard))
            program.stderr.read()
        self.assertEqual(program.returncode, 0)
        self.assertEqual(recording.messages(self.path), [b"taken"])

    def debug_file(self, path, argv=(LOGGER, "plain"), before=()):
        plain = self.run_plain(argv)
        shim = self.run_shim(list(argv), before=before, env={"LOGTAP_DEBUG": path})
        self.assertEqual(shim.seen(), plain.seen())
        self.assertEqual(shim.texts, plain.lines())

    def test_debug_file_is_a_pipe_whose_reader_left(self):
        """The reader is there when the program starts, and gone at the first line."""
        path = f"{self.folder}/fifo"
        os.mkfifo(path)
        script = (f"{LOGGER} plain; kill $READER; wait $READER 2>/dev/null; "
                  f"exec {LOGGER} plain")
        for before in ("", " ".join(self.filtered("deny", "kill", [NUMBERS["rt_sigprocmask"]]))):
            plain = self.run_plain(["bash", "-c", script.replace("kill $READER", "true")
                                    .replace("wait $READER", "true")])
            shim = self.run_shim(["bash", "-c", f"exec 9<>{path}; exec 8<{path}; exec 9>&-;"
                                  f"env -u LD_PRELOAD sleep 100 & READER=$!;"
                                  f"exec 8<&-; {before} {script}"],
                                 env={"LOGTAP_DEBUG": path})
            self.assertEqual(shim.seen(), plain.seen())

    def test_debug_file_is_a_pipe_nobody_reads_any_more(self):
        """The descriptor is kept open, the reader closes in the middle."""
        path = f"{self.folder}/fifo"
        os.mkfifo(path)
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        settings = harness.preload_settings(self.path)
        for soft in (256, 4096, 20000):
            env = harness.clean_environment(**settings, LOGTAP_DEBUG=path, LOGTAP_LEVEL="loud")
            with subprocess.Popen(["perl", "-e", "syswrite STDERR, qq{x\\n}; <STDIN>; exit 4"],
                                  env=env, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                                  preexec_fn=lambda: resource.setrlimit(
                                      resource.RLIMIT_NOFILE,
                                      (soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
                                  ) as program:
                self.assertEqual(program.stderr.readline(), b"x\n")
                self.assertIn(b"LOGTAP_LEVEL", os.read(reader, 4096))
                os.close(reader)
                program.stdin.write(b"\n")
                program.stdin.close()
                program.stderr.read()
            self.assertEqual(program.returncode, 4)
            reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def test_debug_file_is_a_terminal_of_others(self):
        """A background process that writes to a terminal with TOSTOP is stopped."""
        script = ("import os, signal, sys, termios, time\n"
                  "fd = os.open(os.ttyname(0), os.O_RDWR)\n"
                  "mode = termios.tcgetattr(fd); mode[3] |= termios.TOSTOP\n"
                  "termios.tcsetattr(fd, termios.TCSANOW, mode)\n"
                  "child = os.fork()\n"
                  "if not child:\n"
                  "    os.setpgid(0, 0)\n"
                  "    null = os.open('/dev/null', os.O_RDWR)\n"
                  "    for n in (0, 1, 2): os.dup2(null, n)\n"
                  f"    os.execve('{LOGGER}', ['logger', 'plain'], dict(os.environ,\n"
                  f"        LD_PRELOAD='{harness.LIBRARY}', LOGTAP_SINK='file:{self.path}',\n"
                  "        LOGTAP_DEBUG=os.ttyname(fd)))\n"
                  "end = time.time() + 10\n"
                  "while time.time() < end:\n"
                  "    pid, status = os.waitpid(child, os.WNOHANG | os.WUNTRACED)\n"
                  "    if pid: break\n"
                  "    time.sleep(0.01)\n"
                  "else:\n"
                  "    status = -1\n"
                  "os.kill(child, signal.SIGKILL) if status else None\n"
                  "os._exit(0 if status == 0 else 1)\n")
        harness.preload_settings(self.path)
        shown = []

        def read(fd):
            shown.append(os.read(fd, 4096))
            return shown[-1]

        stdout = os.dup(1)
        null = os.open("/dev/null", os.O_WRONLY)
        os.dup2(null, 1)
        try:
            status = pty.spawn([sys.executable, "-c", script], read)
        finally:
            os.dup2(stdout, 1)
        self.assertEqual(status, 0)
        self.assertIn(b"counters: captured=5", b"".join(shown))

    def test_debug_file_beyond_the_limit(self):
        """The limit is for the program's files: it stays silent, with and without a filter."""
        path = f"{self.folder}/debug"
        for before in ([], self.filtered("deny", "kill", [NUMBERS["rt_sigprocmask"]])):
            with open(path, "wb") as f:
                f.truncate(3000000)
            plain = self.run_plain([LOGGER, "plain"])
            shim = self.run_shim([LOGGER, "plain"], before=[*before, "prlimit", "--fsize=2000000"],
                                 env={"LOGTAP_DEBUG": path})
            self.assertEqual(shim.seen(), plain.seen())
            self.assertEqual(os.path.getsize(path), 3000000)


if __name__ == "__main__":
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    harness.main()
