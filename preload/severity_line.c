/* SPDX-License-Identifier: MIT */
/*
 * Walks the head of a line, the columns that stand before the message: times, numbers, hosts,
 * program tags, brackets. A level word counts there, in the places that dialects.h lists, and
 * nowhere else; the first sentence ends the walk. Reads only [at, end), keeps no state.
 */
#include <string.h>

#include "severity_internal.h"

enum {
	MORE = -2,	  /* not found here, go on */
	FIELDS_MAX = 24,  /* of a head; RAS lines have ten */
	CAPITALS_MAX = 6, /* columns in capitals of a line with numbers; else it is shouting: */
	SHOUTING = 2,
};

struct walk {
	const unsigned char *at;
	const unsigned char *end;
	enum lt_left left;
	int kind;	  /* severity of a word like "fatal" in "fatal error:" */
	uint8_t words;	  /* ordinary words that may still come */
	uint8_t capitals; /* words in capitals so far */
	bool numbered;	  /* a number was seen: the line has columns */
	bool dated;	  /* a time was seen */
	bool barred;	  /* the last separator was a column's border */
	bool weak;
};

/* The severity of a word with that form between left and right, or LT_NO_SEVERITY. */
static int place_severity(const struct lt_word *word, unsigned form, enum lt_left left,
			  unsigned right)
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

	if (word == NULL || word->severity == LT_NO_SEVERITY || right == LT_R_NONE)
		return LT_NO_SEVERITY;
	if ((word->use & LT_UPPER && form != LT_F_CAPITALS) ||
	    (word->use & LT_NO_LOWER && form == LT_F_LOWER))
		return LT_NO_SEVERITY;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		if (places[i].use & word->use && places[i].forms & form &&
		    places[i].left >> left & 1 && places[i].right & right)
			return word->severity;
	}
	return LT_NO_SEVERITY;
}

static int letter_place_severity(unsigned char letter, enum lt_left left, unsigned right)
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

/* Skips what separates fields: blanks, borders, colours, arrows, symbols beyond ASCII. */
static void skip_separators(struct walk *w)
{
	w->barred = false;
	while (w->at < w->end) {
		unsigned char c = *w->at;
		size_t step = 1;

		if (c == '|' || c == '"') {
			w->barred = true;
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
			if (w->at + step < w->end && !lt_is(w->at[step], LT_C_BLANK | LT_C_CLOSE))
				return;
		} else if (!lt_is(c, LT_C_BLANK | LT_C_CLOSE | LT_C_SEPARATOR) && c != '*' &&
			   c != '#' && c != '!' && c != ':' && c != '=') {
			return;
		}
		w->at += step < (size_t)(w->end - w->at) ? step : (size_t)(w->end - w->at);
	}
}

/* The end of a name that goes on at `at`; a colon that ends it is not part of it. */
static const unsigned char *name_end(const unsigned char *at, const unsigned char *end)
{
	for (; at < end; at++) {
		if (lt_is(*at, LT_C_WORD | LT_C_NAME) || *at >= 0x80)
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

/* The bracket that closes the one at `at`, or NULL within the window. */
static const unsigned char *closing(const unsigned char *at, const unsigned char *end)
{
	unsigned char open = *at;
	unsigned char close = open == '(' ? ')' : open + 2;
	unsigned depth = 0;

	for (; at < end; at++) {
		if (*at == open)
			depth++;
		else if (*at == close && --depth == 0)
			return at;
	}
	return NULL;
}

/* Behind a name: "[123]", "(pam_unix)[123]", and the colon that makes it a tag. */
static void finish_name(struct walk *w, const unsigned char *at)
{
	bool sentence = w->left == LT_WORD;

	while (at < w->end && (*at == '[' || *at == '(')) {
		const unsigned char *close = closing(at, w->end);

		if (close == NULL)
			break;
		at = close + 1;
		sentence = false;
	}
	w->left = sentence ? LT_WORD : LT_NAME;
	if (at < w->end && *at == ':') {
		w->left = sentence ? LT_WORD : LT_TAG;
		at++;
	}
	w->at = at;
}

/* "key=value": the severity if the key names one; else the value is passed over. */
static int key_value(struct walk *w, const unsigned char *name, const unsigned char *equals)
{
	const unsigned char *tail = equals;
	const struct lt_word *key;
	int severity = LT_NO_SEVERITY;

	while (tail > name && lt_is(tail[-1], LT_C_LETTER))
		tail--;
	key = tail < equals ? lt_word_find(tail, (size_t)(equals - tail)) : NULL;
	if (key != NULL && key->use & LT_KEY)
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
		while (w->at < w->end && !lt_is(*w->at, LT_C_BLANK))
			w->at++;
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

static int name(struct walk *w, const unsigned char *start)
{
	const unsigned char *end = name_end(w->at, w->end);
	const unsigned char *equals = memchr(start, '=', (size_t)(end - start));
	int severity;

	if (equals != NULL && equals > start)
		return key_value(w, start, equals);
	severity = tail_severity(w, start, end);
	if (severity != LT_NO_SEVERITY)
		return severity;
	if (w->left != LT_WORD && (end == w->end ? w->left == LT_START : *end == ':')) {
		severity = lt_ending_severity(start, end);
		if (severity != LT_NO_SEVERITY) {
			w->weak = true;
			return severity;
		}
	}
	if (end == start && end < w->end)
		end++; /* a byte of no class */
	finish_name(w, end);
	return MORE;
}

/* A run of letters that is a field by itself, and no level. */
static int plain_word(struct walk *w, const struct lt_letters *read)
{
	w->at = read->end;
	if (read->word != NULL && read->word->use & LT_DATE && read->form != LT_F_LOWER) {
		w->left = w->left == LT_START ? LT_NUMBER : w->left;
		return MORE;
	}
	if (read->word != NULL && read->word->use & LT_KIND && w->left != LT_WORD) {
		w->kind = read->word->severity;
		w->left = LT_KINDS;
		return w->words-- > 0 ? MORE : LT_NO_SEVERITY;
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
	if (read->form == 0 && w->words > 0) {
		w->left = LT_WORD; /* camel case: a function, a class */
		return MORE;
	}
	w->left = LT_WORD;
	return w->words-- > 0 ? MORE : LT_NO_SEVERITY;
}

/* "level: error" and "Severity: Warning" in the head. */
static int labelled_value(const struct lt_letters *read, const struct walk *w)
{
	const unsigned char *at = read->end;

	if (read->word == NULL || !(read->word->use & LT_KEY) || at == w->end || *at != ':')
		return LT_NO_SEVERITY;
	for (at++; at < w->end && lt_is(*at, LT_C_BLANK); at++)
		;
	return lt_value_severity(at, w->end);
}

static int letters(struct walk *w)
{
	const unsigned char *start = w->at;
	struct lt_letters read = lt_letters_read(start, w->end);
	const unsigned char *end = read.end;
	int severity = LT_NO_SEVERITY;

	if (end - start == 1 &&
	    (severity = letter_place_severity(
		     *start, w->left, lt_right_of_letter(end, w->end, false))) != LT_NO_SEVERITY)
		return severity;
	if (read.word != NULL && read.word->severity != LT_NO_SEVERITY) {
		/* "debug1:", "trace8:", "ERROR2" */
		if (end < w->end && lt_is(*end, LT_C_DIGIT))
			end++;
		severity = place_severity(read.word, read.form, w->left,
					  lt_right_of(end, w->end, false));
		if (severity != LT_NO_SEVERITY)
			return w->left == LT_KINDS && w->kind >= 0 && w->kind < severity ? w->kind
											 : severity;
	}
	severity = labelled_value(&read, w);
	if (severity != LT_NO_SEVERITY)
		return severity;
	end = read.end;
	if (end < w->end && *end == '\'') /* can't */
		return LT_NO_SEVERITY;
	if (end < w->end && (lt_is(*end, LT_C_WORD | LT_C_NAME) || *end == ':') &&
	    *end != '/' + 0) {
		w->at = end;
		return name(w, start);
	}
	if (end < w->end && (*end == '/' || *end == '[' || *end == '(')) {
		w->at = end;
		return name(w, start);
	}
	if (end == w->end && read.form == 0) {
		w->at = end;
		return name(w, start);
	}
	return plain_word(w, &read);
}

static int number(struct walk *w)
{
	const unsigned char *start = w->at;
	bool time;

	w->at = lt_number_end(start, w->end, &time);
	w->numbered = true;
	if (time) {
		w->dated = true;
		w->words = 2;
	}
	if (w->at < w->end && lt_is(*w->at, LT_C_WORD | LT_C_NAME)) {
		int severity = name(w, start);

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

/* A level word inside a bracket: [warn], [core:error], [18:50:01 ERR], [WARN  main]. */
static int inside_bracket(struct walk *w, const unsigned char *at, const unsigned char *end,
			  bool square)
{
	enum lt_left left = LT_OPEN;

	while (at < end) {
		struct lt_letters read;
		unsigned right;
		int severity;
		bool time;

		if (lt_is(*at, LT_C_DIGIT)) {
			at = lt_number_end(at, end, &time);
			w->dated |= time;
			if (time && w->left != LT_NAME)
				w->left = LT_TIME;
			left = left == LT_WORD ? LT_WORD : LT_AFTER;
			continue;
		}
		if (!lt_is(*at, LT_C_LETTER)) {
			if (*at == 0x1b) {
				at = lt_skip_colour(at, end) + (at + 1 == end || at[1] != '[');
				continue;
			}
			if (*at == ':' || *at == '/' || *at == ',' || *at == '|')
				left = LT_INNER;
			else if (!lt_is(*at, LT_C_BLANK))
				left = LT_WORD;
			at++;
			continue;
		}
		read = lt_letters_read(at, end);
		right = read.end - at == 1 ? lt_right_of_letter(read.end, end, true)
					   : lt_right_of(read.end + (read.end < end && read.word &&
								     lt_is(*read.end, LT_C_DIGIT)),
							 end, true);
		if (!square)
			right &= LT_R_CLOSE;
		severity = read.end - at == 1
				   ? letter_place_severity(*at, left, square ? right : LT_R_NONE)
			   : read.word != NULL && read.word->use & LT_BRACKETS
				   ? place_severity(read.word, read.form, left, right)
				   : LT_NO_SEVERITY;
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

/* Xorg's markers that are no words: (--) (**) (==) (++) are information, (!!) is a notice. */
static int marker_severity(const unsigned char *at, const unsigned char *close)
{
	if (*at != '(' || close - at != 3 || at[1] != at[2])
		return LT_NO_SEVERITY;
	if (at[1] == '!')
		return LOG_NOTICE;
	return at[1] == '-' || at[1] == '*' || at[1] == '=' || at[1] == '+' ? LOG_INFO
									    : LT_NO_SEVERITY;
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
	const unsigned char *close = closing(start, w->end);
	enum lt_left left = w->left;
	int severity;

	if (*start == '{') {
		const unsigned char *at = start + 1;

		while (at < w->end && lt_is(*at, LT_C_BLANK))
			at++;
		if (at < w->end && *at == '"')
			return lt_json_severity(start, w->end);
	}
	if (close == NULL) {
		w->at++;
		return MORE;
	}
	severity = marker_severity(start, close);
	if (severity == LT_NO_SEVERITY && (*start != '<' || is_angle_level(start, close, w->end)))
		severity = inside_bracket(w, start + 1, close, *start == '[');
	if (severity != LT_NO_SEVERITY && (left != LT_WORD || w->dated))
		return severity;
	w->at = close + 1;
	if (w->left != LT_TIME || left == LT_TIME)
		w->left = LT_BRACKET;
	if (w->at < w->end && *w->at == ':') {
		w->left = LT_TAG;
		w->at++;
	}
	return MORE;
}

/* Cisco's "%LINK-3-UPDOWN:": the digit is syslog's severity. */
static int cisco_severity(const unsigned char *at, const unsigned char *end)
{
	for (at++; at < end && (lt_is(*at, LT_C_UPPER | LT_C_DIGIT) || *at == '_' || *at == '-');
	     at++) {
		if (end - at > 3 && at[0] == '-' && at[1] >= '0' && at[1] <= '7' && at[2] == '-' &&
		    lt_is(at[3], LT_C_UPPER))
			return at[1] - '0';
	}
	return LT_NO_SEVERITY;
}

/* Redis: "31:M 21 Nov 2026 18:50:01.120 * Ready", up to 2.8 "[31] 21 Nov 18:50:01.120 * ". */
static int redis_severity(const unsigned char *at, const unsigned char *end)
{
	static const char symbols[] = { '.', '-', '*', '#' };
	static const int8_t severities[] = { LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARNING };
	bool bracketed = at < end && *at == '[';
	const unsigned char *pid = at += bracketed;
	unsigned blanks = 0;

	while (at < end && lt_is(*at, LT_C_DIGIT))
		at++;
	if (at == pid || end - at < 3)
		return LT_NO_SEVERITY;
	if (bracketed ? at[0] != ']'
		      : at[0] != ':' ||
				(at[1] != 'M' && at[1] != 'S' && at[1] != 'C' && at[1] != 'X') ||
				at[2] != ' ')
		return LT_NO_SEVERITY;
	for (; at < end && blanks <= 5; at++) {
		if (!lt_is(*at, LT_C_BLANK))
			continue;
		blanks++;
		for (size_t i = 0; blanks >= 4 && i < sizeof(symbols); i++) {
			if (end - at > 2 && at[1] == (unsigned char)symbols[i] && at[2] == ' ' &&
			    lt_is(at[-1], LT_C_DIGIT))
				return severities[i];
		}
	}
	return LT_NO_SEVERITY;
}

/* Two phrases that stand behind a sentence: a C++ function's assertion, a shell's "core dumped". */
static int sentence_severity(const unsigned char *at, const unsigned char *end)
{
	static const char assertion[] = ": Assertion `";
	static const char dumped[] = "(core dumped)";
	const unsigned char *tick = memchr(at, '`', (size_t)(end - at));
	const unsigned char *p;

	if (tick != NULL && (size_t)(tick - at) > sizeof(assertion) - 2 &&
	    memcmp(tick - (sizeof(assertion) - 2), assertion, sizeof(assertion) - 1) == 0)
		return LOG_CRIT;
	for (p = at; p < end && (p = memchr(p, '(', (size_t)(end - p))) != NULL; p++) {
		if ((size_t)(end - p) >= sizeof(dumped) - 1 &&
		    memcmp(p, dumped, sizeof(dumped) - 1) == 0)
			return LOG_CRIT;
	}
	return LT_NO_SEVERITY;
}

/* One field of the head: a severity, LT_NO_SEVERITY for "the message begins", or MORE. */
static int field(struct walk *w)
{
	const struct lt_phrase *phrase = lt_phrase_find(w->at, w->end);
	unsigned char c = *w->at;
	int severity;

	if (phrase != NULL) {
		w->weak = phrase->weak;
		return phrase->severity;
	}
	if (lt_is(c, LT_C_OPEN))
		return bracket(w);
	if (lt_is(c, LT_C_DIGIT))
		return number(w);
	if (lt_is(c, LT_C_LETTER))
		return letters(w);
	if (c == '%') {
		severity = cisco_severity(w->at, w->end);
		if (severity != LT_NO_SEVERITY)
			return severity;
	}
	return name(w, w->at);
}

int lt_line_severity(const unsigned char *at, const unsigned char *end, bool *weak)
{
	struct walk w = { .at = at, .end = end, .kind = LT_NO_SEVERITY, .words = 1 };
	int severity = redis_severity(at, end);

	for (unsigned fields = 0; severity == LT_NO_SEVERITY && fields < FIELDS_MAX; fields++) {
		const struct lt_phrase *phrase;

		while (w.at < end && lt_is(*w.at, LT_C_BLANK))
			w.at++;
		if (w.at == end)
			break;
		/* Phrases may begin with what otherwise separates: "*** stack smashing". */
		phrase = lt_phrase_find(w.at, end);
		if (phrase != NULL) {
			*weak = phrase->weak;
			return phrase->severity;
		}
		skip_separators(&w);
		if (w.at == end)
			break;
		if (w.barred)
			w.left = LT_BAR;
		severity = field(&w);
		if (severity == LT_NO_SEVERITY)
			break;
		if (severity == MORE)
			severity = LT_NO_SEVERITY;
	}
	*weak = w.weak;
	return severity != LT_NO_SEVERITY ? severity : sentence_severity(at, end);
}
