#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random syslog calls (syslog_calls.c) without and with the shim, beside a /dev/log of their own.

    syslog_calls.py [--seconds N] [--seed N] [--calls N] [--user]

What arrives at /dev/log and on stderr, what the calls leave in errno and in their arguments, and the
status must be the same; and the events must be what arrived: level, facility, ident and message, byte
for byte. Prints the seed it begins with; a difference names the seed of its batch, with which --seed
and --seconds 0 show it again. As root it goes on as nobody for half of the time; --user: only as
that. Exit 0: no difference; 1: one; 77: no /dev of our own can be made here.
LOGTAP_BUILD names the build folder (default build/).
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
import dev_log  # noqa: E402
import world  # noqa: E402
from harness import BUILD, LIBRARY, LOGTAP, SKIPPED  # noqa: E402

NOBODY = 65534
LOCALES = ("C", "C.UTF-8")
MARK = re.compile(rb"#\d+")
PID = re.compile(rb"\[\d+\]")

# name: settings, and whether the syslog events must be all that arrived
MODES = {
    "recorded": ({}, True),
    "stderr": ({"LOGTAP_CAPTURE": "stderr"}, False),
    "level": ({"LOGTAP_LEVEL": "warning"}, False),
    "quiet": ({"LOGTAP_SINK": "none"}, False),
}


def groups(datagrams):
    """[(number of the call, its datagrams without time and pid)]"""
    found, group = [], []
    for datagram in datagrams:
        if MARK.fullmatch(datagram):
            found.append((int(datagram[1:]), group))
            group = []
        else:
            group.append(dev_log.split(datagram)[0])
    assert not group, group
    return found


def differences(plain, shim):
    """What differs between two runs of the same calls."""
    for what, a, b in zip(("status", "stdout"), plain, shim):
        if a != b:
            yield f"{what}: {dev_log.first_difference(a, b)}"
    a, b = (PID.sub(b"[pid]", side[2]) for side in (plain, shim))
    if a != b:
        yield f"stderr: {dev_log.first_difference(a, b)}"
    said = plain[1].split(b"\n")
    for (number, a), (other, b) in zip(groups(plain[3]), groups(shim[3])):
        if (number, a) != (other, b):
            call = [line for line in said if line.startswith(b"%d " % number)]
            yield f"datagram: {dev_log.first_difference(a, b)}\n    of {call}"
            return
    if len(plain[3]) != len(shim[3]):
        yield f"{len(plain[3])} datagrams without, {len(shim[3])} with the shim"


def event_differences(path, datagrams):
    want = [dev_log.fields(d) for d in datagrams if not MARK.fullmatch(d)]
    got = [event for event in dev_log.captured(path) if not MARK.fullmatch(event[3])]
    if want != got:
        yield f"events: {dev_log.first_difference(want, got)} (without: arrived)"


class Batch:
    def __init__(self, log, folder, calls):
        self.log, self.folder, self.calls = log, folder, calls

    def run(self, seed):
        """Problems of one batch; its calls run once without, and once in each mode."""
        argv = [f"{BUILD}/fuzz/syslog-calls", str(seed), str(self.calls), LOCALES[seed % 2]]
        plain = self.log.run(argv)
        if plain[0] != 0:
            return [f"the calls alone end with {plain[0]}"]
        problems = []
        for mode, (settings, events) in MODES.items():
            path = f"{self.folder}/{mode}.data"
            launcher = [LOGTAP, "record", "-o", path, "--"]
            if mode == "quiet":
                launcher = ["env", f"LD_PRELOAD={LIBRARY}"]
            shim = self.log.run(launcher + argv, **settings)
            found = list(differences(plain, shim))
            if events:
                found += event_differences(path, shim[3])
            problems += [f"{mode}: {problem}" for problem in found]
            if os.path.exists(path):
                os.unlink(path)
        return problems


def fuzz(options, log, folder, who):
    """Batches until the time is over or one differs; 0 or 1."""
    end = time.monotonic() + options.seconds
    seed, count = options.seed, 0
    if who != "root" and os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    os.chdir("/")
    batch = Batch(log, folder, options.calls)
    while count == 0 or time.monotonic() < end:
        problems = batch.run(seed)
        count += 1
        for problem in problems:
            print(f"FINDING as {who}: seed {seed}, {options.calls} calls: {problem}", flush=True)
        if problems:
            return 1
        seed += 1
    used = sum(os.times()[:4])
    print(f"as {who}: seeds {options.seed} to {seed - 1}, {options.calls} calls each,"
          f" {used:.0f} s of the processor, no difference", flush=True)
    return 0


def in_world(options, who):
    """fuzz() in a child that has a /dev of its own and perhaps other rights."""
    sys.stdout.flush()
    folder = tempfile.mkdtemp(prefix="logtap-syslog-calls-", dir="/tmp")
    child = os.fork()
    if child == 0:
        try:
            try:
                world.enter_own_dev(user_namespace=os.geteuid() != 0)
            except OSError as error:
                print(f"SKIPPED as {who}: no /dev of our own: {error}", flush=True)
                os._exit(SKIPPED)
            log = dev_log.DevLog()
            log.__enter__()
            os._exit(fuzz(options, log, folder, who))
        except BaseException as error:  # noqa: B902
            print(f"FINDING as {who}: {error!r}", flush=True)
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    shutil.rmtree(folder, ignore_errors=True)
    return status


def readable():
    """Whether nobody can run what lies there."""
    return subprocess.run(["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
                           "test", "-r", LIBRARY], check=False).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1000000 * 1000)
    parser.add_argument("--calls", type=int, default=700)
    parser.add_argument("--user", action="store_true")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    if os.geteuid() != 0:
        return in_world(options, "user")
    if not readable():
        print(f"SKIPPED as nobody: {BUILD} can't be read by that user", flush=True)
        return SKIPPED if options.user else in_world(options, "root")
    if options.user:
        return in_world(options, "nobody")
    options.seconds /= 2
    return in_world(options, "root") or in_world(options, "nobody")


if __name__ == "__main__":
    sys.exit(main())
