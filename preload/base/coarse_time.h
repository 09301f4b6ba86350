/* SPDX-License-Identifier: MIT */
/* The time for what happens once in a second or more seldom: without a system call where possible.
 */
#ifndef LT_COARSE_TIME_H
#define LT_COARSE_TIME_H

#include "clock.h"
#include "own_calls.h"

/* Monotonic, nanoseconds; 0 where it can't be had. evh_clock_init comes first. */
static inline uint64_t lt_coarse_time(void)
{
	uint64_t now = evh_clock_read_coarse();

	return now || !lt_may(LT_CALL_CLOCK) ? now : evh_clock_read(CLOCK_MONOTONIC);
}

#endif
