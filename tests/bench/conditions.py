# SPDX-License-Identifier: MIT
"""What a line costs in the conditions that programs run in: where their stderr is, and whether the
library's descriptor has a number that no call can reach (soft limit of files below the hard one) or
has to be checked before each event (both the same, and no right to raise them: containers)."""
import contextlib
import ctypes
import os
import pty
import resource
import statistics
import subprocess

from measure import Failed, in_turns, ratios, samples, say

PR_CAPBSET_DROP, CAP_SYS_RESOURCE = 24, 24
LIBC = ctypes.CDLL(None, use_errno=True)


@contextlib.contextmanager
def reader(fd, pin):
    """Somebody who reads what the program writes, on the other processor."""
    with open(fd, "rb", closefd=True) as source:
        child = subprocess.Popen(["cat"], stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 preexec_fn=pin)
    try:
        yield
    finally:
        child.terminate()
        child.wait()


@contextlib.contextmanager
def stderr_at(place, bench):
    pin = bench.cores.pin(bench.cores.helper)
    if place in ("/dev/null", "a file"):
        path = os.devnull if place == "/dev/null" else os.path.join(bench.folder, "stderr")
        with open(path, "wb") as file:
            yield file
        return
    read, write = os.pipe() if place == "a pipe with a reader" else pty.openpty()
    with reader(read, pin), open(write, "wb") as file:
        yield file


def limited(soft, same):
    """For the child: the soft limit of files, and the hard one the same, for good."""
    def set_limits():
        hard = soft if same else resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        if same and LIBC.prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE, 0, 0, 0) != 0 and os.geteuid() == 0:
            raise OSError("cannot give up the right to raise limits")
    return set_limits


PLACES = ("/dev/null", "a file", "a pipe with a reader", "a pseudo-terminal")
LIMITS = {"soft < hard": False, "soft = hard": True}


def turns(bench, kind, place, same, listen):
    """As Bench.turns: medians of each kind of turn relative to bare writes to /dev/null."""
    command = [bench.program("bench-lines"), kind, "--turns", "--loops", "500", "--rounds", "20"]
    command, cores, environment = bench.started(command, listen=listen)
    limit, pin = limited(1024, same), cores.pin(cores.measured)
    with stderr_at(place, bench) as stderr:
        found = samples(command, cores, environment, stderr=stderr, pinned=False,
                        preexec_fn=lambda: (pin(), limit()))
    return {name: statistics.median(ratios(values, found["bare"])) for name, values in found.items()}


def measure(bench):
    if len(bench.cores.allowed) < 2:
        raise Failed("one processor: a pipe's reader would stop its writer")
    rounds = max(3, bench.rounds // 2)
    for kind in ("write", "fprintf"):
        for place in PLACES:
            say(f"a line by {kind}, stderr at {place}")
            contestants = {"without": lambda k=kind, p=place: turns(bench, k, p, False, False)}
            for name, same in LIMITS.items():
                contestants[name] = lambda k=kind, p=place, s=same: turns(bench, k, p, s, True)
            found = in_turns(rounds, contestants)
            bench.table.add(f"{kind} to {place}, without the library", "of bare",
                            [one["quiet"] for one in found["without"]])
            for name in LIMITS:
                bench.table.add(f"{kind} to {place}, {name}, listening: adds", "of bare",
                                [one["listening"] - other["quiet"]
                                 for one, other in zip(found[name], found["without"])])
