/* SPDX-License-Identifier: MIT */
/*
 * connect(): programs that write to the system's log themselves begin with it. Like copies of
 * stderr, such sockets are followed while nobody listens as well.
 *
 * Must never look at an address before the kernel has accepted it: it may be a bad pointer.
 */
#include "connect.h"

#include "log_address.h"
#include "log_lines.h"
#include "log_streams.h"
#include "real.h"
#include "stderr_copies.h"

static LT_COLD void connected_to_log(int fd, enum lt_copy_kind kind)
{
	lt_copies_connected(fd, kind);
	if (kind != LT_COPY_STREAM || !lt_process_is_ours())
		return;
	if (lt_stream_full())
		lt_log_lines_flush();
	lt_stream_begin(lt_copies_word(fd) & LT_COPY_FILE, NULL);
}

void lt_connected(int fd, const struct sockaddr *address, socklen_t length)
{
	enum lt_copy_kind kind = lt_log_address_kind(address, length);

	if (lt_unlikely(kind != LT_COPY_STDERR))
		connected_to_log(fd, kind);
	else if (fd != STDERR_FILENO)
		lt_copies_replaced(fd);
}

/* A datagram socket can be connected anew; what it was is over then. */
LT_EXPORT int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	int result = LT_REAL(connect)(fd, address, length);

	if (!result)
		lt_connected(fd, address, length);
	return result;
}

LT_EXPORT int __connect(int fd, const struct sockaddr *address, socklen_t length)
	__attribute__((alias("connect")));
