/* SPDX-License-Identifier: MIT */
/*
 * Counting events that could not be written, in a word of which the upper half says whose they are:
 * the process's pid. What another process counted in this memory is not ours to tell: it is a
 * parent's, before its fork.
 */
#ifndef EVH_SRC_LOST_COUNT_H
#define EVH_SRC_LOST_COUNT_H

#include <stdint.h>

static inline void evh_lost_add(uint64_t *lost, uint32_t pid, uint64_t more)
{
	uint64_t old = __atomic_load_n(lost, __ATOMIC_RELAXED), count;

	do {
		count = (old >> 32 == pid ? (uint32_t)old : UINT64_C(0)) + more;
		if (count > UINT32_MAX)
			count = UINT32_MAX;
	} while (!__atomic_compare_exchange_n(lost, &old, (uint64_t)pid << 32 | count, true,
					      __ATOMIC_RELAXED, __ATOMIC_RELAXED));
}

/* Takes what this process counted, to tell it. */
static inline uint32_t evh_lost_take(uint64_t *lost, uint32_t pid)
{
	uint64_t old = __atomic_load_n(lost, __ATOMIC_RELAXED);

	while (old >> 32 == pid && (uint32_t)old)
		if (__atomic_compare_exchange_n(lost, &old, 0, true, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return (uint32_t)old;
	return 0;
}

#endif
