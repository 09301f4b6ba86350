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

static unsigned buffer_count(void)
{
	return lt_settings.layout == LT_LAYOUT_LOGTAP ? BUFFERS : BUFFERS_MOST;
}

static bool is_held_by(const struct lt_buffer *buffer, const struct lt_thread *thread)
{
	return __atomic_load_n(&buffer->holder, __ATOMIC_RELAXED) == thread &&
	       __atomic_load_n(&buffer->owner, __ATOMIC_RELAXED) == thread->generation;
}

/* One that this thread left by a jump, or NULL. */
static LT_COLD struct lt_buffer *take_abandoned(const struct lt_thread *thread)
{
	for (unsigned i = 0; i < buffer_count(); i++)
		if (buffers[i].abandoned && is_held_by(&buffers[i], thread)) {
			buffers[i].abandoned = false;
			return &buffers[i];
		}
	return NULL;
}

struct lt_buffer *lt_buffer_claim(void)
{
	struct lt_thread *thread = &lt_thread;
	unsigned count = buffer_count();

	lt_thread_enter(thread);
	if (lt_unlikely(thread->buffers)) {
		struct lt_buffer *buffer = take_abandoned(thread);

		if (buffer)
			return buffer;
	}
	thread->buffers++;
	for (unsigned i = 0; i < count; i++) {
		struct lt_buffer *buffer = &buffers[(thread->home + i) & (count - 1)];

		if (lt_likely(lt_claim(&buffer->owner, thread->generation))) {
			__atomic_store_n(&buffer->holder, thread, __ATOMIC_RELAXED);
			buffer->abandoned = false;
			return buffer;
		}
	}
	thread->buffers--;
	return NULL;
}

/* Once: who was interrupted may come back to a buffer that the handler had meanwhile. */
void lt_buffer_release(struct lt_buffer *buffer)
{
	struct lt_thread *thread = &lt_thread;

	if (lt_unlikely(buffer->holder != thread))
		return;
	__atomic_store_n(&buffer->holder, NULL, __ATOMIC_RELAXED);
	lt_release(&buffer->owner);
	if (thread->buffers)
		thread->buffers--;
}

LT_COLD void lt_buffers_abandon(struct lt_thread *thread)
{
	for (unsigned i = 0; i < buffer_count(); i++)
		if (is_held_by(&buffers[i], thread))
			buffers[i].abandoned = true;
}

LT_COLD void lt_buffers_free(struct lt_thread *thread)
{
	for (unsigned i = 0; i < buffer_count(); i++)
		if (is_held_by(&buffers[i], thread))
			lt_buffer_release(&buffers[i]);
	thread->buffers = 0;
}
