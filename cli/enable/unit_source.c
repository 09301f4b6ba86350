/* SPDX-License-Identifier: MIT */
/*
 * Where the facts of a service come from; see unit_source.h. The manager knows what it runs; where
 * none does (an image, a rescue system, a container), the files are read as it would read them.
 */
#include "unit_source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "root_files.h"
#include "system_files.h"

/* The first one that has a file of a name wins. */
static const char *const FOLDERS[] = {
	"/etc/systemd/system",	  "/run/systemd/transient",	   "/run/systemd/system",
	"/run/systemd/generator", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
	"/lib/systemd/system",
};

#define FOLDER_COUNT (sizeof(FOLDERS) / sizeof(*FOLDERS))
#define DROPINS_MAX  64

/* One unit file or drop-in; ours says nothing about the service. */
static int read_file(struct unit_facts *facts, int root, const char *path)
{
	struct root_text text = { 0 };
	int fd = root_open_file(root, path, O_RDONLY | O_NONBLOCK);
	ssize_t got = 1;

	if (fd < 0)
		return fd;
	text.bytes = malloc(ROOT_FILE_MAX);
	while (text.bytes && text.size < ROOT_FILE_MAX - 1 && got > 0) {
		got = read(fd, text.bytes + text.size, ROOT_FILE_MAX - 1 - text.size);
		text.size += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	if (!text.bytes)
		return -ENOMEM;
	text.bytes[text.size] = '\0';
	if (!system_is_ours(text.bytes))
		unit_facts_read(facts, text.bytes);
	free(text.bytes);
	return 0;
}

static int read_unit(struct unit_facts *facts, int root, const char *unit)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < FOLDER_COUNT; i++) {
		snprintf(path, sizeof(path), "%s/%s", FOLDERS[i], unit);
		if (read_file(facts, root, path) == 0)
			return facts->found ? 0 : -ENOENT; /* a link to /dev/null: masked */
	}
	return -ENOENT;
}

/* Names of drop-ins, each once, and where it was found first. */
struct dropins {
	size_t count;
	struct {
		char name[NAME_MAX + 1];
		char folder[PATH_MAX];
	} list[DROPINS_MAX];
};

static void add_dropin(struct dropins *dropins, const char *folder, const char *name)
{
	size_t size = strlen(name), at = 0;

	if (size < 6 || strcmp(name + size - 5, ".conf") != 0 || dropins->count == DROPINS_MAX)
		return;
	while (at < dropins->count && strcmp(dropins->list[at].name, name) < 0)
		at++;
	if (at < dropins->count && strcmp(dropins->list[at].name, name) == 0)
		return;
	memmove(&dropins->list[at + 1], &dropins->list[at],
		(dropins->count - at) * sizeof(dropins->list[0]));
	snprintf(dropins->list[at].name, sizeof(dropins->list[at].name), "%s", name);
	snprintf(dropins->list[at].folder, sizeof(dropins->list[at].folder), "%s", folder);
	dropins->count++;
}

static void list_dropins(struct dropins *dropins, int root, const char *unit)
{
	for (size_t i = 0; i < FOLDER_COUNT; i++) {
		char folder[PATH_MAX];
		struct dirent *entry;
		DIR *list;
		int fd;

		snprintf(folder, sizeof(folder), "%s/%s.d", FOLDERS[i], unit);
		fd = root_open_file(root, folder, O_RDONLY | O_DIRECTORY);
		list = fd < 0 ? NULL : fdopendir(fd);
		if (!list && fd >= 0)
			close(fd);
		while (list && (entry = readdir(list)))
			add_dropin(dropins, folder, entry->d_name);
		if (list)
			closedir(list);
	}
}

/* "name@.service" of "name@instance.service"; empty where it is none. */
static void name_template(char *template, size_t size, const char *unit)
{
	const char *at = strchr(unit, '@');

	template[0] = '\0';
	if (at)
		snprintf(template, size, "%.*s@.service", (int)(at - unit), unit);
}

static int read_files(struct unit_facts *facts, int root, const char *unit)
{
	struct dropins *dropins = calloc(1, sizeof(*dropins));
	char template[NAME_MAX + 1], path[2 * PATH_MAX];
	int error = dropins ? read_unit(facts, root, unit) : -ENOMEM;

	name_template(template, sizeof(template), unit);
	if (error == -ENOENT && *template)
		error = read_unit(facts, root, template);
	if (!error) {
		list_dropins(dropins, root, unit);
		if (*template)
			list_dropins(dropins, root, template);
		list_dropins(dropins, root, "service");
	}
	for (size_t i = 0; !error && i < dropins->count; i++) {
		snprintf(path, sizeof(path), "%s/%s", dropins->list[i].folder,
			 dropins->list[i].name);
		read_file(facts, root, path);
	}
	free(dropins);
	return error;
}

/* All that a program writes to stdout; NULL where it can't be had or the program failed. */
static char *read_program(char *const *argv)
{
	posix_spawn_file_actions_t actions;
	char *text = malloc(ROOT_FILE_MAX);
	size_t size = 0;
	ssize_t got = 1;
	int ends[2], status = -1;
	pid_t pid;

	if (!text || pipe2(ends, O_CLOEXEC) != 0) {
		free(text);
		return NULL;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	while (pid > 0 && size < ROOT_FILE_MAX - 1 && got > 0) {
		got = read(ends[0], text + size, ROOT_FILE_MAX - 1 - size);
		size += got > 0 ? (size_t)got : 0;
	}
	close(ends[0]);
	text[size] = '\0';
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0 || status != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static int ask_manager(struct unit_facts *facts, const char *unit)
{
	char property[1024] = "--property=";
	char program[] = "systemctl", verb[] = "show", end[] = "--", name[NAME_MAX + 1];
	char *const argv[] = { program, verb, property, end, name, NULL };
	char *text;

	for (size_t i = 0; unit_facts_keys[i]; i++) {
		size_t size = strlen(property);

		snprintf(property + size, sizeof(property) - size, "%s%s", i ? "," : "",
			 unit_facts_keys[i]);
	}
	snprintf(name, sizeof(name), "%s", unit);
	text = read_program(argv);
	if (!text)
		return -ENOTCONN;
	unit_facts_read_shown(facts, text);
	free(text);
	return facts->found ? 0 : -ENOENT;
}

int unit_source_read(struct unit_facts *facts, const struct enable_request *request,
		     const char *unit)
{
	int error = -ENOTCONN;

	memset(facts, 0, sizeof(*facts));
	if (enable_has_manager(request))
		error = ask_manager(facts, unit);
	if (error != -ENOTCONN)
		return error;
	memset(facts, 0, sizeof(*facts));
	return read_files(facts, request->root, unit);
}

const char *unit_source_overrides(const struct unit_facts *facts,
				  const struct enable_request *request)
{
	for (size_t i = 0; i < facts->file_count; i++) {
		struct root_text text;
		const char *line;
		bool found = false;

		if (facts->files[i][0] != '/' || strchr(facts->files[i], '%') ||
		    root_read(request->root, facts->files[i], &text) != 0)
			continue;
		for (line = text.bytes; line && !found; line = strchr(line, '\n')) {
			line += strspn(line, " \t\n");
			found = strncmp(line, "LD_PRELOAD=", 11) == 0;
		}
		free(text.bytes);
		if (found)
			return facts->files[i];
	}
	return NULL;
}
