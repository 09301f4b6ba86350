/* SPDX-License-Identifier: MIT */
/*
 * --grep: whether a text matches an expression. Must never take longer than some steps for each
 * byte: what is searched is whatever somebody logged, and may be a megabyte without a newline.
 *
 * The matcher tries one beginning after the other, and each try of "x.*y" reads on to the text's
 * end: a line of 30 KB takes seconds. So an expression that repeats something is also compiled as
 * "^.*(EXPRESSION)", which has one beginning, and all of them are tried in one pass.
 *
 * Most expressions are words, or need some: texts without those never get to the matcher.
 */
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <evh/tep.h>
#include <evh/text.h>

#include "cli.h"
#include "filter.h"

/* Stands for a byte that "." doesn't match: a NUL, or what is no character. */
#define NO_CHARACTER '\x1a'

static bool has_capitals(const char *text)
{
	for (; *text; text++) {
		if (*text >= 'A' && *text <= 'Z')
			return true;
	}
	return false;
}

/* References to groups would count the one that is added. */
static bool has_references(const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' && *++text >= '1' && *text <= '9')
			return true;
		if (!*text)
			break;
	}
	return false;
}

/* Without repetition every try ends soon, and the matcher finds beginnings faster than we do. */
static void compile_whole(struct filter *filter, const char *text, int flags)
{
	size_t size = strlen(text) + sizeof("^.*()");
	char *whole;

	if (!strpbrk(text, "*+{") || has_references(text))
		return;
	whole = malloc(size);
	if (!whole)
		return;
	stpcpy(stpcpy(stpcpy(whole, "^.*("), text), ")");
	filter->by_whole = regcomp(&filter->whole, whole, flags) == 0;
	free(whole);
}

void filter_free_text(struct filter *filter)
{
	if (filter->by_text)
		regfree(&filter->regex);
	if (filter->by_whole)
		regfree(&filter->whole);
	filter->by_text = false;
	filter->by_whole = false;
	filter->plain.size = 0;
}

int filter_grep(struct filter *filter, const char *text)
{
	int flags = REG_EXTENDED | REG_NOSUB | (has_capitals(text) ? 0 : REG_ICASE);
	int result;

	filter_free_text(filter);
	result = regcomp(&filter->regex, text, flags);
	if (result != 0) {
		char reason[128];

		regerror(result, &filter->regex, reason, sizeof(reason));
		cli_error("'%s' is no regular expression: %s", text, reason);
		return 1;
	}
	filter->by_text = true;
	/* What a byte is, and what its capital, is known of one locale only. */
	if (strcmp(setlocale(LC_CTYPE, NULL), "C") == 0)
		plain_text_read(&filter->plain, text, flags & REG_ICASE);
	compile_whole(filter, text, flags);
	return 0;
}

static bool is_plain(const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (data[i] <= 0)
			return false;
	}
	return true;
}

/* Where the locale's characters end: how many bytes stand for one at `data`. */
static size_t character_size(const char *data, size_t size)
{
	mbstate_t state = { 0 };
	size_t length = data[0] > 0 ? 1 : mbrlen(data, size, &state);

	return length > size ? 0 : length; /* (size_t)-1 and -2, too */
}

/* A copy that "." matches all of; NULL without memory. */
static char *make_characters(const char *data, size_t size)
{
	char *copy = calloc(1, size + 1);

	for (size_t at = 0; copy && at < size;) {
		size_t length = character_size(data + at, size - at);

		if (length)
			memcpy(copy + at, data + at, length);
		else
			copy[at] = NO_CHARACTER;
		at += length ? length : 1;
	}
	return copy;
}

/*
 * re_search() and not regexec(): the text has no NUL at its end and may have some inside, which
 * regexec() takes with REG_STARTEND only, and AddressSanitizer's regexec() reads on to a NUL even
 * so.
 */
static bool matches(const regex_t *regex, const char *data, size_t size)
{
	regoff_t length = size > INT_MAX ? INT_MAX : (regoff_t)size;

	/* Like regexec(), it changes nothing but the caches of its automaton, under a lock. */
	return re_search((regex_t *)regex, data, length, 0, length, NULL) >= 0;
}

static bool text_matches(const struct filter *filter, const char *data, size_t size)
{
	char *copy;
	bool found;

	if (filter->plain.size) {
		found = plain_text_in(&filter->plain, data, size);
		if (!found || filter->plain.is_all)
			return found;
	}
	if (!filter->by_whole)
		return matches(&filter->regex, data, size);
	if (is_plain(data, size))
		return matches(&filter->whole, data, size);
	copy = make_characters(data, size);
	found = copy && matches(&filter->whole, copy, size);
	free(copy);
	return found;
}

bool filter_text_passes(const struct filter *filter, struct event *event)
{
	struct evh_name message = event_message(event);
	struct evh_text text = { 0 };
	struct evh_reader reader;
	bool passes;

	if (message.data)
		return text_matches(filter, message.data, message.size);
	if (!event->sample->event)
		evh_tep_text(&text, event->sample);
	else if (evh_reader_open(&reader, event->sample->event, event->sample->event_size) == 0)
		evh_text_fields(&text, &reader);
	passes = text_matches(filter, text.size ? text.data : "", text.size);
	evh_text_free(&text);
	return passes;
}
