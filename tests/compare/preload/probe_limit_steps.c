/* SPDX-License-Identifier: MIT */
/*
 * The limit of open files, moved in every direction, by every call and from outside: after each
 * step the program has as many files as it would have without a preload library, and can copy onto
 * as many numbers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe.h"

/* The limits that each walk begins with, small enough to use up every number. */
#define SOFT 8
#define HARD 24

static int by_setrlimit(const struct rlimit *limit)
{
	return setrlimit(RLIMIT_NOFILE, limit);
}

static int by_prlimit(const struct rlimit *limit)
{
	return prlimit(getpid(), RLIMIT_NOFILE, limit, NULL);
}

static int by_number(const struct rlimit *limit)
{
	return (int)syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, limit, NULL);
}

static int by_old_number(const struct rlimit *limit)
{
	return (int)syscall(SYS_setrlimit, RLIMIT_NOFILE, limit);
}

static int from_outside(const struct rlimit *limit)
{
	int status = -1, child = fork();

	if (!child)
		_exit(prlimit(getppid(), RLIMIT_NOFILE, limit, NULL) != 0);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status ? -1 : 0;
}

static int (*const ways[])(const struct rlimit *) = { by_setrlimit, by_prlimit, by_number,
						      by_old_number, from_outside };

#define WAYS (sizeof(ways) / sizeof(*ways))

/* How many files can be opened, by each kind of call, and which numbers be copied onto. */
static void say_room(void)
{
	int opened[64], count = 0, pairs = 0, fd;
	unsigned copied = 0;

	while (count < 64 && (fd = open("/dev/null", O_RDONLY)) >= 0)
		opened[count++] = fd;
	note(" open %d %s", count, strerrorname_np(errno));
	while (count)
		close(opened[--count]);
	while (count < 64 && (fd = count ? dup(0) : fcntl(0, F_DUPFD, 3)) >= 0)
		opened[count++] = fd;
	note(" dup %d %s", count, strerrorname_np(errno));
	while (count)
		close(opened[--count]);
	while (count < 62 && !pipe(&opened[count])) {
		pairs++;
		count += 2;
	}
	note(" pipe %d %s", pairs, strerrorname_np(errno));
	while (count)
		close(opened[--count]);
	for (fd = 3; fd < 32; fd++)
		if (dup2(0, fd) == fd)
			copied |= 1u << fd;
	note(" dup2 %x\n", copied);
	closefrom(3);
}

static void step(size_t way, rlim_t soft, rlim_t hard)
{
	struct rlimit limit = { soft, hard };
	int result = ways[way](&limit);

	note("%zu:%d,%d=%d", way, (int)soft, (int)hard, result);
	say_room();
	put("a line\n");
	fputs("a line of stdio\n", stderr);
}

/*
 * What can't be had, since a number beyond the hard limit can't: nothing raises the soft one up to
 * the hard one of the start, and from outside, where nobody tells us, the hard one stays.
 */
static int possible(size_t way, rlim_t soft, rlim_t hard)
{
	return soft <= hard && soft < HARD && (ways[way] != from_outside || hard == HARD);
}

/* In a child of its own, because a hard limit doesn't rise again. */
static void walk(const unsigned char *steps, int count)
{
	static const rlim_t limits[] = { 4, 8, 12, 16, HARD };
	int child = fork();

	if (!child) {
		for (int i = 0; i < count; i++) {
			rlim_t soft = limits[steps[i] % 5], hard = limits[steps[i] / 5 % 5];
			size_t way = (steps[i] / 25) % WAYS;

			if (possible(way, soft, hard))
				step(way, soft, hard);
		}
		_exit(0);
	}
	reap(child);
}

static void all_steps(void)
{
	unsigned random = 1;

	for (int one = 0; one < 25; one++)
		for (int other = 0; other < 25; other++)
			walk((unsigned char[]){ (unsigned char)(one + one % (int)WAYS * 25),
						(unsigned char)(other + other % (int)WAYS * 25) },
			     2);
	for (int i = 0; i < 100; i++) {
		unsigned char steps[8];

		for (int j = 0; j < 8; j++) {
			random = random * 1103515245 + 12345;
			steps[j] = (unsigned char)((random >> 16) % 125);
		}
		walk(steps, 8);
	}
}

/* The walks begin where a preload library finds these limits from its start. */
static void limit_steps(void)
{
	struct rlimit limit = { SOFT, HARD };

	say("limit", setrlimit(RLIMIT_NOFILE, &limit));
	execl("/proc/self/exe", "probe", "limit-steps-inside", (char *)NULL);
}

/* All files at once, and none to spare: the case of the tables. */
static void limit_lowered(void)
{
	struct rlimit limit = { 8, 8 };

	say("limit", setrlimit(RLIMIT_NOFILE, &limit));
	say_room();
	fputs("end\n", stderr);
	say("a bad pointer", syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, 8, NULL));
	limit.rlim_cur = 9;
	say("soft above hard", setrlimit(RLIMIT_NOFILE, &limit));
	say_room();
}

const struct probe probe_limit_steps[] = {
	{ "limit-steps", limit_steps },
	{ "limit-steps-inside", all_steps },
	{ "limit-lowered", limit_lowered },
	{ NULL, NULL },
};
