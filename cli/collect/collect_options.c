/* SPDX-License-Identifier: MIT */
/* The options of `logtap collect`. Must refuse all that can't have been meant before it begins. */
#include "collect_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "listener.h"
#include "segment_options.h"

#define DEFAULT_FILE "logtap.data"

/* A spool that nobody said anything of: 1 GiB. */
#define SPOOL_SEGMENT (UINT64_C(16) << 20)
#define SPOOL_KEEP    63

#define ROTATE_SIZE (UINT64_C(64) << 20)
#define ROTATE_KEEP 7
#define TIMEOUT	    30

enum {
	OPTION_APPEND = 256,
	OPTION_PROVIDER,
	OPTION_SNAPSHOT,
	OPTION_TO,
	OPTION_ECS,
	OPTION_ROTATE_SIZE,
	OPTION_ROTATE_KEEP,
	OPTION_HEADER,
	OPTION_TLS_CA,
	OPTION_TLS_CERT,
	OPTION_TLS_KEY,
	OPTION_NO_GZIP,
	OPTION_TIMEOUT,
};

static const struct option LONG_OPTIONS[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "append", no_argument, NULL, OPTION_APPEND },
	{ "provider", required_argument, NULL, OPTION_PROVIDER },
	{ "snapshot", required_argument, NULL, OPTION_SNAPSHOT },
	{ "to", required_argument, NULL, OPTION_TO },
	{ "ecs", no_argument, NULL, OPTION_ECS },
	{ "rotate-size", required_argument, NULL, OPTION_ROTATE_SIZE },
	{ "rotate-keep", required_argument, NULL, OPTION_ROTATE_KEEP },
	{ "header", required_argument, NULL, OPTION_HEADER },
	{ "tls-ca", required_argument, NULL, OPTION_TLS_CA },
	{ "tls-cert", required_argument, NULL, OPTION_TLS_CERT },
	{ "tls-key", required_argument, NULL, OPTION_TLS_KEY },
	{ "no-gzip", no_argument, NULL, OPTION_NO_GZIP },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	SEGMENT_LONG_OPTIONS,
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static void print_destinations(void)
{
	fputs("\nDestinations, each from where it was when it last acknowledged:\n"
	      "      --to=json:PATH       lines of JSON with OpenTelemetry's names\n"
	      "      --to=file:PATH       lines as `logtap view -o short-iso` has them\n"
	      "      --to=otlp:URL        OpenTelemetry's protocol over HTTP "
	      "(http://localhost:4318)\n"
	      "      --to=journal:URL     systemd-journal-remote (http://host:19532)\n"
	      "      --to=syslog:HOST:PORT  RFC 5424 over TCP, octet-counted. Nothing is "
	      "acknowledged\n"
	      "                           there: what a receiver took and lost when it was killed "
	      "is\n"
	      "                           sent again for the last 5 seconds, and no more\n"
	      "      --ecs                json: with the Elastic Common Schema's names instead\n"
	      "      --rotate-size=SIZE   json, file: go on in a new file at this size [64M]\n"
	      "      --rotate-keep=N      older files that stay, PATH.1 the newest [7]\n"
	      "      --header=HEADER      otlp, journal: one more, as 'Authorization: Bearer X'\n"
	      "      --tls-ca=FILE        certificates that https trusts [the system's]\n"
	      "      --tls-cert=FILE      the client's own certificate\n"
	      "      --tls-key=FILE       and its key\n"
	      "      --no-gzip            otlp: don't pack what is sent\n"
	      "      --timeout=SECONDS    for one delivery [30]\n",
	      stdout);
}

static int print_help(void)
{
	fputs("Usage: logtap collect [OPTION]... [unix:PATH]\n"
	      "Keeps the events of programs that were started with --sink=unix:PATH (or\n"
	      "LOGTAP_SINK) in a recording, until it is interrupted, and hands them on to each\n"
	      "destination. Any user's programs may send; who they are the kernel says. PATH is\n"
	      "" LISTENER_DEFAULT " unless given.\n\n"
	      "  -o, --output=FILE        the recording [" DEFAULT_FILE
	      "]; an existing one becomes FILE.old\n"
	      "                           (view's -o is a format). With --to it is gone on in, "
	      "and\n"
	      "                           keeps what was not delivered yet: 64 segments of 16M, "
	      "the\n"
	      "                           oldest of which goes when they are full\n"
	      "      --append             go on in FILE, if it is there, instead\n"
	      "      --provider=NAME      the provider whose events are kept [logtap]\n",
	      stdout);
	segment_options_help();
	fputs("      --snapshot=SIZE      keep the last SIZE of events (64M) in memory, and write "
	      "them "
	      "to\n"
	      "                           FILE at the end and on SIGUSR2\n",
	      stdout);
	print_destinations();
	fputs("  -h, --help               this help\n"
	      "  -V, --version            the version\n\n"
	      "A program that sends faster than this reads loses events rather than time: how "
	      "many\n"
	      "stands in the recording. Exit status: 0; 1 when events could not be kept.\n",
	      stdout);
	return cli_finish_output();
}

static int add_destination(struct collect_options *options, const char *text)
{
	struct destination *destination = &options->destinations[options->destination_count];

	if (options->destination_count == COLLECT_DESTINATIONS_MAX) {
		cli_error("--to: more than %d destinations", COLLECT_DESTINATIONS_MAX);
		return CLI_USAGE;
	}
	for (size_t i = 0; i < options->destination_count; i++) {
		if (strcmp(options->destinations[i].name, text) != 0)
			continue;
		cli_error("--to: '%s' stands there twice", options->destinations[i].shown);
		return CLI_USAGE;
	}
	if (destination_parse(destination, text) != 0)
		return CLI_USAGE;
	destination->options = &options->delivery;
	destination->host = &options->host;
	options->destination_count++;
	return 0;
}

static int add_header(struct collect_options *options, const char *text)
{
	const char *colon = strchr(text, ':');

	if (!colon || colon == text || strpbrk(text, "\r\n") ||
	    options->delivery.header_count == COLLECT_HEADERS_MAX) {
		/* It may hold what is secret. */
		cli_error("--header: expected 'Name: value' in one line, %d times at most",
			  COLLECT_HEADERS_MAX);
		return CLI_USAGE;
	}
	options->headers[options->delivery.header_count++] = text;
	return 0;
}

/* A whole number up to `most`. */
static int take_number(const char *option, const char *text, unsigned least, unsigned most,
		       unsigned *number)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value < least || value > most) {
		cli_error("--%s: '%s' is no number from %u to %u", option, text, least, most);
		return CLI_USAGE;
	}
	*number = (unsigned)value;
	return 0;
}

static int take_file(const char *option, const char *text, const char **file)
{
	if (access(text, R_OK) != 0) {
		cli_error("--%s: cannot read '%s'", option, text);
		return CLI_USAGE;
	}
	*file = text;
	return 0;
}

static int take_delivery_option(struct collect_options *options, int option, char **argv)
{
	struct destination_options *delivery = &options->delivery;

	switch (option) {
	case OPTION_TO:
		return add_destination(options, optarg);
	case OPTION_ECS:
		delivery->ecs = true;
		return 0;
	case OPTION_ROTATE_SIZE:
		return segment_size("--rotate-size", optarg, &delivery->rotate_size) ? CLI_USAGE
										     : 0;
	case OPTION_ROTATE_KEEP:
		return take_number("rotate-keep", optarg, 0, 10000, &delivery->rotate_keep);
	case OPTION_HEADER:
		return add_header(options, optarg);
	case OPTION_TLS_CA:
		return take_file("tls-ca", optarg, &delivery->tls_ca);
	case OPTION_TLS_CERT:
		return take_file("tls-cert", optarg, &delivery->tls_cert);
	case OPTION_TLS_KEY:
		return take_file("tls-key", optarg, &delivery->tls_key);
	case OPTION_NO_GZIP:
		delivery->no_gzip = true;
		return 0;
	case OPTION_TIMEOUT:
		return take_number("timeout", optarg, 1, 3600, &delivery->timeout);
	default:
		cli_bad_option(argv, option);
		return CLI_USAGE;
	}
}

/* 0, or CLI_USAGE after a line on stderr. */
static int take_option(struct collect_options *options, int option, char **argv)
{
	switch (option) {
	case 'o':
		options->file = optarg;
		return 0;
	case OPTION_APPEND:
		options->how.append = true;
		return 0;
	case OPTION_PROVIDER:
		options->provider = optarg;
		return 0;
	case OPTION_SNAPSHOT:
		return segment_size("--snapshot", optarg, &options->snapshot) ? CLI_USAGE : 0;
	default:
		if (option >= SEGMENT_MAX_SIZE && option <= SEGMENT_COMPRESS)
			return segment_option(&options->how.rules, option, optarg) ? CLI_USAGE : 0;
		return take_delivery_option(options, option, argv);
	}
}

/* The argument is a source, as LOGTAP_SINK has it. */
static int take_source(struct collect_options *options, int argc, char **argv)
{
	char *path = options->socket_path;
	const size_t room = sizeof(options->socket_path);
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
		snprintf(path, room, "%s", source);
	else if (!getcwd(path, room) || strlen(path) + strlen(source) + 2 > room)
		path[0] = '\0';
	else
		strcat(strcat(path, "/"), source);
	if (!path[0] || strlen(path) >= LT_SINK_SOCKET_MAX) {
		cli_error("'%s' is too long for a socket: 107 bytes are the most", source);
		return CLI_USAGE;
	}
	options->socket = path;
	return 0;
}

/* What is in memory alone can't be delivered, nor gone on in. */
static int check_snapshot(const struct collect_options *options)
{
	const struct recording_options *how = &options->how;

	if (!options->snapshot || (!options->destination_count && !how->append &&
				   !how->rules.size_max && !how->rules.age_max))
		return 0;
	cli_error(
		"--snapshot goes with none of --to, --append, --max-size and --max-age: it writes "
		"a whole file each time");
	return CLI_USAGE;
}

/* A destination that writes into the recording would end it. */
static int check_paths(const struct collect_options *options)
{
	struct stat recording, there;
	bool exists = stat(options->file, &recording) == 0;

	for (size_t i = 0; i < options->destination_count; i++) {
		const struct destination *one = &options->destinations[i];
		bool same = exists && stat(one->target, &there) == 0 &&
			    there.st_dev == recording.st_dev && there.st_ino == recording.st_ino;

		if (!same && strcmp(one->target, options->file) != 0)
			continue;
		cli_error("--to=%s: that is the recording itself: give another file", one->shown);
		return CLI_USAGE;
	}
	return 0;
}

/* What is to be delivered is kept until then, also while this is not running. */
static void make_spool(struct collect_options *options)
{
	struct evh_recording_rules *rules = &options->how.rules;

	options->how.append = true;
	if (rules->size_max || rules->age_max || access(options->file, F_OK) == 0)
		return;
	rules->size_max = SPOOL_SEGMENT;
	rules->keep = SPOOL_KEEP;
}

int collect_options_read(struct collect_options *options, int argc, char **argv)
{
	int option;

	*options = (struct collect_options){ .file = DEFAULT_FILE, .socket = LISTENER_DEFAULT };
	options->delivery = (struct destination_options){ .rotate_size = ROTATE_SIZE,
							  .rotate_keep = ROTATE_KEEP,
							  .headers = options->headers,
							  .timeout = TIMEOUT };
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":ho:V", LONG_OPTIONS, NULL)) != -1) {
		if (option == 'h')
			return print_help();
		if (option == 'V')
			return cli_print_version();
		if (take_option(options, option, argv) != 0)
			return CLI_USAGE;
	}
	if (segment_options_check(&options->how.rules) != 0 || check_snapshot(options) != 0 ||
	    check_paths(options) != 0 || take_source(options, argc - optind, argv + optind) != 0)
		return CLI_USAGE;
	if (options->destination_count)
		make_spool(options);
	return -1;
}

void collect_options_free(struct collect_options *options)
{
	for (size_t i = 0; i < options->destination_count; i++)
		destination_free(&options->destinations[i]);
}
