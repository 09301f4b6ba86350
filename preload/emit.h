/* SPDX-License-Identifier: MIT */
/*
 * Messages to events: the `syslog` and `stderr` events and their parts, with heads prepared once so
 * that a short message costs two copies and one write.
 */
#ifndef LT_EMIT_H
#define LT_EMIT_H

#include "buffer.h"
#include "shim.h"

/* A message in up to two pieces, because a line's beginning may be in the thread's buffer. */
struct lt_message {
	const char *piece[2];
	size_t size[2];
};

/*
 * Builds the heads and registers the tracepoints that the settings ask for, with lt_word as their
 * enable word. How many could be registered.
 */
int lt_emit_init(void);

/*
 * Sends a message as one event, or as parts when it is too long for one. 0, or a negative errno
 * when it was not sent: -EBADF nobody listens to its level, -EPERM it is below LOGTAP_LEVEL.
 */
int lt_emit_stderr(int severity, const struct lt_message *message);

/*
 * The same for a message in one piece: what nearly every line is. scratch: LT_PIECE_MAX bytes that
 * nobody else uses meanwhile, not even a handler that interrupts the caller; `text` is elsewhere.
 */
int lt_emit_line(int severity, const char *text, size_t size, void *scratch);

/*
 * Sends a message that goes on, as parts numbered from *part, which is moved on. `last` ends it; it
 * may then be empty.
 */
int lt_emit_stderr_parts(int severity, const struct lt_message *message, uint32_t *part, bool last);

/*
 * A syslog event that is built in place, in `buffer`: writes the head and returns where the message
 * goes; *room says how many bytes of it fit.
 */
char *lt_emit_syslog_begin(struct lt_buffer *buffer, int severity, int facility, const char *ident,
			   size_t *room);

/* Sends what stands in `buffer`, with `size` bytes of message that begin at `text`. */
int lt_emit_syslog_end(struct lt_buffer *buffer, int severity, const char *text, size_t size);

/* The same for a message that did not fit into the buffer. */
int lt_emit_syslog_long(int severity, int facility, const char *ident, const char *message,
			size_t size);

/* Whether a message of this severity would be sent: within LOGTAP_LEVEL, and somebody listens. */
bool lt_emit_wants(uint32_t keyword, int severity);

#endif
