/* SPDX-License-Identifier: MIT */
/*
 * The syslog messages that syslog.c does not log on its fast path: of any length, with conversions
 * of the program's own, with unknown bits in the priority, with passthrough off; and what
 * LOG_PERROR writes where that is all there is. libc formats them from the program's own arguments,
 * and so do we once more.
 *
 * Must never send an event for a message that libc refuses.
 */
#include "syslog_internal.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "debug_file.h"
#include "emit_syslog.h"
#include "lines.h"
#include "mapping.h"
#include "nested.h"
#include "rate.h"
#include "raw.h"

struct message {
	struct lt_syslog_call call;
	int before; /* errno as the program left it */
	int severity, facility;
	const char *ident;
};

int __vsnprintf_chk(char *text, size_t size, int flag, size_t room, const char *format,
		    va_list arguments) __attribute__((weak));

int lt_syslog_vsnprintf(const struct lt_syslog_call *call, char *text, size_t room,
			va_list arguments)
{
	if (call->flag == LT_SYSLOG_PLAIN || !__vsnprintf_chk)
		return vsnprintf(text, room, call->format, arguments);
	return __vsnprintf_chk(text, room, call->flag, room, call->format, arguments);
}

static unsigned count_digits(unsigned value, unsigned base)
{
	unsigned count = 1;

	for (; value >= base; value /= base)
		count++;
	return count;
}

/* As libc asks: by name it could be another's, such as a clock faker's. */
static int own_pid(void)
{
	return (int)LT_RAW1(SYS_getpid, 0);
}

/*
 * Whether libc refuses the message whose text formatting gave `size` for: it could not be
 * formatted, or its length does not fit into an int with the head "<priority>Mon dd hh:mm:ss
 * ident[pid]: ".
 */
static bool refused(const struct message *message, int size)
{
	int priority = message->facility << 3 | message->severity;
	size_t head;

	if (size < INT_MAX / 2)
		return size < 0;
	head = strlen("<>Mon dd hh:mm:ss : ") + count_digits((unsigned)priority, 10) +
	       strlen(message->ident);
	if (lt_syslog_state.options & LOG_PID)
		head += strlen("[]") + count_digits((unsigned)own_pid(), 10);
	return (size_t)size + head >= INT_MAX;
}

/* The same before it is formatted, by the widths in the format alone. */
static bool hopeless(const struct message *message, va_list arguments)
{
	size_t least = 0;

	if (!lt_syslog_state.printf_changed)
		least = lt_format_least(message->call.format, arguments);
	return refused(message, least < INT_MAX ? (int)least : INT_MAX);
}

/*
 * What libc says, in a message of its own, about bits of a priority that it does not know. Sent
 * before libc is called: the message may be one that it ends the program for.
 */
static void emit_complaint(int priority)
{
	static const char words[] = "syslog: unknown facility/priority: ";
	char text[sizeof(words) + 8];
	unsigned value = (unsigned)priority;
	unsigned digits = count_digits(value, 16);
	size_t size = sizeof(words) - 1 + digits;
	int before = errno;

	if (!lt_syslog_unknown_bits(priority) || !(lt_syslog_state.mask & LOG_MASK(LOG_ERR)) ||
	    !lt_emit_wants(LT_CAPTURE_SYSLOG, LOG_ERR))
		return;
	memcpy(text, words, sizeof(words) - 1);
	for (char *at = text + size; digits--; value /= 16)
		*--at = "0123456789abcdef"[value % 16];
	/* It gives LOG_PERROR, too, as part of the priority, where that bit is one of LOG_AUTH. */
	lt_emit_syslog(LOG_ERR, LOG_FAC(LOG_AUTH), lt_syslog_ident(), text, size);
	errno = before;
}

/* The syslog event stands for what libc writes to stderr. */
static void deliver(const struct message *message, va_list arguments)
{
	struct lt_nested outer = lt_nested_enter(LT_NESTED_SYSLOG, __builtin_frame_address(0));

	emit_complaint(message->call.priority);
	errno = message->before;
	lt_syslog_call_original(&message->call, arguments);
	lt_nested_leave(&outer);
}

static void deliver_text(const struct message *message, struct lt_finished_text text)
{
	emit_complaint(message->call.priority);
	lt_syslog_deliver_text(message->call, text);
}

/* As vsnprintf: what was formatted fits when it is less than `room`. */
static int format_for_event(const struct message *message, char *text, size_t room,
			    va_list arguments)
{
	struct lt_finished_text finished;
	int size = -1;

	errno = message->before;
	if (!lt_syslog_state.printf_changed)
		size = lt_format(text, room, &finished, message->call.format, arguments);
	return size >= 0 ? size : lt_syslog_vsnprintf(&message->call, text, room, arguments);
}

/* As emit_short, where what is sent is another text than what is formatted (emit_otel.c). */
static int emit_apart(const struct message *message, va_list arguments, bool *sent, int *error)
{
	struct lt_buffer *buffer = lt_buffer_claim();
	char *text;
	int size;

	if (!buffer) {
		errno = message->before;
		return lt_syslog_vsnprintf(&message->call, NULL, 0, arguments);
	}
	text = (char *)buffer->event;
	size = format_for_event(message, text, LT_EVENT_MAX, arguments);
	*sent = size >= 0 && size < (int)LT_EVENT_MAX;
	if (*sent)
		*error = lt_emit_syslog(message->severity, message->facility, message->ident, text,
					lt_without_newline(text, (size_t)size));
	lt_buffer_release(buffer);
	return size;
}

/*
 * Sends the message if it fits into a buffer's event. The size of its text, of which then *sent is
 * set; or as vsnprintf.
 */
static int emit_short(const struct message *message, va_list arguments, bool *sent, int *error)
{
	struct lt_buffer *buffer = lt_buffer_claim();
	size_t room;
	char *text;
	int size;

	if (buffer)
		text = lt_emit_syslog_begin(buffer->event, message->severity, message->facility,
					    message->ident);
	if (!buffer || !text) {
		if (buffer)
			lt_buffer_release(buffer);
		errno = message->before;
		return lt_syslog_vsnprintf(&message->call, NULL, 0, arguments);
	}
	room = (size_t)((char *)buffer->event + LT_EVENT_MAX - text);
	size = format_for_event(message, text, room, arguments);
	*sent = size >= 0 && (size_t)size < room;
	if (*sent && (*error = lt_rate_admit()))
		lt_emit_account(*error);
	else if (*sent)
		*error = lt_emit_syslog_end(buffer->event, message->severity, text,
					    lt_without_newline(text, (size_t)size));
	lt_buffer_release(buffer);
	return size;
}

/* A message whose text has `size` bytes, formatted into memory of its own. */
static int emit_long(const struct message *message, int size, va_list arguments)
{
	struct lt_mapping mapping;
	int again, error;

	if (lt_mapping_open(&mapping, (size_t)size + 1)) {
		lt_count_lost();
		return -ENOMEM;
	}
	errno = message->before;
	again = lt_syslog_vsnprintf(&message->call, mapping.address, (size_t)size + 1, arguments);
	/* The program may have changed the arguments meanwhile. */
	if (again < size)
		size = again;
	error = size < 0 ? -EINVAL
			 : lt_emit_syslog(message->severity, message->facility, message->ident,
					  mapping.address,
					  lt_without_newline(mapping.address, (size_t)size));
	lt_mapping_close(&mapping);
	return error;
}

/* 0, or a negative errno where nothing was sent: -EINVAL when libc refuses the message. */
static int emit(const struct message *message, va_list arguments)
{
	bool sent = false;
	int error = 0;
	va_list again;
	int size;

	if (hopeless(message, arguments))
		return -EINVAL;
	va_copy(again, arguments);
	size = (lt_settings.layout == LT_LAYOUT_LOGTAP ? emit_short : emit_apart)(message, again,
										  &sent, &error);
	va_end(again);
	if (sent)
		return error;
	return refused(message, size) ? -EINVAL : emit_long(message, size, arguments);
}

/* Texts that are formatted no more than once, where the program could notice it. */
#define ONCE_MAX 65536

/* Passes on and sends a text, as log_long does with a message. */
static void log_text(const struct message *message, struct lt_finished_text text, size_t size)
{
	int after, error;

	if (lt_settings.passthrough)
		deliver_text(message, text);
	after = errno;
	error = lt_emit_syslog(message->severity, message->facility, message->ident, text.bytes,
			       lt_without_newline(text.bytes, size));
	errno = after;
	if (error && !lt_settings.passthrough)
		deliver_text(message, text);
}

/*
 * With conversions of the program's own, whose functions may count their calls, or a %n: formatted
 * once, by libc, and passed on. False where that can't be: long texts and some odd ones are
 * formatted twice.
 */
static LT_COLD bool log_once(const struct message *message, va_list arguments)
{
	struct lt_mapping mapping;
	struct lt_finished_text text;
	bool done = false;
	va_list again;
	int size;

	if (hopeless(message, arguments) || lt_mapping_open(&mapping, ONCE_MAX))
		return false;
	va_copy(again, arguments);
	errno = message->before;
	size = lt_syslog_vsnprintf(&message->call, mapping.address, ONCE_MAX, again);
	va_end(again);
	if (size >= 0 && size < ONCE_MAX && !memchr(mapping.address, 0, (size_t)size)) {
		text = lt_finish_text(mapping.address, (size_t)size);
		done = text.literal || !lt_syslog_state.text_changed;
	}
	if (done)
		log_text(message, text, (size_t)size);
	lt_mapping_close(&mapping);
	return done;
}

/* What libc says of unknown bits comes before it ends the program for a %n. */
static bool is_for_once(const struct lt_syslog_call *call)
{
	return lt_syslog_state.printf_changed ||
	       (!lt_syslog_unknown_bits(call->priority) && lt_format_counts(call->format));
}

/* Passes the message on, then sends it; or sends it, and with passthrough off no more than that. */
static LT_COLD void log_long(const struct message *message, va_list arguments)
{
	va_list again;
	int after;

	if (is_for_once(&message->call) && log_once(message, arguments))
		return;
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

/*
 * The line that LOG_PERROR writes: "ident[pid]: text", of which dprintf, in glibc since 2.36, shows
 * no more than stands before a NUL, and a newline, unless the text ends in one.
 */
static void take_perror_line(const struct message *message, va_list arguments)
{
	char head[320];
	struct lt_mapping mapping;
	va_list again;
	int prefix, size;
	size_t shown;
	bool ended;

	if (hopeless(message, arguments))
		return;
	prefix = snprintf(head, sizeof(head),
			  lt_syslog_state.options & LOG_PID ? "%.255s[%d]: " : "%.255s: ",
			  message->ident, own_pid());
	va_copy(again, arguments);
	errno = message->before;
	size = lt_syslog_vsnprintf(&message->call, NULL, 0, again);
	va_end(again);
	if (refused(message, size) || prefix < 0 ||
	    lt_mapping_open(&mapping, (size_t)prefix + (size_t)size + 2))
		return;
	memcpy(mapping.address, head, (size_t)prefix);
	errno = message->before;
	lt_syslog_vsnprintf(&message->call, mapping.address + prefix, (size_t)size + 1, arguments);
	shown = (size_t)prefix + (size_t)size;
	ended = mapping.address[shown - 1] == '\n';
	if (lt_libc_since("2.36"))
		shown = strnlen(mapping.address, shown);
	if (!ended)
		mapping.address[shown++] = '\n';
	lt_lines_take(STDERR_FILENO, mapping.address, shown);
	lt_mapping_close(&mapping);
}

/*
 * A LOG_PERROR message that gives no syslog event. Where LOGTAP_LEVEL keeps it back, its line must
 * not come in through stderr; otherwise that line is one like any other, and if libc's write of it
 * can't be seen (glibc before 2.32 and from 2.37 on), it is made here.
 */
static LT_COLD void call_perror(const struct message *message, va_list arguments)
{
	bool held_back =
		(lt_settings.capture & LT_CAPTURE_SYSLOG) && message->severity > lt_settings.level;
	struct lt_nested outer = lt_nested_enter(held_back ? LT_NESTED_SYSLOG : LT_NESTED_DPRINTF,
						 __builtin_frame_address(0));
	va_list again;
	bool seen;
	int after;

	va_copy(again, arguments);
	if (held_back)
		emit_complaint(message->call.priority);
	lt_syslog_call_original(&message->call, arguments);
	after = errno;
	seen = lt_nested_seen();
	lt_nested_leave(&outer);
	if (!held_back && !seen && !lt_syslog_notices(message->call.format))
		take_perror_line(message, again);
	errno = after;
	va_end(again);
}

void lt_syslog_otherwise(struct lt_syslog_call call, va_list arguments)
{
	int severity = LOG_PRI(call.priority);
	struct message message = { call, errno, severity, lt_syslog_facility(call.priority),
				   lt_syslog_ident() };
	bool masked = !(lt_syslog_state.mask & LOG_MASK(severity));

	if (!masked && lt_emit_wants(LT_CAPTURE_SYSLOG, severity))
		log_long(&message, arguments);
	else if (!masked && (lt_syslog_state.options & LOG_PERROR) && lt_heard(LT_WORD_STDERR))
		call_perror(&message, arguments);
	else if (lt_syslog_unknown_bits(call.priority) && lt_emit_wants(LT_CAPTURE_SYSLOG, LOG_ERR))
		deliver(&message, arguments);
	else
		lt_syslog_call_original(&call, arguments);
}
