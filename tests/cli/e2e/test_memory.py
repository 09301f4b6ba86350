# SPDX-License-Identifier: MIT
"""valgrind finds nothing in the shim, and nothing that was not there without it."""

import shutil

import harness
from harness import Case, run

VALGRIND = ["valgrind", "-q", "--error-exitcode=99", "--leak-check=full",
            "--show-leak-kinds=definite,possible", "--errors-for-leak-kinds=definite,possible"]


class Valgrind(Case):
    def setUp(self):
        super().setUp()
        if not shutil.which("valgrind"):
            self.skipTest("valgrind is not installed")
        if harness.SANITIZED:
            self.skipTest("valgrind cannot run sanitized code")

    def check(self, *argv):
        plain = run([*VALGRIND, *argv])
        tapped, recording = self.record([*VALGRIND, *argv])
        self.assertEqual(harness.mask(tapped.stderr), harness.mask(plain.stderr))
        self.assertEqual((tapped.stdout, tapped.status), (plain.stdout, plain.status))
        self.assertNotEqual(plain.status, 99)
        self.assertEqual(recording.cat("--event=stderr"), harness.ended(tapped.stderr))

    def test_ls(self):
        self.check("ls", "/nonexistent")

    def test_program_of_many_ways(self):
        for way in ("error", "buffered", "syslog", "long"):
            self.check(harness.program("e2e/say"), way)

    def test_what_valgrind_does_not_know(self):
        """It says something on stderr of system calls that it does not know; we make none."""
        self.check("bash", "-c", "ulimit -Sn 64; ulimit -f 9999; exec 3>&2; echo copied >&3; "
                   "exec 3>&-; echo done >&2")

    def test_the_command_itself(self):
        """logtap's own commands on good and bad files."""
        _, recording = self.record(["ls", "/nonexistent"])
        for output in ("short", "json", "cat", "perf"):
            done = run([*VALGRIND, harness.LOGTAP, "view", f"--output={output}", recording.path])
            self.assertEqual((done.status, done.stderr), (0, b""))
        cut = self.write("cut.data", harness.contents(recording.path)[:-5])
        done = run([*VALGRIND, harness.LOGTAP, "view", cut])
        self.assertEqual(done.status, 1)
        self.assert_one_line(done.stderr)


if __name__ == "__main__":
    harness.main()
