/* SPDX-License-Identifier: MIT */
/*
 * Records that wait until nothing older can come. They are sorted in batches: what comes from one
 * thread, or from one CPU's buffer, is in order already, so a merge of the runs that are there is
 * little work, and none for a file that is in order.
 */
#ifndef EVH_QUEUE_H
#define EVH_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "input.h"

struct perf_attr;

struct queued {
	uint64_t time;
	const uint8_t *record;
	struct chunk *chunk; /* holds the record */
	const struct perf_attr *attr;
};

struct queue {
	struct queued *items;
	struct queued *scratch; /* for merging, as large as items */
	size_t head;		/* the next to go */
	size_t sorted;		/* [head, sorted) is in order */
	size_t count;		/* [sorted, count) came since */
	size_t capacity;
	uint64_t bytes; /* of all records in it */
};

void queue_free(struct queue *queue);

/* 0 or -ENOMEM. Holds no chunk itself: that is the caller's. */
int queue_push(struct queue *queue, const struct queued *item, size_t size);

/* Puts everything in order of time; equal times stay in the order they came. */
void queue_sort(struct queue *queue);

static inline size_t queue_length(const struct queue *queue)
{
	return queue->count - queue->head;
}

#endif
