/* SPDX-License-Identifier: MIT */
/* Counts by name: of tracepoints, of programs. */
#ifndef LOGTAP_TALLY_H
#define LOGTAP_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "event.h"

struct tally_row {
	char *name;
	uint64_t count;
	uint64_t bytes;
	uint64_t levels[SEVERITY_NONE + 1];
};

/* All zero: empty. */
struct tally {
	struct tally_row *rows; /* by name while there is counting */
	size_t count;
	size_t capacity;
	size_t last;		 /* events come in runs */
	struct tally_row others; /* of all names beyond the bound; without a name: none */
};

/* The row of this name, new where it must be. NULL: no memory. */
struct tally_row *tally_find(struct tally *tally, const char *name);

/* The most first; no counting after that. */
void tally_sort(struct tally *tally);

void tally_free(struct tally *tally);

#endif
