/* SPDX-License-Identifier: MIT */
/* What `logtap cat` was asked for, and the half of it that starts a program. */
#ifndef LOGTAP_CAT_H
#define LOGTAP_CAT_H

#include <errno.h>
#include <stdbool.h>

#include "launch.h"
#include "recording.h"
#include "relay.h"
#include "sink_check.h"

struct cat {
	const char *ident;  /* in the events */
	const char *output; /* a recording to be made, or NULL */
	bool with_stdout, best_effort;
	char **environment; /* as it was before the options */
	struct lt_settings settings;
	struct recording recording; /* `output` */
	struct launch launch;	    /* of the program */
};

/* The environment as it is now; what is set later does not change it. NULL after a line on stderr.
 */
char **cat_keep_environment(void);

/*
 * Becomes the program, with readers beside it for what it writes. Returns only when that failed: an
 * exit status, after a line on stderr.
 */
int cat_program(struct cat *cat);

#endif
