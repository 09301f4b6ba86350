/* SPDX-License-Identifier: MIT */
/*
 * Keeping our descriptor; see guard.h. Must never write to a file that is not ours, and never leave
 * the program's limits other than they were.
 */
#include "guard.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "confine.h"
#include "own_calls.h"
#include "process.h"
#include "raw.h"
#include "transport.h"

/*
 * The signal that F_SETSIG leaves on our open file: nothing else in a process sets it, and the
 * kernel never sends it, since O_ASYNC is off. Reading it costs 190 ns where fstat takes 460.
 */
#define MARK 61

/* The kernel's table of open files grows with the highest number: 16384 cost 128 KiB. */
#define NUMBER_MAX 16384

/* The fallback stays below select()'s 1024. */
#define FALLBACK_MAX 1023

int lt_guard_fd = -1;

bool lt_guard_checked;

struct limit {
	uint64_t soft, hard;
};

static long get_limit(struct limit *limit)
{
	return LT_RAW4(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, limit);
}

static long set_limit(const struct limit *limit)
{
	return LT_RAW4(SYS_prlimit64, 0, RLIMIT_NOFILE, limit, NULL);
}

static long copy_at_least(int fd, uint64_t number)
{
	return LT_RAW3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, number);
}

long lt_guard_copy_beyond(int fd, unsigned distance)
{
	struct limit limit = { 0 }, wider;
	uint64_t number;
	long copy;

	if (get_limit(&limit) < 0 || limit.soft > NUMBER_MAX || limit.soft <= 2)
		return -EMFILE;
	number = limit.soft + distance;
	wider.soft = number + 1;
	wider.hard = limit.hard > number ? limit.hard : wider.soft;
	if (set_limit(&wider) < 0)
		return -EPERM;
	copy = copy_at_least(fd, number);
	set_limit(&limit);
	if (copy >= 0 && (uint64_t)copy != number) {
		LT_RAW1(SYS_close, copy);
		return -EMFILE;
	}
	return copy;
}

static long copy_high(int fd)
{
	struct limit limit = { 0 };
	uint64_t number = FALLBACK_MAX;
	long copy;

	if (get_limit(&limit) == 0 && limit.soft <= number)
		number = limit.soft ? limit.soft - 1 : 0;
	for (;;) {
		copy = copy_at_least(fd, number < 3 ? 3 : number);
		if (copy >= 0 || number <= 3)
			return copy;
		number /= 2;
	}
}

/* Copies `fd` to the best number there is and makes that ours; `fd` itself stays open. */
static int settle(int fd)
{
	bool fallback = false;
	long copy = lt_guard_copy_beyond(fd, 0);

	if (copy < 0) {
		fallback = true;
		copy = copy_high(fd);
		if (copy < 0)
			return (int)copy;
		if (!lt_guard_mark((int)copy)) {
			LT_RAW1(SYS_close, copy);
			return -EMFILE;
		}
	}
	lt_guard_checked = fallback;
	__atomic_store_n(&lt_transport.fd, (int)copy, __ATOMIC_RELAXED);
	__atomic_store_n(&lt_guard_fd, (int)copy, __ATOMIC_RELAXED);
	return 0;
}

/* Where it lies below the limit, calls can take the number. In doubt it does. */
static bool below_limit(int number)
{
	struct limit limit = { 0 };

	return get_limit(&limit) < 0 || (uint64_t)number < limit.soft;
}

int lt_guard_adopt(void)
{
	int old = lt_transport.fd;
	int error;

	/* The launcher hands its descriptor on as the number that no call can take. */
	if (lt_transport.fd_borrowed && old > STDERR_FILENO && lt_may(LT_CALL_NUMBERS) &&
	    !below_limit(old)) {
		__atomic_store_n(&lt_guard_fd, old, __ATOMIC_RELAXED);
		return 0;
	}
	/* Neither copied nor marked: it stays where it was opened. */
	if (!lt_may(LT_CALL_NUMBERS)) {
		__atomic_store_n(&lt_guard_fd, old, __ATOMIC_RELAXED);
		return 0;
	}
	error = settle(old);
	if (!lt_transport.fd_borrowed)
		LT_RAW1(SYS_close, old);
	if (error)
		lt_transport.fd = -1;
	else
		lt_transport.fd_borrowed = false;
	return error;
}

bool lt_guard_mark(int fd)
{
	return LT_RAW3(SYS_fcntl, fd, F_SETSIG, MARK) == 0;
}

bool lt_guard_is_marked(int fd)
{
	return LT_RAW2(SYS_fcntl, fd, F_GETSIG) == MARK;
}

bool lt_guard_check_mark(void)
{
	return !lt_may(LT_CALL_NUMBERS) || lt_guard_is_marked(lt_guard_fd);
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
	int old = lt_guard_fd;

	if (lt_settings.sink != LT_SINK_FILE || !lt_may(LT_CALL_OPEN) ||
	    evh_file_open(&again, lt_settings.sink_path, &confinement))
		return;
	__atomic_store_n(&lt_transport.fd, again.fd, __ATOMIC_RELAXED);
	__atomic_store_n(&lt_guard_fd, again.fd, __ATOMIC_RELAXED);
	LT_RAW1(SYS_close, old);
}

static void move_away(void)
{
	int old = lt_guard_fd;

	if (!lt_guard_check() || settle(old))
		return;
	/* A borrowed one is for the programs that this one becomes, too. */
	if (!lt_transport.fd_borrowed)
		LT_RAW1(SYS_close, old);
	lt_transport.fd_borrowed = false;
}

/*
 * A number at the limit can't be copied onto, and the kernel says so by itself; but another process
 * may have raised the limit since, so it is asked again. A child of vfork can't move what its
 * parent uses: the mark, which the open file has in both, tells them apart from then on.
 */
void lt_guard_make_way(void)
{
	if (lt_confined)
		return;
	if (!lt_may(LT_CALL_NUMBERS)) {
		if (lt_process_is_ours())
			move_by_opening();
		return;
	}
	if (!lt_guard_checked && !below_limit(lt_guard_fd))
		return;
	if (lt_process_is_ours())
		move_away();
	else if (!lt_guard_checked && lt_guard_mark(lt_guard_fd))
		lt_guard_checked = true;
}

void lt_guard_lost(void)
{
	if (!lt_process_is_ours())
		return;
	__atomic_store_n(&lt_transport.fd, -1, __ATOMIC_RELAXED);
	__atomic_store_n(&lt_guard_fd, -1, __ATOMIC_RELAXED);
}

void lt_guard_limits_changed(void)
{
	if (lt_guard_fd < 0 || lt_confined || !lt_may(LT_CALL_NUMBERS) || !lt_process_is_ours())
		return;
	/* At or above the limit nothing can take the number; below it, look for a better one. */
	if (lt_guard_checked || below_limit(lt_guard_fd))
		move_away();
}
