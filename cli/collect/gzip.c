/* SPDX-License-Identifier: MIT */
/* gzip by zlib, at its fastest level: what is sent is read once, and soon. */
#include "gzip.h"

#include <errno.h>
#include <zlib.h>

#define WINDOW_GZIP (15 + 16)

int gzip_append(struct evh_text *out, const void *data, size_t size)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)size };
	size_t room;
	int result;

	if (deflateInit2(&stream, 1, Z_DEFLATED, WINDOW_GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return -ENOMEM;
	room = deflateBound(&stream, size);
	stream.next_out = (Bytef *)evh_text_reserve(out, room);
	stream.avail_out = (uInt)room;
	result = stream.next_out ? deflate(&stream, Z_FINISH) : Z_MEM_ERROR;
	if (result == Z_STREAM_END)
		out->size += stream.total_out;
	deflateEnd(&stream);
	return result == Z_STREAM_END ? 0 : -ENOMEM;
}
