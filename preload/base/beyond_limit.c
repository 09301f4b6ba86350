/* SPDX-License-Identifier: MIT */
/* See beyond_limit.h. Must never leave the process's limits other than they were. */
#include "beyond_limit.h"

#include <errno.h>
#include <fcntl.h>
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

/* Sets the limit; what it was. */
static long exchange_limit(const struct lt_file_limit *limit, struct lt_file_limit *was)
{
	return LT_RAW4(SYS_prlimit64, 0, RLIMIT_NOFILE, limit, was);
}

long lt_replace_beyond_limit(int fd, int number)
{
	struct lt_file_limit limit = { 0 }, wider, was = { 0 }, seen = { 0 };
	long result = LT_RAW3(SYS_dup3, fd, number, O_CLOEXEC);

	if (result != -EBADF || lt_file_limit_get(&limit) < 0 || (uint64_t)number < limit.soft)
		return result < 0 ? result : 0;
	wider = (struct lt_file_limit){ (uint64_t)number + 1, limit.hard > (uint64_t)number
								      ? limit.hard
								      : (uint64_t)number + 1 };
	if (exchange_limit(&wider, &was) < 0)
		return -EPERM;
	result = LT_RAW3(SYS_dup3, fd, number, O_CLOEXEC);
	/* What another thread has set since is to stay. */
	if (exchange_limit(&was, &seen) == 0 &&
	    (seen.soft != wider.soft || seen.hard != wider.hard))
		set_limit(&seen);
	return result < 0 ? result : 0;
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
