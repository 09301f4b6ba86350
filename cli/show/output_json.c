/* SPDX-License-Identifier: MIT */
/* The formats `json`, one object per line, and `json-pretty`, one member per line. What --fields
 * leaves out is taken out of the finished object: it is our own, so it is valid. */
#include <string.h>

#include <evh/json.h>

#include "event_json.h"
#include "event_value.h"
#include "output.h"

static bool wanted(struct output *output, const char *key, size_t size)
{
	bool any = false;

	for (size_t i = 0; i < output->field_count; i++) {
		if (!json_key_is(key, size, output->fields[i].key))
			continue;
		output->fields[i].found = true;
		output->fields[i].here = true;
		any = true;
	}
	return any;
}

/* Copies the members that are wanted from the object at `at` to `out`, which may be the same
 * place; returns the end of what was written, and moves *at behind the object. */
static char *select_members(struct output *output, const char **at, char *out, bool inside)
{
	const char *key = *at + 1;
	bool first = true;

	*out++ = '{';
	while (*key == '"') {
		const char *colon = json_skip_string(key);
		const char *value = colon + 1;
		size_t key_size = (size_t)(colon - key) - 2;
		bool fields = !inside && key_size == 6 && memcmp(key + 1, "fields", 6) == 0;
		bool whole = wanted(output, key + 1, key_size);
		const char *end = json_skip_value(value);

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

/* The value of a field that isn't in the object: of the process, or deep in a struct. */
static void append_other(struct evh_text *members, struct event *event, struct output_field *field)
{
	struct evh_text value = { 0 };

	if (event_append_value(event, field->name, VALUE_PLAIN, &value)) {
		field->found = true;
		evh_text_puts(members, "\"");
		evh_text_puts(members, field->key);
		evh_text_puts(members, "\":");
		evh_json_string(members, value.data, value.size);
		evh_text_puts(members, ",");
	}
	evh_text_free(&value);
}

/* Puts `members`, each with its comma, in front of "fields". */
static void insert_members(struct evh_text *text, size_t begin, const struct evh_text *members)
{
	static const char FIELDS[] = "\"fields\":{";
	char *place = memmem(text->data + begin, text->size - begin, FIELDS, sizeof(FIELDS) - 1);
	size_t at = place ? (size_t)(place - text->data) : 0;

	if (!place || !members->size || !evh_text_reserve(text, members->size))
		return;
	place = text->data + at;
	memmove(place + members->size, place, text->size - at);
	memcpy(place, members->data, members->size);
	text->size += members->size;
}

static void select_fields(struct output *output, struct event *event, size_t begin)
{
	struct evh_text *text = &output->text;
	struct evh_text others = { 0 };
	const char *at = text->data + begin;
	char *end;

	for (size_t i = 0; i < output->field_count; i++)
		output->fields[i].here = false;
	end = select_members(output, &at, text->data + begin, false);
	text->size = (size_t)(end - text->data);
	for (size_t i = 0; i < output->field_count; i++) {
		if (!output->fields[i].here)
			append_other(&others, event, &output->fields[i]);
	}
	if (!others.error)
		insert_members(text, begin, &others);
	evh_text_free(&others);
}

/* The object alone; false when there is no memory. */
static bool append_object(struct output *output, struct event *event, size_t begin)
{
	event_append_json(event, &output->text);
	if (output->fields && !output->text.error)
		select_fields(output, event, begin);
	return !output->text.error;
}

void output_json(struct output *output, struct event *event)
{
	struct evh_text *text = &output->text;

	append_object(output, event, text->size);
	/* There is room for more than the object, nearly always. */
	if (text->size < text->capacity && !text->error)
		text->data[text->size++] = '\n';
	else
		evh_text_append(text, "\n", 1);
}

static void new_line(struct evh_text *text, unsigned int depth)
{
	evh_text_puts(text, "\n");
	while (depth--)
		evh_text_puts(text, "\t");
}

/* One member or element to a line. Strings are copied as they are, empty ones stay together. */
static void append_pretty(struct evh_text *text, const char *at, const char *end)
{
	unsigned int depth = 0;

	while (at < end) {
		const char *next = *at == '"' ? json_skip_string(at) : at + 1;
		bool closes = *at == '}' || *at == ']';
		bool empty = next < end && (*next == '}' || *next == ']');

		if (closes)
			new_line(text, --depth);
		evh_text_append(text, at, (size_t)(next - at));
		if ((*at == '{' || *at == '[') && empty)
			evh_text_append(text, next++, 1);
		else if (*at == '{' || *at == '[')
			new_line(text, ++depth);
		else if (*at == ',')
			new_line(text, depth);
		else if (*at == ':')
			evh_text_puts(text, " ");
		at = next;
	}
}

void output_json_pretty(struct output *output, struct event *event)
{
	struct evh_text *text = &output->text;
	size_t begin = text->size;
	struct evh_text pretty = { 0 };

	if (append_object(output, event, begin))
		append_pretty(&pretty, text->data + begin, text->data + text->size);
	text->size = begin;
	if (pretty.error)
		text->error = pretty.error;
	evh_text_append(text, pretty.data, pretty.size);
	evh_text_puts(text, "\n");
	evh_text_free(&pretty);
}
