/* SPDX-License-Identifier: MIT */
/*
 * Unchecked writers: each writes at `out` and returns the place behind what it wrote. Private to
 * the library. The caller has made PUT_ROOM(size) bytes of room, `size` being the value's bytes;
 * no writer needs more than that, and none less than 16 bytes beyond what it writes: they copy in
 * blocks.
 */
#ifndef EVH_PUT_H
#define EVH_PUT_H

#include <evh/text.h>

/* Bytes that may be touched, not used, behind what is written or copied: blocks. */
#define CLEAN_SLACK 32

/*
 * A byte becomes six at most ("\u0001"), a unit of UTF-16 or UTF-32 too. The longest of the
 * other values: 48 bytes of an address or a "TIME(...)" in quotes.
 */
#define PUT_ROOM(size) ((size_t)(size)*6 + 80)

/* How text is written. */
enum put_style {
	PUT_PLAIN,   /* UTF-8, whatever it holds */
	PUT_VISIBLE, /* control characters made visible, and a backslash told from theirs */
	PUT_QUOTED,  /* and quotes escaped */
	PUT_JSON,    /* inside a JSON string */
};

char *put_u64(char *out, uint64_t value);
char *put_i64(char *out, int64_t value);
char *put_hex(char *out, uint64_t value); /* "0x1F" */
char *put_digits(char *out, uint32_t value, unsigned digits);
char *put_nanoseconds(char *out, uint32_t value); /* nine digits */
char *put_uuid(char *out, const uint8_t *uuid);
char *put_float(char *out, double value, bool single);
char *put_float_slowly(char *out, double value, bool single); /* finite: the fast path's twin */

/* "ENOENT"; NULL for a number that Linux doesn't have. */
const char *evh_errno_name(int32_t number);

/* 1 to 10^19 */
extern const uint64_t evh_powers_of_ten[20];

/* "2033-05-18T03:33:20", or "TIME(...)" where the year would not fit 32 bits. */
char *put_time(char *out, int64_t seconds);

char *put_utf8(char *out, const uint8_t *data, size_t size, enum put_style style);
char *put_json_text(char *out, const uint8_t *data, size_t size); /* UTF-8, PUT_JSON */
char *put_text(char *out, enum evh_value_kind kind, const uint8_t *data, size_t size,
	       bool big_endian, enum put_style style);

/* A value that isn't text, without quotes around it. */
char *put_scalar(char *out, enum evh_value_kind kind, const uint8_t *data, size_t size,
		 bool big_endian);

/* A text among other fields: made visible, in quotes where it would be taken for something else. */
void text_append_string(struct evh_text *text, const void *data, size_t size);

/* Any value as JSON. */
char *put_json_value(char *out, enum evh_value_kind kind, const uint8_t *data, size_t size,
		     bool big_endian);

static inline bool kind_is_text(enum evh_value_kind kind)
{
	return kind >= EVH_VALUE_LATIN1;
}

static inline char *put_bytes(char *out, const void *data, size_t size)
{
	__builtin_memcpy(out, data, size);
	return out + size;
}

#define PUT_LITERAL(out, literal) put_bytes((out), (literal), sizeof(literal) - 1)

#endif
