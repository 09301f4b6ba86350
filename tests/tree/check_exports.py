# SPDX-License-Identifier: MIT
"""Each shared library exports exactly what its version script lists: no more, no less."""

import fnmatch
import os
import re
import subprocess

import harness
import tree

LIBRARIES = {
    "libevh.so": "encoder/libevh.map",
    "libevh-decode.so": "decoder/libevh-decode.map",
    "liblogtap.so": "preload/liblogtap.map",
}


def listed(script):
    """The patterns behind every `global:` of a version script."""
    with open(os.path.join(harness.SOURCE, script), encoding="utf-8") as file:
        # This build is for 64 bits: the names of another processor are left out.
        text = re.sub(r"/\* i386 alone \*/.*?(?=local:)", "", file.read(), flags=re.S)
    text = re.sub(r"/\*.*?\*/|#[^\n]*", "", text, flags=re.S)
    patterns = []
    for block in re.findall(r"\{(.*?)\}", text, flags=re.S):
        visible = False
        for word in re.findall(r"[^\s;]+", block.replace(":", ": ")):
            if word in ("global:", "local:"):
                visible = word == "global:"
            elif visible:
                patterns.append(word)
    return patterns


def exported(library):
    done = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True,
                          check=True)
    symbols = [line.split() for line in done.stdout.splitlines()]
    # A is the mark of a version itself, not a symbol.
    return {words[-1].split("@")[0] for words in symbols if words[-2] != "A"}


harness.need("nm")
problems = []
checked = 0
for library, script in LIBRARIES.items():
    path = os.path.join(harness.BUILD, "lib", library)
    if not os.path.exists(path):
        problems.append(f"{library}: not built")
        continue
    patterns, symbols = listed(script), exported(path)
    # A sanitized or covered build brings symbols of the compiler's own.
    symbols = {name for name in symbols if not name.startswith(("__asan", "__ubsan", "__odr"))}
    checked += len(symbols)
    for name in sorted(symbols):
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns):
            problems.append(f"{library}: exports {name}, which {script} does not list")
    for pattern in patterns:
        if not any(fnmatch.fnmatchcase(name, pattern) for name in symbols):
            problems.append(f"{library}: {script} lists {pattern}, which is not exported")

# What links libevh.a has its symbols for itself.
module = os.path.join(harness.BUILD, "tests", "encoder-unload-module.so")
if os.path.exists(module):
    symbols = exported(module)
    checked += len(symbols)
    for name in sorted(symbols):
        if name.startswith(("evh_", "evhi_")):
            problems.append(f"encoder-unload-module.so: exports {name} of libevh.a")
else:
    problems.append("encoder-unload-module.so: not built")
tree.finish(problems, checked)
