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
};

/*
 * Creates `file`. program: whose name the provider `auto` means, for its children too; then
 * LOGTAP_PROVIDER is set to it. 0, or CLI_OWN_ERROR after a line on stderr.
 */
int recording_begin(struct recording *recording, const char *file,
		    const struct lt_settings *settings, const char *program);

/*
 * Nothing was started after all: what was there before comes back, unless another recording was
 * begun at the path in the meantime.
 */
void recording_undo(const struct recording *recording);

#endif
