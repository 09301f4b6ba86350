/* SPDX-License-Identifier: MIT */
/*
 * From bytes that were written to stderr to lines, per thread.
 */
#ifndef LT_LINES_H
#define LT_LINES_H

#include <sys/uio.h>

#include "shim.h"

/*
 * Takes `size` bytes that a write to the stderr descriptor `fd` accepted: sends an event for each
 * line they end, keeps what they begin. A handler that interrupts this on the same thread sends its
 * own bytes as lines of their own. The result is `size`: what the write returned, so that a caller
 * may end with this call (see user_events_send.h for what a return costs).
 *
 * With LOGTAP_PASSTHROUGH=off the bytes were not written yet: lines that can't be sent are written
 * to `fd` instead.
 */
ssize_t lt_lines_take(int fd, const void *bytes, size_t size);

/* The same for the first `size` bytes of `count` pieces. */
void lt_lines_take_pieces(int fd, const struct iovec *pieces, int count, size_t size);

/* Sends the calling thread's unfinished line, if there is one. */
void lt_lines_flush(void);

/* Whether the calling thread has one, of which something is still to be sent. */
bool lt_lines_unfinished(void);

/* Sends what there is of it as a part, so that the line can go on. */
void lt_lines_flush_part(void);

/*
 * The process ends: sends the unfinished lines of all other threads, as the calling thread's. What
 * a thread writes from then on begins a new line.
 */
void lt_lines_flush_others(void);

/*
 * The same at the end of exit(), where stdio may still hold the rest of that line: it is then sent
 * as a part, so that it is not lost and the rest can follow.
 */
void lt_lines_flush_before_stdio(void);

#endif
