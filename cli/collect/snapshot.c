/* SPDX-License-Identifier: MIT */
/*
 * A ring of entries of any size, each in one piece. Must never allocate once it is there: it is for
 * machines on which nothing may be written until something has gone wrong.
 */
#include "snapshot.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Behind it stand the tracepoint's name, the program's, and the event. */
struct entry {
	uint32_t size; /* all of it; 0: the next one stands at the beginning */
	uint32_t lost; /* not 0: so many events did not arrive, and it has nothing else */
	struct evh_origin origin;
	uint32_t event_size;
	uint16_t name_size, program_size; /* with their terminators */
};

struct snapshot {
	size_t room;
	size_t first; /* the oldest entry */
	size_t next;  /* where the next one goes */
	size_t count;
	_Alignas(struct entry) char bytes[];
};

#define ALIGNMENT _Alignof(struct entry)

struct snapshot *snapshot_create(size_t size)
{
	struct snapshot *snapshot = malloc(sizeof(*snapshot) + size);

	if (!snapshot)
		return NULL;
	*snapshot = (struct snapshot){ .room = size & ~(ALIGNMENT - 1) };
	/* What isn't there is told now, and not when it is needed. */
	memset(snapshot->bytes, 0, size);
	return snapshot;
}

void snapshot_destroy(struct snapshot *snapshot)
{
	free(snapshot);
}

/* The entry at this place, which is moved to the beginning where there is none behind it. */
static const struct entry *entry_at(const struct snapshot *snapshot, size_t *place)
{
	const struct entry *entry = (const struct entry *)(snapshot->bytes + *place);

	if (snapshot->room - *place >= sizeof(*entry) && entry->size)
		return entry;
	*place = 0;
	return (const struct entry *)snapshot->bytes;
}

static void drop_oldest(struct snapshot *snapshot)
{
	snapshot->first += entry_at(snapshot, &snapshot->first)->size;
	if (--snapshot->count)
		entry_at(snapshot, &snapshot->first);
}

/* Whether `size` bytes at `next` are free of entries. */
static bool is_free(const struct snapshot *snapshot, size_t size)
{
	return !snapshot->count || snapshot->first < snapshot->next ||
	       snapshot->first >= snapshot->next + size;
}

/* Room for an entry of this size; NULL: it is larger than the whole. */
static struct entry *make_room(struct snapshot *snapshot, size_t size)
{
	struct entry *entry;

	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (size > snapshot->room)
		return NULL;
	if (snapshot->room - snapshot->next < size) {
		/* All that stands behind is older than what will stand at the beginning. */
		while (snapshot->count && snapshot->first >= snapshot->next)
			drop_oldest(snapshot);
		if (snapshot->room - snapshot->next >= sizeof(*entry))
			((struct entry *)(snapshot->bytes + snapshot->next))->size = 0;
		snapshot->next = 0;
	}
	while (!is_free(snapshot, size))
		drop_oldest(snapshot);
	if (!snapshot->count)
		snapshot->first = snapshot->next;
	entry = (struct entry *)(snapshot->bytes + snapshot->next);
	entry->size = (uint32_t)size;
	snapshot->next += size;
	snapshot->count++;
	return entry;
}

static void add(struct snapshot *snapshot, const struct entry *head, const char *name,
		const char *program, const void *event)
{
	size_t size = sizeof(*head) + head->name_size + head->program_size + head->event_size;
	struct entry *entry = make_room(snapshot, size);
	uint32_t whole = entry ? entry->size : 0;
	char *out = (char *)(entry + 1);

	if (!entry)
		return;
	*entry = *head;
	entry->size = whole;
	memcpy(out, name, head->name_size);
	memcpy(out + head->name_size, program, head->program_size);
	memcpy(out + head->name_size + head->program_size, event, head->event_size);
}

void snapshot_event(void *argument, const char *name, const char *program,
		    const struct evh_origin *origin, const void *event, size_t size)
{
	const struct entry head = { .origin = *origin,
				    .event_size = (uint32_t)size,
				    .name_size = (uint16_t)(strlen(name) + 1),
				    .program_size = (uint16_t)(strlen(program) + 1) };

	add(argument, &head, name, program, event);
}

void snapshot_lost(void *argument, const struct evh_origin *origin, uint32_t count)
{
	const struct entry head = {
		.origin = *origin, .lost = count, .name_size = 1, .program_size = 1
	};

	if (count)
		add(argument, &head, "", "", "");
}

void snapshot_each(const struct snapshot *snapshot, const struct peers_sink *sink)
{
	size_t place = snapshot->first;

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct entry *entry = entry_at(snapshot, &place);
		const char *name = (const char *)(entry + 1);
		const char *program = name + entry->name_size;

		if (entry->lost)
			sink->lost(sink->argument, &entry->origin, entry->lost);
		else
			sink->event(sink->argument, name, program, &entry->origin,
				    program + entry->program_size, entry->event_size);
		place += entry->size;
	}
}
