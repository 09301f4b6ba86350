/* SPDX-License-Identifier: MIT */
/*
 * A connection to the journal begins with a head of seven lines; each line behind it is a message,
 * whoever of a process writes it. What is unfinished is kept with the connection.
 *
 * Must never lock: a connection is claimed for the time that it is worked on, and who finds it
 * claimed, another thread or a handler, makes lines of its own bytes.
 */
#include "log_lines.h"

#include <string.h>
#include <syslog.h>

#include "emit.h"
#include "log_streams.h"
#include "utf8.h"

/* What a line begins with, and where its text begins. */
static int severity_of(const struct lt_stream_head *head, const char *line, size_t size,
		       size_t *skip)
{
	*skip = 0;
	if (!head->prefixed || size < 3 || line[0] != '<' || line[1] < '0' || line[1] > '7' ||
	    line[2] != '>')
		return head->severity;
	*skip = 3;
	return line[1] - '0';
}

static struct lt_syslog_head head_of(const struct lt_stream *stream, int severity)
{
	const char *ident = stream->head.ident;

	return (struct lt_syslog_head){ severity, LOG_FAC(LOG_USER), *ident ? ident : lt_program };
}

/* A line of the head: the name, the unit, the severity, whether lines have one, and others. */
static void take_head_line(struct lt_stream *stream, const char *line, size_t size)
{
	struct lt_stream_head *head = &stream->head;

	if (stream->lines == 0) {
		if (size > LT_STREAM_IDENT_MAX)
			size = LT_STREAM_IDENT_MAX;
		memcpy(head->ident, line, size);
		head->ident[size] = '\0';
	} else if (stream->lines == 2) {
		head->severity = size == 1 && *line >= '0' && *line <= '7' ? (uint8_t)(*line - '0')
									   : LOG_INFO;
	} else if (stream->lines == 3) {
		head->prefixed = size == 1 && *line == '1';
	}
	stream->lines++;
}

/* A line whose beginning is kept: the severity is in one piece with what else fits there. */
static void fill_piece(struct lt_stream *stream, const char **bytes, size_t *size)
{
	size_t taken = sizeof(stream->piece) - stream->used;

	if (taken > *size)
		taken = *size;
	memcpy(stream->piece + stream->used, *bytes, taken);
	stream->used = (uint16_t)(stream->used + taken);
	*bytes += taken;
	*size -= taken;
}

static struct lt_message message_of(const struct lt_stream *stream, size_t skip, const char *bytes,
				    size_t size)
{
	return (struct lt_message){ { stream->piece + skip, bytes },
				    { stream->used - skip, size } };
}

/* The line ends with these bytes. The journal keeps no empty ones either. */
static void finish_line(struct lt_stream *stream, const char *bytes, size_t size)
{
	struct lt_parts parts = stream->parts;
	struct lt_syslog_head head;
	struct lt_message message;
	size_t skip;

	fill_piece(stream, &bytes, &size);
	if (stream->lines < LT_STREAM_HEAD_LINES) {
		take_head_line(stream, stream->piece, stream->used);
	} else if (parts.next) {
		head = head_of(stream, stream->severity);
		message = message_of(stream, 0, bytes, size);
		lt_emit_syslog_parts(&head, &message, &parts, true);
	} else {
		head = head_of(stream,
			       severity_of(&stream->head, stream->piece, stream->used, &skip));
		message = message_of(stream, skip, bytes, size);
		if (message.size[0] + message.size[1])
			lt_emit_syslog_message(&head, &message);
	}
	stream->used = 0;
	stream->parts.next = 0;
}

/* What is kept has no room left: it is sent as a part, but for a character that goes on. */
static void send_part(struct lt_stream *stream)
{
	size_t skip = 0, kept = lt_utf8_unfinished(stream->piece, stream->used, "", 0, true);
	struct lt_syslog_head head;
	struct lt_message message;

	if (!stream->parts.next)
		stream->severity =
			(uint8_t)severity_of(&stream->head, stream->piece, stream->used, &skip);
	head = head_of(stream, stream->severity);
	message = message_of(stream, skip, "", 0);
	message.size[0] -= kept;
	lt_emit_syslog_parts(&head, &message, &stream->parts, false);
	memmove(stream->piece, stream->piece + stream->used - kept, kept);
	stream->used = (uint16_t)kept;
}

static void keep_piece(struct lt_stream *stream, const char *bytes, size_t size)
{
	for (;;) {
		fill_piece(stream, &bytes, &size);
		if (!size)
			return;
		send_part(stream);
	}
}

static void take_bytes(struct lt_stream *stream, const char *bytes, size_t size)
{
	while (size) {
		const char *newline = memchr(bytes, '\n', size);
		size_t length = newline ? (size_t)(newline - bytes) : size;

		if (newline)
			finish_line(stream, bytes, length);
		else
			keep_piece(stream, bytes, length);
		length += newline != NULL;
		bytes += length;
		size -= length;
	}
}

static void send_unfinished(struct lt_stream *stream)
{
	if (stream->used || stream->parts.next)
		finish_line(stream, "", 0);
}

/* While somebody else is at the connection. */
static LT_COLD __attribute__((noinline)) void take_apart(const struct lt_stream_head *head,
							 const char *bytes, size_t size)
{
	while (size) {
		const char *newline = memchr(bytes, '\n', size);
		size_t length = newline ? (size_t)(newline - bytes) : size, skip;
		int severity = severity_of(head, bytes, length, &skip);

		if (length > skip)
			lt_emit_syslog(severity, LOG_FAC(LOG_USER),
				       head->ident[0] ? head->ident : lt_program, bytes + skip,
				       length - skip);
		length += newline != NULL;
		bytes += length;
		size -= length;
	}
}

void lt_log_lines_take(uint64_t file, const char *bytes, size_t size)
{
	uint32_t generation = lt_process_generation();
	struct lt_stream *stream = lt_stream_of(file);

	if (!stream)
		return;
	if (!lt_claim(&stream->owner, generation)) {
		take_apart(&stream->head, bytes, size);
		return;
	}
	/* A child of fork begins with nothing unfinished. */
	if (stream->generation != generation) {
		stream->used = 0;
		stream->parts.next = 0;
	}
	stream->generation = generation;
	take_bytes(stream, bytes, size);
	/* Nothing may come behind the end of exit(). */
	if (__atomic_load_n(&lt_ending, __ATOMIC_RELAXED))
		send_unfinished(stream);
	lt_release(&stream->owner);
}

void lt_log_lines_flush(void)
{
	uint32_t generation = lt_process_generation();
	struct lt_stream *stream;

	for (unsigned i = 0; (stream = lt_stream_at(i)); i++) {
		if (!stream->file || stream->generation != generation ||
		    !lt_claim(&stream->owner, generation))
			continue;
		send_unfinished(stream);
		lt_release(&stream->owner);
	}
}
