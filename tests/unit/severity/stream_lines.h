/* SPDX-License-Identifier: MIT */
/*
 * A stream of lines, each with the severity that it is expected to have behind those before it.
 */
#ifndef TESTS_SEVERITY_STREAM_LINES_H
#define TESTS_SEVERITY_STREAM_LINES_H

#include <criterion/criterion.h>
#include <string.h>

#include "severity/severity.h"

struct line {
	const char *severity;
	const char *text;
};

static inline void check(const struct line *lines)
{
	struct lt_severity_state state = { 0 };

	for (; lines->text; lines++) {
		size_t skip;
		int severity = lt_severity_continue(&state, lines->text, strlen(lines->text),
						    LT_DETECT_ON, &skip);

		cr_expect_str_eq(lt_severity_name(severity), lines->severity, "%s", lines->text);
	}
}

#define CHECK(...) check((const struct line[]){ __VA_ARGS__, { NULL, NULL } })

#endif
