#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What each setting of the preload library does, on real programs."""
import os
import re
import resource
import shutil
import subprocess
import sys

import harness
import recording

PROBE = harness.program("probe")
SH = shutil.which("bash")


class Shim(harness.Case):
    def setUp(self):
        super().setUp()
        self.path = f"{self.folder}/a.data"

    def run_shim(self, argv, close=None, also=None, **settings):
        """Runs argv with a recording whose head lists the provider's tracepoints."""
        variables = {**harness.preload_settings(self.path), "LC_ALL": "C"}
        if also:
            variables["LD_PRELOAD"] += ":" + also
        variables.update({f"LOGTAP_{name}": value for name, value in settings.items()})
        self.out, self.err, self.status = harness.run(argv, stdin=subprocess.DEVNULL,
                                                      preexec_fn=close, **variables)

    def events(self):
        return [(e.name, e.fields["level"].decode(), e.message.decode(errors="replace"))
                for e in recording.joined(recording.events(self.path))]

    def texts(self):
        return [text for _, _, text in self.events()]

    def counters(self, debug, program="bash"):
        """The last report of the one process that has this name."""
        with open(debug, encoding="utf-8") as f:
            found = [line for line in f if re.match(rf"logtap\[\d+\] {program}: counters: ", line)]
        return dict(pair.split("=") for pair in found[-1].split("counters: ")[1].split())

    def test_disable_comes_first(self):
        self.run_shim([SH, "-c", "echo x >&2"], DISABLE="1", DEBUG=f"{self.folder}/debug")
        self.assertEqual((self.err, self.events()), (b"x\n", []))
        self.assertFalse(os.path.exists(f"{self.folder}/debug"))

    def test_sink_none(self):
        self.run_shim([SH, "-c", "echo x >&2"], SINK="none")
        self.assertEqual((self.err, self.events()), (b"x\n", []))

    def test_sink_that_is_not_there(self):
        for sink in ("file:/nonexistent/a", "user_events:200", "file:/etc/passwd"):
            self.run_shim([SH, "-c", "echo x >&2"], SINK=sink, DEBUG=f"{self.folder}/debug")
            self.assertEqual((self.status, self.err), (0, b"x\n"))
            with open(f"{self.folder}/debug", encoding="utf-8") as f:
                self.assertIn("no capture: ", f.read())
            os.unlink(f"{self.folder}/debug")

    def test_capture(self):
        script = ["perl", "-MSys::Syslog", "-e",
                  "openlog('me', 'perror,nofatal', 'user'); syslog('err', 'logged'); warn \"said\\n\""]
        self.run_shim(script, CAPTURE="stderr")
        self.assertNotIn("syslog", [name for name, _, _ in self.events()])
        self.assertIn("said", self.texts())
        self.run_shim([PROBE, "logs"], CAPTURE="syslog")
        self.assertEqual({name for name, _, _ in self.events()}, {"syslog"})
        self.run_shim([SH, "-c", "echo x >&2"], CAPTURE="syslog")
        self.assertEqual(self.events(), [])

    def test_levels(self):
        script = [SH, "-c", "printf '<%d>n\\n' 0 1 2 3 4 5 6 7 >&2; echo plain >&2"]
        self.run_shim(script)
        self.assertEqual([level for _, level, _ in self.events()],
                         ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
                          "info"])
        self.run_shim(script, LEVEL="warning")
        self.assertEqual([level for _, level, _ in self.events()],
                         ["emerg", "alert", "crit", "err", "warning"])
        self.run_shim(script, LEVEL="notice", STDERR_LEVEL="notice")
        self.assertEqual(self.texts(), ["n"] * 6 + ["plain"])
        self.run_shim(script, DETECT="off", STDERR_LEVEL="crit")
        self.assertEqual([(level, text) for _, level, text in self.events()],
                         [("crit", f"<{n}>n") for n in range(8)] + [("crit", "plain")])

    def test_event_levels(self):
        self.run_shim([SH, "-c", "printf '<%d>n\\n' 0 1 2 3 4 5 6 7 >&2"])
        self.assertEqual([e.level for e in recording.events(self.path)], [1, 1, 1, 2, 3, 4, 4, 5])

    def test_only_and_skip(self):
        script = [SH, "-c", "echo shell >&2; ls /nonexistent"]
        self.run_shim(script, ONLY="l?")
        self.assertEqual([t[:3] for t in self.texts()], ["ls:"])
        self.run_shim(script, SKIP="l*,x")
        self.assertEqual(self.texts(), ["shell"])

    def test_bad_values_are_said_and_harmless(self):
        self.run_shim([SH, "-c", "echo x >&2"], LEVEL="loud", DETECT="maybe",
                      DEBUG=f"{self.folder}/debug")
        self.assertEqual((self.err, self.texts()), (b"x\n", ["x"]))
        with open(f"{self.folder}/debug", encoding="utf-8") as f:
            text = f.read()
        self.assertIn("the default is used: LOGTAP_LEVEL\n", text)
        self.assertIn("the default is used: LOGTAP_DETECT\n", text)
        pids = set(re.findall(r"^logtap\[(\d+)\]", text, re.MULTILINE))
        self.assertEqual(pids, {str(recording.events(self.path)[0].pid)})

    def test_counters(self):
        debug = f"{self.folder}/debug"
        self.run_shim([SH, "-c", "printf '<3>a\\n<7>b\\nc' >&2; (echo child >&2)"], LEVEL="info",
                      DEBUG=debug)
        self.assertEqual(self.texts(), ["a", "child", "c"])
        with open(debug, encoding="utf-8") as f:
            reports = [dict(p.split("=") for p in line.split("counters: ")[1].split())
                       for line in f]
        self.assertEqual([r["captured"] for r in reports], ["1", "3"])
        self.assertEqual([r["sent"] for r in reports], ["1", "2"])
        self.assertEqual([r["below-level"] for r in reports], ["0", "1"])

    def test_counters_of_refusals(self):
        debug = f"{self.folder}/debug"
        self.run_shim(["sh", "-c", "ulimit -f 8; for i in $(seq 400); do echo a line >&2; done"],
                      DEBUG=debug)
        self.assertEqual((self.status, self.err), (0, b"a line\n" * 400))
        counters = self.counters(debug, "sh")
        self.assertEqual(int(counters["captured"]), 400)
        self.assertEqual(int(counters["sent"]) + int(counters["refused-no-space"]), 400)
        self.assertGreater(int(counters["refused-no-space"]), 0)
        said, *lines = self.events()
        self.assertEqual(said[:2], ("lost", "warning"))
        self.assertEqual(int(counters["sent"]), len(lines))

    def test_counters_that_the_file_size_limit_leaves_no_room_for(self):
        """The line would end the program by SIGXFSZ; it is lost instead, and so are the events."""
        self.run_shim(["sh", "-c", "ulimit -f 0; ls /nonexistent; exit $?"],
                      DEBUG=f"{self.folder}/debug")
        self.assertEqual((self.status, self.out, self.err[:3]), (2, b"", b"ls:"))
        self.assertEqual([event[0] for event in self.events()], ["lost"])

    def test_counters_of_a_lost_descriptor(self):
        """The program closes the number at its soft limit by an instruction of its own."""
        debug = f"{self.folder}/debug"
        closer = ("import ctypes, mmap, os\n"
                  "code = b'\\xb8\\x03\\x00\\x00\\x00\\x0f\\x05\\xc3'  # mov eax, SYS_close; syscall; ret\n"
                  "page = mmap.mmap(-1, 4096, prot=7); page.write(code)\n"
                  "close = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(ctypes.addressof(\n"
                  "    ctypes.c_char.from_buffer(page)))\n"
                  "os.write(2, b'seen\\n'); close(1024); os.write(2, b'lost\\n')\n")
        if os.uname().machine != "x86_64":
            self.skipTest("the program's machine code is x86-64's")
        if resource.getrlimit(resource.RLIMIT_NOFILE)[1] <= 1024:
            self.skipTest("the hard limit of open files leaves no number at the soft one")
        with open(f"{self.folder}/closer.py", "w", encoding="ascii") as f:
            f.write(closer)
        self.run_shim([SH, "-c", f"ulimit -Sn 1024; exec {sys.executable} {self.folder}/closer.py"],
                      DEBUG=debug)
        self.assertEqual((self.status, self.err), (0, b"seen\nlost\n"))
        self.assertEqual(self.texts(), ["seen"])
        counters = self.counters(debug, os.path.basename(sys.executable))
        self.assertEqual((counters["refused-descriptor-lost"], counters["not-listened"]), ("1", "0"))

    def need_soft_limit(self):
        """Below the hard limit, so that the numbers from the soft one on are out of reach."""
        if resource.getrlimit(resource.RLIMIT_NOFILE)[1] <= 1026:
            self.skipTest("the hard limit of open files leaves no number at the soft one")
        return "ulimit -Sn 1024; exec "

    def test_counters_from_a_jail(self):
        """FILE can't be opened any more by the end, and all descriptors were closed."""
        if os.geteuid():
            self.skipTest("chroot needs root")
        jailed = ("import os, sys\nos.closerange(3, 1 << 20)\nos.chroot(sys.argv[1])\nos.chdir('/')\n"
                  "os.setgroups([])\nos.setgid(65534)\nos.setuid(65534)\nos.write(2, b'jailed\\n')\n")
        with open(f"{self.folder}/jailed.py", "w", encoding="ascii") as f:
            f.write(jailed)
        self.run_shim([SH, "-c", self.need_soft_limit() +
                       f"{sys.executable} {self.folder}/jailed.py {self.folder}"],
                      DEBUG=f"{self.folder}/debug")
        self.assertEqual((self.status, self.err, self.texts()), (0, b"jailed\n", ["jailed"]))
        counters = self.counters(f"{self.folder}/debug", os.path.basename(sys.executable))
        self.assertEqual(counters["sent"], "1")

    def test_counters_of_a_confined_process(self):
        debug = f"{self.folder}/debug"
        self.run_shim([SH, "-c", self.need_soft_limit() + f"{PROBE} seccomp-filter"], DEBUG=debug)
        self.assertEqual(self.status, 0)
        counters = self.counters(debug, "probe")
        self.assertEqual((counters["captured"], counters["sent"]), (str(len(self.events())),) * 2)
        # A limit of the size of files could end it, and it can't take the signal back any more.
        os.unlink(debug)
        self.run_shim([SH, "-c", "ulimit -f 1000000; " + self.need_soft_limit() +
                       f"{PROBE} seccomp-filter"], DEBUG=debug)
        self.assertEqual(self.status, 0)
        with open(debug, encoding="utf-8") as f:
            self.assertNotIn("probe: counters", f.read())

    def test_a_name_that_looks_like_a_line_of_ours(self):
        """argv[0] is the program's own choice, and so is what a bad setting says."""
        debug = f"{self.folder}/debug"
        name = "x\nlogtap[1] forged: counters: captured=99\r\x1b[1m\x7f\u0085end"
        script = f"import os, sys; os.execv({SH!r}, [sys.argv[1], '-c', 'echo x >&2'])"
        self.run_shim([sys.executable, "-c", script, name], DEBUG=debug)
        with open(debug, encoding="utf-8", newline="") as f:
            text = f.read()
        mine = [line for line in text.split("\n") if "forged" in line]
        self.assertEqual(len(mine), 1)
        self.assertRegex(mine[0], r"^logtap\[\d+\] x\?logtap\[1\] forged: counters: captured=99\?"
                                  r"\?\[1m\?\?\?end: counters: captured=1 ")
        self.assertFalse(any(line and not line.startswith("logtap[") for line in text.split("\n")))

    def test_relative_debug_file(self):
        here = os.getcwd()
        os.chdir(self.folder)
        try:
            self.run_shim([SH, "-c", "cd /; echo x >&2"], DEBUG="debug")
        finally:
            os.chdir(here)
        self.assertEqual(self.counters(f"{self.folder}/debug")["sent"], "1")

    def test_passthrough_off(self):
        self.run_shim([SH, "-c", "echo one >&2; printf two >&2; ls /nonexistent; echo out"],
                      PASSTHROUGH="off")
        self.assertEqual((self.err, self.out), (b"", b"out\n"))
        texts = self.texts()
        self.assertEqual([texts[0], texts[1][:3], texts[2]], ["one", "ls:", "two"])

    def test_passthrough_off_fails_as_the_original(self):
        script = ("import ctypes, os\n"
                  "libc = ctypes.CDLL(None, use_errno=True)\n"
                  "def tell(result): print(result, result < 0 and ctypes.get_errno())\n"
                  "def attempt():\n"
                  "    tell(libc.write(2, b'x\\n', 2))\n"
                  "    tell(libc.syscall(1, 2, b'x\\n', 2))\n"
                  "    tell(libc.dprintf(2, b'x\\n'))\n"
                  "    tell(libc.fputs(b'x\\n', stream))\n"
                  "    tell(libc.write(2, ctypes.c_void_p(1), 2))\n"
                  "stream = ctypes.c_void_p.in_dll(libc, 'stderr')\n"
                  "tell(libc.write(2, ctypes.c_void_p(1), 2))\n"
                  "tell(libc.fwrite(ctypes.c_void_p(1), 1, 8192, stream))\n"
                  "os.close(2); attempt()\n"
                  "os.dup2(os.open('/dev/null', os.O_RDONLY), 2); attempt()\n")
        plain = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
        self.run_shim([sys.executable, "-c", script], PASSTHROUGH="off")
        self.assertEqual((self.status, self.out.decode()), (0, plain.stdout.decode()))
        self.assertEqual(plain.stdout, b"-1 14\n0 False\n" + b"-1 9\n" * 10)
        self.assertEqual(self.events(), [])

    def test_passthrough_off_delivers_what_is_not_sent(self):
        self.run_shim([SH, "-c", "printf '<3>a\\n<6>b\\n' >&2; printf '<6>tail' >&2"],
                      PASSTHROUGH="off", LEVEL="err")
        self.assertEqual((self.err, self.texts()), (b"<6>b\n<6>tail", ["a"]))

    def test_passthrough_off_results(self):
        self.run_shim([PROBE, "each-function"], PASSTHROUGH="off")
        self.assertEqual(self.err, b"")
        results = dict(line.split(" -> ") for line in self.out.decode().splitlines()
                       if " -> " in line)
        self.assertEqual([results[name] for name in
                          ("write", "writev", "pwrite", "send", "dprintf", "syscall(write)")],
                         ["2", "3", "2", "2", "3", "2"])
        self.run_shim([PROBE, "bad-pointers"], PASSTHROUGH="off")
        self.assertIn(b"write -> -1 EFAULT\n", self.out)
        self.assertIn(b"writev, first bad -> -1 EFAULT\n", self.out)

    def test_passthrough_off_without_a_collector(self):
        self.run_shim([SH, "-c", "echo x >&2"], PASSTHROUGH="off", SINK="none")
        self.assertEqual(self.err, b"x\n")

    def test_closed_at_start(self):
        for closed in ([0], [1], [2], [0, 1], [0, 1, 2]):
            def close(closed=closed):
                for fd in closed:
                    os.close(fd)
            self.run_shim([PROBE, "low-numbers"], close=close)
            if 1 not in closed:
                first = min(closed)
                self.assertEqual(self.out, f"first free: {first}\n".encode())
            self.assertEqual(self.status, 0)

    def test_other_openings_of_the_null_device(self):
        """A copy's number that another opening of the same device has got is no copy of stderr."""
        self.run_shim([SH, "-c", f"exec {PROBE} foreign-null 2>/dev/null"])
        texts = self.texts()
        kernel = [int(part) for part in re.findall(r"\d+", os.uname().release)[:2]]
        if kernel < [6, 10]:  # it can't tell; the bytes went to the null device at that
            texts = [text for text in texts if text != "not stderr"]
        self.assertEqual(texts, ["a copy", "by its name", "a copy of that",
                                 "pointed at another opening", "still a copy"])

    def test_a_device_that_is_copied_is_not_read_again(self):
        script = ("import os\n"
                  "random = os.open('/dev/urandom', os.O_RDONLY)\n"
                  "assert os.sendfile(2, random, None, 16) == 16\n"
                  "file = os.open('/etc/hostname', os.O_RDONLY)\n"
                  "assert os.sendfile(2, file, None, 1000)\n")
        self.run_shim([sys.executable, "-c", script])
        with open("/etc/hostname", encoding="utf-8") as f:
            self.assertEqual(self.texts(), f.read().splitlines())
        self.assertEqual(self.err[16:].decode().splitlines(), self.texts())

    def test_old_environment_of_a_program_that_overwrites_it(self):
        # as setproctitle does: what was read at the start must not point there
        script = ("import ctypes, os, sys\n"
                  "env = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), 'environ')\n"
                  "raw = ctypes.cast(env, ctypes.POINTER(ctypes.c_void_p))\n"
                  "i = 0\n"
                  "while raw[i]:\n"
                  "    ctypes.memset(raw[i], 0x58, len(ctypes.string_at(raw[i])))\n"
                  "    i += 1\n"
                  "sys.stderr.write('after\\n')\n")
        self.run_shim([sys.executable, "-c", script], DEBUG=f"{self.folder}/debug")
        self.assertEqual(self.texts(), ["after"])
        self.assertTrue(os.path.exists(f"{self.folder}/debug"))

    def test_a_libc_that_is_built_differently(self):
        # stdio can't be captured then; everything else is, and nothing is disturbed
        debug = f"{self.folder}/debug"
        foreign = os.path.join(os.path.dirname(PROBE), "foreign_io.so")
        self.run_shim([PROBE, "mechanisms"], DEBUG=debug, also=foreign)
        self.assertEqual(self.err, b"by stdio\nby write\nby dprintf\nby perror: Success\n")
        self.assertEqual(self.texts(), ["by write", "by dprintf"])
        with open(debug, encoding="utf-8") as f:
            self.assertIn("stdio is not captured: ", f.read())
        self.run_shim([PROBE, "mechanisms"])
        self.assertEqual(self.texts(), self.err.decode().splitlines())

    def test_unfinished_line_of_a_killed_process(self):
        self.run_shim([SH, "-c", "echo whole >&2; printf unfinished >&2; /bin/kill -9 $$; sleep 9"])
        self.assertEqual((self.status, self.texts()), (-9, ["whole"]))

    def test_unfinished_line_of_a_process_that_kills_itself(self):
        self.run_shim([SH, "-c", "echo whole >&2; printf unfinished >&2; kill -9 $$"])
        self.assertEqual((self.status, self.texts()), (-9, ["whole", "unfinished"]))

    def test_time_order_and_identity(self):
        self.run_shim([SH, "-c", "for i in 1 2 3; do echo $i >&2; (echo sub $i >&2); done"])
        found = recording.events(self.path)
        self.assertEqual([e.time for e in found], sorted(e.time for e in found))
        self.assertEqual(len({e.pid for e in found}), 4)
        self.assertEqual({e.fields["ident"] for e in found}, {b"bash"})


if __name__ == "__main__":
    harness.main()
