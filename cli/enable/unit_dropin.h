/* SPDX-License-Identifier: MIT */
/*
 * The drop-in that fits a service. Pure: facts go in, a text comes out, or the reason why there
 * would be nothing to capture. Must never write a line by which a service could fail to start: what
 * may be missing is named with a `-`. No group is named: where it doesn't exist, systemd starts no
 * service that wants it (216/GROUP).
 */
#ifndef LOGTAP_UNIT_DROPIN_H
#define LOGTAP_UNIT_DROPIN_H

#include <stdbool.h>
#include <stddef.h>

#include "unit_facts.h"

/* The kernel's file, and where it and the library are in a service that has a root of its own. */
#define UNIT_USER_EVENTS "/sys/kernel/tracing/user_events_data"
#define UNIT_INNER	 "/run/logtap-preload"

/* What the machine is like, and what was asked for. */
struct dropin_wish {
	const char *unit; /* "NAME.service" */
	const char *library;
	const char *who, *when;
	const char *file;	     /* the recording's path, or NULL: user_events */
	const char *sink;	     /* LOGTAP_SINK's value for it */
	const char *const *settings; /* LOGTAP_X=value, up to NULL */
	bool made_folder;
	bool has_right;	      /* its user is a member of the group `tracers` */
	bool has_user_events; /* the kernel's file is there, or that can't be told */
};

struct dropin {
	char text[8192];
	char obstacle[640]; /* why nothing can be captured; empty: something can */
};

void unit_dropin_make(struct dropin *dropin, const struct unit_facts *facts,
		      const struct dropin_wish *wish);

/* Whether two drop-ins say the same, whoever wrote them and when. */
bool unit_dropin_is_same(const char *one, const char *other);

#endif
