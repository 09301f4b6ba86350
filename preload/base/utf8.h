/* SPDX-License-Identifier: MIT */
/*
 * Where a text can be cut: receivers of events drop strings that are not UTF-8, so a part never
 * ends inside a character. Bytes that are no UTF-8 (Latin-1, binary) can be cut anywhere.
 */
#ifndef LT_UTF8_H
#define LT_UTF8_H

#include <stddef.h>

/* Bytes of the character that `lead` begins; 1 where it begins none of several. */
static inline size_t lt_utf8_length(unsigned char lead)
{
	if (lead < 0xc2 || lead > 0xf4)
		return 1;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/*
 * How many of the bytes right before a cut belong to a character that goes on behind it: 0 to 3.
 * before: the `size` bytes in front of the cut, of which at most the last 3 are looked at.
 * behind: the `left` bytes behind it. goes_on: the text may go on behind those, too.
 */
static inline size_t lt_utf8_unfinished(const char *before, size_t size, const char *behind,
					size_t left, int goes_on)
{
	for (size_t begun = 1; begun <= 3 && begun <= size; begun++) {
		unsigned char byte = (unsigned char)before[size - begun];
		size_t missing;

		if ((byte & 0xc0) == 0x80)
			continue;
		missing = lt_utf8_length(byte);
		if (missing <= begun)
			return 0;
		missing -= begun;
		for (size_t i = 0; i < missing; i++) {
			if (i == left)
				return goes_on ? begun : 0;
			if (((unsigned char)behind[i] & 0xc0) != 0x80)
				return 0;
		}
		return begun;
	}
	return 0;
}

#endif
