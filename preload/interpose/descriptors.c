/* SPDX-License-Identifier: MIT */
/*
 * What copies, closes and replaces descriptors: keeps the table of stderr descriptors right, and
 * ours out of the program's reach. Our number behaves as one that is not open, except that a
 * program which saw it listed among its open files may close it, as it thinks; copying onto it
 * works, after we moved away.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <unistd.h>

#include "debug_file.h"
#include "exits.h"
#include "newer.h"
#include "own_descriptor.h"
#include "raw.h"
#include "real.h"
#include "stderr_copies.h"

static LT_COLD int not_open(void)
{
	errno = EBADF;
	return -1;
}

static void copied(int fd, int copy)
{
	lt_own_fd_taken(copy);
	lt_copies_copied(fd, copy);
}

/* What had the number was stderr, or something else since a close that was seen. */
static LT_COLD int close_stderr(void)
{
	bool was_stderr = lt_copies_is_stderr(STDERR_FILENO);
	int result;

	lt_copies_replaced(STDERR_FILENO);
	result = LT_REAL(close)(STDERR_FILENO);
	if (!was_stderr && !result)
		lt_copies_given_back();
	return result;
}

LT_EXPORT int close(int fd)
{
	if (lt_own_fd_is(fd))
		return lt_own_fd_pretend_close() ? 0 : not_open();
	if (lt_unlikely(fd == STDERR_FILENO))
		return close_stderr();
	/* Before the call: a thread may get the number for another file as soon as it is free. */
	lt_copies_replaced(fd);
	return LT_REAL(close)(fd);
}

LT_EXPORT int dup(int fd)
{
	int copy;

	if (lt_own_fd_is(fd))
		return not_open();
	copy = LT_REAL(dup)(fd);
	if (copy < 0 && lt_own_fd_gave_way())
		copy = LT_REAL(dup)(fd);
	if (copy >= 0)
		copied(fd, copy);
	return copy;
}

LT_EXPORT int dup2(int fd, int copy)
{
	int result;

	if (lt_own_fd_is(fd))
		return not_open();
	if (lt_own_fd_is(copy))
		lt_own_fd_make_way();
	result = LT_REAL(dup2)(fd, copy);
	if (result >= 0)
		copied(fd, copy);
	return result;
}

LT_EXPORT int dup3(int fd, int copy, int flags)
{
	int result;

	if (lt_own_fd_is(fd))
		return not_open();
	if (lt_own_fd_is(copy))
		lt_own_fd_make_way();
	result = LT_REAL(dup3)(fd, copy, flags);
	if (result >= 0)
		copied(fd, copy);
	return result;
}

/* The argument may be an int, a pointer or absent: all travel as one register. */
#define FCNTL_FUNCTION(name)                                                                       \
	LT_EXPORT int name(int fd, int command, ...)                                               \
	{                                                                                          \
		va_list arguments;                                                                 \
		void *argument;                                                                    \
		int result;                                                                        \
                                                                                                   \
		va_start(arguments, command);                                                      \
		argument = va_arg(arguments, void *);                                              \
		va_end(arguments);                                                                 \
		if (lt_own_fd_is(fd))                                                              \
			return not_open();                                                         \
		result = LT_REAL(name)(fd, command, argument);                                     \
		if (result < 0 && lt_own_fd_gave_way())                                            \
			result = LT_REAL(name)(fd, command, argument);                             \
		if (result >= 0 && (command == F_DUPFD || command == F_DUPFD_CLOEXEC))             \
			copied(fd, result);                                                        \
		return result;                                                                     \
	}

FCNTL_FUNCTION(fcntl)
FCNTL_FUNCTION(fcntl64)

static int real_close_range(unsigned first, unsigned last, int flags)
{
	if (LT_REAL(close_range))
		return lt_real.close_range(first, last, flags);
	return (int)lt_raw_result(LT_RAW3(SYS_close_range, first, last, flags));
}

/*
 * Our numbers split the range: that of the events, and the next where LOGTAP_DEBUG's file is there.
 * Both halves have the program's flags, and an empty range still has its flags judged and its table
 * unshared: it is sent on as one beyond all numbers.
 */
static int close_around(unsigned first, unsigned last, int flags)
{
	unsigned ours = (unsigned)lt_own_fd;
	unsigned end = lt_debug_fd == lt_own_fd + 1 ? ours + 1 : ours;
	int error = 0;

	if (first == ours && last <= end)
		return real_close_range(~0u, ~0u, flags);
	if (first < ours)
		error = real_close_range(first, ours - 1, flags);
	if (!error && last > end)
		error = real_close_range(end + 1, last, flags);
	return error;
}

LT_EXPORT int close_range(unsigned first, unsigned last, int flags)
{
	const int close_on_exec = 4; /* CLOSE_RANGE_CLOEXEC: closes nothing, and ours has it */
	const int own_table = 2;     /* CLOSE_RANGE_UNSHARE */
	unsigned ours = (unsigned)lt_own_fd;
	int error;

	if (lt_unlikely(flags & own_table))
		lt_copies_part();
	if ((flags & close_on_exec) || lt_own_fd < 0 || first > ours || last < ours)
		error = real_close_range(first, last, flags);
	else
		error = close_around(first, last, flags);
	if (!error && !(flags & close_on_exec))
		lt_copies_closed(first, last);
	return error;
}

/* libc's own falls back to /proc on kernels without close_range; so does this. */
static void close_each(unsigned first)
{
	long limit = sysconf(_SC_OPEN_MAX);

	for (long fd = first; fd < limit; fd++)
		if (fd != lt_own_fd)
			LT_RAW1(SYS_close, fd);
}

LT_EXPORT void closefrom(int low)
{
	unsigned first = low < 0 ? 0 : (unsigned)low;
	int saved = errno;

	if (close_range(first, ~0u, 0))
		close_each(first);
	lt_copies_closed(first, ~0u);
	errno = saved;
}

LT_EXPORT int unshare(int flags)
{
	if (flags & CLONE_FILES)
		lt_copies_part();
	return LT_REAL(unshare)(flags);
}

/* libc copies the null device onto 0, 1 and 2 by itself. */
LT_EXPORT int daemon(int nochdir, int noclose)
{
	int result;

	/* It forks, and the parent leaves, both inside libc. */
	lt_leave();
	result = LT_REAL(daemon)(nochdir, noclose);
	if (!noclose) {
		lt_copies_closed(STDIN_FILENO, STDOUT_FILENO);
		lt_copies_redirected();
	}
	return result;
}

LT_EXPORT int __close(int fd) __attribute__((alias("close")));
LT_EXPORT int __dup2(int fd, int copy) __attribute__((alias("dup2"), nothrow, leaf));
LT_EXPORT int __fcntl(int fd, int command, ...) __attribute__((alias("fcntl")));
#ifdef __i386__
/* What programs call that are built with _TIME_BITS=64. */
int __fcntl_time64(int fd, int command, ...);
LT_EXPORT int __fcntl_time64(int fd, int command, ...) __attribute__((alias("fcntl64")));
#endif
