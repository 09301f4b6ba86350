# SPDX-License-Identifier: MIT
"""Compares the lines that arrived with those that are wanted: python3 compare.py WANTED ARRIVED FORM,
the files as lines, FORM being text or json. Prints a row's cells: arrived, missing, twice, foreign; ends with
1 where any is missing or foreign."""
import collections
import json
import sys


def lines(path, form):
    with open(path, "rb") as file:
        for line in file.read().splitlines():
            yield json.loads(line) if form == "json" else line.decode("utf-8", "replace")


def body(line):
    return line["body"] if isinstance(line, dict) else line


wanted = set(lines(sys.argv[1], "text"))
arrived = collections.Counter(body(line) for line in lines(sys.argv[2], sys.argv[3]))
# Losses are said as events, which the collector counts apart.
told = sum(count for line, count in arrived.items() if " removed from the full spool " in line or " lost before " in line)
missing = len(wanted - arrived.keys())
twice = sum(count - 1 for line, count in arrived.items() if line in wanted)
foreign = sum(count for line, count in arrived.items() if line not in wanted) - told
print(f"{sum(arrived.values())} | {missing} | {twice} | {foreign}")
sys.exit(missing > 0 or foreign > 0)
