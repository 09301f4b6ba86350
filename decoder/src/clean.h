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
 * Copies 8 bytes, and says how many of them, from the first on, are clean. Subtracting sets a
 * byte's top bit when it was smaller; what is borrowed can only spoil bytes behind that one. (On
 * big-endian machines the first byte is brought to the low end for that.)
 */
static inline unsigned clean_word(char *out, const uint8_t *p)
{
	uint64_t v;
	uint64_t dirty;

	memcpy(&v, p, sizeof(v));
	memcpy(out, &v, sizeof(v));
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		v = __builtin_bswap64(v);
	/* Above 0x7f; below 0x20; 0x7f itself; the quote; the backslash. */
	dirty = v | (v - BYTES(0x20)) | (v + BYTES(1));
	dirty |= ((v ^ BYTES('"')) - BYTES(1)) | ((v ^ BYTES('\\')) - BYTES(1));
	dirty &= BYTES(0x80);
	return dirty == 0 ? 8 : (unsigned)__builtin_ctzll(dirty) / 8;
}

/* The same for CLEAN_BLOCK bytes. */
#if defined(__SSE2__)
#	define CLEAN_BLOCK 16

static inline unsigned clean_block(char *out, const uint8_t *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)p);
	/* Signed: bytes from 0x80 on are negative, so they are below 0x20 too. */
	__m128i dirty = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20));
	unsigned mask;

	dirty = _mm_or_si128(dirty, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
	dirty = _mm_or_si128(dirty, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
	dirty = _mm_or_si128(dirty, _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f)));
	_mm_storeu_si128((__m128i *)out, v);
	mask = (unsigned)_mm_movemask_epi8(dirty);
	return mask == 0 ? 16 : (unsigned)__builtin_ctz(mask);
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

/*
 * Copies clean bytes until the first that isn't one, and returns their number. Reads nothing
 * beyond p[left - 1]; may write up to a block more than it says.
 */
static inline size_t copy_clean(char *out, const uint8_t *p, size_t left)
{
	size_t done = 0;

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
	if (left - done >= 8) {
		unsigned n = clean_word(out + done, p + done);

		return n < 8 ? n : left - 8 + clean_word(out + left - 8, p + left - 8);
	}
	while (done < left && byte_is_clean(p[done])) {
		out[done] = (char)p[done];
		done++;
	}
	return done;
}

#endif
