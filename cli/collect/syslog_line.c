/* SPDX-License-Identifier: MIT */
/*
 * Messages of RFC 5424: the header's words, structured data with what else is known, and the
 * message's bytes. Must never let a word of the data end the header's or the structured data's.
 */
#include "syslog_line.h"

#include <stdio.h>
#include <string.h>

#include "event_value.h"
#include "facts.h"
#include "output.h"
#include "process_table.h"

/* What has no facility is a program's of a user. */
#define FACILITY_USER 1

/* The number is the one that is there for examples: nobody registered one for this. */
#define DATA_ID "logtap@32473"

/* Lengths that the RFC allows. */
#define HOSTNAME_MAX 255
#define APP_NAME_MAX 48
#define MSGID_MAX    32

static void put_time(struct evh_text *text, const struct evh_sample *sample)
{
	char buffer[OUTPUT_UTC_SIZE] = "-";

	if (sample->has & EVH_SAMPLE_TIME)
		output_format_utc(buffer, sample->time, 6);
	evh_text_puts(text, buffer);
}

/* A word of the header: printable ASCII without spaces. */
static void put_word(struct evh_text *text, struct evh_name word, size_t most)
{
	char clean[HOSTNAME_MAX];
	size_t size = word.size < most ? word.size : most;

	for (size_t i = 0; i < size; i++)
		clean[i] = word.data[i] > ' ' && word.data[i] < 127 ? word.data[i] : '_';
	evh_text_puts(text, " ");
	if (size)
		evh_text_append(text, clean, size);
	else
		evh_text_puts(text, "-");
}

/* A parameter's value: `"`, `\` and `]` have a backslash in front. */
static void put_escaped(struct evh_text *text, const struct evh_text *value)
{
	size_t begin = 0;

	for (size_t i = 0; i < value->size; i++) {
		if (!strchr("\"\\]", value->data[i]) || !value->data[i])
			continue;
		evh_text_append(text, value->data + begin, i - begin);
		evh_text_puts(text, "\\");
		begin = i;
	}
	evh_text_append(text, value->data + begin, value->size - begin);
}

static void put_parameter(struct evh_text *text, const char *name, struct evh_name value)
{
	struct evh_text clean = { 0 };

	if (!value.size)
		return;
	value_append(&clean, VALUE_PLAIN, value.data, value.size);
	evh_text_puts(text, " ");
	evh_text_puts(text, name);
	evh_text_puts(text, "=\"");
	if (!clean.error)
		put_escaped(text, &clean);
	evh_text_puts(text, "\"");
	evh_text_free(&clean);
}

static void put_number(struct evh_text *text, const char *name, uint64_t number)
{
	evh_text_puts(text, " ");
	evh_text_puts(text, name);
	evh_text_puts(text, "=\"");
	evh_text_u64(text, number);
	evh_text_puts(text, "\"");
}

static void put_data(struct evh_text *text, struct event *event)
{
	static const enum process_text TOLD[] = { PROCESS_EXE, PROCESS_UNIT, PROCESS_CONTAINER };
	const struct evh_sample *sample = event->sample;
	const struct process *process = event->process;

	evh_text_puts(text, " [" DATA_ID);
	if (sample->has & EVH_SAMPLE_PID)
		put_number(text, "pid", sample->pid);
	if (sample->has & EVH_SAMPLE_TID)
		put_number(text, "tid", sample->tid);
	put_parameter(text, "provider", facts_provider(event));
	put_parameter(text, "event", event->name);
	if (sample->comm)
		put_parameter(text, "program",
			      (struct evh_name){ sample->comm, strlen(sample->comm) });
	if (process && process->has_uid)
		put_number(text, "uid", process->uid);
	for (size_t i = 0; process && i < sizeof(TOLD) / sizeof(TOLD[0]); i++)
		put_parameter(text, process_text_names[TOLD[i]], process->text[TOLD[i]]);
	evh_text_puts(text, "] ");
}

static struct evh_name host_of(const struct event *event, const struct host *host)
{
	if (event->process && event->process->text[PROCESS_HOST].size)
		return event->process->text[PROCESS_HOST];
	return (struct evh_name){ host->name, strlen(host->name) };
}

static void put_pid(struct evh_text *text, const struct evh_sample *sample)
{
	evh_text_puts(text, " ");
	if (sample->has & EVH_SAMPLE_PID)
		evh_text_u64(text, sample->pid);
	else
		evh_text_puts(text, "-");
}

void syslog_line_append(struct evh_text *text, struct event *event, const struct host *host)
{
	enum severity severity = event_severity(event);
	int facility = facts_facility(event);
	struct evh_text line = { 0 };
	struct evh_name body = facts_body(event, &line);

	if (severity == SEVERITY_NONE)
		severity = SEVERITY_DEBUG - 1;
	evh_text_puts(text, "<");
	evh_text_u64(text, (unsigned)(facility < 0 ? FACILITY_USER : facility) * 8 + severity);
	evh_text_puts(text, ">1 ");
	put_time(text, event->sample);
	put_word(text, host_of(event, host), HOSTNAME_MAX);
	put_word(text, event_ident(event), APP_NAME_MAX);
	put_pid(text, event->sample);
	put_word(text, event->name, MSGID_MAX);
	put_data(text, event);
	evh_text_append(text, body.data, body.size);
	evh_text_free(&line);
}
