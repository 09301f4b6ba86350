/* SPDX-License-Identifier: MIT */
/*
 * Claiming event buffers without a lock. Threads are given the buffers in turns as the ones they
 * try first, so that the first eight never write to the same cache line; a handler that interrupts
 * its thread, or a ninth thread, finds that one taken and uses the next.
 */
#include "buffer.h"

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
	struct lt_thread *thread = &lt_thread;

	lt_thread_enter(thread);
	for (unsigned i = 0; i < BUFFERS; i++) {
		struct lt_buffer *buffer = &buffers[(thread->home + i) % BUFFERS];

		if (lt_likely(claim(buffer, thread->generation)))
			return buffer;
	}
	return NULL;
}

void lt_buffer_release(struct lt_buffer *buffer)
{
	__atomic_store_n(&buffer->owner, 0, __ATOMIC_RELEASE);
}
