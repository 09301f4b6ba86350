/* SPDX-License-Identifier: MIT */
/*
 * Scanning and copying a few bytes in line. What a log message consists of is short, and behind a
 * system call each indirect call (libc's memcpy and strlen are such) costs more than the bytes.
 *
 * Texts are read in aligned blocks: those never touch a page that the text itself doesn't, and
 * memory checkers know the idiom.
 */
#ifndef LT_BYTES_H
#define LT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "severity/steps16.h"

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

/* Where a text was copied to, and from: behind its last byte. */
struct lt_copied {
	char *out; /* NULL: it did not fit, and nothing is known of what was written */
	const char *in;
};

/* A text may be refused where there is not so much room behind its copy. */
#define LT_SPARE 48

/* Others have no quick way from a comparison to a place; libc's functions do for them. */
#if defined(__SSE2__) || defined(__aarch64__)

#	define LT_BLOCK 16

#	if defined(__has_feature)
#		define LT_CLANG_ASAN __has_feature(address_sanitizer)
#	else
#		define LT_CLANG_ASAN 0
#	endif

/* The aligned block at `at`. The address sanitizer does not look into assembly. */
static inline lt_bytes16 lt_load(const char *at)
{
	lt_bytes16 block;
#	if !defined(__SANITIZE_ADDRESS__) && !LT_CLANG_ASAN
	memcpy(&block, __builtin_assume_aligned(at, LT_BLOCK), sizeof(block));
#	elif defined(__x86_64__) || defined(__i386__)
	__asm__("movdqa %1, %0" : "=x"(block) : "m"(*(const char(*)[LT_BLOCK])at));
#	else
	__asm__("ldr %q0, %1" : "=w"(block) : "m"(*(const char(*)[LT_BLOCK])at));
#	endif
	return block;
}

static inline unsigned lt_block_matches(lt_bytes16 block, char byte)
{
	return lt_mask16(lt_equal16(block, (unsigned char)byte));
}

static inline unsigned lt_block_matches_either(lt_bytes16 block, char byte)
{
	return lt_mask16(lt_equal16(block, (unsigned char)byte) | lt_equal16(block, 0));
}

/*
 * Whether `byte` is among the `size` bytes at `text`, where up to `end` may be read. For copies of
 * ours: the program may write to a text of its own while we look.
 */
static inline bool lt_holds(const char *text, size_t size, const char *end, char byte)
{
	lt_bytes16 block;
	size_t done = 0;

	if (size < LT_BLOCK && (size_t)(end - text) >= LT_BLOCK) {
		__builtin_memcpy(&block, text, LT_BLOCK);
		return lt_block_matches(block, byte) & ((1u << size) - 1);
	}
	for (; size - done >= LT_BLOCK; done += LT_BLOCK) {
		__builtin_memcpy(&block, text + done, LT_BLOCK);
		if (lt_block_matches(block, byte))
			return true;
	}
	for (; done < size; done++) {
		if (text[done] == byte)
			return true;
	}
	return false;
}

/*
 * The rest of lt_copy_text where two blocks hold text alone: the one that it begins in, `before`
 * bytes behind its start, and the one behind that.
 */
static inline __attribute__((always_inline)) struct lt_copied
lt_copy_blocks(char *out, const char *end, const char *text, unsigned before, char byte)
{
	const char *at = text - before + LT_BLOCK;
	lt_bytes16 block = lt_load(at);
	unsigned found;

	if (__builtin_expect(end - out < (ptrdiff_t)3 * LT_BLOCK, 0))
		return (struct lt_copied){ NULL, NULL };
	__builtin_memcpy(out, text, LT_BLOCK);
	out += LT_BLOCK - before;
	end -= (ptrdiff_t)2 * LT_BLOCK;
	for (;;) {
		__builtin_memcpy(out, &block, LT_BLOCK);
		at += LT_BLOCK;
		out += LT_BLOCK;
		block = lt_load(at);
		found = lt_block_matches_either(block, byte);
		if (found)
			break;
		if (__builtin_expect(out > end, 0))
			return (struct lt_copied){ NULL, NULL };
	}
	found = (unsigned)__builtin_ctz(found);
	__builtin_memcpy(out, &block, LT_BLOCK);
	return (struct lt_copied){ out + found, at + found };
}

/*
 * Copies a text up to its NUL, or to a `byte` before that. It needs up to LT_SPARE bytes more room,
 * and may write there.
 */
static inline __attribute__((always_inline)) struct lt_copied
lt_copy_text(char *out, const char *end, const char *text, char byte)
{
	unsigned before = (uintptr_t)text % LT_BLOCK;
	unsigned size = 0;
	unsigned found = lt_block_matches_either(lt_load(text - before), byte) >> before;

	if (!found) {
		size = LT_BLOCK - before;
		found = lt_block_matches_either(lt_load(text + size), byte);
		if (!found)
			return lt_copy_blocks(out, end, text, before, byte);
	}
	size += (unsigned)__builtin_ctz(found);
	if (__builtin_expect(end - out < (ptrdiff_t)size, 0))
		return (struct lt_copied){ NULL, NULL };
	lt_copy(out, text, size);
	return (struct lt_copied){ out + size, text + size };
}

#else

static inline bool lt_holds(const char *text, size_t size, const char *end, char byte)
{
	(void)end;
	return memchr(text, byte, size);
}

static inline struct lt_copied lt_copy_text(char *out, const char *end, const char *text, char byte)
{
	const char stop[2] = { byte, '\0' };
	size_t size = strcspn(text, stop);

	if (size > (size_t)(end - out))
		return (struct lt_copied){ NULL, NULL };
	memcpy(out, text, size);
	return (struct lt_copied){ out + size, text + size };
}

#endif
#endif
