/* SPDX-License-Identifier: MIT */
/* The recording that a collector keeps events in. */
#ifndef LOGTAP_STORE_H
#define LOGTAP_STORE_H

#include <evh/tracepoint.h>

struct store;

/* sink: that of a recording as recording.h names it. NULL after a line on stderr. */
struct store *store_open(const char *sink);

void store_close(struct store *store);

/*
 * Has the events of each segment counted (spool_index.h), for those who deliver them. path: the
 * recording's, which must stay.
 */
void store_count_segments(struct store *store, const char *path);

/* As struct peers_sink calls them, with the store as the argument. */
void store_event(void *argument, const char *name, const char *program,
		 const struct evh_origin *origin, const void *event, size_t size);
void store_lost(void *argument, const struct evh_origin *origin, uint32_t count);

/* What came since the last time goes to the disk together: to be called before waiting. */
void store_flush(struct store *store);

/* Events that could not be kept, since it was opened; why the last one could not. */
unsigned long long store_refused(const struct store *store, int *error);

/* Events that did not arrive. */
unsigned long long store_missed(const struct store *store);

#endif
