/* SPDX-License-Identifier: MIT */
/* The start of process.c's part; the rest of it is in shim.h. */
#ifndef LT_PROCESS_H
#define LT_PROCESS_H

/* Once, from the initialisation, before lt_word can become anything but 0. */
void lt_process_init(void);

#endif
