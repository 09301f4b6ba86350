/* SPDX-License-Identifier: MIT */
/* Creating tracepoints and keeping them in being, without ever writing an event. */
#ifndef LOGTAP_HOLD_H
#define LOGTAP_HOLD_H

#include <stddef.h>

#include <evh/tracepoint.h>

/* What `logtap run` registers for a provider: levels 1 to 5, keywords 1 and 2. */
#define HOLD_LEVELS   5
#define HOLD_KEYWORDS 2

struct hold;

/* Opens user_events_data. 0, or a negative errno; *hold is then NULL. */
int hold_open(struct hold **hold);

/*
 * Creates the tracepoint, or takes a share in an existing one, until hold_close. 0, or -EINVAL (not
 * a valid name), -EADDRINUSE (exists with other fields), -EMFILE (the system's limit) ...
 */
int hold_tracepoint(struct hold *hold, const char *name);

/* Gives all of them up, also those that others have in use. NULL is allowed. */
void hold_close(struct hold *hold);

/* The tracepoints of a provider one by one: `index` from 0; false when there are no more. */
bool hold_name(const char *provider, unsigned index, char *name, size_t size);

#endif
