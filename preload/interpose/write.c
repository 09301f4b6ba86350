/* SPDX-License-Identifier: MIT */
/*
 * Writing to a stderr descriptor directly: write and its relatives, send and its relatives. Each
 * calls the original first and takes the bytes that it reports as accepted.
 *
 * While nobody listens each is a load, a branch and a jump.
 */
#include <errno.h>

#include "lines.h"
#include "real.h"
#include "stderr_copies.h"

/* Whether a write of this descriptor is ours to look at. */
static inline bool captured(int fd)
{
	return lt_heard(LT_WORD_STDERR) && lt_fds_is_stderr(fd);
}

/* LOGTAP_PASSTHROUGH=off: in the place of the original. */
static LT_COLD ssize_t swallow(int fd, const void *bytes, size_t size)
{
	if (!lt_readable(bytes, size)) {
		errno = EFAULT;
		return -1;
	}
	return lt_lines_take(fd, bytes, size);
}

static LT_COLD ssize_t swallow_pieces(int fd, const struct iovec *pieces, size_t count)
{
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
	lt_lines_take_pieces(fd, pieces, (int)count, size);
	return (ssize_t)size;
}

#define WRITE_FUNCTION(name, parameters, arguments)                                                \
	LT_EXPORT ssize_t name parameters                                                          \
	{                                                                                          \
		ssize_t result;                                                                    \
                                                                                                   \
		if (lt_likely(!captured(fd)))                                                      \
			return LT_REAL(name) arguments;                                            \
		if (lt_fds_swallow(fd))                                                            \
			return swallow(fd, bytes, size);                                           \
		result = LT_REAL(name) arguments;                                                  \
		return result > 0 ? lt_lines_take(fd, bytes, (size_t)result) : result;             \
	}

#define WRITEV_FUNCTION(name, parameters, arguments)                                               \
	LT_EXPORT ssize_t name parameters                                                          \
	{                                                                                          \
		ssize_t result;                                                                    \
                                                                                                   \
		if (lt_likely(!captured(fd)))                                                      \
			return LT_REAL(name) arguments;                                            \
		if (lt_fds_swallow(fd))                                                            \
			return swallow_pieces(fd, pieces, (size_t)count);                          \
		result = LT_REAL(name) arguments;                                                  \
		if (result > 0)                                                                    \
			lt_lines_take_pieces(fd, pieces, count, (size_t)result);                   \
		return result;                                                                     \
	}

WRITE_FUNCTION(write, (int fd, const void *bytes, size_t size), (fd, bytes, size))
WRITE_FUNCTION(pwrite, (int fd, const void *bytes, size_t size, off_t offset),
	       (fd, bytes, size, offset))
WRITE_FUNCTION(pwrite64, (int fd, const void *bytes, size_t size, off64_t offset),
	       (fd, bytes, size, offset))
WRITE_FUNCTION(send, (int fd, const void *bytes, size_t size, int flags), (fd, bytes, size, flags))
WRITE_FUNCTION(sendto,
	       (int fd, const void *bytes, size_t size, int flags, const struct sockaddr *address,
		socklen_t length),
	       (fd, bytes, size, flags, address, length))

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

LT_EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	ssize_t result;

	if (lt_likely(!captured(fd)))
		return LT_REAL(sendmsg)(fd, message, flags);
	/* Ancillary data can't be swallowed: only the original delivers it. */
	result = LT_REAL(sendmsg)(fd, message, flags);
	if (result > 0)
		lt_lines_take_pieces(fd, message->msg_iov, (int)message->msg_iovlen,
				     (size_t)result);
	return result;
}

LT_EXPORT int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	int result;

	if (lt_likely(!captured(fd)))
		return LT_REAL(sendmmsg)(fd, messages, count, flags);
	result = LT_REAL(sendmmsg)(fd, messages, count, flags);
	for (int i = 0; i < result; i++)
		lt_lines_take_pieces(fd, messages[i].msg_hdr.msg_iov,
				     (int)messages[i].msg_hdr.msg_iovlen, messages[i].msg_len);
	return result;
}

/* The names under which libc exports the same functions to itself and to old programs. */
LT_EXPORT ssize_t __write(int fd, const void *bytes, size_t size) __attribute__((alias("write")));
LT_EXPORT ssize_t __pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
	__attribute__((alias("pwrite64")));
LT_EXPORT ssize_t __send(int fd, const void *bytes, size_t size, int flags)
	__attribute__((alias("send")));
LT_EXPORT int __sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
	__attribute__((alias("sendmmsg")));
