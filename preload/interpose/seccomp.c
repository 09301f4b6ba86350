/* SPDX-License-Identifier: MIT */
/*
 * Programs that install a seccomp filter. A call of ours that a filter doesn't know may be the end
 * of the program, so that the filter is run on each of them before it is installed, and what it
 * refuses is left out from then on (confinement.h).
 *
 * Must never make a call to find out whether it is allowed.
 */
#include "seccomp.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>

#include "confinement.h"
#include "debug_file.h"
#include "own_calls.h"
#include "own_descriptor.h"
#include "real.h"
#include "stderr_copies.h"

static uint32_t look_at(const void *filter)
{
	struct sock_fprog program;

	memcpy(&program, filter, sizeof(program));
	return lt_own_calls_refused(program.filter, program.len, lt_transport.fd, lt_debug_fd);
}

/* Whether the filter can be read without a fault. */
static bool can_look_at(const void *filter)
{
	struct sock_fprog program;

	if (!lt_may(LT_CALL_PROBE) || !lt_readable(filter, sizeof(program)))
		return false;
	memcpy(&program, filter, sizeof(program));
	return lt_readable(program.filter, program.len * sizeof(*program.filter));
}

void lt_confine_begin(struct lt_confinement *before, const void *filter, bool strict)
{
	uint32_t refused = LT_CALLS_ALL;

	*before = (struct lt_confinement){
		.confined = lt_confined,
		.refused = lt_refused,
		.transport_confined = lt_transport.confined,
		.kind = lt_transport.kind,
		.debug_fd = lt_debug_fd,
		.applies = true,
	};
	if (strict) {
		refused = LT_CALLS_ALL & ~(uint32_t)(LT_CALL_WRITE | LT_CALL_DEBUG);
	} else if (can_look_at(filter)) {
		refused = look_at(filter);
	} else {
		/* The kernel can't read it either where that was asked: programs ask what it knows
		 * by such a pointer, while other threads log. Otherwise it may do anything. */
		before->unread = true;
		if (lt_may(LT_CALL_PROBE))
			return;
	}
	/* Our descriptor stays: the filter may know numbers. */
	lt_confined = true;
	if (!(refused & ~lt_refused))
		return;
	if (!lt_process_is_ours()) {
		/* A child of vfork: its filter is not for the parent's events. */
		lt_confine_apply(refused & ~(uint32_t)LT_CALL_WRITE);
		return;
	}
	lt_thread_enter(&lt_thread);
	evh_transport_refresh_limits(&lt_transport);
	evh_transport_announce(&lt_transport);
	lt_debug_confine(refused);
	if (!lt_own_fd_check())
		refused |= LT_CALL_WRITE;
	lt_confine_apply(refused);
}

static void put_back(const struct lt_confinement *before)
{
	lt_confined = before->confined;
	lt_refused = before->refused;
	lt_transport.confined = before->transport_confined;
	lt_transport.kind = before->kind;
	lt_debug_fd = before->debug_fd;
}

void lt_confine_end(const struct lt_confinement *before, const void *filter, bool installed)
{
	if (!before->applies || (installed && !before->unread))
		return;
	put_back(before);
	if (installed) {
		/* The kernel has read it. */
		lt_confined = true;
		lt_confine_apply(look_at(filter));
	}
}

/* Every prctl takes its arguments as unsigned long, in registers. */
LT_EXPORT int prctl(int option, ...)
{
	struct lt_confinement before = { 0 };
	va_list arguments;
	unsigned long values[4];
	int result;

	va_start(arguments, option);
	for (int i = 0; i < 4; i++)
		values[i] = va_arg(arguments, unsigned long);
	va_end(arguments);
	if (lt_unlikely(option == PR_SET_SECCOMP))
		lt_confine_begin(&before, (const void *)values[1],
				 values[0] == SECCOMP_MODE_STRICT);
	result = LT_REAL(prctl)(option, values[0], values[1], values[2], values[3]);
	if (lt_unlikely(before.applies))
		lt_confine_end(&before, (const void *)values[1], result == 0);
	return result;
}
