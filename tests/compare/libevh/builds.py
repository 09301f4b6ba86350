#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""libevh built in every way that it promises: each prints the same bytes for the same events.

    builds.py [--short | WORD...]   WORD: only those whose names have one of these

Languages, compilers, optimisation, link-time optimisation, static, shared, loaded as a plug-in, musl, 32
bits, another processor under qemu, another byte order. What this machine can't build is skipped, aloud.
--short: one of each kind that needs no second libc.

Where a pointer has another size or numbers another order, the bytes differ: there, and for each of these
machines and libcs, the decoder is built too, and each decoder must read the same from the bytes of each.
This machine's own logtap must read the same in the recordings that each writes.
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

import harness

HERE = os.path.dirname(os.path.abspath(__file__))
ENCODER = os.path.join(harness.SOURCE, "encoder")
MULTIARCH = ["-idirafter", "/usr/include/x86_64-linux-gnu"]  # for -m32 beside a cross compiler

# name, C compiler, flags of the library, compiler of the program, its flags, how it is linked, runner
GCC, CLANG = "gcc", "clang"
LEVELS = ["-O0", "-O1", "-O2", "-O3", "-Os"]
C, CXX = ["-std=gnu11"], ["-std=c++11", "-D_GNU_SOURCE"]


def builds():
    for compiler in (GCC, CLANG):
        for level in LEVELS:
            yield "%s %s" % (compiler, level), compiler, [level], compiler, [*C, level], "static", []
    for compiler, library in (("g++", GCC), ("clang++", CLANG)):
        for level in ("-O0", "-O2", "-O3"):
            yield "%s -std=c++11 %s" % (compiler, level), library, [level], compiler, [*CXX, level], "static", []
    yield "g++ -std=c++20", GCC, ["-O2"], "g++", ["-std=c++20", "-D_GNU_SOURCE", "-O2"], "static", []
    yield "gcc -std=c11", GCC, ["-O2"], GCC, ["-std=c11", "-D_GNU_SOURCE", "-O2"], "static", []
    lto = ["-O2", "-flto", "-ffat-lto-objects"]
    yield "gcc -flto", GCC, lto, GCC, [*C, *lto], "static", []
    yield "g++ -flto", GCC, lto, "g++", [*CXX, *lto], "static", []
    yield "shared", GCC, ["-O2"], GCC, [*C, "-O2"], "shared", []
    yield "shared, C++", GCC, ["-O2"], "g++", [*CXX, "-O2"], "shared", []
    yield "dlopen, libevh.a in it", GCC, ["-O2"], GCC, [*C, "-O2"], "module-static", []
    yield "dlopen, with libevh.so", GCC, ["-O2"], GCC, [*C, "-O2"], "module-shared", []
    yield "dlopen, C++", GCC, ["-O2"], "g++", [*CXX, "-O2"], "module-static", []
    yield "-static", GCC, ["-O2"], GCC, [*C, "-O2", "-static"], "static", []
    yield "musl", "musl-gcc", ["-O2"], "musl-gcc", [*C, "-O2", "-static"], "static", []
    yield "musl, dynamic", "musl-gcc", ["-O2"], "musl-gcc", [*C, "-O2"], "static", []
    m32 = ["-m32", *MULTIARCH]
    yield "-m32", GCC, ["-O2", *m32], GCC, [*C, "-O2", *m32], "static", []
    yield "-m32 -O0", GCC, ["-O0", *m32], GCC, [*C, "-O0", *m32], "static", []
    yield "-m32 g++", GCC, ["-O2", *m32], "g++", [*CXX, "-O2", *m32], "static", []
    for machine in ("aarch64", "s390x"):
        cc, cxx, flags = cross(machine)
        runner = ["qemu-%s-static" % machine]
        yield machine, cc, ["-O2", *flags], cc, [*C, "-O2", "-static", *flags], "static", runner
        yield machine + " C++", cc, ["-O2", *flags], cxx, [*CXX, "-O2", "-static", *flags], "static", runner


def cross(machine):
    """C and C++ compiler for it, and their flags: gcc's, which Debian doesn't install beside gcc-multilib, or
    clang, which needs that machine's libc alone (libc6-dev-*-cross, libgcc-*-dev-*-cross)."""
    triple = machine + "-linux-gnu"
    for folder in os.environ["PATH"].split(":"):
        for cc in sorted(glob.glob("%s/%s-gcc" % (folder, triple)) + glob.glob("%s/%s-gcc-[0-9]*" % (folder, triple))):
            return cc, cc.replace("-gcc", "-g++"), []
    return CLANG, "clang++", ["--target=" + triple]


# By whose decoders everything is read.
DECODERS = ("gcc -O2", "musl", "-m32", "aarch64", "s390x")


LITTLE_ENDIAN = 2  # in an event's first byte: EVH_FLAG_LITTLE_ENDIAN
SHORT = {"gcc -O2", "g++ -std=c++11 -O2", "shared", "dlopen, libevh.a in it"}


class Skip(Exception):
    pass


def run(*argv, what, given=""):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, input=given)
    if done.returncode:
        raise RuntimeError("%s: exit status %d\n%s" % (what, done.returncode, (done.stderr + done.stdout)[-2000:]))
    return done.stdout


def can_link(compiler, flags, scratch):
    """Whether the machine has a libc for these."""
    path = os.path.join(scratch, "empty." + ("cc" if compiler.endswith("++") else "c"))
    with open(path, "w", encoding="utf-8") as file:
        file.write("#include <stdio.h>\nint main(void) { return puts(\"\") < 0; }\n")
    done = subprocess.run([compiler, *flags, "-o", path + ".out", path], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode == 0


def built(target, file, source, options, compiler, flags, scratch, made):
    """A library of that compiler and flags, by the project's CMakeLists.txt in `source`."""
    key = (target, compiler, *flags)
    if key not in made:
        folder = tempfile.mkdtemp(prefix="library-", dir=scratch)
        launcher = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        generator = ["-G", "Ninja"] if shutil.which("ninja") else []
        run("cmake", "-S", source, "-B", folder, *generator, *launcher, *options, "-DCMAKE_SYSTEM_NAME=Linux",
            "-DCMAKE_C_COMPILER=" + compiler, "-DCMAKE_BUILD_TYPE=None", "-DCMAKE_C_FLAGS=" + " ".join(flags),
            what="cmake")
        run("cmake", "--build", folder, "-j2", "--target", target, what=target)
        made[key] = os.path.join(folder, file)
    return made[key]


def library(compiler, flags, shared, scratch, made):
    """libevh.a or libevh.so of that compiler and flags, built by the folder's own CMakeLists.txt."""
    target, file = ("evh", "libevh.so") if shared else ("evh_static", "libevh.a")
    return built(target, file, ENCODER, [], compiler, flags, scratch, made)


def read_all(entry, texts, scratch, made):
    """What the decoder of that build makes of each of `texts`."""
    _, compiler, library_flags, _, flags, _, runner = entry
    decoder = built("evh-decode-static", "lib/libevh-decode.a", harness.SOURCE,
                    ["-DLOGTAP_TESTS=OFF", "-DLOGTAP_PRELOAD=OFF", "-DLOGTAP_READ_FILES=OFF"],
                    compiler, library_flags, scratch, made)
    out = os.path.join(scratch, "decode")
    run(compiler, *flags, "-I", os.path.join(ENCODER, "include"), "-I",
        os.path.join(harness.SOURCE, "decoder", "include"), "-o", out, os.path.join(HERE, "decode.c"), decoder,
        "-lm", what="the reader")
    return [run(*runner, out, what="reading", given=text) for text in texts]


def build(entry, scratch, made):
    """What the events print."""
    name, compiler, library_flags, program_compiler, flags, link, runner = entry
    for tool in (compiler, program_compiler, *runner):
        if not shutil.which(tool):
            raise Skip("there is no " + tool)
    if not can_link(program_compiler, flags, scratch):
        raise Skip("%s can't link with %s" % (program_compiler, " ".join(flags)))
    shared = link.endswith("shared")
    evh = library(compiler, library_flags, shared, scratch, made)
    out = os.path.join(scratch, "program")
    source = [os.path.join(HERE, "events.c")]
    if program_compiler.endswith("++"):
        source = ["-x", "c++", *source, "-x", "none"]
    common = [program_compiler, *flags, "-I", os.path.join(ENCODER, "include"), "-o"]
    where = "-Wl,-rpath," + os.path.dirname(evh)
    if not link.startswith("module"):
        run(*common, out, *source, evh, where, "-pthread", what="the program")
        return run(*runner, out, what=name)
    module = out + ".so"
    run(*common, module, "-shared", "-fPIC", "-DBUILDS_MODULE", *source, evh, where, "-pthread", what="the plug-in")
    run("gcc", "-o", out, os.path.join(HERE, "host.c"), what="the host")
    return run(out, module, what=name).split("--\n")[1]


def comparable(text, reference):
    """Lines as the reference's machine would print them: the flag that tells a pointer's size is masked where
    that differs, and what depends on it left out."""
    lines = [line.split() for line in text.splitlines()]
    first = next(line for line in lines if line[0] == "plain")
    if reference and first[1][:2] != reference[0][1][:2]:
        masked = []
        for name, value in lines:
            if name.endswith("width"):
                continue
            if name not in ("uuid", "fields"):
                value = "%02x" % (int(value[:2], 16) | 1) + value[2:]
            masked.append([name, value])
        return masked, [line for line in reference if not line[0].endswith("width")]
    return lines, reference


def recorded(entry, scratch, made):
    """What this machine's own logtap reads in a recording that libevh of that build wrote."""
    _, compiler, library_flags, _, flags, _, runner = entry
    evh = library(compiler, library_flags, False, scratch, made)
    out, file = os.path.join(scratch, "writer"), os.path.join(scratch, "logtap.data")
    source = os.path.join(harness.SOURCE, "tests", "unit", "encoder", "recording_writer.c")
    run(compiler, *flags, "-D_GNU_SOURCE", "-I", os.path.join(ENCODER, "include"), "-o", out, source, evh, "-pthread",
        what="the writer")
    if os.path.exists(file):
        os.unlink(file)
    for arguments in (["create", file], ["event", file, "5"], ["many", file, "2", "20"]):
        run(*runner, out, *arguments, what="recording")
    shown = run(harness.LOGTAP, "view", "--output=json", file, what="logtap view").splitlines()
    events = [json.loads(line) for line in shown]
    return sorted(sorted((key, str(value)) for key, value in event.items() if key not in OF_A_RUN) for event in events)


OF_A_RUN = ("time", "pid", "tid", "cpu", "process")


class Comparison:
    """The bytes of all ways of building, as far as they must be the same, and what decoders read in them."""

    def __init__(self):
        self.first, self.widths, self.texts, self.faults = {}, {}, [], 0
        self.read = self.recorded = None

    def fault(self, name, what):
        print("FAILED: %s: %s" % (name, what))
        self.faults += 1

    def add(self, name, text):
        order = int(text.split()[1][:2], 16) & LITTLE_ENDIAN
        lines, wanted = comparable(text, self.first.get(order))
        self.first.setdefault(order, lines)
        differ = [a for a, b in zip(lines, wanted or lines) if a != b]
        if wanted and (differ or len(lines) != len(wanted)):
            self.fault(name, differ[:2] or "other lines")
        # What depends on a pointer's size is the same among those of one size and order.
        pointer = [line for line in text.splitlines() if "width " in line]
        if self.widths.setdefault(pointer[0][:60], pointer) != pointer:
            self.fault(name, pointer)
        if text not in self.texts:
            self.texts.append(text)
        print("%-28s %d events" % (name, len(lines)), flush=True)

    def add_reader(self, entry, scratch, made):
        results = read_all(entry, self.texts, scratch, made)
        self.read = self.read or results[0]
        for result in results:
            if result != self.read:
                lines = zip(result.splitlines(), self.read.splitlines())
                self.fault("decoder of " + entry[0], [pair for pair in lines if pair[0] != pair[1]][:2])
        recording = recorded(entry, scratch, made)
        self.recorded = self.recorded or recording
        if recording != self.recorded or len(recording) != 41:
            self.fault("recording of " + entry[0], recording[:2])
        print("%-28s reads the same in %d forms; its recording" % (entry[0], len(results)), flush=True)


def main():
    short, words = "--short" in sys.argv, [word for word in sys.argv[1:] if word != "--short"]
    comparison, made, done = Comparison(), {}, []
    with tempfile.TemporaryDirectory() as scratch:
        for entry in builds():
            name = entry[0]
            if (short and name not in SHORT) or \
                    (words and name != "gcc -O2" and not any(word in name for word in words)):
                continue
            try:
                comparison.add(name, build(entry, scratch, made))
                done.append(entry)
            except Skip as reason:
                print("SKIPPED: %s: %s" % (name, reason))
            except RuntimeError as reason:
                comparison.fault(name, reason)
        for entry in done:
            if entry[0] in DECODERS and not short:
                try:
                    comparison.add_reader(entry, scratch, made)
                except RuntimeError as reason:
                    comparison.fault("decoder of " + entry[0], reason)
    print("%d ways of building, %d faults" % (len(done), comparison.faults))
    return 1 if comparison.faults or len(done) < 2 else 0


sys.exit(main())
