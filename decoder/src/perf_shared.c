/* SPDX-License-Identifier: MIT */
/*
 * Recordings of logtap's: one file that many programs append to, which need not trust each other.
 * Whoever writes last must not decide what is read of the others. So only what the shim writes may
 * stand behind the head, and no record but a sample may have others' records inside. Must never
 * apply to what perf writes: its files have one writer, and records of many kinds.
 *
 * What remains is each writer's own word: a sample's content, and with it its length. Who claims a
 * message of 60,000 bytes and writes ten has what the others append next shown as that message.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "perf.h"

/* Its samples are laid out in this way, and there are no others. */
#define SAMPLE_TYPE                                                                                \
	(PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU |           \
	 PERF_SAMPLE_RAW)

/* So many tracepoints are looked for where the head is missing. */
#define HEADLESS_IDS 256

/* Names, losses and attributes are no larger. */
#define SMALL_RECORD 256

/* Zeros that are read through: /dev/zero has no end, and some file systems don't tell of holes. */
#define HOLE_MAX ((uint64_t)1 << 30)

/* How far to look for the first record where the head is missing. */
#define SEARCH_SIZE ((size_t)256 << 10)

static bool is_ours(struct evh_trace *trace, uint32_t index)
{
	const struct perf_attr *attr = trace->attrs.list[index];

	return attr->type == ATTR_TYPE_TRACEPOINT && attr->sample_type == SAMPLE_TYPE &&
	       attr->sample_id_all && attr->config >= RECORDING_FIRST_ID &&
	       perf_attrs_find(&trace->attrs, attr->config) == attr;
}

void perf_end_head(struct evh_trace *trace)
{
	const struct perf_attrs *attrs = &trace->attrs;
	bool ours = trace->info.form == EVH_TRACE_PERF_PIPE && !trace->by_perf && attrs->count &&
		    attrs->id_count == attrs->count;

	trace->head_read = true;
	for (uint32_t i = 0; ours && i < attrs->count; i++)
		ours = is_ours(trace, i);
	trace->info.recording = ours;
}

/* By what its first bytes say. */
static bool may_stand(const struct evh_trace *trace, const uint8_t *record)
{
	uint16_t size = record_size(trace, record);

	switch (record_type(trace, record)) {
	case RECORD_SAMPLE:
	case RECORD_PADDING:
		return true;
	case RECORD_COMM:
	case RECORD_FORK:
	case RECORD_EXIT:
	case RECORD_LOST:
	case RECORD_LOST_SAMPLES:
		return size <= SMALL_RECORD;
	case RECORD_FINISHED_INIT:
		return size == RECORD_HEADER;
	case RECORD_ATTR:
		return trace->in_head && size <= SMALL_RECORD;
	case RECORD_FEATURE:
	case RECORD_TRACING_DATA:
		return trace->in_head;
	default:
		return false;
	}
}

/* Enough behind a record to be sure of one that begins at its end. */
#define PROBE_SIZE 512

/* Where somebody's record begins from `at` on in what is unread, but before `end`; else `end`. */
static size_t find_record(struct evh_trace *trace, size_t at, size_t end)
{
	const uint8_t *bytes = input_at(&trace->in);
	size_t available = input_available(&trace->in);

	while (at < end && !perf_sure(trace, bytes + at, available - at))
		at++;
	return at;
}

/* Passes over a record that can't be, to the next that surely is one. */
static int refuse(struct evh_trace *trace)
{
	struct evh_trace_info *info = &trace->info;
	int result;

	/* Of a file that grows the same place can come here again. */
	if (!info->refused || trace->refused_at != trace->in.offset) {
		if (!info->refused++)
			info->refused_offset = trace->in.offset;
		trace->refused_at = trace->in.offset;
	}
	trace->refusing = true;
	result = perf_resync(trace);
	trace->refusing = false;
	/* Where nothing more comes, the next look finds the end. */
	return result == 0 ? 1 : result;
}

int perf_admit(struct evh_trace *trace, const uint8_t *record)
{
	return may_stand(trace, record) ? 0 : refuse(trace);
}

int perf_admit_whole(struct evh_trace *trace, size_t size)
{
	int result = input_need(&trace->in, size + PROBE_SIZE, 0);
	bool good;

	if (result < 0 && result != -EAGAIN)
		return result;
	if (record_type(trace, input_at(&trace->in)) == RECORD_SAMPLE)
		good = perf_sure(trace, input_at(&trace->in), size);
	else
		good = find_record(trace, RECORD_HEADER, size) == size;
	return good ? 0 : refuse(trace);
}

int perf_admit_rest(struct evh_trace *trace)
{
	size_t size = input_available(&trace->in);

	if (!trace->info.recording || size <= RECORD_HEADER ||
	    find_record(trace, RECORD_HEADER, size) == size)
		return 0;
	return refuse(trace);
}

int perf_repeat_attr(struct evh_trace *trace, const uint8_t *record, size_t size)
{
	const struct perf_attr *attr;

	/* perf_event_attr: type, size, config, sample_period, sample_type */
	if (size < RECORD_HEADER + 64)
		return -EBADMSG;
	attr = perf_attrs_find(&trace->attrs, get64(record + RECORD_HEADER + 8, trace->swap));
	return attr && get64(record + RECORD_HEADER + 24, trace->swap) == attr->sample_type
		       ? 0
		       : -EBADMSG;
}

/* 1: at the first byte that is not zero, 0: there is none, or a negative errno. */
static int skip_hole(struct evh_trace *trace)
{
	struct input *in = &trace->in;
	uint64_t begin = in->offset;
	uint64_t start;
	off_t data = in->regular ? lseek(in->fd, (off_t)in->offset, SEEK_DATA) : -1;
	int result = 1;

	/* Terabytes may be nothing but a hole. */
	if (data < 0 && in->regular && errno == ENXIO)
		return 0;
	if (data > (off_t)in->offset)
		result = input_seek(in, (uint64_t)data) < 0 ? 0 : 1;
	start = in->offset;
	while (result > 0 && in->offset - start < HOLE_MAX) {
		result = input_need(in, 1, 0);
		if (result <= 0)
			break;
		while (input_available(in) && !*input_at(in))
			input_consume(in, 1);
		if (input_available(in))
			break;
	}
	trace->info.hole = in->offset - begin;
	return result > 0 && !input_available(in) ? 0 : result;
}

/* The events of a recording as its head would describe them. */
static int suppose_attrs(struct evh_trace *trace)
{
	uint8_t attr[PERF_ATTR_SIZE_VER7] = { 0 };
	int result = 0;

	put32(attr, ATTR_TYPE_TRACEPOINT, trace->swap);
	put32(attr + 4, sizeof(attr), trace->swap);
	put64(attr + 24, SAMPLE_TYPE, trace->swap);
	/* sample_id_all is the 19th bit; they are counted from the other end on big-endian. */
	attr[42] = trace->info.big_endian ? 1 << 5 : 1 << 2;
	for (uint32_t i = 0; i < HEADLESS_IDS && result >= 0; i++) {
		put64(attr + 8, RECORDING_FIRST_ID + i, trace->swap);
		result = perf_attrs_add(trace, attr, sizeof(attr));
		if (result >= 0)
			result = perf_attrs_add_id(&trace->attrs, RECORDING_FIRST_ID + i,
						   (uint32_t)result);
	}
	return result;
}

int perf_open_headless(struct evh_trace *trace)
{
	struct input *in = &trace->in;
	int result = skip_hole(trace);
	size_t size;
	size_t at;

	if (result <= 0)
		return result < 0 ? result : -EMEDIUMTYPE;
	trace->info.form = EVH_TRACE_PERF_PIPE;
	result = input_need(in, SEARCH_SIZE, 0);
	if (result < 0)
		return result;
	size = input_available(in);
	/* Writers have begun anew behind the hole. */
	if (perf_is_stream_head(trace, input_at(in), size))
		return perf_open_pipe(trace);
	result = suppose_attrs(trace);
	if (result < 0)
		return result;
	trace->info.recording = true;
	at = find_record(trace, 0, size);
	if (at == size)
		return -EMEDIUMTYPE;
	/* A copy would need what isn't known. */
	if (trace->options.copy)
		return -ENODATA;
	trace->head_read = true;
	trace->info.headless = true;
	if (at) {
		trace->info.damaged = at;
		trace->info.damaged_offset = in->offset;
		input_consume(in, at);
	}
	return 0;
}
