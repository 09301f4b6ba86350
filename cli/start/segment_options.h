/* SPDX-License-Identifier: MIT */
/* The options of `record` that say when a recording goes on in its next segment. */
#ifndef LOGTAP_SEGMENT_OPTIONS_H
#define LOGTAP_SEGMENT_OPTIONS_H

#include <evh/recording.h>

/* Values for getopt_long(), below those of the shim's options. */
enum segment_option {
	SEGMENT_MAX_SIZE = 500,
	SEGMENT_MAX_AGE,
	SEGMENT_KEEP,
	SEGMENT_COMPRESS,
};

/* Rows of the option table. */
#define SEGMENT_LONG_OPTIONS                                                                       \
	{ "max-size", required_argument, NULL, SEGMENT_MAX_SIZE },                                 \
		{ "max-age", required_argument, NULL, SEGMENT_MAX_AGE },                           \
		{ "keep", required_argument, NULL, SEGMENT_KEEP },                                 \
	{                                                                                          \
		"compress", no_argument, NULL, SEGMENT_COMPRESS                                    \
	}

/* A size as --max-size takes it, in bytes; the same results. */
int segment_size(const char *option, const char *argument, uint64_t *size);

/* Takes one of them. 0, or CLI_OWN_ERROR after a line on stderr. */
int segment_option(struct evh_recording_rules *rules, int option, const char *argument);

/* Whether they go together; the same results. */
int segment_options_check(const struct evh_recording_rules *rules);

/* The options as a person would give them again; empty: there are none. */
#define SEGMENT_OPTIONS_TEXT 160
void segment_options_text(const struct evh_recording_rules *rules, char text[SEGMENT_OPTIONS_TEXT]);

/* Prints them for --help. */
void segment_options_help(void);

#endif
