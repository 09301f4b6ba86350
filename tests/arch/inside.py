#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs tests of a build for another architecture, inside a folder with that architecture's programs, where
neither cmake nor ctest is. run.sh starts it.

    inside.py LIST PATTERN...    LIST: what `ctest --show-only=json-v1` says
"""
import json
import os
import re
import subprocess
import sys

SKIPPED = 77
TIMEOUT = 1200


def properties(test):
    return {entry["name"]: entry["value"] for entry in test.get("properties", [])}


def run(test):
    """(how, what it printed)"""
    said = properties(test)
    if "command" not in test:
        return "failed", "its program was not built"
    environment = dict(os.environ)
    environment.update(entry.split("=", 1) for entry in said.get("ENVIRONMENT", []))
    try:
        done = subprocess.run(test["command"], env=environment, cwd=said.get("WORKING_DIRECTORY"), timeout=TIMEOUT,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    except subprocess.TimeoutExpired as expired:
        return "failed", "no end within %d s\n%s" % (TIMEOUT, (expired.stdout or b"").decode(errors="replace"))
    except OSError as error:
        return "failed", str(error)
    text = done.stdout.decode(errors="replace")
    if done.returncode == said.get("SKIP_RETURN_CODE"):
        return "skipped", text
    wanted = said.get("PASS_REGULAR_EXPRESSION")
    passed = any(re.search(pattern, text) for pattern in wanted) if wanted else done.returncode == 0
    return ("passed" if passed else "failed"), text


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        tests = json.load(file)["tests"]
    chosen = [test for test in tests if any(re.fullmatch(pattern, test["name"]) for pattern in sys.argv[2:])]
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    for test in chosen:
        how, text = run(test)
        counts[how] += 1
        print("%-8s %s" % (how if how != "failed" else "FAILED", test["name"]), flush=True)
        if how == "failed":
            print(text[-6000:], flush=True)
        for line in text.splitlines():
            if how != "failed" and line.lstrip().startswith("SKIPPED"):
                print("         " + line.strip(), flush=True)
    if not chosen:
        counts["failed"] = 1
        print("FAILED   no test of such a name")
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % counts)
    return counts["failed"] != 0


if __name__ == "__main__":
    sys.exit(main())
