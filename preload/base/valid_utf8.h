/* SPDX-License-Identifier: MIT */
/*
 * Texts for receivers that take nothing but UTF-8: what is none becomes U+FFFD, a character for
 * each byte. Where a text can be cut without that: utf8.h.
 */
#ifndef LT_VALID_UTF8_H
#define LT_VALID_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far a text was copied. */
struct lt_cleaned {
	size_t in;  /* bytes of the text */
	size_t out; /* bytes that they became */
};

/*
 * Copies whole characters, as many as there is room for. goes_on: the text does, so that the
 * beginning of a character at its end is left there.
 *
 * What is written is valid even where somebody else changes the text meanwhile.
 */
struct lt_cleaned lt_utf8_clean(uint8_t *out, size_t room, const char *text, size_t size,
				bool goes_on);

#endif
