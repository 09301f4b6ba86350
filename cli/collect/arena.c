/* SPDX-License-Identifier: MIT */
/* Blocks, one after the other. What is larger than a block gets one of its own. */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)256 << 10)
#define ALIGNMENT  _Alignof(max_align_t)

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(max_align_t) char bytes[];
};

/* The block behind the present one, with room for so much. */
static bool next_block(struct arena *arena, size_t size)
{
	struct arena_block **place = arena->current ? &arena->current->next : &arena->first;

	if (!*place || (*place)->size < size) {
		size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
		struct arena_block *block = malloc(sizeof(*block) + room);

		if (!block)
			return false;
		block->size = room;
		block->next = *place;
		*place = block;
	}
	arena->current = *place;
	arena->used = 0;
	return true;
}

void *arena_take(struct arena *arena, size_t size)
{
	void *memory;

	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if ((!arena->current || arena->current->size - arena->used < size) &&
	    !next_block(arena, size)) {
		arena->failed = true;
		return NULL;
	}
	memory = arena->current->bytes + arena->used;
	arena->used += size;
	arena->total += size;
	return memset(memory, 0, size);
}

void arena_empty(struct arena *arena)
{
	arena->current = NULL;
	arena->used = arena->total = 0;
	arena->failed = false;
}

void arena_free(struct arena *arena)
{
	while (arena->first) {
		struct arena_block *next = arena->first->next;

		free(arena->first);
		arena->first = next;
	}
	arena_empty(arena);
}
