/* SPDX-License-Identifier: MIT */
/*
 * Walks over the records of perf.data: samples and what has a time go into the queue, pieces of
 * the head are taken at once. Must never pass over good records because a bad one says how long it
 * is.
 */
#include <errno.h>

#include "perf.h"

/* struct perf_record_auxtrace: nothing else is believed to have data behind it. */
#define AUXTRACE_SIZE 48

/* Larger tracing data than that isn't one: all of a kernel's is some 20 MB. */
#define TRACING_DATA_MAX ((uint32_t)256 << 20)

/* The name of a thread, or whose it takes over. `tail`: what sample_id_all put at the end. */
static void take_task(struct evh_trace *trace, const uint8_t *record, size_t size, size_t tail)
{
	uint32_t tid = get32(record + 12, trace->swap);

	if (record_type(trace, record) == RECORD_COMM && size >= 16 + tail)
		names_set(&trace->names, tid, (const char *)record + 16, size - 16 - tail);
	else if (record_type(trace, record) == RECORD_FORK && size >= 32)
		names_inherit(&trace->names, get32(record + 16, trace->swap),
			      get32(record + 20, trace->swap));
}

/* A record that isn't a sample, now that its time has come. */
int perf_take_other(struct evh_trace *trace, const struct perf_attr *attr, const uint8_t *record,
		    size_t size)
{
	if (size >= 16)
		take_task(trace, record, size, attr ? attr->tail_size : 0);
	return perf_copy(trace, record, size);
}

/* It is as if it had waited and gone, but for the waiting. */
static int leave_out(struct evh_trace *trace, uint64_t time)
{
	if (time > trace->newest)
		trace->newest = time;
	trace->info.unwanted++;
	trace->info.offset = trace->in.offset;
	return 0;
}

static int handle_sample(struct evh_trace *trace, struct chunk *chunk, const uint8_t *record,
			 size_t size)
{
	const struct perf_attr *attr = perf_sample_attr(trace, record, size);
	uint64_t time;

	trace->sampled = true;
	trace->in_head = false;
	trace->new_file = false;
	if (!attr) {
		trace->info.unreadable++;
		return 0;
	}
	/* Without a time the order of the file is all there is. */
	time = attr->time ? get64(record + attr->time, trace->swap) : trace->newest;
	if (trace->wanted && !perf_sample_wanted(trace, attr, record, size))
		return leave_out(trace, time);
	return perf_push(trace, chunk, record, size, attr, time);
}

static int handle_kernel_record(struct evh_trace *trace, struct chunk *chunk, const uint8_t *record,
				size_t size)
{
	uint32_t type = record_type(trace, record);
	const struct perf_attr *attr;
	uint64_t time = 0;

	if (type == RECORD_SAMPLE)
		return handle_sample(trace, chunk, record, size);
	if (type == RECORD_LOST || type == RECORD_LOST_SAMPLES)
		perf_count_lost(trace, record, size);
	if (type != RECORD_COMM && type != RECORD_FORK) {
		trace->by_perf = true;
		if (!trace->options.copy)
			return 0;
	}
	attr = perf_other_attr(trace, record, size);
	if (attr && attr->tail_time)
		time = get64(record + size - attr->tail_time, trace->swap);
	else if (type == RECORD_FORK && size >= 32)
		time = get64(record + 24, trace->swap);
	/* What perf found when it began has no time: it holds from the beginning. */
	if (!time)
		return perf_take_other(trace, attr, record, size);
	return perf_push(trace, chunk, record, size, attr, time);
}

/* A piece of the head in a stream. What is damaged in it costs only what it would have told. */
static int handle_head(struct evh_trace *trace, const uint8_t *record, size_t size)
{
	int result = 0;

	switch (record_type(trace, record)) {
	case RECORD_PADDING:
		return 0;
	case RECORD_FINISHED_INIT:
		trace->in_head = false;
		break;
	case RECORD_ATTR:
		if (trace->in_head) {
			result = perf_repeat_attr(trace, record, size);
			break;
		}
		/* What samples are is said before the first: later it could only confuse. */
		result = trace->sampled ? -EBADMSG : perf_read_attr_record(trace, record, size);
		break;
	case RECORD_EVENT_UPDATE:
		result = perf_read_event_update(trace, record, size);
		break;
	case RECORD_FEATURE:
		if (size < RECORD_HEADER + 8)
			break;

		if (perf_is_account(trace, record, size))
			return perf_take_account(trace, record, size);

		uint64_t feature = get64(record + RECORD_HEADER, trace->swap);

		/* One clock for all: nobody may move the others' events to another day. */
		if (trace->in_head && feature == FEATURE_CLOCK_DATA && trace->info.wall_clock)
			return trace->new_file ? perf_read_new_clock(trace, record, size) : 0;
		if (feature == FEATURE_COMPRESSED)
			return 0; /* not in a copy: that has the unpacked records */
		if (feature != FEATURE_TRACING_DATA && feature < FEATURE_COUNT)
			result = perf_read_feature(trace, (unsigned int)feature,
						   record + RECORD_HEADER + 8,
						   size - RECORD_HEADER - 8);
		break;
	default:
		break;
	}
	if (result == -EBADMSG) {
		trace->info.unreadable++;
		return 0;
	}
	/* A copy has one head, which it got from the first. */
	if (result == 0 && trace->in_head)
		return 0;
	return result < 0 ? result : perf_copy(trace, record, size);
}

static int handle_record(struct evh_trace *trace, struct chunk *chunk, const uint8_t *record,
			 size_t size)
{
	uint32_t type = record_type(trace, record);

	if (type < RECORD_USER_BEGIN)
		return handle_kernel_record(trace, chunk, record, size);
	switch (type) {
	case RECORD_FINISHED_ROUND:
		trace->by_perf = true;
		perf_finish_round(trace);
		/* The copy is in order already. */
		return 0;
	case RECORD_COMPRESSED:
		trace->by_perf = true;
		return unpack_start(trace, record + RECORD_HEADER, size - RECORD_HEADER);
	case RECORD_COMPRESSED2: {
		uint64_t length = size < 16 ? 0 : get64(record + RECORD_HEADER, trace->swap);

		if (!length || length > size - 16) {
			trace->info.unreadable++;
			return 0;
		}
		trace->by_perf = true;
		return unpack_start(trace, record + 16, length);
	}
	case RECORD_AUXTRACE:
		/* Its data follow the record; a copy is without all of that. */
		if (size == AUXTRACE_SIZE)
			trace->skip = get64(record + RECORD_HEADER, trace->swap);
		else
			trace->info.unreadable++;
		return 0;
	case RECORD_AUXTRACE_INFO:
	case RECORD_AUXTRACE_ERROR:
		return 0;
	default:
		return handle_head(trace, record, size);
	}
}

/*
 * The tracing data stand behind their record, which knows only their size: believed when they
 * begin as tracing data do, or damage could pass over all that follows.
 */
static int read_tracing_data(struct evh_trace *trace, size_t size)
{
	static const uint8_t MAGIC[] = { 0x17, 8, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g' };
	struct input *in = &trace->in;
	uint32_t length = size < 12 ? 0 : get32(input_at(in) + RECORD_HEADER, trace->swap);
	size_t padded = ((size_t)length + 7) & ~(size_t)7;
	int result = input_need(in, size + sizeof(MAGIC), 0);

	if (result <= 0)
		return result;
	if (length < sizeof(MAGIC) || length > TRACING_DATA_MAX ||
	    memcmp(input_at(in) + size, MAGIC, sizeof(MAGIC)) != 0)
		return perf_resync(trace);
	result = input_need(in, size + padded, 0);
	if (result <= 0)
		return result;
	result = trace->info.recording ? perf_admit_whole(trace, size + padded) : 0;
	if (result != 0)
		return result;
	result = perf_read_feature(trace, FEATURE_TRACING_DATA, input_at(in) + size, length);
	/* A copy has only what is good. */
	if (result == -EBADMSG) {
		trace->info.unreadable++;
		result = 0;
	} else if (result >= 0 && !trace->in_head) {
		result = perf_copy(trace, input_at(in), size + padded);
	}
	if (result < 0)
		return result;
	input_consume(in, size + padded);
	return 1;
}

/* The file ends within a record, or within what belongs to one. */
static int end_early(struct evh_trace *trace)
{
	if (input_available(&trace->in) || trace->skip) {
		trace->info.truncated = true;
		trace->info.truncated_offset = trace->in.offset;
	}
	return 0;
}

static int skip_bytes(struct evh_trace *trace)
{
	struct input *in = &trace->in;

	while (trace->skip) {
		int result = input_need(in, 1, 0);
		size_t count = input_available(in);

		if (result <= 0)
			return result < 0 ? result : end_early(trace);
		if (count > trace->skip)
			count = trace->skip;
		input_consume(in, count);
		trace->skip -= count;
	}
	return 1;
}

/*
 * Looks at what comes next. 1 with the size of a record that may begin there, or with 0 where it
 * was something else that is passed over by now; 0 at the end, or a negative errno.
 */
static int begin_record(struct evh_trace *trace, size_t *size)
{
	struct input *in = &trace->in;
	int result = input_need(in, RECORD_HEADER, 0);
	uint32_t type;

	*size = 0;
	if (result <= 0)
		return result;
	if (!perf_plausible(trace, input_at(in))) {
		if (trace->info.recording && input_need(in, PIPE_HEAD_SIZE, 0) == -EAGAIN)
			return -EAGAIN;
		if (!trace->info.recording ||
		    !perf_is_stream_head(trace, input_at(in), input_available(in)))
			return perf_resync(trace);
		input_consume(in, PIPE_HEAD_SIZE);
		trace->in_head = true;
		return 1;
	}
	type = record_type(trace, input_at(in));
	if (!trace->head_read && (type < RECORD_USER_BEGIN || type == RECORD_FINISHED_INIT))
		perf_end_head(trace);
	if (trace->info.recording && type != RECORD_SAMPLE) {
		if (type < RECORD_USER_BEGIN)
			trace->in_head = false;
		result = perf_admit(trace, input_at(in));
		if (result != 0)
			return result;
	}
	*size = record_size(trace, input_at(in));
	return 1;
}

/*
 * The size of what comes next where that is what nearly all of a recording is: a sample that is all
 * there, and can't be cut because it ends in the page that it begins in. 0: something else.
 */
static size_t common_sample_size(const struct evh_trace *trace)
{
	const struct input *in = &trace->in;
	size_t available = input_available(in);
	const uint8_t *record = input_at(in);
	size_t size;

	if (!trace->head_read || available < RECORD_HEADER ||
	    record_type(trace, record) != RECORD_SAMPLE)
		return 0;
	size = record_size(trace, record);
	if (size > available || !perf_plausible(trace, record) ||
	    (size > FILE_PAGE - in->offset % FILE_PAGE && perf_has_many_writers(trace)))
		return 0;
	return !trace->info.recording || perf_is_recorded_sample(trace, record, size) ? size : 0;
}

/* A record of the file itself. 1, 0 at the end, or a negative errno. */
static int read_outer(struct evh_trace *trace)
{
	struct input *in = &trace->in;
	const uint8_t *record = input_at(in);
	size_t size = common_sample_size(trace);
	int result;

	if (size) {
		input_consume(in, size);
		result = handle_sample(trace, in->chunk, record, size);
		return result < 0 ? result : 1;
	}
	result = begin_record(trace, &size);
	if (result <= 0)
		return result < 0 ? result : end_early(trace);
	if (!size)
		return 1; /* there was something else than a record */
	result = input_need(in, size, 0);
	if (result < 0 && result != -EAGAIN)
		return result;

	int passed = perf_check_cut(trace, size);

	if (passed == 0 && result == 0)
		passed = perf_admit_rest(trace);
	if (passed != 0)
		return passed;
	if (result <= 0)
		return result < 0 ? result : end_early(trace);
	if (record_type(trace, input_at(in)) == RECORD_TRACING_DATA) {
		result = read_tracing_data(trace, size);
		if (result == 0)
			result = perf_admit_rest(trace);
		return result == 0 ? end_early(trace) : result;
	}
	if (trace->info.recording && !perf_is_recorded_sample(trace, input_at(in), size)) {
		passed = perf_admit_whole(trace, size);
		if (passed != 0)
			return passed;
	}
	record = input_at(in);
	input_consume(in, size);
	result = handle_record(trace, in->chunk, record, size);
	return result < 0 ? result : 1;
}

/* Reads one record. 1, 0 at the end, or a negative errno. */
int perf_read_record(struct evh_trace *trace)
{
	struct chunk *chunk;
	const uint8_t *record;
	size_t size;
	int result = trace->unpack ? unpack_next(trace, &chunk, &record, &size) : 0;

	if (result > 0) {
		/* What perf compresses comes from the kernel; the rest would need the file. */
		if (record_type(trace, record) < RECORD_USER_BEGIN)
			result = handle_kernel_record(trace, chunk, record, size);
		else
			trace->info.unreadable++;
		return result < 0 ? result : 1;
	}
	if (result == -EBADMSG)
		trace->info.unreadable++;
	else if (result < 0)
		return result;
	if (trace->skip) {
		result = skip_bytes(trace);
		if (result <= 0)
			return result;
	}
	if (trace->seeks && trace->sampled && !trace->new_file) {
		result = perf_seek_since(trace);
		if (result < 0)
			return result;
	}
	return read_outer(trace);
}
