/* SPDX-License-Identifier: MIT */
/*
 * Starting a program under the preload library: what `run` and `record` have in common. Every
 * function reports its own error in one line and returns the exit status that goes with it
 * (CLI_OWN_ERROR, CLI_CANNOT_EXEC, CLI_NOT_FOUND), or 0.
 */
#ifndef LOGTAP_LAUNCH_H
#define LOGTAP_LAUNCH_H

#include <limits.h>

struct launch {
	int quiet;		/* nothing is said where nothing can be captured */
	char **argv;		/* the program and its arguments, NULL at the end */
	char program[PATH_MAX]; /* where it was found */
	char library[PATH_MAX]; /* the preload library, absolute */
};

/* Finds the program and the preload library: everything that can be known before it matters. */
int launch_prepare(struct launch *launch, char **argv);

/* Finds the program `argv[0]` alone. */
int launch_find_program(struct launch *launch);

/* Says why an exec of the program failed with this errno; the exit status that goes with it. */
int launch_report_exec(const struct launch *launch, int error);

/*
 * Replaces this process by the program, with the library preloaded and LOGTAP_SINK set to `sink`.
 * Before that it says in one line on stderr when nothing of the program can be captured. Returns
 * only when that failed.
 */
int launch_exec(const struct launch *launch, const char *sink);

/*
 * Finds the preload library, silently: the one that LOGTAP_LIBRARY names, else the one beside this
 * executable. 0 with its path; -ENOENT when none is beside it; -EINVAL when its path (given) holds
 * a space or colon, which the loader would split; another error when the file that LOGTAP_LIBRARY
 * names (given) can't be used, -ENXIO for one that is not there.
 */
int launch_find_library(char library[PATH_MAX]);

#endif
