/* SPDX-License-Identifier: MIT */
/* What jumps.S and syscalls.c share. */
#ifndef LT_SYSCALL_H
#define LT_SYSCALL_H

#include <stdint.h>

/* One bit per system call number below 512: the ones that lt_syscall handles. */
extern const uint64_t lt_syscall_numbers[8];

/* syscall() for those numbers. */
long lt_syscall(long number, long a, long b, long c, long d, long e, long f);

#endif
