/* SPDX-License-Identifier: MIT */
/*
 * Tells lines that continue the one before. Asked only behind a line that lent its severity. Reads
 * only the bytes between its two pointers.
 */
#include "frames.h"

#include <string.h>

#include "chars.h"
#include "steps16.h"

enum { DIGITS_MAX = 20 }; /* of a number, a time */

static const unsigned char *skip_digits(const unsigned char *at, const unsigned char *end)
{
	for (unsigned n = 0; n < DIGITS_MAX && at < end && lt_is(*at, LT_C_DIGIT); n++)
		at++;
	return at;
}

/* The kernel's time, "[  312.001200] ", behind which its oops has a line per detail. */
static const unsigned char *skip_kernel_time(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *digit;

	if (at == end || *at != '[')
		return at;
	digit = lt_skip_blanks(at + 1, end);
	for (unsigned n = 0;
	     n < DIGITS_MAX && digit < end && (lt_is(*digit, LT_C_DIGIT) || *digit == '.'); n++)
		digit++;
	if (end - digit < 2 || digit[0] != ']' || digit[1] != ' ' || digit - at < 8)
		return at;
	return lt_skip_blanks(digit + 1, end);
}

enum {
	CANDIDATES_MAX = 8, /* places with the first four bytes of a text that are looked at */
	LEAST = 19,	    /* bytes that the functions below are given */
};

/* What stands between `at` and *end, with zeros behind it where that is too little. */
static const unsigned char *at_least(unsigned char *room, const unsigned char *at,
				     const unsigned char **end)
{
	if (*end - at >= LEAST)
		return at;
	memset(room, 0, LEAST);
	memcpy(room, at, (size_t)(*end - at));
	*end = room + LEAST;
	return room;
}

/* Where a text of four bytes or more may begin, in sixteen places. */
static lt_mask begins16(const unsigned char *at, const char *text)
{
	return lt_mask16(lt_equal16(lt_load16(at), (unsigned char)text[0]) &
			 lt_equal16(lt_load16(at + 1), (unsigned char)text[1]) &
			 lt_equal16(lt_load16(at + 2), (unsigned char)text[2]) &
			 lt_equal16(lt_load16(at + 3), (unsigned char)text[3]));
}

/* Whether a text of four bytes or more stands between `at` and `end`, LEAST bytes apart. */
static bool contains(const unsigned char *at, const unsigned char *end, const char *text)
{
	const unsigned char *last = end - LEAST; /* some of these twice */
	size_t length = strlen(text);
	unsigned candidates = 0;

	for (;; at = last - at > 16 ? at + 16 : last) {
		for (lt_mask found = begins16(at, text); found != 0; found &= found - 1) {
			const unsigned char *begin = at + __builtin_ctz(found);

			if ((size_t)(end - begin) >= length && memcmp(begin, text, length) == 0)
				return true;
			if (++candidates == CANDIDATES_MAX)
				return false;
		}
		if (at == last)
			return false;
	}
}

/* What may stand before "0x". */
enum { PLUS = 1, SLASH = 2, COLON = 4 };

static unsigned before_address(const unsigned char *at, const unsigned char *zero)
{
	switch (zero == at ? '\0' : zero[-1]) {
	case '+':
		return PLUS;
	case '/':
		return SLASH;
	case ' ':
		return zero - at >= 2 && zero[-2] == ':' ? COLON : 0;
	default:
		return 0;
	}
}

/* Which of "+0x", "/0x" and ": 0x" stand between `at` and `end`, LEAST bytes apart. */
static unsigned addresses(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *last = end - LEAST; /* some of these twice */
	unsigned candidates = 0;
	unsigned seen = 0;

	for (const unsigned char *from = at;; from = last - from > 16 ? from + 16 : last) {
		lt_mask found = lt_mask16(lt_equal16(lt_load16(from), '0') &
					  lt_equal16(lt_load16(from + 1), 'x'));

		for (; found != 0 && candidates < CANDIDATES_MAX; found &= found - 1, candidates++)
			seen |= before_address(at, from + __builtin_ctz(found));
		if (from == last)
			return seen;
	}
}

/* Whether " 0x" stands between `at` and `end`, LEAST bytes apart. */
static bool has_hexadecimal(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *last = end - LEAST; /* some of these twice */

	for (;; at = last - at > 16 ? at + 16 : last) {
		if (lt_mask16(lt_equal16(lt_load16(at), ' ') & lt_equal16(lt_load16(at + 1), '0') &
			      lt_equal16(lt_load16(at + 2), 'x')) != 0)
			return true;
		if (at == last)
			return false;
	}
}

/*
 * Behind a number: rustc's quoted source, whose line number stands at the margin ("3 | let x =
 * 1;"), and frames as Swift and macOS print them ("0    libswiftCore.dylib    0x00007f12 main +
 * 12").
 */
static bool is_numbered(const unsigned char *at, const unsigned char *end)
{
	unsigned char room[LEAST];

	at = skip_digits(at, end);
	if (end - at < 2 || at[0] != ' ')
		return false;
	if (at[1] == '|' && (end - at == 2 || at[2] == ' '))
		return true;
	at = at_least(room, at, &end);
	return has_hexadecimal(at, end);
}

/* Julia's frames: "[1] error(s::String)". */
static bool is_in_brackets(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *digit = ++at;

	at = skip_digits(at, end);
	return at > digit && end - at >= 2 && at[0] == ']' && at[1] == ' ';
}

/*
 * Zig's frames ("/srv/x.zig:3:5: 0x10d in main (x)"), the kernel's ("take+0x12/0x80"), what
 * AddressSanitizer knows of an address ("0x602000000010 is located 0 bytes inside of ...").
 */
static bool has_address(const unsigned char *at, const unsigned char *end)
{
	unsigned char room[LEAST];
	unsigned seen;

	at = at_least(room, at, &end);
	if (at[0] == '0' && at[1] == 'x')
		return contains(at, end, " is located ") || contains(at, end, " in ");
	seen = addresses(at, end);
	return (seen & COLON) != 0 || (seen & (PLUS | SLASH)) == (PLUS | SLASH);
}

static bool has_row(const unsigned char *at, const unsigned char *end,
		    enum lt_continuation_kind *kind)
{
	if (*at >= 0x80)
		return false;
	for (size_t i = lt_continuations_from[*at]; i < lt_continuations_from[*at + 1]; i++) {
		const struct lt_continuation *row = &lt_continuations[i];

		if ((size_t)(end - at) >= row->length && memcmp(row->text, at, row->length) == 0) {
			*kind = row->kind;
			return true;
		}
	}
	return false;
}

bool lt_is_continuation(const unsigned char *at, const unsigned char *end,
			enum lt_continuation_kind *kind)
{
	const unsigned char *text = lt_skip_blanks(skip_kernel_time(at, end), end);

	*kind = LT_HARD;
	if (text == end)
		return false;
	if (has_row(text, end, kind))
		return true;
	if (lt_is(*text, LT_C_DIGIT) && !(end - text >= 2 && text[1] == 'x'))
		return is_numbered(text, end);
	if (*text == '[' && is_in_brackets(text, end))
		return true;
	*kind = LT_SOFT;
	return has_address(text, end);
}
