/* SPDX-License-Identifier: MIT */
/*
 * The format `verbose`: every event with all that is known of it, one `name=value` to a line, as
 * matches on the command line take them.
 */
#include <string.h>

#include "event_fields.h"
#include "event_value.h"
#include "output.h"
#include "process_table.h"

/* What stands in front of the event's own fields, where it is there. */
static const char *const HEADS[] = { "provider", "event",   "level",	"keyword", "opcode",
				     "id",	 "version", "tag",	"pid",	   "tid",
				     "program",	 "cpu",	    "activity", "related" };

static void append_line(void *text, const char *name, const char *data, size_t size)
{
	evh_text_puts(text, "    ");
	evh_text_visible(text, name, strlen(name));
	evh_text_puts(text, "=");
	evh_text_visible(text, data, size);
	evh_text_puts(text, "\n");
}

static bool is_wanted(struct output *output, const char *name)
{
	bool wanted = !output->fields;

	for (size_t i = 0; output->fields && i < output->field_count; i++) {
		if (strcmp(output->fields[i].name, name) == 0) {
			output->fields[i].found = true;
			wanted = true;
		}
	}
	return wanted;
}

struct lines {
	struct output *output;
	struct evh_text *text;
};

static void append_field(void *argument, const char *name, const char *data, size_t size)
{
	struct lines *lines = argument;

	/* Stands above, in the words of all events. */
	if (strcmp(name, "level") != 0 && is_wanted(lines->output, name))
		append_line(lines->text, name, data, size);
}

static void append_heads(struct lines *lines, struct event *event)
{
	struct evh_text value = { 0 };

	for (size_t i = 0; i < sizeof(HEADS) / sizeof(HEADS[0]); i++) {
		evh_text_clear(&value);
		if (event_append_value(event, HEADS[i], VALUE_PLAIN, &value) &&
		    is_wanted(lines->output, HEADS[i]))
			append_line(lines->text, HEADS[i], value.data ? value.data : "",
				    value.size);
	}
	evh_text_free(&value);
}

static void append_number(struct lines *lines, const char *name, uint64_t number)
{
	struct evh_text value = { 0 };

	evh_text_u64(&value, number);
	append_field(lines, name, value.data, value.size);
	evh_text_free(&value);
}

static void append_process(struct lines *lines, const struct process *process)
{
	for (size_t i = 0; i < PROCESS_TEXTS; i++) {
		if (process->text[i].data)
			append_field(lines, process_text_names[i], process->text[i].data,
				     process->text[i].size);
	}
	if (process->has_uid)
		append_number(lines, "uid", process->uid);
	if (process->has_ppid)
		append_number(lines, "ppid", process->ppid);
}

void output_verbose(struct output *output, struct event *event)
{
	struct evh_text *text = &output->text;
	struct lines lines = { output, text };
	struct evh_name ident = event_ident(event);

	if (output_append_time(output, event->sample))
		evh_text_puts(text, " ");
	evh_text_visible(text, ident.data, ident.size);
	evh_text_puts(text, "\n");
	append_heads(&lines, event);
	if (event->process)
		append_process(&lines, event->process);
	event_each_field(event, append_field, &lines);
}
