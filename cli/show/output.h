/* SPDX-License-Identifier: MIT */
/* The output formats of `logtap view` and `logtap tail`, and the buffer that goes to stdout. */
#ifndef LOGTAP_OUTPUT_H
#define LOGTAP_OUTPUT_H

#include <stdbool.h>

#include <evh/text.h>

#include "event.h"

enum output_format {
	OUTPUT_SHORT,
	OUTPUT_SHORT_ISO,
	OUTPUT_SHORT_FULL,
	OUTPUT_VERBOSE,
	OUTPUT_JSON,
	OUTPUT_JSON_PRETTY,
	OUTPUT_CAT,
	OUTPUT_CSV,
	OUTPUT_EXPORT,
	OUTPUT_HTML,
	OUTPUT_CHROME,
	OUTPUT_PERF,
};

enum output_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* One name of --fields. */
struct output_field {
	char *name;
	char *key;  /* the name as JSON writes it, without quotes */
	bool found; /* an event had it */
	bool here;  /* the object that JSON is at has it */
};

struct output {
	enum output_format format;
	enum output_color color_wish;
	bool color;
	bool terminal;	   /* `cat` makes control characters visible, too */
	bool utc;	   /* times for people in UTC, not in local time */
	bool wall_clock;   /* an event had a time of the calendar */
	const char *title; /* what is shown, for formats that say it; NULL: not known */
	bool hold;	   /* format only: who formats takes the bytes out of `text` */
	bool begun;	   /* what stands in front of the first event is written */
	int fd;
	struct evh_text text;
	struct output_field *fields; /* --fields: only these; NULL: the format's own choice */
	size_t field_count;
	uint64_t written; /* bytes that have left `text` */
	int error;	  /* errno of the first write that failed; nothing is written after it */

	/* The second that was formatted last, and how: in front of its fraction, and behind. */
	int64_t second;
	char second_text[40];
	char zone_text[16];

	struct chrome *chrome; /* of the format's own */
};

/* "short", "json" ...: one of output_format_names. 0, or -EINVAL. */
int output_parse_format(const char *text, enum output_format *format);

/* "short, short-iso, ... or perf". */
extern const char output_format_names[];

/* The formats of a line for each event, which may be coloured and paged. */
bool output_is_short(const struct output *output);
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

/* Appends what stands in front of the first event; once, whether or not events will come. */
void output_begin(struct output *output);

/* Appends the event in the format (never OUTPUT_PERF). */
void output_format_event(struct output *output, struct event *event);

/* The same, and writes when much has gathered. */
void output_event(struct output *output, struct event *event);

/*
 * For formats that show processes themselves: the event says that one began or ended. `wanted`:
 * it passed the filters.
 */
void output_news(struct output *output, struct event *event, bool wanted);

/* Appends what stands behind the last event. */
void output_end(struct output *output);

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
void output_verbose(struct output *output, struct event *event);
void output_json(struct output *output, struct event *event);
void output_json_pretty(struct output *output, struct event *event);
void output_cat(struct output *output, struct event *event);
void output_csv_begin(struct output *output);
void output_csv(struct output *output, struct event *event);
void output_export(struct output *output, struct event *event);
void output_html_begin(struct output *output);
void output_html(struct output *output, struct event *event);
void output_html_end(struct output *output);
void output_chrome_begin(struct output *output);
void output_chrome(struct output *output, struct event *event);
void output_chrome_news(struct output *output, struct event *event, bool wanted);
void output_chrome_end(struct output *output);
void output_chrome_free(struct output *output);

/* output_time.c: appends the sample's time as the format has it; false when it has none. */
bool output_append_time(struct output *output, const struct evh_sample *sample);

/* Room for "2026-11-21T18:50:01.123456789Z" in any year that there is. */
#define OUTPUT_UTC_SIZE 48

/* A wall time in nanoseconds as that, with 3, 6 or 9 digits; its length. */
size_t output_format_utc(char text[OUTPUT_UTC_SIZE], uint64_t time, unsigned int digits);

/* "2026-11-21T18:50:01.123456789Z", or seconds of a clock: for programs. */
bool output_append_time_iso(struct evh_text *text, const struct evh_sample *sample);

/* output_columns.c: --fields, with `gap` between them and a minus for what the event lacks. */
void output_columns(struct output *output, struct event *event, const char *gap);

#endif
