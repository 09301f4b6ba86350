/* SPDX-License-Identifier: MIT */
/*
 * Keeping our descriptor; see own_descriptor.h. Must never write to a file that is not ours, and
 * never leave the program's limits other than they were.
 */
#include "own_descriptor.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "beyond_limit.h"
#include "confinement.h"
#include "own_calls.h"
#include "process.h"
#include "raw.h"
#include "transport.h"

/*
 * The signal that F_SETSIG leaves on our open file: nothing else in a process sets it, and the
 * kernel never sends it, since O_ASYNC is off. Reading it costs 190 ns where fstat takes 460.
 */
#define MARK 61

/* The fallback stays below select()'s 1024. */
#define FALLBACK_MAX 1023

int lt_own_fd = -1;

bool lt_own_fd_checked LT_START_DATA;

bool lt_own_fd_listed LT_START_DATA;

static long copy_at_least(int fd, uint64_t number)
{
	return LT_RAW3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, number);
}

/* A copy at `number`, at or beyond the present limit. */
static long copy_to(int fd, uint64_t number, const struct lt_file_limit *limit)
{
	return lt_copy_beyond_limit(fd, number, limit, F_DUPFD_CLOEXEC);
}

long lt_own_fd_copy_beyond(int fd, unsigned distance)
{
	struct lt_file_limit limit = { 0 };

	if (lt_file_limit_get(&limit) < 0)
		return -EMFILE;
	return copy_to(fd, limit.soft + distance, &limit);
}

static long copy_high(int fd)
{
	struct lt_file_limit limit = { 0 };
	uint64_t number = FALLBACK_MAX;
	long copy;

	if (lt_file_limit_get(&limit) == 0 && limit.soft <= number)
		number = limit.soft ? limit.soft - 1 : 0;
	for (;;) {
		copy = copy_at_least(fd, number < 3 ? 3 : number);
		if (copy >= 0 || number <= 3)
			return copy;
		number /= 2;
	}
}

/*
 * Makes `copy` ours in the place of `old`. False: another thread was first; `copy` is closed, and
 * `old`, which that thread closes, may be the program's by now.
 */
static bool take(int old, long copy, bool checked)
{
	int number = (int)copy;

	if (!__atomic_compare_exchange_n(&lt_own_fd, &old, number, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_RELAXED)) {
		LT_RAW1(SYS_close, copy);
		return false;
	}
	__atomic_store_n(&lt_own_fd_checked, checked, __ATOMIC_RELAXED);
	/* The last to come here leaves the transport with the last number. */
	do {
		copy = number;
		__atomic_store_n(&lt_transport.fd, number, __ATOMIC_SEQ_CST);
		number = __atomic_load_n(&lt_own_fd, __ATOMIC_SEQ_CST);
	} while (number != copy);
	return true;
}

/*
 * Copies `fd` to the best number there is and makes that ours in the place of `old`; `fd` itself
 * stays open.
 */
static int move_to_best(int fd, int old)
{
	long copy = lt_own_fd_copy_beyond(fd, 0);

	if (copy >= 0)
		return take(old, copy, false) ? 0 : -EBUSY;
	copy = copy_high(fd);
	if (copy < 0)
		return (int)copy;
	if (!lt_own_fd_mark((int)copy)) {
		LT_RAW1(SYS_close, copy);
		return -EMFILE;
	}
	return take(old, copy, true) ? 0 : -EBUSY;
}

bool lt_own_fd_in_reach(int number)
{
	struct lt_file_limit limit = { 0 };

	return lt_file_limit_get(&limit) < 0 || (uint64_t)number < limit.soft;
}

int lt_own_fd_adopt(void)
{
	int old = lt_transport.fd;
	int error;

	/* The launcher hands its descriptor on as the number that no call can take. */
	if (lt_transport.fd_borrowed && old > STDERR_FILENO && lt_may(LT_CALL_NUMBERS) &&
	    !lt_own_fd_in_reach(old)) {
		__atomic_store_n(&lt_own_fd, old, __ATOMIC_RELAXED);
		return 0;
	}
	/* Neither copied nor marked: it stays where it was opened. */
	if (!lt_may(LT_CALL_NUMBERS)) {
		__atomic_store_n(&lt_own_fd, old, __ATOMIC_RELAXED);
		return 0;
	}
	error = move_to_best(old, lt_own_fd);
	if (!lt_transport.fd_borrowed)
		LT_RAW1(SYS_close, old);
	if (error)
		lt_transport.fd = -1;
	else
		lt_transport.fd_borrowed = false;
	return error;
}

bool lt_own_fd_mark(int fd)
{
	return LT_RAW3(SYS_fcntl, fd, F_SETSIG, MARK) == 0;
}

bool lt_own_fd_is_marked(int fd)
{
	return LT_RAW2(SYS_fcntl, fd, F_GETSIG) == MARK;
}

bool lt_own_fd_check_mark(void)
{
	return !lt_may(LT_CALL_NUMBERS) || lt_own_fd_is_marked(lt_own_fd_number());
}

/* Where it can't be copied: the recording is opened once more, which takes another number. */
static void move_by_opening(void)
{
	const struct evh_file_confinement confinement = {
		.calls = lt_confine_transport(),
		.pid = (uint32_t)lt_process->pid,
		.tid = lt_process_tid,
		.file_size_max = lt_transport.file_size_max,
	};
	struct evh_transport again;
	int old = lt_own_fd;

	if (lt_settings.sink != LT_SINK_FILE || !lt_may(LT_CALL_OPEN) ||
	    evh_file_open(&again, lt_settings.sink_path, &confinement))
		return;
	__atomic_store_n(&lt_transport.fd, again.fd, __ATOMIC_RELAXED);
	__atomic_store_n(&lt_own_fd, again.fd, __ATOMIC_RELAXED);
	LT_RAW1(SYS_close, old);
	evh_file_close(&again);
}

/* Ours was copied to another number. A borrowed one is for the programs that follow, too. */
static void drop(int old)
{
	if (!__atomic_exchange_n(&lt_transport.fd_borrowed, false, __ATOMIC_RELAXED))
		LT_RAW1(SYS_close, old);
}

static void move_away(void)
{
	int old = lt_own_fd_number();

	if (lt_own_fd_check() && !move_to_best(old, old))
		drop(old);
}

/*
 * A number at the limit can't be copied onto, and the kernel says so by itself; but another process
 * may have raised the limit since, so it is asked again. A child of vfork can't move what its
 * parent uses: the mark, which the open file has in both, tells them apart from then on.
 */
void lt_own_fd_make_way(void)
{
	if (lt_confined)
		return;
	if (!lt_may(LT_CALL_NUMBERS)) {
		if (lt_process_is_ours())
			move_by_opening();
		return;
	}
	if (!lt_own_fd_in_reach(lt_own_fd_number()))
		return;
	if (lt_process_is_ours())
		move_away();
	else if (!lt_own_fd_checked && lt_own_fd_mark(lt_own_fd))
		__atomic_store_n(&lt_own_fd_checked, true, __ATOMIC_RELAXED);
}

int lt_own_fd_replace(int fd)
{
	int number = lt_own_fd_number();
	long error;

	if (number < 0 || lt_confined || !lt_may(LT_CALLS_ALL) || !lt_process_is_ours() ||
	    !lt_own_fd_check())
		return -EBUSY;
	if (fd < 0)
		return 0;
	if (lt_own_fd_checked && !lt_own_fd_mark(fd))
		return -EMFILE;
	error = lt_replace_beyond_limit(fd, number);
	if (!error)
		LT_RAW1(SYS_close, fd);
	return (int)error;
}

void lt_own_fd_lost(void)
{
	if (!lt_process_is_ours())
		return;
	__atomic_store_n(&lt_transport.fd, -1, __ATOMIC_RELAXED);
	__atomic_store_n(&lt_own_fd, -1, __ATOMIC_RELAXED);
}

void lt_own_fd_limits_changing(uint64_t soft, uint64_t hard)
{
	int old = lt_own_fd_number();
	struct lt_file_limit limit = { 0 };
	long copy;

	if (old < 0 || lt_confined || !lt_may(LT_CALL_NUMBERS) || !lt_process_is_ours() ||
	    soft > hard)
		return;
	if ((uint64_t)old >= hard || lt_file_limit_get(&limit) < 0 || hard >= limit.hard)
		return;
	/* The hard one will do for all that may follow; else what the program can reach by now. */
	copy = lt_own_fd_check() ? copy_to(old, hard, &limit) : -EBADF;
	if (copy < 0 && (uint64_t)old < soft && lt_own_fd_check())
		copy = copy_to(old, soft, &limit);
	if (copy < 0)
		return;
	if (take(old, copy, false))
		drop(old);
}

/* At or above the limit nothing can take the number, and moving would only cost the program one. */
void lt_own_fd_limits_changed(void)
{
	if (lt_own_fd_number() < 0 || lt_confined || !lt_may(LT_CALL_NUMBERS) ||
	    !lt_process_is_ours())
		return;
	if (lt_own_fd_in_reach(lt_own_fd_number()))
		move_away();
}

bool lt_own_fd_give_way(void)
{
	int old = lt_own_fd_number();
	long copy;

	if (old < 0 || lt_confined || !lt_may(LT_CALL_NUMBERS) || !lt_process_is_ours() ||
	    !lt_own_fd_in_reach(old) || !lt_own_fd_check())
		return false;
	copy = lt_own_fd_copy_beyond(old, 0);
	if (copy < 0)
		return false;
	if (take(old, copy, false))
		drop(old);
	return true;
}
