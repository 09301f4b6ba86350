/* SPDX-License-Identifier: MIT */
/*
 * The syslog family. While somebody listens, a message is formatted here, passed on to the
 * original as "%s" and that text, and then sent. What that would not be the same for (a text with a
 * NUL in it, one that can't be formatted) and what is too long for a small stack is passed on with
 * the program's own arguments, and formatted once more.
 *
 * Must never send what the program's mask keeps back, and never hold a lock: the state below is
 * single words, as unsynchronised as a program that calls openlog from two threads at once.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "debug.h"
#include "emit.h"
#include "format.h"
#include "inner.h"
#include "lines.h"
#include "mapping.h"
#include "real.h"

#define PLAIN (-1) /* in place of the fortify flag */

/* Formatted on the stack, of which there may be little; nearly every message is shorter. */
#define SHORT_MAX 400

/* What libc keeps about the log, as the program set it. The ident is the program's own memory. */
static const char *log_ident;
static int log_facility = LOG_USER;
static int log_mask = 0xff;
static int log_options;

/* The program gave conversions a meaning of its own, perhaps %s: libc alone formats from then on.
 */
static bool printf_changed;

static void call(int priority, int flag, const char *format, va_list arguments)
{
	if (flag == PLAIN || !LT_REAL(__vsyslog_chk))
		LT_REAL(vsyslog)(priority, format, arguments);
	else
		LT_REAL(__vsyslog_chk)(priority, flag, format, arguments);
}

struct message {
	int priority, flag, before; /* before: errno as the program left it */
	const char *format;
	int severity, facility;
	const char *ident;
};

/* Receivers drop one newline at the end; the line that they store is what we show. */
static size_t without_newline(const char *text, size_t size)
{
	return size && text[size - 1] == '\n' ? size - 1 : size;
}

static void deliver(const struct message *message, va_list arguments)
{
	struct lt_inner outer = lt_inner_enter(LT_INNER_SYSLOG, __builtin_frame_address(0));

	errno = message->before;
	call(message->priority, message->flag, message->format, arguments);
	lt_inner_leave(&outer);
}

/* The same as deliver() for a message that was formatted already. */
static void deliver_text(const struct message *message, const char *format, ...)
{
	struct message text = *message;
	va_list arguments;

	text.flag = PLAIN;
	text.format = format;
	va_start(arguments, format);
	deliver(&text, arguments);
	va_end(arguments);
}

int __vsnprintf_chk(char *text, size_t size, int flag, size_t room, const char *format,
		    va_list arguments);

/* Formats into `text`; the size of it, or -1 where "%s" and the text would not say the same. */
static int format_short(const struct message *message, char text[SHORT_MAX], va_list arguments)
{
	va_list again;
	int size;

	va_copy(again, arguments);
	size = lt_format(text, SHORT_MAX - 1, message->before, message->format, again);
	va_end(again);
	if (lt_likely(size >= 0)) {
		text[size] = '\0';
		return size;
	}
	errno = message->before;
	/* The fortified form refuses what the original would refuse. */
	if (message->flag == PLAIN)
		size = vsnprintf(text, SHORT_MAX, message->format, arguments);
	else
		size = __vsnprintf_chk(text, SHORT_MAX, message->flag, SHORT_MAX, message->format,
				       arguments);
	return size >= 0 && size < SHORT_MAX && !memchr(text, 0, (size_t)size) ? size : -1;
}

/* Sends a message that was formatted already. */
static int emit_text(const struct message *message, const char *text, size_t size)
{
	struct lt_buffer *buffer = lt_buffer_claim();
	size_t room;
	char *copy;
	int error;

	size = without_newline(text, size);
	if (!buffer)
		return lt_emit_syslog_long(message->severity, message->facility, message->ident,
					   text, size);
	copy = lt_emit_syslog_begin(buffer, message->severity, message->facility, message->ident,
				    &room);
	memcpy(copy, text, size);
	error = lt_emit_syslog_end(buffer, message->severity, copy, size);
	lt_buffer_release(buffer);
	return error;
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
	text = lt_emit_syslog_begin(buffer, message->severity, message->facility, message->ident,
				    &room);
	errno = message->before;
	size = vsnprintf(text, room, message->format, arguments);
	if (size >= 0 && (size_t)size < room)
		*error = lt_emit_syslog_end(buffer, message->severity, text,
					    without_newline(text, (size_t)size));
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
	size = vsnprintf(NULL, 0, message->format, again);
	va_end(again);
	if (size < 0 || lt_mapping_open(&mapping, (size_t)size + 1)) {
		lt_count(LT_COUNT_CAPTURED);
		lt_count(LT_COUNT_OTHER);
		return -ENOMEM;
	}
	errno = message->before;
	vsnprintf(mapping.address, (size_t)size + 1, message->format, arguments);
	error = lt_emit_syslog_long(message->severity, message->facility, message->ident,
				    mapping.address,
				    without_newline(mapping.address, (size_t)size));
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

/* Passes on and sends a short message; false when it has to be done elsewhere. */
static bool log_short(const struct message *message, va_list arguments)
{
	char text[SHORT_MAX];
	int size = format_short(message, text, arguments);
	int after;

	if (lt_unlikely(size < 0))
		return false;
	deliver_text(message, "%s", text);
	after = errno;
	emit_text(message, text, (size_t)size);
	errno = after;
	return true;
}

/* Passes the message on, then sends it; or sends it, and with passthrough off no more than that. */
static void log_long(const struct message *message, va_list arguments)
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

static __attribute__((noinline)) void log_heard(const struct message *message, va_list arguments)
{
	va_list again;
	bool done;

	va_copy(again, arguments);
	done = lt_settings.passthrough && !printf_changed && log_short(message, again);
	va_end(again);
	if (!done)
		log_long(message, arguments);
}

/* The line that LOG_PERROR writes: "ident[pid]: text" and a newline, unless the text ends in one.
 */
static void take_perror_line(const struct message *message, va_list arguments)
{
	char ident[320];
	struct lt_mapping mapping;
	va_list again;
	int prefix, size;

	prefix = snprintf(ident, sizeof(ident),
			  log_options & LOG_PID ? "%.255s[%d]: " : "%.255s: ", message->ident,
			  (int)getpid());
	va_copy(again, arguments);
	errno = message->before;
	size = vsnprintf(NULL, 0, message->format, again);
	va_end(again);
	if (size < 0 || lt_mapping_open(&mapping, (size_t)prefix + (size_t)size + 2))
		return;
	memcpy(mapping.address, ident, (size_t)prefix);
	errno = message->before;
	vsnprintf(mapping.address + prefix, (size_t)size + 1, message->format, arguments);
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
static __attribute__((noinline)) void call_perror(const struct message *message, va_list arguments)
{
	bool held_back =
		(lt_settings.capture & LT_CAPTURE_SYSLOG) && message->severity > lt_settings.level;
	struct lt_inner outer = lt_inner_enter(held_back ? LT_INNER_SYSLOG : LT_INNER_DPRINTF,
					       __builtin_frame_address(0));
	va_list again;
	bool seen;
	int after;

	va_copy(again, arguments);
	call(message->priority, message->flag, message->format, arguments);
	after = errno;
	seen = lt_inner_seen();
	lt_inner_leave(&outer);
	if (!held_back && !seen)
		take_perror_line(message, again);
	errno = after;
	va_end(again);
}

static void log_message(int priority, int flag, const char *format, va_list arguments)
{
	struct message message = {
		.priority = priority,
		.flag = flag,
		.before = errno,
		.format = format,
		.severity = LOG_PRI(priority),
		.ident = log_ident ? log_ident : program_invocation_short_name,
	};

	if (lt_likely(!lt_heard(LT_WORD_SYSLOG | LT_WORD_STDERR)) ||
	    !(log_mask & LOG_MASK(message.severity))) {
		call(priority, flag, format, arguments);
	} else if (lt_emit_wants(LT_CAPTURE_SYSLOG, message.severity)) {
		/* libc clears what it doesn't know, and says so in a message of its own. */
		priority &= LOG_PRIMASK | LOG_FACMASK;
		message.facility = LOG_FAC(priority & LOG_FACMASK ? priority : log_facility);
		log_heard(&message, arguments);
	} else if ((log_options & LOG_PERROR) && lt_heard(LT_WORD_STDERR)) {
		call_perror(&message, arguments);
	} else {
		call(priority, flag, format, arguments);
	}
}

LT_EXPORT void vsyslog(int priority, const char *format, va_list arguments)
{
	log_message(priority, PLAIN, format, arguments);
}

void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments);

LT_EXPORT void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments)
{
	log_message(priority, flag, format, arguments);
}

LT_EXPORT void syslog(int priority, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_message(priority, PLAIN, format, arguments);
	va_end(arguments);
}

void __syslog_chk(int priority, int flag, const char *format, ...);

LT_EXPORT void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_message(priority, flag, format, arguments);
	va_end(arguments);
}

LT_EXPORT int register_printf_specifier(int letter, printf_function *convert,
					printf_arginfo_size_function *describe)
{
	printf_changed = true;
	return LT_REAL(register_printf_specifier)(letter, convert, describe);
}

LT_EXPORT int register_printf_function(int letter, printf_function *convert,
				       printf_arginfo_function *describe)
{
	printf_changed = true;
	return LT_REAL(register_printf_function)(letter, convert, describe);
}

/* Like libc, a NULL ident leaves the old one, and a facility of 0 or beyond the mask is ignored. */
LT_EXPORT void openlog(const char *ident, int options, int facility)
{
	LT_REAL(openlog)(ident, options, facility);
	if (ident)
		log_ident = ident;
	log_options = options;
	if (facility != 0 && !(facility & ~LOG_FACMASK))
		log_facility = facility;
}

LT_EXPORT void closelog(void)
{
	LT_REAL(closelog)();
	log_ident = NULL;
}

LT_EXPORT int setlogmask(int mask)
{
	int old = LT_REAL(setlogmask)(mask);

	if (mask)
		log_mask = mask;
	return old;
}
