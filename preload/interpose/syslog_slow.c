/* SPDX-License-Identifier: MIT */
/*
 * The syslog messages that syslog.c does not log the short way: of any length, with conversions of
 * the program's own, with passthrough off; and what LOG_PERROR writes where that is all there is.
 * libc formats them from the program's own arguments, and so do we once more.
 */
#include "syslog_internal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "debug_file.h"
#include "emit_syslog.h"
#include "format.h"
#include "lines.h"
#include "mapping.h"
#include "nested.h"

struct message {
	struct lt_syslog_call call;
	int before; /* errno as the program left it */
	int severity, facility;
	const char *ident;
};

static void deliver(const struct message *message, va_list arguments)
{
	struct lt_inner outer = lt_inner_enter(LT_INNER_SYSLOG, __builtin_frame_address(0));

	errno = message->before;
	lt_syslog_call_original(&message->call, arguments);
	lt_inner_leave(&outer);
}

/* As vsnprintf: what was formatted fits when it is less than `room`. */
static int format_for_event(const struct message *message, char *text, size_t room,
			    va_list arguments)
{
	int size = -1;
	bool percent;
	va_list again;

	va_copy(again, arguments);
	if (!lt_syslog_state.printf_changed)
		size = lt_format(text, room - 1, &percent, message->call.format, again);
	va_end(again);
	return size >= 0 ? size : vsnprintf(text, room, message->call.format, arguments);
}

/* Formats into a buffer's event; the size of the text, or -1 when it has to be done elsewhere. */
static int emit_short(const struct message *message, va_list arguments, int *error)
{
	struct lt_buffer *buffer = lt_buffer_claim();
	size_t room;
	char *text;
	int size;

	if (!buffer)
		return -1;
	text = lt_emit_syslog_begin(buffer->event, message->severity, message->facility,
				    message->ident);
	room = text ? (size_t)((char *)buffer->event + LT_EVENT_MAX - text) : 0;
	errno = message->before;
	size = text ? format_for_event(message, text, room, arguments) : -1;
	if (size >= 0 && (size_t)size < room)
		*error = lt_emit_syslog_end(buffer->event, message->severity, text,
					    lt_without_newline(text, (size_t)size));
	else
		size = -1;
	lt_buffer_release(buffer);
	return size;
}

/* A message of any length, formatted into memory of its own. */
static int emit_long(const struct message *message, va_list arguments)
{
	struct lt_mapping mapping;
	va_list again;
	int size, error;

	va_copy(again, arguments);
	errno = message->before;
	size = vsnprintf(NULL, 0, message->call.format, again);
	va_end(again);
	if (size < 0 || lt_mapping_open(&mapping, (size_t)size + 1)) {
		lt_count(LT_COUNT_CAPTURED);
		lt_count(LT_COUNT_OTHER);
		return -ENOMEM;
	}
	errno = message->before;
	vsnprintf(mapping.address, (size_t)size + 1, message->call.format, arguments);
	error = lt_emit_syslog(message->severity, message->facility, message->ident,
			       mapping.address, lt_without_newline(mapping.address, (size_t)size));
	lt_mapping_close(&mapping);
	return error;
}

static int emit(const struct message *message, va_list arguments)
{
	int error = 0;
	va_list again;

	va_copy(again, arguments);
	if (emit_short(message, again, &error) < 0)
		error = emit_long(message, arguments);
	va_end(again);
	return error;
}

/* Passes the message on, then sends it; or sends it, and with passthrough off no more than that. */
static LT_COLD void log_long(const struct message *message, va_list arguments)
{
	va_list again;
	int after;

	va_copy(again, arguments);
	if (lt_likely(lt_settings.passthrough)) {
		deliver(message, arguments);
		after = errno;
		emit(message, again);
		errno = after;
	} else if (emit(message, again)) {
		deliver(message, arguments);
	} else {
		errno = message->before;
	}
	va_end(again);
}

/* The line that LOG_PERROR writes: "ident[pid]: text" and a newline, unless the text ends in one.
 */
static void take_perror_line(const struct message *message, va_list arguments)
{
	char head[320];
	struct lt_mapping mapping;
	va_list again;
	int prefix, size;

	prefix = snprintf(head, sizeof(head),
			  lt_syslog_state.options & LOG_PID ? "%.255s[%d]: " : "%.255s: ",
			  message->ident, (int)getpid());
	va_copy(again, arguments);
	errno = message->before;
	size = vsnprintf(NULL, 0, message->call.format, again);
	va_end(again);
	if (size < 0 || lt_mapping_open(&mapping, (size_t)prefix + (size_t)size + 2))
		return;
	memcpy(mapping.address, head, (size_t)prefix);
	errno = message->before;
	vsnprintf(mapping.address + prefix, (size_t)size + 1, message->call.format, arguments);
	size += prefix;
	if (mapping.address[size - 1] != '\n')
		mapping.address[size++] = '\n';
	lt_lines_take(STDERR_FILENO, mapping.address, (size_t)size);
	lt_mapping_close(&mapping);
}

/*
 * A LOG_PERROR message that gives no syslog event. Where LOGTAP_LEVEL keeps it back, its line must
 * not come in through stderr; otherwise that line is one like any other, and if libc's write of it
 * can't be seen (glibc before 2.32 and from 2.37 on), it is made here.
 */
static LT_COLD void call_perror(const struct lt_syslog_call *call, int severity, va_list arguments)
{
	struct message message = {
		.call = *call,
		.before = errno,
		.ident = lt_syslog_ident(),
	};
	bool held_back = (lt_settings.capture & LT_CAPTURE_SYSLOG) && severity > lt_settings.level;
	struct lt_inner outer = lt_inner_enter(held_back ? LT_INNER_SYSLOG : LT_INNER_DPRINTF,
					       __builtin_frame_address(0));
	va_list again;
	bool seen;
	int after;

	va_copy(again, arguments);
	lt_syslog_call_original(call, arguments);
	after = errno;
	seen = lt_inner_seen();
	lt_inner_leave(&outer);
	if (!held_back && !seen)
		take_perror_line(&message, again);
	errno = after;
	va_end(again);
}

void lt_syslog_otherwise(struct lt_syslog_call call, va_list arguments)
{
	int severity = LOG_PRI(call.priority);

	if (!(lt_syslog_state.mask & LOG_MASK(severity)))
		lt_syslog_call_original(&call, arguments);
	else if (lt_emit_wants(LT_CAPTURE_SYSLOG, severity))
		log_long(&(struct message){ call, errno, severity,
					    lt_syslog_facility(call.priority), lt_syslog_ident() },
			 arguments);
	else if ((lt_syslog_state.options & LOG_PERROR) && lt_heard(LT_WORD_STDERR))
		call_perror(&call, severity, arguments);
	else
		lt_syslog_call_original(&call, arguments);
}
