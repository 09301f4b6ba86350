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
#include "shim_options.h"
#include "tracepoint_names.h"

#define DEFAULT_FILE "logtap.data"
#define KEYWORDS     2			    /* 1 = syslog, 2 = stderr */
#define NAMES	     ((size_t)5 * KEYWORDS) /* logtap_L1K1 .. logtap_L5K2: five levels */

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
	      "  -q, --quiet              say nothing where PROGRAM can't be captured\n",
	      stdout);
	shim_options_help("LOGTAP_SINK");
	fputs("  -h, --help               this help\n"
	      "  -V, --version\n\n"
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

static int create(const char *path, const char *provider,
		  char identity[EVH_RECORDING_IDENTITY_SIZE])
{
	char names[LT_TRACEPOINTS][EVH_TRACEPOINT_NAME_MAX];
	const char *list[LT_TRACEPOINTS];

	for (unsigned i = 0; i < LT_TRACEPOINTS; i++) {
		lt_tracepoint_name(names[i], provider, i);
		list[i] = names[i];
	}
	return evh_recording_create_identified(path, list, LT_TRACEPOINTS, identity);
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
	if (!existed || rename(old, path) != 0)
		unlink(path);
}

static int report_create(const char *path, int error)
{
	char old[PATH_MAX + 8];
	struct stat status;

	name_old(old, path);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		cli_error("cannot record to '%s': it is not a regular file", path);
	else if (error == -EISDIR && lstat(old, &status) == 0)
		cli_error("cannot keep the existing '%s' as '%s': that is a folder", path, old);
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

/* Creates the recording and starts the program; returns only when something failed. */
static int record(const char *file, int quiet, char **argv)
{
	struct lt_settings settings;
	struct launch launch = { .quiet = quiet };
	char provider[LT_PROVIDER_MAX + 1];
	char absolute[PATH_MAX];
	char identity[EVH_RECORDING_IDENTITY_SIZE];
	char sink[PATH_MAX + sizeof(identity) + 16];
	int status = shim_options_read(&settings);

	if (status == 0)
		status = launch_prepare(&launch, argv);
	if (status != 0)
		return status;
	if (resolve_provider(&settings, launch.program, provider) != 0) {
		cli_error("cannot set up the environment: %s", strerror(errno));
		return CLI_OWN_ERROR;
	}

	int existed = access(file, F_OK) == 0;
	int error = create(file, provider, identity);

	if (error != 0)
		return report_create(file, error);
	if (!find_path(file, absolute)) {
		cli_error("cannot find the path of '%s': %s", file, strerror(errno));
		return CLI_OWN_ERROR;
	}
	/* What the programs write into from here on is this recording, whatever is at its path. */
	snprintf(sink, sizeof(sink), "file:%s%s", absolute, identity);
	status = launch_exec(&launch, sink);
	undo_create(absolute, identity, existed);
	return status;
}

int cmd_record(int argc, char **argv)
{
	static const struct option own[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct option options[SHIM_OPTION_ROOM];
	const char *file = DEFAULT_FILE;
	int quiet = 0;
	int option;

	shim_options_list(options, own, "LOGTAP_SINK");
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:ho:qV", options, NULL)) != -1) {
		if (option == 'h')
			return print_help();
		if (option == 'V')
			return cli_print_version();
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
