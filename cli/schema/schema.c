/* SPDX-License-Identifier: MIT */
/*
 * `logtap schema`: prints the events that programs and libraries hold, without running them. Must
 * never print what a terminal would obey.
 */
#include "schema.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <evh/json.h>
#include <evh/metadata.h>

#include "cli.h"
#include "program.h"
#include "program_events.h"

static void print_help(void)
{
	fputs("Usage: logtap schema [OPTION]... PROGRAM|LIBRARY...\n"
	      "Prints the events that EVH_WRITE (evh/provider.h) left in a program's file: their\n"
	      "tracepoints, names, fields and types. The program is not started. A library that "
	      "it\n"
	      "loads has events of its own: name it as well.\n\n"
	      "  -o, --output=FORM  text (default), or json: one object per event and line\n"
	      "  -h, --help         this help\n"
	      "  -V, --version      the version\n\n"
	      "`logtap register ./PROGRAM` creates the tracepoints. Exit status 1 when a file "
	      "can't\n"
	      "be read or holds no events.\n",
	      stdout);
}

/* Reads the events of a file; says why it can't, or that there are none. */
static int read_events(struct program_events *events, const char *path)
{
	int error = program_events_read(events, path);

	if (error == -ENOEXEC)
		cli_error("%s: is no ELF program or library", path);
	else if (error)
		cli_error("%s: %s", path, strerror(-error));
	else if (!events->count)
		cli_error("%s: holds no events of evh/provider.h, or of another version of it",
			  path);
	if (!error && !events->count)
		program_events_free(events);
	return !error && events->count ? 0 : -1;
}

int schema_tracepoints(const char *path, void (*each)(void *argument, const char *tracepoint),
		       void *argument)
{
	struct program_events events;
	int count = 0;

	if (read_events(&events, path))
		return -1;
	for (size_t i = 0; i < events.count; i++) {
		if (i && strcmp(events.list[i].tracepoint, events.list[i - 1].tracepoint) == 0)
			continue;
		each(argument, events.list[i].tracepoint);
		count++;
	}
	program_events_free(&events);
	return count;
}

/* ---- Text ---- */

static void put_field(struct evh_text *text, const struct evh_item *item)
{
	for (int i = 0; i < item->depth + 2; i++)
		evh_text_puts(text, "    ");
	evh_text_visible(text, item->name.data, item->name.size);
	evh_text_puts(text, "  ");
	evh_metadata_type(text, item);
	if (item->tag) {
		evh_text_puts(text, "  tag ");
		evh_text_u64(text, item->tag);
	}
	evh_text_puts(text, "\n");
}

/* "    Failed  opcode 1  id 7 version 2" */
static void put_front(struct evh_text *text, const struct evh_event *event)
{
	const struct {
		const char *name;
		unsigned value;
	} numbers[] = { { "  opcode ", event->opcode },
			{ "  tag ", event->tag },
			{ "  id ", event->id },
			{ " version ", event->version } };

	evh_text_puts(text, "    ");
	evh_text_visible(text, event->name.data, event->name.size);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!numbers[i].value)
			continue;
		evh_text_puts(text, numbers[i].name);
		evh_text_u64(text, numbers[i].value);
	}
	evh_text_puts(text, "\n");
}

static void put_text(struct evh_text *text, const struct program_event *event, bool new_tracepoint)
{
	struct evh_metadata metadata;
	struct evh_item item;

	if (new_tracepoint) {
		evh_text_visible(text, event->tracepoint, strlen(event->tracepoint));
		evh_text_puts(text, "\n");
	}
	if (!event->bytes || evh_metadata_open(&metadata, event->bytes, event->size))
		return;
	put_front(text, &metadata.event);
	while (evh_metadata_next(&metadata, &item) > 0)
		if (item.kind != EVH_ITEM_STRUCT_END)
			put_field(text, &item);
}

/* ---- JSON ---- */

static void put_string(struct evh_text *text, const char *key, const char *value, size_t size)
{
	evh_text_puts(text, key);
	evh_json_string(text, value, size);
}

static void put_json_fields(struct evh_text *text, struct evh_metadata *metadata)
{
	struct evh_item item;
	bool first = true;

	evh_text_puts(text, ",\"fields\":[");
	while (evh_metadata_next(metadata, &item) > 0) {
		if (item.kind == EVH_ITEM_STRUCT_END) {
			evh_text_puts(text, "]}");
			first = false;
			continue;
		}
		put_string(text, first ? "{\"name\":" : ",{\"name\":", item.name.data,
			   item.name.size);
		if (item.attributes.size)
			put_string(text, ",\"attributes\":", item.attributes.data,
				   item.attributes.size);
		evh_text_puts(text, ",\"type\":\"");
		evh_metadata_type(text, &item);
		evh_text_puts(text, "\"");
		if (item.tag) {
			evh_text_puts(text, ",\"tag\":");
			evh_text_u64(text, item.tag);
		}
		first = item.kind == EVH_ITEM_STRUCT_BEGIN;
		evh_text_puts(text, first ? ",\"fields\":[" : "}");
	}
	evh_text_puts(text, "]");
}

static void put_json(struct evh_text *text, const struct program_event *event)
{
	struct evh_metadata metadata;
	char keyword[32];

	put_string(text, "{\"provider\":", event->tracepoint, event->provider_length);
	if (event->group[0])
		put_string(text, ",\"group\":", event->group, strlen(event->group));
	put_string(text, ",\"tracepoint\":", event->tracepoint, strlen(event->tracepoint));
	evh_text_puts(text, ",\"level\":");
	evh_text_u64(text, event->level);
	snprintf(keyword, sizeof(keyword), ",\"keyword\":\"0x%llx\"",
		 (unsigned long long)event->keyword);
	evh_text_puts(text, keyword);
	if (event->bytes && !evh_metadata_open(&metadata, event->bytes, event->size)) {
		put_string(text, ",\"event\":", metadata.event.name.data, metadata.event.name.size);
		evh_text_puts(text, ",\"opcode\":");
		evh_text_u64(text, metadata.event.opcode);
		if (metadata.event.id) {
			evh_text_puts(text, ",\"id\":");
			evh_text_u64(text, metadata.event.id);
			evh_text_puts(text, ",\"version\":");
			evh_text_u64(text, metadata.event.version);
		}
		if (metadata.event.tag) {
			evh_text_puts(text, ",\"tag\":");
			evh_text_u64(text, metadata.event.tag);
		}
		put_json_fields(text, &metadata);
	}
	evh_text_puts(text, "}\n");
}

static int print_file(const char *argument, bool json)
{
	struct program_events events;
	struct evh_text text = { 0 };
	char path[PATH_MAX];
	int error = 0;

	if (!strchr(argument, '/') && program_find(argument, path, sizeof(path)) == 0)
		argument = path;
	if (read_events(&events, argument))
		return CLI_FAILURE;
	for (size_t i = 0; i < events.count; i++) {
		const struct program_event *event = &events.list[i];

		if (json)
			put_json(&text, event);
		else
			put_text(&text, event,
				 !i || strcmp(event->tracepoint, event[-1].tracepoint) != 0);
	}
	program_events_free(&events);
	error = text.error;
	if (error)
		cli_error("%s: %s", argument, strerror(-error));
	else
		fwrite(text.data, 1, text.size, stdout);
	evh_text_free(&text);
	return error ? CLI_FAILURE : CLI_OK;
}

int cmd_schema(int argc, char **argv)
{
	static const struct option LONG[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	bool json = false;
	int status = CLI_OK;
	int letter;

	opterr = 0;
	while ((letter = getopt_long(argc, argv, ":o:hV", LONG, NULL)) != -1) {
		if (letter == 'h') {
			print_help();
			return cli_finish_output();
		}
		if (letter == 'V')
			return cli_print_version();
		if (letter != 'o') {
			cli_bad_option(argv, letter);
			return CLI_USAGE;
		}
		json = strcmp(optarg, "json") == 0;
		if (!json && strcmp(optarg, "text") != 0) {
			cli_error("--output=%s: is none of text, json", optarg);
			return CLI_USAGE;
		}
	}
	if (optind == argc) {
		cli_error("no program given; see logtap schema --help");
		return CLI_USAGE;
	}
	for (int i = optind; i < argc; i++)
		if (print_file(argv[i], json) != CLI_OK)
			status = CLI_FAILURE;
	return cli_finish_output() == CLI_OK ? status : CLI_FAILURE;
}
