/* SPDX-License-Identifier: MIT */
/* How many user events there are on this machine, and may be. */
#ifndef LOGTAP_USER_EVENTS_USAGE_H
#define LOGTAP_USER_EVENTS_USAGE_H

#include <stdbool.h>

#include "tracefs_place.h"

/* It is there exactly when user_events are; unlike in tracefs, anybody may look. */
#define USER_EVENTS_LIMIT_FILE "/proc/sys/kernel/user_events_max"

struct user_events_usage {
	unsigned long limit;
	unsigned long all;
	unsigned long ours; /* of the provider logtap */
};

/* false: it can't be read. */
bool user_events_usage(const struct tracefs_place *place, struct user_events_usage *usage);

/*
 * Why the kernel refuses to register a tracepoint, for an errno of it, as the end of a sentence
 * that begins with its name.
 */
const char *user_events_refusal(int error);

#endif
