/* SPDX-License-Identifier: MIT */
/*
 * Claiming event buffers without a lock. The processor's number says where to look first, so that
 * threads that run at the same time don't write to the same cache line; a handler that interrupts
 * its thread, or another thread on the same processor, finds that one taken and uses the next.
 */
#include "buffer.h"

#include <sched.h>

/* 33 KiB; the pages of those that are never used stay untouched. */
#define BUFFERS 8

static struct lt_buffer buffers[BUFFERS];

/* What a parent's thread had claimed when it forked is free in the child. */
static bool claim(struct lt_buffer *buffer, uint32_t generation)
{
	uint32_t owner = __atomic_load_n(&buffer->owner, __ATOMIC_RELAXED);

	return owner != generation &&
	       __atomic_compare_exchange_n(&buffer->owner, &owner, generation, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

struct lt_buffer *lt_buffer_claim(void)
{
	uint32_t generation = lt_process_generation();
	unsigned first = (unsigned)sched_getcpu();

	for (unsigned i = 0; i < BUFFERS; i++) {
		struct lt_buffer *buffer = &buffers[(first + i) % BUFFERS];

		if (lt_likely(claim(buffer, generation)))
			return buffer;
	}
	return NULL;
}

void lt_buffer_release(struct lt_buffer *buffer)
{
	__atomic_store_n(&buffer->owner, 0, __ATOMIC_RELEASE);
}
