/* SPDX-License-Identifier: MIT */
/* The event `lost`: what is not in the recording, or won't be, said by who knows it. */
#ifndef LT_LOST_H
#define LT_LOST_H

#include "shim.h"

/* Before the first message: a period of LOGTAP_RATE begins with what the last one left out. */
void lt_lost_init(void);

/*
 * The process ends, or becomes another program: says what was left out and not yet said, and what
 * the transport refused.
 */
void lt_lost_report(void);

/*
 * The process becomes another program: says so where that has not the right to write into the
 * recording, because this process gave it up (runuser, su, setpriv).
 */
void lt_lost_before_exec(void);

/* The process is about to limit the sizes of files, of the recording as well. Once. */
void lt_lost_before_limit(uint64_t size);

#endif
