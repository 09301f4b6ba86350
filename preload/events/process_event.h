/* SPDX-License-Identifier: MIT */
/*
 * The events that tell of the process itself: `process`, once, before its first line, and `exit`
 * where it ends by itself and had one.
 */
#ifndef LT_PROCESS_EVENT_H
#define LT_PROCESS_EVENT_H

#include "shim.h"

/* Keeps what the environment says of the service, before the program changes it. At the start. */
void lt_process_event_init(char *const *envp);

/*
 * Sends the event `process`, if this process hasn't yet. Some 30 microseconds once: it reads two
 * files in /proc, and what one link says. Nothing where a filter is against opening them.
 */
LT_COLD void lt_process_event(void);

/* The recording goes on in another file, which is to be read by itself: there as well. */
LT_COLD void lt_process_event_again(void);

/* The process ends with this status. */
void lt_process_event_exit(int status);

#endif
