/* SPDX-License-Identifier: MIT */
/* The signals that end a command which waits: they come as data, so that it ends in good order. */
#ifndef LOGTAP_END_SIGNALS_H
#define LOGTAP_END_SIGNALS_H

/* Holds the signals back from here on; a descriptor (see signalfd(2), also for `flags`), or -1 with
 * errno set. */
int end_signals_open(int flags);

#endif
