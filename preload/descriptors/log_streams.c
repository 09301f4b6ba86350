/* SPDX-License-Identifier: MIT */
/* The table of connections to the journal. Never locks; see log_streams.h for what is lost. */
#include "log_streams.h"

#include <string.h>

#define STREAMS 16

static struct lt_stream streams[STREAMS];

static unsigned begun;

/* Whether there ever was one: who has none doesn't touch the table's pages, not even to read. */
static bool any LT_START_DATA;

static struct lt_stream *find(uint64_t file)
{
	for (unsigned i = 0; i < STREAMS; i++)
		if (__atomic_load_n(&streams[i].file, __ATOMIC_ACQUIRE) == file)
			return &streams[i];
	return NULL;
}

static struct lt_stream *take_place(uint64_t file)
{
	struct lt_stream *stream = find(file);

	if (!stream)
		stream = find(0);
	if (!stream)
		stream = &streams[__atomic_fetch_add(&begun, 1, __ATOMIC_RELAXED) % STREAMS];
	stream->used = 0;
	stream->parts.next = 0;
	return stream;
}

void lt_stream_begin(uint64_t file, const struct lt_stream_head *head)
{
	struct lt_stream *stream = take_place(file);

	__atomic_store_n(&any, true, __ATOMIC_RELAXED);
	stream->lines = head ? LT_STREAM_HEAD_LINES : 0;
	if (head)
		stream->head = *head;
	else
		memset(&stream->head, 0, sizeof(stream->head));
	__atomic_store_n(&stream->file, file, __ATOMIC_RELEASE);
}

struct lt_stream *lt_stream_of(uint64_t file)
{
	const struct lt_stream_head usual = { .severity = 6, .prefixed = true };

	if (!find(file))
		lt_stream_begin(file, &usual);
	return find(file);
}

bool lt_stream_full(void)
{
	return !find(0);
}

bool lt_stream_head(uint64_t file, struct lt_stream_head *head)
{
	const struct lt_stream *stream = find(file);

	if (!stream || stream->lines < LT_STREAM_HEAD_LINES)
		return false;
	*head = stream->head;
	return true;
}

struct lt_stream *lt_stream_at(unsigned index)
{
	bool more = index < STREAMS && __atomic_load_n(&any, __ATOMIC_RELAXED);

	return more ? &streams[index] : NULL;
}
