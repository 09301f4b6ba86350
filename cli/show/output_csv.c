/* SPDX-License-Identifier: MIT */
/*
 * The format `csv`: RFC 4180 with a header line, for spreadsheets and pandas. Must never make a
 * row of more or fewer columns than the header has, whatever was logged.
 */
#include <string.h>

#include "event_value.h"
#include "output.h"

/* What is shown without --fields. */
static const char *const COLUMNS[] = { "time",	"program",  "pid",   "tid",    "unit",
				       "level", "provider", "event", "message" };

static size_t column_count(const struct output *output)
{
	return output->fields ? output->field_count : sizeof(COLUMNS) / sizeof(COLUMNS[0]);
}

static const char *column_name(const struct output *output, size_t column)
{
	return output->fields ? output->fields[column].name : COLUMNS[column];
}

/* Puts what stands from `begin` on into quotes where it would be taken for something else. */
static void quote(struct evh_text *text, size_t begin)
{
	size_t size = text->size - begin;
	size_t quotes = 0;
	bool needed = false;
	char *out;

	if (text->error)
		return;
	for (size_t i = begin; i < text->size; i++) {
		char c = text->data[i];

		/* What reads CSV stops at a NUL. */
		if (c == '\0')
			text->data[i] = ' ';
		quotes += c == '"';
		needed = needed || c == '"' || c == ',' || c == '\n' || c == '\r';
	}
	needed =
		needed || (size && (text->data[begin] == ' ' || text->data[text->size - 1] == ' '));
	if (!needed || !evh_text_reserve(text, quotes + 2))
		return;
	/* From the end, so that nothing is overwritten before it has moved. */
	out = text->data + text->size + quotes + 2;
	*--out = '"';
	for (size_t i = size; i-- > 0;) {
		*--out = text->data[begin + i];
		if (*out == '"')
			*--out = '"';
	}
	*--out = '"';
	text->size += quotes + 2;
}

void output_csv_begin(struct output *output)
{
	for (size_t i = 0; i < column_count(output); i++) {
		const char *name = column_name(output, i);
		size_t begin;

		if (i)
			evh_text_puts(&output->text, ",");
		begin = output->text.size;
		value_append(&output->text, VALUE_PLAIN, name, strlen(name));
		quote(&output->text, begin);
	}
	evh_text_puts(&output->text, "\r\n");
}

static bool append_value(struct output *output, struct event *event, const char *name)
{
	struct evh_text *text = &output->text;

	if (strcmp(name, "time") == 0)
		return output_append_time_iso(text, event->sample);
	if (event_append_value(event, name, VALUE_PLAIN, text))
		return true;
	/* Whoever asks for messages doesn't want to miss what other providers say. */
	if (strcmp(name, "message") == 0)
		event_append_line(event, VALUE_PLAIN, text);
	else if (strcmp(name, "program") == 0)
		value_append(text, VALUE_PLAIN, event_ident(event).data, event_ident(event).size);
	return false;
}

void output_csv(struct output *output, struct event *event)
{
	for (size_t i = 0; i < column_count(output); i++) {
		size_t begin;
		bool found;

		if (i)
			evh_text_puts(&output->text, ",");
		begin = output->text.size;
		found = append_value(output, event, column_name(output, i));
		quote(&output->text, begin);
		if (output->fields && (found || output->text.size > begin))
			output->fields[i].found = true;
	}
	evh_text_puts(&output->text, "\r\n");
}
