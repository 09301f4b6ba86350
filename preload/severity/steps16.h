/* SPDX-License-Identifier: MIT */
/*
 * Sixteen bytes at once: the loops over single bytes are most of what reading a line costs. On the
 * compiler's own vectors, so that it reads the same for every processor; only how a vector becomes
 * a mask differs: SSE2 and NEON have a way of their own, others take a loop. No function reads
 * outside its bytes. It must include nothing of the reader.
 */
#ifndef LOGTAP_SEVERITY_STEPS16_H
#define LOGTAP_SEVERITY_STEPS16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* LT_STEPS_PLAIN: a test wants the loop. */
#if defined(__SSE2__) && !defined(LT_STEPS_PLAIN)
#	include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__) && !defined(LT_STEPS_PLAIN)
#	include <arm_neon.h>
#endif

typedef uint8_t lt_bytes16 __attribute__((vector_size(16)));

/* A bit for each of sixteen bytes, the first lowest. */
typedef unsigned lt_mask;

static inline lt_bytes16 lt_load16(const unsigned char *at)
{
	lt_bytes16 bytes;

	memcpy(&bytes, at, sizeof(bytes));
	return bytes;
}

/* The same byte sixteen times. */
static inline lt_bytes16 lt_each16(unsigned char byte)
{
	return (lt_bytes16){ 0 } + byte;
}

/* Ones in the bytes from first to last. */
static inline lt_bytes16 lt_range16(lt_bytes16 bytes, unsigned char first, unsigned char last)
{
	return (lt_bytes16)(bytes - first <= lt_each16((unsigned char)(last - first)));
}

static inline lt_bytes16 lt_equal16(lt_bytes16 bytes, unsigned char byte)
{
	return (lt_bytes16)(bytes == lt_each16(byte));
}

/* The lesser byte of each two. */
static inline lt_bytes16 lt_least16(lt_bytes16 one, lt_bytes16 other)
{
#if defined(__SSE2__) && !defined(LT_STEPS_PLAIN)
	return (lt_bytes16)_mm_min_epu8((__m128i)one, (__m128i)other);
#elif defined(__ARM_NEON) && defined(__aarch64__) && !defined(LT_STEPS_PLAIN)
	return (lt_bytes16)vminq_u8((uint8x16_t)one, (uint8x16_t)other);
#else
	lt_bytes16 less = (lt_bytes16)(one < other);

	return (one & less) | (other & ~less);
#endif
}

/* The top bit of each byte. */
static inline lt_mask lt_mask16(lt_bytes16 bytes)
{
#if defined(__SSE2__) && !defined(LT_STEPS_PLAIN)
	return (lt_mask)_mm_movemask_epi8((__m128i)bytes);
#elif defined(__ARM_NEON) && defined(__aarch64__) && !defined(LT_STEPS_PLAIN)
	static const int8_t places[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7 };
	uint8x16_t bits = vshlq_u8(vshrq_n_u8((uint8x16_t)bytes, 7), vld1q_s8(places));

	return vaddv_u8(vget_low_u8(bits)) | (lt_mask)vaddv_u8(vget_high_u8(bits)) << 8;
#else
	lt_mask mask = 0;

	for (unsigned i = 0; i < 16; i++)
		mask |= (lt_mask)(bytes[i] >> 7) << i;
	return mask;
#endif
}

static inline lt_mask lt_letters16(lt_bytes16 bytes)
{
	return lt_mask16(lt_range16(bytes | 0x20, 'a', 'z'));
}

/* Bytes with the bit that tells small letters from capitals. */
static inline lt_mask lt_small16(lt_bytes16 bytes)
{
	bytes += bytes; /* twice: 0x20 becomes the top bit */
	return lt_mask16(bytes + bytes);
}

/* Whether a byte stands between `at` and `end`. */
static inline bool lt_has_byte(const unsigned char *at, const unsigned char *end,
			       unsigned char byte)
{
	lt_bytes16 found;

	if (end - at >= 16) {
		const unsigned char *last = end - 16; /* some of these twice */

		found = lt_equal16(lt_load16(last), byte);
		for (; last - at > 48; at += 64) {
			found |= lt_equal16(lt_load16(at), byte);
			found |= lt_equal16(lt_load16(at + 16), byte);
			found |= lt_equal16(lt_load16(at + 32), byte);
			found |= lt_equal16(lt_load16(at + 48), byte);
		}
		for (; at < last; at += 16)
			found |= lt_equal16(lt_load16(at), byte);
		return lt_mask16(found) != 0;
	}
	while (at < end && *at != byte)
		at++;
	return at < end;
}

/* Whether a control character up to `most` stands between `at` and `end`. */
static inline bool lt_has_below(const unsigned char *at, const unsigned char *end,
				unsigned char most)
{
	lt_bytes16 least;

	if (end - at >= 16) {
		const unsigned char *last = end - 16; /* some of these twice */

		least = lt_load16(last);
		for (; last - at > 48; at += 64) {
			least = lt_least16(least, lt_load16(at));
			least = lt_least16(least, lt_load16(at + 16));
			least = lt_least16(least, lt_load16(at + 32));
			least = lt_least16(least, lt_load16(at + 48));
		}
		for (; at < last; at += 16)
			least = lt_least16(least, lt_load16(at));
		return lt_mask16(lt_range16(least, 0, most)) != 0;
	}
	while (at<end && * at> most)
		at++;
	return at < end;
}

/* The first of one of two bytes between `at` and `end`, or `end`. */
static inline const unsigned char *lt_find_either(const unsigned char *at, const unsigned char *end,
						  unsigned char one, unsigned char other)
{
	for (; end - at >= 16; at += 16) {
		lt_bytes16 bytes = lt_load16(at);
		lt_mask found = lt_mask16(lt_equal16(bytes, one) | lt_equal16(bytes, other));

		if (found != 0)
			return at + __builtin_ctz(found);
	}
	while (at < end && *at != one && *at != other)
		at++;
	return at;
}

static inline const unsigned char *lt_find(const unsigned char *at, const unsigned char *end,
					   unsigned char byte)
{
	return lt_find_either(at, end, byte, byte);
}

/* The first other byte from `at` on, or `end`. */
static inline const unsigned char *lt_skip_same(const unsigned char *at, const unsigned char *end,
						unsigned char byte)
{
	for (; end - at >= 16; at += 16) {
		lt_mask others = lt_mask16(lt_equal16(lt_load16(at), byte)) ^ 0xffff;

		if (others != 0)
			return at + __builtin_ctz(others);
	}
	while (at < end && *at == byte)
		at++;
	return at;
}

/* The last `byte` between `at` and `end`, or NULL. */
static inline const unsigned char *lt_find_last(const unsigned char *at, const unsigned char *end,
						unsigned char byte)
{
	while (end - at >= 64) { /* none in most of them */
		if (lt_mask16(lt_equal16(lt_load16(end - 16), byte) |
			      lt_equal16(lt_load16(end - 32), byte) |
			      lt_equal16(lt_load16(end - 48), byte) |
			      lt_equal16(lt_load16(end - 64), byte)) != 0)
			break;
		end -= 64;
	}
	while (end - at >= 16) {
		lt_mask found = lt_mask16(lt_equal16(lt_load16(end - 16), byte));

		end -= 16;
		if (found != 0)
			return end + (31 - __builtin_clz(found));
	}
	while (end > at) {
		if (*--end == byte)
			return end;
	}
	return NULL;
}

#endif
