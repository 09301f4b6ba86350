#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The public headers, each by itself, and events of all kinds: in every language they promise, with
warnings that no other part of the project is compiled with, and without a word from the compiler. In
a language that is too old there is one clear error."""
import concurrent.futures
import glob
import os
import shutil
import subprocess
import sys
import tempfile

import harness

INCLUDE = os.path.join(harness.SOURCE, "encoder/include")
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Wsign-conversion", "-Wundef",
            "-Wcast-qual", "-Wcast-align", "-Wformat=2", "-Wvla", "-Wpointer-arith"]
C_ONLY = ["-Wstrict-prototypes", "-Wmissing-prototypes"]
CXX_ONLY = ["-Wold-style-cast", "-Wzero-as-null-pointer-constant", "-Woverloaded-virtual", "-Wnon-virtual-dtor"]
GCC_CXX_ONLY = ["-Wuseless-cast"]

C_COMPILERS = [("gcc", standard) for standard in ("c11", "gnu11", "gnu17")] + [("clang", "c11"), ("clang", "gnu11")]
CXX_COMPILERS = [("g++", standard) for standard in ("c++11", "gnu++17", "c++20")] \
    + [("clang++", "c++11"), ("clang++", "c++20")]

EVENTS = """
#include <evh/provider.h>
EVH_PROVIDER_DEFINE(provider, "MyCo", "group");
int all(const char *text, const unsigned *numbers, unsigned count, const struct timespec *now,
	const unsigned char *id);
int all(const char *text, const unsigned *numbers, unsigned count, const struct timespec *now,
	const unsigned char *id)
{
	int size = 3;

	EVH_WRITE(provider, "E");
	return EVH_WRITE(provider, "All", EVH_LEVEL(EVH_LEVEL_ERROR), EVH_KEYWORD(0x10), EVH_TAG(1),
			 EVH_OPCODE(EVH_OPCODE_REPLY), EVH_ID(1, 2), EVH_ACTIVITY_RELATED(id, id),
			 EVH_U8("u8", 1), EVH_I8("i8", -1), EVH_U16("u16", 1), EVH_I64("i64", size),
			 EVH_HEX32("hex", count), EVH_SIZE("size", 1), EVH_SSIZE("ssize", -1),
			 EVH_POINTER("pointer", text), EVH_F32("f32", 1.0f), EVH_F64("f64", 1.0),
			 EVH_BOOL8("bool8", true), EVH_BOOL32("bool32", size), EVH_CHAR8("char8", 'x'),
			 EVH_GUID("guid", id), EVH_IPV4("ipv4", count), EVH_IPV6("ipv6", id),
			 EVH_PORT("port", 80), EVH_ERRNO("errno", size), EVH_PID("pid", size),
			 EVH_TIME64("time64", now->tv_sec), EVH_SYSTEMTIME("systemtime", *now),
			 EVH_U32_VARRAY("varray", numbers, count), EVH_U32_ARRAY("array", numbers, 2),
			 EVH_ZSTR8("zstr8", text), EVH_STR8_JSON("str8", text, count, EVH_TAG(3)),
			 EVH_BINARY("binary", text, count), EVH_VALUE("deduced", size), EVH_VAR(text),
			 EVH_VAR(count + 1), EVH_VALUE("literal", "text"),
			 EVH_STRUCT("struct", EVH_U8("in", 1), EVH_STRUCT("in", EVH_U8("deep", 1))),
			 EVH_RAW_STRUCT_VARRAY("raw", 1), EVH_RAW_META("meta", EVH_ENCODING_VALUE8),
			 EVH_RAW_DATA(text, count))
	       + EVH_ENABLED(provider, 4, 0);
}
"""

# What is known only when a template is used.
TEMPLATES = """
template <class T> struct kept {
	T value;
	int log(const unsigned char *id) const
	{
		return EVH_WRITE(provider, "T", EVH_ACTIVITY(id), EVH_VALUE("v", value),
				 EVH_STRUCT("s", EVH_U32("i", value)));
	}
};
template <int Level> int log_at(unsigned value)
{
	return EVH_ENABLED(provider, Level, 1) + EVH_WRITE(provider, "L", EVH_LEVEL(Level), EVH_VAR(value));
}
int used(const unsigned char *id);
int used(const unsigned char *id)
{
	return kept<unsigned>{ 1 }.log(id) + kept<unsigned char>{ 2 }.log(id) + log_at<1>(3) + log_at<2>(4);
}
"""


def options(compiler):
    cxx = compiler in ("g++", "clang++")
    return WARNINGS + (CXX_ONLY if cxx else C_ONLY) + (GCC_CXX_ONLY if compiler == "g++" else [])


def compile_it(folder, number, compiler, standard, source, more):
    path = os.path.join(folder, "%d.%s" % (number, "cc" if compiler.endswith("++") else "c"))
    with open(path, "w") as file:
        file.write(source)
    return subprocess.run([compiler, "-std=" + standard, "-D_GNU_SOURCE", "-fsyntax-only", "-I", INCLUDE,
                           *more, path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def quiet(job):
    folder, number, compiler, standard, what, source = job
    done = compile_it(folder, number, compiler, standard, source, options(compiler))
    if done.returncode or done.stdout:
        return "%s -std=%s, %s:\n%s" % (compiler, standard, what, done.stdout)
    return None


def too_old(folder):
    """(header, compiler, standard): the first error says what is needed."""
    for header, compiler, standard in [("provider.h", "g++", "c++98"), ("provider.h", "gcc", "gnu99"),
                                       ("evh.hpp", "g++", "c++98")]:
        if not shutil.which(compiler):
            continue
        done = compile_it(folder, 0, compiler, standard, "#include <evh/%s>\n" % header, [])
        first = next((line for line in done.stdout.splitlines() if "error" in line), "")
        if not done.returncode or "needs C" not in first:
            yield "%s -std=%s, %s: no clear error first:\n%s" % (compiler, standard, header, done.stdout)


def main():
    headers = sorted(os.path.basename(path) for path in glob.glob(os.path.join(INCLUDE, "evh/*.h*")))
    c_headers = [name for name in headers if name.endswith(".h")]
    everything = "".join("#include <evh/%s>\n" % name for name in c_headers)
    with tempfile.TemporaryDirectory() as folder:
        jobs = []
        for number, name in enumerate(headers):
            compiler, standard = ("g++", "c++11") if name.endswith(".hpp") else ("gcc", "c11")
            jobs.append((folder, number, compiler, standard, name, "#include <evh/%s>\n" % name))
        for compiler, standard in C_COMPILERS + CXX_COMPILERS:
            source = everything + EVENTS
            if compiler.endswith("++"):
                source += "#include <evh/evh.hpp>\n" + TEMPLATES
            jobs.append((folder, len(jobs), compiler, standard, "everything", source))
        missing = {job[2] for job in jobs if not shutil.which(job[2])}
        for compiler in missing:
            print("SKIPPED: there is no %s" % compiler)
        jobs = [job for job in jobs if job[2] not in missing]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            faults = [fault for fault in pool.map(quiet, jobs) if fault]
        faults += too_old(folder)
    for fault in faults:
        print(fault)
    print("%d compilations, %d faults" % (len(jobs), len(faults)))
    return 1 if faults else 0


sys.exit(main())
