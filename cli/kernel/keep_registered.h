/* SPDX-License-Identifier: MIT */
/* Creating tracepoints and keeping them in being, without ever writing an event. */
#ifndef LOGTAP_KEEP_REGISTERED_H
#define LOGTAP_KEEP_REGISTERED_H

#include <stddef.h>

#include <evh/tracepoint.h>

/* What `logtap run` registers for a provider: levels 1 to 5, keywords 1 and 2. */
#define HOLD_LEVELS   5
#define HOLD_KEYWORDS 2

struct keep_registered;

/* Opens user_events_data. 0, or a negative errno; *hold is then NULL. */
int keep_registered_open(struct keep_registered **hold);

/*
 * Creates the tracepoint, or takes a share in an existing one, until keep_registered_close. 0, or
 * -EINVAL (not a valid name), -EADDRINUSE (exists with other fields), -EMFILE (the system's limit)
 * ...
 */
int keep_registered_tracepoint(struct keep_registered *hold, const char *name);

/* Gives all of them up, also those that others have in use. NULL is allowed. */
void keep_registered_close(struct keep_registered *hold);

/* The tracepoints of a provider one by one: `index` from 0; false when there are no more. */
bool keep_registered_name(const char *provider, unsigned index, char *name, size_t size);

#endif
