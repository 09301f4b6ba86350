/* SPDX-License-Identifier: MIT */
/* `logtap status --json`: one object on one line, valid whatever names hold. */
#include <stdio.h>
#include <string.h>

#include <evh/json.h>

#include "status.h"
#include "system_files.h"

static void add_sized(struct evh_text *text, const char *key, const char *value, size_t size)
{
	evh_text_puts(text, key);
	evh_json_string(text, value, size);
}

static void add_string(struct evh_text *text, const char *key, const char *value)
{
	add_sized(text, key, value, strlen(value));
}

static void add_boolean(struct evh_text *text, const char *key, bool value)
{
	evh_text_puts(text, key);
	evh_text_puts(text, value ? "true" : "false");
}

static void add_number(struct evh_text *text, const char *key, unsigned long long value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%llu", value);
	evh_text_puts(text, key);
	evh_text_puts(text, digits);
}

/* Who, when, and how each loader was tried. */
static void add_notes(struct evh_text *text, const struct status *status, int root)
{
	static const char *const KEYS[][2] = { { "by", ",\"by\":" },
					       { "at", ",\"at\":" },
					       { "tested", ",\"tested\":" } };
	const char *at = status->notes, *value, *comma = "";
	size_t size;

	for (size_t i = 0; i < sizeof(KEYS) / sizeof(*KEYS); i++)
		if ((value = system_note(&at, KEYS[i][0], &size)))
			add_sized(text, KEYS[i][1], value, size);
	evh_text_puts(text, ",\"loaders\":[");
	while ((value = system_note(&at, "loader", &size))) {
		const char *problem =
			*status->entry ? status_loader_problem(root, status->entry, value, size)
				       : NULL;

		evh_text_puts(text, comma);
		add_sized(text, "{\"tried\":", value, size);
		if (problem)
			add_string(text, ",\"problem\":", problem);
		evh_text_puts(text, "}");
		comma = ",";
	}
	evh_text_puts(text, "]");
}

static void add_system(struct evh_text *text, const struct status *status, int root)
{
	add_boolean(text, "{\"system\":{\"enabled\":", *status->entry != '\0');
	if (*status->entry) {
		add_string(text, ",\"entry\":", status->entry);
		add_boolean(text, ",\"by_hand\":", !status->marked);
		add_boolean(text, ",\"readable\":", status->list_readable);
	}
	if (*status->list_error)
		add_string(text, ",\"error\":", status->list_error);
	add_boolean(text, ",\"others\":", status->foreign);
	add_boolean(text, ",\"at_boot\":", status->at_boot);
	if (status->notes)
		add_notes(text, status, root);
	add_boolean(text, "},\"disabled\":", status->disabled);
}

static void add_units(struct evh_text *text, const struct status *status)
{
	evh_text_puts(text, ",\"services\":[");
	for (size_t i = 0; i < status->unit_count; i++) {
		const char *detail = strchr(status->dropins[i], ',');

		add_string(text, i ? ",{\"unit\":" : "{\"unit\":", status->units[i]);
		if (detail)
			add_string(text, ",\"enabled\":", detail + 1 + (detail[1] == ' '));
		evh_text_puts(text, "}");
	}
	evh_text_puts(text, "]");
}

static void add_build(struct evh_text *text, const struct status_build *build, bool first)
{
	size_t shown = build->count < STATUS_PROCESSES_MAX ? build->count : STATUS_PROCESSES_MAX;

	add_string(text, first ? "{\"path\":" : ",{\"path\":", build->path);
	if (*build->id)
		add_string(text, ",\"build_id\":", build->id);
	add_number(text, ",\"inode\":", build->inode);
	add_boolean(text, ",\"deleted\":", build->deleted);
	add_boolean(text, ",\"current\":", build->current);
	add_number(text, ",\"count\":", build->count);
	evh_text_puts(text, ",\"processes\":[");
	for (size_t i = 0; i < shown; i++) {
		add_number(text,
			   i ? ",{\"pid\":" : "{\"pid\":", (unsigned long long)build->processes[i]);
		add_string(text, ",\"name\":", build->names[i]);
		evh_text_puts(text, "}");
	}
	evh_text_puts(text, "]}");
}

static void add_processes(struct evh_text *text, const struct status_processes *processes)
{
	evh_text_puts(text, ",\"builds\":[");
	for (size_t i = 0; i < processes->build_count; i++)
		add_build(text, &processes->builds[i], i == 0);
	add_number(text, "],\"seen\":", processes->seen);
	add_number(text, ",\"hidden\":", processes->hidden);
}

static void add_denials(struct evh_text *text, const struct status_denials *denials)
{
	size_t shown = denials->count < STATUS_DENIALS_MAX ? denials->count : STATUS_DENIALS_MAX;

	add_number(text, ",\"refused\":{\"count\":", denials->count);
	evh_text_puts(text, ",\"lines\":[");
	for (size_t i = 0; i < shown; i++)
		add_string(text, i ? "," : "", denials->lines[i]);
	evh_text_puts(text, "]");
	if (*denials->unread)
		add_string(text, ",\"not_read\":", denials->unread);
	evh_text_puts(text, "}");
}

void status_print_json(const struct status *status, int root)
{
	struct evh_text text = { 0 };

	add_system(&text, status, root);
	add_units(&text, status);
	if (status->is_here) {
		add_processes(&text, &status->processes);
		add_denials(&text, &status->denials);
	}
	evh_text_puts(&text, "}\n");
	fwrite(text.data, 1, text.size, stdout);
	evh_text_free(&text);
}
