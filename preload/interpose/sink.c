/* SPDX-License-Identifier: MIT */
/*
 * Opening the place that events go to: at the start, or when it has come to be there. Must leave
 * capture off where that fails, and the program as it is.
 */
#include "sink.h"

#include <errno.h>
#include <unistd.h>

#include "coarse_time.h"
#include "confinement.h"
#include "debug_file.h"
#include "emit.h"
#include "live_sink.h"
#include "lost.h"
#include "own_calls.h"
#include "own_descriptor.h"
#include "process.h"
#include "process_event.h"
#include "stderr_copies.h"
#include "transport.h"

/* How often a sink that is not there is tried again, nanoseconds. */
#define RETRY_AFTER UINT64_C(1000000000)

static int open_recording(struct evh_transport *transport)
{
	const struct evh_file_confinement confinement = {
		.calls = lt_confine_transport(),
		.pid = (uint32_t)lt_process->pid,
		.tid = lt_process_tid,
		.file_size_max = lt_may(LT_CALL_LIMITS) ? UINT64_MAX : lt_confine_file_limit(),
	};

	return evh_file_open(transport, lt_settings.sink_path, &confinement);
}

/* What opening user_events gave where that was tried first of all; 1: it was not. */
static int opened_before = 1;

bool lt_sink_is_nowhere(void)
{
	if (lt_settings.sink != LT_SINK_USER_EVENTS)
		return false;
	opened_before = evh_transport_open_user_events(&lt_transport);
	return opened_before == -ENOENT && !evh_user_events_known();
}

/* A filter may be against registering with what is open by now. */
static int take_opened(void)
{
	int error = opened_before;

	if (error || lt_may(LT_CALL_EVENTS))
		return error;
	evh_transport_close(&lt_transport);
	return -EOPNOTSUPP;
}

static int open_transport(struct evh_transport *transport)
{
	if (lt_settings.sink == LT_SINK_FILE)
		return open_recording(transport);
	return lt_may(LT_CALL_EVENTS) ? lt_open_live_sink(transport, &lt_settings) : -EOPNOTSUPP;
}

/* strerror may translate, which allocates; the names of errors are the same in all languages. */
static const char *error_name(int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{ ENOENT, "no such file, or a kernel without user_events (ENOENT)" },
		{ EACCES, "permission denied (EACCES)" },
		{ EINVAL, "not a recording (EINVAL)" },
		{ ESTALE, "the recording is gone, another one is at its path (ESTALE)" },
		{ EPERM, "the recording belongs to another user (EPERM)" },
		{ ELOOP, "the recording's path is a symbolic link (ELOOP)" },
		{ EMFILE, "no file descriptor left (EMFILE)" },
		{ ENFILE, "no open file left in the system (ENFILE)" },
		{ ENXIO, "the sink takes none of the tracepoints" },
		{ EOPNOTSUPP,
		  "a seccomp filter was there before the program: user_events needs ioctl, a "
		  "collector's socket connect; a recording would do (EOPNOTSUPP)" },
		{ EBADF, "the inherited descriptor is not open (EBADF)" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].error == error)
			return names[i].name;
	return "the sink can't be opened";
}

/*
 * A program whose recording can't be opened writes into no other file. Who asked for LOGTAP_DEBUG
 * learns how many messages that cost: they go to a transport that takes none, and are counted as
 * those are whose descriptor was lost.
 */
static bool count_only(void)
{
	if (lt_settings.sink != LT_SINK_FILE || !lt_debug_on)
		return false;
	lt_process_notice_children();
	evh_transport_use_memory(&lt_transport, NULL, 0);
	lt_own_fd_checked = true;
	lt_settings.passthrough = true;
	lt_settings.rate = 0;
	return lt_emit_init() != 0;
}

/* Once a second at most, and one thread at a time. */
static bool is_due(uint64_t now)
{
	static uint64_t next;
	uint64_t due = __atomic_load_n(&next, __ATOMIC_RELAXED);

	return now >= due && __atomic_compare_exchange_n(&next, &due, now + RETRY_AFTER, false,
							 __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/*
 * The kernel forgets tracepoints with the thread that registered them, and nobody sees a thread of
 * its own fork: the first thread alone, of a process that is ours.
 */
static bool may_try(void)
{
	return lt_may(LT_CALLS_ALL) && lt_process_is_ours() &&
	       lt_process_tid() == (uint32_t)lt_process->pid;
}

/* The sink is there: from now on it is as if it had been from the start. */
static bool begin_late(struct evh_transport *opened)
{
	enum evh_transport_kind kind = opened->kind;

	__atomic_store_n(&lt_emit_late, NULL, __ATOMIC_RELEASE);
	__atomic_store_n(&lt_word, 0, __ATOMIC_RELAXED);
	opened->kind = EVH_TRANSPORT_NONE; /* nobody sends before all of it is there */
	lt_transport = *opened;
	if (lt_own_fd_adopt())
		return false;
	__atomic_store_n(&lt_transport.kind, kind, __ATOMIC_RELEASE);
	lt_debug_say("the sink is there now", NULL);
	return lt_emit_init() > 0;
}

static bool try_again(void)
{
	struct evh_transport opened;

	return is_due(lt_coarse_time()) && may_try() && !open_transport(&opened) &&
	       begin_late(&opened);
}

/*
 * A kernel with user_events, whose tracefs is not mounted yet: each message asks whether it is by
 * now. No other program pays for that.
 */
static bool wait_for_it(int error)
{
	if (error != -ENOENT || lt_settings.sink == LT_SINK_FILE ||
	    lt_settings.sink == LT_SINK_UNIX || !evh_user_events_known() || !lt_may(LT_CALLS_ALL))
		return false;
	evh_clock_init();
	lt_process_notice_children();
	lt_emit_prepare();
	lt_word = (lt_settings.capture & LT_CAPTURE_SYSLOG ? LT_WORD_SYSLOG : 0) |
		  (lt_settings.capture & LT_CAPTURE_STDERR ? LT_WORD_STDERR : 0);
	lt_emit_late = try_again;
	return true;
}

/* A thread that finds the segment full comes here, once it writes to the next one, or can't. */
static void segment_changed(int error)
{
	static bool said;

	if (!error) {
		lt_process_event_again();
		return;
	}
	lt_count(LT_COUNT_STAYED);
	if (__atomic_exchange_n(&said, true, __ATOMIC_RELAXED))
		return;
	lt_debug_say("stays in a segment of the recording that is full: ", error_name(-error));
}

int lt_sink_open(void)
{
	int error = opened_before <= 0 ? take_opened() : open_transport(&lt_transport);

	if (!error)
		lt_process_notice_children();
	lt_lost_init();
	if (evh_stdio_had_room || lt_transport.fd_borrowed)
		lt_copies_ask_for_stderr();
	/* Before the descriptor moves: an inherited one that is another file refuses, untouched. */
	if (!error && !lt_emit_init())
		error = -ENXIO;
	if (!error)
		error = lt_own_fd_adopt();
	lt_transport.replace_fd = lt_own_fd_replace;
	lt_transport.segment_changed = segment_changed;
	if (!error)
		return 0;
	lt_debug_say("no capture: ", error_name(-error));
	evh_transport_close(&lt_transport);
	return wait_for_it(error) || count_only() ? 0 : error;
}
