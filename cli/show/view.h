/* SPDX-License-Identifier: MIT */
/* `logtap view` between its sources: what the options ask for, and what is open. */
#ifndef LOGTAP_VIEW_H
#define LOGTAP_VIEW_H

#include <stdbool.h>

#include <evh/trace.h>

#include "pipeline.h"
#include "progress.h"
#include "segments.h"
#include "stats.h"

#define VIEW_DEFAULT_FILE "logtap.data"

struct view {
	const char *path;
	int fd;
	bool follow;
	bool want_stats;
	bool want_pager;
	bool any;	       /* there was a sample, whether or not it passed the filters */
	uint64_t limits_at;    /* the place in the file that the limits are for */
	uint64_t weight_limit; /* of show.weight */
	struct pipeline show;
	struct stats *stats;
	struct progress progress;
	struct segments segments;
	struct evh_trace *trace;
};

/* -1: go on, else the exit status: the help was printed, or an option is wrong. */
int view_options(struct view *view, int argc, char **argv);

#endif
