/* SPDX-License-Identifier: MIT */
/*
 * Copying a line and finding its end in one pass over the bytes: short ones, so that a call of libc
 * (through a pointer, which the processor has to guess anew behind a system call) would cost more
 * than the work.
 *
 * Must never read outside of the bytes that it was given: the page behind them may not be there.
 */
#ifndef LT_COPY_LINE_H
#define LT_COPY_LINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "severity/steps16.h"

/* Bytes that may be written behind a line of less than a block. */
#define LT_COPY_SLACK 16

static inline unsigned lt_copy_block(char *to, const char *from)
{
	lt_bytes16 block = lt_load16((const unsigned char *)from);

	memcpy(to, &block, sizeof(block));
	return lt_mask16(lt_equal16(block, '\n'));
}

/* Less than 16 bytes: two pieces that overlap. */
static inline size_t lt_copy_short(char *to, const char *from, size_t size)
{
	char block[16];
	unsigned newlines;

	if (size >= 8) {
		memcpy(block, from, 8);
		memcpy(block + size - 8, from + size - 8, 8);
	} else if (size >= 4) {
		memcpy(block, from, 4);
		memcpy(block + size - 4, from + size - 4, 4);
	} else {
		block[0] = from[0];
		block[size / 2] = from[size / 2];
		block[size - 1] = from[size - 1];
	}
	/* What lies behind them in the block may be a newline, too. */
	newlines = lt_copy_block(to, block) | 1u << size;
	return (size_t)__builtin_ctz(newlines);
}

/*
 * Copies at most `size` (not 0) bytes, and no further than the 16 bytes that hold the first
 * newline. to: `size` bytes, or LT_COPY_SLACK. How many bytes stand before the newline; `size`:
 * there is none.
 */
static inline size_t lt_copy_line(char *to, const char *from, size_t size)
{
	unsigned newlines;
	size_t done = 0;

	if (__builtin_expect(size < 16, 0))
		return lt_copy_short(to, from, size);
	do {
		newlines = lt_copy_block(to + done, from + done);
		if (newlines)
			return done + (size_t)__builtin_ctz(newlines);
		done += 16;
	} while (done <= size - 16);
	/* The last block overlaps the one before it, where no newline is. */
	done = size - 16;
	newlines = lt_copy_block(to + done, from + done) | 1u << 16;
	return done + (size_t)__builtin_ctz(newlines);
}

#endif
