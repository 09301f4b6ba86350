/* SPDX-License-Identifier: MIT */
/*
 * Claiming event buffers without a lock. Threads are given the buffers in turns as the ones they
 * try first, so that as many threads never write to the same cache line; a handler that interrupts
 * its thread, or one thread more, finds that one taken and uses the next.
 */
#include "buffers.h"

/*
 * A power of two: 33 KiB. Where there is no other way to an event (emit_otel.c), so many more that
 * no number of threads which is at it at the same moment needs one in vain. The pages of those that
 * are never used stay untouched.
 */
#define BUFFERS	     8
#define BUFFERS_MOST 128

static struct lt_buffer buffers[BUFFERS_MOST];

struct lt_buffer *lt_buffer_claim(void)
{
	struct lt_thread *thread = &lt_thread;
	unsigned count = lt_settings.layout == LT_LAYOUT_LOGTAP ? BUFFERS : BUFFERS_MOST;

	lt_thread_enter(thread);
	for (unsigned i = 0; i < count; i++) {
		struct lt_buffer *buffer = &buffers[(thread->home + i) & (count - 1)];

		if (lt_likely(lt_claim(&buffer->owner, thread->generation)))
			return buffer;
	}
	return NULL;
}

void lt_buffer_release(struct lt_buffer *buffer)
{
	lt_release(&buffer->owner);
}
