# SPDX-License-Identifier: MIT
"""A program without and with the preload library under seccomp filters, and what was recorded."""
import re
import subprocess

import harness
import recording


def system_calls():
    """The numbers of this machine's system calls by name, from the headers."""
    text = subprocess.run(["cc", "-E", "-dM", "-xc", "-include", "sys/syscall.h", "/dev/null"],
                          capture_output=True, check=True, text=True).stdout
    return {name: int(number)
            for name, number in re.findall(r"^#define __NR_(\w+) (\d+)$", text, re.MULTILINE)}


class Done:
    def __init__(self, done, texts=()):
        self.out, self.err, self.status = done
        self.texts = list(texts)

    def seen(self):
        """All that the program shows; addresses and pids in it are nobody's business."""
        return self.status, self.out, self.err

    def lines(self):
        """What should have been recorded: the lines of stderr, an unfinished one as well."""
        return harness.as_lines(self.err)


class Case(harness.Case):
    def setUp(self):
        super().setUp()
        self.path = f"{self.folder}/a.data"

    def run_plain(self, argv, **options):
        env = {"LC_ALL": "C", **options.pop("env", {})}
        return Done(harness.run(argv, stdin=subprocess.DEVNULL, timeout=60, **env, **options))

    def run_shim(self, argv, before=(), env=None, **options):
        """before: the program that starts argv, itself without the library (a filter's)."""
        settings = {**harness.preload_settings(self.path), **(env or {})}
        if before:
            argv = [*before, "env", *(f"{name}={value}" for name, value in settings.items()), *argv]
            settings = {}
        done = self.run_plain(argv, env=settings, **options)
        done.texts = [e.message for e in recording.joined(recording.events(self.path))]
        return done

    def filtered(self, mode, action, calls):
        return [harness.program("seccomp/filtered"), mode, action, *map(str, calls), "--"]

