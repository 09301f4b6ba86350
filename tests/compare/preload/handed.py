#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is recorded of a buffer that changes hands with its bytes: what the reader got.

    handed.py BUILD HANDED
"""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import recording  # noqa: E402

# Around: the copy on the stack, a slot's, a pipe's; the last is beyond what is copied before.
SIZES = [20, 216, 217, 3000, 4096, 4097, 70000, 300000]
WAYS = ["write", "writev", "syscall", "syscallv", "fwrite", "send", "sendmsg"]
PLACES = [("heap", "overwrite"), ("static", "overwrite"), ("private", "overwrite"),
          ("shared", "overwrite"), ("private", "unmap")]


def main():
    build, program = sys.argv[1:3]
    failed = passed = 0
    with tempfile.TemporaryDirectory(prefix="logtap-handed-") as folder:
        path = f"{folder}/a.data"
        for way in WAYS:
            for memory, change in PLACES:
                for size in SIZES:
                    rounds = 30 if size < 5000 else 6
                    argv = [program, way, memory, change, str(size), str(rounds)]
                    plain = subprocess.run(argv, stdout=subprocess.PIPE, timeout=600, check=False)
                    shim = subprocess.run([f"{build}/bin/logtap", "record", "-o", path, "--", *argv],
                                          stdout=subprocess.PIPE, timeout=600, check=False)
                    problem = None
                    if (plain.returncode, plain.stdout) != (shim.returncode, shim.stdout):
                        problem = f"status {plain.returncode}, with the shim {shim.returncode}"
                    else:
                        got, want = recording.messages(path), shim.stdout.split(b"\n")[:-1]
                        wrong = [i for i, pair in enumerate(zip(got, want)) if pair[0] != pair[1]]
                        if got != want:
                            problem = (f"{len(want)} lines, {len(got)} recorded, "
                                       f"{len(wrong)} differ: {[got[i][:60] for i in wrong[:2]]}")
                    passed += not problem
                    failed += bool(problem)
                    if problem:
                        print(f"FAILED {' '.join(argv[1:])}: {problem}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
