/* SPDX-License-Identifier: MIT */
/*
 * What syslog events are put together from, and those that are not built in place (emit_syslog.h).
 * Must never send more than LT_EVENT_MAX bytes.
 */
#include "emit_syslog.h"

#include <string.h>

#include "emit_otel.h"
#include "rate.h"

struct lt_syslog_front lt_syslog_fronts[8];
struct lt_syslog_facility lt_syslog_facilities[LT_FACILITY_UNKNOWN + 1];

static const char *facility_name(int facility)
{
	return facility < LT_FACILITY_UNKNOWN ? lt_facility_names[facility] : "unknown";
}

void lt_emit_syslog_init(void)
{
	for (int severity = 0; severity < 8; severity++) {
		uint8_t head[LT_HEAD_MAX];
		/* An ident without bytes still has its size, which is not part of the front. */
		size_t size = lt_emit_put_head(head, LT_SYSLOG, severity, NULL, "") - 2;
		struct lt_syslog_front *front = &lt_syslog_fronts[severity];

		memcpy(front->bytes, head, size);
		front->bytes[sizeof(front->bytes) - 1] = (uint8_t)size;
	}
	for (int facility = 0; facility <= LT_FACILITY_UNKNOWN; facility++) {
		struct lt_syslog_facility *field = &lt_syslog_facilities[facility];
		const char *name = facility_name(facility);
		uint16_t size = (uint16_t)strlen(name);

		memcpy(field->bytes, &size, 2);
		memcpy(field->bytes + 2, name, size);
		field->bytes[sizeof(field->bytes) - 1] = (uint8_t)(2 + size);
	}
}

static struct lt_record record_of(const struct lt_syslog_head *head)
{
	return (struct lt_record){ .shape = LT_SYSLOG,
				   .severity = head->severity,
				   .facility = head->facility,
				   .ident = head->ident };
}

/* `bytes` has LT_HEAD_MAX of them. */
static struct lt_event event_of(enum lt_shape shape, const struct lt_syslog_head *head,
				uint8_t *bytes)
{
	return (struct lt_event){
		.tracepoint = lt_tracepoint_of(LT_CAPTURE_SYSLOG, head->severity),
		.head = bytes,
		.head_size = lt_emit_put_head(bytes, shape, head->severity,
					      facility_name(head->facility), head->ident),
	};
}

/* Apart, for its frame: nothing that builds another layout needs it. */
static __attribute__((noinline)) int send_message(const struct lt_syslog_head *head,
						  const struct lt_message *message)
{
	uint8_t bytes[LT_HEAD_MAX];
	struct lt_parts parts = { 0 };
	struct lt_event event = event_of(LT_SYSLOG, head, bytes);

	if (message->size[0] + message->size[1] <= lt_emit_message_max(&event))
		return lt_emit_send(&event, message);
	event = event_of(LT_SYSLOG_PART, head, bytes);
	return lt_emit_send_parts(&event, message, &parts, true);
}

int lt_emit_syslog_message(const struct lt_syslog_head *head, const struct lt_message *message)
{
	struct lt_record record = record_of(head);
	int error = lt_emit_admit(LT_CAPTURE_SYSLOG, head->severity);

	if (!error)
		error = lt_rate_admit();
	if (error)
		return lt_emit_account(error);
	return lt_emit_account(lt_layout_is_otel() ? lt_otel_send(&record, message)
						   : send_message(head, message));
}

int lt_emit_syslog(int severity, int facility, const char *ident, const char *message, size_t size)
{
	const struct lt_message whole = { .piece = { message, message }, .size = { size, 0 } };

	return lt_emit_syslog_message(&(struct lt_syslog_head){ severity, facility, ident },
				      &whole);
}

static __attribute__((noinline)) int send_parts(const struct lt_syslog_head *head,
						const struct lt_message *message,
						struct lt_parts *parts, bool last)
{
	uint8_t bytes[LT_HEAD_MAX];
	struct lt_event event = event_of(LT_SYSLOG_PART, head, bytes);

	return lt_emit_send_parts(&event, message, parts, last);
}

int lt_emit_syslog_parts(const struct lt_syslog_head *head, const struct lt_message *message,
			 struct lt_parts *parts, bool last)
{
	struct lt_record record = record_of(head);
	int error = lt_emit_admit_parts(LT_CAPTURE_SYSLOG, head->severity, parts);

	if (!error)
		error = lt_layout_is_otel() ? lt_otel_send_parts(&record, message, parts, last)
					    : send_parts(head, message, parts, last);
	return last ? lt_emit_account(error) : error;
}
