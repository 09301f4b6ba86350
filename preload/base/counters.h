/* SPDX-License-Identifier: MIT */
/*
 * What became of the messages, for LOGTAP_DEBUG's line of counters. Nothing is counted unless that
 * variable is set.
 */
#ifndef LT_COUNTERS_H
#define LT_COUNTERS_H

#include "shim.h"

enum lt_counter {
	LT_COUNT_CAPTURED,    /* messages seen: syslog calls, stderr lines */
	LT_COUNT_SENT,	      /* messages handed over whole */
	LT_COUNT_BELOW_LEVEL, /* not sent: less severe than LOGTAP_LEVEL */
	LT_COUNT_OVER_RATE,   /* not sent: more than LOGTAP_RATE */
	LT_COUNT_NOT_HEARD,   /* not sent: nobody listens to this level */
	LT_COUNT_FD_LOST,     /* refused: our descriptor is another file by now */
	LT_COUNT_NO_SPACE,    /* refused: ENOSPC, EDQUOT, EFBIG */
	LT_COUNT_TRY_AGAIN,   /* refused: EAGAIN, EINTR */
	LT_COUNT_UNREADABLE,  /* refused: a bad pointer that a null device accepted */
	LT_COUNT_FILTERED,    /* refused by a seccomp filter: EPERM, EACCES, ENOSYS */
	LT_COUNT_OTHER,	      /* refused: anything else */
	LT_COUNT_STAYED,      /* how often the next segment of the recording couldn't be used */
	LT_COUNTERS
};

extern LT_HIDDEN bool lt_debug_on;

void lt_count_slow(enum lt_counter counter);

/* Counters are per thread in effect: striped, so that no two threads share a line. */
static inline void lt_count(enum lt_counter counter)
{
	if (lt_unlikely(lt_debug_on))
		lt_count_slow(counter);
}

/* Counts a message that was seen, and for which there was no memory. */
static inline void lt_count_lost(void)
{
	lt_count(LT_COUNT_CAPTURED);
	lt_count(LT_COUNT_OTHER);
}

/* Counts a refusal by its negative errno. */
void lt_count_refused(int error);

/* The counter's name in that line, and its sum over all threads so far. */
const char *lt_counter_name(enum lt_counter counter);
uint64_t lt_counter_sum(enum lt_counter counter);

/* A child begins: its counters start at 0. */
void lt_counters_forget(void);

#endif
