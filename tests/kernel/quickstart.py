#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The README's quick start for a kernel with user_events, exactly as it stands there: the block
below the line `<!-- tested in the VM -->`, on a machine where tracefs isn't even mounted."""
import os
import re
import subprocess
import sys

from kernel import BUILD, LOGTAP, SOURCE, check, finish, read, run, status

MARK = "<!-- tested in the VM -->"

text = read(SOURCE + "/README.md") if os.path.exists(SOURCE + "/README.md") else ""
blocks = re.findall(re.escape(MARK) + r"\n+((?:(?:    |\t).*\n|\n)+)", text)
blocks += re.findall(re.escape(MARK) + r"\n+```[a-z]*\n(.*?)```", text, re.S)
if not blocks:
    print("README.md has no block below " + MARK)
    sys.exit(77)

# The root folder is this machine's own in memory: build/ may be put where the README has it.
if os.path.realpath(SOURCE + "/build") != os.path.realpath(BUILD):
    if os.path.exists(SOURCE + "/build"):
        subprocess.run(["mount", "--bind", BUILD, SOURCE + "/build"], check=True)
    else:
        os.symlink(BUILD, SOURCE + "/build")
# Whoever is root already needs no sudo, and a bare machine has none.
os.makedirs("/tmp/bin")
with open("/tmp/bin/sudo", "w", encoding="ascii") as file:
    file.write('#!/bin/sh\nexec "$@"\n')
os.chmod("/tmp/bin/sudo", 0o755)
subprocess.run(["umount", "/sys/kernel/tracing"], check=True)
for number, block in enumerate(blocks):
    script = "set -e\n" + "\n".join(line.strip() for line in block.splitlines())
    print(script)
    done = run("bash", "-c", script, cwd=SOURCE, env=dict(os.environ, PATH="/tmp/bin:" +
                                                          os.environ["PATH"]))
    print(done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
    # `ls /nonexistent` and its like may end the block with a status of their own.
    check("block %d runs" % (number + 1), done.returncode in (0, 2), done.returncode)
    if "logtap tail" in block or "logtap view" in block:
        check("block %d shows events" % (number + 1),
              re.search(rb"\[\d+\]: ", done.stdout), done.stdout)
# What the block keeps "until the next boot", the tests that follow shall not find.
if status():
    check("the persistent ones go", run(LOGTAP, "register", "--remove").returncode == 0)
finish()
