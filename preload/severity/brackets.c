/* SPDX-License-Identifier: MIT */
/*
 * The fields of a line's head that are brackets: times, levels, markers, names of threads and
 * modules. Reads only up to the walk's end, of an object up to its limit.
 */
#include <string.h>
#include <syslog.h>

#include "chars.h"
#include "context.h"
#include "forms.h"
#include "json.h"
#include "places.h"
#include "severity.h"
#include "vocabulary.h"
#include "walk.h"

enum { PID_MAX = 8 }; /* bytes of a pid and its bracket */

/* <Error> is a level only where nothing but its name stands in it and no markup follows. */
static bool is_angle_level(const unsigned char *at, const unsigned char *close,
			   const unsigned char *end)
{
	if (close - at > LT_WORD_MAX + 1)
		return false;
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

/* The level inside a bracket; its work is the line's. */
static int level_inside(struct lt_walk *w, const unsigned char *open, const unsigned char *close)
{
	struct lt_inside inside = { .time = w->head.dated, .work = w->work };
	int severity = lt_bracket_severity(open + 1, close, *open == '[', &inside);

	w->head.dated = inside.time;
	w->work = inside.work;
	return severity;
}

int lt_walk_bracket(struct lt_walk *w)
{
	const unsigned char *start = w->at;
	const unsigned char *close;
	enum lt_left left = w->left;
	int severity = LT_SEVERITY_NONE;

	if (*start == '{' && lt_is_object(start, w->end))
		return lt_json_severity(start, w->limit, w->work * LT_JSON_BEHIND / LT_WORK_MAX);
	close = lt_walk_closing(w, start);
	if (!close) {
		w->at++;
		return LT_MORE;
	}
	if (lt_is_access_time(start, close)) {
		w->at = close + 1;
		w->left = left == LT_START ? LT_TIME : LT_BRACKET;
		w->head.dated = true;
		w->numbered = true;
		return LT_MORE;
	}
	if (!lt_spend(w, LT_WORK_BRACKET + (unsigned)(close - start) * LT_WORK_BYTE))
		return LT_SEVERITY_NONE;
	if (is_list_item(w, start, close))
		return LT_SEVERITY_NONE;
	if (*start != '[')
		severity = lt_marker_severity(start, close);
	else if (close - start <= PID_MAX && lt_is(start[1], LT_C_DIGIT) &&
		 lt_spend(w, LT_WORK_REDIS))
		severity = lt_redis_severity(start, w->end);
	if (severity == LT_SEVERITY_NONE && *start == '(' && is_elixir(w, start, close))
		severity = LOG_ERR;
	if (severity == LT_SEVERITY_NONE && (*start != '<' || is_angle_level(start, close, w->end)))
		severity = level_inside(w, start, close);
	if (severity == LT_SEVERITY_NONE && left == LT_BRACKET && w->end - close > 1 &&
	    close[1] == ':')
		severity = lt_sssd_severity(start, close);
	w->numbered |= w->head.dated;
	if (severity != LT_SEVERITY_NONE && (left != LT_WORD || w->head.dated))
		return severity;
	w->at = close + 1;
	w->left = w->head.dated && left == LT_START ? LT_TIME : LT_BRACKET;
	if (close - start > 8 && close - start <= 17 && is_hexadecimal(start + 1, close))
		w->words = 2; /* VLC: "[000055d0] main interface error: ..." */
	if (w->at < w->end && *w->at == ':') {
		w->left = LT_TAG;
		w->at++;
	}
	return LT_MORE;
}
