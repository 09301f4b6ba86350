/* SPDX-License-Identifier: MIT */
/*
 * A filter that nothing fits is most likely misspelt: which of its patterns are known, and what
 * there is instead. Costs nothing once each was met.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "event_fields.h"
#include "event_value.h"
#include "filter.h"
#include "process_table.h"

/* Whether one of them is still to be met; those that keep events out need not be. */
static bool is_open(const struct patterns *patterns)
{
	for (size_t i = 0; i < patterns->count; i++) {
		if (!patterns->items[i].known && !patterns->items[i].negated)
			return true;
	}
	return false;
}

static void meet_text(struct names *names, struct evh_name text)
{
	if (text.size)
		names_met(names, text.data, text.size);
}

static int meet_value(void *names, const char *data, size_t size)
{
	names_met(names, data, size);
	return 1;
}

static void meet_field(void *names, const char *name, const char *data, size_t size)
{
	(void)data;
	(void)size;
	names_met(names, name, strlen(name));
}

static void meet_process(struct names *names, const struct process *process)
{
	for (size_t i = 0; i < PROCESS_TEXTS; i++) {
		if (process->text[i].data)
			names_met(names, process_text_names[i], strlen(process_text_names[i]));
	}
}

static int meet_first_value(void *argument, const char *data, size_t size)
{
	struct pattern *pattern = argument;

	/* What was gathered until now are fields. */
	if (!pattern->has_field)
		pattern->names->count = 0;
	pattern->has_field = true;
	names_met(pattern->names, data, size);
	return 1;
}

/* Where no event has a match's field, fields are what there is; else the field's values. */
static void watch_match(struct pattern *pattern, struct event *event)
{
	pattern->known = filter_match_fits(pattern, event);
	if (pattern->known ||
	    event_values(event, pattern->field, VALUE_PLAIN, meet_first_value, pattern) ||
	    pattern->has_field)
		return;
	event_each_field(event, meet_field, pattern->names);
	if (event->process)
		meet_process(pattern->names, event->process);
}

void filter_watch_time(struct filter *filter, const struct evh_sample *sample)
{
	uint64_t time = sample->time;

	if (!(sample->has & EVH_SAMPLE_TIME))
		return;
	if (!filter->first_time || time < filter->first_time)
		filter->first_time = time;
	if (time > filter->last_time)
		filter->last_time = time;
}

void filter_watch(struct filter *filter, struct event *event)
{
	bool open[4] = { is_open(&filter->events), is_open(&filter->pids),
			 is_open(&filter->programs), is_open(&filter->matches) };

	filter_watch_time(filter, event->sample);
	for (size_t i = 0; open[0] && i < filter->events.count; i++)
		filter->events.items[i].known |= filter_event_fits(&filter->events.items[i], event);
	for (size_t i = 0; open[1] && i < filter->pids.count; i++)
		filter->pids.items[i].known |= filter_pid_fits(&filter->pids.items[i], event);
	for (size_t i = 0; open[2] && i < filter->programs.count; i++)
		filter->programs.items[i].known |=
			filter_program_fits(&filter->programs.items[i], event);
	/* What is said of processes is no line, unless --event asks for it. */
	open[3] = open[3] && (filter->events.count || process_news_of(event) == PROCESS_NO_NEWS);
	for (size_t i = 0; open[3] && i < filter->matches.count; i++) {
		if (!filter->matches.items[i].known)
			watch_match(&filter->matches.items[i], event);
	}
	if (open[0])
		meet_text(&filter->events.names, event->name);
	if (open[2])
		meet_text(&filter->programs.names, event_ident(event));
	if (open[1])
		event_values(event, "pid", VALUE_PLAIN, meet_value, &filter->pids.names);
	filter->watch = open[0] || open[1] || open[2] || is_open(&filter->matches) ||
			filter->by_since || filter->by_until;
}

bool filter_is_open(const struct filter *filter)
{
	return filter->watch && (is_open(&filter->events) || is_open(&filter->pids) ||
				 is_open(&filter->programs) || is_open(&filter->matches));
}

static void report_patterns(const struct patterns *patterns, const char *option)
{
	struct names names = patterns->names;
	char there[1024];

	names_write(&names, there, sizeof(there));
	for (size_t i = 0; i < patterns->count; i++) {
		const struct pattern *pattern = &patterns->items[i];

		if (!pattern->known && !pattern->negated)
			cli_error("--%s=%s fits no event; there are: %s", option, pattern->text,
				  there);
	}
}

static void report_matches(const struct patterns *matches)
{
	char there[1024];

	for (size_t i = 0; i < matches->count; i++) {
		const struct pattern *pattern = &matches->items[i];

		if (pattern->known || pattern->negated)
			continue;
		names_write(pattern->names, there, sizeof(there));
		if (pattern->has_field)
			cli_error("no event has %s=%s; its values are: %s", pattern->field,
				  pattern->text, there);
		else
			cli_error("no event has a field '%s'; there are: %s, and pid, tid, cpu, "
				  "level, provider, event, tracepoint, program",
				  pattern->field, there);
	}
}

static void format_time(char *buffer, size_t size, uint64_t time)
{
	time_t seconds = (time_t)(time / 1000000000);
	struct tm tm = { 0 };

	localtime_r(&seconds, &tm);
	strftime(buffer, size, "%Y-%m-%d %H:%M:%S", &tm);
}

void filter_report(const struct filter *filter)
{
	char first[64];
	char last[64];

	report_patterns(&filter->events, "event");
	report_patterns(&filter->pids, "pid");
	report_patterns(&filter->programs, "program");
	report_matches(&filter->matches);
	/* Of what a text filter keeps out the times aren't known. */
	if (filter->by_text)
		return;
	if ((!filter->by_since || filter->since <= filter->last_time) &&
	    (!filter->by_until || filter->until >= filter->first_time))
		return;
	if (!filter->last_time)
		return;
	format_time(first, sizeof(first), filter->first_time);
	format_time(last, sizeof(last), filter->last_time);
	cli_error("no event is of that time; they are from %s to %s", first, last);
}
