/* SPDX-License-Identifier: MIT */
/*
 * Messages to events: the `syslog` and `stderr` events and their parts, with heads prepared once so
 * that a short message costs two copies and one write.
 */
#ifndef LT_EMIT_H
#define LT_EMIT_H

#include <string.h>

#include "buffers.h"
#include "debug_file.h"
#include "own_descriptor.h"
#include "shim.h"
#include "user_events_send.h"

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

/* The first half of it: from then on messages can come, and are heard by nobody. */
void lt_emit_prepare(void);

/*
 * While the sink is not there and may come: tries to open it, not too often; whether it is there
 * now. Called for each message. NULL: there is nothing to wait for.
 */
extern LT_HIDDEN bool (*lt_emit_late)(void);

/*
 * Sends a message as one event, or as parts when it is too long for one. 0, or a negative errno
 * when it was not sent: -EBADF nobody listens to its level, -ECANCELED it is below LOGTAP_LEVEL.
 */
int lt_emit_stderr(int severity, const struct lt_message *message);

LT_COLD int lt_emit_account_slow(int result);

/* Counts what became of a message, for LOGTAP_DEBUG. */
static inline int lt_emit_account(int result)
{
	return lt_likely(!(lt_debug_on | result)) ? 0 : lt_emit_account_slow(result);
}

/* evh_tracepoint_send, for events of at most LT_EVENT_MAX bytes. */
LT_INLINE int lt_emit_send_now(const struct evh_tracepoint *tracepoint, uint8_t *event, size_t size)
{
	if (lt_likely(lt_transport.kind == EVH_TRANSPORT_USER_EVENTS))
		return evh_user_events_send(&lt_transport, tracepoint, event, size);
	return evh_tracepoint_send(tracepoint, event, size);
}

/* The largest head of a line that is built in place: of programs with names of up to 80 bytes. */
#define LT_LINE_HEAD 144

/* Spare bytes that lt_emit_line wants in front of a line. */
#define LT_LINE_FRONT (EVH_HEADROOM + LT_LINE_HEAD)

/* What stands before the lines of one severity, prepared so that a line needs one look at it. */
struct lt_line_head {
	uint32_t mask; /* of its tracepoint in lt_word; 0 where lines take the slow path */
	uint32_t size; /* of the event in front of the message, whose length it ends with */
	const struct evh_tracepoint *tracepoint;
	uint8_t bytes[LT_LINE_HEAD]; /* the last `size` of them */
} __attribute__((aligned(64)));

extern LT_HIDDEN struct lt_line_head lt_line_heads[8];

/* Nearly every program's: its name is not longer than 16 bytes. */
#define LT_LINE_HEAD_SHORT 80

/*
 * The same for a line, which is built in place: in front of `message` are LT_LINE_FRONT bytes, and
 * behind it EVH_TAILROOM, that nobody else uses meanwhile, not even a handler that interrupts the
 * caller.
 */
LT_INLINE int lt_emit_line(int severity, char *message, size_t size)
{
	const struct lt_line_head *head = lt_keep(&lt_line_heads[severity]);
	uint16_t count = (uint16_t)size;

	if (lt_unlikely(!lt_heard(head->mask) || !lt_own_fd_check()))
		return lt_emit_stderr(severity,
				      &(struct lt_message){ { message, message }, { size, 0 } });
	/* Fixed numbers of bytes are copied without a call. */
	if (lt_likely(head->size <= LT_LINE_HEAD_SHORT))
		memcpy(message - LT_LINE_HEAD_SHORT,
		       head->bytes + LT_LINE_HEAD - LT_LINE_HEAD_SHORT, LT_LINE_HEAD_SHORT);
	else
		memcpy(message - LT_LINE_HEAD, head->bytes, LT_LINE_HEAD);
	memcpy(message - sizeof(count), &count, sizeof(count));
	return lt_emit_account(lt_emit_send_now(head->tracepoint, (uint8_t *)message - head->size,
						head->size + size));
}

/*
 * Sends a message that goes on, as parts numbered from parts->next, which is moved on; where that
 * is 0 the message gets its id. `last` ends it; it may then be empty. A caller whose message goes
 * on keeps back the bytes of an unfinished character at its end (utf8.h).
 */
int lt_emit_stderr_parts(int severity, const struct lt_message *message, struct lt_parts *parts,
			 bool last);

/*
 * Sends a syslog message as one event, or as parts when it is too long for one; with the results of
 * lt_emit_stderr. Short ones: emit_syslog.h.
 */
int lt_emit_syslog(int severity, int facility, const char *ident, const char *message, size_t size);

/* What a syslog event says beside its message. */
struct lt_syslog_head {
	int severity, facility;
	const char *ident;
};

/* As lt_emit_syslog, and as lt_emit_stderr_parts. */
int lt_emit_syslog_message(const struct lt_syslog_head *head, const struct lt_message *message);
int lt_emit_syslog_parts(const struct lt_syslog_head *head, const struct lt_message *message,
			 struct lt_parts *parts, bool last);

/* Prepares what the heads of syslog events have in common. Before the first message. */
void lt_emit_syslog_init(void);

/* Whether a message of this severity would be sent: within LOGTAP_LEVEL, and somebody listens. */
bool lt_emit_wants(uint32_t keyword, int severity);

#endif
