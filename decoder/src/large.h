/* SPDX-License-Identifier: MIT */
/*
 * Memory of some megabytes that will be filled: in huge pages, where there are such, so that it
 * costs one page fault instead of hundreds. Freed with free().
 */
#ifndef EVH_LARGE_H
#define EVH_LARGE_H

#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

/* NULL without memory, as malloc(). */
static inline void *large_alloc(size_t size)
{
	void *data;

	if (size < HUGE_PAGE || size > SIZE_MAX - HUGE_PAGE)
		return malloc(size);
	size = (size + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	data = aligned_alloc(HUGE_PAGE, size);
	if (data)
		madvise(data, size, MADV_HUGEPAGE);
	return data;
}

#endif
