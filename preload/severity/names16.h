/* SPDX-License-Identifier: MIT */
/* The characters of names, sixteen at a time. */
#ifndef LOGTAP_SEVERITY_NAMES16_H
#define LOGTAP_SEVERITY_NAMES16_H

#include "chars.h"
#include "steps16.h"

/*
 * The first byte of U+FF1A, Chinese's colon; it stands in front of symbols and halves of characters
 * alone, so it never goes on inside a name.
 */
#define LT_WIDE 0xef

/* Whether a byte goes on inside a name: LT_C_WORD, LT_C_NAME, beyond ASCII. */
static inline bool lt_is_name(unsigned char byte)
{
	return lt_is(byte, LT_C_WORD | LT_C_NAME) || (byte >= 0x80 && byte != LT_WIDE);
}

/* A bit for each byte that does. */
static inline lt_mask lt_names16(lt_bytes16 bytes)
{
	lt_bytes16 beyond = bytes & ~lt_equal16(bytes, LT_WIDE);

	return lt_mask16(beyond | lt_range16(bytes, '#', '\'') | lt_range16(bytes, '-', '9') |
			 lt_range16(bytes, '?', 'Z') | lt_range16(bytes, 'a', 'z') |
			 lt_equal16(bytes, '+') | lt_equal16(bytes, '\\') | lt_equal16(bytes, '_') |
			 lt_equal16(bytes, '~'));
}

/* The first byte from `at` on that does not, is beyond ASCII or is `but`, or `end`. */
static inline const unsigned char *lt_skip_name_but(const unsigned char *at,
						    const unsigned char *end, unsigned char but)
{
	while (end - at >= 16) {
		lt_bytes16 bytes = lt_load16(at);
		lt_mask others = lt_mask16(bytes | lt_equal16(bytes, but));
		unsigned length = (unsigned)__builtin_ctz(~(lt_names16(bytes) & ~others));

		at += length;
		if (length < 16)
			return at;
	}
	while (at < end && lt_is(*at, LT_C_WORD | LT_C_NAME) && *at != but)
		at++;
	return at;
}

/* The first byte from `at` on that does not, or is beyond ASCII, or `end`. */
static inline const unsigned char *lt_skip_ascii_name(const unsigned char *at,
						      const unsigned char *end)
{
	return lt_skip_name_but(at, end, 0xff);
}

/* The first byte from `at` on that does not, or `end`. */
static inline const unsigned char *lt_skip_name(const unsigned char *at, const unsigned char *end)
{
	while (end - at >= 16) {
		unsigned length = (unsigned)__builtin_ctz(~lt_names16(lt_load16(at)));

		at += length;
		if (length < 16)
			return at;
	}
	while (at < end && lt_is_name(*at))
		at++;
	return at;
}

#endif
