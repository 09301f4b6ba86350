#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lines whose assembly is disturbed; assembly.c does it. What is recorded is compared with a model
that is three lines long: what arrived, split at its newlines."""
import collections
import re
import subprocess
import tempfile

import harness
import recording
from harness import as_lines

PROGRAM = harness.program("assembly")
LINE = re.compile(rb"[A-Z] \d+ (([a-z])\2*)?$")


def strip(text):
    """What isn't a prefix of sd-daemon's, which is taken off."""
    return text[3:] if re.match(rb"<[0-7]>", text) else text


class Assembly(harness.Case):
    def setUp(self):
        super().setUp()
        self.path = f"{self.folder}/a.data"

    def run_only(self, *arguments, status):
        with tempfile.TemporaryFile() as err:
            done = subprocess.run([harness.LOGTAP, "record", "-o", self.path, "--", PROGRAM,
                                   *map(str, arguments)], stdout=subprocess.PIPE, stderr=err,
                                  stdin=subprocess.DEVNULL, timeout=harness.TIMEOUT,
                                  env=harness.ENVIRONMENT, check=False)
            err.seek(0)
            self.out, self.err = done.stdout, err.read()
        if done.returncode == 77:
            self.skipTest("no namespaces may be made here")
        self.assertEqual(done.returncode, status, self.out[:200])

    def view(self, *arguments, status=0):
        """By the project's own reader: who is killed in a write can leave a record that is cut."""
        self.run_only(*arguments, status=status)
        return as_lines(harness.view("--output=cat", self.path).stdout)

    def run_shim(self, *arguments, status=0, lossy=False):
        self.run_only(*arguments, status=status)
        self.events = recording.events(self.path)
        return list(recording.joined(recording.events(self.path), lossy))

    def messages(self, *arguments, **also):
        return [event.message for event in self.run_shim(*arguments, **also)]

    # --- handlers ---------------------------------------------------------------------------

    def test_handlers_on_every_stack(self):
        """Every line is whole, is there once, and each writer's are in order."""
        ways = [(main, handler, "above-disarm", 6000) for main in ("write", "writev", "stdio")
                for handler in ("write", "writev", "syscall")]
        ways += [("write", "writev", stack, longest) for longest in (300, 6000)
                 for stack in ("same", "far", "above", "far-disarm")]
        for way in ways:
            with self.subTest(way=way):
                got = self.messages("storm", *way)
                want = as_lines(self.err)
                self.assertEqual(collections.Counter(got), collections.Counter(want))
                for who in b"MH":
                    numbers = [int(m.split()[1]) for m in got if m[0] == who]
                    self.assertEqual(numbers, sorted(numbers))

    def test_handlers_among_pieces(self):
        """Where a handler comes between two pieces its line is in the middle of the other, at
        stderr as well; one that comes while a piece is worked on makes a line of its own."""
        for stack in ("same", "above-disarm"):
            got = self.messages("storm", "pieces", "writev", stack, 300)
            self.assertEqual(collections.Counter(b"".join(got)),
                             collections.Counter(self.err.replace(b"\n", b"")))
            self.assertEqual(len(got), len(as_lines(self.err)))
            whole = re.findall(rb"H \d+ (?:([a-z])\1*)?\n", self.err)
            self.assertGreater(len(whole), 0)

    # --- jumps ------------------------------------------------------------------------------

    def test_jumps_out_of_write(self):
        got = self.messages("out-of-write")
        self.assertEqual(got, as_lines(self.err))
        self.assertEqual(len(got), 6 * 20)

    def test_jumps_out_of_anything(self):
        """What a jump leaves unsaid is lost, no part is there twice; the lines behind are whole."""
        got = self.messages("out-of-anything", lossy=True)
        self.assertEqual(got[-20:], as_lines(self.err)[-20:])
        parts = [(event.fields["message_id"], event.fields["part"])
                 for event in self.events if event.name == "stderr.part"]
        self.assertEqual(len(parts), len(set(parts)))

    def test_long_lines_behind_jumps_and_cancelled_threads(self):
        for how in ("out-of-lines", "cancelled-anywhere"):
            got = self.messages(how, lossy=True)
            self.assertEqual(got[-20:], as_lines(self.err)[-20:], how)

    def test_jump_inside_a_handler(self):
        self.assertEqual(self.messages("inside-handler"), as_lines(self.out))

    # --- the model --------------------------------------------------------------------------

    def test_partial_results(self):
        for seed in range(6):
            got = self.messages("model", seed, "bytes")
            self.assertEqual(got, [strip(line) for line in as_lines(self.out)], f"seed {seed}")

    def test_parts_end_between_characters(self):
        parts = 0
        for seed in range(6):
            got = self.messages("model", seed, "characters")
            self.assertEqual(got, as_lines(self.out), f"seed {seed}")
            for event in self.events:
                event.message.decode()
                parts += event.name == "stderr.part"
                self.assertLessEqual(event.size, 4048)
        self.assertGreater(parts, 100)

    def test_fields_of_a_part(self):
        self.run_shim("model", 1, "bytes")
        part = next(event for event in self.events if event.name == "stderr.part")
        self.assertEqual(list(part.fields),
                         ["level", "ident", "message_id", "part", "last", "message"])

    # --- ends -------------------------------------------------------------------------------

    def test_threads_that_write_while_the_process_ends(self):
        """Nothing twice, nothing torn; of each thread at most the line it was at is missing."""
        for how in ("exit", "quick_exit", "_exit", "syscall", "abort"):
            for who in ("main", "thread"):
                for _ in range(5):
                    with self.subTest(how=how, who=who):
                        self.check_race(self.view("race", how, who,
                                                  status=-6 if how == "abort" else 0))

    def check_race(self, got):
        self.assertEqual([m for m in got if not LINE.match(m) and not re.match(rb"[A-C]( \d*)?$", m)],
                         [])
        for who in b"ABC":
            numbers = [int(m.split()[1]) for m in got if m[0] == who and re.match(rb"[A-C] \d+ ", m)]
            # The thread that ends the process may send a line's beginning later than the next line.
            self.assertEqual(sorted(numbers), sorted(set(numbers)))
            written = [int(n) for n in re.findall(rb"%c (\d+) " % who, self.err)]
            if written:
                self.assertLessEqual(max(written) - max(numbers, default=-1), 2)

    def test_main_that_leaves(self):
        self.assertEqual(self.messages("main-leaves", "alone"), as_lines(self.err))
        self.assertEqual(len(as_lines(self.err)), 4)
        self.assertEqual(self.messages("main-leaves", "others"), as_lines(self.err))
        self.assertEqual(len(as_lines(self.err)), 5)

    # --- processes that look alike ----------------------------------------------------------

    def test_messages_of_processes_that_look_alike(self):
        for how in ("fork", "raw", "namespaces"):
            with self.subTest(how=how):
                got = self.messages("alike", how)
                self.assertEqual(len(got), 30 if how == "namespaces" else 40)
                self.assertEqual([m for m in got if not LINE.match(m) or len(m) < 40004], [])
                ids = {event.fields["message_id"] for event in self.events}
                self.assertEqual(len(ids), len(got))


if __name__ == "__main__":
    harness.main()
