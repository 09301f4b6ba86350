/* SPDX-License-Identifier: MIT */
/*
 * Lookups of phrases, ends of lines, endings of names and facilities. Every function reads only the
 * bytes between its two pointers.
 */
#include <string.h>

#include "chars.h"
#include "severity.h"
#include "vocabulary.h"

enum {
	SPACES_MAX = 12, /* before a colon; columns are padded */
	COLOURS_MAX = 2, /* among them */
	MARKS_MAX = 2,
};

/* Blanks, also those that French puts before a colon, and colours. */
static const unsigned char *skip_spaces(const unsigned char *at, const unsigned char *end)
{
	unsigned colours = 0;

	for (unsigned n = 0; n < SPACES_MAX; n++) {
		if (at < end && lt_is(*at, LT_C_BLANK)) {
			at++;
		} else if (at < end && *at == 0x1b && colours++ < COLOURS_MAX) {
			const unsigned char *after = lt_skip_colour(at, end);

			at = after == at ? at + 1 : after;
		} else if (end - at >= 2 && at[0] == 0xc2 && at[1] == 0xa0) {
			at += 2; /* U+00A0 */
		} else if (end - at >= 3 && memcmp(at, "\342\200\257", 3) == 0) {
			at += 3; /* U+202F */
		} else {
			break;
		}
	}
	return at;
}

/* What closes a mark around a word: "*...*:", and U+3011 of Chinese. */
static const unsigned char *skip_marks(const unsigned char *at, const unsigned char *end)
{
	for (unsigned n = 0; n < MARKS_MAX && at < end && *at == '*'; n++)
		at++;
	return end - at >= 3 && memcmp(at, "\343\200\221", 3) == 0 ? at + 3 : at;
}

bool lt_precedes_colon(const unsigned char *at, const unsigned char *end)
{
	at = skip_spaces(skip_marks(at, end), end);
	if (lt_is_wide_colon(at, end))
		return true;
	if (at < end && *at == '!')
		return end - at < 2 || lt_is(at[1], LT_C_BLANK); /* "Achtung! ..." */
	return at < end && *at == ':' && (end - at < 2 || (at[1] != ':' && at[1] != '/'));
}

static bool may_stand(unsigned flags, unsigned places)
{
	if (places == LT_P_WITHIN)
		return (flags & LT_P_WITHIN) != 0;
	flags &= LT_P_TAGGED | LT_P_OPENING;
	return flags == 0 || (flags & places) != 0;
}

enum { PER_BUCKET = LT_PHRASE_HASHES / LT_BUCKETS };

const struct lt_phrase *lt_phrase_find(uint32_t hash, const unsigned char *at,
				       const unsigned char *end, unsigned places)
{
	const struct lt_phrase *phrase = &lt_phrases[lt_phrases_from[hash / PER_BUCKET]];
	const struct lt_phrase *last = &lt_phrases[lt_phrases_from[hash / PER_BUCKET + 1]];
	size_t room = (size_t)(end - at);

	for (; phrase < last; phrase++) {
		const unsigned char *text = (const unsigned char *)lt_texts + phrase->text;

		if (phrase->length <= room && lt_four(text) == lt_four(at) &&
		    text[phrase->length - 1] == at[phrase->length - 1] &&
		    may_stand(phrase->flags, places) && memcmp(text, at, phrase->length) == 0 &&
		    (!(phrase->flags & LT_P_LABEL) || lt_precedes_colon(at + phrase->length, end)))
			return phrase;
	}
	return NULL;
}

const struct lt_end *lt_end_find(const unsigned char *at, const unsigned char *end)
{
	size_t room = (size_t)(end - at);
	uint32_t bucket;

	if (room < LT_END_LEAST || !lt_bit_of_four(lt_end_bits, lt_four(end - 4)))
		return NULL;
	bucket = LT_END_BUCKET(lt_four(end - 4), end[-5], end[-6]);
	for (size_t i = lt_ends_from[bucket]; i < lt_ends_from[bucket + 1]; i++) {
		size_t length = lt_ends[i].length;
		const char *text = lt_texts + lt_ends[i].text;

		if (length <= room && text[0] == (char)end[-(ptrdiff_t)length] &&
		    text[length - 1] == (char)end[-1] && memcmp(text, end - length, length) == 0)
			return &lt_ends[i];
	}
	return NULL;
}

int lt_ending_severity(const unsigned char *name, const unsigned char *end)
{
	if (!lt_may_be_ending(name, end))
		return LT_SEVERITY_NONE;
	for (size_t i = 0; i < LT_ENDINGS; i++) {
		size_t length = lt_endings[i].length;

		if ((size_t)(end - name) >= length &&
		    (char)end[-1] == lt_endings[i].text[length - 1] &&
		    memcmp(end - length, lt_endings[i].text, length) == 0 &&
		    (end - length > name || !lt_word_find(name, length)))
			return lt_endings[i].severity;
	}
	return LT_SEVERITY_NONE;
}

bool lt_is_facility(const unsigned char *name, size_t length)
{
	if (length < 2 || length >= sizeof(*lt_facilities))
		return false;
	for (size_t i = 0; i < LT_FACILITIES; i++) {
		if (lt_facilities[i][0] == (char)name[0] &&
		    lt_facilities[i][length - 1] == (char)name[length - 1] &&
		    lt_facilities[i][length] == '\0' && memcmp(lt_facilities[i], name, length) == 0)
			return true;
	}
	return false;
}
