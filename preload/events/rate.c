/* SPDX-License-Identifier: MIT */
/*
 * How many messages were sent lately. One word, which a thread changes at a time; the rest is added
 * up. Must never leave out a message without counting it, nor wait for anybody.
 */
#include "rate.h"

#include <stdarg.h>
#include <string.h>

#include "clock.h"
#include "emit_internal.h"
#include "format.h"
#include "own_calls.h"

static struct {
	uint32_t generation; /* of the process that all of this belongs to */
	uint64_t period;     /* the second it began in, and in the lower half what was sent since */
	uint64_t left_out;   /* messages, of which nobody was told */
	uint64_t since;	     /* seconds since 1970; 0: nobody knows */
} limit;

static void begin_process(void)
{
	uint32_t generation = lt_process_generation();
	uint32_t last = __atomic_load_n(&limit.generation, __ATOMIC_RELAXED);

	/* A process begins with one thread; what its parent left out, the parent says. */
	if (last == generation)
		return;
	__atomic_store_n(&limit.period, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&limit.left_out, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&limit.generation, generation, __ATOMIC_RELAXED);
}

static void leave_out(void)
{
	if (__atomic_fetch_add(&limit.left_out, 1, __ATOMIC_RELAXED) == 0)
		__atomic_store_n(&limit.since,
				 lt_may(LT_CALL_CLOCK)
					 ? evh_clock_read(CLOCK_REALTIME) / UINT64_C(1000000000)
					 : 0,
				 __ATOMIC_RELAXED);
}

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

static size_t put_text(char *text, size_t room, const char *format, ...)
{
	struct lt_finished_text finished;
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = lt_format(text, room, &finished, format, arguments);
	va_end(arguments);
	return size < 0 ? 0 : (size_t)size;
}

static size_t describe(char *text, size_t room, uint64_t count, uint64_t since)
{
	unsigned second = (unsigned)(since % 86400);
	size_t size = put_text(text, room, "%llu message%s left out", (unsigned long long)count,
			       count == 1 ? " was" : "s were");

	if (since)
		size += put_text(text + size, room - size, " since %02u:%02u:%02u UTC",
				 second / 3600, second / 60 % 60, second % 60);
	return size + put_text(text + size, room - size, " (LOGTAP_RATE=%u/%u)", lt_settings.rate,
			       lt_settings.rate_seconds);
}

static int send(uint64_t count, uint64_t since)
{
	uint8_t head[LT_HEAD_MAX + 2 * sizeof(uint64_t)];
	char text[160];
	uint32_t keyword;
	int severity = find_listener(&keyword);
	struct lt_message message = { { text, text }, { 0, 0 } };
	struct lt_event event = { .head = head };

	if (severity < 0)
		return -EBADF;
	event.tracepoint = lt_tracepoint_of(keyword, severity);
	event.head_size = lt_emit_put_head(head, LT_LOST, severity, NULL, lt_program);
	memcpy(head + event.head_size, &count, sizeof(count));
	memcpy(head + event.head_size + sizeof(count), &since, sizeof(since));
	event.head_size += 2 * sizeof(uint64_t);
	message.size[0] = describe(text, sizeof(text), count, since);
	return lt_own_fd_check() ? lt_emit_send(&event, &message) : -ESTALE;
}

static void say(void)
{
	uint64_t since = __atomic_load_n(&limit.since, __ATOMIC_RELAXED);
	uint64_t count = __atomic_exchange_n(&limit.left_out, 0, __ATOMIC_RELAXED);

	if (count && send(count, since))
		__atomic_fetch_add(&limit.left_out, count, __ATOMIC_RELAXED);
}

LT_COLD int lt_rate_ask(void)
{
	uint64_t now = evh_clock_read_coarse() / UINT64_C(1000000000) + 1;
	uint64_t period, next;

	begin_process();
	period = __atomic_load_n(&limit.period, __ATOMIC_RELAXED);
	do {
		uint64_t begun = period >> 32;

		if (!begun || now - begun >= lt_settings.rate_seconds) {
			next = now << 32 | 1;
		} else if ((uint32_t)period < lt_settings.rate) {
			next = period + 1;
		} else {
			leave_out();
			return -EBUSY;
		}
	} while (!__atomic_compare_exchange_n(&limit.period, &period, next, true, __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
	if ((uint32_t)next == 1)
		say();
	return 0;
}

void lt_rate_report(void)
{
	if (lt_unlikely(lt_settings.rate) && limit.generation == lt_process_generation())
		say();
	evh_transport_report_lost(&lt_transport);
}
