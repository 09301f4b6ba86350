/* SPDX-License-Identifier: MIT */
/*
 * System calls without libc in between: errno stays untouched, no cancellation point is added, and
 * nothing that is interposed in this process (write, open, close ...) is called back.
 *
 * Must never be used for calls that libc keeps state about (fork, exit, sigaction).
 */
#ifndef EVH_SRC_SYSCALL_H
#define EVH_SRC_SYSCALL_H

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's own result: negative errno, or what the call returns. */
static inline long evh_syscall(long number, long a, long b, long c, long d, long e, long f)
{
#if defined(__x86_64__) && !defined(__ILP32__)
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#else
	int saved = errno;
	long result = syscall(number, a, b, c, d, e, f);

	if (result == -1)
		result = -errno;
	errno = saved;
	return result;
#endif
}

#define EVH_SYSCALL1(n, a)	    evh_syscall(n, (long)(a), 0, 0, 0, 0, 0)
#define EVH_SYSCALL2(n, a, b)	    evh_syscall(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define EVH_SYSCALL3(n, a, b, c)    evh_syscall(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define EVH_SYSCALL4(n, a, b, c, d) evh_syscall(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)

#endif
