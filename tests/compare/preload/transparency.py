#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs every case of the probe without and with the shim and compares.

    transparency.py [CASE...]

stdout, stderr (a pipe of its own) and the exit status must be the same. What was captured must be
the lines that arrived on stderr, or what EXPECTED says where the case has other descriptors behind
stderr. Each case runs twice with the shim: where our descriptor stands at the soft limit, and where
it has to be a high number.
"""
import os
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lib"))
import harness  # noqa: E402
import recording  # noqa: E402
from harness import as_lines  # noqa: E402

PROBE = harness.program("probe")

MODES = {"edge": (1024, 4096), "high": (17000, 17000)}

NULL_LINES = ["before", "good, too", "after"]

# Messages in their order; None: not looked at.
EXPECTED = {
    "raised-outside-vfork": ["before", "after"],
    "raised-outside-full": None,
    "handed-out": ["before"],
    "closefrom": ["after 4", "after 3"],
    "daemon": ["before", "and a tail"],
    "reopen": ["end"],
    "sockets": ["send", "sendto", "one two", "one two", "one two"],
    "bad-pointers-null": None,
    "full-pipe": ["x" * 99] * 655 + ["x" * 36 + "x" * 99] + ["x" * 99] * 39 + [None],
    "interrupted": None,
    "fork-pending": ["child", "child's tail", "parent"],
    "fork-chain": None,
    "vfork-pending": ["parent", "still stderr"],
    "vfork-exec": ["from the shell", "parent"],
    "spawn": ["err", "parent", "err"],
    "clones": ["own memory", "parent", "shared memory", "shared files", "end"],
    "raw-clones": ["raw child", "parent", "raw fork", "end"],
    "seccomp-asked": ["child", "parent"],
    "vfork-limits": ["before", "after"],
    "execs": None,
    "end-threads": ["returned", "left", "thread and its key", "main line"],
    "end-others": ["a line", "ender's tail", "main's tail", "waiter's tail"],
    "end-others-now": ["a line", "ender's tail", "main's tail", "waiter's tail"],
    "pieces": None,
    "handlers": None,
    "any-bytes": None,
    "foreign-null": ["a copy", "by its name", "a copy of that", "pointed at another opening",
                     "still a copy"],
    "redirected": [*(f"redirected {i}" for i in range(7)), "reopened", "by the FILE",
                   "by the FILE: Success", "by another FILE", "end"],
    "first-file": [],
    "first-file-inside": [],
    "memory-null": None,
    "random": None,
}

# Cases whose stderr is another with each run: two threads in turns.
MIXED = {"pieces"}

# What only one of the modes promises.
ONLY = {"run-out": "edge"}

# Raw closes take the descriptor: what is logged afterwards is lost, and nobody else gets it.
UNSEEN = {"take-away"}


# An unoptimised build has larger frames; what is promised is promised of the release build.
STACK_LIMIT = int(os.environ.get("LOGTAP_TEST_STACK", "1024"))


def possible(mode):
    """The limits nearest to a mode's that this process may have (root, too, may be without
    CAP_SYS_RESOURCE); None where they would be another mode's."""
    soft, hard = mode
    hard = min(hard, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    if soft == mode[1]:
        return hard, hard
    return (soft, hard) if soft < hard else None


def run(argv, limits):
    return harness.run(argv, stdin=subprocess.DEVNULL,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limits))


def without_prefix(line):
    return line[3:] if len(line) > 2 and line[:1] + line[2:3] == b"<>" and line[1:2] in b"01234567" \
        else line


def special(case, got, stderr):
    """The cases whose captured lines are not simply those of stderr; a problem or None."""
    if case == "bad-pointers-null":
        # a huge write to the null device holds 4096 readable newlines, then nothing more
        texts = [m for m in got if m]
        return None if texts == [b"before", b"good", b"good, too", b"after"] or \
            texts == [t.encode() for t in NULL_LINES] else f"captured {texts!r}"
    if case == "memory-null":
        # what could be read of what the null device accepted
        return None if {b"in front", b"xxxxxxxxx"} <= set(got) and \
            not b"".join(m for m in got if m != b"in front").strip(b"x") else f"captured {got!r}"
    if case == "raised-outside-full":
        # who may raise the hard limit still has a number for the descriptor
        return None if got in ([b"before"], as_lines(stderr)) else f"captured {got!r}"
    if case == "interrupted":
        return None if set(got) == {b""} else f"captured {set(got)!r}"
    if case == "fork-chain":
        # what a child inherits of its parent's line is not the child's
        want = sorted([b"ad", b"b", b"cd", b"b", b"cd", b"b", b"cd"])
        return None if sorted(got) == want else f"captured {got!r}"
    if case == "execs":
        forms = ["execve", "execv", "execvp", "execvpe", "fexecve", "execveat", "execl", "execlp",
                 "execle", "syscall"]
        want = []
        for form in forms:
            want.append(f"before {form}".encode())
            if form != "execle":
                want.append(b"err")
            want.append(b"")
        return None if got == want else f"captured {got!r}"
    if case == "pieces":
        want = sorted([b"first line"] * 100 + [b"other line"] * 100)
        return None if sorted(got) == want else f"captured {sorted(set(got))!r}"
    if case == "handlers":
        return None if b"".join(got) == stderr.replace(b"\n", b"") else f"captured {got!r}"
    want = [without_prefix(line) for line in as_lines(stderr)]
    return None if got == want else f"arrived {want!r}, captured {got!r}"


def compare_lines(case, got, stderr):
    if case in UNSEEN:
        return None
    want = EXPECTED.get(case, "stderr")
    if want is None:
        return special(case, got, stderr)
    if want == "stderr":
        want = as_lines(stderr)
    else:
        want = [w.encode() if isinstance(w, str) else w for w in want]
    if len(want) == len(got) and all(w is None or w == g for w, g in zip(want, got)):
        return None
    return f"expected {want!r}, captured {got!r}"[:900]


def check_stack(plain, shim):
    """At most 1 KiB (STACK_LIMIT) more than libc alone, for each kind of logging."""
    pairs = [(int(a), int(b)) for a, b in zip(plain.split(), shim.split())]
    if len(pairs) != 8:
        return f"measured {pairs}"
    deeper = [b - a for a, b in pairs]
    return None if max(deeper) <= STACK_LIMIT else f"bytes of stack more than without: {deeper}"


def check(case, name, limits, folder):
    path = f"{folder}/{case}-{name}.data"
    plain = run([PROBE, case], limits)
    shim = run([harness.LOGTAP, "record", "-o", path, "--", PROBE, case], limits)
    if case == "stack-depth":
        return check_stack(plain.stdout, shim.stdout)
    for what in ("status", "stdout", "stderr"):
        a, b = getattr(plain, what), getattr(shim, what)
        if a != b and not (what == "stderr" and case in MIXED):
            return f"{what} {a!r} without, {b!r} with the shim"[:900]
    return compare_lines(case, recording.messages(path), shim.stderr)


def main():
    wanted = sys.argv[1:]
    cases = harness.run([PROBE]).stdout.decode().split()
    passed = failed = 0
    modes = {name: possible(mode) for name, mode in MODES.items()}
    for name in (name for name, limits in modes.items() if not limits):
        print(f"SKIPPED {name}: the hard limit of open files is too low for {MODES[name]}")
    with tempfile.TemporaryDirectory(prefix="logtap-probe-") as folder:
        for case in wanted or cases:
            for name, limits in modes.items():
                if not limits or ONLY.get(case, name) != name:
                    continue
                problem = check(case, name, limits, folder)
                if problem:
                    failed += 1
                    print(f"FAILED {case} ({name}): {problem}", flush=True)
                else:
                    passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
