/* SPDX-License-Identifier: MIT */
/*
 * A line that comes in pieces: what a thread has of it, its severity, and what is sent of it before
 * it ends. Whoever calls has claimed the thread's line (lines.c). Must never lock, nor send a byte
 * twice: a handler may leave by a jump at any place.
 */
#include "pieces.h"

#include <string.h>
#include <sys/uio.h>

#include "own_calls.h"
#include "raw.h"
#include "registry.h"
#include "utf8.h"

/* A line as it is handled here: bytes of the thread's buffer, then bytes of the caller. */
struct lt_line {
	int fd;
	const char *kept;
	size_t kept_size;
	const char *rest;
	size_t rest_size;
};

/* Passthrough off: what could not be sent is delivered after all, `end` being "\n" or "". */
static __attribute__((noinline)) void write_to_stderr(const struct lt_line *line, const char *end)
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

static void write_if_unsent(const struct lt_line *line, const char *end, int error)
{
	if (lt_unlikely(error && !lt_settings.passthrough))
		write_to_stderr(line, end);
}

LT_COLD void lt_lines_refused(int fd, const char *line, size_t size, int error)
{
	write_if_unsent(&(struct lt_line){ fd, "", 0, line, size }, "\n", error);
}

static struct lt_message message_of(const struct lt_line *line, size_t skip)
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
static int severity_of_kept(struct lt_thread *thread, struct lt_line *line, size_t *skip)
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

/* How much there is without the carriage returns at the end, which overwrite nothing yet. */
static size_t without_returns(const char *bytes, size_t size)
{
	while (size && bytes[size - 1] == '\r')
		size--;
	return size;
}

/* The last carriage return that text stands behind: from there on a terminal shows the line. */
static const char *last_state(const char *bytes, size_t size)
{
	size = without_returns(bytes, size);
	return size ? memrchr(bytes, '\r', size) : NULL;
}

/* Of a line of which nothing was sent, or whose last state is all in this. */
static int severity_of(struct lt_thread *thread, struct lt_line *line, size_t *skip)
{
	const char *state;
	size_t none;

	if (!line->kept_size)
		return lt_lines_severity(&thread->lines, line->rest, line->rest_size, skip);
	state = last_state(line->rest, line->rest_size);
	/* "<3>" holds for all of a line. */
	if (lt_likely(!state || *line->kept == '<'))
		return severity_of_kept(thread, line, skip);
	*skip = 0;
	return lt_lines_severity(&thread->lines, state,
				 (size_t)(line->rest + line->rest_size - state), &none);
}

/* In thread->severity: the line began with it ("<3>"), and it holds for all of it. */
#define DECLARED 8

/* Of what follows parts that were sent: theirs, unless it overwrites them. */
static int severity_behind_parts(struct lt_thread *thread, struct lt_line *line)
{
	size_t none;

	if (thread->severity & DECLARED)
		return thread->severity - DECLARED;
	if (last_state(line->kept, line->kept_size) || last_state(line->rest, line->rest_size) ||
	    (line->kept_size && line->kept[line->kept_size - 1] == '\r' &&
	     without_returns(line->rest, line->rest_size)))
		return severity_of(thread, line, &none);
	return thread->severity;
}

void lt_line_set_open(struct lt_thread *thread)
{
	thread->open = thread->used || thread->parts.next || thread->cut;
}

void lt_line_end(struct lt_thread *thread, int fd, const char *bytes, size_t size, const char *end)
{
	struct lt_line line = { fd, thread->piece, thread->used, bytes, size };
	struct lt_parts parts = thread->parts;
	struct lt_message message;
	size_t skip = 0;

	thread->used = 0;
	thread->parts.next = 0;
	thread->open = false;
	if (lt_unlikely(parts.next)) {
		int severity = severity_behind_parts(thread, &line);

		message = message_of(&line, 0);
		write_if_unsent(&line, end, lt_emit_stderr_parts(severity, &message, &parts, true));
	} else {
		int severity = severity_of(thread, &line, &skip);

		message = message_of(&line, skip);
		write_if_unsent(&line, end, lt_emit_stderr(severity, &message));
	}
}

/* Takes the bytes of an unfinished character off the end of a line; how many. */
static size_t keep_back(struct lt_line *line, char *bytes)
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

/* The severity of a part that is to be sent, noted for what follows it. */
static int judge_part(struct lt_thread *thread, struct lt_line *line, size_t *skip)
{
	int severity = thread->parts.next ? severity_behind_parts(thread, line)
					  : severity_of(thread, line, skip);

	if (*skip || (thread->parts.next && thread->severity & DECLARED))
		thread->severity = (int8_t)(severity | DECLARED);
	else
		thread->severity = (int8_t)severity;
	return severity;
}

void lt_line_send_part(struct lt_thread *thread, int fd, const char *bytes, size_t size)
{
	struct lt_line line = { fd, thread->piece, thread->used, bytes, size };
	struct lt_message message;
	size_t skip = 0, unfinished;
	char character[3];

	int severity;

	thread->used = 0;
	severity = judge_part(thread, &line, &skip);
	unfinished = keep_back(&line, character);
	message = message_of(&line, skip);
	if (message.size[0] + message.size[1])
		write_if_unsent(&line, "",
				lt_emit_stderr_parts(severity, &message, &thread->parts, false));
	memcpy(thread->piece, character, unfinished);
	thread->used = (uint16_t)unfinished;
	lt_line_set_open(thread);
}

/*
 * A state of a line that overwrites itself, such as a progress bar: goes out as a part as soon as
 * the next one stands behind it, so that a process that is killed leaves what it showed. What it
 * said means nothing to the lines behind, and one that nobody wants has no number.
 *
 * kept: bytes of the thread's buffer that belong to it; of the rest, which are carriage returns,
 * the next state begins.
 */
static LT_COLD void send_state(struct lt_thread *thread, int fd, size_t kept, const char *bytes,
			       size_t size)
{
	struct lt_line line = { fd, thread->piece, kept, bytes, size };
	struct lt_severity_state lines = thread->lines;
	size_t returns = thread->used - kept, skip = 0;
	int severity = judge_part(thread, &line, &skip), error = -ECANCELED;
	struct lt_message message = message_of(&line, skip);

	thread->used = 0;
	if (!skip)
		thread->lines = lines;
	if (lt_emit_wants(LT_CAPTURE_STDERR, severity))
		error = lt_emit_stderr_parts(severity, &message, &thread->parts, false);
	write_if_unsent(&line, "", error);
	memset(thread->piece, '\r', returns);
	thread->used = (uint16_t)returns;
}

/* Sends the states that the bytes overwrite. How many of the bytes went with them. */
static size_t send_states(struct lt_thread *thread, int fd, const char *bytes, size_t size)
{
	size_t shown = without_returns(bytes, size), text = thread->used;
	const char *start = shown ? memrchr(bytes, '\r', shown) : NULL;

	if (lt_likely(!start && (!shown || !text || thread->piece[text - 1] != '\r')))
		return 0;
	if (start && (shown = without_returns(bytes, (size_t)(start - bytes)))) {
		send_state(thread, fd, text, bytes, shown);
		return shown;
	}
	text = without_returns(thread->piece, text);
	if (text)
		send_state(thread, fd, text, "", 0);
	return 0;
}

void lt_line_keep(struct lt_thread *thread, int fd, const char *bytes, size_t size)
{
	size_t states = send_states(thread, fd, bytes, size), used = thread->used;

	bytes += states;
	size -= states;

	/* Behind the last destructors the thread's memory can vanish at any moment. */
	if (lt_unlikely(!thread->registered && thread->armed && thread->exiting < 4))
		thread->registered = lt_registry_add(thread);
	if (used + size > LT_PIECE_MAX) {
		lt_line_send_part(thread, fd, bytes, size);
		return;
	}
	memcpy(thread->piece + used, bytes, size);
	thread->used = (uint16_t)(used + size);
	lt_line_set_open(thread);
}

void lt_line_send_alone(int fd, const char *bytes, size_t size, const char *end)
{
	struct lt_severity_state none = { 0 };
	struct lt_line line = { fd, "", 0, bytes, size };
	size_t skip;
	int severity = lt_lines_severity(&none, bytes, size, &skip);
	struct lt_message message = message_of(&line, skip);

	write_if_unsent(&line, end, lt_emit_stderr(severity, &message));
}
