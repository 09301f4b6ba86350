#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what the preload library exports with the lists in the tree and with the installed libc.

 - the exports are the rows of interposed.tsv, and the names in liblogtap.map
 - nothing but libc (and libdl) is needed, nothing that musl's loader would miss, and the TLS stays
   within 512 bytes
 - of each function, every relative that this libc exports (_chk, 64, __ and _unlocked forms) is
   interposed as well, unless RELATIVES_LEFT says why not
"""
import re
import subprocess
import sys

import harness

# Relatives that are not the same function, or that nothing but libc calls.
RELATIVES_LEFT = {
    "__writev": "not exported since 2.1",
    "__sendto": "not exported",
    "__pthread_key_create": "libstdc++ before glibc 2.34 asks by it whether there are threads",
}

# What glibc has and musl 1.2 has not, of what such a library could want.
GLIBC_ONLY = {
    "__cxa_at_quick_exit", "__memcpy_chk", "__memset_chk", "__printf_chk", "__register_atfork",
    "__snprintf_chk", "__sprintf_chk", "__strcpy_chk", "__vsnprintf_chk", "__vsprintf_chk",
    "_IO_2_1_stderr_", "_IO_file_jumps", "_IO_file_write", "_IO_wfile_jumps", "_r_debug",
    "gnu_get_libc_version", "on_exit", "parse_printf_format", "register_printf_function",
    "register_printf_specifier", "strerrordesc_np", "strerrorname_np",
}


def output(*argv):
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def exported(library):
    names = set()
    for line in output("nm", "-D", "--defined-only", library).splitlines():
        name = line.split()[-1].split("@")[0]
        kind = line.split()[-2]
        if kind in "TWi":
            names.add(name)
    return names


def libc_path():
    """Of the interpreter that runs this: the one that the library is for, in another root as well."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        return re.search(r"(/\S+/libc\.so\.6)", maps.read()).group(1)


def public(library):
    """What programs can ask for: no GLIBC_PRIVATE."""
    names = set()
    for line in output("nm", "-D", "--defined-only", library).splitlines():
        word, kind = line.split()[-1], line.split()[-2]
        if kind in "TWi" and "GLIBC_PRIVATE" not in word:
            names.add(word.split("@")[0])
    return names


def undefined_strong(library):
    """What the loader insists on finding in libc."""
    return {line.split()[-1].split("@")[0]
            for line in output("nm", "-D", "--undefined-only", library).splitlines()
            if line.split()[-2] == "U"}


def relatives(name):
    yield f"__{name}"
    yield f"__{name}_chk"
    yield f"{name}64"
    yield f"__{name}64"
    yield f"{name}_unlocked"
    yield f"__{name}_time64"
    if name.startswith("__"):
        yield name[2:]
    if name.endswith("64"):
        yield name[:-2]


def main():
    library, root = harness.LIBRARY, harness.SOURCE
    problems = []
    with open(f"{root}/preload/interposed.tsv") as f:
        rows = [line.rstrip("\n").split("\t") for line in f if not line.startswith("#")]
    wide = "ELF64" in output("readelf", "-h", library)
    left = {row[0] for row in rows if row[2].startswith("i386: ") and wide}
    listed = {row[0] for row in rows} - left
    for row in rows:
        if len(row) != 3 or not all(row):
            problems.append(f"interposed.tsv: not three columns: {row}")
        else:
            with open(f"{root}/preload/interpose/{row[1]}") as f:
                if not re.search(rf"\b{re.escape(row[0])}\b", f.read()):
                    problems.append(f"{row[1]} does not mention {row[0]}")
    with open(f"{root}/preload/liblogtap.map") as f:
        text = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)
    mapped = set(re.findall(r"^\t(\w+);", text, re.M)) - left
    real = exported(library)
    for name, a, b in (("interposed.tsv", listed, real), ("liblogtap.map", mapped, real)):
        for symbol in sorted(a - b):
            problems.append(f"{symbol} is in {name}, but not exported")
        for symbol in sorted(b - a):
            problems.append(f"{symbol} is exported, but not in {name}")
    libc = public(libc_path())
    for symbol in sorted(listed):
        for relative in relatives(symbol):
            if relative in libc and relative not in listed and relative not in RELATIVES_LEFT:
                problems.append(f"{relative} is in libc and a relative of {symbol}: not interposed")
    needed = re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "-d", library))
    if {name for name in needed if not name.startswith("ld-linux")} - {"libc.so.6", "libdl.so.2"}:
        problems.append(f"needs {needed}")
    tls = re.search(r"^\s+TLS\s+\S+ \S+ \S+\s+\S+ (0x\w+)", output("readelf", "-lW", library), re.M)
    if not tls or int(tls.group(1), 16) > 512:
        problems.append(f"TLS is {tls and int(tls.group(1), 16)} bytes")
    for symbol in sorted(undefined_strong(library) & GLIBC_ONLY):
        problems.append(f"{symbol} is not in musl, whose loader takes this library: declare it weak")
    if "INITFIRST" not in output("readelf", "-d", library):
        problems.append("not marked INITFIRST")
    for problem in problems:
        print(problem)
    print(f"{len(listed)} symbols, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
