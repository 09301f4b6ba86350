/* SPDX-License-Identifier: MIT */
/*
 * System calls without libc in between: errno stays untouched, no cancellation point is added, and
 * no interposed function is called back.
 */
#ifndef LT_RAW_H
#define LT_RAW_H

#include <errno.h>
#include <sys/syscall.h>

/* The kernel's own result: a negative errno, or what the call returns. */
static inline long lt_raw_call(long number, long a, long b, long c, long d, long e, long f)
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
#	error "logtap's preload library knows the system call of x86_64 and aarch64 only"
#endif
}

#define LT_RAW1(n, a)	       lt_raw_call(n, (long)(a), 0, 0, 0, 0, 0)
#define LT_RAW2(n, a, b)       lt_raw_call(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define LT_RAW3(n, a, b, c)    lt_raw_call(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define LT_RAW4(n, a, b, c, d) lt_raw_call(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define LT_RAW6(n, a, b, c, d, e, f)                                                               \
	lt_raw_call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

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
