/* SPDX-License-Identifier: MIT */
/* The characters of names, sixteen at a time. */
#ifndef LOGTAP_SEVERITY_NAMES16_H
#define LOGTAP_SEVERITY_NAMES16_H

#include "chars.h"
#include "steps16.h"

/* A bit for each byte that goes on inside a name: LT_C_WORD, LT_C_NAME, beyond ASCII. */
static inline lt_mask lt_names16(lt_bytes16 bytes)
{
	return lt_mask16(bytes | lt_range16(bytes, '#', '\'') | lt_range16(bytes, '-', '9') |
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
	while (at < end && (lt_is(*at, LT_C_WORD | LT_C_NAME) || *at >= 0x80))
		at++;
	return at;
}

#endif
