/* SPDX-License-Identifier: MIT */
/*
 * Building and sending the syslog events. Their heads are put together from prepared blocks, of
 * which more is copied than they hold, because a copy of a fixed size is a few instructions; what
 * is too much is covered by what follows. Nothing is remembered of the ident: the program may
 * rewrite its bytes between two calls.
 *
 * Must never send more than LT_EVENT_MAX bytes.
 */
#include "emit_internal.h"

#include <string.h>

#include "bytes.h"

/* A string field: u16 size, and the bytes. The last byte says how much of the block that is. */
struct field {
	uint8_t bytes[16];
};

/* From the event's first byte to the end of its level. The last byte says how much that is. */
struct front {
	uint8_t bytes[64];
} __attribute__((aligned(64)));

static struct front fronts[8];

/* The last one is for numbers that have no name. */
static struct field facilities[25];

#define UNKNOWN 24

static const char *facility_name(int facility)
{
	return facility < UNKNOWN ? lt_facility_names[facility] : "unknown";
}

_Static_assert(LT_SYSLOG_HEAD_MAX >=
			       sizeof(struct front) + sizeof(struct field) + 2 + LT_IDENT_MAX + 2 &&
		       LT_SYSLOG_HEAD_MAX >= LT_HEAD_MAX,
	       "a head fits");

void lt_emit_syslog_init(void)
{
	for (int severity = 0; severity < 8; severity++) {
		uint8_t head[LT_HEAD_MAX];
		/* An ident without bytes still has its size, which is not part of the front. */
		size_t size = lt_emit_put_head(head, LT_SYSLOG, severity, NULL, "") - 2;
		struct front *front = &fronts[severity];

		memcpy(front->bytes, head, size);
		front->bytes[sizeof(front->bytes) - 1] = (uint8_t)size;
	}
	for (int facility = 0; facility <= UNKNOWN; facility++) {
		const char *name = facility_name(facility);
		struct field *field = &facilities[facility];
		uint16_t size = (uint16_t)strlen(name);

		memcpy(field->bytes, &size, 2);
		memcpy(field->bytes + 2, name, size);
		field->bytes[sizeof(field->bytes) - 1] = (uint8_t)(2 + size);
	}
}

static uint8_t *put_ident(uint8_t *out, const char *ident)
{
	size_t size = lt_span(ident, '\0');
	uint16_t count;

	if (lt_unlikely(size > LT_IDENT_MAX))
		size = LT_IDENT_MAX;
	count = (uint16_t)size;
	memcpy(out, &count, 2);
	lt_copy(out + 2, ident, size);
	return out + 2 + size;
}

char *lt_emit_syslog_begin(uint8_t *event, int severity, int facility, const char *ident)
{
	const struct front *front = &fronts[severity];
	const struct field *field = &facilities[facility < UNKNOWN ? facility : UNKNOWN];
	uint8_t *out = event;

	memcpy(out, front->bytes, sizeof(front->bytes));
	out += front->bytes[sizeof(front->bytes) - 1];
	memcpy(out, field->bytes, sizeof(field->bytes));
	out += field->bytes[sizeof(field->bytes) - 1];
	return (char *)put_ident(out, ident) + 2;
}

int lt_emit_syslog_end(uint8_t *event, int severity, const char *text, size_t size)
{
	uint8_t *message = event + (text - (const char *)event);
	uint16_t count = (uint16_t)size;

	if (lt_unlikely(!lt_guard_check()))
		return lt_emit_account(-ESTALE);
	memcpy(message - 2, &count, 2);
	return lt_emit_account(evh_tracepoint_send(lt_tracepoint_of(LT_CAPTURE_SYSLOG, severity),
						   event, (size_t)(message - event) + size));
}

int lt_emit_syslog_long(int severity, int facility, const char *ident, const char *message,
			size_t size)
{
	uint8_t bytes[LT_HEAD_MAX];
	const char *name = facility_name(facility);
	struct lt_message whole = { .piece = { message, message }, .size = { size, 0 } };
	struct lt_event event = { .tracepoint = lt_tracepoint_of(LT_CAPTURE_SYSLOG, severity),
				  .head = bytes };
	uint32_t part = 0;
	int error = lt_emit_admit(LT_CAPTURE_SYSLOG, severity);

	if (error)
		return lt_emit_account(error);
	event.head_size = lt_emit_put_head(bytes, LT_SYSLOG, severity, name, ident);
	if (size <= lt_emit_message_max(&event))
		return lt_emit_account(lt_emit_send(&event, &whole));
	event.head_size = lt_emit_put_head(bytes, LT_SYSLOG_PART, severity, name, ident);
	return lt_emit_account(lt_emit_send_parts(&event, &whole, &part, true));
}
