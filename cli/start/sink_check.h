/* SPDX-License-Identifier: MIT */
/* Whether events can go where --sink says, seen before a program is started. */
#ifndef LOGTAP_SINK_CHECK_H
#define LOGTAP_SINK_CHECK_H

#include "settings.h"

/*
 * Checks a descriptor or a recording that the caller named, with the rights that this process has
 * now; other sinks pass. 0, or CLI_OWN_ERROR after a line on stderr. A recording gets a note of
 * this process's name, as from every process that opens it.
 */
int sink_check(const struct lt_settings *settings);

#endif
