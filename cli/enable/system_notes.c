/* SPDX-License-Identifier: MIT */
/* The notes of `logtap enable --system`: who, when, how it was tried, and which folders were made.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "system_files.h"
#include "system_on.h"

#define NOTES_ROOM 8192

static void describe(const struct loader *loader, char *text, size_t size)
{
	switch (loader->kind) {
	case LOADER_OURS:
		snprintf(text, size, "%s %s library", loader->path, loader->lib);
		break;
	case LOADER_OTHER:
		snprintf(text, size, "%s %s empty", loader->path, loader->lib);
		break;
	case LOADER_UNCONCERNED:
		snprintf(text, size, "%s - unconcerned", loader->path);
		break;
	case LOADER_UNRUNNABLE:
		snprintf(text, size, "%s - unrunnable", loader->path);
		break;
	default:
		snprintf(text, size, "%s - unknown", loader->path);
	}
}

static void add_note(char *notes, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add_note(char *notes, const char *format, ...)
{
	size_t size = strlen(notes);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(notes + size, NOTES_ROOM - size, format, arguments);
	va_end(arguments);
}

static bool is_noted(const char *notes, const char *key, const char *wanted)
{
	const char *value;
	size_t size;

	while (notes && (value = system_note(&notes, key, &size)))
		if (size == strlen(wanted) && memcmp(value, wanted, size) == 0)
			return true;
	return false;
}

/* What an earlier run noted under this key stays as it is. */
static bool keep_note(char *notes, const struct system *system, const char *key)
{
	const char *at = system->notes.bytes, *value;
	bool found = false;
	size_t size;

	while (at && (value = system_note(&at, key, &size))) {
		add_note(notes, "%s=%.*s\n", key, (int)size, value);
		found = true;
	}
	return found;
}

/* Each folder that is not there, before it is made: so that it is known whose it is. */
static void note_folders(char *notes, const struct system *system)
{
	static const char *const FOLDERS[] = { "/etc/logtap", SYSTEM_WANTS,
					       SYSTEM_APPARMOR_FOLDER };

	if (root_exists(system->root, SYSTEM_NOTES_FOLDER) != 0 &&
	    !is_noted(system->notes.bytes, "made", SYSTEM_NOTES_FOLDER))
		add_note(notes, "made=%s\n", SYSTEM_NOTES_FOLDER);
	for (size_t i = 0; i < sizeof(FOLDERS) / sizeof(*FOLDERS); i++)
		if (root_exists(system->root, FOLDERS[i]) != 0 &&
		    !is_noted(system->notes.bytes, "made", FOLDERS[i]))
			add_note(notes, "made=%s\n", FOLDERS[i]);
	keep_note(notes, system, "made");
}

static void write_notes(char *notes, const struct system *system)
{
	char when[32], who[128], what[256];

	notes[0] = '\0';
	enable_when(when);
	enable_who(who, sizeof(who));
	add_note(notes, "%s --system\nentry=%s\n", SYSTEM_MARK, system->entry);
	if (!keep_note(notes, system, "by"))
		add_note(notes, "by=%s\n", who);
	if (!keep_note(notes, system, "at"))
		add_note(notes, "at=%s\n", when);
	add_note(notes, "tested=%s%s\n", when, system->request->at_boot ? " at boot" : "");
	for (size_t i = 0; i < system->loaders.count; i++) {
		describe(&system->loaders.list[i], what, sizeof(what));
		add_note(notes, "loader=%s\n", what);
	}
	note_folders(notes, system);
}

int system_put_notes(struct system *system)
{
	char notes[NOTES_ROOM];
	int error;

	write_notes(notes, system);
	error = root_exists(system->root, SYSTEM_NOTES_FOLDER) == 0
			? 0
			: root_make_folder(system->root, SYSTEM_NOTES_FOLDER);
	if (!error)
		error = root_replace(system->root, SYSTEM_NOTES, notes, strlen(notes), NULL, 0644);
	if (!error)
		return 0;
	cli_error("cannot write %s: %s; not enabled", SYSTEM_NOTES, strerror(-error));
	return CLI_FAILURE;
}
