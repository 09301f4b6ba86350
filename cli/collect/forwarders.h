/* SPDX-License-Identifier: MIT */
/* A process for each destination, so that none can keep the collector or another one waiting. */
#ifndef LOGTAP_FORWARDERS_H
#define LOGTAP_FORWARDERS_H

#include <stddef.h>

#include "destination.h"

struct forwarders;

/* Starts one for each; path: the recording's, absolute. NULL after a line on stderr. */
struct forwarders *forwarders_start(struct destination *destinations, size_t count,
				    const char *path);

/* To be waited for until it can be read: then one has ended. -1: there is none. */
int forwarders_descriptor(const struct forwarders *forwarders);

/* Starts those again that have ended; how long until the next is to be started, ms, or -1. */
int forwarders_look(struct forwarders *forwarders);

/* Nothing more will come: waits until all have delivered what they can. */
void forwarders_finish(struct forwarders *forwarders);

#endif
