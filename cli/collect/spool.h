/* SPDX-License-Identifier: MIT */
/* Reading the recording that a collector writes, from any place in it, while it grows. */
#ifndef LOGTAP_SPOOL_H
#define LOGTAP_SPOOL_H

#include <stdint.h>

#include <evh/trace.h>

#include "segments.h"

/* Where in the recording somebody is: behind an event. All zero: at its beginning. */
struct spool_place {
	uint64_t segment; /* its number; a recording that is one file has 1 */
	uint64_t offset;  /* bytes of its file */
	uint64_t events;  /* of that file up to there */
};

struct spool {
	const char *path;
	struct segments segments;
	int fd;	     /* -1: there is no file open */
	int next_fd; /* the next segment's, while the present one is read to its end; -1 */
	uint64_t next_segment;
	struct evh_trace *trace;
	struct spool_place place; /* behind the event that was handed out last */
	uint64_t lost;		  /* of the open file, events that its writers say were lost */
};

/* The place's order: negative, 0 or positive, as with memcmp. */
int spool_compare(const struct spool_place *a, const struct spool_place *b);

/*
 * Opens the recording at `path`, which must stay, at its oldest segment. 0, or a negative errno as
 * of evh_trace_open.
 */
int spool_open(struct spool *spool, const char *path);
void spool_close(struct spool *spool);

/* Goes to a segment of that number, or to the one behind it that is still there. As spool_open. */
int spool_open_segment(struct spool *spool, uint64_t number);

/*
 * The next event, in the order in which they were written, with spool->place behind it.
 *
 * 1; -EAGAIN: there is nothing more yet, and spool->place is behind the last; or a negative errno
 * that ends the reading of this segment.
 */
int spool_next(struct spool *spool, struct evh_sample *sample);

/* Waits after -EAGAIN, `timeout` milliseconds at most. */
void spool_wait(struct spool *spool, int timeout);

/* Events that were lost before they reached the recording, as its present segment says by now. */
uint64_t spool_lost(const struct spool *spool);

#endif
