# SPDX-License-Identifier: MIT
"""What the benchmarks share: starting programs on one core in turns, rows with medians and goals,
the table and the JSON file."""
import json
import os
import platform
import statistics
import subprocess
import sys
import time

from harness import clean_environment


class Failed(Exception):
    """A row that can't be measured here; the text says why."""


class Table:
    """Rows in the order in which they are measured."""

    def __init__(self):
        self.rows, self.tables = [], []

    def add(self, row, unit, samples, goal=None, at_least=False):
        """goal: the median must be at most (at_least: at least) this much."""
        middle = statistics.median(samples)
        met = None if goal is None else middle >= goal if at_least else middle <= goal
        sign = ">=" if at_least else "<="
        self._append(row, unit, middle, min(samples), max(samples),
                     None if goal is None else f"{sign} {goal:g}", met)

    def add_table(self, title, heading, rows):
        """One that has other columns; rows of text."""
        self.tables.append((title, heading, rows))

    def skip(self, row, unit, reason):
        self._append(row, unit, None, None, None, None, None)
        print(f"    not measured: {row}: {reason}", flush=True)

    def _append(self, row, unit, middle, low, high, goal, met):
        def rounded(value):
            return value if value is None else float(f"{value:.5g}")
        self.rows.append({"row": row, "unit": unit, "median": rounded(middle),
                          "min": rounded(low), "max": rounded(high), "goal": goal, "met": met})

    def print(self):
        if self.rows:
            self._print_rows()
        for title, heading, rows in self.tables:
            widths = [max(map(len, column)) for column in zip(heading, *rows)]
            print(f"\n{title}")
            for row in [heading, *rows]:
                print("  ".join(f"{text:>{width}}" for text, width in zip(row, widths)))

    def _print_rows(self):
        width = max(len(row["row"]) for row in self.rows)
        print(f"\n{'':{width}}  {'median':>9} {'min':>9} {'max':>9}  {'unit':12} {'goal':10} met")
        for row in self.rows:
            figures = [f"{row[key]:9.4g}" if row[key] is not None else f"{'-':>9}"
                       for key in ("median", "min", "max")]
            met = {True: "yes", False: "NO", None: "" if row["median"] is not None
                   else "not measured"}[row["met"]]
            print(f"{row['row']:{width}}  {' '.join(figures)}  {row['unit']:12} "
                  f"{row['goal'] or '':10} {met}")

    def write_markdown(self, path, heading):
        """The table as the README carries it."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"[measured {heading}]\n\n| what | median | min to max | goal | met |\n"
                       "|---|---|---|---|---|\n")
            for row in self.rows:
                name = row["row"].replace("|", "\\|")
                if row["median"] is None:
                    file.write(f"| {name} | not measured | | | |\n")
                    continue
                met = {True: "yes", False: "no", None: ""}[row["met"]]
                file.write(f"| {name} | {row['median']:.4g} {row['unit']} | {row['min']:.4g} to "
                           f"{row['max']:.4g} | {row['goal'] or ''} | {met} |\n")
            for title, heading, rows in self.tables:
                file.write(f"\n{title}:\n\n| {' | '.join(heading)} |\n|{'---|' * len(heading)}\n")
                file.writelines(f"| {' | '.join(row)} |\n" for row in rows)

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.rows, file, indent=1)
            file.write("\n")


class Cores:
    """The measured program has a core of its own, what it talks to another, where there are two."""

    def __init__(self):
        self.allowed = sorted(os.sched_getaffinity(0))
        self.measured = self.allowed[-1]
        self.helper = self.allowed[0]

    def pin(self, core):
        return lambda: os.sched_setaffinity(0, {core})


def samples(command, cores, environment=None, stderr=subprocess.DEVNULL, pinned=True, preexec_fn=None):
    """Runs a benchmark program; its "NAME<tab>VALUE" lines as {name: [values]}."""
    done = subprocess.run(command, env=environment or clean_environment(), stderr=stderr,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False,
                          preexec_fn=cores.pin(cores.measured) if pinned else preexec_fn)
    if done.returncode != 0:
        raise Failed(f"{os.path.basename(command[0])} ended with {done.returncode}")
    found = {}
    for line in done.stdout.decode().splitlines():
        name, value = line.split("\t")
        found.setdefault(name, []).append(float(value))
    return found


def seconds(command, environment=None, **options):
    """The time that a command takes, from its start to its end."""
    start = time.perf_counter()
    done = subprocess.run(command, env=environment or clean_environment(),
                          stdin=subprocess.DEVNULL, check=False, **options)
    if done.returncode != 0:
        raise Failed(f"{command[0]} ended with {done.returncode}")
    return time.perf_counter() - start


def in_turns(rounds, contestants):
    """Calls each of {name: function} once per round, each round in another order, so that a
    disturbance meets all; {name: [results]}."""
    results = {name: [] for name in contestants}
    names = list(contestants)
    for turn in range(rounds):
        for name in names[turn % len(names):] + names[:turn % len(names)]:
            results[name].append(contestants[name]())
    return results


def ratios(above, below):
    return [a / b for a, b in zip(above, below)]


def machine():
    model = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    load = os.getloadavg()[0]
    return (f"{model}, {len(os.sched_getaffinity(0))} processors, Linux {platform.release()}, "
            f"glibc {platform.libc_ver()[1]}, load {load:.1f}, {time.strftime('%Y-%m-%d %H:%M')}")


def say(text):
    print(f"==> {text}", flush=True)
    sys.stdout.flush()
