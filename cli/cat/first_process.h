/* SPDX-License-Identifier: MIT */
/* `logtap cat PROGRAM` as the first process of a PID namespace, such as a container's. */
#ifndef LOGTAP_CAT_FIRST_PROCESS_H
#define LOGTAP_CAT_FIRST_PROCESS_H

#include <signal.h>

/*
 * Starts the program in a child, if this is process 1: when that ends, the kernel ends all others
 * at once, and a reader could not read to the end. Returns where the program is to be started, here
 * or in the child; or, in process 1, never: it hands the program the signals that it is sent, waits
 * for orphans as process 1 must, and ends with the program's status once the readers have.
 * 0, or a negative errno.
 */
int first_process_start(void);

#endif
