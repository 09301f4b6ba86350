/* SPDX-License-Identifier: MIT */
/* `logtap view --stats`: counts by tracepoint, program and severity, and how the events spread over
 * time. */
#ifndef LOGTAP_STATS_H
#define LOGTAP_STATS_H

#include <stdbool.h>

#include "histogram.h"
#include "output.h"
#include "source.h"
#include "tally.h"

struct stats {
	struct tally tracepoints, programs;
	uint64_t levels[SEVERITY_NONE + 1];
	uint64_t events, bytes;
	uint64_t left_out;		 /* messages that programs did not send, and said so */
	uint64_t started, ended, failed; /* processes, where the recording tells */
	bool wall;			 /* times are of the calendar */
	struct histogram bars;
};

struct stats *stats_new(void);
void stats_free(struct stats *stats);

/* Count one event in a struct stats. 0 or -ENOMEM. To be the hooks of a struct pipeline. */
int stats_take(void *counts, struct event *event);
int stats_take_news(void *counts, struct event *event, bool passes);

/* Writes the report, with what the files say that was lost; as JSON when that is the format. */
void stats_write(struct stats *stats, const struct sources *sources, struct output *output);

#endif
