#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs under a filter that was there before them: each call of ours refused in turn."""
import os
import sys

import confined
import harness

NUMBERS = confined.system_calls()

with open(f"{harness.SOURCE}/preload/own_calls.tsv", encoding="ascii") as f:
    CALLS = sorted({line.split("\t")[0] for line in f if line[0] != "#"} & set(NUMBERS))
# Without these no program ends, by itself or with us.
CALLS = [call for call in CALLS if call not in ("exit", "exit_group")]

LOGGER = harness.program("seccomp/logger")


class Inherited(confined.Case):
    def same(self, argv, calls, action, mode="deny", texts=None):
        """Whether the program lives by itself; if so it does so with us, and is recorded.

        texts: what of it is recorded; None: all.
        """
        before = self.filtered(mode, action, [NUMBERS[call] for call in calls])
        plain = self.run_plain([*before, "env", *argv])
        shim = self.run_shim(argv, before=before)
        what = (mode, action, calls[:3], argv[0])
        if "wait4" not in calls:
            self.assertEqual(shim.seen(), plain.seen(), what)
        self.assertEqual(shim.status, plain.status, what)
        if plain.status != 0:
            return False
        expected = plain.lines() if texts is None else texts
        # Where waiting is what is refused, parent and child write in any order.
        if "wait4" in calls:
            self.assertEqual(sorted(shim.texts), sorted(expected), what)
        else:
            self.assertEqual(shim.texts, expected, what)
        return True

    def each(self, argv, texts=None):
        lived = sum(self.same(argv, [call], action, texts=texts)
                    for call in CALLS for action in ("kill", "errno"))
        # Many are the program's own, or the loader's, or of the `env` that sets our variables.
        self.assertGreater(lived, len(CALLS))

    def test_lines(self):
        self.each([LOGGER, "plain"])

    def test_another_thread_has_an_unfinished_line(self):
        self.each([LOGGER, "threads"], [b"main: done", b"worker: connecting ... "])

    def test_children(self):
        self.each([LOGGER, "forks"])

    def test_copies(self):
        self.each([LOGGER, "copies"])

    def test_all_at_once(self):
        """Only what the loader and such a program need; `env` and the shell of it are theirs."""
        strace = self.run_plain(["strace", "-f", "-qq", "-o", f"{self.folder}/calls", "env",
                                 LOGGER, "plain"])
        self.assertEqual(strace.status, 0)
        with open(f"{self.folder}/calls", encoding="utf-8") as f:
            calls = sorted({line.split("(")[0].split()[-1] for line in f if "(" in line}
                           & set(NUMBERS))
        self.assertNotIn("gettid", calls)
        for action in ("kill", "errno"):
            self.assertTrue(self.same([LOGGER, "plain"], calls, action, mode="only"))

    def test_nothing_of_ours_where_it_is_disabled(self):
        for call in ("getpid", "madvise", "fcntl", "prctl", "process_vm_readv"):
            before = self.filtered("deny", "kill", [NUMBERS[call]])
            plain = self.run_plain([*before, "env", LOGGER, "copies"])
            for setting in ({"LOGTAP_DISABLE": "1"}, {"LOGTAP_SINK": "none"},
                            {"LOGTAP_SKIP": "*"}, {"LOGTAP_SINK": "file:/nonexistent"},
                            {"LOGTAP_SINK": "user_events"}, {"LOGTAP_SINK": "user_events:9"}):
                shim = self.run_shim([LOGGER, "copies"], before=before, env=setting)
                self.assertEqual(shim.seen(), plain.seen(), (call, setting))
                self.assertEqual(shim.texts, [])

    def test_user_events_say_why_there_are_none(self):
        debug = f"{self.folder}/debug"
        before = self.filtered("deny", "kill", [NUMBERS["ioctl"]])
        self.run_shim([LOGGER, "plain"], before=before,
                      env={"LOGTAP_SINK": "user_events", "LOGTAP_DEBUG": debug})
        with open(debug, encoding="utf-8") as f:
            self.assertIn("no capture: a seccomp filter was there before the program", f.read())

    def test_doctor_says_so(self):
        done = self.run_plain([*self.filtered("deny", "kill", [999999]),
                               harness.LOGTAP, "doctor"])
        self.assertIn(b"a seccomp filter stands here", done.out)
        done = self.run_plain([harness.LOGTAP, "doctor"])
        with open("/proc/self/status", encoding="utf-8") as f:
            self.assertEqual(b"a seccomp filter stands here" in done.out,
                             "\nSeccomp:\t0\n" not in f.read())

    def test_counters(self):
        debug = f"{self.folder}/debug"
        for call in ("fcntl", "rt_sigprocmask", "getpid"):
            before = self.filtered("deny", "kill", [NUMBERS[call]])
            self.run_shim([LOGGER, "plain"], before=before, env={"LOGTAP_DEBUG": debug})
            with open(debug, encoding="utf-8") as f:
                self.assertIn("captured=5 sent=5 ", f.read().splitlines()[-1], call)
            os.unlink(debug)

    def test_a_limit_of_the_size_of_files(self):
        """Its signal can't be held back, so that nothing is sent."""
        before = [*self.filtered("deny", "kill", [NUMBERS["rt_sigprocmask"]]), "prlimit",
                  "--fsize=1000000"]
        shim = self.run_shim([LOGGER, "plain"], before=before)
        self.assertEqual((shim.status, shim.texts), (0, []))

    def test_descriptors_are_the_programs_own(self):
        """Ours is where it was opened, and still nobody's: closed, replaced, listed."""
        script = ("import os, sys\n"
                  "assert os.dup2(2, 3) == 3; os.write(3, b'three\\n'); os.close(3)\n"
                  "os.closerange(3, 1000)\n"
                  "os.write(2, b'after\\n')\n"
                  "f = os.open('/dev/null', os.O_WRONLY); os.write(f, b'not for us\\n')\n"
                  "os.write(2, b'last\\n')\n")
        argv = [sys.executable, "-c", script]
        for call in ("process_vm_readv", "madvise"):
            self.assertTrue(self.same(argv, [call], "kill"))

    def test_no_proc_is_taken_for_a_filter(self):
        if os.geteuid():
            self.skipTest("needs root, to mount over /proc")
        script = f"mount -t tmpfs none /proc && exec {LOGGER} plain"
        plain = self.run_plain(["unshare", "-m", "sh", "-c", script])
        if plain.status != 0:
            self.skipTest("no mount namespace can be made here")
        shim = self.run_shim(["sh", "-c", script], before=["unshare", "-m"])
        self.assertEqual((shim.seen(), shim.texts), (plain.seen(), plain.lines()))


if __name__ == "__main__":
    harness.main()
