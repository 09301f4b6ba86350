/* SPDX-License-Identifier: MIT */
/*
 * The fields of a line's head that are names: hosts, programs' tags, loggers, "key=value". Says
 * whether one carries a severity, else passes it. Reads only up to the walk's end.
 */
#include <string.h>

#include "chars.h"
#include "context.h"
#include "forms.h"
#include "names16.h"
#include "places.h"
#include "severity.h"
#include "steps16.h"
#include "vocabulary.h"
#include "walk.h"

enum {
	PAIRS_MAX = 40,
	NEAR = 16,	  /* bytes */
	BRACKETS_MAX = 3, /* behind a name: "sshd(pam_unix)[31]" */
	KEY_MAX = 64,	  /* bytes of a key */
	FIELD_MAX = 24,	  /* bytes of a field's name */
	ESCAPES_MAX = 64, /* quotes in a value that do not end it */
	STEP = 16,
};

/* Where a name goes on through colons: before a digit (nearly always the line of a file), a slash
 * or another colon, and behind one. A bit for each of sixteen bytes. */
static inline lt_mask joints16(const unsigned char *at, lt_mask colons, bool joined)
{
	lt_bytes16 next = lt_load16(at + 1);
	/* From '/' to ':' stand the digits. */
	lt_mask followed = lt_mask16(lt_range16(next, '/', ':') | lt_equal16(next, '\\'));

	return colons & (followed | colons << 1 | joined);
}

/* What is left of a line, and a zero, which ends all names. */
static const unsigned char *ended(unsigned char *last, const unsigned char *at,
				  const unsigned char *end)
{
	memset(last, 0, STEP + 1);
	return memcpy(last, at, (size_t)(end - at));
}

/*
 * The end of a name that goes on at `at`; a colon that ends it is not part of it. *columns: the
 * first "::" in it, or NULL. *work: what colons take is added; once it is more than `most`, the
 * rest of the name is not looked at.
 */
static const unsigned char *name_end(const unsigned char *at, const unsigned char *end,
				     const unsigned char **columns, unsigned *work, unsigned most)
{
	bool joined = false; /* the byte before is a colon of the name */

	*columns = NULL;
	while (at < end) {
		unsigned char last[STEP + 1];
		bool is_last = end - at <= STEP;
		const unsigned char *from = is_last ? ended(last, at, end) : at;
		lt_bytes16 bytes = lt_load16(from);
		lt_mask names = lt_names16(bytes);
		unsigned length = (unsigned)__builtin_ctz(~names);
		lt_mask colons, joints, pairs;

		if (from[length] != ':' && length < STEP)
			return at + length;
		*work += LT_WORK_COLONS;
		if (*work > most)
			break;
		colons = lt_mask16(lt_equal16(bytes, ':'));
		joints = joints16(from, colons, joined);
		if (is_last)
			joints &= (1u << (end - at - 1)) - 1; /* not the line's last byte */
		length = (unsigned)__builtin_ctz(~(names | joints));
		pairs = colons & lt_mask16(lt_equal16(lt_load16(from + 1), ':')) &
			((1u << length) - 1);
		if (pairs != 0 && !*columns)
			*columns = at + __builtin_ctz(pairs);
		at += length;
		if (length < STEP || at == end)
			return at;
		joined = at[-1] == ':' && (at[-2] == ':' || at[0] == ':');
	}
	return at;
}

/* "util.py[DEBUG]:": the severity that stands where programs put their pid. */
static int severity_as_pid(const unsigned char *at, const unsigned char *close,
			   const unsigned char *end)
{
	struct lt_letters read;

	if (*at != '[' || end - close < 2 || close[1] != ':' || !lt_is(at[1], LT_C_UPPER))
		return LT_SEVERITY_NONE;
	read = lt_letters_read(at + 1, close);
	return read.end == close && read.form == LT_F_CAPITALS && lt_may_be_level(&read)
		       ? read.word->severity
		       : LT_SEVERITY_NONE;
}

const unsigned char *lt_walk_closing(struct lt_walk *w, const unsigned char *open)
{
	/* The four differ in these bits: 0x28, 0x3c, 0x5b, 0x7b. */
	uint8_t kind = (uint8_t)(1u << (*open >> 4 & 7));
	size_t room = (size_t)(w->end - open);
	size_t most = w->unclosed & kind ? NEAR : w->work / LT_WORK_OPEN;
	const unsigned char *end = open + (room < most ? room : most);
	const unsigned char *close = end > open ? lt_closing(open, end) : NULL;

	if (!close) {
		lt_spend(w, LT_WORK_UNCLOSED + (unsigned)(end - open) * LT_WORK_OPEN);
		w->unclosed |= kind;
	}
	return close;
}

/* Whether a name before a colon is that of a program or a place, not of a field: "Subject:". */
static bool is_program(const unsigned char *name, const unsigned char *end)
{
	const unsigned char *at = name + 1;

	if (!lt_is(*name, LT_C_UPPER))
		return true;
	while (at < end && at - name < FIELD_MAX && lt_is(*at, LT_C_LOWER))
		at++;
	return at < end;
}

/* Behind a name: "[123]", "(pam_unix)[123]", and the colon that makes it a tag. */
static int finish_name(struct lt_walk *w, const unsigned char *start, const unsigned char *at)
{
	const unsigned char *name = at;
	bool sentence = w->left == LT_WORD;
	int severity;

	for (unsigned n = 0; n < BRACKETS_MAX && at < w->end && (*at == '[' || *at == '('); n++) {
		const unsigned char *close = lt_walk_closing(w, at);

		if (!close || !lt_spend(w, LT_WORK_BRACKET))
			break;
		severity = severity_as_pid(at, close, w->end);
		if (severity != LT_SEVERITY_NONE)
			return severity;
		at = close + 1;
		sentence = false;
	}
	if (at < w->end && (*at == ':' || lt_is_wide_colon(at, w->end))) {
		w->head.tagged |= !sentence;
		w->head.program |= w->left == LT_START && start == w->line &&
				   lt_spend(w, LT_WORK_ENDING) && is_program(start, name);
		w->left = sentence ? LT_WORD : LT_TAG;
		at += *at == ':' ? 1 : 3;
		if (!sentence)
			w->head.message = at;
	} else {
		w->left = sentence ? LT_WORD : LT_NAME;
	}
	w->at = at;
	return LT_MORE;
}

bool lt_begins_field(const struct lt_walk *w, const unsigned char *at)
{
	if (w->left == LT_START)
		return true; /* nothing but separators before it, perhaps no byte at all */
	at--;
	return lt_is(*at, LT_C_BLANK | LT_C_OPEN | LT_C_CLOSE) || *at == '|' || *at == '"' ||
	       *at == ':' || *at == 'm' /* a colour's end */ || *at >= 0x80;
}

bool lt_is_assigned(const unsigned char *at, const unsigned char *end)
{
	at = lt_skip_colour(at, end);
	return at < end && *at == '=';
}

/* Where an unquoted value ends; also before a capital that is glued to it by a bracket. */
static const unsigned char *value_end(const unsigned char *at, const unsigned char *end)
{
	for (; end - at >= 17; at += 16) {
		lt_bytes16 bytes = lt_load16(at);
		lt_bytes16 next = lt_load16(at + 1);
		lt_bytes16 blanks = lt_equal16(bytes, ' ') | lt_equal16(bytes, '\t');
		/* "cpu3:77 opID=a03f)WARNING: ..." */
		lt_bytes16 glued = lt_equal16(bytes, ')') & lt_range16(next, 'A', 'Z');
		lt_mask found = lt_mask16(blanks | glued);

		if (found != 0) {
			at += __builtin_ctz(found);
			return at + (*at == ')');
		}
	}
	while (at < end && !lt_is(*at, LT_C_BLANK))
		at++;
	return at;
}

/* Behind the quote that ends a value; quotes in it stand behind a backslash. */
static const unsigned char *quoted_value_end(const unsigned char *at, const unsigned char *end)
{
	unsigned escapes = 0;

	for (at++; end - at >= 16; at += 16) {
		lt_mask quotes = lt_mask16(lt_equal16(lt_load16(at), '"') &
					   ~lt_equal16(lt_load16(at - 1), '\\'));

		if (quotes != 0)
			return at + __builtin_ctz(quotes) + 1;
	}
	for (; at < end && escapes < ESCAPES_MAX; at++) {
		if (*at != '"')
			continue;
		if (at[-1] != '\\')
			return at + 1;
		escapes++;
	}
	return end;
}

/* Whether a word may be a key that names the severity: most begin with another letter. */
static int pair_severity(struct lt_walk *w, const unsigned char *name, const unsigned char *behind,
			 const unsigned char *equals)
{
	static const uint32_t first =
		1u << ('l' - 'a') | 1u << ('s' - 'a') | 1u << ('p' - 'a') | 1u << 0;
	const struct lt_word *key;
	struct lt_lead lead;

	if (!lt_is(*name, LT_C_LETTER) || !(first >> ((*name | 0x20) - 'a') & 1))
		return LT_SEVERITY_NONE;
	lead = lt_lead_read(name, w->limit);
	if ((size_t)(behind - name) != lead.letters)
		return LT_SEVERITY_NONE;
	key = lt_word_of(&lead, name); /* in any case: SeverityText */
	if (!key || !(key->use & LT_KEY) || !lt_spend(w, LT_WORK_KEY))
		return LT_SEVERITY_NONE;
	return lt_value_severity(equals + 1, w->limit);
}

/*
 * "key=value key=value ...": the severity if a key names one, as far as objects and fields are
 * read; else they are passed over. Only a whole name is a key: "log_level=error" is a setting,
 * "/?level=error" a URL. [name, behind): the first name.
 */
static int key_values(struct lt_walk *w, const unsigned char *name, const unsigned char *behind)
{
	bool whole = lt_begins_field(w, name);

	for (unsigned pairs = 0; pairs < PAIRS_MAX; pairs++) {
		const unsigned char *equals = lt_skip_colour(behind, w->limit);
		int severity;

		if (equals == w->limit || *equals != '=')
			break;
		if (!lt_spend(w, LT_WORK_PAIR))
			return LT_SEVERITY_NONE;
		severity = whole ? pair_severity(w, name, behind, equals) : LT_SEVERITY_NONE;
		if (severity != LT_SEVERITY_NONE)
			return severity;
		if (equals + 1 < w->limit && equals[1] == 0x1b)
			lt_spend(w, LT_WORK_COLOUR);
		name = lt_skip_colour(equals + 1, w->limit);
		name = name < w->limit && *name == '"' ? quoted_value_end(name, w->limit)
						       : value_end(name, w->limit);
		lt_spend(w, (unsigned)(name - equals) / LT_WORK_VALUES);
		w->left = LT_NAME;
		w->at = name;
		name = lt_skip_blanks(name, w->limit);
		if (name < w->limit && *name == 0x1b) {
			lt_spend(w, LT_WORK_COLOUR);
			name = lt_skip_colour(name, w->limit);
		}
		behind = lt_skip_ascii_name(name,
					    w->limit - name > KEY_MAX ? name + KEY_MAX : w->limit);
		if (behind == name)
			break;
		if (behind < w->limit && *behind == 0x1b)
			lt_spend(w, LT_WORK_COLOUR);
		whole = true;
	}
	return w->at < w->end ? LT_MORE : LT_SEVERITY_NONE;
}

/* A level word at the end of a name: "local.ERROR:", "Gtk-WARNING **:", "daemon.err". */
static int tail_severity(struct lt_walk *w, const unsigned char *name, const unsigned char *end)
{
	bool labels =
		end < w->end && (*end == ':' || (w->end - end > 2 && memcmp(end, " **", 3) == 0));
	const unsigned char *tail = end;
	struct lt_letters read;

	if (!labels && !w->head.dated)
		return LT_SEVERITY_NONE;
	while (tail > name && end - tail <= LT_WORD_MAX && lt_is(tail[-1], LT_C_LETTER))
		tail--;
	lt_spend(w, (unsigned)(end - tail) * LT_WORK_BYTE);
	if (tail == end || tail - name < 2 || (tail[-1] != '.' && tail[-1] != '-') ||
	    !lt_spend(w, LT_WORK_ENDING))
		return LT_SEVERITY_NONE;
	read = lt_letters_read(tail, end);
	if (!read.word || read.word->severity == LT_SEVERITY_NONE ||
	    read.word->use & LT_NOUN /* "ACCESS-LOG:" */ || !lt_spend(w, LT_WORK_LEVEL))
		return LT_SEVERITY_NONE;
	if (read.form == LT_F_CAPITALS && labels)
		return read.word->severity;
	if (w->head.dated && tail[-1] == '.' && lt_is_facility(name, (size_t)(tail - 1 - name)))
		return read.word->severity;
	return LT_SEVERITY_NONE;
}

/* "MainThread::INFO::2026-11-21 ...": columns between double colons, from the first one on. */
static int column_severity(const unsigned char *at, const unsigned char *end)
{
	struct lt_letters read;

	if (end - at <= 5 || !lt_is(at[2], LT_C_UPPER))
		return LT_SEVERITY_NONE;
	read = lt_letters_read(at + 2, end);
	return read.form == LT_F_CAPITALS && lt_may_be_level(&read) && end - read.end >= 2 &&
			       read.end[0] == ':' && read.end[1] == ':'
		       ? read.word->severity
		       : LT_SEVERITY_NONE;
}

/* Whether a name opens the message: a question, or a setting before its value. */
static inline bool ends_head(struct lt_walk *w, const unsigned char *start,
			     const unsigned char *end)
{
	unsigned char last;
	unsigned char before;

	if (end - start < 2)
		return end > start && (end[-1] | 0x20) == '?';
	last = end[-1] | 0x20;
	before = end[-2] | 0x20;
	return last == '?' || (((last == 'l' && before == 'e') || (last == 'y' && before == 't')) &&
			       lt_spend(w, LT_WORK_SETTING) && lt_is_setting(start, end, w->end));
}

int lt_walk_pairs(struct lt_walk *w, const unsigned char *start, const unsigned char *behind)
{
	if (w->left == LT_WORD)
		return LT_SEVERITY_NONE; /* a sentence, as in "failed; uid=0 tty=1" */
	return key_values(w, start, behind);
}

int lt_walk_name(struct lt_walk *w, const unsigned char *start)
{
	const unsigned char *columns;
	unsigned work = LT_WORK_NAME;
	const unsigned char *end = name_end(w->at, w->end, &columns, &work, w->work);
	bool assigned = end > start && lt_is_assigned(end, w->end);
	int severity;

	if (!lt_spend(w, work + (unsigned)(end - start)))
		return LT_SEVERITY_NONE;
	if (end < w->end && *end == 0x1b)
		lt_spend(w, LT_WORK_COLOUR); /* was looked behind */
	if (assigned)
		return lt_walk_pairs(w, start, end);
	if (w->left == LT_WORD && w->words-- == 0)
		return LT_SEVERITY_NONE;
	severity = tail_severity(w, start, end);
	if (severity == LT_SEVERITY_NONE && w->left == LT_START && columns)
		severity = column_severity(columns, end);
	if (severity != LT_SEVERITY_NONE)
		return severity;
	if (ends_head(w, start, end))
		return LT_SEVERITY_NONE;
	if (w->left != LT_WORD && (end == w->end ? w->left == LT_START : *end == ':') &&
	    lt_may_be_ending(start, end) && lt_spend(w, LT_WORK_ENDING)) {
		severity = lt_ending_severity(start, end);
		if (severity != LT_SEVERITY_NONE) {
			w->flags = LT_P_WEAK;
			return severity;
		}
	}
	if (end == start && end < w->end)
		end++; /* a byte of no class */
	return finish_name(w, start, end);
}
