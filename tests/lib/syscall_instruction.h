/* SPDX-License-Identifier: MIT */
/* A system call by its instruction, past libc and so past what is preloaded. Returns what the
 * kernel does, a negative errno on failure; errno is not touched. */
#ifndef LOGTAP_TESTS_SYSCALL_INSTRUCTION_H
#define LOGTAP_TESTS_SYSCALL_INSTRUCTION_H

#include <sys/syscall.h>

/* i386 has it under another name. */
#ifndef SYS_newfstatat
#	define SYS_newfstatat SYS_fstatat64
#endif

static inline long syscall_instruction(long number, long a, long b, long c)
{
#ifdef __x86_64__
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return result;
#elif defined(__i386__)
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(number), "b"(a), "c"(b), "d"(c)
			 : "memory");
	return result;
#else
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
#endif
}

#endif
