/* SPDX-License-Identifier: MIT */
/*
 * The syslog family. While somebody listens, a message is formatted here, straight into its event,
 * passed on to the original as a text that was formatted already, and then sent. What that would
 * not be the same for (a text with a NUL in it, one that can't be formatted) and what is too long
 * for a small stack is left to syslog_long.c.
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
#include "emit_syslog.h"
#include "format.h"
#include "nested.h"
#include "syslog_internal.h"

/* An event on the stack, of which there may be little; nearly every message fits. */
#define SHORT_EVENT 512

_Static_assert(SHORT_EVENT > LT_SYSLOG_HEAD + LT_SPARE + 200, "a short message beside any head");

static void call_listed(struct lt_syslog_call call, const char *format, ...)
{
	va_list arguments;

	call.format = format;
	va_start(arguments, format);
	lt_syslog_call_original(&call, arguments);
	va_end(arguments);
}

/*
 * Calls the original with a text that was formatted already. A text without a % in it is a format
 * of its own, which libc is done with sooner.
 */
static inline void call_with_text(struct lt_syslog_call call, const char *text, bool percent)
{
	const char *format = percent ? "%s" : text;

	if (call.listed)
		call_listed(call, format, text);
	else if (call.flag == LT_SYSLOG_PLAIN || !LT_REAL(__syslog_chk))
		LT_REAL(syslog)(call.priority, format, text);
	else
		LT_REAL(__syslog_chk)(call.priority, call.flag, format, text);
}

/*
 * Whether libc may write to stderr: it is asked to, or will complain about bits that it doesn't
 * know. The syslog event then stands for that line.
 */
static inline bool writes_line(int priority)
{
	return (lt_syslog_state.options & LOG_PERROR) || (priority & ~(LOG_PRIMASK | LOG_FACMASK));
}

static LT_COLD void deliver_text(struct lt_syslog_call call, const char *text, bool percent)
{
	struct lt_inner outer = lt_inner_enter(LT_INNER_SYSLOG, __builtin_frame_address(0));

	call_with_text(call, text, percent);
	lt_inner_leave(&outer);
}

int __vsnprintf_chk(char *text, size_t size, int flag, size_t room, const char *format,
		    va_list arguments) __attribute__((weak));

/* As lt_format, for what that can't do. errno stays what it is. */
static LT_COLD int format_by_libc(struct lt_syslog_call call, char *text, size_t room,
				  va_list arguments)
{
	int before = errno;
	va_list again;
	int size;

	va_copy(again, arguments);
	/* The fortified form refuses what the original would refuse. */
	if (call.flag == LT_SYSLOG_PLAIN || !__vsnprintf_chk)
		size = vsnprintf(text, room, call.format, again);
	else
		size = __vsnprintf_chk(text, room, call.flag, room, call.format, again);
	va_end(again);
	errno = before;
	return size >= 0 && (size_t)size < room && !memchr(text, 0, (size_t)size) ? size : -1;
}

/*
 * Passes on and sends a short message; false, with nothing done but %n, when it has to be done
 * elsewhere. Sending leaves alone the errno that the original leaves.
 */
static inline __attribute__((always_inline)) bool log_short(struct lt_syslog_call call,
							    int severity, va_list arguments)
{
	uint8_t bytes[EVH_HEADROOM + SHORT_EVENT + EVH_TAILROOM];
	uint8_t *event = bytes + EVH_HEADROOM;
	char *text = lt_emit_syslog_begin(event, severity, lt_syslog_facility(call.priority),
					  lt_syslog_ident());
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
	lt_emit_syslog_end(event, severity, text, lt_without_newline(text, (size_t)size));
	return true;
}

/*
 * In line in each function of the family: every call that is still to be returned from when a
 * system call comes back is one more that the processor guesses wrongly.
 */
static inline __attribute__((always_inline)) void take(struct lt_syslog_call call,
						       va_list arguments)
{
	int severity = LOG_PRI(call.priority);

	if (lt_likely(!lt_heard(LT_WORD_SYSLOG | LT_WORD_STDERR))) {
		lt_syslog_call_original(&call, arguments);
		return;
	}
	if (lt_likely((lt_syslog_state.mask & LOG_MASK(severity)) &&
		      severity <= lt_settings.level &&
		      evh_tracepoint_enabled(lt_tracepoint_of(LT_CAPTURE_SYSLOG, severity)) &&
		      lt_settings.passthrough && !lt_syslog_state.printf_changed) &&
	    log_short(call, severity, arguments))
		return;
	lt_syslog_otherwise(call, arguments);
}

LT_EXPORT void vsyslog(int priority, const char *format, va_list arguments)
{
	take((struct lt_syslog_call){ priority, LT_SYSLOG_PLAIN, true, format }, arguments);
}

void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments);

LT_EXPORT void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments)
{
	take((struct lt_syslog_call){ priority, flag, true, format }, arguments);
}

/* syslog() and __syslog_chk(), where jumps.S does not go on to the original by itself. */
void lt_syslog(int priority, const char *format, ...);
void lt_syslog_chk(int priority, int flag, const char *format, ...);

void lt_syslog(int priority, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	take((struct lt_syslog_call){ priority, LT_SYSLOG_PLAIN, false, format }, arguments);
	va_end(arguments);
}

void lt_syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	take((struct lt_syslog_call){ priority, flag, false, format }, arguments);
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
	lt_syslog_state.printf_changed = true;
	return LT_REAL(register_printf_specifier)(letter, convert, describe);
}

LT_EXPORT int register_printf_function(int letter, printf_function *convert,
				       printf_arginfo_function *describe)
{
	lt_syslog_state.printf_changed = true;
	return LT_REAL(register_printf_function)(letter, convert, describe);
}

LT_EXPORT int register_printf_modifier(const wchar_t *modifier)
{
	lt_syslog_state.printf_changed = true;
	return LT_REAL(register_printf_modifier)(modifier);
}

/* Like libc, a NULL ident leaves the old one, and a facility of 0 or beyond the mask is ignored. */
LT_EXPORT void openlog(const char *ident, int options, int facility)
{
	LT_REAL(openlog)(ident, options, facility);
	if (ident)
		lt_syslog_state.ident = ident;
	lt_syslog_state.options = options;
	if (facility != 0 && !(facility & ~LOG_FACMASK))
		lt_syslog_state.facility = facility;
}

LT_EXPORT void closelog(void)
{
	LT_REAL(closelog)();
	lt_syslog_state.ident = NULL;
}

LT_EXPORT int setlogmask(int mask)
{
	int old = LT_REAL(setlogmask)(mask);

	if (mask)
		lt_syslog_state.mask = mask;
	return old;
}
