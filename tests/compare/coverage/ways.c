/* SPDX-License-Identifier: MIT */
/*
 * One program, many ways to write to stderr or to syslog: `ways NAME` takes the way of that name in
 * ways.tsv. What arrives at the other end of descriptor 2 is the truth that a capture is held
 * against, so a way only has to say something that differs from what the others say.
 */
#undef NDEBUG /* a release build has assertions here too */
#define _GNU_SOURCE
#include <aio.h>
#include <argp.h>
#include <assert.h>
#include <err.h>
#include <errno.h>
#include <error.h>
#include <execinfo.h>
#include <fcntl.h>
#include <fmtmsg.h>
#include <getopt.h>
#include <locale.h>
#include <malloc.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>
#include <wchar.h>

#include "../../lib/syscall_instruction.h"
#include "ways.h"

/* glibc's fortified entry points, called by name so that the compiler's choice doesn't matter. */
int __fprintf_chk(FILE *, int, const char *, ...);
int __vfprintf_chk(FILE *, int, const char *, va_list);
int __fwprintf_chk(FILE *, int, const wchar_t *, ...);
int __vfwprintf_chk(FILE *, int, const wchar_t *, va_list);
int __dprintf_chk(int, int, const char *, ...);
int __vdprintf_chk(int, int, const char *, va_list);
void __syslog_chk(int, int, const char *, ...);
void __vsyslog_chk(int, int, const char *, va_list);

#define WAY(name) static void way_##name(void)

/* Calls a function that takes a va_list. */
#define WITH_VA_LIST(name, call)                                                                   \
	static void name##_va(const char *x, ...)                                                  \
	{                                                                                          \
		va_list ap;                                                                        \
		va_start(ap, x);                                                                   \
		call;                                                                              \
		va_end(ap);                                                                        \
	}                                                                                          \
	WAY(name)                                                                                  \
	{                                                                                          \
		name##_va("", 42, "text");                                                         \
	}

static const char line[] = "a line for descriptor two\n";

static void put_text(const char *text)
{
	if (write(2, text, strlen(text)) != (ssize_t)strlen(text))
		_exit(99);
}

static void put(int fd)
{
	if (write(fd, line, sizeof(line) - 1) != sizeof(line) - 1)
		_exit(99);
}

/* --- stdio ------------------------------------------------------------------------------------ */

WAY(fprintf)
{
	fprintf(stderr, "fprintf %d %s\n", 42, "text");
}
WITH_VA_LIST(vfprintf, vfprintf(stderr, "vfprintf %d %s\n", ap))
WAY(fprintf_chk)
{
	__fprintf_chk(stderr, 1, "__fprintf_chk %d\n", 42);
}
WITH_VA_LIST(vfprintf_chk, __vfprintf_chk(stderr, 1, "__vfprintf_chk %d %s\n", ap))
WAY(fputs)
{
	fputs("fputs\n", stderr);
}
WAY(fputs_unlocked)
{
	fputs_unlocked("fputs_unlocked\n", stderr);
}
WAY(fputc)
{
	for (const char *p = "fputc\n"; *p; p++)
		fputc(*p, stderr);
}
WAY(fputc_unlocked)
{
	for (const char *p = "fputc_unlocked\n"; *p; p++)
		fputc_unlocked(*p, stderr);
}
WAY(putc)
{
	for (const char *p = "putc\n"; *p; p++)
		putc(*p, stderr);
}
WAY(putc_unlocked)
{
	for (const char *p = "putc_unlocked\n"; *p; p++)
		putc_unlocked(*p, stderr);
}
WAY(putw)
{
	int word;

	memcpy(&word, "wrd\n", sizeof(word));
	putw(word, stderr);
}
WAY(fwrite)
{
	fwrite("fwrite\nand more\n", 1, 16, stderr);
}
WAY(fwrite_unlocked)
{
	fwrite_unlocked("fwrite_unlocked\n", 1, 16, stderr);
}
WAY(puts)
{
	stdout = stderr;
	puts("puts");
}
WAY(printf)
{
	stdout = stderr;
	printf("printf %d\n", 42);
}
WAY(putchar)
{
	stdout = stderr;
	for (const char *p = "putchar\n"; *p; p++)
		putchar(*p);
}
WAY(fwprintf)
{
	fwprintf(stderr, L"fwprintf %d \x20ac\n", 42);
}
WITH_VA_LIST(vfwprintf, vfwprintf(stderr, L"vfwprintf %d %s\n", ap))
WAY(fwprintf_chk)
{
	__fwprintf_chk(stderr, 1, L"__fwprintf_chk %d\n", 42);
}
WITH_VA_LIST(vfwprintf_chk, __vfwprintf_chk(stderr, 1, L"__vfwprintf_chk %d %s\n", ap))
WAY(fputws)
{
	fputws(L"fputws \x4e16\x754c\n", stderr);
}
WAY(fputws_unlocked)
{
	fputws_unlocked(L"fputws_unlocked\n", stderr);
}
WAY(fputwc)
{
	for (const wchar_t *p = L"fputwc \xe9\n"; *p; p++)
		fputwc(*p, stderr);
}
WAY(fputwc_unlocked)
{
	for (const wchar_t *p = L"fputwc_unlocked\n"; *p; p++)
		fputwc_unlocked(*p, stderr);
}
WAY(putwc)
{
	for (const wchar_t *p = L"putwc\n"; *p; p++)
		putwc(*p, stderr);
}
WAY(putwc_unlocked)
{
	for (const wchar_t *p = L"putwc_unlocked\n"; *p; p++)
		putwc_unlocked(*p, stderr);
}
WAY(wide_long)
{
	/* Longer than any buffer on the way, arriving one character at a time. */
	for (int i = 0; i < 9000; i++)
		fputwc(L'a' + i % 26, stderr);
	fputwc(L'\n', stderr);
}
WAY(fflush_buffered)
{
	static char buffer[4096];

	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
	fputs("one\ntwo\nthr", stderr);
	fflush(stderr);
	fputs("ee\n", stderr);
	fflush(stderr);
}
WAY(line_buffered)
{
	static char buffer[64];

	setvbuf(stderr, buffer, _IOLBF, sizeof(buffer));
	for (int i = 0; i < 200; i++)
		fprintf(stderr, "line buffered %d%s", i, i % 3 ? ", " : "\n");
}
WAY(exit_flush)
{
	static char buffer[4096];

	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
	fputs("flushed by exit\nwithout a newline", stderr);
	exit(0);
}
WAY(quick_exit_tail)
{
	fputs("whole\nno newline, quick_exit", stderr);
	quick_exit(0);
}
WAY(fclose_stderr)
{
	static char buffer[4096];

	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
	fputs("flushed by fclose\ntail", stderr);
	fclose(stderr);
}
WAY(freopen_stderr)
{
	fputs("before freopen\n", stderr);
	if (!freopen("/proc/self/fd/2", "a", stderr))
		_exit(98);
	fputs("after freopen\n", stderr);
}
WAY(fdopen_2)
{
	FILE *file = fdopen(2, "w");

	fputs("fdopen of two\n", file);
	fflush(file);
}
WAY(fdopen_dup)
{
	FILE *file = fdopen(dup(2), "w");

	fputs("fdopen of a copy\n", file);
	fclose(file);
}
WAY(popen_child)
{
	FILE *file = popen("read text; echo \"shell got: $text\" >&2", "w");

	fputs("through a child\n", file);
	pclose(file);
}
WAY(partial_line)
{
	fputs("one ", stderr);
	fputs("two ", stderr);
	put(2);
	fputs("a tail without newline", stderr);
}
WAY(carriage_returns)
{
	fputs("\r10%", stderr);
	fputs("\r50%", stderr);
	fputs("\r100%\n", stderr);
	fputs("a spinner's last state\r", stderr);
}
WAY(stdout_on_stderr)
{
	dup2(2, 1);
	printf("stdout is stderr now\n");
	fflush(stdout);
}
WAY(fopen_dev_stderr)
{
	FILE *file = fopen("/dev/stderr", "w");

	fputs("through /dev/stderr\n", file);
	fclose(file);
}

/* --- glibc's own messages --------------------------------------------------------------------- */

WAY(perror)
{
	errno = ENOENT;
	perror("perror");
}
WAY(herror)
{
	h_errno = HOST_NOT_FOUND;
	herror("herror");
}
WAY(psignal)
{
	psignal(SIGSEGV, "psignal");
}
WAY(psiginfo)
{
	siginfo_t info = { .si_signo = SIGSEGV, .si_code = SEGV_MAPERR };

	psiginfo(&info, "psiginfo");
}
WAY(err)
{
	errno = EACCES;
	err(0, "err %d", 1);
}
WAY(errx)
{
	errx(0, "errx %d", 1);
}
WITH_VA_LIST(verr, (errno = EIO, verr(0, "verr %d %s", ap)))
WITH_VA_LIST(verrx, verrx(0, "verrx %d %s", ap))
WAY(warn)
{
	errno = EACCES;
	warn("warn %d", 1);
}
WAY(warnx)
{
	warnx("warnx %d", 1);
}
WITH_VA_LIST(vwarn, (errno = EIO, vwarn("vwarn %d %s", ap)))
WITH_VA_LIST(vwarnx, vwarnx("vwarnx %d %s", ap))
WAY(error)
{
	error(0, ENOENT, "error %d", 1);
}
WAY(error_exit)
{
	atexit(way_error);
	error(3, 0, "error that exits");
}
WAY(error_at_line)
{
	error_at_line(0, EIO, "file.c", 12, "error_at_line");
}
WAY(assert)
{
	assert(!"this holds");
}
WAY(assert_perror)
{
	__assert_perror_fail(EIO, "file.c", 12, "function");
}
WAY(getopt)
{
	char *args[] = { "program", "-x", NULL };

	getopt(2, args, "ab");
}
WAY(getopt_long)
{
	char *args[] = { "program", "--nope", NULL };
	struct option options[] = { { "yes", 0, NULL, 'y' }, { 0 } };

	getopt_long(2, args, "y", options, NULL);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key == 'e')
		argp_error(state, "argp_error %d", 1);
	if (key == 'f')
		argp_failure(state, 0, ENOENT, "argp_failure");
	if (key == 'h')
		argp_state_help(state, stderr, ARGP_HELP_STD_ERR);
	return key > 0 && key < 256 ? 0 : ARGP_ERR_UNKNOWN;
}

static void run_argp(char *option)
{
	static const struct argp_option options[] = {
		{ "error", 'e', NULL, 0, "an error", 0 },
		{ "failure", 'f', NULL, 0, "a failure", 0 },
		{ "helpless", 'h', NULL, 0, "the help", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		options, parse, "ARG", "What it is for", NULL, NULL, NULL
	};
	char *args[] = { "program", option, NULL };

	argp_parse(&argp, 2, args, 0, NULL, NULL);
}
WAY(argp_error)
{
	run_argp("-e");
}
WAY(argp_failure)
{
	run_argp("-f");
}
WAY(argp_help)
{
	run_argp("-h");
}
WAY(fmtmsg)
{
	fmtmsg(MM_PRINT, "util:label", MM_ERROR, "fmtmsg text", "do something", "util:label:1");
}
WAY(malloc_stats)
{
	malloc_stats();
}
WAY(malloc_info)
{
	malloc_info(0, stderr);
}
WAY(backtrace_symbols_fd)
{
	void *frames[8];

	backtrace_symbols_fd(frames, backtrace(frames, 8), 2);
}
WAY(malloc_abort_text)
{
	void *volatile twice = malloc(2000);

	free(twice);
	free(twice);
}
static void exit_by_handler(int signal)
{
	_exit(signal);
}
WAY(malloc_abort_handled)
{
	signal(SIGABRT, exit_by_handler);
	way_malloc_abort_text();
}
WAY(fortify_abort_text)
{
	extern void *__memcpy_chk(void *, const void *, size_t, size_t);
	void *(*volatile checked)(void *, const void *, size_t, size_t) = __memcpy_chk;

	checked(malloc(8), line, sizeof(line), 8);
}
WAY(overflow_abort_text)
{
	extern void __chk_fail(void) __attribute__((noreturn));

	__chk_fail();
}
WAY(stack_abort_text)
{
	extern void __stack_chk_fail(void) __attribute__((noreturn));

	__stack_chk_fail();
}
WAY(unfinished_assert)
{
	put_text("unfinished ");
	assert(!"false");
}
WAY(unfinished_kill)
{
	put_text("unfinished");
	kill(getpid(), SIGKILL);
}
WAY(unfinished_raise)
{
	put_text("unfinished");
	raise(SIGTERM);
}

/* --- direct calls ----------------------------------------------------------------------------- */

static struct iovec pieces[] = {
	{ "one", 3 }, { " two\n", 5 }, { "", 0 }, { "three ", 6 }, { "four\n", 5 },
};

WAY(write)
{
	put(2);
}
WAY(writev)
{
	writev(2, pieces, 5);
}
WAY(pwrite)
{
	pwrite(2, line, sizeof(line) - 1, 0);
}
WAY(pwrite64)
{
	pwrite64(2, line, sizeof(line) - 1, 0);
}
WAY(pwritev)
{
	pwritev(2, pieces, 5, 0);
}
WAY(pwritev64)
{
	pwritev64(2, pieces, 5, 0);
}
WAY(pwritev2)
{
	pwritev2(2, pieces, 5, 0, 0);
}
WAY(pwritev64v2)
{
	pwritev64v2(2, pieces, 5, 0, 0);
}
WAY(pwritev2_minus_one)
{
	pwritev2(2, pieces, 5, -1, 0);
}
WAY(send)
{
	send(2, line, sizeof(line) - 1, 0);
}
WAY(sendto)
{
	sendto(2, line, sizeof(line) - 1, 0, NULL, 0);
}
WAY(sendmsg)
{
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 5 };

	sendmsg(2, &message, 0);
}
WAY(sendmmsg)
{
	struct mmsghdr messages[2] = {
		{ .msg_hdr = { .msg_iov = pieces, .msg_iovlen = 2 } },
		{ .msg_hdr = { .msg_iov = pieces + 3, .msg_iovlen = 2 } },
	};

	sendmmsg(2, messages, 2, 0);
}
WAY(write_socket)
{
	put(2);
}
WAY(dprintf)
{
	dprintf(2, "dprintf %d\n", 42);
	dprintf(2, "no newline");
}
WITH_VA_LIST(vdprintf, vdprintf(2, "vdprintf %d %s\n", ap))
WAY(dprintf_chk)
{
	__dprintf_chk(2, 1, "__dprintf_chk %d\n", 42);
}
WITH_VA_LIST(vdprintf_chk, __vdprintf_chk(2, 1, "__vdprintf_chk %d %s\n", ap))
WAY(dprintf_long)
{
	dprintf(2, "%0*d\nand %s\n", 70000, 7, "more");
}
WAY(syscall_write)
{
	syscall(SYS_write, 2, line, sizeof(line) - 1);
}
WAY(syscall_writev)
{
	syscall(SYS_writev, 2, pieces, 5);
}
WAY(syscall_pwrite64)
{
	syscall(SYS_pwrite64, 2, line, sizeof(line) - 1, 0L, 0L); /* 64 bits, anywhere */
}

/* To the kernel a number, a descriptor and a pid are 32 bits, whatever stands above them. */
#define ABOVE ((long)(0x5a5aULL << 32)) /* where a long has no more than that: 0 */

static void by_number_above(long number, long a, long b, long c)
{
	if (syscall(number | ABOVE, a | ABOVE, b, c) < 0 && errno == ENOSYS)
		syscall(number, a | ABOVE, b, c); /* a kernel that looks at all of it */
}
WAY(syscall_write_above)
{
	by_number_above(SYS_write, 2, (long)line, sizeof(line) - 1);
}
WAY(syscall_writev_above)
{
	by_number_above(SYS_writev, 2, (long)pieces, 5);
}
WAY(unfinished_exit_above)
{
	put_text("unfinished");
	by_number_above(SYS_exit_group, 0, 0, 0);
}
WAY(unfinished_kill_above)
{
	put_text("unfinished");
	by_number_above(SYS_kill, getpid(), SIGKILL, 0);
}
WAY(unfinished_tgkill_above)
{
	put_text("unfinished");
	by_number_above(SYS_tgkill, getpid(), gettid() | ABOVE, SIGKILL | ABOVE);
}
WAY(unfinished_sigqueue_above)
{
	siginfo_t info = { .si_signo = SIGKILL, .si_code = SI_QUEUE };

	put_text("unfinished");
	by_number_above(SYS_rt_sigqueueinfo, getpid(), SIGKILL, (long)&info);
}
WAY(raw_write)
{
	syscall_instruction(SYS_write, 2, (long)line, sizeof(line) - 1);
}

/* --- copies of descriptor 2 ------------------------------------------------------------------- */

WAY(dup_write)
{
	put(dup(2));
}
WAY(dup2_write)
{
	put(dup2(2, 77));
}
WAY(dup3_write)
{
	put(dup3(2, 78, O_CLOEXEC));
}
WAY(fcntl_dupfd_write)
{
	put(fcntl(2, F_DUPFD, 40));
}
WAY(fcntl_dupfd_cloexec_write)
{
	put(fcntl(2, F_DUPFD_CLOEXEC, 41));
}
WAY(syscall_dup_write)
{
	put((int)syscall(SYS_dup, 2));
}
WAY(syscall_dup_above)
{
	int copy = (int)syscall(SYS_dup | ABOVE, 2 | ABOVE);

	put(copy < 0 ? dup(2) : copy);
}
WAY(copy_of_copy)
{
	put(dup(fcntl(dup2(2, 80), F_DUPFD, 81)));
}

/* What goes to a number that was a copy of stderr once is the program's own. */
static int own_file(void)
{
	return open("/dev/null", O_WRONLY);
}
WAY(copy_closed)
{
	int copy = dup(2), other;

	put(copy);
	close(copy);
	other = own_file();
	if (other != copy || write(other, "not for stderr\n", 15) != 15)
		_exit(97);
}
WAY(copy_replaced)
{
	int copy = dup(2);

	put(copy);
	dup2(own_file(), copy);
	if (write(copy, "not for stderr\n", 15) != 15)
		_exit(97);
}
WAY(copy_in_child)
{
	int copy = dup(2);
	pid_t child = fork();

	if (child == 0) {
		put(copy);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	put(copy);
}
WAY(stderr_replaced)
{
	/* Number 2 is stderr whatever it stands for; here the bytes go to the same pipe. */
	int copy = dup(2);

	close(2);
	dup2(copy, 2);
	put(2);
}
WAY(stderr_restored)
{
	int copy = fcntl(2, F_DUPFD_CLOEXEC, 10);

	dup2(own_file(), 2);
	dup2(copy, 2);
	close(copy);
	put(2);
}

/* A thread with a table of its own, where 2 is a file of its own. */
static void *in_own_table(void *unshares)
{
	int (*get_table)(void) = (int (*)(void))unshares;

	if (get_table() || close(2) || own_file() != 2)
		_exit(97);
	return write(2, "not for stderr\n", 15) == 15 ? NULL : unshares;
}
static void beside_own_table(int (*get_table)(void))
{
	pthread_t thread;
	void *failed = NULL;

	put_text("before\n");
	if (pthread_create(&thread, NULL, in_own_table, (void *)get_table) ||
	    pthread_join(thread, &failed) || failed)
		_exit(97);
	put(dup2(2, 77));
	dup2(77, 2);
	put_text("behind\n");
	if (fork() == 0) { /* which has one thread, and so one table, again */
		dup2(own_file(), 2);
		_exit(write(77, "of the child\n", 13) != 13);
	}
	wait(NULL);
}
static int by_unshare(void)
{
	return unshare(CLONE_FILES);
}
static int by_number(void)
{
	return (int)syscall(SYS_unshare, CLONE_FILES);
}
static int by_close_range(void)
{
	const long close_range_call = 436; /* on every architecture; libc's headers may be older */

	return (int)syscall(close_range_call, 100, 200, 2 /* CLOSE_RANGE_UNSHARE */);
}
WAY(own_table)
{
	beside_own_table(by_unshare);
}
WAY(own_table_by_number)
{
	beside_own_table(by_number);
}
WAY(own_table_by_close_range)
{
	beside_own_table(by_close_range);
}
WAY(stderr_closed)
{
	put(2);
	close(2);
	if (write(2, "nowhere\n", 8) != -1 || errno != EBADF)
		_exit(96);
}
WAY(stdout_dup2)
{
	dup2(2, 1);
	put(1);
}

/* --- past the process ------------------------------------------------------------------------- */

static int file_with_line(void)
{
	int fd = memfd_create("line", 0);

	put(fd);
	lseek(fd, 0, SEEK_SET);
	return fd;
}
WAY(sendfile)
{
	sendfile(2, file_with_line(), NULL, sizeof(line) - 1);
}
WAY(splice)
{
	splice(file_with_line(), NULL, 2, NULL, sizeof(line) - 1, 0);
}
WAY(copy_file_range)
{
	int in = memfd_create("source", 0);

	put(in);
	lseek(in, 0, SEEK_SET);
	/* Between file systems it isn't possible: a test's file may be on another one. */
	if (copy_file_range(in, NULL, 2, NULL, sizeof(line) - 1, 0) != sizeof(line) - 1)
		sendfile(2, in, NULL, sizeof(line) - 1);
}
WAY(aio_write)
{
	struct aiocb request = { .aio_fildes = 2,
				 .aio_buf = (void *)line,
				 .aio_nbytes = sizeof(line) - 1 };
	const struct aiocb *list[] = { &request };

	aio_write(&request);
	while (aio_error(&request) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
}

/* --- syslog ----------------------------------------------------------------------------------- */

WAY(syslog)
{
	syslog(LOG_WARNING, "syslog %d %s", 42, "text");
	syslog(LOG_USER | LOG_DEBUG, "percent %% and a newline\n");
}
WITH_VA_LIST(vsyslog, vsyslog(LOG_ERR, "vsyslog %d %s", ap))
WAY(syslog_chk)
{
	__syslog_chk(LOG_ERR, 1, "__syslog_chk %d", 42);
}
WITH_VA_LIST(vsyslog_chk, __vsyslog_chk(LOG_ERR, 1, "__vsyslog_chk %d %s", ap))
WAY(syslog_errno)
{
	errno = ENOENT;
	syslog(LOG_ERR, "why: %m (%d)", 42);
	if (errno != ENOENT)
		_exit(95);
}
WAY(syslog_mask)
{
	setlogmask(LOG_UPTO(LOG_WARNING));
	syslog(LOG_INFO, "masked out");
	syslog(LOG_ERR, "let through");
	syslog(LOG_DEBUG, "masked out too");
}
WAY(syslog_openlog)
{
	openlog("an ident", LOG_PID | LOG_NDELAY, LOG_LOCAL3);
	syslog(LOG_NOTICE, "with an ident");
	closelog();
	syslog(LOG_NOTICE, "after closelog");
}
WAY(syslog_perror)
{
	openlog("perrorish", LOG_PERROR, LOG_USER);
	syslog(LOG_NOTICE, "to both");
	syslog(LOG_NOTICE, "with a newline\n");
}
WAY(syslog_long)
{
	static char text[6001];

	memset(text, 'x', sizeof(text) - 1);
	syslog(LOG_NOTICE, "long %s end", text);
}

#define ENTRY(name)                                                                                \
	{                                                                                          \
#		name, way_##name                                                                  \
	}
static const struct way ways[] = {
	ENTRY(fprintf),
	ENTRY(vfprintf),
	ENTRY(fprintf_chk),
	ENTRY(vfprintf_chk),
	ENTRY(fputs),
	ENTRY(fputs_unlocked),
	ENTRY(fputc),
	ENTRY(fputc_unlocked),
	ENTRY(putc),
	ENTRY(putc_unlocked),
	ENTRY(putw),
	ENTRY(fwrite),
	ENTRY(fwrite_unlocked),
	ENTRY(puts),
	ENTRY(printf),
	ENTRY(putchar),
	ENTRY(fwprintf),
	ENTRY(vfwprintf),
	ENTRY(fwprintf_chk),
	ENTRY(vfwprintf_chk),
	ENTRY(fputws),
	ENTRY(fputws_unlocked),
	ENTRY(fputwc),
	ENTRY(fputwc_unlocked),
	ENTRY(putwc),
	ENTRY(putwc_unlocked),
	ENTRY(wide_long),
	ENTRY(fflush_buffered),
	ENTRY(line_buffered),
	ENTRY(exit_flush),
	ENTRY(quick_exit_tail),
	ENTRY(fclose_stderr),
	ENTRY(freopen_stderr),
	ENTRY(fdopen_2),
	ENTRY(fdopen_dup),
	ENTRY(popen_child),
	ENTRY(partial_line),
	ENTRY(carriage_returns),
	ENTRY(stdout_on_stderr),
	ENTRY(fopen_dev_stderr),
	ENTRY(perror),
	ENTRY(herror),
	ENTRY(psignal),
	ENTRY(psiginfo),
	ENTRY(err),
	ENTRY(errx),
	ENTRY(verr),
	ENTRY(verrx),
	ENTRY(warn),
	ENTRY(warnx),
	ENTRY(vwarn),
	ENTRY(vwarnx),
	ENTRY(error),
	ENTRY(error_exit),
	ENTRY(error_at_line),
	ENTRY(assert),
	ENTRY(assert_perror),
	ENTRY(getopt),
	ENTRY(getopt_long),
	ENTRY(argp_error),
	ENTRY(argp_failure),
	ENTRY(argp_help),
	ENTRY(fmtmsg),
	ENTRY(malloc_stats),
	ENTRY(malloc_info),
	ENTRY(backtrace_symbols_fd),
	ENTRY(malloc_abort_text),
	ENTRY(malloc_abort_handled),
	ENTRY(fortify_abort_text),
	ENTRY(overflow_abort_text),
	ENTRY(stack_abort_text),
	ENTRY(unfinished_assert),
	ENTRY(unfinished_kill),
	ENTRY(unfinished_raise),
	ENTRY(write),
	ENTRY(writev),
	ENTRY(pwrite),
	ENTRY(pwrite64),
	ENTRY(pwritev),
	ENTRY(pwritev64),
	ENTRY(pwritev2),
	ENTRY(pwritev64v2),
	ENTRY(pwritev2_minus_one),
	ENTRY(send),
	ENTRY(sendto),
	ENTRY(sendmsg),
	ENTRY(sendmmsg),
	ENTRY(write_socket),
	ENTRY(dprintf),
	ENTRY(vdprintf),
	ENTRY(dprintf_chk),
	ENTRY(vdprintf_chk),
	ENTRY(dprintf_long),
	ENTRY(syscall_write),
	ENTRY(syscall_writev),
	ENTRY(syscall_pwrite64),
	ENTRY(syscall_write_above),
	ENTRY(syscall_writev_above),
	ENTRY(unfinished_exit_above),
	ENTRY(unfinished_kill_above),
	ENTRY(unfinished_tgkill_above),
	ENTRY(unfinished_sigqueue_above),
	ENTRY(raw_write),
	ENTRY(dup_write),
	ENTRY(dup2_write),
	ENTRY(dup3_write),
	ENTRY(fcntl_dupfd_write),
	ENTRY(fcntl_dupfd_cloexec_write),
	ENTRY(syscall_dup_write),
	ENTRY(syscall_dup_above),
	ENTRY(copy_of_copy),
	ENTRY(copy_closed),
	ENTRY(copy_replaced),
	ENTRY(copy_in_child),
	ENTRY(stderr_replaced),
	ENTRY(stderr_restored),
	ENTRY(own_table),
	ENTRY(own_table_by_number),
	ENTRY(own_table_by_close_range),
	ENTRY(stderr_closed),
	ENTRY(stdout_dup2),
	ENTRY(sendfile),
	ENTRY(splice),
	ENTRY(copy_file_range),
	ENTRY(aio_write),
	ENTRY(syslog),
	ENTRY(vsyslog),
	ENTRY(syslog_chk),
	ENTRY(vsyslog_chk),
	ENTRY(syslog_errno),
	ENTRY(syslog_mask),
	ENTRY(syslog_openlog),
	ENTRY(syslog_perror),
	ENTRY(syslog_long),
};

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "C.UTF-8");
	if (argc != 2)
		return 2;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(ways[i].name, argv[1]) == 0) {
			ways[i].go();
			return 0;
		}
	}
	return way_door(argv[1]) || way_cxx(argv[1]) ? 0 : 2;
}
