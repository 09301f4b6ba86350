/* SPDX-License-Identifier: MIT */
/*
 * Buffers that events are put together in: a few, in static memory, because the stack of a thread
 * we know nothing about may be small and nothing may be allocated.
 */
#ifndef LT_BUFFER_H
#define LT_BUFFER_H

#include <evh/tracepoint.h>

#include "shim.h"

/* Largest event, in bytes: above it collectors drop events without a word. */
#define LT_EVENT_MAX EVH_SIZE_MAX_FTRACE_ABSOLUTE

struct lt_buffer {
	uint32_t owner; /* generation of the process that claimed it; 0: free */
	bool abandoned; /* by a jump out of the code that had it: the thread's next claim has it */
	const struct lt_thread *holder; /* NULL: free, or about to be */
	uint8_t headroom[EVH_HEADROOM];
	uint8_t event[LT_EVENT_MAX];
	uint8_t tailroom[EVH_TAILROOM];
} __attribute__((aligned(64)));

/*
 * A free buffer, or NULL where all are in use. Not to be held over a call that can block or be
 * cancelled.
 */
struct lt_buffer *lt_buffer_claim(void);

void lt_buffer_release(struct lt_buffer *buffer);

/*
 * The thread jumps, perhaps out of code that has buffers: its next claims have them. They stay its
 * own, because a jump within a handler leaves the interrupted code under way, whose bytes are then
 * those of the handler's event, at worst.
 */
void lt_buffers_abandon(struct lt_thread *thread);

/* The thread ends, and nothing of ours is under way in it: buffers that it has are free. */
void lt_buffers_free(struct lt_thread *thread);

#endif
