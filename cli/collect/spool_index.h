/* SPDX-License-Identifier: MIT */
/* How many events the closed segments of a recording have: what is lost when one is removed. */
#ifndef LOGTAP_SPOOL_INDEX_H
#define LOGTAP_SPOOL_INDEX_H

#include <stdint.h>

#include "lost_event.h"
#include "spool.h"

/* One segment: its events, and when the first and the last of them were (ns since 1970). */
struct spool_count {
	uint64_t segment, events, first, last;
};

/* What the newest segment of the recording at `path` has by now; its number is 0: there is none. */
void spool_index_count(const char *path, struct spool_count *count);

/* The number of the newest segment; 0: there is none. */
uint64_t spool_index_newest(const char *path);

/* Notes a segment that is closed. What can't be written is missing later, and nothing else. */
void spool_index_add(const char *path, const struct spool_count *count);

/*
 * Sums up what stands between `from` and the segment `to`: count, first, last, and whether it is
 * less than there was (loss->at_least), because of some segment nothing is known.
 */
void spool_index_sum(const char *path, const struct spool_place *from, uint64_t to,
		     struct loss *loss);

#endif
