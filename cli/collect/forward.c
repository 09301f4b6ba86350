/* SPDX-License-Identifier: MIT */
/*
 * From the recording to one destination, batch by batch. The cursor is moved when the destination
 * has acknowledged what is in front of it, and at no other time: whoever is killed anywhere begins
 * again at the last acknowledgement. Must never give up on an event that a destination might still
 * take, and never keep one back for another that can't be delivered at all.
 */
#include "forward.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backoff.h"
#include "batch.h"
#include "cli.h"
#include "clock.h"
#include "cursor.h"
#include "unsure.h"

/* How long a quiet recording is let alone, ms. */
#define LOOK_TIME 100

/*
 * So many events in a row may be such that a destination never takes them. Then it is the
 * destination that takes none.
 */
#define LEFT_OUT_MAX 16

/* What is delivered at the end takes no longer, ms. */
#define FINISH_TIME 10000

struct forward {
	struct destination *destination;
	int control;
	uint64_t finish_by; /* ms; 0: there is no end yet */
	struct batch batch;
	struct cursor cursor;
	struct backoff backoff;
	struct unsure unsure;
	unsigned left_out; /* events, one after the other, none of which was taken */
	bool troubled;	   /* that it can't be delivered was said */
};

/* What is to be done; asked at every turn, and by whoever delivers. */
static enum order find_order(void *argument)
{
	struct forward *forward = argument;
	struct pollfd ready = { .fd = forward->control, .events = POLLIN };
	char byte;

	if (poll(&ready, 1, 0) > 0) {
		if (read(forward->control, &byte, 1) != 1)
			return ORDER_LEAVE;
		if (!forward->finish_by)
			forward->finish_by = clock_ms() + FINISH_TIME;
	}
	if (!forward->finish_by)
		return ORDER_GO_ON;
	return clock_ms() < forward->finish_by ? ORDER_FINISH : ORDER_LEAVE;
}

/* Waits for so many milliseconds, or until something is ordered. */
static void wait_for_order(const struct forward *forward, uint32_t time)
{
	struct pollfd ready = { .fd = forward->control, .events = POLLIN };

	poll(&ready, 1, (int)time);
}

/* Once, until it is done: a disk that is full now may have room when the next batch is through. */
static void store_cursor(struct forward *forward)
{
	int error = cursor_store(&forward->cursor);

	if (error)
		cli_error("%s: cannot note up to where it was delivered (%s): what is delivered "
			  "now may come twice",
			  forward->destination->shown, strerror(-error));
}

static void move_cursor(struct forward *forward)
{
	const struct destination *destination = forward->destination;
	uint64_t reached =
		destination->kind->reached ? destination->kind->reached(destination) : UINT64_MAX;
	struct spool_place sure;

	if (!unsure_take(&forward->unsure, clock_ms(), reached, &sure))
		return;
	forward->cursor.place = forward->batch.delivered = sure;
	forward->cursor.removed += forward->batch.removed;
	forward->batch.removed = 0;
	store_cursor(forward);
}

/* The destination has the batch, or will never take it. */
static void accept_batch(struct forward *forward, uint64_t delivered)
{
	const struct destination *destination = forward->destination;
	struct batch *batch = &forward->batch;

	forward->cursor.delivered += delivered;
	unsure_add(&forward->unsure, &batch->spool.place,
		   clock_ms() + (uint64_t)destination->kind->unsure * 1000,
		   destination->kind->written ? destination->kind->written(destination) : 0);
	batch_empty(batch);
	move_cursor(forward);
	batch->limit = 2 * batch->limit < BATCH_EVENTS ? 2 * batch->limit : BATCH_EVENTS;
}

static void accept_delivered(struct forward *forward)
{
	struct destination *destination = forward->destination;
	uint64_t count = forward->batch.count, left_out = destination->left_out;

	if (forward->troubled)
		cli_error("%s: delivering again", destination->shown);
	forward->troubled = false;
	backoff_reset(&forward->backoff);
	forward->left_out = 0;
	if (left_out) {
		cli_error("%s: it did not take %llu event%s: %s", destination->shown,
			  (unsigned long long)left_out, left_out == 1 ? "" : "s",
			  destination->problem);
		forward->cursor.refused += left_out;
		destination->left_out = 0;
	}
	accept_batch(forward, left_out < count ? count - left_out : 0);
}

static void rewind_to_cursor(struct forward *forward)
{
	int error = batch_rewind(&forward->batch);

	unsure_forget(&forward->unsure);
	if (error < 0)
		cli_error("%s: cannot read '%s': %s", forward->destination->shown,
			  forward->batch.path, evh_trace_strerror(error));
}

/* It could not be delivered; false: it is time to leave. */
static bool wait_for_better(struct forward *forward)
{
	struct destination *destination = forward->destination;

	if (!forward->troubled)
		cli_error("%s: %s; trying again", destination->shown, destination->problem);
	forward->troubled = true;
	if (find_order(forward) != ORDER_GO_ON)
		return false;
	wait_for_order(forward, backoff_next(&forward->backoff, destination->retry_after));
	destination->retry_after = 0;
	return find_order(forward) != ORDER_LEAVE;
}

/* Smaller, until the one event is found that is too much. false: it is time to leave. */
static bool divide(struct forward *forward)
{
	struct destination *destination = forward->destination;
	struct batch *batch = &forward->batch;

	if (batch->count > 1 && batch->limit > 1) {
		batch->limit = (batch->count < batch->limit ? batch->count : batch->limit) / 2;
		rewind_to_cursor(forward);
		return true;
	}
	if (forward->left_out >= LEFT_OUT_MAX)
		return wait_for_better(forward);
	cli_error("%s: left out %u event%s that it does not take: %s", destination->shown,
		  batch->count, batch->count == 1 ? "" : "s", destination->problem);
	forward->left_out++;
	forward->cursor.refused += batch->count;
	accept_batch(forward, 0);
	return true;
}

/* false: it is time to leave. */
static bool deliver(struct forward *forward)
{
	for (;;) {
		struct destination *destination = forward->destination;

		switch (destination->kind->deliver(destination)) {
		case DELIVERY_DONE:
			accept_delivered(forward);
			return true;
		case DELIVERY_TOO_LARGE:
		case DELIVERY_REFUSED:
			if (!divide(forward))
				return false;
			if (!forward->batch.count)
				return true;
			break;
		case DELIVERY_REBUILD:
			if (!wait_for_better(forward))
				return false;
			rewind_to_cursor(forward);
			return true;
		default:
			if (!wait_for_better(forward))
				return false;
		}
	}
}

/* Nothing to deliver at the moment. */
static void rest(struct forward *forward)
{
	struct destination *destination = forward->destination;

	move_cursor(forward);
	if (destination->kind->alive && !destination->kind->alive(destination)) {
		rewind_to_cursor(forward);
		return;
	}
	spool_wait(&forward->batch.spool, LOOK_TIME);
}

/* All is delivered and nothing will come. */
static bool finish(struct forward *forward)
{
	struct destination *destination = forward->destination;

	if (destination->kind->finish && !destination->kind->finish(destination))
		return false;
	unsure_all(&forward->unsure);
	move_cursor(forward);
	return true;
}

/* Whether all was delivered that there is. */
static bool hand_on(struct forward *forward)
{
	struct batch *batch = &forward->batch;

	for (;;) {
		enum order order = find_order(forward);

		if (order == ORDER_LEAVE || batch_fill(batch) < 0)
			return false;
		if (batch->count) {
			if (!deliver(forward))
				return false;
		} else if (batch->dry) {
			if (order == ORDER_FINISH)
				return finish(forward);
			rest(forward);
		}
	}
}

/* Of what is there now on, nothing goes without being told. */
static void begin_cursor(struct forward *forward)
{
	forward->cursor.place.segment = forward->batch.spool.place.segment;
	forward->batch.delivered = forward->cursor.place;
	store_cursor(forward);
}

static int open_all(struct forward *forward, const char *path)
{
	struct destination *destination = forward->destination;
	int error = cursor_open(&forward->cursor, path, destination->name);

	if (!error)
		error = destination->kind->open(destination);
	if (!error)
		error = batch_open(&forward->batch, destination, path, &forward->cursor.place);
	if (!error && !forward->cursor.place.segment)
		begin_cursor(forward);
	return error;
}

int forward(struct destination *destination, const char *path, int control)
{
	struct forward forward = {
		.destination = destination,
		.control = control,
		.backoff = { .random = (uint64_t)getpid() << 32 ^ clock_ms() },
	};
	int error;
	bool all;

	destination->order = find_order;
	destination->order_argument = &forward;
	error = open_all(&forward, path);
	if (error) {
		cli_error("%s: cannot begin: %s", destination->shown, evh_trace_strerror(error));
		return CLI_FAILURE;
	}
	all = hand_on(&forward);
	if (!all && forward.finish_by)
		cli_error("%s: not all of '%s' was delivered: the rest is, once it is collected "
			  "again",
			  destination->shown, path);
	destination->kind->close(destination);
	batch_close(&forward.batch);
	cursor_close(&forward.cursor);
	return all ? CLI_OK : CLI_FAILURE;
}
