/* SPDX-License-Identifier: MIT */
/* The command line of `logtap view`. Must find every mistake in it before a file is opened. */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "show_options.h"
#include "view.h"

/* Options of view's own without a letter. */
enum { OPTION_STATS = SHOW_OPTION_END, OPTION_NO_PAGER };

static const struct option OPTIONS[] = {
	SHOW_LONG_OPTIONS,
	{ "since", required_argument, NULL, 'S' },
	{ "until", required_argument, NULL, 'U' },
	{ "follow", no_argument, NULL, 'f' },
	{ "stats", no_argument, NULL, OPTION_STATS },
	{ "no-pager", no_argument, NULL, OPTION_NO_PAGER },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int print_help(void)
{
	fputs("Usage: logtap view [OPTION]... [FILE]\n"
	      "Shows the events of FILE [" VIEW_DEFAULT_FILE
	      "]: a recording of logtap's, any perf.data with\n"
	      "tracepoints, or a .dat file. - reads stdin, also while it is being written.\n\n"
	      "  -o, --output=FORMAT   short: a line per event, for people; \\n, \\x1b ...: "
	      "control\n"
	      "                        characters, \\\\: a backslash [default]\n"
	      "                        json: an object per line\n"
	      "                        cat: the messages alone, byte for byte (on a terminal "
	      "with\n"
	      "                        control characters made visible)\n"
	      "                        perf: a clean perf.data stream, for perf\n"
	      "      --fields=A,B,...  only these, in this order: time, ident, pid, tid, cpu, "
	      "level,\n"
	      "                        provider, event, program, message, ..., or an event's "
	      "field\n"
	      "      --level=LEVEL     this severe and more, or a range as err..info\n"
	      "      --event=GLOB      by event (stderr), provider:event or tracepoint\n"
	      "      --pid=PID[,...]   of these processes or threads\n"
	      "      --program=GLOB    of these programs\n"
	      "  -g, --grep=REGEX      whose message matches; without capitals, case is ignored\n"
	      "  -S, --since=TIME      '2026-11-21 18:50', '18:50:01', yesterday, -5min, @SECONDS\n"
	      "  -U, --until=TIME      the same for the end\n"
	      "  -f, --follow          go on when the file grows\n"
	      "      --stats           counts, rates, what was lost, and a histogram\n"
	      "      --utc             times in UTC\n"
	      "      --color=WHEN      auto, always, never\n"
	      "      --no-pager        on a terminal: no $LOGTAP_PAGER, $PAGER or less\n"
	      "  -h, --help            this help\n\n"
	      "Exit status: 0, 1 when something could not be read or written, 2 for bad options.\n",
	      stdout);
	return cli_finish_output();
}

/* 0, or another number after a line on stderr. */
static int take_option(struct view *view, int option, const char *argument)
{
	switch (option) {
	case 'S':
		return filter_since(&view->show.filter, argument);
	case 'U':
		return filter_until(&view->show.filter, argument);
	case 'f':
		view->follow = true;
		return 0;
	case OPTION_STATS:
		view->want_stats = true;
		return 0;
	case OPTION_NO_PAGER:
		view->want_pager = false;
		return 0;
	default:
		return show_option(&view->show, option, argument);
	}
}

/* Options that don't go together. */
static int check_options(const struct view *view)
{
	const struct output *output = &view->show.output;

	if (output->format == OUTPUT_PERF && (output->fields || view->want_stats)) {
		cli_error("--output=perf writes whole events: not with --fields or --stats");
		return 1;
	}
	if (output->format == OUTPUT_PERF && view->show.filter.by_text) {
		cli_error("--grep looks at whole messages, --output=perf writes their parts: not "
			  "together");
		return 1;
	}
	if (output->format == OUTPUT_PERF && isatty(STDOUT_FILENO)) {
		cli_error("--output=perf is not for a terminal: add > FILE");
		return 1;
	}
	if (output->format == OUTPUT_JSON && view->want_stats) {
		cli_error("--stats is a table for people: not with --output=json");
		return 1;
	}
	if (view->want_stats && view->follow) {
		cli_error("--stats comes at the end, and with --follow there is none");
		return 1;
	}
	if (view->show.filter.by_since && view->show.filter.by_until &&
	    view->show.filter.since > view->show.filter.until) {
		cli_error("--since is after --until: nothing can be in between");
		return 1;
	}
	return 0;
}

int view_options(struct view *view, int argc, char **argv)
{
	int option;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, ":" SHOW_LETTERS "S:U:fh", OPTIONS, NULL)) != -1) {
		if (option == 'h')
			return print_help();
		if (option == '?' || option == ':') {
			cli_bad_option(argv, option);
			return CLI_USAGE;
		}
		if (take_option(view, option, optarg) != 0)
			return CLI_USAGE;
	}
	if (argc - optind > 1) {
		cli_error("one file at a time: '%s' is a second one", argv[optind + 1]);
		return CLI_USAGE;
	}
	if (optind < argc)
		view->path = argv[optind];
	return check_options(view) == 0 ? -1 : CLI_USAGE;
}
