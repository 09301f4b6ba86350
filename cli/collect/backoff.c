/* SPDX-License-Identifier: MIT */
/* Exponential backoff with jitter: numbers alone. */
#include "backoff.h"

/* xorshift64*: it needs to differ from host to host, and nothing else. */
static uint64_t next_random(struct backoff *backoff)
{
	uint64_t value = backoff->random ? backoff->random : 1;

	value ^= value >> 12;
	value ^= value << 25;
	value ^= value >> 27;
	backoff->random = value;
	return value * UINT64_C(2685821657736338717);
}

uint32_t backoff_next(struct backoff *backoff, uint64_t asked)
{
	uint32_t half, wait;

	backoff->step = !backoff->step ? BACKOFF_FIRST : backoff->step * 2;
	if (backoff->step > BACKOFF_LONGEST)
		backoff->step = BACKOFF_LONGEST;
	half = backoff->step / 2;
	wait = backoff->step - (uint32_t)((next_random(backoff) >> 32) * half >> 32);
	if (asked > BACKOFF_ASKED_MOST)
		asked = BACKOFF_ASKED_MOST;
	return wait < asked ? (uint32_t)asked + half / 2 : wait;
}

void backoff_reset(struct backoff *backoff)
{
	backoff->step = 0;
}
