/* SPDX-License-Identifier: MIT */
/*
 * `logtap record`: creates a recording, then becomes the program, whose shim appends to it. Needs
 * nothing of the kernel. Must not touch an existing file before it is sure that the program can be
 * started.
 */
#include <errno.h>
#include <evh/recording.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "launch.h"
#include "segment_options.h"
#include "shim_options.h"
#include "sink_check.h"
#include "tracepoint_names.h"

#define DEFAULT_FILE "logtap.data"
#define LEAST_SIZE   "96K" /* four times a head with 15 names of the longest provider */

enum { OPTION_APPEND = 1 };

struct record {
	const char *file;
	struct evh_recording_rules rules;
	bool append, quiet;
};

static int print_help(void)
{
	fputs("Usage: logtap record [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
	      "Starts PROGRAM, and records its syslog() calls and the lines it writes to stderr,\n"
	      "also those of its children, into a file that `logtap view` and `perf script` read.\n"
	      "Works on any kernel. PROGRAM keeps its output, signals, terminal and exit "
	      "status.\n\n"
	      "  -o, --output=FILE        the file [" DEFAULT_FILE
	      "]; an existing one becomes FILE.old\n"
	      "      --append             go on in FILE, if it is there, instead\n",
	      stdout);
	segment_options_help();
	fputs("  -q, --quiet              say nothing where PROGRAM can't be captured\n", stdout);
	shim_options_help("LOGTAP_SINK");
	fputs("  -h, --help               this help\n\n"
	      "LEVEL is one of syslog's names, emerg to debug. Exit status: PROGRAM's own; 127 "
	      "when\n"
	      "it is not found, 126 when it cannot be executed, 125 when logtap itself failed.\n"
	      "Nothing recorded? `logtap doctor PROGRAM` says whether PROGRAM can be captured.\n",
	      stdout);
	return cli_finish_output();
}

/* `auto` means the launched program, for its children too: the file's head lists the names. */
static int resolve_provider(const struct lt_settings *settings, const char *program,
			    char provider[LT_PROVIDER_MAX + 1])
{
	if (settings->provider) {
		strcpy(provider, settings->provider);
		return 0;
	}

	const char *slash = strrchr(program, '/');

	lt_settings_provider_of(provider, slash ? slash + 1 : program);
	return setenv("LOGTAP_PROVIDER", provider, 1);
}

static int create(const struct record *record, const char *provider,
		  char identity[EVH_RECORDING_IDENTITY_SIZE])
{
	char names[LT_TRACEPOINTS][EVH_TRACEPOINT_NAME_MAX];
	const char *list[LT_TRACEPOINTS];

	for (unsigned i = 0; i < LT_TRACEPOINTS; i++) {
		lt_tracepoint_name(names[i], provider, i);
		list[i] = names[i];
	}
	return evh_recording_create_segmented(record->file, list, LT_TRACEPOINTS, &record->rules,
					      identity);
}

/* What an existing file is called afterwards. */
static void name_old(char old[PATH_MAX + 8], const char *path)
{
	snprintf(old, PATH_MAX + 8, "%s.old", path);
}

/*
 * The program did not start after all: what was there before comes back, unless another recording
 * was begun here in the meantime.
 */
static void undo_create(const char *path, const char *identity, int existed)
{
	char present[EVH_RECORDING_IDENTITY_SIZE];
	char old[PATH_MAX + 8];

	if (evh_recording_identify(path, present) != 0 || strcmp(present, identity) != 0)
		return;
	name_old(old, path);
	if (!existed || evh_recording_rename(old, path) != 0)
		evh_recording_remove(path);
}

static int report_create(const struct record *record, int error)
{
	const char *path = record->file;
	char old[PATH_MAX + 8];
	struct stat status;

	name_old(old, path);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		cli_error("cannot record to '%s': it is not a regular file", path);
	else if (error == -EISDIR && lstat(old, &status) == 0)
		cli_error("cannot keep the existing '%s' as '%s': that is a folder", path, old);
	else if (error == -EINVAL)
		cli_error("--max-size: so little holds hardly more than the head of a recording: "
			  "give at least " LEAST_SIZE);
	else if ((error == -EPERM || error == -EOPNOTSUPP) && record->rules.size_max)
		cli_error("cannot create '%s' with --max-size: its file system has no hard links; "
			  "record elsewhere, or without",
			  path);
	else
		cli_error("cannot create '%s': %s", path, strerror(-error));
	return CLI_OWN_ERROR;
}

/* For a moment nothing is at the path while another recording begins there. */
static char *find_path(const char *file, char absolute[PATH_MAX])
{
	for (int attempt = 0; attempt < 100; attempt++) {
		if (realpath(file, absolute))
			return absolute;
		if (errno != ENOENT)
			break;
		usleep(1000);
	}
	return NULL;
}

/* Whether the program's events can go into the recording that stands there. */
static int check_append(const struct record *record, const char *absolute)
{
	struct lt_settings settings;
	int status = shim_options_read(&settings);

	settings.sink = LT_SINK_FILE;
	settings.sink_path = absolute;
	if (status == 0 && (record->rules.size_max || record->rules.age_max)) {
		cli_error("--append goes on as '%s' was begun: leave out --max-size, --max-age, "
			  "--keep and --compress, or begin a new one",
			  record->file);
		return CLI_OWN_ERROR;
	}
	return status == 0 ? sink_check(&settings) : status;
}

/* The recording that the program is to write into, made or found. `absolute`: its path. */
static int prepare(const struct record *record, const char *provider, bool *made,
		   char absolute[PATH_MAX], char identity[EVH_RECORDING_IDENTITY_SIZE])
{
	int error;

	*made = !record->append || access(record->file, F_OK) != 0;
	if (*made) {
		error = create(record, provider, identity);
		if (error != 0)
			return report_create(record, error);
	}
	if (!find_path(record->file, absolute)) {
		cli_error("cannot find the path of '%s': %s", record->file, strerror(errno));
		return CLI_OWN_ERROR;
	}
	if (*made)
		return 0;
	error = check_append(record, absolute);
	if (error == 0 && evh_recording_identify(absolute, identity) != 0) {
		cli_error("cannot go on in '%s': another recording is begun there", record->file);
		error = CLI_OWN_ERROR;
	}
	return error;
}

/* Creates the recording and starts the program; returns only when something failed. */
static int record_program(const struct record *record, char **argv)
{
	struct lt_settings settings;
	struct launch launch = { .quiet = record->quiet };
	char provider[LT_PROVIDER_MAX + 1];
	char absolute[PATH_MAX];
	char identity[EVH_RECORDING_IDENTITY_SIZE];
	char sink[PATH_MAX + sizeof(identity) + 16];
	int existed = access(record->file, F_OK) == 0;
	int status = shim_options_read(&settings);
	bool made;

	if (status == 0)
		status = launch_prepare(&launch, argv);
	if (status != 0)
		return status;
	if (resolve_provider(&settings, launch.program, provider) != 0) {
		cli_error("cannot set up the environment: %s", strerror(errno));
		return CLI_OWN_ERROR;
	}
	status = prepare(record, provider, &made, absolute, identity);
	if (status != 0)
		return status;
	/* What the programs write into from here on is this recording, whatever is at its path. */
	snprintf(sink, sizeof(sink), "file:%s%s", absolute, identity);
	status = launch_exec(&launch, sink);
	if (made)
		undo_create(absolute, identity, existed);
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
		record->quiet = true;
		return 0;
	case OPTION_APPEND:
		record->append = true;
		return 0;
	default:
		if (option >= SHIM_OPTION_BASE)
			return shim_options_set(option, optarg);
		if (option >= SEGMENT_MAX_SIZE)
			return segment_option(&record->rules, option, optarg);
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
		{ 0 },
	};
	struct option options[SHIM_OPTION_ROOM];
	struct record record = { .file = DEFAULT_FILE };
	int option;

	shim_options_list(options, own, "LOGTAP_SINK");
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:ho:q", options, NULL)) != -1) {
		if (option == 'h')
			return print_help();
		if (take_option(&record, option, argv) != 0)
			return CLI_OWN_ERROR;
	}
	if (segment_options_check(&record.rules) != 0)
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
