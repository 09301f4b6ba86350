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
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where the system call's instruction is known, and so that libc's structures are the kernel's. */
#if ((defined(__x86_64__) || defined(__aarch64__)) && defined(__LP64__)) || defined(__i386__)
#	define EVH_OWN_SYSCALL
#endif

/*
 * On i386 the first calls of these names have ids of 16 bits and offsets of 32; the structures here
 * are those of the second: with _FILE_OFFSET_BITS=64, struct stat and struct flock.
 */
#if defined(__i386__)
#	undef SYS_fstat
#	define SYS_fstat      SYS_fstat64
#	define SYS_newfstatat SYS_fstatat64
#	undef SYS_fcntl
#	define SYS_fcntl SYS_fcntl64
#	undef SYS_mmap
#	define SYS_mmap SYS_mmap2 /* the offset is in pages; ours is 0 */
#	undef SYS_getuid
#	define SYS_getuid SYS_getuid32
#	undef SYS_geteuid
#	define SYS_geteuid SYS_geteuid32
#	undef SYS_fchown
#	define SYS_fchown SYS_fchown32
#endif

/* The kernel's own result: negative errno, or what the call returns. */
static inline long evh_syscall(long number, long a, long b, long c, long d, long e, long f)
{
#if defined(EVH_OWN_SYSCALL) && defined(__x86_64__)
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
#elif defined(EVH_OWN_SYSCALL) && defined(__i386__)
	/* There is no seventh register: two arguments come by memory, and ebp by the stack. */
	const long rest[2] = { number, f };
	long result;

	__asm__ volatile("push %%ebp\n\t"
			 "mov 4(%%eax), %%ebp\n\t"
			 "mov (%%eax), %%eax\n\t"
			 "int $0x80\n\t"
			 "pop %%ebp"
			 : "=a"(result)
			 : "0"(rest), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return result;
#elif defined(EVH_OWN_SYSCALL)
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
#if defined(EVH_OWN_SYSCALL) && defined(__x86_64__)
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
 * pread(2), pwrite(2), and lseek(2) without an offset. What a position is handed over in, 32-bit
 * processors each have their own rule for. The bytes or the position, or a negative errno.
 */
static inline long evh_pread(int fd, void *bytes, size_t size, uint64_t place)
{
#if defined(__i386__)
	return evh_syscall(SYS_pread64, fd, (long)bytes, (long)size, (long)place,
			   (long)(place >> 32), 0);
#elif defined(EVH_OWN_SYSCALL)
	return EVH_SYSCALL4(SYS_pread64, fd, bytes, size, place);
#else
	long got = pread(fd, bytes, size, (off_t)place);

	return got < 0 ? -errno : got;
#endif
}

static inline long evh_pwrite(int fd, const void *bytes, size_t size, uint64_t place)
{
#if defined(__i386__)
	return evh_syscall(SYS_pwrite64, fd, (long)bytes, (long)size, (long)place,
			   (long)(place >> 32), 0);
#elif defined(EVH_OWN_SYSCALL)
	return EVH_SYSCALL4(SYS_pwrite64, fd, bytes, size, place);
#else
	long put = pwrite(fd, bytes, size, (off_t)place);

	return put < 0 ? -errno : put;
#endif
}

static inline int64_t evh_seek(int fd, int whence)
{
#if defined(__i386__)
	int64_t place = 0;
	long error = evh_syscall(SYS__llseek, fd, 0, 0, (long)&place, whence, 0);

	return error < 0 ? error : place;
#elif defined(EVH_OWN_SYSCALL)
	return EVH_SYSCALL3(SYS_lseek, fd, 0, whence);
#else
	off_t place = lseek(fd, 0, whence);

	return place < 0 ? -errno : place;
#endif
}

/*
 * stat(2), fstat(2) and mmap(2), which preloaded libraries like to interpose. Where libc's
 * structures or arguments are not the kernel's (32 bits, mmap of s390x), libc is called after all.
 * 0 or a negative errno.
 */
static inline int evh_stat(const char *path, struct stat *status)
{
#ifdef EVH_OWN_SYSCALL
	return (int)EVH_SYSCALL4(SYS_newfstatat, AT_FDCWD, path, status, 0);
#else
	return stat(path, status) ? -errno : 0;
#endif
}

static inline int evh_fstat(int fd, struct stat *status)
{
#ifdef EVH_OWN_SYSCALL
	return (int)EVH_SYSCALL2(SYS_fstat, fd, status);
#else
	return fstat(fd, status) ? -errno : 0;
#endif
}

/* Fresh memory of the process's own, zero and not yet there; NULL when there is none. */
static inline void *evh_map_memory(size_t size)
{
#ifdef EVH_OWN_SYSCALL
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
