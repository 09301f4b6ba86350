/* SPDX-License-Identifier: MIT */
/* One pattern of a filter, and whether an event is such a one. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "filter.h"

/* Longer names than any tracepoint has. */
#define NAME_MAX_SIZE 512

struct pattern *filter_add(struct patterns *patterns, const char *text)
{
	struct pattern *larger =
		realloc(patterns->items, (patterns->count + 1) * sizeof(*patterns->items));
	char *copy = strdup(text);

	if (larger)
		patterns->items = larger;
	if (!larger || !copy) {
		free(copy);
		cli_error("out of memory");
		return NULL;
	}
	larger[patterns->count] = (struct pattern){ .text = copy };
	return &larger[patterns->count++];
}

void filter_free_patterns(struct patterns *patterns)
{
	for (size_t i = 0; i < patterns->count; i++) {
		free(patterns->items[i].field);
		free(patterns->items[i].names);
		free(patterns->items[i].text);
	}
	free(patterns->items);
}

bool filter_pid_fits(const struct pattern *pattern, const struct event *event)
{
	const struct evh_sample *sample = event->sample;

	return (sample->has & EVH_SAMPLE_PID && sample->pid == pattern->number) ||
	       (sample->has & EVH_SAMPLE_TID && sample->tid == pattern->number);
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

bool filter_event_fits(const struct pattern *pattern, const struct event *event)
{
	const struct evh_sample *sample = event->sample;
	char name[NAME_MAX_SIZE] = "";

	add_name(name, event->name.data, event->name.size);
	if (fnmatch(pattern->text, name, 0) == 0 ||
	    (sample->tracepoint && fnmatch(pattern->text, sample->tracepoint, 0) == 0))
		return true;
	name[0] = '\0';
	if (event->schema)
		add_name(name, event->schema->provider.data, event->schema->provider.size);
	else if (sample->system)
		add_name(name, sample->system, strlen(sample->system));
	add_name(name, ":", 1);
	add_name(name, event->name.data, event->name.size);
	return fnmatch(pattern->text, name, 0) == 0;
}

bool filter_program_fits(const struct pattern *pattern, struct event *event)
{
	struct evh_name ident = event_ident(event);
	char name[NAME_MAX_SIZE] = "";

	add_name(name, ident.data, ident.size);
	return fnmatch(pattern->text, name, 0) == 0 ||
	       (event->sample->comm && fnmatch(pattern->text, event->sample->comm, 0) == 0);
}
