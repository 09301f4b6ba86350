/* SPDX-License-Identifier: MIT */
/*
 * Claiming event buffers without a lock. Threads are given the buffers in turns as the ones they
 * try first, so that the first eight never write to the same cache line; a handler that interrupts
 * its thread, or a ninth thread, finds that one taken and uses the next.
 */
#include "buffers.h"

/* 33 KiB; the pages of those that are never used stay untouched. */
#define BUFFERS 8

static struct lt_buffer buffers[BUFFERS];

struct lt_buffer *lt_buffer_claim(void)
{
	struct lt_thread *thread = &lt_thread;

	lt_thread_enter(thread);
	for (unsigned i = 0; i < BUFFERS; i++) {
		struct lt_buffer *buffer = &buffers[(thread->home + i) % BUFFERS];

		if (lt_likely(lt_claim(&buffer->owner, thread->generation)))
			return buffer;
	}
	return NULL;
}

void lt_buffer_release(struct lt_buffer *buffer)
{
	lt_release(&buffer->owner);
}
