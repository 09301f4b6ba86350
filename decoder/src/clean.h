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

/* Copies 16 bytes, and says how many of them, from the first on, are clean. */
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

static inline unsigned clean_block(char *out, const uint8_t *p)
{
	unsigned n = 0;

	memcpy(out, p, CLEAN_BLOCK);
	while (n < CLEAN_BLOCK && byte_is_clean(p[n]))
		n++;
	return n;
}
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
	if (done >= CLEAN_BLOCK) {
		/* The rest once more with bytes before it, which are known to be clean. */
		size_t back = CLEAN_BLOCK - (left - done);

		return done - back + clean_block(out + done - back, p + done - back);
	}
	while (done < left && byte_is_clean(p[done])) {
		out[done] = (char)p[done];
		done++;
	}
	return done;
}

#endif
