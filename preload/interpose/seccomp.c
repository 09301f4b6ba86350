/* SPDX-License-Identifier: MIT */
/*
 * Programs that confine themselves. A call of ours that a seccomp filter doesn't know may be the
 * end of the program, so that the filter is run on each of them before it is installed, and what it
 * refuses is left out from then on (confinement.h). The same holds for a program that has system
 * calls handed to it as signals, or makes reading the time stamp counter a fault.
 *
 * Must never make a call to find out whether it is allowed.
 */
#include "seccomp.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "confinement.h"
#include "debug_file.h"
#include "other_threads.h"
#include "own_calls.h"
#include "own_descriptor.h"
#include "process.h"
#include "raw.h"
#include "real.h"
#include "stderr_copies.h"

/* Of Linux 5.11, and of 6.16 where the range is the one whose calls are handed over. */
#ifndef PR_SET_SYSCALL_USER_DISPATCH
#	define PR_SET_SYSCALL_USER_DISPATCH 59
#endif
#define DISPATCH_OFF	   0
#define DISPATCH_INCLUSIVE 2

/* How long a thread may take from asking whether it may make a call to having made it, where nobody
 * can be asked where it is. */
#define LAST_CALLS 10000000 /* ns */

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

/* Confinements that are under way, and how many there were. */
static uint32_t under_way, turns;

static void note(struct lt_confinement *before)
{
	bool alone = !__atomic_fetch_add(&under_way, 1, __ATOMIC_ACQ_REL);
	uint32_t turn = __atomic_add_fetch(&turns, 1, __ATOMIC_ACQ_REL);

	lt_confine_ask();
	/* Behind those: what is noted is what was before the next one begins. */
	*before = (struct lt_confinement){
		.alone = alone,
		.turn = turn,
		.confined = lt_confined,
		.refused = lt_refused,
		.transport_confined = lt_transport.confined,
		.kind = lt_transport.kind,
		.debug_fd = lt_debug_fd,
		.applies = true,
	};
}

/* Leaves these calls out, after those that are needed for that. */
static void leave_out(uint32_t refused)
{
	if (!(refused & ~lt_refused) && !lt_confine_is_unasked())
		return;
	if (!lt_process_is_ours()) {
		/* A child of vfork: its filter is not for the parent's events and other children.
		 */
		lt_confine_apply(refused & ~(uint32_t)(LT_CALL_WRITE | LT_CALL_NEXT));
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

/* A filter for all threads: others may be on their way to a call that they were to make. */
static void await_others(const struct lt_confinement *before)
{
	const struct timespec time = { .tv_nsec = LAST_CALLS };

	if (lt_refused == before->refused || (before->refused & LT_CALL_YIELD) || !lt_heard(~0u) ||
	    lt_has_one_thread())
		return;
	if ((before->refused & LT_CALL_THREADS) || !lt_other_threads_await())
		LT_RAW2(SYS_nanosleep, &time, NULL);
}

void lt_confine_begin(struct lt_confinement *before, const void *filter,
		      enum lt_confining confining)
{
	uint32_t refused = LT_CALLS_ALL;

	note(before);
	if (confining == LT_CONFINING_STRICTLY) {
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
	leave_out(refused);
	if (confining == LT_CONFINING_ALL_THREADS)
		await_others(before);
}

/* Where another thread confined the process meanwhile, what was before is not what holds now. */
static void put_back(const struct lt_confinement *before)
{
	if (!before->alone || __atomic_load_n(&turns, __ATOMIC_ACQUIRE) != before->turn)
		return;
	lt_confined = before->confined;
	lt_refused = before->refused;
	lt_transport.confined = before->transport_confined;
	lt_transport.kind = before->kind;
	lt_debug_fd = before->debug_fd;
}

void lt_confine_end(const struct lt_confinement *before, const void *filter, bool installed)
{
	if (!before->applies)
		return;
	if (!installed || before->unread)
		put_back(before);
	__atomic_sub_fetch(&under_way, 1, __ATOMIC_ACQ_REL);
	if (!before->unread)
		return;
	if (installed) {
		/* The kernel has read it. */
		lt_confined = true;
		lt_confine_apply(look_at(filter));
	}
}

/*
 * Calls from outside of a range, or from inside of it, become signals to the program while a byte
 * of its own says so. It could say so at any moment.
 */
static bool is_dispatched(const unsigned long values[4])
{
	unsigned long begin = values[1], size = values[2];
	const struct lt_own_code code = lt_own_code();

	if (values[0] == DISPATCH_OFF)
		return false;
	if (values[0] == DISPATCH_INCLUSIVE)
		return code.begin < begin + size && begin < code.end;
	return code.begin < begin || code.end > begin + size;
}

void lt_prctl_begin(struct lt_confinement *before, int option, const unsigned long values[4])
{
	before->applies = false;
	if (option == PR_SET_SECCOMP) {
		lt_confine_begin(before, (const void *)values[1],
				 values[0] == SECCOMP_MODE_STRICT ? LT_CONFINING_STRICTLY
								  : LT_CONFINING_THREAD);
	} else if (option == PR_SET_SYSCALL_USER_DISPATCH && is_dispatched(values)) {
		note(before);
		leave_out(LT_CALLS_ALL);
	} else if (option == PR_SET_TSC && values[0] == PR_TSC_SIGSEGV) {
		note(before);
		leave_out(LT_CALL_CLOCK);
	}
}

void lt_prctl_end(const struct lt_confinement *before, const unsigned long values[4], long result)
{
	if (before->applies)
		lt_confine_end(before, (const void *)values[1], result == 0);
}

/* Every prctl takes its arguments as unsigned long, in registers. */
LT_EXPORT int prctl(int option, ...)
{
	struct lt_confinement before;
	va_list arguments;
	unsigned long values[4];
	int result;

	va_start(arguments, option);
	for (int i = 0; i < 4; i++)
		values[i] = va_arg(arguments, unsigned long);
	va_end(arguments);
	lt_prctl_begin(&before, option, values);
	result = LT_REAL(prctl)(option, values[0], values[1], values[2], values[3]);
	lt_prctl_end(&before, values, result);
	return result;
}

#ifdef __i386__
/* What programs call that are built with _TIME_BITS=64. */
int __prctl_time64(int option, ...);
LT_EXPORT int __prctl_time64(int option, ...) __attribute__((alias("prctl"), nothrow, leaf));
#endif
