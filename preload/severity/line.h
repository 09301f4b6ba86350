/* SPDX-License-Identifier: MIT */
/* The severity of one line: the walk along its head, and what its end says. */
#ifndef LOGTAP_SEVERITY_LINE_H
#define LOGTAP_SEVERITY_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "severity.h"
#include "vocabulary.h"

#pragma GCC visibility push(hidden)

/* A line, or what of it counts. */
struct lt_span {
	const unsigned char *at;
	size_t length;
};

/*
 * The severity of a line of 1 byte or more without its sd-daemon prefix, or LT_SEVERITY_NONE.
 * *flags: enum lt_phrase_flag of what showed it.
 */
int lt_line_severity(const struct lt_span *line, enum lt_detect detect, unsigned *flags);

#pragma GCC visibility pop

#endif
