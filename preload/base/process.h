/* SPDX-License-Identifier: MIT */
/* The start of process.c's part; the rest of it is in shim.h. */
#ifndef LT_PROCESS_H
#define LT_PROCESS_H

#include <stdint.h>

/* The calling thread's id as libc keeps it, without a system call; 0: it doesn't say. */
uint32_t lt_process_tid(void);

/* Once, from the initialisation, before lt_word can become anything but 0. */
void lt_process_init(void);

#endif
