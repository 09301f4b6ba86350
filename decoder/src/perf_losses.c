/* SPDX-License-Identifier: MIT */
/*
 * What a trace says that is missing in it: records of the kernel, of perf, and the account in the
 * head of a recording, to which its writers add in place. Must never believe a number so far that a
 * sum runs over.
 */
#include <string.h>

#include "perf.h"

/* PERF_RECORD_MISC_LOST_SAMPLES_BPF: a filter that somebody asked for left them out. */
#define MISC_LOST_TO_FILTER (1u << 15)

/* The account is a feature with this in front of its numbers; libevh's perf_format.h describes it.
 */
static const char ACCOUNT_MAGIC[8] = "logtap\0a";

#define ACCOUNT_NUMBERS (RECORD_HEADER + 8 + sizeof(ACCOUNT_MAGIC))
#define ACCOUNT_SIZE	(ACCOUNT_NUMBERS + PERF_LOSSES * sizeof(uint64_t))

static void add(uint64_t *sum, uint64_t more)
{
	*sum = more > UINT64_MAX - *sum ? UINT64_MAX : *sum + more;
}

static void sum_up(struct evh_trace *trace)
{
	struct evh_trace_info *info = &trace->info;

	info->lost = trace->lost_totals > trace->lost_gaps ? trace->lost_totals : trace->lost_gaps;
	info->lost_no_room = trace->lost_accounts[PERF_LOST_NO_ROOM];
	info->lost_too_large = trace->lost_accounts[PERF_LOST_TOO_LARGE];
	for (int i = 0; i < PERF_LOSSES; i++)
		add(&info->lost, trace->lost_accounts[i]);
}

/*
 * LOST stands where a ring buffer was full, LOST_SAMPLES at the end with each event's total, which
 * has the same losses in it and those after the last LOST. Older perf writes only the former.
 */
void perf_count_lost(struct evh_trace *trace, const uint8_t *record, size_t size)
{
	uint16_t misc = get16(record + 4, trace->swap);

	if (record_type(trace, record) == RECORD_LOST && size >= 24)
		add(&trace->lost_gaps, get64(record + 16, trace->swap));
	else if (record_type(trace, record) == RECORD_LOST_SAMPLES && size >= 16 &&
		 !(misc & MISC_LOST_TO_FILTER))
		add(&trace->lost_totals, get64(record + 8, trace->swap));
	sum_up(trace);
}

/* What has come to the account since it was last looked at. The sum of it. */
static uint64_t take_numbers(struct evh_trace *trace, const uint8_t *numbers)
{
	uint64_t sum = 0;

	for (int i = 0; i < PERF_LOSSES; i++) {
		uint64_t now = get64(numbers + i * sizeof(now), trace->swap);
		uint64_t *before = &trace->account.taken[i];

		if (now <= *before)
			continue;
		add(&trace->lost_accounts[i], now - *before);
		add(&sum, now - *before);
		*before = now;
	}
	sum_up(trace);
	return sum;
}

/* A copy has the first file's head, and so its account: the others' become records of it. */
static int copy_numbers(struct evh_trace *trace, uint64_t lost)
{
	/* u64 lost, and what sample_id_all asks for: pid, tid, time, cpu, id */
	uint8_t record[RECORD_HEADER + 8 + 40] = { 0 };

	put32(record, RECORD_LOST_SAMPLES, trace->swap);
	put16(record + 6, sizeof(record), trace->swap);
	put64(record + 8, lost, trace->swap);
	put64(record + 24, trace->newest, trace->swap);
	put64(record + 40, RECORDING_FIRST_ID, trace->swap);
	return perf_copy(trace, record, sizeof(record));
}

bool perf_is_account(const struct evh_trace *trace, const uint8_t *record, size_t size)
{
	return size == ACCOUNT_SIZE && get64(record + RECORD_HEADER, trace->swap) == FEATURE_STAT &&
	       memcmp(record + RECORD_HEADER + 8, ACCOUNT_MAGIC, sizeof(ACCOUNT_MAGIC)) == 0;
}

int perf_take_account(struct evh_trace *trace, const uint8_t *record, size_t size)
{
	uint64_t lost;

	memset(&trace->account, 0, sizeof(trace->account));
	trace->account.offset = trace->in.offset - size;
	lost = take_numbers(trace, record + ACCOUNT_NUMBERS);
	if (!trace->in_head)
		return perf_copy(trace, record, size);
	return lost ? copy_numbers(trace, lost) : 0;
}

int perf_look_at_account(struct evh_trace *trace)
{
	uint8_t record[ACCOUNT_SIZE];
	uint64_t lost;

	if (!trace->account.offset || !trace->in.regular || trace->in.packed ||
	    input_read_at(&trace->in, trace->account.offset, record, sizeof(record)) < 0 ||
	    !perf_is_account(trace, record, sizeof(record)))
		return 0;
	lost = take_numbers(trace, record + ACCOUNT_NUMBERS);
	return lost ? copy_numbers(trace, lost) : 0;
}
