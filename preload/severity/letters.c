/* SPDX-License-Identifier: MIT */
/*
 * The fields of a line's head that begin with letters: words, levels in their places, the
 * beginnings of names and sentences. Reads only up to the walk's end.
 *
 * noinline, here and in stream.c: what such a function keeps is on the stack while it runs, and not
 * below the rest of the walk; a line is read on the stack of whoever logs.
 */
#include <syslog.h>

#include "chars.h"
#include "context.h"
#include "forms.h"
#include "places.h"
#include "sentence.h"
#include "severity.h"
#include "vocabulary.h"
#include "walk.h"

enum {
	CAPITALS_MAX = 6, /* columns in capitals of a line with numbers; else it is shouting: */
	SHOUTING = 2,
	KINDS_MAX = 3, /* "internal compiler error:" */
};

/* Whether a message may begin here: behind a bare number or a column it is one more column. */
static bool begins_message(enum lt_left left)
{
	return (LT_L_HEAD | LT_L(LT_KINDS) | LT_L(LT_BAR)) >> left & 1;
}

/* "line 3:", "col 10,": more of the place, behind its word. */
static bool skip_position(struct lt_walk *w)
{
	const unsigned char *digit = lt_skip_blanks(w->at, w->end);
	bool time;

	if (digit == w->at || digit == w->end || !lt_is(*digit, LT_C_DIGIT) ||
	    !lt_spend(w, LT_WORK_NUMBER))
		return false;
	w->at = lt_number_end(digit, w->end, &time);
	w->left = w->left == LT_START ? LT_COUNT : LT_NUMBER;
	if (w->at < w->end && *w->at == ':') {
		w->left = LT_TAG;
		w->head.tagged = true;
		w->head.program |= !w->head.dated && !w->indented;
		w->head.message = w->at + 1;
		w->at++;
	} else if (w->at < w->end && *w->at == ',') {
		w->left = LT_NUMBER;
		w->at++;
	}
	return true;
}

/* A run of letters that is a field by itself, and no level. */
static __attribute__((noinline)) int plain_word(struct lt_walk *w, const struct lt_letters *read)
{
	w->at = read->end;
	if (read->word && read->word->use & LT_DATE && read->form != LT_F_LOWER) {
		w->left = w->left == LT_START ? LT_NUMBER : w->left;
		return LT_MORE;
	}
	if (read->word && read->word->use & LT_KIND && begins_message(w->left)) {
		if (w->kind == LT_SEVERITY_NONE)
			w->kind = read->word->severity;
		w->left = LT_KINDS;
		return w->kinds++ < KINDS_MAX ? LT_MORE : LT_SEVERITY_NONE;
	}
	if (read->word && read->word->use & LT_PROSE)
		return LT_SEVERITY_NONE;
	if (read->word && read->word->use & LT_POSITION && w->left != LT_WORD && skip_position(w))
		return LT_MORE;
	if (read->form == LT_F_CAPITALS) {
		w->left = LT_NAME;
		return ++w->capitals > (w->numbered ? CAPITALS_MAX : SHOUTING) ? LT_SEVERITY_NONE
									       : LT_MORE;
	}
	if (w->left == LT_TIME && read->form == LT_F_LOWER) {
		w->left = LT_NAME; /* the host of a syslog line */
		return LT_MORE;
	}
	if (w->end - read->end >= 2 &&
	    (*read->end == '\t' || (read->end[0] == ' ' && read->end[1] == ' '))) {
		w->left = LT_NAME; /* padded: a column */
		return w->words-- > 0 ? LT_MORE : LT_SEVERITY_NONE;
	}
	if (read->form == 0 && w->words > 0) {
		w->left = LT_WORD; /* camel case: a function, a class */
		return LT_MORE;
	}
	w->left = LT_WORD;
	return w->words-- > 0 ? LT_MORE : LT_SEVERITY_NONE;
}

/* "level: error" and "Severity: Warning" in the head, but not "Log level: error". */
static int labelled_value(const struct lt_letters *read, struct lt_walk *w)
{
	const unsigned char *at = lt_skip_colour(read->end, w->end);

	if (w->left == LT_WORD || at == w->end || *at != ':' || !lt_begins_field(w, w->at) ||
	    !lt_spend(w, LT_WORK_KEY))
		return LT_SEVERITY_NONE;
	return lt_value_severity(lt_skip_blanks(at + 1, w->end), w->end);
}

/* The letters as a level in its place, or LT_SEVERITY_NONE. */
static __attribute__((noinline)) int level_here(struct lt_walk *w, const struct lt_letters *read)
{
	const unsigned char *end = read->end;
	unsigned right;
	int severity;

	if (end - w->at == 1 && lt_letter_severity(*w->at, NULL) == LT_SEVERITY_NONE)
		return LT_SEVERITY_NONE;
	if (end - w->at == 1)
		return lt_spend(w, LT_WORK_LEVEL)
			       ? lt_letter_place_severity(*w->at, w->left,
							  lt_right_of_letter(end, w->end, false))
			       : LT_SEVERITY_NONE;
	if (!read->word)
		return LT_SEVERITY_NONE;
	if (read->word->use & LT_KEY)
		return labelled_value(read, w);
	if (!lt_may_be_level(read))
		return LT_SEVERITY_NONE;
	if (end < w->end && lt_is(*end, LT_C_DIGIT) && lt_may_be_numbered(read))
		end++; /* "debug1:", "trace8:", "ERROR2" */
	if (!lt_spend(w, LT_WORK_LEVEL))
		return LT_SEVERITY_NONE;
	right = lt_right_of(end, w->end, false);
	if (w->indented && w->left == LT_START && read->form == LT_F_LOWER)
		right &= LT_R_COLON | LT_R_CODE | LT_R_COLOUR; /* a list of names, wrapped text */
	severity = lt_place_severity(read->word, read->form, w->left, right);
	if (w->left == LT_KINDS && w->kind >= 0 && w->kind < severity)
		return w->kind;
	return severity;
}

/* Whether a name goes on behind its first letters, or is made a tag by what follows. */
static bool goes_on(struct lt_walk *w, const struct lt_letters *read)
{
	const unsigned char *end = w->end;
	unsigned char c;

	if (read->end == end)
		return read->form == 0; /* a camel-case name may be an exception's */
	c = *read->end;
	if (c == 0x1b) /* a coloured key */
		return lt_spend(w, 2 * LT_WORK_COLOUR) && lt_is_assigned(read->end, end);
	return lt_is(c, LT_C_WORD | LT_C_NAME) || c == ':' || c == '[' || c == '(' || c == '=';
}

/* Whether a sentence begins here, by the fast path; asked where most messages begin. */
static bool begins_sentence(const struct lt_walk *w)
{
	return (w->left == LT_TAG || w->left == LT_BRACKET) && w->words > 0 &&
	       lt_begins_plainly(w->at, w->end, w->words, lt_stop_bits);
}

/* What follows letters that a name goes on behind: they are no word. */
static bool goes_on_plainly(unsigned char next)
{
	return next == '.' || next == '_' || next == '-' || next == '@' || next == '\\';
}

/* "R30-M0-N9": one letter that is none of the levels', and a digit. */
static bool is_place(unsigned char letter, unsigned letters, unsigned char next)
{
	return letters == 1 && lt_is(next, LT_C_DIGIT) &&
	       lt_letter_severity(letter, NULL) == LT_SEVERITY_NONE;
}

/* What else two letters may begin: Ruby's "in `take': ...", ESXi's "Wa(180)". */
static int pair_severity(struct lt_walk *w, const struct lt_letters *read)
{
	const unsigned char *start = w->at;

	if (w->left == LT_TAG && lt_is_ruby_exception(start, w->end)) {
		w->flags = LT_P_WEAK;
		return LOG_ERR;
	}
	return w->head.dated && read->form == LT_F_TITLE ? lt_esxi_severity(start, w->end)
							 : LT_SEVERITY_NONE;
}

int lt_walk_letters(struct lt_walk *w, const struct lt_lead *lead)
{
	const unsigned char *start = w->at;
	const unsigned char *behind = start + lead->letters;
	struct lt_letters read;
	int severity;

	if (lead->whole && lead->letters < 16) {
		if (goes_on_plainly(*behind) || is_place(*start, lead->letters, *behind)) {
			w->at = behind;
			return lt_walk_name(w, start);
		}
		if (*behind == '=')
			return lt_walk_pairs(w, start, behind);
		if (*behind == ' ' && begins_sentence(w))
			return LT_SEVERITY_NONE;
	}
	if (!lt_spend(w, LT_WORK_LETTERS))
		return LT_SEVERITY_NONE;
	read = lt_letters_of(lead, start, w->end);
	severity = level_here(w, &read);
	if (severity == LT_SEVERITY_NONE && lead->letters == 2)
		severity = pair_severity(w, &read);
	if (severity != LT_SEVERITY_NONE)
		return severity;
	if (read.end < w->end && *read.end == '\'')
		return LT_SEVERITY_NONE; /* "can't": a sentence */
	if (!goes_on(w, &read))
		return plain_word(w, &read);
	w->at = read.end;
	return lt_walk_name(w, start);
}
