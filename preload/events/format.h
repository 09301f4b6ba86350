/* SPDX-License-Identifier: MIT */
/* The usual printf formats, in a fraction of the time that libc's general machinery takes. */
#ifndef LT_FORMAT_H
#define LT_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * As vsnprintf, but only for literal text, %% and the conversions d i u x s c m with widths
 * and precisions (also *), the flags - and 0 and the lengths hh h l ll j z t. The number of bytes
 * written (no terminating NUL), or -1 where the format is another, a byte is NUL, or `room` too
 * little (numbers like some to spare): then nothing is known of `out`.
 *
 * *percent: set when a % stands in the result (or may), so that it would not do as a format.
 * errno, which %m shows, stays what it is.
 */
int lt_format(char *out, size_t room, bool *percent, const char *format, va_list arguments);

#endif
