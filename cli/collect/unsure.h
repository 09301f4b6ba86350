/* SPDX-License-Identifier: MIT */
/* Places up to which was delivered, until they count as acknowledged. */
#ifndef LOGTAP_UNSURE_H
#define LOGTAP_UNSURE_H

#include <stdbool.h>
#include <stdint.h>

#include "spool.h"

#define UNSURE_MAX 64

struct unsure {
	struct {
		struct spool_place place;
		uint64_t sure_at; /* ms */
		uint64_t written; /* bytes */
	} items[UNSURE_MAX];
	unsigned count;
};

/*
 * Delivered up to this place, with so many bytes in all: it counts from `sure_at` on, when those
 * bytes have arrived.
 */
void unsure_add(struct unsure *unsure, const struct spool_place *place, uint64_t sure_at,
		uint64_t written);

/* The last place that counts at this time, with so many bytes there; false: none more than before.
 */
bool unsure_take(struct unsure *unsure, uint64_t now, uint64_t reached, struct spool_place *place);

/* All count now. */
void unsure_all(struct unsure *unsure);

/* None ever will. */
void unsure_forget(struct unsure *unsure);

#endif
