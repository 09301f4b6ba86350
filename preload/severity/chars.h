/* SPDX-License-Identifier: MIT */
/*
 * Classes of characters, and colours, which stand between characters. The lowest layer of the
 * severity reader: it must include nothing else of it.
 */
#ifndef LOGTAP_SEVERITY_CHARS_H
#define LOGTAP_SEVERITY_CHARS_H

#include <stdbool.h>
#include <stdint.h>

/* Without this, position-independent code takes a load more for each use of a table. */
#pragma GCC visibility push(hidden)

/* Character classes of ASCII; bytes from 0x80 on have none. */
enum lt_class {
	LT_C_LOWER = 0x01,
	LT_C_UPPER = 0x02,
	LT_C_DIGIT = 0x04,
	LT_C_BLANK = 0x08,
	LT_C_OPEN = 0x10,
	LT_C_CLOSE = 0x20,
	LT_C_NAME = 0x40, /* goes on inside a name: . _ - / \ @ $ ? ... */
	LT_C_SEPARATOR = 0x80,
	LT_C_LETTER = LT_C_LOWER | LT_C_UPPER,
	LT_C_WORD = LT_C_LETTER | LT_C_DIGIT,
};

extern const uint8_t lt_class[256];

static inline bool lt_is(unsigned char byte, unsigned classes)
{
	return (lt_class[byte] & classes) != 0;
}

/* From the second blank on: columns are padded, and a line may hold nothing else. */
const unsigned char *lt_skip_more_blanks(const unsigned char *at, const unsigned char *end);

static inline const unsigned char *lt_skip_blanks(const unsigned char *at, const unsigned char *end)
{
	if (at == end || !lt_is(*at, LT_C_BLANK))
		return at;
	at++;
	return at < end && lt_is(*at, LT_C_BLANK) ? lt_skip_more_blanks(at, end) : at;
}

/* Skips ANSI colour sequences. */
const unsigned char *lt_skip_escapes(const unsigned char *at, const unsigned char *end);

static inline const unsigned char *lt_skip_colour(const unsigned char *at, const unsigned char *end)
{
	return at < end && *at == 0x1b ? lt_skip_escapes(at, end) : at;
}

#pragma GCC visibility pop

#endif
