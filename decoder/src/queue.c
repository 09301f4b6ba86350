/* SPDX-License-Identifier: MIT */
/*
 * A stable natural merge sort of what waits. Must never change the order of equal times: a
 * thread's events of one nanosecond stay as it wrote them.
 */
#include "queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "large.h"

/* Shorter runs are made this long by insertion before merging. */
#define RUN_MIN 32

void queue_free(struct queue *queue)
{
	free(queue->items);
	free(queue->scratch);
}

static int make_room(struct queue *queue)
{
	size_t length = queue_length(queue);

	/* Move down only when that frees half: otherwise it would be done for every record. */
	if (queue->head < queue->capacity / 2 || queue->capacity == 0) {
		size_t capacity = queue->capacity ? queue->capacity * 2 : 4096;
		struct queued *items = large_alloc(capacity * sizeof(*items));
		struct queued *scratch = malloc(capacity * sizeof(*scratch)); /* mostly unused */

		if (!items || !scratch) {
			free(items);
			free(scratch);
			return -ENOMEM;
		}
		if (length)
			memcpy(items, queue->items + queue->head, length * sizeof(*items));
		queue_free(queue);
		queue->items = items;
		queue->scratch = scratch;
		queue->capacity = capacity;
	} else {
		memmove(queue->items, queue->items + queue->head, length * sizeof(*queue->items));
	}
	queue->sorted -= queue->head;
	queue->count -= queue->head;
	queue->head = 0;
	return 0;
}

int queue_push(struct queue *queue, const struct queued *item, size_t size)
{
	if (queue->head == queue->count) {
		queue->head = 0;
		queue->sorted = 0;
		queue->count = 0;
	}
	if (queue->count == queue->capacity) {
		int result = make_room(queue);

		if (result < 0)
			return result;
	}
	/* In order already: nothing to do for it later. */
	if (queue->sorted == queue->count &&
	    (queue->count == queue->head || queue->items[queue->count - 1].time <= item->time))
		queue->sorted++;
	queue->items[queue->count++] = *item;
	queue->bytes += size;
	return 0;
}

/* The end of the run that begins at `begin`: made RUN_MIN long at least. */
static size_t find_run(struct queued *items, size_t begin, size_t end)
{
	size_t run = begin + 1;

	while (run < end && items[run - 1].time <= items[run].time)
		run++;

	size_t least = end - begin < RUN_MIN ? end : begin + RUN_MIN;

	for (; run < least; run++) {
		struct queued item = items[run];
		size_t place = run;

		for (; place > begin && items[place - 1].time > item.time; place--)
			items[place] = items[place - 1];
		items[place] = item;
	}
	return run;
}

/* Merges [begin, middle) and [middle, end), which are in order each. */
static void merge(struct queue *queue, size_t begin, size_t middle, size_t end)
{
	struct queued *items = queue->items;

	/* What is smaller than all of the right side is in its place already. */
	while (begin < middle && items[begin].time <= items[middle].time)
		begin++;

	size_t left = 0;
	size_t left_count = middle - begin;
	size_t right = middle;
	size_t out = begin;

	memcpy(queue->scratch, items + begin, left_count * sizeof(*items));
	while (left < left_count && right < end) {
		if (queue->scratch[left].time <= items[right].time)
			items[out++] = queue->scratch[left++];
		else
			items[out++] = items[right++];
	}
	memcpy(items + out, queue->scratch + left, (left_count - left) * sizeof(*items));
}

/*
 * Runs that wait to be merged. Each is longer than the two above it together (but for a few, as in
 * timsort), so that 64 hold more records than there can be; a full stack merges early.
 */
struct runs {
	size_t begin[64];
	unsigned int count;
};

static void merge_top(struct queue *queue, struct runs *runs, size_t end)
{
	unsigned int top = runs->count - 1;

	merge(queue, runs->begin[top - 1], runs->begin[top], end);
	runs->count--;
}

void queue_sort(struct queue *queue)
{
	struct runs runs = { { 0 }, 0 };
	size_t begin = queue->sorted;
	size_t end = queue->count;

	if (begin == end)
		return;
	while (begin < end) {
		size_t run = find_run(queue->items, begin, end);

		runs.begin[runs.count++] = begin;
		/* Merge while the run below is no longer than twice this one. */
		while (runs.count > 1) {
			size_t below = runs.begin[runs.count - 1] - runs.begin[runs.count - 2];

			if (below > 2 * (run - runs.begin[runs.count - 1]) &&
			    runs.count < sizeof(runs.begin) / sizeof(runs.begin[0]))
				break;
			merge_top(queue, &runs, run);
		}
		begin = run;
	}
	while (runs.count > 1)
		merge_top(queue, &runs, end);
	if (queue->sorted > queue->head)
		merge(queue, queue->head, queue->sorted, end);
	queue->sorted = end;
}
