/* SPDX-License-Identifier: MIT */
/*
 * What surrounds a level word. Each function reads only the bytes between its two pointers.
 */
#ifndef LOGTAP_SEVERITY_CONTEXT_H
#define LOGTAP_SEVERITY_CONTEXT_H

#include <stdbool.h>

#include "places.h"

#pragma GCC visibility push(hidden)

/* What stands behind a word that ends at `at`: one bit or more of enum lt_right. */
unsigned lt_right_of(const unsigned char *at, const unsigned char *end, bool bracketed);

/* The same for a single letter. */
unsigned lt_right_of_letter(const unsigned char *at, const unsigned char *end, bool bracketed);

/* A number, a date or a time at `at` (a digit): its end; sets *time for a time of day. */
const unsigned char *lt_number_end(const unsigned char *at, const unsigned char *end, bool *time);

/* The severity that a word shows as a value ("error", "WARN", "E"), or LT_SEVERITY_NONE. */
int lt_value_severity(const unsigned char *at, const unsigned char *end);

#pragma GCC visibility pop

#endif
