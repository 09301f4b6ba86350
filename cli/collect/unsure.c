/* SPDX-License-Identifier: MIT */
/* A short queue of places. Must never let one count earlier than it was said to. */
#include "unsure.h"

#include <string.h>

void unsure_add(struct unsure *unsure, const struct spool_place *place, uint64_t sure_at,
		uint64_t written)
{
	/* With many at a time the last ones become one, of the later time. */
	unsigned at = unsure->count < UNSURE_MAX ? unsure->count++ : UNSURE_MAX - 1;

	unsure->items[at].place = *place;
	unsure->items[at].sure_at = sure_at;
	unsure->items[at].written = written;
}

bool unsure_take(struct unsure *unsure, uint64_t now, uint64_t reached, struct spool_place *place)
{
	unsigned sure = 0;

	while (sure < unsure->count && unsure->items[sure].sure_at <= now &&
	       unsure->items[sure].written <= reached)
		*place = unsure->items[sure++].place;
	unsure->count -= sure;
	memmove(unsure->items, unsure->items + sure, unsure->count * sizeof(unsure->items[0]));
	return sure > 0;
}

void unsure_all(struct unsure *unsure)
{
	for (unsigned i = 0; i < unsure->count; i++)
		unsure->items[i].sure_at = unsure->items[i].written = 0;
}

void unsure_forget(struct unsure *unsure)
{
	unsure->count = 0;
}
