#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A kernel without user_events, which is what this machine most likely has: every command says so in
one line and names what works instead; no program is harmed; nothing is left in tracefs."""
import json
import os
import subprocess

import harness
from harness import BUILD, LOGTAP


def run(*argv):
    return harness.run(argv, timeout=60)


def tracefs_places():
    with open("/proc/self/mounts", encoding="utf-8") as file:
        mounts = [line.split() for line in file]
    return [words[1] for words in mounts if words[2] == "tracefs"]


class WithoutUserEvents(harness.Case):
    def one_line(self, result, status):
        self.assertEqual((result.status, result.stdout), (status, b""))
        self.assertEqual(result.stderr.count(b"\n"), 1, result.stderr)

    def test_run_refuses_and_names_record(self):
        result = run(LOGTAP, "run", "echo", "started")
        self.one_line(result, 125)
        self.assertIn(b"record", result.stderr)

    def test_run_best_effort_starts_it(self):
        result = run(LOGTAP, "run", "--best-effort", "sh", "-c", "echo out; echo err >&2; exit 3")
        self.assertEqual((result.status, result.stdout), (3, b"out\n"))
        self.assertIn(b"err\n", result.stderr)

    def test_tail_and_register(self):
        self.one_line(run(LOGTAP, "tail"), 1)
        self.one_line(run(LOGTAP, "register"), 1)
        for place in tracefs_places():
            if not os.access(place + "/instances", os.R_OK):
                continue  # who may not look there can't have left anything
            left = [name for name in os.listdir(place + "/instances") if name.startswith("logtap-")]
            self.assertEqual(left, [])

    def test_doctor(self):
        result = run(LOGTAP, "doctor", "--json")
        self.assertEqual((result.status, result.stderr), (1, b""))
        found = json.loads(result.stdout)
        self.assertFalse(found["run_works"])
        checks = {entry["check"]: entry for entry in found["checks"]}
        self.assertNotEqual(checks["kernel"]["status"], "ok")
        self.assertEqual(checks["library"]["status"], "ok", checks["library"])
        self.assertEqual(checks["loader"]["status"], "ok", checks["loader"])
        self.assertEqual(checks["stdio"]["status"], "ok", checks["stdio"])
        text = run(LOGTAP, "doctor")
        self.assertEqual(text.stdout.count(b"mend with:"),
                         sum("fix" in entry for entry in found["checks"]))

    def test_the_doctors_remedy_works(self):
        found = json.loads(run(LOGTAP, "doctor", "--json").stdout)
        fixes = [entry.get("fix", "") for entry in found["checks"] if entry["check"] == "kernel"]
        if not fixes[0]:
            self.skipTest("the doctor cannot tell what this kernel is configured with")
        command = fixes[0].split("#")[0].replace("PROGRAM", "ls /nonexistent")
        subprocess.run(command, shell=True, cwd=self.folder, stderr=subprocess.DEVNULL, check=False,
                       env=harness.clean_environment(PATH=f"{BUILD}/bin:{os.environ['PATH']}"))
        shown = harness.view("--output=cat", self.path("logtap.data"))
        self.assertIn(b"/nonexistent", shown.stdout)


if __name__ == "__main__":
    if any(os.path.exists(place + "/user_events_data") for place in tracefs_places()):
        harness.skip("this kernel has user_events")
    harness.main()
