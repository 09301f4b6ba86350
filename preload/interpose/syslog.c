/* SPDX-License-Identifier: MIT */
/*
 * The syslog family. While somebody listens, a message is formatted here, straight into its event,
 * passed on to the original as a text that was formatted already, and then sent. What that would
 * not be the same for (a text with a NUL in it, one that can't be formatted, a %n) and what is too
 * long for a small stack is left to syslog_slow.c.
 *
 * Must never pass on a text as a format unless lt_finished_text says so, never send what the
 * program's mask keeps back, and never hold a lock: the state below is single words, as
 * unsynchronised as a program that calls openlog from two threads at once.
 *
 * jumps.S stands before the two functions with variable arguments: while nobody listens
 * they are a jump.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <syslog.h>

#include "bytes.h"
#include "emit_syslog.h"
#include "format.h"
#include "nested.h"
#include "syslog_internal.h"

_Static_assert(LT_SYSLOG_SHORT_EVENT > LT_SYSLOG_HEAD + LT_SPARE + 200,
	       "a short message beside any head");

/*
 * As lt_format, for what that can't do. errno becomes what formatting leaves there, which the
 * original would have left too; it stays what it is where this fails.
 */
static LT_COLD int format_by_libc(struct lt_syslog_call call, char *text, size_t room,
				  struct lt_finished_text *finished, va_list arguments)
{
	int before = errno;
	va_list again;
	int size;

	if (lt_format_counts(call.format) || lt_format_least(call.format, arguments) >= room)
		return -1;
	va_copy(again, arguments);
	size = lt_syslog_vsnprintf(&call, text, room, again);
	va_end(again);
	if (size >= 0 && (size_t)size < room && !memchr(text, 0, (size_t)size)) {
		*finished = lt_finish_text(text, (size_t)size);
		return size;
	}
	errno = before;
	return -1;
}

/*
 * Passes on and sends a short message; false, with nothing done, when it has to be done elsewhere.
 * Sending leaves alone the errno that the original leaves.
 */
static inline __attribute__((always_inline)) bool log_short(struct lt_syslog_call call,
							    int severity, va_list arguments)
{
	uint8_t bytes[EVH_HEADROOM + LT_SYSLOG_SHORT_EVENT + EVH_TAILROOM];
	uint8_t *event = bytes + EVH_HEADROOM;
	char *text = lt_emit_syslog_begin(event, severity, lt_syslog_facility(call.priority),
					  lt_syslog_ident());
	size_t room = (size_t)((char *)event + LT_SYSLOG_SHORT_EVENT - text);
	struct lt_finished_text finished;
	int size;

	if (lt_unlikely(!text))
		return false;
	size = lt_format(text, room, &finished, call.format, arguments);
	if (lt_unlikely(size < 0))
		size = format_by_libc(call, text, room, &finished, arguments);
	if (lt_unlikely(size < 0))
		return false;
	if (lt_unlikely(lt_syslog_state.options & LOG_PERROR))
		lt_syslog_deliver_text(call, finished);
	else
		lt_syslog_call_with_text(call, finished);
	lt_introduce_process();
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
		      lt_settings.direct && !lt_syslog_state.printf_changed &&
		      !lt_syslog_unknown_bits(call.priority)) &&
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

LT_EXPORT int register_printf_specifier(int letter, printf_function *convert,
					printf_arginfo_size_function *describe)
{
	lt_syslog_state.text_changed |= letter == 's';
	lt_syslog_state.printf_changed = true;
	return LT_REAL(register_printf_specifier)(letter, convert, describe);
}

LT_EXPORT int register_printf_function(int letter, printf_function *convert,
				       printf_arginfo_function *describe)
{
	lt_syslog_state.text_changed |= letter == 's';
	lt_syslog_state.printf_changed = true;
	return LT_REAL(register_printf_function)(letter, convert, describe);
}

LT_EXPORT int register_printf_modifier(const wchar_t *modifier)
{
	/* Perhaps "s" itself. */
	lt_syslog_state.text_changed = true;
	lt_syslog_state.printf_changed = true;
	return LT_REAL(register_printf_modifier)(modifier);
}

/*
 * Like libc, a NULL ident leaves the old one, and a facility beyond the mask is ignored. 0, which
 * is LOG_KERN, was ignored, too, up to glibc 2.33 and the first 2.34.
 */
LT_EXPORT void openlog(const char *ident, int options, int facility)
{
	LT_REAL(openlog)(ident, options, facility);
	if (ident)
		lt_syslog_state.ident = ident;
	lt_syslog_state.options = options;
	if (!(facility & ~LOG_FACMASK) && (facility != LOG_KERN || lt_libc_since("2.34")))
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
