/* SPDX-License-Identifier: MIT */
/*
 * send() and its relatives, on a stderr descriptor that is a socket, on a log socket, and with the
 * log's address. Each copies what it was given, calls the original and takes what it accepted.
 *
 * While nobody listens each is a load, a branch and a jump.
 */
#include <errno.h>
#include <string.h>

#include "captured_call.h"
#include "log_address.h"
#include "send.h"

WRITE_FUNCTION(send, (int fd, const void *bytes, size_t size, int flags), (fd, bytes, size, flags))

/* What a call with an address of its own is for; LT_COPY_STDERR: nothing of ours. */
static struct lt_log_target target_of_address(const void *address, socklen_t length)
{
	struct lt_log_target target = { .kind = LT_COPY_STDERR };

	if (address && length && length <= 128 && lt_heard(LT_WORD_SYSLOG) &&
	    lt_copy_is_safe(address, length, __builtin_frame_address(0)))
		target.kind = lt_log_address_kind(address, length);
	return target;
}

bool lt_send_is_captured(int fd, const void *address, socklen_t length,
			 struct lt_log_target *target)
{
	*target = target_of_address(address, length);
	if (target->kind != LT_COPY_STDERR)
		return true;
	if (!captured(fd))
		return false;
	*target = lt_log_target_of(fd);
	return true;
}

static __attribute__((noinline)) ssize_t sendto_heard(int fd, const void *bytes, size_t size,
						      int flags, const struct sockaddr *address,
						      socklen_t length)
{
	struct iovec piece = { (void *)bytes, size };
	struct lt_log_target target;
	ssize_t result;

	if (!lt_send_is_captured(fd, address, length, &target))
		return LT_REAL(sendto)(fd, bytes, size, flags, address, length);
	if (target.kind == LT_COPY_STDERR && lt_copies_swallow(fd))
		return lt_swallow(fd, bytes, size);
	CALL_WITH_COPY(result, LT_REAL(sendto)(fd, bytes, size, flags, address, length), fd,
		       &target, &piece, 1);
	return result;
}

LT_EXPORT ssize_t sendto(int fd, const void *bytes, size_t size, int flags,
			 const struct sockaddr *address, socklen_t length)
{
	if (lt_likely(!lt_heard(LT_WORD_SYSLOG | LT_WORD_STDERR)))
		return LT_REAL(sendto)(fd, bytes, size, flags, address, length);
	return sendto_heard(fd, bytes, size, flags, address, length);
}

/* The message's head where it can be read; else an empty one. */
static void read_head(struct msghdr *head, const struct msghdr *message)
{
	if (lt_copy_is_safe(message, sizeof(*head), __builtin_frame_address(0)))
		memcpy(head, message, sizeof(*head));
	else
		memset(head, 0, sizeof(*head));
}

/* The first descriptor that the message hands over; -1: none. */
static int handed_over(const struct msghdr *head)
{
	struct cmsghdr control;
	int fd = -1;

	if (head->msg_controllen < sizeof(control) + sizeof(fd) ||
	    !lt_copy_is_safe(head->msg_control, sizeof(control) + sizeof(fd),
			     __builtin_frame_address(0)))
		return -1;
	memcpy(&control, head->msg_control, sizeof(control));
	if (control.cmsg_level == SOL_SOCKET && control.cmsg_type == SCM_RIGHTS &&
	    control.cmsg_len >= sizeof(control) + sizeof(fd))
		memcpy(&fd, (const char *)head->msg_control + sizeof(control), sizeof(fd));
	return fd;
}

/*
 * How much of the message counts as accepted. Where there is no journal, its library says that the
 * entry was sent, and the program goes on as with one; so do we.
 */
static size_t accepted(long result, const struct lt_log_target *target, const struct msghdr *head,
		       const struct lt_copy *copy)
{
	if (result >= 0)
		return (size_t)result;
	return target->kind == LT_COPY_JOURNAL && head->msg_name && errno == ENOENT ? copy->size
										    : 0;
}

/* Ancillary data can't be swallowed: only the original delivers it. */
long lt_send_message(int fd, const struct msghdr *message, lt_send_original *original,
		     void *context)
{
	struct lt_log_target target;
	struct lt_copy copy;
	struct msghdr head;
	size_t size;
	long result;
	int file = -1;

	read_head(&head, message);
	if (!lt_send_is_captured(fd, head.msg_name, head.msg_namelen, &target))
		return original(context);
	if (target.kind == LT_COPY_JOURNAL && head.msg_control)
		file = handed_over(&head);
	lt_copy_before(&copy, head.msg_iov, head.msg_iovlen);
	result = original(context);
	size = accepted(result, &target, &head, &copy);
	if (size)
		take_accepted(fd, &target, &copy, head.msg_iov, head.msg_iovlen, size);
	lt_copy_release(&copy);
	if (result >= 0 && file >= 0)
		lt_log_take_file(file);
	return result;
}

struct sendmsg_call {
	int fd, flags;
	const struct msghdr *message;
};

static long call_sendmsg(void *context)
{
	const struct sendmsg_call *call = context;

	return LT_REAL(sendmsg)(call->fd, call->message, call->flags);
}

LT_EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	struct sendmsg_call call = { fd, flags, message };

	if (lt_likely(!lt_heard(LT_WORD_SYSLOG | LT_WORD_STDERR)))
		return LT_REAL(sendmsg)(fd, message, flags);
	return lt_send_message(fd, message, call_sendmsg, &call);
}

static void take_sent(int fd, const struct mmsghdr *message)
{
	struct lt_log_target target;
	struct msghdr head;

	read_head(&head, &message->msg_hdr);
	if (!lt_send_is_captured(fd, head.msg_name, head.msg_namelen, &target))
		return;
	if (target.kind == LT_COPY_STDERR)
		lt_lines_take_message(fd, message);
	else
		lt_log_take_message(&target, message);
}

/* Of several messages no copy is made before: what was sent of each is read right after the call.
 */
void lt_send_take_sent(int fd, const struct mmsghdr *messages, long count)
{
	for (long i = 0; i < count; i++)
		take_sent(fd, messages + i);
}

LT_EXPORT int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	int result = LT_REAL(sendmmsg)(fd, messages, count, flags);

	if (lt_heard(LT_WORD_SYSLOG | LT_WORD_STDERR))
		lt_send_take_sent(fd, messages, result);
	return result;
}

/* The names under which libc exports the same functions to itself and to old programs. */
LT_EXPORT ssize_t __send(int fd, const void *bytes, size_t size, int flags)
	__attribute__((alias("send")));
LT_EXPORT int __sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
	__attribute__((alias("sendmmsg")));

#ifdef __i386__
/* What programs call that are built with _TIME_BITS=64. */
ssize_t __sendmsg64(int fd, const struct msghdr *message, int flags);
int __sendmmsg64(int fd, struct mmsghdr *messages, unsigned count, int flags);
LT_EXPORT ssize_t __sendmsg64(int fd, const struct msghdr *message, int flags)
	__attribute__((alias("sendmsg")));
LT_EXPORT int __sendmmsg64(int fd, struct mmsghdr *messages, unsigned count, int flags)
	__attribute__((alias("sendmmsg")));
#endif
