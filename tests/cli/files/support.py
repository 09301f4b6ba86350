# SPDX-License-Identifier: MIT
"""What the tests of `logtap view` share. LOGTAP names the command under test."""
import json
import os
import subprocess
import tempfile
import unittest

LOGTAP = os.environ["LOGTAP"]
# Seconds: for what hangs, not for what a busy machine takes; ctest's own limit is 1500.
TIMEOUT = 600

ENVIRONMENT = {key: value for key, value in os.environ.items()
               if not key.startswith("LOGTAP_") and key not in ("PAGER", "LESS", "NO_COLOR")}
ENVIRONMENT.update(LC_ALL="C.UTF-8", TZ="UTC", TERM="xterm")


def view(*options, stdin=None, **variables):
    """Runs `logtap view` to its end."""
    return subprocess.run([LOGTAP, "view", *options], input=stdin, capture_output=True,
                          timeout=TIMEOUT, env=dict(ENVIRONMENT, **variables), check=False)


def objects(output):
    """The events of --output=json."""
    lines = output.split(b"\n")
    assert lines.pop() == b"", "the last line has no end"
    return [json.loads(line.decode()) for line in lines]


def messages(output):
    return [event["fields"].get("message") for event in objects(output)]


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="logtap-files-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def shown(self, content, *options):
        """The events of a trace that has nothing wrong with it."""
        done = view("--output=json", *options, self.write("trace", content))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return objects(done.stdout)

    def assert_one_line(self, stderr, *words):
        text = stderr.decode()
        self.assertRegex(text, r"\Alogtap view: [^\n]+\n\Z")
        for word in words:
            self.assertIn(word, text)
