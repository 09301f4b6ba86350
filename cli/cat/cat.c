/* SPDX-License-Identifier: MIT */
/*
 * `logtap cat`: lines of stdin, or of what a program writes, as events: for programs that no
 * library can be loaded into. Must never start the program where the events have no place to go,
 * unless it was told so.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cat.h"
#include "cli.h"
#include "events.h"
#include "shim_options.h"

enum { OPTION_BEST_EFFORT = 1, OPTION_STDOUT };

/* What has no meaning for a pipe. */
static const char *const LEFT_OUT[] = { "LOGTAP_ARGS", "LOGTAP_CAPTURE", "LOGTAP_NULL",
					"LOGTAP_ONLY", "LOGTAP_SKIP",	 NULL };

static int print_help(void)
{
	fputs("Usage: logtap cat [OPTION]... [--] [PROGRAM [ARGUMENT]...]\n"
	      "Makes an event of each line of stdin, or of each that PROGRAM and its children "
	      "write\n"
	      "to stderr: for static, Go and setuid programs, which take no library, and for ssh.\n"
	      "PROGRAM's lines also go where they would go without logtap. It keeps its process\n"
	      "number, exit status, signals and terminal; a reader stays beside it until the last\n"
	      "writer is gone, so the last lines may be there a moment after PROGRAM's end.\n\n"
	      "  program 2> >(logtap cat -t program)\n"
	      "  logtap cat -t backup ssh host backup.sh\n\n"
	      "  -t, --identifier=NAME    the name in the events [PROGRAM's; of stdin: cat]\n"
	      "  -p, --priority=LEVEL     the same as --stderr-level\n"
	      "  -o, --output=FILE        into a new recording; an existing FILE becomes FILE.old\n"
	      "      --stdout             PROGRAM's stdout, too\n"
	      "      --best-effort        go on without events where they have no place to go\n",
	      stdout);
	shim_options_help(LEFT_OUT);
	fputs("  -h, --help               this help\n"
	      "  -V, --version            the version\n\n"
	      "Below `logtap record` and `logtap run`, events go where theirs go. Exit status: "
	      "PROGRAM's\n"
	      "own; 127 when it is not found, 126 when it cannot be executed, 125 when logtap "
	      "itself\n"
	      "failed; without a PROGRAM 0, or 1 when not all lines could be sent.\n",
	      stdout);
	return cli_finish_output();
}

static int check_sink(const struct cat *cat)
{
	struct lt_settings settings = cat->settings;

	settings.capture = LT_CAPTURE_STDERR;
	return settings.sink == LT_SINK_USER_EVENTS ? sink_check_user_events(&settings, cat->ident)
						    : sink_check(&settings, true);
}

/* Opens the place that events go to. 0, or an exit status after a line on stderr. */
static int open_sink(struct cat *cat)
{
	struct lt_settings *settings = &cat->settings;
	int status = 0, error;

	if (cat->output && !settings->disabled) {
		status = recording_begin(&cat->recording, cat->output,
					 &(struct recording_options){ 0 }, settings, cat->ident);
		settings->sink = LT_SINK_FILE;
		settings->sink_path = cat->recording.sink + strlen("file:");
		settings->provider = cat->recording.provider;
	} else if (!cat->best_effort) {
		status = check_sink(cat);
	}
	if (status != 0)
		return status;
	error = events_open(settings, cat->ident);
	if (error == 0 || cat->best_effort)
		return 0;
	if (settings->sink == LT_SINK_USER_EVENTS)
		sink_report_user_events(error, "logtap cat -o FILE");
	else
		cli_error("cannot send events: %s", strerror(error == -ENXIO ? EINVAL : -error));
	return CLI_OWN_ERROR;
}

/* Whoever writes may be ended by a signal for all, and has still something to say. */
static int read_stdin(void)
{
	const struct channel from_stdin = { .place = -1, .outer = STDIN_FILENO };
	unsigned long long refused;
	int error;

	if (!isatty(STDIN_FILENO))
		relay_ignore_signals();
	error = relay(&from_stdin, -1);
	refused = events_end();
	if (error != 0)
		cli_error("cannot read stdin: %s", strerror(-error));
	if (refused)
		cli_error("%llu line%s could not be sent", refused, refused == 1 ? "" : "s");
	return error || refused ? CLI_FAILURE : CLI_OK;
}

static const char *name_of(const char *program)
{
	const char *slash = strrchr(program, '/');

	return slash ? slash + 1 : program;
}

static int run_cat(struct cat *cat, char **argv)
{
	int status = shim_options_read(&cat->settings);

	if (status != 0)
		return status;
	if (!cat->ident)
		cat->ident = *argv ? name_of(*argv) : "cat";
	if (!*argv)
		return (status = open_sink(cat)) ? status : read_stdin();
	cat->launch.argv = argv;
	status = launch_find_program(&cat->launch);
	if (status == 0)
		status = open_sink(cat);
	return status ? status : cat_program(cat);
}

int cmd_cat(int argc, char **argv)
{
	static const struct option own[] = {
		{ "identifier", required_argument, NULL, 't' },
		{ "priority", required_argument, NULL, 'p' },
		{ "output", required_argument, NULL, 'o' },
		{ "stdout", no_argument, NULL, OPTION_STDOUT },
		{ "best-effort", no_argument, NULL, OPTION_BEST_EFFORT },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct option options[SHIM_OPTION_ROOM];
	const int stderr_level =
		SHIM_OPTION_BASE + (int)(lt_setting_find("stderr-level") - lt_setting_table);
	static struct cat cat;
	int option;

	cat.environment = cat_keep_environment();
	if (!cat.environment)
		return CLI_OWN_ERROR;
	shim_options_list(options, own, LEFT_OUT);
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:ho:p:t:V", options, NULL)) != -1) {
		int status = 0;

		if (option == 'h')
			return print_help();
		if (option == 'V')
			return cli_print_version();
		if (option == 't')
			cat.ident = optarg;
		else if (option == 'p')
			status = shim_options_set(stderr_level, optarg);
		else if (option == 'o')
			cat.output = optarg;
		else if (option == OPTION_STDOUT)
			cat.with_stdout = true;
		else if (option == OPTION_BEST_EFFORT)
			cat.best_effort = true;
		else if (option >= SHIM_OPTION_BASE)
			status = shim_options_set(option, optarg);
		else
			cli_bad_option(argv, option), status = CLI_OWN_ERROR;
		if (status != 0)
			return CLI_OWN_ERROR;
	}
	if (cat.with_stdout && optind == argc) {
		cli_error("--stdout is for a program's; see logtap cat --help");
		return CLI_OWN_ERROR;
	}
	return run_cat(&cat, argv + optind);
}
