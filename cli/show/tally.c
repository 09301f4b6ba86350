/* SPDX-License-Identifier: MIT */
/* Counts by name. Must never hold more rows than a bound: what is more is counted together. */
#include "tally.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* More names than that go into one line. */
#define ROWS_MAX 4096

/* Where the name is among the rows, or belongs. */
static size_t place_of(const struct tally *tally, const char *name)
{
	size_t low = 0;
	size_t high = tally->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(tally->rows[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool make_room(struct tally *tally)
{
	size_t capacity = tally->capacity ? tally->capacity * 2 : 64;
	struct tally_row *larger;

	if (tally->count < tally->capacity)
		return true;
	larger = realloc(tally->rows, capacity * sizeof(*larger));
	if (!larger)
		return false;
	tally->rows = larger;
	tally->capacity = capacity;
	return true;
}

static struct tally_row *insert_row(struct tally *tally, size_t place, const char *name)
{
	struct tally_row row = { .name = strdup(name) };

	if (!row.name || !make_room(tally)) {
		free(row.name);
		return NULL;
	}
	memmove(tally->rows + place + 1, tally->rows + place, (tally->count - place) * sizeof(row));
	tally->rows[place] = row;
	tally->count++;
	return &tally->rows[place];
}

struct tally_row *tally_find(struct tally *tally, const char *name)
{
	size_t place;

	if (tally->last < tally->count && strcmp(tally->rows[tally->last].name, name) == 0)
		return &tally->rows[tally->last];
	place = place_of(tally, name);
	if (place < tally->count && strcmp(tally->rows[place].name, name) == 0) {
		tally->last = place;
		return &tally->rows[place];
	}
	if (tally->count < ROWS_MAX) {
		tally->last = place;
		return insert_row(tally, place, name);
	}
	if (!tally->others.name)
		tally->others.name = strdup("(others)");
	return tally->others.name ? &tally->others : NULL;
}

static int by_count(const void *left, const void *right)
{
	const struct tally_row *a = left;
	const struct tally_row *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return strcmp(a->name, b->name);
}

void tally_sort(struct tally *tally)
{
	if (tally->count)
		qsort(tally->rows, tally->count, sizeof(*tally->rows), by_count);
}

void tally_free(struct tally *tally)
{
	for (size_t i = 0; i < tally->count; i++)
		free(tally->rows[i].name);
	free(tally->rows);
	free(tally->others.name);
}
