/* SPDX-License-Identifier: MIT */
/*
 * Whether the kernel takes the tracepoints that a program registers under some settings. Where it
 * refuses one, all that is logged at its level is lost, and the program itself can't say so.
 */
#ifndef LOGTAP_TRACEPOINT_CHECK_H
#define LOGTAP_TRACEPOINT_CHECK_H

#include <stdbool.h>

#include <evh/tracepoint.h>

#include "settings.h"

struct tracepoint_trial {
	unsigned wanted;
	unsigned refused;
	int error;			    /* a negative errno, of the first that was refused */
	char name[EVH_TRACEPOINT_NAME_MAX]; /* that one; else the first of all */
};

/*
 * Registers them all, and lets go of them again; with `hold` only when the transport's descriptor
 * is closed, which an exec does: a collector that hears of them has until then, and until the
 * program registers them itself, to switch them on. program: whose name makes the provider's, where
 * that is `auto`; a path, or NULL: then the provider is "logtap".
 */
void tracepoint_try(struct tracepoint_trial *trial, struct evh_transport *transport,
		    const struct lt_settings *settings, const char *program, bool hold);

/*
 * The same, with a line on stderr for what is refused (quiet: only where all are). 0, or
 * CLI_OWN_ERROR: the program could send nothing at all.
 */
int tracepoint_check(struct evh_transport *transport, const struct lt_settings *settings,
		     const char *program, bool quiet, bool hold);

/* What a trial found, as a sentence. */
void tracepoint_trial_text(const struct tracepoint_trial *trial, char *text, size_t size);

#endif
