/* SPDX-License-Identifier: MIT */
/*
 * The beginning of perf.data in both forms. A seekable file's head is spread over it: events in
 * front, names and clocks behind the samples; what is missing of the latter, because the file is
 * cut, must never keep the samples from being read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "perf.h"

/* A file's head: magic, sizes, {offset, size} of attrs, data and event types, features. */
enum {
	HEAD_SIZE = 8,
	HEAD_ATTR_SIZE = 16,
	HEAD_ATTRS = 24,
	HEAD_DATA = 40,
	HEAD_FEATURES = 72,
	HEAD_BYTES = 104,
};

/* perf_event_attr has 136 bytes today. */
#define ATTR_ENTRY_MAX 4096
/* Names and formats of every tracepoint, and with kallsyms, are some 20 MB. */
#define FEATURE_MAX    ((uint64_t)256 << 20)

struct section {
	uint64_t offset;
	uint64_t size;
};

static struct section get_section(const struct evh_trace *trace, const uint8_t *bytes)
{
	return (struct section){ get64(bytes, trace->swap), get64(bytes + 8, trace->swap) };
}

/* The section's bytes, malloc'ed; NULL with *result set. */
static uint8_t *read_section(const struct evh_trace *trace, struct section section, uint64_t max,
			     int *result)
{
	uint8_t *bytes;

	uint64_t file_size = input_size(&trace->in);

	/* Not there: don't get memory for it. */
	if (section.offset > file_size || section.size > file_size - section.offset) {
		*result = -ENODATA;
		return NULL;
	}
	if (section.size > max) {
		*result = -EFBIG;
		return NULL;
	}
	bytes = malloc(section.size ? section.size : 1);
	if (!bytes) {
		*result = -ENOMEM;
		return NULL;
	}
	*result = input_read_at(&trace->in, section.offset, bytes, section.size);
	if (*result < 0) {
		free(bytes);
		return NULL;
	}
	return bytes;
}

static int copy_record_head(struct evh_trace *trace, uint32_t type, size_t size)
{
	uint8_t head[RECORD_HEADER];

	put32(head, type, trace->swap);
	put16(head + 4, 0, trace->swap);
	put16(head + 6, (uint16_t)size, trace->swap);
	return perf_copy(trace, head, sizeof(head));
}

static int copy_magic(struct evh_trace *trace)
{
	uint8_t head[PIPE_HEAD_SIZE];

	put64(head, PERF_MAGIC, trace->swap);
	put64(head + 8, PIPE_HEAD_SIZE, trace->swap);
	return perf_copy(trace, head, sizeof(head));
}

static int copy_attr(struct evh_trace *trace, const uint8_t *attr, size_t attr_size,
		     const uint8_t *ids, size_t ids_size)
{
	size_t size = RECORD_HEADER + attr_size + ids_size;
	uint8_t sized[ATTR_ENTRY_MAX];
	int result;

	if (!trace->options.copy)
		return 0;
	if (size > UINT16_MAX)
		return -E2BIG;
	/* In a stream the attr's own size tells where the ids begin. */
	memcpy(sized, attr, attr_size);
	put32(sized + 4, (uint32_t)attr_size, trace->swap);
	result = copy_record_head(trace, RECORD_ATTR, size);
	if (result >= 0)
		result = perf_copy(trace, sized, attr_size);
	return result < 0 ? result : perf_copy(trace, ids, ids_size);
}

/*
 * The file is cut off, and with it went events or ids: some recorders write them behind the
 * samples. Those can mostly be read all the same, but not be copied for perf.
 */
static int end_of_head(struct evh_trace *trace)
{
	trace->info.truncated = true;
	trace->info.truncated_offset = input_size(&trace->in);
	trace->attrs.incomplete = true;
	return trace->options.copy ? -ENODATA : 0;
}

/* One entry of the attrs: a perf_event_attr and the section of its ids. */
static int read_attr(struct evh_trace *trace, const uint8_t *entry, size_t entry_size)
{
	size_t attr_size = entry_size - 16;
	int attr = perf_attrs_add(trace, entry, attr_size);
	int result;
	uint8_t *ids;
	struct section section;

	if (attr < 0)
		return attr;
	section = get_section(trace, entry + attr_size);
	/* Each event has ids of its own: all of them together fit the file. */
	if (section.size > input_size(&trace->in) - trace->ids_read &&
	    section.offset + section.size <= input_size(&trace->in))
		return -EBADMSG;
	ids = read_section(trace, section, (uint64_t)1 << 24, &result);
	if (!ids)
		return result == -ENODATA ? end_of_head(trace) : result;
	trace->ids_read += section.size;
	for (uint64_t at = 0; at + 8 <= section.size && result >= 0; at += 8)
		result = perf_attrs_add_id(&trace->attrs, get64(ids + at, trace->swap),
					   (uint32_t)attr);
	if (result >= 0)
		result = copy_attr(trace, entry, attr_size, ids, section.size);
	free(ids);
	return result;
}

static int read_attrs(struct evh_trace *trace, struct section attrs, uint64_t entry_size)
{
	uint8_t entry[ATTR_ENTRY_MAX];
	int result = 0;

	if (entry_size < 64 + 16 || entry_size > ATTR_ENTRY_MAX || attrs.size % entry_size ||
	    attrs.size == 0 || attrs.size > UINT64_MAX - attrs.offset)
		return -EBADMSG;
	for (uint64_t at = 0; at < attrs.size && result >= 0; at += entry_size) {
		result = input_read_at(&trace->in, attrs.offset + at, entry, entry_size);
		if (result == -ENODATA)
			return end_of_head(trace);
		if (result >= 0)
			result = read_attr(trace, entry, entry_size);
	}
	return result;
}

/* Tracing data of a stream: its size in the record, itself behind it, padded to 8. */
static int copy_tracing_data(struct evh_trace *trace, const uint8_t *bytes, size_t size)
{
	static const uint8_t ZERO[8];
	size_t padding = -size & 7;
	uint8_t length[4];
	int result = copy_record_head(trace, RECORD_TRACING_DATA, RECORD_HEADER + 4);

	put32(length, (uint32_t)(size + padding), trace->swap);
	if (result >= 0)
		result = perf_copy(trace, length, sizeof(length));
	if (result >= 0)
		result = perf_copy(trace, bytes, size);
	return result < 0 ? result : perf_copy(trace, ZERO, padding);
}

/* Features that have no meaning in the copy: what they speak of isn't in it. */
static bool is_of_the_file(unsigned int feature)
{
	enum { AUXTRACE = 18, DIR_FORMAT = 24 };

	return feature == FEATURE_BUILD_ID || feature == AUXTRACE || feature == DIR_FORMAT ||
	       feature == FEATURE_COMPRESSED;
}

static int copy_feature(struct evh_trace *trace, unsigned int feature, const uint8_t *bytes,
			size_t size)
{
	uint8_t number[8];
	int result;

	if (!trace->options.copy)
		return 0;
	if (feature == FEATURE_TRACING_DATA)
		return copy_tracing_data(trace, bytes, size);
	/* A record can't hold more; perf leaves such a feature out of a stream, too. */
	if (is_of_the_file(feature) || size > UINT16_MAX - RECORD_HEADER - 8)
		return 0;
	put64(number, feature, trace->swap);
	result = copy_record_head(trace, RECORD_FEATURE, RECORD_HEADER + 8 + size);
	if (result >= 0)
		result = perf_copy(trace, number, sizeof(number));
	return result < 0 ? result : perf_copy(trace, bytes, size);
}

/* Damage here must not be the samples' end; only what the copy's taker says is. */
static int read_features(struct evh_trace *trace, const uint8_t *bits, uint64_t place)
{
	for (unsigned int feature = 0; feature < FEATURE_COUNT; feature++) {
		uint8_t entry[16];
		struct section section;
		uint8_t *bytes;
		int result;

		if (!(get64(bits + (size_t)feature / 64 * 8, trace->swap) >> feature % 64 & 1))
			continue;
		result = input_read_at(&trace->in, place, entry, sizeof(entry));
		place += sizeof(entry);
		if (result < 0) {
			trace->info.truncated = result == -ENODATA;
			trace->info.truncated_offset = input_size(&trace->in);
			return result == -ENODATA ? 0 : result;
		}
		section = get_section(trace, entry);
		bytes = read_section(trace, section, FEATURE_MAX, &result);
		if (!bytes) {
			if (result != -ENODATA)
				return result;
			trace->info.truncated = true;
			trace->info.truncated_offset = input_size(&trace->in);
			continue;
		}
		/* A copy has only what is good. */
		if (perf_read_feature(trace, feature, bytes, section.size) < 0)
			trace->info.unreadable++;
		else
			result = copy_feature(trace, feature, bytes, section.size);
		free(bytes);
		if (result < 0)
			return result;
	}
	return 0;
}

int perf_open_file(struct evh_trace *trace)
{
	uint8_t head[HEAD_BYTES];
	struct section data;
	uint64_t size = input_size(&trace->in);
	int result = input_read_at(&trace->in, 0, head, sizeof(head));

	if (result < 0)
		return result;
	trace->info.form = EVH_TRACE_PERF_FILE;
	data = get_section(trace, head + HEAD_DATA);
	if (data.size > UINT64_MAX - data.offset || data.offset < HEAD_BYTES)
		return -EBADMSG;
	result = copy_magic(trace);
	if (result >= 0)
		result = read_attrs(trace, get_section(trace, head + HEAD_ATTRS),
				    get64(head + HEAD_ATTR_SIZE, trace->swap));
	/* perf that was killed leaves 0 there: then all the rest is samples. */
	if (result >= 0 && data.size)
		result = read_features(trace, head + HEAD_FEATURES, data.offset + data.size);
	if (result < 0)
		return result;
	if (data.offset > size) {
		trace->info.truncated = true;
		trace->info.truncated_offset = size;
		trace->ended = true;
		return 0;
	}
	result = input_seek(&trace->in, data.offset);
	if (result >= 0 && data.size)
		input_set_end(&trace->in, data.offset + data.size);
	return result;
}

int perf_open_pipe(struct evh_trace *trace)
{
	trace->info.form = EVH_TRACE_PERF_PIPE;
	input_consume(&trace->in, PIPE_HEAD_SIZE);
	return copy_magic(trace);
}
