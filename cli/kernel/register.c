/* SPDX-License-Identifier: MIT */
/*
 * `logtap register`: creates tracepoints before the program exists, and holds them, so that a
 * collector can be started first. Only what it created vanishes with it; must never disturb
 * tracepoints that others hold, nor write an event.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <evh/decode.h>
#include <evh/tracepoint.h>

#include "catalog.h"
#include "cli.h"
#include "end_signals.h"
#include "keep_registered.h"
#include "schema.h"
#include "tracefs_place.h"
#include "tracepoint_names.h"
#include "user_events_usage.h"

#define DEFAULT_PROVIDER "logtap"

struct options {
	const char *until;
	bool persistent;
	bool remove;
	bool quiet;
};

struct registry {
	struct options options;
	struct tracefs_place place;
	struct keep_registered *hold;
	unsigned held;
	unsigned refused;
};

static void print_help(void)
{
	fputs("Usage: logtap register [OPTION]... [PROVIDER|TRACEPOINT|PATH]...\n"
	      "Creates tracepoints ahead of the program and holds them, so that a collector can "
	      "be\n"
	      "started first:  perf record -e 'user_events:logtap_*'\n"
	      "A provider (default " DEFAULT_PROVIDER ") gets the ten that logtap run uses,\n"
	      "PROVIDER_L1K1 to PROVIDER_L5K2 (PROVIDER_* means the same); a whole tracepoint\n"
	      "name gets that one. The path of a program or library (with a '/') gets what its\n"
	      "events need, which EVH_WRITE left in the file.\n\n"
	      "  --until=PID   hold them until this process ends, instead of until Ctrl-C\n"
	      "  --persistent  let the kernel keep them after this command and end at once\n"
	      "                (needs CAP_PERFMON; they stay until the next boot)\n"
	      "  --remove      take such away again, where nobody uses them\n"
	      "  -q, --quiet   don't list them\n"
	      "  -h, --help    this help\n"
	      "  -V, --version  the version\n\n"
	      "Prints one line per tracepoint: created, exists or removed; on stderr: what was\n"
	      "refused, and why. Exit status 1 when something was.\n",
	      stdout);
}

static bool exists(const struct registry *registry, const char *name)
{
	char below[EVH_TRACEPOINT_NAME_MAX + 32];
	char path[PATH_MAX];

	snprintf(below, sizeof(below), "events/user_events/%s", name);
	return tracefs_place_path(&registry->place, below, path, sizeof(path)) == 0 &&
	       access(path, F_OK) == 0;
}

/*
 * The fields that a tracepoint has, as dynamic_events lists it ("u:NAME u32 count; ..."): whoever
 * made it may have given it others than ours, and the kernel removes none without naming them.
 */
static void find_fields(const char *path, const char *name, char *fields, size_t room)
{
	FILE *file = fopen(path, "re");
	size_t size = strlen(name);
	char line[1024];

	snprintf(fields, room, "%s", EVH_TRACEPOINT_FIELDS);
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "u:", 2) == 0 && strncmp(line + 2, name, size) == 0 &&
		    (line[2 + size] == ' ' || !line[2 + size]))
			snprintf(fields, room, "%s", line + 2 + size);
	}
	if (file)
		fclose(file);
}

/*
 * Through dynamic_events the kernel makes and removes tracepoints that outlive their maker. Not
 * with stdio: the file can't be sought to its end, which fopen(3) wants for appending.
 */
static int change_persistent(const struct registry *registry, const char *verb, const char *name)
{
	char path[PATH_MAX];
	char fields[1024] = EVH_TRACEPOINT_FIELDS;
	char command[EVH_TRACEPOINT_NAME_MAX + sizeof(fields) + 32];
	int result = tracefs_place_path(&registry->place, "dynamic_events", path, sizeof(path));
	int length;
	int fd;

	if (result < 0)
		return result;
	if (*verb == '-')
		find_fields(path, name, fields, sizeof(fields));
	length = snprintf(command, sizeof(command), "%s%s %s\n", verb, name, fields);
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, command, (size_t)length) != length)
		result = -errno;
	close(fd);
	return result;
}

/* By registering it with nobody: dynamic_events would take more than an EventHeader name may hold.
 */
static int check_name(const char *name)
{
	struct evh_transport nobody;
	struct evh_tracepoint tracepoint;
	uint8_t memory[64];
	uint32_t word = 0;
	int result = evh_transport_use_memory(&nobody, memory, sizeof(memory));

	if (result == 0)
		result = evh_tracepoint_register(&tracepoint, &nobody, name, &word, 0);
	evh_transport_close(&nobody);
	return result;
}

static void refuse(struct registry *registry, const char *name, const char *reason)
{
	registry->refused++;
	cli_error("%.60s%s: %s", name, strlen(name) > 60 ? "..." : "", reason);
}

static void add(struct registry *registry, const char *name)
{
	bool before = exists(registry, name);
	const char *word = registry->options.remove ? "removed" : before ? "exists" : "created";
	int result = check_name(name);

	if (result == 0 && registry->options.remove)
		result = change_persistent(registry, "-:user_events/", name);
	else if (result == 0 && registry->options.persistent && !before)
		result = change_persistent(registry, "u:", name);
	else if (result == 0)
		result = keep_registered_tracepoint(registry->hold, name);
	if (result < 0) {
		refuse(registry, name, user_events_refusal(-result));
		return;
	}
	registry->held++;
	if (!registry->options.quiet)
		printf("%-8s user_events:%s\n", word, name);
}

static void add_found(void *registry, const char *name)
{
	add(registry, name);
}

static void add_argument(struct registry *registry, const char *argument)
{
	struct evh_tracepoint_name parts;
	char name[EVH_TRACEPOINT_NAME_MAX];
	char provider[EVH_PROVIDER_NAME_MAX];

	if (strchr(argument, '/')) {
		if (schema_tracepoints(argument, add_found, registry) < 0)
			registry->refused++;
	} else if (strlen(argument) >= sizeof(name)) {
		refuse(registry, argument, "too long for a name");
	} else if (evh_tracepoint_name_parse(&parts, argument, strlen(argument)) == 0) {
		add(registry, argument);
	} else if (catalog_provider(argument, provider, sizeof(provider))) {
		for (unsigned i = 0; i < LT_TRACEPOINTS; i++) {
			if (!lt_tracepoint_is_used(i))
				continue;
			lt_tracepoint_name(name, provider, i);
			add(registry, name);
		}
	} else {
		refuse(registry, argument,
		       strpbrk(argument, "*?[")
			       ? "a pattern names nothing that could be created; give a provider's "
				 "name"
			       : "not a provider's name (at most 233 bytes)");
	}
}

/* Until a signal, or until the process behind `pidfd` (-1: none) ends. */
static int wait_for_end(int signals, int pidfd)
{
	struct pollfd ends[2] = { { .fd = signals, .events = POLLIN },
				  { .fd = pidfd, .events = POLLIN } };

	while (poll(ends, 2, -1) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int open_pid(const char *text)
{
	char *end;
	long pid;
	int fd;

	errno = 0;
	pid = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end || pid <= 0 || pid > INT_MAX) {
		cli_error("--until=%s: a process id is a positive number", text);
		return -EINVAL;
	}
	fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	if (fd < 0) {
		cli_error("--until=%s: %s", text, strerror(errno));
		return -errno;
	}
	return fd;
}

static int parse(int argc, char **argv, struct options *options)
{
	static const struct option LONG[] = {
		{ "until", required_argument, NULL, 'u' },
		{ "persistent", no_argument, NULL, 'p' },
		{ "remove", no_argument, NULL, 'r' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int letter;

	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":qhV", LONG, NULL)) != -1) {
		switch (letter) {
		case 'u':
			options->until = optarg;
			break;
		case 'p':
			options->persistent = true;
			break;
		case 'r':
			options->remove = true;
			break;
		case 'q':
			options->quiet = true;
			break;
		case 'h':
			print_help();
			return 1;
		case 'V':
			cli_print_version();
			return 1;
		default:
			cli_bad_option(argv, letter);
			return -EINVAL;
		}
	}
	if (options->persistent + options->remove + (options->until != NULL) > 1) {
		cli_error("--until, --persistent and --remove: choose one");
		return -EINVAL;
	}
	return 0;
}

static int open_registry(struct registry *registry)
{
	int result = keep_registered_open(&registry->hold);

	if (result < 0) {
		cli_error("user_events_data can't be opened (%s): %s", strerror(-result),
			  tracefs_place_advice(-result));
		return result;
	}
	/* Only to tell "created" from "exists"; the registration itself doesn't need it. */
	if (tracefs_place_find(&registry->place) < 0)
		registry->place.path[0] = '\0';
	return 0;
}

static int finish(struct registry *registry, int pidfd)
{
	/* Before anybody is told that we hold them: whoever waits for that may end us at once. */
	int signals = end_signals_open(0);
	int result = signals < 0 ? -errno : 0;

	bool hold =
		registry->held > 0 && !registry->options.persistent && !registry->options.remove;

	if (!registry->options.quiet && hold)
		printf("holding %u tracepoints\n", registry->held);
	if (cli_finish_output() != CLI_OK)
		return CLI_FAILURE;
	if (result == 0 && hold)
		result = wait_for_end(signals, pidfd);
	if (signals >= 0)
		close(signals);
	if (result < 0) {
		cli_error("can't wait: %s", strerror(-result));
		return CLI_FAILURE;
	}
	return registry->refused > 0 ? CLI_FAILURE : CLI_OK;
}

int cmd_register(int argc, char **argv)
{
	struct registry registry = { 0 };
	int pidfd = -1;
	int status;

	status = parse(argc, argv, &registry.options);
	if (status != 0)
		return status > 0 ? cli_finish_output() : CLI_USAGE;
	if (registry.options.until) {
		pidfd = open_pid(registry.options.until);
		if (pidfd < 0)
			return pidfd == -EINVAL ? CLI_USAGE : CLI_FAILURE;
	}
	status = CLI_FAILURE;
	if (open_registry(&registry) == 0) {
		if (optind == argc)
			add_argument(&registry, DEFAULT_PROVIDER);
		for (int i = optind; i < argc; i++)
			add_argument(&registry, argv[i]);
		status = finish(&registry, pidfd);
	}
	keep_registered_close(registry.hold);
	if (pidfd >= 0)
		close(pidfd);
	return status;
}
