/* SPDX-License-Identifier: MIT */
/*
 * Walks the head of a line, the columns that stand before the message: times, numbers, hosts,
 * program tags, brackets. A level word counts there, in the places that dialects.tsv lists, and
 * nowhere else; the first sentence ends the walk. Where it finds none, the end of the line may say
 * that something failed. Keeps no state; reads only the bytes that severity.h names.
 */
#include "line.h"

#include <string.h>
#include <syslog.h>

#include "chars.h"
#include "context.h"
#include "forms.h"
#include "heads.h"
#include "json.h"
#include "places.h"
#include "sentence.h"
#include "severity.h"
#include "steps16.h"
#include "vocabulary.h"
#include "walk.h"

enum {
	WORK_MAX = 190,	  /* of a head; RAS lines, the dearest ones known, take 168 */
	CAPITALS_MAX = 6, /* columns in capitals of a line with numbers; else it is shouting: */
	SHOUTING = 2,
	INSIDE_MAX = 56, /* of struct lt_inside; the dearest ones known take 43 */
	KINDS_MAX = 3,	 /* "internal compiler error:" */
};

/* A quote that opens a cell of comma-separated values, unlike one in a sentence. */
static bool is_cell(const struct lt_walk *w)
{
	return w->left == LT_START || (w->left != LT_WORD && w->at[-1] == ',');
}

/* Skips what separates fields: blanks, borders, colours, symbols beyond ASCII. Was there any? */
static bool skip_separators(struct lt_walk *w)
{
	const unsigned char *start = w->at;

	w->barred = false;
	while (w->at < w->end && lt_spend(w, LT_WORK_SEPARATOR)) {
		unsigned char c = *w->at;
		size_t step = 1;

		if (c == '|' || (c == '"' && is_cell(w))) {
			w->barred = true;
		} else if (c == '"') {
			step = (size_t)(w->end - w->at); /* a quotation: the message */
		} else if (c == 0x1b) {
			const unsigned char *after = lt_skip_colour(w->at, w->end);

			step = after == w->at ? 1 : (size_t)(after - w->at);
		} else if (c == 0xe2 || c == 0xef) {
			step = 3;
		} else if (c == 0xf0) {
			step = 4;
		} else if (c == '-') {
			while (w->at + step < w->end && w->at[step] == '-')
				step++;
			if (w->at + step < w->end && !w->barred &&
			    !lt_is(w->at[step], LT_C_BLANK | LT_C_CLOSE))
				break;
		} else if (!lt_is(c, LT_C_BLANK | LT_C_CLOSE | LT_C_SEPARATOR) && c != '*' &&
			   c != '#' && c != '!' && c != ':' && c != '=') {
			break;
		}
		if (c == ':' && (w->left == LT_WORD || w->left == LT_NAME))
			w->left = LT_TAG; /* a column that is padded before its colon */
		w->at += step < (size_t)(w->end - w->at) ? step : (size_t)(w->end - w->at);
		if (step == 1 && w->at < w->end && *w->at == c && c != 0x1b)
			w->at = lt_skip_same(w->at, w->end, c);
	}
	return w->at != start;
}

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

	if (digit == w->at || digit == w->end || !lt_is(*digit, LT_C_DIGIT))
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
static int plain_word(struct lt_walk *w, const struct lt_letters *read)
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
	for (at++; at < w->end && lt_is(*at, LT_C_BLANK); at++)
		;
	return lt_value_severity(at, w->end);
}

/* The letters as a level in its place, or LT_SEVERITY_NONE. */
static int level_here(struct lt_walk *w, const struct lt_letters *read)
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
static bool goes_on(const struct lt_letters *read, const unsigned char *end)
{
	unsigned char c;

	if (read->end == end)
		return read->form == 0; /* a camel-case name may be an exception's */
	c = *read->end;
	if (c == 0x1b) /* a coloured key */
		return lt_is_assigned(read->end, end);
	return lt_is(c, LT_C_WORD | LT_C_NAME) || c == ':' || c == '[' || c == '(' || c == '=';
}

/* Whether a sentence begins here, by the fast path; asked where most messages begin. */
static bool begins_sentence(const struct lt_walk *w)
{
	return (w->left == LT_TAG || w->left == LT_BRACKET) && w->words > 0 &&
	       lt_begins_plainly(w->at, w->end, w->words);
}

/* Letters that a name goes on behind: no word. Their number, or 0. */
static unsigned begins_name(const struct lt_walk *w)
{
	unsigned length;
	unsigned char next;

	if (w->end - w->at < 17)
		return 0;
	length = (unsigned)__builtin_ctz(~lt_letters16(lt_load16(w->at)));
	next = w->at[length];
	return next == '.' || next == '_' || next == '-' || next == '@' || next == '\\' ? length
											: 0;
}

static int letters(struct lt_walk *w)
{
	const unsigned char *start = w->at;
	unsigned length = begins_name(w);
	struct lt_letters read;
	int severity;

	if (length > 0) {
		w->at += length;
		return lt_walk_name(w, start);
	}
	if (begins_sentence(w))
		return LT_SEVERITY_NONE;
	read = lt_letters_read(start, w->end);
	severity = level_here(w, &read);
	if (severity != LT_SEVERITY_NONE)
		return severity;
	if (read.end - start == 2 && w->left == LT_TAG && lt_is_ruby_exception(start, w->end)) {
		w->flags = LT_P_WEAK;
		return LOG_ERR;
	}
	if (read.end - start == 2 && w->head.dated && read.form == LT_F_TITLE) {
		severity = lt_esxi_severity(start, w->end);
		if (severity != LT_SEVERITY_NONE)
			return severity;
	}
	if (read.end < w->end && *read.end == '\'')
		return LT_SEVERITY_NONE; /* "can't": a sentence */
	if (!goes_on(&read, w->end))
		return plain_word(w, &read);
	w->at = read.end;
	return lt_walk_name(w, start);
}

/* BuildKit's step: "#12 ERROR: ...", which counts nothing. */
static bool is_step(const struct lt_walk *w, const unsigned char *digit)
{
	return digit > w->line && digit[-1] == '#';
}

static int number(struct lt_walk *w)
{
	const unsigned char *start = w->at;
	int severity;
	bool time;

	w->at = lt_number_end(start, w->end, &time);
	if (w->end - w->at > 2 && w->at[0] == ':' && lt_is(w->at[1], LT_C_UPPER)) {
		severity = lt_redis_severity(start, w->end);
		if (severity != LT_SEVERITY_NONE)
			return severity;
	}
	w->numbered = true;
	if (time) {
		w->head.dated = true;
		w->words = 2;
	}
	if (w->end - w->at > 2 && w->at[0] == '=' && w->at[1] == '=') {
		w->left = LT_TAG; /* "==31==": sanitizers, valgrind */
		w->at += 2;
		return LT_MORE;
	}
	if (w->at < w->end && lt_is(*w->at, LT_C_WORD | LT_C_NAME)) {
		severity = lt_walk_name(w, start);
		if (severity == LT_MORE && w->left == LT_NAME)
			w->left = time ? LT_TIME : LT_NUMBER;
		return severity;
	}
	if (time)
		w->left = LT_TIME;
	else if (w->at < w->end && *w->at == ':')
		w->left = LT_TAG;
	else
		w->left = w->left == LT_START && w->at - start <= 4 && !is_step(w, start)
				  ? LT_COUNT
				  : LT_NUMBER;
	if (w->at < w->end && *w->at == ':')
		w->at++;
	return LT_MORE;
}

/* <Error> is a level only where nothing but its name stands in it and no markup follows. */
static bool is_angle_level(const unsigned char *at, const unsigned char *close,
			   const unsigned char *end)
{
	while (++at < close) {
		if (!lt_is(*at, LT_C_LETTER))
			return false;
	}
	return close + 1 == end || lt_is(close[1], LT_C_BLANK) || close[1] == ':';
}

/* "[C]: in ?", a frame of Lua's; "  [D]      - use zero", a row of a list of options. */
static bool is_list_item(const struct lt_walk *w, const unsigned char *start,
			 const unsigned char *close)
{
	if (close - start != 2 || w->left != LT_START || w->end - close < 3)
		return false;
	if (start[1] == 'C' && close[1] == ':')
		return true;
	return w->indented && lt_is(close[1], LT_C_BLANK) && lt_is(close[2], LT_C_BLANK);
}

/* Elixir: "** (RuntimeError) boom", "** (EXIT from #PID<0.94.0>) ..."; GLib has a colon behind. */
static bool is_elixir(const struct lt_walk *w, const unsigned char *start,
		      const unsigned char *close)
{
	return start - w->line >= 3 && memcmp(start - 3, "** ", 3) == 0 &&
	       lt_is(start[1], LT_C_UPPER) && w->end - close > 1 && close[1] == ' ';
}

static bool is_hexadecimal(const unsigned char *at, const unsigned char *end)
{
	while (at < end && (lt_is(*at, LT_C_DIGIT) || ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'f')))
		at++;
	return at == end;
}

/* "[21/Nov/2026:18:50:01 +0000]", the time of an access log. */
static bool is_access_time(const unsigned char *start, const unsigned char *close)
{
	return close - start == 27 && start[3] == '/' && start[7] == '/' && start[12] == ':' &&
	       lt_is(start[1], LT_C_DIGIT) && lt_is(start[26], LT_C_DIGIT);
}

/* The level inside a bracket; its work is the line's, too. */
static int inside(struct lt_walk *w, const unsigned char *open, const unsigned char *close)
{
	unsigned before = w->inside.budget;
	int severity = lt_bracket_severity(open + 1, close, *open == '[', &w->inside);

	lt_spend(w, before - w->inside.budget);
	return severity;
}

static int bracket(struct lt_walk *w)
{
	const unsigned char *start = w->at;
	const unsigned char *close;
	enum lt_left left = w->left;
	bool time;
	int severity;

	if (*start == '{') {
		const unsigned char *at = start + 1;

		while (at < w->end && lt_is(*at, LT_C_BLANK))
			at++;
		if (at < w->end && *at == '"')
			return lt_json_severity(start, w->limit);
	}
	close = lt_walk_closing(w, start);
	if (!close) {
		w->at++;
		return LT_MORE;
	}
	if (is_access_time(start, close)) {
		w->at = close + 1;
		w->left = left == LT_START ? LT_TIME : LT_BRACKET;
		w->head.dated = true;
		w->numbered = true;
		return LT_MORE;
	}
	if (!lt_spend(w, LT_WORK_BRACKET + (unsigned)(close - start) / LT_WORK_BYTES))
		return LT_SEVERITY_NONE;
	w->inside.time = w->head.dated;
	if (is_list_item(w, start, close))
		return LT_SEVERITY_NONE;
	severity =
		*start == '[' ? lt_redis_severity(start, w->end) : lt_marker_severity(start, close);
	if (severity == LT_SEVERITY_NONE && *start == '(' && is_elixir(w, start, close))
		severity = LOG_ERR;
	if (severity == LT_SEVERITY_NONE && (*start != '<' || is_angle_level(start, close, w->end)))
		severity = inside(w, start, close);
	if (severity == LT_SEVERITY_NONE && left == LT_BRACKET && w->end - close > 1 &&
	    close[1] == ':')
		severity = lt_sssd_severity(start, close);
	time = w->inside.time;
	w->head.dated |= time;
	w->numbered |= time;
	if (severity != LT_SEVERITY_NONE && (left != LT_WORD || w->head.dated))
		return severity;
	w->at = close + 1;
	w->left = time && left == LT_START ? LT_TIME : LT_BRACKET;
	if (close - start > 8 && is_hexadecimal(start + 1, close))
		w->words = 2; /* VLC: "[000055d0] main interface error: ..." */
	if (w->at < w->end && *w->at == ':') {
		w->left = LT_TAG;
		w->at++;
	}
	return LT_MORE;
}

static __attribute__((noinline)) int phrase_slow(struct lt_walk *w)
{
	const struct lt_phrase *found;
	unsigned places = 0;

	if (!lt_spend(w, LT_WORK_PHRASE))
		return LT_SEVERITY_NONE;
	if (w->failures && w->left == LT_START && !w->indented && w->at == w->line)
		places = LT_P_OPENING;
	else if (w->failures && w->head.program && (w->left == LT_TAG || w->left == LT_BRACKET))
		places = LT_P_TAGGED;
	found = lt_phrase_find(w->at, w->end, places);
	if (!found || (found->flags & LT_P_LABEL && w->left == LT_WORD))
		return LT_SEVERITY_NONE;
	w->flags = found->flags;
	return found->severity;
}

/* Nearly all fields begin none. */
static inline int phrase(struct lt_walk *w)
{
	return lt_may_begin_phrase(w->at, w->end) ? phrase_slow(w) : LT_SEVERITY_NONE;
}

/* "-x ", and "--long" where a line begins: a command line, a list of options. */
static bool is_option(const struct lt_walk *w)
{
	const unsigned char *at = w->at;

	if (w->end - at <= 2)
		return false;
	if (lt_is(at[1], LT_C_LETTER) && at[2] == ' ')
		return true;
	at += at[1] == '-';
	return w->left == LT_START && lt_is(at[1], LT_C_LETTER);
}

/* One field of the head: a severity, LT_SEVERITY_NONE for "the message begins", or LT_MORE. */
static int field(struct lt_walk *w)
{
	unsigned char c = *w->at;
	int severity;

	if (lt_is(c, LT_C_OPEN))
		return bracket(w);
	if (lt_is(c, LT_C_DIGIT))
		return number(w);
	if (lt_is(c, LT_C_LETTER))
		return letters(w);
	if (c == '%') {
		severity = lt_cisco_severity(w->at, w->end);
		if (severity != LT_SEVERITY_NONE)
			return severity;
	}
	if (c == '-' && is_option(w))
		return LT_SEVERITY_NONE;
	return lt_walk_name(w, w->at);
}

/* What separates fields, at the walk's place: true where the message begins behind it. */
static bool separators(struct lt_walk *w, int *severity)
{
	const unsigned char *behind;

	behind = *w->at == '"' && w->left != LT_WORD ? lt_quoted_file_end(w->at, w->end) : NULL;
	if (behind) {
		w->at = behind;
		w->left = LT_TAG;
		return false;
	}
	if (w->left == LT_START && *w->at == '>' && w->end - w->at > 1 && w->at[1] == ' ')
		return true; /* quoted, or a side of a diff */
	if (skip_separators(w))
		*severity = phrase(w);
	if (w->barred)
		w->left = LT_BAR;
	return false;
}

static int head_severity(struct lt_walk *w)
{
	int severity = LT_SEVERITY_NONE;

	lt_skip_head(w);
	while (lt_spend(w, LT_WORK_FIELD)) {
		w->at = lt_skip_blanks(w->at, w->end);
		if (w->at == w->end)
			return LT_SEVERITY_NONE;
		severity = phrase(w); /* may begin with what otherwise separates: "*** " */
		if (severity == LT_SEVERITY_NONE && !lt_is(*w->at, LT_C_WORD | LT_C_OPEN)) {
			const unsigned char *before = w->at;

			if (separators(w, &severity))
				return LT_SEVERITY_NONE;
			if (severity == LT_SEVERITY_NONE && w->left == LT_TAG && w->at > before &&
			    *before == '"')
				continue; /* a file's name in quotes */
		}
		if (severity != LT_SEVERITY_NONE || w->at == w->end)
			return severity;
		severity = field(w);
		if (severity != LT_MORE)
			return severity;
	}
	return LT_SEVERITY_NONE;
}

int lt_line_severity(const struct lt_span *line, enum lt_detect detect, unsigned *flags)
{
	const unsigned char *at = line->at;
	size_t length = line->length;
	struct lt_walk w = {
		.line = at,
		.at = at,
		.end = at + (length < LT_SEVERITY_WINDOW ? length : LT_SEVERITY_WINDOW),
		.limit = at + (length < LT_SEVERITY_OBJECT ? length : LT_SEVERITY_OBJECT),
		.kind = LT_SEVERITY_NONE,
		.words = 1,
		.work = WORK_MAX,
		.inside.budget = INSIDE_MAX,
		.indented = lt_is(*at, LT_C_BLANK),
		.failures = detect == LT_DETECT_ON,
	};
	int severity = head_severity(&w);

	*flags = w.flags;
	if (*at == '{' && severity == LT_SEVERITY_NONE)
		return LT_SEVERITY_NONE; /* an object is no sentence */
	if (severity == LT_SEVERITY_NONE && lt_has_either(at, w.end, LT_SENTENCE_BYTES))
		severity = lt_sentence_severity(at, w.end);
	if (severity == LT_SEVERITY_NONE && w.failures && !w.indented &&
	    lt_reports_failure(at, at + length, &w.head))
		severity = LOG_ERR;
	return severity;
}
