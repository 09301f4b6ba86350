/* SPDX-License-Identifier: MIT */
/*
 * What surrounds a level word: colours, numbers and times before it, and what stands right behind
 * it. Every function reads only the bytes between its two pointers.
 */
#include "context.h"

#include <syslog.h>

#include "chars.h"
#include "names16.h"
#include "steps16.h"
#include "vocabulary.h"

/* Letters that belong to a time's digits: 2026-11-21T18:50:01Z, 6:50PM. */
static const unsigned char *time_letters(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *after = at;

	while (after < end && after - at <= 2 && lt_is(*after, LT_C_LETTER))
		after++;
	if (after - at == 1 && (*at == 'Z' || *at == 'z'))
		return after;
	if (after - at == 2 && (at[1] | 0x20) == 'm' &&
	    ((at[0] | 0x20) == 'a' || (at[0] | 0x20) == 'p'))
		return after;
	return at;
}

/* Most of what lt_number_end passes, sixteen bytes at a time; it does the rest. */
static const unsigned char *number_by_sixteen(const unsigned char *at, const unsigned char *end,
					      bool *timed)
{
	while (end - at >= 16) {
		lt_bytes16 bytes = lt_load16(at);
		lt_mask digits = lt_mask16(lt_range16(bytes, '0', '9'));
		/* From '+' to ':' stand all that may separate digits, and the digits, but T. */
		lt_bytes16 others = lt_range16(bytes, '+', ':') | lt_equal16(bytes, 'T');
		lt_mask number = digits | (lt_mask16(others) & digits >> 1);
		unsigned length = (unsigned)__builtin_ctz(~number);

		*timed |= (lt_mask16(lt_equal16(bytes, ':')) & ((1u << length) - 1)) != 0;
		at += length;
		if (length < 15) /* whether a last separator counts, the next sixteen say */
			break;
	}
	return at;
}

const unsigned char *lt_number_end(const unsigned char *at, const unsigned char *end, bool *time)
{
	bool timed = false;

	at = number_by_sixteen(at, end, &timed);
	for (; at < end; at++) {
		if (lt_is(*at, LT_C_DIGIT))
			continue;
		if (end - at < 2 || !lt_is(at[1], LT_C_DIGIT))
			break;
		if (*at == ':')
			timed = true;
		else if (*at != '.' && *at != ',' && *at != '-' && *at != '/' && *at != '+' &&
			 *at != 'T')
			break;
	}
	if (timed)
		at = time_letters(at, end);
	*time = timed;
	return at;
}

static inline bool may_say_nothing(unsigned char first)
{
	return first == '0' || (first | 0x20) == 'n' || (first | 0x20) == 'f';
}

/* "errors: 0", "Error: none": the word names a count that is zero. */
static bool says_nothing(const unsigned char *at, const unsigned char *end)
{
	static const char nothing[][6] = { "0", "no", "nil", "null", "none", "false" };

	at = lt_skip_blanks(at, end);
	if (at == end || !may_say_nothing(*at))
		return false;
	for (size_t i = 0; i < sizeof(nothing) / sizeof(*nothing); i++) {
		const unsigned char *p = at;
		const char *word = nothing[i];

		while (p < end && *word != '\0' && (*p | 0x20) == *word) {
			p++;
			word++;
		}
		if (*word == '\0' &&
		    (p == end || *p == ',' || *p == ';' || (*p == '.' && p + 1 == end)))
			return true;
	}
	return false;
}

static unsigned after_colon(const unsigned char *at, const unsigned char *end)
{
	if (at < end && (*at == ':' || *at == '='))
		return LT_R_NONE; /* error::Type, := */
	if (end - at >= 2 && *at == '-' && !lt_is(at[1], LT_C_BLANK))
		return LT_R_NONE; /* error:-1 */
	if (end - at >= 2 && at[0] == '[' && (at[1] == '-' || lt_is(at[1], LT_C_DIGIT)))
		return LT_R_NONE; /* error:[-50] */
	if (end - at >= 2 && at[0] == '/' && at[1] == '/')
		return LT_R_NONE; /* a URL's scheme */
	if (says_nothing(at, end))
		return LT_R_NONE;
	at = lt_skip_blanks(at, end);
	return at == end || lt_is(*at, LT_C_DIGIT) || *at == '-' || *at == '+' || *at == '.'
		       ? LT_R_COLON
		       : LT_R_COLON | LT_R_TEXT;
}

static bool precedes_colon(const unsigned char *at, const unsigned char *end)
{
	at = lt_skip_colour(at, end);
	return at < end && *at == ':';
}

enum {
	NAME_MAX = 16,	/* bytes of a code */
	CODE_MAX = 40,	/* in brackets */
	COLONS_MAX = 3, /* in it */
	TAG_MAX = 80,	/* of a tag */
};

/* A code in brackets in front of the colon: "[E0308]:", "(42):", "(dcc:1025):". */
static bool is_bracketed_code(const unsigned char *at, const unsigned char *end)
{
	if (end - at > CODE_MAX)
		end = at + CODE_MAX;
	at = lt_skip_ascii_name(at + 1, end);
	for (unsigned n = 0; n < COLONS_MAX && at < end && *at == ':'; n++)
		at = lt_skip_ascii_name(at + 1, end);
	return at < end && lt_is(*at, LT_C_CLOSE) && precedes_colon(at + 1, end);
}

/* The same without: "C2065:", "1045 (28000):", and with. */
static bool is_code(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *last;
	unsigned letters = 0;
	unsigned digits = 0;

	if (at < end && lt_is(*at, LT_C_OPEN))
		return is_bracketed_code(at, end);
	for (last = end - at > NAME_MAX ? at + NAME_MAX : end; at < last; at++) {
		unsigned class = lt_class[*at];

		if (class & LT_C_LETTER) {
			if (++letters > 4)
				return false;
		} else if (class & (LT_C_DIGIT | LT_C_NAME)) {
			digits |= class & LT_C_DIGIT;
		} else {
			break;
		}
	}
	if (digits == 0)
		return false;
	if (end - at >= 2 && at[0] == ' ' && at[1] == '(')
		return is_bracketed_code(at + 1, end);
	return precedes_colon(at, end);
}

/* What goes on at `at` as the name of a key or a file: "file=x", "package.json: ". */
static bool is_field(const unsigned char *at, const unsigned char *end)
{
	at = lt_skip_ascii_name(at, end);
	return at < end && (*at == '=' || (*at == ':' && at + 1 < end && lt_is(at[1], LT_C_BLANK)));
}

/* Behind one space: an ordinary word, one that makes a sentence of it, or one that unmakes it. */
static unsigned after_gap(const unsigned char *at, const unsigned char *end)
{
	struct lt_letters next;
	size_t length;

	if (is_code(at, end))
		return LT_R_CODE;
	if (!lt_is(*at, LT_C_LETTER))
		return LT_R_GAP;
	next = lt_letters_read(at, end);
	if (next.end < end &&
	    (*next.end == '=' || (lt_is(*next.end, LT_C_NAME) && *next.end != '\'')))
		return is_field(next.end, end) ? LT_R_GAP | LT_R_FIELD : LT_R_GAP;
	if (next.word && next.word->use & LT_NOUN)
		return LT_R_NOUN;
	if (next.word && next.word->use & LT_LINK)
		return LT_R_LINK;
	length = (size_t)(next.end - at);
	if (length > 4 && next.form == LT_F_LOWER && next.end[-3] == 'i' && next.end[-2] == 'n' &&
	    next.end[-1] == 'g')
		return LT_R_LINK;
	return next.form == LT_F_TITLE && length > 1 ? LT_R_GAP | LT_R_TITLE : LT_R_GAP;
}

static unsigned after_blanks(const unsigned char *blank, const unsigned char *end, bool bracketed)
{
	const unsigned char *at = lt_skip_colour(lt_skip_blanks(blank, end), end);
	bool wide = at - blank > 1 || *blank == '\t';

	if (at == end)
		return bracketed ? LT_R_CLOSE : LT_R_END;
	switch (*at) {
	case ':':
		if (at + 1 == end || lt_is(at[1], LT_C_BLANK))
			return after_colon(at + 1, end);
		break;
	case '=':
		return LT_R_NONE; /* the name of a value */
	case '|':
		return LT_R_BAR;
	case '-':
		if (at + 1 == end || lt_is(at[1], LT_C_BLANK | LT_C_NAME))
			return LT_R_DASH;
		break;
	case '[':
	case '(':
	case '<':
	case '{':
		return is_code(at, end) ? LT_R_CODE | LT_R_BRACKET : LT_R_BRACKET;
	default:
		break;
	}
	return wide ? LT_R_WIDE : after_gap(at, end);
}

/* "/Tag:", "/Tag( 123)", "/Tag ]": a name of two letters at least, unlike "I/O". */
static bool is_tagged(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *name = ++at;

	if (end - at > TAG_MAX)
		end = at + TAG_MAX;
	at = lt_skip_ascii_name(at, end);
	if (at - name < 2)
		return false;
	at = lt_skip_blanks(at, end);
	return at == end || *at == ':' || *at == '(' || *at == ']';
}

unsigned lt_right_of(const unsigned char *at, const unsigned char *end, bool bracketed)
{
	const unsigned char *plain = lt_skip_colour(at, end);
	unsigned colour = plain != at ? LT_R_COLOUR : 0;

	at = plain;
	if (end - at > 2 && at[0] == ':' && at[1] == ' ' && lt_is(at[2], LT_C_LETTER) &&
	    !may_say_nothing(at[2]))
		return LT_R_COLON | LT_R_TEXT; /* nearly all labels */
	if (at == end)
		return (bracketed ? LT_R_CLOSE : LT_R_END) | colour;
	switch (*at) {
	case ' ':
	case '\t':
		return after_blanks(at, end, bracketed) | colour;
	case ':':
		return after_colon(at + 1, end);
	case '[':
		if (is_code(at, end))
			return LT_R_CODE;
		return LT_R_BRACKET | colour;
	case '(':
		return is_code(at, end) ? LT_R_CODE : LT_R_NONE;
	case ',':
	case ';':
		return LT_R_COMMA;
	case '|':
		return LT_R_BAR;
	case '"':
		return at + 1 == end || at[1] == ',' ? LT_R_BAR : LT_R_NONE;
	case '!':
		return LT_R_BANG;
	case '/':
		return is_tagged(at, end) ? LT_R_SLASH | LT_R_LOGGER : LT_R_SLASH;
	case 0xc2: /* U+00A0, which French puts before a colon */
	case 0xef:
		return lt_precedes_colon(at, end) ? LT_R_COLON | LT_R_TEXT : LT_R_NONE;
	default:
		return LT_R_NONE;
	}
}

static bool are_digits(const unsigned char *at, const unsigned char *end, size_t count)
{
	if ((size_t)(end - at) < count)
		return false;
	while (count-- > 0) {
		if (!lt_is(*at++, LT_C_DIGIT))
			return false;
	}
	return true;
}

/*
 * "1121 18:50:01"; with the year "20261121" in glog, "261121" in CockroachDB; "501 18:50:01" in
 * PyTorch; "1121 185001" in the first glog.
 */
static bool is_glog(const unsigned char *at, const unsigned char *end)
{
	size_t digits = are_digits(at, end, 8)	 ? 8
			: are_digits(at, end, 6) ? 6
			: are_digits(at, end, 4) ? 4
						 : 3;

	if (!are_digits(at, end, digits) || (size_t)(end - at) <= digits + 3 || at[digits] != ' ')
		return false;
	at += digits + 1;
	return (are_digits(at, end, 2) && at[2] == ':') ||
	       (are_digits(at, end, 6) && end - at > 6 && at[6] == ' ');
}

enum {
	WORD_MAX = 20,	/* bytes of a word, and what follows it */
	VALUE_MAX = 80, /* of a value that is a word, with its colours */
};

/* A word in small letters and another behind it. */
static bool begins_sentence(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *word = at;

	if (end - at > WORD_MAX)
		end = at + WORD_MAX;
	while (at < end && lt_is(*at, LT_C_LOWER))
		at++;
	return at > word && end - at >= 2 && *at == ' ' && lt_is(at[1], LT_C_LETTER);
}

unsigned lt_right_of_letter(const unsigned char *at, const unsigned char *end, bool bracketed)
{
	const unsigned char *next = at;

	if (at < end && lt_is(*at, LT_C_DIGIT))
		return is_glog(at, end) ? LT_R_GLOG : LT_R_NONE;
	if (at < end && *at == '/')
		return is_tagged(at, end) ? LT_R_TAGGED : LT_R_NONE;
	if (end - at >= 3 && at[0] == ',' && at[1] == ' ' && at[2] == '[')
		return LT_R_PROGNAME;
	if (end - at >= 2 && at[0] == ':') {
		if (at[1] != ' ' || (end - at > 2 && lt_is(at[2], LT_C_DIGIT)))
			return LT_R_NONE; /* "W: 100 H: 200" */
		return at[-1] == 'I' && begins_sentence(at + 2, end) ? LT_R_NONE : LT_R_COLON;
	}
	if (end - at >= 2 && at[0] == '!' && at[1] == ' ')
		return LT_R_BANG;
	if (end - at >= 4 && at[0] == ' ' && at[1] == '[' && are_digits(at + 2, end, 2))
		return LT_R_TICKS | LT_R_BRACKET;
	if (end - at >= 4 && at[0] == ' ' && at[1] == '(' && lt_is(at[2], LT_C_DIGIT)) {
		next = at + 2;
		while (next < end && lt_is(*next, LT_C_DIGIT))
			next++;
		return next < end && *next == ')' ? LT_R_TICKS : LT_R_NONE;
	}
	if (bracketed)
		return at == end						? LT_R_CLOSE
		       : *at == ' ' && at + 1 < end && lt_is(at[1], LT_C_DIGIT) ? LT_R_GAP
										: LT_R_NONE;
	if (end - at < 2 || !lt_is(*at, LT_C_BLANK))
		return LT_R_NONE;
	next = lt_skip_blanks(at, end);
	if (next < end && *next == '|')
		return LT_R_BAR;
	if (next - at == 1 && begins_sentence(next, end))
		return LT_R_LINK; /* "I think" */
	if (next + 1 < end && *next == '-' && next[1] == ' ')
		return LT_R_GAP; /* an empty column */
	if (next < end && *next == '[')
		return LT_R_BRACKET;
	if (*at == '\t')
		return LT_R_NONE; /* a flag among the values of a table */
	return next < end && lt_is(*next, LT_C_LETTER) ? LT_R_GAP : LT_R_NONE;
}

int lt_value_severity(const unsigned char *at, const unsigned char *end)
{
	struct lt_letters value;

	if (end - at > VALUE_MAX)
		end = at + VALUE_MAX;
	at = lt_skip_colour(at, end);
	if (at < end && (*at == '"' || *at == '\''))
		at = lt_skip_colour(at + 1, end);
	if (at == end || !lt_is(*at, LT_C_LETTER))
		return LT_SEVERITY_NONE;
	value = lt_letters_read(at, end);
	if (value.end < end && lt_is(*value.end, LT_C_NAME))
		return LT_SEVERITY_NONE;
	if (value.end - at == 1)
		return lt_letter_severity(*at, "EWIFDVNC");
	return value.word ? value.word->severity : LT_SEVERITY_NONE;
}
