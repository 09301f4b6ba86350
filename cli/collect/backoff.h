/* SPDX-License-Identifier: MIT */
/* How long to wait before the next try. */
#ifndef LOGTAP_BACKOFF_H
#define LOGTAP_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FIRST	   100	   /* ms */
#define BACKOFF_LONGEST	   30000   /* ms */
#define BACKOFF_ASKED_MOST 3600000 /* ms: what a destination may ask for */

struct backoff {
	uint32_t step; /* ms; 0: nothing failed */
	uint64_t random;
};

/*
 * The milliseconds until the next try, which has failed once more: twice as many each time up to
 * BACKOFF_LONGEST, of which a random part of up to a half is left out, so that many hosts don't
 * come at the same moment. asked: what the destination asks for, in milliseconds; then no less.
 */
uint32_t backoff_next(struct backoff *backoff, uint64_t asked);

/* A try succeeded. */
void backoff_reset(struct backoff *backoff);

#endif
