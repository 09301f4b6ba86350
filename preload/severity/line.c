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

/* A quote that opens a cell of comma-separated values, unlike one in a sentence. */
static bool is_cell(const struct lt_walk *w)
{
	return w->left == LT_START || (w->left != LT_WORD && w->at[-1] == ',');
}

/* What stands between fields, by its first byte. */
enum separator {
	NONE,
	PLAIN,
	BAR,
	QUOTE,
	HYPHEN,
	COLON,
	COLOUR,
	OPENING,
	SYMBOL_OF_3,
	SYMBOL_OF_4
};

static const uint8_t separators_by_byte[256] = {
	[' '] = PLAIN,	      ['\t'] = PLAIN,	[')'] = PLAIN,	      [']'] = PLAIN,
	['>'] = PLAIN,	      ['}'] = PLAIN,	[','] = PLAIN,	      [';'] = PLAIN,
	['*'] = PLAIN,	      ['#'] = PLAIN,	['!'] = PLAIN,	      ['='] = PLAIN,
	['|'] = BAR,	      ['"'] = QUOTE,	['-'] = HYPHEN,	      [':'] = COLON,
	[0x1b] = COLOUR,      [0xe3] = OPENING, [0xe2] = SYMBOL_OF_3, [0xef] = SYMBOL_OF_3,
	[0xf0] = SYMBOL_OF_4,
};

/* Behind the hyphens at `at`; `at` where they begin a word, which is a field. */
static const unsigned char *skip_hyphens(const struct lt_walk *w, const unsigned char *at)
{
	const unsigned char *behind = lt_skip_same(at, w->end, '-');

	return behind < w->end && !w->barred && !lt_is(*behind, LT_C_BLANK | LT_C_CLOSE) ? at
											 : behind;
}

/* Behind one separator; `at` where there is none. */
static const unsigned char *skip_separator(struct lt_walk *w, const unsigned char *at,
					   enum separator kind)
{
	const unsigned char *behind;
	size_t length = kind == SYMBOL_OF_4 ? 4 : 3;

	switch (kind) {
	case BAR:
		w->barred = true;
		return lt_skip_same(at, w->end, *at);
	case QUOTE:
		if (!is_cell(w))
			return w->end; /* a quotation: the message */
		w->barred = true;
		return lt_skip_same(at, w->end, *at);
	case HYPHEN:
		return skip_hyphens(w, at);
	case COLON:
		if (w->left == LT_WORD || w->left == LT_NAME)
			w->left = LT_TAG; /* a column that is padded before its colon */
		return lt_skip_same(at, w->end, ':');
	case COLOUR:
		lt_spend(w, LT_WORK_COLOUR);
		behind = lt_skip_colour(at, w->end);
		return behind == at ? at + 1 : behind;
	case OPENING: /* U+3010, Chinese's bracket, among letters that begin with the same byte */
		return w->end - at > 3 && at[1] == 0x80 && at[2] == 0x90 ? at + 3 : at;
	default:
		return length < (size_t)(w->end - at) ? at + length : w->end;
	}
}

/* Skips what separates fields: blanks, borders, colours, symbols beyond ASCII. Was there any? */
static bool skip_separators(struct lt_walk *w)
{
	const unsigned char *start = w->at;

	w->barred = false;
	while (w->at < w->end && lt_spend(w, LT_WORK_SEPARATOR)) {
		unsigned char c = *w->at;
		enum separator kind = separators_by_byte[c];
		const unsigned char *at = w->at;

		if (kind == NONE)
			break;
		if (kind == PLAIN) {
			w->at++;
			if (w->at < w->end && *w->at == c)
				w->at = lt_skip_same(w->at, w->end, c);
			continue;
		}
		w->at = skip_separator(w, at, kind);
		if (w->at == at)
			break;
	}
	return w->at != start;
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
	if (!lt_spend(w, LT_WORK_NUMBER + (unsigned)(w->at - start) * LT_WORK_BYTE))
		return LT_SEVERITY_NONE;
	if (w->end - w->at > 2 && w->at[0] == ':' && lt_is(w->at[1], LT_C_UPPER) &&
	    lt_spend(w, LT_WORK_REDIS)) {
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

static __attribute__((noinline)) int phrase_slow(struct lt_walk *w, uint32_t hash)
{
	const struct lt_phrase *found;
	bool anywhere = lt_anywhere_bits[hash >> 6] >> (hash & 63) & 1;
	unsigned places = 0;

	if (w->left == LT_START && !w->indented && w->at == w->line)
		places = LT_P_OPENING;
	else if (w->head.program && (w->left == LT_TAG || w->left == LT_BRACKET))
		places = LT_P_TAGGED;
	if (places == 0 && !anywhere)
		return LT_SEVERITY_NONE;
	/* Also where rows of failures don't count: what counts then is no more than otherwise. */
	if (!lt_spend(w, LT_WORK_PHRASE))
		return LT_SEVERITY_NONE;
	if (!w->failures)
		places = 0;
	if (places == 0 && !anywhere)
		return LT_SEVERITY_NONE;
	found = lt_phrase_find(hash, w->at, w->end, places);
	if (!found || (found->flags & LT_P_LABEL && w->left == LT_WORD))
		return LT_SEVERITY_NONE;
	w->flags = found->flags;
	return found->severity;
}

/* Nearly all fields begin none. */
static inline int phrase(struct lt_walk *w, const struct lt_lead *lead)
{
	uint32_t hash = lt_phrase_hash(lead);

	return lt_may_begin_phrase(hash) ? phrase_slow(w, hash) : LT_SEVERITY_NONE;
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
static inline int field(struct lt_walk *w, const struct lt_lead *lead)
{
	unsigned char c = *w->at;
	int severity;

	if (lead->letters > 0)
		return lt_walk_letters(w, lead);
	if (lt_is(c, LT_C_OPEN))
		return lt_walk_bracket(w);
	if (lt_is(c, LT_C_DIGIT))
		return number(w);
	if (c == '%' && lt_spend(w, LT_WORK_CISCO)) {
		severity = lt_cisco_severity(w->at, w->end);
		if (severity != LT_SEVERITY_NONE)
			return severity;
	}
	if (c == '-' && is_option(w))
		return LT_SEVERITY_NONE;
	return lt_walk_name(w, w->at);
}

/* What separates fields, at the walk's place: true where the message begins behind it. *lead: what
 * stands behind them. */
static bool separators(struct lt_walk *w, struct lt_lead *lead, int *severity)
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
	if (skip_separators(w)) {
		*lead = lt_lead_read(w->at, w->end);
		*severity = phrase(w, lead);
	}
	if (w->barred)
		w->left = LT_BAR;
	return false;
}

static int head_severity(struct lt_walk *w)
{
	lt_skip_head(w);
	while (lt_spend(w, LT_WORK_FIELD)) {
		struct lt_lead lead;
		int severity;

		w->at = lt_skip_blanks(w->at, w->end);
		if (w->at == w->end)
			return LT_SEVERITY_NONE;
		lead = lt_lead_read(w->at, w->end);
		severity = phrase(w, &lead); /* may begin with what otherwise separates: "*** " */
		if (severity == LT_SEVERITY_NONE && lead.letters == 0 &&
		    !lt_is(*w->at, LT_C_WORD | LT_C_OPEN)) {
			const unsigned char *before = w->at;

			if (separators(w, &lead, &severity))
				return LT_SEVERITY_NONE;
			if (severity == LT_SEVERITY_NONE && w->left == LT_TAG && w->at > before &&
			    *before == '"')
				continue; /* a file's name in quotes */
		}
		if (severity != LT_SEVERITY_NONE || w->at == w->end)
			return severity;
		severity = field(w, &lead);
		if (severity != LT_MORE)
			return severity;
	}
	return LT_SEVERITY_NONE;
}

/* A message behind the name that began the line, without a date: does it say that it failed? */
static bool holds_failure(struct lt_walk *w)
{
	const unsigned char *message = w->head.message;

	return w->head.program && !w->head.dated && message &&
	       lt_spend(w, (unsigned)(w->end - message) * LT_WORK_SIGN) &&
	       lt_holds_failure(message, w->end);
}

enum { SHORT = 96 }; /* bytes of a line whose end is always looked at */

/* A line that is no object: its head, then its end. */
static int text_severity(struct lt_walk *w, const unsigned char *end)
{
	const unsigned char *at = w->line;
	int severity = head_severity(w);

	if (severity != LT_SEVERITY_NONE || *at == '{')
		return severity; /* what opens with a brace is no sentence */
	if (!lt_spend(w, LT_WORK_END + (unsigned)(w->end - at) * LT_WORK_END_BYTE) &&
	    w->end - at > SHORT)
		return LT_SEVERITY_NONE;
	severity = lt_sentence_severity(at, w->end, end);
	if (severity == LT_SEVERITY_NONE && w->failures && !w->indented &&
	    (lt_reports_failure(at, end, &w->head) || holds_failure(w)))
		severity = LOG_ERR;
	return severity;
}

/* Whether an object opens the line, rather than a phrase: Erlang's {"init terminating ... */
static bool is_mere_object(const unsigned char *at, const unsigned char *end)
{
	if (end - at < 4 || !lt_is_object(at, end))
		return false;
	return !lt_may_begin_phrase(lt_phrase_hash(&(struct lt_lead){ .head = lt_four(at) }));
}

/* Of no use to a walk that never does the same twice; what it would keep is 16 bytes of stack. */
#if defined(__GNUC__) && !defined(__clang__)
__attribute__((optimize("no-gcse")))
#endif
int lt_line_severity(const struct lt_span *line, enum lt_detect detect, unsigned *flags)
{
	const unsigned char *at = line->at;
	size_t length = line->length;
	const unsigned char *end = at + (length < LT_SEVERITY_WINDOW ? length : LT_SEVERITY_WINDOW);
	const unsigned char *limit =
		at + (length < LT_SEVERITY_OBJECT ? length : LT_SEVERITY_OBJECT);
	int severity;

	*flags = 0;
	if (*at == '{' && is_mere_object(at, end))
		return lt_json_severity(at, limit, LT_JSON_WHOLE);
	struct lt_walk w = {
		.line = at,
		.at = at,
		.end = end,
		.limit = limit,
		.kind = LT_SEVERITY_NONE,
		.words = 1,
		.work = LT_WORK_MAX,
		.indented = lt_is(*at, LT_C_BLANK),
		.failures = detect == LT_DETECT_ON,
	};
	severity = text_severity(&w, at + length);
	*flags = w.flags;
	return severity;
}
