/* SPDX-License-Identifier: MIT */
/* Counting. Memory must not grow with the number of events. */
#include "stats.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common_schema.h"
#include "process_table.h"

/* The longest tracepoint's name and as much of an event's as stands behind it. */
#define ROW_NAME_SIZE 600

struct stats *stats_new(void)
{
	return calloc(1, sizeof(struct stats));
}

void stats_free(struct stats *stats)
{
	if (!stats)
		return;
	tally_free(&stats->tracepoints);
	tally_free(&stats->programs);
	free(stats);
}

/* "logtap_L4K2 stderr"; of a tracepoint that is not EventHeader, "sched:sched_switch". */
static void name_row(char name[ROW_NAME_SIZE], const struct event *event)
{
	const struct evh_sample *sample = event->sample;
	const char *tracepoint = sample->tracepoint ? sample->tracepoint : "(unnamed)";

	if (!sample->event)
		snprintf(name, ROW_NAME_SIZE, "%s%s%s", sample->system ? sample->system : "",
			 sample->system ? ":" : "", tracepoint);
	else
		snprintf(name, ROW_NAME_SIZE, "%s %.*s", tracepoint,
			 (int)(event->name.size < 200 ? event->name.size : 200),
			 event->name.data ? event->name.data : "");
}

/* The number of messages that were left out, where the event says so. */
static bool find_count(struct event *event, struct evh_item *item)
{
	struct evh_name record;

	if (!event->sample->event)
		return false;
	if (name_is(&event->name, "lost"))
		return evh_schemas_field(event->schemas, event->sample, "count", item) == 1;
	if (!name_is(&event->name, "Log") || !common_schema_is(event))
		return false;
	record = common_schema_text(event, "PartB", "name");
	return record.data && name_is(&record, "logtap.lost") &&
	       evh_schemas_field_in(event->schemas, event->sample, "PartC", "logtap.count", item) ==
		       1;
}

/* How many messages an event `lost` of the preload library stands for; 0: it is another event. */
static uint64_t left_out_by(struct event *event)
{
	struct evh_item item;
	uint64_t number = 0;

	if (find_count(event, &item) && evh_item_u64(&item, &number) != 0)
		number = 0;
	return number;
}

static int count(struct tally *tally, const char *name, uint64_t bytes, enum severity severity)
{
	struct tally_row *row = tally_find(tally, name);

	if (!row)
		return -ENOMEM;
	row->count++;
	row->bytes += bytes;
	row->levels[severity]++;
	return 0;
}

int stats_take(void *counts, struct event *event)
{
	struct stats *stats = counts;
	const struct evh_sample *sample = event->sample;
	struct evh_name ident = event_ident(event);
	enum severity severity = event_severity(event);
	char name[ROW_NAME_SIZE];
	uint64_t bytes = event->joined ? event->joined->size : 0;
	int result;

	if (!bytes)
		bytes = sample->event ? sample->event_size : sample->raw_size;
	name_row(name, event);
	result = count(&stats->tracepoints, name, bytes, severity);
	snprintf(name, sizeof(name), "%.*s", (int)(ident.size < 200 ? ident.size : 200),
		 ident.data ? ident.data : "");
	if (result == 0)
		result = count(&stats->programs, *name ? name : "-", bytes, severity);
	stats->events++;
	stats->bytes += bytes;
	stats->left_out += left_out_by(event);
	stats->levels[severity]++;
	if (sample->has & (EVH_SAMPLE_TIME | EVH_SAMPLE_CLOCK))
		histogram_count(&stats->bars, sample->time);
	stats->wall = sample->has & EVH_SAMPLE_TIME;
	return result;
}

int stats_take_news(void *counts, struct event *event, bool passes)
{
	struct stats *stats = counts;
	struct evh_item item;
	int64_t status = 0;

	if (!passes)
		return 0;
	if (process_news_of(event) == PROCESS_STARTED) {
		stats->started++;
		return 0;
	}
	stats->ended++;
	if (evh_schemas_field(event->schemas, event->sample, "status", &item) == 1)
		evh_item_i64(&item, &status);
	stats->failed += status != 0;
	return 0;
}
