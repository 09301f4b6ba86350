/* SPDX-License-Identifier: MIT */
/*
 * The start: before every other constructor (the library is linked with -z initfirst), libc's own
 * included, so that what other libraries log while they start is captured. Where another library
 * took that place (libpthread before glibc 2.34), at the first interposed call.
 *
 * Must never fail: whatever doesn't work leaves the program as if we were not there.
 */
#include "init.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "confine.h"
#include "debug.h"
#include "emit.h"
#include "fds.h"
#include "guard.h"
#include "lines.h"
#include "own_calls.h"
#include "process.h"
#include "real.h"
#include "slot.h"
#include "transport.h"

struct lt_settings lt_settings;

static char program[256];
const char *lt_program = program;

struct evh_transport lt_transport;

/* The part of argv[0] behind the last slash, as glibc's program_invocation_short_name. */
static void set_program(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');
	const char *name = slash ? slash + 1 : argv0;
	size_t size = strnlen(name, sizeof(program) - 1);

	memcpy(program, name, size);
	program[size] = '\0';
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
		return -EPERM;
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
	lt_ending = true;
	lt_lines_flush_before_stdio();
	lt_lines_flush_others();
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
		{ EMFILE, "no file descriptor left (EMFILE)" },
		{ ENFILE, "no open file left in the system (ENFILE)" },
		{ ENXIO, "the sink takes none of the tracepoints" },
		{ EPERM, "a seccomp filter was there before the program: user_events needs ioctl; "
			 "a recording would do (EPERM)" },
		{ EBADF, "the inherited descriptor is not open (EBADF)" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].error == error)
			return names[i].name;
	return "the sink can't be opened";
}

static void start(void)
{
	int error;

	lt_process_init();
	lt_fds_init();
	error = open_transport();
	/* Before the descriptor moves: an inherited one that is another file refuses, untouched. */
	if (!error && !lt_emit_init())
		error = -ENXIO;
	if (!error)
		error = lt_guard_adopt();
	if (error) {
		lt_debug_say("no capture: ", error_name(-error));
		evh_transport_close(&lt_transport);
		return;
	}
	lt_debug_hold();
	if ((lt_settings.capture & LT_CAPTURE_STDERR) && lt_slot_install())
		lt_debug_say("stdio is not captured: this libc is not built as expected", NULL);
	on_exit(at_exit, NULL);
	__cxa_at_quick_exit(at_quick_end, NULL);
}

/*
 * A sanitizer's runtime insists on being the first library, so that the launcher puts it before us.
 * It is in the program by now; the children, which didn't ask for it, are not to inherit it. Cut
 * out in place, and only where it stands directly before us.
 */
static void disinherit_sanitizer(char *const *envp)
{
	static const char *const runtimes[] = { "libasan.so",  "liblsan.so",   "libtsan.so",
						"libubsan.so", "libhwasan.so", "libclang_rt." };
	char *preload = (char *)lt_environment_get(envp, "LD_PRELOAD");
	size_t first = preload ? strcspn(preload, ": ") : 0;
	size_t second = first && preload[first] ? strcspn(preload + first + 1, ": ") : 0;
	const char ours[] = "liblogtap.so";
	const size_t length = sizeof(ours) - 1;
	const char *name = preload;

	if (second < length || memcmp(preload + first + 1 + second - length, ours, length) != 0)
		return;
	for (const char *c = preload; c < preload + first; c++)
		if (*c == '/')
			name = c + 1;
	for (size_t i = 0; i < sizeof(runtimes) / sizeof(*runtimes); i++) {
		if (strncmp(name, runtimes[i], strlen(runtimes[i])) != 0)
			continue;
		memmove(preload, preload + first + 1, strlen(preload + first + 1) + 1);
		return;
	}
}

static void initialise(const char *argv0, char *const *envp)
{
	static bool begun;
	const char *disable;
	unsigned bad;

	if (__atomic_exchange_n(&begun, true, __ATOMIC_ACQ_REL))
		return;
	disable = lt_environment_get(envp, "LOGTAP_DISABLE");
	if ((disable && *disable) || getauxval(AT_SECURE))
		return;
	disinherit_sanitizer(envp);
	set_program(argv0);
	bad = lt_settings_from_environment(&lt_settings, envp);
	if (lt_settings.sink == LT_SINK_NONE || !lt_settings_wants_program(&lt_settings, program))
		return;
	lt_confine_inherited();
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
