/* SPDX-License-Identifier: MIT */
/*
 * Sixteen bytes of a line at once, where the processor has SSE2 (every x86-64): the loops over
 * single bytes are most of what reading a severity costs. Each helper says the same as the plain
 * loop that stands beside it, which other processors use. None reads outside its bytes.
 */
#ifndef LOGTAP_SEVERITY_BYTES_H
#define LOGTAP_SEVERITY_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __SSE2__
#	include <emmintrin.h>

/* A bit for each of the sixteen bytes at `at`. */
typedef unsigned lt_mask;

static inline __m128i lt_load16(const unsigned char *at)
{
	return _mm_loadu_si128((const __m128i *)at);
}

/* Ones in the bytes from first to last. */
static inline __m128i lt_range16(__m128i bytes, unsigned char first, unsigned char last)
{
	__m128i from = _mm_sub_epi8(bytes, _mm_set1_epi8((char)first));

	return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8((char)(last - first))), from);
}

static inline __m128i lt_equal16(__m128i bytes, unsigned char byte)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)byte));
}

static inline lt_mask lt_mask16(__m128i ones)
{
	return (lt_mask)_mm_movemask_epi8(ones);
}

static inline lt_mask lt_letters16(__m128i bytes)
{
	return lt_mask16(lt_range16(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z'));
}

/* Bytes with the bit that tells small letters from capitals. */
static inline lt_mask lt_small16(__m128i bytes)
{
	return lt_mask16(_mm_slli_epi16(bytes, 2)); /* 0x20 becomes the top bit */
}

static inline __m128i lt_either16(const unsigned char *at, unsigned char one, unsigned char other)
{
	__m128i bytes = lt_load16(at);

	return _mm_or_si128(lt_equal16(bytes, one), lt_equal16(bytes, other));
}
#endif

/* Whether one of two bytes stands between `at` and `end`. */
static inline bool lt_has_either(const unsigned char *at, const unsigned char *end,
				 unsigned char one, unsigned char other)
{
#ifdef __SSE2__
	__m128i found = _mm_setzero_si128();

	if (end - at >= 16) {
		for (; end - at >= 64; at += 64) {
			found = _mm_or_si128(found, lt_either16(at, one, other));
			found = _mm_or_si128(found, lt_either16(at + 16, one, other));
			found = _mm_or_si128(found, lt_either16(at + 32, one, other));
			found = _mm_or_si128(found, lt_either16(at + 48, one, other));
		}
		for (; end - at >= 16; at += 16)
			found = _mm_or_si128(found, lt_either16(at, one, other));
		if (at < end) /* the last sixteen, some of them for the second time */
			found = _mm_or_si128(found, lt_either16(end - 16, one, other));
		return lt_mask16(found) != 0;
	}
#endif
	for (; at < end; at++) {
		if (*at == one || *at == other)
			return true;
	}
	return false;
}

/* The first of one of two bytes between `at` and `end`, or `end`. */
static inline const unsigned char *lt_find_either(const unsigned char *at, const unsigned char *end,
						  unsigned char one, unsigned char other)
{
#ifdef __SSE2__
	for (; end - at >= 16; at += 16) {
		lt_mask found = lt_mask16(lt_either16(at, one, other));

		if (found != 0)
			return at + __builtin_ctz(found);
	}
#endif
	while (at < end && *at != one && *at != other)
		at++;
	return at;
}

#endif
