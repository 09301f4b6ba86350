# SPDX-License-Identifier: MIT
"""What it costs to start programs under `logtap record`: processor time, the children's included,
beside the same without it and with a preload library that does nothing."""
import os
import resource
import subprocess

from harness import LIBRARY, LOGTAP, clean_environment
from measure import in_turns, ratios, say

LOOP = "i=0; while [ $i -lt {0} ]; do {1}; i=$((i+1)); done"
EXECS = "n=$1; [ $n -eq 0 ] && exit; exec sh \"$0\" $((n-1))"

# What a row is called: the command, and the goal.
ROWS = {
    "300 times exec": (["sh", "{execs}", "300"], 1.10),
    "1,000 forks that say nothing": (["sh", "-c", LOOP.format(1000, "( : )")], 1.10),
    "200 times ls": (["sh", "-c", LOOP.format(200, "ls / >/dev/null")], 1.08),
    "perl, 50,000 lines": (["perl", "-e", "print STDERR \"line $_ of some text\\n\" for 1..50000"], 1.3),
}


def processor_time(command, environment):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def contestants(bench, command):
    recording = os.path.join(bench.folder, "starting.data")
    clean = clean_environment()
    empty = clean_environment(LD_PRELOAD=bench.program("bench-empty.so"))
    recorded = [LOGTAP, "record", "-q", "-o", recording, "--", *command]
    return {"without": lambda: processor_time(command, clean),
            "empty": lambda: processor_time(command, empty),
            "record": lambda: processor_time(recorded, clean)}


def measure(bench):
    assert os.path.exists(LIBRARY)
    execs = os.path.join(bench.folder, "execs.sh")
    with open(execs, "w", encoding="utf-8") as file:
        file.write(EXECS + "\n")
    for row, (words, goal) in ROWS.items():
        say(f"{row}, with and without logtap record")
        command = [word.format(execs=execs) if word == "{execs}" else word for word in words]
        found = in_turns(bench.rounds, contestants(bench, command))
        bench.table.add(f"{row}, under logtap record", "of without", ratios(found["record"], found["without"]), goal)
        bench.table.add(f"{row}, with an empty library", "of without", ratios(found["empty"], found["without"]))
