# SPDX-License-Identifier: MIT
"""No object of the product needs one that needs it: in each of the four parts, what `nm` says the
objects define and want from each other has no cycle. And no part wants what it may not use."""

import collections
import os
import subprocess

import harness
import tree

# The objects of each part: folders of CMake's targets, in the build folder.
PARTS = {
    "encoder": ["encoder/CMakeFiles/evh_static.dir"],
    "preload": ["preload/CMakeFiles"],
    "decoder": ["decoder/CMakeFiles/evh-decode-objects.dir"],
    "cli": ["cli/CMakeFiles"],
}


def objects(part):
    """{path of the object: its name, as a person knows it}"""
    found = {}
    for folder in PARTS[part]:
        for here, _, names in os.walk(os.path.join(harness.BUILD, folder)):
            for name in names:
                # The preload library compiles the encoder's core in, under `__`.
                if name.endswith(".o") and "/__/" not in here + "/":
                    path = os.path.join(here, name)
                    inside = path.split(".dir/", 1)[1]
                    found[path] = f"{part}/{inside.removesuffix('.o')}"
    return found


def symbols(path):
    """Global symbols that the object defines, and those that it wants."""
    done = subprocess.run(["nm", "-g", path], capture_output=True, text=True, check=True)
    defined, wanted = set(), set()
    for line in done.stdout.splitlines():
        words = line.split()
        (wanted if words[-2] in "Uwv" else defined).add(words[-1])
    return defined, wanted


def cycles(edges):
    """Groups of objects each of which reaches every other (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in edges[node]:
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = []
            while not group or group[-1] != node:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(edges):
        if node not in index:
            visit(node)
    return found


harness.need("nm")
problems = []
checked = 0
for part in PARTS:
    names = objects(part)
    tables = {name: symbols(path) for path, name in names.items()}
    where = {symbol: name for name, (defined, _) in tables.items() for symbol in defined}
    edges = collections.defaultdict(set)
    for name, (_, wanted) in tables.items():
        edges[name] |= {where[symbol] for symbol in wanted if symbol in where} - {name}
    if not names:
        problems.append(f"{part}: no objects; not built?")
    checked += len(names)
    for group in cycles(edges):
        problems.append(f"{part}: each of these needs the others: {' '.join(group)}")
        for one in group:
            for other in sorted(edges[one] & set(group)):
                used = sorted(tables[one][1] & tables[other][0])
                problems.append(f"    {one} -> {other}: {' '.join(used)}")
tree.finish(problems, checked)
