/* SPDX-License-Identifier: MIT */
/* The severity of one line: the walk along its head, and what its end says. */
#ifndef LOGTAP_SEVERITY_LINE_H
#define LOGTAP_SEVERITY_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "severity.h"
#include "vocabulary.h"

#pragma GCC visibility push(hidden)

/*
 * The severity of a line of `length` bytes (1 or more) without its sd-daemon prefix, or
 * LT_SEVERITY_NONE. *flags: enum lt_phrase_flag of what showed it.
 */
int lt_line_severity(const unsigned char *line, size_t length, enum lt_detect detect,
		     unsigned *flags);

/* Whether a line may end as lt_line_severity's rule for failures wants it; false is certain. */
static inline bool lt_may_end_in_failure(const unsigned char *line, const unsigned char *end)
{
	end -= end > line && end[-1] == '.';
	return end - line >= 4 && lt_bit_of_four(lt_end_bits, lt_four(end - 4));
}

#pragma GCC visibility pop

#endif
