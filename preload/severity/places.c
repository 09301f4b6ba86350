/* SPDX-License-Identifier: MIT */
/*
 * Asks the tables of places whether a word counts where it stands, and looks for one
 * inside a bracket. Reads only the bytes between its two pointers.
 */
#include "places.h"

#include "chars.h"
#include "context.h"
#include "severity.h"
#include "steps16.h"
#include "vocabulary.h"

/*
 * A word is asked for at every field of every line, so the rows are found without a search: for
 * each thing that may stand left of it, each case and each use there is a set of rows, a bit per
 * row, and only rows in all three can match.
 */
int lt_place_severity(const struct lt_word *word, unsigned form, enum lt_left left, unsigned right)
{
	lt_place_set rows = lt_places_by_left[left] & lt_places_by_form[form] &
			    lt_places_by_use[word->use & LT_PLACE_USES];

	for (; rows != 0; rows &= rows - 1) {
		if (lt_place_rights[__builtin_ctz(rows)] & right)
			return word->severity;
	}
	return LT_SEVERITY_NONE;
}

int lt_letter_place_severity(unsigned char letter, enum lt_left left, unsigned right)
{
	for (size_t i = 0; right != LT_R_NONE && i < LT_LETTER_PLACES; i++) {
		if (lt_letter_places[i].left >> left & 1 && lt_letter_places[i].right & right) {
			int severity = lt_letter_severity(letter, lt_letter_places[i].letters);

			if (severity != LT_SEVERITY_NONE)
				return severity;
		}
	}
	return LT_SEVERITY_NONE;
}

const unsigned char *lt_closing(const unsigned char *at, const unsigned char *end)
{
	unsigned char open = *at;
	unsigned char close = open == '(' ? ')' : open + 2;
	unsigned depth = 0;

#ifdef __SSE2__
	if (end - at > 16) { /* nearly all are short and hold none */
		__m128i bytes = lt_load16(at + 1);
		__m128i others = _mm_or_si128(lt_equal16(bytes, open), lt_equal16(bytes, 0x1b));
		lt_mask found = lt_mask16(_mm_or_si128(others, lt_equal16(bytes, close)));

		if (found != 0 && at[1 + __builtin_ctz(found)] == close)
			return at + 1 + __builtin_ctz(found);
	}
#endif
	for (; at < end; at++) {
		if (*at == 0x1b) {
			at++; /* a colour's own bracket */
			continue;
		}
		if (*at == open)
			depth++;
		else if (*at == close && --depth == 0)
			return at;
	}
	return NULL;
}

/* One separator inside a bracket; a colour is passed over. */
static const unsigned char *pass_separator(const unsigned char *at, const unsigned char *end,
					   enum lt_left *left)
{
	const unsigned char *after = lt_skip_colour(at, end);

	if (after != at)
		return after;
	if (*at == ':' || *at == '/' || *at == ',' || *at == '|')
		*left = LT_INNER;
	else if (!lt_is(*at, LT_C_BLANK))
		*left = LT_WORD;
	return at + 1;
}

/* Behind a word in a bracket: "level=..." as a field, "user.error" as syslog's pair. */
static int pair_in_bracket(const struct lt_letters *read, const unsigned char *at,
			   const unsigned char *end)
{
	const unsigned char *sign = read->end;

	if (sign == end)
		return LT_SEVERITY_NONE;
	if (*sign == '=' && read->word != NULL && read->word->use & LT_KEY)
		return lt_value_severity(sign + 1, end);
	if (*sign == '.' && lt_is_facility(at, (size_t)(sign - at)))
		return lt_value_severity(sign + 1, end);
	return LT_SEVERITY_NONE;
}

static int word_in_bracket(const struct lt_letters *read, const unsigned char *at,
			   const unsigned char *end, enum lt_left left, bool square)
{
	const unsigned char *after = read->end;
	unsigned right;

	if (after - at == 1)
		return square ? lt_letter_place_severity(*at, left,
							 lt_right_of_letter(after, end, true))
			      : LT_SEVERITY_NONE;
	if (!lt_may_be_level(read))
		return LT_SEVERITY_NONE;
	if (after < end && lt_is(*after, LT_C_DIGIT) && lt_may_be_numbered(read))
		after++; /* "trace8" */
	right = lt_right_of(after, end, true);
	return lt_place_severity(read->word, read->form, left, square ? right : right & LT_R_CLOSE);
}

int lt_bracket_severity(const unsigned char *at, const unsigned char *end, bool square, bool *time)
{
	enum lt_left left = LT_OPEN;

	while (at < end) {
		struct lt_letters read;
		bool timed;
		int severity;

		if (lt_is(*at, LT_C_DIGIT)) {
			at = lt_number_end(at, end, &timed);
			*time |= timed;
			left = left == LT_WORD || left == LT_LATER ? left : LT_AFTER;
			continue;
		}
		if (!lt_is(*at, LT_C_LETTER)) {
			at = pass_separator(at, end, &left);
			continue;
		}
		read = lt_letters_read(at, end);
		severity = word_in_bracket(&read, at, end, left, square);
		if (severity == LT_SEVERITY_NONE && square)
			severity = pair_in_bracket(&read, at, end);
		if (severity != LT_SEVERITY_NONE)
			return severity;
		at = read.end;
		while (at < end && lt_is(*at, LT_C_WORD | LT_C_NAME) && *at != '/')
			at++;
		if (read.word == NULL || !(read.word->use & LT_DATE))
			left = *time ? LT_LATER : LT_WORD;
	}
	return LT_SEVERITY_NONE;
}
