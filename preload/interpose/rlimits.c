/* SPDX-License-Identifier: MIT */
/*
 * Resource limits that concern us: RLIMIT_NOFILE, whose end our descriptor stands at, and
 * RLIMIT_FSIZE, beyond which a write to the recording would kill the program.
 */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "debug_file.h"
#include "lost.h"
#include "own_calls.h"
#include "own_descriptor.h"
#include "real.h"
#include "rlimits.h"
#include "stderr_copies.h"

void lt_limits_changed(int resource)
{
	int saved = errno;

	if (resource == RLIMIT_NOFILE) {
		lt_own_fd_limits_changed();
		lt_debug_limits_changed();
	} else if (resource == RLIMIT_FSIZE) {
		evh_transport_refresh_limits(&lt_transport);
	}
	errno = saved;
}

/* struct rlimit, and struct rlimit64, which are the same but on 32-bit processors. */
static void read_limit(uint64_t wanted[2], const void *limit, size_t width)
{
	uint32_t narrow[2];

	if (width == sizeof(*wanted)) {
		memcpy(wanted, limit, 2 * sizeof(*wanted));
		return;
	}
	memcpy(narrow, limit, sizeof(narrow));
	for (int i = 0; i < 2; i++)
		wanted[i] = narrow[i] == UINT32_MAX ? UINT64_MAX : narrow[i];
}

/* The program's own struct, which may be anywhere: the kernel has not looked at it yet. */
void lt_limits_changing(int resource, const void *limit, size_t width)
{
	uint64_t wanted[2];

	if (resource == RLIMIT_FSIZE && lt_may(LT_CALL_PROBE) && limit &&
	    lt_readable(limit, 2 * width)) {
		read_limit(wanted, limit, width);
		lt_lost_before_limit(wanted[0]);
	}
	if (resource != RLIMIT_NOFILE || lt_own_fd < 0 || lt_confined ||
	    !lt_may(LT_CALL_NUMBERS | LT_CALL_PROBE) || !limit || !lt_readable(limit, 2 * width))
		return;
	read_limit(wanted, limit, width);
	lt_own_fd_limits_changing(wanted[0], wanted[1]);
}

static bool is_this_process(pid_t pid)
{
	return !pid || pid == lt_process->pid;
}

LT_EXPORT int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	int result;

	lt_limits_changing((int)resource, limit, sizeof(limit->rlim_cur));
	result = LT_REAL(setrlimit)(resource, limit);
	if (!result)
		lt_limits_changed((int)resource);
	return result;
}

LT_EXPORT int setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit)
{
	int result;

	lt_limits_changing((int)resource, limit, sizeof(limit->rlim_cur));
	result = LT_REAL(setrlimit64)(resource, limit);
	if (!result)
		lt_limits_changed((int)resource);
	return result;
}

LT_EXPORT int prlimit(__pid_t pid, enum __rlimit_resource resource, const struct rlimit *limit,
		      struct rlimit *old)
{
	int result;

	if (is_this_process(pid))
		lt_limits_changing((int)resource, limit, sizeof(limit->rlim_cur));
	result = LT_REAL(prlimit)(pid, resource, limit, old);
	if (!result && limit)
		lt_limits_changed((int)resource);
	return result;
}

LT_EXPORT int prlimit64(__pid_t pid, enum __rlimit_resource resource, const struct rlimit64 *limit,
			struct rlimit64 *old)
{
	int result;

	if (is_this_process(pid))
		lt_limits_changing((int)resource, limit, sizeof(limit->rlim_cur));
	result = LT_REAL(prlimit64)(pid, resource, limit, old);
	if (!result && limit)
		lt_limits_changed((int)resource);
	return result;
}
