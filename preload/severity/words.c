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

struct lt_lead lt_lead_short(const unsigned char *at, const unsigned char *end)
{
	unsigned char bytes[16] = { 0 };
	size_t room = (size_t)(end - at);
	struct lt_lead lead;

	/* Both ends of it, which meet or overlap. */
	if (room >= 8) {
		memcpy(bytes, at, 8);
		memcpy(bytes + room - 8, end - 8, 8);
	} else if (room >= 4) {
		memcpy(bytes, at, 4);
		memcpy(bytes + room - 4, end - 4, 4);
	} else if (room > 0) {
		bytes[0] = at[0];
		bytes[room / 2] = at[room / 2];
		bytes[room - 1] = end[-1];
	}
	lead = lt_lead_of(lt_load16(bytes), bytes);
	lead.whole = false;
	return lead;
}

/* Of a bit per letter: small letters have one. */
static unsigned form_of(lt_mask small, lt_mask all)
{
	small &= all;
	if (small == all)
		return LT_F_LOWER;
	if (small == (all & ~1u))
		return LT_F_TITLE;
	return small == 0 ? LT_F_CAPITALS : 0;
}

/* The letters from the ninth on, in small letters. */
static uint64_t tail_of(const unsigned char *at, unsigned length)
{
	uint64_t letters = 0;

	for (unsigned i = 8; i < length; i++)
		letters |= (uint64_t)(at[i] | 0x20) << (8 * (i - 8));
	return letters;
}

static inline struct lt_letters letters_of(const struct lt_lead *lead, const unsigned char *at,
					   const unsigned char *end)
{
	unsigned length = lead->letters;
	struct lt_letters read = { .end = at + length };
	uint64_t head = lead->head | EACH_BYTE(0x20);

	read.form = form_of(lead->small, (1u << length) - 1);
	if (length >= 16)
		read.end = skip_letters(read.end, end); /* longer than any word of the vocabulary */
	else if (read.form == 0 || length > LT_WORD_MAX || length < 2)
		return read;
	else if (length <= 8)
		read.word = find(head & (UINT64_MAX >> (64 - 8 * length)), 0);
	else
		read.word = find(head, tail_of(at, length));
	return read;
}

struct lt_letters lt_letters_of(const struct lt_lead *lead, const unsigned char *at,
				const unsigned char *end)
{
	return letters_of(lead, at, end);
}

struct lt_letters lt_letters_read(const unsigned char *at, const unsigned char *end)
{
	struct lt_lead lead = lt_lead_read(at, end);

	return letters_of(&lead, at, end);
}

const struct lt_word *lt_word_find(const unsigned char *text, size_t length)
{
	struct lt_lead lead = lt_lead_read(text, text + length);

	return lead.letters == length ? lt_word_of(&lead, text) : NULL;
}

const struct lt_word *lt_word_of(const struct lt_lead *lead, const unsigned char *at)
{
	uint64_t head = lead->head | EACH_BYTE(0x20);

	if (lead->letters < 2 || lead->letters > LT_WORD_MAX)
		return NULL;
	if (lead->letters <= 8)
		return find(head & (UINT64_MAX >> (64 - 8 * lead->letters)), 0);
	return find(head, tail_of(at, lead->letters));
}

int lt_letter_severity(unsigned char letter, const char *allowed)
{
	if (!lt_is(letter, LT_C_UPPER) || lt_letter_severities[letter - 'A'] == 0)
		return LT_SEVERITY_NONE;
	while (allowed && *allowed != (char)letter) {
		if (*allowed++ == '\0')
			return LT_SEVERITY_NONE;
	}
	return lt_letter_severities[letter - 'A'] - 1;
}
