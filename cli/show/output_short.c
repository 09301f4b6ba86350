/* SPDX-License-Identifier: MIT */
/*
 * The formats for people: `short`, one line per event as journalctl prints it, with its relatives,
 * and `cat`. `short` must never pass a control character of the data on, and `cat` none to a
 * terminal; elsewhere `cat` must never change a byte.
 */
#include "event_value.h"
#include "output.h"

/* journalctl's: errors red, warnings yellow, notices bold, debug grey. */
static const char *const COLOR_OF[] = {
	"\033[0;1;31m",	      "\033[0;1;31m", "\033[0;1;31m", "\033[0;1;31m",
	"\033[0;1;38;5;185m", "\033[0;1;39m", NULL,	      "\033[0;38;5;245m",
};

#define COLOR_END "\033[0m"

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
	event_append_line(event, VALUE_VISIBLE, text);
	if (color)
		evh_text_puts(text, COLOR_END);
}

void output_short(struct output *output, struct event *event)
{
	struct evh_text *text = &output->text;
	const struct evh_sample *sample = event->sample;
	struct evh_name ident = event_ident(event);

	if (output->fields) {
		output_columns(output, event, "\t");
		return;
	}
	if (output_append_time(output, sample))
		evh_text_puts(text, " ");
	evh_text_visible(text, ident.data, ident.size);
	if (sample->has & (EVH_SAMPLE_PID | EVH_SAMPLE_TID)) {
		evh_text_puts(text, "[");
		evh_text_u64(text, sample->has & EVH_SAMPLE_PID ? sample->pid : sample->tid);
		evh_text_puts(text, "]");
	}
	if (ident.size || sample->has & (EVH_SAMPLE_PID | EVH_SAMPLE_TID))
		evh_text_puts(text, ": ");
	append_body(output, event);
	evh_text_puts(text, "\n");
}

void output_cat(struct output *output, struct event *event)
{
	struct evh_name message;

	if (output->fields) {
		output_columns(output, event, "\n");
		return;
	}
	message = event_message(event);
	if (!message.data)
		return;
	if (output->terminal)
		evh_text_visible(&output->text, message.data, message.size);
	else
		output_bytes(output, message.data, message.size);
	evh_text_puts(&output->text, "\n");
}
