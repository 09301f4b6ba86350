#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`logtap schema`: the events in a program's file, however it was compiled and linked, and nothing in
what is no program, holds none, or is damaged."""
import json
import os
import random
import shutil
import subprocess

import harness
from harness import BUILD, SANITIZED, SOURCE, main

PROGRAM = """
#include <evh/provider.h>
EVH_PROVIDER_DEFINE(first, "MyCo_App", "mygroup");
EVH_PROVIDER_DEFINE(second, "Other");
static inline int shared(int n)
{
	return EVH_WRITE(second, "Inline", EVH_KEYWORD(0), EVH_U8("n", n));
}
int main(int argc, char **argv)
{
	evh_provider_register(&first);
	EVH_WRITE(first, "Failed", EVH_LEVEL(EVH_LEVEL_ERROR), EVH_KEYWORD(0x10), EVH_OPCODE(1), EVH_TAG(5),
		  EVH_ID(7, 2), EVH_I32("argc", argc, EVH_TAG(9)), EVH_ZSTR8("name", argv[0]),
		  EVH_STRUCT("s", EVH_HEX64("h", 1), EVH_STRUCT("t", EVH_U8_ARRAY("a", argv[0], 4))),
		  EVH_F64_VARRAY("v", (const double *)0, 0), EVH_VALUE("d", argc));
	return EVH_ENABLED(second, 3, 0x20) + shared(argc);
}
"""


def field(name, kind, **more):
    return {"name": name, "type": kind, **more}


EVENTS = [
    {"provider": "MyCo_App", "group": "mygroup", "tracepoint": "MyCo_App_L2K10Gmygroup", "level": 2,
     "keyword": "0x10", "event": "Failed", "opcode": 1, "id": 7, "version": 2, "tag": 5, "fields": [
         field("argc", "i32", tag=9), field("name", "zstring"),
         field("s", "struct", fields=[field("h", "hex64"),
                                      field("t", "struct", fields=[field("a", "u8[4]")])]),
         field("v", "f64[]"), field("d", "i32")]},
    {"provider": "Other", "tracepoint": "Other_L3K20", "level": 3, "keyword": "0x20"},
    {"provider": "Other", "tracepoint": "Other_L5K0", "level": 5, "keyword": "0x0", "event": "Inline",
     "opcode": 0, "fields": [field("n", "u8")]},
]

# For other machines there is no libevh: what is missing at the end of linking is no matter here.
BARE = ["-nostdlib", "-Wl,--unresolved-symbols=ignore-all"]
WAYS = [
    ("gcc", "-O2", "-pie", "-fPIE"),
    ("gcc", "-O0", "-no-pie", "-fno-pie"),
    ("gcc", "-O2", "-s", "-Wl,--gc-sections", "-ffunction-sections", "-fdata-sections"),
    ("gcc", "-O2", "-flto"),
    ("gcc", "-O2", "-static"),
    ("gcc", "-O2", "-shared", "-fPIC", "-s"),
    ("gcc", "-O2", "-fPIE", "-pie", "-Wl,-z,pack-relative-relocs"),
    ("clang", "-O1"),
    ("g++", "-O2", "-s"),
    ("g++", "-O0", "-shared", "-fPIC"),
    ("clang++", "-O2"),
    ("gcc", "-O2", "-m32", "-pie", "-fPIE", *BARE),
    ("aarch64-linux-gnu-gcc", "-O2", "-pie", "-fPIE", *BARE),
    ("aarch64-linux-gnu-g++", "-O2", "-shared", "-fPIC", *BARE),
]


class Schema(harness.Case):
    def compile(self, compiler, *options):
        """The program's path; None where this machine can't make it."""
        if not shutil.which(compiler):
            return None
        source = self.write("program." + ("cc" if compiler.endswith("++") else "c"), PROGRAM.encode())
        path = self.path("program")
        libraries = [] if "-nostdlib" in options else [os.path.join(BUILD, "lib/libevh.a"), "-pthread"]
        more = ["-fsanitize=address,undefined"] if SANITIZED and libraries else []
        if more and "-static" in options:
            return None
        command = [compiler, *options, *more, "-I", os.path.join(SOURCE, "encoder/include"), "-D_GNU_SOURCE",
                   "-idirafter", "/usr/include/x86_64-linux-gnu", "-o", path, source, *libraries]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            print("SKIPPED: %s: %s" % (" ".join(command[:4]), done.stdout.splitlines()[-1:]))
            return None
        return path

    def schema(self, *arguments, **keywords):
        return harness.run([harness.LOGTAP, "schema", *arguments], **keywords)

    def test_ways(self):
        made = 0
        for way in WAYS:
            path = self.compile(*way)
            if not path:
                continue
            made += 1
            with self.subTest(way=way):
                done = self.schema("--output=json", path)
                self.assertEqual((done.status, done.stderr), (0, b""))
                self.assertEqual([json.loads(line) for line in done.stdout.splitlines()], EVENTS)
        self.assertGreater(made, 2)

    def test_text(self):
        path = os.path.join(BUILD, "examples/count-lines")
        done = self.schema(path)
        self.assertEqual((done.status, done.stderr), (0, b""))
        self.assertEqual(done.stdout.decode().split("\n"), [
            "ExampleLines_L2K2", "    Failed", "        path  string", "        error  errno",
            "ExampleLines_L4K1", "    Start  opcode 1", "        files  i32",
            "    Stop  opcode 2", "        failed  bool8",
            "ExampleLines_L5K2", "    Counted", "        path  string", "        result  struct",
            "            lines  u64", "            bytes  u64", ""])

    def test_nothing(self):
        for argument, words in [("/bin/true", "holds no events"), ("/etc/passwd", "is no ELF program"),
                                ("/nowhere/it/is", "No such file"), ("/", "Is a directory"),
                                ("/dev/null", "is no ELF program"), (self.write("empty", b""), "is no ELF program")]:
            done = self.schema(argument)
            self.assertEqual((done.status, done.stdout), (1, b""), argument)
            self.assert_one_line(done.stderr, words, name="logtap schema")
        self.assertEqual(self.schema().status, 2)
        self.assertEqual(self.schema("--output=x", "/bin/true").status, 2)

    def test_damaged(self):
        """Whatever is changed: an answer, valid JSON, no crash."""
        path = self.compile("gcc", "-O2", "-s")
        with open(path, "rb") as file:
            good = file.read()
        chance = random.Random(20)
        damaged = self.path("damaged")
        for turn in range(30 if SANITIZED else 150):
            bad = bytearray(good)
            where = (0, 64) if turn % 3 == 0 else (64, 1024) if turn % 3 == 1 else (0, len(bad))
            for _ in range(1 + turn % 7):
                bad[chance.randrange(*where)] = chance.randrange(256)
            if turn % 5 == 0:
                del bad[chance.randrange(len(bad)):]
            with open(damaged, "wb") as file:
                file.write(bad)
            done = self.schema("--output=json", damaged)
            self.assertIn(done.status, (0, 1), done.stderr)
            for line in done.stdout.splitlines():
                json.loads(line)


if __name__ == "__main__":
    main()
