#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every public function and macro of libevh is called in encoder/examples/reference, which is compiled, and
every macro has its comment right in front of it, where editors look for it."""
import glob
import os
import re
import sys

import harness

INCLUDE = os.path.join(harness.SOURCE, "encoder/include/evh")
REFERENCE = os.path.join(harness.SOURCE, "encoder/examples/reference/*.c")
HEADERS = sorted(glob.glob(INCLUDE + "/*.h")) + [INCLUDE + "/detail/arrays.h", INCLUDE + "/detail/strings.h"]

# What macros and inline functions are made of; their headers say so.
INNER = {"evh_builder_begin", "evh_builder_put_value", "evh_builder_put_units", "evh_builder_put_meta",
         "evh_builder_type", "evh_builder_name_length", "evh_plain_write_row", "EVH_METADATA_REVISIT"}


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def public_names(text):
    code = without_comments(text)
    names = set(re.findall(r"^EVH_API\b[^;]*?\b(evh_\w+)\s*\(", code, flags=re.M))
    names |= set(re.findall(r"^static inline [^;{]*?\b(evh_\w+)\s*\(", code, flags=re.M))
    names |= {"evh_builder_add_" + word for word in re.findall(r"^EVH_BUILDER_ADD_VALUE_\((\w+),", code, flags=re.M)}
    names |= {name for name in re.findall(r"^#\s*define (EVH_\w+)\(", code, flags=re.M) if not name.endswith("_")}
    return names - INNER


def main():
    called = set()
    for path in glob.glob(REFERENCE):
        with open(path, encoding="utf-8") as file:
            called |= set(re.findall(r"\b(\w+)\(", without_comments(file.read())))
    faults, count = 0, 0
    for path in HEADERS:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for name in sorted(public_names(text)):
            count += 1
            if name not in called:
                faults += 1
                print("%s: %s is called nowhere in examples/reference" % (os.path.basename(path), name))
            if name.startswith("EVH_") and not re.search(r"\*/\n#\s*define %s\(" % name, text):
                faults += 1
                print("%s: no comment stands in front of %s" % (os.path.basename(path), name))
    print("%d functions and macros, %d faults" % (count, faults))
    return 1 if faults or count < 200 else 0


sys.exit(main())
