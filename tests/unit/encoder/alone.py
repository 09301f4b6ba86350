#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The folder encoder/ by itself: a project that is built and installed, with examples and licence, and one
that another project takes in by add_subdirectory or FetchContent, without being changed by it."""
import filecmp
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

import harness

ENCODER = os.path.join(harness.SOURCE, "encoder")

PROGRAM = """
#include <evh/provider.h>
EVH_PROVIDER_DEFINE(provider, "Consumer");
int main(void)
{
	evh_provider_register(&provider);
	return EVH_WRITE(provider, "E", EVH_U8("a", 1)) == -EBADF ? 0 : 1;
}
"""

PROJECT = """
cmake_minimum_required(VERSION 3.22)
project(consumer C)
set(CMAKE_C_VISIBILITY_PRESET default)
%s
if(NOT CMAKE_C_VISIBILITY_PRESET STREQUAL "default" OR CMAKE_BUILD_TYPE)
	message(FATAL_ERROR "libevh has changed the project around it")
endif()
add_executable(consumer consumer.c)
target_compile_options(consumer PRIVATE -std=gnu11)
target_link_libraries(consumer PRIVATE evh::evh_static)
"""

FETCH = """
include(FetchContent)
FetchContent_Declare(evh URL "%s")
FetchContent_MakeAvailable(evh)
"""


def sh(*argv):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        print("%s: exit status %d\n%s" % (" ".join(argv), done.returncode, done.stdout))
        sys.exit(1)
    return done.stdout


def consume(scratch, name, how, build):
    folder = os.path.join(scratch, name)
    os.makedirs(folder)
    with open(folder + "/CMakeLists.txt", "w", encoding="utf-8") as file:
        file.write(PROJECT % how)
    with open(folder + "/consumer.c", "w", encoding="utf-8") as file:
        file.write(PROGRAM)
    sh("cmake", "-S", folder, "-B", folder + "/build", *GENERATOR)
    if build:
        sh("cmake", "--build", folder + "/build", "--target", "consumer", "-j2")
        sh(folder + "/build/consumer")
        if "libevh" in sh("cmake", "--install", folder + "/build", "--prefix", folder + "/prefix"):
            print("a project that takes libevh in installs it")
            sys.exit(1)


harness.need("cmake")
GENERATOR = ["-G", "Ninja"] if shutil.which("ninja") else []
with tempfile.TemporaryDirectory() as scratch:
    alone = shutil.copytree(ENCODER, os.path.join(scratch, "alone"))
    sh("cmake", "-S", alone, "-B", scratch + "/build", *GENERATOR, "-DCMAKE_C_FLAGS_RELWITHDEBINFO=-O0")
    sh("cmake", "--build", scratch + "/build", "-j2")
    sh("cmake", "--install", scratch + "/build", "--prefix", scratch + "/prefix")
    doc = scratch + "/prefix/share/doc/libevh-dev"
    for name in ("LICENSE", "README.md", "examples/encoder/count-lines.c",
                 "examples/encoder/trace-words.cc", "examples/encoder/reference/builder.c"):
        assert os.path.exists(os.path.join(doc, name)), name + " was not installed"
    for name in ("evh.hpp", "provider.h", "detail/arrays.h"):
        assert os.path.exists(os.path.join(scratch, "prefix/include/evh", name)), name
    archive = scratch + "/encoder.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(alone, "encoder")
    consume(scratch, "subdirectory", 'add_subdirectory("%s" evh)' % alone, False)
    consume(scratch, "fetched", FETCH % archive, True)

assert filecmp.cmp(os.path.join(ENCODER, "LICENSE"), os.path.join(harness.SOURCE, "LICENSE"), shallow=False)


def version(path):
    with open(path, encoding="utf-8") as file:
        return re.search(r"^project\(\w+ VERSION ([0-9.]+)", file.read(), re.M)[1]


assert version(ENCODER + "/CMakeLists.txt") == version(harness.SOURCE + "/CMakeLists.txt")
print("encoder/ stands alone")
