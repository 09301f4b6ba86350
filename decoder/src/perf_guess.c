/* SPDX-License-Identifier: MIT */
/*
 * A seekable file that is cut off before its list of events: nothing says how its samples are laid
 * out. But an EventHeader event can be recognised, and the tracepoint's record that it stands in
 * has the size of what is left of the sample. Its thread is in that record, too. Must never be used
 * where the list is there.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/perf_event.h>

#include "perf.h"

/* IDENTIFIER to PERIOD: fields of 8 bytes that can come before it. */
#define FIELDS ((size_t)9)

bool perf_looks_like_event(const uint8_t *raw, size_t size)
{
	const uint8_t *event = raw + 8;
	uint16_t kind;

	if (size < 8 + 8 + 4 || event[0] > 7 || !(event[0] & 4) || event[7] < 1 || event[7] > 5)
		return false;
	kind = get16(event + 10, !(event[0] & 2) != HOST_BIG_ENDIAN);
	return (kind & 0x7fff) == 1 || (kind & 0x7fff) == 2;
}

/* Where the tracepoint's record begins in a sample: behind its size; 0: nowhere. */
static uint16_t find_raw(const struct evh_trace *trace, const uint8_t *record, size_t size)
{
	for (size_t at = RECORD_HEADER; at <= RECORD_HEADER + FIELDS * 8 && at + 4 <= size;
	     at += 8) {
		size_t length = get32(record + at, trace->swap);

		if (at + 4 + length == size && perf_looks_like_event(record + at + 4, length))
			return (uint16_t)at;
	}
	return 0;
}

const struct perf_attr *perf_guess_attr(struct evh_trace *trace, const uint8_t *record, size_t size)
{
	struct perf_attrs *attrs = &trace->attrs;
	uint16_t raw = find_raw(trace, record, size);

	if (!raw)
		return NULL;
	if (!attrs->count) {
		attrs->list = malloc(sizeof(struct perf_attr *));
		if (!attrs->list)
			return NULL;
		attrs->list[0] = calloc(1, sizeof(struct perf_attr));
		if (!attrs->list[0])
			return NULL;
		attrs->count = 1;
		attrs->list[0]->type = ATTR_TYPE_TRACEPOINT;
		attrs->list[0]->sample_type = PERF_SAMPLE_RAW;
		attrs->list[0]->guessed = true;
		attrs->list[0]->variable = raw;
	}
	return attrs->list[0]->variable == raw ? attrs->list[0] : NULL;
}
