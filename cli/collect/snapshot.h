/* SPDX-License-Identifier: MIT */
/* The last events in memory, until somebody wants them in a recording. */
#ifndef LOGTAP_SNAPSHOT_H
#define LOGTAP_SNAPSHOT_H

#include <stddef.h>

#include "peers.h"

struct snapshot;

/* Keeps so many bytes of events and of what is said of each. NULL: no memory. */
struct snapshot *snapshot_create(size_t size);
void snapshot_destroy(struct snapshot *snapshot);

/* As struct peers_sink calls them, with the snapshot as the argument: the oldest make room. */
void snapshot_event(void *argument, const char *name, const char *program,
		    const struct evh_origin *origin, const void *event, size_t size);
void snapshot_lost(void *argument, const struct evh_origin *origin, uint32_t count);

/* Hands all that is there to `sink`, the oldest first; it stays there, too. */
void snapshot_each(const struct snapshot *snapshot, const struct peers_sink *sink);

#endif
