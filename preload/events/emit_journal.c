/* SPDX-License-Identifier: MIT */
/*
 * Building the `journal` events: level, ident, fields, message. The fields are in the first part
 * alone. Must never send more than LT_EVENT_MAX bytes.
 */
#include "emit_journal.h"

#include "emit_internal.h"
#include "emit_otel.h"
#include "put.h"
#include "rate.h"
#include "utf8.h"

static const char LEFT_OUT[] = "LOGTAP_LEFT_OUT=";

/* Bytes that are kept for saying what was left out. */
#define LEFT_OUT_ROOM 160

/* Appends a name to those of the fields that were left out, as far as there is room for it. */
static uint8_t *put_left_out(uint8_t *at, const uint8_t *end, const char *name, size_t size,
			     bool first)
{
	if (first)
		at = lt_put(at, LEFT_OUT, sizeof(LEFT_OUT) - 1);
	if ((size_t)(end - at) < size + sizeof(" ...\n"))
		return (size_t)(end - at) < sizeof("...\n") || at[-1] == '.' ? at
									     : lt_put(at, "...", 3);
	if (!first)
		*at++ = ' ';
	return lt_put(at, name, size);
}

/* The fields, of which each fits or is left out; the end of them. Apart: nothing below needs its
 * frame. */
static __attribute__((noinline)) uint8_t *put_fields(uint8_t *to,
						     const struct lt_journal_entry *entry)
{
	const size_t room = LT_JOURNAL_FIELDS_MAX - LEFT_OUT_ROOM;
	uint8_t names[LEFT_OUT_ROOM], *left_out = names;
	struct lt_journal_field field;
	uint8_t *at = to;

	for (size_t i = 0; lt_journal_field(&field, entry->fields + i, entry->fields_size - i);
	     i += field.size) {
		if ((size_t)(at - to) + field.size + 1 <= room)
			at = lt_put(at, field.name, field.size);
		else
			left_out = put_left_out(left_out, names + sizeof(names), field.name,
						field.name_size, left_out == names);
		if (at > to && at[-1] != '\n')
			*at++ = '\n';
	}
	if (left_out == names)
		return at;
	at = lt_put(at, names, (size_t)(left_out - names));
	*at++ = '\n';
	return at;
}

static const char *ident_of(const struct lt_journal_entry *entry)
{
	return entry->ident ? entry->ident : lt_program;
}

/* What stands before a message, or before a part's own fields. The end of it. */
static uint8_t *put_head(uint8_t *to, enum lt_shape shape, const struct lt_journal_entry *entry,
			 bool with_fields)
{
	uint8_t *fields = to + lt_emit_put_head(to, shape, entry->severity, NULL, ident_of(entry));
	uint8_t *end = fields + 2;
	uint16_t size;

	if (with_fields)
		end = put_fields(end, entry);
	size = (uint16_t)(end - fields - 2);
	memcpy(fields, &size, 2);
	return end;
}

/*
 * The parts behind the first, whose heads are small: `sent` bytes of the message are in that. Their
 * head lies in the buffer that the first was sent from.
 */
static int send_rest(struct lt_buffer *buffer, const struct lt_journal_entry *entry,
		     struct lt_parts *parts, size_t sent)
{
	const char *rest = entry->message + sent;
	struct lt_message message = { { rest, rest }, { entry->message_size - sent, 0 } };
	struct lt_event event = {
		.tracepoint = lt_tracepoint_of(LT_CAPTURE_SYSLOG, entry->severity),
		.head = buffer->event,
	};
	uint8_t *end = put_head(buffer->event, LT_JOURNAL_PART, entry, false);

	event.head_size = (size_t)(end - buffer->event);
	return lt_emit_send_parts(&event, &message, parts, true);
}

/* How much of the message goes into the first part: not the beginning of a character. */
static size_t first_size(const struct lt_journal_entry *entry, size_t room)
{
	return room - lt_utf8_unfinished(entry->message, room, entry->message + room,
					 entry->message_size - room, true);
}

/* The first part, with the fields; how much of the message is in it. Apart, for its frame. */
static __attribute__((noinline)) size_t send_first(struct lt_buffer *buffer,
						   const struct lt_journal_entry *entry,
						   uint64_t message_id, int *error)
{
	uint8_t *at = put_head(buffer->event, LT_JOURNAL_PART, entry, true);
	const uint32_t number = 0;
	const uint8_t last = 0;
	size_t sent;

	at = lt_put(lt_put(lt_put(at, &message_id, 8), &number, 4), &last, 1);
	sent = first_size(entry, LT_EVENT_MAX - 2 - (size_t)(at - buffer->event));
	at = lt_put_string(at, entry->message, sent);
	*error = evh_tracepoint_send(lt_tracepoint_of(LT_CAPTURE_SYSLOG, entry->severity),
				     buffer->event, (size_t)(at - buffer->event));
	return sent;
}

static int send_parts(struct lt_buffer *buffer, const struct lt_journal_entry *entry)
{
	struct lt_parts parts = { .message_id = lt_message_id(), .next = 1 };
	int error, rest;
	size_t sent = send_first(buffer, entry, parts.message_id, &error);

	rest = send_rest(buffer, entry, &parts, sent);
	return error ? error : rest;
}

/* The fields as attributes of their own names. One that stands twice has its first value. Apart,
 * for its frame. */
static __attribute__((noinline)) void put_attributes(struct lt_attributes *attributes,
						     const struct lt_journal_entry *entry)
{
	uint8_t names[LEFT_OUT_ROOM], *left_out = names;
	struct lt_journal_field field;

	attributes->names_room -= sizeof(LEFT_OUT);
	attributes->values_room -= LEFT_OUT_ROOM;
	for (size_t i = 0; lt_journal_field(&field, entry->fields + i, entry->fields_size - i);
	     i += field.size) {
		if (lt_attributes_have(attributes, field.name, field.name_size) ||
		    lt_attributes_add(attributes, field.name, field.name_size, field.value,
				      field.value_size))
			continue;
		left_out = put_left_out(left_out, names + sizeof(names), field.name,
					field.name_size, left_out == names);
	}
	attributes->names_room += sizeof(LEFT_OUT);
	attributes->values_room += LEFT_OUT_ROOM;
	if (left_out > names)
		lt_attributes_add(attributes, LEFT_OUT, sizeof(LEFT_OUT) - 2,
				  (char *)names + sizeof(LEFT_OUT) - 1,
				  (size_t)(left_out - names) - (sizeof(LEFT_OUT) - 1));
}

static __attribute__((noinline)) int send_otel(const struct lt_journal_entry *entry)
{
	const struct lt_message message = { { entry->message, entry->message },
					    { entry->message_size, 0 } };
	struct lt_buffer *buffer = lt_buffer_claim();
	size_t room = lt_otel_fields_room();
	struct lt_attributes attributes;
	struct lt_record record = { .shape = LT_JOURNAL,
				    .severity = entry->severity,
				    .ident = entry->ident,
				    .fields = &attributes };
	int error;

	if (!buffer)
		return -ENOBUFS;
	attributes = (struct lt_attributes){ .names = buffer->event,
					     .names_room = room / 3,
					     .values = buffer->event + room / 3,
					     .values_room = room - room / 3 };
	put_attributes(&attributes, entry);
	error = lt_otel_send(&record, &message);
	lt_buffer_release(buffer);
	return error;
}

int lt_emit_journal(const struct lt_journal_entry *entry)
{
	struct lt_buffer *buffer;
	int error = lt_emit_admit(LT_CAPTURE_SYSLOG, entry->severity);
	uint8_t *at;

	if (!error)
		error = lt_rate_admit();
	if (error)
		return lt_emit_account(error);
	if (lt_layout_is_otel())
		return lt_emit_account(send_otel(entry));
	buffer = lt_buffer_claim();
	if (!buffer)
		return lt_emit_account(-ENOBUFS);
	at = put_head(buffer->event, LT_JOURNAL, entry, true);
	if (entry->message_size <= LT_EVENT_MAX - 2 - (size_t)(at - buffer->event)) {
		at = lt_put_string(at, entry->message, entry->message_size);
		error = evh_tracepoint_send(lt_tracepoint_of(LT_CAPTURE_SYSLOG, entry->severity),
					    buffer->event, (size_t)(at - buffer->event));
	} else {
		error = send_parts(buffer, entry);
	}
	lt_buffer_release(buffer);
	return lt_emit_account(error);
}
