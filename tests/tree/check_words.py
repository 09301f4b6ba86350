# SPDX-License-Identifier: MIT
"""What must never be in the tree: paths of the machine it was written on, large or foreign files;
and what must be: every script that the documents name, executable, in working order."""

import os
import re
import subprocess

import harness
import tree

LARGEST = 512 * 1024  # bytes of a file that a person is to read
# Written in pieces, so that this file does not find itself.
FORBIDDEN = [re.compile(text) for text in ("/wo" "rk/", "/root/\\.(cache|py" "env)", "/tmp/" "b-", "/tmp/br" "ief")]
NAMED = re.compile(r"(?:^|[\s`(\"'])(?:\./)?(scripts/[\w./-]+\.sh|\.ci/run)\b")

problems = []
names = tree.files()
for name in names:
    path = os.path.join(harness.SOURCE, name)
    with open(path, "rb") as file:
        content = file.read()
    if len(content) > LARGEST:
        problems.append(f"{name}: {len(content)} bytes")
    text = content.decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines(), 1):
        for pattern in FORBIDDEN:
            if pattern.search(line):
                problems.append(f"{name}:{number}: names a path of one machine: {line.strip()[:80]}")
    if name.endswith(".md"):
        for script in NAMED.findall(text):
            if not os.access(os.path.join(harness.SOURCE, script), os.X_OK):
                problems.append(f"{name}: names {script}, which is not there or not executable")
    if name.endswith(".sh") or text.startswith("#!/bin/bash"):
        done = subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            problems.append(f"{name}: {done.stderr.strip()}")
tree.finish(problems, len(names))
