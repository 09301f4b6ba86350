/* SPDX-License-Identifier: MIT */
/* From samples to output. What `logtap view` and `logtap tail` have in common. */
#include "pipeline.h"

#include <errno.h>
#include <string.h>

int pipeline_start(struct pipeline *show)
{
	int result = evh_schemas_create(&show->schemas);

	return result < 0 ? result : evh_join_create(&show->join, show->schemas, 0);
}

void pipeline_weigh(struct pipeline *show, const struct event *event)
{
	if (event->sample->event && (!event->schema || event->schema->repeats))
		show->weight += evh_event_weight(event->sample->event, event->sample->event_size);
}

static int show_event(struct pipeline *show, struct event *event)
{
	int result = 0;

	pipeline_weigh(show, event);
	if (!filter_passes(&show->filter, event))
		return 0;
	show->shown++;
	if (show->take)
		result = show->take(show->take_argument, event);
	else
		output_event(&show->output, event);
	if (result != 0)
		return result;
	return show->output.error || (show->limit && show->shown >= show->limit);
}

/*
 * Of a line that overwrites itself, a progress bar's, nobody misses what stood there before; and it
 * may have no end, because the program was ended.
 */
static void judge_missing(struct pipeline *show, struct evh_joined *joined)
{
	if (joined->begin_missing && joined->size && joined->message[0] == '\r')
		joined->begin_missing = false;
	if (joined->begin_missing ||
	    (joined->end_missing && !memchr(joined->message, '\r', joined->size)))
		show->incomplete++;
}

static int show_complete(struct pipeline *show)
{
	struct evh_joined joined;
	int result = 0;

	while (result == 0 && evh_join_take(show->join, &joined)) {
		struct event event;

		judge_missing(show, &joined);
		event_of_joined(&event, &joined, show->schemas);
		result = show_event(show, &event);
	}
	return result;
}

int pipeline_sample(struct pipeline *show, const struct evh_sample *sample)
{
	int result = evh_join_add(show->join, sample);

	if (result < 0)
		return result;
	if (result > 0)
		return show_complete(show);

	struct event event;

	event_of_sample(&event, sample, show->schemas);
	return show_event(show, &event);
}

int pipeline_end(struct pipeline *show)
{
	evh_join_flush(show->join);
	return show_complete(show);
}

void pipeline_free(struct pipeline *show)
{
	evh_join_destroy(show->join);
	evh_schemas_destroy(show->schemas);
	filter_free(&show->filter);
	output_free(&show->output);
}
