/* SPDX-License-Identifier: MIT */
/*
 * From the recording to a batch. Must never hand an event to the destination that stands in front
 * of the cursor, and never pass over one behind it without saying so.
 */
#include "batch.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "spool_index.h"

#define BATCH_BYTES ((size_t)1 << 20)

/* How long the rest of a message in parts is waited for, ms, and how often it is looked for. */
#define REST_TIME 1000
#define LOOK_TIME 100

static int take_event(void *argument, struct event *event)
{
	struct batch *batch = argument;
	const struct destination *destination = batch->destination;

	batch->size = destination->kind->add(batch->destination, event);
	batch->count++;
	return 0;
}

/* That a process began or ended is no line that anybody logged. */
static int take_news(void *argument, struct event *event, bool passes)
{
	(void)argument;
	(void)event;
	(void)passes;
	return 0;
}

static void tell_loss(struct batch *batch, const struct loss *loss)
{
	struct event event;

	if (loss->count && lost_event_make(batch->lost, loss, batch->pipeline.schemas, &event))
		take_event(batch, &event);
}

/* Programs sent faster than the collector read, or a disk was full: the recording says how many. */
static void tell_losses(struct batch *batch)
{
	uint64_t lost = spool_lost(&batch->spool);
	const struct loss loss = { .kind = LOSS_BEFORE, .count = lost - batch->lost_told };

	if (lost <= batch->lost_told)
		return;
	batch->lost_told = lost;
	/* What stands in front of the cursor was told. */
	if (spool_compare(&batch->spool.place, &batch->delivered) > 0)
		tell_loss(batch, &loss);
}

/* Segments from `from` on up to the present one that were removed before they were delivered. */
static void tell_removed(struct batch *batch, const struct spool_place *from)
{
	const struct spool_place *cursor = &batch->delivered;
	struct loss loss = { .kind = LOSS_REMOVED };

	if (spool_compare(cursor, from) > 0)
		from = cursor;
	if (batch->spool.place.segment <= from->segment)
		return;
	spool_index_sum(batch->path, from, batch->spool.place.segment, &loss);
	batch->removed += loss.count;
	tell_loss(batch, &loss);
}

/* What is known of processes stands before the cursor. */
static void learn(struct batch *batch, const struct evh_sample *sample)
{
	struct event event;

	event_of_sample(&event, sample, batch->pipeline.schemas);
	if (process_news_of(&event) == PROCESS_STARTED)
		process_table_learn(batch->pipeline.processes, 0, &event);
}

/* One sample more; 0 or a negative errno. */
static int take_next(struct batch *batch)
{
	const struct spool_place before = batch->spool.place;
	struct evh_sample sample;
	int result = spool_next(&batch->spool, &sample);

	if (batch->spool.place.segment != before.segment) {
		batch->lost_told = 0;
		tell_removed(batch, &(struct spool_place){ .segment = before.segment + 1 });
	}
	tell_losses(batch);
	if (result < 0)
		return result;
	if (spool_compare(&batch->spool.place, &batch->delivered) <= 0)
		learn(batch, &sample);
	else if (pipeline_sample(&batch->pipeline, &sample) < 0)
		return -ENOMEM;
	return 0;
}

static bool is_full(const struct batch *batch)
{
	return batch->count >= batch->limit || batch->size >= BATCH_BYTES;
}

/* Much more than full: messages in parts overlap without an end. */
static bool overflows(const struct batch *batch)
{
	return batch->count >= 2 * BATCH_EVENTS || batch->size >= 4 * BATCH_BYTES;
}

static bool is_ending(const struct batch *batch)
{
	const struct destination *destination = batch->destination;

	return destination->order(destination->order_argument) != ORDER_GO_ON;
}

int batch_fill(struct batch *batch)
{
	uint64_t rest_until = 0;
	int result = 0;

	for (;;) {
		bool waits = evh_join_waits(batch->pipeline.join);

		batch->dry = result == -EAGAIN;
		if (result == -ENOMEM)
			return result;
		if (!waits && (batch->dry || is_full(batch)))
			return 0;
		if (batch->dry && !rest_until)
			rest_until = clock_ms() + REST_TIME;
		if (overflows(batch) || (rest_until && clock_ms() >= rest_until) ||
		    (waits && batch->dry && is_ending(batch))) {
			return pipeline_flush(&batch->pipeline);
		}
		if (batch->dry)
			spool_wait(&batch->spool, LOOK_TIME);
		result = take_next(batch);
	}
}

void batch_empty(struct batch *batch)
{
	batch->destination->kind->clear(batch->destination);
	batch->count = 0;
	batch->size = 0;
}

/* What is gone of what was not delivered; of a recording without a cursor that is nothing. */
static void begin_at_cursor(struct batch *batch)
{
	if (batch->delivered.segment)
		tell_removed(batch, &batch->delivered);
}

int batch_rewind(struct batch *batch)
{
	int error;

	pipeline_flush(&batch->pipeline);
	batch_empty(batch);
	batch->lost_told = batch->removed = 0;
	error = spool_open_segment(&batch->spool, batch->delivered.segment);
	begin_at_cursor(batch);
	return error;
}

int batch_open(struct batch *batch, struct destination *destination, const char *path,
	       const struct spool_place *delivered)
{
	int error;

	*batch = (struct batch){ .destination = destination,
				 .path = path,
				 .delivered = *delivered,
				 .limit = BATCH_EVENTS,
				 .spool = { .fd = -1, .next_fd = -1 } };
	batch->pipeline.take = take_event;
	batch->pipeline.take_news = take_news;
	batch->pipeline.take_argument = batch;
	error = pipeline_start(&batch->pipeline);
	if (!error)
		error = lost_event_create(&batch->lost);
	/* From the oldest on: what is known of processes stands there. */
	if (!error)
		error = spool_open(&batch->spool, path);
	if (!error)
		begin_at_cursor(batch);
	return error;
}

void batch_close(struct batch *batch)
{
	spool_close(&batch->spool);
	lost_event_destroy(batch->lost);
	pipeline_free(&batch->pipeline);
}
