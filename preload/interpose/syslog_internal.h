/* SPDX-License-Identifier: MIT */
/*
 * What the two files of the syslog family share: what libc keeps about the log, and one call of
 * the program's.
 */
#ifndef LT_SYSLOG_INTERNAL_H
#define LT_SYSLOG_INTERNAL_H

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <syslog.h>

#include "format.h"
#include "real.h"

#define LT_SYSLOG_PLAIN (-1) /* in place of the fortify flag */

/* An event on the stack, of which there may be little; nearly every message fits. */
#define LT_SYSLOG_SHORT_EVENT 512

/*
 * What libc keeps about the log, as the program set it; in one line of the cache. The ident is the
 * program's own memory.
 */
struct lt_syslog_state {
	const char *ident;
	int facility, mask, options;
	/* The program gave conversions a meaning of its own: libc alone formats from then on. */
	bool printf_changed;
	bool text_changed; /* perhaps even %s */
};
extern struct lt_syslog_state lt_syslog_state;

/* What the program called: its original is what we call. */
struct lt_syslog_call {
	int priority, flag;
	bool listed; /* with a va_list */
	const char *format;
};

/* Whether a program can notice that a format is worked on twice: its own functions, or a %n. */
static inline bool lt_syslog_notices(const char *format)
{
	return lt_syslog_state.printf_changed || lt_format_counts(format);
}

static inline void lt_syslog_call_original(const struct lt_syslog_call *call, va_list arguments)
{
	if (call->flag == LT_SYSLOG_PLAIN || !LT_REAL(__vsyslog_chk))
		LT_REAL(vsyslog)(call->priority, call->format, arguments);
	else
		LT_REAL(__vsyslog_chk)(call->priority, call->flag, call->format, arguments);
}

/* Bits that libc cuts off, after a complaint in a message of its own. */
static inline int lt_syslog_unknown_bits(int priority)
{
	return priority & ~(LOG_PRIMASK | LOG_FACMASK);
}

/* What libc does differs by its version, and the one that we run on need not be our build's. */
static inline bool lt_libc_since(const char *version)
{
	return gnu_get_libc_version && strverscmp(gnu_get_libc_version(), version) >= 0;
}

/* As the program set them, for a message of this priority. */
static inline int lt_syslog_facility(int priority)
{
	int given = priority & LOG_FACMASK;

	return LOG_FAC(given ? given : lt_syslog_state.facility);
}

static inline const char *lt_syslog_ident(void)
{
	return lt_syslog_state.ident ? lt_syslog_state.ident : program_invocation_short_name;
}

/* Receivers drop one newline at the end; the line that they store is what we show. */
static inline size_t lt_without_newline(const char *text, size_t size)
{
	return size && text[size - 1] == '\n' ? size - 1 : size;
}

/* As vsnprintf, by libc; the fortified form refuses what the original would refuse. */
LT_COLD int lt_syslog_vsnprintf(const struct lt_syslog_call *call, char *text, size_t room,
				va_list arguments);

/* lt_syslog_call_original, with `format` in the place of the call's own. */
void lt_syslog_call_listed(struct lt_syslog_call call, const char *format, ...);

/*
 * Passes on a text in place of the call's format. One without a % in it is a format of its own,
 * which libc is done with sooner.
 */
static inline void lt_syslog_call_with_text(struct lt_syslog_call call,
					    struct lt_finished_text text)
{
	const char *format = text.literal ? text.bytes : "%s";

	if (call.listed)
		lt_syslog_call_listed(call, format, text.bytes);
	else if (call.flag == LT_SYSLOG_PLAIN || !LT_REAL(__syslog_chk))
		LT_REAL(syslog)(call.priority, format, text.bytes);
	else
		LT_REAL(__syslog_chk)(call.priority, call.flag, format, text.bytes);
}

/* The same, where libc may write to stderr meanwhile: the syslog event stands for that line. */
LT_COLD void lt_syslog_deliver_text(struct lt_syslog_call call, struct lt_finished_text text);

/*
 * The slow path: what the mask keeps back, what is long, what libc alone can
 * format, unknown bits, passthrough off, and the lines of LOG_PERROR that give no syslog event.
 */
LT_COLD void lt_syslog_otherwise(struct lt_syslog_call call, va_list arguments);

#endif
