/* SPDX-License-Identifier: MIT */
/* The table of character classes, and the way past colours. */
#include "chars.h"

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

const unsigned char *lt_skip_escapes(const unsigned char *at, const unsigned char *end)
{
	while (end - at >= 2 && at[0] == 0x1b && at[1] == '[') {
		at += 2;
		while (at < end && (lt_is(*at, LT_C_DIGIT) || *at == ';' || *at == ':'))
			at++;
		if (at < end)
			at++;
	}
	return at;
}
