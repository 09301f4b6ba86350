/* SPDX-License-Identifier: MIT */
/* The options that `logtap view` and `logtap tail` have in common: what is shown, and how. */
#ifndef LOGTAP_SHOW_OPTIONS_H
#define LOGTAP_SHOW_OPTIONS_H

#include <getopt.h>

#include "pipeline.h"

/* Options without a letter; a command's own begin behind them. */
enum {
	SHOW_OPTION_FIELDS = 256,
	SHOW_OPTION_LEVEL,
	SHOW_OPTION_EVENT,
	SHOW_OPTION_PID,
	SHOW_OPTION_PROGRAM,
	SHOW_OPTION_COLOR,
	SHOW_OPTION_UTC,
	SHOW_OPTION_END,
};

/* For a command's list for getopt_long, and its letters. */
#define SHOW_LONG_OPTIONS                                                                          \
	{ "output", required_argument, NULL, 'o' },                                                \
		{ "fields", required_argument, NULL, SHOW_OPTION_FIELDS },                         \
		{ "level", required_argument, NULL, SHOW_OPTION_LEVEL },                           \
		{ "event", required_argument, NULL, SHOW_OPTION_EVENT },                           \
		{ "pid", required_argument, NULL, SHOW_OPTION_PID },                               \
		{ "program", required_argument, NULL, SHOW_OPTION_PROGRAM },                       \
		{ "grep", required_argument, NULL, 'g' },                                          \
		{ "color", required_argument, NULL, SHOW_OPTION_COLOR },                           \
	{                                                                                          \
		"utc", no_argument, NULL, SHOW_OPTION_UTC                                          \
	}
#define SHOW_LETTERS "o:g:"

/*
 * Takes one of these options.
 *
 * @option    what getopt_long() said
 * @argument  its value
 *
 * 0, or CLI_USAGE after a line on stderr.
 */
int show_option(struct pipeline *show, int option, const char *argument);

#endif
