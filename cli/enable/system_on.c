/* SPDX-License-Identifier: MIT */
/*
 * `logtap enable --system`: the library in every program of the machine that starts from now on.
 * First everything is tried, then everything but the entry is put in place, then the entry, and
 * then it is tried once more; what is wrong at any point takes all of it off again. Must never
 * write what was not tried, nor change a byte that is somebody else's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "preload_text.h"
#include "system_files.h"
#include "system_on.h"
#include "take_off.h"

static int fails_to_read(const char *path, int error)
{
	cli_error("cannot read %s: %s", path,
		  error == -ELOOP ? "it is a symbolic link, and is left alone" : strerror(-error));
	return CLI_FAILURE;
}

/* The unit's file, where systemd is there to read it; else NULL. */
static const char *find_unit(int root)
{
	static const char *const PLACES[] = { "/etc/systemd/system/" SYSTEM_UNIT,
					      "/usr/local/lib/systemd/system/" SYSTEM_UNIT,
					      "/usr/lib/systemd/system/" SYSTEM_UNIT,
					      "/lib/systemd/system/" SYSTEM_UNIT };

	if (root_exists(root, "/usr/lib/systemd/systemd") != 0 &&
	    root_exists(root, "/lib/systemd/systemd") != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(PLACES) / sizeof(*PLACES); i++)
		if (root_exists(root, PLACES[i]) == 0)
			return PLACES[i];
	return NULL;
}

static int read_list(struct system *system)
{
	int error = root_read(system->root, SYSTEM_LIST, &system->list);
	struct preload_entry entry;

	if (error && error != -ENOENT)
		return fails_to_read(SYSTEM_LIST, error);
	entry = preload_text_find(system->list.bytes, system->list.size);
	if (entry.text && !entry.marked) {
		cli_error("%s has an entry of somebody's own, '%.*s'; take it out first: logtap "
			  "disable --system",
			  SYSTEM_LIST, (int)entry.size, entry.text);
		return CLI_FAILURE;
	}
	return 0;
}

static void said(void *data, const char *path, int result)
{
	(void)data;
	if (result)
		cli_error("cannot change %s: %s", path, strerror(-result));
	else
		cli_error("taken off: %s", path);
}

/*
 * After a power cut the entry is still there, and leads nowhere until the place is made again: what
 * is tried must not meet it.
 */
static int drop_dangling(struct system *system)
{
	struct take_off off = { .root = system->root, .said = said };
	bool found = preload_text_find(system->list.bytes, system->list.size).text != NULL;

	if (!found || system->dry || root_exists(system->root, system->place) == 0)
		return 0;
	take_off_entry(&off);
	free(system->list.bytes);
	system->list = (struct root_text){ 0 };
	return off.failed ? CLI_FAILURE : read_list(system);
}

static int look(struct system *system)
{
	int error;

	if (root_exists(system->root, SYSTEM_DISABLED) == 0) {
		cli_error("%s switches the library off; to have it on again: rm %s",
			  SYSTEM_DISABLED, SYSTEM_DISABLED);
		return CLI_FAILURE;
	}
	error = enable_find_library(system->request, system->library);
	if (!error)
		error = read_list(system);
	if (error)
		return error;
	error = root_read(system->root, SYSTEM_NOTES, &system->notes);
	if (error && error != -ENOENT)
		return fails_to_read(SYSTEM_NOTES, error);
	system->unit = find_unit(system->root);
	system->place = system->unit ? SYSTEM_PLACE : SYSTEM_PLACE_KEPT;
	system->entry = system->unit ? SYSTEM_ENTRY(SYSTEM_PLACE) : SYSTEM_ENTRY(SYSTEM_PLACE_KEPT);
	return drop_dangling(system);
}

/* A library that fails must not stay in anybody's way, whoever put it there. */
static int give_up(struct system *system, const char *why)
{
	struct take_off off = { .root = system->root, .dry = system->dry, .said = said };

	cli_error("%s; not enabled", why);
	if (!off.dry && preload_text_find(system->list.bytes, system->list.size).text)
		take_off_entry(&off);
	return CLI_FAILURE;
}

static int try_loaders(struct system *system)
{
	const struct loaders *loaders = &system->loaders;

	system->loaders.root = system->root;
	if (loaders_find(&system->loaders, system->library) != 0 ||
	    loaders_try(&system->loaders, system->library) != 0)
		return give_up(system, loaders->why);
	for (size_t i = 0; i < loaders->count; i++)
		for (size_t j = 0; j < i; j++)
			if (loaders->list[i].lib[0] &&
			    loaders->list[i].kind != loaders->list[j].kind &&
			    strcmp(loaders->list[i].lib, loaders->list[j].lib) == 0)
				return give_up(system, "two loaders of different ABIs take the "
						       "library from the same folder");
	return 0;
}

static void say_loaders(const struct system *system)
{
	static const char *const WHAT[] = {
		[LOADER_OURS] = "its programs are captured",
		[LOADER_OTHER] = "another ABI: an empty library stands there, its programs are not "
				 "captured",
		[LOADER_UNCONCERNED] = "reads no " SYSTEM_LIST ": its programs are not captured",
		[LOADER_UNRUNNABLE] = "this kernel starts no such programs",
		[LOADER_UNKNOWN] = "could not be tried; its programs may complain of the library",
	};

	for (size_t i = 0; i < system->loaders.count; i++)
		printf("tried: %s: %s\n", system->loaders.list[i].path,
		       WHAT[system->loaders.list[i].kind]);
}

static void take_off(const struct system *system)
{
	struct take_off off = { .root = system->root, .said = said };

	take_off_system(&off);
}

/* As programs will have it from now on. */
static int try_again(struct system *system)
{
	if (loaders_try_list(&system->loaders) == 0)
		return 0;
	cli_error("%s; taking it off again", system->loaders.why);
	take_off(system);
	return CLI_FAILURE;
}

static int put(struct system *system)
{
	sigset_t before;
	int status;

	root_hold_signals(&before);
	status = system_put_notes(system);
	if (!status)
		status = system_put(system);
	/* Nothing half done stays, unless it was there and good before. */
	if (status && !preload_text_find(system->list.bytes, system->list.size).text)
		take_off(system);
	else if (!status)
		status = try_again(system);
	root_take_signals(&before);
	return status;
}

/* So that systemd takes the entry out when the machine goes down. */
static void start_unit(const struct system *system)
{
	static const char *const START[] = { "systemctl", "--no-block", "start", SYSTEM_UNIT,
					     NULL };

	if (system->unit && !system->request->at_boot && enable_has_manager(system->request) &&
	    enable_systemctl(START) != 0)
		cli_error("systemctl start " SYSTEM_UNIT " failed; it is started at the next boot");
}

static void say_result(const struct system *system, bool needed)
{
	say_loaders(system);
	if (system->list.bytes && !(system->list.status.st_mode & 0004))
		puts(SYSTEM_LIST " is not readable by everybody: users' programs do without it");
	if (!needed)
		puts("already enabled for the whole machine");
	else if (system->dry)
		printf("would be enabled: %s by %s\n", system->entry, SYSTEM_LIST);
	else
		printf("enabled for every program that starts from now on: %s in %s%s\n",
		       system->entry, SYSTEM_LIST,
		       system->unit ? ""
				    : "; without systemd and its unit, nothing tries the library "
				      "before the entry counts at the next boot");
}

/* The file, or a word on the kernel's command line. */
static const char *find_switch(const struct system *system)
{
	static const char WORD[] = "logtap.disable";
	char line[4096];
	FILE *file;
	size_t size = 0;

	if (root_exists(system->root, SYSTEM_DISABLED) == 0)
		return SYSTEM_DISABLED;
	file = fopen("/proc/cmdline", "re");
	if (file) {
		size = fread(line, 1, sizeof(line) - 1, file);
		fclose(file);
	}
	line[size] = '\0';
	for (const char *at = line; *at; at += strspn(at, " \n")) {
		size = strcspn(at, " \n");
		if (size == sizeof(WORD) - 1 && memcmp(at, WORD, size) == 0)
			return "logtap.disable on the kernel's command line";
		at += size;
	}
	return NULL;
}

/* At boot that is no failure, and an entry that a power cut left goes. */
static bool is_switched_off(const struct system *system)
{
	struct take_off off = { .root = system->root, .said = said };
	const char *found = system->request->at_boot ? find_switch(system) : NULL;

	if (!found)
		return false;
	printf("switched off by %s\n", found);
	take_off_entry(&off);
	return true;
}

static int enable(struct system *system)
{
	bool needed;
	int status;

	if (is_switched_off(system))
		return cli_finish_output();
	status = look(system);
	if (!status)
		status = try_loaders(system);
	system->dry = true;
	if (!status)
		status = system_put(system);
	if (status)
		return status;
	system->dry = system->request->dry;
	needed = system->changed || !system->notes.bytes || system->request->at_boot;
	if (needed && !system->dry)
		status = put(system);
	if (status)
		return status;
	say_result(system, needed);
	return cli_finish_output();
}

int enable_system(const struct enable_request *request)
{
	struct system *system = calloc(1, sizeof(*system));
	int lock, status, error = root_lock(request->root, 60, &lock);

	if (error || !system) {
		cli_error("cannot have %s/etc for itself: %s", request->root_path,
			  error == -EWOULDBLOCK ? "another logtap enable is at work"
						: strerror(error ? -error : ENOMEM));
		free(system);
		return CLI_FAILURE;
	}
	system->request = request;
	system->root = request->root;
	system->dry = request->dry;
	status = enable(system);
	close(lock);
	if (!status && !request->dry)
		start_unit(system);
	free(system->new_list);
	free(system->list.bytes);
	free(system->notes.bytes);
	free(system);
	return status;
}
