#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""evh/perfdata.h, by the example copy-perf: a recording copied record by record into the other form, and
back, holds the same events, to `logtap view` and to perf."""
import os
import shutil
import subprocess

import harness
from harness import BUILD, main

COPY = os.path.join(BUILD, "examples/copy-perf")
WORDS = os.path.join(BUILD, "examples/trace-words")


class Copy(harness.Case):
    def copy(self, source, target):
        return subprocess.run([COPY, source, target], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_there_and_back(self):
        paths = [self.path(name) for name in ("stream", "file", "again")]
        text = "".join("line %d\n" % number for number in range(50))
        subprocess.run([WORDS, "--record", paths[0]], input=text, text=True, check=True, stdout=subprocess.PIPE)
        for source, target in zip(paths, paths[1:]):
            done = self.copy(source, target)
            self.assertEqual(done.returncode, 0, done.stderr)
            lines = done.stderr.splitlines()
            self.assertEqual(sum(line.startswith("SAMPLE ") for line in lines), 50)
            self.assertTrue({"COMM", "ATTR", "TRACING_DATA"} <= {line.split()[0] for line in lines})
        viewed = [harness.view("--output=json", path) for path in paths]
        self.assertEqual(len(viewed[0].stdout.splitlines()), 50)
        self.assertEqual(viewed[0].stdout, viewed[1].stdout)
        self.assertEqual(viewed[0].stdout, viewed[2].stdout)
        if shutil.which("perf"):
            scripts = [harness.Recording(path).perf_script("-F", "comm,pid,tid,time,event,trace") for path in paths]
            self.assertEqual(len(scripts[0].stdout.splitlines()), 50)
            self.assertEqual(scripts[0].stdout, scripts[1].stdout)
            self.assertEqual(scripts[0].stdout, scripts[2].stdout)

    def test_what_is_none(self):
        done = self.copy("/etc/passwd", self.path("out"))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertEqual(self.copy("/nowhere", self.path("out")).returncode, 1)


if __name__ == "__main__":
    main()
