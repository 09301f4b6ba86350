#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs that install a seccomp filter: it would end them for a call of ours, and must not."""
import os

import confined
import harness
import recording


class Own(confined.Case):
    def same(self, case, texts=None, env=None):
        """texts: what is recorded; None: all that stands on stderr."""
        argv = [harness.program("seccomp/confiner"), case]
        plain = self.run_plain(argv)
        self.assertEqual(plain.status, 0, f"{case}: the program itself")
        shim = self.run_shim(argv, env=env)
        self.assertEqual(shim.seen(), plain.seen(), case)
        expected = plain.lines() if texts is None else texts
        self.assertEqual(shim.texts, expected, case)
        return shim

    def test_only_its_own_output(self):
        for case in ("prctl", "seccomp", "prctl-number", "thread-killed", "traced", "refused"):
            with self.subTest(case=case):
                self.same(case, [b"before"])

    def test_what_looks_at_other_things_than_descriptors(self):
        for case in ("long-writes", "middle-writes", "by-address", "traps", "dispatching"):
            with self.subTest(case=case):
                self.same(case, [b"before"])

    def test_one_call_of_ours_at_a_time(self):
        """Nothing but write(2) is needed for the rest of the events."""
        for case in ("each-killed", "each-refused", "each-success"):
            with self.subTest(case=case):
                shim = self.run_shim([harness.program("seccomp/confiner"), case])
                plain = self.run_plain([harness.program("seccomp/confiner"), case])
                self.assertEqual((shim.seen(), plain.status), (plain.seen(), 0))
                self.assertEqual(shim.texts.count(b"after"), 24)
                self.assertEqual(shim.texts.count(b"by a copy"), 24)

    def test_what_a_writer_looks_at_later(self):
        """The recording's size, its head, and a child's namespaces: nobody has to look."""
        for case in ("watch-killed", "watch-refused"):
            argv = [harness.program("seccomp/confiner"), case]
            with self.subTest(case=case):
                plain = self.run_plain(argv)
                shim = self.run_shim(argv)
                self.assertEqual((shim.seen(), plain.status), (plain.seen(), 0))
                self.assertEqual(shim.texts.count(b"later"), 24)
                self.assertEqual(shim.texts.count(b"child"), 12)
                # Truncated all the time: what is in the recording then is not the question.
                sink = {"LD_PRELOAD": harness.LIBRARY, "LOGTAP_SINK": f"file:{self.path}",
                        "RECORDING": self.path}
                shim = self.run_plain(argv, env=sink)
                self.assertEqual(shim.seen(), plain.seen())

    def test_what_an_exec_looks_at(self):
        """One call at a time is refused; nothing is split by the execs that fail."""
        for case, count in (("exec-killed", 11), ("exec-refused", 7)):
            argv = [harness.program("seccomp/confiner"), case]
            with self.subTest(case=case):
                plain = self.run_plain(argv)
                shim = self.run_shim(argv)
                self.assertEqual((shim.seen(), plain.status), (plain.seen(), 0))
                self.assertEqual(shim.texts.count(b"by a copy"), count)

    def test_the_next_program_inherits_it(self):
        """It is started without the library, whose start it would not live through."""
        for case in ("next-writes-nothing", "next-follows-links", "next-has-no-limit"):
            with self.subTest(case=case):
                self.same(case, [b"before", b"says "])

    def test_other_means_than_filters(self):
        for case in ("counter", "counter-number", "wide-operation"):
            with self.subTest(case=case):
                self.same(case)

    def test_strict(self):
        for case in ("strict", "strict-seccomp"):
            with self.subTest(case=case):
                self.same(case)

    def test_all_of_several(self):
        for case in ("stacked", "notified", "other-thread", "asked"):
            with self.subTest(case=case):
                self.same(case)

    def test_one_that_comes_while_a_call_blocks(self):
        """From another thread, or in a handler: what was asked before the call means nothing."""
        # A pipe's room is what is accepted before the filter; files can't be read behind it.
        for case, recorded in (("blocked-write", 199999), ("blocked-sendfile", 65536),
                               ("blocked-handler", 65536)):
            with self.subTest(case=case):
                argv = [harness.program("seccomp/confiner"), case]
                plain = self.run_plain(argv)
                shim = self.run_shim(argv)
                self.assertEqual((plain.status, shim.seen()), (0, plain.seen()))
                self.assertEqual([len(text) for text in shim.texts], [recorded])

    def test_one_for_threads_that_are_on_their_way(self):
        """A thread is held between asking whether it may make a call and making it."""
        argv = [harness.program("seccomp/holder"), harness.program("seccomp/confiner"),
                "logging-meanwhile"]
        plain = self.run_plain(argv)
        if plain.status == harness.SKIPPED:
            self.skipTest("ptrace is not allowed here")
        shim = self.run_shim(argv[1:], before=argv[:1])
        self.assertEqual((plain.status, shim.status), (0, 0))
        self.assertIn(b"held", shim.out)
        self.assertNotIn(b"held", plain.out)

    def test_refused_ones_beside_one_that_holds(self):
        """What the kernel then refuses is put back, but for what another thread has installed."""
        argv = [harness.program("seccomp/confiner"), "refused-meanwhile"]
        for _ in range(3):
            self.assertEqual((self.run_plain(argv).status, self.run_shim(argv).status), (0, 0))

    def test_in_a_child_of_vfork(self):
        self.same("vfork")

    def test_unseen_refusals_cost_nothing(self):
        for case in ("unseen-gettid", "unseen-getpid", "unseen-prlimit", "unseen-probe",
                     "unseen-probe-success"):
            with self.subTest(case=case):
                self.same(case)
        for case in ("unseen-write", "unseen-write-enosys", "unseen-write-eio",
                     "unseen-recording"):
            with self.subTest(case=case):
                self.same(case, [b"before"])

    def test_refusals_are_counted(self):
        debug = f"{self.folder}/debug"
        for case in ("prctl", "unseen-recording"):
            with self.subTest(case=case):
                self.same(case, [b"before"], env={"LOGTAP_DEBUG": debug})
        with open(debug, encoding="utf-8") as f:
            text = f.read()
        # The program forbids itself every descriptor but 1 and 2: not even this file is left.
        self.assertIn("confiner: seccomp: left out from here on: write ", text)
        last = [line for line in text.splitlines() if "counters: " in line][-1]
        counters = dict(pair.split("=") for pair in last.split("counters: ")[1].split())
        self.assertEqual((counters["captured"], counters["sent"], counters["refused-seccomp"]),
                         ("22", "1", "21"))

    def test_ids_without_asking(self):
        """What libc knows of threads and children, where the kernel may not be asked."""
        argv = [harness.program("seccomp/logger"), "forks"]
        number = confined.system_calls()
        before = self.filtered("deny", "kill", [number["gettid"], number["getpid"]])
        self.run_shim(argv, before=before)
        events = {e.message: e for e in recording.events(self.path)}
        child, thread, parent = (events[text] for text in
                                 (b"child", b"thread of the child", b"parent"))
        self.assertEqual(child.pid, child.tid)
        self.assertEqual(thread.pid, child.pid)
        self.assertNotIn(thread.tid, (child.tid, parent.tid))
        self.assertEqual(parent.pid, parent.tid)
        self.assertNotEqual(child.pid, parent.pid)
        self.assertEqual(os.path.exists(f"/proc/{parent.pid}"), False)


if __name__ == "__main__":
    harness.main()
