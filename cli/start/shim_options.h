/* SPDX-License-Identifier: MIT */
/*
 * The shim's settings as options of `run` and `record`: each row of the settings table that names
 * an option becomes one, and setting it sets its variable. Never interprets a value itself.
 */
#ifndef LOGTAP_SHIM_OPTIONS_H
#define LOGTAP_SHIM_OPTIONS_H

#include <getopt.h>
#include <stddef.h>

#include "settings.h"

#define SHIM_OPTION_BASE                                                                           \
	1000		    /* beyond every short option; a row's value is this plus its index     \
			     */
#define SHIM_OPTION_ROOM 32 /* rows of the table, options of a command, and the end mark */

/*
 * Fills `list` (SHIM_OPTION_ROOM entries) with the table's options, except those of the
 * variables `except` (up to NULL, or NULL), then with the command's `own` (up to an entry without a
 * name).
 */
void shim_options_list(struct option *list, const struct option *own, const char *const *except);

/* Checks an option's value and sets its variable. CLI_OWN_ERROR with the line printed, or 0. */
int shim_options_set(int value, const char *argument);

/*
 * Reads all settings as the shim will. A bad value, which then came with the environment, is
 * reported: CLI_OWN_ERROR, or 0.
 */
int shim_options_read(struct lt_settings *settings);

/* Prints the options for --help, the same `except` left out. */
void shim_options_help(const char *const *except);

#endif
