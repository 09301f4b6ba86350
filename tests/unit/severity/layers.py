#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The severity reader's objects call only downwards, and nothing but a few functions of libc.

usage: layers.py OBJECT...

Reads the objects with nm. Fails when objects need each other in a circle, or when one needs a symbol
that neither they nor the list below have.
"""
import os
import subprocess
import sys

LIBC = {"memchr", "memcmp", "memcpy", "memmem", "memmove", "memset", "strlen", "strncasecmp",
        "_GLOBAL_OFFSET_TABLE_"}


def symbols(path):
    """What an object defines for others, and what it needs."""
    text = subprocess.run([os.environ.get("NM", "nm"), "-g", path], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    defined, needed = set(), set()
    for line in text.splitlines():
        kind, name = line.split()[-2:]
        (needed if kind in "Uw" else defined).add(name)
    return defined, needed


def circle(needs):
    """Objects that need each other, in order, or None."""
    done = set()

    def visit(name, path):
        if name in path:
            return path[path.index(name):] + [name]
        if name in done:
            return None
        for other in sorted(needs[name]):
            found = visit(other, path + [name])
            if found:
                return found
        done.add(name)
        return None

    for name in sorted(needs):
        found = visit(name, [])
        if found:
            return found
    return None


def main():
    objects = {os.path.basename(path): symbols(path) for path in sys.argv[1:]}
    if len(objects) < 2:
        sys.exit("layers.py: at least two objects are needed")
    owner = {symbol: name for name, (defined, _) in objects.items() for symbol in defined}
    foreign = sorted(f"{name} needs {symbol}" for name, (_, needed) in objects.items()
                     for symbol in needed if symbol not in owner and symbol not in LIBC)
    needs = {name: {owner[symbol] for symbol in needed if symbol in owner} - {name}
             for name, (_, needed) in objects.items()}
    found = circle(needs)
    for line in foreign:
        print(line)
    if found:
        print("a circle: " + " -> ".join(found))
    print(f"{len(objects)} objects, {sum(map(len, needs.values()))} dependencies")
    return 1 if foreign or found else 0


if __name__ == "__main__":
    sys.exit(main())
