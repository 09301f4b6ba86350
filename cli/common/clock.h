/* SPDX-License-Identifier: MIT */
/* What a clock shows, as one number. */
#ifndef LOGTAP_CLOCK_H
#define LOGTAP_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds. */
static inline uint64_t clock_now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* Milliseconds of CLOCK_MONOTONIC, for what is waited for. */
static inline uint64_t clock_ms(void)
{
	return clock_now(CLOCK_MONOTONIC) / 1000000;
}

#endif
