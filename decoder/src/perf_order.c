/* SPDX-License-Identifier: MIT */
/*
 * Puts the records of perf.data in order of time. Holds back what may still be overtaken: with
 * perf's marks (FINISHED_ROUND) exactly so much, without them a window. Must never hold more than
 * its limits, whatever the file says.
 */
#include <errno.h>

#include "perf.h"

/*
 * What waits, at most. Writers of a recording append an event some microseconds after they took
 * its time, unless they lose the processor in between: 16 MB (half of the window always stays)
 * are 100,000 events. perf stores one CPU's buffer after the other: a round is as large as all
 * its buffers, which are 512 KiB per CPU unless somebody asked for more.
 */
#define WINDOW_RECORDING ((uint64_t)32 << 20)
#define WINDOW_PERF	 ((uint64_t)256 << 20)

/* What comes from now on is newer than what had come when the last round ended. */
void perf_finish_round(struct evh_trace *trace)
{
	struct queue *queue = &trace->queue;
	size_t low = queue->head;
	size_t high = queue->count;

	if (trace->options.file_order)
		return;
	/*
	 * A round of a few records isn't worth sorting what waits into it: the next will do. What
	 * is older than its end is older than the next one's.
	 */
	if (queue->count != queue->sorted &&
	    (queue->count - queue->sorted) * 16 < queue->sorted - queue->head) {
		trace->round_newest = trace->newest;
		return;
	}
	queue_sort(queue);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (queue->items[middle].time <= trace->round_newest)
			low = middle + 1;
		else
			high = middle;
	}
	trace->ready = low - queue->head;
	trace->round_newest = trace->newest;
}

/*
 * What is compressed may not fill the window of a large file with a small one: it gets what eight
 * times as much as was read would need.
 */
static uint64_t window_of(const struct evh_trace *trace)
{
	uint64_t window = trace->by_perf ? WINDOW_PERF : WINDOW_RECORDING;
	uint64_t earned = WINDOW_RECORDING + 8 * trace->in.offset;

	return trace->unpack && earned < window ? earned : window;
}

static void enforce_limits(struct evh_trace *trace)
{
	uint64_t window = window_of(trace);

	if (trace->options.file_order)
		return;
	if (trace->queue.bytes <= window && trace->in.chunks <= 2 * window / CHUNK_SIZE)
		return;
	queue_sort(&trace->queue);
	trace->ready = (queue_length(&trace->queue) + 1) / 2;
}

int perf_push(struct evh_trace *trace, struct chunk *chunk, const uint8_t *record, size_t size,
	      const struct perf_attr *attr, uint64_t time)
{
	struct queued item = { time, record, chunk, attr };
	int result;

	enforce_limits(trace);
	trace->in.patient = trace->by_perf;
	if (time > trace->newest)
		trace->newest = time;
	result = queue_push(&trace->queue, &item, size + PERF_ENTRY_COST);
	if (result == 0)
		chunk_hold(chunk);
	if (trace->options.file_order)
		trace->ready = queue_length(&trace->queue);
	return result;
}
