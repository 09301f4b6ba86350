/* SPDX-License-Identifier: MIT */
/* The start of sink.c's part. */
#ifndef LT_SINK_H
#define LT_SINK_H

#include <stdbool.h>

/*
 * Whether the sink is user_events and the kernel has none, so that nothing can ever be captured. By
 * plain calls, before a filter is asked for.
 */
bool lt_sink_is_nowhere(void);

/*
 * Opens the settings' sink and registers the tracepoints, at the start; or, where the kernel's
 * tracefs may be mounted later, sees to it that the next messages try again. 0, or a negative errno
 * and there is nothing to capture for.
 */
int lt_sink_open(void);

#endif
