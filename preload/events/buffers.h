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
	uint8_t headroom[EVH_HEADROOM];
	uint8_t event[LT_EVENT_MAX];
	uint8_t tailroom[EVH_TAILROOM];
} __attribute__((aligned(64)));

/*
 * A free buffer, or NULL where all are in use. Not to be held over a call that can block or be
 * cancelled: a buffer that is not given back is lost to this process.
 */
struct lt_buffer *lt_buffer_claim(void);

void lt_buffer_release(struct lt_buffer *buffer);

#endif
