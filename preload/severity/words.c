/* SPDX-License-Identifier: MIT */
/*
 * Lookups in the vocabulary: words and letters. Every function reads only the bytes between its two
 * pointers.
 */
#include <string.h>

#include "chars.h"
#include "severity.h"
#include "steps16.h"
#include "vocabulary.h"

static unsigned first_slot(uint64_t head, uint64_t tail)
{
	return (unsigned)((head + tail * 3) * UINT64_C(0x9e3779b97f4a7c15) >> 54);
}

static inline const struct lt_word *find(uint64_t head, uint64_t tail)
{
	unsigned slot = first_slot(head, tail);
	unsigned place;

	for (; (place = lt_word_slots[slot]) != 0; slot = (slot + 1) % LT_WORD_SLOTS) {
		if (lt_words[place - 1].head == head && lt_words[place - 1].tail == tail)
			return &lt_words[place - 1];
	}
	return NULL;
}

#define EACH_BYTE(byte_) (UINT64_C(0x0101010101010101) * (byte_))

/* Eight bytes, the first lowest, zeros from the end on. */
static uint64_t load(const unsigned char *at, const unsigned char *end)
{
	uint64_t bytes = 0;

	if (end - at >= 8) {
		memcpy(&bytes, at, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		bytes = __builtin_bswap64(bytes);
#endif
		return bytes;
	}
	for (unsigned shift = 0; at < end; shift += 8)
		bytes |= (uint64_t)*at++ << shift;
	return bytes;
}

/* The top bit of each byte that is a letter, for eight bytes at once. */
static uint64_t letters_of(uint64_t bytes)
{
	uint64_t low = (bytes | EACH_BYTE(0x20)) & EACH_BYTE(0x7f);
	uint64_t from_a = low + EACH_BYTE(0x80 - 'a');
	uint64_t beyond_z = low + EACH_BYTE(0x80 - 'z' - 1);

	return from_a & ~beyond_z & ~bytes & EACH_BYTE(0x80);
}

/* Leaves the letters that stand at the front of eight bytes; counts them. */
static uint64_t front(uint64_t bytes, size_t *count)
{
	uint64_t others = ~letters_of(bytes) & EACH_BYTE(0x80);

	if (others == 0) {
		*count = 8;
		return bytes;
	}
	*count = (size_t)__builtin_ctzll(others) / 8;
	return bytes & ((UINT64_C(1) << (*count * 8)) - 1);
}

/* Small letters have 0x20; all_head and all_tail are that bit of each letter that there is. */
static inline unsigned form_of(uint64_t head, uint64_t tail, uint64_t all_head, uint64_t all_tail)
{
	head &= all_head;
	tail &= all_tail;
	if (head == all_head && tail == all_tail)
		return LT_F_LOWER;
	if (head == (all_head & ~UINT64_C(0xff)) && tail == all_tail)
		return LT_F_TITLE;
	return (head | tail) == 0 ? LT_F_CAPITALS : 0;
}

/* 0x20 in each of the first `count` bytes, up to eight. */
static uint64_t small_letters(size_t count)
{
	return count < 8 ? EACH_BYTE(0x20) & ((UINT64_C(1) << (count * 8)) - 1) : EACH_BYTE(0x20);
}

static const unsigned char *skip_letters(const unsigned char *at, const unsigned char *end)
{
	while (end - at >= 16) {
		unsigned length = (unsigned)__builtin_ctz(~lt_letters16(lt_load16(at)));

		at += length;
		if (length < 16)
			return at;
	}
	while (at < end && lt_is(*at, LT_C_LETTER))
		at++;
	return at;
}

/* Words of eight letters and more; see read_by_eight. */
static __attribute__((noinline)) struct lt_letters
read_long(const unsigned char *at, const unsigned char *end, uint64_t head)
{
	struct lt_letters read = { .end = at + 8 };
	uint64_t small;
	uint64_t tail;
	size_t more;

	tail = front(load(at + 8, end), &more);
	small = small_letters(more);
	read.form = form_of(head, tail, EACH_BYTE(0x20), small);
	read.end += more;
	if (more < 8) {
		if (read.form != 0)
			read.word = find(head | EACH_BYTE(0x20), tail | small);
		return read;
	}
	read.end = skip_letters(read.end, end); /* longer than any word of the vocabulary */
	return read;
}

/* Without sixteen bytes to read. */
static __attribute__((noinline)) struct lt_letters read_by_eight(const unsigned char *at,
								 const unsigned char *end)
{
	struct lt_letters read = { 0 };
	size_t length;
	uint64_t head = front(load(at, end), &length);
	uint64_t small;

	if (length == 8)
		return read_long(at, end, head);
	small = small_letters(length);
	read.end = at + length;
	read.form = form_of(head, 0, small, 0);
	if (read.form != 0 && length > 1)
		read.word = find(head | small, 0);
	return read;
}

/* The first `count` of eight letters, in small letters. */
static uint64_t in_small(const unsigned char *at, size_t count)
{
	uint64_t letters;

	letters = load(at, at + 8) | EACH_BYTE(0x20);
	return count < 8 ? letters & ((UINT64_C(1) << (count * 8)) - 1) : letters;
}

/* As form_of, from a bit per letter. */
static unsigned form_of_mask(lt_mask small, lt_mask all)
{
	small &= all;
	if (small == all)
		return LT_F_LOWER;
	if (small == (all & ~1u))
		return LT_F_TITLE;
	return small == 0 ? LT_F_CAPITALS : 0;
}

struct lt_letters lt_letters_read(const unsigned char *at, const unsigned char *end)
{
	struct lt_letters read = { 0 };
	size_t length;
	lt_bytes16 bytes;

	if (end - at < 16)
		return read_by_eight(at, end);
	bytes = lt_load16(at);
	length = (size_t)__builtin_ctz(~lt_letters16(bytes));
	read.end = at + length;
	read.form = form_of_mask(lt_small16(bytes), (1u << length) - 1);
	if (read.form != 0 && length > 1 && length <= LT_WORD_MAX)
		read.word =
			find(in_small(at, length), length > 8 ? in_small(at + 8, length - 8) : 0);
	if (length >= 16)
		read.end = skip_letters(read.end, end); /* longer than any word of the vocabulary */
	return read;
}

const struct lt_word *lt_word_find(const unsigned char *text, size_t length)
{
	uint64_t parts[2] = { 0, 0 };

	if (length < 2 || length > LT_WORD_MAX)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		if (!lt_is(text[i], LT_C_LETTER))
			return NULL;
		parts[i / 8] |= (uint64_t)(text[i] | 0x20) << (8 * (i % 8));
	}
	return find(parts[0], parts[1]);
}

int lt_letter_severity(unsigned char letter, const char *allowed)
{
	if (!lt_is(letter, LT_C_UPPER))
		return LT_SEVERITY_NONE;
	while (allowed && *allowed != (char)letter) {
		if (*allowed++ == '\0')
			return LT_SEVERITY_NONE;
	}
	return lt_letter_severities[letter - 'A'] - 1;
}
