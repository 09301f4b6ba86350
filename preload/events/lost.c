/* SPDX-License-Identifier: MIT */
/* See lost.h. Must never say a thing for each message: these are for turning points of a process.
 */
#include "lost.h"

#include <stdarg.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include "emit_internal.h"
#include "emit_otel.h"
#include "format.h"
#include "own_calls.h"
#include "put.h"
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

/* The longest sentence, and what lt_format wants to spare for a number. */
#define TEXT_MAX 320

/* What stands before the sentence; the end of it. */
static uint8_t *put_front(uint8_t *out, int severity, uint64_t count, uint64_t since)
{
	out += lt_emit_put_head(out, LT_LOST, severity, NULL, lt_program);
	return lt_put(lt_put(out, &count, sizeof(count)), &since, sizeof(since));
}

static int send_otel(int severity, uint64_t count, uint64_t since, const char *text, size_t size)
{
	return lt_otel_send(
		&(struct lt_record){
			.shape = LT_LOST, .severity = severity, .count = count, .since = since },
		&(struct lt_message){ { text, text }, { size, 0 } });
}

/*
 * Of `count` messages (0: nobody knows), since then (0: from now on). 0, or a negative errno. Built
 * where it is sent from: the stack below has a line's way to its event already.
 */
__attribute__((format(printf, 3, 4))) static int lost(uint64_t count, uint64_t since,
						      const char *format, ...)
{
	struct lt_finished_text finished;
	struct lt_buffer *buffer;
	va_list arguments;
	uint32_t keyword;
	int severity = find_listener(&keyword), size;
	uint8_t *out;

	if (severity < 0)
		return -EBADF;
	if (!lt_own_fd_check())
		return -ESTALE;
	buffer = lt_buffer_claim();
	if (!buffer)
		return -ENOBUFS;
	out = put_front(buffer->event, severity, count, since);
	va_start(arguments, format);
	size = lt_format((char *)out + 2, TEXT_MAX, &finished, format, arguments);
	va_end(arguments);
	size = size < 0 ? 0 : size;
	if (lt_layout_is_otel()) {
		size = send_otel(severity, count, since, (char *)out + 2, (size_t)size);
		lt_buffer_release(buffer);
		return size;
	}
	memcpy(out, &(uint16_t){ (uint16_t)size }, 2);
	out += 2 + size;
	size = evh_tracepoint_send(lt_tracepoint_of(keyword, severity), buffer->event,
				   (size_t)(out - buffer->event));
	lt_buffer_release(buffer);
	return size;
}

static int say_count(uint64_t count, uint64_t since)
{
	const char *were = count == 1 ? " was" : "s were";
	unsigned second = (unsigned)(since % 86400);

	if (!since)
		return lost(count, 0, "%llu message%s left out (LOGTAP_RATE=%u/%u)",
			    (unsigned long long)count, were, lt_settings.rate,
			    lt_settings.rate_seconds);
	return lost(count, since,
		    "%llu message%s left out since %02u:%02u:%02u UTC (LOGTAP_RATE=%u/%u)",
		    (unsigned long long)count, were, second / 3600, second / 60 % 60, second % 60,
		    lt_settings.rate, lt_settings.rate_seconds);
}

static void say_left_out(void)
{
	uint64_t since = 0, count = lt_rate_take(&since);

	if (count && say_count(count, since))
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
	struct stat64 status = { 0 };

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
