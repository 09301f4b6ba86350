/* SPDX-License-Identifier: MIT */
/*
 * Building and sending the syslog events. Must never send more than LT_EVENT_MAX bytes.
 */
#include "emit_internal.h"

#include <string.h>

static const char *facility_name(int facility)
{
	static const char unknown[] = "unknown";

	return (unsigned)facility < 24 ? lt_facility_names[facility] : unknown;
}

char *lt_emit_syslog_begin(struct lt_buffer *buffer, int severity, int facility, const char *ident,
			   size_t *room)
{
	size_t size = lt_emit_put_head(buffer->event, LT_SYSLOG, severity, facility_name(facility),
				       ident);

	*room = LT_EVENT_MAX - size - 2;
	return (char *)buffer->event + size + 2;
}

int lt_emit_syslog_end(struct lt_buffer *buffer, int severity, const char *text, size_t size)
{
	uint8_t *message = buffer->event + (text - (const char *)buffer->event);
	uint16_t count = (uint16_t)size;
	int error = lt_emit_admit(LT_CAPTURE_SYSLOG, severity);

	if (error)
		return lt_emit_account(error);
	memcpy(message - 2, &count, 2);
	return lt_emit_account(evh_tracepoint_send(lt_tracepoint_of(LT_CAPTURE_SYSLOG, severity),
						   buffer->event,
						   (size_t)(message - buffer->event) + size));
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
