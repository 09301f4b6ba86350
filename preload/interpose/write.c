/* SPDX-License-Identifier: MIT */
/*
 * Writing to a stderr descriptor directly: write and its relatives, send and its relatives. Each
 * copies what it was given, calls the original and takes the bytes that it reports as accepted.
 *
 * While nobody listens each is a load, a branch and a jump.
 */
#include <errno.h>
#include <string.h>

#include "lines.h"
#include "real.h"
#include "stderr_copies.h"

/* Whether a write of this descriptor is ours to look at. */
static inline bool captured(int fd)
{
	return lt_heard(LT_WORD_STDERR) && lt_copies_is_stderr(fd);
}

/* LOGTAP_PASSTHROUGH=off: in the place of the original. */
static LT_COLD ssize_t swallow(int fd, const void *bytes, size_t size)
{
	if (!lt_readable(bytes, size)) {
		errno = EFAULT;
		return -1;
	}
	lt_lines_take(fd, bytes, size);
	return (ssize_t)size;
}

static LT_COLD ssize_t swallow_pieces(int fd, const struct iovec *pieces, size_t count)
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

/* Calls the original with a copy of `count` pieces held over it, and takes what it accepted. */
#define CALL_WITH_COPY(result, original, fd, pieces, count)                                        \
	do {                                                                                       \
		struct lt_copy copy_;                                                              \
                                                                                                   \
		lt_copy_before(&copy_, pieces, count);                                             \
		(result) = original;                                                               \
		if ((result) > 0)                                                                  \
			lt_lines_take_copy(fd, &copy_, pieces, count, (size_t)(result));           \
		lt_copy_release(&copy_);                                                           \
	} while (0)

/* The functions with one piece; those that programs call for each line have a way of their own. */
#define WRITE_ANY_SIZE(name, parameters, arguments)                                                \
	static __attribute__((noinline)) ssize_t name##_of_any_size parameters                     \
	{                                                                                          \
		struct iovec piece = { (void *)bytes, size };                                      \
		ssize_t result;                                                                    \
                                                                                                   \
		if (lt_copies_swallow(fd))                                                         \
			return swallow(fd, bytes, size);                                           \
		CALL_WITH_COPY(result, LT_REAL(name) arguments, fd, &piece, 1);                    \
		return result;                                                                     \
	}

#define WRITE_FUNCTION(name, parameters, arguments)                                                \
	WRITE_ANY_SIZE(name, parameters, arguments)                                                \
	LT_EXPORT ssize_t name parameters                                                          \
	{                                                                                          \
		if (lt_likely(!captured(fd)))                                                      \
			return LT_REAL(name) arguments;                                            \
		return name##_of_any_size arguments;                                               \
	}

#define WRITEV_FUNCTION(name, parameters, arguments)                                               \
	LT_EXPORT ssize_t name parameters                                                          \
	{                                                                                          \
		ssize_t result;                                                                    \
                                                                                                   \
		if (lt_likely(!captured(fd)))                                                      \
			return LT_REAL(name) arguments;                                            \
		if (lt_copies_swallow(fd))                                                         \
			return swallow_pieces(fd, pieces, (size_t)count);                          \
		CALL_WITH_COPY(result, LT_REAL(name) arguments, fd, pieces, (size_t)count);        \
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
			!lt_copy_is_safe(bytes, size, __builtin_frame_address(0))))
		return write_of_any_size(fd, bytes, size);
	return write_short(fd, bytes, size);
}

LT_EXPORT ssize_t write(int fd, const void *bytes, size_t size)
{
	if (lt_likely(!captured(fd)))
		return LT_REAL(write)(fd, bytes, size);
	return write_heard(fd, bytes, size);
}

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

/* The pieces of a message, where its head can be read. */
static void find_pieces(const struct msghdr *message, const struct iovec **pieces, size_t *count)
{
	struct msghdr head = { 0 };

	if (lt_copy_is_safe(message, sizeof(head), __builtin_frame_address(0)))
		memcpy(&head, message, sizeof(head));
	*pieces = head.msg_iov;
	*count = head.msg_iovlen;
}

LT_EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	const struct iovec *pieces;
	size_t count;
	ssize_t result;

	/* Ancillary data can't be swallowed: only the original delivers it. */
	if (lt_likely(!captured(fd)))
		return LT_REAL(sendmsg)(fd, message, flags);
	find_pieces(message, &pieces, &count);
	CALL_WITH_COPY(result, LT_REAL(sendmsg)(fd, message, flags), fd, pieces, count);
	return result;
}

/*
 * Of several messages no copy is made before: what was sent of each is read right after the call.
 */
LT_EXPORT int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	int result;

	if (lt_likely(!captured(fd)))
		return LT_REAL(sendmmsg)(fd, messages, count, flags);
	result = LT_REAL(sendmmsg)(fd, messages, count, flags);
	for (int i = 0; i < result; i++)
		lt_lines_take_message(fd, messages + i);
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
