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
#include "segment_options.h"
#include "shim_options.h"

#define DEFAULT_FILE "logtap.data"

enum { OPTION_APPEND = 1 };

struct record {
	const char *file;
	struct recording_options how;
	int quiet;
};

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
	      "                           (view's -o is a format)\n"
	      "      --append             go on in FILE, if it is there, instead\n",
	      stdout);
	segment_options_help();
	fputs("  -q, --quiet              say nothing where PROGRAM can't be captured\n", stdout);
	shim_options_help(LEFT_OUT);
	fputs("  -h, --help               this help\n"
	      "  -V, --version            the version\n\n"
	      "LEVEL is one of syslog's names, emerg to debug. Exit status: PROGRAM's own; 127 "
	      "when\n"
	      "it is not found, 126 when it cannot be executed, 125 when logtap itself failed.\n"
	      "Nothing recorded? `logtap doctor PROGRAM` says whether PROGRAM can be captured.\n",
	      stdout);
	return cli_finish_output();
}

/* Creates the recording and starts the program; returns only when something failed. */
static int record_program(const struct record *record, char **argv)
{
	struct lt_settings settings;
	struct launch launch = { .quiet = record->quiet };
	struct recording recording;
	int status = shim_options_read(&settings);

	if (status == 0)
		status = launch_prepare(&launch, argv);
	if (status == 0)
		status = recording_begin(&recording, record->file, &record->how, &settings,
					 launch.program);
	if (status != 0)
		return status;
	/* What the programs write into from here on is this recording, whatever is at its path. */
	status = launch_exec(&launch, recording.sink);
	recording_undo(&recording);
	return status;
}

/* 0, or CLI_OWN_ERROR after a line on stderr. */
static int take_option(struct record *record, int option, char **argv)
{
	switch (option) {
	case 'o':
		record->file = optarg;
		return 0;
	case 'q':
		record->quiet = 1;
		return 0;
	case OPTION_APPEND:
		record->how.append = true;
		return 0;
	default:
		if (option >= SHIM_OPTION_BASE)
			return shim_options_set(option, optarg);
		if (option >= SEGMENT_MAX_SIZE)
			return segment_option(&record->how.rules, option, optarg);
		cli_bad_option(argv, option);
		return CLI_OWN_ERROR;
	}
}

int cmd_record(int argc, char **argv)
{
	static const struct option own[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "append", no_argument, NULL, OPTION_APPEND },
		SEGMENT_LONG_OPTIONS,
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct option options[SHIM_OPTION_ROOM];
	struct record record = { .file = DEFAULT_FILE };
	int option;

	shim_options_list(options, own, LEFT_OUT);
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:ho:qV", options, NULL)) != -1) {
		if (option == 'h')
			return print_help();
		if (option == 'V')
			return cli_print_version();
		if (take_option(&record, option, argv) != 0)
			return CLI_OWN_ERROR;
	}
	if (segment_options_check(&record.how.rules) != 0)
		return CLI_OWN_ERROR;
	if (strcmp(record.file, "-") == 0) {
		cli_error("cannot record to stdout: several processes append to a recording, so it "
			  "takes a file (one called '-' is -o ./-)");
		return CLI_OWN_ERROR;
	}
	if (optind == argc) {
		cli_error("no program given; see logtap record --help");
		return CLI_OWN_ERROR;
	}
	unsetenv("LOGTAP_SINK"); /* ours to set; one of an outer logtap must not matter */
	return record_program(&record, argv + optind);
}
