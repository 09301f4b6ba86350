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
	fputs("Usage: logtap tail [OPTION]... [PATTERN]...\n"
	      "Shows events of user_events tracepoints as they happen, until Ctrl-C.\n"
	      "PATTERN is a glob over tracepoint names (default '" DEFAULT_PATTERN "'), or a\n"
	      "provider's name; tracepoints that appear later are included. Those of a provider\n"
	      "named in full are created at once, so that not even the first event is missed.\n\n"
	      "  -o, --output=FORMAT    short (default), json, or cat: only the message, byte for\n"
	      "                         byte (on a terminal with control characters made "
	      "visible)\n"
	      "  -n, --count=N          end after N events\n"
	      "      --for=TIME         end after TIME: 5s, 500ms, 2m, 1h\n"
	      "      --level=LEVEL      only this severity and above: err, warning, ...\n"
	      "      --event=GLOB       only events of this name\n"
	      "      --pid=PID[,PID]    only these processes\n"
	      "      --program=GLOB     only these programs\n"
	      "  -g, --grep=REGEX       only messages that match\n"
	      "      --fields=A,B       only these fields\n"
	      "      --color=WHEN       auto (default), always, never\n"
	      "      --utc              times in UTC\n"
	      "      --buffer-size=KIB  the kernel's buffer for each processor\n"
	      "  -q, --quiet            no \"listening\" line on stderr\n"
	      "      --help             this text\n\n"
	      "Exit status: 0; 1 when events were lost or something else went wrong.\n",
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

enum { OPTION_FOR = SHOW_OPTION_END, OPTION_BUFFER_SIZE };

static const struct option LONG_OPTIONS[] = {
	SHOW_LONG_OPTIONS,
	{ "count", required_argument, NULL, 'n' },
	{ "for", required_argument, NULL, OPTION_FOR },
	{ "buffer-size", required_argument, NULL, OPTION_BUFFER_SIZE },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
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
	case OPTION_FOR:
		return parse_duration(text, &tail->duration);
	case OPTION_BUFFER_SIZE:
		return parse_number("buffer-size", text, &tail->buffer_kib);
	default:
		return show_option(&tail->show, letter, text);
	}
}

int tail_parse(struct tail *tail, int argc, char **argv)
{
	static char default_pattern[] = DEFAULT_PATTERN;
	static char *default_patterns[] = { default_pattern, NULL };
	int letter;

	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":" SHOW_LETTERS "n:qh", LONG_OPTIONS, NULL)) !=
	       -1) {
		int status;

		if (letter == 'h') {
			print_help();
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
	if (tail->show.output.format == OUTPUT_PERF) {
		cli_error("--output=perf is for files (logtap view): perf record makes them");
		return CLI_USAGE;
	}
	output_open(&tail->show.output, STDOUT_FILENO);
	tail->patterns = optind < argc ? argv + optind : default_patterns;
	tail->pattern_count = optind < argc ? (size_t)(argc - optind) : 1;
	return CLI_OK;
}
