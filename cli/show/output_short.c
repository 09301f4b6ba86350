/* SPDX-License-Identifier: MIT */
/*
 * The formats for people: `short`, one line per event as journalctl prints it, and `cat`. `short`
 * must never pass a control character of the data on, and `cat` none to a terminal; elsewhere
 * `cat` must never change a byte.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <evh/tep.h>

#include "output.h"

/* journalctl's: errors red, warnings yellow, notices bold, debug grey. */
static const char *const COLOR_OF[] = {
	"\033[0;1;31m",	      "\033[0;1;31m", "\033[0;1;31m", "\033[0;1;31m",
	"\033[0;1;38;5;185m", "\033[0;1;39m", NULL,	      "\033[0;38;5;245m",
};

#define COLOR_END "\033[0m"

/* "Nov 21 18:50:01"; a second has many events, so the last one is kept. */
static void format_second(struct output *output, int64_t second)
{
	static const char MONTHS[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = second;
	struct tm tm = { 0 };

	if (output->utc)
		gmtime_r(&seconds, &tm);
	else
		localtime_r(&seconds, &tm);
	snprintf(output->second_text, sizeof(output->second_text), "%s %02d %02d:%02d:%02d",
		 MONTHS[tm.tm_mon % 12], tm.tm_mday % 100, tm.tm_hour % 100, tm.tm_min % 100,
		 tm.tm_sec % 100);
	output->second = second;
}

/* False when the sample has no time. */
static bool append_time(struct output *output, const struct evh_sample *sample)
{
	uint64_t second = sample->time / 1000000000;
	unsigned int micro = (unsigned int)(sample->time / 1000 % 1000000);
	char buffer[48];
	int size;

	if (sample->has & EVH_SAMPLE_TIME) {
		if (!output->second_text[0] || output->second != (int64_t)second)
			format_second(output, (int64_t)second);
		size = snprintf(buffer, sizeof(buffer), "%s.%06u", output->second_text, micro);
	} else if (sample->has & EVH_SAMPLE_CLOCK) {
		/* Of some clock of the machine's: as dmesg and journalctl -o short-monotonic. */
		size = snprintf(buffer, sizeof(buffer), "[%5llu.%06u]", (unsigned long long)second,
				micro);
	} else {
		return false;
	}
	evh_text_append(&output->text, buffer, (size_t)size);
	return true;
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

static bool name_is(const struct evh_name *name, const char *text)
{
	return name->size == strlen(text) && memcmp(name->data, text, name->size) == 0;
}

/* The events of logtap's shim, whatever their provider is called: lines that programs logged. */
static bool is_line(struct event *event)
{
	return (name_is(&event->name, "syslog") || name_is(&event->name, "stderr")) &&
	       event_message(event).data != NULL;
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

static void append_body(struct output *output, struct event *event)
{
	struct evh_text *text = &output->text;
	enum severity severity = event_severity(event);
	const char *color = output->color && severity < SEVERITY_NONE ? COLOR_OF[severity] : NULL;

	if (color)
		evh_text_puts(text, color);
	if (severity < SEVERITY_NONE) {
		evh_text_puts(text, "<");
		evh_text_puts(text, severity_name(severity));
		evh_text_puts(text, "> ");
	}
	if (is_line(event)) {
		struct evh_name message = shown_part(event_message(event));

		evh_text_visible(text, message.data, message.size);
		append_defect(text, event, 0);
	} else {
		append_fields(text, event);
	}
	if (color)
		evh_text_puts(text, COLOR_END);
}

static void append_text(struct output *output, struct evh_name value)
{
	if (output->format == OUTPUT_CAT && !output->terminal)
		output_bytes(output, value.data, value.size);
	else
		evh_text_visible(&output->text, value.data, value.size);
}

/* One value of the event; false when it has none of that name. */
static bool append_column(struct output *output, struct event *event,
			  const struct output_field *field)
{
	const char *name = field->name;
	struct evh_text *text = &output->text;
	const struct evh_sample *sample = event->sample;
	struct evh_name value = { NULL, 0 };
	struct evh_item item;

	if (strcmp(name, "time") == 0)
		return append_time(output, sample);
	if (strcmp(name, "pid") == 0 || strcmp(name, "tid") == 0 || strcmp(name, "cpu") == 0) {
		uint32_t bit = name[0] == 'p'	? EVH_SAMPLE_PID
			       : name[0] == 't' ? EVH_SAMPLE_TID
						: EVH_SAMPLE_CPU;
		uint32_t number = name[0] == 'p'   ? sample->pid
				  : name[0] == 't' ? sample->tid
						   : sample->cpu;

		if (sample->has & bit)
			evh_text_u64(text, number);
		return sample->has & bit;
	}
	if (strcmp(name, "event") == 0)
		value = event->name;
	else if (strcmp(name, "provider") == 0 && event->schema)
		value = event->schema->provider;
	else if (strcmp(name, "provider") == 0 && sample->system)
		value = (struct evh_name){ sample->system, strlen(sample->system) };
	else if (strcmp(name, "tracepoint") == 0 && sample->tracepoint)
		value = (struct evh_name){ sample->tracepoint, strlen(sample->tracepoint) };
	else if (strcmp(name, "ident") == 0)
		value = event_ident(event);
	else if (strcmp(name, "program") == 0 && sample->comm)
		value = (struct evh_name){ sample->comm, strlen(sample->comm) };
	else if (strcmp(name, "message") == 0)
		value = event_message(event);
	else if (strcmp(name, "level") == 0 && event_severity(event) < SEVERITY_NONE)
		value = (struct evh_name){ severity_name(event_severity(event)),
					   strlen(severity_name(event_severity(event))) };
	if (value.data) {
		append_text(output, value);
		return true;
	}
	if (!sample->event || evh_schemas_field(event->schemas, sample, name, &item) != 1)
		return output_member(output, event, field->key);
	evh_text_value(text, &item);
	return true;
}

/* --fields: a tab between them, and a minus for what the event doesn't have. */
static void append_columns(struct output *output, struct event *event, const char *gap)
{
	for (size_t i = 0; i < output->field_count; i++) {
		if (i)
			evh_text_puts(&output->text, gap);
		if (append_column(output, event, &output->fields[i]))
			output->fields[i].found = true;
		else
			evh_text_puts(&output->text, "-");
	}
	evh_text_puts(&output->text, "\n");
}

void output_short(struct output *output, struct event *event)
{
	struct evh_text *text = &output->text;
	const struct evh_sample *sample = event->sample;
	struct evh_name ident = event_ident(event);

	if (output->fields) {
		append_columns(output, event, "\t");
		return;
	}
	if (append_time(output, sample))
		evh_text_puts(text, " ");
	evh_text_visible(text, ident.data, ident.size);
	if (sample->has & EVH_SAMPLE_PID) {
		evh_text_puts(text, "[");
		evh_text_u64(text, sample->pid);
		evh_text_puts(text, "]");
	}
	if (ident.size || sample->has & EVH_SAMPLE_PID)
		evh_text_puts(text, ": ");
	append_body(output, event);
	evh_text_puts(text, "\n");
}

void output_cat(struct output *output, struct event *event)
{
	struct evh_name message;

	if (output->fields) {
		append_columns(output, event, "\n");
		return;
	}
	message = event_message(event);
	if (!message.data)
		return;
	append_text(output, message);
	evh_text_puts(&output->text, "\n");
}
