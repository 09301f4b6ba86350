/* SPDX-License-Identifier: MIT */
/* The command line of `logtap tail`. What it shares with `logtap view` is parsed by filter.c and
 * output.c. Must not touch the kernel: a wrong option leaves no trace. */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
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
	      "      --grep=REGEX       only messages that match\n"
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

static int parse_output(struct tail *tail, const char *text)
{
	enum output_format format;

	if (output_parse_format(text, &format) != 0 || format == OUTPUT_PERF) {
		cli_error("--output=%s: expected short, json or cat", text);
		return CLI_USAGE;
	}
	tail->show.output.format = format;
	return CLI_OK;
}

enum {
	OPTION_FOR = 256,
	OPTION_LEVEL,
	OPTION_EVENT,
	OPTION_PID,
	OPTION_PROGRAM,
	OPTION_GREP,
	OPTION_FIELDS,
	OPTION_COLOR,
	OPTION_UTC,
	OPTION_BUFFER_SIZE,
};

static const struct option LONG_OPTIONS[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "count", required_argument, NULL, 'n' },
	{ "for", required_argument, NULL, OPTION_FOR },
	{ "level", required_argument, NULL, OPTION_LEVEL },
	{ "event", required_argument, NULL, OPTION_EVENT },
	{ "pid", required_argument, NULL, OPTION_PID },
	{ "program", required_argument, NULL, OPTION_PROGRAM },
	{ "grep", required_argument, NULL, OPTION_GREP },
	{ "fields", required_argument, NULL, OPTION_FIELDS },
	{ "color", required_argument, NULL, OPTION_COLOR },
	{ "utc", no_argument, NULL, OPTION_UTC },
	{ "buffer-size", required_argument, NULL, OPTION_BUFFER_SIZE },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* The filters' own messages name what is wrong; the status is theirs to give. */
static int parse_filter(struct filter *filter, int letter, const char *text)
{
	int result = 0;

	switch (letter) {
	case OPTION_LEVEL:
		result = filter_level(filter, text);
		break;
	case OPTION_EVENT:
		result = filter_event(filter, text);
		break;
	case OPTION_PID:
		result = filter_pid(filter, text);
		break;
	case OPTION_PROGRAM:
		result = filter_program(filter, text);
		break;
	default:
		result = filter_grep(filter, text);
		break;
	}
	return result ? CLI_USAGE : CLI_OK;
}

static int parse_option(struct tail *tail, int letter, const char *text, enum output_color *color)
{
	uint64_t number = 0;
	int status = CLI_OK;

	switch (letter) {
	case 'o':
		return parse_output(tail, text);
	case 'n':
		return parse_number("count", text, &tail->show.limit);
	case 'q':
		tail->quiet = true;
		return CLI_OK;
	case OPTION_FOR:
		return parse_duration(text, &tail->duration);
	case OPTION_UTC:
		tail->show.output.utc = true;
		return CLI_OK;
	case OPTION_BUFFER_SIZE:
		status = parse_number("buffer-size", text, &number);
		tail->buffer_kib = number;
		return status;
	case OPTION_COLOR:
		if (output_parse_color(text, color) == 0)
			return CLI_OK;
		cli_error("--color=%s: expected auto, always or never", text);
		return CLI_USAGE;
	case OPTION_FIELDS:
		if (output_parse_fields(&tail->show.output, text) == 0)
			return CLI_OK;
		cli_error("--fields=%s: expected field names with commas", text);
		return CLI_USAGE;
	default:
		return parse_filter(&tail->show.filter, letter, text);
	}
}

int tail_parse(struct tail *tail, int argc, char **argv)
{
	static char default_pattern[] = DEFAULT_PATTERN;
	static char *default_patterns[] = { default_pattern, NULL };
	enum output_color color = COLOR_AUTO;
	int letter;

	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":o:n:qh", LONG_OPTIONS, NULL)) != -1) {
		int status;

		if (letter == 'h') {
			print_help();
			return -1;
		}
		if (letter == '?' || letter == ':') {
			cli_bad_option(argv, letter);
			return CLI_USAGE;
		}
		status = parse_option(tail, letter, optarg, &color);
		if (status != CLI_OK)
			return status;
	}
	tail->show.output.fd = STDOUT_FILENO;
	tail->show.output.color = output_wants_color(color, STDOUT_FILENO);
	tail->show.output.terminal = isatty(STDOUT_FILENO);
	tail->patterns = optind < argc ? argv + optind : default_patterns;
	tail->pattern_count = optind < argc ? (size_t)(argc - optind) : 1;
	return CLI_OK;
}
