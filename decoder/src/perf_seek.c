/* SPDX-License-Identifier: MIT */
/*
 * Where reading begins when only what is newer than some time is wanted: a search by halves in a
 * recording of logtap's. Its records are nearly in order of time, as each was appended soon after
 * its time was taken; not quite, because a writer can lose the processor in between. Must never
 * pass over a record that isn't older, nor begin inside of another one.
 */
#include <errno.h>

#include "perf.h"

/*
 * A place is too early when this many samples that begin there, one after the other, are all older
 * by LATE: then each sample before it was appended, and had its time taken, before the time asked
 * for, unless all of those were written so late. A thread can be late with one sample, not with
 * two.
 */
#define GROUP 1024
#define LATE  1000000000u /* ns */

/* A search ends where this is left: reading it costs less than looking further. */
#define SEARCH_MIN ((uint64_t)4 << 20)

/* What is looked through at one place. Half of it is a group as well, where samples are large. */
#define PLACE_SIZE ((size_t)1 << 20)

/* So long a chain of records can't stand inside of one: what begins it is a record of its own. */
#define CHAIN_SIZE ((size_t)UINT16_MAX + 1)

struct place {
	uint64_t offset; /* of its first record */
	uint64_t newest; /* time of its samples */
};

/* Follows the records from `at` on. True when they are a group; then *newest is its last time. */
static bool follow_chain(struct evh_trace *trace, const uint8_t *bytes, size_t at, size_t size,
			 uint64_t *newest)
{
	size_t begin = at;
	unsigned count = 0;

	*newest = 0;
	while (at - begin < CHAIN_SIZE || (count < GROUP && at - begin < PLACE_SIZE / 2)) {
		const uint8_t *record = bytes + at;
		size_t length;

		if (size - at < RECORD_HEADER || !perf_plausible(trace, record))
			return false;
		length = record_size(trace, record);
		if (length > size - at)
			return false;
		if (perf_is_recorded_sample(trace, record, length)) {
			uint64_t time = get64(record + trace->attrs.list[0]->time, trace->swap);

			*newest = time > *newest ? time : *newest;
			count++;
		} else if (!perf_sure(trace, record, length)) {
			return false;
		}
		at += length;
	}
	return true;
}

/* The first group behind `offset`. 1, 0 where none is near, or a negative errno. */
static int look_at(struct evh_trace *trace, uint64_t offset, struct place *place)
{
	struct input *in = &trace->in;
	int result = input_seek(in, offset);
	size_t size;

	if (result >= 0)
		result = input_need(in, PLACE_SIZE, 0);
	if (result < 0 && result != -EAGAIN)
		return result;
	size = input_available(in);
	for (size_t at = 0; at < size && at < CHAIN_SIZE; at++) {
		if (!perf_sure(trace, input_at(in) + at, size - at))
			continue;
		if (follow_chain(trace, input_at(in), at, size, &place->newest)) {
			place->offset = offset + at;
			return 1;
		}
	}
	return 0;
}

static bool can_seek(const struct evh_trace *trace)
{
	return trace->info.recording && !trace->info.headless && trace->info.wall_clock &&
	       trace->in.regular && !trace->in.follow && !trace->options.copy && !trace->unpack &&
	       !trace->skip && trace->in.end == UINT64_MAX && trace->attrs.list[0]->time;
}

/* What was told until here may have changed in between: names, and what waits, which is older. */
static void forget_before(struct evh_trace *trace)
{
	struct queue *queue = &trace->queue;

	for (size_t i = queue->head; i < queue->count; i++)
		chunk_release(&trace->in, queue->items[i].chunk);
	queue->head = queue->count = queue->sorted = 0;
	queue->bytes = 0;
	trace->ready = 0;
	names_free(&trace->names);
	names_init(&trace->names);
	names_set(&trace->names, 0, IDLE_NAME, sizeof(IDLE_NAME));
}

int perf_seek_since(struct evh_trace *trace)
{
	uint64_t wall = trace->wall_changes ? trace->next_wall_offset : trace->wall_offset;
	uint64_t begin = trace->in.offset;
	uint64_t low = begin;
	uint64_t high = input_size(&trace->in);
	int result = 0;

	trace->seeks = false;
	if (!can_seek(trace) || trace->since < LATE || trace->since - LATE < wall)
		return 0;
	while (result >= 0 && high - low > SEARCH_MIN) {
		uint64_t middle = low + (high - low) / 2;
		struct place place;

		result = look_at(trace, middle, &place);
		if (result > 0 && place.newest < trace->since - LATE - wall && place.offset < high)
			low = place.offset;
		else
			high = middle;
	}
	if (result < 0)
		return result;
	trace->passed_over += low - begin;
	if (low > begin)
		forget_before(trace);
	return input_seek(&trace->in, low);
}
