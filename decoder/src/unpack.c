/* SPDX-License-Identifier: MIT */
/*
 * Compressed records: perf puts one zstd stream into many COMPRESSED records, and a record inside
 * may begin in one and end in the next. Unpacks a chunk at a time; must never unpack more than it
 * was asked for, nor more than the file is worth, however much a few bytes blow up to.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "perf.h"

/*
 * What the records of a trace may unpack to. Four kilobytes that repeat but for their time shrink
 * to a few hundredths of that at the most; what was made to blow up, to a ten-thousandth.
 */
#define UNPACKED_LEAST ((uint64_t)32 << 20)
#define UNPACKED_RATIO 128

struct unpack {
	ZSTD_DStream *stream;
	ZSTD_inBuffer in;
	struct chunk *chunk; /* what is unpacked */
	size_t next;	     /* the first record in it that wasn't handed out */
	uint64_t unpacked;   /* bytes, of all records so far */
};

void unpack_free(struct evh_trace *trace)
{
	struct unpack *unpack = trace->unpack;

	if (!unpack)
		return;
	ZSTD_freeDStream(unpack->stream);
	if (unpack->chunk)
		chunk_release(&trace->in, unpack->chunk);
	free(unpack);
	trace->unpack = NULL;
}

int unpack_start(struct evh_trace *trace, const uint8_t *bytes, size_t size)
{
	struct unpack *unpack = trace->unpack;

	if (!unpack) {
		unpack = calloc(1, sizeof(*unpack));
		if (!unpack)
			return -ENOMEM;
		trace->unpack = unpack;
		unpack->stream = ZSTD_createDStream();
		unpack->chunk = chunk_new(&trace->in, CHUNK_SIZE);
		if (!unpack->stream || !unpack->chunk) {
			unpack_free(trace);
			return -ENOMEM;
		}
	}
	unpack->in = (ZSTD_inBuffer){ bytes, size, 0 };
	return 0;
}

/* Room for a whole record behind what is unpacked already: moves the rest to a new chunk. */
static int make_room(struct evh_trace *trace)
{
	struct unpack *unpack = trace->unpack;
	size_t rest = unpack->chunk->size - unpack->next;
	struct chunk *chunk;

	if (unpack->chunk->capacity - unpack->next >= UINT16_MAX)
		return 0;
	chunk = chunk_new(&trace->in, CHUNK_SIZE);
	if (!chunk)
		return -ENOMEM;
	memcpy(chunk->data, unpack->chunk->data + unpack->next, rest);
	chunk->size = rest;
	chunk_release(&trace->in, unpack->chunk);
	unpack->chunk = chunk;
	unpack->next = 0;
	return 0;
}

/* After damage nothing in the stream can be told apart any more: start afresh. */
static int give_up(struct evh_trace *trace)
{
	struct unpack *unpack = trace->unpack;

	ZSTD_DCtx_reset(unpack->stream, ZSTD_reset_session_only);
	unpack->in = (ZSTD_inBuffer){ NULL, 0, 0 };
	unpack->next = unpack->chunk->size;
	return -EBADMSG;
}

/* Unpacks until `count` bytes are there. 1, 0: the input is used up, or negative. */
static int unpack_more(struct evh_trace *trace, size_t count)
{
	struct unpack *unpack = trace->unpack;
	int result = make_room(trace);

	if (result < 0)
		return result;
	while (unpack->chunk->size - unpack->next < count) {
		ZSTD_outBuffer out = { unpack->chunk->data, unpack->chunk->capacity,
				       unpack->chunk->size };
		size_t consumed = unpack->in.pos;
		size_t left = ZSTD_decompressStream(unpack->stream, &out, &unpack->in);

		if (ZSTD_isError(left))
			return give_up(trace);
		unpack->unpacked += out.pos - unpack->chunk->size;
		if (unpack->unpacked > UNPACKED_LEAST + UNPACKED_RATIO * trace->in.offset)
			return -EOVERFLOW;
		if (out.pos == unpack->chunk->size && consumed == unpack->in.pos)
			return 0;
		unpack->chunk->size = out.pos;
	}
	return 1;
}

int unpack_next(struct evh_trace *trace, struct chunk **chunk, const uint8_t **record, size_t *size)
{
	struct unpack *unpack = trace->unpack;
	int result;

	if (!unpack)
		return 0;
	result = unpack_more(trace, RECORD_HEADER);
	if (result <= 0)
		return result;
	*record = unpack->chunk->data + unpack->next;
	if (!perf_plausible(trace, *record))
		return give_up(trace);
	*size = record_size(trace, *record);
	result = unpack_more(trace, *size);
	if (result <= 0)
		return result;
	*record = unpack->chunk->data + unpack->next;
	*chunk = unpack->chunk;
	unpack->next += *size;
	return 1;
}
