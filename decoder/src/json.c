/* SPDX-License-Identifier: MIT */
/*
 * Events as JSON, straight from the pull reader. This is the plain way that every event can go;
 * schema.c has a faster one for those seen before, which must give the same bytes. Must never
 * leave an object open, whatever the event holds.
 */
#include <assert.h>

#include <evh/join.h>
#include <evh/json.h>

#include "event.h"
#include "json_put.h"
#include "nested.h"

void evh_json_string(struct evh_text *text, const void *data, size_t size)
{
	char *out = evh_text_reserve(text, PUT_ROOM(size));

	if (out)
		text->size += (size_t)(put_json_string(out, data, size) - out);
}

char *put_json_string(char *out, const void *data, size_t size)
{
	*out++ = '"';
	out = put_json_text(out, data, size);
	*out++ = '"';
	return out;
}

void evh_json_value(struct evh_text *text, const struct evh_item *item)
{
	bool is_value = item->kind == EVH_ITEM_FIELD;
	size_t size = is_value ? item->size : 0;
	char *out = evh_text_reserve(text, PUT_ROOM(size));
	char *end;

	if (!out)
		return;
	end = put_json_value(out, is_value ? item->value : EVH_VALUE_NULL, item->data, size,
			     item->big_endian);
	assert((size_t)(end - out) + CLEAN_SLACK <= PUT_ROOM(size));
	text->size += (size_t)(end - out);
}

/* The name as it is written: its attributes stand behind it, be they as empty as in "name;". */
static struct evh_name whole_name(const struct evh_name *name, const struct evh_name *attributes)
{
	const char *end =
		attributes->data ? attributes->data + attributes->size : name->data + name->size;

	return (struct evh_name){ name->data, (size_t)(end - name->data) };
}

/* "name;attr=value;tag=0x1234" */
void json_append_name(struct evh_text *text, const struct evh_item *item)
{
	struct evh_name name = whole_name(&item->name, &item->attributes);
	char *out = evh_text_reserve(text, PUT_ROOM(name.size));
	char *p;

	if (!out)
		return;
	*out = '"';
	p = put_json_text(out + 1, (const uint8_t *)name.data, name.size);
	if (item->tag != 0)
		p = put_hex(PUT_LITERAL(p, ";tag="), item->tag);
	p = PUT_LITERAL(p, "\":");
	text->size += (size_t)(p - out);
}

static void append_lead(struct evh_text *text, const struct evh_item *item, bool *first,
			const void *argument)
{
	(void)argument;
	if (!*first)
		evh_text_append(text, ",", 1);
	*first = false;
	if (!item->element)
		json_append_name(text, item);
}

static void append_value(struct evh_text *text, const struct evh_item *item, const void *argument)
{
	(void)argument;
	evh_json_value(text, item);
}

static bool is_called(const struct evh_item *item, const char *name)
{
	return item->name.size == strlen(name) &&
	       memcmp(item->name.data, name, item->name.size) == 0;
}

/* A message that was put together, and where in the event of a part the reader is. */
struct joining {
	const struct evh_name *message;
	struct evh_name *in; /* the struct at the top level, once there was one */
};

static bool is_in(const struct evh_item *item, const struct evh_name *in, const char *name)
{
	return item->depth == 1 && in->size == strlen(name) &&
	       memcmp(in->data, name, in->size) == 0;
}

/* What tells a part's place, of our own events or of OpenTelemetry's. */
static bool is_of_part(const struct evh_item *item, const struct evh_name *in)
{
	if (item->depth == 0)
		return is_called(item, "message_id") || is_called(item, "part") ||
		       is_called(item, "last");
	return is_in(item, in, "PartC") &&
	       (is_called(item, "logtap.part") || is_called(item, "logtap.last") ||
		is_called(item, "log.record.uid"));
}

static bool is_message(const struct evh_item *item, const struct evh_name *in)
{
	return item->depth == 0 ? is_called(item, "message")
				: is_in(item, in, "PartB") && is_called(item, "body");
}

/* A field of a part as the whole message has it; false for one that only parts have. */
static bool join_field(struct evh_item *item, const void *argument)
{
	const struct joining *joining = argument;

	if (item->kind == EVH_ITEM_STRUCT_BEGIN && item->depth == 0)
		*joining->in = item->name;
	if (item->kind != EVH_ITEM_FIELD || item->element)
		return true;
	if (is_of_part(item, joining->in))
		return false;
	if (is_message(item, joining->in)) {
		item->value = EVH_VALUE_UTF8;
		item->data = (const uint8_t *)joining->message->data;
		item->size = joining->message->size;
	}
	return true;
}

static int append_fields(struct evh_text *text, struct evh_reader *reader,
			 const struct evh_name *message)
{
	struct evh_name in = { NULL, 0 };
	const struct joining joining = { message, &in };
	const struct nested_form form = { append_lead, append_value, message ? join_field : NULL,
					  &joining };

	return append_nested(text, reader, &form);
}

int evh_json_fields(struct evh_text *text, struct evh_reader *reader)
{
	return append_fields(text, reader, NULL);
}

/* The numbers that the sample has, each with a comma in front of it. */
static char *put_who(char *out, const struct json_who *who)
{
	if (who->has & EVH_SAMPLE_PID)
		out = put_u64(PUT_LITERAL(out, ",\"pid\":"), who->pid);
	if (who->has & EVH_SAMPLE_TID)
		out = put_u64(PUT_LITERAL(out, ",\"tid\":"), who->tid);
	if (who->has & EVH_SAMPLE_CPU)
		out = put_u64(PUT_LITERAL(out, ",\"cpu\":"), who->cpu);
	return out;
}

char *put_json_sample(char *out, const struct evh_sample *sample, struct json_recent *recent)
{
	struct json_who who = { sample->has, sample->pid, sample->tid, sample->cpu };
	uint32_t skip = 0;

	if (memcmp(&who, &recent->who, sizeof(who)) != 0) {
		recent->who = who;
		recent->who_size = (uint32_t)(put_who(recent->who_text, &who) - recent->who_text);
	}
	*out++ = '{';
	if (sample->has & EVH_SAMPLE_TIME)
		out = put_json_wall_time(out, sample->time, recent);
	else if (sample->has & EVH_SAMPLE_CLOCK)
		out = put_json_clock_time(out, sample->time);
	else if (recent->who_size)
		skip = 1; /* there is nothing that its comma could part it from */
	memcpy(out, recent->who_text + skip, WHO_COPIED);
	return out + recent->who_size - skip;
}

char *put_json_wall_time(char *out, uint64_t time, struct json_recent *recent)
{
	uint64_t second = time / 1000000000;

	if (recent->second_size == 0 || second != recent->second) {
		char *end = put_time(recent->second_text, (int64_t)second);

		recent->second = second;
		recent->second_size = (uint32_t)(end - recent->second_text);
	}
	out = PUT_LITERAL(out, "\"time\":\"");
	memcpy(out, recent->second_text, sizeof(recent->second_text));
	out += recent->second_size;
	*out++ = '.';
	out = put_nanoseconds(out, (uint32_t)(time % 1000000000));
	return PUT_LITERAL(out, "Z\"");
}

char *put_json_clock_time(char *out, uint64_t time)
{
	out = PUT_LITERAL(out, "\"time\":");
	out = put_u64(out, time / 1000000000);
	*out++ = '.';
	return put_digits(out, (uint32_t)(time % 1000000000), 9);
}

void evh_json_sample(struct evh_text *text, const struct evh_sample *sample)
{
	struct json_recent recent = { 0 };
	char *out = evh_text_reserve(text, PUT_JSON_SAMPLE_ROOM);

	if (out)
		text->size += (size_t)(put_json_sample(out, sample, &recent) - out);
}

static void append_string_key(struct evh_text *text, const char *key, const void *data, size_t size)
{
	/* Behind the opening brace alone there is nothing to part from. */
	if (text->error == 0 && text->size > 0 && text->data[text->size - 1] != '{')
		evh_text_append(text, ",", 1);
	evh_text_puts(text, key);
	evh_json_string(text, data, size);
}

static void append_number_key(struct evh_text *text, const char *key, uint64_t value)
{
	evh_text_puts(text, key);
	evh_text_u64(text, value);
}

static void append_hex_key(struct evh_text *text, const char *key, uint64_t value)
{
	char buffer[PUT_ROOM(0)];
	char *end = put_hex(PUT_LITERAL(buffer, "\""), value);

	evh_text_puts(text, key);
	*end++ = '"';
	evh_text_append(text, buffer, (size_t)(end - buffer));
}

void json_append_header(struct evh_text *text, const struct evh_sample *sample,
			const struct evh_event *event)
{
	struct evh_tracepoint_name name = { 0 };
	size_t size = sample->tracepoint ? strlen(sample->tracepoint) : 0;

	if (size > 0 && evh_tracepoint_name_parse(&name, sample->tracepoint, size) == 0)
		append_string_key(text, "\"provider\":", name.provider, name.provider_size);
	else if (size > 0)
		append_string_key(text, "\"provider\":", sample->tracepoint, size);
	if (event->name.data) {
		struct evh_name full = whole_name(&event->name, &event->attributes);

		append_string_key(text, "\"event\":", full.data, full.size);
	}
	json_append_numbers(text, name.keyword, event);
}

void json_append_numbers(struct evh_text *text, uint64_t keyword, const struct evh_event *event)
{
	evh_text_puts(text, text->error == 0 && text->data[text->size - 1] == '{' ? "" : ",");
	append_number_key(text, "\"level\":", event->level);
	append_hex_key(text, ",\"keyword\":", keyword);
	append_number_key(text, ",\"opcode\":", event->opcode);
	if (event->id != 0)
		append_number_key(text, ",\"id\":", event->id);
	if (event->version != 0)
		append_number_key(text, ",\"version\":", event->version);
	if (event->tag != 0)
		append_hex_key(text, ",\"tag\":", event->tag);
}

static char *put_uuid_key(char *out, const char *key, const uint8_t *uuid)
{
	out = put_bytes(out, key, strlen(key));
	out = put_uuid(out, uuid);
	*out++ = '"';
	return out;
}

char *put_json_activity(char *out, const struct evh_event *event)
{
	if (event->activity)
		out = put_uuid_key(out, ",\"activity\":\"", event->activity);
	if (event->related)
		out = put_uuid_key(out, ",\"related\":\"", event->related);
	return out;
}

int json_find_error(struct evh_reader reader)
{
	struct evh_item item;
	int result;

	do {
		result = evh_reader_next(&reader, &item);
		if (result > 0 && item.kind == EVH_ITEM_ARRAY_BEGIN)
			result = evh_reader_skip(&reader) < 0 ? reader.error : 1;
	} while (result > 0);
	return result;
}

static int append_event(struct evh_text *text, const struct evh_sample *sample,
			const struct evh_name *message, const struct evh_name *members)
{
	size_t start = text->size;
	struct evh_reader reader;
	int error = evh_reader_open(&reader, sample->event, sample->event_size);
	char *out;

	if (error == 0)
		error = json_find_error(reader);
	if (message) {
		evh_join_whole_name(&reader.event.name);
		reader.event.attributes = (struct evh_name){ NULL, 0 }; /* they would be a part's */
	}
	evh_json_sample(text, sample);
	json_append_header(text, sample, &reader.event);
	out = evh_text_reserve(text, PUT_JSON_ACTIVITY_ROOM);
	if (out)
		text->size += (size_t)(put_json_activity(out, &reader.event) - out);
	if (error < 0) {
		const char *words = evh_reader_strerror(error);

		evh_text_puts(text, ",\"error\":");
		evh_json_string(text, words, strlen(words));
	}
	if (members && members->size)
		evh_text_append(text, members->data, members->size);
	evh_text_puts(text, ",\"fields\":{");
	append_fields(text, &reader, message);
	evh_text_puts(text, "}}");
	if (text->error != 0)
		text->size = start;
	return error;
}

int evh_json_event(struct evh_text *text, const struct evh_sample *sample)
{
	return append_event(text, sample, NULL, NULL);
}

int json_event_with(struct evh_text *text, const struct evh_sample *sample,
		    const struct evh_name *members)
{
	return append_event(text, sample, NULL, members);
}

int evh_json_joined(struct evh_text *text, const struct evh_sample *part, const void *message,
		    size_t size)
{
	struct evh_name whole = { message, size };

	return append_event(text, part, &whole, NULL);
}
