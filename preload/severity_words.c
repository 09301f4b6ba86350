/* SPDX-License-Identifier: MIT */
/*
 * Lookups in the dialects' tables: words, letters, phrases, endings, facilities. Every function
 * reads only the bytes between its two pointers.
 */
#include <string.h>

#include "severity_internal.h"

const uint8_t lt_class[256] = {
	['a' ... 'z'] = LT_C_LOWER, ['A' ... 'Z'] = LT_C_UPPER, ['0' ... '9'] = LT_C_DIGIT,
	[' '] = LT_C_BLANK,	    ['\t'] = LT_C_BLANK,	['('] = LT_C_OPEN,
	['['] = LT_C_OPEN,	    ['<'] = LT_C_OPEN,		['{'] = LT_C_OPEN,
	[')'] = LT_C_CLOSE,	    [']'] = LT_C_CLOSE,		['>'] = LT_C_CLOSE,
	['}'] = LT_C_CLOSE,	    ['.'] = LT_C_NAME,		['_'] = LT_C_NAME,
	['-'] = LT_C_NAME,	    ['/'] = LT_C_NAME,		['\\'] = LT_C_NAME,
	['@'] = LT_C_NAME,	    ['$'] = LT_C_NAME,		['%'] = LT_C_NAME,
	['&'] = LT_C_NAME,	    ['+'] = LT_C_NAME,		['='] = LT_C_NAME,
	['~'] = LT_C_NAME,	    ['#'] = LT_C_NAME,		['\''] = LT_C_NAME,
	['|'] = LT_C_SEPARATOR,	    [','] = LT_C_SEPARATOR,	[';'] = LT_C_SEPARATOR,
	['"'] = LT_C_SEPARATOR,
};

#define EVERY_LETTER(X, W)                                                                         \
	X(a, LT_WORDS_A(W))                                                                        \
	X(b, LT_WORDS_B(W))                                                                        \
	X(c, LT_WORDS_C(W))                                                                        \
	X(d, LT_WORDS_D(W))                                                                        \
	X(e, LT_WORDS_E(W))                                                                        \
	X(f, LT_WORDS_F(W))                                                                        \
	X(g, LT_WORDS_G(W))                                                                        \
	X(h, LT_WORDS_H(W))                                                                        \
	X(i, LT_WORDS_I(W))                                                                        \
	X(j, LT_WORDS_J(W))                                                                        \
	X(k, )                                                                                     \
	X(l, LT_WORDS_L(W))                                                                        \
	X(m, LT_WORDS_M(W))                                                                        \
	X(n, LT_WORDS_N(W))                                                                        \
	X(o, LT_WORDS_O(W))                                                                        \
	X(p, LT_WORDS_P(W))                                                                        \
	X(q, )                                                                                     \
	X(r, LT_WORDS_R(W))                                                                        \
	X(s, LT_WORDS_S(W))                                                                        \
	X(t, LT_WORDS_T(W))                                                                        \
	X(u, LT_WORDS_U(W))                                                                        \
	X(v, LT_WORDS_V(W))                                                                        \
	X(w, LT_WORDS_W(W))                                                                        \
	X(x, )                                                                                     \
	X(y, )                                                                                     \
	X(z, )

#define ROW(text_, severity_, use_) { text_, sizeof(text_) - 1, severity_, use_ },
#define ROWS(letter, list)	    list
static const struct lt_word words[] = { EVERY_LETTER(ROWS, ROW) };

/* Where each letter's words begin in `words`, and which lengths they have. */
#define ONE(text_, severity_, use_)    +1
#define LENGTH(text_, severity_, use_) | 1u << (sizeof(text_) - 1)
#define INDEX(letter, list)	       FIRST_##letter, LAST_##letter = FIRST_##letter + (0 list) - 1,
enum { EVERY_LETTER(INDEX, ONE) WORD_COUNT };

#define BUCKET(letter, list) FIRST_##letter,
static const uint8_t first_word[27] = { EVERY_LETTER(BUCKET, ONE) WORD_COUNT };
#define LENGTHS(letter, list) 0u list,
static const uint16_t word_lengths[26] = { EVERY_LETTER(LENGTHS, LENGTH) };

_Static_assert(WORD_COUNT == sizeof(words) / sizeof(*words), "the index covers every word");
_Static_assert(WORD_COUNT < 256, "first_word[] holds bytes");

const struct lt_word *lt_word_find(const unsigned char *text, size_t length)
{
	unsigned letter = (unsigned)(*text | 0x20) - 'a';
	char lower[LT_WORD_MAX + 1];

	if (length > LT_WORD_MAX || letter > 25 || !(word_lengths[letter] >> length & 1))
		return NULL;
	for (size_t i = 0; i < length; i++)
		lower[i] = (char)(text[i] | 0x20);
	for (unsigned i = first_word[letter]; i < first_word[letter + 1]; i++) {
		if (words[i].length == length && memcmp(words[i].text, lower, length) == 0)
			return &words[i];
	}
	return NULL;
}

struct lt_letters lt_letters_read(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *start = at;
	struct lt_letters read = { 0 };
	size_t capitals = 0;
	size_t length;

	while (at < end && lt_is(*at, LT_C_LETTER))
		capitals += lt_is(*at++, LT_C_UPPER);
	length = (size_t)(at - start);
	read.end = at;
	if (capitals == 0)
		read.form = LT_F_LOWER;
	else if (capitals == length)
		read.form = length == 1 ? LT_F_TITLE : LT_F_CAPITALS;
	else if (capitals == 1 && lt_is(*start, LT_C_UPPER))
		read.form = LT_F_TITLE;
	if (read.form != 0 && length > 1)
		read.word = lt_word_find(start, length);
	return read;
}

int lt_letter_severity(unsigned char letter, const char *allowed)
{
#define LETTER(letter_, severity_) [(letter_) - 'A'] = (severity_) + 1,
	static const int8_t severities[26] = { LT_LETTERS(LETTER) };
#undef LETTER

	if (!lt_is(letter, LT_C_UPPER))
		return LT_NO_SEVERITY;
	while (allowed != NULL && *allowed != (char)letter) {
		if (*allowed++ == '\0')
			return LT_NO_SEVERITY;
	}
	return severities[letter - 'A'] - 1;
}

const struct lt_phrase *lt_phrase_find(const unsigned char *at, const unsigned char *end)
{
#define PHRASE(text_, severity_, weak_, source_, s1, e1, s2, e2)                                   \
	{ text_, sizeof(text_) - 1, severity_, weak_ },
	static const struct lt_phrase phrases[] = { LT_PHRASES(PHRASE) };
#undef PHRASE
/* Most fields begin with a character that begins no phrase: one bit per character says so. */
#define LOW(text_, ...)	 | ((text_)[0] < 64 ? UINT64_C(1) << ((text_)[0] & 63) : 0)
#define HIGH(text_, ...) | ((text_)[0] < 64 ? 0 : UINT64_C(1) << ((text_)[0] & 63))
	static const uint64_t begins[2] = { 0 LT_PHRASES(LOW), 0 LT_PHRASES(HIGH) };
#undef LOW
#undef HIGH
	size_t room = (size_t)(end - at);

	if (*at >= 128 || !(begins[*at >> 6] >> (*at & 63) & 1))
		return NULL;
	for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++) {
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

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		size_t length = endings[i].length;

		if ((size_t)(end - name) > length &&
		    memcmp(end - length, endings[i].text, length) == 0)
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
