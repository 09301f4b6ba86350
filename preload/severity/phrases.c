/* SPDX-License-Identifier: MIT */
/*
 * Lookups in the tables of dialects_phrases.h: phrases, endings of names, facilities. Every
 * function reads only the bytes between its two pointers.
 */
#include <string.h>

#include "internal.h"

/* Nearly all fields begin no phrase: a bit per hash of four bytes says so without a search. */
#define HASH(text_)                                                                                \
	LT_PHRASE_HASH((uint32_t)(text_)[0] | (uint32_t)(text_)[1] << 8 |                          \
		       (uint32_t)(text_)[2] << 16 | (uint32_t)(text_)[3] << 24)
#define IN(word, text_, ...) | (HASH(text_) >> 6 == (word) ? UINT64_C(1) << (HASH(text_) & 63) : 0)
#define IN0(...)	     IN(0u, __VA_ARGS__)
#define IN1(...)	     IN(1u, __VA_ARGS__)
#define IN2(...)	     IN(2u, __VA_ARGS__)
#define IN3(...)	     IN(3u, __VA_ARGS__)
#define IN4(...)	     IN(4u, __VA_ARGS__)
#define IN5(...)	     IN(5u, __VA_ARGS__)
#define IN6(...)	     IN(6u, __VA_ARGS__)
#define IN7(...)	     IN(7u, __VA_ARGS__)
#define IN8(...)	     IN(8u, __VA_ARGS__)
#define IN9(...)	     IN(9u, __VA_ARGS__)
#define IN10(...)	     IN(10u, __VA_ARGS__)
#define IN11(...)	     IN(11u, __VA_ARGS__)
#define IN12(...)	     IN(12u, __VA_ARGS__)
#define IN13(...)	     IN(13u, __VA_ARGS__)
#define IN14(...)	     IN(14u, __VA_ARGS__)
#define IN15(...)	     IN(15u, __VA_ARGS__)
const uint64_t lt_phrase_bits[16] = {
	0 LT_PHRASES(IN0),  0 LT_PHRASES(IN1),	0 LT_PHRASES(IN2),  0 LT_PHRASES(IN3),
	0 LT_PHRASES(IN4),  0 LT_PHRASES(IN5),	0 LT_PHRASES(IN6),  0 LT_PHRASES(IN7),
	0 LT_PHRASES(IN8),  0 LT_PHRASES(IN9),	0 LT_PHRASES(IN10), 0 LT_PHRASES(IN11),
	0 LT_PHRASES(IN12), 0 LT_PHRASES(IN13), 0 LT_PHRASES(IN14), 0 LT_PHRASES(IN15),
};

/* The same and the words that count behind an ordinary one: what ends the short way. */
const uint64_t lt_plain_bits[16] = {
	0 LT_PHRASES(IN0) LT_LEADS(IN0),   0 LT_PHRASES(IN1) LT_LEADS(IN1),
	0 LT_PHRASES(IN2) LT_LEADS(IN2),   0 LT_PHRASES(IN3) LT_LEADS(IN3),
	0 LT_PHRASES(IN4) LT_LEADS(IN4),   0 LT_PHRASES(IN5) LT_LEADS(IN5),
	0 LT_PHRASES(IN6) LT_LEADS(IN6),   0 LT_PHRASES(IN7) LT_LEADS(IN7),
	0 LT_PHRASES(IN8) LT_LEADS(IN8),   0 LT_PHRASES(IN9) LT_LEADS(IN9),
	0 LT_PHRASES(IN10) LT_LEADS(IN10), 0 LT_PHRASES(IN11) LT_LEADS(IN11),
	0 LT_PHRASES(IN12) LT_LEADS(IN12), 0 LT_PHRASES(IN13) LT_LEADS(IN13),
	0 LT_PHRASES(IN14) LT_LEADS(IN14), 0 LT_PHRASES(IN15) LT_LEADS(IN15),
};

const struct lt_phrase *lt_phrase_find(const unsigned char *at, const unsigned char *end)
{
#define PHRASE(text_, severity_, weak_, source_, s1, e1, s2, e2)                                   \
	{ text_, sizeof(text_) - 1, severity_, weak_ },
	static const struct lt_phrase phrases[] = { LT_PHRASES(PHRASE) };
#undef PHRASE
/* In ASCII order, eight first characters share a place; from[] says where each begins. */
#define BEFORE_4(text_, ...)  +((text_)[0] >> 3 < 4)
#define BEFORE_5(text_, ...)  +((text_)[0] >> 3 < 5)
#define BEFORE_6(text_, ...)  +((text_)[0] >> 3 < 6)
#define BEFORE_7(text_, ...)  +((text_)[0] >> 3 < 7)
#define BEFORE_8(text_, ...)  +((text_)[0] >> 3 < 8)
#define BEFORE_9(text_, ...)  +((text_)[0] >> 3 < 9)
#define BEFORE_10(text_, ...) +((text_)[0] >> 3 < 10)
#define BEFORE_11(text_, ...) +((text_)[0] >> 3 < 11)
#define BEFORE_12(text_, ...) +((text_)[0] >> 3 < 12)
#define BEFORE_13(text_, ...) +((text_)[0] >> 3 < 13)
#define BEFORE_14(text_, ...) +((text_)[0] >> 3 < 14)
#define BEFORE_15(text_, ...) +((text_)[0] >> 3 < 15)
#define BEFORE_16(text_, ...) +((text_)[0] >> 3 < 16)
#undef FROM
#define FROM(n) [n] = 0 LT_PHRASES(BEFORE_##n)
	static const uint8_t from[17] = {
		FROM(4),  FROM(5),  FROM(6),  FROM(7),	FROM(8),  FROM(9),  FROM(10),
		FROM(11), FROM(12), FROM(13), FROM(14), FROM(15), FROM(16),
	};
	size_t room = (size_t)(end - at);

	if (!lt_may_begin_phrase(at, end) || *at >= 0x80)
		return NULL;
	for (size_t i = from[*at >> 3]; i < from[(*at >> 3) + 1]; i++) {
		const struct lt_phrase *phrase = &phrases[i];

		if (phrase->text[0] == (char)*at && phrase->length <= room &&
		    memcmp(phrase->text, at, phrase->length) == 0)
			return phrase;
	}
	return NULL;
}

int lt_ending_severity(const unsigned char *name, const unsigned char *end)
{
	static const struct {
		char text[10];
		uint8_t length;
		int8_t severity;
	} endings[] = {
#define ENDING(text_, severity_, source_, s1, e1, s2, e2) { text_, sizeof(text_) - 1, severity_ },
		LT_ENDINGS(ENDING)
#undef ENDING
	};

	if (end == name || (end[-1] != 'r' && end[-1] != 'n' && end[-1] != 'g'))
		return LT_NO_SEVERITY; /* nearly all names; the unit test reads the rows */
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		size_t length = endings[i].length;

		if ((size_t)(end - name) >= length &&
		    (char)end[-1] == endings[i].text[length - 1] &&
		    memcmp(end - length, endings[i].text, length) == 0 &&
		    (end - length > name || lt_word_find(name, length) == NULL))
			return endings[i].severity;
	}
	return LT_NO_SEVERITY;
}

bool lt_is_facility(const unsigned char *name, size_t length)
{
	static const char names[][9] = {
#define FACILITY(text_) text_,
		LT_FACILITIES(FACILITY)
#undef FACILITY
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return true;
	}
	return false;
}
