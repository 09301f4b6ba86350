/* SPDX-License-Identifier: MIT */
/*
 * The encoder's raw system calls under the names of this library, and what is made of their result
 * where libc's own is stood in for.
 */
#ifndef LT_RAW_H
#define LT_RAW_H

#include "syscall.h"

#if !defined(EVH_OWN_SYSCALL)
#	error "logtap's preload library knows the system call of x86_64, aarch64 and i386 only"
#endif

#define LT_RAW1(n, a)	       EVH_SYSCALL1(n, a)
#define LT_RAW2(n, a, b)       EVH_SYSCALL2(n, a, b)
#define LT_RAW3(n, a, b, c)    EVH_SYSCALL3(n, a, b, c)
#define LT_RAW4(n, a, b, c, d) EVH_SYSCALL4(n, a, b, c, d)
#define LT_RAW6(n, a, b, c, d, e, f)                                                               \
	evh_syscall(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* What libc's wrapper makes of a kernel result: -1 and errno, or the result. */
static inline long lt_raw_result(long result)
{
	if (result > -4096 && result < 0) {
		errno = (int)-result;
		return -1;
	}
	return result;
}

#endif
