# SPDX-License-Identifier: MIT
"""What the checks of the tree share: its files, and how problems are said."""

import os
import subprocess
import sys

from harness import SOURCE

SOURCE_ENDINGS = (".c", ".h", ".cc", ".cpp", ".hpp")


def files(endings=None):
    """The project's files, relative to its root; those that git tracks, where it tracks them (not those of
    a tarball, which may lie in somebody else's repository)."""
    listed = subprocess.run(["git", "-c", f"safe.directory={SOURCE}", "-C", SOURCE, "ls-files",
                             "-z"], capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        names = [name for name in listed.stdout.decode().split("\0") if name]
    else:
        names = []
        for folder, folders, here in os.walk(SOURCE):
            folders[:] = [name for name in folders
                          if name != ".git" and not name.startswith("build")]
            names += [os.path.relpath(os.path.join(folder, name), SOURCE) for name in here]
    return sorted(name for name in names
                  if os.path.isfile(os.path.join(SOURCE, name)) and
                  (endings is None or name.endswith(endings)))


def finish(problems, checked):
    """Prints the problems; the exit status says whether there were any."""
    for problem in problems:
        print(problem)
    if not checked:
        print("nothing was checked: that cannot be right")
        sys.exit(1)
    print(f"{checked} checked, {len(problems)} problems")
    sys.exit(1 if problems else 0)
