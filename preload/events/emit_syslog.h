/* SPDX-License-Identifier: MIT */
/*
 * A syslog event that is built in place: the head from prepared blocks, of which more is copied
 * than they hold, because a copy of a fixed size is a few instructions; what is too much is covered
 * by what follows. Nothing is remembered of the ident: the program may rewrite its bytes between
 * two calls.
 */
#ifndef LT_EMIT_SYSLOG_H
#define LT_EMIT_SYSLOG_H

#include "bytes.h"
#include "emit_internal.h"

/* From the event's first byte to the end of its level. The last byte says how much that is. */
struct lt_syslog_front {
	uint8_t bytes[64];
} __attribute__((aligned(64)));

/* A string field: u16 size, and the bytes. The last byte says how much of the block that is. */
struct lt_syslog_facility {
	uint8_t bytes[16];
};

/* For numbers that have no name. */
#define LT_FACILITY_UNKNOWN 24

extern struct lt_syslog_front lt_syslog_fronts[8];
extern struct lt_syslog_facility lt_syslog_facilities[LT_FACILITY_UNKNOWN + 1];

/* Longest ident of an event that is built here, and all that can stand before its message. */
#define LT_SYSLOG_IDENT 64
#define LT_SYSLOG_HEAD	(64 + 16 + 2 + LT_SYSLOG_IDENT + LT_SPARE + 2)

/*
 * Writes the head at `event`, up to LT_SYSLOG_HEAD bytes; where the message goes, or NULL: the
 * ident is too long.
 */
static inline char *lt_emit_syslog_begin(uint8_t *event, int severity, int facility,
					 const char *ident)
{
	const struct lt_syslog_front *front = &lt_syslog_fronts[severity];
	const struct lt_syslog_facility *field =
		&lt_syslog_facilities[lt_likely(facility < LT_FACILITY_UNKNOWN)
					      ? facility
					      : LT_FACILITY_UNKNOWN];
	uint8_t *out = event;
	char *start, *end;
	uint16_t size;

	memcpy(out, front, sizeof(*front));
	out += front->bytes[sizeof(front->bytes) - 1];
	memcpy(out, field, sizeof(*field));
	out += field->bytes[sizeof(field->bytes) - 1];
	start = (char *)out + 2;
	end = lt_copy_text(start, start + LT_SYSLOG_IDENT + LT_SPARE, ident, '\0').out;
	if (lt_unlikely(!end))
		return NULL;
	size = (uint16_t)(end - start);
	memcpy(out, &size, 2);
	return end + 2;
}

/*
 * Sends the event at `event`, which has EVH_HEADROOM bytes in front, with `size` bytes of message
 * that begin at `text` and EVH_TAILROOM bytes behind them. Results as of lt_emit_stderr.
 */
static inline int lt_emit_syslog_end(uint8_t *event, int severity, char *text, size_t size)
{
	uint16_t count = (uint16_t)size;

	if (lt_unlikely(!lt_own_fd_check()))
		return lt_emit_account(-ESTALE);
	memcpy(text - 2, &count, 2);
	return lt_emit_account(lt_emit_send_now(lt_tracepoint_of(LT_CAPTURE_SYSLOG, severity),
						event, (size_t)(text - (char *)event) + size));
}

#endif
