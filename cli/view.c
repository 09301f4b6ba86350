/* SPDX-License-Identifier: MIT */
/*
 * `logtap view`: shows the events of a file. Must never stop at damage while there is something
 * good behind it, and never exit with 0 when something could not be shown.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <evh/trace.h>

#include "cli.h"
#include "pager.h"
#include "progress.h"
#include "show.h"
#include "stats.h"

#define DEFAULT_FILE "logtap.data"

struct view {
	const char *path;
	int fd;
	bool follow;
	bool want_stats;
	bool want_pager;
	enum output_color color;
	struct show show;
	struct stats *stats;
	struct progress progress;
	struct evh_trace *trace;
};

/* Options without a letter. */
enum {
	OPTION_FIELDS = 256,
	OPTION_LEVEL,
	OPTION_EVENT,
	OPTION_PID,
	OPTION_PROGRAM,
	OPTION_STATS,
	OPTION_NO_PAGER,
	OPTION_COLOR,
	OPTION_UTC,
};

static const struct option OPTIONS[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "fields", required_argument, NULL, OPTION_FIELDS },
	{ "level", required_argument, NULL, OPTION_LEVEL },
	{ "event", required_argument, NULL, OPTION_EVENT },
	{ "pid", required_argument, NULL, OPTION_PID },
	{ "program", required_argument, NULL, OPTION_PROGRAM },
	{ "grep", required_argument, NULL, 'g' },
	{ "since", required_argument, NULL, 'S' },
	{ "until", required_argument, NULL, 'U' },
	{ "follow", no_argument, NULL, 'f' },
	{ "stats", no_argument, NULL, OPTION_STATS },
	{ "no-pager", no_argument, NULL, OPTION_NO_PAGER },
	{ "color", required_argument, NULL, OPTION_COLOR },
	{ "utc", no_argument, NULL, OPTION_UTC },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int print_help(void)
{
	fputs("Usage: logtap view [OPTION]... [FILE]\n"
	      "Shows the events of FILE [" DEFAULT_FILE
	      "]: a recording of logtap's, any perf.data with\n"
	      "tracepoints, or a .dat file. - reads stdin, also while it is being written.\n\n"
	      "  -o, --output=FORMAT   short: a line per event, for people [default]\n"
	      "                        json: an object per line\n"
	      "                        cat: the messages alone, byte for byte\n"
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
	      "  -U, --until=TIME\n"
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

/* 0, or 1 after a line on stderr. */
static int take_option(struct view *view, int option, const char *argument)
{
	struct filter *filter = &view->show.filter;
	struct output *output = &view->show.output;

	switch (option) {
	case 'o':
		if (output_parse_format(argument, &output->format) == 0)
			return 0;
		cli_error("'%s' is no output format: short, json, cat or perf", argument);
		return 1;
	case OPTION_FIELDS:
		if (output_parse_fields(output, argument) == 0)
			return 0;
		cli_error("'%s' is no list of fields: names with commas between them", argument);
		return 1;
	case OPTION_COLOR:
		if (output_parse_color(argument, &view->color) == 0)
			return 0;
		cli_error("'%s' is not auto, always or never", argument);
		return 1;
	case OPTION_LEVEL:
		return filter_level(filter, argument);
	case OPTION_EVENT:
		return filter_event(filter, argument);
	case OPTION_PID:
		return filter_pid(filter, argument);
	case OPTION_PROGRAM:
		return filter_program(filter, argument);
	case 'g':
		return filter_grep(filter, argument);
	case 'S':
		return filter_since(filter, argument);
	case 'U':
		return filter_until(filter, argument);
	case 'f':
		view->follow = true;
		return 0;
	case OPTION_STATS:
		view->want_stats = true;
		return 0;
	case OPTION_NO_PAGER:
		view->want_pager = false;
		return 0;
	default: /* OPTION_UTC */
		output->utc = true;
		return 0;
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
	if (output->format == OUTPUT_PERF && isatty(STDOUT_FILENO)) {
		cli_error("--output=perf is not for a terminal: add > FILE");
		return 1;
	}
	if (view->show.filter.by_since && view->show.filter.by_until &&
	    view->show.filter.since > view->show.filter.until) {
		cli_error("--since is after --until: nothing can be in between");
		return 1;
	}
	return 0;
}

/* -1: go on, else the exit status. */
static int parse_options(struct view *view, int argc, char **argv)
{
	int option;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, ":o:g:S:U:fh", OPTIONS, NULL)) != -1) {
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

static int open_input(struct view *view)
{
	if (strcmp(view->path, "-") == 0) {
		view->path = "stdin";
		view->fd = STDIN_FILENO;
		if (isatty(STDIN_FILENO)) {
			cli_error("stdin is a terminal: give a file, or pipe a recording in");
			return CLI_USAGE;
		}
		return 0;
	}
	view->fd = open(view->path, O_RDONLY | O_CLOEXEC);
	if (view->fd >= 0)
		return 0;
	if (errno == ENOENT && strcmp(view->path, DEFAULT_FILE) == 0)
		cli_error("there is no " DEFAULT_FILE " here: make one with `logtap record "
			  "PROGRAM`, or say which file to show");
	else
		cli_error("cannot open %s: %s", view->path, strerror(errno));
	return CLI_FAILURE;
}

static void explain_foreign(const struct view *view)
{
	uint8_t bytes[64];
	ssize_t size = pread(view->fd, bytes, sizeof(bytes), 0);
	const char *kind = size < 0 ? NULL : evh_trace_kind_of(bytes, (size_t)size);

	cli_error("%s is no recording (neither perf.data nor .dat)%s%s", view->path,
		  kind ? ": it looks like " : "", kind ? kind : "");
}

/* Why evh_trace_open refused. */
static int explain_open(const struct view *view, int error)
{
	switch (error) {
	case -EMEDIUMTYPE:
		explain_foreign(view);
		break;
	case -ENODATA:
		cli_error("%s ends within its head: nothing in it can be read", view->path);
		break;
	case -EBADMSG:
		cli_error("%s is damaged: its head contradicts itself", view->path);
		break;
	case -EISDIR:
		cli_error("%s is a folder%s", view->path,
			  ": of `perf record --threads`, show the files in it one by one");
		break;
	default:
		cli_error("cannot read %s: %s", view->path, strerror(-error));
	}
	return CLI_FAILURE;
}

static int copy_bytes(void *argument, const void *bytes, size_t size)
{
	struct output *output = argument;

	output_bytes(output, bytes, size);
	return -output->error;
}

/* --output=perf: the record as it is, when its event passes. */
static int copy_sample(struct view *view, const struct evh_sample *sample)
{
	struct event event;
	size_t size;
	const void *record;

	event_of_sample(&event, sample, view->show.schemas);
	if (!filter_passes(&view->show.filter, &event))
		return 0;
	record = evh_trace_record(view->trace, &size);
	output_bytes(&view->show.output, record, size);
	return view->show.output.error != 0;
}

/* Everything until now has been shown: let it be seen, and wait for more. */
static int wait_for_more(struct view *view)
{
	int result;

	if (output_flush(&view->show.output) < 0)
		return 1;
	result = evh_trace_wait(view->trace, -1);
	return result == -EINTR || result >= 0 ? 0 : result;
}

/* 0 at the end, 1 when the output wants no more, or a negative errno. */
static int show_all(struct view *view)
{
	const struct evh_trace_info *info = evh_trace_info(view->trace);
	bool copy = view->show.output.format == OUTPUT_PERF;
	struct evh_sample sample;
	int result;

	while ((result = evh_trace_next(view->trace, &sample)) != 0) {
		if (result == -EAGAIN)
			result = wait_for_more(view);
		else if (result > 0)
			result = copy ? copy_sample(view, &sample)
				      : show_sample(&view->show, &sample);
		if (result != 0)
			return result;
		progress_step(&view->progress, info->offset, info->size);
	}
	return show_end(&view->show);
}

/* One line for each kind of thing that isn't as it should be. How many there were. */
static int report(const struct view *view)
{
	const struct evh_trace_info *info = evh_trace_info(view->trace);
	const struct show *show = &view->show;
	int count = 0;

	if (info->cut && ++count)
		cli_error("%s: %llu record%s cut short, the first at byte %llu (%llu bytes of "
			  "%s): the writer was killed; everything else is shown",
			  view->path, (unsigned long long)info->cut, info->cut == 1 ? "" : "s",
			  (unsigned long long)info->cut_offset, (unsigned long long)info->cut_bytes,
			  info->cut == 1 ? "it" : "them");
	if (info->damaged && ++count)
		cli_error("%s: %llu bytes are damaged, the first at byte %llu; everything else is "
			  "shown",
			  view->path, (unsigned long long)info->damaged,
			  (unsigned long long)info->damaged_offset);
	if (info->unreadable && ++count)
		cli_error("%s: %llu records contradict themselves and are left out", view->path,
			  (unsigned long long)info->unreadable);
	if (info->truncated && ++count)
		cli_error("%s: the file is cut off at byte %llu; the events before are shown",
			  view->path, (unsigned long long)info->truncated_offset);
	if (show->incomplete && ++count)
		cli_error("%s: %llu messages are incomplete: parts of them are missing", view->path,
			  (unsigned long long)show->incomplete);
	return count;
}

static int refuse_copy(const struct view *view)
{
	cli_error("%s is a .dat file: it has no times and processes that --output=perf could "
		  "write",
		  view->path);
	return CLI_FAILURE;
}

static int view_trace(struct view *view)
{
	struct output *output = &view->show.output;
	int result = show_start(&view->show);

	if (result == 0 && view->want_stats) {
		view->stats = stats_new();
		view->show.take = stats_take;
		view->show.take_argument = view->stats;
		result = view->stats ? 0 : -ENOMEM;
	}
	if (result == 0)
		result = show_all(view);
	progress_end(&view->progress);
	if (view->stats && result >= 0)
		stats_write(view->stats, evh_trace_info(view->trace), output);

	int status = output_finish(output);

	if (result < 0 && !output->error) {
		cli_error("cannot read %s: %s", view->path, strerror(-result));
		status = CLI_FAILURE;
	}
	/* Who stopped reading doesn't want to know what comes later. */
	if (!output->error && report(view) > 0)
		status = CLI_FAILURE;
	return status;
}

static int view_file(struct view *view)
{
	struct output *output = &view->show.output;
	struct evh_trace_options options = { .follow = view->follow };
	pid_t pager = 0;
	int status = open_input(view);

	if (status != 0)
		return status;
	if (output->format == OUTPUT_PERF) {
		options.copy = copy_bytes;
		options.copy_argument = output;
	}

	int result = evh_trace_open(&view->trace, view->fd, &options);

	if (result < 0)
		return explain_open(view, result);
	if (output->format == OUTPUT_PERF && evh_trace_info(view->trace)->form == EVH_TRACE_DAT)
		return refuse_copy(view);
	output->color = output_wants_color(view->color, STDOUT_FILENO);
	progress_start(&view->progress);
	if (view->want_pager && !view->follow)
		pager = pager_start();
	status = view_trace(view);
	if (pager)
		pager_wait(pager);
	return status;
}

int cmd_view(int argc, char **argv)
{
	struct view view = {
		.path = DEFAULT_FILE,
		.fd = -1,
		.want_pager = true,
		.show.output.fd = STDOUT_FILENO,
	};
	int status = parse_options(&view, argc, argv);

	if (status < 0) {
		/* | head: write tells us, and what is running gets ended in order. */
		signal(SIGPIPE, SIG_IGN);
		status = view_file(&view);
	}
	evh_trace_close(view.trace);
	stats_free(view.stats);
	show_free(&view.show);
	if (view.fd > STDIN_FILENO)
		close(view.fd);
	return status;
}
