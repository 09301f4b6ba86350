/* SPDX-License-Identifier: MIT */
/*
 * From what a program writes to a log socket itself, instead of calling syslog(), to events. libc's
 * own syslog() writes by calls that nobody sees, so that nothing is taken twice.
 */
#ifndef LT_LOG_SOCKET_H
#define LT_LOG_SOCKET_H

#include <sys/socket.h>
#include <sys/uio.h>

#include "call_copies.h"
#include "copy_table.h"

/* Where bytes went. */
struct lt_log_target {
	enum lt_copy_kind kind;
	uint64_t file; /* of a stream, which has a head and unfinished lines; else anything */
};

/* What is written to `fd` is for; kind LT_COPY_STDERR where it is no log socket. */
struct lt_log_target lt_log_target_of(int fd);

/*
 * The first `size` bytes of what a call was given were accepted; `copy` was made before it
 * (lt_copy_before), and what that has not is read now.
 */
void lt_log_take(const struct lt_log_target *target, struct lt_copy *copy,
		 const struct iovec *pieces, size_t count, size_t size);

/* The same for `size` bytes in memory of ours, which are written to, and so is the one behind them.
 */
void lt_log_take_own(const struct lt_log_target *target, char *bytes, size_t size);

/* The same for one message of a sendmmsg that has returned. */
void lt_log_take_message(const struct lt_log_target *target, const struct mmsghdr *message);

/* An entry that was too large for a datagram, and was handed over as the file `fd`. */
void lt_log_take_file(int fd);

#endif
