/* SPDX-License-Identifier: MIT */
/* The settings of the machine. Never allocates, prints or fails; see settings_files.h. */
#include "settings_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

#include "raw.h"

/* Of the room, what the names of conf.d's files may take: some hundred names. */
#define NAMES ((size_t)16 << 10)

struct reading {
	long folder;
	char *free; /* where the next file's text goes */
	size_t left;
	lt_settings_visit visit;
	void *data;
};

static long open_in(long folder, const char *name, int flags)
{
	return LT_RAW4(SYS_openat, folder, name, flags | O_CLOEXEC, 0);
}

long lt_settings_files_open(const char *folder)
{
	return open_in(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY);
}

void lt_settings_files_close(long folder)
{
	if (folder >= 0)
		LT_RAW1(SYS_close, folder);
}

bool lt_settings_files_disabled(long folder)
{
	long fd = open_in(folder, "disabled", O_RDONLY);

	if (fd >= 0)
		LT_RAW1(SYS_close, fd);
	return fd >= 0;
}

/* Cuts off the blanks at both ends, in place. */
static char *trimmed(char *begin, char *end)
{
	while (begin < end && strchr(" \t\r", *begin))
		begin++;
	while (end > begin && strchr(" \t\r", end[-1]))
		end--;
	*end = '\0';
	return begin;
}

static void read_line(const struct reading *reading, const char *file, unsigned line, char *begin,
		      char *end)
{
	char *key = trimmed(begin, end);
	char *sign = strchr(key, '=');

	if (!*key || *key == '#')
		return;
	if (!sign) {
		reading->visit(reading->data, file, line, key, NULL);
		return;
	}

	char *value = trimmed(sign + 1, sign + 1 + strlen(sign + 1));

	reading->visit(reading->data, file, line, trimmed(key, sign), value);
}

/* `text` has a NUL behind it. */
static void read_text(const struct reading *reading, const char *file, char *text, size_t size)
{
	unsigned line = 1;

	for (char *begin = text; begin < text + size; line++) {
		char *end = memchr(begin, '\n', (size_t)(text + size - begin));

		if (!end)
			end = text + size;
		read_line(reading, file, line, begin, end);
		begin = end + 1;
	}
}

/* As much of the file as there is room for. */
static size_t fill(const struct reading *reading, long fd)
{
	size_t size = 0;
	long got = 1;

	while (size < reading->left && got > 0) {
		got = LT_RAW3(SYS_read, fd, reading->free + size, reading->left - size);
		if (got == -EINTR)
			got = 1;
		else if (got > 0)
			size += (size_t)got;
	}
	return size;
}

static void read_file(struct reading *reading, long folder, const char *name, const char *file)
{
	long fd = reading->left ? open_in(folder, name, O_RDONLY | O_NONBLOCK) : -ENOSPC;
	size_t size;

	if (fd < 0)
		return;
	size = fill(reading, fd);
	LT_RAW1(SYS_close, fd);
	if (size == reading->left) {
		/* It may be longer: its last line is no whole one, and nothing behind it is read.
		 */
		while (size > 0 && reading->free[size - 1] != '\n')
			size--;
		reading->left = size;
	}
	reading->free[size] = '\0';
	read_text(reading, file, reading->free, size);
	reading->free += size + 1;
	reading->left -= size < reading->left ? size + 1 : size;
}

static bool is_wanted(const char *name)
{
	size_t size = strlen(name);

	return name[0] != '.' && size > 5 && memcmp(name + size - 5, ".conf", 5) == 0;
}

/* The wanted name that comes next behind `last` (NULL: the first), or NULL. */
static const char *next_name(const char *entries, size_t size, const char *last)
{
	const char *found = NULL;

	for (size_t at = 0; at < size;) {
		const struct dirent64 *entry = (const void *)(entries + at);

		if (is_wanted(entry->d_name) && (!last || strcmp(entry->d_name, last) > 0) &&
		    (!found || strcmp(entry->d_name, found) < 0))
			found = entry->d_name;
		at += entry->d_reclen;
	}
	return found;
}

/* The entries that there is room for. */
static size_t list_entries(long folder, char *entries)
{
	size_t size = 0;
	long got = 1;

	while (got > 0) {
		got = LT_RAW3(SYS_getdents64, folder, entries + size, NAMES - size);
		if (got > 0)
			size += (size_t)got;
	}
	return size;
}

static void read_folder(struct reading *reading, char *entries)
{
	long folder = open_in(reading->folder, "conf.d", O_RDONLY | O_DIRECTORY);
	const char *name = NULL;
	size_t size;

	if (folder < 0)
		return;
	size = list_entries(folder, entries);
	while ((name = next_name(entries, size, name))) {
		char file[sizeof("conf.d/") + NAME_MAX] = "conf.d/";

		memcpy(file + sizeof("conf.d/") - 1, name, strlen(name) + 1);
		read_file(reading, folder, name, file);
	}
	LT_RAW1(SYS_close, folder);
}

void lt_settings_files_read(long folder, bool list, char *room, lt_settings_visit visit, void *data)
{
	/* One byte stays for the last file's NUL. */
	struct reading reading = { folder, room + NAMES, LT_SETTINGS_ROOM - NAMES - 1, visit,
				   data };

	read_file(&reading, folder, "system.conf", "system.conf");
	read_file(&reading, folder, "logtap.conf", "logtap.conf");
	if (list)
		read_folder(&reading, room);
}

struct applying {
	struct lt_settings *settings;
	unsigned bad;
};

static void apply(void *data, const char *file, unsigned line, const char *key, const char *value)
{
	struct applying *applying = data;
	const struct lt_setting *setting = value ? lt_setting_find(key) : NULL;

	(void)file;
	(void)line;
	if (!setting || strcmp(key, setting->variable) != 0)
		return;

	unsigned bit = 1U << (setting - lt_setting_table);

	if (lt_setting_apply(setting, applying->settings, value))
		applying->bad |= bit;
	else
		applying->bad &= ~bit;
}

unsigned lt_settings_from_files(struct lt_settings *settings, long folder, bool list, char *room)
{
	struct applying applying = { settings, 0 };

	lt_settings_files_read(folder, list, room, apply, &applying);
	return applying.bad;
}
