/* SPDX-License-Identifier: MIT */
/*
 * `logtap collect`: keeps what programs send to its socket in a recording. Needs nothing of the
 * kernel that a distribution might not have.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "end_signals.h"
#include "listener.h"
#include "peers.h"
#include "recording.h"
#include "segment_options.h"
#include "store.h"

#define DEFAULT_FILE "logtap.data"

enum { OPTION_APPEND = 256, OPTION_PROVIDER };

struct collect {
	const char *file;
	const char *provider;
	const char *socket;
	struct recording_options how;
};

static int print_help(void)
{
	fputs("Usage: logtap collect [OPTION]... [unix:PATH]\n"
	      "Keeps the events of programs that were started with --sink=unix:PATH (or\n"
	      "LOGTAP_SINK) in a recording, until it is interrupted. Any user's programs may "
	      "send;\n"
	      "who they are the kernel says. PATH is " LISTENER_DEFAULT " unless given.\n\n"
	      "  -o, --output=FILE        the recording [" DEFAULT_FILE
	      "]; an existing one becomes FILE.old\n"
	      "                           (view's -o is a format)\n"
	      "      --append             go on in FILE, if it is there, instead\n"
	      "      --provider=NAME      the provider whose events are kept [logtap]\n",
	      stdout);
	segment_options_help();
	fputs("  -h, --help               this help\n"
	      "  -V, --version            the version\n\n"
	      "A program that sends faster than this reads loses events rather than time: how "
	      "many\n"
	      "stands in the recording. Exit status: 0; 1 when events could not be kept.\n",
	      stdout);
	return cli_finish_output();
}

/* What was not kept is said as loudly as a failure. */
static int report(const struct store *store)
{
	int error;
	unsigned long long refused = store_refused(store, &error);
	unsigned long long missed = store_missed(store);

	if (missed)
		cli_error("%llu event%s did not arrive: programs sent faster than this could read",
			  missed, missed == 1 ? "" : "s");
	if (refused)
		cli_error("%llu event%s could not be kept: %s", refused, refused == 1 ? "" : "s",
			  strerror(-error));
	return missed || refused ? CLI_FAILURE : CLI_OK;
}

/* Whether there was anything. */
static bool take(struct peers *peers, struct store *store)
{
	bool taken = peers_take(peers);

	store_flush(store);
	return taken;
}

static void serve(struct peers *peers, struct store *store, int signals)
{
	struct pollfd ready[] = {
		{ .fd = peers_descriptor(peers), .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};

	while (!ready[1].revents) {
		if (poll(ready, 2, -1) < 0 && errno != EINTR)
			break;
		take(peers, store);
	}
	/* What programs sent before the end is in the sockets. */
	for (int turn = 0; turn < 10000 && take(peers, store); turn++)
		;
}

static int keep(const char *sink, int listener, int signals)
{
	struct store *store = store_open(sink);
	struct peers_sink there = { store_event, store_lost, store };
	struct peers *peers = store ? peers_create(listener, &there) : NULL;
	int status = CLI_FAILURE;

	if (peers) {
		serve(peers, store, signals);
		status = report(store);
	} else if (store) {
		cli_error("cannot wait for programs: %s", strerror(errno));
	}
	peers_destroy(peers);
	if (store)
		store_close(store);
	return status;
}

/* signals: that end it. They must not end it in another way once its socket is there. */
static int listen_and_keep(const struct collect *collect, const struct lt_settings *settings,
			   int signals)
{
	struct recording recording;
	int listener = listener_open(collect->socket), status;

	if (listener < 0)
		return CLI_FAILURE;
	status = recording_begin(&recording, collect->file, &collect->how, settings, "logtap");
	status = status == 0 ? keep(recording.sink, listener, signals) : CLI_FAILURE;
	listener_close(listener, collect->socket);
	return status;
}

static int collect(const struct collect *collect)
{
	struct lt_settings settings;
	int signals, status;

	lt_settings_init(&settings);
	if (collect->provider &&
	    lt_setting_apply(lt_setting_find("provider"), &settings, collect->provider) != 0) {
		cli_error("--provider: bad value '%s': expected %s", collect->provider,
			  lt_setting_find("provider")->expected);
		return CLI_USAGE;
	}
	signals = end_signals_open(0);
	if (signals < 0) {
		cli_error("cannot wait for signals: %s", strerror(errno));
		return CLI_FAILURE;
	}
	status = listen_and_keep(collect, &settings, signals);
	close(signals);
	return status;
}

/* 0, or CLI_USAGE after a line on stderr. */
static int take_option(struct collect *collect, int option, char **argv)
{
	switch (option) {
	case 'o':
		collect->file = optarg;
		return 0;
	case OPTION_APPEND:
		collect->how.append = true;
		return 0;
	case OPTION_PROVIDER:
		collect->provider = optarg;
		return 0;
	default:
		if (option >= SEGMENT_MAX_SIZE && option <= SEGMENT_COMPRESS)
			return segment_option(&collect->how.rules, option, optarg) ? CLI_USAGE : 0;
		cli_bad_option(argv, option);
		return CLI_USAGE;
	}
}

/* The argument is a source, as LOGTAP_SINK has it. */
static int take_source(struct collect *collect, int argc, char **argv)
{
	static char path[PATH_MAX];
	const char *source;

	if (argc == 0)
		return 0;
	source = argv[0];
	if (argc > 1 || strncmp(source, "unix:", 5) != 0 || !source[5]) {
		cli_error("'%s' is no source: expected one unix:PATH; see logtap collect --help",
			  argc > 1 ? argv[1] : source);
		return CLI_USAGE;
	}
	source += 5;
	if (*source == '/' || *source == '@')
		snprintf(path, sizeof(path), "%s", source);
	else if (!getcwd(path, sizeof(path)) || strlen(path) + strlen(source) + 2 > sizeof(path))
		path[0] = '\0';
	else
		strcat(strcat(path, "/"), source);
	if (!path[0] || strlen(path) >= LT_SINK_SOCKET_MAX) {
		cli_error("'%s' is too long for a socket: 107 bytes are the most", source);
		return CLI_USAGE;
	}
	collect->socket = path;
	return 0;
}

int cmd_collect(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "append", no_argument, NULL, OPTION_APPEND },
		{ "provider", required_argument, NULL, OPTION_PROVIDER },
		SEGMENT_LONG_OPTIONS,
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct collect command = { .file = DEFAULT_FILE, .socket = LISTENER_DEFAULT };
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":ho:V", options, NULL)) != -1) {
		if (option == 'h')
			return print_help();
		if (option == 'V')
			return cli_print_version();
		if (take_option(&command, option, argv) != 0)
			return CLI_USAGE;
	}
	if (segment_options_check(&command.how.rules) != 0 ||
	    take_source(&command, argc - optind, argv + optind) != 0)
		return CLI_USAGE;
	return collect(&command);
}
