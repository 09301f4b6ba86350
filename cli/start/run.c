/* SPDX-License-Identifier: MIT */
/*
 * `logtap run`: becomes the program, whose shim sends events to the kernel's user_events. Refuses
 * to start anything where the kernel cannot take them, unless told otherwise. With --user it opens
 * user_events as root, drops the rights and hands the descriptor on.
 */
#include <errno.h>
#include <evh/tracepoint.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "beyond_limit.h"
#include "cli.h"
#include "launch.h"
#include "shim_options.h"
#include "sink_check.h"
#include "tracepoint_check.h"

enum { OPTION_BEST_EFFORT = 1, OPTION_USER };

struct run {
	const char *user; /* --user, or NULL */
	int best_effort, quiet;
	char sink[32]; /* a user_events sink; a --sink of another kind stays in the environment */
};

static int print_help(void)
{
	fputs("Usage: logtap run [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
	      "Starts PROGRAM; its syslog() calls and the lines it writes to stderr, also those "
	      "of\n"
	      "its children, become events in the kernel's user_events, where `logtap tail`, perf\n"
	      "and ftrace collect them. PROGRAM keeps its output, signals, terminal and exit "
	      "status.\n\n"
	      "  --best-effort            start PROGRAM also where the sink cannot be used\n"
	      "  --user=NAME              open user_events as root, then run PROGRAM as this "
	      "user\n"
	      "  -q, --quiet              say nothing where PROGRAM can't be captured\n",
	      stdout);
	shim_options_help(NULL);
	fputs("  -h, --help               this help\n"
	      "  -V, --version            the version\n\n"
	      "LEVEL is one of syslog's names, emerg to debug. Exit status: PROGRAM's own; 127 "
	      "when\n"
	      "it is not found, 126 when it cannot be executed, 125 when logtap itself failed.\n"
	      "`logtap doctor` says whether this machine can do it; `logtap record` always can.\n",
	      stdout);
	return cli_finish_output();
}

/*
 * A number that the program's own descriptors never meet: the first one beyond its soft limit,
 * which no call hands out. Where the limit cannot be raised for that moment, a high one.
 */
static int hand_on(int fd)
{
	struct lt_file_limit limit = { 0, 0 };
	int moved = -1;

	if (lt_file_limit_get(&limit) == 0)
		moved = (int)lt_copy_beyond_limit(fd, limit.soft, &limit, F_DUPFD);
	for (int lowest = 1000; moved < 0 && lowest > 3; lowest /= 4)
		moved = fcntl(fd, F_DUPFD, lowest);
	return moved < 0 ? -errno : moved;
}

/* Sees whether user_events can be used, and prepares the sink. */
static int open_user_events(struct run *run, const struct lt_settings *settings,
			    const char *program)
{
	struct evh_transport transport = { 0 };
	int error = evh_transport_open_user_events(&transport);
	int status = 0;

	strcpy(run->sink, "user_events");
	if (error == 0)
		status = tracepoint_check(&transport, settings, program, run->quiet, true);
	if (error == 0 && run->user) {
		int fd = hand_on(transport.fd);

		if (fd < 0)
			error = fd;
		else
			snprintf(run->sink, sizeof(run->sink), "user_events:%d", fd);
	}
	/* What was registered stays until the exec closes it. */
	if (error == 0)
		return run->best_effort ? 0 : status;
	evh_transport_close(&transport);
	if (run->best_effort)
		return 0;
	sink_report_user_events(error, "logtap record");
	return CLI_OWN_ERROR;
}

/* Becomes that user for good; its name and home as a login would set them. */
static int drop_rights(const char *name)
{
	errno = 0;

	struct passwd *user = getpwnam(name);

	if (!user) {
		cli_error("--user: no user '%s' here%s%s", name, errno ? ": " : "",
			  errno ? strerror(errno) : "");
		return CLI_OWN_ERROR;
	}
	if (initgroups(user->pw_name, user->pw_gid) != 0 ||
	    setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0) {
		cli_error("--user: cannot become '%s': %s", name,
			  errno == EPERM ? "only root can" : strerror(errno));
		return CLI_OWN_ERROR;
	}
	if (setenv("HOME", user->pw_dir, 1) != 0 || setenv("USER", user->pw_name, 1) != 0 ||
	    setenv("LOGNAME", user->pw_name, 1) != 0) {
		cli_error("cannot set up the environment: %s", strerror(errno));
		return CLI_OWN_ERROR;
	}
	return 0;
}

static int start(struct run *run, char **argv)
{
	struct lt_settings settings;
	struct launch launch = { .quiet = run->quiet };
	char pinned[SINK_MAX];
	int status = shim_options_read(&settings);

	if (status == 0 && settings.sink == LT_SINK_USER_EVENTS)
		status = open_user_events(run, &settings, argv[0]);
	/* As the user, the program and the library must be found with the user's rights. */
	if (status == 0 && run->user)
		status = drop_rights(run->user);
	if (status == 0)
		status = launch_prepare(&launch, argv);
	/* Last, with the program's rights: it leaves a mark in a recording. */
	if (status == 0 && !run->best_effort)
		status = sink_check(&settings, run->quiet);
	if (status != 0)
		return status;
	return launch_exec(&launch, run->sink[0]
					    ? run->sink
					    : sink_pin(&settings, getenv("LOGTAP_SINK"), pinned));
}

int cmd_run(int argc, char **argv)
{
	static const struct option own[] = {
		{ "best-effort", no_argument, NULL, OPTION_BEST_EFFORT },
		{ "user", required_argument, NULL, OPTION_USER },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct option options[SHIM_OPTION_ROOM];
	struct run run = { 0 };
	int option;

	unsetenv("LOGTAP_SINK"); /* one of an outer logtap must not matter; --sink sets it */
	shim_options_list(options, own, NULL);
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:hqV", options, NULL)) != -1) {
		if (option == 'h')
			return print_help();
		if (option == 'V')
			return cli_print_version();
		if (option == OPTION_BEST_EFFORT) {
			run.best_effort = 1;
		} else if (option == OPTION_USER) {
			run.user = optarg;
		} else if (option == 'q') {
			run.quiet = 1;
		} else if (option >= SHIM_OPTION_BASE) {
			if (shim_options_set(option, optarg) != 0)
				return CLI_OWN_ERROR;
		} else {
			cli_bad_option(argv, option);
			return CLI_OWN_ERROR;
		}
	}
	if (optind == argc) {
		cli_error("no program given; see logtap run --help");
		return CLI_OWN_ERROR;
	}
	return start(&run, argv + optind);
}
