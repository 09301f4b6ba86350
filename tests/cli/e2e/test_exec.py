# SPDX-License-Identifier: MIT
"""Programs that can't take the library, started by programs that have it: they run as without it,
whoever starts them and however, and those that can take it are captured. And what the launcher says
of a program that it starts itself."""

import os
import shutil
import subprocess

import harness
from harness import LOGTAP, Case, run

STARTER = harness.program("e2e/starter")
LIBRARY = os.path.realpath(os.path.join(harness.BUILD, "lib", "liblogtap.so"))

SAY_C = b"""
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
	const char *preload = getenv("LD_PRELOAD");
	fprintf(stderr, "argument %s\\n", argc > 1 ? argv[1] : "");
	if (getenv("SHOW"))
		printf("%s\\n", preload ? preload : "(unset)");
	return 7;
}
"""

# (name, compiler and flags, whether it is captured)
KINDS = {
    "native": (["gcc"], True),
    "narrow": (["gcc", "-m32"], False),
    "narrow-static": (["gcc", "-m32", "-static"], False),
    "static": (["gcc", "-static"], False),
    "static-pie": (["gcc", "-static-pie"], False),
    "musl": (["musl-gcc"], False),
    "address": (["gcc", "-fsanitize=address"], True),
    "thread": (["gcc", "-fsanitize=thread"], True),
    "leak": (["gcc", "-fsanitize=leak"], True),
}

WAYS = ["execve", "execv", "execvp", "execvpe", "execl", "execlp", "execle", "fexecve",
        "fexecve-path", "execveat", "syscall", "syscall-at", "vfork-execve", "vfork-execvp",
        "vfork-execl", "thread-execve", "spawn", "spawnp", "spawn/", "spawnp/"]


class Programs(Case):
    """What is shared: programs of each kind, in a folder that is on PATH."""

    def setUp(self):
        super().setUp()
        self.write("say.c", SAY_C)
        self.variables = {"PATH": self.folder + ":" + os.environ["PATH"]}

    def build(self, kind, name=None):
        """The path of a program of that kind, or None where it can't be built here."""
        argv, _ = KINDS[kind]
        path = self.path(name or "say-" + kind)
        if shutil.which(argv[0]):
            done = subprocess.run([*argv, "-o", path, self.path("say.c")], capture_output=True,
                                  check=False)
            if done.returncode == 0:
                return path
        print(f"SKIPPED {kind}: {' '.join(argv)} doesn't work here", flush=True)
        return None

    def compare(self, argv, captured, *options, **variables):
        """The same with and without; what was captured is what arrived, or nothing."""
        plain = run(argv, **self.variables, **variables)
        tapped, recording = self.record(argv, ["--quiet", *options], **self.variables, **variables)
        self.assertEqual(tapped, plain, argv)
        if captured is not None:
            self.assertEqual(recording.cat(), plain.stderr if captured else b"", argv)
        return plain


class Exec(Programs):
    def test_every_kind_in_every_way(self):
        tried = 0
        for kind, (_, captured) in KINDS.items():
            program = self.build(kind)
            if program is None:
                continue
            tried += 1
            ways = WAYS if kind in ("native", "narrow", "address") else ["execve", "spawn"]
            for way in ways:
                plain = self.compare([STARTER, way, program, "x"], captured)
                self.assertEqual(plain.stderr, b"argument x\n", (kind, way))
        self.assertGreaterEqual(tried, 3, "a compiler for three kinds at least")

    def test_large_environment(self):
        for kind in ("narrow", "address", "native"):
            program = self.build(kind)
            if program is None:
                continue
            for way in ("execve", "execvpe", "spawn"):
                self.compare([STARTER, way, program, "x"], KINDS[kind][1], ENVIRONMENT="large")

    def test_launched_itself(self):
        for kind, (_, captured) in KINDS.items():
            program = self.build(kind)
            if program:
                self.compare([program, "x"], captured)

    def test_scripts(self):
        """Through as many interpreters as the kernel follows, and text that execvp gives to sh."""
        for kind in ("narrow", "address", "native"):
            program = self.build(kind)
            if program is None:
                continue
            last = program
            for depth in range(4):
                script = self.write(f"{kind}-{depth}", f"#! {last} -x\n".encode(), 0o755)
                for way in ("execve", "execvp", "spawn"):
                    self.compare([STARTER, way, script, "x"], KINDS[kind][1])
                last = script
            self.write(f"{kind}-env", f"#!/usr/bin/env say-{kind}\n".encode(), 0o755)
            self.compare([STARTER, "execvp", self.path(f"{kind}-env")], KINDS[kind][1])
        text = self.write("text", b"echo from a shell >&2\n", 0o755)
        for way in ("execvp", "spawnp", "execve"):
            self.compare([STARTER, way, text], True)

    def test_along_path(self):
        """The first that can be executed counts, as for libc; an empty folder is this one."""
        native, narrow = self.build("native"), self.build("narrow")
        if narrow is None:
            self.skipTest("no compiler for 32-bit programs")
        for folder in ("one", "two", "three"):
            os.mkdir(self.path(folder))
        self.write("one/say", b"", 0o644)
        os.mkdir(self.path("two/say"))
        shutil.copy(narrow, self.path("three/say"))
        self.variables["PATH"] = ":".join(map(self.path, ("none", "one", "two", "three")))
        for way in ("execvp", "execlp", "spawnp", "vfork-execvp"):
            self.compare([STARTER, way, "say", "x"], False)
        shutil.copy(native, self.path("say"))
        self.variables["PATH"] = ":" + self.variables["PATH"]
        plain = run([STARTER, "execvp", "say", "x"], cwd=self.folder, **self.variables)
        tapped, recording = self.record([STARTER, "execvp", "say", "x"], cwd=self.folder,
                                        **self.variables)
        self.assertEqual((tapped, recording.cat()), (plain, b"argument x\n"))

    def test_preload_of_others(self):
        """What else is preloaded keeps its bytes and its order, also of a 32-bit program."""
        if harness.SANITIZED:
            self.skipTest("a sanitized logtap does not start behind another preloaded library")
        self.write("other.c", b"int logtap_test_other = 1;\n")
        other = self.path("other.so")
        subprocess.run(["gcc", "-shared", "-o", other, self.path("other.c")], check=True)
        for kind in ("narrow", "static", "address"):
            program = self.build(kind)
            if program is None:
                continue
            for value in (other, f"{other}:{other}", f" {other}::", ""):
                argv = ["sh", "-c", f"'{program}'; :"]
                plain = run(argv, LD_PRELOAD=value, SHOW="1")
                tapped, _ = self.record(argv, LD_PRELOAD=value, SHOW="1")
                if kind == "narrow":
                    wanted = plain.stdout if value else b"(unset)\n"
                else:
                    wanted = b":".join(filter(None, [value.encode(), LIBRARY.encode()])) + b"\n"
                # gcc's AddressSanitizer aborts behind a library that isn't its own.
                if kind == "address" and value.strip():
                    self.assertNotIn(b"runtime does not come first", tapped.stderr)
                self.assertEqual(tapped.stdout, wanted, (kind, value))

    def test_make_check_of_a_sanitized_project(self):
        program = self.build("address")
        if program is None or not shutil.which("make"):
            self.skipTest("no sanitizer or no make here")
        self.write("Makefile", b"check:\n\t@./say-address x; test $$? = 7\n\t@-./say-address y\n")
        argv = ["make", "-s", "-C", self.folder, "check"]
        plain = run(argv)
        tapped, recording = self.record(argv)
        self.assertEqual(tapped, plain)
        self.assertIn(b"argument x\nargument y\n", recording.cat())

    def test_no_option_of_the_sanitizer_is_touched(self):
        self.write("say.c", SAY_C.replace(b'"LD_PRELOAD"', b'"ASAN_OPTIONS"'))
        program = self.build("address")
        if program is None:
            self.skipTest("no sanitizer here")
        for variables in ({"SHOW": "1"}, {"SHOW": "1", "ASAN_OPTIONS": "verify_asan_link_order=1"}):
            self.compare([program], True, **variables)
            self.compare([STARTER, "execve", program], True, **variables)

    def test_program_that_can_only_be_executed(self):
        """It can't be read, so nobody can tell; it is started as it is."""
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("root and setpriv are needed")
        program = self.build("native")
        os.chmod(program, 0o711)
        os.chmod(self.folder, 0o755)
        self.compare(["setpriv", "--reuid=65534", "--clear-groups", STARTER, "execve", program,
                      "x"], None)

    def test_rights_to_the_library_are_gone(self):
        """Where the loader may not read the library any more, it has nothing to complain of."""
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("root and setpriv are needed")
        os.mkdir(self.path("closed"), 0o700)
        os.chmod(self.folder, 0o755)
        library = self.path("closed/liblogtap.so")
        shutil.copy(LIBRARY, library)
        argv = ["setpriv", "--reuid=65534", "--clear-groups", "sh", "-c", "ls /nonexistent; :"]
        self.compare(argv, None, LOGTAP_LIBRARY=library)

    def small_root(self):
        root = self.path("root")
        for program in ("/bin/ls", shutil.which("dash")):
            listing = run(["ldd", program]).stdout.decode().split()
            for path in [program, *(word for word in listing if word.startswith("/"))]:
                os.makedirs(root + os.path.dirname(path), exist_ok=True)
                shutil.copy(path, root + path)
        return root

    def test_other_root(self):
        """chroot, and a file system of another mount namespace; with the library there, too."""
        if os.geteuid() != 0 or not shutil.which("dash"):
            self.skipTest("root and dash are needed")
        root = self.small_root()
        script = "/bin/ls /a; exec /bin/ls /b"
        argv = ["chroot", root, shutil.which("dash"), "-c", script]
        self.compare(argv, False)
        if shutil.which("bwrap"):
            boxed = ["bwrap", "--ro-bind", root, "/", shutil.which("dash"), "-c", script]
            if run(boxed).stderr.startswith(b"/bin/ls"):
                self.compare(boxed, False)
        os.makedirs(root + os.path.dirname(LIBRARY))
        shutil.copy(LIBRARY, root + LIBRARY)
        self.compare(argv, None)

    def test_recursion_is_the_kernels(self):
        """A script that runs itself, and one that runs nothing: the kernel's own errors."""
        loop = self.path("loop")
        self.write("loop", f"#!{loop}\n".encode(), 0o755)
        self.write("lost", b"#!/nonexistent\n", 0o755)
        self.write("empty", b"#!\n", 0o755)
        for name in ("loop", "lost", "empty"):
            for way in ("execve", "spawn", "vfork-execve"):
                self.compare([STARTER, way, self.path(name)], False)

    def test_shells_of_libc(self):
        """system, popen and wordexp after a change of root or of rights, and where all is well."""
        if os.geteuid() != 0 or not shutil.which("dash"):
            self.skipTest("root and dash are needed")
        root = self.small_root()
        os.makedirs(root + "/bin", exist_ok=True)
        shutil.copy(shutil.which("dash"), root + "/bin/sh")
        os.mkdir(self.path("closed"), 0o700)
        library = self.path("closed/liblogtap.so")
        shutil.copy(LIBRARY, library)
        self.write("shells.c", SHELLS_C)
        program = self.path("shells")
        subprocess.run(["gcc", "-w", "-o", program, self.path("shells.c")], check=True)
        os.chmod(self.folder, 0o755)
        for argument in (root, "rights", "nothing"):
            argv = [program, argument]
            plain = run(argv)
            tapped, recording = self.record(argv, LOGTAP_LIBRARY=library)
            self.assertEqual(tapped, plain)
            self.assertIn(b"by system", plain.stderr)
            self.assertEqual(plain.stderr.count(b"\n"), 4)
            self.assertEqual(recording.cat(),
                             plain.stderr if argument == "nothing" else b"end\n")


SHELLS_C = b"""
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wordexp.h>
extern char **environ;
int main(int argc, char **argv)
{
	char line[100] = "";
	char **before = environ;
	wordexp_t words;
	FILE *file;
	if (argv[1][0] == '/') {
		if (chroot(argv[1]) || chdir("/")) return 9;
	} else if (!strcmp(argv[1], "rights") && setuid(65534)) {
		return 9;
	}
	printf("system %d\\n", system("echo by system >&2; exit 3"));
	file = popen("echo by popen >&2; echo out", "r");
	fgets(line, sizeof(line), file);
	printf("popen %s %d\\n", line, pclose(file));
	printf("wordexp %d\\n", wordexp("$(echo word; echo by wordexp >&2)", &words, WRDE_SHOWERR));
	printf("%s\\n", words.we_wordv[0]);
	fputs("end\\n", stderr);
	return before != environ;
}
"""

FAILING_C = b"""
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	static char huge[1 << 20];
	char *many[] = { "x", huge, NULL }, *one[] = { "x", NULL };
	int pid;
	(void)argc;
	memset(huge, 'h', sizeof(huge) - 1);
	fputs("prog: ", stderr);
	execl("/nonexistent", "x", (char *)0);
	execvp("no-such-program-anywhere", one);
	execv("/", one);
	execv("/etc/passwd", one);
	execv("/etc/passwd/x", one);
	execv("/bin/true", many);
	execv(argv[1], one);
	execve(NULL, one, NULL);
	syscall(SYS_execve, "/nonexistent", one, NULL);
	fexecve(open("/etc/passwd", O_RDONLY), one, environ);
	posix_spawn(&pid, "/nonexistent", NULL, NULL, one, environ);
	fputs("error: all failed\\n", stderr);
	fputs("last ", stderr);
	if (argv[2])
		execl(argv[2], argv[2], (char *)0);
	fputs("words", stderr);
	return 0;
}
"""


class Failing(Programs):
    """An exec that fails ends nothing; one that succeeds loses nothing."""

    def setUp(self):
        super().setUp()
        self.write("failing.c", FAILING_C)
        self.program = self.path("failing")
        subprocess.run(["gcc", "-w", "-o", self.program, self.path("failing.c")], check=True)
        self.lost = self.write("lost", b"#!/nonexistent/interpreter\n", 0o755)
        self.text = self.write("text", b"no program\n", 0o755)

    def test_line_goes_on(self):
        """Also over a failure that can't be foreseen (text: a helper might run it), as parts."""
        debug = self.path("debug")
        for target in (self.lost, self.text):
            self.compare([self.program, target], None)
            _, recording = self.record([self.program, target], [f"--debug={debug}"])
            self.assertEqual(recording.cat(), b"prog: error: all failed\nlast words\n")
            with open(debug, encoding="utf-8") as file:
                last = file.read().splitlines()[-1]
            os.unlink(debug)
            self.assertIn("captured=2 sent=2 ", last)

    def test_severity_is_the_whole_lines(self):
        _, recording = self.record([self.program, self.lost])
        self.assertEqual([event["fields"]["level"] for event in recording.events()],
                         ["err", "info"])

    def test_successful_exec_sends_the_line(self):
        say = self.build("native")
        _, recording = self.record([self.program, self.lost, say])
        self.assertEqual(recording.cat(), b"prog: error: all failed\nlast \nargument \n")


class Notice(Programs):
    """One line before the start that says why nothing can be captured, and no word otherwise."""

    def notice(self, *argv, options=()):
        return run([LOGTAP, "record", "-o", self.path("n.data"), *options, "--", *argv],
                   cwd=self.folder).stderr

    def test_kinds(self):
        words = {"static": "statically linked", "static-pie": "statically linked",
                 "narrow-static": "statically linked", "musl": "musl", "narrow": "32-bit"}
        for kind, word in words.items():
            program = self.build(kind)
            if program is None:
                continue
            first, rest = self.notice(program, "x").split(b"\n", 1)
            self.assertEqual(rest, b"argument x\n")
            self.assert_one_line(first + b"\n", word, program, "not captured", "logtap cat")
            self.assertEqual(self.notice(program, "x", options=["-q"]), b"argument x\n")
            script = self.write("script", f"#!{program}\n".encode(), 0o755)
            self.assert_one_line(self.notice(script).split(b"\n")[0] + b"\n", word)
        for kind in ("native", "address", "thread"):
            program = self.build(kind)
            if program:
                self.assertEqual(self.notice(program, "x"), b"argument x\n")

    def test_busybox(self):
        busybox = shutil.which("busybox")
        if not busybox or b"statically" not in run(["file", "-L", busybox]).stdout:
            self.skipTest("no static busybox here")
        self.assert_one_line(self.notice(busybox, "true"), "statically linked", busybox)

    def test_environment_that_is_cleaned(self):
        for argv in (["env", "-i"], ["env", "-"], ["/usr/bin/env", "--ignore-environment"],
                     ["env", "-u", "LD_PRELOAD"], ["env", "-uLD_PRELOAD"], ["env", "-vi"],
                     ["env", "--unset=LD_PRELOAD"], ["env", "-u", "X", "-i"]):
            done = run([LOGTAP, "record", "-o", self.path("n.data"), *argv, "/bin/true"])
            self.assert_one_line(b"".join(line for line in done.stderr.splitlines(True)
                                          if line.startswith(b"logtap")), "LD_PRELOAD", "env")
            self.assertEqual(done.status, 0)
        for argv in (["env"], ["env", "-u", "i"], ["env", "--", "X=-i"], ["env", "-C", "/", "true"],
                     ["env", "X=1", "sh", "-c", ":", "-i"]):
            done = run([LOGTAP, "record", "-o", self.path("n.data"), *argv])
            self.assertEqual(done.stderr, b"", argv)

    def test_setuid(self):
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("root and setpriv are needed")
        program = self.build("native")
        os.chmod(self.folder, 0o777)
        os.chown(program, 1, 1)
        os.chmod(program, 0o4755)
        self.assert_one_line(self.notice(program, "x").split(b"\n")[0] + b"\n", "setuid",
                             "LD_PRELOAD", program)
        self.assertEqual(self.notice(program, "x", options=["--quiet"]), b"argument x\n")

    def test_control_characters(self):
        static = self.build("static", name="a\nlogtap: forged\x1b[1m")
        if static:
            self.assert_one_line(self.notice(static, "x").split(b"\n")[0] + b"\n", "a?logtap")

    def test_doctor_agrees(self):
        for kind, (_, captured) in KINDS.items():
            program = self.build(kind)
            if program:
                done = run([LOGTAP, "doctor", program])
                line = [line for line in done.stdout.decode().splitlines() if " program " in line]
                self.assertEqual(line[0].startswith("ok"), captured, line)
        for name in ("chroot", "unshare", "bwrap"):
            if shutil.which(name):
                self.assertIn("another root", run([LOGTAP, "doctor", name]).stdout.decode())


if __name__ == "__main__":
    harness.main()
