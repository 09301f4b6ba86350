/* SPDX-License-Identifier: MIT */
/*
 * What `logtap enable --system` puts in place, each step by itself: looked at first, written only
 * where it differs. Must leave files alone that are somebody else's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "denied.h"
#include "preload_text.h"
#include "system_files.h"
#include "system_on.h"

__asm__(".pushsection .rodata\n"
	".global logtap_apparmor\n"
	".hidden logtap_apparmor\n"
	"logtap_apparmor:\n"
	".incbin \"" LOGTAP_APPARMOR "\"\n"
	".global logtap_apparmor_end\n"
	".hidden logtap_apparmor_end\n"
	"logtap_apparmor_end:\n"
	".popsection\n");

extern const char logtap_apparmor[];
extern const char logtap_apparmor_end[];

/* A file that is to have this text; one that is no file of ours is left alone. */
static int put_text(struct system *system, const char *path, const char *text, size_t size)
{
	struct root_text present;
	int error = root_read(system->root, path, &present);
	bool same = !error && present.size == size && memcmp(present.bytes, text, size) == 0;
	bool theirs = !error && !system_is_ours(present.bytes);

	free(present.bytes);
	if (error && error != -ENOENT)
		return error;
	if (same || theirs)
		return 0;
	system->changed = true;
	return system->dry ? 0 : root_replace(system->root, path, text, size, NULL, 0644);
}

static int make_folder(struct system *system, const char *path)
{
	int error = root_exists(system->root, path) == 0 ? -EEXIST
		    : system->dry			 ? 0
							 : root_make_folder(system->root, path);

	return error == -EEXIST ? 0 : error;
}

static int put_denied(struct system *system)
{
	char text[4096];
	int error = make_folder(system, "/etc/logtap");

	return error ? error
		     : put_text(system, SYSTEM_DENIED, text, denied_text(text, sizeof(text)));
}

static int put_apparmor(struct system *system)
{
	int error;

	if (root_exists(system->root, "/etc/apparmor.d/abstractions/base") != 0)
		return 0;
	error = make_folder(system, SYSTEM_APPARMOR_FOLDER);
	if (error)
		return error;
	return put_text(system, SYSTEM_APPARMOR, logtap_apparmor,
			(size_t)(logtap_apparmor_end - logtap_apparmor));
}

static int put_unit_link(struct system *system)
{
	int error;

	if (!system->unit || root_exists(system->root, SYSTEM_UNIT_LINK) == 0)
		return 0;
	system->changed = true;
	error = make_folder(system, SYSTEM_WANTS);
	if (error || system->dry)
		return error;
	return root_link(system->root, SYSTEM_UNIT_LINK, system->unit);
}

/* The list as it should be, where it isn't. */
static int plan_list(struct system *system)
{
	const struct root_text *list = &system->list;
	struct preload_entry entry = preload_text_find(list->bytes, list->size);
	bool exists = list->bytes != NULL, gone = false;
	size_t size = list->size;
	char *rest;

	if (entry.text && entry.size == strlen(system->entry) &&
	    memcmp(entry.text, system->entry, entry.size) == 0)
		return 0;
	rest = malloc(list->size + 1);
	system->new_list = malloc(list->size + strlen(system->entry) + PRELOAD_TEXT_ROOM);
	if (!rest || !system->new_list) {
		free(rest);
		return -ENOMEM;
	}
	if (exists)
		memcpy(rest, list->bytes, size);
	/* An entry of ours that leads elsewhere. */
	if (entry.text)
		size = preload_text_remove(list->bytes, list->size, rest, &gone);
	system->new_size =
		preload_text_add(rest, size, exists && !gone, system->entry, system->new_list);
	system->changed = true;
	free(rest);
	return 0;
}

static int put_list(struct system *system)
{
	int error = system->new_list ? 0 : plan_list(system);

	if (error || !system->new_list || system->dry)
		return error;
	return root_replace(system->root, SYSTEM_LIST, system->new_list, system->new_size,
			    &system->list, 0644);
}

struct step {
	const char *path;
	int (*put)(struct system *system);
};

static int put_place(struct system *system)
{
	return loaders_make_place(&system->loaders, system->place, system->library, system->dry,
				  &system->changed);
}

/* The entry last: what it leads to is there by then. */
static const struct step STEPS[] = {
	{ SYSTEM_DENIED, put_denied },
	{ SYSTEM_APPARMOR, put_apparmor },
	{ "the folder of links", put_place },
	{ SYSTEM_UNIT_LINK, put_unit_link },
	{ SYSTEM_LIST, put_list },
};

int system_put(struct system *system)
{
	for (size_t i = 0; i < sizeof(STEPS) / sizeof(*STEPS); i++) {
		int error = STEPS[i].put(system);

		if (!error)
			continue;
		cli_error("cannot change %s: %s; not enabled", STEPS[i].path, strerror(-error));
		return CLI_FAILURE;
	}
	return 0;
}
