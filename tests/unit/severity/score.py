#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Scores the severity reader against labelled lines, through `logtap level`.

usage: score.py --labelled FILE... --none FILE... [--verbose]

Prints accuracy, and precision and recall per level and per dialect. Fails below 98% right on the
labelled lines of any file, or when less than 99.5% of the lines without a severity stay unknown.
"""
import argparse
import collections
import subprocess
import sys

import harness

LEVELS = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]
RIGHT = 0.98
UNKNOWN = 0.995


def unescape(text):
    """Turns \\t, \\\\ and \\xHH into bytes; everything else is UTF-8."""
    out = bytearray()
    rest = iter(text)
    for c in rest:
        if c != "\\":
            out += c.encode()
            continue
        kind = next(rest)
        if kind == "x":
            out.append(int(next(rest) + next(rest), 16))
        else:
            out += {"t": b"\t", "\\": b"\\"}[kind]
    return bytes(out)


def read(path, columns):
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.startswith("# ") or not line:
                continue
            fields = line.split("\t", columns - 1)
            if len(fields) != columns or (columns == 3 and fields[0] not in LEVELS):
                sys.exit(f"{path}:{number}: not {columns} fields, or no severity: {line}")
            if columns == 2:
                fields = ["unknown"] + fields
            yield (f"{path}:{number}", fields[0], fields[1], unescape(fields[2]))


def judge(rows):
    lines = b"".join(row[3] + b"\n" for row in rows)
    result = subprocess.run([harness.LOGTAP, "level", "--alone", "--brief"], input=lines,
                            stdout=subprocess.PIPE, check=True)
    said = result.stdout.decode().splitlines()
    if len(said) != len(rows):
        sys.exit(f"{len(rows)} lines in, {len(said)} severities out")
    return said


def percent(part, whole):
    return f"{100 * part / whole:6.1f}%" if whole else "      -"


def table(title, rows, said, key, every):
    """Precision: of the lines called so, how many are. Recall: of those that are, how many."""
    hit, called, are = collections.Counter(), collections.Counter(), collections.Counter()
    for row, word in zip(rows, said):
        are[key(row)] += 1
        hit[key(row)] += word == row[1]
        called[word if every else key(row)] += word != "unknown" or every
    print(f"\n{title:14} {'lines':>6} {'precision':>10} {'recall':>8}")
    for name in (LEVELS + ["unknown"] if every else sorted(are)):
        if are[name] or called[name]:
            print(f"{name:14} {are[name]:6} {percent(hit[name], called[name]):>10} "
                  f"{percent(hit[name], are[name]):>8}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labelled", nargs="+", required=True)
    parser.add_argument("--none", nargs="+", required=True)
    parser.add_argument("--wrong-at-most", type=int, metavar="N",
                        help="fail, too, when more than N lines in all are wrong")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    everything, words, failed = [], [], False
    for path, columns, floor in ([(p, 3, RIGHT) for p in options.labelled] +
                                 [(p, 2, UNKNOWN) for p in options.none]):
        rows = list(read(path, columns))
        said = judge(rows)
        right = sum(row[1] == word for row, word in zip(rows, said))
        print(f"{path}: {right} of {len(rows)} right, {100 * right / len(rows):.2f}% "
              f"(at least {100 * floor:g}%)")
        for row, word in zip(rows, said):
            if row[1] != word:
                print(f"  {row[0]}: {row[1]}, called {word}: {row[3]!r}")
        failed |= right < floor * len(rows)
        everything += rows
        words += said
    table("level", everything, words, lambda row: row[1], True)
    labelled = [(row, word) for row, word in zip(everything, words) if row[1] != "unknown"]
    if options.verbose:
        table("dialect", [r for r, _ in labelled], [w for _, w in labelled],
              lambda row: row[2], False)
    wrong = sum(row[1] != word for row, word in zip(everything, words))
    if options.wrong_at_most is not None and wrong > options.wrong_at_most:
        print(f"\nFAILED: {wrong} lines are wrong, at most {options.wrong_at_most} were so far")
        failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main())
