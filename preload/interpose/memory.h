/* SPDX-License-Identifier: MIT */
/* What memory.c and syscalls.c share. */
#ifndef LT_MEMORY_H
#define LT_MEMORY_H

#include <stddef.h>

/*
 * A system call on the program's memory is about to be made, with these arguments; any other number
 * is none. here: the interposed function's __builtin_frame_address(0).
 */
void lt_memory_changing(long number, const long arguments[5], const char *here);

#endif
