/* SPDX-License-Identifier: MIT */
/*
 * Pieces of a perf.data's head that both forms have: events and features. A feature that is
 * damaged costs what it would have told (names, wall-clock time), never the samples.
 */
#include <errno.h>

#include "perf.h"

int perf_copy(struct evh_trace *trace, const void *bytes, size_t size)
{
	if (!trace->options.copy)
		return 0;
	return trace->options.copy(trace->options.copy_argument, bytes, size);
}

int perf_read_attr_record(struct evh_trace *trace, const uint8_t *record, size_t size)
{
	size_t attr_size;
	int attr;

	if (size < RECORD_HEADER + 64)
		return -EBADMSG;
	attr_size = get32(record + RECORD_HEADER + 4, trace->swap);
	if (attr_size < 64 || attr_size > size - RECORD_HEADER)
		return -EBADMSG;
	attr = perf_attrs_add(trace, record + RECORD_HEADER, attr_size);
	if (attr < 0)
		return attr;
	for (size_t at = RECORD_HEADER + attr_size; at + 8 <= size; at += 8) {
		int result = perf_attrs_add_id(&trace->attrs, get64(record + at, trace->swap),
					       (uint32_t)attr);

		if (result < 0)
			return result;
	}
	return 0;
}

/* u32 count, u32 size of an attr; per event the attr, u32 number of ids, a string, the ids. */
static int read_event_desc(struct evh_trace *trace, const uint8_t *bytes, size_t size)
{
	const uint8_t *end = bytes + size;
	uint32_t count;
	uint32_t attr_size;

	if (size < 8)
		return -EBADMSG;
	count = get32(bytes, trace->swap);
	attr_size = get32(bytes + 4, trace->swap);
	bytes += 8;
	if (attr_size < 64)
		return -EBADMSG;
	while (count--) {
		if ((size_t)(end - bytes) < (size_t)attr_size + 8)
			return -EBADMSG;

		uint32_t type = get32(bytes, trace->swap);
		uint64_t config = get64(bytes + 8, trace->swap);
		uint32_t ids = get32(bytes + attr_size, trace->swap);
		uint32_t length = get32(bytes + attr_size + 4, trace->swap);
		const char *name = (const char *)bytes + attr_size + 8;

		bytes += (size_t)attr_size + 8;
		if ((size_t)(end - bytes) < length || ((size_t)(end - bytes) - length) / 8 < ids)
			return -EBADMSG;
		if (type == ATTR_TYPE_TRACEPOINT && config <= UINT32_MAX) {
			int result =
				tracepoints_name(&trace->points, (uint32_t)config, name, length);

			if (result < 0)
				return result;
		}
		bytes += length + 8 * (size_t)ids;
	}
	return 0;
}

/* u32 version, u32 clock, u64 wall clock, u64 that clock at the same moment; nanoseconds. */
static int read_clock_data(struct evh_trace *trace, const uint8_t *bytes, size_t size)
{
	if (size < 24 || get32(bytes, trace->swap) != 1)
		return -EBADMSG;
	trace->wall_offset = get64(bytes + 8, trace->swap) - get64(bytes + 16, trace->swap);
	trace->info.wall_clock = true;
	return 0;
}

int perf_read_new_clock(struct evh_trace *trace, const uint8_t *record, size_t size)
{
	const uint8_t *bytes = record + RECORD_HEADER + 8;

	if (size < RECORD_HEADER + 8 + 24 || get32(bytes, trace->swap) != 1)
		return -EBADMSG;
	perf_take_clock(trace, get64(bytes + 8, trace->swap) - get64(bytes + 16, trace->swap));
	return 0;
}

int perf_read_feature(struct evh_trace *trace, unsigned int feature, const uint8_t *bytes,
		      size_t size)
{
	int result = 0;

	switch (feature) {
	case FEATURE_TRACING_DATA:
		result = tracepoints_read(&trace->points, bytes, size);
		break;
	case FEATURE_EVENT_DESC:
		result = read_event_desc(trace, bytes, size);
		break;
	case FEATURE_CLOCK_DATA:
		result = read_clock_data(trace, bytes, size);
		break;
	default:
		return 0;
	}
	return result;
}

enum { EVENT_UPDATE_NAME = 2 };

/* u64 what, u64 sample id, a name: sent in streams for events that were named by hand. */
int perf_read_event_update(struct evh_trace *trace, const uint8_t *record, size_t size)
{
	const struct perf_attr *attr;

	if (size < RECORD_HEADER + 17 ||
	    get64(record + RECORD_HEADER, trace->swap) != EVENT_UPDATE_NAME)
		return 0;
	attr = perf_attrs_find(&trace->attrs, get64(record + RECORD_HEADER + 8, trace->swap));
	if (!attr || attr->type != ATTR_TYPE_TRACEPOINT || attr->config > UINT32_MAX)
		return 0;
	return tracepoints_name(&trace->points, (uint32_t)attr->config,
				(const char *)record + RECORD_HEADER + 16,
				size - RECORD_HEADER - 16);
}
