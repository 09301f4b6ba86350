/* SPDX-License-Identifier: MIT */
/*
 * The loaders of a root: which of them read /etc/ld.so.preload, and what $LIB means to each. The
 * second is found out by trial, because every distribution and every package of a second ABI has an
 * answer of its own.
 */
#ifndef LOGTAP_LOADERS_H
#define LOGTAP_LOADERS_H

#include <stdbool.h>
#include <stddef.h>

#include "elf_made.h"

#define LOADERS_MAX 16

enum loader_kind {
	LOADER_OURS,	    /* of the library's own ABI */
	LOADER_OTHER,	    /* of another: an empty library stands there */
	LOADER_UNCONCERNED, /* doesn't read /etc/ld.so.preload: musl's */
	LOADER_UNRUNNABLE,  /* this kernel starts no such programs */
	LOADER_UNKNOWN,	    /* nothing can be made for its machine */
};

struct loader {
	enum loader_kind kind;
	char path[96];
	char lib[48]; /* what $LIB is; LOADER_OURS, LOADER_OTHER */
	struct elf_abi abi;
};

struct loaders {
	int root;
	size_t count;
	struct loader list[LOADERS_MAX];
	char why[768]; /* what went wrong, as a sentence without its end */
};

/* Finds the loaders; the library, which is below the root, says which ABI is ours. 0 or -EINVAL. */
int loaders_find(struct loaders *loaders, const char *library);

/*
 * Tries each with an empty library, or the real one, in a folder of its own that goes away again,
 * and then the usual programs. 0, or -EINVAL with `why`.
 */
int loaders_try(struct loaders *loaders, const char *library);

/* Tries each, and the usual programs, as the root's own list has it. */
int loaders_try_list(struct loaders *loaders);

/*
 * Makes what stands at `place`/$LIB for a loader: a link to the library, or an empty one. changed:
 * set where it wasn't there already. 0 or a negative errno.
 */
int loaders_make_place(const struct loaders *loaders, const char *place, const char *library,
		       bool dry, bool *changed);

#endif
