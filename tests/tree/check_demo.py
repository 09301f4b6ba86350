# SPDX-License-Identifier: MIT
"""The demo does what it promises, a second time too: it installs nothing that is there, and shows
what three programs said. Only in the folder that it builds into itself."""

import os
import re
import subprocess

import harness
import tree

EXPECTED = [
    r"^ls: cannot access '/nonexistent': No such file or directory$",
    r"^\w{3} .* ls\[\d+\]: .*cannot access '/nonexistent'",
    r"^\w{3} .* backup\[\d+\]: .*42 files copied$",
    r"^\w{3} .* backup\[\d+\]: <err> cannot read /srv/secret: Permission denied$",
    r"^\w{3} .* import\[\d+\]: <warning> queue is almost full$",
    r"^ERROR: giving up at row 18$",
    r"^\w{3} .* perl\[\d+\]: <err> ERROR: giving up at row 18$",
    r'^\{"time":".*"event":"syslog".*"message":"queue is almost full"\}\}$',
    r"user_events",
]

done = subprocess.run([os.path.join(harness.SOURCE, "scripts/demo.sh")], stdout=subprocess.PIPE,
                      stderr=subprocess.STDOUT, text=True, check=False)
problems = [f"not shown: {pattern}" for pattern in EXPECTED
            if not re.search(pattern, done.stdout, flags=re.M)]
if done.returncode != 0:
    problems.append(f"exit status {done.returncode}")
if "installing" in done.stdout:
    problems.append("wants to install packages although everything is built")
if problems:
    print(done.stdout)
tree.finish(problems, len(EXPECTED))
