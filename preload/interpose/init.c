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
#include "last_words.h"
#include "lines.h"
#include "log_lines.h"
#include "lost.h"
#include "mapping.h"
#include "otel_resource.h"
#include "own_calls.h"
#include "preload_list.h"
#include "process.h"
#include "process_event.h"
#include "real.h"
#include "settings_files.h"
#include "sink.h"
#include "stderr_copies.h"
#include "stdio_slot.h"
#include "thread_end.h"

/* The part of argv[0] behind the last slash, as glibc's program_invocation_short_name. */
static void set_program(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');
	const char *name = slash ? slash + 1 : argv0;
	size_t size = strnlen(name, sizeof(lt_program) - 1);

	memcpy(lt_program, name, size);
	lt_program[size] = '\0';
}

/* The file that was executed: a script's, where the program is its interpreter. */
static const char *executed_file(void)
{
	const char *path = (const char *)getauxval(AT_EXECFN);
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path ? path : lt_program;
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
	lt_last_words();
	lt_lost_report();
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
	(void)nothing;
	lt_process_event_exit(status);
	end_process();
}

static void start(void)
{
	lt_process_init();
	lt_thread_end_init();
	lt_readable_init();
	lt_copies_look_at_null();
	lt_emit_syslog_init();
	if (lt_sink_open())
		return;
	/* OpenTelemetry's events say by themselves whose they are. */
	if (lt_settings.layout == LT_LAYOUT_LOGTAP)
		lt_introduce = lt_process_event;
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

/* What the owner of the process says, before anything else is looked at. */
static bool is_disabled(char *const *envp)
{
	const char *disable = lt_environment_get(envp, "LOGTAP_DISABLE");

	return (disable && *disable) || getauxval(AT_SECURE);
}

/*
 * The environment's settings on top of the machine's, whose folder this is; the values that were
 * bad. conf.d is listed where no filter was inherited: the loader makes no such call.
 */
static unsigned read_files(long folder, char *const *envp)
{
	struct lt_mapping room;
	unsigned bad = 0;

	lt_settings_init(&lt_settings);
	/* For good: the settings point into it. */
	if (!lt_mapping_open(&room, LT_SETTINGS_ROOM))
		bad = lt_settings_from_files(&lt_settings, folder, lt_may(LT_CALLS_ALL),
					     room.address);
	return bad | lt_settings_add_environment(&lt_settings, envp);
}

/*
 * Nothing is to be captured: what the program does with its descriptors and which programs it
 * starts is followed all the same, and the next one may have other settings.
 */
static void follow(char *const *envp, bool asked)
{
	if (!asked)
		lt_confine_ask_later();
	lt_process_init();
	lt_exec_copies_take(envp, true);
}

static void set_up(const char *argv0, char *const *envp, long folder)
{
	unsigned bad = lt_settings_from_environment(&lt_settings, envp);
	bool handed_on = lt_settings.sink == LT_SINK_USER_EVENTS_FD, wanted;

	disinherit_runtime(envp);
	lt_process_event_init(envp);
	lt_exec_init();
	set_program(argv0);
	if (folder >= 0) {
		lt_confine_inherited(handed_on);
		bad = read_files(folder, envp);
	}
	wanted = lt_settings_wants_program(&lt_settings, lt_program, executed_file());
	if (lt_settings.sink == LT_SINK_NONE ||
	    (wanted && !lt_settings.debug && lt_sink_is_nowhere())) {
		follow(envp, folder >= 0);
		return;
	}
	if (folder < 0)
		lt_confine_inherited(handed_on);
	lt_exec_copies_take(envp, lt_may(LT_CALL_STAT));
	/* Left out, it still starts programs that are not. */
	if (!wanted) {
		lt_process_init();
		lt_process_notice_children();
		return;
	}
	if (lt_settings.debug)
		lt_debug_init(lt_settings.debug);
	say_bad_settings(bad);
	if (lt_settings.layout == LT_LAYOUT_OTEL)
		lt_resource_init(envp);
	start();
}

static void initialise(const char *argv0, char *const *envp)
{
	static bool begun LT_START_DATA;
	bool disabled = is_disabled(envp);
	long folder;

	/* The first one does it all: nothing would be recorded twice, nor read the note before it.
	 */
	if (lt_real_is_second())
		return;
	if (__atomic_exchange_n(&begun, true, __ATOMIC_ACQ_REL))
		return;
	folder = disabled ? -ECANCELED : lt_settings_files_open(LT_SETTINGS_FOLDER);
	if (disabled || (folder >= 0 && lt_settings_files_disabled(folder)))
		lt_exec_copies_take(envp, false);
	else
		set_up(argv0, envp, folder);
	lt_settings_files_close(folder);
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
