/* SPDX-License-Identifier: MIT */
/* What an event says, in one line for people. Must say of what is damaged or incomplete that it
 * is. */
#include <string.h>

#include <evh/tep.h>

#include "common_schema.h"
#include "event_value.h"

bool event_is_line(struct event *event)
{
	return (name_is(&event->name, "syslog") || name_is(&event->name, "stderr") ||
		name_is(&event->name, "journal") || name_is(&event->name, "lost") ||
		common_schema_is(event)) &&
	       event_message(event).data != NULL;
}

/* What is wrong with the event, behind what could be read of it. */
static void append_defect(struct evh_text *text, const struct event *event, int error)
{
	if (error < 0) {
		evh_text_puts(text, " [damaged: ");
		evh_text_puts(text, evh_reader_strerror(error));
		evh_text_puts(text, "]");
	}
	/* Nothing is missing of it: it is larger than what is held of a message. */
	if (event->joined && event->joined->begin_elsewhere)
		evh_text_puts(text, " [continues an earlier line]");
	if (event->joined && event->joined->end_elsewhere)
		evh_text_puts(text, " [continued in a later line]");
	if (event->joined && event->joined->begin_missing)
		evh_text_puts(text, " [its beginning is missing]");
	if (event->joined && event->joined->end_missing)
		evh_text_puts(text, " [its end is missing]");
}

static void append_name(struct evh_text *text, const struct event *event)
{
	const struct evh_sample *sample = event->sample;

	if (event->schema) {
		evh_text_visible(text, event->schema->provider.data, event->schema->provider.size);
		evh_text_puts(text, ":");
	} else if (!sample->event && sample->system) {
		evh_text_visible(text, sample->system, strlen(sample->system));
		evh_text_puts(text, ":");
	}
	evh_text_visible(text, event->name.data, event->name.size);
}

/* A .dat file holds what it was given, and says nothing of it but the tracepoint's name. */
static bool is_foreign(const struct event *event)
{
	const struct evh_sample *sample = event->sample;
	struct evh_tracepoint_name parts;

	return sample->event && sample->tracepoint &&
	       evh_tracepoint_name_parse(&parts, sample->tracepoint, strlen(sample->tracepoint)) !=
		       0;
}

/* "provider:event field=value field=value" */
static void append_fields(struct evh_text *text, const struct event *event)
{
	const struct evh_sample *sample = event->sample;
	struct evh_reader reader;
	int result;

	if (is_foreign(event)) {
		evh_text_visible(text, sample->tracepoint, strlen(sample->tracepoint));
		evh_text_puts(text, " [not an EventHeader event]");
		return;
	}
	append_name(text, event);
	evh_text_puts(text, " ");

	size_t before = text->size;

	if (!sample->event) {
		evh_tep_text(text, sample);
		result = 0;
	} else {
		result = evh_reader_open(&reader, sample->event, sample->event_size);
		if (result == 0)
			result = evh_text_fields(text, &reader);
	}
	if (text->size == before && text->size > 0 && !text->error)
		text->size--; /* the space before nothing */
	append_defect(text, event, result);
}

/*
 * What a terminal shows of a line that overwrites itself: behind the last carriage return that has
 * text behind it. That return stays visible, so that nobody takes the line for all that was said.
 */
static struct evh_name shown_part(struct evh_name message)
{
	size_t size = message.size;
	const char *start;

	while (size && message.data[size - 1] == '\r')
		size--;
	start = size ? memrchr(message.data, '\r', size) : NULL;
	if (!start)
		return message;
	return (struct evh_name){ start, message.size - (size_t)(start - message.data) };
}

void event_append_line(struct event *event, enum value_style style, struct evh_text *text)
{
	struct evh_name message;

	if (!event_is_line(event)) {
		append_fields(text, event);
		return;
	}
	message = event_message(event);
	if (style == VALUE_VISIBLE)
		message = shown_part(message);
	value_append(text, style, message.data, message.size);
	append_defect(text, event, 0);
}
