/* SPDX-License-Identifier: MIT */
/*
 * Walks the head of a line, the columns that stand before the message: times, numbers, hosts,
 * program tags, brackets. A level word counts there, in the places that dialects.h lists, and
 * nowhere else; the first sentence ends the walk. Reads only [at, end), keeps no state.
 */
#include <string.h>

#include "severity_bytes.h"
#include "severity_internal.h"
#include "severity_plain.h"

enum {
	MORE = -2,	  /* not found here, go on */
	FIELDS_MAX = 24,  /* of a head; RAS lines have ten */
	CAPITALS_MAX = 6, /* columns in capitals of a line with numbers; else it is shouting: */
	SHOUTING = 2,
	KINDS_MAX = 3, /* "internal compiler error:" */
};

struct walk {
	const unsigned char *at;
	const unsigned char *end;
	enum lt_left left;
	int kind;	  /* severity of a word like "fatal" in "fatal error:" */
	uint8_t words;	  /* ordinary words that may still come */
	uint8_t capitals; /* words in capitals so far */
	uint8_t kinds;	  /* words like "internal" so far */
	bool numbered;	  /* a number was seen: the line has columns */
	bool dated;	  /* a time was seen */
	bool barred;	  /* the last separator was a column's border */
	bool weak;
};

/* A quote that opens a cell of comma-separated values, unlike one in a sentence. */
static bool is_cell(const struct walk *w)
{
	return w->left == LT_START || (w->left != LT_WORD && w->at[-1] == ',');
}

/* Skips what separates fields: blanks, borders, colours, symbols beyond ASCII. Was there any? */
static bool skip_separators(struct walk *w)
{
	const unsigned char *start = w->at;

	w->barred = false;
	while (w->at < w->end) {
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
		if (c == ':' && w->left == LT_WORD)
			w->left = LT_TAG; /* a column that is padded before its colon */
		w->at += step < (size_t)(w->end - w->at) ? step : (size_t)(w->end - w->at);
	}
	return w->at != start;
}

/* The end of a name that goes on at `at`; a colon that ends it is not part of it. */
static const unsigned char *name_end(const unsigned char *at, const unsigned char *end)
{
	for (; at < end; at++) {
		while (lt_is(*at, LT_C_WORD | LT_C_NAME)) {
			if (++at == end)
				return at;
		}
		if (*at >= 0x80)
			continue;
		if (*at != ':' || end - at < 2)
			break;
		if (at[1] == ':' || at[1] == '/' || at[1] == '\\')
			at++;
		else if (!lt_is(at[1], LT_C_DIGIT))
			break;
	}
	return at;
}

/* "util.py[DEBUG]:": the severity that stands where programs put their pid. */
static int severity_as_pid(const unsigned char *at, const unsigned char *close,
			   const unsigned char *end)
{
	struct lt_letters read;

	if (*at != '[' || end - close < 2 || close[1] != ':' || !lt_is(at[1], LT_C_UPPER))
		return LT_NO_SEVERITY;
	read = lt_letters_read(at + 1, close);
	return read.end == close && read.form == LT_F_CAPITALS && lt_may_be_level(&read)
		       ? read.word->severity
		       : LT_NO_SEVERITY;
}

/* Behind a name: "[123]", "(pam_unix)[123]", and the colon that makes it a tag. */
static int finish_name(struct walk *w, const unsigned char *at)
{
	bool sentence = w->left == LT_WORD;
	int severity;

	while (at < w->end && (*at == '[' || *at == '(')) {
		const unsigned char *close = lt_closing(at, w->end);

		if (close == NULL)
			break;
		severity = severity_as_pid(at, close, w->end);
		if (severity != LT_NO_SEVERITY)
			return severity;
		at = close + 1;
		sentence = false;
	}
	w->left = sentence ? LT_WORD : LT_NAME;
	if (at < w->end && *at == ':') {
		w->left = sentence ? LT_WORD : LT_TAG;
		at++;
	}
	w->at = at;
	return MORE;
}

/* Whether a field begins at `at`, rather than more of a URL or a list; 'm' ends a colour. */
static bool begins_field(const struct walk *w, const unsigned char *at)
{
	if (w->left == LT_START)
		return true; /* nothing but separators before it, perhaps no byte at all */
	at--;
	return lt_is(*at, LT_C_BLANK | LT_C_OPEN | LT_C_CLOSE) || *at == '|' || *at == '"' ||
	       *at == ':' || *at == 'm' || *at >= 0x80;
}

/*
 * "key=value": the severity if the key names one; else the value is passed over. Only a whole
 * name is a key: "log_level=error" is a setting, "/?level=error" a URL.
 */
static int key_value(struct walk *w, const unsigned char *name, const unsigned char *equals)
{
	const struct lt_word *key = NULL;
	int severity = LT_NO_SEVERITY;

	if (lt_is(*name, LT_C_LETTER))
		key = lt_word_find(name, (size_t)(equals - name));
	if (key != NULL && key->use & LT_KEY && begins_field(w, name))
		severity = lt_value_severity(equals + 1, w->end);
	if (severity != LT_NO_SEVERITY)
		return severity;
	w->left = LT_NAME;
	w->at = equals + 1;
	if (w->at < w->end && *w->at == '"') {
		do {
			w->at++;
		} while (w->at < w->end && (*w->at != '"' || w->at[-1] == '\\'));
		w->at += w->at < w->end;
	} else {
		while (w->at < w->end && !lt_is(*w->at, LT_C_BLANK)) {
			w->at++;
			if (w->at[-1] == ')' && w->at < w->end && lt_is(*w->at, LT_C_UPPER))
				break; /* "cpu3:77 opID=a03f)WARNING: ..." */
		}
	}
	return MORE;
}

/* A level word at the end of a name: "local.ERROR:", "Gtk-WARNING **:", "daemon.err". */
static int tail_severity(const struct walk *w, const unsigned char *name, const unsigned char *end)
{
	const unsigned char *tail = end;
	struct lt_letters read;

	while (tail > name && lt_is(tail[-1], LT_C_LETTER))
		tail--;
	if (tail == end || tail - name < 2 || (tail[-1] != '.' && tail[-1] != '-'))
		return LT_NO_SEVERITY;
	read = lt_letters_read(tail, end);
	if (read.word == NULL || read.word->severity == LT_NO_SEVERITY)
		return LT_NO_SEVERITY;
	if (read.form == LT_F_CAPITALS && end < w->end &&
	    (*end == ':' || (w->end - end > 2 && memcmp(end, " **", 3) == 0)))
		return read.word->severity;
	if (w->dated && tail[-1] == '.' && lt_is_facility(name, (size_t)(tail - 1 - name)))
		return read.word->severity;
	return LT_NO_SEVERITY;
}

/* "MainThread::INFO::2026-11-21 ...": columns between double colons. */
static int column_severity(const unsigned char *name, const unsigned char *end)
{
	while (name < end && lt_is(*name, LT_C_WORD | LT_C_NAME))
		name++;
	if (end - name > 5 && name[0] == ':' && name[1] == ':' && lt_is(name[2], LT_C_UPPER)) {
		struct lt_letters read = lt_letters_read(name + 2, end);

		if (read.form == LT_F_CAPITALS && lt_may_be_level(&read) && end - read.end >= 2 &&
		    read.end[0] == ':' && read.end[1] == ':')
			return read.word->severity;
	}
	return LT_NO_SEVERITY;
}

/* Whether a name opens the message: a question, or a setting before its value. */
static inline bool ends_head(const struct walk *w, const unsigned char *start,
			     const unsigned char *end)
{
	unsigned char last;

	if (end == start)
		return false;
	last = end[-1] | 0x20;
	return last == '?' || ((last == 'l' || last == 'y') && lt_is_setting(start, end, w->end));
}

static int name(struct walk *w, const unsigned char *start)
{
	const unsigned char *end = name_end(w->at, w->end);
	bool assigned = end < w->end && *end == '=' && end > start;
	int severity;

	if (w->left == LT_WORD && (assigned || w->words-- == 0))
		return LT_NO_SEVERITY; /* a sentence, as in "failed; uid=0 tty=1" */
	if (assigned)
		return key_value(w, start, end);
	severity = tail_severity(w, start, end);
	if (severity == LT_NO_SEVERITY && w->left == LT_START)
		severity = column_severity(start, end);
	if (severity != LT_NO_SEVERITY)
		return severity;
	if (ends_head(w, start, end))
		return LT_NO_SEVERITY;
	if (w->left != LT_WORD && (end == w->end ? w->left == LT_START : *end == ':')) {
		severity = lt_ending_severity(start, end);
		if (severity != LT_NO_SEVERITY) {
			w->weak = true;
			return severity;
		}
	}
	if (end == start && end < w->end)
		end++; /* a byte of no class */
	return finish_name(w, end);
}

/* Whether a message may begin here: behind a bare number or a column it is one more column. */
static bool begins_message(enum lt_left left)
{
	return (LT_L_HEAD | LT_L(LT_KINDS) | LT_L(LT_BAR)) >> left & 1;
}

/* A run of letters that is a field by itself, and no level. */
static int plain_word(struct walk *w, const struct lt_letters *read)
{
	w->at = read->end;
	if (read->word != NULL && read->word->use & LT_DATE && read->form != LT_F_LOWER) {
		w->left = w->left == LT_START ? LT_NUMBER : w->left;
		return MORE;
	}
	if (read->word != NULL && read->word->use & LT_KIND && begins_message(w->left)) {
		if (w->kind == LT_NO_SEVERITY)
			w->kind = read->word->severity;
		w->left = LT_KINDS;
		return w->kinds++ < KINDS_MAX ? MORE : LT_NO_SEVERITY;
	}
	if (read->word != NULL && read->word->use & LT_PROSE)
		return LT_NO_SEVERITY;
	if (read->form == LT_F_CAPITALS) {
		w->left = LT_NAME;
		return ++w->capitals > (w->numbered ? CAPITALS_MAX : SHOUTING) ? LT_NO_SEVERITY
									       : MORE;
	}
	if (w->left == LT_TIME && read->form == LT_F_LOWER) {
		w->left = LT_NAME; /* the host of a syslog line */
		return MORE;
	}
	if (w->end - read->end >= 2 && read->end[0] == ' ' && read->end[1] == ' ') {
		w->left = LT_NAME; /* padded: a column */
		return w->words-- > 0 ? MORE : LT_NO_SEVERITY;
	}
	if (read->form == 0 && w->words > 0) {
		w->left = LT_WORD; /* camel case: a function, a class */
		return MORE;
	}
	w->left = LT_WORD;
	return w->words-- > 0 ? MORE : LT_NO_SEVERITY;
}

/* "level: error" and "Severity: Warning" in the head, but not "Log level: error". */
static int labelled_value(const struct lt_letters *read, const struct walk *w)
{
	const unsigned char *at = read->end;

	if (w->left == LT_WORD || at == w->end || *at != ':' || !begins_field(w, w->at))
		return LT_NO_SEVERITY;
	for (at++; at < w->end && lt_is(*at, LT_C_BLANK); at++)
		;
	return lt_value_severity(at, w->end);
}

/* The letters as a level in its place, or LT_NO_SEVERITY. */
static int level_here(const struct walk *w, const struct lt_letters *read)
{
	const unsigned char *end = read->end;
	int severity;

	if (end - w->at == 1 && lt_letter_severity(*w->at, NULL) == LT_NO_SEVERITY)
		return LT_NO_SEVERITY;
	if (end - w->at == 1)
		return lt_letter_place_severity(*w->at, w->left,
						lt_right_of_letter(end, w->end, false));
	if (read->word == NULL)
		return LT_NO_SEVERITY;
	if (read->word->use & LT_KEY)
		return labelled_value(read, w);
	if (!lt_may_be_level(read))
		return LT_NO_SEVERITY;
	if (end < w->end && lt_is(*end, LT_C_DIGIT) && lt_may_be_numbered(read))
		end++; /* "debug1:", "trace8:", "ERROR2" */
	severity =
		lt_place_severity(read->word, read->form, w->left, lt_right_of(end, w->end, false));
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
	return lt_is(c, LT_C_WORD | LT_C_NAME) || c == ':' || c == '[' || c == '(' || c == '=';
}

/* Whether a sentence begins here, by the short way; asked where most messages begin. */
static bool begins_sentence(const struct walk *w)
{
	return (w->left == LT_TAG || w->left == LT_BRACKET) && w->words > 0 &&
	       lt_begins_plainly(w->at, w->end, w->words);
}

static int letters(struct walk *w)
{
	const unsigned char *start = w->at;
	struct lt_letters read;
	int severity;

	if (begins_sentence(w))
		return LT_NO_SEVERITY;
	read = lt_letters_read(start, w->end);
	severity = level_here(w, &read);
	if (severity != LT_NO_SEVERITY)
		return severity;
	if (read.end - start == 2 && w->left == LT_TAG && lt_is_ruby_exception(start, w->end)) {
		w->weak = true;
		return LOG_ERR;
	}
	if (read.end - start == 2 && w->dated && read.form == LT_F_TITLE) {
		severity = lt_esxi_severity(start, w->end);
		if (severity != LT_NO_SEVERITY)
			return severity;
	}
	if (read.end < w->end && *read.end == '\'')
		return LT_NO_SEVERITY; /* "can't": a sentence */
	if (!goes_on(&read, w->end))
		return plain_word(w, &read);
	w->at = read.end;
	return name(w, start);
}

static int number(struct walk *w)
{
	const unsigned char *start = w->at;
	bool time;

	int severity;

	w->at = lt_number_end(start, w->end, &time);
	if (w->end - w->at > 2 && w->at[0] == ':' && lt_is(w->at[1], LT_C_UPPER)) {
		severity = lt_redis_severity(start, w->end);
		if (severity != LT_NO_SEVERITY)
			return severity;
	}
	w->numbered = true;
	if (time) {
		w->dated = true;
		w->words = 2;
	}
	if (w->end - w->at > 2 && w->at[0] == '=' && w->at[1] == '=') {
		w->left = LT_TAG; /* "==31==": sanitizers, valgrind */
		w->at += 2;
		return MORE;
	}
	if (w->at < w->end && lt_is(*w->at, LT_C_WORD | LT_C_NAME)) {
		severity = name(w, start);
		if (severity == MORE && w->left == LT_NAME)
			w->left = time ? LT_TIME : LT_NUMBER;
		return severity;
	}
	if (time)
		w->left = LT_TIME;
	else if (w->at < w->end && *w->at == ':')
		w->left = LT_TAG;
	else
		w->left = w->left == LT_START && w->at - start <= 4 ? LT_COUNT : LT_NUMBER;
	if (w->at < w->end && *w->at == ':')
		w->at++;
	return MORE;
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

static int bracket(struct walk *w)
{
	const unsigned char *start = w->at;
	const unsigned char *close;
	enum lt_left left = w->left;
	bool time = w->dated;
	int severity;

	if (*start == '{') {
		const unsigned char *at = start + 1;

		while (at < w->end && lt_is(*at, LT_C_BLANK))
			at++;
		if (at < w->end && *at == '"')
			return lt_json_severity(start, w->end);
	}
	close = lt_closing(start, w->end);
	if (close == NULL) {
		w->at++;
		return MORE;
	}
	severity =
		*start == '[' ? lt_redis_severity(start, w->end) : lt_marker_severity(start, close);
	if (severity == LT_NO_SEVERITY && (*start != '<' || is_angle_level(start, close, w->end)))
		severity = lt_bracket_severity(start + 1, close, *start == '[', &time);
	if (severity == LT_NO_SEVERITY && left == LT_BRACKET && w->end - close > 1 &&
	    close[1] == ':')
		severity = lt_sssd_severity(start, close);
	w->dated |= time;
	w->numbered |= time;
	if (severity != LT_NO_SEVERITY && (left != LT_WORD || w->dated))
		return severity;
	w->at = close + 1;
	w->left = time && left == LT_START ? LT_TIME : LT_BRACKET;
	if (w->at < w->end && *w->at == ':') {
		w->left = LT_TAG;
		w->at++;
	}
	return MORE;
}

static int phrase(struct walk *w)
{
	const struct lt_phrase *found;

	if (!lt_may_begin_phrase(w->at, w->end))
		return LT_NO_SEVERITY;
	found = lt_phrase_find(w->at, w->end);
	if (found == NULL)
		return LT_NO_SEVERITY;
	w->weak = found->weak;
	return found->severity;
}

/* One field of the head: a severity, LT_NO_SEVERITY for "the message begins", or MORE. */
static int field(struct walk *w)
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
		if (severity != LT_NO_SEVERITY)
			return severity;
	}
	if (c == '-' && w->end - w->at > 2 && lt_is(w->at[1], LT_C_LOWER) && w->at[2] == ' ')
		return LT_NO_SEVERITY; /* an option: a command line */
	return name(w, w->at);
}

int lt_line_severity(const unsigned char *at, const unsigned char *end, bool *weak)
{
	struct walk w = { .at = at, .end = end, .kind = LT_NO_SEVERITY, .words = 1 };
	int severity = LT_NO_SEVERITY;

	for (unsigned fields = 0; severity == LT_NO_SEVERITY && fields < FIELDS_MAX; fields++) {
		while (w.at < end && lt_is(*w.at, LT_C_BLANK))
			w.at++;
		if (w.at == end)
			break;
		severity = phrase(&w); /* may begin with what otherwise separates: "*** " */
		if (severity == LT_NO_SEVERITY && !lt_is(*w.at, LT_C_WORD | LT_C_OPEN)) {
			if (w.left == LT_START && *w.at == '>' && end - w.at > 1 && w.at[1] == ' ')
				break; /* quoted, or a side of a diff */
			if (skip_separators(&w))
				severity = phrase(&w);
			if (w.barred)
				w.left = LT_BAR;
		}
		if (severity != LT_NO_SEVERITY || w.at == end)
			break;
		severity = field(&w);
		if (severity == LT_NO_SEVERITY)
			break;
		if (severity == MORE)
			severity = LT_NO_SEVERITY;
	}
	*weak = w.weak;
	if (severity == LT_NO_SEVERITY && lt_has_either(at, end, LT_SENTENCE_BYTES))
		severity = lt_sentence_severity(at, end);
	return severity;
}
