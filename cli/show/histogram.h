/* SPDX-License-Identifier: MIT */
/*
 * How events spread over time. Memory doesn't grow with them: each bar is twice as wide whenever
 * the time no longer fits.
 */
#ifndef LOGTAP_HISTOGRAM_H
#define LOGTAP_HISTOGRAM_H

#include <stdint.h>

/* Twice as many bars as lines are shown, so that doubling never leaves too few. */
#define HISTOGRAM_BARS 64

/* All zero: empty. */
struct histogram {
	uint64_t timed; /* events counted */
	uint64_t first_time, last_time;
	uint64_t counts[HISTOGRAM_BARS];
	uint64_t origin; /* where the first bar begins */
	uint64_t width;	 /* of a bar in nanoseconds; 0: no event yet */
};

void histogram_count(struct histogram *bars, uint64_t time);

#endif
