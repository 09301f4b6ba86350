/* SPDX-License-Identifier: MIT */
/* The command line of `logtap view`. Must find every mistake in it before a file is opened. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "show_options.h"
#include "view.h"

/* Options of view's own without a letter. */
enum { OPTION_STATS = SHOW_OPTION_END, OPTION_PROCESSES, OPTION_FAILED, OPTION_NO_PAGER };

static const struct option OPTIONS[] = {
	SHOW_LONG_OPTIONS,
	{ "since", required_argument, NULL, 'S' },
	{ "until", required_argument, NULL, 'U' },
	{ "lines", required_argument, NULL, 'n' },
	{ "reverse", no_argument, NULL, 'r' },
	{ "follow", no_argument, NULL, 'f' },
	{ "stats", no_argument, NULL, OPTION_STATS },
	{ "processes", no_argument, NULL, OPTION_PROCESSES },
	{ "failed", no_argument, NULL, OPTION_FAILED },
	{ "no-pager", no_argument, NULL, OPTION_NO_PAGER },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static int print_help(void)
{
	fputs("Usage: logtap view [OPTION]... [FIELD=VALUE]... [FILE]...\n"
	      "Shows the events of FILEs [" VIEW_DEFAULT_FILE
	      "], merged by their times: recordings of\n"
	      "logtap's, any perf.data with tracepoints, .dat files; packed with gzip or zstd, "
	      "too.\n"
	      "- reads stdin, also while it is being written.\n\n"
	      "  -o, --output=FORMAT   short: a line per event, for people; \\n, \\x1b ...: "
	      "control\n"
	      "                        characters, \\\\: a backslash [default]; short-iso and\n"
	      "                        short-full: with whole dates\n"
	      "                        verbose: all that is known of each event, a field per line\n"
	      "                        json: an object per line; json-pretty: for people\n"
	      "                        cat: the messages alone, byte for byte (on a terminal\n"
	      "                        with control characters made visible)\n"
	      "                        csv: a table with a header, by --fields\n"
	      "                        export: the journal's format\n"
	      "                        html: a page to look at and to search\n"
	      "                        chrome: a trace for ui.perfetto.dev and chrome://tracing\n"
	      "                        perf: a clean perf.data stream, for perf\n" SHOW_HELP
	      "  -S, --since=TIME      '2026-11-21 18:50', '18:50:01', yesterday, 2h, -5min,\n"
	      "                        @SECONDS\n"
	      "  -U, --until=TIME      the same for the end\n"
	      "  -n, --lines=N         the last N, also of --processes (tail's -n counts from the\n"
	      "                        beginning)\n"
	      "  -r, --reverse         the newest first\n"
	      "  -f, --follow          go on when the file grows\n"
	      "      --stats           counts by tracepoint, program and severity, rates, what "
	      "was\n"
	      "                        lost, and a histogram; with -o json an object\n"
	      "      --processes       a table of the processes, how they ended, and what they "
	      "said\n"
	      "      --failed          those that ended badly, with their last lines [-n "
	      "10]\n" SHOW_HELP_END
	      "      --no-pager        on a terminal: no $LOGTAP_PAGER, $PAGER or less\n"
	      "  -h, --help            this help\n"
	      "  -V, --version         the version\n\n" SHOW_HELP_MATCHES "\n"
	      "Exit status: 0, 1 when something could not be read or written, 2 for bad options.\n",
	      stdout);
	return cli_finish_output();
}

static int take_count(struct view *view, const char *text)
{
	char *end;

	errno = 0;
	view->count = strtoull(text, &end, 10);
	view->has_count = true;
	if (*text >= '0' && *text <= '9' && !*end && !errno)
		return 0;
	cli_error("-n %s: expected a number of lines", text);
	return 1;
}

static int take_what(struct view *view, enum view_what what)
{
	if (view->what != VIEW_EVENTS && view->what != what) {
		cli_error("one of --stats, --processes and --failed at a time");
		return 1;
	}
	view->what = what;
	return 0;
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
	case 'n':
		return take_count(view, argument);
	case 'r':
		view->reverse = true;
		return 0;
	case OPTION_STATS:
		return take_what(view, VIEW_STATS);
	case OPTION_PROCESSES:
		return take_what(view, VIEW_PROCESSES);
	case OPTION_FAILED:
		return take_what(view, VIEW_FAILED);
	case OPTION_NO_PAGER:
		view->want_pager = false;
		return 0;
	default:
		return show_option(&view->show, option, argument);
	}
}

/* What --output=perf can't do: it copies records. */
static const char *refuse_perf(const struct view *view)
{
	const struct pipeline *show = &view->show;

	if (show->output.fields || view->what != VIEW_EVENTS)
		return "--output=perf writes whole events: not with --fields, --stats, "
		       "--processes or --failed";
	if (show->filter.by_text || show->filter.excluded_count)
		return "--grep and --exclude look at whole messages, --output=perf writes their "
		       "parts: not together";
	if (view->has_count || view->reverse)
		return "--output=perf writes events in their order: not with -n or -r";
	if (view->path_count > 1)
		return "--output=perf copies one file at a time";
	if (isatty(STDOUT_FILENO))
		return "--output=perf is not for a terminal: add > FILE";
	return NULL;
}

/* What doesn't go together. NULL: all does. */
static const char *refuse(const struct view *view)
{
	const struct output *output = &view->show.output;
	const struct filter *filter = &view->show.filter;
	bool one_piece = output->format == OUTPUT_HTML || output->format == OUTPUT_CHROME;
	bool summary = view->what != VIEW_EVENTS;

	if (output->format == OUTPUT_PERF)
		return refuse_perf(view);
	if (summary && !output_is_short(output) && output->format != OUTPUT_JSON)
		return "--stats, --processes and --failed are for people or --output=json";
	if (view->what == VIEW_STATS && (view->has_count || view->reverse))
		return "--stats counts all that passes: not with -n or -r";
	if (summary && view->follow)
		return "--stats, --processes and --failed come at the end, and with --follow there "
		       "is none";
	if (one_piece && view->follow)
		return "--output=html and chrome are finished at the end, and with --follow there "
		       "is none";
	if (output->format == OUTPUT_CHROME && (view->has_count || view->reverse))
		return "--output=chrome has times of its own: not with -n or -r";
	if (one_piece && output->fields)
		return "--output=html and chrome show what they show: not with --fields";
	if (view->reverse && view->follow)
		return "--reverse begins at the end, and with --follow there is none";
	if (filter->by_since && filter->by_until && filter->since > filter->until)
		return "--since is after --until: nothing can be in between";
	return NULL;
}

/* Files and matches. 0, or another number after a line on stderr. */
static int take_arguments(struct view *view, int argc, char **argv)
{
	static char default_file[] = VIEW_DEFAULT_FILE;

	view->paths = calloc((size_t)argc + 1, sizeof(*view->paths));
	if (!view->paths) {
		cli_error("out of memory");
		return 1;
	}
	for (int i = optind; i < argc; i++) {
		if (!filter_is_match(argv[i]))
			view->paths[view->path_count++] = argv[i];
		else if (filter_match(&view->show.filter, argv[i]) != 0)
			return 1;
	}
	if (view->path_count == 0)
		view->paths[view->path_count++] = default_file;
	return 0;
}

int view_options(struct view *view, int argc, char **argv)
{
	const char *refused;
	int option;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, ":" SHOW_LETTERS "S:U:n:rfhV", OPTIONS, NULL)) !=
	       -1) {
		if (option == 'h')
			return print_help();
		if (option == 'V')
			return cli_print_version();
		if (option == '?' || option == ':') {
			cli_bad_option(argv, option);
			return CLI_USAGE;
		}
		if (take_option(view, option, optarg) != 0)
			return CLI_USAGE;
	}
	if (take_arguments(view, argc, argv) != 0)
		return CLI_USAGE;
	refused = refuse(view);
	if (refused)
		cli_error("%s", refused);
	return refused ? CLI_USAGE : -1;
}
