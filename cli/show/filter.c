/* SPDX-License-Identifier: MIT */
/* Which events are shown. What costs least is asked first: this runs for every event. */
#include "filter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "time_parse.h"

static int no_memory(void)
{
	cli_error("out of memory");
	return 1;
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

static int add_glob(struct patterns *patterns, const char *name, size_t size, bool negated)
{
	char *text = strndup(name, size);
	struct pattern *pattern = text ? filter_add(patterns, text) : NULL;

	free(text);
	if (!pattern)
		return 1;
	pattern->negated = negated;
	return 0;
}

/* Several with commas. "!cc1,ld": all but those. */
static int add_globs(struct patterns *patterns, const char *text)
{
	bool negated = *text == '!';
	int result;

	text += negated;
	do {
		size_t size = strcspn(text, ",");

		result = add_glob(patterns, text, size, negated);
		text += size;
	} while (result == 0 && *text++);
	return result;
}

int filter_event(struct filter *filter, const char *text)
{
	return add_globs(&filter->events, text);
}

int filter_program(struct filter *filter, const char *text)
{
	return add_globs(&filter->programs, text);
}

int filter_pid(struct filter *filter, const char *text)
{
	const char *at = text;
	bool negated = *at == '!';

	for (at += negated;; at++) {
		struct pattern *pattern;
		unsigned long pid;
		char name[16];
		char *end;

		errno = 0;
		pid = strtoul(at, &end, 10);
		if (*at < '0' || *at > '9' || errno || pid > INT32_MAX || (*end && *end != ',')) {
			cli_error("'%s' is no process id, nor several with commas", text);
			return 1;
		}
		snprintf(name, sizeof(name), "%lu", pid);
		pattern = filter_add(&filter->pids, name);
		if (!pattern)
			return 1;
		pattern->number = (uint32_t)pid;
		pattern->negated = negated;
		at = end;
		if (!*at)
			return 0;
	}
}

int filter_exclude(struct filter *filter, const char *text)
{
	struct filter *larger =
		realloc(filter->excluded, (filter->excluded_count + 1) * sizeof(*filter->excluded));

	if (!larger)
		return no_memory();
	filter->excluded = larger;
	larger[filter->excluded_count] = (struct filter){ 0 };
	return filter_grep(&larger[filter->excluded_count++], text);
}

static int parse_when(const char *text, uint64_t *when)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (time_parse(text, (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec, when) == 0)
		return 0;
	cli_error("'%s' is no point in time: try '2026-11-21 18:50', '18:50:01', 'yesterday', "
		  "'2h', '-5min' or '1 hour ago'",
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

enum kind { BY_EVENT, BY_PID, BY_PROGRAM };

static bool fits(enum kind kind, const struct pattern *pattern, struct event *event)
{
	switch (kind) {
	case BY_EVENT:
		return filter_event_fits(pattern, event);
	case BY_PID:
		return filter_pid_fits(pattern, event);
	default:
		return filter_program_fits(pattern, event);
	}
}

/* One of those that are wanted, where there are such, and none that isn't. */
static bool patterns_pass(const struct patterns *patterns, enum kind kind, struct event *event)
{
	bool any = false;
	bool found = false;

	for (size_t i = 0; i < patterns->count; i++) {
		const struct pattern *pattern = &patterns->items[i];

		any = any || !pattern->negated;
		if (found && !pattern->negated)
			continue;
		if (!fits(kind, pattern, event))
			continue;
		if (pattern->negated)
			return false;
		found = true;
	}
	return found || !any;
}

static bool level_passes(const struct filter *filter, struct event *event)
{
	enum severity severity = event_severity(event);

	return severity >= filter->from && severity <= filter->to;
}

static bool is_excluded(const struct filter *filter, struct event *event)
{
	for (size_t i = 0; i < filter->excluded_count; i++) {
		if (filter_text_passes(&filter->excluded[i], event))
			return true;
	}
	return false;
}

bool filter_passes(struct filter *filter, struct event *event)
{
	if (filter->watch)
		filter_watch(filter, event);
	if ((filter->by_since || filter->by_until) && !time_passes(filter, event))
		return false;
	if (filter->pids.count && !patterns_pass(&filter->pids, BY_PID, event))
		return false;
	if (filter->by_level && !level_passes(filter, event))
		return false;
	if (filter->events.count && !patterns_pass(&filter->events, BY_EVENT, event))
		return false;
	if (filter->programs.count && !patterns_pass(&filter->programs, BY_PROGRAM, event))
		return false;
	if (filter->matches.count && !filter_matches_pass(filter, event))
		return false;
	if (filter->by_text && !filter_text_passes(filter, event))
		return false;
	return !filter->excluded_count || !is_excluded(filter, event);
}

void filter_free(struct filter *filter)
{
	filter_free_patterns(&filter->events);
	filter_free_patterns(&filter->pids);
	filter_free_patterns(&filter->programs);
	filter_free_patterns(&filter->matches);
	for (size_t i = 0; i < filter->excluded_count; i++)
		filter_free_text(&filter->excluded[i]);
	free(filter->excluded);
	filter_free_text(filter);
	memset(filter, 0, sizeof(*filter));
}
