#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Lines from memory that other threads and processes take away while they are written."""
import harness

PROGRAM = harness.program("vanishing")


class Vanishing(harness.Case):
    def test_nobody_dies_of_it(self):
        for way in ("write", "writev", "fwrite"):
            for memory in ("file", "page"):
                with self.subTest(way=way, memory=memory):
                    done = harness.run([harness.LOGTAP, "record", "-o", self.path("a.data"), "--",
                                        PROGRAM, way, memory, "20000"])
                    self.assertEqual(done.status, 0)


if __name__ == "__main__":
    harness.main()
