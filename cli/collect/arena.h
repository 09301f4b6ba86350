/* SPDX-License-Identifier: MIT */
/* Memory for all that belongs to one batch, given back at once. */
#ifndef LOGTAP_ARENA_H
#define LOGTAP_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *first, *current;
	size_t used;  /* bytes of the present block */
	size_t total; /* bytes given out since it was emptied */
	bool failed;  /* there was no memory at some time since then */
};

/* Zeroed memory, aligned for anything; NULL: there is none, and arena->failed. */
void *arena_take(struct arena *arena, size_t size);

/* Takes all back; the memory stays for the next batch. */
void arena_empty(struct arena *arena);

void arena_free(struct arena *arena);

#endif
