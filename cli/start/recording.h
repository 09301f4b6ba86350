/* SPDX-License-Identifier: MIT */
/* A new recording, and the value of LOGTAP_SINK that names it. */
#ifndef LOGTAP_RECORDING_H
#define LOGTAP_RECORDING_H

#include <evh/recording.h>
#include <limits.h>

#include "settings.h"
#include "sink_check.h"

struct recording {
	char path[PATH_MAX]; /* absolute */
	char identity[EVH_RECORDING_IDENTITY_SIZE];
	char sink[SINK_MAX];
	char provider[LT_PROVIDER_MAX + 1]; /* whose tracepoints its head lists */
	int existed;			    /* something was at the path, and is FILE.old now */
	bool found;			    /* and is gone on in */
};

/* How `record` was told to keep it; all zero: one file, anew. */
struct recording_options {
	struct evh_recording_rules rules;
	bool append; /* go on in what is there */
};

/*
 * Creates `file`, or finds it. program: whose name the provider `auto` means, for its children too;
 * then LOGTAP_PROVIDER is set to it. 0, or CLI_OWN_ERROR after a line on stderr.
 */
int recording_begin(struct recording *recording, const char *file,
		    const struct recording_options *options, const struct lt_settings *settings,
		    const char *program);

/*
 * Nothing was started after all: what was there before comes back, unless another recording was
 * begun at the path in the meantime.
 */
void recording_undo(const struct recording *recording);

#endif
