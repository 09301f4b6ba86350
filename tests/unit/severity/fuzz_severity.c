/* SPDX-License-Identifier: MIT */
/*
 * Any bytes: the severity reader stays within the line, two readings agree, the fast path for
 * sentences with the walk, and what counts as words alone is no more than what counts. The line is
 * a heap block of its own, so that the sanitizer sees one byte more.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "severity/line.h"
#include "severity/severity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *line, size_t size, enum lt_detect detect, bool words_show)
{
	size_t skip;
	size_t skip_again;
	int severity = lt_severity_of_line(line, size, detect, &skip);

	if (severity < LT_SEVERITY_NONE || severity > 7 || (skip != 0 && skip != 3) || skip > size)
		abort();
	if (lt_severity_of_line(line, size, detect, &skip_again) != severity || skip_again != skip)
		abort();
	if (words_show && severity == LT_SEVERITY_NONE)
		abort();
	if (size > 0 && *line != '<' && !memchr(line, '\r', size)) {
		struct lt_span span = { (const unsigned char *)line, size };
		unsigned flags;

		if (lt_line_severity(&span, detect, &flags) != severity)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size > 0 ? size : 1);
	struct lt_severity_state state = { 0 };
	size_t skip;
	size_t at = 0;
	bool words_show;

	if (!line)
		return 0;
	memcpy(line, data, size);
	check(line, size, LT_DETECT_WORDS, false);
	words_show = lt_severity_of_line(line, size, LT_DETECT_WORDS, &skip) != LT_SEVERITY_NONE;
	check(line, size, LT_DETECT_ON, words_show);
	while (at < size) { /* the lines of a stream */
		const char *newline = memchr(line + at, '\n', size - at);
		size_t length = newline ? (size_t)(newline - line) - at : size - at;
		int severity = lt_severity_continue(&state, line + at, length, LT_DETECT_ON, &skip);

		if (severity < LT_SEVERITY_NONE || severity > 7 || (skip != 0 && skip != 3))
			abort();
		at += length + 1;
	}
	free(line);
	return 0;
}
