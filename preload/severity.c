/* SPDX-License-Identifier: MIT */
/*
 * Reads the severity out of a line of text (severity.h). It must never allocate, lock, consult
 * the locale or read past the window: it runs inside somebody else's write(2).
 */
#include "severity.h"

int lt_severity_of_line(const char *line, size_t length, size_t *skip)
{
	*skip = 0;
	if (length >= 3 && line[0] == '<' && line[1] >= '0' && line[1] <= '7' && line[2] == '>') {
		*skip = 3;
		return line[1] - '0';
	}
	return LT_SEVERITY_NONE;
}

int lt_severity_continue(struct lt_severity_state *state, const char *line, size_t length,
			 size_t *skip)
{
	int own = lt_severity_of_line(line, length, skip);

	(void)state;
	return own;
}

const char *lt_severity_name(int severity)
{
	static const char names[][8] = { "emerg",   "alert",  "crit", "err",
					 "warning", "notice", "info", "debug" };

	return severity >= 0 && severity <= 7 ? names[severity] : "unknown";
}
