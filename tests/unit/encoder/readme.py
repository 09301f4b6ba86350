#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""encoder/README.md compares libevh with other libraries, item by item: each item names a test that
exists, and each function and macro that it names is in a header."""
import fnmatch
import json
import os
import re
import subprocess
import sys

import harness

ENCODER = os.path.join(harness.SOURCE, "encoder")
HEADERS = [os.path.join(harness.SOURCE, folder, "include") for folder in ("encoder", "decoder")]
# A cell that begins so says why there is nothing to test.
NONE = "none: "


def items(text):
    """(the item, the cell of its tests) of each row of the tables whose last column is called test."""
    is_table = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else []
        if not cells:
            is_table = False
        elif cells[-1] == "test":
            is_table = True
        elif is_table and not line.startswith("|---"):
            yield cells[0], cells[-1]


def known_tests():
    done = subprocess.run(["ctest", "--test-dir", harness.BUILD, "--show-only=json-v1"], stdout=subprocess.PIPE,
                          check=True)
    names = [test["name"] for test in json.loads(done.stdout)["tests"]]
    kernel = [name.rsplit(".", 1)[0] for name in os.listdir(os.path.join(harness.SOURCE, "tests", "kernel"))]
    return [name.removeprefix("unit-") for name in names] + ["kernel `%s`" % name for name in kernel]


def item_faults(text, tests):
    rows = list(items(text))
    if len(rows) < 70:
        yield "only %d items were found" % len(rows)
    for item, cell in rows:
        for name in [] if cell.startswith(NONE) else cell.replace("\\*", "*").split(", "):
            if not fnmatch.filter(tests, name):
                yield "%s: there is no test «%s»" % (item, name)


def declared_names():
    """As the compiler sees them: some are made by macros."""
    headers = [(folder, name) for folder in HEADERS for name in sorted(os.listdir(os.path.join(folder, "evh")))
               if name.endswith(".h")]
    source = "".join("#include <evh/%s>\n" % name for _, name in headers if name != "tep.h")
    done = subprocess.run(["cc", "-std=gnu11", "-E", "-dD", *["-I" + folder for folder in HEADERS], "-"],
                          input=source, stdout=subprocess.PIPE, text=True, check=True)
    return set(re.findall(r"\b(?:evh|EVH)_\w+", done.stdout))


def name_faults(text):
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    quoted = " ".join(re.findall(r"`([^`]+)`", text))
    # EVH_TYPE_...: for each type.
    named = set(re.findall(r"(?<!::)\b(?:evh_[a-z0-9_]*[a-z0-9]|EVH_(?!TYPE_)[A-Z0-9_]*[A-Z0-9])\b", quoted))
    if len(named) < 100:
        yield "only %d names were found" % len(named)
    for name in sorted(named - declared_names()):
        yield "%s is in no header" % name


def main():
    with open(os.path.join(ENCODER, "README.md"), encoding="utf-8") as file:
        text = file.read()
    faults = list(item_faults(text, known_tests())) + list(name_faults(text))
    for fault in faults:
        print(fault)
    print("%d items, %d faults" % (len(list(items(text))), len(faults)))
    return 1 if faults else 0


sys.exit(main())
