/* SPDX-License-Identifier: MIT */
/*
 * Lookups of phrases, endings of names and facilities. Every function reads only the bytes between
 * its two pointers.
 */
#include <string.h>

#include "chars.h"
#include "severity.h"
#include "vocabulary.h"

const struct lt_phrase *lt_phrase_find(const unsigned char *at, const unsigned char *end)
{
	size_t room = (size_t)(end - at);

	if (!lt_may_begin_phrase(at, end) || *at >= 0x80)
		return NULL;
	for (size_t i = lt_phrases_from[*at >> 3]; i < lt_phrases_from[(*at >> 3) + 1]; i++) {
		const struct lt_phrase *phrase = &lt_phrases[i];

		if (phrase->text[0] == (char)*at && phrase->length <= room &&
		    memcmp(phrase->text, at, phrase->length) == 0)
			return phrase;
	}
	return NULL;
}

int lt_ending_severity(const unsigned char *name, const unsigned char *end)
{
	if (end == name || (end[-1] != 'r' && end[-1] != 'n' && end[-1] != 'g'))
		return LT_SEVERITY_NONE; /* nearly all names; the unit test reads the rows */
	for (size_t i = 0; i < LT_ENDINGS; i++) {
		size_t length = lt_endings[i].length;

		if ((size_t)(end - name) >= length &&
		    (char)end[-1] == lt_endings[i].text[length - 1] &&
		    memcmp(end - length, lt_endings[i].text, length) == 0 &&
		    (end - length > name || lt_word_find(name, length) == NULL))
			return lt_endings[i].severity;
	}
	return LT_SEVERITY_NONE;
}

bool lt_is_facility(const unsigned char *name, size_t length)
{
	for (size_t i = 0; i < LT_FACILITIES; i++) {
		if (strlen(lt_facilities[i]) == length &&
		    memcmp(lt_facilities[i], name, length) == 0)
			return true;
	}
	return false;
}
