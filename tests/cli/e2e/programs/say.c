/* SPDX-License-Identifier: MIT */
/*
 * A program that complains in every way C has: `say WAY` does it in that one way, once or more, and
 * ends as that way ends. Knows nothing of logtap.
 */
#define _GNU_SOURCE
#undef NDEBUG /* assert is one of the ways, in every kind of build */
#include <assert.h>
#include <err.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>
#include <wchar.h>

static int say_perror(void)
{
	errno = ENOENT;
	perror("the first");
	errno = EACCES;
	perror(NULL);
	return 1;
}

static int say_err(void)
{
	errno = EPERM;
	err(3, "leaving with %d", 3);
}

static int say_warn(void)
{
	errno = EBUSY;
	warn("device %s", "sda");
	warnx("no reason at %s", "all");
	return 0;
}

static int say_error(void)
{
	fputs("stdout goes first\n", stdout);
	error(0, ENOSPC, "cannot write %s", "a.txt");
	error_at_line(0, 0, "config", 12, "unexpected %c", '}');
	error(4, 0, "giving up");
	return 0;
}

static int say_assert(void)
{
	volatile int two = 2;

	assert(two + two == 5);
	return 0;
}

static int say_getopt(void)
{
	char *arguments[] = { "say", "-x", "--bogus", "-v", NULL };
	const struct option options[] = { { "verbose", no_argument, NULL, 'v' }, { 0 } };

	while (getopt_long(4, arguments, "v:", options, NULL) != -1)
		continue;
	return 2;
}

static int say_psignal(void)
{
	siginfo_t info = { .si_signo = SIGSEGV, .si_code = SEGV_MAPERR };

	psignal(SIGTERM, "caught");
	psiginfo(&info, "fault");
	return 0;
}

static int say_putc(void)
{
	for (const char *c = "one character at a time\nand no newline"; *c; c++)
		putc(*c, stderr);
	return 0;
}

static int say_fputws(void)
{
	fputws(L"wide: \u00e4\u00f6\u00fc \u20ac \U0001f642\n", stderr);
	fwprintf(stderr, L"%ls and %d\n", L"formatted", 42);
	return 0;
}

static int say_dprintf(void)
{
	dprintf(2, "number %d, ", 1);
	dprintf(2, "number %d\n", 2);
	dprintf(STDERR_FILENO, "two\nlines\n");
	return 0;
}

static int say_writev(void)
{
	struct iovec pieces[] = { { "pieces ", 7 },
				  { "of a line\nand", 13 },
				  { " the next\n", 10 } };

	return writev(2, pieces, 3) == 30 ? 0 : 1;
}

static int say_write(void)
{
	int copy = dup(2);
	ssize_t sum = write(2, "to the number\n", 14);

	sum += write(copy, "to its copy\n", 12);
	close(copy);
	return sum == 26 ? 0 : 1;
}

static int say_buffered(void)
{
	static char buffer[8192];

	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
	for (int i = 0; i < 500; i++)
		fprintf(stderr, "buffered line %d\n", i);
	fputs("left to exit", stderr);
	return 0;
}

static int say_syslog(void)
{
	openlog("say", LOG_PID, LOG_DAEMON);
	errno = ENOENT;
	syslog(LOG_ERR, "no file: %m (%d%%)", 100);
	syslog(LOG_LOCAL3 | LOG_DEBUG, "from local3");
	syslog(LOG_INFO, "two\nlines in one message\n");
	syslog(LOG_EMERG, "%s", "");
	closelog();
	syslog(LOG_USER | LOG_NOTICE, "after closelog");
	return 0;
}

static int say_perror_syslog(void)
{
	openlog("say", LOG_PERROR, LOG_USER);
	syslog(LOG_WARNING, "to both %s", "ends");
	fputs("between them, a plain line\n", stderr);
	syslog(LOG_CRIT, "the last\n");
	return 0;
}

static int say_mask(void)
{
	openlog("say", 0, LOG_USER);
	setlogmask(LOG_UPTO(LOG_WARNING));
	syslog(LOG_INFO, "must not be seen");
	syslog(LOG_WARNING, "seen");
	setlogmask(LOG_MASK(LOG_DEBUG));
	syslog(LOG_ERR, "must not be seen");
	syslog(LOG_DEBUG, "seen too");
	return 0;
}

static int say_prefix(void)
{
	fputs("<3>an error by its prefix\n<7>a debug line\nno prefix\n<9>not a prefix\n", stderr);
	return 0;
}

static int say_bytes(void)
{
	static const char raw[] =
		"nul \0 inside\n\xff\xfe not UTF-8 \xc3\n\x1b[31mred\x1b[0m \a\b\t\r\n";

	return fwrite(raw, 1, sizeof(raw) - 1, stderr) == sizeof(raw) - 1 ? 0 : 1;
}

static int say_long(void)
{
	static char line[(1 << 20) + 1];

	for (size_t i = 0; i < sizeof(line) - 1; i++)
		line[i] = (char)('a' + i % 26);
	line[sizeof(line) - 1] = '\n';
	return fwrite(line, 1, sizeof(line), stderr) == sizeof(line) ? 0 : 1;
}

static int say_long_syslog(void)
{
	static char text[(1 << 17) + 1]; /* a datagram holds some 200 KiB */

	memset(text, 'x', sizeof(text) - 1);
	openlog("say", 0, LOG_USER);
	syslog(LOG_INFO, "start %s end", text);
	return 0;
}

static int say_nothing(void)
{
	return 0;
}

static const struct {
	const char *name;
	int (*say)(void);
} WAYS[] = {
	{ "perror", say_perror },
	{ "err", say_err },
	{ "warn", say_warn },
	{ "error", say_error },
	{ "assert", say_assert },
	{ "getopt", say_getopt },
	{ "psignal", say_psignal },
	{ "putc", say_putc },
	{ "fputws", say_fputws },
	{ "dprintf", say_dprintf },
	{ "writev", say_writev },
	{ "write", say_write },
	{ "buffered", say_buffered },
	{ "syslog", say_syslog },
	{ "perror-syslog", say_perror_syslog },
	{ "mask", say_mask },
	{ "prefix", say_prefix },
	{ "bytes", say_bytes },
	{ "long", say_long },
	{ "long-syslog", say_long_syslog },
	{ "nothing", say_nothing },
};

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	for (size_t i = 0; argc == 2 && i < sizeof(WAYS) / sizeof(WAYS[0]); i++) {
		if (strcmp(argv[1], WAYS[i].name) == 0)
			return WAYS[i].say();
	}
	fprintf(stderr, "usage: say WAY\n");
	return 2;
}
