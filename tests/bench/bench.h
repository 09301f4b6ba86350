/* SPDX-License-Identifier: MIT */
/*
 * What the benchmark programs share: the clock and how a sample is printed. One line per sample,
 * "NAME<tab>NANOSECONDS PER OPERATION"; bench.py reads them, takes medians and compares.
 */
#ifndef LOGTAP_BENCH_H
#define LOGTAP_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

static inline uint64_t bench_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline void bench_sample(const char *name, uint64_t nanoseconds, unsigned long operations)
{
	printf("%s\t%.3f\n", name, (double)nanoseconds / (double)operations);
}

#endif
