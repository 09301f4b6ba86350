/* SPDX-License-Identifier: MIT */
/*
 * Unpacking as a stream, in constant memory. Must hand out everything in front of a damage, and
 * never more than a bound that grows with what was read.
 */
#include "packed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zstd.h>
#if EVH_HAVE_ZLIB
#	include <zlib.h>
#endif

#define INPUT_SIZE ((size_t)128 << 10)

/* The same line over and over packs to a thousandth; what is far beyond was made to keep us busy.
 */
#define RATIO_MAX  4096
#define OUTPUT_MIN ((uint64_t)64 << 20)

/* A window of 128 MiB, what zstd itself takes without being asked. */
#define WINDOW_LOG_MAX 27

enum result { PACKED_MORE, PACKED_END_OF_FRAME, PACKED_DAMAGED };

struct packed {
	int fd;
	bool gzip;
	bool at_end;   /* of the file */
	bool in_frame; /* something has begun and hasn't ended */
	bool damaged;
	uint64_t read, written;
	ZSTD_DStream *zstd;
#if EVH_HAVE_ZLIB
	z_stream zlib;
#endif
	size_t next, size; /* of the input */
	uint8_t input[INPUT_SIZE];
};

static bool is_gzip(const uint8_t *bytes, size_t size)
{
	return size >= 3 && bytes[0] == 0x1f && bytes[1] == 0x8b && bytes[2] == 8;
}

/* A frame of data, or one to be skipped, which a packed segment of a recording begins with. */
static bool is_zstd(const uint8_t *bytes, size_t size)
{
	static const uint8_t DATA[] = { 0x28, 0xb5, 0x2f, 0xfd };
	static const uint8_t SKIPPED[] = { 0x2a, 0x4d, 0x18 };

	if (size < sizeof(DATA))
		return false;
	return memcmp(bytes, DATA, sizeof(DATA)) == 0 ||
	       ((bytes[0] & 0xf0) == 0x50 && memcmp(bytes + 1, SKIPPED, sizeof(SKIPPED)) == 0);
}

bool packed_recognise(const uint8_t *bytes, size_t size)
{
	return (EVH_HAVE_ZLIB && is_gzip(bytes, size)) || is_zstd(bytes, size);
}

static bool begin(struct packed *packed)
{
	if (packed->gzip) {
#if EVH_HAVE_ZLIB
		return inflateInit2(&packed->zlib, 15 + 16) == Z_OK; /* gzip's head and no other */
#endif
	}
	packed->zstd = ZSTD_createDStream();
	return packed->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(
				       packed->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX));
}

struct packed *packed_new(int fd, const uint8_t *bytes, size_t size)
{
	struct packed *packed = calloc(1, sizeof(*packed));

	if (!packed || size > INPUT_SIZE) {
		free(packed);
		return NULL;
	}
	packed->fd = fd;
	packed->gzip = is_gzip(bytes, size);
	memcpy(packed->input, bytes, size);
	packed->size = size;
	packed->read = size;
	if (!begin(packed)) {
		packed_free(packed);
		return NULL;
	}
	return packed;
}

void packed_free(struct packed *packed)
{
	if (!packed)
		return;
#if EVH_HAVE_ZLIB
	if (packed->gzip)
		inflateEnd(&packed->zlib);
#endif
	ZSTD_freeDStream(packed->zstd);
	free(packed);
}

/* Unpacks from the input into `out`; *done gets the bytes that were written. */
static enum result unpack_zstd(struct packed *packed, void *out, size_t room, size_t *done)
{
	ZSTD_inBuffer from = { packed->input, packed->size, packed->next };
	ZSTD_outBuffer to = { out, room, 0 };
	size_t left = ZSTD_decompressStream(packed->zstd, &to, &from);

	packed->next = from.pos;
	*done = to.pos;
	if (ZSTD_isError(left))
		return PACKED_DAMAGED;
	return left == 0 ? PACKED_END_OF_FRAME : PACKED_MORE;
}

static enum result unpack_gzip(struct packed *packed, void *out, size_t room, size_t *done)
{
#if EVH_HAVE_ZLIB
	z_stream *zlib = &packed->zlib;
	int result;

	zlib->next_in = packed->input + packed->next;
	zlib->avail_in = (uInt)(packed->size - packed->next);
	zlib->next_out = out;
	zlib->avail_out = (uInt)room;
	result = inflate(zlib, Z_NO_FLUSH);
	packed->next = packed->size - zlib->avail_in;
	*done = room - zlib->avail_out;
	if (result == Z_STREAM_END)
		return inflateReset(zlib) == Z_OK ? PACKED_END_OF_FRAME : PACKED_DAMAGED;
	return result == Z_OK || result == Z_BUF_ERROR ? PACKED_MORE : PACKED_DAMAGED;
#else
	(void)packed;
	(void)out;
	(void)room;
	*done = 0;
	return PACKED_DAMAGED;
#endif
}

/* 1, 0 at the file's end, or a negative errno. */
static int fill(struct packed *packed)
{
	ssize_t count;

	if (packed->next < packed->size)
		return 1;
	if (packed->at_end)
		return 0;
	do {
		count = read(packed->fd, packed->input, INPUT_SIZE);
	} while (count < 0 && errno == EINTR);
	if (count < 0)
		return -errno;
	packed->next = 0;
	packed->size = (size_t)count;
	packed->read += (uint64_t)count;
	packed->at_end = count == 0;
	return count > 0;
}

/* More than the library has written by now it may still hold back: ask it once more. */
static enum result unpack(struct packed *packed, void *out, size_t room, size_t *done)
{
	enum result result = packed->gzip ? unpack_gzip(packed, out, room, done)
					  : unpack_zstd(packed, out, room, done);

	packed->in_frame = result == PACKED_MORE;
	packed->damaged = result == PACKED_DAMAGED;
	packed->written += *done;
	return result;
}

ssize_t packed_read(struct packed *packed, void *out, size_t room)
{
	size_t done = 0;

	if (room > INPUT_SIZE * 64)
		room = INPUT_SIZE * 64;
	while (done == 0 && !packed->damaged) {
		int result = fill(packed);

		if (result < 0)
			return result;
		if (result == 0 && !packed->in_frame)
			return 0;
		/* At the end there may be bytes that had no room before. */
		unpack(packed, out, room, &done);
		if (result == 0 && done == 0)
			return 0;
	}
	if (packed->written > OUTPUT_MIN && packed->written / RATIO_MAX > packed->read)
		return -EFBIG;
	return (ssize_t)done;
}

bool packed_is_whole(const struct packed *packed)
{
	return !packed->in_frame && !packed->damaged;
}
