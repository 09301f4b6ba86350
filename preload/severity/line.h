/* SPDX-License-Identifier: MIT */
/* The walk along the head of one line. */
#ifndef LOGTAP_SEVERITY_LINE_H
#define LOGTAP_SEVERITY_LINE_H

#include <stdbool.h>

/* What begins a continued line that may show a severity of its own: "==31==ERROR: ..." */
#define LT_SOFT_CONTINUATION "==" /* sanitizers, valgrind: "==31==  Address ..." */

#pragma GCC visibility push(hidden)

/*
 * The severity of a line without its sd-daemon prefix, or LT_SEVERITY_NONE. *weak: it usually
 * belongs to a logged error above it.
 */
int lt_line_severity(const unsigned char *at, const unsigned char *end, bool *weak);

#pragma GCC visibility pop

#endif
