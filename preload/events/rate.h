/* SPDX-License-Identifier: MIT */
/*
 * LOGTAP_RATE: so many messages in so many seconds, per process. What exceeds it is not sent, but
 * counted, and an event `lost` says how many messages that were and since when.
 */
#ifndef LT_RATE_H
#define LT_RATE_H

#include "shim.h"

/* Whether one more message may be sent: 0, or -EBUSY and it is counted as left out. */
LT_COLD int lt_rate_ask(void);

/* The same for the messages of a process without a limit, which is nearly all. */
static inline int lt_rate_admit(void)
{
	return lt_likely(!lt_settings.rate) ? 0 : lt_rate_ask();
}

/* Called where a new period begins, for what was left out before it; see lost.c. */
extern LT_HIDDEN void (*lt_rate_say)(void);

/* How many messages nobody was told of, which is up to the caller then; and since when, 1970. */
uint64_t lt_rate_take(uint64_t *since);

/* It could not be said. */
void lt_rate_give_back(uint64_t count);

#endif
