# SPDX-License-Identifier: MIT
"""run and record as commands: they become the program, say clearly what they cannot do, map their
options to the shim's settings, and leave everything else of the program's world alone."""

import os
import re
import shutil
import signal
import subprocess

import harness
from harness import LOGTAP, Case, run

SAY = harness.program("e2e/say")
LIBRARY = os.path.realpath(os.path.join(harness.BUILD, "lib", "liblogtap.so"))
# What names the recording behind its path: whose form is only the encoder's business.
IDENTITY = r"\?id=[0-9a-f]{32}(\.[0-9a-f]+){4}"
HAVE_USER_EVENTS = os.path.exists("/sys/kernel/tracing/user_events_data")


class Launcher(Case):
    def launch(self, *words, **variables):
        return run([LOGTAP, *words], cwd=self.folder, **variables)

    def record_to(self, *words, **variables):
        return self.launch("record", "-o", self.path("out.data"), *words, **variables)

    def environment(self, *options, **variables):
        """The environment as the program sees it."""
        done = self.record_to(*options, "env", "-0", **variables)
        self.assertEqual(done.status, 0, done.stderr)
        return dict(entry.split("=", 1) for entry in done.stdout.decode().split("\0") if entry)

    def test_exit_status_is_the_programs(self):
        for status in (0, 1, 42, 124, 255):
            self.assertEqual(self.record_to("sh", "-c", f"exit {status}").status, status)

    def test_death_by_signal_is_the_programs(self):
        for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGABRT):
            self.assertEqual(self.record_to("sh", "-c", f"kill -{int(number)} $$").status, -number)

    def test_no_supervisor(self):
        """The program has the launcher's own process number, and no parent of ours."""
        child = subprocess.Popen([LOGTAP, "record", "-o", self.path("out.data"), "sh", "-c",
                                  "echo $$ $PPID"], stdout=subprocess.PIPE, env=harness.ENVIRONMENT)
        output, _ = child.communicate(timeout=harness.TIMEOUT)
        self.assertEqual(output.split(), [b"%d" % child.pid, b"%d" % os.getpid()])

    def test_argv0_is_as_typed(self):
        self.write("show", b"#!/bin/sh\necho \"$0\" \"$@\"\n", 0o755)
        done = self.record_to("--", "./show", "-o", "--help", "a b")
        self.assertEqual(done.stdout, b"./show -o --help a b\n")
        name = self.write("applet", b"", 0o755)
        shutil.copy(shutil.which("sh"), name)
        self.assertEqual(self.record_to("--", "applet", "-c", "echo $0", PATH=self.folder).stdout,
                         b"applet\n")

    def test_program_without_shebang(self):
        """As execvp and every shell do: a file that is no binary and no script runs under sh."""
        self.write("plain", b"echo ran\n", 0o755)
        self.assertEqual(self.record_to("./plain").stdout, b"ran\n")

    def test_nothing_else_changes(self):
        plain = run(["env"], cwd=self.folder).stdout.decode().splitlines()
        seen = self.record_to("env").stdout.decode().splitlines()
        ours = [line for line in seen if line not in plain]
        self.assertEqual(sorted(line.split("=")[0] for line in ours), ["LD_PRELOAD", "LOGTAP_SINK"])
        self.assertEqual([line for line in plain if line not in seen], [])

    def test_descriptors_and_signals(self):
        """No descriptor, no signal setting and no terminal setting of the launcher's stays."""
        show = "ls -l /proc/self/fd | wc -l; grep -E '^(Sig|Shd)(Ign|Blk|Cgt)' /proc/self/status"
        self.assertEqual(run(["env", "LOGTAP_DISABLE=1", "sh", "-c", show]).stdout,
                         self.record_to("sh", "-c", show, LOGTAP_DISABLE="1").stdout)

    def test_not_found(self):
        self.assertEqual(self.record_to("nosuchprogram").status, 127)
        self.assert_one_line(self.record_to("nosuchprogram").stderr, "nosuchprogram", "PATH")
        self.assertEqual(self.record_to("./nosuchprogram").status, 127)
        self.assertEqual(self.record_to("").status, 127)
        self.write("orphan", b"#!/nonexistent/interpreter\n", 0o755)
        done = self.record_to("./orphan")
        self.assertEqual(done.status, 127)
        self.assert_one_line(done.stderr, "orphan", "interpreter")
        self.assertFalse(os.path.exists(self.path("out.data")))

    def test_cannot_be_executed(self):
        self.write("text", b"#!/bin/sh\n", 0o644)
        for program in ("./text", self.folder):
            done = self.record_to(program)
            self.assertEqual(done.status, 126)
            self.assert_one_line(done.stderr, program)
        self.assertFalse(os.path.exists(self.path("out.data")))

    def test_refusals(self):
        """Everything of logtap's own is 125, one line, and nothing is started."""
        for words in (["--bogus", "touch", "started"], ["-z", "touch", "started"],
                      ["--level=loud", "touch", "started"], ["--level"], [],
                      ["--provider=a b", "touch", "started"],
                      ["--provider=a:b", "touch", "started"],
                      ["--provider=" + "x" * 250, "touch", "started"],
                      ["--capture=stdout", "touch", "started"],
                      ["--provider=", "touch", "started"], ["--level=", "touch", "started"],
                      ["--debug=/nonexist/x", "touch", "started"],
                      ["--debug=/", "touch", "started"],
                      ["--passthrough=maybe", "touch", "started"]):
            done = self.record_to(*words)
            self.assertEqual(done.status, 125, words)
            self.assert_one_line(done.stderr)
        for variable in ("LOGTAP_LEVEL", "LOGTAP_PROVIDER", "LOGTAP_CAPTURE", "LOGTAP_DETECT"):
            done = self.record_to("touch", "started", **{variable: "b:ad"})
            self.assertEqual(done.status, 125)
            self.assert_one_line(done.stderr, variable, "b:ad")
        done = self.record_to("touch", "started", LOGTAP_DEBUG="/nonexist/x")
        self.assertEqual(done.status, 125)
        self.assert_one_line(done.stderr, "LOGTAP_DEBUG", "/nonexist/x", "No such file")
        done = self.launch("record", "-o", "-", "touch", "started")
        self.assertEqual((done.status, done.stdout), (125, b""))
        self.assert_one_line(done.stderr, "stdout", "file")
        self.assertEqual(os.listdir(self.folder), [])

    def test_library_is_missing(self):
        done = self.record_to("touch", "started", LOGTAP_LIBRARY="/nonexistent/liblogtap.so")
        self.assertEqual(done.status, 125)
        self.assert_one_line(done.stderr, "/nonexistent/liblogtap.so")
        os.mkdir(self.path("a b"))
        shutil.copy(LIBRARY, self.path("a b/liblogtap.so"))
        done = self.record_to("touch", "started", LOGTAP_LIBRARY=self.path("a b/liblogtap.so"))
        self.assertEqual(done.status, 125)
        self.assert_one_line(done.stderr, "space", "LOGTAP_LIBRARY")
        self.assertEqual(os.listdir(self.folder), ["a b"])

    def test_library_elsewhere(self):
        copy = self.path("copy.so")
        shutil.copy(LIBRARY, copy)
        self.assertEqual(self.environment(LOGTAP_LIBRARY=copy)["LD_PRELOAD"], copy)
        os.symlink(LOGTAP, self.path("link"))
        done = run([self.path("link"), "record", "-o", self.path("x"), "sh", "-c",
                    "echo $LD_PRELOAD"])
        self.assertEqual(done.stdout.decode().strip(), LIBRARY)

    def test_present_preload_is_kept(self):
        if harness.SANITIZED:
            self.skipTest("a sanitized logtap does not start behind another preloaded library")
        other = self.path("other.so")
        self.write("other.c", b"int logtap_test_other = 1;\n")
        subprocess.run(["gcc", "-shared", "-o", other, self.path("other.c")], check=True)
        self.assertEqual(self.environment(LD_PRELOAD=other)["LD_PRELOAD"], f"{other}:{LIBRARY}")
        nested = self.record_to(LOGTAP, "record", "-o", self.path("inner.data"), "env",
                                LD_PRELOAD=other)
        self.assertIn(f"LD_PRELOAD={other}:{LIBRARY}\n".encode(), nested.stdout)
        self.assertRegex(nested.stdout.decode(),
                         f"(?m)^LOGTAP_SINK=file:{self.path('inner.data')}{IDENTITY}$")

    def test_options_are_settings(self):
        pairs = {"provider": "MyCo", "capture": "syslog", "passthrough": "off", "level": "err",
                 "stderr-level": "notice", "detect": "off", "only": "env,sh*", "skip": "bash",
                 "debug": "/dev/null"}
        seen = self.environment(*(f"--{key}={value}" for key, value in pairs.items()))
        for key, value in pairs.items():
            self.assertEqual(seen["LOGTAP_" + key.upper().replace("-", "_")], value)
        self.assertRegex(seen["LOGTAP_SINK"], f"^file:{self.path('out.data')}{IDENTITY}$")
        self.assertEqual(self.environment("--debug=log")["LOGTAP_DEBUG"], self.path("log"))
        self.assertNotIn("LOGTAP_ONLY", {key: value for key, value in
                                         self.environment("--only=").items() if value})
        # What the shell exported stands where no option says otherwise.
        seen = self.environment("--level=crit", LOGTAP_LEVEL="err", LOGTAP_DETECT="off")
        self.assertEqual((seen["LOGTAP_LEVEL"], seen["LOGTAP_DETECT"]), ("crit", "off"))

    def test_provider(self):
        self.write("my-prog.1", b"#!/bin/sh\necho x >&2\n", 0o755)
        for value, name in (("MyCo_App", "MyCo_App"), ("auto", "my_prog_1")):
            _, recording = self.record(["./my-prog.1"], [f"--provider={value}"], cwd=self.folder)
            self.assertEqual([event["provider"] for event in recording.events()], [name])
            done = recording.perf_script("-F", "event")
            self.assertIn(f"user_events:{name}_L4K2", done.stdout.decode())

    def test_scripts_have_their_own_names(self):
        """As --program of view and ps have them, beside their interpreter's."""
        for name in ("one.sh", "two.sh"):
            self.write(name, f"#!/bin/sh\necho {name} >&2\n".encode(), 0o755)
        for option, texts in (("--only=one*", b"one.sh\n"), ("--skip=one*", b"two.sh\n"), ("--only=sh", b"one.sh\ntwo.sh\n")):
            self.record_to(option, "sh", "-c", "./one.sh; ./two.sh; :")
            self.assertEqual(self.launch("view", "-o", "cat", self.path("out.data")).stdout, texts, option)

    def test_settings_take_effect(self):
        script = ["sh", "-c", "echo one >&2; echo '<3>two' >&2; echo '<7>three' >&2"]
        for options, expected in ((["--level=err"], b"two\n"), (["--capture=syslog"], b""),
                                  (["--stderr-level=err", "--level=err"], b"one\ntwo\n"),
                                  (["--skip=sh"], b""), (["--only=bash,perl"], b""),
                                  (["--only=*sh"], b"one\ntwo\nthree\n"),
                                  (["--detect=off"], b"one\n<3>two\n<7>three\n")):
            outcome, recording = self.record(script, options)
            self.assertEqual(outcome.stderr, b"one\n<3>two\n<7>three\n")
            self.assertEqual(recording.cat(), expected, options)

    def test_passthrough_off(self):
        outcome, recording = self.record(["sh", "-c", "echo x >&2; echo y; ls /nonexistent"],
                                         ["--passthrough=off"])
        self.assertEqual((outcome.stdout, outcome.stderr, outcome.status), (b"y\n", b"", 2))
        self.assertEqual(recording.cat().splitlines()[0], b"x")
        self.assertEqual(recording.cat().count(b"\n"), 2)

    def test_disable(self):
        outcome, recording = self.record(["sh", "-c", "echo x >&2"], LOGTAP_DISABLE="1")
        self.assertEqual(outcome.stderr, b"x\n")
        self.assertEqual(recording.cat(), b"")

    def test_default_file_and_old(self):
        for word in ("one", "two", "three"):
            done = self.launch("record", "sh", "-c", f"echo {word} >&2")
            self.assertEqual(done.status, 0)
        self.assertEqual(sorted(os.listdir(self.folder)), ["logtap.data", "logtap.data.old"])
        self.assertEqual(self.launch("view", "--output=cat").stdout, b"three\n")
        self.assertEqual(self.launch("view", "--output=cat", "logtap.data.old").stdout, b"two\n")

    def test_program_changes_folder(self):
        _, recording = self.record(["sh", "-c", "cd /; echo x >&2; exec sh -c 'echo y >&2'"],
                                   cwd=self.folder)
        self.assertEqual(recording.cat(), b"x\ny\n")

    def test_sinks_that_cannot_be_used(self):
        """The shim would lose everything without a word."""
        made = self.path("made.data")
        self.assertEqual(self.launch("record", "-o", made, "true").status, 0)
        os.chmod(made, 0o600)
        text = self.write("text", b"root:x:0:0:root:/root:/bin/bash\n")
        folder = os.listdir(self.folder)
        for sink, options, *words in (
                ("user_events:99", (), "99", "not open"),
                ("file:/no/such", (), "/no/such", "No such file", "logtap record"),
                (f"file:{text}", (), text, "no recording"),
                (f"file:{self.folder}", (), self.folder),
                ("file:/dev/null", (), "/dev/null", "no recording"),
                (f"file:{made}", ("--provider=Other",), "Other")):
            done = self.launch("run", f"--sink={sink}", *options, "touch", "started")
            self.assertEqual(done.status, 125, sink)
            self.assert_one_line(done.stderr, *words)
            self.assertEqual(os.listdir(self.folder), folder)
            done = self.launch("run", "--best-effort", f"--sink={sink}", *options, "echo", "ran")
            self.assertEqual(done, (b"ran\n", b"", 0), sink)
        for number, mode, word in ((9, "</dev/null", "writing"), (9, ">/dev/null", "user_events_data")):
            done = run(["bash", "-c", f"exec '{LOGTAP}' run --sink=user_events:{number} touch "
                        f"started {number}{mode}"], cwd=self.folder)
            self.assertEqual(done.status, 125)
            self.assert_one_line(done.stderr, word)
        self.assertEqual(os.listdir(self.folder), folder)

    def test_sink_is_a_recording_that_is_there(self):
        made = self.path("made.data")
        self.launch("record", "-o", made, "sh", "-c", "echo one >&2")
        done = self.launch("run", f"--sink=file:{made}", "sh", "-c", "echo two >&2")
        self.assertEqual((done.status, done.stderr), (0, b"two\n"))
        self.assertEqual(harness.Recording(made).cat(), b"one\ntwo\n")
        self.assertEqual(self.launch("run", f"--sink=file:{made}", "nosuchprogram").status, 127)

    def test_help(self):
        commands = re.findall(r"^  ([a-z]+) {2,}\S", self.launch("--help").stdout.decode().split("explains each")[0], re.M)
        self.assertIn("schema", commands)
        for command in commands:
            done = self.launch(command, "--help")
            self.assertEqual((done.status, done.stderr), (0, b""), command)
            self.assertEqual(self.launch(command, "-h"), done)
            for option in ("-V", "--version"):
                self.assertEqual(self.launch(command, option), self.launch("--version"))
            self.assertTrue(done.stdout.startswith(f"Usage: logtap {command}".encode()), command)
            self.assertEqual(self.launch("help", command).stdout, done.stdout)
            self.assertIn(command.encode(), self.launch("--help").stdout)
        for option in (b"--level", b"--provider", b"--user", b"--best-effort"):
            self.assertIn(option, self.launch("run", "--help").stdout)

    def test_args(self):
        """The command line is told where that is asked for, and not elsewhere: it may hold secrets."""
        program = ["sh", "-c", "echo said >&2", "a secret"]
        for options, variable, told in ((["--args=on"], "", True), (["--args=off"], "on", False), ([], "on", True), ([], "", False)):
            done = self.launch("record", *options, *program, LOGTAP_ARGS=variable)
            self.assertEqual((done.status, done.stderr), (0, b"said\n"))
            recorded = harness.contents(self.path("logtap.data"))
            self.assertEqual(b"a secret" in recorded, told, (options, variable))

    def test_level_words(self):
        lines = b"ls: cannot access 'x': No such file or directory\nerror: y\n"
        self.assertEqual(self.launch("level", "--brief", stdin=lines).stdout, b"err\nerr\n")
        self.assertEqual(self.launch("level", "--brief", "--words", stdin=lines).stdout, b"unknown\nerr\n")

    def test_version(self):
        done = self.launch("--version")
        self.assertRegex(done.stdout.decode(), r"^logtap \d+\.\d+\.\d+\n$")

    def test_help_into_a_full_disk(self):
        for words in (["--help"], ["--version"], ["run", "--help"], ["record", "--help"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([LOGTAP, *words], stdout=full, stderr=subprocess.PIPE,
                                      env=harness.ENVIRONMENT, check=False)
            self.assertEqual(done.returncode, 1)
            self.assert_one_line(done.stderr, "No space left on device")


class Run(Case):
    """`run` on a machine whose kernel has no user_events. With them: tests/kernel."""

    def setUp(self):
        super().setUp()
        if HAVE_USER_EVENTS:
            self.skipTest("this kernel has user_events; the kernel tests cover `run` there")

    def test_refuses_and_says_what_to_do(self):
        done = run([LOGTAP, "run", "touch", "started"], cwd=self.folder)
        self.assertEqual(done.status, 125)
        self.assert_one_line(done.stderr, "user_events", "logtap record")
        self.assertEqual(os.listdir(self.folder), [])

    def test_best_effort_starts(self):
        done = run([LOGTAP, "run", "--best-effort", SAY, "warn"])
        self.assertEqual(done, run([SAY, "warn"]))

    def test_sink_at_a_path(self):
        """A container's one file; what else stands there is refused before anything starts."""
        for path, word in ((self.path("nothing"), "No such file"), (self.write("file", b""), "not the kernel's")):
            done = run([LOGTAP, "run", f"--sink=user_events:{path}", "touch", "started"], cwd=self.folder)
            self.assertEqual(done.status, 125)
            self.assert_one_line(done.stderr, path, word)
            done = run([LOGTAP, "run", "--best-effort", f"--sink=user_events:{path}", SAY, "warn"])
            self.assertEqual(done, run([SAY, "warn"]))
        self.assertNotIn("started", os.listdir(self.folder))
        done = run([LOGTAP, "run", "--sink=user_events:relative/path", "true"])
        self.assert_one_line(done.stderr, "user_events:/ABSOLUTE/PATH")

    def test_sink_none_starts(self):
        self.assertEqual(run([LOGTAP, "run", "--sink=none", SAY, "warn"]), run([SAY, "warn"]))

    def test_sink_of_an_outer_logtap(self):
        """`run` inside `record` means the kernel, not the outer recording."""
        done = run([LOGTAP, "run", "touch", "started"], cwd=self.folder,
                   LOGTAP_SINK="file:" + self.path("x"))
        self.assertEqual(done.status, 125)
        self.assertEqual(os.listdir(self.folder), [])

    def test_user(self):
        if os.geteuid() != 0:
            done = run([LOGTAP, "run", "--best-effort", "--user=nobody", "id", "-un"])
            self.assertEqual(done.status, 125)
            self.skipTest("only root can become another user")
        done = run([LOGTAP, "run", "--best-effort", "--user=nobody", "sh", "-c",
                    "id -un; id -ur; id -Gn; echo $HOME $USER"])
        self.assertEqual(done.stderr, b"")
        self.assertRegex(done.stdout.decode(), r"^nobody\n\d+\nnogroup\n\S+ nobody\n$")
        done = run([LOGTAP, "run", "--best-effort", "--user=nosuchuser", "id"])
        self.assertEqual(done.status, 125)
        self.assert_one_line(done.stderr, "nosuchuser")


SANITIZED_C = b"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv)
{
	char *text = malloc(8);
	fputs("before\\n", stderr);
	if (argc > 1 && strcmp(argv[1], "overflow") == 0)
		text[8] = 'x';
	free(text);
	fprintf(stderr, "after %d\\n", argc);
	return 5;
}
"""

PARENT_C = b"""
#include <stdlib.h>
int main(int argc, char **argv)
{
	return argc > 1 ? system(argv[1]) >> 8 : 1;
}
"""


class Sanitizers(Case):
    """Programs with a sanitizer of gcc's: its runtime must come first, and is put there."""

    def build(self, *flags, compiler="gcc", name="program", source=SANITIZED_C):
        if not shutil.which(compiler):
            self.skipTest(f"{compiler} is not installed")
        self.write(name + ".c", source)
        done = subprocess.run([compiler, *flags, "-g", "-o", self.path(name),
                               self.path(name + ".c")], capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"{compiler} {' '.join(flags)} is not usable here")
        return self.path(name)

    def check(self, program):
        plain = run([program])
        tapped, recording = self.record([program])
        self.assertEqual(plain, tapped)
        self.assertEqual((plain.stderr, plain.status), (b"before\nafter 1\n", 5))
        self.assertEqual(recording.cat(), plain.stderr)

    def test_gcc_address(self):
        program = self.build("-fsanitize=address")
        self.check(program)
        _, plain, status = run([program, "overflow"])
        tapped, recording = self.record([program, "overflow"])
        self.assertEqual(tapped.status, status)
        numbers = re.compile(rb"0x[0-9a-f]+|==\d+==|\[\d+\]|thread T\d+|\bBuildId: \w+|:\d+\b")
        first = [numbers.sub(b"N", line) for line in plain.splitlines()[:3]]
        self.assertEqual([numbers.sub(b"N", line) for line in tapped.stderr.splitlines()[:3]],
                         first)
        self.assertIn(b"heap-buffer-overflow", tapped.stderr)
        self.assertTrue(recording.cat().startswith(b"before\n"))

    def test_children_of_a_sanitized_program(self):
        """Its runtime is for itself: a child that leaks, as most do, must not be told off for it;
        a sanitized child must start, too."""
        program = self.build("-fsanitize=address")
        parent = self.build("-fsanitize=address", name="parent", source=PARENT_C)
        argv = [parent, f"perl -e 'warn 1'; bash -c 'echo child >&2'; {program}; exit 9"]
        plain = run(argv)
        tapped, recording = self.record(argv)
        self.assertEqual(plain.status, 9)
        self.assertEqual(tapped, plain)
        self.assertEqual(recording.cat(), plain.stderr)

    def test_gcc_undefined(self):
        self.check(self.build("-fsanitize=undefined"))

    def test_gcc_thread(self):
        self.check(self.build("-fsanitize=thread"))

    def test_gcc_leak(self):
        self.check(self.build("-fsanitize=leak"))

    def test_clang_address(self):
        self.check(self.build("-fsanitize=address", compiler="clang"))

    def test_script_of_a_sanitized_interpreter(self):
        """The runtime is looked up through the first line of a script, and through env."""
        program = self.build("-fsanitize=address")
        for first in (program, f"/usr/bin/env {os.path.basename(program)}"):
            self.write("script", f"#!{first}\n".encode(), 0o755)
            done, recording = self.record([self.path("script")],
                                          PATH=self.folder + ":" + os.environ["PATH"])
            self.assertEqual(done, (b"", b"before\nafter 2\n", 5))
            self.assertEqual(recording.cat(), done.stderr)


if __name__ == "__main__":
    harness.main()
