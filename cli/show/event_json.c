/* SPDX-License-Identifier: MIT */
/*
 * The object that JSON has for an event: the decoder's, with what else is known put into it. Must
 * never leave it invalid.
 */
#include "event_json.h"

#include <string.h>

#include <evh/json.h>
#include <evh/tep.h>

#include "process_table.h"

/* A field with attributes is known by its name. */
bool json_key_is(const char *key, size_t size, const char *name)
{
	size_t length = strlen(name);

	return length <= size && memcmp(key, name, length) == 0 &&
	       (length == size || key[length] == ';');
}

const char *json_skip_string(const char *at)
{
	const char *quote, *slash;

	/* Behind an odd number of backslashes it is one of them that the quote belongs to. */
	for (at++;; at = quote + 1) {
		quote = rawmemchr(at, '"');
		slash = quote;
		while (slash > at && slash[-1] == '\\')
			slash--;
		if ((quote - slash) % 2 == 0)
			return quote + 1;
	}
}

/* Behind the value that begins here. Counts braces, so that nesting costs nothing. */
const char *json_skip_value(const char *at)
{
	int depth = 0;

	for (;;) {
		if (*at == '"') {
			at = json_skip_string(at);
		} else if (*at == '{' || *at == '[') {
			depth++;
			at++;
		} else if (*at == '}' || *at == ']') {
			if (depth == 0)
				return at; /* the end of what this value stands in */
			depth--;
			at++;
		} else if (*at == ',' && depth == 0) {
			return at;
		} else {
			at++;
			continue;
		}
		if (depth == 0)
			return at;
	}
}

/* A message beyond what is held of one stands in several objects: which of them this is. */
static const char *piece_of(const struct evh_joined *joined)
{
	if (joined->begin_elsewhere)
		return joined->end_elsewhere ? "middle" : "last";
	return joined->end_elsewhere ? "first" : NULL;
}

static void append_joined(struct evh_text *text, const struct evh_joined *joined)
{
	const char *piece = piece_of(joined);

	text->size--; /* the object's end */
	if (piece) {
		evh_text_puts(text, ",\"piece\":\"");
		evh_text_puts(text, piece);
		evh_text_puts(text, "\"");
	}
	if (joined->begin_missing || joined->end_missing)
		evh_text_puts(text, ",\"incomplete\":true");
	evh_text_puts(text, "}");
}

/* Puts `"process":{...}` in front of "fields", behind all that is said of the event itself. */
static void insert_process(struct evh_text *text, size_t begin, const struct event *event)
{
	static const char FIELDS[] = ",\"fields\":{";
	static const char COMM[] = ",\"process\":{\"comm\":";
	const char *comm = event->sample->comm ? event->sample->comm : "";
	struct evh_text block = { 0 };
	/* Within a string its quotes would be escaped. */
	char *place = memmem(text->data + begin, text->size - begin, FIELDS, sizeof(FIELDS) - 1);
	size_t at = place ? (size_t)(place - text->data) : 0;

	evh_text_puts(&block, COMM);
	evh_json_string(&block, comm, strlen(comm));
	evh_text_append(&block, event->process->json.data, event->process->json.size);
	evh_text_puts(&block, "}");
	if (place && !block.error && evh_text_reserve(text, block.size)) {
		place = text->data + at;
		memmove(place + block.size, place, text->size - at);
		memcpy(place, block.data, block.size);
		text->size += block.size;
	}
	evh_text_free(&block);
}

/* What nearly all are. False: it isn't, and nothing was written. */
static bool append_plain_event(struct event *event, struct evh_text *text)
{
	struct evh_name process = { NULL, 0 };

	if (event->joined || !event->sample->event)
		return false;
	if (event->process) {
		process = process_member(event->process,
					 event->sample->comm ? event->sample->comm : "");
		if (!process.size)
			return false;
	}
	evh_schemas_json_with(event->schemas, text, event->sample, event->schema, process.data,
			      process.size);
	return true;
}

void event_append_json(struct event *event, struct evh_text *text)
{
	size_t begin = text->size;
	const struct evh_joined *joined = event->joined;

	if (append_plain_event(event, text))
		return;
	if (joined)
		evh_json_joined(text, event->sample, joined->message, joined->size);
	else if (event->sample->event)
		evh_schemas_json(event->schemas, text, event->sample);
	else
		evh_tep_json(text, event->sample);
	if (joined && !text->error)
		append_joined(text, joined);
	if (event->process && !text->error)
		insert_process(text, begin, event);
}

/* The value of a member of the object at `at`, or of its "fields". NULL: it has none. */
static const char *find_member(const char *at, const char *name, size_t *size)
{
	const char *key = at + 1;
	bool inside = false;

	while (*key == '"') {
		const char *value = json_skip_string(key) + 1;
		const char *end = json_skip_value(value);
		size_t key_size = (size_t)(value - key) - 3;

		if (!inside && key_size == 6 && memcmp(key + 1, "fields", 6) == 0) {
			/* Stands last: on with what is in it. */
			inside = true;
			key = value + 1;
			continue;
		}
		if (json_key_is(key + 1, key_size, name)) {
			*size = (size_t)(end - value);
			return value;
		}
		key = *end == ',' ? end + 1 : end;
	}
	return NULL;
}

static bool append_member(struct evh_text *text, const struct evh_text *object, const char *key)
{
	size_t size = 0;
	const char *value = find_member(object->data, key, &size);

	if (value && *value == '"') {
		value++;
		size -= 2;
	}
	if (value)
		evh_text_append(text, value, size);
	return value != NULL;
}

bool event_json_member(struct evh_text *text, struct event *event, const char *name)
{
	struct evh_text object = { 0 };
	struct evh_text key = { 0 };
	bool found = false;

	evh_json_string(&key, name, strlen(name));
	event_append_json(event, &object);
	if (!key.error && !object.error) {
		key.data[key.size - 1] = '\0';
		found = append_member(text, &object, key.data + 1);
	}
	evh_text_free(&key);
	evh_text_free(&object);
	return found;
}
