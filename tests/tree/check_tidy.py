# SPDX-License-Identifier: MIT
"""clang-tidy has nothing to say about the product's files.

A file that passed is not looked at again before it, a header of the project, the rules or its
compile command changes: the mark of that is kept in the build folder."""

import concurrent.futures
import hashlib
import json
import os
import shlex
import subprocess

import harness
import tree

PARTS = ("encoder/", "preload/", "decoder/", "cli/")


def read(name):
    with open(os.path.join(harness.SOURCE, name), "rb") as file:
        return file.read()


def compiled():
    """{file: compile command} of the product's own C and C++ files; each once."""
    with open(os.path.join(harness.BUILD, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    found = {}
    for entry in entries:
        name = os.path.relpath(os.path.join(entry["directory"], entry["file"]), harness.SOURCE)
        if name.startswith(PARTS) and name.endswith((".c", ".cc", ".cpp")):
            found.setdefault(name, entry.get("command") or shlex.join(entry["arguments"]))
    return found


def check(name):
    done = subprocess.run(["clang-tidy", "--quiet", "-p", harness.BUILD,
                           os.path.join(harness.SOURCE, name)],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


harness.need("clang-tidy")
commands = compiled()
common = hashlib.sha256(read(".clang-tidy"))
for header in tree.files((".h", ".hpp")):
    common.update(read(header))
passed_folder = os.path.join(harness.BUILD, "tests", "tidy-passed")
os.makedirs(passed_folder, exist_ok=True)


def mark(name):
    key = common.copy()
    key.update(commands[name].encode() + b"\0" + read(name))
    return os.path.join(passed_folder, key.hexdigest())


todo = [name for name in sorted(commands) if not os.path.exists(mark(name))]
print(f"{len(commands)} files, {len(todo)} to look at", flush=True)
problems = []
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for name, (status, output) in zip(todo, pool.map(check, todo)):
        if status == 0:
            with open(mark(name), "w", encoding="utf-8"):
                pass
        else:
            problems.append(output or f"{name}: clang-tidy failed with status {status}")
tree.finish(problems, len(commands))
