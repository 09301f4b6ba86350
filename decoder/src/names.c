/* SPDX-License-Identifier: MIT */
/*
 * A table of names by thread id, with open addressing. Must never grow without bound: ids repeat
 * in a real trace, and in a hostile one the table stops growing at NAMES_MAX.
 */
#include "names.h"

#include <stdlib.h>
#include <string.h>

/* Linux has at most 4 million thread ids (PID_MAX_LIMIT); half a million live ones are plenty. */
#define NAMES_MAX ((size_t)1 << 19)

void names_init(struct names *names)
{
	*names = (struct names){ 0 };
	hash_key_init(&names->key);
}

void names_free(struct names *names)
{
	free(names->entries);
}

static struct name_entry *find(const struct names *names, uint32_t tid)
{
	size_t place = hash_u64(&names->key, tid) & (names->capacity - 1);

	while (names->entries[place].used && names->entries[place].tid != tid)
		place = (place + 1) & (names->capacity - 1);
	return &names->entries[place];
}

static int grow(struct names *names)
{
	struct names larger = *names;

	larger.capacity = names->capacity ? names->capacity * 2 : 256;
	larger.entries = calloc(larger.capacity, sizeof(*larger.entries));
	if (!larger.entries)
		return -1;
	for (size_t i = 0; i < names->capacity; i++) {
		if (names->entries[i].used)
			*find(&larger, names->entries[i].tid) = names->entries[i];
	}
	free(names->entries);
	*names = larger;
	return 0;
}

void names_set(struct names *names, uint32_t tid, const char *name, size_t size)
{
	struct name_entry *entry;

	size = strnlen(name, size);
	if (names->count >= names->capacity / 2 && names->count < NAMES_MAX && grow(names) != 0)
		return;
	if (!names->capacity)
		return;
	entry = find(names, tid);
	if (!entry->used) {
		if (names->count >= NAMES_MAX)
			return;
		names->count++;
		entry->used = 1;
		entry->tid = tid;
	}
	if (size > NAME_SIZE - 1)
		size = NAME_SIZE - 1;
	/* memmove: a parent's name may stand in the same table. */
	memmove(entry->name, name, size);
	entry->name[size] = '\0';
}

void names_inherit(struct names *names, uint32_t tid, uint32_t parent)
{
	const char *name = tid != parent ? names_get(names, parent) : NULL;
	char copy[NAME_SIZE];

	if (!name)
		return;
	memcpy(copy, name, sizeof(copy)); /* names_set may move the table */
	names_set(names, tid, copy, sizeof(copy));
}

const char *names_get(const struct names *names, uint32_t tid)
{
	if (!names->capacity)
		return NULL;

	const struct name_entry *entry = find(names, tid);

	return entry->used ? entry->name : NULL;
}
