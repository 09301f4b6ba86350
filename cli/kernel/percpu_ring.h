/* SPDX-License-Identifier: MIT */
/* The ring buffers of a tracefs instance, read as they fill: records in the order of their time. */
#ifndef LOGTAP_PERCPU_RING_H
#define LOGTAP_PERCPU_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct instance;
struct percpu_ring;

struct ring_record {
	const void *data; /* the tracepoint's record with its common fields; until the next call */
	size_t size;	  /* with the padding behind it */
	uint64_t time;	  /* nanoseconds of CLOCK_MONOTONIC */
	unsigned cpu;
};

/* Opens the buffers of all processors. 0 or a negative errno; *ring is then NULL. */
int percpu_ring_open(struct percpu_ring **ring, struct instance *instance);

/*
 * The oldest record that is there. 1 with a record, 0 when there is none now, or a negative errno.
 * Never waits.
 */
int percpu_ring_next(struct percpu_ring *ring, struct ring_record *record);

/* A descriptor for poll(2), readable while there are records. */
int percpu_ring_fd(const struct percpu_ring *ring);

/*
 * Records that the kernel dropped since the ring was opened because they were not read in time.
 * Asks the kernel only when a gap was met, or when `thorough`.
 */
uint64_t percpu_ring_lost(struct percpu_ring *ring, bool thorough);

void percpu_ring_close(struct percpu_ring *ring);

#endif
