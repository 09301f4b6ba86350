/* SPDX-License-Identifier: MIT */
/*
 * What glibc 2.31 or the kernel headers beside it don't declare yet. We interpose it all the same:
 * the program may be built to run with either.
 */
#ifndef LT_NEWER_H
#define LT_NEWER_H

#include <sys/syscall.h>

#ifndef SYS_close_range
#	define SYS_close_range 436
#endif

#if !__GLIBC_PREREQ(2, 34)
int close_range(unsigned first, unsigned last, int flags);
void closefrom(int low);
int execveat(int fd, const char *path, char *const argv[], char *const envp[], int flags);
#endif

#endif
