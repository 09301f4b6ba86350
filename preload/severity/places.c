/* SPDX-License-Identifier: MIT */
/*
 * Asks the tables of places whether a word counts where it stands, and looks for one
 * inside a bracket. Reads only the bytes between its two pointers.
 */
#include "places.h"

#include "chars.h"
#include "context.h"
#include "names16.h"
#include "severity.h"
#include "steps16.h"
#include "vocabulary.h"

int lt_place_severity(const struct lt_word *word, unsigned form, enum lt_left left, unsigned right)
{
	if (form == 0)
		return LT_SEVERITY_NONE; /* mixed */
	return lt_places[word->use & LT_PLACE_USES][form >> 1][left] & right ? word->severity
									     : LT_SEVERITY_NONE;
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

/* Instructions that they take at most. LEVEL: of a word that may be one, more. */
enum { STEP = 40, NUMBER = 60, WORD = 220, LEVEL = 220, COLOUR = 80, SET = 100 };

enum { SIXTEENS_MAX = 3 }; /* bytes in a bracket whose own brackets are looked at one by one */

/* How many of sixteen bits are set; the compiler's own may be a function of its library. */
static inline unsigned count16(lt_mask mask)
{
	mask -= mask >> 1 & 0x5555;
	mask = (mask & 0x3333) + (mask >> 2 & 0x3333);
	mask = (mask + (mask >> 4)) & 0x0f0f;
	return (mask + (mask >> 8)) & 0x1f;
}

const unsigned char *lt_closing(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *start = at;
	unsigned char open = *at;
	unsigned char close = open == '(' ? ')' : open + 2;
	lt_mask escape = 1; /* the byte before is one; the bracket itself is counted already */
	unsigned depth = 1;
	unsigned looked_at = 0;

	for (; end - at >= 16; at += 16) {
		lt_bytes16 bytes = lt_load16(at);
		lt_mask closing = lt_mask16(lt_equal16(bytes, close));
		lt_mask escapes = lt_mask16(lt_equal16(bytes, 0x1b)) << 1 | escape;
		lt_mask opening = lt_mask16(lt_equal16(bytes, open)) & ~escapes; /* no colour's */
		lt_mask found = opening | closing;

		escape = escapes >> 16;
		if (found == 0)
			continue;
		if (depth > count16(closing)) {
			depth += count16(opening) - count16(closing); /* not the last in these */
			continue;
		}
		for (; found != 0; found &= found - 1) {
			if (opening & found & -found)
				depth++;
			else if (--depth == 0)
				return at + __builtin_ctz(found);
		}
		if (++looked_at == SIXTEENS_MAX)
			return NULL; /* no column has so many in it */
	}
	for (at += at == start; at < end; at++) {
		if (*at == close && --depth == 0)
			return at;
		if (*at == open && at[-1] != 0x1b)
			depth++;
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
	if (*sign == '=' && read->word && read->word->use & LT_KEY)
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

/* A set of level names: "[debug|info|warning]". `at`: behind one of them. */
static bool is_list(const unsigned char *at, const unsigned char *end)
{
	struct lt_letters read;

	if (end - at < 3 || (*at != '|' && *at != ',' && *at != '/'))
		return false;
	at = lt_skip_blanks(at + 1, end);
	if (at == end || !lt_is(*at, LT_C_LETTER))
		return false;
	read = lt_letters_read(at, end);
	return lt_may_be_level(&read) && read.end - at > 1;
}

static bool spend(struct lt_inside *inside, unsigned work)
{
	bool enough = inside->work >= work;

	inside->work = enough ? inside->work - work : 0;
	return enough;
}

int lt_bracket_severity(const unsigned char *at, const unsigned char *end, bool square,
			struct lt_inside *inside)
{
	enum lt_left left = LT_OPEN;

	if (!square && lt_find(at, end, ',') != end) {
		spend(inside, SET);
		return LT_SEVERITY_NONE; /* "{debug,info}" */
	}
	while (at < end && spend(inside, STEP)) {
		struct lt_letters read;
		bool timed;
		int severity;

		if (lt_is(*at, LT_C_DIGIT)) {
			spend(inside, NUMBER);
			at = lt_number_end(at, end, &timed);
			inside->time |= timed;
			left = left == LT_WORD || left == LT_LATER ? left : LT_AFTER;
			continue;
		}
		if (!lt_is(*at, LT_C_LETTER)) {
			if (*at == 0x1b)
				spend(inside, COLOUR);
			at = pass_separator(at, end, &left);
			continue;
		}
		if (!spend(inside, WORD))
			break;
		read = lt_letters_read(at, end);
		if (lt_may_be_level(&read) && !spend(inside, LEVEL))
			break;
		severity = word_in_bracket(&read, at, end, left, square);
		if (severity == LT_SEVERITY_NONE && square)
			severity = pair_in_bracket(&read, at, end);
		if (severity != LT_SEVERITY_NONE)
			return is_list(read.end, end) ? LT_SEVERITY_NONE : severity;
		at = read.end;
		at = lt_skip_name_but(at, end, '/');
		if (!read.word || !(read.word->use & LT_DATE))
			left = inside->time ? LT_LATER : LT_WORD;
	}
	return LT_SEVERITY_NONE;
}
