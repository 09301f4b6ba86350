/* SPDX-License-Identifier: MIT */
/* Validating by the table of well-formed byte sequences (Unicode, 3.9; RFC 3629). Each byte is read
 * once: must never copy one that it hasn't looked at. */
#include "valid_utf8.h"

#include <string.h>

#include "severity/steps16.h"
#include "utf8.h"

#define BLOCK	 sizeof(lt_bytes16)
#define TOP_BITS UINT64_C(0x8080808080808080)

static const uint8_t REPLACEMENT[3] = { 0xef, 0xbf, 0xbd };

/* The second byte says whether the form is the shortest, no surrogate's, and below 0x110000. */
static bool is_second(uint8_t lead, uint8_t byte)
{
	uint8_t least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
	uint8_t most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;

	return byte >= least && byte <= most;
}

/*
 * The bytes of the character at the front of `left` bytes; 0: there is none. What has more bytes
 * than there are is said to have as many as it would.
 */
static size_t character(const uint8_t *bytes, size_t left)
{
	size_t size = lt_utf8_length(*bytes);

	if (size == 1)
		return *bytes < 0x80;
	if (left > 1 && !is_second(*bytes, bytes[1]))
		return 0;
	for (size_t i = 2; i < size && i < left; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return size;
}

/* ASCII at the front; how much. Of each block more is written than counts. */
static size_t copy_ascii(uint8_t *out, const char *text, size_t size)
{
	size_t done = 0;
	uint64_t word;

	for (; size - done >= BLOCK; done += BLOCK) {
		lt_bytes16 block = lt_load16((const unsigned char *)text + done);
		lt_mask others = lt_mask16(block);

		memcpy(out + done, &block, BLOCK);
		if (others)
			return done + (size_t)__builtin_ctz(others);
	}
	if (size - done >= sizeof(word)) {
		memcpy(&word, text + done, sizeof(word));
		memcpy(out + done, &word, sizeof(word));
		done += word & TOP_BITS ? 0 : sizeof(word);
	}
	for (; done < size; done++) {
		char byte = text[done];

		if ((unsigned char)byte >= 0x80)
			break;
		out[done] = (uint8_t)byte;
	}
	return done;
}

/* What stands at the front; false: there is no room for it, or the rest of it is to come. */
static bool copy_one(struct lt_cleaned *done, uint8_t *out, size_t room, const char *text,
		     size_t left, bool goes_on)
{
	uint8_t bytes[4] = { 0 };
	size_t there = left < sizeof(bytes) ? left : sizeof(bytes), count;
	bool whole;

	memcpy(bytes, text, there);
	count = character(bytes, there);
	if (count > there && goes_on)
		return false;
	whole = count && count <= there;
	if (room < (whole ? count : sizeof(REPLACEMENT)))
		return false;
	memcpy(out, whole ? bytes : REPLACEMENT, whole ? count : sizeof(REPLACEMENT));
	done->in += whole ? count : 1;
	done->out += whole ? count : sizeof(REPLACEMENT);
	return true;
}

struct lt_cleaned lt_utf8_clean(uint8_t *out, size_t room, const char *text, size_t size,
				bool goes_on)
{
	struct lt_cleaned done = { 0, 0 };
	size_t left, space;

	do {
		size_t ascii;

		left = size - done.in;
		space = room - done.out;
		ascii = copy_ascii(out + done.out, text + done.in, left < space ? left : space);
		done.in += ascii;
		done.out += ascii;
		left -= ascii;
		space -= ascii;
	} while (left && copy_one(&done, out + done.out, space, text + done.in, left, goes_on));
	return done;
}
