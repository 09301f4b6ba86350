/* SPDX-License-Identifier: MIT */
/* The output formats of `logtap view` and `logtap tail`, and the buffer that goes to stdout. */
#ifndef LOGTAP_OUTPUT_H
#define LOGTAP_OUTPUT_H

#include <stdbool.h>

#include <evh/text.h>

#include "event.h"

enum output_format { OUTPUT_SHORT, OUTPUT_JSON, OUTPUT_CAT, OUTPUT_PERF };

enum output_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* One name of --fields. */
struct output_field {
	char *name;
	char *key;  /* the name as JSON writes it, without quotes */
	bool found; /* an event had it */
};

struct output {
	enum output_format format;
	enum output_color color_wish;
	bool color;
	bool terminal; /* `cat` makes control characters visible, too */
	bool utc;      /* times of `short` in UTC, not in local time */
	int fd;
	struct evh_text text;
	struct output_field *fields; /* --fields: only these; NULL: the format's own choice */
	size_t field_count;
	uint64_t written; /* bytes that have left `text` */
	int error;	  /* errno of the first write that failed; nothing is written after it */

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

/*
 * Says where the output goes; how it looks follows from that and from the options. Colour for
 * `auto`: on a terminal that isn't dumb, unless NO_COLOR is set.
 */
void output_open(struct output *output, int fd);

/* Whether the terminal says of itself that it can do nothing but print ($TERM). */
bool output_terminal_is_dumb(void);

/* Appends the event in the format (never OUTPUT_PERF), and writes when much has gathered. */
void output_event(struct output *output, struct event *event);

/* Appends bytes as they are; for OUTPUT_PERF. */
void output_bytes(struct output *output, const void *bytes, size_t size);

/* Writes what has gathered. 0, or -errno of the first write that failed (see output->error). */
int output_flush(struct output *output);

/* The same, once there is enough that it is worth a write. */
void output_flush_full(struct output *output);

/* One line on stderr for each name of --fields that no event had: it is most likely misspelt. */
void output_report_fields(const struct output *output);

/*
 * The last word: flushes, and says what couldn't be written (but nothing of a reader that went
 * away). The exit status.
 */
int output_finish(struct output *output);

void output_free(struct output *output);

/* The formats, for output.c. */
void output_short(struct output *output, struct event *event);
void output_json(struct output *output, struct event *event);
void output_cat(struct output *output, struct event *event);

/*
 * For columns: appends the value that the JSON object has under this key, a text without its
 * quotes. False when there is none.
 */
bool output_member(struct output *output, struct event *event, const char *key);

#endif
