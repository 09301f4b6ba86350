/* SPDX-License-Identifier: MIT */
/*
 * Asks the tables of dialects_places.h whether a word counts where it stands, and looks for one
 * inside a bracket. Reads only the bytes between its two pointers.
 */
#include "steps16.h"
#include "internal.h"

/*
 * A word is asked for at every field of every line, so the rows are found without a search: for
 * each thing that may stand left of it, each case and each use there is a set of rows, a bit per
 * row, and only rows in all three can match. __COUNTER__ numbers the rows: every list below goes
 * through all of them.
 */
#define ONE(...) +1
enum { ROWS = 0 LT_PLACES(ONE), FIRST = __COUNTER__ + 1 };
_Static_assert(ROWS <= 32, "a set of rows is 32 bits");

#define IF(condition)			       | (uint32_t)((condition) != 0) << ((__COUNTER__ - FIRST) % ROWS)
#define LEFT(n, left_)			       IF((left_) >> (n)&1)
#define LEFT_START(use_, forms_, left_, ...)   LEFT(LT_START, left_)
#define LEFT_TIME(use_, forms_, left_, ...)    LEFT(LT_TIME, left_)
#define LEFT_NUMBER(use_, forms_, left_, ...)  LEFT(LT_NUMBER, left_)
#define LEFT_COUNT(use_, forms_, left_, ...)   LEFT(LT_COUNT, left_)
#define LEFT_NAME(use_, forms_, left_, ...)    LEFT(LT_NAME, left_)
#define LEFT_TAG(use_, forms_, left_, ...)     LEFT(LT_TAG, left_)
#define LEFT_BRACKET(use_, forms_, left_, ...) LEFT(LT_BRACKET, left_)
#define LEFT_BAR(use_, forms_, left_, ...)     LEFT(LT_BAR, left_)
#define LEFT_OPEN(use_, forms_, left_, ...)    LEFT(LT_OPEN, left_)
#define LEFT_INNER(use_, forms_, left_, ...)   LEFT(LT_INNER, left_)
#define LEFT_AFTER(use_, forms_, left_, ...)   LEFT(LT_AFTER, left_)
#define LEFT_LATER(use_, forms_, left_, ...)   LEFT(LT_LATER, left_)
#define LEFT_KINDS(use_, forms_, left_, ...)   LEFT(LT_KINDS, left_)
#define LEFT_WORD(use_, forms_, left_, ...)    LEFT(LT_WORD, left_)
static const uint32_t by_left[LT_LEFTS] = {
	[LT_START] = 0 LT_PLACES(LEFT_START),	  [LT_TIME] = 0 LT_PLACES(LEFT_TIME),
	[LT_NUMBER] = 0 LT_PLACES(LEFT_NUMBER),	  [LT_COUNT] = 0 LT_PLACES(LEFT_COUNT),
	[LT_NAME] = 0 LT_PLACES(LEFT_NAME),	  [LT_TAG] = 0 LT_PLACES(LEFT_TAG),
	[LT_BRACKET] = 0 LT_PLACES(LEFT_BRACKET), [LT_BAR] = 0 LT_PLACES(LEFT_BAR),
	[LT_OPEN] = 0 LT_PLACES(LEFT_OPEN),	  [LT_INNER] = 0 LT_PLACES(LEFT_INNER),
	[LT_AFTER] = 0 LT_PLACES(LEFT_AFTER),	  [LT_KINDS] = 0 LT_PLACES(LEFT_KINDS),
	[LT_WORD] = 0 LT_PLACES(LEFT_WORD),	  [LT_LATER] = 0 LT_PLACES(LEFT_LATER),
};
_Static_assert(LT_LEFTS == 14, "by_left has a set for each");

#define FORM_LOWER(use_, forms_, ...)	 IF((forms_)&LT_F_LOWER)
#define FORM_TITLE(use_, forms_, ...)	 IF((forms_)&LT_F_TITLE)
#define FORM_CAPITALS(use_, forms_, ...) IF((forms_)&LT_F_CAPITALS)
static const uint32_t by_form[LT_F_CAPITALS + 1] = {
	[LT_F_LOWER] = 0 LT_PLACES(FORM_LOWER),
	[LT_F_TITLE] = 0 LT_PLACES(FORM_TITLE),
	[LT_F_CAPITALS] = 0 LT_PLACES(FORM_CAPITALS),
};

#define USES		  (LT_COLUMN | LT_LABEL | LT_BRACKETS | LT_LEAD)
#define USE_1(use_, ...)  IF((use_)&1)
#define USE_2(use_, ...)  IF((use_)&2)
#define USE_3(use_, ...)  IF((use_)&3)
#define USE_4(use_, ...)  IF((use_)&4)
#define USE_5(use_, ...)  IF((use_)&5)
#define USE_6(use_, ...)  IF((use_)&6)
#define USE_7(use_, ...)  IF((use_)&7)
#define USE_8(use_, ...)  IF((use_)&8)
#define USE_9(use_, ...)  IF((use_)&9)
#define USE_10(use_, ...) IF((use_)&10)
#define USE_11(use_, ...) IF((use_)&11)
#define USE_12(use_, ...) IF((use_)&12)
#define USE_13(use_, ...) IF((use_)&13)
#define USE_14(use_, ...) IF((use_)&14)
#define USE_15(use_, ...) IF((use_)&15)
static const uint32_t by_use[USES + 1] = {
	[1] = 0 LT_PLACES(USE_1),   [2] = 0 LT_PLACES(USE_2),	[3] = 0 LT_PLACES(USE_3),
	[4] = 0 LT_PLACES(USE_4),   [5] = 0 LT_PLACES(USE_5),	[6] = 0 LT_PLACES(USE_6),
	[7] = 0 LT_PLACES(USE_7),   [8] = 0 LT_PLACES(USE_8),	[9] = 0 LT_PLACES(USE_9),
	[10] = 0 LT_PLACES(USE_10), [11] = 0 LT_PLACES(USE_11), [12] = 0 LT_PLACES(USE_12),
	[13] = 0 LT_PLACES(USE_13), [14] = 0 LT_PLACES(USE_14), [15] = 0 LT_PLACES(USE_15),
};

#define RIGHT(use_, forms_, left_, right_, ...) right_,
static const uint32_t rights[] = { LT_PLACES(RIGHT) };

int lt_place_severity(const struct lt_word *word, unsigned form, enum lt_left left, unsigned right)
{
	uint32_t rows = by_left[left] & by_form[form] & by_use[word->use & USES];

	for (; rows != 0; rows &= rows - 1) {
		if (rights[__builtin_ctz(rows)] & right)
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
		return LT_NO_SEVERITY;
	if (*sign == '=' && read->word != NULL && read->word->use & LT_KEY)
		return lt_value_severity(sign + 1, end);
	if (*sign == '.' && lt_is_facility(at, (size_t)(sign - at)))
		return lt_value_severity(sign + 1, end);
	return LT_NO_SEVERITY;
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
		if (severity == LT_NO_SEVERITY && square)
			severity = pair_in_bracket(&read, at, end);
		if (severity != LT_NO_SEVERITY)
			return severity;
		at = read.end;
		while (at < end && lt_is(*at, LT_C_WORD | LT_C_NAME) && *at != '/')
			at++;
		if (read.word == NULL || !(read.word->use & LT_DATE))
			left = *time ? LT_LATER : LT_WORD;
	}
	return LT_NO_SEVERITY;
}
