/* SPDX-License-Identifier: MIT */
/*
 * Hands the records of perf.data out in order of time. Holds back what may still be overtaken: with
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

/* What an entry of the queue costs itself, so that tiny records count as what they take. */
#define ENTRY_COST (2 * sizeof(struct queued))

static void sort_all(struct evh_trace *trace)
{
	queue_sort(&trace->queue);
	trace->ready = queue_length(&trace->queue);
}

/* What comes from now on is newer than what had come when the last round ended. */
void perf_finish_round(struct evh_trace *trace)
{
	struct queue *queue = &trace->queue;
	size_t low = queue->head;
	size_t high = queue->count;

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
	result = queue_push(&trace->queue, &item, size + ENTRY_COST);
	if (result == 0)
		chunk_hold(chunk);
	return result;
}

/* Reads until something may be handed out. 1, 0 at the end, or a negative errno. */
static int fill(struct evh_trace *trace)
{
	while (!trace->ready) {
		/* Handed out because nothing came: now the caller may wait, or flush. */
		if (trace->drained) {
			trace->drained = false;
			return -EAGAIN;
		}

		int result = trace->ended ? trace->failed : perf_read_record(trace);

		if (result > 0)
			continue;
		sort_all(trace);
		if (result == -EAGAIN) {
			trace->drained = trace->ready != 0;
			return trace->ready ? 1 : result;
		}
		trace->ended = true;
		trace->failed = result;
		if (!trace->ready) {
			trace->failed = 0; /* reported once */
			return result;
		}
	}
	return 1;
}

int perf_next(struct evh_trace *trace, struct evh_sample *sample)
{
	for (;;) {
		int result = fill(trace);
		struct queued item;
		size_t size;

		if (result <= 0)
			return result;
		item = trace->queue.items[trace->queue.head++];
		trace->ready--;
		size = record_size(trace, item.record);
		trace->queue.bytes -= size + ENTRY_COST;
		if (trace->out_chunk)
			chunk_release(&trace->in, trace->out_chunk);
		trace->out_chunk = item.chunk;
		if (record_type(trace, item.record) != RECORD_SAMPLE) {
			result = perf_take_other(trace, item.attr, item.record, size);
			if (result < 0)
				return result;
			continue;
		}
		trace->out_record = item.record;
		trace->out_size = size;
		result = perf_sample_fill(trace, item.attr, item.record, size, sample);
		if (result > 0)
			return 1;
		if (result < 0) {
			trace->info.unreadable++;
			continue;
		}
		trace->info.other++;
		result = perf_copy(trace, item.record, size);
		if (result < 0)
			return result;
	}
}
