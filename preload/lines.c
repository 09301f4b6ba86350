/* SPDX-License-Identifier: MIT */
/*
 * Line assembly. A line that arrives whole goes out from the caller's own bytes; pieces are kept in
 * the thread's buffer until the newline; what outgrows the buffer goes out as parts.
 *
 * Must never lock: a signal handler may write to stderr in the middle of this, on the same thread.
 */
#include "lines.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "copy_line.h"
#include "debug.h"
#include "emit.h"
#include "fds.h"
#include "raw.h"
#include "registry.h"

/* A line as it is handled here: bytes of the thread's buffer, then bytes of the caller. */
struct line {
	int fd;
	const char *kept;
	size_t kept_size;
	const char *rest;
	size_t rest_size;
};

static int severity_of(struct lt_severity_state *state, const char *head, size_t size, size_t *skip)
{
	int severity = LT_SEVERITY_NONE;

	*skip = 0;
	if (lt_settings.detect)
		severity = lt_severity_continue(state, head, size, lt_settings.detect, skip);
	return severity < 0 ? lt_settings.stderr_level : severity;
}

/* Passthrough off: what could not be sent is delivered after all, `end` being "\n" or "". */
static __attribute__((noinline)) void deliver(const struct line *line, const char *end)
{
	struct iovec pieces[3] = {
		{ (void *)line->kept, line->kept_size },
		{ (void *)line->rest, line->rest_size },
		{ (void *)end, strlen(end) },
	};
	int next = 0;

	while (next < 3) {
		long written = LT_RAW3(SYS_writev, line->fd, pieces + next, 3 - next);

		if (written < 0)
			return;
		while (next < 3 && (size_t)written >= pieces[next].iov_len)
			written -= (long)pieces[next++].iov_len;
		if (next < 3) {
			pieces[next].iov_base = (char *)pieces[next].iov_base + written;
			pieces[next].iov_len -= (size_t)written;
		}
	}
}

static void settle(const struct line *line, const char *end, int error)
{
	if (lt_unlikely(error && !lt_settings.passthrough))
		deliver(line, end);
}

static struct lt_message message_of(const struct line *line, size_t skip)
{
	/* The prefix of three bytes is in one piece: the head was made contiguous before. */
	bool in_kept = line->kept_size > 0;

	return (struct lt_message){
		.piece = { line->kept + (in_kept ? skip : 0), line->rest + (in_kept ? 0 : skip) },
		.size = { line->kept_size - (in_kept ? skip : 0),
			  line->rest_size - (in_kept ? 0 : skip) },
	};
}

/*
 * The severity of a line whose beginning is kept: moves what fits of the rest behind it, so that
 * the line, or at least its head, is in one piece.
 */
static int severity_of_kept(struct lt_thread *thread, struct line *line, size_t *skip)
{
	size_t wanted = LT_PIECE_MAX - line->kept_size;

	if (wanted > line->rest_size)
		wanted = line->rest_size;
	memcpy(thread->piece + line->kept_size, line->rest, wanted);
	line->kept_size += wanted;
	line->rest += wanted;
	line->rest_size -= wanted;
	return severity_of(&thread->lines, line->kept, line->kept_size, skip);
}

/* Sends the line that `bytes` completes; `end` is what ended it. */
static void finish(struct lt_thread *thread, int fd, const char *bytes, size_t size,
		   const char *end)
{
	struct line line = { fd, thread->piece, thread->used, bytes, size };
	struct lt_message message;
	size_t skip = 0;
	int severity;

	if (lt_unlikely(thread->part)) {
		message = message_of(&line, 0);
		settle(&line, end,
		       lt_emit_stderr_parts(thread->severity, &message, &thread->part, true));
	} else {
		if (thread->used)
			severity = severity_of_kept(thread, &line, &skip);
		else
			severity = severity_of(&thread->lines, bytes, size, &skip);
		message = message_of(&line, skip);
		settle(&line, end, lt_emit_stderr(severity, &message));
	}
	thread->used = 0;
	thread->part = 0;
}

/* Sends what the line has so far as a part, because the buffer can't hold it. */
static void overflow(struct lt_thread *thread, int fd, const char *bytes, size_t size)
{
	struct line line = { fd, thread->piece, thread->used, bytes, size };
	struct lt_message message;
	size_t skip = 0;

	if (!thread->part) {
		if (thread->used)
			thread->severity = (int8_t)severity_of_kept(thread, &line, &skip);
		else
			thread->severity = (int8_t)severity_of(&thread->lines, bytes, size, &skip);
	}
	message = message_of(&line, skip);
	settle(&line, "", lt_emit_stderr_parts(thread->severity, &message, &thread->part, false));
	thread->used = 0;
}

static void keep(struct lt_thread *thread, int fd, const char *bytes, size_t size)
{
	if (lt_unlikely(!thread->registered && thread->armed))
		thread->registered = lt_registry_add(thread);
	if (thread->used + size > LT_PIECE_MAX) {
		overflow(thread, fd, bytes, size);
		return;
	}
	memcpy(thread->piece + thread->used, bytes, size);
	thread->used = (uint16_t)(thread->used + size);
}

/* The bytes of a handler that interrupted the thread's own assembly: lines without a memory. */
static __attribute__((noinline)) void take_nested(int fd, const char *bytes, size_t size)
{
	struct lt_severity_state none = { 0 };

	while (size) {
		const char *newline = memchr(bytes, '\n', size);
		size_t length = newline ? (size_t)(newline - bytes) : size;
		struct line line = { fd, "", 0, bytes, length };
		size_t skip;
		int severity = severity_of(&none, bytes, length, &skip);
		struct lt_message message = message_of(&line, skip);

		settle(&line, newline ? "\n" : "", lt_emit_stderr(severity, &message));
		length += newline != NULL;
		bytes += length;
		size -= length;
	}
}

static bool unfinished(const struct lt_thread *thread)
{
	return thread->used || thread->part;
}

/* What a line may have to be put together in the thread's buffer for pieces. */
#define SHORT_LINE (LT_PIECE_MAX - LT_LINE_FRONT - EVH_TAILROOM)

_Static_assert(EVH_TAILROOM + SHORT_LINE > LT_COPY_SLACK, "copies of less than a block fit");

/* Sends a line that stands in `message` as lt_emit_line wants it, and came from `bytes`. */
LT_INLINE void send_whole(struct lt_thread *thread, int fd, const char *bytes, char *message,
			  size_t size)
{
	size_t skip;
	int severity = severity_of(&thread->lines, message, size, &skip);
	int error = lt_emit_line(severity, message + skip, size - skip);

	if (lt_unlikely(error))
		settle(&(struct line){ fd, "", 0, bytes, size }, "\n", error);
}

/*
 * A line that came in one piece and is short: most are. The buffer for pieces is free then, also of
 * handlers. The size of the line, or `size` where none ends in these bytes.
 */
LT_INLINE size_t take_short(struct lt_thread *thread, int fd, const char *bytes, size_t size)
{
	char *message = thread->piece + LT_LINE_FRONT;
	size_t length = lt_copy_line(message, bytes, size);

	if (lt_likely(length < size))
		send_whole(thread, fd, bytes, message, length);
	return length;
}

/* A longer one. Whether it fits an event, and a buffer is free. */
static __attribute__((noinline)) bool take_long(struct lt_thread *thread, int fd, const char *bytes,
						size_t size)
{
	struct lt_buffer *buffer = size <= LT_EVENT_MAX - LT_LINE_HEAD ? lt_buffer_claim() : NULL;
	char *message;

	if (lt_unlikely(!buffer))
		return false;
	message = (char *)buffer->event + LT_LINE_HEAD;
	memcpy(message, bytes, size);
	send_whole(thread, fd, bytes, message, size);
	lt_buffer_release(buffer);
	return true;
}

/* One line or, where none ends in these bytes, all of them. How many bytes were taken. */
static __attribute__((noinline)) size_t take_any(struct lt_thread *thread, int fd,
						 const char *bytes, size_t size)
{
	const char *newline = memchr(bytes, '\n', size);
	size_t length = newline ? (size_t)(newline - bytes) : size;

	if (!newline) {
		keep(thread, fd, bytes, size);
		return size;
	}
	if (unfinished(thread) || !take_long(thread, fd, bytes, length))
		finish(thread, fd, bytes, length, "\n");
	return length + 1;
}

LT_INLINE void take_lines(struct lt_thread *thread, int fd, const char *bytes, size_t size)
{
	while (size) {
		size_t looked_at = size < SHORT_LINE ? size : SHORT_LINE;
		size_t taken = looked_at;

		if (lt_likely(!unfinished(thread)))
			taken = take_short(thread, fd, bytes, looked_at);
		if (lt_likely(taken < looked_at))
			taken++; /* the newline */
		else
			taken = take_any(thread, fd, bytes, size);
		bytes += taken;
		size -= taken;
	}
}

/*
 * A handler runs deeper on the same stack, or on another one. A frame that is shallower on the same
 * stack means that a handler left the earlier call by siglongjmp.
 */
static LT_COLD bool is_nested_slow(const struct lt_thread *thread, const char *here)
{
	const ptrdiff_t same_stack = 0x40000;
	const char *begin;
	stack_t now = { 0 };

	if (here < thread->busy || here - thread->busy > same_stack)
		return true;
	/* The alternate stack of a handler may lie in an array further up. In doubt it does. */
	if (lt_confined)
		return true;
	if (LT_RAW2(SYS_sigaltstack, NULL, &now) < 0 || !(now.ss_flags & SS_ONSTACK))
		return false;
	begin = now.ss_sp;
	return thread->busy < begin || thread->busy >= begin + now.ss_size;
}

static inline bool is_nested(const struct lt_thread *thread, const char *here)
{
	return lt_unlikely(thread->busy != NULL) && is_nested_slow(thread, here);
}

static void enter(struct lt_thread *thread, const char *here)
{
	__atomic_store_n(&thread->busy, here, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static void leave(struct lt_thread *thread)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	__atomic_store_n(&thread->busy, NULL, __ATOMIC_RELAXED);
}

/* Another thread ends the process, and has sent what this one had. */
static LT_COLD void forget_collected(struct lt_thread *thread)
{
	if (thread == lt_collector || !thread->registered || thread->collected)
		return;
	thread->collected = true;
	thread->used = 0;
	thread->part = 0;
}

ssize_t lt_lines_take(int fd, const void *bytes, size_t size)
{
	struct lt_thread *thread = lt_keep(&lt_thread);
	const char *here = __builtin_frame_address(0);

	if (lt_unlikely(!lt_fds_can_read(fd, bytes, size, here))) {
		lt_count_refused(-EFAULT);
		return (ssize_t)size;
	}
	lt_thread_enter(thread);
	if (lt_unlikely(is_nested(thread, here))) {
		take_nested(fd, bytes, size);
		return (ssize_t)size;
	}
	enter(thread, here);
	if (lt_unlikely(lt_collector != NULL))
		forget_collected(thread);
	take_lines(thread, fd, bytes, size);
	if (lt_unlikely(unfinished(thread) && (lt_ending || thread->exiting >= 4)))
		finish(thread, fd, "", 0, "");
	leave(thread);
	if (lt_unlikely(lt_ending))
		lt_debug_report();
	return (ssize_t)size;
}

void lt_lines_take_pieces(int fd, const struct iovec *pieces, int count, size_t size)
{
	for (int i = 0; i < count && size; i++) {
		size_t length = pieces[i].iov_len < size ? pieces[i].iov_len : size;

		if (length)
			lt_lines_take(fd, pieces[i].iov_base, length);
		size -= length;
	}
}

static void flush(bool goes_on)
{
	struct lt_thread *thread = &lt_thread;
	const char *here = __builtin_frame_address(0);

	lt_thread_enter(thread);
	if (!unfinished(thread) || is_nested(thread, here))
		return;
	enter(thread, here);
	if (goes_on)
		overflow(thread, STDERR_FILENO, "", 0);
	else
		finish(thread, STDERR_FILENO, "", 0, "");
	leave(thread);
}

void lt_lines_flush(void)
{
	flush(false);
}

/* A line of which parts were sent stays without its end: parts belong together by thread. */
static __attribute__((noinline)) void flush_other(size_t index)
{
	struct lt_thread copy;
	struct lt_message message = { .piece = { copy.piece, copy.piece } };
	size_t skip = 0;
	int severity;

	if (!lt_registry_read(index, &lt_thread, &copy) ||
	    copy.generation != lt_process_generation() || !copy.used || copy.used > LT_PIECE_MAX)
		return;
	severity =
		copy.part ? copy.severity : severity_of(&copy.lines, copy.piece, copy.used, &skip);
	message.piece[0] += skip;
	message.size[0] = copy.used - skip;
	lt_emit_stderr(severity & 7, &message);
}

void lt_lines_flush_others(void)
{
	if (lt_confined || lt_collector)
		return;
	__atomic_store_n(&lt_collector, &lt_thread, __ATOMIC_SEQ_CST);
	for (size_t i = 0; i < LT_REGISTRY_MAX; i++)
		flush_other(i);
}

void lt_lines_flush_before_stdio(void)
{
	extern FILE _IO_2_1_stderr_ __attribute__((weak));
	const FILE *file = &_IO_2_1_stderr_;

	flush(file && file->_IO_write_ptr > file->_IO_write_base);
}
