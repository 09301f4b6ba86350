#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""libevh built in every way that it promises: each prints the same bytes for the same events.

    builds.py [--short | WORD]      WORD: only those whose names have it

Languages, compilers, optimisation, link-time optimisation, static, shared, loaded as a plug-in, musl, 32
bits, another processor under qemu. What this machine can't build is skipped, aloud. --short: one of each
kind that needs no second libc.
"""
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
    arm = "aarch64-linux-gnu-gcc"
    yield "aarch64", arm, ["-O2"], arm, [*C, "-O2", "-static"], "static", ["qemu-aarch64-static"]
    yield "aarch64 g++", arm, ["-O2"], "aarch64-linux-gnu-g++", [*CXX, "-O2", "-static"], "static", \
        ["qemu-aarch64-static"]


SHORT = {"gcc -O2", "g++ -std=c++11 -O2", "shared", "dlopen, libevh.a in it"}


class Skip(Exception):
    pass


def run(*argv, what):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
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


def library(compiler, flags, shared, scratch, made):
    """libevh.a or libevh.so of that compiler and flags, built by the folder's own CMakeLists.txt."""
    key = (compiler, *flags, shared)
    if key not in made:
        folder = tempfile.mkdtemp(prefix="library-", dir=scratch)
        launcher = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        generator = ["-G", "Ninja"] if shutil.which("ninja") else []
        cross = ["-DCMAKE_SYSTEM_NAME=Linux"] if "aarch64" in compiler else []
        run("cmake", "-S", ENCODER, "-B", folder, *generator, *launcher, *cross,
            "-DCMAKE_C_COMPILER=" + compiler, "-DCMAKE_BUILD_TYPE=None", "-DCMAKE_C_FLAGS=" + " ".join(flags),
            what="cmake")
        run("cmake", "--build", folder, "-j2", "--target", "evh" if shared else "evh_static", what="the library")
        made[key] = os.path.join(folder, "libevh.so" if shared else "libevh.a")
    return made[key]


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


def main():
    short = "--short" in sys.argv
    word = "" if short or len(sys.argv) < 2 else sys.argv[1]
    reference, faults, done, widths = None, 0, 0, {}
    with tempfile.TemporaryDirectory() as scratch:
        made = {}
        for entry in builds():
            name = entry[0]
            if (short and name not in SHORT) or (word and word not in name and name != "gcc -O2"):
                continue
            try:
                text = build(entry, scratch, made)
            except Skip as reason:
                print("SKIPPED: %s: %s" % (name, reason))
                continue
            except RuntimeError as reason:
                print("FAILED: %s: %s" % (name, reason))
                faults += 1
                continue
            done += 1
            lines, wanted = comparable(text, reference)
            reference = reference or lines
            differ = [a for a, b in zip(lines, wanted or lines) if a != b]
            if wanted and (differ or len(lines) != len(wanted)):
                print("FAILED: %s: %s" % (name, differ[:2] or "other lines"))
                faults += 1
            # What depends on a pointer's size is the same among those of one size.
            pointer = [line for line in text.splitlines() if "width " in line]
            if widths.setdefault(pointer[0][:60], pointer) != pointer:
                print("FAILED: %s: %s" % (name, pointer))
                faults += 1
            print("%-28s %d events" % (name, len(lines)), flush=True)
    print("%d ways of building, %d faults" % (done, faults))
    return 1 if faults or done < 2 else 0


sys.exit(main())
