/* SPDX-License-Identifier: MIT */
/*
 * The severity of a line, and of a line in its stream (severity.h). It must never allocate, lock,
 * consult the locale or read past the window: it runs inside somebody else's write(2).
 */
#include <string.h>
#include <syslog.h>

#include "chars.h"
#include "forms.h"
#include "line.h"
#include "sentence.h"
#include "severity.h"
#include "steps16.h"
#include "vocabulary.h"

/* sd-daemon(3): "<3>", the only thing that is ever taken off a line. */
static size_t prefix_length(const unsigned char *line, size_t length)
{
	return length >= 3 && line[0] == '<' && line[1] >= '0' && line[1] <= '7' && line[2] == '>'
		       ? 3
		       : 0;
}

/* RFC 3164 and 5424: "<165>1 2026-...", "<34>Nov 21 ...": facility times eight and severity. */
static int syslog_priority(const unsigned char *line, size_t length)
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

static __attribute__((noinline)) int own_severity(const unsigned char *line, size_t length,
						  size_t *skip, bool *weak)
{
	size_t window = length < LT_SEVERITY_WINDOW ? length : LT_SEVERITY_WINDOW;
	int severity;

	*weak = false;
	*skip = prefix_length(line, length);
	if (*skip != 0)
		return line[1] - '0';
	if (window == 0)
		return LT_SEVERITY_NONE;
	severity = syslog_priority(line, window);
	return severity != LT_SEVERITY_NONE ? severity
					    : lt_line_severity(line, line + window, weak);
}

/* The fast path: a sentence without any of what lt_line_severity could find in it. */
static inline __attribute__((always_inline)) bool is_plain(const unsigned char *line, size_t length)
{
	size_t window = length < LT_SEVERITY_WINDOW ? length : LT_SEVERITY_WINDOW;

	return lt_begins_plainly(line, line + window, 1) &&
	       !lt_has_either(line, line + window, LT_SENTENCE_BYTES);
}

int lt_severity_of_line(const char *line, size_t length, size_t *skip)
{
	bool weak;

	*skip = 0;
	if (is_plain((const unsigned char *)line, length))
		return LT_SEVERITY_NONE;
	return own_severity((const unsigned char *)line, length, skip, &weak);
}

/* rustc's quoted source, whose line number stands at the margin: "3 | let x = 1;". */
static bool is_quoted_source(const unsigned char *at, const unsigned char *end)
{
	const unsigned char *digit = at;

	while (at < end && lt_is(*at, LT_C_DIGIT))
		at++;
	return at > digit && end - at >= 2 && at[0] == ' ' && at[1] == '|' &&
	       (end - at == 2 || at[2] == ' ');
}

static bool is_continuation(const unsigned char *at, const unsigned char *end)
{
	for (size_t i = 0; i < LT_CONTINUATIONS; i++) {
		if (lt_continuations[i].text[0] == (char)*at &&
		    (size_t)(end - at) >= lt_continuations[i].length &&
		    memcmp(lt_continuations[i].text, at, lt_continuations[i].length) == 0)
			return true;
	}
	return lt_is(*at, LT_C_DIGIT) && is_quoted_source(at, end);
}

enum block { NO_BLOCK, PYTHON_BLOCK };

static bool begins(const unsigned char *at, const unsigned char *end, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

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

/* Whether a line belongs to the one before by its form alone. */
static bool belongs(const struct lt_severity_state *state, const unsigned char *at,
		    const unsigned char *end)
{
	const unsigned char *text = at;

	while (text < end && lt_is(*text, LT_C_BLANK))
		text++;
	if (text == end)
		return false;
	if (state->open == PYTHON_BLOCK && text > at)
		return true;
	return is_continuation(text, end);
}

/* Out of line, so that a sentence saves no registers. */
static __attribute__((noinline)) int continued(struct lt_severity_state *state, const char *line,
					       size_t length, size_t *skip)
{
	const unsigned char *at = (const unsigned char *)line;
	size_t window = length < LT_SEVERITY_WINDOW ? length : LT_SEVERITY_WINDOW;
	const unsigned char *end = at + window;
	bool lending = state->lent != 0 && state->left != 0;
	int severity;
	bool weak;

	if (window == 0)
		return LT_SEVERITY_NONE; /* an empty line ends nothing */
	if (lending && belongs(state, at, end))
		return lend(state);
	severity = own_severity(at, length, skip, &weak);
	if (severity > LOG_ERR && state->open != PYTHON_BLOCK)
		weak = false; /* a warning's class is raised only in a traceback */
	if (severity != LT_SEVERITY_NONE && !weak) {
		state->open = NO_BLOCK;
		return borrow(state, severity);
	}
	if (lending && state->open == PYTHON_BLOCK && !lt_is(*at, LT_C_BLANK) &&
	    !begins(at, end, "Traceback ")) {
		state->open = NO_BLOCK; /* "ValueError: ..." ends the traceback */
		return lend(state);
	}
	if (severity != LT_SEVERITY_NONE) {
		state->open = begins(at, end, "Traceback ") ? PYTHON_BLOCK : NO_BLOCK;
		if (lending && state->lent - 1 <= LOG_WARNING)
			return lend(state);
		return borrow(state, severity);
	}
	if (lending && (lt_is(*at, LT_C_BLANK) || begins(at, end, LT_SOFT_CONTINUATION)))
		return lend(state);
	state->lent = 0;
	state->open = NO_BLOCK;
	return LT_SEVERITY_NONE;
}

int lt_severity_continue(struct lt_severity_state *state, const char *line, size_t length,
			 size_t *skip)
{
	*skip = 0;
	if (state->lent == 0 && is_plain((const unsigned char *)line, length))
		return LT_SEVERITY_NONE;
	return continued(state, line, length, skip);
}
