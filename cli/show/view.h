/* SPDX-License-Identifier: MIT */
/* `logtap view` between its parts: what the options ask for, and what is open. */
#ifndef LOGTAP_VIEW_H
#define LOGTAP_VIEW_H

#include <stdbool.h>

#include "pipeline.h"
#include "process_list.h"
#include "progress.h"
#include "source.h"
#include "stats.h"

#define VIEW_DEFAULT_FILE "logtap.data"

/* What is made of the events. */
enum view_what { VIEW_EVENTS, VIEW_STATS, VIEW_PROCESSES, VIEW_FAILED };

struct view {
	char **paths;
	size_t path_count;
	enum view_what what;
	bool follow;
	bool want_pager;
	bool reverse;
	bool has_count;
	uint64_t count;	       /* the last events to be shown; with VIEW_FAILED: lines of each */
	uint64_t passed_over;  /* bytes of that so far */
	bool passes_over;      /* what is older than --since may stay unread */
	bool any;	       /* there was a sample, whether or not it passed the filters */
	uint64_t samples;      /* so far */
	uint64_t weight_limit; /* of show.weight */
	struct pipeline show;
	struct stats *stats;
	struct process_list *processes;
	struct progress progress;
	struct sources sources;
};

/* -1: go on, else the exit status: the help was printed, or an option is wrong. */
int view_options(struct view *view, int argc, char **argv);

/*
 * view_report.c: one line on stderr for each kind of thing that isn't as it should be, and for each
 * filter that nothing fits. How many things could not be read.
 */
int view_report(struct view *view);
/* Of files that are followed: what was lost since that was last told. */
void view_report_losses(struct view *view);

#endif
