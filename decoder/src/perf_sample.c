/* SPDX-License-Identifier: MIT */
/*
 * One record of perf.data: which event it belongs to, and what a sample says. Must never read past
 * the record's own size.
 */
#include <errno.h>

#include <linux/perf_event.h>

#include "perf.h"

/* Nothing in the record tells which attr is its own when there are several without ids. */
static const struct perf_attr *only_attr(const struct perf_attrs *attrs)
{
	return attrs->count ? attrs->list[0] : NULL;
}

/*
 * The place of the id must be the same in all attrs, or nobody could find it (perf insists on
 * that), so the first attr tells it.
 */
const struct perf_attr *perf_sample_attr(struct evh_trace *trace, const uint8_t *record,
					 size_t size)
{
	const struct perf_attr *first = only_attr(&trace->attrs);
	const struct perf_attr *attr = first;
	uint16_t place;

	if (!first || (trace->attrs.incomplete && first->guessed))
		return trace->attrs.incomplete ? perf_guess_attr(trace, record, size) : NULL;
	place = attr->identifier ? attr->identifier : attr->id;
	if (place && trace->attrs.id_count) {
		if (place + 8u > size)
			return NULL;
		attr = perf_attrs_find(&trace->attrs, get64(record + place, trace->swap));
		if (!attr && trace->attrs.incomplete)
			attr = first;
	}
	return attr && attr->variable <= size ? attr : NULL;
}

const struct perf_attr *perf_other_attr(struct evh_trace *trace, const uint8_t *record, size_t size)
{
	const struct perf_attr *attr = only_attr(&trace->attrs);

	if (!attr)
		return NULL;
	if (attr->tail_id && trace->attrs.id_count && size >= RECORD_HEADER + attr->tail_id) {
		uint64_t id = get64(record + size - attr->tail_id, trace->swap);

		/* Records that perf makes up itself carry id 0. */
		if (id)
			attr = perf_attrs_find(&trace->attrs, id);
	}
	return attr && size >= RECORD_HEADER + attr->tail_size ? attr : NULL;
}

/* Passes over `count` u64. False when they don't fit. */
static bool skip_u64(size_t *place, size_t size, uint64_t count)
{
	if (count > (size - *place) / 8)
		return false;
	*place += count * 8;
	return true;
}

/* The values of PERF_SAMPLE_READ, by read_format. */
static bool skip_read(const struct perf_attr *attr, const uint8_t *record, size_t size,
		      size_t *place, bool swap)
{
	uint64_t format = attr->read_format;
	uint64_t times = !!(format & PERF_FORMAT_TOTAL_TIME_ENABLED) +
			 !!(format & PERF_FORMAT_TOTAL_TIME_RUNNING);
	/* PERF_FORMAT_LOST is 1 << 4; the headers of Debian 12 have it, older ones don't. */
	uint64_t each = 1u + !!(format & PERF_FORMAT_ID) + !!(format & (1u << 4));
	uint64_t count = 1;

	if (format & PERF_FORMAT_GROUP) {
		if (size - *place < 8)
			return false;
		count = get64(record + *place, swap);
		*place += 8;
		if (count > size)
			return false;
	}
	return skip_u64(place, size, times) && skip_u64(place, size, count * each);
}

const uint8_t *perf_sample_raw(const struct evh_trace *trace, const struct perf_attr *attr,
			       const uint8_t *record, size_t size, size_t *raw_size)
{
	size_t place = attr->variable;
	uint32_t length;

	if (!(attr->sample_type & PERF_SAMPLE_RAW))
		return NULL;
	if (attr->sample_type & PERF_SAMPLE_READ &&
	    !skip_read(attr, record, size, &place, trace->swap))
		return NULL;
	if (attr->sample_type & PERF_SAMPLE_CALLCHAIN) {
		if (size - place < 8)
			return NULL;

		uint64_t count = get64(record + place, trace->swap);

		place += 8;
		if (!skip_u64(&place, size, count))
			return NULL;
	}
	if (size - place < 4)
		return NULL;
	length = get32(record + place, trace->swap);
	place += 4;
	if (length > size - place)
		return NULL;
	*raw_size = length;
	return record + place;
}

/*
 * The tracepoint's number stands first in every raw record, and the attr's config says the same.
 * NULL: the trace tells nothing about it.
 */
static struct tracepoint *sample_point(struct evh_trace *trace, const struct perf_attr *attr,
				       const uint8_t *raw, size_t raw_size)
{
	struct tracepoint *point = trace->last_point;
	uint32_t id = raw_size < 2 ? (uint32_t)attr->config : get16(raw, trace->swap);

	if (point && point->id == id)
		return point;
	point = tracepoints_find(&trace->points, id);
	if (!point && attr->config <= UINT32_MAX)
		point = tracepoints_find(&trace->points, (uint32_t)attr->config);
	trace->last_point = point;
	return point;
}

static void fill_time(const struct evh_trace *trace, const struct perf_attr *attr,
		      const uint8_t *record, struct evh_sample *sample)
{
	if (!attr->time)
		return;
	sample->time = get64(record + attr->time, trace->swap);
	sample->has |= EVH_SAMPLE_CLOCK;
	if (trace->info.wall_clock) {
		sample->time += trace->wall_offset;
		sample->has ^= EVH_SAMPLE_CLOCK | EVH_SAMPLE_TIME;
	}
}

bool perf_sample_wanted(struct evh_trace *trace, const struct perf_attr *attr,
			const uint8_t *record, size_t size)
{
	size_t raw_size;
	const uint8_t *raw = perf_sample_raw(trace, attr, record, size, &raw_size);
	struct evh_sample sample;
	struct tracepoint *point;

	if (!raw || attr->type != ATTR_TYPE_TRACEPOINT)
		return true;
	point = sample_point(trace, attr, raw, raw_size);
	if (!point || !point->eventheader || raw_size <= point->event_offset)
		return true;
	sample = (struct evh_sample){ .system = point->system, .tracepoint = point->name };
	sample.event = raw + point->event_offset;
	sample.event_size = raw_size - point->event_offset;
	fill_time(trace, attr, record, &sample);
	return trace->wanted(trace->wanted_argument, &sample);
}

/* A thread that has a name of its own. That of one from before what was passed over isn't known. */
static void fill_thread_name(const struct evh_trace *trace, struct evh_sample *sample)
{
	const char *name;

	if (sample->tid == sample->pid)
		return;
	name = names_get(&trace->names, sample->tid);
	if (name || trace->passed_over)
		sample->comm = name;
}

/*
 * A sample as recordings have them, whose layout is known: the fields of perf_is_recorded_sample().
 * False: for the long way.
 */
static bool fill_recorded(struct evh_trace *trace, const struct perf_attr *attr,
			  const uint8_t *record, size_t size, struct evh_sample *sample)
{
	const uint8_t *raw = record + 44;
	struct tracepoint *point;

	if (!perf_is_recorded_sample(trace, record, size))
		return false;
	point = sample_point(trace, attr, raw, size - 44);
	if (!point || !point->eventheader || point->event_offset >= size - 44)
		return false;
	*sample = (struct evh_sample){
		.has = EVH_SAMPLE_CLOCK | EVH_SAMPLE_PID | EVH_SAMPLE_TID | EVH_SAMPLE_CPU,
		.pid = get32(record + 16, trace->swap),
		.tid = get32(record + 20, trace->swap),
		.cpu = get32(record + 32, trace->swap),
		.time = get64(record + 24, trace->swap),
		.system = point->system,
		.tracepoint = point->name,
		.event = raw + point->event_offset,
		.event_size = size - 44 - point->event_offset,
		.raw = raw,
		.raw_size = size - 44,
	};
	if (sample->pid == UINT32_MAX || sample->tid == UINT32_MAX)
		return false;
	if (trace->info.wall_clock) {
		sample->time += trace->wall_offset;
		sample->has ^= EVH_SAMPLE_CLOCK | EVH_SAMPLE_TIME;
	}
	if (trace->info.big_endian)
		sample->has |= EVH_SAMPLE_BIG_ENDIAN;
	sample->comm = names_get(&trace->names, sample->pid);
	fill_thread_name(trace, sample);
	return true;
}

int perf_sample_fill(struct evh_trace *trace, const struct perf_attr *attr, const uint8_t *record,
		     size_t size, struct evh_sample *sample)
{
	size_t raw_size;
	const uint8_t *raw;
	struct tracepoint *point;

	if (trace->info.recording && fill_recorded(trace, attr, record, size, sample))
		return 1;
	raw = perf_sample_raw(trace, attr, record, size, &raw_size);
	if (attr->type != ATTR_TYPE_TRACEPOINT || !(attr->sample_type & PERF_SAMPLE_RAW))
		return 0;
	if (!raw)
		return -EBADMSG;
	point = sample_point(trace, attr, raw, raw_size);
	*sample = (struct evh_sample){ .raw = raw, .raw_size = raw_size };
	if (trace->info.big_endian)
		sample->has |= EVH_SAMPLE_BIG_ENDIAN;
	fill_time(trace, attr, record, sample);
	if (attr->tid) {
		sample->pid = get32(record + attr->tid, trace->swap);
		sample->tid = get32(record + attr->tid + 4, trace->swap);
		/* A task that is past its end has lost its numbers: the kernel writes -1. */
		if (sample->pid != UINT32_MAX) {
			sample->has |= EVH_SAMPLE_PID;
			sample->comm = names_get(&trace->names, sample->pid);
		}
		if (sample->tid != UINT32_MAX) {
			sample->has |= EVH_SAMPLE_TID;
			fill_thread_name(trace, sample);
		}
	}
	if (attr->guessed) {
		/* The kernel calls a thread's id its pid; the process isn't known. */
		sample->tid = get32(raw + 4, trace->swap);
		sample->has |= EVH_SAMPLE_TID;
	}
	if (attr->cpu) {
		sample->cpu = get32(record + attr->cpu, trace->swap);
		sample->has |= EVH_SAMPLE_CPU;
	}
	if (point) {
		sample->system = point->system;
		sample->tracepoint = point->name;
		if (!point->eventheader)
			sample->format = tracepoint_parsed(&trace->points, point);
		else if (raw_size > point->event_offset)
			sample->event = raw + point->event_offset;
	} else if (perf_looks_like_event(raw, raw_size)) {
		sample->event = raw + 8;
	}
	if (sample->event)
		sample->event_size = raw_size - (size_t)((const uint8_t *)sample->event - raw);
	return 1;
}
