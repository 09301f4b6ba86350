#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the instructions of the hot paths with callgrind and compares them with instructions.tsv.

    instructions.py [--write]

A count is the difference of two runs that differ only in how often they do the thing, so start-up
is not in it. Noise can't touch it; another compiler or libc can, so the figures name those that they
are of, and with others this test is skipped. libc chooses its string functions by the processor: here
it is told to take those that every x86-64 has. Fails when a count is more than 5% above its figure, and
says when one has fallen by more, so that the figure follows. --write writes the file anew.
"""
import argparse
import concurrent.futures
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{HERE}/../lib")
import harness  # noqa: E402

FIGURES = os.path.join(HERE, "instructions.tsv")
TOLERANCE = 0.05
FEW, MANY = 1000, 3000

BASELINE = ("glibc.cpu.hwcaps=-AVX2,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM,-BMI2,-LZCNT,-MOVBE,-SSE4_2,"
            "-SSSE3")

EVENT = ["bench-event", "--memory", "--rounds", "1"]
# What is counted: the program's arguments, and with which preload library and sink ("heard":
# user_events, as bench-listen answers for it; "otel": the same, in OpenTelemetry's layout).
# Quiet loops run fifty times as often as they are told (event.c).
PATHS = {
    "event-compile-time": (EVENT + ["--only", "compile-time"], None, 1),
    "event-run-time": (EVENT + ["--only", "run-time"], None, 1),
    "event-quiet-compile-time": (EVENT + ["--only", "quiet-compile-time"], None, 50),
    "event-quiet-run-time": (EVENT + ["--only", "quiet-run-time"], None, 50),
    "shim-write-quiet": (["bench-lines", "write", "--rounds", "1"], "none", 1.1),
    "shim-fprintf-quiet": (["bench-lines", "fprintf", "--rounds", "1"], "none", 1.1),
    "shim-syslog-quiet": (["bench-lines", "syslog", "--rounds", "1"], "none", 1.1),
    "shim-write-recorded": (["bench-lines", "write", "--rounds", "1"], "file", 1.1),
    "shim-fprintf-recorded": (["bench-lines", "fprintf", "--rounds", "1"], "file", 1.1),
    "shim-syslog-recorded": (["bench-lines", "syslog", "--rounds", "1"], "file", 1.1),
}
for kind in ("write", "fprintf", "syslog"):
    PATHS[f"shim-{kind}-heard"] = (["bench-lines", kind, "--rounds", "1"], "heard", 1.1)
for kind in ("write", "syslog"):
    PATHS[f"shim-{kind}-otel"] = (["bench-lines", kind, "--rounds", "1"], "otel", 1.1)
PATHS["decoder-json"] = (["bench-json", "--rounds", "1", "--only", "schemas"], None, 1)
for form in ("log4j", "compiler", "syslog", "json", "sentence", "ras", "logfmt", "access"):
    PATHS["severity-" + form] = (["bench-severity", "--rounds", "1", "--only", "severity-" + form],
                                 None, 1)


def compiler(build):
    """Of the build, as the figures name it: "gcc 12 x86_64, glibc 2.36"."""
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as cache:
        path = re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$", cache.read(), re.M).group(1)
    said = subprocess.run([path, "--version"], stdout=subprocess.PIPE, check=True).stdout.decode()
    name = "clang" if "clang" in said else "gcc"
    version = re.search(r"\b(\d+)\.\d+\.\d+", said)
    return (f"{name} {version.group(1) if version else '?'} {os.uname().machine}, "
            f"{' '.join(platform.libc_ver())}")


def limit_files():
    """What programs are started with on Debian: where the library's descriptor goes depends on it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    hard = 4096 if hard == resource.RLIM_INFINITY else min(4096, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))


def count_once(build, arguments, sink, loops, baseline):
    """In a place whose name is always as long: the names of a program and of its files lie on its
    stack, and how far it is from there to the end of a page makes a difference to libc."""
    with tempfile.TemporaryDirectory(prefix="logtap-", dir="/tmp") as folder:
        place = os.path.join(folder, "build")
        os.symlink(build, place)
        # The launcher resolves links: the library is a copy.
        library = shutil.copy(os.path.join(build, "lib/liblogtap.so"), folder)
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
        if baseline:
            environment["GLIBC_TUNABLES"] = BASELINE
        out = os.path.join(folder, "callgrind")
        command = [shutil.which("valgrind"), "--tool=callgrind",
                   f"--callgrind-out-file={out}.%p", "--trace-children=yes"]
        if sink == "none":
            environment.update(LD_PRELOAD=library, LOGTAP_SINK="none")
        elif sink == "file":
            environment["LOGTAP_LIBRARY"] = library
            command += [os.path.join(place, "bin/logtap"), "record", "-o",
                        os.path.join(folder, "x.data"), "--"]
        elif sink in ("heard", "otel"):
            environment["BENCH_PRELOAD"] = library
            if sink == "otel":
                environment["LOGTAP_LAYOUT"] = "otel"
            command = [os.path.join(place, "bench/bench-listen"), "9"] + command
        command += [os.path.join(place, "bench", arguments[0])] + arguments[1:]
        command += ["--loops", str(loops)]
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, cwd="/",
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              preexec_fn=limit_files, check=False)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}")
        # exec keeps the pid: the last file is the program's.
        counts = []
        for name in sorted(os.listdir(folder)):
            if name.startswith("callgrind"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    found = re.search(r"^(?:summary|totals): (\d+)", file.read(), re.M)
                counts.append(int(found.group(1)) if found else 0)
        return max(counts)


def per_operation(build, arguments, sink, factor, baseline):
    few, many = (count_once(build, arguments, sink, loops, baseline) for loops in (FEW, MANY))
    return (many - few) / ((MANY - FEW) * factor)


def measure(build, name, baseline=False):
    """Of the preload library: what it adds to the program. baseline: not with what libc has for this
    processor.

    What libc's syslog() itself takes depends on the digits of the time of day: the program alone is
    counted before and behind, until nothing changed meanwhile."""
    arguments, sink, factor = PATHS[name]
    if not sink:
        return per_operation(build, arguments, sink, factor, baseline)
    alone = per_operation(build, arguments, None, factor, baseline)
    for _ in range(10):
        before = alone
        count = per_operation(build, arguments, sink, factor, baseline)
        alone = per_operation(build, arguments, None, factor, baseline)
        if abs(alone - before) < 1:
            break
    return count - alone


def paths(build):
    """Those that can be counted here: a container may forbid what bench-listen does."""
    tried = subprocess.run([os.path.join(build, "bench/bench-listen"), "9",
                            os.path.join(build, "bench/bench-lines"), "write", "--rounds", "1",
                            "--loops", "10"],
                           env={"BENCH_PRELOAD": os.path.join(build, "lib/liblogtap.so")},
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False)
    if tried.returncode == 0:
        return list(PATHS)
    print("SKIPPED: shim-...-heard: bench-listen can't trace a program here")
    return [name for name, (_, sink, _) in PATHS.items() if sink not in ("heard", "otel")]


def figures():
    with open(FIGURES, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file]
    made_with = next(line for line in lines if line.startswith("# compiler: "))[12:]
    rows = dict(line.split("\t") for line in lines if line and not line.startswith("#"))
    return made_with, {name: float(value) for name, value in rows.items()}


def write(made_with, counts):
    with open(FIGURES, "w", encoding="utf-8") as file:
        file.write("# Instructions per operation, counted by callgrind in user space: an event of\n"
                   "# 146 bytes into memory; what the preload library adds to a line of 80; the\n"
                   "# severity of a line of 200. libc's functions are those of every x86-64.\n"
                   "# Written by instructions.py --write.\n"
                   f"# compiler: {made_with}\n")
        for name, count in counts.items():
            file.write(f"{name}\t{round(count, 1) + 0.0:.1f}\n")


def slack(name, was):
    """How much a count may differ. What syslog() adds is what we do less what libc is spared, and so
    smaller than either, or below zero; libc's part of it varies by 20 with the place of its stack."""
    least = 40 if name in ("shim-syslog-recorded", "shim-syslog-heard") else 0.5
    return max(abs(was) * TOLERANCE, least)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    build = harness.BUILD
    harness.need("valgrind")
    made_with = compiler(build)
    expected = {}
    if not options.write:
        wanted, expected = figures()
        if wanted != made_with:
            harness.skip(f"the figures are of {wanted}, this build is of {made_with}")
    names = paths(build)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        counts = dict(zip(names, pool.map(lambda name: measure(build, name, True), names)))
    if options.write:
        write(made_with, counts)
    failed = 0
    for name, count in counts.items():
        was = expected.get(name)
        remark = ""
        if was is None and not options.write:
            remark, failed = "FAILED: no figure in instructions.tsv", 1
        elif was is not None and count > was + slack(name, was):
            remark, failed = f"FAILED: {was:.1f} in instructions.tsv", 1
        elif was is not None and count < was - slack(name, was):
            remark = f"less than {was:.1f} in instructions.tsv: write it anew (--write)"
        print(f"{name:26} {count:9.1f}  {remark}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
