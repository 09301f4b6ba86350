#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Real programs on the real kernel: cases of tests/matrix under `logtap run`, with perf record as
the collector and the same two oracles. A choice of quick ones; KERNEL_MATRIX=all for all of them
(run.sh --matrix), in the root folder KERNEL_MATRIX_ROOT."""
import concurrent.futures
import os
import re
import shutil
import sys

from kernel import BUILD, SOURCE, TRACING, Perf, finish, check, registered

sys.path.insert(0, SOURCE + "/tests/matrix")
import matrix  # noqa: E402
import sandbox  # noqa: E402

# Children, pipelines, job control, syslog, threads, a language's own buffering.
CHOICE = ["dash", "bash", "logger", "posix-pipeline", "gawk", "python3-syslog", "perl-syslog", "xargs"]


class PerfRunner(matrix.Runner):
    """Where the matrix records into a file, this lets perf listen. Every case has a provider of its
    own, so that several can run at the same time."""

    def run(self, case, recording=None):
        if recording is None:
            return super().run(case)
        provider = "m_" + re.sub(r"\W", "_", case.name)
        argv = ["/opt/logtap/bin/logtap", "run", "--provider=" + provider, "--",
                matrix.SHELL, "/case.sh"]
        folder = os.path.dirname(recording) + "/world"
        os.mkdir(folder)
        with open(folder + "/case.data", "w", encoding="ascii"):
            pass
        with registered(provider):
            perf = Perf("-m", "4M", events=("user_events:%s_*" % provider,))
            try:
                return sandbox.run(self.root, argv, matrix.ENV, case.body,
                                   [(self.build, "/opt/logtap"), (folder, "/rec")], 240)
            finally:
                shutil.move(perf.stop(), recording)
                perf.remove()


# A program that gives up its rights and then starts another: the new one opens the file again.
for path, mode in ((TRACING, 0o711), (TRACING + "/user_events_data", 0o666)):
    os.chmod(path, mode)
whole = os.environ.get("KERNEL_MATRIX") == "all"
cases = [case for case in matrix.load_cases() if whole or case.name in CHOICE]
known = matrix.load_known()
runner = PerfRunner(BUILD, os.environ.get("KERNEL_MATRIX_ROOT") or "/")
lines = 0
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for case, verdicts, _, counts, took in pool.map(runner.check, cases):
        unexplained = {k: v for k, v in verdicts.items() if (case.name, k) not in known}
        check("%s: equal (%d lines, %d syslog messages, %.0f s)" % (case.name, *counts, took),
              not unexplained, unexplained)
        lines += sum(counts)
check("there was something to capture", lines > (1000 if whole else 60), lines)
for path, mode in ((TRACING, 0o700), (TRACING + "/user_events_data", 0o640)):
    os.chmod(path, mode)
finish()
