/* SPDX-License-Identifier: MIT */
/*
 * What the benchmark programs share: the clocks and how a sample is printed. One line per sample,
 * "NAME<tab>NANOSECONDS PER OPERATION"; bench.py reads them, takes medians and compares.
 *
 * What one thread does is measured by its processor time, user and kernel, which other load on the
 * machine disturbs least; what several do at once, by the clock on the wall.
 */
#ifndef LOGTAP_BENCH_H
#define LOGTAP_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

static inline uint64_t bench_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline uint64_t bench_now(void)
{
	return bench_clock(CLOCK_THREAD_CPUTIME_ID);
}

static inline uint64_t bench_wall(void)
{
	return bench_clock(CLOCK_MONOTONIC);
}

static inline void bench_sample(const char *name, uint64_t nanoseconds, unsigned long operations)
{
	printf("%s\t%.3f\n", name, (double)nanoseconds / (double)operations);
}

#endif
