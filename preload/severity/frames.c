/* SPDX-License-Identifier: MIT */
/*
 * Tells lines that continue the one before. Asked only behind a line that lent its severity. Reads
 * only the bytes between its two pointers.
 */
#include "frames.h"

#include <string.h>

#include "chars.h"
#include "steps16.h"

/* The kernel's time, "[  312.001200] ", behind which its oops has a line per detail. */
static const unsigned char *skip_kernel_time(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *digit;

	if (at == end || *at != '[')
		return at;
	digit = lt_skip_blanks(at + 1, end);
	while (digit < end && (lt_is(*digit, LT_C_DIGIT) || *digit == '.'))
		digit++;
	if (end - digit < 2 || digit[0] != ']' || digit[1] != ' ' || digit - at < 8)
		return at;
	return lt_skip_blanks(digit + 1, end);
}

enum { CANDIDATES_MAX = 8 }; /* places with the first four bytes of a text that are looked at */

/* Whether a text of four bytes or more stands between `at` and `end`. */
static bool contains(const unsigned char *at, const unsigned char *end, const char *text)
{
	size_t length = strlen(text);

	for (unsigned n = 0; n < CANDIDATES_MAX && (size_t)(end - at) >= length; n++, at++) {
		for (; end - at >= 19; at += 16) {
			lt_mask found =
				lt_mask16(lt_equal16(lt_load16(at), (unsigned char)text[0]) &
					  lt_equal16(lt_load16(at + 1), (unsigned char)text[1]) &
					  lt_equal16(lt_load16(at + 2), (unsigned char)text[2]) &
					  lt_equal16(lt_load16(at + 3), (unsigned char)text[3]));

			if (found != 0) {
				at += __builtin_ctz(found);
				break;
			}
		}
		while ((size_t)(end - at) >= length && memcmp(at, text, 4) != 0)
			at++;
		if ((size_t)(end - at) >= length && memcmp(at, text, length) == 0)
			return true;
	}
	return false;
}

/* What may stand before "0x". */
enum { PLUS = 1, SLASH = 2, COLON = 4 };

/* Which of "+0x", "/0x" and ": 0x" stand between `at` and `end`, in one pass. */
static unsigned addresses(const unsigned char *at, const unsigned char *end)
{
	lt_bytes16 plus = { 0 }, slash = { 0 }, colon = { 0 };
	unsigned seen = 0;

	for (; end - at >= 19; at += 16) {
		lt_bytes16 first = lt_load16(at);
		lt_bytes16 second = lt_load16(at + 1);
		lt_bytes16 third = lt_load16(at + 2);
		lt_bytes16 hex = lt_equal16(second, '0') & lt_equal16(third, 'x');

		plus |= hex & lt_equal16(first, '+');
		slash |= hex & lt_equal16(first, '/');
		colon |= lt_equal16(first, ':') & lt_equal16(second, ' ') & lt_equal16(third, '0') &
			 lt_equal16(lt_load16(at + 3), 'x');
	}
	for (; end - at >= 3; at++) {
		if (at[1] == '0' && at[2] == 'x')
			seen |= at[0] == '+' ? PLUS : at[0] == '/' ? SLASH : 0;
		if (end - at >= 4 && memcmp(at, ": 0x", 4) == 0)
			seen |= COLON;
	}
	return seen | (lt_mask16(plus) != 0 ? PLUS : 0) | (lt_mask16(slash) != 0 ? SLASH : 0) |
	       (lt_mask16(colon) != 0 ? COLON : 0);
}

/* Whether " 0x" stands between `at` and `end`. */
static bool has_hexadecimal(const unsigned char *at, const unsigned char *end)
{
	for (; end - at >= 18; at += 16) {
		if (lt_mask16(lt_equal16(lt_load16(at), ' ') & lt_equal16(lt_load16(at + 1), '0') &
			      lt_equal16(lt_load16(at + 2), 'x')) != 0)
			return true;
	}
	for (; end - at >= 3; at++) {
		if (memcmp(at, " 0x", 3) == 0)
			return true;
	}
	return false;
}

/*
 * Behind a number: rustc's quoted source, whose line number stands at the margin ("3 | let x =
 * 1;"), and frames as Swift and macOS print them ("0    libswiftCore.dylib    0x00007f12 main +
 * 12").
 */
static bool is_numbered(const unsigned char *at, const unsigned char *end)
{
	while (at < end && lt_is(*at, LT_C_DIGIT))
		at++;
	if (end - at < 2 || at[0] != ' ')
		return false;
	if (at[1] == '|' && (end - at == 2 || at[2] == ' '))
		return true;
	return has_hexadecimal(at, end);
}

/* Julia's frames: "[1] error(s::String)". */
static bool is_in_brackets(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *digit = ++at;

	while (at < end && lt_is(*at, LT_C_DIGIT))
		at++;
	return at > digit && end - at >= 2 && at[0] == ']' && at[1] == ' ';
}

/*
 * Zig's frames ("/srv/x.zig:3:5: 0x10d in main (x)"), the kernel's ("take+0x12/0x80"), what
 * AddressSanitizer knows of an address ("0x602000000010 is located 0 bytes inside of ...").
 */
static bool has_address(const unsigned char *at, const unsigned char *end)
{
	unsigned seen;

	if (end - at >= 2 && at[0] == '0' && at[1] == 'x')
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
	if (lt_is(*text, LT_C_DIGIT) && is_numbered(text, end))
		return true;
	if (*text == '[' && is_in_brackets(text, end))
		return true;
	*kind = LT_SOFT;
	return has_address(text, end);
}
