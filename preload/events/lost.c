/* SPDX-License-Identifier: MIT */
/* See lost.h. Must never say a thing for each message: these are for turning points of a process.
 */
#include "lost.h"

#include <stdarg.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include "emit_internal.h"
#include "format.h"
#include "own_calls.h"
#include "rate.h"

/* The event's severity: that of a warning, or what somebody wants; -1: nobody wants any. */
static int find_listener(uint32_t *keyword)
{
	for (int severity = 4; severity >= 0; severity--) {
		for (*keyword = LT_CAPTURE_STDERR; *keyword; *keyword >>= 1) {
			if (lt_settings.capture & *keyword && lt_emit_wants(*keyword, severity))
				return severity;
		}
	}
	return -1;
}

static int send(uint64_t count, uint64_t since, const char *text, size_t size)
{
	uint8_t head[LT_HEAD_MAX + 2 * sizeof(uint64_t)];
	uint32_t keyword;
	int severity = find_listener(&keyword);
	struct lt_message message = { { text, text }, { size, 0 } };
	struct lt_event event = { .head = head };

	if (severity < 0)
		return -EBADF;
	event.tracepoint = lt_tracepoint_of(keyword, severity);
	event.head_size = lt_emit_put_head(head, LT_LOST, severity, NULL, lt_program);
	memcpy(head + event.head_size, &count, sizeof(count));
	memcpy(head + event.head_size + sizeof(count), &since, sizeof(since));
	event.head_size += 2 * sizeof(uint64_t);
	return lt_own_fd_check() ? lt_emit_send(&event, &message) : -ESTALE;
}

static size_t put_text(char *text, size_t room, const char *format, va_list arguments)
{
	struct lt_finished_text finished;
	int size = lt_format(text, room, &finished, format, arguments);

	return size < 0 ? 0 : (size_t)size;
}

__attribute__((format(printf, 3, 4))) static size_t text_of(char *text, size_t room,
							    const char *format, ...)
{
	va_list arguments;
	size_t size;

	va_start(arguments, format);
	size = put_text(text, room, format, arguments);
	va_end(arguments);
	return size;
}

/* Of `count` messages (0: nobody knows), since then (0: from now on). 0, or a negative errno. */
__attribute__((format(printf, 3, 4))) static int lost(uint64_t count, uint64_t since,
						      const char *format, ...)
{
	char text[240];
	va_list arguments;
	size_t size;

	va_start(arguments, format);
	size = put_text(text, sizeof(text), format, arguments);
	va_end(arguments);
	return send(count, since, text, size);
}

static void say_left_out(void)
{
	uint64_t since = 0, count = lt_rate_take(&since);
	unsigned second = (unsigned)(since % 86400);
	char when[128]; /* numbers like some room to spare */
	size_t size = since ? text_of(when, sizeof(when), " since %02u:%02u:%02u UTC",
				      second / 3600, second / 60 % 60, second % 60)
			    : 0;

	when[size] = '\0';
	if (count && lost(count, since, "%llu message%s left out%s (LOGTAP_RATE=%u/%u)",
			  (unsigned long long)count, count == 1 ? " was" : "s were", when,
			  lt_settings.rate, lt_settings.rate_seconds))
		lt_rate_give_back(count);
}

void lt_lost_init(void)
{
	lt_rate_say = say_left_out;
}

void lt_lost_report(void)
{
	say_left_out();
	evh_transport_report_lost(&lt_transport);
}

/* By the file alone: what lets this process open it may not survive the exec (capabilities). */
static bool may_write_recording(uid_t user)
{
	struct stat status = { 0 };

	return LT_RAW2(SYS_fstat, lt_transport.fd, &status) < 0 || !user || status.st_uid == user ||
	       status.st_mode & (S_IWGRP | S_IWOTH);
}

void lt_lost_before_exec(void)
{
	long user;

	if (lt_settings.sink != LT_SINK_FILE || lt_transport.kind != EVH_TRANSPORT_FILE ||
	    !lt_may(LT_CALLS_ALL))
		return;
	user = LT_RAW1(SYS_geteuid, 0);
	if (user >= 0 && user != (long)getauxval(AT_EUID) && !may_write_recording((uid_t)user))
		lost(0, 0,
		     "what this starts as user %u is not recorded here: the recording is "
		     "another user's (start logtap as that user)",
		     (unsigned)user);
}

void lt_lost_before_limit(uint64_t size)
{
	static bool said;

	if (size == UINT64_MAX || lt_transport.kind != EVH_TRANSPORT_FILE || !lt_heard(~0u) ||
	    __atomic_exchange_n(&said, true, __ATOMIC_RELAXED))
		return;
	lost(0, 0,
	     "files are limited to %llu bytes from now on (ulimit -f), and so is what this "
	     "records",
	     (unsigned long long)size);
}
