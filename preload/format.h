/* SPDX-License-Identifier: MIT */
/* The usual printf formats, in a fraction of the time that libc's general machinery takes. */
#ifndef LT_FORMAT_H
#define LT_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * As vsnprintf with `error` for %m, but only for literal text, %% and the conversions d i u x s c m
 * with a width, the flags - and 0, the lengths l ll z, and a precision on s. The number of bytes
 * written (no terminating NUL), or -1 where the format is another, a byte is NUL, or `room` too
 * little: then nothing is known of `out`, and `arguments` are used up.
 */
int lt_format(char *out, size_t room, int error, const char *format, va_list arguments);

#endif
