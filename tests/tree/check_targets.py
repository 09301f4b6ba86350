# SPDX-License-Identifier: MIT
"""Targets that the preload library isn't written for: CMake says in a line each what it leaves out, and what
is left can be built. Only configured here; tests/compare/libevh builds for such targets."""

import os
import shutil
import subprocess
import unittest

import harness

MUSL = unittest.skipUnless(shutil.which("musl-gcc"), "musl-gcc is not installed")


def configure(folder, *options, **variables):
    done = subprocess.run(["cmake", "-S", harness.SOURCE, "-B", folder, "-G", "Ninja", *options],
                          env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False)
    left_out = [line for line in done.stdout.splitlines() if "Left out: " in line]
    return done.returncode, left_out, " ".join(done.stderr.split())


class Targets(harness.Case):
    def targets(self):
        return subprocess.run(["ninja", "-C", self.folder, "-t", "targets", "all"], stdout=subprocess.PIPE, text=True,
                              check=True).stdout

    @MUSL
    def test_another_libc(self):
        status, left_out, errors = configure(self.folder, "-DCMAKE_C_COMPILER=musl-gcc")
        self.assertEqual((status, errors), (0, ""))
        self.assertIn("the preload library, which is written for glibc", left_out[0])
        self.assertIn("LOGTAP_PRELOAD=OFF", left_out[0])
        self.assertIn("the reading of recordings", left_out[1])
        self.assertIn("the command", left_out[2])
        targets = self.targets()
        for made in ("lib/libevh.so:", "lib/libevh.a:", "lib/libevh-decode.so:", "lib/libevh-decode.a:"):
            self.assertIn(made, targets)
        for left in ("liblogtap", "bin/logtap", "tests/"):
            self.assertNotIn(left, targets)

    @MUSL
    def test_asked_for_all_the_same(self):
        status, _, errors = configure(self.folder, "-DCMAKE_C_COMPILER=musl-gcc", "-DLOGTAP_PRELOAD=ON")
        self.assertNotEqual(status, 0)
        self.assertIn("LOGTAP_PRELOAD=ON: the preload library is written for glibc", errors)

    def test_missing_libraries_are_an_error_where_all_can_be_built(self):
        status, _, errors = configure(self.folder, PKG_CONFIG_LIBDIR=self.folder)
        self.assertNotEqual(status, 0)
        self.assertIn("libzstd-dev libtraceevent-dev", errors)

    def test_without_the_preload_library(self):
        status, left_out, errors = configure(self.folder, "-DLOGTAP_PRELOAD=OFF")
        self.assertEqual((status, errors), (0, ""))
        self.assertIn("the command, which needs", left_out[0])
        self.assertIn("src/perfdata.c", self.targets())


if __name__ == "__main__":
    harness.main()
