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
	SHOW_OPTION_EXCLUDE,
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
		{ "exclude", required_argument, NULL, SHOW_OPTION_EXCLUDE },                       \
		{ "color", required_argument, NULL, SHOW_OPTION_COLOR },                           \
	{                                                                                          \
		"utc", no_argument, NULL, SHOW_OPTION_UTC                                          \
	}
#define SHOW_LETTERS "o:g:"

/* Their lines in the help, all but --output's. */
#define SHOW_HELP                                                                                  \
	"      --fields=A,B,...  only these, in this order: time, ident, pid, tid, cpu, level,\n"  \
	"                        provider, event, program, message, ..., an event's field\n"       \
	"                        (in a struct: a.b), or what is known of the process: exe,\n"      \
	"                        unit, container, host, uid\n"                                     \
	"      --level=LEVEL     this severe and more, or a range as err..info\n"                  \
	"      --event=GLOB,...  by event (stderr), provider:event or tracepoint\n"                \
	"      --pid=PID[,...]   of these processes or threads\n"                                  \
	"      --program=GLOB    of these, several with commas; '!GLOB': of all others\n"          \
	"  -g, --grep=REGEX      whose message matches; without capitals, case is ignored\n"       \
	"      --exclude=REGEX   whose message does not\n"

#define SHOW_HELP_END                                                                              \
	"      --utc             times in UTC\n"                                                   \
	"      --color=WHEN      auto, always, never\n"

#define SHOW_HELP_MATCHES                                                                          \
	"FIELD=VALUE shows only events with that value: unit=nginx.service exe=/usr/bin/cc1\n"     \
	"level=err user.name=joe. Values of one field are alternatives, different fields\n"        \
	"must all match, FIELD!=VALUE keeps a value out, + between them means or.\n"

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
