/* SPDX-License-Identifier: MIT */
/*
 * Calls by which a program makes memory of its own unreadable. What it then writes from there is
 * answered with EFAULT; we would read it before, and die (readable.h).
 *
 * Must never look for the function behind: an allocator may call these before libc has started, and
 * then the kernel is called instead.
 */
#include "memory.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "raw.h"
#include "readable.h"
#include "real.h"

/* Since Linux 6.13. */
#ifndef MADV_GUARD_INSTALL
#	define MADV_GUARD_INSTALL 102
#endif

/* Whether the range of this call may be unreadable afterwards, in this process or in a child. */
static bool takes_away(long number, const long arguments[5])
{
	switch (number) {
	case SYS_munmap:
	case SYS_mremap:
		return true;
	case SYS_mprotect:
		return !(arguments[2] & PROT_READ);
	case SYS_pkey_mprotect:
		return !(arguments[2] & PROT_READ) || arguments[3] != -1;
	case SYS_mmap:
		/* Of a file there may be less than is mapped. */
		return (arguments[3] & MAP_FIXED) &&
		       (!(arguments[2] & PROT_READ) || !(arguments[3] & MAP_ANONYMOUS));
	case SYS_madvise:
		return arguments[2] == MADV_DONTFORK || arguments[2] == MADV_GUARD_INSTALL ||
		       arguments[2] == MADV_HWPOISON;
	default:
		return false;
	}
}

void lt_memory_changing(long number, const long arguments[5], const char *here)
{
	if (!takes_away(number, arguments))
		return;
	lt_memory_doubted((const void *)arguments[0], (size_t)arguments[1], here);
	if (number == SYS_mremap && (arguments[3] & MREMAP_FIXED))
		lt_memory_doubted((const void *)arguments[4], (size_t)arguments[2], here);
}

/* Looks at a call's arguments, and makes it by libc's function or, before that is known, itself. */
#define CHANGE(number, original, arguments, a, b, c, d, e, f)                                      \
	(lt_memory_changing(number, (long[]){ (long)(a), (long)(b), (long)(c), (long)(d), (e) },   \
			    __builtin_frame_address(0)),                                           \
	 lt_likely(lt_real.original) ? lt_real.original arguments                                  \
				     : (__typeof__(lt_real.original arguments))lt_raw_result(      \
					       LT_RAW6(number, a, b, c, d, e, f)))

LT_EXPORT int mprotect(void *address, size_t size, int protection)
{
	return CHANGE(SYS_mprotect, mprotect, (address, size, protection), address, size,
		      protection, 0, 0, 0);
}

LT_EXPORT int pkey_mprotect(void *address, size_t size, int protection, int key)
{
	return CHANGE(SYS_pkey_mprotect, pkey_mprotect, (address, size, protection, key), address,
		      size, protection, key, 0, 0);
}

LT_EXPORT int munmap(void *address, size_t size)
{
	return CHANGE(SYS_munmap, munmap, (address, size), address, size, 0, 0, 0, 0);
}

LT_EXPORT int madvise(void *address, size_t size, int advice)
{
	return CHANGE(SYS_madvise, madvise, (address, size, advice), address, size, advice, 0, 0,
		      0);
}

/* The new address is there only with MREMAP_FIXED; without, what is passed on is not looked at. */
LT_EXPORT void *mremap(void *address, size_t size, size_t new_size, int flags, ...)
{
	va_list arguments;
	long place;

	va_start(arguments, flags);
	place = va_arg(arguments, long);
	va_end(arguments);
	return CHANGE(SYS_mremap, mremap, (address, size, new_size, flags, (void *)place), address,
		      size, new_size, flags, place, 0);
}

/* What the kernel counts a mapping's place in a file in. */
#ifdef __i386__
#	define IN_UNITS(offset) ((offset) >> 12)
#else
#	define IN_UNITS(offset) (offset)
#endif

LT_EXPORT void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
	return CHANGE(SYS_mmap, mmap, (address, size, protection, flags, fd, offset), address, size,
		      protection, flags, fd, IN_UNITS(offset));
}

LT_EXPORT void *mmap64(void *address, size_t size, int protection, int flags, int fd,
		       off64_t offset)
{
	return CHANGE(SYS_mmap, mmap64, (address, size, protection, flags, fd, offset), address,
		      size, protection, flags, fd, IN_UNITS(offset));
}
