# SPDX-License-Identifier: MIT
"""Compares the lines that arrived with those that are wanted: python3 compare.py WANTED ARRIVED FORM FROM,
the files as lines, FORM being text or json. Prints a row's cells: arrived, missing, told to be lost, twice,
foreign. Ends with 1 where a line is foreign; or missing, FROM being the spool; or missing and not told to be
lost, FROM being programs."""
import collections
import json
import re
import sys


def lines(path, form):
    with open(path, "rb") as file:
        for line in file.read().splitlines():
            yield json.loads(line) if form == "json" else line.decode("utf-8", "replace")


def body(line):
    return line["body"] if isinstance(line, dict) else line


wanted = set(lines(sys.argv[1], "text"))
arrived = collections.Counter(body(line) for line in lines(sys.argv[2], sys.argv[3]))
# Losses are said as events: what programs said faster than the collector read.
TOLD = re.compile(r"(?:at least )?(\d+) events? (?:was|were) (?:lost before|removed from)")
told = {line: count for line, count in arrived.items() if TOLD.match(line)}
lost = sum(int(TOLD.match(line)[1]) for line in told)
missing = len(wanted - arrived.keys())
twice = sum(count - 1 for line, count in arrived.items() if line in wanted)
foreign = sum(count for line, count in arrived.items() if line not in wanted and line not in told)
print(f"{sum(arrived.values()) - sum(told.values())} | {missing} | {lost} | {twice} | {foreign}")
sys.exit(foreign > 0 or missing > (lost if sys.argv[4] == "programs" else 0))
