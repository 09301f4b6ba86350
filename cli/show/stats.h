/* SPDX-License-Identifier: MIT */
/* `logtap view --stats`: counts per tracepoint, and how the events spread over time. */
#ifndef LOGTAP_STATS_H
#define LOGTAP_STATS_H

#include <evh/trace.h>

#include "event.h"
#include "output.h"

struct stats;

struct stats *stats_new(void);
void stats_free(struct stats *stats);

/* Counts one event in a struct stats. 0 or -ENOMEM. To be the `take` of a struct pipeline. */
int stats_take(void *counts, struct event *event);

/* Writes the report; `info` tells what was lost. */
void stats_write(const struct stats *stats, const struct evh_trace_info *info,
		 struct output *output);

#endif
