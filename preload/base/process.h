/* SPDX-License-Identifier: MIT */
/* The start of process.c's part; the rest of it is in shim.h. */
#ifndef LT_PROCESS_H
#define LT_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

/* The calling thread's id as libc keeps it, without a system call; 0: it doesn't say. */
uint32_t lt_process_tid(void);

/* Whether no second thread was ever made, as far as libc says so (glibc since 2.32). */
bool lt_has_one_thread(void);

/* Once, from the initialisation. */
void lt_process_init(void);

/* There is a sink: children of every kind are to be noticed. Before lt_word can become anything but
 * 0. */
void lt_process_notice_children(void);

#endif
