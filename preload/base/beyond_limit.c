/* SPDX-License-Identifier: MIT */
/* See beyond_limit.h. Must never leave the process's limits other than they were. */
#include "beyond_limit.h"

#include <sys/resource.h>

#include "raw.h"

/* The kernel's table of open files grows with the highest number: 16384 cost 128 KiB. */
#define NUMBER_MAX 16384

static long set_limit(const struct lt_file_limit *limit)
{
	return LT_RAW4(SYS_prlimit64, 0, RLIMIT_NOFILE, limit, NULL);
}

long lt_file_limit_get(struct lt_file_limit *limit)
{
	return LT_RAW4(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, limit);
}

long lt_copy_beyond_limit(int fd, uint64_t number, const struct lt_file_limit *limit, int command)
{
	struct lt_file_limit wider = { number + 1,
				       limit->hard > number ? limit->hard : number + 1 };
	long copy;

	if (number > NUMBER_MAX || number <= 2)
		return -EMFILE;
	if (set_limit(&wider) < 0)
		return -EPERM;
	copy = LT_RAW3(SYS_fcntl, fd, command, number);
	set_limit(limit);
	if (copy >= 0 && (uint64_t)copy != number) {
		LT_RAW1(SYS_close, copy);
		return -EMFILE;
	}
	return copy;
}
