/* SPDX-License-Identifier: MIT */
/* Taking off what `logtap enable` put on; see take_off.h. */
#include "take_off.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "root_files.h"
#include "system_files.h"

static void say(struct take_off *off, const char *path, int result)
{
	if (result == -ENOENT || result == -ENOTDIR)
		return;
	off->done += result == 0;
	off->failed += result != 0;
	off->said(off->data, path, result);
}

/* The loader's list without our entry; nothing else of it changes. */
static int cut_list(const struct take_off *off)
{
	struct root_text text;
	bool gone;
	char *new;
	int error = root_read(off->root, SYSTEM_LIST, &text);

	if (error)
		return error;
	new = malloc(text.size + 1);
	if (!new) {
		error = -ENOMEM;
	} else if (!preload_text_find(text.bytes, text.size).text) {
		error = -ENOENT;
	} else if (!off->dry) {
		size_t size = preload_text_remove(text.bytes, text.size, new, &gone);

		error = gone ? root_remove(off->root, SYSTEM_LIST)
			     : root_replace(off->root, SYSTEM_LIST, new, size, &text, 0644);
	}
	free(new);
	free(text.bytes);
	return error;
}

static void remove_tree(struct take_off *off, const char *path)
{
	say(off, path, off->dry ? root_exists(off->root, path) : root_remove_tree(off->root, path));
}

void take_off_entry(struct take_off *off)
{
	/* For programs that have just read the list and open the library now. */
	const struct timespec moment = { 0, 100000000 };
	int result = cut_list(off);

	say(off, SYSTEM_LIST, result);
	/* An entry that leads nowhere would make every loader complain. */
	if (result && result != -ENOENT)
		return;
	if (!result && !off->dry)
		nanosleep(&moment, NULL);
	remove_tree(off, SYSTEM_PLACE_TRIAL);
	remove_tree(off, SYSTEM_PLACE);
}

/* A file of ours; somebody else's by that name stays. */
static int remove_ours(const struct take_off *off, const char *path)
{
	struct root_text text;
	int error = root_read(off->root, path, &text);

	if (error)
		return error;
	if (!system_is_ours(text.bytes))
		error = -ENOENT;
	else if (!off->dry)
		error = root_remove(off->root, path);
	free(text.bytes);
	return error;
}

/* Folders that were made, the last one first. The notes are shortened as it goes. */
static void remove_made(const struct take_off *off, char *notes)
{
	for (;;) {
		const char *at = notes, *value, *last = NULL;
		size_t size, last_size = 0;
		char path[PATH_MAX];

		while ((value = system_note(&at, "made", &size))) {
			last = value;
			last_size = size;
		}
		if (!last || last_size >= sizeof(path))
			return;
		memcpy(path, last, last_size);
		path[last_size] = '\0';
		/* The notes' own folder goes with them. */
		if (strcmp(path, SYSTEM_NOTES_FOLDER) != 0)
			root_remove_folder(off->root, path);
		*(notes + (last - notes) - 1) = ' '; /* no `made=` any more */
	}
}

static void remove_notes(struct take_off *off)
{
	struct root_text notes;
	int error = root_read(off->root, SYSTEM_NOTES, &notes);

	if (!error && !off->dry) {
		remove_made(off, notes.bytes);
		error = root_remove(off->root, SYSTEM_NOTES);
	}
	free(notes.bytes);
	say(off, SYSTEM_NOTES, error);
	if (!off->dry)
		root_remove_folder(off->root, SYSTEM_NOTES_FOLDER);
}

static int remove_link(const struct take_off *off, const char *path)
{
	int fd = root_open_file(off->root, path, O_PATH | O_NOFOLLOW);

	if (fd < 0)
		return fd;
	close(fd);
	return off->dry ? 0 : root_remove(off->root, path);
}

static void forget_writers(const struct take_off *off)
{
	static const char *const PATHS[] = { SYSTEM_LIST,  SYSTEM_UNIT_LINK, SYSTEM_DENIED,
					     SYSTEM_NOTES, SYSTEM_APPARMOR,  SYSTEM_DISABLED };

	for (size_t i = 0; !off->dry && i < sizeof(PATHS) / sizeof(*PATHS); i++)
		root_forget_writer(off->root, PATHS[i]);
}

void take_off_system(struct take_off *off)
{
	unsigned failed = off->failed;

	forget_writers(off);
	take_off_entry(off);
	if (off->failed != failed)
		return;
	remove_tree(off, SYSTEM_PLACE_KEPT);
	say(off, SYSTEM_UNIT_LINK, remove_link(off, SYSTEM_UNIT_LINK));
	say(off, SYSTEM_DENIED, remove_ours(off, SYSTEM_DENIED));
	say(off, SYSTEM_APPARMOR, remove_ours(off, SYSTEM_APPARMOR));
	/* What could not be removed is found by the notes the next time. */
	if (off->failed == failed)
		remove_notes(off);
}

void take_off_unit(struct take_off *off, const char *unit)
{
	char folder[PATH_MAX], path[PATH_MAX];
	struct root_text text;
	bool made;
	int size = snprintf(folder, sizeof(folder), "%s/%s.d", UNIT_DROPINS, unit);
	int error;

	if ((size_t)size >= sizeof(folder) - sizeof(UNIT_DROPIN))
		return;
	snprintf(path, sizeof(path), "%.*s/%s", size, folder, UNIT_DROPIN);
	error = root_read(off->root, path, &text);
	if (!error && !system_is_ours(text.bytes))
		error = -ENOENT;
	made = !error && strstr(text.bytes, UNIT_MADE_FOLDER);
	if (!off->dry)
		root_forget_writer(off->root, path);
	free(text.bytes);
	if (!error && !off->dry) {
		error = root_remove(off->root, path);
		if (!error && made)
			root_remove_folder(off->root, folder);
	}
	say(off, path, error);
}

static bool has_dropin(int root, const char *unit)
{
	char path[PATH_MAX];
	struct root_text text;
	int size = snprintf(path, sizeof(path), "%s/%s.d/%s", UNIT_DROPINS, unit, UNIT_DROPIN);
	bool ours;

	if ((size_t)size >= sizeof(path) || root_read(root, path, &text) != 0)
		return false;
	ours = system_is_ours(text.bytes);
	free(text.bytes);
	return ours;
}

int take_off_each_unit(int root, unit_visit visit, void *data)
{
	int fd = root_open_file(root, UNIT_DROPINS, O_RDONLY | O_DIRECTORY);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (fd < 0)
		return fd;
	if (!list) {
		close(fd);
		return -ENOMEM;
	}
	while ((entry = readdir(list))) {
		size_t size = strlen(entry->d_name);
		char unit[NAME_MAX + 1];

		if (size < sizeof(".service.d") ||
		    strcmp(entry->d_name + size - 10, ".service.d") != 0)
			continue;
		snprintf(unit, sizeof(unit), "%.*s", (int)size - 2, entry->d_name);
		if (has_dropin(root, unit))
			visit(data, unit);
	}
	closedir(list);
	return 0;
}

static void visit_unit(void *data, const char *unit)
{
	take_off_unit(data, unit);
}

void take_off_units(struct take_off *off)
{
	int error = take_off_each_unit(off->root, visit_unit, off);

	if (error)
		say(off, UNIT_DROPINS, error);
}

void take_off_switch(struct take_off *off)
{
	static const char TEXT[] = "By logtap-disable: while this file is here, the library does "
				   "nothing.\n";
	int error;

	if (root_exists(off->root, SYSTEM_DISABLED) == 0)
		return;
	error = off->dry ? 0 : root_make_folder(off->root, "/etc/logtap");
	if (!off->dry && (!error || error == -EEXIST))
		error = root_replace(off->root, SYSTEM_DISABLED, TEXT, sizeof(TEXT) - 1, NULL,
				     0644);
	say(off, SYSTEM_DISABLED, error);
}
