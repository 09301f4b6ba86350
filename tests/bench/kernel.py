#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The kernel's rows, inside the VM: the same programs, with ftrace listening to user_events.

Behind /dev/log stands the benchmark itself: waking a reader in an emulator would be most of what
syslog() costs. Prints samples as the benchmark programs do; bench.py on the host reads them. Everything
takes turns, so that the emulator's moods meet all contestants.
"""
import os
import re
import subprocess
import sys
import time

BUILD = os.environ["LOGTAP_BUILD"]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
TRACING = "/sys/kernel/tracing"
LIBC = "/lib/x86_64-linux-gnu/libc.so.6"
LOOPS = "4000"


def program(name):
    return os.path.join(BUILD, "bench", name)


def put(path, text):
    # Neither "w" (it would clear a list) nor "a" (it seeks): plain O_WRONLY.
    fd = os.open(os.path.join(TRACING, path), os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def hold(*names):
    """Tracepoints that exist, and that ftrace listens to."""
    holder = subprocess.Popen([os.path.join(BUILD, "bin/logtap"), "register", "--quiet", *names])
    for _ in range(100):
        folder = os.path.join(TRACING, "events/user_events")
        found = os.listdir(folder) if os.path.isdir(folder) else []
        if all(any(entry.startswith(name) for entry in found) for name in names):
            break
        time.sleep(0.1)
    else:
        sys.exit("the tracepoints did not appear")
    return holder


def listen(on):
    put("events/user_events/enable", "1" if on else "0")


def run(command, **environment):
    with open("/dev/null", "wb") as null:
        done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE,
                              stderr=null if program("bench-lines") in command else None,
                              stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}")
    return [line.split("\t") for line in done.stdout.decode().splitlines()]


def lines(kind, label, **environment):
    found = run([program("bench-lines"), kind, "--rounds", "3", "--loops", LOOPS], **environment)
    print(f"{label}\t{sorted(float(value) for _, value in found)[1]}", flush=True)


def syslogs(**environment):
    command = [program("bench-listen"), "kernel", program("bench-syslogs"), "--kernel", "--blocks",
               "3", "--turns", "15"]
    found = {}
    for name, value in run(command, **environment):
        found.setdefault(name, []).append(float(value))
    for name, values in found.items():
        print(f"syslog {name}\t{sorted(values)[1]}", flush=True)


def uprobe():
    """On libc's write; whether the kernel took it."""
    symbols = subprocess.run(["readelf", "-Ws", "--dyn-syms", LIBC], stdout=subprocess.PIPE,
                             check=False).stdout.decode()
    found = re.search(r":\s+([0-9a-f]+)\s+\d+\s+FUNC\s+\w+\s+DEFAULT\s+\d+ write@@", symbols)
    if found is None:
        print("no uprobe: readelf shows no write in " + LIBC, file=sys.stderr)
        return False
    try:
        put("uprobe_events", f"p:bench/write {LIBC}:0x{int(found.group(1), 16):x}\n")
        put("events/bench/enable", "1")
        put("events/bench/enable", "0")
    except OSError as error:
        print(f"no uprobe: {error}", file=sys.stderr)
        return False
    return True


def main():
    holder = hold("LogtapBench_L4K1", "logtap")
    library = {"LD_PRELOAD": os.path.join(BUILD, "lib/liblogtap.so")}
    put("buffer_size_kb", "4096")
    # As long a queue as bench-syslogs fills before it reads.
    put("/proc/sys/net/unix/max_dgram_qlen", "1024")
    probed = uprobe()
    for _ in range(ROUNDS):
        listen(True)
        for name, value in run([program("bench-event"), "--kernel", "--rounds", "1", "--loops",
                                LOOPS]):
            print(f"{name}\t{value}", flush=True)
        for kind in ("fprintf", "write"):
            lines(kind, f"{kind} without")
            lines(kind, f"{kind} with", **library)
        syslogs(BENCH_PRELOAD=library["LD_PRELOAD"])
        listen(False)
        if probed:
            put("events/bench/enable", "1")
            lines("write", "write uprobe")
            put("events/bench/enable", "0")
    holder.terminate()


if __name__ == "__main__":
    main()
