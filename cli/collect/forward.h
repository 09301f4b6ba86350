/* SPDX-License-Identifier: MIT */
/* Handing the events of a recording on to one destination: the whole life of a forwarder. */
#ifndef LOGTAP_FORWARD_H
#define LOGTAP_FORWARD_H

#include "destination.h"

/*
 * Hands on what the recording at `path` has and gets, from where the destination's cursor is.
 *
 * @control  a socket: a byte there says that nothing more will come; its end, that whoever started
 * this is gone
 *
 * An exit status: 0 when all that there is was delivered, else 1.
 */
int forward(struct destination *destination, const char *path, int control);

#endif
