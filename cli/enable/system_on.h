/* SPDX-License-Identifier: MIT */
/* What the parts of `logtap enable --system` share: what was found, and what is to be written. */
#ifndef LOGTAP_SYSTEM_ON_H
#define LOGTAP_SYSTEM_ON_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "enable.h"
#include "loaders.h"
#include "root_files.h"

struct system {
	const struct enable_request *request;
	int root;
	bool dry;
	char library[PATH_MAX];
	const char *place, *entry;
	const char *unit; /* what sets the entry at boot, or NULL */
	struct loaders loaders;
	struct root_text list;	/* as it was found */
	struct root_text notes; /* the same */
	char *new_list;		/* NULL: it is as it should be */
	size_t new_size;
	bool changed; /* something was not as it should be */
};

/*
 * Puts in place, or where `dry` is set only looks for, what is not as it should be: everything but
 * the notes, the entry last. CLI_FAILURE with the line printed, or 0.
 */
int system_put(struct system *system);

/* Writes the notes, what earlier ones say of who and when and of folders kept. As above. */
int system_put_notes(struct system *system);

#endif
