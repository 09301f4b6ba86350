# SPDX-License-Identifier: MIT
"""Every C and C++ file is as clang-format writes it."""

import subprocess

import harness
import tree

harness.need("clang-format")
names = tree.files(tree.SOURCE_ENDINGS)
done = subprocess.run(["clang-format", "--dry-run", *names], cwd=harness.SOURCE, capture_output=True,
                      text=True, check=False)
wrong = {line.split(":")[0] for line in done.stderr.splitlines() if "-Wclang-format" in line}
problems = [f"{name}: run clang-format -i on it" for name in sorted(wrong)]
if done.returncode != 0:
    problems.append(done.stderr)
tree.finish(problems, len(names))
