/* SPDX-License-Identifier: MIT */
/*
 * syscall(2), for the numbers that concern us; jumps.S passes on all others without a frame. None
 * of these is a cancellation point when it is called this way, so the original syscall() makes the
 * call, never libc's wrapper.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "captured_call.h"
#include "connect.h"
#include "exits.h"
#include "memory.h"
#include "newer.h"
#include "own_descriptor.h"
#include "raw.h"
#include "real.h"
#include "rlimits.h"
#include "seccomp.h"
#include "self_signals.h"
#include "send.h"
#include "stderr_copies.h"
#include "syscalls.h"

/* aarch64 has none: a number beyond all. On i386, raw.h has these names for the calls with 64-bit
 * offsets; who calls the first ones by number is not seen. */
#ifndef SYS_dup2
#	define SYS_dup2 0x10000
#endif

#define BIT(word, number)                                                                          \
	((uint64_t)((number) / 64 == (word)) << ((number) % 64)) /* nothing in the other words */
#define WORD(w)                                                                                    \
	[w] = BIT(w, SYS_write) | BIT(w, SYS_writev) | BIT(w, SYS_pwrite64) |                      \
	      BIT(w, SYS_pwritev) | BIT(w, SYS_pwritev2) | BIT(w, SYS_sendto) |                    \
	      BIT(w, SYS_sendmsg) | BIT(w, SYS_sendmmsg) | BIT(w, SYS_connect) |                   \
	      BIT(w, SYS_close) | BIT(w, SYS_close_range) | BIT(w, SYS_dup) | BIT(w, SYS_dup2) |   \
	      BIT(w, SYS_dup3) | BIT(w, SYS_fcntl) | BIT(w, SYS_prctl) | BIT(w, SYS_seccomp) |     \
	      BIT(w, SYS_setrlimit) | BIT(w, SYS_prlimit64) | BIT(w, SYS_mmap) |                   \
	      BIT(w, SYS_munmap) | BIT(w, SYS_mremap) | BIT(w, SYS_mprotect) |                     \
	      BIT(w, SYS_pkey_mprotect) | BIT(w, SYS_madvise) | BIT(w, SYS_execve) |               \
	      BIT(w, SYS_execveat) | BIT(w, SYS_unshare) | BIT(w, SYS_exit_group) |                \
	      BIT(w, SYS_kill) | BIT(w, SYS_tkill) | BIT(w, SYS_tgkill) |                          \
	      BIT(w, SYS_rt_sigqueueinfo) | BIT(w, SYS_rt_tgsigqueueinfo)

const uint64_t lt_syscall_numbers[8] = {
	WORD(0), WORD(1), WORD(2), WORD(3), WORD(4), WORD(5), WORD(6), WORD(7),
};

struct call {
	long number, a, b, c, d, e, f;
};

static long make(void *context)
{
	const struct call *call = context;

	return LT_REAL(syscall)(call->number, call->a, call->b, call->c, call->d, call->e, call->f);
}

/* With passthrough off the libc function's twin swallows; it never reaches libc. */
static LT_COLD long swallow(const struct call *call)
{
	int fd = (int)call->a;

	if (call->number == SYS_write || call->number == SYS_pwrite64)
		return write(fd, (const void *)call->b, (size_t)call->c);
	if (call->number == SYS_sendto)
		return send(fd, (const void *)call->b, (size_t)call->c, (int)call->d);
	return writev(fd, (const struct iovec *)call->b, (int)call->c);
}

/* What a call by number is given: bytes, or an array of pieces. */
static long write_heard(struct call *call)
{
	struct iovec one = { (void *)call->b, (size_t)call->c };
	bool in_pieces = call->number == SYS_writev || call->number == SYS_pwritev ||
			 call->number == SYS_pwritev2;
	const struct iovec *pieces = in_pieces ? (const void *)call->b : &one;
	bool addressed = call->number == SYS_sendto;
	struct lt_log_target target;
	int fd = (int)call->a;
	long result;

	if (!lt_send_is_captured(fd, addressed ? (const void *)call->e : NULL,
				 addressed ? (socklen_t)call->f : 0, &target))
		return make(call);
	if (target.kind == LT_COPY_STDERR && lt_copies_swallow(fd))
		return swallow(call);
	CALL_WITH_COPY(result, make(call), fd, &target, pieces, in_pieces ? (size_t)call->c : 1);
	return result;
}

/* Bytes to stderr or to a log. */
static long write_call(struct call *call)
{
	long result;

	if (!lt_heard(LT_WORD_SYSLOG | LT_WORD_STDERR))
		return make(call);
	if (call->number == SYS_sendmsg)
		return lt_send_message((int)call->a, (const struct msghdr *)call->b, make, call);
	if (call->number != SYS_sendmmsg)
		return write_heard(call);
	result = make(call);
	lt_send_take_sent((int)call->a, (const struct mmsghdr *)call->b, result);
	return result;
}

static long connect_call(struct call *call)
{
	long result = make(call);

	if (!result)
		lt_connected((int)call->a, (const struct sockaddr *)call->b, (socklen_t)call->c);
	return result;
}

static long close_call(int fd)
{
	if (lt_own_fd_is(fd) || fd == STDERR_FILENO)
		return close(fd);
	lt_copies_replaced(fd);
	return LT_REAL(syscall)(SYS_close, fd);
}

static long limit_call(long number, long a, long b, long c, long d)
{
	long result;

	if (number == SYS_setrlimit)
		lt_limits_changing((int)a, (const void *)b, sizeof(rlim_t));
	else if (!(int)a || (int)a == lt_process->pid)
		lt_limits_changing((int)b, (const void *)c, sizeof(rlim64_t));
	result = LT_REAL(syscall)(number, a, b, c, d);
	if (!result)
		lt_limits_changed((int)(number == SYS_setrlimit ? a : b));
	return result;
}

static long fcntl_call(int fd, int command, long argument)
{
	if (lt_own_fd_is(fd) || command == F_DUPFD || command == F_DUPFD_CLOEXEC)
		return fcntl(fd, command, argument);
	return LT_REAL(syscall)(SYS_fcntl, fd, command, argument);
}

/*
 * Operations 0 and 1 install a filter. A positive result is the descriptor that was asked for, or
 * names a thread that refused.
 */
static long seccomp_call(unsigned operation, long flags, long filter)
{
	const long all_threads = 1, new_listener = 8; /* SECCOMP_FILTER_FLAG_TSYNC, ..._LISTENER */
	enum lt_confining confining = operation == 0	    ? LT_CONFINING_STRICTLY
				      : flags & all_threads ? LT_CONFINING_ALL_THREADS
							    : LT_CONFINING_THREAD;
	struct lt_confinement before = { 0 };
	long result;

	if (operation <= 1)
		lt_confine_begin(&before, (const void *)filter, confining);
	result = LT_REAL(syscall)(SYS_seccomp, operation, flags, filter);
	if (before.applies)
		lt_confine_end(&before, (const void *)filter,
			       result == 0 || (result > 0 && (flags & new_listener)));
	return result;
}

static long prctl_call(int option, const unsigned long values[4])
{
	struct lt_confinement before;
	long result;

	lt_prctl_begin(&before, option, values);
	result = LT_REAL(syscall)(SYS_prctl, option, values[0], values[1], values[2], values[3]);
	lt_prctl_end(&before, values, result);
	return result;
}

/* An allocator that starts before us may call these: never by what isn't known yet. */
static long memory_call(long number, long a, long b, long c, long d, long e, long f)
{
	lt_memory_changing(number, (long[]){ a, b, c, d, e }, __builtin_frame_address(0));
	if (lt_likely(lt_real.syscall))
		return lt_real.syscall(number, a, b, c, d, e, f);
	return lt_raw_result(LT_RAW6(number, a, b, c, d, e, f));
}

long lt_syscall(long whole, long a, long b, long c, long d, long e, long f)
{
	int number = (int)whole;

	switch (number) {
	case SYS_close:
		return close_call((int)a);
	case SYS_close_range:
		return close_range((unsigned)a, (unsigned)b, (int)c);
	case SYS_dup:
		return dup((int)a);
	case SYS_dup2:
		return dup2((int)a, (int)b);
	case SYS_dup3:
		return dup3((int)a, (int)b, (int)c);
	case SYS_fcntl:
		return fcntl_call((int)a, (int)b, c);
	case SYS_setrlimit:
	case SYS_prlimit64:
		return limit_call(number, a, b, c, d);
	case SYS_prctl:
		return prctl_call((int)a, (unsigned long[]){ (unsigned long)b, (unsigned long)c,
							     (unsigned long)d, (unsigned long)e });
	case SYS_seccomp:
		return seccomp_call((unsigned)a, b, c);
	case SYS_execve:
		return execve((const char *)a, (char *const *)b, (char *const *)c);
	case SYS_execveat:
		return execveat((int)a, (const char *)b, (char *const *)c, (char *const *)d,
				(int)e);
	case SYS_mmap:
	case SYS_munmap:
	case SYS_mremap:
	case SYS_mprotect:
	case SYS_pkey_mprotect:
	case SYS_madvise:
		return memory_call(number, a, b, c, d, e, f);
	case SYS_unshare:
		return unshare((int)a);
	case SYS_exit_group:
		lt_leave_for_good();
		break;
	case SYS_kill:
	case SYS_tkill:
	case SYS_tgkill:
	case SYS_rt_sigqueueinfo:
	case SYS_rt_tgsigqueueinfo:
		lt_signal_sending(number, a, b, c);
		break;
	case SYS_connect:
		return connect_call(&(struct call){ number, a, b, c, d, e, f });
	default:
		return write_call(&(struct call){ number, a, b, c, d, e, f });
	}
	return LT_REAL(syscall)(number, a, b, c, d, e, f);
}
