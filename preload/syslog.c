/* SPDX-License-Identifier: MIT */
/*
 * The syslog family. While somebody listens, a message is formatted here, straight into its event,
 * passed on to the original as a text that was formatted already, and then sent. What that would
 * not be the same for (a text with a NUL in it, one that can't be formatted) and what is too long
 * for a small stack is passed on with the program's own arguments, and formatted once more.
 *
 * Must never send what the program's mask keeps back, and never hold a lock: the state below is
 * single words, as unsynchronised as a program that calls openlog from two threads at once.
 *
 * On x86-64, jumps.S stands before the two functions with variable arguments: while nobody listens
 * they are a jump.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "bytes.h"
#include "debug.h"
#include "emit_syslog.h"
#include "format.h"
#include "inner.h"
#include "lines.h"
#include "mapping.h"
#include "real.h"

#define PLAIN (-1) /* in place of the fortify flag */

/* An event on the stack, of which there may be little; nearly every message fits. */
#define SHORT_EVENT 512

_Static_assert(SHORT_EVENT > LT_SYSLOG_HEAD + LT_SPARE + 200, "a short message beside any head");

/*
 * What libc keeps about the log, as the program set it; in one line of the cache. The ident is the
 * program's own memory.
 */
static struct {
	const char *ident;
	int facility, mask, options;
	/*
	 * The program gave conversions a meaning of its own, perhaps %s: libc alone formats from
	 * then on.
	 */
	bool printf_changed;
} state __attribute__((aligned(64))) = { .facility = LOG_USER, .mask = 0xff };

/* What the program called: its original is what we call. */
struct call {
	int priority, flag;
	bool listed; /* with a va_list */
	const char *format;
};

struct message {
	struct call call;
	int before; /* errno as the program left it */
	int severity, facility;
	const char *ident;
};

static void call_original(const struct call *call, va_list arguments)
{
	if (call->flag == PLAIN || !LT_REAL(__vsyslog_chk))
		LT_REAL(vsyslog)(call->priority, call->format, arguments);
	else
		LT_REAL(__vsyslog_chk)(call->priority, call->flag, call->format, arguments);
}

static void call_listed(struct call call, const char *format, ...)
{
	va_list arguments;

	call.format = format;
	va_start(arguments, format);
	call_original(&call, arguments);
	va_end(arguments);
}

/*
 * Calls the original with a text that was formatted already. A text without a % in it is a format
 * of its own, which libc is done with sooner.
 */
static inline void call_with_text(struct call call, const char *text, bool percent)
{
	const char *format = percent ? "%s" : text;

	if (call.listed)
		call_listed(call, format, text);
	else if (call.flag == PLAIN || !LT_REAL(__syslog_chk))
		LT_REAL(syslog)(call.priority, format, text);
	else
		LT_REAL(__syslog_chk)(call.priority, call.flag, format, text);
}

/* Receivers drop one newline at the end; the line that they store is what we show. */
static size_t without_newline(const char *text, size_t size)
{
	return size && text[size - 1] == '\n' ? size - 1 : size;
}

/*
 * Whether libc may write to stderr: it is asked to, or will complain about bits that it doesn't
 * know. The syslog event then stands for that line.
 */
static inline bool writes_line(int priority)
{
	return (state.options & LOG_PERROR) || (priority & ~(LOG_PRIMASK | LOG_FACMASK));
}

static void deliver(const struct message *message, va_list arguments)
{
	struct lt_inner outer = lt_inner_enter(LT_INNER_SYSLOG, __builtin_frame_address(0));

	errno = message->before;
	call_original(&message->call, arguments);
	lt_inner_leave(&outer);
}

static LT_COLD void deliver_text(struct call call, const char *text, bool percent)
{
	struct lt_inner outer = lt_inner_enter(LT_INNER_SYSLOG, __builtin_frame_address(0));

	call_with_text(call, text, percent);
	lt_inner_leave(&outer);
}

int __vsnprintf_chk(char *text, size_t size, int flag, size_t room, const char *format,
		    va_list arguments) __attribute__((weak));

/* As lt_format, for what that can't do. errno stays what it is. */
static LT_COLD int format_by_libc(struct call call, char *text, size_t room, va_list arguments)
{
	int before = errno;
	va_list again;
	int size;

	va_copy(again, arguments);
	/* The fortified form refuses what the original would refuse. */
	if (call.flag == PLAIN || !__vsnprintf_chk)
		size = vsnprintf(text, room, call.format, again);
	else
		size = __vsnprintf_chk(text, room, call.flag, room, call.format, again);
	va_end(again);
	errno = before;
	return size >= 0 && (size_t)size < room && !memchr(text, 0, (size_t)size) ? size : -1;
}

/* As the program set them, for a message of this priority. */
static inline int facility_of(int priority)
{
	int given = priority & LOG_FACMASK;

	return LOG_FAC(given ? given : state.facility);
}

static inline const char *ident(void)
{
	return state.ident ? state.ident : program_invocation_short_name;
}

/*
 * Passes on and sends a short message; false, with nothing done but %n, when it has to be done
 * elsewhere. Sending leaves alone the errno that the original leaves.
 */
static inline __attribute__((always_inline)) bool log_short(struct call call, int severity,
							    va_list arguments)
{
	uint8_t bytes[EVH_HEADROOM + SHORT_EVENT + EVH_TAILROOM];
	uint8_t *event = bytes + EVH_HEADROOM;
	char *text = lt_emit_syslog_begin(event, severity, facility_of(call.priority), ident());
	size_t room = (size_t)((char *)event + SHORT_EVENT - text);
	bool percent = true;
	int size;

	if (lt_unlikely(!text))
		return false;
	size = lt_format(text, room - 1, &percent, call.format, arguments);
	if (lt_unlikely(size < 0))
		size = format_by_libc(call, text, room, arguments);
	if (lt_unlikely(size < 0))
		return false;
	text[size] = '\0';
	if (lt_unlikely(writes_line(call.priority)))
		deliver_text(call, text, percent);
	else
		call_with_text(call, text, percent);
	lt_emit_syslog_end(event, severity, text, without_newline(text, (size_t)size));
	return true;
}

/* As vsnprintf: what was formatted fits when it is less than `room`. */
static int format_for_event(const struct message *message, char *text, size_t room,
			    va_list arguments)
{
	int size = -1;
	bool percent;
	va_list again;

	va_copy(again, arguments);
	if (!state.printf_changed)
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
			       mapping.address, without_newline(mapping.address, (size_t)size));
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
			  state.options & LOG_PID ? "%.255s[%d]: " : "%.255s: ", message->ident,
			  (int)getpid());
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
static LT_COLD void call_perror(const struct call *call, int severity, va_list arguments)
{
	struct message message = {
		.call = *call,
		.before = errno,
		.ident = ident(),
	};
	bool held_back = (lt_settings.capture & LT_CAPTURE_SYSLOG) && severity > lt_settings.level;
	struct lt_inner outer = lt_inner_enter(held_back ? LT_INNER_SYSLOG : LT_INNER_DPRINTF,
					       __builtin_frame_address(0));
	va_list again;
	bool seen;
	int after;

	va_copy(again, arguments);
	call_original(call, arguments);
	after = errno;
	seen = lt_inner_seen();
	lt_inner_leave(&outer);
	if (!held_back && !seen)
		take_perror_line(&message, again);
	errno = after;
	va_end(again);
}

/* What is not logged the short way. */
static LT_COLD void log_otherwise(struct call call, va_list arguments)
{
	int severity = LOG_PRI(call.priority);

	if (!(state.mask & LOG_MASK(severity)))
		call_original(&call, arguments);
	else if (lt_emit_wants(LT_CAPTURE_SYSLOG, severity))
		log_long(&(struct message){ call, errno, severity, facility_of(call.priority),
					    ident() },
			 arguments);
	else if ((state.options & LOG_PERROR) && lt_heard(LT_WORD_STDERR))
		call_perror(&call, severity, arguments);
	else
		call_original(&call, arguments);
}

/*
 * In line in each function of the family: every call that is still to be returned from when a
 * system call comes back is one more that the processor guesses wrongly.
 */
static inline __attribute__((always_inline)) void take(struct call call, va_list arguments)
{
	int severity = LOG_PRI(call.priority);

	if (lt_likely(!lt_heard(LT_WORD_SYSLOG | LT_WORD_STDERR))) {
		call_original(&call, arguments);
		return;
	}
	if (lt_likely((state.mask & LOG_MASK(severity)) && severity <= lt_settings.level &&
		      evh_tracepoint_enabled(lt_tracepoint_of(LT_CAPTURE_SYSLOG, severity)) &&
		      lt_settings.passthrough && !state.printf_changed) &&
	    log_short(call, severity, arguments))
		return;
	log_otherwise(call, arguments);
}

LT_EXPORT void vsyslog(int priority, const char *format, va_list arguments)
{
	take((struct call){ priority, PLAIN, true, format }, arguments);
}

void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments);

LT_EXPORT void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments)
{
	take((struct call){ priority, flag, true, format }, arguments);
}

/* syslog() and __syslog_chk(), where jumps.S does not go on to the original by itself. */
void lt_syslog(int priority, const char *format, ...);
void lt_syslog_chk(int priority, int flag, const char *format, ...);

void lt_syslog(int priority, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	take((struct call){ priority, PLAIN, false, format }, arguments);
	va_end(arguments);
}

void lt_syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	take((struct call){ priority, flag, false, format }, arguments);
	va_end(arguments);
}

#if !defined(__x86_64__)
LT_EXPORT void syslog(int priority, const char *format, ...) __attribute__((alias("lt_syslog")));
LT_EXPORT void __syslog_chk(int priority, int flag, const char *format, ...)
	__attribute__((alias("lt_syslog_chk")));
#endif

LT_EXPORT int register_printf_specifier(int letter, printf_function *convert,
					printf_arginfo_size_function *describe)
{
	state.printf_changed = true;
	return LT_REAL(register_printf_specifier)(letter, convert, describe);
}

LT_EXPORT int register_printf_function(int letter, printf_function *convert,
				       printf_arginfo_function *describe)
{
	state.printf_changed = true;
	return LT_REAL(register_printf_function)(letter, convert, describe);
}

LT_EXPORT int register_printf_modifier(const wchar_t *modifier)
{
	state.printf_changed = true;
	return LT_REAL(register_printf_modifier)(modifier);
}

/* Like libc, a NULL ident leaves the old one, and a facility of 0 or beyond the mask is ignored. */
LT_EXPORT void openlog(const char *ident, int options, int facility)
{
	LT_REAL(openlog)(ident, options, facility);
	if (ident)
		state.ident = ident;
	state.options = options;
	if (facility != 0 && !(facility & ~LOG_FACMASK))
		state.facility = facility;
}

LT_EXPORT void closelog(void)
{
	LT_REAL(closelog)();
	state.ident = NULL;
}

LT_EXPORT int setlogmask(int mask)
{
	int old = LT_REAL(setlogmask)(mask);

	if (mask)
		state.mask = mask;
	return old;
}
