/* SPDX-License-Identifier: MIT */
/* Which events are shown. What costs least is asked first: this runs for every event. */
#include "filter.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "time_parse.h"

/* Longer names than any tracepoint has. */
#define NAME_MAX_SIZE 512

static int no_memory(void)
{
	cli_error("out of memory");
	return 1;
}

static int add_string(char ***list, size_t *count, const char *text)
{
	char **larger = realloc(*list, (*count + 1) * sizeof(char *));

	if (!larger)
		return no_memory();
	*list = larger;
	larger[*count] = strdup(text);
	if (!larger[*count])
		return no_memory();
	(*count)++;
	return 0;
}

/* "more severe" is a smaller number to syslog and a larger one to others: either order is clear. */
static void order_levels(struct filter *filter)
{
	enum severity from = filter->from;

	if (from > filter->to) {
		filter->from = filter->to;
		filter->to = from;
	}
}

int filter_level(struct filter *filter, const char *text)
{
	char name[32];
	const char *dots = strstr(text, "..");
	size_t size = dots ? (size_t)(dots - text) : 0;

	filter->by_level = true;
	filter->from = SEVERITY_EMERG;
	if (dots && size < sizeof(name)) {
		memcpy(name, text, size);
		name[size] = '\0';
		if (severity_parse(name, &filter->from) == 0 &&
		    severity_parse(dots + 2, &filter->to) == 0) {
			order_levels(filter);
			return 0;
		}
	} else if (severity_parse(text, &filter->to) == 0) {
		return 0;
	}
	cli_error("'%s' is no level: emerg, alert, crit, err, warning, notice, info, debug, "
		  "0 to 7, or two of them as err..info",
		  text);
	return 1;
}

int filter_event(struct filter *filter, const char *text)
{
	return add_string(&filter->events, &filter->event_count, text);
}

int filter_program(struct filter *filter, const char *text)
{
	return add_string(&filter->programs, &filter->program_count, text);
}

int filter_pid(struct filter *filter, const char *text)
{
	const char *at = text;

	for (;;) {
		char *end;
		uint32_t *larger;
		unsigned long pid;

		errno = 0;
		pid = strtoul(at, &end, 10);
		if (*at < '0' || *at > '9' || errno || pid > INT32_MAX || (*end && *end != ',')) {
			cli_error("'%s' is no process id, nor several with commas", text);
			return 1;
		}
		larger = realloc(filter->pids, (filter->pid_count + 1) * sizeof(*larger));
		if (!larger)
			return no_memory();
		filter->pids = larger;
		larger[filter->pid_count++] = (uint32_t)pid;
		if (!*end)
			return 0;
		at = end + 1;
	}
}

static int parse_when(const char *text, uint64_t *when)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (time_parse(text, (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec, when) == 0)
		return 0;
	cli_error("'%s' is no point in time: try '2026-11-21 18:50', '18:50:01', 'yesterday', "
		  "'-5min' or '1 hour ago'",
		  text);
	return 1;
}

int filter_since(struct filter *filter, const char *text)
{
	filter->by_since = true;
	return parse_when(text, &filter->since);
}

int filter_until(struct filter *filter, const char *text)
{
	filter->by_until = true;
	return parse_when(text, &filter->until);
}

static bool time_passes(const struct filter *filter, const struct event *event)
{
	if (!(event->sample->has & EVH_SAMPLE_TIME))
		return false;
	return (!filter->by_since || event->sample->time >= filter->since) &&
	       (!filter->by_until || event->sample->time <= filter->until);
}

static bool pid_passes(const struct filter *filter, const struct event *event)
{
	for (size_t i = 0; i < filter->pid_count; i++) {
		if ((event->sample->has & EVH_SAMPLE_PID &&
		     event->sample->pid == filter->pids[i]) ||
		    (event->sample->has & EVH_SAMPLE_TID && event->sample->tid == filter->pids[i]))
			return true;
	}
	return false;
}

static bool glob_matches(char *const *globs, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (fnmatch(globs[i], text, 0) == 0)
			return true;
	}
	return false;
}

/* Appends to a terminated string what fits. */
static void add_name(char *buffer, const char *data, size_t size)
{
	size_t used = strlen(buffer);

	if (size > NAME_MAX_SIZE - 1 - used)
		size = NAME_MAX_SIZE - 1 - used;
	if (size)
		memcpy(buffer + used, data, size);
	buffer[used + size] = '\0';
}

static bool event_passes(const struct filter *filter, const struct event *event)
{
	const struct evh_sample *sample = event->sample;
	char name[NAME_MAX_SIZE] = "";

	add_name(name, event->name.data, event->name.size);
	if (glob_matches(filter->events, filter->event_count, name))
		return true;
	if (sample->tracepoint &&
	    glob_matches(filter->events, filter->event_count, sample->tracepoint))
		return true;
	name[0] = '\0';
	if (event->schema)
		add_name(name, event->schema->provider.data, event->schema->provider.size);
	else if (sample->system)
		add_name(name, sample->system, strlen(sample->system));
	add_name(name, ":", 1);
	add_name(name, event->name.data, event->name.size);
	return glob_matches(filter->events, filter->event_count, name);
}

static bool program_passes(const struct filter *filter, struct event *event)
{
	struct evh_name ident = event_ident(event);
	char name[NAME_MAX_SIZE] = "";

	add_name(name, ident.data, ident.size);
	return glob_matches(filter->programs, filter->program_count, name) ||
	       (event->sample->comm &&
		glob_matches(filter->programs, filter->program_count, event->sample->comm));
}

static bool level_passes(const struct filter *filter, struct event *event)
{
	enum severity severity = event_severity(event);

	return severity >= filter->from && severity <= filter->to;
}

bool filter_passes(const struct filter *filter, struct event *event)
{
	if ((filter->by_since || filter->by_until) && !time_passes(filter, event))
		return false;
	if (filter->pid_count && !pid_passes(filter, event))
		return false;
	if (filter->by_level && !level_passes(filter, event))
		return false;
	if (filter->event_count && !event_passes(filter, event))
		return false;
	if (filter->program_count && !program_passes(filter, event))
		return false;
	return !filter->by_text || filter_text_passes(filter, event);
}

void filter_free(struct filter *filter)
{
	for (size_t i = 0; i < filter->event_count; i++)
		free(filter->events[i]);
	for (size_t i = 0; i < filter->program_count; i++)
		free(filter->programs[i]);
	free(filter->events);
	free(filter->programs);
	free(filter->pids);
	filter_free_text(filter);
	memset(filter, 0, sizeof(*filter));
}
