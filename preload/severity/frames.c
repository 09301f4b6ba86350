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
	ADDRESS_MAX = 20, /* bytes of an address */
	PLACES_MAX = 8,	  /* sixteen bytes with an address in them */
	LEAST = 19,	  /* bytes that the functions below are given */
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

/*
 * What stands before "0x" between `at` and `end`, LEAST bytes apart: a plus and a slash somewhere
 * ("+0x12/0x80"), or a colon and a blank. Of some of the places alone, where there are many.
 */
static bool has_addresses(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *last = end - LEAST; /* some of these twice */
	lt_bytes16 plus = { 0 }, slash = { 0 }, colon = { 0 };
	unsigned places = 0;

	for (;; at = last - at > 16 ? at + 16 : last) {
		lt_bytes16 zero = lt_equal16(lt_load16(at + 2), '0');
		lt_bytes16 found = zero & lt_equal16(lt_load16(at + 3), 'x');

		if (lt_mask16(found) != 0) {
			plus |= found & lt_equal16(lt_load16(at + 1), '+');
			slash |= found & lt_equal16(lt_load16(at + 1), '/');
			found &= lt_equal16(lt_load16(at + 1), ' ');
			colon |= found & lt_equal16(lt_load16(at), ':');
			places++;
		}
		if (at == last || places == PLACES_MAX)
			break;
	}
	return lt_mask16(colon) != 0 || (lt_mask16(plus) != 0 && lt_mask16(slash) != 0);
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

/* "0x602000000010 is located 0 bytes inside of ..." of AddressSanitizer, "0x10d in main ()". */
static bool is_address(const unsigned char *at, const unsigned char *end)
{
	static const char located[] = " is located ";
	static const char in[] = " in ";
	const unsigned char *behind = at + 2;

	while (behind < end && behind - at < ADDRESS_MAX && lt_is(*behind, LT_C_WORD))
		behind++;
	return ((size_t)(end - behind) >= sizeof(located) - 1 &&
		memcmp(behind, located, sizeof(located) - 1) == 0) ||
	       ((size_t)(end - behind) >= sizeof(in) - 1 &&
		memcmp(behind, in, sizeof(in) - 1) == 0);
}

/* Zig's frames ("/srv/x.zig:3:5: 0x10d in main (x)"), the kernel's ("take+0x12/0x80"). */
static bool has_address(const unsigned char *at, const unsigned char *end)
{
	unsigned char room[LEAST];

	if (end - at >= 2 && at[0] == '0' && at[1] == 'x')
		return is_address(at, end);
	at = at_least(room, at, &end);
	return has_addresses(at, end);
}

/* Whether the line begins with one of the rows, which are of four bytes or more, or of fewer. */
static bool has_row(const unsigned char *at, const unsigned char *end,
		    enum lt_continuation_kind *kind)
{
	static const uint32_t bytes[] = { 0, 0xff, 0xffff, 0xffffff, 0xffffffff };
	size_t room = (size_t)(end - at);
	unsigned char first[4] = { 0 };
	uint32_t four;

	if (*at >= 0x80)
		return false;
	memcpy(first, at, room < sizeof(first) ? room : sizeof(first));
	four = lt_four(first);
	for (size_t i = lt_continuations_from[*at]; i < lt_continuations_from[*at + 1]; i++) {
		const struct lt_continuation *row = &lt_continuations[i];
		uint32_t text = lt_four((const unsigned char *)row->text);

		if (((text ^ four) & bytes[row->length < 4 ? row->length : 4]) == 0 &&
		    row->length <= room && memcmp(row->text, at, row->length) == 0) {
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
	if (*text == '{')
		return false; /* an object */
	*kind = LT_SOFT;
	return has_address(text, end);
}
