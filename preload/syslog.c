/* SPDX-License-Identifier: MIT */
/*
 * The syslog family. While somebody listens, a message is formatted once, behind the head of our
 * event, and the original gets it as "%s": same text, same errno, one formatting. Where that would
 * not be the same (the text holds a NUL, formatting fails, no memory) the original gets the
 * program's own arguments.
 *
 * Must never send what the program's mask keeps back, and never hold a lock: the state below is
 * single words, as unsynchronised as a program that calls openlog from two threads at once.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "emit.h"
#include "inner.h"
#include "lines.h"
#include "mapping.h"
#include "real.h"

#define PLAIN (-1) /* in place of the fortify flag */

/* What libc keeps about the log, as the program set it. The ident is the program's own memory. */
static const char *log_ident;
static int log_facility = LOG_USER;
static int log_mask = 0xff;
static int log_options;

static void call(int priority, int flag, const char *format, va_list arguments)
{
	if (flag == PLAIN || !LT_REAL(__vsyslog_chk))
		LT_REAL(vsyslog)(priority, format, arguments);
	else
		LT_REAL(__vsyslog_chk)(priority, flag, format, arguments);
}

/* The original, with text that is formatted already. */
static void call_text(int priority, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	LT_REAL(vsyslog)(priority, format, arguments);
	va_end(arguments);
}

int __vsnprintf_chk(char *, size_t, int, size_t, const char *, va_list);

static int format_into(char *out, size_t size, int flag, const char *format, va_list arguments)
{
	if (flag == PLAIN)
		return vsnprintf(out, size, format, arguments);
	return __vsnprintf_chk(out, size, flag, size, format, arguments);
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

static void deliver(const struct message *message, const char *text, size_t size, va_list original)
{
	struct lt_inner outer = lt_inner_enter(LT_INNER_SYSLOG, __builtin_frame_address(0));

	errno = message->before;
	if (lt_unlikely(memchr(text, '\0', size) != NULL))
		call(message->priority, message->flag, message->format, original);
	else
		call_text(message->priority, "%s", text);
	lt_inner_leave(&outer);
}

/* Passes the message on, then sends it; or the other way round with passthrough off. */
static void log_short(const struct message *message, uint8_t *buffer, const char *text, size_t size,
		      va_list original)
{
	size_t shown = without_newline(text, size);
	int after;

	if (lt_unlikely(!lt_settings.passthrough)) {
		if (lt_emit_syslog_end(buffer, message->severity, shown))
			deliver(message, text, size, original);
		return;
	}
	deliver(message, text, size, original);
	after = errno;
	lt_emit_syslog_end(buffer, message->severity, shown);
	errno = after;
}

static void log_long(const struct message *message, size_t size, va_list arguments,
		     va_list original)
{
	struct lt_mapping mapping;
	size_t shown;
	int after;

	if (lt_mapping_open(&mapping, size + 1)) {
		errno = message->before;
		call(message->priority, message->flag, message->format, original);
		return;
	}
	errno = message->before;
	format_into(mapping.address, size + 1, message->flag, message->format, arguments);
	shown = without_newline(mapping.address, size);
	if (lt_settings.passthrough)
		deliver(message, mapping.address, size, original);
	after = errno;
	if (lt_emit_syslog_long(message->severity, message->facility, message->ident,
				mapping.address, shown) &&
	    !lt_settings.passthrough)
		deliver(message, mapping.address, size, original);
	lt_mapping_close(&mapping);
	errno = after;
}

static __attribute__((noinline)) void log_heard(const struct message *message, va_list arguments)
{
	uint8_t buffer[LT_SYSLOG_BUFFER];
	size_t room;
	char *text = lt_emit_syslog_begin(buffer, message->severity, message->facility,
					  message->ident, &room);
	va_list again, original;
	int size;

	va_copy(again, arguments);
	va_copy(original, arguments);
	errno = message->before;
	size = format_into(text, room, message->flag, message->format, arguments);
	if (lt_unlikely(size < 0)) {
		errno = message->before;
		call(message->priority, message->flag, message->format, original);
	} else if (lt_likely((size_t)size < room)) {
		log_short(message, buffer, text, (size_t)size, original);
	} else {
		log_long(message, (size_t)size, again, original);
	}
	va_end(original);
	va_end(again);
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
