/* SPDX-License-Identifier: MIT */
/* Idioms that close, copy, count and exhaust descriptors. After each, stderr still works. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe.h"

static int soft_limit(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	return (int)limit.rlim_cur;
}

static void close_loop(void)
{
	int closed = 0, other = 0;

	put("before\n");
	for (int fd = 3; fd <= soft_limit() + 4; fd++) {
		if (close(fd) == 0)
			closed++;
		else if (errno != EBADF)
			other++;
	}
	note("closed %d, other errors %d\n", closed, other);
	put("after\n");
}

static void close_loop_downwards(void)
{
	int closed = 0;

	for (int fd = soft_limit() + 4; fd > 2; fd--)
		closed += close(fd) == 0;
	note("closed %d\n", closed);
	put("after\n");
}

static void close_by_syscall(void)
{
	int closed = 0;

	for (int fd = 3; fd <= soft_limit() + 4; fd++)
		closed += syscall(SYS_close, fd) == 0;
	note("closed %d\n", closed);
	say("syscall(close_range)", syscall(SYS_close_range, 3, ~0u, 0));
	put("after\n");
}

static void close_from(void)
{
	int kept = dup(1);

	closefrom(kept + 1);
	say("kept", fcntl(kept, F_GETFD));
	closefrom(kept);
	say("closed", fcntl(kept, F_GETFD));
	put("after 4\n");
	closefrom(3);
	put("after 3\n");
	closefrom(-1);
	put("lost\n");
}

static void close_ranges(void)
{
	unsigned last = (unsigned)soft_limit() + 8;

	say("3..~0", close_range(3, ~0u, 0));
	put("after all\n");
	for (unsigned first = 3; first < last; first += 7)
		if (close_range(first, first + 6, 0))
			note("range at %u: %s\n", first, strerror(errno));
	put("after pieces\n");
	for (unsigned first = 3; first < last; first++)
		if (close_range(first, first, 0))
			note("range at %u: %s\n", first, strerror(errno));
	put("after singles\n");
	for (unsigned end = 3; end < last; end += 5)
		if (close_range(3, end, 0))
			note("range to %u: %s\n", end, strerror(errno));
	put("after ends\n");
	say("unshare", close_range(3, ~0u, CLOSE_RANGE_UNSHARE));
	put("after unshare\n");
	say("cloexec", close_range(3, ~0u, CLOSE_RANGE_CLOEXEC));
	put("after cloexec\n");
	say("cloexec and unshare", close_range(3, ~0u, CLOSE_RANGE_CLOEXEC | CLOSE_RANGE_UNSHARE));
	put("after both\n");
	errno = 0;
	say("backwards", close_range(5, 4, 0));
	for (unsigned first = 3; first < last; first++)
		if (close_range(first, first, 64) != -1 || errno != EINVAL)
			note("flags at %u were accepted\n", first);
	put("end\n");
}

static void copy_onto_all(void)
{
	int good = 0, bad = 0, other = 0;

	for (int fd = 3; fd <= soft_limit() + 4; fd++) {
		if (dup2(0, fd) == fd)
			good++;
		else if (errno == EBADF)
			bad++;
		else
			other++;
		if (fd % 100 == 0)
			put("between\n");
		close(fd);
	}
	note("dup2: %d good, %d bad, %d other\n", good, bad, other);
	put("after dup2\n");
	good = 0;
	/* A few numbers stay free: where every one is taken, ours has nowhere to go, either. */
	for (int fd = 3; fd < soft_limit() - 8; fd++)
		good += dup3(0, fd, O_CLOEXEC) == fd;
	note("dup3: %d good\n", good);
	put("after dup3\n");
	say("dup3 onto itself", dup3(0, 0, 0));
	say("dup2 of nothing", dup2(-1, 5));
}

static void use_all_numbers(void)
{
	int open_ones = 0;

	for (int fd = 3; fd <= soft_limit() + 4; fd++) {
		if (fcntl(fd, F_GETFD) != -1)
			open_ones++;
		if (dup2(fd, 2) != -1 || dup(fd) != -1)
			note("%d could be copied\n", fd);
	}
	note("open: %d\n", open_ones);
	put("after\n");
}

/* The program's full count, in the mode that promises it. */
static void run_out(void)
{
	int count = 0, last = -1, fd;

	while ((fd = open("/dev/null", O_RDONLY)) >= 0) {
		count++;
		last = fd;
	}
	note("opened %d, last %d, %s\n", count, last, strerrorname_np(errno));
	put("full\n");
	fprintf(stderr, "full, too\n");
	say("pipe", pipe((int[2]){ 0 }));
}

static void run_out_high(void)
{
	int count = 0;

	while (open("/dev/null", O_RDONLY) >= 0)
		count++;
	note("%s, at least %d\n", strerrorname_np(errno), count >= soft_limit() - 8);
	put("full\n");
}

/* A program that takes everything away by raw calls, then opens a file until it has the number. */
static void take_away(void)
{
	char name[] = "/tmp/probe-data-XXXXXX";
	int data = mkstemp(name), limit = soft_limit();
	struct stat status;

	unlink(name);
	put("before\n");
	for (int fd = 3; fd <= limit + 4; fd++)
		if (fd != data)
			syscall_instruction(SYS_close, fd, 0, 0);
	for (int fd = 3; fd < limit; fd++)
		if (fd != data)
			syscall_instruction(SYS_dup2, data, fd, 0);
	for (int i = 0; i < 20; i++)
		put("foreign?\n");
	fprintf(stderr, "foreign?\n");
	fstat(data, &status);
	note("the data file holds %ld bytes\n", (long)status.st_size);
}

static void raise_limit(void)
{
	struct rlimit limit;
	int before, count = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	before = (int)limit.rlim_cur;
	put("before\n");
	limit.rlim_cur = (rlim_t)before + 200;
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	say("setrlimit", setrlimit(RLIMIT_NOFILE, &limit));
	put("raised\n");
	while (open("/dev/null", O_RDONLY) >= 0)
		count++;
	note("%s, at least %d\n", strerrorname_np(errno), count >= soft_limit() - 8);
	for (int fd = 3; fd < soft_limit(); fd++)
		close(fd);
	put("closed\n");
	limit.rlim_cur = 64;
	say("prlimit", prlimit(0, RLIMIT_NOFILE, &limit, NULL));
	put("lowered\n");
	getrlimit(RLIMIT_NOFILE, &limit);
	note("now %ld\n", (long)limit.rlim_cur);
	put("end\n");
}

/* Another process raises our limit: nothing in this one is called. */
static void raise_from_outside(int limit)
{
	struct rlimit wanted;
	pid_t child;

	getrlimit(RLIMIT_NOFILE, &wanted);
	wanted.rlim_cur = (rlim_t)limit < wanted.rlim_max ? (rlim_t)limit : wanted.rlim_max;
	child = fork();
	if (!child)
		_exit(prlimit(getppid(), RLIMIT_NOFILE, &wanted, NULL) != 0);
	reap(child);
}

static int open_data(void)
{
	char name[] = "/tmp/probe-data-XXXXXX";
	int data = mkstemp(name);

	unlink(name);
	return data;
}

static void note_data(int data)
{
	struct stat status;

	fstat(data, &status);
	note("the data file holds %ld bytes\n", (long)status.st_size);
}

/* Around both numbers that ours can have. */
static void copy_onto_ours(int data, int (*copy)(int, int))
{
	int good = 0;

	for (int fd = 1000; fd < 1030; fd++)
		good += copy(data, fd) == fd;
	note("%d copies\n", good);
}

static int copy_dup3(int fd, int copy)
{
	return dup3(fd, copy, 0);
}

static int copy_syscall(int fd, int copy)
{
	return (int)syscall(SYS_dup2, fd, copy);
}

static void raised_outside(void)
{
	int (*const ways[])(int, int) = { dup2, copy_dup3, copy_syscall };
	int data = open_data();

	put("before\n");
	for (int i = 0; i < 3; i++) {
		raise_from_outside(soft_limit() + 3);
		copy_onto_ours(data, ways[i]);
		put("after\n");
		fprintf(stderr, "after, too\n");
		closefrom(1000);
	}
	note_data(data);
}

static void raised_outside_vfork(void)
{
	int data = open_data();
	pid_t child;

	put("before\n");
	raise_from_outside(INT_MAX);
	child = vfork();
	if (!child) {
		for (int fd = 1000; fd < 1030; fd++)
			dup2(data, fd);
		put("by the child\n");
		_exit(0);
	}
	reap(child);
	note_data(data);
	put("after\n");
}

/* Where we may not raise the limit any more, ours has nowhere to go and is replaced. */
static void raised_outside_full(void)
{
	int data = open_data();

	put("before\n");
	raise_from_outside(INT_MAX);
	while (dup(0) >= 0)
		;
	copy_onto_ours(data, dup2);
	put("after\n");
	fprintf(stderr, "after, too\n");
	note_data(data);
}

/* Closed by the instruction, the next open has it. */
static void handed_out(void)
{
	char name[] = "/tmp/probe-data-XXXXXX";
	int data = mkstemp(name), copies[64], count = 0;

	put("before\n");
	raise_from_outside(INT_MAX);
	for (int fd = 1000; fd < 1030; fd++)
		syscall_instruction(SYS_close, fd, 0, 0);
	while (dup(0) < 999)
		;
	while (count < 30)
		copies[count++] = open(name, O_WRONLY | O_APPEND);
	note("opened %d to %d\n", copies[0], copies[29]);
	put("after\n");
	unlink(name);
	note_data(data);
}

static void low_numbers(void)
{
	int fd = open("/dev/null", O_RDWR);

	note("first free: %d\n", fd);
	close(fd);
}

static void daemonize(void)
{
	put("before\nand a tail");
	note("daemon\n");
	if (daemon(1, 0))
		_exit(3);
	/* fd 1 is the null device now, and no copy of stderr. */
	dprintf(1, "not stderr\n");
}

static void stdio_closes(void)
{
	int copy = dup(2), number;
	FILE *file = fdopen(copy, "w");

	fputs("through a copy\n", file);
	fclose(file);
	number = open("/dev/null", O_WRONLY);
	note("same number: %d\n", number == copy);
	dprintf(number, "not stderr\n");
	close(number);
	fputs("before\n", stderr);
	say("fcloseall", fcloseall());
	put("after\n");
}

static void reopen(void)
{
	char name[] = "/tmp/probe-log-XXXXXX";
	int fd = mkstemp(name), copy = dup(2);
	FILE *file = fdopen(copy, "w");

	close(fd);
	note("%d\n", freopen(name, "a", file) != NULL);
	fputs("in a file, not on stderr\n", file);
	fclose(file);
	unlink(name);
	put("end\n");
}

static void replaced_copies(void)
{
	int copy = dup(2), null = open("/dev/null", O_WRONLY), high;

	dprintf(copy, "copy\n");
	dup2(null, copy);
	dprintf(copy, "not stderr\n");
	dup2(2, copy);
	dprintf(copy, "copy again\n");
	close(copy);
	copy = fcntl(2, F_DUPFD, 20);
	dprintf(copy, "dupfd\n");
	close_range(20, 30, 0);
	note("%d\n", fcntl(null, F_DUPFD, 20));
	dprintf(20, "not stderr\n");
	high = fcntl(2, F_DUPFD_CLOEXEC, soft_limit() - 5);
	dprintf(high, "high\n");
	close(high);
	note("%d\n", dup2(null, high) == high);
	dprintf(high, "not stderr\n");
}

static void by_name(void)
{
	int fd = open("/dev/stderr", O_WRONLY), again;
	FILE *file;

	dprintf(fd, "open\n");
	again = dup(fd);
	close(fd);
	dprintf(again, "a copy of it\n");
	close(again);
	fd = openat(AT_FDCWD, "/proc/self/fd/2", O_WRONLY | O_APPEND);
	dprintf(fd, "openat\n");
	close(fd);
	file = fopen("/dev/fd/2", "a");
	fputs("fopen\n", file);
	fclose(file);
	file = freopen("/dev/stderr", "a", fopen("/dev/null", "w"));
	fputs("freopen\n", file);
	fclose(file);
	dprintf(open("/dev/null", O_WRONLY), "not stderr\n");
	say("a bad path", open((const char *)8, O_RDONLY));
	say("nothing", open("/nonexistent", O_RDONLY));
	system("echo a script >/dev/stderr");
}

/* What a child without the shim inherits: nothing of ours. */
static void inherit(void)
{
	char *const envp[] = { "LOGTAP_DISABLE=1", NULL };

	execle("/bin/ls", "ls", "/proc/self/fd", NULL, envp);
}

const struct probe probe_descriptors[] = {
	{ "close-loop", close_loop },
	{ "close-loop-downwards", close_loop_downwards },
	{ "close-by-syscall", close_by_syscall },
	{ "closefrom", close_from },
	{ "close-range", close_ranges },
	{ "copy-onto-all", copy_onto_all },
	{ "use-all-numbers", use_all_numbers },
	{ "run-out", run_out },
	{ "run-out-high", run_out_high },
	{ "take-away", take_away },
	{ "raise-limit", raise_limit },
	{ "raised-outside", raised_outside },
	{ "raised-outside-vfork", raised_outside_vfork },
	{ "raised-outside-full", raised_outside_full },
	{ "handed-out", handed_out },
	{ "low-numbers", low_numbers },
	{ "daemon", daemonize },
	{ "stdio-closes", stdio_closes },
	{ "reopen", reopen },
	{ "replaced-copies", replaced_copies },
	{ "by-name", by_name },
	{ "inherit", inherit },
	{ NULL, NULL },
};
