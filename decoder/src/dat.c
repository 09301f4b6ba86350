/* SPDX-License-Identifier: MIT */
/*
 * The .dat form of Microsoft's sample interceptor: u32 size of the whole record (little-endian), a
 * tracepoint's name with its NUL, the event. There is nothing in it to find the next record by
 * when a size is wrong: that is where reading must end.
 */
#include <errno.h>

#include <evh/decode.h>

#include "perf.h"

/* An event holds 64 KiB of payload and as much metadata; a size beyond is none. */
#define RECORD_MAX (256u << 10)

#define SWAP HOST_BIG_ENDIAN

bool dat_recognise(const uint8_t *bytes, size_t size)
{
	struct evh_tracepoint_name parts;
	const uint8_t *end;
	uint32_t length;

	if (size < 5)
		return false;
	length = get32(bytes, SWAP);
	if (length < 4 + 6 || length > RECORD_MAX)
		return false;
	if (size > length)
		size = length;
	end = memchr(bytes + 4, 0, size - 4);
	return end && evh_tracepoint_name_parse(&parts, (const char *)bytes + 4,
						(size_t)(end - bytes) - 4) == 0;
}

static int end_early(struct evh_trace *trace)
{
	trace->ended = true;
	if (input_available(&trace->in)) {
		trace->info.truncated = true;
		trace->info.truncated_offset = trace->in.offset;
	}
	return 0;
}

static int end_damaged(struct evh_trace *trace)
{
	trace->ended = true;
	trace->info.damaged_offset = trace->in.offset;
	trace->info.damaged = input_available(&trace->in);
	if (trace->in.regular)
		trace->info.damaged = input_size(&trace->in) - trace->in.offset;
	return 0;
}

int dat_next(struct evh_trace *trace, struct evh_sample *sample)
{
	struct input *in = &trace->in;

	while (!trace->ended) {
		int result = input_need(in, 4, 0);
		const uint8_t *record;
		const uint8_t *end;
		uint32_t size;

		if (result <= 0)
			return result < 0 ? result : end_early(trace);
		size = get32(input_at(in), SWAP);
		if (size < 5 || size > RECORD_MAX)
			return end_damaged(trace);
		result = input_need(in, size, 0);
		if (result <= 0)
			return result < 0 ? result : end_early(trace);
		record = input_at(in);
		input_consume(in, size);
		end = memchr(record + 4, 0, size - 4);
		if (!end) {
			trace->info.unreadable++;
			continue;
		}
		*sample = (struct evh_sample){ .tracepoint = (const char *)record + 4,
					       .event = end + 1,
					       .event_size = size - (size_t)(end + 1 - record) };
		return 1;
	}
	return 0;
}
