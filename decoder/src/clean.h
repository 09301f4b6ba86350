/* SPDX-License-Identifier: MIT */
/*
 * Copying the runs of text that need no change, in blocks. Private to the library.
 *
 * Clean is printable ASCII without the quote and the backslash. In nearly all text nearly every
 * byte is, so this loop is what the speed of the formatters comes from.
 */
#ifndef EVH_CLEAN_H
#define EVH_CLEAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"

#if defined(__SSE2__)
#	include <emmintrin.h>
#elif defined(__aarch64__)
#	include <arm_neon.h>
#endif

static inline int byte_is_clean(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

#define BYTES(c) (UINT64_C(0x0101010101010101) * (c))

/*
 * A bit in each byte that isn't clean, the first byte in the low end. Subtracting sets a byte's top
 * bit when it was smaller; what is borrowed can only spoil bytes behind that one.
 */
static inline uint64_t dirty_bytes(uint64_t v)
{
	/* Above 0x7f; below 0x20; 0x7f itself; the quote; the backslash. */
	uint64_t dirty = v | (v - BYTES(0x20)) | (v + BYTES(1));

	dirty |= ((v ^ BYTES('"')) - BYTES(1)) | ((v ^ BYTES('\\')) - BYTES(1));
	return dirty & BYTES(0x80);
}

/* Copies 8 bytes, and says how many of them, from the first on, are clean. */
static inline unsigned clean_word(char *out, const uint8_t *p)
{
	uint64_t dirty = dirty_bytes(get64(p, HOST_BIG_ENDIAN));

	memcpy(out, p, 8);
	return dirty == 0 ? 8 : (unsigned)__builtin_ctzll(dirty) / 8;
}

/*
 * The same for CLEAN_BLOCK bytes; clean_words() and clean_halves() for 8 to 15 and 4 to 7 of them,
 * as two pieces that overlap, so that nothing behind them is read.
 */
#if defined(__SSE2__)
#	define CLEAN_BLOCK 16

/* All bits of each byte that isn't clean. */
static inline __m128i dirty_bits(__m128i v)
{
	/* Signed: bytes from 0x80 on are negative, so they are below 0x20 too. */
	__m128i dirty = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20));

	dirty = _mm_or_si128(dirty, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
	dirty = _mm_or_si128(dirty, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
	return _mm_or_si128(dirty, _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f)));
}

/* A bit for each. */
static inline unsigned dirty_mask(__m128i v)
{
	return (unsigned)_mm_movemask_epi8(dirty_bits(v));
}

static inline unsigned clean_block(char *out, const uint8_t *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)p);
	unsigned mask = dirty_mask(v);

	_mm_storeu_si128((__m128i *)out, v);
	return mask == 0 ? 16 : (unsigned)__builtin_ctz(mask);
}

static inline size_t clean_words(char *out, const uint8_t *p, size_t size)
{
	__m128i first = _mm_loadl_epi64((const __m128i *)p);
	__m128i last = _mm_loadl_epi64((const __m128i *)(p + size - 8));
	unsigned mask = dirty_mask(_mm_unpacklo_epi64(first, last));
	unsigned n;

	_mm_storel_epi64((__m128i *)out, first);
	_mm_storel_epi64((__m128i *)(out + size - 8), last);
	if (mask == 0)
		return size;
	n = (unsigned)__builtin_ctz(mask);
	return n < 8 ? n : size - 16 + n;
}

static inline size_t clean_halves(char *out, const uint8_t *p, size_t size)
{
	int first;
	int last;
	unsigned mask;
	unsigned n;

	memcpy(&first, p, 4);
	memcpy(&last, p + size - 4, 4);
	mask = dirty_mask(_mm_unpacklo_epi32(_mm_cvtsi32_si128(first), _mm_cvtsi32_si128(last))) &
	       0xff;
	memcpy(out, &first, 4);
	memcpy(out + size - 4, &last, 4);
	if (mask == 0)
		return size;
	n = (unsigned)__builtin_ctz(mask);
	return n < 4 ? n : size - 8 + n;
}

/* Two blocks at once, where both are clean: most are. Returns how many bytes were copied. */
static inline size_t clean_pairs(char *out, const uint8_t *p, size_t size)
{
	size_t done = 0;

	for (; size - done >= 32; done += 32) {
		__m128i first = _mm_loadu_si128((const __m128i *)(p + done));
		__m128i second = _mm_loadu_si128((const __m128i *)(p + done + 16));

		if (_mm_movemask_epi8(_mm_or_si128(dirty_bits(first), dirty_bits(second))) != 0)
			break;
		_mm_storeu_si128((__m128i *)(out + done), first);
		_mm_storeu_si128((__m128i *)(out + done + 16), second);
	}
	return done;
}
#elif defined(__aarch64__)
#	define CLEAN_BLOCK 16

static inline unsigned clean_block(char *out, const uint8_t *p)
{
	uint8x16_t v = vld1q_u8(p);
	uint8x16_t dirty = vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(0x20));
	uint64_t mask;

	dirty = vorrq_u8(dirty, vceqq_u8(v, vdupq_n_u8('"')));
	dirty = vorrq_u8(dirty, vceqq_u8(v, vdupq_n_u8('\\')));
	dirty = vorrq_u8(dirty, vceqq_u8(v, vdupq_n_u8(0x7f)));
	vst1q_u8((uint8_t *)out, v);
	/* Narrowed to four bits for each byte. */
	mask = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(dirty), 4)), 0);
	return mask == 0 ? 16 : (unsigned)__builtin_ctzll(mask) / 4;
}
#else
#	define CLEAN_BLOCK 8
#	define clean_block clean_word
#endif

#if !defined(__SSE2__)
static inline size_t clean_words(char *out, const uint8_t *p, size_t size)
{
	unsigned n = clean_word(out, p);

	return n < 8 ? n : size - 8 + clean_word(out + size - 8, p + size - 8);
}

static inline size_t clean_halves(char *out, const uint8_t *p, size_t size)
{
	uint64_t v = get32(p, HOST_BIG_ENDIAN) | (uint64_t)get32(p + size - 4, HOST_BIG_ENDIAN)
							 << 32;
	uint64_t dirty = dirty_bytes(v);
	unsigned n;

	memcpy(out, p, 4);
	memcpy(out + size - 4, p + size - 4, 4);
	if (dirty == 0)
		return size;
	n = (unsigned)__builtin_ctzll(dirty) / 8;
	return n < 4 ? n : size - 8 + n;
}

static inline size_t clean_pairs(char *out, const uint8_t *p, size_t size)
{
	(void)out;
	(void)p;
	(void)size;
	return 0;
}
#endif

/*
 * Copies clean bytes until the first that isn't one, and returns their number. Reads nothing
 * beyond p[left - 1]; may write up to a block more than it says.
 */
static inline size_t copy_clean(char *out, const uint8_t *p, size_t left)
{
	size_t done = clean_pairs(out, p, left);

	while (left - done >= CLEAN_BLOCK) {
		unsigned n = clean_block(out + done, p + done);

		done += n;
		if (n < CLEAN_BLOCK)
			return done;
	}
	/* The rest once more with bytes before it, which are known to be clean. */
	if (done >= CLEAN_BLOCK && done < left) {
		size_t back = CLEAN_BLOCK - (left - done);

		return done - back + clean_block(out + done - back, p + done - back);
	}
	/* Less than a block in all. */
	if (left - done >= 8)
		return clean_words(out, p, left);
	if (left - done >= 4)
		return clean_halves(out, p, left);
	while (done < left && byte_is_clean(p[done])) {
		out[done] = (char)p[done];
		done++;
	}
	return done;
}

#endif
