/* SPDX-License-Identifier: MIT */
/* Texts that are nearly UTF-8, and what becomes of them where nothing else is taken; by the
 * definition, and not by the table that the library has. */
#ifndef TESTS_PRELOAD_ODD_TEXT_H
#define TESTS_PRELOAD_ODD_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "layers.h"

/* One character at the front, by the definition of UTF-8 and not by its table; 0: none. */
static inline size_t defined_character(const uint8_t *at, size_t left)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t size = *at < 0x80 ? 1 : *at < 0xc0 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
	uint32_t value = size == 1 ? *at : *at & (0xffu >> (size + 1));

	if (!size || *at >= 0xf8 || size > left)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if (at[i] >> 6 != 2)
			return 0;
		value = value << 6 | (at[i] & 0x3f);
	}
	return value >= least[size] && value <= 0x10ffff && value >> 11 != 0x1b ? size : 0;
}

/* What a text becomes: each byte that belongs to no character is U+FFFD. */
static inline size_t replaced(const uint8_t *text, size_t size, uint8_t *out)
{
	size_t used = 0;

	for (size_t at = 0; at < size;) {
		size_t length = defined_character(text + at, size - at);

		memcpy(out + used, length ? text + at : (const uint8_t *)"\xef\xbf\xbd",
		       length ? length : 3);
		used += length ? length : 3;
		at += length ? length : 1;
	}
	return used;
}

/* ASCII, characters of each size, what nearly is one, and noise. */
static inline size_t make_text(uint8_t *text, size_t room, uint64_t *state)
{
	static const char *const pieces[] = {
		"a plain piece of text",
		"\xc3\xa9",
		"\xe2\x82\xac",
		"\xf0\x9f\x90\xa7",
		"\xed\xa0\x80",
		"\xc0\x80",
		"\xe0\x9f\xbf",
		"\xf4\x90\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xe2\x82",
		"\xf0\x9f\x90",
		"\xc3",
		"\xff",
		"\x80",
		"\xed\x9f\xbf",
		"\xee\x80\x80",
		"\xf4\x8f\xbf\xbf",
		"0123456789abcdef",
	};
	size_t size = 0;

	while (size < room) {
		uint32_t chance = layers_random(state);
		const char *piece = pieces[chance / 8 % (sizeof(pieces) / sizeof(*pieces))];
		size_t length = strlen(piece);

		if (chance % 8 == 0) {
			text[size++] = (uint8_t)(chance >> 8);
			continue;
		}
		if (size + length > room)
			break;
		memcpy(text + size, piece, length);
		size += length;
	}
	return size;
}

#endif
