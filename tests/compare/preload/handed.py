#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is recorded of a buffer that changes hands with its bytes: what the reader got."""
import sys
import tempfile

import harness
import recording

PROGRAM = harness.program("handed")
# Around: the copy on the stack, a slot's, a pipe's; the last is beyond what is copied before.
SIZES = [20, 216, 217, 3000, 4096, 4097, 70000, 300000]
WAYS = ["write", "writev", "syscall", "syscallv", "fwrite", "send", "sendmsg"]
PLACES = [("heap", "overwrite"), ("static", "overwrite"), ("private", "overwrite"),
          ("shared", "overwrite"), ("private", "unmap")]


def main():
    failed = passed = 0
    with tempfile.TemporaryDirectory(prefix="logtap-handed-") as folder:
        path = f"{folder}/a.data"
        for way in WAYS:
            for memory, change in PLACES:
                for size in SIZES:
                    rounds = 30 if size < 5000 else 6
                    argv = [PROGRAM, way, memory, change, str(size), str(rounds)]
                    plain = harness.run(argv)
                    shim = harness.run([harness.LOGTAP, "record", "-o", path, "--", *argv])
                    problem = None
                    if (plain.status, plain.stdout) != (shim.status, shim.stdout):
                        problem = f"status {plain.status}, with the shim {shim.status}"
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
