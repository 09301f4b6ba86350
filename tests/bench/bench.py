#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures logtap and compares it with its goals and with what people use instead.

    bench.py [--quick] [--json FILE] [--only PART...] [--no-kernel]

It fails nothing: it reports. A row that can't be measured on this machine is said aloud. Started by
scripts/bench.sh with LOGTAP_BUILD, in a mount namespace of its own: /dev/log and journald's socket are stand-ins that
read and drop.
"""
import argparse
import contextlib
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{HERE}/../lib")
import conditions  # noqa: E402
import growth  # noqa: E402
import measure  # noqa: E402
import starting  # noqa: E402
from harness import BUILD, LIBRARY, LOGTAP, SOURCE, clean_environment  # noqa: E402
from measure import Cores, Failed, Table, in_turns, ratios, samples, say, seconds  # noqa: E402


class Bench:
    def __init__(self, quick, folder):
        self.quick, self.folder = quick, folder
        self.rounds = 7 if quick else 15
        self.loops = 20000
        self.cores = Cores()
        self.table = Table()

    def program(self, name):
        return os.path.join(BUILD, "bench", name)

    def started(self, command, preload=None, listen=False, **variables):
        """A command with the library, and below bench-listen, as asked for; for samples()."""
        environment = clean_environment(**variables)
        if listen:
            command = [self.program("bench-listen"), "9"] + command
            environment["BENCH_PRELOAD"] = LIBRARY
        elif preload:
            environment["LD_PRELOAD"] = preload
        return command, self.cores, environment

    def turns(self, kind, listen, **variables):
        """One process that measures by turns: each kind of turn relative to the bare writes."""
        command = [self.program("bench-lines"), kind, "--turns", "--loops", "2000", "--rounds",
                   "20" if self.quick else "60"]
        found = samples(*self.started(command, listen=listen, **variables))
        return {name: statistics.median(ratios(values, found["bare"]))
                for name, values in found.items()}

    def event(self):
        say("events of 146 bytes to /dev/null")
        found = samples([self.program("bench-event"), "--rounds", str(3 * self.rounds), "--loops",
                         str(self.loops)], self.cores)
        add = self.table.add
        add("bare write of an event", "ns", found["bare"])
        add("compile-time event, enabled, /dev/null", "of bare",
            ratios(found["compile-time"], found["bare"]), 1.03)
        add("run-time event, enabled, /dev/null", "of bare",
            ratios(found["run-time"], found["bare"]), 1.06)
        for api in ("compile-time", "run-time"):
            more = [a - b for a, b in zip(found["quiet-" + api], found["quiet-loop"])]
            add(f"{api} event, nobody listens", "ns more", more, 1)

    def instructions(self):
        say("instructions of an event, in user space (callgrind)")
        if shutil.which("valgrind") is None:
            for api in ("compile-time", "run-time"):
                self.table.skip(f"{api} event, user space", "instructions", "no valgrind")
            return
        import instructions  # pylint: disable=import-outside-toplevel
        for api, goal in (("compile-time", 65), ("run-time", 300)):
            count = instructions.measure(BUILD, "event-" + api)
            self.table.add(f"{api} event, user space", "instructions", [count], goal)

    def syslog(self):
        say("syslog() with and without the preload library, with and without a listener")
        rows = ["syslog, nobody listens", "syslog, listening: adds",
                "syslog: what a bare write behind it adds"]
        if not os.environ.get("BENCH_SOCKETS"):
            for row in rows:
                self.table.skip(row, "of bare", "no right to make a /dev/log of our own")
            return
        rounds = [self.syslogs() for _ in range(self.rounds)]
        self.table.add(rows[0], "of without", [r["quiet"] / r["plain"] for r in rounds], 1.02)
        for row, name, goal in ((rows[1], "heard", 1.50), (rows[2], "floor", None)):
            self.table.add(row, "of bare",
                           [(r[name] - r["plain"]) / r["bare"] for r in rounds], goal)

    def syslogs(self):
        """One process of bench-syslogs; nanoseconds by contestant."""
        found = samples([self.program("bench-listen"), "9", self.program("bench-syslogs"),
                         "--blocks", "3"], self.cores, clean_environment(BENCH_PRELOAD=LIBRARY))
        return {name: sorted(values)[1] for name, values in found.items()}

    def listening(self):
        say("lines with and without the preload library, with and without a listener")
        for kind in ("fprintf", "write"):
            found = in_turns(self.rounds, {
                "without": lambda k=kind: self.turns(k, False),
                "with": lambda k=kind: self.turns(k, True),
            })
            pairs = list(zip(found["with"], found["without"]))
            self.table.add(f"{kind}, nobody listens", "of without",
                           [w["quiet"] / o["quiet"] for w, o in pairs], 1.02)
            self.table.add(f"{kind}, listening: adds", "of bare",
                           [w["listening"] - o["quiet"] for w, o in pairs], 1.30)
            self.table.add(f"{kind}: what a bare write behind it adds", "of bare",
                           [o["floor"] - o["quiet"] for _, o in pairs])

    def otel(self):
        say("lines that somebody listens to, in each layout")
        layouts = ("logtap", "otel", "otel,notime")
        for kind in ("fprintf", "write"):
            found = in_turns(self.rounds, {
                "without": lambda k=kind: self.turns(k, False),
                **{layout: lambda k=kind, l=layout: self.turns(k, True, LOGTAP_LAYOUT=l) for layout in layouts},
            })
            for layout in layouts:
                pairs = list(zip(found[layout], found["without"]))
                self.table.add(f"{kind}, listening, LOGTAP_LAYOUT={layout}: adds", "of bare",
                               [w["listening"] - o["quiet"] for w, o in pairs])

    def conditions(self):
        conditions.measure(self)

    def starting(self):
        starting.measure(self)

    def growth(self):
        growth.measure(self)

    # What the rows of 8 threads are: the kind of bench-lines, whether the library listens, whether
    # the threads have descriptor tables of their own, and the goal.
    THREADS = {
        "8 threads, listening, a descriptor table each": ("write", True, True, 0.9),
        "the same without the library": ("write", False, True, None),
        "8 threads, listening, one descriptor table": ("write", True, False, None),
        "the same without the library, a bare write to one file behind each line":
            ("write-bare", False, False, None),
        "the lines alone without the library, one descriptor table":
            ("write", False, False, None),
    }

    def threads(self):
        count = len(self.cores.allowed)
        linear = min(8, count)
        say(f"8 threads logging at once on {count} processors, each to a /dev/null of its own")
        found = in_turns(self.rounds, {
            (row, threads): lambda o=options, t=threads: self.threaded(t, *o[:3])
            for row, options in self.THREADS.items() for threads in (1, 8)
        })
        for row, (kind, listen, _, goal) in self.THREADS.items():
            pairs = list(zip(found[row, 1], found[row, 8]))
            self.table.add(row, "of linear", [one[kind] / eight[kind] / linear
                                              for one, eight in pairs], goal, at_least=True)
            if listen:
                self.table.add(f"{row}: processor time of a line", "of one's",
                               [eight["processor"] / one["processor"] for one, eight in pairs])

    def threaded(self, threads, kind, listen, apart):
        command = [self.program("bench-lines"), kind, "--rounds", "3", "--loops",
                   str(self.loops * 2), "--threads", str(threads)] + ["--apart"] * apart
        found = samples(*self.started(command, listen=listen), pinned=False)
        return {name: sorted(values)[1] for name, values in found.items()}

    def memory(self):
        say("memory")
        found = samples([self.program("bench-listen"), "9", self.program("bench-lines"), "memory"],
                        self.cores, clean_environment(BENCH_PRELOAD=LIBRARY))
        self.table.add("private dirty memory of the library", "KiB", found["dirty"], 64)
        self.table.add("allocated by 30,000 lines", "bytes", found["allocated"], 0)
        said = subprocess.run(["readelf", "-lW", LIBRARY], stdout=subprocess.PIPE, check=True)
        size = re.search(r"^\s*TLS\s+\S+\s+\S+\s+\S+\s+\S+\s+0x([0-9a-f]+)", said.stdout.decode(),
                         re.M)
        self.table.add("thread-local storage", "bytes", [int(size.group(1), 16) if size else 0],
                       512)

    def start(self):
        say("starting /bin/true")
        count = 40 if self.quick else 100

        def many(preload):
            def run():
                for _ in range(count):
                    child = os.posix_spawn("/bin/true", ["true"],
                                           clean_environment(LD_PRELOAD=preload))
                    os.waitpid(child, 0)
            return lambda: seconds_of(run) / count
        own = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {self.cores.measured})
        try:
            found = in_turns(self.rounds, {
                "with": many(LIBRARY),
                "empty": many(self.program("bench-empty.so")),
            })
        finally:
            os.sched_setaffinity(0, own)
        self.table.add("/bin/true with the library", "of an empty one",
                       ratios(found["with"], found["empty"]), 1.15)

    def view(self):
        say("logtap view --output=json")
        path = os.path.join(self.folder, "view.json")
        done = subprocess.run([sys.executable, os.path.join(HERE, "view.py"),
                               "--json", path, "--events",
                               "300000" if self.quick else "1000000", "--rounds",
                               "3" if self.quick else "7"], stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise Failed(f"view.py ended with {done.returncode}")
        with open(path, encoding="utf-8") as file:
            figures = json.load(file)
        add = self.table.add
        for name, form in (("perf", "perf.data"), ("dat", ".dat")):
            for key, unit, scale, goal in (("mb_per", "MB/s", 1, 500),
                                           ("events_per", "M events/s", 1e6, 3)):
                if name == "dat" and key == "events_per":
                    goal = None
                add(f"view, {form} to JSON, by the clock", unit,
                    [figures[name][key + "_s"] / scale], goal, True)
                if name == "dat" or key == "events_per":
                    add(f"view, {form} to JSON, processor time", unit,
                        [figures[name][key + "_cpu_s"] / scale])
        for name, row, goal in (("mixed", "view, many kinds of fields to JSON", 500),
                                ("perf", "view, perf.data to JSON", 1500),
                                ("own", "view, a recording of logtap's to JSON", 1500),
                                ("grep", "view --grep, a word", 2000), ("since", "view --since, near the end of a recording", None)):
            add(f"{row}, processor time", "MB/s", [figures[name]["mb_per_cpu_s"]], goal, True)
        add("view, until the first line", "ms", [1000 * figures["first_line"]], 100)
        add("view, peak memory", "KiB", [figures["perf"]["peak_kib"]])

    def severity(self):
        say("the severity of a line of 200 bytes")
        found = samples([self.program("bench-severity"), "--rounds", str(self.rounds)], self.cores)
        for name, values in sorted(found.items()):
            self.table.add(f"severity, {name.split('-')[1]} line", "ns", values)
        forms = [statistics.median(values) for values in found.values()]
        self.table.add("severity, the forms' median", "ns", forms, 100)

    def instead(self):
        count = 100000
        say(f"a whole program of {count:,} lines, and what people use instead")
        lines = [self.program("bench-lines"), "fprintf", "--rounds", "1", "--loops",
                 str(count * 10 // 11)]
        shell = " ".join(lines)
        out = os.path.join(self.folder, "out")
        quiet = {"stdout": subprocess.DEVNULL}

        def piped(command):
            return lambda: seconds(["sh", "-c", command], **quiet)

        def direct(command, to=out, **environment):
            def run():
                with open(to, "wb") as file:
                    return seconds(command, clean_environment(**environment), stderr=file, **quiet)
            return run
        listening = [self.program("bench-listen"), "9"] + lines
        record = [LOGTAP, "record", "-o", out + ".data", "--"] + lines
        contestants = {
            # As below, the collector alone gets the lines ...
            "logtap, 2>/dev/null": direct(listening, os.devnull, BENCH_PRELOAD=LIBRARY),
            "logtap record, 2>/dev/null": direct(record, os.devnull),
            "the program alone, 2>/dev/null": direct(lines, os.devnull),
            # ... or the program's own file, too.
            "logtap, 2>file": direct(listening, BENCH_PRELOAD=LIBRARY),
            "logtap record, 2>file": direct(record),
            "the program alone, 2>file": direct(lines),
            "2>&1 | cat > file": piped(f"{shell} 2>&1 | cat > {out}"),
            "strace -e write": piped(f"strace -f -e trace=write -o {out} {shell} 2>/dev/null"),
            "2>&1 | logger": piped(f"{shell} 2>&1 | logger"),
            "systemd-cat": piped(f"systemd-cat {shell}"),
        }
        needs = {"strace -e write": ("strace", None), "2>&1 | logger": ("logger", "/dev/log"),
                 "systemd-cat": ("systemd-cat", "/run/systemd/journal/stdout")}
        for name, (tool, path) in needs.items():
            if shutil.which(tool) is None or (path and not os.path.exists(path)):
                del contestants[name]
                self.table.skip(f"{name}", "of logtap", f"no {tool}" if shutil.which(tool) is None
                                else f"no {path}, and no right to make one")
        found = in_turns(max(3, self.rounds // 3), contestants)
        for name, values in found.items():
            self.table.add(f"{count:,} lines: {name}", "s", values)
        for name in found:
            if not name.startswith(("logtap", "the program")):
                self.table.add(f"{name}, of logtap 2>/dev/null", "times as long",
                               ratios(found[name], found["logtap, 2>/dev/null"]), 1,
                               at_least=True)

    def kernel(self):
        rows = ["compile-time event, ftrace", "run-time event, ftrace", "fprintf, ftrace: adds",
                "write, ftrace: adds", "syslog, ftrace: adds",
                "syslog, ftrace: what a bare write behind it adds", "uprobe on write, of logtap"]
        say("the kernel's rows, in the VM (an emulator: its ratios are not a processor's)")
        script = os.path.join(HERE, "kernel.py")
        done = subprocess.run([os.path.join(SOURCE, "scripts/vm/run.sh"), "--timeout", "900",
                               "--env", f"BENCH_ROUNDS={7 if self.quick else 15}", script],
                              env={**os.environ, "LOGTAP_BUILD": BUILD},
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        found = {}
        for line in done.stdout.decode(errors="replace").splitlines():
            fields = line.split("\t")
            if len(fields) == 2:
                found.setdefault(fields[0], []).append(float(fields[1]))
        if done.returncode != 0 or not found:
            reason = done.stderr.decode(errors="replace").strip().splitlines() or ["no output"]
            for row in rows:
                self.table.skip(row, "of bare", f"the VM: {reason[-1]}")
            return
        add = self.table.add
        add("bare write of an event, ftrace", "ns", found["bare"])
        add(rows[0], "of bare", ratios(found["compile-time"], found["bare"]), 1.03)
        add(rows[1], "of bare", ratios(found["run-time"], found["bare"]), 1.06)
        for row, above, below, bare, goal in (
                (rows[2], "fprintf with", "fprintf without", "bare", 1.30),
                (rows[3], "write with", "write without", "bare", 1.30),
                (rows[4], "syslog heard", "syslog plain", "syslog bare", 1.50),
                (rows[5], "syslog floor", "syslog plain", "syslog bare", None)):
            add(row, "of bare", [(a - b) / c for a, b, c in zip(
                found[above], found[below], found[bare])], goal)
        if "write uprobe" in found:
            add(rows[6], "times as long", [
                (a - b) / (c - b) for a, b, c in zip(found["write uprobe"], found["write without"],
                                                     found["write with"])], 1, at_least=True)
        else:
            self.table.skip(rows[6], "times as long", "the guest's kernel refused the uprobe")


def seconds_of(function):
    import time  # pylint: disable=import-outside-toplevel
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


PARTS = ["event", "instructions", "syslog", "listening", "otel", "conditions", "threads", "memory", "start",
         "starting", "growth", "severity", "view", "instead", "kernel"]


SOCKETS = {"datagram": "/dev/log", "stream": "/run/systemd/journal/stdout"}
# Who needs them, and how. One that never sleeps takes its processor from whatever else runs: whole
# programs were stopped for seconds by it.
NEEDS_SOCKETS = {"syslog": ["spin"], "instead": []}


@contextlib.contextmanager
def sockets(bench, part):
    """Stand-ins behind /dev/log and journald's stdout, where bench.sh made room for them."""
    children = []
    for kind, path in SOCKETS.items():
        if part not in NEEDS_SOCKETS or not os.environ.get("BENCH_SOCKETS"):
            continue
        child = subprocess.Popen([bench.program("bench-drain"), kind, path,
                                  *NEEDS_SOCKETS[part]],
                                 stdout=subprocess.PIPE,
                                 preexec_fn=bench.cores.pin(bench.cores.helper))
        child.stdout.readline()
        children.append((child, path))
    try:
        yield
    finally:
        for child, path in children:
            child.terminate()
            child.wait()
            os.unlink(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--only", nargs="+", choices=PARTS)
    parser.add_argument("--no-kernel", action="store_true")
    options = parser.parse_args()
    # What programs are started with on Debian; the library's descriptor then needs no guard.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.quick, folder)
        machine = measure.machine()
        print(machine, flush=True)
        for part in options.only or PARTS:
            if part == "kernel" and options.no_kernel:
                continue
            try:
                with sockets(bench, part):
                    getattr(bench, part)()
            except Failed as failure:
                bench.table.skip(part, "", str(failure))
    bench.table.print()
    if options.json:
        bench.table.write(options.json)
        bench.table.write_markdown(os.path.splitext(options.json)[0] + ".md", machine)


if __name__ == "__main__":
    main()
