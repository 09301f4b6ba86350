/* SPDX-License-Identifier: MIT */
/* The files that `logtap view` shows: opened, and merged by the time of their events. */
#ifndef LOGTAP_SOURCE_H
#define LOGTAP_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <evh/trace.h>

#include "segments.h"

struct source {
	const char *path;
	int fd;
	int64_t begin; /* where the descriptor of a file stood */
	struct evh_trace *trace;
	struct segments segments;
	struct evh_sample sample; /* the next of this file, while `ready` */
	bool ready;
	bool ended;
	bool dry;	    /* nothing more has come yet */
	uint64_t lost_told; /* of a file that is followed: losses that were told, and when */
	time_t lost_told_at;
};

struct sources {
	struct source *items;
	size_t count;
	struct source *last; /* whose sample was handed out */
	bool follow;
	unsigned int turn;
};

/* Opens the files of these paths ("-": stdin). 0, or an exit status after a line on stderr. */
int sources_open(struct sources *sources, char *const *paths, size_t count,
		 const struct evh_trace_options *options);

/*
 * The next sample of all files, the oldest first; of files without times, one after the other.
 * sources->last says whose it is.
 *
 * 1; 0 at the end of all; -EAGAIN when nothing more has come yet of any; or what reading gave, with
 * the file in sources->last.
 */
int sources_next(struct sources *sources, struct evh_sample **sample);

/* Waits after -EAGAIN, `timeout` milliseconds at most (-1: for ever). 0, or a negative errno. */
int sources_wait(struct sources *sources, int timeout);

/*
 * Reads all files from their beginnings again, none of which is a pipe. 0, or a negative errno with
 * the file in sources->last.
 */
int sources_restart(struct sources *sources);

/* Bytes read of all files, and bytes that they have (0: not known). */
uint64_t sources_offset(const struct sources *sources);
uint64_t sources_size(const struct sources *sources);

/* What is known of the file by now; all zero where it could not be opened again. */
const struct evh_trace_info *source_info(const struct source *source);

/* Whether the file is shorter by now than what was read of it. */
bool source_has_shrunk(const struct source *source);

/*
 * Opens a file that was truncated again, from its beginning; waits until it has one. 0, or a
 * negative errno.
 */
int source_start_over(struct source *source);

void sources_close(struct sources *sources);

#endif
