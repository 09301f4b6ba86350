/* SPDX-License-Identifier: MIT */
/* The events of the recording, until there are enough of them for one delivery. */
#ifndef LOGTAP_BATCH_H
#define LOGTAP_BATCH_H

#include "destination.h"
#include "lost_event.h"
#include "pipeline.h"
#include "spool.h"

#define BATCH_EVENTS 4096

struct batch {
	struct destination *destination;
	const char *path;	      /* of the recording */
	struct spool spool;	      /* where the reading is: behind the batch, when it is full */
	struct spool_place delivered; /* the cursor's place: what stands before it is passed over */
	struct pipeline pipeline;
	struct lost_event *lost;
	unsigned limit; /* events of a batch: fewer once it was too large */
	unsigned count;
	size_t size;
	uint64_t removed;   /* events that went before they were delivered, since it was opened */
	uint64_t lost_told; /* of the present segment */
	bool dry;	    /* the end of the recording was reached */
};

/* Opens the recording at the cursor's place, or behind it where that is gone. 0, or a negative
 * errno. */
int batch_open(struct batch *batch, struct destination *destination, const char *path,
	       const struct spool_place *delivered);
void batch_close(struct batch *batch);

/*
 * Fills it. It ends where no message in parts is incomplete, so that a cursor there splits none;
 * what remains incomplete for long is handed on as that. 0 or -ENOMEM.
 */
int batch_fill(struct batch *batch);

/* Empties it, the events being delivered or given up. */
void batch_empty(struct batch *batch);

/* Empties it and goes back to the cursor's place. As batch_open. */
int batch_rewind(struct batch *batch);

#endif
