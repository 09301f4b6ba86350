/* SPDX-License-Identifier: MIT */
/* What the files of a report say that is missing in it, and the report as JSON. */
#ifndef LOGTAP_STATS_LOSSES_H
#define LOGTAP_STATS_LOSSES_H

#include "stats.h"

struct stats_losses {
	uint64_t lost;	    /* events that somebody counted */
	uint64_t no_room;   /* of them, because a disk was full */
	uint64_t too_large; /* of them, because of a limit of file sizes */
	bool at_least;	    /* there may be others that nobody counted */
	bool cut;	    /* some file is cut: there are such */
	uint64_t other;	    /* samples that are no tracepoint's */
};

struct stats_losses stats_losses_of(const struct sources *sources);

void stats_write_json(const struct stats *stats, const struct stats_losses *losses,
		      struct output *output);

#endif
