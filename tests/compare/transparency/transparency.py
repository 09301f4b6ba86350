#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Programs under hard conditions, without and with the shim: they notice nothing, and nothing they
say is lost. Companions in the preload list, confinement, limits, threads, signals, start-up.

    transparency.py [SCENARIO...]

Each scenario runs twice; exit status and stdout must be equal, stderr too (in any order where
several threads write), and what was captured must be the lines that arrived at stderr.
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [f"{HERE}/../../lib", f"{HERE}/../matrix"]
import harness  # noqa: E402
from harness import as_lines  # noqa: E402
from oracle import difference  # noqa: E402


class Skip(Exception):
    pass


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip(f"{program} is not installed")


def library(pattern):
    found = sorted(glob.glob(f"/usr/lib/*/{pattern}") + glob.glob(f"/lib/*/{pattern}"))
    if not found:
        raise Skip(f"{pattern} is not installed")
    return found[0]


class Run:
    """What one run of a program did; `captured` only with the shim."""

    def __init__(self, done, recording=None):
        self.out, self.err, self.status = done
        if recording:
            self.captured = harness.viewed_lines(recording, "stderr")


class World:
    def __init__(self):
        self.shim = harness.LIBRARY
        self.folder = tempfile.mkdtemp(prefix="logtap-transparency-")

    def program(self, name):
        return harness.program(f"transparency/{name}")

    def both(self, argv, env=None):
        recording = f"{self.folder}/run.data"
        common = dict(stdin=subprocess.DEVNULL, cwd=self.folder, **(env or {}))
        plain = Run(harness.run(argv, **common))
        shim = Run(harness.run([harness.LOGTAP, "record", "--quiet", "-o", recording, "--", *argv],
                               **common), recording)
        return plain, shim

    def compile(self, source, name, *flags, compiler="gcc"):
        need(compiler)
        target = f"{self.folder}/{name}"
        done = subprocess.run([compiler, "-g", "-O1", f"{HERE}/{source}", "-o", target, *flags],
                              capture_output=True)
        if done.returncode:
            raise Skip(f"{compiler} {' '.join(flags)}: {done.stderr.decode()[:200]}")
        return target


def expect(condition, text):
    if not condition:
        raise AssertionError(text)


def expect_same(plain, shim, ordered=True, captured=True):
    expect(plain.status == shim.status, f"exit status {plain.status}, with the shim {shim.status}")
    expect(plain.out == shim.out, f"stdout {plain.out!r}, with the shim {shim.out!r}")
    if ordered:
        expect(plain.err == shim.err, f"stderr {plain.err[-600:]!r}, with the shim {shim.err[-600:]!r}")
    if captured:
        expect_captured(shim, ordered)


def expect_captured(shim, ordered=True):
    arrived = as_lines(shim.err)
    expect(arrived, "nothing arrived at stderr")
    wrong = difference(arrived, shim.captured)
    expect(not wrong, f"captured lines: {wrong}")
    expect(not ordered or b"".join(arrived) == b"".join(shim.captured), "captured in another order")


# --- companions -------------------------------------------------------------------------------

LS = ["ls", "/nonexistent", "/"]


def preloaded(world, *libraries, env=None):
    """A program with `libraries` in this order; the shim is one of them, left out of the plain run."""
    def argv(names):
        settings = [f"{k}={v}" for k, v in (env or {}).items()]
        return ["env", "LD_PRELOAD=" + ":".join(names), *settings, *LS]
    plain, _ = world.both(argv([name for name in libraries if name != world.shim]))
    _, shim = world.both(argv(libraries))
    return plain, shim


def jemalloc_first(world):
    expect_same(*preloaded(world, library("libjemalloc.so.2"), world.shim))


def jemalloc_last(world):
    expect_same(*preloaded(world, world.shim, library("libjemalloc.so.2")))


def jemalloc_that_complains(world):
    """It complains by its own system call, from an allocation before any constructor has run."""
    plain, shim = preloaded(world, library("libjemalloc.so.2"), world.shim, env={"MALLOC_CONF": "bogus:1"})
    expect(plain.err == shim.err, f"stderr {plain.err!r}, with the shim {shim.err!r}")
    expect(b"cannot access" in b"\n".join(shim.captured), "the program's own line is missing")


def stdbuf(world):
    need("stdbuf")
    expect_same(*world.both(["stdbuf", "-eL", "-oL", *LS]))


def fakeroot(world):
    need("fakeroot")
    expect_same(*world.both(["fakeroot", "sh", "-c", "touch f; chown 3:3 f; stat -c %u f; ls /nonexistent"]))


def eatmydata(world):
    need("eatmydata")
    expect_same(*world.both(["eatmydata", *LS]))


def gcc_asan(world):
    program = world.compile("small.c", "small-gcc-asan", "-fsanitize=address,undefined")
    expect_same(*world.both([program], {"ASAN_OPTIONS": "verify_asan_link_order=1"}))


def gcc_asan_without_a_sink(world):
    """Nothing is captured; what a program of the list needs is found out all the same."""
    program = world.compile("small.c", "small-gcc-asan", "-fsanitize=address,undefined")
    options = {"ASAN_OPTIONS": "verify_asan_link_order=1"}
    command = ["sh", "-c", f"{program}; echo $? >&2; cat /nonexistent >&2"]
    plain = harness.run(command, **options)
    for sink in {"LOGTAP_SINK": "none"}, {}:
        shim = harness.run(command, LD_PRELOAD=world.shim, **options, **sink)
        expect(shim == plain, f"stderr with {sink}: {shim.stderr[:200]!r}")


def clang_asan(world):
    program = world.compile("small.c", "small-clang-asan", "-fsanitize=address,undefined", compiler="clang")
    expect_same(*world.both([program]))


def tsan(world, compiler):
    """Its runtime puts functions of its own before libc's, which don't work until it has started."""
    need("setarch")
    fixed = ["setarch", "--addr-no-randomize"]
    program = world.compile("small.c", f"small-{compiler}-tsan", "-fsanitize=thread", compiler=compiler)
    # It doesn't start with every layout of the address space that a kernel may choose.
    if subprocess.run([*fixed, program], capture_output=True, check=False).returncode != 3:
        raise Skip("ThreadSanitizer doesn't run here without us either")
    expect_same(*world.both([*fixed, program]))


def gcc_tsan(world):
    tsan(world, "gcc")


def clang_tsan(world):
    tsan(world, "clang")


def musl(world):
    """musl's loader takes the library, which does nothing there."""
    program = world.compile("small.c", "small-musl", compiler="musl-gcc")
    plain, shim = world.both([program])
    expect(plain.status == 3, f"the program itself ended with {plain.status}")
    expect_same(plain, shim, captured=False)
    plain, shim = world.both(["sh", "-c", f"echo first >&2; {program}; echo last >&2"])
    expect_same(plain, shim, captured=False)
    expect(shim.captured == [b"first", b"last"], f"captured {shim.captured!r}")


def asan_report(world):
    """A report is written by the sanitizer's own system calls; what is before it must be there."""
    program = world.compile("small.c", "small-clang-asan", "-fsanitize=address", compiler="clang")
    plain, shim = world.both(["sh", "-c", f"echo first >&2; {program}; echo last >&2"])
    expect_same(plain, shim)


def valgrind(world):
    need("valgrind")
    program = world.compile("small.c", "small")
    plain, shim = world.both(["valgrind", "-q", "--error-exitcode=99", program])
    expect_same(plain, shim)


def valgrind_ls(world):
    need("valgrind")
    plain, shim = world.both(["valgrind", "-q", "--leak-check=full", "--error-exitcode=99", "ls", "/nonexistent"])
    expect_same(plain, shim)


# --- confinement and limits -------------------------------------------------------------------

def seccomp(world):
    plain, shim = world.both([world.program("confined")])
    expect(plain.status == 7, f"the program itself ended with {plain.status}")
    expect_same(plain, shim, captured=False)
    # Its last line has no end, and exit(2) by hand leaves nobody the time to send it.
    expect(shim.captured == as_lines(shim.err)[:-1], f"captured {len(shim.captured)} lines: {shim.captured[-2:]!r}")


def in_chroot(world):
    need("chroot")
    if os.geteuid():
        raise Skip("chroot needs root")
    expect_same(*world.both(["chroot", "/", *LS]))
    root = f"{world.folder}/root"
    os.makedirs(f"{root}/bin")
    script = "import os, sys\nos.chroot(sys.argv[1])\nos.chdir('/')\nos.write(2, b'in the new root\\n')\n"
    expect_same(*world.both([sys.executable, "-c", script, root]))


def limited(world, *options):
    need("prlimit")
    expect_same(*world.both(["prlimit", *options, *LS]))


def limited_files(world):
    limited(world, "--nofile=16:16")


def limited_few_files(world):
    """With five in all there may be none left for us: then nothing is captured, and that is all."""
    plain, shim = world.both(["prlimit", "--nofile=5:5", *LS])
    expect_same(plain, shim, captured=False)
    expect(not shim.captured or shim.captured == as_lines(shim.err), f"captured {shim.captured!r}")


def limited_memory(world):
    limited(world, "--as=64000000")


def limited_stack(world):
    limited(world, "--stack=65536:65536")


def limited_file_size(world):
    """Beyond RLIMIT_FSIZE the kernel would kill: the program must live, its stderr is no file."""
    plain, shim = world.both(["prlimit", "--fsize=0:0", *LS])
    expect_same(plain, shim, captured=False)


def soft_limit(world):
    expect_same(*world.both(["sh", "-c", "ulimit -Sn 1024; ls /nonexistent; echo x >&2"]))


# --- threads and signals ----------------------------------------------------------------------

def threads(name, ordered=False):
    def scenario(world):
        plain, shim = world.both([world.program("threads"), name])
        expect(plain.status == shim.status, f"exit status {plain.status}, with the shim {shim.status}")
        if ordered:
            expect(plain.err == shim.err, f"stderr {plain.err!r}, with the shim {shim.err!r}")
        expect_captured(shim, ordered)
    scenario.__name__ = "threads-" + name
    return scenario


def pieces(world):
    """The pipe mixes the pieces of 16 threads; each thread's lines come out whole all the same."""
    _, shim = world.both([world.program("threads"), "pieces"])
    expect(len(shim.captured) == 16 * 200, f"{len(shim.captured)} lines")
    wanted = {b"<%d:%d:%d>" % (n, i, n) for n in range(16) for i in range(200)}
    torn = [line for line in shim.captured if line not in wanted]
    expect(not torn, f"torn: {torn[:3]}")


def storm(world):
    """A handler writes to stderr while main does: whole lines only, all of them."""
    plain, shim = world.both([world.program("threads"), "storm"])
    expect(plain.status == shim.status == 0, f"exit status {plain.status} and {shim.status}")
    expect_captured(shim, ordered=False)
    expect(shim.captured.count(b"in the handler") == 2000, "lines of the handler are missing")


def storm_above(world):
    """The same, the handler's stack being one that looks like the frames of the write's callers."""
    plain, shim = world.both([world.program("threads"), "storm-above"])
    expect(plain.status == shim.status == 0, f"exit status {plain.status} and {shim.status}")
    expect_captured(shim, ordered=False)
    expect(len(set(shim.captured)) == 2, f"captured {set(shim.captured)}")


def cancel_stderr(world):
    plain, shim = world.both([world.program("threads"), "cancel-stderr"])
    expect(plain.status == shim.status and plain.err == shim.err,
           f"{plain.status} {plain.err!r}, with the shim {shim.status} {shim.err!r}")


def constructors(world, before):
    other = world.compile("early.c", "early.so", "-shared", "-fPIC")
    expect_same(*preloaded(world, *((other, world.shim) if before else (world.shim, other))))


def constructor_before(world):
    constructors(world, before=True)


def constructor_after(world):
    constructors(world, before=False)


# --- start ------------------------------------------------------------------------------------

def start_system_calls(world):
    """At most 23 system calls more than an empty preload library, when nothing listens."""
    need("strace")
    empty = f"{world.folder}/empty.so"
    subprocess.run(["gcc", "-shared", "-o", empty, "-x", "c", "/dev/null"], check=True)

    def count(preload, **env):
        trace = f"{world.folder}/trace"
        subprocess.run(["strace", "-f", "-o", trace, "-E", f"LD_PRELOAD={preload}", "/bin/true"],
                       env=harness.clean_environment(**env), check=True)
        with open(trace) as f:
            return sum(1 for line in f if "(" in line)

    base, ours = count(empty), count(world.shim)
    expect(ours - base <= 23, f"{ours} system calls, {base} with an empty library")
    return f"{ours} system calls, {base} with an empty library"


def filter_asked_for_when_needed(world):
    """Where nothing is captured, /proc is looked into before another program is started, not before."""
    need("strace")

    def looks(*command):
        trace = f"{world.folder}/looks"
        subprocess.run(["strace", "-f", "-e", "trace=execve,openat", "-o", trace, "-E",
                        f"LD_PRELOAD={world.shim}", *command],
                       env=harness.clean_environment(LOGTAP_SINK="none"), check=True)
        with open(trace) as f:
            return ["execve" if "execve(" in line else "look" for line in f
                    if "execve(" in line or "/proc/self/status" in line]

    expect(looks("/bin/true") == ["execve"], "a program that starts none looked")
    calls = looks("sh", "-c", "/bin/true; :")
    expect(calls == ["execve", "look", "execve"], f"a shell that starts one: {calls}")


SCENARIOS = [
    jemalloc_first, jemalloc_last, jemalloc_that_complains, stdbuf, fakeroot, eatmydata,
    gcc_asan, gcc_asan_without_a_sink, clang_asan, gcc_tsan, clang_tsan, asan_report, musl,
    valgrind, valgrind_ls,
    seccomp, in_chroot, limited_files, limited_few_files, limited_memory, limited_stack,
    limited_file_size, soft_limit,
    threads("many"), pieces, threads("stdio"), threads("tiny-stacks"), threads("tails", True), storm,
    storm_above,
    threads("alternate-stack", True), threads("cancel", True), cancel_stderr,
    threads("cancel-pending", True), threads("fork-among-threads"), threads("ends", True),
    threads("thread-exits-process", True), threads("main-thread-first"),
    constructor_before, constructor_after, start_system_calls, filter_asked_for_when_needed,
]


def main():
    names = sys.argv[1:]
    world = World()
    passed = failed = skipped = 0
    for scenario in SCENARIOS:
        name = scenario.__name__.replace("_", "-")
        if names and name not in names:
            continue
        try:
            note = scenario(world)
            passed += 1
            print(f"ok      {name}{': ' + note if note else ''}", flush=True)
        except Skip as reason:
            skipped += 1
            print(f"SKIPPED {name}: {reason}", flush=True)
        except (AssertionError, subprocess.TimeoutExpired) as problem:
            failed += 1
            print(f"FAILED  {name}: {problem}", flush=True)
    shutil.rmtree(world.folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
