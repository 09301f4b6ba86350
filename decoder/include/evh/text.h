/* SPDX-License-Identifier: MIT */
/*
 * Output buffers, and events as text for people.
 *
 * Text made here is valid UTF-8 and holds no control character: those of the data are made
 * visible ("\n", "\x1b", "\u202e"; a backslash of the data is doubled), a byte that isn't part of
 * UTF-8 is read as Latin-1, other units that are no character as U+FFFD. So it may go to a
 * terminal.
 *
 * Functions that take a buffer append to it. They may be called from several threads with
 * different buffers; from a signal handler only with a buffer that doesn't grow. None touches
 * errno, and none looks at the locale.
 */
#ifndef EVH_TEXT_H
#define EVH_TEXT_H

#include <evh/decode.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A buffer. All zero is an empty one that grows with malloc. An error stays: what is appended
 * after it is dropped, so that a row of calls can be checked once, at its end.
 */
struct evh_text {
	char *data;	 /* not terminated */
	size_t size;	 /* bytes in use */
	size_t capacity; /* bytes there */
	int error;	 /* 0, -ENOMEM, or -ENOSPC (a caller's buffer is full) */
	bool fixed;	 /* the caller's own buffer: never grows, never freed */
};

/*
 * Uses @capacity bytes of the caller's at @buffer. What might not fit is dropped as a whole: each
 * value, text or name of n bytes asks for 6 n + 80, the longest that it could become.
 */
EVH_API void evh_text_use(struct evh_text *text, void *buffer, size_t capacity);

/* Gives back what the buffer grew; it is all zero then, and may be used again. */
EVH_API void evh_text_free(struct evh_text *text);

/* Empties the buffer and forgets its error; what it grew to stays. */
EVH_API void evh_text_clear(struct evh_text *text);

/*
 * Room for @size more bytes.
 *
 * Where they may be written (add what was written to text->size), or NULL with text->error set.
 * Valid until the next call with this buffer.
 */
EVH_API char *evh_text_reserve(struct evh_text *text, size_t size);

/* Appends bytes as they are; evh_text_puts takes a terminated string. */
EVH_API void evh_text_append(struct evh_text *text, const void *data, size_t size);
EVH_API void evh_text_puts(struct evh_text *text, const char *string);

/* Appends a number in decimal. */
EVH_API void evh_text_u64(struct evh_text *text, uint64_t value);
EVH_API void evh_text_i64(struct evh_text *text, int64_t value);

/* Appends UTF-8 of any origin, made visible. */
EVH_API void evh_text_visible(struct evh_text *text, const void *data, size_t size);

/*
 * Appends one value, without its name: numbers, "EPERM(1)", "2033-05-18T03:33:20", addresses,
 * "01 02 ff" for bytes, "null"; text as it is, made visible. What isn't a FIELD appends nothing.
 */
EVH_API void evh_text_value(struct evh_text *text, const struct evh_item *item);

/*
 * Appends all fields of an event: "name=value other=value". Text and bytes that are empty, or hold
 * a space, a quote, an equals sign or a bracket, are quoted ("\"" inside stands for a quote);
 * arrays are "[1 2]", structs "{a=1 b=2}".
 *
 * @reader  freshly opened, or where a part of an event is to be shown from; is read to the end
 *
 * 0, or what evh_reader_next reports; the fields before that are in the buffer, and closed.
 */
EVH_API int evh_text_fields(struct evh_text *text, struct evh_reader *reader);

#ifdef __cplusplus
}
#endif
#endif
