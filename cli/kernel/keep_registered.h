/* SPDX-License-Identifier: MIT */
/* Creating tracepoints and keeping them in being, without ever writing an event. */
#ifndef LOGTAP_KEEP_REGISTERED_H
#define LOGTAP_KEEP_REGISTERED_H

#include <stddef.h>

#include <evh/tracepoint.h>

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

#endif
