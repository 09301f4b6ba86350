/* SPDX-License-Identifier: MIT */
/*
 * Handing out the samples of perf.data: reads records until the oldest one can't be overtaken any
 * more. Stands above the reading and the order of records, which know nothing of each other's
 * driver.
 */
#include <errno.h>

#include "perf.h"

static void sort_all(struct evh_trace *trace)
{
	if (!trace->options.file_order)
		queue_sort(&trace->queue);
	trace->ready = queue_length(&trace->queue);
}

/* Where a file ended for now: as perf_next_file. */
static int end_file(struct evh_trace *trace, int end)
{
	int error = perf_look_at_account(trace);

	return error < 0 ? error : perf_next_file(trace, end);
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

		perf_apply_clock(trace);

		int result = trace->ended ? trace->failed : perf_read_record(trace);

		if (!trace->ended && (result == 0 || result == -EAGAIN))
			result = end_file(trace, result);
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
		trace->queue.bytes -= size + PERF_ENTRY_COST;
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
