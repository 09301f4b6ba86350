/* SPDX-License-Identifier: MIT */
/*
 * The severity of a line, and of a line in its stream (severity.h). It must never allocate, lock,
 * consult the locale or read other bytes than severity.h names: it runs inside somebody else's
 * write(2).
 */
#include <string.h>
#include <syslog.h>

#include "chars.h"
#include "forms.h"
#include "frames.h"
#include "line.h"
#include "sentence.h"
#include "severity.h"
#include "steps16.h"
#include "vocabulary.h"

enum { ENDS_MAX = 4 }; /* carriage returns that belong to the newline */

/*
 * What a terminal shows of a line that holds a carriage return: what stands behind the last one
 * ("10%\r20%\rerror: x"), unless the line only ends in one.
 */
static __attribute__((noinline)) struct lt_span shown_part(const unsigned char *line, size_t length)
{
	const unsigned char *from;
	const unsigned char *last;

	for (unsigned n = 0; n < ENDS_MAX && length > 0 && line[length - 1] == '\r'; n++)
		length--;
	from = length > LT_SEVERITY_TAIL ? line + length - LT_SEVERITY_TAIL : line;
	last = length > 0 ? lt_find_last(from, line + length, '\r') : NULL;
	if (!last)
		return (struct lt_span){ line, length };
	return (struct lt_span){ last + 1, (size_t)(line + length - last - 1) };
}

/* sd-daemon(3): "<3>", the only thing that is ever taken off a line. */
static bool has_prefix(const unsigned char *line, size_t length)
{
	return length >= 3 && line[0] == '<' && line[1] >= '0' && line[1] <= '7' && line[2] == '>';
}

/* RFC 3164 and 5424: "<165>1 2026-...", "<34>Nov 21 ...": facility times eight and severity. */
static inline int syslog_priority(const unsigned char *line, size_t length)
{
	unsigned priority = 0;
	size_t i = 1;

	if (length < 5 || line[0] != '<')
		return LT_SEVERITY_NONE;
	while (i < 4 && lt_is(line[i], LT_C_DIGIT))
		priority = priority * 10 + (line[i++] - '0');
	if (i < 3 || priority > 191 || line[i] != '>' || i + 1 >= length ||
	    !lt_is(line[i + 1], LT_C_WORD))
		return LT_SEVERITY_NONE;
	return (int)(priority & LOG_PRIMASK);
}

static inline int own_severity(const struct lt_span *line, enum lt_detect detect, unsigned *flags)
{
	int severity;

	*flags = 0;
	if (line->length == 0)
		return LT_SEVERITY_NONE;
	severity = syslog_priority(line->at, line->length);
	return severity != LT_SEVERITY_NONE ? severity : lt_line_severity(line, detect, flags);
}

/* What of a line counts. */
static inline struct lt_span span_of(const unsigned char *line, size_t length)
{
	if (length > 0 && *line == '{')
		return (struct lt_span){ line, length }; /* an object */
	if (length > LT_SEVERITY_WINDOW || lt_has_below(line, line + length, '\r'))
		return shown_part(line, length);
	return (struct lt_span){ line, length };
}

/* The bytes that may change what a sentence says, looked for sixteen at a time. */
struct marks {
	lt_bytes16 least;  /* of each place: one compare fewer than for a return */
	lt_bytes16 phrase; /* where LT_SENTENCE_BYTE was */
};

static inline void see_marks(struct marks *marks, const unsigned char *at)
{
	lt_bytes16 bytes = lt_load16(at);

	marks->least = lt_least16(marks->least, bytes);
	marks->phrase |= lt_equal16(bytes, LT_SENTENCE_BYTE);
}

/* Of at least sixteen bytes; the last ones are seen twice. A tab counts as a return. */
static inline bool has_no_mark(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *last = end - 16;
	struct marks marks = { lt_each16(0xff), { 0 } };

	see_marks(&marks, last);
	for (; last - at > 48; at += 64) {
		see_marks(&marks, at);
		see_marks(&marks, at + 16);
		see_marks(&marks, at + 32);
		see_marks(&marks, at + 48);
	}
	for (; at < last; at += 16)
		see_marks(&marks, at);
	return lt_mask16(marks.phrase | lt_range16(marks.least, 0, '\r')) == 0;
}

/*
 * Whether the end may be a failure's: its last letters are, or those before a full stop, or
 * something stands behind them.
 */
static inline bool may_report(const unsigned char *end)
{
	if (lt_is(end[-1], LT_C_LETTER) || (end[-1] == '.' && lt_is(end[-2], LT_C_LETTER)))
		return lt_may_end_in_failure(end);
	return lt_is(end[-1], LT_C_BLANK | LT_C_CLOSE) || end[-1] == '.' || end[-1] == '!';
}

/* The fast path: a sentence without any of what the other one could find in it. */
static inline __attribute__((always_inline)) bool is_plain(const unsigned char *line, size_t length)
{
	const unsigned char *end = line + length;

	return length <= LT_SEVERITY_WINDOW && lt_begins_plainly(line, end, 1, lt_opening_bits) &&
	       has_no_mark(line, end) && !may_report(end);
}

static __attribute__((noinline)) int of_line_slow(const unsigned char *line, size_t length,
						  enum lt_detect detect, size_t *skip)
{
	struct lt_span span;
	unsigned flags;

	if (has_prefix(line, length)) {
		*skip = 3;
		return line[1] - '0';
	}
	span = span_of(line, length);
	return own_severity(&span, detect, &flags);
}

int lt_severity_of_line(const char *line, size_t length, enum lt_detect detect, size_t *skip)
{
	*skip = 0;
	if (is_plain((const unsigned char *)line, length))
		return LT_SEVERITY_NONE;
	return of_line_slow((const unsigned char *)line, length, detect, skip);
}

enum block {
	NO_BLOCK,
	TRACE_BLOCK,	 /* a Python traceback: a line at the margin ends it, and belongs to it */
	NEXT_BLOCK,	 /* the message follows in the next line */
	PARAGRAPH_BLOCK, /* up to an empty line */
};

static int lend(struct lt_severity_state *state)
{
	state->left--;
	return state->lent - 1;
}

static int borrow(struct lt_severity_state *state, int severity)
{
	state->lent = (uint8_t)(severity + 1);
	state->left = LT_SEVERITY_CONTINUED;
	return severity;
}

static uint8_t block_of(unsigned flags, const struct lt_span *line)
{
	if (flags & LT_P_TRACE)
		return TRACE_BLOCK;
	if (flags & LT_P_NEXT && line->at[line->length - 1] == ':')
		return NEXT_BLOCK;
	return flags & LT_P_PARAGRAPH ? PARAGRAPH_BLOCK : NO_BLOCK;
}

/* Whether a line belongs to the one before by its form, whatever words are in it. */
static __attribute__((noinline)) bool belongs(struct lt_severity_state *state,
					      const unsigned char *at, const unsigned char *end,
					      bool *softly)
{
	enum lt_continuation_kind kind;

	*softly = lt_is(*at, LT_C_BLANK) || state->open == PARAGRAPH_BLOCK;
	if (lt_skip_blanks(at, end) == end)
		return false;
	if (state->open == NEXT_BLOCK) {
		state->open = NO_BLOCK;
		return true;
	}
	if (state->open == TRACE_BLOCK && lt_is(*at, LT_C_BLANK))
		return true;
	if (!lt_is_continuation(at, end, &kind))
		return false;
	if (kind == LT_PARAGRAPH)
		state->open = PARAGRAPH_BLOCK;
	*softly = true;
	return kind != LT_SOFT;
}

/* A line that shows a severity, which may belong to the line above all the same. */
static __attribute__((noinline)) int shown(struct lt_severity_state *state,
					   const struct lt_span *line, int severity, unsigned flags,
					   bool lending)
{
	uint8_t open = block_of(flags, line);
	bool in_trace = state->open == TRACE_BLOCK;

	if (severity > LOG_ERR && !in_trace)
		flags &= ~(unsigned)LT_P_WEAK; /* a warning's class is raised only in a traceback */
	if (lending && flags & LT_P_WEAK && in_trace && !lt_is(*line->at, LT_C_BLANK) &&
	    open != TRACE_BLOCK) {
		state->open = NO_BLOCK; /* "ValueError: ..." ends the traceback */
		return lend(state);
	}
	/* What a report says in its own words, "Error in process ...", does not end it. */
	if (open != NO_BLOCK || state->open != PARAGRAPH_BLOCK || severity != state->lent - 1)
		state->open = open;
	if (lending && flags & LT_P_WEAK && state->lent - 1 <= LOG_WARNING)
		return lend(state);
	return borrow(state, severity);
}

static int continued(struct lt_severity_state *state, const struct lt_span *line,
		     enum lt_detect detect)
{
	const unsigned char *end =
		line->at + (line->length < LT_SEVERITY_WINDOW ? line->length : LT_SEVERITY_WINDOW);
	bool lending = state->lent != 0 && state->left != 0;
	bool softly = false;
	unsigned flags;
	int severity;

	if (line->length == 0) { /* an empty line ends a paragraph alone */
		if (state->open == PARAGRAPH_BLOCK)
			state->open = NO_BLOCK;
		return LT_SEVERITY_NONE;
	}
	if (lending && belongs(state, line->at, end, &softly))
		return lend(state);
	severity = own_severity(line, detect, &flags);
	if (severity != LT_SEVERITY_NONE)
		return shown(state, line, severity, flags, lending);
	if (lending && state->open == TRACE_BLOCK && !lt_is(*line->at, LT_C_BLANK)) {
		state->open = NO_BLOCK; /* an exception of any name ends the traceback */
		return lend(state);
	}
	if (softly)
		return lend(state);
	state->lent = 0;
	state->open = NO_BLOCK;
	return LT_SEVERITY_NONE;
}

static __attribute__((noinline)) int continue_slow(struct lt_severity_state *state,
						   const unsigned char *line, size_t length,
						   enum lt_detect detect, size_t *skip)
{
	struct lt_span span;

	if (has_prefix(line, length)) {
		*skip = 3;
		state->open = NO_BLOCK;
		return borrow(state, line[1] - '0');
	}
	span = span_of(line, length);
	return continued(state, &span, detect);
}

int lt_severity_continue(struct lt_severity_state *state, const char *line, size_t length,
			 enum lt_detect detect, size_t *skip)
{
	*skip = 0;
	if (state->lent == 0 && is_plain((const unsigned char *)line, length))
		return LT_SEVERITY_NONE;
	return continue_slow(state, (const unsigned char *)line, length, detect, skip);
}
