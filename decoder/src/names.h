/* SPDX-License-Identifier: MIT */
/* What each thread's program is called, from COMM and FORK records. */
#ifndef EVH_NAMES_H
#define EVH_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "hash.h"

/* The kernel's names have 15 characters; other recorders may have longer ones. */
#define NAME_SIZE 32

struct name_entry {
	uint32_t tid;
	uint32_t used;
	char name[NAME_SIZE];
};

struct names {
	struct name_entry *entries;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
	struct hash_key key;
};

void names_init(struct names *names);
void names_free(struct names *names);

/* At -ENOMEM, or when there are absurdly many, the name is not kept: it would only be shown. */
void names_set(struct names *names, uint32_t tid, const char *name, size_t size);

/* A new thread has its parent's name until it gets its own. */
void names_inherit(struct names *names, uint32_t tid, uint32_t parent);

/* NULL when it isn't known. */
const char *names_get(const struct names *names, uint32_t tid);

#endif
