/* SPDX-License-Identifier: MIT */
/* Where the process's other threads are; see other_threads.c. */
#ifndef LT_OTHER_THREADS_H
#define LT_OTHER_THREADS_H

#include <stdbool.h>

/*
 * Waits until each thread that there is has left what it was doing in this library when this was
 * called, half a second at most: whatever it asks from then on, it is told what holds now. False,
 * with nothing done, where that can't be found out.
 *
 * Makes the calls of the groups LT_CALL_THREADS and LT_CALL_YIELD, whatever lt_may() says of them:
 * the caller knows that they are still allowed.
 */
bool lt_other_threads_await(void);

#endif
