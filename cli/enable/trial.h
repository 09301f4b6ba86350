/* SPDX-License-Identifier: MIT */
/*
 * Trial runs: programs of the root, started as the loader there starts them, with what they say and
 * how they end compared with what it must be. Must leave nothing behind, and end itself when a
 * program doesn't.
 */
#ifndef LOGTAP_TRIAL_H
#define LOGTAP_TRIAL_H

#include <stddef.h>

struct trial {
	int root;
	const char *preload; /* LD_PRELOAD's value; NULL: what the root's own files say */
	const char *bound; /* a file that is to be seen at `preload`, by a /run of the trial's own,
			      or NULL */
	char why[512];	   /* what went wrong, as the end of a sentence */
};

/*
 * Runs a program that was made for a loader: 0 when it ended with status 0 and nothing was said;
 * -ENOEXEC when this kernel can't run such programs; -EINVAL with `why`.
 */
int trial_made(struct trial *trial, const void *program, size_t size);

/* Runs the usual programs of the root: how many there were, or -EINVAL with `why`. */
int trial_programs(struct trial *trial);

#endif
