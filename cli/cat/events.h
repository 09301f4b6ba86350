/* SPDX-License-Identifier: MIT */
/*
 * The events that `logtap cat` sends: the preload library's own lines and events, so that what is
 * read from a pipe becomes what it would have become in the program. One transport per process.
 */
#ifndef LOGTAP_CAT_EVENTS_H
#define LOGTAP_CAT_EVENTS_H

#include <stddef.h>
#include <sys/types.h>

#include "settings.h"

/*
 * Opens the settings' sink, and prepares events of the program `ident`, whose name this process
 * takes as well. 0, or why that can't be done: a negative errno; -ENXIO: no tracepoint.
 */
int events_open(const struct lt_settings *settings, const char *ident);

/* The lines are those of another process, whose number the events in a recording carry. */
void events_of_process(pid_t pid);

/* The descriptor that events go to, or -1. */
int events_descriptor(void);

/* Whether lines are taken from their real place: passthrough is off, and somebody listens. */
int events_swallow(void);

/* Takes bytes: each line that they end becomes an event. fd: their real place, or -1. */
void events_take(int fd, const char *bytes, size_t size);

/* The last writer is gone: sends the unfinished line. How many lines were refused in all. */
unsigned long long events_end(void);

#endif
