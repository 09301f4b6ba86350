/* SPDX-License-Identifier: MIT */
/*
 * Events as JSON in other forms than the contract's. Each choice changes an item before it is
 * written, or the finished text; must never leave an object open, whatever the event holds.
 */
#include <math.h>

#include <evh/json.h>

#include "event.h"
#include "json_put.h"
#include "nested.h"

/* Beyond it a double has no room for every integer. */
#define EXACT_MAX (INT64_C(1) << 53)

static bool is_finite(const struct evh_item *item)
{
	double value;

	return evh_item_double(item, &value) == 0 && isfinite(value);
}

/* The kind that stands for it under these choices. */
static enum evh_value_kind kind_as(const struct evh_item *item, unsigned choices)
{
	switch (item->value) {
	case EVH_VALUE_HEX:
		return choices & EVH_JSON_HEX_NUMBERS ? EVH_VALUE_UNSIGNED : item->value;
	case EVH_VALUE_ERRNO:
		return choices & EVH_JSON_ERRNO_NUMBERS ? EVH_VALUE_SIGNED : item->value;
	case EVH_VALUE_TIME:
		return choices & EVH_JSON_TIME_NUMBERS ? EVH_VALUE_SIGNED : item->value;
	case EVH_VALUE_FLOAT:
		return choices & EVH_JSON_NONFINITE_NULL && !is_finite(item) ? EVH_VALUE_NULL
									     : item->value;
	default:
		return item->value;
	}
}

static bool is_big(const struct evh_item *item)
{
	uint64_t u;
	int64_t i;

	if (item->value == EVH_VALUE_UNSIGNED)
		return evh_item_u64(item, &u) == 0 && u > (uint64_t)EXACT_MAX;
	return item->value == EVH_VALUE_SIGNED && evh_item_i64(item, &i) == 0 &&
	       (i > EXACT_MAX || i < -EXACT_MAX);
}

static void append_value(struct evh_text *text, const struct evh_item *item, const void *argument)
{
	unsigned choices = *(const unsigned *)argument;
	struct evh_item as = *item;
	bool quoted;

	as.value = kind_as(item, choices);
	quoted = choices & EVH_JSON_BIG_STRINGS && is_big(&as);
	evh_text_puts(text, quoted ? "\"" : "");
	evh_json_value(text, &as);
	evh_text_puts(text, quoted ? "\"" : "");
}

static void append_lead(struct evh_text *text, const struct evh_item *item, bool *first,
			const void *argument)
{
	unsigned choices = *(const unsigned *)argument;
	struct evh_item as = *item;

	if (!*first)
		evh_text_append(text, ",", 1);
	*first = false;
	if (item->element)
		return;
	if (choices & EVH_JSON_NO_TAGS)
		as.tag = 0;
	if (choices & EVH_JSON_NO_ATTRIBUTES)
		as.attributes = (struct evh_name){ NULL, 0 };
	json_append_name(text, &as);
}

/* A space behind each colon and comma that is not in a string. */
static void space_out(struct evh_text *text, size_t start)
{
	struct evh_text spaced = { 0 };
	bool in_string = false;

	for (size_t i = start; i < text->size; i++) {
		char c = text->data[i];

		if (c == '\\' && in_string) {
			evh_text_append(&spaced, text->data + i++, 2);
			continue;
		}
		in_string ^= c == '"';
		evh_text_append(&spaced, &c, 1);
		if (!in_string && (c == ':' || c == ','))
			evh_text_append(&spaced, " ", 1);
	}
	text->size = start;
	if (spaced.error)
		text->error = text->error ? text->error : spaced.error;
	else
		evh_text_append(text, spaced.data, spaced.size);
	evh_text_free(&spaced);
}

static void append_error(struct evh_text *text, int error)
{
	const char *words = evh_reader_strerror(error);

	if (error == 0)
		return;
	evh_text_puts(text, ",\"error\":");
	evh_json_string(text, words, strlen(words));
}

static void append_activity(struct evh_text *text, const struct evh_event *event)
{
	char *out = evh_text_reserve(text, PUT_JSON_ACTIVITY_ROOM);

	if (out != NULL)
		text->size += (size_t)(put_json_activity(out, event) - out);
}

/* {"n":"provider:event", ... ,"meta":{...}} */
static void append_flat(struct evh_text *text, const struct evh_sample *sample,
			struct evh_reader *reader, int error, const struct nested_form *form)
{
	struct evh_tracepoint_name name = { 0 };
	const char *tracepoint = sample->tracepoint ? sample->tracepoint : "";
	struct evh_text title = { 0 };
	size_t before;

	if (evh_tracepoint_name_parse(&name, tracepoint, strlen(tracepoint)) == 0)
		evh_text_append(&title, name.provider, name.provider_size);
	else
		evh_text_puts(&title, tracepoint);
	evh_text_puts(&title, ":");
	if (reader->event.name.size)
		evh_text_append(&title, reader->event.name.data, reader->event.name.size);
	evh_text_puts(text, "{\"n\":");
	evh_json_string(text, title.data, title.size);
	text->error = text->error ? text->error : title.error;
	evh_text_free(&title);
	evh_text_puts(text, ",");
	before = text->size;
	append_nested(text, reader, form);
	evh_text_puts(text, text->size > before ? ",\"meta\":" : "\"meta\":");
	evh_json_sample(text, sample);
	json_append_numbers(text, name.keyword, &reader->event);
	append_activity(text, &reader->event);
	append_error(text, error);
	evh_text_puts(text, "}}");
}

static void append_nested_event(struct evh_text *text, const struct evh_sample *sample,
				struct evh_reader *reader, int error,
				const struct nested_form *form)
{
	evh_json_sample(text, sample);
	json_append_header(text, sample, &reader->event);
	append_activity(text, &reader->event);
	append_error(text, error);
	evh_text_puts(text, ",\"fields\":{");
	append_nested(text, reader, form);
	evh_text_puts(text, "}}");
}

int evh_json_event_as(struct evh_text *text, const struct evh_sample *sample, unsigned choices)
{
	const struct nested_form form = { append_lead, append_value, NULL, &choices };
	size_t start = text->size;
	struct evh_reader reader;
	int error = evh_reader_open(&reader, sample->event, sample->event_size);

	if (error == 0)
		error = json_find_error(reader);
	if (choices & EVH_JSON_NO_ATTRIBUTES)
		reader.event.attributes = (struct evh_name){ NULL, 0 };
	if (choices & EVH_JSON_FLAT)
		append_flat(text, sample, &reader, error, &form);
	else
		append_nested_event(text, sample, &reader, error, &form);
	if (choices & EVH_JSON_SPACES && text->error == 0)
		space_out(text, start);
	if (text->error != 0)
		text->size = start;
	return error;
}
