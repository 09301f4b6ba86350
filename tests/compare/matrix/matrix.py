#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The matrix: real programs, each without and with the shim, judged by two oracles.

One: stdout, stderr, exit status and the files left behind are what they are without the shim,
     after masking what already differs between two plain runs.
Two: stderr is a pipe of its own, and the captured messages are the lines that arrived there; and
     what a /dev/log listener and, in cases marked `journal`, listeners at the journal's sockets
     received is what was captured from syslog() and from programs that write there themselves.

    matrix.py [--root DIR] [--quick] [--collector file|perf] [--table FILE] [NAME...]

LOGTAP_BUILD names the build folder (default build/). Exit status 0 only when every case that ran is equal, or differs as tests/compare/matrix/known.tsv says.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [f"{HERE}/../../lib", f"{HERE}/../../kernel/lib"]
import harness  # noqa: E402
import sandbox  # noqa: E402
from harness import BUILD, as_lines  # noqa: E402
from oracle import difference  # noqa: E402

SHELL = "/bin/sh"
ENV = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
       "LANG": "C.UTF-8", "TERM": "dumb", "LC_ALL": "C.UTF-8"}


# Seconds for one run of a case: for what hangs, not for what a busy machine takes.
LIMIT = 900

ORACLE_ONE = {"stdout", "stderr", "status", "files"}


class Case:
    def __init__(self, header, body, category):
        words = header.split()
        self.options = dict(w.split("=", 1) for w in words if "=" in w)
        self.flags = {w for w in words if "=" not in w}
        self.name, self.category, self.body = self.options["name"], category, body


def load_cases():
    cases = []
    for name in sorted(os.listdir(f"{HERE}/cases")):
        with open(f"{HERE}/cases/{name}") as f:
            blocks = re.split(r"^#: ", f.read(), flags=re.M)[1:]
        for block in blocks:
            header, body = block.split("\n", 1)
            cases.append(Case(header, body, name.removesuffix(".sh")))
    return cases


def load_known():
    """known.tsv: case, oracle, and why the difference is right. One reason per accepted difference."""
    known = {}
    with open(f"{HERE}/known.tsv") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                case, oracle, why = line.rstrip("\n").split("\t")
                known[case, oracle] = why
    return known


# --- oracle one -------------------------------------------------------------------------------

# Addresses, digests, names of temporary files, then numbers of any form with their units, speeds too.
VARYING = re.compile(rb"0x[0-9a-fA-F]+| ?\b[0-9a-fA-F]{8,}\b|/tmp/[A-Za-z0-9_.-]+|[ -]*\d[\d.,:]*(?: ?[kKMG]?B/s|[kKMG]?)|N/A")


def views(data, any_order):
    """From strict to lax; the first in which two plain runs agree is the one that judges."""
    masked = VARYING.sub(b"#", data)
    if any_order:
        yield "exact, any order", sorted(data.split(b"\n"))
    else:
        yield "exact", data
        yield "numbers masked", masked
    yield "any order", sorted(masked.split(b"\n"))
    yield "any order, number of repeats masked", sorted(set(masked.split(b"\n")))


def judge(plain_a, plain_b, shim, any_order):
    """How the three compare: (what differs or None, the view that judged)."""
    a, b, s = (list(views(data, any_order)) for data in (plain_a, plain_b, shim))
    for (how, x), (_, y), (_, z) in zip(a, b, s):
        if x == y:
            return None if x == z else sample_difference(x, z), how
    # Lines that come and go between plain runs are left out on both sides.
    x, y, z = (set(v[-1][1]) for v in (a, b, s))
    return sample_difference(sorted(x & y), sorted(x & y & z)) if not (x & y) <= z else None, "common lines"


def files_as_bytes(files):
    skip = ("rec/", "rec\t", "root/.cache")
    return b"\n".join(f"{n}\t{w}".encode(errors="surrogateescape") for n, w in sorted(files.items())
                      if not n.startswith(skip) and n != "rec")


# --- oracle two -------------------------------------------------------------------------------

# The world's name is matrix; nginx leaves an empty one between two spaces.
SYSLOG_HEAD = re.compile(rb"^<\d+>(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:matrix | )?)?"
                         rb"(?:[^:\[ ]+(?:\[\d+\])?: )?", re.S)


def syslog_text(datagram):
    """What the program passed to syslog(), or wrote to the log itself, from what syslogd gets:
    <pri>time host ident[pid]: text."""
    return SYSLOG_HEAD.sub(b"", datagram.rstrip(b"\0\n"), 1)


def view(recording, event):
    done = harness.view("--output=cat", f"--event={event}", recording)
    return done.stdout, done.stderr


# --- one case ---------------------------------------------------------------------------------

class Runner:
    def __init__(self, root):
        self.root, self.known = root, load_known()

    def run(self, case, recording=None):
        if recording is None:
            with tempfile.TemporaryDirectory(prefix="logtap-rec-") as folder:
                # The same work for the shell as with a recording, so that process ids are the same.
                open(f"{folder}/case.data", "w").close()
                return sandbox.run(self.root, [SHELL, "/case.sh"], ENV, case.body,
                                   [(BUILD, "/opt/logtap"), (folder, "/rec")], LIMIT,
                                   "journal" in case.flags)
        argv = ["/opt/logtap/bin/logtap", "record", "-o", f"/rec/{os.path.basename(recording)}",
                "--", SHELL, "/case.sh"]
        # World-writable, so that programs which change their user can open it after an exec.
        os.chmod(os.path.dirname(recording), 0o777)
        return sandbox.run(self.root, argv, ENV, case.body,
                           [(BUILD, "/opt/logtap"), (os.path.dirname(recording), "/rec")], LIMIT,
                           "journal" in case.flags)

    def check(self, case):
        """A row: (name, verdicts by oracle, details)."""
        started = time.monotonic()
        folder = tempfile.mkdtemp(prefix="logtap-rec-")
        try:
            recording = f"{folder}/case.data"
            plain_a = self.run(case)
            # In another second, so that what depends on the clock shows as different in plain runs.
            time.sleep(1.05)
            plain_b = self.run(case)
            shim = self.run(case, recording)
            verdicts, views_used = self.compare(case, plain_a, plain_b, shim, recording)
            # What varies seldom may not have varied in the first two: more plain runs tell.
            for _ in range(3):
                if not self.unexplained(case, verdicts):
                    break
                again, used = self.compare(case, plain_a, self.run(case), shim, recording)
                verdicts = {k: v for k, v in verdicts.items() if k in again}
                views_used.update(used)
            if self.unexplained(case, verdicts):
                verdicts = self.try_again(case, verdicts, plain_a)
            counts = (len(as_lines(shim.err)), len(shim.log) + len(shim.journal))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return case, verdicts, views_used, counts, time.monotonic() - started

    def unexplained(self, case, verdicts):
        return {what for what in verdicts if what in ORACLE_ONE and (case.name, what) not in self.known}

    def try_again(self, case, verdicts, plain):
        """What is left of the verdicts when the case runs with the shim four more times.

        What a program does once in a hundred runs it may do for the first time with the shim, and
        in none of the plain runs beside it; what the shim does to it comes again. Oracle two has
        no such excuse: it holds for each of these runs."""
        seen, merged = set(), dict(verdicts)
        for _ in range(4):
            # A folder for each, as for the first: the case's first process looks at all that is in it.
            with tempfile.TemporaryDirectory(prefix="logtap-rec-") as folder:
                shim = self.run(case, f"{folder}/case.data")
                again, _ = self.compare(case, plain, self.run(case), shim, f"{folder}/case.data")
            seen |= set(again)
            merged.update(again)
        once = self.unexplained(case, verdicts) - seen
        for what in once:
            print(f"note: {case.name} differed in '{what}' in one run with the shim of five: {verdicts[what]}")
        return {what: text for what, text in merged.items() if what not in once}

    def compare(self, case, plain_a, plain_b, shim, recording):
        verdicts, used = {}, {}
        # order=any: several of its processes write at the same time.
        any_order = case.options.get("order") == "any"
        # varies=PATTERN: lines that come and go between plain runs, seldom.
        steady = lambda text: re.sub(rb".*" + case.options.get("varies", "$^").encode() + rb".*\n", b"", text)
        for what, pick in (("stdout", lambda r: r.out), ("stderr", lambda r: steady(r.err)),
                           ("status", lambda r: str(r.status).encode()),
                           ("files", lambda r: files_as_bytes(r.files))):
            differs, how = judge(pick(plain_a), pick(plain_b), pick(shim), any_order)
            used[what] = how
            if differs:
                verdicts[what] = f"({how}) {differs}"
        if "timeout" in (plain_a.status, shim.status):
            verdicts["status"] = "timeout"
        self.compare_captured(case, shim, recording, verdicts)
        return verdicts, used

    def compare_captured(self, case, shim, recording, verdicts):
        """Oracle two."""
        captured, complaint = view(recording, "stderr")
        if complaint:
            verdicts["view"] = complaint.decode(errors="replace").strip()
        wrong = difference(map(strip_prefix, as_lines(shim.err) + as_lines(shim.elsewhere)),
                           as_lines(captured))
        verdicts.update((f"stderr {k}", v) for k, v in wrong.items())
        if case.options.get("log") != "own":
            captured = view(recording, "syslog")[0] + view(recording, "journal")[0]
            arrived = b"\n".join([*map(syslog_text, shim.log), *shim.journal])
            wrong = difference(as_lines(arrived), as_lines(captured))
            verdicts.update((f"syslog {k}", v) for k, v in wrong.items())


class PerfRunner(Runner):
    """perf as the collector, on a kernel with user_events: one run of each case under `logtap run`,
    and oracle two. Each case has a provider of its own, so that several can run at the same time."""

    def __init__(self, root):
        super().__init__(root)
        import kernel  # what the kernel tests share
        self.kernel = kernel

    def check(self, case):
        started = time.monotonic()
        provider = "m_" + re.sub(r"\W", "_", case.name)
        argv = ["/opt/logtap/bin/logtap", "run", "--provider=" + provider, "--", SHELL, "/case.sh"]
        verdicts = {}
        # The events are held, and so is perf, until the last process of the case's world is gone.
        with tempfile.TemporaryDirectory(prefix="logtap-rec-") as folder, \
                self.kernel.registered(provider):
            perf = self.kernel.Perf("-m", "4M", events=(f"user_events:{provider}_*",))
            try:
                shim = sandbox.run(self.root, argv, ENV, case.body,
                                   [(BUILD, "/opt/logtap"), (folder, "/rec")], LIMIT,
                                   "journal" in case.flags)
                self.compare_captured(case, shim, perf.stop(), verdicts)
            finally:
                perf.remove()
        if shim.status == "timeout":
            verdicts["status"] = "timeout"
        counts = (len(as_lines(shim.err)), len(shim.log) + len(shim.journal))
        return case, verdicts, {"stdout": "-", "stderr": "-"}, counts, time.monotonic() - started


def strip_prefix(line):
    """The sd-daemon prefix, which the shim removes from a message."""
    return re.sub(rb"^<[0-7]>", b"", line)


def sample_difference(a, b):
    x, y = (set(d.split(b"\n") if isinstance(d, bytes) else d) for d in (a, b))
    only_a, only_b = sorted(x - y)[:2], sorted(y - x)[:2]
    return f"only plain {[repr(i)[1:90] for i in only_a]} only with the shim {[repr(i)[1:90] for i in only_b]}"


# --- the table --------------------------------------------------------------------------------

HEADS = {
    "file": ["# The matrix: real programs without and with the shim", "",
             "Made by `tests/compare/matrix/matrix.py --table`; do not edit. Oracles: see that file's head.", ""],
    "perf": ["# The matrix on a kernel with user_events: perf record as the collector", "",
             "Made by `tests/compare/matrix/vm.sh`; do not edit. Oracle two of `matrix.py`.", ""],
}


def table(rows, known, collector):
    out = HEADS[collector] + [
           f"{len(rows)} cases, {sum(r[3][0] for r in rows)} stderr lines, "
           f"{sum(r[3][1] for r in rows)} syslog messages.", "",
           "| case | of | stderr lines | syslog | stdout, stderr compared | result |",
           "|---|---|---|---|---|---|"]
    for case, verdicts, used, counts, _ in rows:
        how = " / ".join(used[k] for k in ("stdout", "stderr"))
        what = [f"{k}: {known.get((case.name, k), 'UNEXPLAINED: ' + v)}" for k, v in verdicts.items()]
        out.append(f"| {case.name} | {case.category} | {counts[0]} | {counts[1]} | {how} | "
                   f"{'; '.join(what).replace('|', chr(92) + '|') or 'equal'} |")
    return "\n".join(out) + "\n"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--root", help="the root folder to run in; default: this machine's own, read-only below")
    p.add_argument("--quick", action="store_true", help="the cases marked quick")
    p.add_argument("--collector", choices=("file", "perf"), default="file",
                   help="perf: one run of each under `logtap run`, and oracle two (see vm.sh)")
    p.add_argument("--jobs", type=int, default=max(2, (os.cpu_count() or 2) // 2))
    p.add_argument("--table", help="write the table of results to this file")
    p.add_argument("--list", action="store_true", help="print the cases and end")
    p.add_argument("names", nargs="*")
    args = p.parse_args()
    cases = [c for c in load_cases() if (not args.quick or "quick" in c.flags)
             and (not args.names or c.name in args.names)]
    if args.list:
        print("\n".join(f"{c.category}\t{c.name}" for c in cases))
        return 0
    runner = (PerfRunner if args.collector == "perf" else Runner)(args.root or "/")
    known = runner.known
    rows, failed = [], 0
    try:
        with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
            for row in pool.map(runner.check, cases):
                rows.append(row)
                case, verdicts, _, counts, took = row
                unexplained = {k: v for k, v in verdicts.items() if (case.name, k) not in known}
                failed += bool(unexplained)
                state = "DIFFERS" if unexplained else "known" if verdicts else "equal"
                print(f"{state:8} {case.name:22} {counts[0]:5} lines {counts[1]:3} syslog {took:6.1f} s",
                      flush=True)
                for k, v in unexplained.items():
                    print(f"         {k}: {v}", flush=True)
    except sandbox.Unavailable as e:
        print(f"0 passed, 0 failed, {len(cases)} skipped")
        harness.skip(f"the matrix needs root and mount namespaces here: {e}")
    if args.table:
        with open(args.table, "w") as f:
            f.write(table(rows, known, args.collector))
    judged = known if args.collector == "file" else [key for key in known if key[1] not in ORACLE_ONE]
    ran = {(case.name, k): k in verdicts for case, verdicts, *_ in rows for _, k in judged
           if (case.name, k) in known}
    for (name, k) in sorted(k for k, seen in ran.items() if not seen):
        print(f"note: {name} no longer differs in '{k}': known.tsv can do without it")
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
