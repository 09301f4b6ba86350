/* SPDX-License-Identifier: MIT */
/*
 * Asks the tables of dialects_places.h whether a word counts where it stands, and looks for one
 * inside a bracket. Reads only the bytes between its two pointers.
 */
#include "severity_internal.h"

int lt_place_severity(const struct lt_word *word, unsigned form, enum lt_left left, unsigned right)
{
	static const struct {
		uint16_t use;
		uint16_t forms;
		uint16_t left;
		uint32_t right;
	} places[] = {
#define PLACE(use_, forms_, left_, right_, source_, s1, e1, s2, e2)                                \
	{ use_, forms_, (left_)&0xffff, right_ },
		LT_PLACES(PLACE)
#undef PLACE
	};

	if (right == LT_R_NONE)
		return LT_NO_SEVERITY;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		if (places[i].use & word->use && places[i].forms & form &&
		    places[i].left >> left & 1 && places[i].right & right)
			return word->severity;
	}
	return LT_NO_SEVERITY;
}

int lt_letter_place_severity(unsigned char letter, enum lt_left left, unsigned right)
{
	static const struct {
		char letters[12];
		uint16_t left;
		uint32_t right;
	} places[] = {
#define PLACE(letters_, left_, right_, source_, s1, e1, s2, e2) { letters_, left_, right_ },
		LT_LETTER_PLACES(PLACE)
#undef PLACE
	};

	for (size_t i = 0; right != LT_R_NONE && i < sizeof(places) / sizeof(*places); i++) {
		if (places[i].left >> left & 1 && places[i].right & right) {
			int severity = lt_letter_severity(letter, places[i].letters);

			if (severity != LT_NO_SEVERITY)
				return severity;
		}
	}
	return LT_NO_SEVERITY;
}

const unsigned char *lt_closing(const unsigned char *at, const unsigned char *end)
{
	unsigned char open = *at;
	unsigned char close = open == '(' ? ')' : open + 2;
	unsigned depth = 0;

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

static int word_in_bracket(const struct lt_letters *read, const unsigned char *at,
			   const unsigned char *end, enum lt_left left, bool square)
{
	const unsigned char *after = read->end;
	unsigned right;

	if (after - at == 1)
		return square ? lt_letter_place_severity(*at, left,
							 lt_right_of_letter(after, end, true))
			      : LT_NO_SEVERITY;
	if (!lt_may_be_level(read))
		return LT_NO_SEVERITY;
	if (after < end && lt_is(*after, LT_C_DIGIT))
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
			left = left == LT_WORD ? LT_WORD : LT_AFTER;
			continue;
		}
		if (!lt_is(*at, LT_C_LETTER)) {
			at = pass_separator(at, end, &left);
			continue;
		}
		read = lt_letters_read(at, end);
		severity = word_in_bracket(&read, at, end, left, square);
		if (severity != LT_NO_SEVERITY)
			return severity;
		at = read.end;
		while (at < end && lt_is(*at, LT_C_WORD | LT_C_NAME) && *at != '/')
			at++;
		if (read.word == NULL || !(read.word->use & LT_DATE))
			left = LT_WORD;
	}
	return LT_NO_SEVERITY;
}
