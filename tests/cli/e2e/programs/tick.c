/* SPDX-License-Identifier: MIT */
/*
 * A program with a clock of its own: clock_gettime() and gettimeofday() say ten days too much, and
 * go wrong in a second way each time. usage: tick LINES
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long calls;

int clock_gettime(clockid_t clock, struct timespec *time)
{
	int result = (int)syscall(SYS_clock_gettime, clock, time);

	time->tv_sec += 864000 - 100 * calls++;
	return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
	int result = (int)syscall(SYS_gettimeofday, time, zone);

	time->tv_sec += 864000;
	return result;
}

int main(int argc, char **argv)
{
	int lines = argc > 1 ? atoi(argv[1]) : 1;

	for (int i = 0; i < lines; i++)
		fprintf(stderr, "tick %d\n", i);
	return 0;
}
