/* SPDX-License-Identifier: MIT */
/*
 * How many messages were sent lately. One word, which a thread changes at a time; the rest is added
 * up. Must never leave out a message without counting it, nor wait for anybody.
 */
#include "rate.h"

#include <errno.h>

#include "coarse_time.h"
#include "own_calls.h"

static struct {
	uint32_t generation; /* of the process that all of this belongs to */
	uint64_t period;     /* the second it began in, and in the lower half what was sent since */
	uint64_t left_out;   /* messages, of which nobody was told */
	uint64_t since;	     /* seconds since 1970; 0: nobody knows */
} limit;

void (*lt_rate_say)(void) LT_START_DATA;

static void begin_process(void)
{
	uint32_t generation = lt_process_generation();
	uint32_t last = __atomic_load_n(&limit.generation, __ATOMIC_RELAXED);

	/* A process begins with one thread; what its parent left out, the parent says. */
	if (last == generation)
		return;
	__atomic_store_n(&limit.period, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&limit.left_out, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&limit.generation, generation, __ATOMIC_RELAXED);
}

static void leave_out(void)
{
	if (__atomic_fetch_add(&limit.left_out, 1, __ATOMIC_RELAXED) == 0)
		__atomic_store_n(&limit.since,
				 lt_may(LT_CALL_CLOCK)
					 ? evh_clock_read(CLOCK_REALTIME) / UINT64_C(1000000000)
					 : 0,
				 __ATOMIC_RELAXED);
}

uint64_t lt_rate_take(uint64_t *since)
{
	if (!lt_settings.rate || limit.generation != lt_process_generation())
		return 0;
	*since = __atomic_load_n(&limit.since, __ATOMIC_RELAXED);
	return __atomic_exchange_n(&limit.left_out, 0, __ATOMIC_RELAXED);
}

void lt_rate_give_back(uint64_t count)
{
	__atomic_fetch_add(&limit.left_out, count, __ATOMIC_RELAXED);
}

LT_COLD int lt_rate_ask(void)
{
	uint64_t now = lt_coarse_time() / UINT64_C(1000000000) + 1;
	uint64_t period, next;

	begin_process();
	period = __atomic_load_n(&limit.period, __ATOMIC_RELAXED);
	do {
		uint64_t begun = period >> 32;

		if (!begun || now - begun >= lt_settings.rate_seconds) {
			next = now << 32 | 1;
		} else if ((uint32_t)period < lt_settings.rate) {
			next = period + 1;
		} else {
			leave_out();
			return -EBUSY;
		}
	} while (!__atomic_compare_exchange_n(&limit.period, &period, next, true, __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
	if ((uint32_t)next == 1 && lt_rate_say)
		lt_rate_say();
	return 0;
}
