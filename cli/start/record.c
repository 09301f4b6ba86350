/* SPDX-License-Identifier: MIT */
/*
 * `logtap record`: creates a recording, then becomes the program, whose shim appends to it. Needs
 * nothing of the kernel. Must not touch an existing file before it is sure that the program can be
 * started.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "launch.h"
#include "recording.h"
#include "shim_options.h"

#define DEFAULT_FILE "logtap.data"

/* Ours to set. */
static const char *const LEFT_OUT[] = { "LOGTAP_SINK", NULL };

static int print_help(void)
{
	fputs("Usage: logtap record [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
	      "Starts PROGRAM, and records its syslog() calls and the lines it writes to stderr,\n"
	      "also those of its children, into a file that `logtap view` and `perf script` read.\n"
	      "Works on any kernel. PROGRAM keeps its output, signals, terminal and exit "
	      "status.\n\n"
	      "  -o, --output=FILE        the file [" DEFAULT_FILE
	      "]; an existing one becomes FILE.old\n"
	      "  -q, --quiet              say nothing where PROGRAM can't be captured\n",
	      stdout);
	shim_options_help(LEFT_OUT);
	fputs("  -h, --help               this help\n\n"
	      "LEVEL is one of syslog's names, emerg to debug. Exit status: PROGRAM's own; 127 "
	      "when\n"
	      "it is not found, 126 when it cannot be executed, 125 when logtap itself failed.\n"
	      "Nothing recorded? `logtap doctor PROGRAM` says whether PROGRAM can be captured.\n",
	      stdout);
	return cli_finish_output();
}

/* Creates the recording and starts the program; returns only when something failed. */
static int record(const char *file, int quiet, char **argv)
{
	struct lt_settings settings;
	struct launch launch = { .quiet = quiet };
	struct recording recording;
	int status = shim_options_read(&settings);

	if (status == 0)
		status = launch_prepare(&launch, argv);
	if (status == 0)
		status = recording_begin(&recording, file, &settings, launch.program);
	if (status != 0)
		return status;
	/* What the programs write into from here on is this recording, whatever is at its path. */
	status = launch_exec(&launch, recording.sink);
	recording_undo(&recording);
	return status;
}

int cmd_record(int argc, char **argv)
{
	static const struct option own[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct option options[SHIM_OPTION_ROOM];
	const char *file = DEFAULT_FILE;
	int quiet = 0;
	int option;

	shim_options_list(options, own, LEFT_OUT);
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:ho:q", options, NULL)) != -1) {
		if (option == 'h')
			return print_help();
		if (option == 'o') {
			file = optarg;
		} else if (option == 'q') {
			quiet = 1;
		} else if (option >= SHIM_OPTION_BASE) {
			if (shim_options_set(option, optarg) != 0)
				return CLI_OWN_ERROR;
		} else {
			cli_bad_option(argv, option);
			return CLI_OWN_ERROR;
		}
	}
	if (strcmp(file, "-") == 0) {
		cli_error("cannot record to stdout: several processes append to a recording, so it "
			  "takes a file (one called '-' is -o ./-)");
		return CLI_OWN_ERROR;
	}
	if (optind == argc) {
		cli_error("no program given; see logtap record --help");
		return CLI_OWN_ERROR;
	}
	unsetenv("LOGTAP_SINK"); /* ours to set; one of an outer logtap must not matter */
	return record(file, quiet, argv + optind);
}
