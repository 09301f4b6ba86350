/* SPDX-License-Identifier: MIT */
/* Noticing the end of a thread. Inside the library only. */
#ifndef LT_THREAD_END_H
#define LT_THREAD_END_H

#include "shim.h"

/* Takes one of the process's thread-specific keys. Part of the start. */
void lt_thread_end_init(void);

/* Has the calling thread's end noticed, where that is possible without an allocation. */
void lt_thread_end_arm(struct lt_thread *thread);

#endif
