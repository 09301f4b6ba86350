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
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
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

/*
 * The same with three arguments and whatever is in the registers of the others: not for the preload
 * library, which knows what seccomp filters say of calls whose other arguments are 0.
 */
static inline long evh_syscall3(long number, long a, long b, long c)
{
#if defined(__x86_64__) && !defined(__ILP32__)
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return result;
#else
	return evh_syscall(number, a, b, c, 0, 0, 0);
#endif
}

#define EVH_SYSCALL1(n, a)	    evh_syscall(n, (long)(a), 0, 0, 0, 0, 0)
#define EVH_SYSCALL2(n, a, b)	    evh_syscall(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define EVH_SYSCALL3(n, a, b, c)    evh_syscall(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define EVH_SYSCALL4(n, a, b, c, d) evh_syscall(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define EVH_SYSCALL6(n, a, b, c, d, e, f)                                                          \
	evh_syscall(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/*
 * stat(2), fstat(2) and mmap(2), which preloaded libraries like to interpose. Where libc's
 * structures or arguments are not the kernel's (32 bits), libc is called after all. 0 or a negative
 * errno.
 */
static inline int evh_stat(const char *path, struct stat *status)
{
#ifdef __LP64__
	return (int)EVH_SYSCALL4(SYS_newfstatat, AT_FDCWD, path, status, 0);
#else
	return stat(path, status) ? -errno : 0;
#endif
}

static inline int evh_fstat(int fd, struct stat *status)
{
#ifdef __LP64__
	return (int)EVH_SYSCALL2(SYS_fstat, fd, status);
#else
	return fstat(fd, status) ? -errno : 0;
#endif
}

/* Fresh memory of the process's own, zero and not yet there; NULL when there is none. */
static inline void *evh_map_memory(size_t size)
{
#ifdef __LP64__
	long place = EVH_SYSCALL6(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return place > -4096 && place < 0 ? NULL : (void *)place;
#else
	void *place = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return place == MAP_FAILED ? NULL : place;
#endif
}

static inline void evh_unmap_memory(void *memory, size_t size)
{
	EVH_SYSCALL2(SYS_munmap, memory, size);
}

#endif
