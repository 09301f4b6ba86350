/* SPDX-License-Identifier: MIT */
/* Whether events can go where --sink says, seen before a program is started. */
#ifndef LOGTAP_SINK_CHECK_H
#define LOGTAP_SINK_CHECK_H

#include <evh/recording.h>
#include <limits.h>
#include <stdbool.h>

#include "settings.h"

/* Bytes of a value of LOGTAP_SINK. */
#define SINK_MAX (PATH_MAX + EVH_RECORDING_IDENTITY_SIZE + 16)

/*
 * Checks a descriptor, a recording or a socket that the caller named, with the rights that this
 * process has now; other sinks pass. 0, or CLI_OWN_ERROR after a line on stderr. A recording gets a
 * note of this process's name, as from every process that opens it. quiet: nothing is said of a
 * socket at which nobody listens yet.
 */
int sink_check(const struct lt_settings *settings, bool quiet);

/*
 * Whether the kernel takes the tracepoints of a program (tracepoint_check.h), where it can be
 * asked: not being able to open user_events is somebody else's to say.
 */
int sink_check_user_events(const struct lt_settings *settings, const char *program);

/*
 * The value of LOGTAP_SINK that holds on to what `sink` means now: a recording's path gets its
 * identity, so that no later program writes into another recording that stands there by then.
 * `pinned` has SINK_MAX bytes; the result is that or `sink`.
 */
const char *sink_pin(const struct lt_settings *settings, const char *sink, char *pinned);

/* Says why user_events can't be opened, and which command needs none of the kernel. */
void sink_report_user_events(int error, const char *instead);

#endif
