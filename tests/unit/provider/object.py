#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the compiler makes of an event, by looking into the object file of object.c:

- its metadata is in read-only data, all of it, and no part of it in writable data or code;
- it needs no function that allocates, locks or looks anything up;
- up to its first branch there is one load from memory, one test, and no call.
"""
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

import harness

INCLUDE = os.path.join(harness.SOURCE, "encoder/include")
OBJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "object.c")

# Written out from the specification: flags, version, id, tag, opcode, level; size and kind of the
# extension; the names, each with its NUL, and what stands behind it.
METADATA = (bytes.fromhex("07 00 0000 3412 00 04 3500 0100") + b"NameOfEvent\0"
            + b"NameOfText\0\x0a" + b"NameOfStruct\0\x81\x01" + b"NameOfNumber\0\x04")

NEEDED = {"evh_provider_unload", "evh_site_write"}
ALLOWED = NEEDED | {"memcpy", "evh_provider_add", "_GLOBAL_OFFSET_TABLE_",
                    "__start_evh_events", "__stop_evh_events"}
COMPILERS = [("gcc", "c", "gnu11"), ("clang", "c", "gnu11"),
             ("g++", "c++", "gnu++17"), ("clang++", "c++", "gnu++17")]
OPTIONS = ["-O0", "-O2", "-O2 -fPIC", "-Os -fPIC"]


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def sections(path):
    """name, flags and content of every section that is loaded"""
    lines = run("objdump", "-h", "-w", path).splitlines()
    content = open(path, "rb").read()
    for line in lines:
        match = re.match(r"\s*\d+ (\S+)\s+([0-9a-f]+)\s+\S+\s+\S+\s+([0-9a-f]+)\s+\S+\s+(.*)", line)
        if match and "CONTENTS" in match[4] and "ALLOC" in match[4]:
            size, offset = int(match[2], 16), int(match[3], 16)
            yield match[1], match[4], content[offset:offset + size]


def metadata_faults(path):
    constant = b""
    for name, flags, content in sections(path):
        if "READONLY" in flags and "CODE" not in flags:
            constant += content + b"|"
        elif b"NameOf" in content:
            yield "a name is in %s, which is not read-only data" % name
    # gcc may cut it into the units in which it will be copied
    for start in range(0, len(METADATA) - 1, 16):
        if METADATA[start:start + 16] not in constant:
            yield "bytes %d to %d of the metadata are not in read-only data" % (start, start + 15)
    if b"NameOf" not in constant:
        yield "there are no names in read-only data"


def call_faults(path):
    undefined = {line.split()[-1] for line in run("nm", "-u", path).splitlines()}
    if not NEEDED <= undefined:
        yield "does not need %s" % (NEEDED - undefined)
    if undefined - ALLOWED:
        yield "needs %s" % (undefined - ALLOWED)


def branch_faults(path):
    text = run("objdump", "-d", "--no-show-raw-insn", path)
    body = re.search(r"<\S*write_event\S*>:\n(.*?)\n\n", text + "\n\n", re.S)[1]
    head = []
    for line in body.splitlines():
        head.append(line.split("\t", 1)[1])
        if head[-1].startswith("j"):
            break
    if sum("(%rip)" in one and not one.startswith("lea") for one in head) != 1:
        yield "not one load before the branch: %s" % head
    if sum(one.startswith(("test", "cmp")) for one in head) != 1:
        yield "not one test before the branch: %s" % head
    if any(one.startswith("call") for one in head):
        yield "a call before the branch: %s" % head


def main():
    if platform.machine() != "x86_64":
        harness.skip("knows the instructions of x86_64 only")
    faults = looked = 0
    with tempfile.TemporaryDirectory() as folder:
        for compiler, language, standard in COMPILERS:
            if not shutil.which(compiler):
                print("SKIPPED: there is no %s" % compiler)
                continue
            for options in OPTIONS:
                path = os.path.join(folder, "object.o")
                run(compiler, "-x", language, "-std=" + standard, *options.split(), "-I", INCLUDE, "-c",
                    OBJECT, "-o", path)
                found = list(metadata_faults(path)) + list(call_faults(path))
                if options != "-O0":
                    found += branch_faults(path)
                for fault in found:
                    print("%s %s: %s" % (compiler, options, fault))
                faults += len(found)
                looked += 1
    print("%d objects, %d faults" % (looked, faults))
    return 1 if faults or not looked else 0


sys.exit(main())
