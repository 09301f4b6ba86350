/* SPDX-License-Identifier: MIT */
/* The command line of `logtap tail`; what it shares with `logtap view` is in show_options.c. Must
 * not touch the kernel: a wrong option leaves no trace. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "show_options.h"
#include "tail.h"

#define DEFAULT_PATTERN "logtap_*"

static void print_help(void)
{
	fputs("Usage: logtap tail [OPTION]... [FIELD=VALUE]... [PATTERN]...\n"
	      "Shows events of user_events tracepoints as they happen, until Ctrl-C.\n"
	      "PATTERN is a glob over tracepoint names [" DEFAULT_PATTERN "], or a provider's\n"
	      "name; tracepoints that appear later are included. A provider's first events can\n"
	      "be over before that: `logtap register PROVIDER` ahead of the program is the sure\n"
	      "way, and what this command does itself for " DEFAULT_PATTERN " and --create.\n\n"
	      "  -o, --output=FORMAT   short, short-iso, short-full, verbose, json, json-pretty, "
	      "cat,\n"
	      "                        csv, export: as `logtap view` has them [short]\n" SHOW_HELP
	      "  -n, --count=N         end after N events (view's -n shows the last)\n"
	      "      --for=TIME        end after TIME: 5s, 500ms, 2m, 1h\n" SHOW_HELP_END
	      "      --buffer-size=KIB  the kernel's buffer for each processor\n"
	      "      --create          create the tracepoints of a provider named in full that "
	      "has\n"
	      "                        none yet, so that not even its first event is missed\n"
	      "  -q, --quiet           no \"listening\" line on stderr\n"
	      "  -h, --help            this help\n"
	      "  -V, --version         the version\n\n" SHOW_HELP_MATCHES "\n"
	      "Exit status: 0; 1 when events were lost or something else went wrong; 2 for bad\n"
	      "options.\n",
	      stdout);
}

static int parse_number(const char *option, const char *text, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || *number == 0) {
		cli_error("--%s=%s: expected a number above 0", option, text);
		return CLI_USAGE;
	}
	return CLI_OK;
}

static int parse_duration(const char *text, uint64_t *duration)
{
	static const struct {
		const char *unit;
		double seconds;
	} UNITS[] = { { "", 1 },   { "ms", 0.001 }, { "s", 1 },
		      { "m", 60 }, { "min", 60 },   { "h", 3600 } };
	char *end;
	double number = strtod(text, &end);

	for (size_t i = 0; i < sizeof(UNITS) / sizeof(UNITS[0]); i++) {
		double seconds = number * UNITS[i].seconds;

		if (end == text || strcmp(end, UNITS[i].unit) != 0)
			continue;
		if (!isfinite(seconds) || seconds < 1e-9 || seconds > 1e9)
			break;
		*duration = (uint64_t)(seconds * (double)NS_PER_S);
		return CLI_OK;
	}
	cli_error("--for=%s: expected a time like 5s, 500ms, 2m or 1h", text);
	return CLI_USAGE;
}

enum { OPTION_FOR = SHOW_OPTION_END, OPTION_BUFFER_SIZE, OPTION_CREATE };

static const struct option LONG_OPTIONS[] = {
	SHOW_LONG_OPTIONS,
	{ "count", required_argument, NULL, 'n' },
	{ "for", required_argument, NULL, OPTION_FOR },
	{ "buffer-size", required_argument, NULL, OPTION_BUFFER_SIZE },
	{ "create", no_argument, NULL, OPTION_CREATE },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static int parse_option(struct tail *tail, int letter, const char *text)
{
	switch (letter) {
	case 'n':
		return parse_number("count", text, &tail->show.limit);
	case 'q':
		tail->quiet = true;
		return CLI_OK;
	case OPTION_CREATE:
		tail->create = true;
		return CLI_OK;
	case OPTION_FOR:
		return parse_duration(text, &tail->duration);
	case OPTION_BUFFER_SIZE:
		return parse_number("buffer-size", text, &tail->buffer_kib);
	default:
		return show_option(&tail->show, letter, text);
	}
}

/* Patterns and matches: the former are moved to the front of what is left of the arguments. */
static int take_arguments(struct tail *tail, int argc, char **argv)
{
	static char default_pattern[] = DEFAULT_PATTERN;
	static char *default_patterns[] = { default_pattern, NULL };

	tail->patterns = argv + optind;
	for (int i = optind; i < argc; i++) {
		if (!filter_is_match(argv[i]))
			tail->patterns[tail->pattern_count++] = argv[i];
		else if (filter_match(&tail->show.filter, argv[i]) != 0)
			return CLI_USAGE;
	}
	if (tail->pattern_count == 0) {
		tail->patterns = default_patterns;
		tail->pattern_count = 1;
	}
	return CLI_OK;
}

int tail_parse(struct tail *tail, int argc, char **argv)
{
	int letter;

	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":" SHOW_LETTERS "n:qhV", LONG_OPTIONS, NULL)) !=
	       -1) {
		int status;

		if (letter == 'h') {
			print_help();
			return -1;
		}
		if (letter == 'V') {
			cli_print_version();
			return -1;
		}
		if (letter == '?' || letter == ':') {
			cli_bad_option(argv, letter);
			return CLI_USAGE;
		}
		status = parse_option(tail, letter, optarg);
		if (status != CLI_OK)
			return status;
	}
	if (tail->show.output.format >= OUTPUT_HTML) {
		cli_error("--output=html, chrome and perf are made of files, by logtap view");
		return CLI_USAGE;
	}
	output_open(&tail->show.output, STDOUT_FILENO);
	return take_arguments(tail, argc, argv);
}
