# SPDX-License-Identifier: MIT
"""Real programs, with and without logtap: what they print, how they end and what a terminal shows
must be the same byte for byte; and what was recorded must be what they wrote, in order."""

import shutil
import sys

import harness
from dev_log import DevLog, need_own_dev
from harness import Case, ended, mask, run, run_on_terminal

BROKEN_C = b"""int main(void)
{
	int unused;
	return undeclared +
}
"""
PYTHON = shutil.which("python3", path="/usr/bin:/bin") or sys.executable


class Checked(Case):
    """The comparison itself; `{}` in an argument is the test's own folder."""

    def check(self, *argv, stdin=b"", removed_prefix=None, needs=None):
        program = needs or argv[0]
        if not shutil.which(program):
            self.skipTest(f"{program} is not installed")
        argv = [argument.replace("{}", self.folder) for argument in argv]
        plain = run(argv, stdin=stdin, cwd=self.folder)
        tapped, recording = self.record(argv, stdin=stdin, cwd=self.folder)
        self.assertEqual(mask(plain.stderr), mask(tapped.stderr))
        self.assertEqual(mask(plain.stdout), mask(tapped.stdout))
        self.assertEqual(plain.status, tapped.status)
        self.assertTrue(plain.stderr, "the program was to complain")
        expected = ended(tapped.stderr)
        if removed_prefix:
            expected = removed_prefix(expected)
        self.assertEqual(expected, recording.cat())
        self.check_terminal(argv, stdin)

    def check_terminal(self, argv, typed):
        plain = run_on_terminal(argv, typed, cwd=self.folder)
        tapped, recording = self.record(argv, runner=run_on_terminal, typed=typed, cwd=self.folder)
        self.assertEqual(mask(plain[0]), mask(tapped[0]))
        self.assertEqual(plain[1], tapped[1])
        self.assertTrue(recording.cat())


class Transparent(Checked):
    """Programs that write to stderr only."""

    def test_ls(self):
        self.check("ls", "--color=auto", "/nonexistent", "/")

    def test_grep(self):
        self.write("text", b"a needle\n")
        self.check("grep", "-Z", "needle", "text", "/nonexistent", "{}")

    def test_grep_option(self):
        self.check("grep", "-Z")

    def test_python_print(self):
        self.check(PYTHON, "-c", "import sys\nprint('out')\nprint('one', file=sys.stderr)\n"
                   "sys.stderr.write('two\\nthree')\n")

    def test_python_traceback(self):
        self.check(PYTHON, "-c", "def f():\n    raise ValueError('n\\u00e4h')\nf()")

    def test_perl_warn(self):
        self.check("perl", "-e", "warn qq{careful\\n}; warn 'with a line'; print 'out'")

    def test_perl_die(self):
        self.check("perl", "-e", "print 'out'; die 'the end'")

    def test_bash(self):
        self.check("bash", "-c", "echo x >&2; nosuchcommand; echo y; echo -n z >&2")

    def test_bash_children(self):
        self.check("bash", "-c", "ls /nonexistent; (echo sub >&2); { echo a; ls /none; } >&2 | cat; exit 7")

    def test_sh(self):
        self.check("sh", "-c", "echo x >&2; nosuchcommand; ls /none")

    def test_gcc(self):
        self.write("broken.c", BROKEN_C)
        self.check("gcc", "-Wall", "-c", "broken.c")

    def test_cat_and_stdin(self):
        self.check("cat", "-", "/nonexistent", "{}", stdin=b"from stdin\n")

    def test_cxx_streams(self):
        self.check(harness.program("e2e/streams"))

    def test_cxx_exception(self):
        self.check(harness.program("e2e/streams"), "throw")


# One test for each way that the C program knows and that only writes to stderr.
for way in ("perror", "err", "warn", "error", "assert", "getopt", "psignal", "putc", "fputws",
            "dprintf", "writev", "write", "buffered", "bytes", "long"):
    def check_way(self, way=way):
        self.check(harness.program("e2e/say"), way)
    setattr(Transparent, f"test_c_{way}", check_way)


class Prefix(Checked):
    """The sd-daemon prefix: removed from the message, seen by the terminal."""

    def test_prefix(self):
        self.check(harness.program("e2e/say"), "prefix",
                   removed_prefix=lambda data: data.replace(b"<3>", b"").replace(b"<7>", b""))
        _, recording = self.record([harness.program("e2e/say"), "prefix"])
        self.assertEqual([event["fields"]["level"] for event in recording.events()],
                         ["err", "debug", "info", "info"])
        self.assertEqual([event["level"] for event in recording.events()], [2, 5, 4, 4])


PYTHON_SYSLOG = """
import syslog, sys
syslog.syslog('before openlog, \\u00e4')
syslog.openlog('pytest', syslog.LOG_PID, syslog.LOG_MAIL)
syslog.syslog(syslog.LOG_ERR, 'an error')
print('between', file=sys.stderr)
syslog.setlogmask(syslog.LOG_UPTO(syslog.LOG_ERR))
syslog.syslog(syslog.LOG_INFO, 'masked')
syslog.syslog(syslog.LOG_CRIT | syslog.LOG_LOCAL7, 'critical')
"""

PERL_SYSLOG = """
use Sys::Syslog;
openlog('perltest', 'ndelay,pid', 'local0');
syslog('info', 'from %s', 'perl');
syslog('err|local1', 'no file: %m') for 1..3;
warn "between\\n";
closelog();
"""


class Syslog(Case):
    """Programs that call syslog: also what the system's log received is the same, and equals what
    was recorded."""

    def check(self, *argv, on_stderr_too=False):
        if not shutil.which(argv[0]):
            self.skipTest(f"{argv[0]} is not installed")
        with DevLog() as plain_log:
            plain = run(argv)
        with DevLog() as tapped_log:
            tapped, recording = self.record(argv)
        self.assertEqual(plain_log.masked(), tapped_log.masked())
        self.assertEqual(mask(plain.stderr), mask(tapped.stderr))
        self.assertEqual(plain.stdout, tapped.stdout)
        self.assertEqual(plain.status, tapped.status)
        self.assertTrue(plain_log.packets, "the program was to call syslog")

        events = recording.events()
        self.assertEqual([self.parts(packet) for packet in tapped_log.masked()],
                         [self.fields(event) for event in events if event["event"] == "syslog"])
        on_stderr = b"".join(event["fields"]["message"].encode() + b"\n" for event in events
                             if event["event"] == "stderr")
        if not on_stderr_too:
            self.assertEqual(ended(tapped.stderr), on_stderr)
        return events, tapped

    @staticmethod
    def parts(packet):
        """Priority, ident and message of a packet; a newline at its end is no part of it."""
        priority, rest = packet[1:].split(b">", 1)
        head, message = rest.split(b": ", 1)
        return (int(priority), head.replace(b"[PID]", b"").decode(),
                message.decode("utf-8", "latin1").removesuffix("\n"))

    LEVELS = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"]
    FACILITIES = ["kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron",
                  "authpriv", "ftp", "12", "13", "14", "15", "local0", "local1", "local2", "local3",
                  "local4", "local5", "local6", "local7"]

    def fields(self, event):
        fields = event["fields"]
        self.assertEqual(list(fields), ["level", "facility", "ident", "message"])
        priority = (self.FACILITIES.index(fields["facility"]) * 8 +
                    self.LEVELS.index(fields["level"]))
        return priority, fields["ident"], fields["message"].removesuffix("\n")

    def check_say(self, way, **keywords):
        return self.check(harness.program("e2e/say"), way, **keywords)

    def test_c(self):
        events, _ = self.check_say("syslog")
        self.assertEqual([event["level"] for event in events], [2, 5, 4, 1, 4])
        self.assertEqual(events[0]["fields"]["message"],
                         "no file: No such file or directory (100%)")

    def test_c_mask(self):
        events, _ = self.check_say("mask")
        self.assertEqual([event["fields"]["message"] for event in events], ["seen", "seen too"])

    def test_c_long(self):
        self.check_say("long-syslog")

    def test_perror_is_one_event(self):
        """LOG_PERROR: the copy on stderr is no event of its own; other lines there are."""
        events, tapped = self.check_say("perror-syslog", on_stderr_too=True)
        self.assertEqual([(event["event"], event["fields"]["message"]) for event in events],
                         [("syslog", "to both ends"), ("stderr", "between them, a plain line"),
                          ("syslog", "the last")])
        self.assertIn(b"say: to both ends\n", tapped.stderr)

    def test_python(self):
        self.check(PYTHON, "-c", PYTHON_SYSLOG)

    def test_perl(self):
        self.check("perl", "-e", PERL_SYSLOG)

    def test_nobody_at_dev_log(self):
        """Without a listener the calls still become events."""
        argv = [harness.program("e2e/say"), "syslog"]
        tapped, recording = self.record(argv)
        self.assertEqual(tapped, run(argv))
        self.assertEqual(len(recording.events("--event=syslog")), 5)


if __name__ == "__main__":
    if any("Syslog" in argument for argument in sys.argv[1:]):
        need_own_dev()
    harness.main()
