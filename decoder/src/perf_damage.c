/* SPDX-License-Identifier: MIT */
/*
 * Damage in perf.data. A writer of a recording that is killed while the kernel copies its record
 * leaves the record's beginning, up to the end of a page of the file, and the next writer's record
 * right behind it. So a record that looks right at a page's beginning, inside another one, is
 * where the other one was cut.
 *
 * What looks right must be right beyond doubt: its id, its tracepoint's number and two lengths
 * agree, more than 100 bits. Must never take text for a record.
 */
#include <errno.h>

#include <linux/perf_event.h>

#include "perf.h"

/* Enough of a record to be sure of it, behind where another one ends. */
#define PROBE_SIZE 512

/* Looked through at a time when no record is where one should be. */
#define RESYNC_SIZE ((size_t)512 << 10)

static bool sure_sample(struct evh_trace *trace, const uint8_t *record, size_t size,
			size_t available)
{
	size_t seen = available < size ? available : size;
	const struct perf_attr *attr = perf_sample_attr(trace, record, seen);
	const uint64_t simple = PERF_SAMPLE_READ | PERF_SAMPLE_CALLCHAIN;
	const uint8_t *raw;
	size_t raw_size;

	if (!attr || !(attr->sample_type & PERF_SAMPLE_RAW))
		return false;
	if (attr->sample_type & simple) {
		/* The lengths are behind others: only the whole record tells. */
		raw = available < size ? NULL
				       : perf_sample_raw(trace, attr, record, size, &raw_size);
		if (!raw || raw_size < 8)
			return false;
	} else {
		if (seen < attr->variable + 6u)
			return false;
		raw = record + attr->variable + 4;
		raw_size = get32(raw - 4, trace->swap);
		/* RAW fills a sample up to its end, unless something follows it. */
		if (attr->sample_type < PERF_SAMPLE_RAW << 1 ||
		    attr->sample_type >> 11 == PERF_SAMPLE_IDENTIFIER >> 11) {
			if (raw_size + 4 != size - attr->variable)
				return false;
		} else if (raw_size + 4 > size - attr->variable) {
			return false;
		}
	}
	return get16(raw, trace->swap) == (attr->config & 0xffff) ||
	       tracepoints_find(&trace->points, get16(raw, trace->swap));
}

static bool sure_task(struct evh_trace *trace, const uint8_t *record, size_t size, size_t available)
{
	const struct perf_attr *attr;
	size_t body;

	if (available < size)
		return false;
	attr = perf_other_attr(trace, record, size);
	if (!attr || !attr->tail_id)
		return false;
	body = size - RECORD_HEADER - attr->tail_size;
	if (record_type(trace, record) == RECORD_FORK)
		return body == 24;
	/* pid, tid, and a name of up to 16 bytes that ends with a NUL */
	return body >= 16 && body <= 24 && record[RECORD_HEADER + body - 1] == 0;
}

bool perf_is_stream_head(const struct evh_trace *trace, const uint8_t *bytes, size_t size)
{
	static const char MAGIC[2][9] = { "PERFILE2", "2ELIFREP" };

	return size >= PIPE_HEAD_SIZE &&
	       memcmp(bytes, MAGIC[trace->swap ? !HOST_BIG_ENDIAN : HOST_BIG_ENDIAN], 8) == 0 &&
	       get64(bytes + 8, trace->swap) == PIPE_HEAD_SIZE;
}

bool perf_sure(struct evh_trace *trace, const uint8_t *record, size_t available)
{
	if (trace->info.recording && perf_is_stream_head(trace, record, available))
		return true;
	if (available < RECORD_HEADER || !perf_plausible(trace, record))
		return false;
	switch (record_type(trace, record)) {
	case RECORD_SAMPLE:
		return sure_sample(trace, record, record_size(trace, record), available);
	case RECORD_COMM:
	case RECORD_FORK:
		return sure_task(trace, record, record_size(trace, record), available);
	default:
		return false;
	}
}

static void count_cut(struct evh_trace *trace, size_t size)
{
	if (!trace->info.cut++)
		trace->info.cut_offset = trace->in.offset;
	trace->info.cut_bytes += size;
	input_consume(&trace->in, size);
}

int perf_check_cut(struct evh_trace *trace, size_t size)
{
	struct input *in = &trace->in;
	uint64_t to_page = FILE_PAGE - in->offset % FILE_PAGE;
	int result;

	if (to_page >= size || !perf_has_many_writers(trace))
		return 0;
	result = input_need(in, size + PROBE_SIZE, 0);
	if (result < 0 && result != -EAGAIN)
		return result;
	for (uint64_t at = to_page; at < size && at < input_available(in); at += FILE_PAGE) {
		if (!perf_sure(trace, input_at(in) + at, input_available(in) - at))
			continue;
		count_cut(trace, at);
		return 1;
	}
	return 0;
}

static void count_damage(struct evh_trace *trace, size_t size)
{
	struct evh_trace_info *info = &trace->info;
	struct input *in = &trace->in;

	if (!info->damaged && !trace->refusing)
		info->damaged_offset = in->offset;
	if (!trace->refusing)
		info->damaged += size;
	input_consume(in, size);
}

int perf_resync(struct evh_trace *trace)
{
	struct input *in = &trace->in;
	uint64_t begin = in->offset;

	for (;;) {
		/* What comes last is looked at twice: so that it is little of it all. */
		int result = input_need(in, RESYNC_SIZE, 0);
		size_t available = input_available(in);
		size_t at = in->offset == begin ? 1 : 0;

		if (result < 0 && result != -EAGAIN)
			return result;
		while (at < available && !perf_sure(trace, input_at(in) + at, available - at))
			at++;
		if (!trace->refusing && at < available && at <= UINT16_MAX && in->offset == begin &&
		    (begin + at) % FILE_PAGE == 0 && perf_has_many_writers(trace)) {
			/* So little of a record that not even its size is there. */
			count_cut(trace, at);
			return 1;
		}
		if (at < available || result == 0) {
			count_damage(trace, at < available ? at : available);
			return at < available;
		}
		if (result < 0)
			return result;
		/* Keep what a record that isn't all there could need. */
		count_damage(trace, available - UINT16_MAX);
	}
}
