/* SPDX-License-Identifier: MIT */
/*
 * The programs that are connected to a collector. What they send is not trusted: a connection that
 * breaks the protocol is closed, and its events until then stay.
 */
#ifndef LOGTAP_PEERS_H
#define LOGTAP_PEERS_H

#include <stdint.h>

#include <evh/tracepoint.h>

/* What a packet brings, to whoever keeps it. */
struct peers_sink {
	/* One event of the tracepoint `name`; program: what the process was called that connected.
	 */
	void (*event)(void *argument, const char *name, const char *program,
		      const struct evh_origin *origin, const void *event, size_t size);
	/* That many events of it did not arrive. */
	void (*lost)(void *argument, const struct evh_origin *origin, uint32_t count);
	void *argument;
};

struct peers;

/* listener: see listener.h. NULL: no memory, or no descriptor; errno says which. */
struct peers *peers_create(int listener, const struct peers_sink *sink);

void peers_destroy(struct peers *peers);

/* To be waited for until it can be read. */
int peers_descriptor(const struct peers *peers);

/*
 * Takes what has arrived: from each connection no more than its share, then from the next, so that
 * none keeps others waiting. Never waits. Whether there was anything.
 */
int peers_take(struct peers *peers);

#endif
