/* SPDX-License-Identifier: MIT */
/* From samples to output: parts are joined, processes known, filters asked, the format written. */
#ifndef LOGTAP_PIPELINE_H
#define LOGTAP_PIPELINE_H

#include "filter.h"
#include "kept.h"
#include "output.h"
#include "process_table.h"

struct pipeline {
	struct filter filter;
	struct output output;
	/* Gets each event that passes, instead of the output; its result stops the show when it
	 * isn't 0. NULL: the output. */
	int (*take)(void *argument, struct event *event);
	/* Gets what says that a process began or ended, with whether it passes the filters. NULL:
	 * the output. */
	int (*take_news)(void *argument, struct event *event, bool passes);
	void *take_argument;
	struct kept *kept;   /* events wait there until the end; NULL: they are shown at once */
	uint64_t shown;	     /* events that passed so far */
	uint64_t limit;	     /* stop after so many; 0: never */
	uint64_t incomplete; /* messages of which parts were missing */
	uint64_t skip;	     /* so many events that pass were shown before; they count as shown */
	bool partial;	     /* what stands before --since was passed over unread */
	uint64_t weight;     /* of all events so far, as evh_event_weight has it */
	uint32_t source;     /* the recording that samples are of: its processes are its own */
	struct evh_schemas *schemas;
	struct evh_join *join;
	struct process_table *processes;
};

/* Sets up what isn't an option: `show` is otherwise as the options left it. 0 or -ENOMEM. */
int pipeline_start(struct pipeline *show);

/*
 * A part of the recording was passed over: what is known of messages and processes may have changed
 * there, and is forgotten. 0 or -ENOMEM.
 */
int pipeline_pass_over(struct pipeline *show);

/* The same for reading all once more; what was shown isn't shown again. */
int pipeline_restart(struct pipeline *show);

/* What pipeline_sample and those below answer when an event needs what was passed over. */
#define PIPELINE_NEEDS_ALL 2

/*
 * One sample more.
 *
 * 0; 1 when the limit is reached or the output can't be written any more (output_finish knows);
 * or a negative errno.
 */
int pipeline_sample(struct pipeline *show, const struct evh_sample *sample);

/* Adds up what reading the event will cost, where that isn't bounded by its size. */
void pipeline_weigh(struct pipeline *show, const struct event *event);

/* What is incomplete is shown: its rest won't come. Results as pipeline_sample. */
int pipeline_flush(struct pipeline *show);

/* What waits for the end is shown now, what comes is shown at once. Results as above. */
int pipeline_let_go(struct pipeline *show);

/* Nothing more will come: that, and what the format has behind the last event. */
int pipeline_end(struct pipeline *show);

void pipeline_free(struct pipeline *show);

#endif
