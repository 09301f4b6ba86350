/* SPDX-License-Identifier: MIT */
/* The table of character classes, and the way past colours and blanks. */
#include "chars.h"

#include "steps16.h"

const uint8_t lt_class[256] = {
	['a' ... 'z'] = LT_C_LOWER, ['A' ... 'Z'] = LT_C_UPPER, ['0' ... '9'] = LT_C_DIGIT,
	[' '] = LT_C_BLANK,	    ['\t'] = LT_C_BLANK,	['('] = LT_C_OPEN,
	['['] = LT_C_OPEN,	    ['<'] = LT_C_OPEN,		['{'] = LT_C_OPEN,
	[')'] = LT_C_CLOSE,	    [']'] = LT_C_CLOSE,		['>'] = LT_C_CLOSE,
	['}'] = LT_C_CLOSE,	    ['.'] = LT_C_NAME,		['_'] = LT_C_NAME,
	['-'] = LT_C_NAME,	    ['/'] = LT_C_NAME,		['\\'] = LT_C_NAME,
	['@'] = LT_C_NAME,	    ['$'] = LT_C_NAME,		['%'] = LT_C_NAME,
	['&'] = LT_C_NAME,	    ['+'] = LT_C_NAME,		['~'] = LT_C_NAME,
	['#'] = LT_C_NAME,	    ['\''] = LT_C_NAME,		['|'] = LT_C_SEPARATOR,
	['?'] = LT_C_NAME,	    [','] = LT_C_SEPARATOR,	[';'] = LT_C_SEPARATOR,
	['"'] = LT_C_SEPARATOR,
};

enum { SEQUENCES_MAX = 3 }; /* of at most sixteen bytes; then it is noise */

/* Digits, semicolons and colons. */
static const unsigned char *skip_parameters(const unsigned char *at, const unsigned char *end)
{
	if (end - at >= 16) /* from '0' to ';' */
		return at + __builtin_ctz(~lt_mask16(lt_range16(lt_load16(at), '0', ';')));
	while (at < end && *at >= '0' && *at <= ';')
		at++;
	return at;
}

const unsigned char *lt_skip_escapes(const unsigned char *at, const unsigned char *end)
{
	for (unsigned n = 0; n < SEQUENCES_MAX && end - at >= 2 && at[0] == 0x1b && at[1] == '[';
	     n++) {
		at = skip_parameters(at + 2, end);
		if (at < end)
			at++;
	}
	return at;
}

const unsigned char *lt_skip_more_blanks(const unsigned char *at, const unsigned char *end)
{
	while (end - at >= 16) {
		lt_bytes16 bytes = lt_load16(at);
		lt_mask blanks = lt_mask16(lt_equal16(bytes, ' ') | lt_equal16(bytes, '\t'));
		unsigned length = (unsigned)__builtin_ctz(~blanks);

		at += length;
		if (length < 16)
			return at;
	}
	while (at < end && lt_is(*at, LT_C_BLANK))
		at++;
	return at;
}
