/* SPDX-License-Identifier: MIT */
/*
 * The start: before every other constructor (the library is linked with -z initfirst), libc's own
 * included, so that what other libraries log while they start is captured. Where another library
 * took that place (libpthread before glibc 2.34), at the first interposed call.
 *
 * Must never fail: whatever doesn't work leaves the program as if we were not there.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "confinement.h"
#include "debug_file.h"
#include "emit.h"
#include "exec_copies.h"
#include "exec_environment.h"
#include "lines.h"
#include "log_lines.h"
#include "own_calls.h"
#include "own_descriptor.h"
#include "preload_list.h"
#include "process.h"
#include "real.h"
#include "stderr_copies.h"
#include "stdio_slot.h"
#include "thread_end.h"
#include "transport.h"

/* The part of argv[0] behind the last slash, as glibc's program_invocation_short_name. */
static void set_program(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');
	const char *name = slash ? slash + 1 : argv0;
	size_t size = strnlen(name, sizeof(lt_program) - 1);

	memcpy(lt_program, name, size);
	lt_program[size] = '\0';
}

static int open_transport(void)
{
	const struct evh_file_confinement confinement = {
		.calls = lt_confine_transport(),
		.pid = (uint32_t)lt_process->pid,
		.tid = lt_process_tid,
		.file_size_max = lt_may(LT_CALL_LIMITS) ? UINT64_MAX : lt_confine_file_limit(),
	};

	if (lt_settings.sink != LT_SINK_FILE && !lt_may(LT_CALL_EVENTS))
		return -EOPNOTSUPP;
	switch (lt_settings.sink) {
	case LT_SINK_USER_EVENTS:
		return evh_transport_open_user_events(&lt_transport);
	case LT_SINK_USER_EVENTS_FD:
		return evh_transport_use_user_events(&lt_transport, lt_settings.sink_fd);
	case LT_SINK_FILE:
		return evh_file_open(&lt_transport, lt_settings.sink_path, &confinement);
	case LT_SINK_NONE:
		break;
	}
	return -EBADF;
}

static void say_bad_settings(unsigned bad)
{
	for (size_t i = 0; bad && i < lt_setting_count; i++, bad >>= 1)
		if (bad & 1)
			lt_debug_say("bad value, the default is used: ",
				     lt_setting_table[i].variable);
}

/* All other exit handlers and destructors have run; stdio's last flush has not. */
static void end_process(void)
{
	if (!lt_heard(~0u) || !lt_process_is_ours())
		return;
	lt_lines_flush_before_stdio();
	lt_lines_flush_others();
	lt_log_lines_flush();
	evh_transport_report_lost(&lt_transport);
	lt_ending = true;
	lt_debug_report();
}

#pragma weak on_exit
/* at_quick_exit() itself is not in the shared libc. */
int __cxa_at_quick_exit(void (*handler)(void *), void *object) __attribute__((weak));

static void at_quick_end(void *nothing)
{
	(void)nothing;
	end_process();
}

static void at_exit(int status, void *nothing)
{
	(void)status;
	(void)nothing;
	end_process();
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
		  "a seccomp filter was there before the program: user_events needs ioctl; "
		  "a recording would do (EOPNOTSUPP)" },
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
	evh_transport_use_memory(&lt_transport, NULL, 0);
	lt_own_fd_checked = true;
	lt_settings.passthrough = true;
	return lt_emit_init() != 0;
}

static int open_sink(void)
{
	int error = open_transport();

	if (evh_stdio_had_room || lt_transport.fd_borrowed)
		lt_copies_ask_for_stderr();
	/* Before the descriptor moves: an inherited one that is another file refuses, untouched. */
	if (!error && !lt_emit_init())
		error = -ENXIO;
	if (!error)
		error = lt_own_fd_adopt();
	if (!error)
		return 0;
	lt_debug_say("no capture: ", error_name(-error));
	evh_transport_close(&lt_transport);
	return count_only() ? 0 : error;
}

static void start(void)
{
	lt_process_init();
	lt_thread_end_init();
	lt_readable_init();
	lt_emit_syslog_init();
	if (open_sink())
		return;
	lt_debug_hold();
	if (lt_slot_install())
		lt_debug_say("stdio is not captured: this libc is not built as expected", NULL);
	on_exit(at_exit, NULL);
	__cxa_at_quick_exit(at_quick_end, NULL);
}

/*
 * A sanitizer's runtime that was put before us for this program alone. Its children didn't ask for
 * it: cut out in place, before anybody reads the environment.
 */
static void disinherit_runtime(char *const *envp)
{
	char *preload = (char *)lt_environment_get(envp, "LD_PRELOAD");
	size_t size = preload ? lt_list_own_runtime(preload) : 0;

	if (size)
		memmove(preload, preload + size, strlen(preload + size) + 1);
}

static void initialise(const char *argv0, char *const *envp)
{
	static bool begun LT_START_DATA;
	const char *disable;
	unsigned bad;

	if (__atomic_exchange_n(&begun, true, __ATOMIC_ACQ_REL))
		return;
	disable = lt_environment_get(envp, "LOGTAP_DISABLE");
	if ((disable && *disable) || getauxval(AT_SECURE)) {
		lt_exec_copies_take(envp, false);
		return;
	}
	disinherit_runtime(envp);
	lt_exec_init();
	set_program(argv0);
	bad = lt_settings_from_environment(&lt_settings, envp);
	if (lt_settings.sink == LT_SINK_NONE ||
	    !lt_settings_wants_program(&lt_settings, lt_program)) {
		lt_process_generation(); /* an exec asks, and a child of vfork must not be first */
		lt_exec_copies_take(envp, true);
		return;
	}
	lt_confine_inherited(lt_settings.sink == LT_SINK_USER_EVENTS_FD);
	lt_exec_copies_take(envp, lt_may(LT_CALL_STAT));
	if (lt_settings.debug)
		lt_debug_init(lt_settings.debug);
	say_bad_settings(bad);
	start();
}

void lt_init_early(void)
{
	int saved = errno;

	lt_real_resolve();
	if (environ && program_invocation_name && lt_libc_is_known())
		initialise(program_invocation_name, environ);
	errno = saved;
}

/*
 * Sanitizers' runtimes inside the program put their own functions before libc's, strlen and its
 * like included, which jump to address 0 until the runtime has started. It would start after us.
 */
static void start_sanitizer(void)
{
	extern void __tsan_init(void) __attribute__((weak));
	extern void __msan_init(void) __attribute__((weak));

	if (__tsan_init)
		__tsan_init();
	if (__msan_init)
		__msan_init();
}

static __attribute__((constructor)) void construct(int argc, char **argv, char **envp)
{
	int saved = errno;

	start_sanitizer();
	lt_real_resolve();
	/* glibc alone passes the arguments. */
	if (lt_libc_is_known())
		initialise(argc > 0 ? argv[0] : "", envp);
	errno = saved;
}
