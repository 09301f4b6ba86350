/* SPDX-License-Identifier: MIT */
/*
 * From bytes that were written to stderr to lines, per thread.
 *
 * With LOGTAP_PASSTHROUGH=off the bytes were not written yet: lines that can't be sent are written
 * to `fd` instead.
 */
#ifndef LT_LINES_H
#define LT_LINES_H

#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "call_copies.h"
#include "copy_line.h"
#include "emit.h"
#include "shim.h"

/*
 * Takes `size` bytes that a write to the stderr descriptor `fd` accepted: sends an event for each
 * line they end, keeps what they begin. A handler that interrupts this on the same thread sends its
 * own bytes as lines of their own. `bytes` are the caller's: nobody else changes them meanwhile.
 */
void lt_lines_take(int fd, const void *bytes, size_t size);

/*
 * The same for bytes that lie in our own memory, with LT_LINE_FRONT bytes in front of them and
 * EVH_TAILROOM behind: the events are built there, so that they are not copied once more. Neither
 * the room nor the bytes are what they were afterwards: a line's head lies over the line before it.
 */
void lt_lines_take_own(int fd, char *bytes, size_t size);

/*
 * The same for the first `size` bytes of what a call was given, of which `copy` was made before it
 * (lt_copy_before): what that has not is read now, if it is still there.
 */
void lt_lines_take_copy(int fd, struct lt_copy *copy, const struct iovec *pieces, size_t count,
			size_t size);

/* The same for one message of a sendmmsg that has returned, of which there is no copy. */
void lt_lines_take_message(int fd, const struct mmsghdr *message);

/*
 * Reads what stands behind the first `skip` bytes of what a call was given; how many of the `size`
 * bytes are still there to be read.
 */
size_t lt_lines_read_rest(const struct iovec *pieces, size_t count, size_t skip, char *to,
			  size_t size);

/* The severity of a line as the settings want it; *skip: bytes of a prefix to leave out. */
static inline int lt_lines_severity(struct lt_severity_state *state, const char *head, size_t size,
				    size_t *skip)
{
	int severity = LT_SEVERITY_NONE;

	*skip = 0;
	if (lt_settings.detect)
		severity = lt_severity_continue(state, head, size, lt_settings.detect, skip);
	return severity < 0 ? lt_settings.stderr_level : severity;
}

/* Passthrough off: a line in our own memory that could not be sent is delivered after all. */
LT_COLD void lt_lines_refused(int fd, const char *line, size_t size, int error);

/* Sends a line that came whole and lies in our own memory. */
LT_INLINE void lt_lines_send(struct lt_thread *thread, int fd, char *line, size_t size)
{
	size_t skip;
	int severity = lt_lines_severity(&thread->lines, line, size, &skip);
	int error = lt_emit_line(severity, line + skip, size - skip);

	if (lt_unlikely(error))
		lt_lines_refused(fd, line, size, error);
}

/* What is copied to the stack before a call: most lines. */
#define LT_SHORT_LINE 216

struct lt_short_line {
	char front[LT_LINE_FRONT];
	char bytes[LT_SHORT_LINE + EVH_TAILROOM];
};

_Static_assert(EVH_TAILROOM + LT_SHORT_LINE > LT_COPY_SLACK, "copies of less than a block fit");

/*
 * Copies `size` bytes, not 0 and at most LT_SHORT_LINE; how many stand before the first newline, or
 * `size`.
 */
LT_INLINE size_t lt_lines_copy_short(struct lt_short_line *line, const char *bytes, size_t size)
{
	size_t length = lt_copy_line(line->bytes, bytes, size);

	if (lt_unlikely(length + 1 < size))
		memcpy(line->bytes + length, bytes + length, size - length);
	return length;
}

/* The first `size` bytes of it were accepted; `length` is what lt_lines_copy_short answered. */
LT_INLINE ssize_t lt_lines_take_short(int fd, struct lt_short_line *line, size_t length,
				      ssize_t size)
{
	struct lt_thread *thread = lt_keep(&lt_thread);

	if (lt_unlikely(size <= 0))
		return size;
	lt_thread_enter(thread);
	if (lt_likely(length + 1 == (size_t)size && !thread->open))
		lt_lines_send(thread, fd, line->bytes, length);
	else
		lt_lines_take_own(fd, line->bytes, (size_t)size);
	return size;
}

/* Sends the calling thread's unfinished line, if there is one. */
void lt_lines_flush(void);

/* Whether the calling thread has one, of which something is still to be sent. */
bool lt_lines_unfinished(void);

/* Sends what there is of it as a part, so that the line can go on. */
void lt_lines_flush_part(void);

/*
 * The process ends: sends the unfinished lines of all other threads, as the calling thread's. What
 * a thread adds to such a line from then on is not recorded; its next lines are.
 */
void lt_lines_flush_others(void);

/*
 * The process may end: sends what there is of other threads' lines as parts, so that these can go
 * on.
 */
void lt_lines_flush_parts_of_others(void);

/*
 * The same at the end of exit(), where stdio may still hold the rest of that line: it is then sent
 * as a part, so that it is not lost and the rest can follow.
 */
void lt_lines_flush_before_stdio(void);

#endif
