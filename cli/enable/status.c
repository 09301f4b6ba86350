/* SPDX-License-Identifier: MIT */
/*
 * `logtap status`: what is enabled, by whom, tried how, and what runs with it. Reads only; works
 * without root, and says what it could not see then.
 */
#include "status.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "enable.h"
#include "launch.h"
#include "preload_text.h"
#include "root_files.h"
#include "system_files.h"
#include "take_off.h"

static void print_help(void)
{
	fputs("Usage: logtap status [OPTION]...\n"
	      "What `logtap enable` put on this machine, how it was tried, which programs have "
	      "the\n"
	      "library in them and which build of it, and what security modules refused.\n\n"
	      "      --json      one object instead of lines\n"
	      "      --root=DIR  below this folder, as systemctl's\n"
	      "  -h, --help      this help\n"
	      "  -V, --version   the version\n\n"
	      "Exit status: 0 when what is enabled leads where it should, 1 when not.\n",
	      stdout);
}

struct asked {
	const char *root;
	bool json;
};

/* As parse() of enable: -1 when help or the version was printed. */
static int parse(struct asked *asked, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "root", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":hV", options, NULL)) != -1) {
		switch (option) {
		case 'j':
			asked->json = true;
			break;
		case 'r':
			asked->root = optarg;
			break;
		case 'h':
			print_help();
			return -1;
		case 'V':
			cli_print_version();
			return -1;
		default:
			cli_bad_option(argv, option);
			return CLI_USAGE;
		}
	}
	if (optind == argc)
		return 0;
	cli_error("unexpected argument '%s'; see logtap status --help", argv[optind]);
	return CLI_USAGE;
}

/* Whether anything but our entries is in the list. */
static bool is_foreign(const struct root_text *list)
{
	char *rest = malloc(list->size + 1);
	size_t size, left = 0;
	bool gone;

	if (!rest)
		return false;
	size = preload_text_remove(list->bytes, list->size, rest, &gone);
	for (size_t i = 0; i < size; i++)
		left += rest[i] != ' ' && rest[i] != '\n' && rest[i] != '\t' && rest[i] != ':';
	free(rest);
	return left > 0;
}

static void look_at_list(struct status *status, int root)
{
	struct preload_entry entry;
	struct root_text list;
	int error = root_read(root, SYSTEM_LIST, &list);

	if (error && error != -ENOENT)
		snprintf(status->list_error, sizeof(status->list_error), "%s",
			 error == -ELOOP ? "it is a symbolic link" : strerror(-error));
	if (error)
		return;
	entry = preload_text_find(list.bytes, list.size);
	if (entry.text)
		snprintf(status->entry, sizeof(status->entry), "%.*s", (int)entry.size, entry.text);
	status->marked = entry.marked;
	status->foreign = is_foreign(&list);
	status->list_readable = (list.status.st_mode & 0004) != 0;
	free(list.bytes);
}

struct looking {
	struct status *status;
	int root;
};

static void look_at_unit(void *data, const char *unit)
{
	struct looking *looking = data;
	struct status *status = looking->status;
	char path[PATH_MAX];
	struct root_text text;

	snprintf(path, sizeof(path), "%s/%s.d/%s", UNIT_DROPINS, unit, UNIT_DROPIN);
	if (status->unit_count == STATUS_UNITS_MAX || root_read(looking->root, path, &text) != 0)
		return;
	text.bytes[strcspn(text.bytes, "\n")] = '\0';
	status->units[status->unit_count] = strdup(unit);
	status->dropins[status->unit_count++] = text.bytes;
}

static bool is_good(const struct status *status, int root)
{
	const char *at = status->notes, *line;
	size_t size;

	if (*status->list_error || (*status->entry && !status->list_readable))
		return false;
	if (!*status->entry)
		return !status->notes;
	if (!strstr(status->entry, "$LIB") && root_exists(root, status->entry) != 0)
		return false;
	while (at && (line = system_note(&at, "loader", &size)))
		if (status_loader_problem(root, status->entry, line, size))
			return false;
	return true;
}

static void find_out(struct status *status, const struct enable_request *request)
{
	struct looking looking = { status, request->root };
	char library[PATH_MAX];
	struct root_text notes;

	status->is_here = request->is_here;
	status->disabled = root_exists(request->root, SYSTEM_DISABLED) == 0;
	status->at_boot = root_exists(request->root, SYSTEM_UNIT_LINK) == 0;
	look_at_list(status, request->root);
	if (root_read(request->root, SYSTEM_NOTES, &notes) == 0)
		status->notes = notes.bytes;
	take_off_each_unit(request->root, look_at_unit, &looking);
	if (!request->is_here)
		return;
	status_find_processes(&status->processes,
			      launch_find_library(library) == 0 ? library : NULL);
	status_find_denials(&status->denials);
}

int cmd_status(int argc, char **argv)
{
	struct asked asked = { "/", false };
	struct enable_request request = { 0 };
	struct status *status;
	int result = parse(&asked, argc, argv);
	bool good;

	if (result)
		return result < 0 ? cli_finish_output() : result;
	request.root_path = asked.root;
	result = enable_open_root(&request);
	if (result)
		return result;
	status = calloc(1, sizeof(*status));
	if (!status) {
		cli_error("out of memory");
		return CLI_FAILURE;
	}
	find_out(status, &request);
	if (asked.json)
		status_print_json(status, request.root);
	else
		status_print_text(status, request.root);
	good = is_good(status, request.root);
	for (size_t i = 0; i < status->unit_count; i++) {
		free(status->units[i]);
		free(status->dropins[i]);
	}
	free(status->notes);
	free(status);
	return cli_finish_output() != CLI_OK || !good ? CLI_FAILURE : CLI_OK;
}
