/* SPDX-License-Identifier: MIT */
/*
 * Writing to a stderr descriptor or a log socket directly: write and its relatives. Each copies
 * what it was given, calls the original and takes the bytes that it reports as accepted.
 *
 * While nobody listens each is a load, a branch and a jump.
 */
#include <errno.h>
#include <string.h>

#include "captured_call.h"

ssize_t lt_swallow(int fd, const void *bytes, size_t size)
{
	if (!lt_readable(bytes, size)) {
		errno = EFAULT;
		return -1;
	}
	lt_lines_take(fd, bytes, size);
	return (ssize_t)size;
}

ssize_t lt_swallow_pieces(int fd, const struct iovec *pieces, size_t count)
{
	struct lt_copy copy;
	size_t size = 0;

	if (count > 1024) {
		errno = EINVAL;
		return -1;
	}
	if (!lt_readable(pieces, count * sizeof(*pieces))) {
		errno = EFAULT;
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (!lt_readable(pieces[i].iov_base, pieces[i].iov_len)) {
			errno = EFAULT;
			return -1;
		}
		size += pieces[i].iov_len;
	}
	lt_copy_before(&copy, pieces, count);
	lt_lines_take_copy(fd, &copy, pieces, count, size);
	lt_copy_release(&copy);
	return (ssize_t)size;
}

#define WRITEV_FUNCTION(name, parameters, arguments)                                               \
	LT_EXPORT ssize_t name parameters                                                          \
	{                                                                                          \
		struct lt_log_target target;                                                       \
		ssize_t result;                                                                    \
                                                                                                   \
		if (lt_likely(!captured(fd)))                                                      \
			return LT_REAL(name) arguments;                                            \
		if (lt_copies_swallow(fd))                                                         \
			return lt_swallow_pieces(fd, pieces, (size_t)count);                       \
		target = lt_log_target_of(fd);                                                     \
		CALL_WITH_COPY(result, LT_REAL(name) arguments, fd, &target, pieces,               \
			       (size_t)count);                                                     \
		return result;                                                                     \
	}

WRITE_ANY_SIZE(write, (int fd, const void *bytes, size_t size), (fd, bytes, size))

/* A short line is copied to this frame, where no other call and no handler can reach it. */
LT_COPYING ssize_t write_short(int fd, const void *bytes, size_t size)
{
	struct lt_short_line line;
	size_t length = lt_lines_copy_short(&line, bytes, size);

	return lt_lines_take_short(fd, &line, length, LT_REAL(write)(fd, bytes, size));
}

static __attribute__((noinline)) ssize_t write_heard(int fd, const void *bytes, size_t size)
{
	if (lt_unlikely(size - 1 >= LT_SHORT_LINE || lt_copies_swallow(fd) ||
			!lt_copy_is_sure(bytes, size, __builtin_frame_address(0))))
		return write_of_any_size(fd, bytes, size);
	return write_short(fd, bytes, size);
}

/* A copy of stderr, a log socket, or stderr while nobody listens to that. */
static LT_COLD ssize_t write_doubtful(int fd, const void *bytes, size_t size)
{
	if (!captured(fd))
		return LT_REAL(write)(fd, bytes, size);
	if (lt_copies_kind(fd) == LT_COPY_STDERR)
		return write_heard(fd, bytes, size);
	return write_of_any_size(fd, bytes, size);
}

LT_EXPORT ssize_t write(int fd, const void *bytes, size_t size)
{
	uint32_t heard = lt_heard_word();
	int8_t state = lt_unlikely(heard) ? lt_copies_state(fd) : LT_FD_OTHER;

	if (lt_likely(state == LT_FD_OTHER))
		return LT_REAL(write)(fd, bytes, size);
	if (lt_likely(state == LT_FD_STDERR && (heard & LT_WORD_STDERR)))
		return write_heard(fd, bytes, size);
	return write_doubtful(fd, bytes, size);
}

WRITE_FUNCTION(pwrite, (int fd, const void *bytes, size_t size, off_t offset),
	       (fd, bytes, size, offset))
WRITE_FUNCTION(pwrite64, (int fd, const void *bytes, size_t size, off64_t offset),
	       (fd, bytes, size, offset))

WRITEV_FUNCTION(writev, (int fd, const struct iovec *pieces, int count), (fd, pieces, count))
WRITEV_FUNCTION(pwritev, (int fd, const struct iovec *pieces, int count, off_t offset),
		(fd, pieces, count, offset))
WRITEV_FUNCTION(pwritev64, (int fd, const struct iovec *pieces, int count, off64_t offset),
		(fd, pieces, count, offset))
WRITEV_FUNCTION(pwritev2, (int fd, const struct iovec *pieces, int count, off_t offset, int flags),
		(fd, pieces, count, offset, flags))
WRITEV_FUNCTION(pwritev64v2,
		(int fd, const struct iovec *pieces, int count, off64_t offset, int flags),
		(fd, pieces, count, offset, flags))

/* The names under which libc exports the same functions to itself and to old programs. */
LT_EXPORT ssize_t __write(int fd, const void *bytes, size_t size) __attribute__((alias("write")));
LT_EXPORT ssize_t __pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
	__attribute__((alias("pwrite64")));
