/* SPDX-License-Identifier: MIT */
/*
 * Line assembly. A line that arrives whole goes out from the copy that was made before the call;
 * pieces are kept in the thread until the newline; what outgrows that goes out as parts.
 *
 * What is kept is claimed for the time that it is worked on, behind the program's own call. So
 * whoever finds it claimed by its own thread is a handler that interrupted just this, and nothing
 * stays claimed when a handler leaves a call of the program's by siglongjmp (longjmp.c sees to the
 * rest). Must never lock: such a handler would wait for itself.
 */
#include "lines.h"

#include <stdio.h>
#include <unistd.h>

#include "debug_file.h"
#include "own_calls.h"
#include "raw.h"
#include "registry.h"
#include "spin.h"
#include "utf8.h"

/* A line as it is handled here: bytes of the thread's buffer, then bytes of the caller. */
struct line {
	int fd;
	const char *kept;
	size_t kept_size;
	const char *rest;
	size_t rest_size;
};

/* Passthrough off: what could not be sent is delivered after all, `end` being "\n" or "". */
static __attribute__((noinline)) void write_to_stderr(const struct line *line, const char *end)
{
	struct iovec pieces[3] = {
		{ (void *)line->kept, line->kept_size },
		{ (void *)line->rest, line->rest_size },
		{ (void *)end, strlen(end) },
	};
	int next = 0;

	while (next < 3) {
		long written = lt_may(LT_CALL_PIECES)
				       ? LT_RAW3(SYS_writev, line->fd, pieces + next, 3 - next)
				       : LT_RAW3(SYS_write, line->fd, pieces[next].iov_base,
						 pieces[next].iov_len);

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

static void write_if_unsent(const struct line *line, const char *end, int error)
{
	if (lt_unlikely(error && !lt_settings.passthrough))
		write_to_stderr(line, end);
}

LT_COLD void lt_lines_refused(int fd, const char *line, size_t size, int error)
{
	write_if_unsent(&(struct line){ fd, "", 0, line, size }, "\n", error);
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
	return lt_lines_severity(&thread->lines, line->kept, line->kept_size, skip);
}

/* Of a line of which nothing was sent. */
static int severity_of(struct lt_thread *thread, struct line *line, size_t *skip)
{
	if (line->kept_size)
		return severity_of_kept(thread, line, skip);
	return lt_lines_severity(&thread->lines, line->rest, line->rest_size, skip);
}

static void set_open(struct lt_thread *thread)
{
	thread->open = thread->used || thread->parts.next || thread->cut;
}

/*
 * Sends the line that `bytes` completes; `end` is what ended it. It is over for the thread before
 * that: a handler that jumps leaves a line unsent, never one that is sent twice.
 */
static void send_line(struct lt_thread *thread, int fd, const char *bytes, size_t size,
		      const char *end)
{
	struct line line = { fd, thread->piece, thread->used, bytes, size };
	struct lt_parts parts = thread->parts;
	struct lt_message message;
	size_t skip = 0;

	thread->used = 0;
	thread->parts.next = 0;
	thread->open = false;
	if (lt_unlikely(parts.next)) {
		message = message_of(&line, 0);
		write_if_unsent(&line, end,
				lt_emit_stderr_parts(thread->severity, &message, &parts, true));
	} else {
		int severity = severity_of(thread, &line, &skip);

		message = message_of(&line, skip);
		write_if_unsent(&line, end, lt_emit_stderr(severity, &message));
	}
}

/* Takes the bytes of an unfinished character off the end of a line; how many. */
static size_t keep_back(struct line *line, char *bytes)
{
	size_t rest = line->rest_size < 3 ? line->rest_size : 3;
	size_t kept = line->kept_size < 3 - rest ? line->kept_size : 3 - rest;
	size_t unfinished;

	memcpy(bytes, line->kept + line->kept_size - kept, kept);
	memcpy(bytes + kept, line->rest + line->rest_size - rest, rest);
	unfinished = lt_utf8_unfinished(bytes, kept + rest, "", 0, true);
	memmove(bytes, bytes + kept + rest - unfinished, unfinished);
	rest = line->rest_size < unfinished ? line->rest_size : unfinished;
	line->rest_size -= rest;
	line->kept_size -= unfinished - rest;
	return unfinished;
}

/* Sends what the line has so far as a part, because the buffer can't hold it. */
static void overflow(struct lt_thread *thread, int fd, const char *bytes, size_t size)
{
	struct line line = { fd, thread->piece, thread->used, bytes, size };
	struct lt_message message;
	size_t skip = 0, unfinished;
	char character[3];

	thread->used = 0;
	if (!thread->parts.next)
		thread->severity = (int8_t)severity_of(thread, &line, &skip);
	unfinished = keep_back(&line, character);
	message = message_of(&line, skip);
	if (message.size[0] + message.size[1])
		write_if_unsent(
			&line, "",
			lt_emit_stderr_parts(thread->severity, &message, &thread->parts, false));
	memcpy(thread->piece, character, unfinished);
	thread->used = (uint16_t)unfinished;
	set_open(thread);
}

static void keep_piece(struct lt_thread *thread, int fd, const char *bytes, size_t size)
{
	size_t used = thread->used;

	/* Behind the last destructors the thread's memory can vanish at any moment. */
	if (lt_unlikely(!thread->registered && thread->armed && thread->exiting < 4))
		thread->registered = lt_registry_add(thread);
	if (used + size > LT_PIECE_MAX) {
		overflow(thread, fd, bytes, size);
		return;
	}
	memcpy(thread->piece + used, bytes, size);
	thread->used = (uint16_t)(used + size);
	set_open(thread);
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
		int severity = lt_lines_severity(&none, bytes, length, &skip);
		struct lt_message message = message_of(&line, skip);

		write_if_unsent(&line, newline ? "\n" : "", lt_emit_stderr(severity, &message));
		length += newline != NULL;
		bytes += length;
		size -= length;
	}
}

/* The largest line that is sent from where it lies, or from a buffer. */
#define WHOLE_MAX (LT_EVENT_MAX - LT_LINE_HEAD)

_Static_assert(EVH_TAILROOM == sizeof(uint64_t), "what send_own keeps");

static uint64_t bytes_at(const char *at)
{
	uint64_t bytes;

	memcpy(&bytes, at, sizeof(bytes));
	return bytes;
}

static void put_back(char *at, uint64_t bytes)
{
	memcpy(at, &bytes, sizeof(bytes));
}

/* A line in our own memory, others behind it. */
static void send_own(struct lt_thread *thread, int fd, char *bytes, size_t size)
{
	/* By value: unwinding would have to take care of a variable that has an address. */
	uint64_t behind = bytes_at(bytes + size);

	lt_lines_send(thread, fd, bytes, size);
	put_back(bytes + size, behind);
}

/* A line in other memory. Whether a buffer is free. */
static bool send_copied(struct lt_thread *thread, int fd, const char *bytes, size_t size)
{
	struct lt_buffer *buffer = lt_buffer_claim();
	char *line;

	if (lt_unlikely(!buffer))
		return false;
	line = (char *)buffer->event + LT_LINE_HEAD;
	memcpy(line, bytes, size);
	lt_lines_send(thread, fd, line, size);
	lt_buffer_release(buffer);
	return true;
}

static void take_line(struct lt_thread *thread, int fd, const char *bytes, size_t size, bool own)
{
	if (lt_unlikely(thread->cut)) {
		thread->cut = false;
		set_open(thread);
	} else if (thread->open || size > WHOLE_MAX) {
		send_line(thread, fd, bytes, size, "\n");
	} else if (own) {
		send_own(thread, fd, (char *)bytes, size);
	} else if (!send_copied(thread, fd, bytes, size)) {
		send_line(thread, fd, bytes, size, "\n");
	}
}

/* At the end of exit(), which runs in one thread: whether that is this one. */
static bool is_collector(const struct lt_thread *thread)
{
	return __atomic_load_n(&lt_ending, __ATOMIC_RELAXED) &&
	       thread == __atomic_load_n(&lt_collector, __ATOMIC_RELAXED);
}

static void take_lines(struct lt_thread *thread, int fd, const char *bytes, size_t size, bool own)
{
	while (size) {
		const char *newline = memchr(bytes, '\n', size);
		size_t length = newline ? (size_t)(newline - bytes) : size;

		if (newline)
			take_line(thread, fd, bytes, length, own);
		else if (!thread->cut)
			keep_piece(thread, fd, bytes, size);
		length += newline != NULL;
		bytes += length;
		size -= length;
	}
	/* Behind exit()'s handlers nothing but stdio's last bytes are to come. */
	if (lt_unlikely(is_collector(thread)) && thread->open && !thread->cut)
		send_line(thread, fd, "", 0, "");
}

/* Whether the thread's line is its own now; false: it was already, and this is a handler. */
static bool claim(struct lt_thread *thread)
{
	for (unsigned turn = 0;; turn++) {
		uint8_t state = LT_CLAIM_FREE;

		if (lt_likely(__atomic_compare_exchange_n(&thread->claim, &state, LT_CLAIM_OWN,
							  false, __ATOMIC_ACQUIRE,
							  __ATOMIC_ACQUIRE)))
			return true;
		if (state == LT_CLAIM_TAKEN)
			break;
		if (state == LT_CLAIM_OWN || !lt_spin(turn))
			return false;
	}
	__atomic_store_n(&thread->claim, LT_CLAIM_OWN, __ATOMIC_RELAXED);
	thread->used = 0;
	thread->parts.next = 0;
	thread->cut = true;
	return true;
}

static void release(struct lt_thread *thread)
{
	__atomic_store_n(&thread->claim, LT_CLAIM_FREE, __ATOMIC_RELEASE);
}

static __attribute__((noinline)) void take(int fd, const char *bytes, size_t size, bool own)
{
	struct lt_thread *thread = &lt_thread;

	lt_thread_enter(thread);
	if (lt_unlikely(!claim(thread))) {
		take_nested(fd, bytes, size);
		return;
	}
	take_lines(thread, fd, bytes, size, own);
	release(thread);
}

void lt_lines_take(int fd, const void *bytes, size_t size)
{
	take(fd, bytes, size, false);
}

void lt_lines_take_own(int fd, char *bytes, size_t size)
{
	take(fd, bytes, size, true);
}

/*
 * Whether the thread logged in this process: whoever did not has nothing unfinished, and is not to
 * be announced for that. Most children of fork never do.
 */
static bool has_begun(const struct lt_thread *thread)
{
	return thread->generation &&
	       thread->generation == __atomic_load_n(&lt_process->generation, __ATOMIC_RELAXED);
}

static void flush(bool goes_on)
{
	struct lt_thread *thread = &lt_thread;

	if (!has_begun(thread) || !thread->open || (goes_on && !thread->used) || !claim(thread))
		return;
	if (thread->cut)
		;
	else if (goes_on)
		overflow(thread, STDERR_FILENO, "", 0);
	else
		send_line(thread, STDERR_FILENO, "", 0, "");
	release(thread);
}

void lt_lines_flush(void)
{
	flush(false);
}

void lt_lines_flush_part(void)
{
	flush(true);
}

bool lt_lines_unfinished(void)
{
	struct lt_thread *thread = &lt_thread;

	return has_begun(thread) && thread->open && !thread->cut &&
	       __atomic_load_n(&thread->claim, __ATOMIC_RELAXED) == LT_CLAIM_FREE;
}

/*
 * Takes over what another thread has unfinished: what the claim guards, and nothing that the thread
 * may be writing meanwhile. Whether there was something.
 */
static bool take_over(struct lt_thread *thread, struct lt_thread *copy)
{
	uint8_t state = LT_CLAIM_FREE;

	for (unsigned turn = 0;
	     !__atomic_compare_exchange_n(&thread->claim, &state, LT_CLAIM_TAKING, false,
					  __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
	     turn++, state = LT_CLAIM_FREE)
		if (state != LT_CLAIM_OWN || !lt_spin(turn))
			return false;
	if (__atomic_load_n(&thread->generation, __ATOMIC_RELAXED) != lt_process_generation() ||
	    !thread->open || thread->cut) {
		release(thread);
		return false;
	}
	copy->parts = thread->parts;
	copy->severity = thread->severity;
	copy->lines = thread->lines;
	copy->used = thread->used;
	memcpy(copy->piece, thread->piece, sizeof(copy->piece));
	__atomic_store_n(&thread->claim, LT_CLAIM_TAKEN, __ATOMIC_RELEASE);
	return true;
}

static __attribute__((noinline)) void flush_other(size_t index)
{
	struct lt_thread *thread = lt_registry_pin(index, &lt_thread);
	struct lt_thread copy;
	bool took = thread && take_over(thread, &copy);

	if (thread)
		lt_registry_unpin(index);
	if (took)
		send_line(&copy, STDERR_FILENO, "", 0, "");
}

void lt_lines_flush_others(void)
{
	const struct lt_thread *none = NULL;

	if (!__atomic_compare_exchange_n(&lt_collector, &none, &lt_thread, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_RELAXED))
		return;
	for (size_t i = 0; i < LT_REGISTRY_MAX; i++)
		flush_other(i);
}

void lt_lines_flush_before_stdio(void)
{
	extern FILE _IO_2_1_stderr_ __attribute__((weak));
	const FILE *file = &_IO_2_1_stderr_;

	flush(file && file->_IO_write_ptr > file->_IO_write_base);
}
