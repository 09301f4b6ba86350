/* SPDX-License-Identifier: MIT */
/*
 * Scanning and copying a few bytes in line. What a log message consists of is short, and behind a
 * system call each indirect call (libc's memcpy and strlen are such) costs more than the bytes.
 *
 * Texts are read in aligned blocks: those never touch a page that the text itself doesn't, and
 * memory checkers know the idiom. The address sanitizer's own instrumentation does not, so that
 * scanning is exempt from it.
 */
#ifndef LT_BYTES_H
#define LT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)

#	define LT_BLOCK 16

typedef char lt_block __attribute__((vector_size(LT_BLOCK), may_alias));

static inline unsigned lt_block_matches(lt_block block, char byte)
{
	lt_block wanted = { byte, byte, byte, byte, byte, byte, byte, byte,
			    byte, byte, byte, byte, byte, byte, byte, byte };

	return (unsigned)__builtin_ia32_pmovmskb128((lt_block)(block == wanted));
}

/* How many bytes stand before the first that is NUL or `stop`. */
static inline __attribute__((no_sanitize("address"))) size_t lt_span(const char *text, char stop)
{
	unsigned before = (uintptr_t)text % LT_BLOCK;
	const char *at = text - before;
	lt_block block = *(const lt_block *)at;
	unsigned found = (lt_block_matches(block, 0) | lt_block_matches(block, stop)) >> before;

	if (found)
		return (size_t)__builtin_ctz(found);
	do {
		at += LT_BLOCK;
		block = *(const lt_block *)at;
		found = lt_block_matches(block, 0) | lt_block_matches(block, stop);
	} while (!found);
	return (size_t)(at - text) + (size_t)__builtin_ctz(found);
}

/* strlen(); *seen is set when the text has `byte` in it. */
static inline __attribute__((no_sanitize("address"))) size_t lt_length(const char *text, char byte,
								       bool *seen)
{
	unsigned before = (uintptr_t)text % LT_BLOCK;
	const char *at = text - before;
	lt_block block = *(const lt_block *)at;
	/* Bits of what stands in front of the text are cleared. */
	unsigned rest = ~0u << before;
	unsigned end = lt_block_matches(block, 0) & rest;
	unsigned bytes = lt_block_matches(block, byte) & rest;

	while (!end) {
		if (bytes)
			*seen = true;
		at += LT_BLOCK;
		block = *(const lt_block *)at;
		end = lt_block_matches(block, 0);
		bytes = lt_block_matches(block, byte);
	}
	/* Of the last block only what stands before the NUL counts. */
	rest = (unsigned)__builtin_ctz(end);
	if (bytes & ((1u << rest) - 1))
		*seen = true;
	return (size_t)(at - text) + rest;
}

#else

static inline size_t lt_span(const char *text, char stop)
{
	const char accepted[2] = { stop, '\0' };

	return strcspn(text, accepted);
}

static inline size_t lt_length(const char *text, char byte, bool *seen)
{
	size_t size = strlen(text);

	if (memchr(text, byte, size))
		*seen = true;
	return size;
}

#endif

/* memcpy() of what is mostly below a hundred bytes; writes no more than `size`. */
static inline void lt_copy(void *to, const void *from, size_t size)
{
	char *out = to;
	const char *in = from;

	if (size >= 16) {
		/* The last block overlaps the one before it. */
		for (size_t done = 0; done < size - 16; done += 16) {
			__builtin_memcpy(out + done, in + done, 16);
			__asm__("" : : : "memory"); /* or the compiler makes it a call again */
		}
		__builtin_memcpy(out + size - 16, in + size - 16, 16);
	} else if (size >= 8) {
		uint64_t first, last;

		__builtin_memcpy(&first, in, 8);
		__builtin_memcpy(&last, in + size - 8, 8);
		__builtin_memcpy(out, &first, 8);
		__builtin_memcpy(out + size - 8, &last, 8);
	} else if (size >= 4) {
		uint32_t first, last;

		__builtin_memcpy(&first, in, 4);
		__builtin_memcpy(&last, in + size - 4, 4);
		__builtin_memcpy(out, &first, 4);
		__builtin_memcpy(out + size - 4, &last, 4);
	} else if (size) {
		char first = in[0], middle = in[size / 2], last = in[size - 1];

		out[0] = first;
		out[size / 2] = middle;
		out[size - 1] = last;
	}
}

#endif
