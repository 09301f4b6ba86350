/* SPDX-License-Identifier: MIT */
/* The output formats of `logtap view` and `logtap tail`, and the buffer that goes to stdout. */
#ifndef LOGTAP_OUTPUT_H
#define LOGTAP_OUTPUT_H

#include <stdbool.h>

#include <evh/text.h>

#include "event.h"

enum output_format { OUTPUT_SHORT, OUTPUT_JSON, OUTPUT_CAT, OUTPUT_PERF };

enum output_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct output {
	enum output_format format;
	bool color;
	bool terminal; /* `cat` makes control characters visible, too */
	bool utc;      /* times of `short` in UTC, not in local time */
	int fd;
	struct evh_text text;
	char **fields; /* --fields: only these; NULL: the format's own choice */
	size_t field_count;
	int error; /* errno of the first write that failed; nothing is written after it */

	/* The second that `short` formatted last, and how. */
	int64_t second;
	char second_text[32];
};

/* "short", "json", "cat" or "perf". 0, or -EINVAL. */
int output_parse_format(const char *text, enum output_format *format);
/* "auto", "always", "never". 0, or -EINVAL. */
int output_parse_color(const char *text, enum output_color *color);
/* A list with commas, as --fields takes it. 0, or -EINVAL (an empty name), -ENOMEM. */
int output_parse_fields(struct output *output, const char *text);

/* Colour for `auto`: on a terminal that isn't dumb, unless NO_COLOR is set. */
bool output_wants_color(enum output_color color, int fd);

/* Appends the event in the format (never OUTPUT_PERF), and writes when much has gathered. */
void output_event(struct output *output, struct event *event);

/* Appends bytes as they are; for OUTPUT_PERF. */
void output_bytes(struct output *output, const void *bytes, size_t size);

/* Writes what has gathered. 0, or -errno of the first write that failed (see output->error). */
int output_flush(struct output *output);

/*
 * The last word: flushes, and says what couldn't be written (but nothing of a reader that went
 * away). The exit status.
 */
int output_finish(struct output *output);

void output_free(struct output *output);

/*
 * Appends text of any origin with control characters made visible, and a backslash doubled: "\\n"
 * was typed, "\n" is a newline. May go to a terminal.
 */
void output_visible(struct evh_text *text, const void *data, size_t size);

/* The formats, for output.c. */
void output_short(struct output *output, struct event *event);
void output_json(struct output *output, struct event *event);
void output_cat(struct output *output, struct event *event);

/*
 * For columns: appends the value that the JSON object has under this name, a text without its
 * quotes. False when there is none.
 */
bool output_member(struct output *output, struct event *event, const char *name);

#endif
