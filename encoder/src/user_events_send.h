/* SPDX-License-Identifier: MIT */
/*
 * Writing one event to user_events, in line for those who are compiled together with the core: each
 * return to a frame that is older than the last system call is one that the processor guesses wrong
 * (the kernel fills the predictor of returns with its own), so the fewer there are the better.
 *
 * Must never be used for another transport, nor for more than the transport's limit.
 */
#ifndef EVH_SRC_USER_EVENTS_SEND_H
#define EVH_SRC_USER_EVENTS_SEND_H

#include <evh/tracepoint.h>
#include <string.h>

#include "syscall.h"

/* As evh_tracepoint_send. `index`: of the tracepoint. */
static inline int evh_user_events_send_to(const struct evh_transport *transport, uint32_t index,
					  uint8_t *event, size_t size)
{
	uint8_t *start = event - sizeof(index);
	long result;

	memcpy(start, &index, sizeof(index));
	result = EVH_SYSCALL3(SYS_write, __atomic_load_n(&transport->fd, __ATOMIC_RELAXED), start,
			      size + sizeof(index));
	return result < 0 ? (int)result : 0;
}

/* The same by evh_syscall3. */
static inline int evh_user_events_send_short(const struct evh_transport *transport, uint32_t index,
					     uint8_t *event, size_t size)
{
	uint8_t *start = event - sizeof(index);
	long result;

	memcpy(start, &index, sizeof(index));
	result = evh_syscall3(SYS_write, __atomic_load_n(&transport->fd, __ATOMIC_RELAXED),
			      (long)start, (long)(size + sizeof(index)));
	return __builtin_expect(result < 0, 0) ? (int)result : 0;
}

static inline int evh_user_events_send(const struct evh_transport *transport,
				       const struct evh_tracepoint *tracepoint, uint8_t *event,
				       size_t size)
{
	return evh_user_events_send_to(transport, tracepoint->index, event, size);
}

#endif
