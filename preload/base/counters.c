/* SPDX-License-Identifier: MIT */
/*
 * The counters. Striped by the thread's address, so that threads seldom share a line of the cache;
 * must never be a cost while LOGTAP_DEBUG is not set.
 */
#include "counters.h"

#include <errno.h>
#include <string.h>

bool lt_debug_on LT_START_DATA;

#define STRIPES 16

static struct {
	uint64_t value[LT_COUNTERS];
} stripes[STRIPES] __attribute__((aligned(128)));

static const char *const counter_names[LT_COUNTERS] = {
	[LT_COUNT_CAPTURED] = "captured",
	[LT_COUNT_SENT] = "sent",
	[LT_COUNT_BELOW_LEVEL] = "below-level",
	[LT_COUNT_OVER_RATE] = "over-rate",
	[LT_COUNT_NOT_HEARD] = "not-listened",
	[LT_COUNT_FD_LOST] = "refused-descriptor-lost",
	[LT_COUNT_NO_SPACE] = "refused-no-space",
	[LT_COUNT_TRY_AGAIN] = "refused-try-again",
	[LT_COUNT_UNREADABLE] = "refused-unreadable",
	[LT_COUNT_FILTERED] = "refused-seccomp",
	[LT_COUNT_OTHER] = "refused-other",
	[LT_COUNT_STAYED] = "stayed-in-segment",
};

void lt_count_slow(enum lt_counter counter)
{
	size_t stripe = (uintptr_t)&lt_thread / 4096 % STRIPES;

	__atomic_add_fetch(&stripes[stripe].value[counter], 1, __ATOMIC_RELAXED);
}

void lt_count_refused(int error)
{
	switch (-error) {
	case EBADF:
		lt_count(LT_COUNT_NOT_HEARD);
		break;
	case ECANCELED:
		lt_count(LT_COUNT_BELOW_LEVEL);
		break;
	case EBUSY:
		lt_count(LT_COUNT_OVER_RATE);
		break;
	case EPERM:
	case EACCES:
	case ENOSYS:
		lt_count(LT_COUNT_FILTERED);
		break;
	case ESTALE:
		lt_count(LT_COUNT_FD_LOST);
		break;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		lt_count(LT_COUNT_NO_SPACE);
		break;
	case EAGAIN:
	case EINTR:
		lt_count(LT_COUNT_TRY_AGAIN);
		break;
	case EFAULT:
		lt_count(LT_COUNT_UNREADABLE);
		break;
	default:
		lt_count(LT_COUNT_OTHER);
		break;
	}
}

void lt_counters_forget(void)
{
	for (size_t i = 0; i < STRIPES && lt_debug_on; i++)
		memset(&stripes[i], 0, sizeof(stripes[i]));
}

const char *lt_counter_name(enum lt_counter counter)
{
	return counter_names[counter];
}

uint64_t lt_counter_sum(enum lt_counter counter)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < STRIPES; i++)
		sum += __atomic_load_n(&stripes[i].value[counter], __ATOMIC_RELAXED);
	return sum;
}
