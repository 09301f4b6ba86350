/* SPDX-License-Identifier: MIT */
/* From samples to output. What `logtap view` and `logtap tail` have in common. */
#include "pipeline.h"

#include <errno.h>
#include <string.h>

int pipeline_start(struct pipeline *show)
{
	int result = evh_schemas_create(&show->schemas);

	if (result == 0)
		result = process_table_create(&show->processes);
	return result < 0 ? result : evh_join_create(&show->join, show->schemas, 0);
}

static int forget(struct pipeline *show)
{
	process_table_destroy(show->processes);
	evh_join_destroy(show->join);
	show->processes = NULL;
	show->join = NULL;
	if (process_table_create(&show->processes) < 0)
		return -ENOMEM;
	return evh_join_create(&show->join, show->schemas, 0);
}

int pipeline_pass_over(struct pipeline *show)
{
	show->partial = true;
	return forget(show);
}

int pipeline_restart(struct pipeline *show)
{
	show->partial = false;
	show->skip = show->shown;
	show->shown = 0;
	show->incomplete = 0;
	show->weight = 0;
	return forget(show);
}

void pipeline_weigh(struct pipeline *show, const struct event *event)
{
	if (event->sample->event && (!event->schema || event->schema->repeats))
		show->weight += evh_event_weight(event->sample->event, event->sample->event_size);
}

/* Formats the event and puts it aside. */
static int keep_event(struct pipeline *show, struct event *event)
{
	struct output *output = &show->output;
	size_t begin = output->text.size;
	int result;

	output->hold = true;
	output_format_event(output, event);
	output->hold = false;
	if (output->text.error)
		return output->text.error;
	result = kept_add(show->kept, output->text.data + begin, output->text.size - begin);
	output->text.size = begin;
	return result;
}

static int pass_on(struct pipeline *show, struct event *event)
{
	if (show->take)
		return show->take(show->take_argument, event);
	output_begin(&show->output);
	if (show->kept)
		return keep_event(show, event);
	output_event(&show->output, event);
	return 0;
}

/*
 * A process that begins or ends: no line that a program logged, but what is known of those it
 * logs. Shown as an event only when it was asked for by --event.
 */
static int hear_news(struct pipeline *show, struct event *event, enum process_news news)
{
	bool passes;
	int result = 0;

	if (news == PROCESS_STARTED)
		result = process_table_learn(show->processes, show->source, event);
	if (result < 0)
		return result;
	event->process = process_table_find(show->processes, show->source, event->sample->pid);
	passes = filter_passes(&show->filter, event);
	if (show->take_news)
		return show->take_news(show->take_argument, event, passes);
	if (!show->take) {
		output_begin(&show->output);
		output_news(&show->output, event, passes);
	}
	return passes && show->filter.events.count && !show->take ? pass_on(show, event) : 0;
}

/* Whether something is shown of the event that is told once, maybe before what was read. */
static bool lacks_process(const struct pipeline *show, struct event *event)
{
	if (show->output.format == OUTPUT_JSON)
		return !event->process || !event->sample->comm;
	return output_is_short(&show->output) && !event_ident(event).data;
}

static int show_event(struct pipeline *show, struct event *event)
{
	enum process_news news = process_news_of(event);
	int result;

	event->source = show->source;
	pipeline_weigh(show, event);
	if (news != PROCESS_NO_NEWS)
		return hear_news(show, event, news);
	if (event->sample->has & EVH_SAMPLE_PID)
		event->process =
			process_table_find(show->processes, show->source, event->sample->pid);
	if (!filter_passes(&show->filter, event))
		return 0;
	if (show->skip) {
		show->skip--;
		show->shown++;
		return 0;
	}
	if (show->partial && lacks_process(show, event))
		return PIPELINE_NEEDS_ALL;
	show->shown++;
	result = pass_on(show, event);
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

		/* It began before what was read, and is older than what is wanted. */
		if (show->partial && joined.begin_missing)
			continue;
		judge_missing(show, &joined);
		event_of_joined(&event, &joined, show->schemas);
		result = show_event(show, &event);
	}
	return result;
}

int pipeline_sample(struct pipeline *show, const struct evh_sample *sample)
{
	struct event event;
	int result;

	event_of_sample(&event, sample, show->schemas);
	/* Nearly none is a part, and its kind is known by now. */
	result = event_may_be_part(&event) ? evh_join_add(show->join, sample) : 0;
	if (result < 0)
		return result;
	return result > 0 ? show_complete(show) : show_event(show, &event);
}

int pipeline_flush(struct pipeline *show)
{
	evh_join_flush(show->join);
	return show_complete(show);
}

static int put_kept(void *argument, const char *data, size_t size)
{
	struct output *output = argument;

	output_bytes(output, data, size);
	return output->error != 0;
}

int pipeline_let_go(struct pipeline *show)
{
	int result = show->kept ? kept_each(show->kept, put_kept, &show->output) : 0;

	kept_free(show->kept);
	show->kept = NULL;
	return result;
}

int pipeline_end(struct pipeline *show)
{
	int result = pipeline_flush(show);

	if (show->take)
		return result;
	output_begin(&show->output);
	if (result == 0)
		result = pipeline_let_go(show);
	output_end(&show->output);
	return result;
}

void pipeline_free(struct pipeline *show)
{
	kept_free(show->kept);
	process_table_destroy(show->processes);
	evh_join_destroy(show->join);
	evh_schemas_destroy(show->schemas);
	filter_free(&show->filter);
	output_free(&show->output);
}
