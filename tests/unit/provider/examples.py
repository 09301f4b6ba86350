#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the example programs into recordings, and reads the events back with `logtap view`.

    examples.py [--without-logtap]
"""
import os
import shutil
import subprocess
import sys

import harness

EXAMPLES = os.path.join(harness.BUILD, "examples")
LOGTAP = "--without-logtap" not in sys.argv


def run(name, *arguments):
    return subprocess.run([os.path.join(EXAMPLES, name), *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)


def view(path):
    """The events, each as (name, level, keyword, opcode, activity, fields)"""
    return [(e["event"], e["level"], e["keyword"], e["opcode"], e.get("activity"), e["fields"])
            for e in harness.Recording(path).events()]


class Examples(harness.Case):
    def setUp(self):
        super().setUp()
        self.recording = self.path("recording")
        self.text = self.write("text", b"one\ntwo\nthree")

    def test_compile_time_events(self):
        done = run("count-lines", "--record", self.recording, self.text, "/nowhere")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, "       2 %s\n" % self.text)
        self.assertEqual(done.stderr, "count-lines: /nowhere: No such file or directory\n")
        if not LOGTAP:
            self.skipTest("there is no logtap to read the recording")
        events = view(self.recording)
        activities = {event[4] for event in events}
        self.assertEqual(len(activities), 1)
        self.assertNotIn(None, activities)
        events = [event[:4] + event[5:] for event in events]
        self.assertEqual(events[0], ("Start", 4, "0x1", 1, {"files": 2}))
        self.assertEqual(events[1], ("Counted", 5, "0x2", 0,
                                     {"path": self.text, "result": {"lines": 2, "bytes": 13}}))
        self.assertEqual(events[2][:4], ("Failed", 2, "0x2", 0))
        self.assertEqual(events[2][4]["path"], "/nowhere")
        self.assertEqual(events[3], ("Stop", 4, "0x1", 2, {"failed": True}))
        self.assertEqual(len(events), 4)

    def test_run_time_event(self):
        done = run("trace-event", "--record", self.recording, "Deployed", "version=1.2.3", "attempt=-2", "note=")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        if not LOGTAP:
            self.skipTest("there is no logtap to read the recording")
        self.assertEqual(view(self.recording), [
            ("Deployed", 4, "0x1", 0, None, {"arguments": {"version": "1.2.3", "attempt": -2, "note": ""}})])

    def test_plain_tracepoint(self):
        done = run("plain-tracepoint", "--record", self.recording, self.text, "/", "/nowhere")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        if not LOGTAP:
            self.skipTest("there is no logtap to read the recording")
        events = harness.Recording(self.recording).events()
        self.assertEqual([(e["provider"], e["event"]) for e in events], [("user_events", "example_sizes")] * 3)
        self.assertEqual(events[0]["fields"], {"size": 13, "error": 0, "kind": "file", "path": self.text})
        self.assertEqual([e["fields"]["kind"] for e in events], ["file", "folder", ""])
        self.assertEqual(events[2]["fields"], {"size": 0, "error": -2, "kind": "", "path": "/nowhere"})
        if shutil.which("perf"):
            lines = harness.Recording(self.recording).perf_script("-F", "event,trace").stdout.decode().splitlines()
            self.assertEqual(lines[0].split(), ["user_events:example_sizes:", "size=13", "error=0", "kind=file",
                                                "path=" + self.text])

    def test_cxx(self):
        done = subprocess.run([os.path.join(EXAMPLES, "trace-words"), "--record", self.recording], text=True,
                              input="one two\n\none\n", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "2\n", ""))
        if not LOGTAP:
            self.skipTest("there is no logtap to read the recording")
        events = view(self.recording)
        self.assertEqual([event[5] for event in events],
                         [{"number": 1, "words": ["one", "two"], "line": {"bytes": 7, "text": "one two"}},
                          {"number": 2, "words": [], "line": {"bytes": 0, "text": ""}},
                          {"number": 3, "words": ["one"], "line": {"bytes": 3, "text": "one"}}])
        self.assertEqual(len({event[4] for event in events}), 1)

    def test_what_goes_wrong(self):
        done = run("trace-event", "--record", self.recording, "Deployed", "nonsense")
        self.assertEqual(done.returncode, 2)
        self.assertIn("nonsense: is not NAME=VALUE", done.stderr)
        done = run("count-lines", "--record", "/nowhere/recording", self.text)
        self.assertEqual(done.returncode, 2)
        self.assertIn("can't record into /nowhere/recording: No such file or directory", done.stderr)

    def test_without_a_listener(self):
        """Nobody listens, or the kernel can't: a program goes on as if there were no events."""
        done = run("count-lines", self.text)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "       2 %s\n" % self.text, ""))


sys.argv = [word for word in sys.argv if word != "--without-logtap"]
harness.main()
