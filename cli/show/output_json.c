/* SPDX-License-Identifier: MIT */
/* The format `json`: one object per line. What --fields leaves out is taken out of the finished
 * object: it is our own, so it is valid. */
#include <string.h>

#include <evh/json.h>
#include <evh/tep.h>

#include "output.h"

/* A field with attributes is known by its name. */
static bool is_called(const char *key, size_t size, const char *name)
{
	size_t length = strlen(name);

	return length <= size && memcmp(key, name, length) == 0 &&
	       (length == size || key[length] == ';');
}

static bool wanted(struct output *output, const char *key, size_t size)
{
	bool any = false;

	for (size_t i = 0; i < output->field_count; i++) {
		if (!is_called(key, size, output->fields[i].key))
			continue;
		output->fields[i].found = true;
		any = true;
	}
	return any;
}

/* Behind the string that begins here. */
static const char *skip_string(const char *at)
{
	for (at++; *at != '"'; at++) {
		if (*at == '\\')
			at++;
	}
	return at + 1;
}

/* Behind the value that begins here. Counts braces, so that nesting costs nothing. */
static const char *skip_value(const char *at)
{
	int depth = 0;

	for (;;) {
		if (*at == '"') {
			at = skip_string(at);
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

/* Copies the members that are wanted from the object at `at` to `out`, which may be the same
 * place; returns the end of what was written, and moves *at behind the object. */
static char *select_members(struct output *output, const char **at, char *out, bool inside)
{
	const char *key = *at + 1;
	bool first = true;

	*out++ = '{';
	while (*key == '"') {
		const char *colon = skip_string(key);
		const char *value = colon + 1;
		size_t key_size = (size_t)(colon - key) - 2;
		bool fields = !inside && key_size == 6 && memcmp(key + 1, "fields", 6) == 0;
		bool whole = wanted(output, key + 1, key_size);
		const char *end = skip_value(value);

		if (fields || whole) {
			if (!first)
				*out++ = ',';
			first = false;
			memmove(out, key, (size_t)(value - key));
			out += value - key;
			if (!whole) {
				out = select_members(output, &value, out, true);
			} else {
				memmove(out, value, (size_t)(end - value));
				out += end - value;
			}
		}
		key = *end == ',' ? end + 1 : end;
	}
	*out++ = '}';
	*at = key + 1;
	return out;
}

static void select_fields(struct output *output, size_t begin)
{
	struct evh_text *text = &output->text;
	const char *at = text->data + begin;
	char *end = select_members(output, &at, text->data + begin, false);

	text->size = (size_t)(end - text->data);
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

/* The whole object. */
static void append_object(struct evh_text *text, struct event *event)
{
	const struct evh_joined *joined = event->joined;

	if (joined)
		evh_json_joined(text, event->sample, joined->message, joined->size);
	else if (event->sample->event)
		evh_schemas_json(event->schemas, text, event->sample);
	else
		evh_tep_json(text, event->sample);
	if (joined && !text->error)
		append_joined(text, joined);
}

void output_json(struct output *output, struct event *event)
{
	struct evh_text *text = &output->text;
	size_t begin = text->size;

	append_object(text, event);
	if (output->fields && !text->error)
		select_fields(output, begin);
	evh_text_puts(text, "\n");
}

/* The value of a member of the object at `at`, or of its "fields". NULL: it has none. */
static const char *find_member(const char *at, const char *name, size_t *size)
{
	const char *key = at + 1;
	bool inside = false;

	while (*key == '"') {
		const char *value = skip_string(key) + 1;
		const char *end = skip_value(value);
		size_t key_size = (size_t)(value - key) - 3;

		if (!inside && key_size == 6 && memcmp(key + 1, "fields", 6) == 0) {
			/* Stands last: on with what is in it. */
			inside = true;
			key = value + 1;
			continue;
		}
		if (is_called(key + 1, key_size, name)) {
			*size = (size_t)(end - value);
			return value;
		}
		key = *end == ',' ? end + 1 : end;
	}
	return NULL;
}

bool output_member(struct output *output, struct event *event, const char *key)
{
	struct evh_text object = { 0 };
	const char *value = NULL;
	size_t size = 0;

	append_object(&object, event);
	if (!object.error)
		value = find_member(object.data, key, &size);
	if (value && *value == '"') {
		value++;
		size -= 2;
	}
	if (value)
		evh_text_append(&output->text, value, size);
	evh_text_free(&object);
	return value != NULL;
}
