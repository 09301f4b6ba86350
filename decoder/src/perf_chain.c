/* SPDX-License-Identifier: MIT */
/*
 * A recording that goes on in another file: where one ends the next is read, as if it stood behind
 * it. Must never leave one before all is read that was there when the next one was.
 */
#include <errno.h>
#include <unistd.h>

#include "perf.h"

/* Two readings of the same pair of clocks differ by less; setting the clock, and sleep, by more. */
#define SAME_CLOCK 1000000 /* ns */

static int change_file(struct evh_trace *trace, int fd)
{
	uint64_t read_so_far = trace->in.offset;
	int result = input_change_file(&trace->in, fd);

	if (result < 0)
		return result;
	if (trace->chain_fd >= 0)
		close(trace->chain_fd);
	if (trace->notify_fd >= 0)
		close(trace->notify_fd);
	trace->notify_fd = -1;
	trace->chain_fd = fd;
	trace->read_before += read_so_far;
	trace->info.size += input_size(&trace->in);
	trace->in_head = false;
	trace->new_file = true;
	trace->seeks = trace->since != 0;
	trace->account.offset = 0;
	trace->skip = 0;
	return 1;
}

int perf_next_file(struct evh_trace *trace, int end)
{
	int fd = trace->waiting_fd;
	int result;

	if (!trace->options.next_file)
		return end;
	/* Once more to the end of this one: somebody may have written there in the meantime. */
	if (fd < 0) {
		trace->waiting_fd = trace->options.next_file(trace->options.next_argument);
		return trace->waiting_fd < 0 ? end : 1;
	}
	trace->waiting_fd = -1;
	result = change_file(trace, fd);
	if (result < 0)
		close(fd);
	return result;
}

void perf_take_clock(struct evh_trace *trace, uint64_t wall_offset)
{
	int64_t difference = (int64_t)(wall_offset - trace->wall_offset);

	if (difference > -SAME_CLOCK && difference < SAME_CLOCK)
		return;
	/* It is for what comes: all that is waiting goes out before. */
	trace->next_wall_offset = wall_offset;
	trace->wall_changes = true;
	queue_sort(&trace->queue);
	trace->ready = queue_length(&trace->queue);
}

void perf_apply_clock(struct evh_trace *trace)
{
	if (!trace->wall_changes)
		return;
	trace->wall_offset = trace->next_wall_offset;
	trace->wall_changes = false;
}
