/* SPDX-License-Identifier: MIT */
/* The usual printf formats, in a fraction of the time that libc's general machinery takes. */
#ifndef LT_FORMAT_H
#define LT_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * A text that is finished: nothing in it is to be expanded any more. It is passed on as the
 * argument of a "%s"; as a format itself only where `literal` says that no % is in it. That is set
 * by two functions alone, here below, which look at the very bytes that are passed on. Zero is
 * safe.
 */
struct lt_finished_text {
	const char *bytes; /* up to a NUL */
	bool literal;
};

/*
 * As vsnprintf, but only for literal text, %% and the conversions d i u x s c m with widths
 * and precisions (also *), the flags - and 0 and the lengths hh h l ll j z t. The number of bytes
 * written, before a NUL behind them, or -1 where the format is another, a byte is NUL, or `room`
 * too little (numbers like some to spare): then nothing is known of `out` and *finished.
 *
 * errno, which %m shows, stays what it is.
 */
int lt_format(char *out, size_t room, struct lt_finished_text *finished, const char *format,
	      va_list arguments);

/*
 * What the text has at least, in bytes, by the widths in the format: so that a message of
 * gigabytes, which libc takes seconds for, is not formatted to find out that it is too long.
 */
size_t lt_format_least(const char *format, va_list arguments);

/*
 * Whether a %n may be in the format: whatever can stand between a % and its letter before an n. The
 * number could go into a text that is read again, where the message is formatted a second time.
 */
bool lt_format_counts(const char *format);

/* Of a text that somebody else formatted, with a NUL behind its `size` bytes. */
static inline struct lt_finished_text lt_finish_text(const char *text, size_t size)
{
	return (struct lt_finished_text){ text, !memchr(text, '%', size) };
}

#endif
