/* SPDX-License-Identifier: MIT */
/* From a descriptor to the place that its bytes are meant for, and to events. */
#ifndef LOGTAP_CAT_RELAY_H
#define LOGTAP_CAT_RELAY_H

#include "channel.h"

/*
 * Reads `channel->outer` until the last writer is gone, passes its bytes on to `channel->place`
 * and makes events of them. Ends before that where the place is a pipe or socket that nobody reads
 * any more, as the program would have been told by its own write.
 * process: a descriptor of the program's process, which is told of a new size of its terminal; -1:
 * nobody. 0, or a negative errno of reading.
 */
int relay(const struct channel *channel, int process);

/*
 * Leaves this process alone: what the caller goes on to do as the reader happens in a process of
 * its own, of another session, which is nobody's child here and ignores what ends a program.
 * 0 in the reader, 1 in the caller, or a negative errno.
 */
int relay_detach(void);

/* In the reader: closes everything but these descriptors (-1: none). */
void relay_keep_only(const int keep[], int count);

/* A reader stays as long as there is a writer, whatever ends a terminal's or a service's programs.
 */
void relay_ignore_signals(void);

#endif
